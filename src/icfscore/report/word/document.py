"""The report as a Word document: what its Markdown says, with Word's own headings and tables."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from icfscore import __version__
from icfscore.errors import InputError
from icfscore.pipeline.focus_draws import FocusDraws
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.report.archive import without_dates
from icfscore.report.language import Language
from icfscore.report.markdown import report_files, snapshot_file
from icfscore.report.marked import chart_named, picture_of, read_markdown, table_at, title_of
from icfscore.report.word.inline import add_inline
from icfscore.report.word.lists import restart_numbers
from icfscore.report.word.looks import add_page_number, prepare, turn_page
from icfscore.report.word.table import is_wide, write_table
from icfscore.sentences import ENGLISH, say

if TYPE_CHECKING:
    from docx.document import Document
    from markdown_it.token import Token

    from icfscore.report.charts.picture import Picture

_NO_DATE = datetime(2000, 1, 1)
_WIDTH, _HEIGHT = 150, 215  # millimetres that a picture may take of a page
_LISTS = {"bullet_list_open": "List Bullet", "ordered_list_open": "List Number"}


def document_file(language: str = ENGLISH) -> str:
    """Name the file of the document."""
    return "ranking.docx" if language == ENGLISH else f"ranking.{language}.docx"


def require_docx() -> None:
    """Look for what writes documents.

    Raises
    ------
    InputError
        Where it is not installed, with the command that installs it.
    """
    try:
        import docx  # noqa: F401
    except ImportError:
        what = say("a Word document needs python-docx, which is not installed")
        hint = say("install it with {command}", command='pip install "icfscore[docx]"')
        raise InputError.of(what, hint) from None


def report_document(
    scoring: Scoring,
    language: Language,
    draws: RankDraws | None,
    sample: FocusDraws | None,
    pictures: Mapping[str, Picture],
) -> bytes:
    """Write the first page and the report on the ranking; the same inputs give the same bytes.

    The snapshot of a community that stands alone comes before them.

    Raises
    ------
    InputError
        Where python-docx is not installed.
    """
    require_docx()
    import docx

    reports = report_files(scoring, language.code, draws, sample, pictures)
    ranking = next(iter(reports.values()))
    snapshot = reports.get(snapshot_file(scoring.settings.focus or "", language.code))
    tokens = read_markdown(ranking if snapshot is None else f"{snapshot}\n---\n\n{ranking}")
    document = docx.Document()
    title = title_of(tokens)
    prepare(document, language.sentences)
    _Writer(document, pictures).write(tokens)
    add_page_number(document, f"{title} · icfscore {__version__}")
    core = document.core_properties
    core.title, core.author, core.language = title, f"icfscore {__version__}", language.sentences
    core.comments, core.last_modified_by, core.revision = scoring.digest, "", 1
    core.created = core.modified = _NO_DATE
    dated = io.BytesIO()
    document.save(dated)
    return without_dates(dated)


class _Writer:
    """Writes tokens into a document, one after the other."""

    def __init__(self, document: Document, pictures: Mapping[str, Picture]) -> None:
        self._document = document
        self._pictures = pictures
        self._lists: list[tuple[str, int | None]] = []
        self._new_page = False

    def write(self, tokens: Sequence[Token]) -> None:
        at = 0
        while at < len(tokens):
            at = self._write_at(tokens, at) + 1

    def _write_at(self, tokens: Sequence[Token], at: int) -> int:
        """Write what begins at a token; give the place of its last."""
        token = tokens[at]
        if token.type == "table_open":
            return self._table(tokens, at)
        if token.type == "heading_open":
            heading = self._document.add_heading(level=min(int(token.tag[1:]), 9))
            heading.paragraph_format.page_break_before = self._new_page or None
            self._new_page = False
            add_inline(heading, tokens[at + 1])
            return at + 2
        if token.type == "inline":
            self._paragraph(token)
        elif token.type == "hr":
            self._new_page = True
        elif token.type in _LISTS:
            numbered = token.type == "ordered_list_open"
            number = restart_numbers(self._document) if numbered else None
            self._lists.append((_LISTS[token.type], number))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif token.type in ("fence", "code_block"):
            self._document.add_paragraph(token.content.rstrip())
        return at

    def _paragraph(self, inline: Token) -> None:
        shown = picture_of(inline)
        if shown is not None:
            self._picture(*shown)
            return
        paragraph = self._document.add_paragraph()
        if self._lists:
            style, number = self._lists[-1]
            deeper = f" {min(len(self._lists), 3)}" if len(self._lists) > 1 else ""
            paragraph.style = f"{style}{deeper}"
            if number is not None:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number
        add_inline(paragraph, inline)

    def _picture(self, address: str, words: str) -> None:
        """Show a picture as wide as it may be; where there is none, say what it shows."""
        from docx.shared import Mm

        from icfscore.report.charts.render import png_of

        picture = self._pictures.get(chart_named(address) or "")
        if picture is None:
            self._document.add_paragraph(words)
            return
        shape: Any = self._document.add_picture(io.BytesIO(png_of(picture)), width=Mm(_WIDTH))
        if shape.height > Mm(_HEIGHT):
            shape.width, shape.height = int(shape.width * Mm(_HEIGHT) / shape.height), Mm(_HEIGHT)
        described = shape._inline.docPr  # noqa: SLF001 - python-docx has no way to say it
        described.set("descr", words)
        described.set("name", picture.kind)

    def _table(self, tokens: Sequence[Token], at: int) -> int:
        rows, right, end = table_at(tokens, at)
        cells = [[tokens[place + 1] for place in row] for row in rows]
        wide = is_wide(right)
        if wide:
            turn_page(self._document, landscape=True)
        write_table(self._document, cells, right)
        if wide:
            turn_page(self._document, landscape=False)
        else:
            self._document.add_paragraph().paragraph_format.space_after = 0
        return end
