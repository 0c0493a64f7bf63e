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
_LETTER = 1.8  # millimetres of a letter of eight points
_EDGE = 2.4  # millimetres that a cell has beside its text
_ROOM = 3.6  # millimetres of a column that its letters do not get: some are wider than others
_LONGEST = 40  # letters that may stand in a line whatever the other columns need
_AMPLE = 1.4  # of the usual length of a column's texts: what it takes where there is room
_TWENTIETHS = 1440 / 25.4  # of a point, in a millimetre

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
    _narrow_edges(table)
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
    """Share a width among columns: each its longest word at least, the rest by their texts."""
    texts = [[plain(text) for text in column] for column in zip(*cells, strict=True)]
    least = [min(_longest_word(column), _LONGEST) * _LETTER + _ROOM for column in texts]
    if sum(least) >= available:
        return [width * available / sum(least) for width in least]
    usual = [sum(map(len, column)) / len(column) * _LETTER + _ROOM for column in texts]
    wanted = [max(_AMPLE * text - word, 0.0) for text, word in zip(usual, least, strict=True)]
    share = min((available - sum(least)) / max(sum(wanted), 1e-9), 1.0)
    return [width + share * more for width, more in zip(least, wanted, strict=True)]


def _longest_word(column: Sequence[str]) -> int:
    return max((len(word) for text in column for word in text.split()), default=0)


def _narrow_edges(table: Any) -> None:
    """Leave a millimetre beside the text of a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    edges = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(round(_EDGE / 2 * _TWENTIETHS)))
        edge.set(qn("w:type"), "dxa")
        edges.append(edge)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 - python-docx has no way to say it
    look.addprevious(edges)


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
