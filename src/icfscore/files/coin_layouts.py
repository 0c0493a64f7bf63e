"""Recognising COINr's iData with iMeta, and the COIN Tool's sheet "Database".

COINr: iMeta has a row for each column of iData (codes, names, directions, weights, parents, types;
https://bluefoxr.github.io/COINr/reference/check_iMeta.html), iData a row for each unit. The COIN
Tool (https://knowledge4policy.ec.europa.eu/composite-indicators/coin-tool_en) keeps both in one
sheet: from column E an indicator each, with rows 7 to 10 for weight, direction, lower and upper
goalpost, 11 to 14 for the groups from the index down, 15 for the name, 16 for the code, and below
the units, with names in column B and codes in C.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from icfscore.errors import InputError, Problem
from icfscore.files.cell_values import CellReader
from icfscore.files.coin_framework import Part, spell_framework
from icfscore.files.sheet import Cell, Sheet, is_missing
from icfscore.files.table_columns import spell_name
from icfscore.sentences import say

_REQUIRED = ("icode", "type", "direction", "parent", "level", "weight")
_TYPES = {"indicator", "aggregate", "denominator", "group", "other"}
_FIRST_UNIT, _FIRST_COLUMN = 17, 4
_WEIGHT, _DIRECTION, _LOWER, _UPPER, _INDEX, _SUBPILLAR, _NAME, _CODE = 7, 8, 9, 10, 11, 14, 15, 16


@dataclass(slots=True)
class Coin:
    """A framework and its data.

    Attributes
    ----------
    files
        Texts of the framework's files.
    data
        A wide table.
    columns
        What the data's columns hold, as a mapping would say it.
    ignore
        Columns that hold nothing for this project.
    """

    files: dict[str, str]
    data: Sheet
    columns: dict[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def find_coin(sheets: list[Sheet], decimal: str | None) -> Coin | None:
    """Recognise one of the layouts among the sheets; None where there is neither.

    Raises
    ------
    InputError
        With what is wrong with the framework.
    """
    meta = next((sheet for sheet in sheets if _is_meta(sheet)), None)
    if meta is not None:
        data = next((sheet for sheet in sheets if _is_data(sheet)), None)
        if data is None:
            raise InputError.of(
                say("describes indicators (iMeta), but no iData is given"), file=meta.file
            )
        return _read_coinr(meta, data, decimal)
    for sheet in sheets:
        if spell_name(sheet.name) == "database" and 16 in sheet.numbers:
            return _read_coin_tool(sheet, sheets, decimal)
    return None


def _names(sheet: Sheet) -> list[str]:
    return [spell_name(str(cell or "")) for cell in sheet.rows[0]] if sheet.rows else []


def _is_meta(sheet: Sheet) -> bool:
    names = _names(sheet)
    return "icode" in names and "type" in names and "ucode" not in names


def _is_data(sheet: Sheet) -> bool:
    return "ucode" in _names(sheet)


class _MetaReader:
    def __init__(self, sheet: Sheet, decimal: str | None) -> None:
        self.sheet = sheet
        self.cells = CellReader(sheet, decimal)
        self.problems: list[Problem] = []
        self.row = 0

    def text(self, row: int, column: int | None) -> str:
        cell = self._cell(row, column)
        if column is None or is_missing(cell):
            return ""
        return self.cells.text(cell, "", partial(self._note, row, column)) or ""

    def number(self, row: int, column: int | None, name: str) -> float | None:
        if column is None:
            return None
        cell = self._cell(row, column)
        return self.cells.number(cell, name, partial(self._note, row, column))

    def _cell(self, row: int, column: int | None) -> Cell:
        cells = self.sheet.rows[row]
        return cells[column] if column is not None and column < len(cells) else None

    def _note(self, row: int, column: int, what: str, hint: str) -> None:
        self.problems.append(self.sheet.problem(row, column, what, hint))

    def place(self, row: int) -> str:
        where = f"{self.sheet.name}!" if self.sheet.name else ""
        return f"{where}row {self.sheet.numbers[row]}"

    def check(self) -> None:
        if self.problems:
            raise InputError(self.problems)


def _read_coinr(meta: Sheet, data: Sheet, decimal: str | None) -> Coin:
    position = {name: column for column, name in enumerate(_names(meta)) if name}
    missing = [name for name in _REQUIRED if name not in position]
    if missing:
        what = say("iMeta has no column {missing}", missing=", ".join(missing))
        raise InputError(
            [meta.problem(0, 0, what, say("it needs {required}", required=", ".join(_REQUIRED)))]
        )
    reader = _MetaReader(meta, decimal)
    parts: list[Part] = []
    columns: dict[str, str] = {}
    ignore: list[str] = []
    for row in range(1, len(meta.rows)):
        code = reader.text(row, position["icode"])
        kind = reader.text(row, position["type"]).casefold()
        if not code and not kind:
            continue
        if kind not in _TYPES:
            what = say(
                "{code}: type: must be one of {found}, got '{kind}'",
                code=code,
                found=", ".join(sorted(_TYPES)),
                kind=kind,
            )
            reader.problems.append(meta.problem(row, position["type"], what))
        elif kind == "group":
            columns[f"groups.{code}"] = code
        elif kind == "other":
            ignore.append(code)
        else:
            parts.append(_part(reader, row, position, code, kind))
    reader.check()
    files = spell_framework(parts, meta.file)
    notes: list[str] = (
        [say("type Other, not read: {names}", names=", ".join(ignore))] if ignore else []
    )
    return Coin(files, data, columns, tuple(ignore), notes)


def _part(reader: _MetaReader, row: int, position: dict[str, int], code: str, kind: str) -> Part:
    at = position.get
    part = Part(
        code=code,
        name=reader.text(row, at("iname")),
        kind=kind,
        place=reader.place(row),
        unit=reader.text(row, at("unit")),
        description=reader.text(row, at("description")),
    )
    if kind != "denominator":
        part.parent = reader.text(row, at("parent"))
        part.weight = reader.number(row, at("weight"), "weight")
        part.direction = reader.number(row, at("direction"), "direction")
    if kind == "indicator":
        part.target = reader.number(row, at("target"), "target")
        part.denominator = reader.text(row, at("denominator"))
    return part


def _read_coin_tool(sheet: Sheet, sheets: list[Sheet], decimal: str | None) -> Coin:
    reader = _MetaReader(sheet, decimal)
    row_of = {number: row for row, number in enumerate(sheet.numbers)}
    absent = [number for number in (_DIRECTION, _NAME, _CODE) if number not in row_of]
    if absent:
        what = say("looks like the COIN Tool's Database, but row {found} is empty", found=absent[0])
        raise InputError([sheet.problem(0, 0, what, say("rows 7 to 16 describe the indicators"))])
    width = len(sheet.rows[0])
    groups = _group_names(sheets)
    codes: list[tuple[int, str]] = []
    chains: list[list[str]] = []
    for column in range(_FIRST_COLUMN, width):
        code, name = (reader.text(row_of[number], column) for number in (_CODE, _NAME))
        if code and name.strip("-"):
            codes.append((column, code))
            rows = [row_of.get(number) for number in range(_INDEX, _SUBPILLAR + 1)]
            chains.append(["" if row is None else reader.text(row, column) for row in rows])
    levels = _used_levels(chains)
    parts: dict[str, Part] = {}
    for (column, code), chain in zip(codes, chains, strict=True):
        above = [chain[level] for level in levels if chain[level]]
        parent = _hang(parts, above, groups, sheet.name)
        parts[code] = _tool_indicator(reader, row_of, column, code, parent)
    reader.check()
    files = spell_framework(list(parts.values()), sheet.file)
    return Coin(files, _units(sheet, codes, row_of))


def _tool_indicator(
    reader: _MetaReader, row_of: dict[int, int], column: int, code: str, parent: str
) -> Part:
    def number(row: int, name: str) -> float | None:
        return reader.number(row_of[row], column, name) if row in row_of else None

    return Part(
        code=code,
        name=reader.text(row_of[_NAME], column),
        kind="indicator",
        place=f"{reader.sheet.name}, {code}",
        parent=parent,
        weight=number(_WEIGHT, "weight"),
        direction=number(_DIRECTION, "direction"),
        goalposts=_goalposts(reader, row_of, column),
    )


def _goalposts(
    reader: _MetaReader, row_of: dict[int, int], column: int
) -> tuple[float, float] | None:
    ends = [
        reader.number(row_of[number], column, "goalpost") if number in row_of else None
        for number in (_LOWER, _UPPER)
    ]
    low, high = ends
    return (low, high) if low is not None and high is not None and low < high else None


def _hang(
    parts: dict[str, Part],
    chain: list[str],
    groups: dict[str, tuple[str, float | None]],
    place: str,
) -> str:
    """Make the groups above an indicator, from the index down; give the lowest one's code."""
    above = ""
    for code in chain:
        if code not in parts:
            name, weight = groups.get(code, (code, None))
            parts[code] = Part(
                code=code, name=name, kind="aggregate", place=place, parent=above, weight=weight
            )
        above = code
    return above


