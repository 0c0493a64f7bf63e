"""Writing workbooks: rows in, the bytes of an xlsx file out.

Written by hand, since openpyxl, which reads them, spells numbers with 16 digits where one in four
needs 17, stamps files with the time of day, and takes minutes for millions of cells. Here the same
rows give the same bytes, text is always text (a formula cannot be written at all), and no more than
some hundred rows are held at a time. The form is that of ECMA-376, part 1.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import IO

from icfscore.report.workbook_format import Style, StyleTable
from icfscore.report.workbook_package import add_entry, add_frame, open_entry
from icfscore.report.workbook_sheet import MAIN, Part, Row, Sheet, parts_of
from icfscore.report.workbook_text import column_letters, text_element

# Text that begins with one of these would turn into a formula when it is edited.
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")
_ROWS_AT_ONCE = 500


class Book:
    """Collects the styles and texts of one workbook and writes it."""

    def __init__(self, title: str, creator: str) -> None:
        self._title = title
        self._creator = creator
        self._styles = StyleTable()
        self._texts: dict[str, int] = {}

    def style(self, style: Style) -> int:
        """Give the number that rows name a style by."""
        return self._styles.number(style)

    def to_bytes(self, sheets: Sequence[Sheet]) -> bytes:
        """Write the file; missing and infinite values are empty cells.

        Raises
        ------
        InputError
            Where a sheet has more columns than a sheet can have.
        """
        parts = parts_of(sheets)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            add_frame(archive, parts, self._title, self._creator)
            for number, part in enumerate(parts, start=1):
                with open_entry(archive, f"xl/worksheets/sheet{number}.xml") as entry:
                    self._write(entry, part, first=number == 1)
            add_entry(archive, "xl/sharedStrings.xml", self._shared_texts())
            add_entry(archive, "xl/styles.xml", self._styles.xml())
        return stream.getvalue()

    def _write(self, entry: IO[bytes], part: Part, *, first: bool) -> None:
        letters = [column_letters(j) for j in range(len(part.sheet.widths))]
        lines = [part.start_xml(first=first)]
        for number, row in enumerate(chain(part.sheet.header, part.rows), start=1):
            lines.append(self._row(number, row, letters, part.sheet.heights))
            if len(lines) >= _ROWS_AT_ONCE:
                entry.write("".join(lines).encode())
                lines.clear()
        entry.write("".join((*lines, part.end_xml())).encode())

    def _row(
        self, number: int, row: Row, letters: Sequence[str], heights: Mapping[int, float]
    ) -> str:
        height = f' ht="{heights[number]}" customHeight="1"' if number in heights else ""
        cells = [f'<row r="{number}"{height}>']
        for letter, value, style in zip(letters, *row, strict=False):
            if value is None:
                continue
            if isinstance(value, str):
                shared = self._texts.setdefault(value, len(self._texts))
                looks = self._styles.quoted(style) if value[:1] in _FORMULA_LIKE else style
                cells.append(f'<c r="{letter}{number}" s="{looks}" t="s"><v>{shared}</v></c>')
            elif isinstance(value, bool):
                cells.append(f'<c r="{letter}{number}" s="{style}" t="b"><v>{value:d}</v></c>')
            elif math.isfinite(value):
                cells.append(f'<c r="{letter}{number}" s="{style}"><v>{value!r}</v></c>')
        cells.append("</row>")
        return "".join(cells)

    def _shared_texts(self) -> str:
        entries = "".join(f"<si>{text_element(text)}</si>" for text in self._texts)
        return f'<sst xmlns="{MAIN}" uniqueCount="{len(self._texts)}">{entries}</sst>'
