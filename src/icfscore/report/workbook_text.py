"""What a workbook's cells, columns and sheets may be called and say.

Decisions. Characters that XML cannot hold become U+FFFD; text longer than a cell holds is cut and
ends in an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

MAX_TEXT, MAX_NAME = 32_767, 31  # in UTF-16 units

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def clean_text(text: str) -> str:
    """Make a text one that a cell can hold."""
    kept = _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _cut(kept, MAX_TEXT, "…")


def text_element(text: str) -> str:
    """Spell a text as an element; what looks like an escape (``_x0041_``) is kept as it is."""
    kept = _ESCAPE_LIKE.sub("_x005F_", clean_text(text))
    return f'<t xml:space="preserve">{escape(kept)}</t>'


def column_letters(column: int) -> str:
    """Name a column, from 0.

    Examples
    --------
    >>> [column_letters(j) for j in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Turn names into ones that sheets may have: no two alike, none too long.

    Examples
    --------
    >>> sheet_names(["Air/Water", "air:water", "'"])
    ['Air_Water', 'air_water 2', 'sheet']
    """
    names: list[str] = []
    taken = {"history"}  # Excel keeps this one for itself
    for name in wanted:
        legal = _ILLEGAL.sub("_", _NOT_IN_NAMES.sub("_", name)).strip(" '") or "sheet"
        chosen, number = _cut(legal, MAX_NAME, ""), 1
        while chosen.casefold() in taken:
            number += 1
            ending = f" {number}"
            chosen = _cut(legal, MAX_NAME - len(ending), "") + ending
        taken.add(chosen.casefold())
        names.append(chosen)
    return names


def _cut(text: str, length: int, ending: str) -> str:
    """Shorten a text to so many UTF-16 units, its ending included."""
    if len(text) * 2 <= length:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * length:
        return text
    kept = units[: 2 * (length - len(ending))].decode("utf-16-le", errors="ignore")
    return kept.rstrip(" '") + ending
