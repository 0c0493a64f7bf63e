"""From the rows of a table to communities as a YAML file would spell them, with their cells.

So a table's communities pass the same checks as those of files, and what is wrong has the place of
its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from icfscore.domain.criteria import CriteriaTree, Quantity
from icfscore.errors import Problem, name_hint
from icfscore.files.cell_values import CellReader
from icfscore.files.sheet import Cell, Percent, Sheet
from icfscore.files.table_columns import Columns, quantity_names, spell_name
from icfscore.files.table_row import TableRow, slug
from icfscore.sentences import say

_QUOTED = 40  # letters of a footnote that a message quotes
_AT_THE_TOP = ("source", "year", "level")


def read_rows(
    sheet: Sheet,
    columns: Columns,
    tree: CriteriaTree,
    problems: list[Problem],
    *,
    start: int = 1,
    decimal: str | None = None,
    identify: Callable[[str, str], str] | None = None,
) -> list[TableRow]:
    """Read the communities of a table, in the order of their first rows.

    Parameters
    ----------
    start
        Position of the first row below the names.
    identify
        Finds a community's id by what its columns of ids and names hold; None: the id as it is.
    """
    return _RowReader(sheet, columns, tree, problems, decimal, identify).read(start)


class _RowReader:
    def __init__(
        self,
        sheet: Sheet,
        columns: Columns,
        tree: CriteriaTree,
        problems: list[Problem],
        decimal: str | None,
        identify: Callable[[str, str], str] | None,
    ) -> None:
        self.sheet, self.columns, self.problems = sheet, columns, problems
        self.cells = CellReader(sheet, decimal)
        self.identify = identify
        self.tree = tree
        self.names = quantity_names(tree)
        self.quantities = [
            (position, tree.quantity_by_id[name]) for position, name in columns.values.items()
        ]
        fields: dict[str, list[tuple[str, int]]] = {}
        for (name, part), position in columns.fields.items():
            fields.setdefault(name, []).append((part, position))
        self.fields = fields
        self.row = 0

    def read(self, start: int) -> list[TableRow]:
        by_id: dict[str, list[int]] = {}
        for row in range(start, len(self.sheet.rows)):
            identifier = self._identifier(row)
            if identifier is not None:
                by_id.setdefault(identifier, []).append(row)
        return [self._community(identifier, rows) for identifier, rows in by_id.items()]

    def _identifier(self, row: int) -> str | None:
        self.row = row
        heads, cells = self.columns.heads, self.sheet.rows[row]
        texts = {}
        for key in ("id", "name"):
            position = heads.get(key)
            texts[key] = "" if position is None else self._text(cells[position], key, position)
        if not texts["id"] and not texts["name"]:
            if any(cells[position] not in (None, "") for position in self._value_columns()):
                self._note(
                    heads.get("id", heads.get("name", 0)),
                    say("the row names no community"),
                    say("delete it if it holds units or totals"),
                )
            return None
        if self.identify is not None:
            if len(cells) > 1 and sum(cell not in (None, "") for cell in cells) == 1:
                what = say("nothing stands in this row but '{found}'", found=_start(texts))
                hint = say("delete the row if it is a footnote")
                self._note(heads.get("id", heads.get("name", 0)), what, hint)
                return None
            found = self.identify(texts["id"], texts["name"])
            if not found:
                self._note(
                    heads.get("id", 0), say("no id can be made of '{found}'", found=texts["id"])
                )
            return found or None
        return texts["id"] or slug(texts["name"])

    def _value_columns(self) -> list[int]:
        columns = self.columns
        return [columns.value] if columns.value is not None else list(columns.values)

    def _community(self, identifier: str, rows: list[int]) -> TableRow:
        data: dict[str, Any] = {"id": identifier}
        for row in rows:
            self.row = row
            self._take_heads(data, row)
        if "name" not in data:
            position = self.columns.heads.get("id")
            cell = None if position is None else self.sheet.rows[rows[0]][position]
            data["name"] = self._text(cell, "id", position or 0) or identifier
        row_of: dict[tuple[str, int], int] = {}
        if self.columns.long is not None:
            data["observations"] = self._long(rows, row_of, *self.columns.long)
        elif len(rows) == 1:
            data |= self._wide(rows[0])
        else:
            data["observations"] = self._wide_dated(rows, row_of)
        return TableRow(self.sheet.file, "", data, self.sheet, self.columns, tuple(rows), row_of)

    def _take_heads(self, data: dict[str, Any], row: int) -> None:
        cells = self.sheet.rows[row]
        for key, position in self.columns.heads.items():
            text = self._text(cells[position], key, position)
            if key == "id" or not text:
                continue
            stem, _, last = key.partition(".")
            if stem == "groups":
                table, name = data.setdefault("groups", {}), last
            elif last:
                if not isinstance(data.get("name"), dict):
                    data["name"] = {"en": data["name"]} if "name" in data else {}
                table, name = data["name"], last
            else:
                table, name = data, key
                if key == "name" and isinstance(data.get("name"), dict):
                    table, name = data["name"], "en"
            if table.setdefault(name, text) != text:
                what = say(
                    "{key}: '{text}' here, '{found}' in an earlier row of '{id}'",
                    key=key,
                    text=text,
                    found=table[name],
                    id=data["id"],
                )
                self._note(position, what)

    def _wide(self, row: int) -> dict[str, Any]:
        """Read the only row of a community; what all its values share goes to the top."""
        cells = self.sheet.rows[row]
        shared = self._shared(cells)
        top = {key: shared.pop(key) for key in _AT_THE_TOP if key in shared}
        return top | {"observations": self._row_values(cells, shared)}

    def _row_values(self, cells: list[Cell], shared: Mapping[str, Any]) -> dict[str, Any]:
        observations: dict[str, Any] = {}
        value, own = self.cells.value, self.columns.own_constants
        for position, quantity in self.quantities:
            cell = cells[position]
            if cell is None or cell == "":
                continue
            read = value(cell, quantity, partial(self._note, position))
            if read is None:
                continue
            name = quantity.id
            if shared or name in self.fields or name in own or type(read) is Percent:
                read = self._entry(read, quantity, cells, shared)
            observations[name] = read
        return observations

    def _entry(
        self, read: Any, quantity: Quantity, cells: list[Cell], shared: Mapping[str, Any]
    ) -> Any:
        entry: dict[str, Any] = {"value": read, **shared}
        entry |= self.columns.own_constants.get(quantity.id, {})
        for part, position in self.fields.get(quantity.id, ()):
            self._take_field(entry, part, cells[position], position)
        if type(read) is Percent:
            entry["value"] = float(read)
            entry["unit"] = "dimensionless"  # what is shown as 45 % is stored as 0.45
        ends = [entry.pop(end) for end in ("interval_low", "interval_high") if end in entry]
        if ends:
            entry["interval"] = ends
        return entry

    def _wide_dated(self, rows: list[int], row_of: dict[tuple[str, int], int]) -> dict[str, Any]:
        """Read the rows of a community, each of another year."""
        read: dict[str, Any] = {}
        seen: dict[Any, int] = {}
        for row in rows:
            self.row = row
            cells = self.sheet.rows[row]
            shared = self._shared(cells)
            year = shared.get("year")
            if year in seen:
                first = self.sheet.numbers[seen[year]]
                what = say("a second row of one community (the first is row {first})", first=first)
                hint = say("rows of one community need different years, in a column 'year'")
                self._note(self.columns.heads.get("id", 0), what, hint)
                continue
            seen[year] = row
            for name, entry in self._row_values(cells, shared).items():
                dated = read.setdefault(name, [])
                row_of[name, len(dated)] = row
                dated.append(entry)
        return read

    def _long(
        self, rows: list[int], row_of: dict[tuple[str, int], int], indicator: int, at: int
    ) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for row in rows:
            self.row = row
            cells = self.sheet.rows[row]
            quantity = self._quantity(cells[indicator], indicator)
            if quantity is None:
                continue
            value = self.cells.value(cells[at], quantity, partial(self._note, at))
            if value is None:
                continue
            dated = read.setdefault(quantity.id, [])
            row_of[quantity.id, len(dated)] = row
            dated.append(self._entry(value, quantity, cells, self._shared(cells)))
        return read

    def _quantity(self, cell: Cell, position: int) -> Quantity | None:
        name = self._text(cell, "indicator", position)
        if not name:
            if any(cell not in (None, "") for cell in self.sheet.rows[self.row]):
                self._note(position, say("the row names no indicator"))
            return None
        found = self.names.get(spell_name(name))
        if found is None:
            hint = name_hint(name, self.tree.quantity_by_id, what=say("the indicators"))
            self._note(position, say("unknown indicator '{name}'", name=name), hint)
            return None
        return self.tree.quantity_by_id[found]

    def _shared(self, cells: list[Cell]) -> dict[str, Any]:
        entry = dict(self.columns.constants)
        for part, position in self.columns.shared.items():
            self._take_field(entry, part, cells[position], position)
        return entry

    def _take_field(self, entry: dict[str, Any], part: str, cell: Cell, position: int) -> None:
        """Put a field of an observation into its entry, unless its cell is empty."""
        note = partial(self._note, position)
        value: Any
        if part == "year":
            value = self.cells.year(cell, note)
        elif part in ("sd", "interval_low", "interval_high"):
            value = self.cells.number(cell, part, note)
        else:
            value = self.cells.text(cell, part, note)
        if value is not None:
            entry[part] = value

    def _text(self, cell: Cell, key: str, position: int) -> str:
        if type(cell) is str and cell[:1].isalnum():
            return cell.strip()
        text = self.cells.text(cell, key, partial(self._note, position))
        return text or ""

    def _note(self, column: int, what: str, hint: str = "") -> None:
        self.problems.append(self.sheet.problem(self.row, column, what, hint))


def _start(texts: dict[str, str]) -> str:
    """Take the beginning of what names a row."""
    text = texts["id"] or texts["name"]
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
