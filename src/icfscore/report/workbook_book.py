"""Rows in, the bytes of an xlsx file out: what every workbook of ours has in common.

Decisions. openpyxl writes the file, row by row, so that no sheet is ever held as a whole. It spells
numbers with 16 significant digits: a cell may differ from the JSON by less than 1e-15 of its value.
Text is always text, never a formula; characters that XML cannot hold become U+FFFD, and text longer
than a cell holds is cut and ends in an ellipsis. The same rows give the same bytes: the dates that
such files carry are all of 1980, the earliest that a zip file can give.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from datetime import datetime
from itertools import chain, islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from icfscore.domain.text import is_formula_like
from icfscore.errors import InputError
from icfscore.report.archive import without_dates
from icfscore.report.workbook_looks import Look
from icfscore.sentences import say

Value = str | float | bool | None
Row = Iterable[tuple[Value, Look]]

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
MAX_TEXT = 32_767  # in UTF-16 units
_POINTS_A_LINE, _MOST_LINES, _MOST_HEADER_LINES = 15, 27, 6
_UNUSED = 2  # letters a line, since words do not fill it
_LONG_AGO = datetime(1980, 1, 1)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Book:
    """A workbook that is being written, sheet by sheet."""

    def __init__(self, title: str, creator: str) -> None:
        self._book = Workbook(write_only=True)
        self._book.properties = DocumentProperties(
            title=clean_text(title),
            creator=clean_text(creator),
            created=_LONG_AGO,
            modified=_LONG_AGO,
        )
        self._blank_by_look: dict[tuple[Look, bool], WriteOnlyCell] = {}

    def add(
        self,
        name: str,
        rows: Iterable[Row],
        widths: Sequence[float],
        *,
        header: Sequence[Row] = (),
        frozen_columns: int = 0,
        finish: Callable[[Any], None] | None = None,
    ) -> None:
        """Add a sheet, and where it has more rows than fit, further ones with the same header.

        The header stays in sight; its last row has filters. Missing and infinite values are empty
        cells. What `finish` is given each sheet for is added below its rows.

        Raises
        ------
        InputError
            Where there are more columns than fit.
        """
        if len(widths) > MAX_COLUMNS:
            raise InputError.of(
                say(
                    "the sheet {name} would have {n} columns, and no more than {most} fit",
                    name=name,
                    n=len(widths),
                    most=MAX_COLUMNS,
                ),
                say("export as JSON"),
            )
        letters = [get_column_letter(j) for j in range(1, len(widths) + 1)]
        for number, page in enumerate(_pages(rows, MAX_ROWS - len(header)), start=1):
            sheet = self._book.create_sheet(name if number == 1 else f"{name} {number}")
            sheet.freeze_panes = f"{get_column_letter(frozen_columns + 1)}{len(header) + 1}"
            sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
            for letter, width in zip(letters, widths, strict=True):
                sheet.column_dimensions[letter].width = width
            n_rows = 0
            for n_rows, row in enumerate(map(list, chain(header, page)), start=1):
                lines = _lines(row, widths)
                if lines > 1:
                    most = _MOST_HEADER_LINES if n_rows <= len(header) else _MOST_LINES
                    sheet.row_dimensions[n_rows].height = _POINTS_A_LINE * min(lines, most)
                sheet.append([self._cell(sheet, value, look) for value, look in row])
            if header:
                sheet.auto_filter.ref = f"A{len(header)}:{letters[-1]}{n_rows}"
            if finish is not None:
                finish(sheet)
            sheet.close()

    def to_bytes(self) -> bytes:
        """Write the file."""
        dated = io.BytesIO()
        with ZipFile(dated, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            ExcelWriter(self._book, archive).save()  # Workbook.save would write the time of day
        return without_dates(dated)

    def _cell(self, sheet: Any, value: Value, look: Look) -> WriteOnlyCell | None:
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return None
        text = clean_text(value) if isinstance(value, str) else None
        # It would turn into a formula when it is edited.
        quoted = text is not None and text[:1] != "'" and is_formula_like(text)
        if (look, quoted) not in self._blank_by_look:
            blank = WriteOnlyCell(sheet)
            blank.font, blank.fill, blank.alignment = look.font, look.fill, look.alignment
            blank.number_format, blank.quotePrefix = look.number, quoted
            self._blank_by_look[look, quoted] = blank
        cell = copy(self._blank_by_look[look, quoted])  # faster than setting its style
        if text is None:
            cell.value = value
        elif text:
            cell.value, cell.data_type = text, "s"
        return cell


def _lines(row: Sequence[tuple[Value, Look]], widths: Sequence[float]) -> int:
    """Count the lines a row needs; not every spreadsheet makes room for them by itself."""
    return max(
        (
            sum(math.ceil(len(line) / (width - _UNUSED)) or 1 for line in str(value).split("\n"))
            for (value, look), width in zip(row, widths, strict=False)
            if look.wrapped
        ),
        default=1,
    )


def _pages(rows: Iterable[Row], room: int) -> Iterator[Iterable[Row]]:
    """Divide rows into as many as fit; each page is to be read before the next."""
    below = iter(rows)
    yield islice(below, room)
    for row in below:
        yield chain([row], islice(below, room - 1))


def clean_text(text: str) -> str:
    """Make a text one that a cell can hold."""
    kept = _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    units = kept.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return kept
    return units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", errors="ignore") + "…"
