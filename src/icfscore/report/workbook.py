"""Every stage of a scoring as a workbook."""

from __future__ import annotations

from icfscore import __version__
from icfscore.pipeline.score import Scoring
from icfscore.report.language import find_language
from icfscore.report.workbook_book import Book
from icfscore.report.workbook_cover import add_cover, cover_title
from icfscore.report.workbook_stages import add_stages
from icfscore.report.workbook_tables import add_evidence, add_notes, add_sources, add_weights


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
    add_cover(book, scoring, spoken)
    add_stages(book, scoring, spoken)
    add_weights(book, scoring, language)
    add_evidence(book, scoring, language)
    add_sources(book, scoring, language)
    add_notes(book, scoring, spoken)
    return book.to_bytes()
