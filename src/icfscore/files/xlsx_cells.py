"""The cells of one sheet of a workbook, event by event."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Protocol

from icfscore.errors import InputError
from icfscore.files.sheet import MAX_CELLS, MAX_COLUMNS, Cell, Percent, Unstored

_MAX_MERGED = 10_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Attributes = dict[str, str]


class Book(Protocol):
    """What a sheet's cells need of their workbook.

    Attributes
    ----------
    styles
        By style: ``date``, ``percent`` or nothing.
    epoch
        Day 0 of dates.
    """

    n_cells: int
    shared: list[str]
    styles: list[str]
    epoch: datetime

    def counted(self, text: str) -> str:
        """Count the letters of a text, and give it back."""
        ...

    def too_large(self) -> InputError:
        """Describe a workbook above the limits."""
        ...


class SheetReader:
    """Takes a sheet's events; `rows` holds cells by row number and column from 0."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.row = 0
        self.column = -1
        self.kind = ""
        self.style = 0
        self.formula = False
        self.taking = False
        self.letters: list[str] = []

    def start(self, tag: str, given: Attributes) -> None:
        """Take the start of an element."""
        if tag == "c":
            found = _REFERENCE.fullmatch(given.get("r", ""))
            self.column = _position(found[1]) if found else self.column + 1
            self.row = int(found[2]) if found else self.row
            self.kind, self.style = given.get("t", "n"), int(given.get("s", 0))
            self.formula = False
            self.letters.clear()
        elif tag in ("v", "t"):
            self.taking = True
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self.row = int(given.get("r", self.row + 1))
            self.column = -1
        elif tag == "mergeCell":
            self._merge(given.get("ref", ""))

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in ("v", "t"):
            self.taking = False
        elif tag == "c":
            value = self._value("".join(self.letters))
            if value is not None:
                self._keep(value)

    def data(self, text: str) -> None:
        """Take text."""
        if self.taking:
            self.letters.append(text)

    def _keep(self, value: Cell) -> None:
        self.book.n_cells += 1
        if self.book.n_cells > MAX_CELLS or self.column >= MAX_COLUMNS:
            raise self.book.too_large()
        self.rows.setdefault(self.row, {})[self.column] = value

    def _merge(self, reference: str) -> None:
        ends = [_REFERENCE.fullmatch(part) for part in reference.split(":")]
        if len(ends) == 2 and ends[0] and ends[1] and len(self.merged) < _MAX_MERGED:
            (a, b), (c, d) = ends[0].groups(), ends[1].groups()
            self.merged.append((int(b), _position(a) + 1, int(d), _position(c) + 1))

    def _value(self, text: str) -> Cell:
        kind = self.kind
        if self.formula and not text:
            return Unstored()
        if kind == "s":
            return self.book.shared[int(text)] if text else None
        if kind in ("str", "inlineStr", "e"):
            return self.book.counted(text) or None
        if not text:
            return None
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "d":
            return datetime.fromisoformat(text)
        number = _number(text)
        style = self.book.styles[self.style] if self.style < len(self.book.styles) else ""
        if style == "date":
            return _moment(number, self.book.epoch)
        return Percent(number) if style == "percent" else number


def _number(text: str) -> int | float:
    stripped = text.strip()
    return int(stripped) if re.fullmatch(r"-?[0-9]{1,15}", stripped) else float(stripped)


def _moment(number: float, epoch: datetime) -> Cell:
    try:
        moment = epoch + timedelta(days=number)
    except OverflowError:
        return number
    return moment.date() if moment.time() == time(0) else moment


def _position(letters: str) -> int:
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - 64
    return position - 1
