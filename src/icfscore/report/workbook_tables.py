"""The sheets that are lists: weights, evidence, sources, and what was said about the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from icfscore.domain.tables import COMMUNITY, MISSING, NATIONAL, REGION
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
from icfscore.report.stages import Cell, WeightRow, evidence_cells, unit_of, weight_rows
from icfscore.report.workbook_format import Style
from icfscore.report.workbook_marks import FOCUS, HEADING, IMPUTED, N_CODES, TREATED, style_of
from icfscore.report.workbook_sheet import Row, Sheet, Value

Numbering = Callable[[Style], int]
_PERCENT = "0.00%"
_CODE = {None: MISSING, "community": COMMUNITY, "region": REGION, "national": NATIONAL}
_WEIGHTS = {
    "id": 28,
    "name": 40,
    "parent": 16,
    "depth": 8,
    "given_weight": 14,
    "share": 12,
    "effective_share": 16,
}
_EVIDENCE = {
    "community": 16,
    "community_name": 22,
    "indicator": 24,
    "indicator_name": 34,
    "value": 14,
    "unit": 16,
    "year": 8,
    "level": 12,
    "holder": 14,
    "area": 24,
    "source": 24,
    "source_title": 40,
    "source_url": 40,
    "status": 14,
    "comparability": 15,
    "imputed": 10,
    "treated": 10,
    "note": 60,
}
_SOURCES = {"source": 40, "title": 60, "publisher": 30, "year": 10, "url": 60, "values": 10}
_NOTES = {"kind": 22, "id": 28, "text": 100}


def weights_sheet(scoring: Scoring, language: str, number: Numbering) -> Sheet:
    """List given weights, shares among siblings, and shares of the index."""
    tree = scoring.project.tree
    names = {thing.id: thing.name for thing in tree.nodes}
    names |= {thing.id: thing.name for thing in tree.indicators}
    plain, share = number(Style()), number(Style(number=_PERCENT))

    def values(row: WeightRow) -> list[Value]:
        name = text_in(names[row.id], language)
        return [row.id, name, row.parent, row.depth, row.given, row.share, row.effective]

    looks = [plain] * 5 + [share] * 2
    rows = [(values(row), looks) for row in weight_rows(scoring)]
    return _list_sheet("weights", _WEIGHTS, rows, len(rows), number, frozen=2)


def evidence_sheet(scoring: Scoring, language: str, number: Numbering) -> Sheet:
    """List what every value rests on, one value a row."""
    project = scoring.project
    names = {entity.id: text_in(entity.name, language) for entity in project.communities}
    units = {i.id: unit_of(i, project.tree) for i in project.tree.indicators}
    titles = {i.id: text_in(i.name, language) for i in project.tree.indicators}
    plain, bold = number(Style()), number(Style(bold=True))
    marked = [number(style_of(code, "General")) for code in range(N_CODES)]

    def looks_of(code: int) -> list[int]:
        looks = [bold if code & FOCUS else plain] * len(_EVIDENCE)
        looks[list(_EVIDENCE).index("value")] = marked[code]
        return looks

    looks = [looks_of(code) for code in range(N_CODES)]

    def rows() -> Iterator[Row]:
        for cell in evidence_cells(scoring):
            code = IMPUTED if cell.imputed else _CODE[cell.level]
            code += (TREATED if cell.treated else 0) + (
                FOCUS if cell.community == scoring.settings.focus else 0
            )
            start: list[Value] = [cell.community, names[cell.community], cell.indicator]
            start += [titles[cell.indicator], cell.value, units[cell.indicator]]
            yield [*start, *_origin(cell, scoring, language)], looks[code]

    n_rows = len(scoring.ranking.communities) * len(project.tree.indicators)
    return _list_sheet("evidence", _EVIDENCE, rows(), n_rows, number, frozen=4)


def _origin(cell: Cell, scoring: Scoring, language: str) -> list[Value]:
    seen = cell.observation
    if seen is None:
        return [*[None] * 9, cell.imputed, cell.treated, None]
    source = scoring.project.sources.get(seen.source)
    return [
        seen.year,
        cell.level,
        cell.holder,
        seen.area or None,
        seen.source,
        text_in(source.title, language) if source else None,
        (source.url or None) if source else None,
        seen.status,
        seen.comparability,
        cell.imputed,
        cell.treated,
        text_in(seen.note, language) or None,
    ]


def sources_sheet(scoring: Scoring, language: str, number: Numbering) -> Sheet:
    """List the project's sources, and how many values rest on each."""
    cited = Counter(
        cell.observation.source for cell in evidence_cells(scoring) if cell.observation is not None
    )
    looks = [number(Style())] * len(_SOURCES)
    rows: list[Row] = [
        (
            [
                key,
                text_in(source.title, language),
                text_in(source.publisher, language) or None,
                source.year,
                source.url or None,
                cited[key],
            ],
            looks,
        )
        for key, source in scoring.project.sources.items()
    ]
    return _list_sheet("sources", _SOURCES, rows, len(rows), number, frozen=1)


def notes_sheet(scoring: Scoring, number: Numbering) -> Sheet:
    """List what screening left out, and what the methods said."""
    screened = scoring.screened
    said: list[Sequence[Value]] = [
        ("left-out indicator", name, f"present for {share:.0%} of the communities only")
        for name, share in screened.left_out.items()
    ]
    said += [("excluded community", name, reason) for name, reason in screened.excluded.items()]
    said += [("warning", None, text) for text in scoring.warnings]
    said += [("remark", None, text) for text in scoring.remarks]
    looks = [number(Style())] * len(_NOTES)
    return _list_sheet("notes", _NOTES, [(entry, looks) for entry in said], len(said), number)


def _list_sheet(
    name: str,
    width_by_column: dict[str, int],
    rows: Iterator[Row] | Sequence[Row],
    n_rows: int,
    number: Numbering,
    *,
    frozen: int = 0,
) -> Sheet:
    header: Row = (list(width_by_column), [number(HEADING)] * len(width_by_column))
    widths = [float(width) for width in width_by_column.values()]
    return Sheet(name, [header], rows, n_rows, widths, frozen)
