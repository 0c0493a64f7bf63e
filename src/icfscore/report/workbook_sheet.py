"""A sheet of a workbook, and the parts of it that fit into one sheet of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from icfscore.errors import InputError
from icfscore.report.workbook_text import column_letters, sheet_names

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Value = str | float | bool | None
Row = tuple[Sequence[Value], Sequence[int]]  # values, and the number of each one's style


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet.

    Attributes
    ----------
    header
        Rows that stay in sight; the last one names the columns and has their filters.
    rows, n_rows
        Everything below, and how many there are.
    widths
        Of the columns, in letters.
    frozen_columns
        Columns that stay in sight.
    heights
        Height in points by row, from 1, where it is not the usual one.
    """

    name: str
    header: Sequence[Row]
    rows: Iterable[Row]
    n_rows: int
    widths: Sequence[float]
    frozen_columns: int = 0
    heights: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """As much of a sheet as one sheet of the file holds."""

    name: str
    sheet: Sheet
    rows: Iterable[Row]
    n_rows: int

    @property
    def last_column(self) -> str:
        """Letters of the last column."""
        return column_letters(max(len(self.sheet.widths), 1) - 1)

    @property
    def last_row(self) -> int:
        """Number of the last row."""
        return max(len(self.sheet.header) + self.n_rows, 1)

    @property
    def first_filtered(self) -> int:
        """Number of the row that has filters, 0 where there is none."""
        return len(self.sheet.header)

    def start_xml(self, *, first: bool) -> str:
        """Spell what stands before the rows."""
        columns = "".join(
            f'<col min="{j}" max="{j}" width="{width:.2f}" customWidth="1"/>'
            for j, width in enumerate(self.sheet.widths, start=1)
        )
        selected = ' tabSelected="1"' if first else ""
        return (
            f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<dimension ref="A1:{self.last_column}{self.last_row}"/>'
            f'<sheetViews><sheetView{selected} workbookViewId="0">{self._pane()}</sheetView>'
            f'</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
        )

    def end_xml(self) -> str:
        """Spell what stands after the rows."""
        place = f"A{self.first_filtered}:{self.last_column}{self.last_row}"
        filters = f'<autoFilter ref="{place}"/>' if self.first_filtered else ""
        page = '<pageSetup orientation="landscape" fitToHeight="0"/>'
        return f"</sheetData>{filters}{page}</worksheet>"

    def _pane(self) -> str:
        down, across = len(self.sheet.header), self.sheet.frozen_columns
        if not down and not across:
            return ""
        pane = "bottomRight" if down and across else "bottomLeft" if down else "topRight"
        splits = (f' xSplit="{across}"' if across else "") + (f' ySplit="{down}"' if down else "")
        corner = f"{column_letters(across)}{down + 1}"
        return f'<pane{splits} topLeftCell="{corner}" activePane="{pane}" state="frozen"/>'


def parts_of(sheets: Sequence[Sheet]) -> list[Part]:
    """Divide sheets with more rows than fit into several parts, each with the header.

    Raises
    ------
    InputError
        Where a sheet has more columns than fit.
    """
    pieces: list[tuple[Sheet, Iterable[Row], int]] = []
    for sheet in sheets:
        if len(sheet.widths) > MAX_COLUMNS:
            raise InputError.of(
                f"the sheet {sheet.name} would have {len(sheet.widths)} columns, and no more than"
                f" {MAX_COLUMNS} fit",
                "export as JSON",
            )
        rows, room = iter(sheet.rows), MAX_ROWS - len(sheet.header)
        for start in range(0, max(sheet.n_rows, 1), room):
            n_rows = min(room, sheet.n_rows - start)
            pieces.append((sheet, islice(rows, n_rows), n_rows))
    names = sheet_names(sheet.name for sheet, _, _ in pieces)
    return [Part(name, *piece) for name, piece in zip(names, pieces, strict=True)]
