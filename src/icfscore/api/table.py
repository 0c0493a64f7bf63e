"""Tables of results: rows to walk over, data frames for pandas, and HTML for notebooks."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from icfscore.errors import InputError
from icfscore.sentences import say

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 30
_DIGITS = 4


class Table:
    """A table of results: columns by name, rows in order.

    Attributes
    ----------
    name
        What it is a table of.
    columns
        Names of the columns.
    rows
        Cells; None where there is nothing.

    Examples
    --------
    >>> table = Table("ranking", ["id", "score"], [["a", 1.5], ["b", None]])
    >>> len(table), table.column("score")
    (2, [1.5, None])
    >>> [row["id"] for row in table]
    ['a', 'b']
    """

    def __init__(
        self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], note: str = ""
    ) -> None:
        self.name = name
        self.columns = tuple(columns)
        self.rows = tuple(tuple(row) for row in rows)
        self.note = note

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def column(self, name: str) -> list[Any]:
        """List the cells of one column.

        Raises
        ------
        KeyError
            Where there is no such column.
        """
        if name not in self.columns:
            raise KeyError(f"no column '{name}'; there are: {', '.join(self.columns)}")
        position = self.columns.index(name)
        return [row[position] for row in self.rows]

    def to_frame(self) -> pd.DataFrame:
        """Make a pandas data frame; the first column, which names the rows, becomes its index.

        Raises
        ------
        InputError
            Where pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            what = say("data frames need the package pandas, which is not installed")
            raise InputError.of(what, say("pip install 'icfscore[pandas]'")) from None
        frame = pd.DataFrame([list(row) for row in self.rows], columns=list(self.columns))
        return frame.set_index(self.columns[0])

    def __repr__(self) -> str:
        lines = [f"{self.name}: {len(self)} rows of {', '.join(self.columns[:8])}"]
        lines += ["  ".join(_spell(cell) for cell in row[:6]) for row in self.rows[:10]]
        if len(self) > 10:
            lines.append(f"… {len(self) - 10} more")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Show the table in a notebook; whatever comes from files is shown as text."""
        head = "".join(f"<th>{html.escape(column)}</th>" for column in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_spell(cell))}</td>" for cell in row) + "</tr>"
            for row in self.rows[:_SHOWN]
        )
        more = len(self) - _SHOWN
        notes = [f"… {more} more rows"] if more > 0 else []
        notes += [self.note] if self.note else []
        foot = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
        caption = f"<caption>{html.escape(self.name)}</caption>"
        table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"<div>{table}{foot}</div>"


def _spell(cell: Any) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.{_DIGITS}g}"
    if isinstance(cell, list | tuple):
        return "–".join(_spell(part) for part in cell)
    return str(cell)
