"""Every stage of a scoring as a workbook."""

from __future__ import annotations

from icfscore import __version__
from icfscore.pipeline.score import Scoring
from icfscore.report.language import find_language
from icfscore.report.workbook_cover import cover_sheet, cover_title
from icfscore.report.workbook_stages import stage_sheets
from icfscore.report.workbook_tables import (
    evidence_sheet,
    notes_sheet,
    sources_sheet,
    weights_sheet,
)
from icfscore.report.workbook_xml import Book


def stages_workbook(scoring: Scoring, language: str = "en") -> bytes:
    """Write the workbook: a cover, a sheet a stage, ranks, weights, evidence, sources, notes.

    Sheets and ids are called as in the JSON in every language, so that programs find them; names
    and the cover are in the language asked for. The same scoring gives the same bytes.

    Raises
    ------
    InputError
        Where the framework has more indicators than a sheet has columns.
    """
    spoken = find_language(language)
    book = Book(cover_title(scoring, spoken), f"icfscore {__version__}")
    sheets = [
        cover_sheet(scoring, spoken, book.style),
        *stage_sheets(scoring, language, book.style),
        weights_sheet(scoring, language, book.style),
        evidence_sheet(scoring, language, book.style),
        sources_sheet(scoring, language, book.style),
        notes_sheet(scoring, book.style),
    ]
    return book.to_bytes(sheets)
