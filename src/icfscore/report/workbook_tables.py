"""The sheets that are lists: weights, evidence, sources, and what was said about the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from icfscore.domain.tables import COMMUNITY
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
from icfscore.report.language import Language
from icfscore.report.stages import evidence_cells, marks_of, unit_of, weight_rows
from icfscore.report.workbook_book import Book, Row, Value
from icfscore.report.workbook_looks import FOCUS, HEADING, code_marks, look_of
from icfscore.sentences import say

_PLAIN, _PERCENT = look_of(COMMUNITY), look_of(COMMUNITY, "0.00%")
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
_VALUE = list(_EVIDENCE).index("value")
_NOTES = {"kind": 22, "id": 28, "text": 100}


def add_weights(book: Book, scoring: Scoring, language: str) -> None:
    """List given weights, shares among siblings, and shares of the index."""
    tree = scoring.project.tree
    names = {thing.id: text_in(thing.name, language) for thing in tree.nodes}
    names |= {thing.id: text_in(thing.name, language) for thing in tree.indicators}
    looks = [_PLAIN] * 5 + [_PERCENT] * 2
    rows = [
        (row.id, names[row.id], row.parent, row.depth, row.given, row.share, row.effective)
        for row in weight_rows(scoring)
    ]
    styled = (zip(row, looks, strict=True) for row in rows)
    _add(book, "weights", _WEIGHTS, styled, frozen=2)


def add_evidence(book: Book, scoring: Scoring, language: str) -> None:
    """List what every value rests on, one value a row."""
    _add(book, "evidence", _EVIDENCE, _evidence(scoring, language), frozen=4)


def _evidence(scoring: Scoring, language: str) -> Iterator[Row]:
    project, tree = scoring.project, scoring.project.tree
    names = {thing.id: text_in(thing.name, language) for thing in project.communities}
    titles = {thing.id: text_in(thing.name, language) for thing in tree.indicators}
    units = {thing.id: unit_of(thing, tree) for thing in tree.indicators}
    codes = code_marks(marks_of(scoring), "treated").ravel().tolist()
    for cell, code in zip(evidence_cells(scoring), codes, strict=True):
        seen = cell.observation
        source = project.sources.get(seen.source) if seen else None
        values: tuple[Value, ...] = (
            cell.community,
            names[cell.community],
            cell.indicator,
            titles[cell.indicator],
            cell.value,
            units[cell.indicator],
            seen.year if seen else None,
            cell.level,
            cell.holder,
            seen.area if seen else None,
            seen.source if seen else None,
            text_in(source.title, language) if source else None,
            source.url if source else None,
            seen.status if seen else None,
            seen.comparability if seen else None,
            cell.imputed,
            cell.treated,
            text_in(seen.note, language) if seen else None,
        )
        focus = FOCUS if cell.community == scoring.settings.focus else 0
        looks = [look_of(COMMUNITY + focus)] * len(values)
        looks[_VALUE] = look_of(code + focus)
        yield zip(values, looks, strict=True)


def add_sources(book: Book, scoring: Scoring, language: str) -> None:
    """List the project's sources, and how many values rest on each."""
    cited = Counter(cell.observation.source for cell in evidence_cells(scoring) if cell.observation)
    rows = [
        (
            key,
            text_in(source.title, language),
            text_in(source.publisher, language),
            source.year,
            source.url,
            cited[key],
        )
        for key, source in scoring.project.sources.items()
    ]
    _add(book, "sources", _SOURCES, map(_plain, rows), frozen=1)


def add_notes(book: Book, scoring: Scoring, language: Language) -> None:
    """List what screening left out, and what the methods said."""
    _, said = language.gettext, language.said
    screened = scoring.screened
    rows: list[tuple[Value, ...]] = [
        (_("left-out indicator"), name, said(_present(share)))
        for name, share in screened.left_out.items()
    ]
    rows += [
        (_("excluded community"), name, said(reason)) for name, reason in screened.excluded.items()
    ]
    rows += [(_("warning"), None, said(text)) for text in scoring.warnings]
    rows += [(_("remark"), None, said(text)) for text in scoring.remarks]
    _add(book, "notes", _NOTES, map(_plain, rows))


def _present(share: float) -> str:
    return say("present for {share:.0%} of the communities only", share=share)


def _plain(values: tuple[Value, ...]) -> Row:
    return [(value, _PLAIN) for value in values]


def _add(
    book: Book, name: str, widths: dict[str, int], rows: Iterable[Row], *, frozen: int = 0
) -> None:
    header = [(column, HEADING) for column in widths]
    book.add(name, rows, list(widths.values()), header=[header], frozen_columns=frozen)
