"""Tables as they come: rows of cells with their places, from CSV, workbooks or Parquet.

Nothing is interpreted here: a CSV cell is text, a workbook's cell what the workbook says it is.
Limits keep a hostile or mistaken file from filling the memory.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from icfscore.errors import InputError, Problem
from icfscore.files.read import read_text
from icfscore.sentences import say

MAX_BYTES = 100 * 1024 * 1024
MAX_CELLS = 5_000_000
MAX_COLUMNS = 16_384
TABLE_SUFFIXES = (".csv", ".parquet")

# What spreadsheets and statistics offices write where there is no value.
MISSING_WORDS = frozenset(
    {"", "na", "n/a", "n.a.", "nan", "null", "none", "..", "…", "-", "–", "#n/a"}
)


class Percent(float):
    """A number that the workbook shows as a percentage: 0.45 as 45 %."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Unstored:
    """A formula whose result the workbook does not hold."""


Cell = str | int | float | bool | date | datetime | Unstored | None


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A table of cells.

    Attributes
    ----------
    file
        The file as messages call it.
    name
        The sheet's name; empty where the file is one table.
    rows
        Only rows that hold something, all equally long.
    numbers
        The number in the file of each of these rows.
    typed
        Whether cells have types; otherwise all are text.
    separator
        Of text, what stands between cells.
    merged
        First row, first column, last row, last column of merged cells, all from 1.
    """

    file: str
    name: str
    rows: list[list[Cell]]
    numbers: list[int]
    typed: bool = True
    separator: str = ""
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def problem(self, row: int, column: int, what: str, hint: str = "") -> Problem:
        """Describe what is wrong with a cell, given by its position in `rows`."""
        number = self.numbers[row] if 0 <= row < len(self.numbers) else 1
        if not self.name:
            return Problem(self.file, number, column + 1, what, hint)
        cell = f"{letters_of(column)}{number}"
        return Problem(
            self.file,
            number,
            column + 1,
            say("{name}!{cell}: {what}", name=self.name, cell=cell, what=what),
            hint,
        )

    @property
    def label(self) -> str:
        """File and sheet, as sentences name them."""
        return f"{self.file}, sheet {self.name}" if self.name else self.file


def letters_of(column: int) -> str:
    """Name a column, counted from 0, as spreadsheets do: A, B, … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def is_missing(value: Cell) -> bool:
    """Tell whether a cell says that there is no value."""
    if isinstance(value, str):
        return value.strip().casefold() in MISSING_WORDS
    return value is None or (isinstance(value, float) and value != value)


def read_csv(path: Path, name: str, text: str | None = None) -> Sheet:
    """Read comma-, semicolon- or tab-separated text, in UTF-8; lines of '#' on top are skipped.

    The separator is the one of the three that the first line has most of.
    """
    text = read_text(path, name, MAX_BYTES) if text is None else text
    skipped = 0
    rest = text
    while rest.startswith("#") or (rest and not rest.partition("\n")[0].strip()):
        rest = rest.partition("\n")[2]
        skipped += 1
    separator = _separator(rest.partition("\n")[0])
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    reader = csv.reader(io.StringIO(rest, newline=""), delimiter=separator, strict=True)
    width = 0
    started = 1
    try:
        for row in reader:
            number, started = skipped + started, reader.line_num + 1
            if not any(row):
                continue
            if not rows:
                width = len(row)
            if len(row) > MAX_COLUMNS or (len(rows) + 1) * width > MAX_CELLS:
                raise InputError.of(
                    say("holds more than {max_cells:,} cells", max_cells=MAX_CELLS),
                    say("split it"),
                    file=name,
                )
            if len(row) > width and any(row[width:]):
                what = say(
                    "this line has {row} cells, the first has {width}", row=len(row), width=width
                )
                hint = say("a cell that holds the separator must be in quotes")
                raise InputError([Problem(name, number, width + 1, what, hint)])
            rows.append(list(row[:width]) + [None] * (width - len(row)))
            numbers.append(number)
    except csv.Error as error:
        what = say("is no readable CSV: {error}", error=error)
        raise InputError([Problem(name, skipped + reader.line_num, 1, what)]) from None
    return Sheet(name, "", rows, numbers, typed=False, separator=separator)


def _separator(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=bare.count)


def read_parquet(path: Path, name: str) -> Sheet:
    """Read a Parquet file, which needs the package pyarrow.

    Raises
    ------
    InputError
        Where pyarrow is not installed, or the file is none or too large.
    """
    arrow: Any = import_pyarrow(name)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError.of(
                say("is larger than {found} MB", found=MAX_BYTES // 2**20),
                say("split it"),
                file=name,
            )
        with arrow.parquet.ParquetFile(path) as stored:
            metadata = stored.metadata
            cells = metadata.num_rows * metadata.num_columns
            size = sum(
                metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)
            )
            if cells > MAX_CELLS or size > 5 * MAX_BYTES or metadata.num_columns > MAX_COLUMNS:
                raise InputError.of(
                    say("holds more than {max_cells:,} cells", max_cells=MAX_CELLS),
                    say("split it"),
                    file=name,
                )
            table = stored.read()
    except (OSError, ValueError, arrow.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise InputError.of(
            say("is no readable Parquet file: {reason}", reason=reason), file=name
        ) from None
    columns = [column.to_pylist() for column in table.columns]
    header: list[Cell] = list(table.column_names)
    rows: list[list[Cell]] = [header, *map(list, zip(*columns, strict=True))]
    return Sheet(name, "", rows, list(range(len(rows))))


def import_pyarrow(name: str) -> Any:
    """Import pyarrow with its Parquet, or say how to get it."""
    try:
        import pyarrow.parquet
    except ImportError:
        what = say("needs the package pyarrow, which is not installed")
        hint = say("pip install 'icfscore[parquet]', or use CSV")
        raise InputError.of(what, hint, file=name) from None
    return pyarrow
