"""From a table's cell to the value that a YAML file would spell.

Decisions. A number that could mean two things is never guessed: ``16,48`` and ``1.234,5`` are read
only where the decimal sign is declared, and so is ``1.234`` wherever the point may be a thousands
separator: in text cells of workbooks, and in text separated by semicolons or tabs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from icfscore.domain.criteria import Indicator, Quantity
from icfscore.domain.text import is_formula_like
from icfscore.files.check import spell
from icfscore.files.sheet import Cell, Percent, Sheet, Unstored, is_missing
from icfscore.sentences import say

Note = Callable[[str, str], None]  # takes what is wrong, and a hint

_PLAIN = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}\.[0-9]{3}")
_NUMBER_LIKE = re.compile(r"[-+]?[0-9][0-9.,'’\s\u00a0\u202f]*(?:[eE][-+]?[0-9]+)?")
_DECLARED = {
    mark: re.compile(
        rf"[-+]?(?={re.escape(mark)}?[0-9])(?:[0-9]{{1,3}}(?:([{other}'’\s\u00a0\u202f])[0-9]{{3}}(?:\1[0-9]{{3}})*)|[0-9]+)?"
        rf"(?:{re.escape(mark)}[0-9]*)?(?:[eE][-+]?[0-9]+)?"
    )
    for mark, other in ((".", ","), (",", "."))
}
_WORDS = {"true": True, "false": False, "yes": True, "no": False}
_YEAR = re.compile(r"[0-9]{4}(?:\.0)?")


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads the cells of one sheet.

    Attributes
    ----------
    decimal
        The decimal sign of numbers in text, where it is declared.
    """

    sheet: Sheet
    decimal: str | None = None

    def value(self, cell: Cell, quantity: Quantity, note: Note) -> Any:
        """Read a value of a quantity; None where missing or noted as a problem.

        Text that is no number is returned as it is: whoever knows the quantity has the words.
        """
        if type(cell) is float or type(cell) is int or cell is None:
            return None if is_missing(cell) else cell
        if isinstance(cell, str):
            return self._of_text(cell, quantity, note)
        if isinstance(cell, Percent):
            return cell
        if isinstance(cell, bool):
            return cell
        note(say("{id}: {cell}", id=quantity.id, cell=_describe(cell)), _hint(cell))
        return None

    def _of_text(self, cell: str, quantity: Quantity, note: Note) -> Any:
        text = cell.strip()
        plain = not self.sheet.typed and self.decimal is None and _PLAIN.fullmatch(text)
        if plain and (self.sheet.separator == "," or not _GROUPED.fullmatch(text)):
            return _plain_number(text)
        if isinstance(quantity, Indicator):
            if quantity.levels is not None and text in quantity.levels:
                return text
            if quantity.kind == "boolean" and text.casefold() in _WORDS:
                return _WORDS[text.casefold()]
        if is_missing(cell):
            return None
        return self._declared(text, quantity.id, note)

    def number(self, cell: Cell, name: str, note: Note) -> float | None:
        """Read a number that belongs to no quantity, such as a weight."""
        if cell is None or is_missing(cell):
            return None
        if isinstance(cell, str):
            text = cell.strip()
            plain = not self.sheet.typed and self.decimal is None and _PLAIN.fullmatch(text)
            if plain and (self.sheet.separator == "," or not _GROUPED.fullmatch(text)):
                return _plain_number(text)
            found: float | str | None = self._declared(text, name, note)
            if not isinstance(found, str):
                return found
            note(say("{name}: must be a number, got {found}", name=name, found=spell(found)), "")
            return None
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return cell
        note(say("{name}: {cell}", name=name, cell=_describe(cell)), _hint(cell))
        return None

    def _declared(self, text: str, name: str, note: Note) -> Any:
        if self.decimal is not None and any(letter.isdigit() for letter in text):
            pattern = _DECLARED[self.decimal]
            if pattern.fullmatch(text):
                bare = re.sub(r"[^0-9eE+\-" + self.decimal + "]", "", text)
                return _plain_number(bare.replace(",", "."))
        if _NUMBER_LIKE.fullmatch(text):
            what = say("{name}: '{text}' is text", name=name, text=text)
            if not self.sheet.typed or self.decimal is not None:
                what = say("{name}: '{text}' is no plain number", name=name, text=text)
            if self.decimal is None:
                hint = say("say what its decimal sign is: --decimal , or --decimal .")
            else:
                hint = say("the decimal sign was said to be '{decimal}'", decimal=self.decimal)
            note(what, hint)
            return None
        return text

    def text(self, cell: Cell, name: str, note: Note) -> str | None:
        """Read a text; a number is spelt as the workbook holds it. None where the cell is empty.

        A sign that kept a spreadsheet from reading the text as a formula is taken off.
        """
        if cell is None:
            return None
        if isinstance(cell, Unstored):
            note(say("{name}: {cell}", name=name, cell=_describe(cell)), _hint(cell))
            return None
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        text = str(cell).strip()
        if not self.sheet.typed and text[:1] == "'" and is_formula_like(text):
            text = text[1:]
        return text or None

    def year(self, cell: Cell, note: Note) -> int | None:
        """Read a year; None where there is none or it is noted as a problem."""
        if cell is None or is_missing(cell):
            return None
        if isinstance(cell, date):
            hint = say("dates are no years: write the year alone, as a number")
            note(
                say(
                    "year: must be a year such as 2018, got the date {found}",
                    found=cell.isoformat()[:10],
                ),
                hint,
            )
            return None
        if isinstance(cell, Unstored):
            note(say("year: {cell}", cell=_describe(cell)), _hint(cell))
            return None
        if not isinstance(cell, bool) and _YEAR.fullmatch(str(cell).strip()):
            return int(float(cell))
        note(say("year: must be a year such as 2018, got {cell}", cell=spell(cell)), "")
        return None


def _plain_number(text: str) -> int | float:
    bare = text.lstrip("+-")
    return int(text) if bare.isdigit() and len(bare) < 16 else float(text)


def _describe(cell: Cell) -> str:
    if isinstance(cell, Unstored):
        return say("the cell holds a formula without a stored value")
    if isinstance(cell, date):
        return say("must be a number, got the date {date}", date=cell.isoformat()[:10])
    return say("must be a number, got {value}", value=spell(cell))


def _hint(cell: Cell) -> str:
    if isinstance(cell, Unstored):
        return say("open the workbook in a spreadsheet program and save it, or paste the value")
    return ""
