"""Tables: the header on every page, columns as wide as what stands in them asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from icfscore.report.marked import plain
from icfscore.report.word.inline import add_inline
from icfscore.report.word.looks import text_width

if TYPE_CHECKING:
    from docx.document import Document
    from markdown_it.token import Token

_MANY = 10  # columns: more stand on a page turned across
_SHADE = "EEF1F4"
_LETTER = 1.75  # millimetres of a letter of eight points
_EDGE = 4.0  # millimetres that a cell has beside its text
_LONGEST = 40  # letters from which a column gets no wider

Cells = Sequence[Sequence["Token"]]


def is_wide(right: Sequence[bool]) -> bool:
    """Tell whether a table of these columns needs a page turned across."""
    return len(right) > _MANY


def write_table(document: Document, cells: Cells, right: Sequence[bool]) -> None:
    """Write a table at the end of a document.

    Parameters
    ----------
    cells
        By row, the header first, the lines of text.
    right
        By column whether it is aligned to the right.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    table = document.add_table(len(cells), len(right), style="Table Grid")
    table.autofit = False
    widths = [Mm(width) for width in _widths(cells, text_width(landscape=is_wide(right)))]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(table.rows, cells, strict=True)):
        _keep_whole(row, header=number == 0)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[column]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            if right[column]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            add_inline(paragraph, text, points=8, strong=number == 0)
            if number == 0:
                _shade(cell)


def _widths(cells: Cells, available: float) -> list[float]:
    """Share a width among columns: each its longest word at least, the rest by its longest text."""
    texts = [[plain(text) for text in column] for column in zip(*cells, strict=True)]
    words = [max(len(word) for text in column for word in (*text.split(), "")) for column in texts]
    longest = [min(max(map(len, column)), _LONGEST) for column in texts]
    least = [min(length, _LONGEST) * _LETTER + _EDGE for length in words]
    if sum(least) >= available:
        return [width * available / sum(least) for width in least]
    wanted = [max(n * _LETTER + _EDGE - width, 0.0) for n, width in zip(longest, least, strict=True)]
    share = min((available - sum(least)) / max(sum(wanted), 1e-9), 1.0)
    return [width + share * more for width, more in zip(least, wanted, strict=True)]


def _keep_whole(row: Any, *, header: bool) -> None:
    """Keep a row on one page; repeat the header on each."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no way to say it
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx has no way to say it
