"""A profile for the terminal: what it says, then its tables, as wide as there is room."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace

from icfscore.domain.tables import NATIONAL, REGION
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
from icfscore.report.content_profile import Profile
from icfscore.report.content_profiled import ProfiledIndicator
from icfscore.report.content_readings import Reading
from icfscore.report.escape import clean
from icfscore.report.language import Language, find_language
from icfscore.report.markdown import plain_sentences
from icfscore.report.means_page import means_terminal
from icfscore.report.numbers import NOTHING, Numbers, decimals_of
from icfscore.report.ranking_table import Column, lay_out
from icfscore.report.snapshot_page import snapshot_terminal
from icfscore.report.terminal import make_console
from icfscore.report.wording import Wording

MOST_FACTS = 12  # the Markdown and the JSON have all
LINE = 100  # the longest line of sentences
NAME, LEAST = 44, 26  # widths of a column of names
VALUE = 20
_NO_BREAK = "\u00a0"


def profile_table(
    scoring: Scoring,
    profile: Profile,
    language: str = "en",
    *,
    piped: bool | None = None,
    width: int | None = None,
) -> str:
    """Lay out a profile for the terminal that is there, or for a given width."""
    room = make_console(piped=piped, width=width).width
    layout = _Layout(scoring, profile, find_language(language), room)
    content = {"profile": profile}
    said = plain_sentences(scoring, language, "profile.txt.j2", content)
    keys = plain_sentences(scoring, language, "profile_keys.txt.j2", content)
    parts = [snapshot_terminal(scoring, profile.snapshot, language, piped=piped, width=width)]
    parts.append(wrapped(said, room, mark="• "))
    for title, columns in layout.tables():
        table = lay_out(fitted(columns, room), None, [], piped=piped, width=width)
        parts.append(f"{title}\n{table}")
    parts.append(means_terminal(scoring, profile.means, language, piped=piped, width=width))
    parts.append(wrapped(keys, room))
    return "\n".join(filter(None, parts))


def wrapped(sentences: Sequence[str], room: int, mark: str = "") -> str:
    """Break sentences into lines that fit, each beginning on a line of its own."""
    indent = " " * len(mark)
    lines = [
        textwrap.fill(
            sentence.replace(" %", f"{_NO_BREAK}%"),
            min(room, LINE),
            initial_indent=mark,
            subsequent_indent=indent,
            break_on_hyphens=False,
        )
        for sentence in sentences
    ]
    return "\n".join(lines).replace(_NO_BREAK, " ") + "\n"


def fitted(columns: Sequence[Column], room: int, least: int = 2) -> list[Column]:
    """Take the columns that fit, so many at least; names, the first column, give way to numbers."""
    rest = sum(width_of(column) + 1 for column in columns[1:])
    while len(columns) > least and rest + min(LEAST, width_of(columns[0])) > room:
        rest -= width_of(columns[-1]) + 1
        columns = columns[:-1]
    return [replace(columns[0], width=max(min(room - rest, NAME), 1)), *columns[1:]]


def width_of(column: Column) -> int:
    """Measure a column in cells of the terminal."""
    from rich.cells import cell_len

    longest = max([cell_len(column.header), *map(cell_len, column.cells)])
    return min(longest, column.width or longest)


def plain_wording(scoring: Scoring, language: Language) -> tuple[Wording, Numbers]:
    """Give the words and numbers of tables in the terminal."""
    scores = [*scoring.normalised.ravel().tolist(), *scoring.scores.values.ravel().tolist()]
    numbers = Numbers(language.locale, decimals_of(scores))
    return Wording(scoring, language, numbers, clean), numbers


Table = tuple[str, list[Column]]


class _Layout:
    """Chooses the columns that fit."""

    def __init__(self, scoring: Scoring, profile: Profile, language: Language, room: int) -> None:
        self.scoring, self.profile, self.language, self.room = scoring, profile, language, room
        self.wording, self.numbers = plain_wording(scoring, language)

    def tables(self) -> list[Table]:
        """Build all tables that have rows."""
        tables = [self._criteria(), self._indicators(), self._measuring(), self._facts()]
        return [table for table in tables if table is not None and table[1][0].cells]

    def _criteria(self) -> Table:
        _, focus, numbers = self.language.gettext, self.profile.focus, self.numbers
        rows = (focus.overall, *focus.criteria)
        names = [_("Overall"), *(self.wording.node(each.identifier) for each in focus.criteria)]
        columns = [
            Column(_("Criterion"), names, right=False),
            Column(
                _("Score"),
                [f"{'~' if each.on_proxies else ''}{numbers.score(each.score)}" for each in rows],
            ),
            Column(
                _("Rank"),
                [NOTHING if r.rank is None else f"{r.rank}/{r.n_ranked}" for r in rows],
            ),
        ]
        if self.profile.uncertainty is not None:
            place = self.profile.uncertainty.places[focus.community]
            spans = [(place.low, place.high), *(self._interval(e.identifier) for e in rows[1:])]
            columns.append(Column(_("90 %"), [self.wording.rank_span(span) for span in spans]))
        for title, references in (
            (_("To best"), [each.best_score for each in rows]),
            (_("To median"), [each.median for each in rows]),
        ):
            distances = [
                numbers.signed_score(each.distance_to(reference))
                for each, reference in zip(rows, references, strict=True)
            ]
            columns.append(Column(title, distances))
        names_of = {"": _("Part"), **self._heads()}
        for found in self.profile.differences:
            parts = [found.difference, *(found.contributions.get(e.identifier) for e in rows[1:])]
            columns.append(Column(names_of[found.right], [numbers.signed_score(p) for p in parts]))
        return _("By criterion"), columns

    def _interval(self, criterion: str) -> tuple[int, int] | None:
        return self.profile.interval_of(criterion)

    def _heads(self) -> dict[str, str]:
        """Name the columns of single communities by their place."""
        _ = self.language.gettext
        ranks = self.profile.rank_by_community
        return {
            found.right: _("To {place}").format(place=self.numbers.ordinal(ranks[found.right]))
            for found in (self.profile.leader, self.profile.kth)
            if found is not None
        }

    def _indicators(self) -> Table:
        """List indicators by what they add; those without a part last."""
        _, wording = self.language.gettext, self.wording
        shown = [each for each in self.profile.indicators if each.reading.state != "left_out"]
        rows = sorted(shown, key=lambda each: (each.part is None, each.part or 0.0))
        columns = [
            Column(_("Indicator"), [self._name(each) for each in rows], right=False),
            Column(_("Part"), [self.numbers.signed_score(each.part) for each in rows]),
            Column(_("Value"), [self._value(each.reading) for each in rows], width=VALUE),
            Column(_("Year"), [self._year(each.reading) for each in rows]),
            Column(_("Whose"), [self._level(each.reading) for each in rows], right=False),
            Column(_("Ahead of"), [self._percent(each.percentile) for each in rows]),
        ]
        apart: list[tuple[str, list[float | None]]] = [
            (_("To best"), [each.apart.best for each in rows]),
            (_("To median"), [each.apart.median for each in rows]),
            (_("To target"), [each.apart.target for each in rows]),
        ]
        for group in self.profile.similar.groups:
            distances = [each.apart.groups[group.grouping] for each in rows]
            title = _("To same {group}").format(group=wording.spelt_id(group.grouping))
            apart.append((title, distances))
        if self.profile.similar.nearest:
            apart.append((_("To nearest"), [each.apart.nearest for each in rows]))
        columns += [
            Column(title, [self.numbers.signed_measure(each) for each in found])
            for title, found in apart
        ]
        return _("By indicator, what costs most first"), columns

    def _name(self, each: ProfiledIndicator) -> str:
        _ = self.language.gettext
        name = self.wording.node(each.reading.indicator.id)
        return f"{name} ({_('not scored')})" if each.reading.state == "unscored" else name

    def _value(self, reading: Reading) -> str:
        return f"{'~' if reading.proxy else ''}{self.wording.value(reading)}"

    def _year(self, reading: Reading) -> str:
        return self.numbers.year(None if reading.observation is None else reading.observation.year)

    def _level(self, reading: Reading) -> str:
        _ = self.language.gettext
        if reading.estimated:
            return _("estimated")
        if not reading.observed:
            return _("missing")
        return {REGION: _("regional"), NATIONAL: _("national")}.get(reading.level, _("own"))

    def _percent(self, share: float | None) -> str:
        return NOTHING if share is None else f"{self.numbers.percent(share)} %"

    def _measuring(self) -> Table | None:
        _, measuring = self.language.gettext, self.profile.measuring
        if measuring is None or not measuring.variance:
            return None
        rows = measuring.values[:3]
        shares = [self.numbers.percentage(each.share) for each in rows]
        errors = [self.numbers.percentage(each.standard_error) for each in rows]
        columns = [
            Column(
                _("Indicator"),
                [self.wording.node(each.indicator) for each in rows],
                right=False,
            ),
            Column(_("Share"), shares),
            Column(_("Standard error"), errors),
            Column(
                _("Told from chance"),
                [_("yes") if each.told else _("no") for each in rows],
                right=False,
            ),
        ]
        title = _("To measure first: the share of its rank's variance that would go, by {n} draws")
        return title.format(n=self.numbers.count(measuring.n_draws)), columns

    def _facts(self) -> Table | None:
        _, facts = self.language.gettext, self.profile.facts
        rows = facts[:MOST_FACTS]
        values = [self.wording.fact_value(fact) for fact in rows]
        names = [
            clean(text_in(fact.name, self.language.code)) or self.wording.list_name(fact.id)
            for fact in rows
        ]
        sources = [self._source(fact.source) for fact in rows]
        columns = [
            Column(_("Fact"), names, right=False),
            Column(_("Value"), values, width=VALUE),
            Column(_("Year"), [self.numbers.year(fact.year) for fact in rows]),
            Column(
                _("Source"), sources, right=False, width=max(12, self.room - LEAST - VALUE - 10)
            ),
        ]
        title = _("Facts that are not scored, the first {n} of {all}; all with --format markdown")
        if len(facts) <= MOST_FACTS:
            title = _("Facts that are not scored")
        return title.format(n=MOST_FACTS, all=len(facts)), columns

    def _source(self, key: str) -> str:
        source = self.scoring.project.sources.get(key)
        return NOTHING if source is None else clean(text_in(source.title, self.language.code))
