"""A community of a table, as a document whose places are cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from icfscore.errors import Problem
from icfscore.files.located_yaml import Document, Location
from icfscore.files.sheet import Sheet
from icfscore.files.table_columns import Columns

Place = tuple[int, int]


@dataclass(frozen=True)
class TableRow(Document):
    """A community of a table: data as in a file of its own, and the cells they come from.

    Attributes
    ----------
    rows
        Positions of its rows.
    row_of
        Position of the row by quantity and number of the observation, where there are several.
    """

    sheet: Sheet = field(default=Sheet("", "", [], []), repr=False)
    columns: Columns = field(default_factory=lambda: Columns([]), repr=False)
    rows: tuple[int, ...] = ()
    row_of: Mapping[tuple[str, int], int] = field(default_factory=dict, repr=False)

    def problem(
        self,
        location: Sequence[Hashable],
        what: str,
        hint: str = "",
        *,
        at: Literal["key", "value"] = "value",
    ) -> Problem:
        """Describe what is wrong at a path of the data, placed at its cell."""
        row, column = self._place(tuple(location))
        return self.sheet.problem(row, max(column, 0), what, hint)

    def _place(self, location: Location) -> Place:
        columns = self.columns
        if len(location) < 2 or location[0] != "observations":
            key = str(location[0]) if location else "id"
            column = columns.heads.get(key, columns.shared.get(key))
            if column is None:
                column = columns.heads.get("id", columns.heads.get("name", 0))
            return self.rows[0], column
        quantity = str(location[1])
        number = next((part for part in location[2:] if isinstance(part, int)), 0)
        row = self.row_of.get((quantity, number), self.rows[0])
        part = str(location[-1])
        if part == "interval":
            part = "interval_low"
        column = columns.fields.get((quantity, part), columns.shared.get(part))
        if column is None:
            column = columns.column_of(quantity)
        return row, column


def slug(text: str) -> str:
    """Make an id of a name: ``Thủ Dầu Một`` becomes ``thu_dau_mot``; "" where nothing is left."""
    plain = unicodedata.normalize("NFKD", text.replace("Đ", "D").replace("đ", "d"))
    ascii_only = plain.encode("ascii", "ignore").decode().casefold()
    joined = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")
    if joined and not joined[0].isalpha():
        joined = f"c_{joined}"
    return joined[:100]
