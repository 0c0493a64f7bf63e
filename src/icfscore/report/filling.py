"""The workbook to fill in: a sheet a criterion, the gaps that matter most, and the whole project.

Decisions. Sheets of values are long tables: a row a community and indicator, those without a value
waiting for one. The project's files travel along, line by line, so that an import into an empty
folder gives the same project, framework and settings included.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from icfscore import __version__
from icfscore.domain.communities import Entity
from icfscore.domain.criteria import ROOT, Criterion, Indicator, Quantity
from icfscore.domain.filling import (
    CONTEXT,
    COVER,
    FILE_COLUMNS,
    FILES,
    GAPS,
    LONGEST_LINE,
    SHOWN,
    SOURCE_COLUMNS,
    SOURCES,
)
from icfscore.domain.project import Project
from icfscore.domain.questions import answers_of
from icfscore.domain.text import text_in
from icfscore.pipeline.gaps import Gap
from icfscore.report.filling_checks import Block, add_checks
from icfscore.report.filling_cover import cover_rows
from icfscore.report.language import Language, find_language
from icfscore.report.layouts import OWN_FIELDS, spell_observation
from icfscore.report.workbook_book import Book, Row
from icfscore.report.workbook_looks import (
    HEADING,
    IMPUTED,
    LABEL,
    MUTED_HEADING,
    TEXT,
    Look,
    look_of,
)

COLUMNS = (
    "community", f"{SHOWN}name", "indicator", f"{SHOWN}title", f"{SHOWN}bounds",
    f"{SHOWN}counts now", "value", *OWN_FIELDS,
)  # fmt: skip
_WIDTHS = {"#name": 22, "#title": 34, "#bounds": 14, "#counts now": 22, "note": 40, "source": 30}
_RESERVED = (COVER, GAPS, SOURCES, FILES)


@dataclass(frozen=True, slots=True)
class Filling:
    """What a workbook to fill in is made of.

    Attributes
    ----------
    communities
        Whose values it asks for.
    text_by_path
        The project's files.
    waiting
        What stands already in rows that wait for a value, by column.
    asked
        Whether they are answers, with links to evidence.
    """

    project: Project
    communities: Collection[str]
    gaps: tuple[Gap, ...]
    text_by_path: Mapping[str, str]
    language: Language
    waiting: Mapping[str, Any] = field(default_factory=dict)
    asked: bool = False


def filling_workbook(
    project: Project,
    communities: Collection[str],
    gaps: tuple[Gap, ...],
    text_by_path: Mapping[str, str],
    language: str = "en",
    waiting: Mapping[str, Any] | None = None,
    *,
    asked: bool = False,
) -> bytes:
    """Write the workbook.

    Parameters
    ----------
    communities
        Ids of those whose values it asks for.
    gaps
        Of these communities, those that matter most first.
    text_by_path
        The project's files by path, which travel along.
    waiting
        What stands already in rows that wait for a value, by column: how it will be verified, say.
    asked
        Whether they are answers, with links to evidence, which `icfscore assess` reads back.
    """
    filling = Filling(
        project, communities, gaps, text_by_path, find_language(language), waiting or {}, asked
    )
    tree = project.tree
    book = Book(_title(filling), f"icfscore {__version__}")
    book.add(COVER, cover_rows(project, _title(filling), filling.language, asked=asked), (110,))
    _add_gaps(book, filling)
    for sheet, quantities in _sheets(tree.root, tree.context):
        _add_values(book, filling, sheet, quantities)
    _add_sources(book, filling)
    _add_files(book, filling)
    return book.to_bytes()


def _title(filling: Filling) -> str:
    _ = filling.language.gettext
    name = text_in(filling.project.tree.root.name, filling.language.code)
    return _("{framework}: values to fill in").format(framework=name)


def _sheets(root: Criterion, context: tuple[Quantity, ...]) -> Iterator[tuple[str, list[Quantity]]]:
    """Name a sheet for each criterion below the index, and one for denominators."""

    def below(node: Criterion) -> Iterator[Indicator]:
        yield from node.indicators
        for child in node.criteria:
            yield from below(child)

    if root.indicators:
        yield ROOT, list(root.indicators)
    for node in root.criteria:
        # A sheet's name has 31 letters at the most.
        name = node.id[:28] if node.id not in _RESERVED else f"{node.id}_"
        yield name, list(below(node))
    if context:
        yield (
            f"{CONTEXT}_values" if CONTEXT in {n.id for n in root.criteria} else CONTEXT,
            [*context],
        )


def _add_gaps(book: Book, filling: Filling) -> None:
    _ = filling.language.gettext
    code, project = filling.language.code, filling.project
    header = (
        _("Community"), _("Indicator"), _("Name"), _("What counts now"), _("Places between"),
        _("Rank with a low value of the peers"), _("Rank with a high value of the peers"),
        _("Points between"),
    )  # fmt: skip
    note = _(
        "How far the rank would move if this value alone went from the 5 % to the 95 % quantile of"
        " what the other communities have."
    )
    plain = look_of(0)
    quantities = project.tree.quantity_by_id
    rows: list[Row] = [
        [
            (text_in(project.community_by_id[gap.community].name, code), plain),
            (gap.indicator, plain),
            (text_in(quantities[gap.indicator].name, code), plain),
            (_("missing") if gap.standing_in is None else gap.standing_in, plain),
            (gap.places, plain),
            (gap.low, plain),
            (gap.high, plain),
            (gap.points, look_of(0, "0.0")),
        ]
        for gap in filling.gaps
    ]
    heading: list[Row] = [[(note, TEXT)], [(name, HEADING) for name in header]]
    book.add(GAPS, rows, (60, 26, 40, 18, 12, 18, 18, 12), header=heading)


def _add_values(book: Book, filling: Filling, sheet: str, quantities: list[Quantity]) -> None:
    _ = filling.language.gettext
    people = {
        "community": _("Community"), "#name": _("Name"), "indicator": _("Indicator"),
        "#title": _("Name"), "#bounds": _("Bounds"), "#counts now": _("What counts now"),
        "value": _("Value"), "unit": _("Unit"), "year": _("Year"), "source": _("Source"),
        "level": _("Whose value"), "area": _("Area"), "status": _("How verified"),
        "comparability": _("Comparability"), "sd": _("Standard deviation"),
        "interval_low": _("5 % quantile"), "interval_high": _("95 % quantile"), "note": _("Note"),
    }  # fmt: skip
    header: list[Row] = [
        [(column, MUTED_HEADING) for column in COLUMNS],
        [(people[column], HEADING) for column in COLUMNS],
    ]
    rows: list[Row] = []
    blocks: list[Block] = []
    for quantity in quantities:
        first = len(rows) + len(header) + 1
        rows += _rows_of(filling, quantity)
        blocks.append(Block(quantity, first, len(rows) + len(header)))
    widths = [_WIDTHS.get(column, 13) for column in COLUMNS]
    book.add(
        sheet, rows, widths, header=header, frozen_columns=4,
        finish=lambda made: add_checks(
            made, blocks, COLUMNS, filling.language, links=filling.asked
        ),
    )  # fmt: skip


def _rows_of(filling: Filling, quantity: Quantity) -> Iterator[Row]:
    code = filling.language.code
    title, bounds = text_in(quantity.name, code), _spell_bounds(quantity)
    for community in filling.project.communities:
        if community.id not in filling.communities:
            continue
        name = text_in(community.name, code)
        dated = community.observations.get(quantity.id, ())
        shown: dict[str, Any] = {
            "community": community.id, "#name": name, "indicator": quantity.id, "#title": title,
            "#bounds": bounds,
        }  # fmt: skip
        for seen in dated:
            yield _row(
                shown | {"unit": quantity.unit} | spell_observation(quantity, seen), look_of(0)
            )
        if not dated:
            now = _stands_in(filling, community, quantity)
            waits = {"#counts now": now, "unit": quantity.unit, **filling.waiting}
            yield _row(shown | waits, look_of(IMPUTED))


def _row(entry: Mapping[str, Any], look: Look) -> Row:
    return [(entry.get(column), look) for column in COLUMNS]


def _spell_bounds(quantity: Quantity) -> str:
    answers = answers_of(quantity) if isinstance(quantity, Indicator) else ()
    if answers:
        return " | ".join(answer.word for answer in answers)
    low, high = quantity.bounds
    if low is None and high is None:
        return ""
    return (
        f"{'' if low is None else format(low, 'g')} … {'' if high is None else format(high, 'g')}"
    )


def _stands_in(filling: Filling, community: Entity, quantity: Quantity) -> str:
    """Spell the value of a region or country that counts for a community."""
    for entity in filling.project.chain(community)[1:]:
        dated = entity.observations.get(quantity.id)
        if dated:
            return f"{dated[0].value:.6g} {quantity.unit} ({entity.id})"
    return ""


def _add_sources(book: Book, filling: Filling) -> None:
    plain = look_of(0)
    rows: list[Row] = [
        [
            (value, plain)
            for value in (
                key,
                text_in(source.title, "en"),
                text_in(source.publisher, "en"),
                source.year,
                source.url,
            )
        ]
        for key, source in filling.project.sources.items()
    ]
    header: list[Row] = [[(name, HEADING) for name in SOURCE_COLUMNS]]
    book.add(SOURCES, rows, (34, 60, 30, 10, 60), header=header)


def _add_files(book: Book, filling: Filling) -> None:
    look = look_of(0)

    def rows() -> Iterable[Row]:
        for path, text in filling.text_by_path.items():
            for number, line in enumerate(text.split("\n"), start=1):
                for start in range(0, max(len(line), 1), LONGEST_LINE):
                    part = line[start : start + LONGEST_LINE]
                    yield [(path, look), (number, look), (part, look)]

    header: list[Row] = [[(name, LABEL) for name in FILE_COLUMNS]]
    book.add(FILES, rows(), (34, 8, 110), header=header)