def _used_levels(chains: list[list[str]]) -> list[int]:
    """List the levels that tell groups apart; one group for all means that it is not used."""
    return [
        level
        for level in range(len(chains[0]) if chains else 0)
        if level == 0 or len({chain[level] for chain in chains}) > 1
    ]


def _group_names(sheets: list[Sheet]) -> dict[str, tuple[str, float | None]]:
    """Read names and weights of the groups from the sheet "Framework", where it is there."""
    found: dict[str, tuple[str, float | None]] = {}
    for sheet in sheets:
        if spell_name(sheet.name) != "framework":
            continue
        for row in sheet.rows:
            if len(row) > 7 and isinstance(row[2], str) and isinstance(row[7], str):
                weight = row[4]
                known = isinstance(weight, int | float) and not isinstance(weight, bool)
                found[row[2].strip()] = (row[7].strip(), float(weight) if known else None)  # type: ignore[arg-type]
    return found


def _units(sheet: Sheet, codes: list[tuple[int, str]], row_of: dict[int, int]) -> Sheet:
    """Cut the data out of the Database: a header, then the units."""
    header: list[Cell] = [None] * len(sheet.rows[0])
    header[1], header[2] = "name", "id"
    for column, code in codes:
        header[column] = code
    rows, numbers = [header], [_CODE]
    for number, row in row_of.items():
        cells = sheet.rows[row]
        if number >= _FIRST_UNIT and (cells[1] is not None or cells[2] is not None):
            rows.append(cells)
            numbers.append(number)
    return Sheet(sheet.file, sheet.name, rows, numbers, sheet.typed, sheet.separator)
