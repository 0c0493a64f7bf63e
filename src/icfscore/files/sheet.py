"""Tables as they come: rows of cells with their places, from CSV, workbooks or Parquet.

Nothing is interpreted here: a CSV cell is text, a workbook's cell what the workbook says it is.
Limits keep a hostile or mistaken file from filling the memory.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from icfscore.errors import InputError, Problem
from icfscore.files.read import decoded
from icfscore.sentences import say

MAX_BYTES = 100 * 1024 * 1024
MAX_CELLS = 2_000_000  # about 0.4 kB each once read
MAX_COLUMNS = 16_384
MAX_LINE = 2_000_000  # letters
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
    digest
        SHA-256 of the whole file.
    """

    file: str
    name: str
    rows: list[list[Cell]]
    numbers: list[int]
    typed: bool = True
    separator: str = ""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    digest: str = ""

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


def read_csv(raw: bytes, name: str) -> Sheet:
    """Read comma-, semicolon- or tab-separated text, in UTF-8; lines of '#' on top are skipped.

    The separator is the one of the three that the first line has most of. The text is decoded line
    by line, so that no more of it is held than its cells.

    Raises
    ------
    InputError
        Where it is no such text, or larger than the limits.
    """
    if b"\0" in raw or raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        decoded(raw, name)  # which says where
    try:
        return _read_lines(_Lines(raw, name), name)
    except UnicodeDecodeError:  # placed within what was decoded last only
        decoded(raw, name)
        raise


class _Lines:
    """The lines of a CSV file, none too long and not too many.

    Attributes
    ----------
    n
        How many were read.
    n_letters
        Letters read since `n_letters` was last set to 0.
    """

    def __init__(self, raw: bytes, name: str) -> None:
        self._stream = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", newline="")
        self._name = name
        self.n = self.n_letters = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._stream.readline(MAX_LINE + 1):
            self.n += 1
            self.n_letters += len(line)
            if self.n_letters > MAX_LINE:
                what = say("this line is longer than {most} letters", most=MAX_LINE)
                raise InputError([Problem(self._name, self.n, 1, what)])
            if self.n > MAX_CELLS:
                what = say("holds more than {most} lines", most=MAX_CELLS)
                raise InputError.of(what, say("split it"), file=self._name)
            yield line


def _read_lines(source: _Lines, name: str) -> Sheet:
    lines = iter(source)
    first = ""
    for first in lines:
        if not first.startswith("#") and first.strip():
            break
        source.n_letters = 0
    separator = _separator(first)
    started, before = source.n, source.n - 1
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    reader = csv.reader(chain([first], lines), delimiter=separator, strict=True)
    width = 0
    try:
        for row in reader:
            number, started = started, source.n + 1
            source.n_letters = 0
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
        raise InputError([Problem(name, before + reader.line_num, 1, what)]) from None
    return Sheet(name, "", rows, numbers, typed=False, separator=separator)


def _separator(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=bare.count)
