"""What the columns of a table hold: communities, values, and what is known of the values.

A column is found by its name: an indicator's or context quantity's id, alias or name in any
language, with its unit behind in brackets or without; or one of the words below. A mapping names
columns that are called otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from icfscore.domain.criteria import CriteriaTree
from icfscore.errors import Problem, name_hint
from icfscore.files.mapping_file import ColumnEntry, MappingFile
from icfscore.files.sheet import Sheet
from icfscore.sentences import say

# Of a community, by the names that its columns may have.
HEADS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "community", "ucode", "unit code", "code", "iso3"),
    "name": ("name", "uname", "unit name", "community name"),
    "parent": ("parent",),
    "country": ("country",),
    "kind": ("kind",),
    "region": ("region",),
    "listed_as": ("listed_as",),
}
# Of an observation; in a wide table they hold for the whole row, or as ``dust.year`` for one value.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "year": ("year", "time"),
    "source": ("source",),
    "level": ("level",),
    "area": ("area",),
    "status": ("status",),
    "comparability": ("comparability",),
    "note": ("note",),
}
OWN_FIELDS = (*FIELDS, "unit", "sd", "interval_low", "interval_high")
INDICATOR = ("indicator", "icode", "variable")
VALUE = ("value",)

_BRACKETED = re.compile(r"(.+?)\s*[\[(]([^\[\]()]+)[\])]")


@dataclass(slots=True)
class Columns:
    """Where in a table things stand, by position of the column.

    Attributes
    ----------
    heads, shared
        By field of a community, and of all observations of a row.
    values
        Quantity id by column, in a wide table.
    fields
        By quantity id and field.
    constants, own_constants
        What holds for all observations, and for those of one quantity.
    indicator, value
        In a long table.
    ignored
        Names of columns that are not read.
    """

    header: list[str]
    heads: dict[str, int] = field(default_factory=dict)
    shared: dict[str, int] = field(default_factory=dict)
    values: dict[int, str] = field(default_factory=dict)
    fields: dict[tuple[str, str], int] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    own_constants: dict[str, dict[str, Any]] = field(default_factory=dict)
    indicator: int | None = None
    value: int | None = None
    ignored: list[str] = field(default_factory=list)
    _column_by_quantity: dict[str, int] = field(default_factory=dict)

    def column_of(self, quantity: str) -> int:
        """Find the column of a quantity's values; 0 where it has none."""
        if self.value is not None:
            return self.value
        if not self._column_by_quantity:
            self._column_by_quantity = {name: column for column, name in self.values.items()}
        return self._column_by_quantity.get(quantity, 0)

    @property
    def long(self) -> tuple[int, int] | None:
        """Columns of indicators and values, where each row holds one value."""
        if self.indicator is None or self.value is None:
            return None
        return self.indicator, self.value


def find_columns(
    sheet: Sheet,
    tree: CriteriaTree,
    problems: list[Problem],
    mapping: MappingFile | None = None,
    *,
    header: int = 0,
    strict: bool = False,
) -> Columns | None:
    """Find out what each column holds; None where problems, added to the list, leave no table.

    Parameters
    ----------
    header
        Position of the row with the names.
    strict
        Whether a column of an unknown name is a problem; otherwise it is not read.
    """
    if len(sheet.rows) <= header:
        problems.append(
            sheet.problem(0, 0, say("holds no table: no row with the names of columns"))
        )
        return None
    return _Finder(sheet, tree, problems, mapping or MappingFile(), header, strict).find()


def spell_name(text: str) -> str:
    """Bring a name to the spelling that is compared."""
    return " ".join(text.split()).casefold()


def quantity_names(tree: CriteriaTree) -> dict[str, str]:
    """List what each quantity may be called, in the spelling that is compared.

    A name that several share stands for none of them.
    """
    names: dict[str, str] = {}
    shared: set[str] = set()
    for quantity in tree.quantity_by_id.values():
        texts = quantity.name.values() if isinstance(quantity.name, dict) else (quantity.name,)
        for name in {spell_name(text) for text in texts}:
            if names.setdefault(name, quantity.id) != quantity.id:
                shared.add(name)
    names = {name: found for name, found in names.items() if name not in shared}
    for name, found in tree.id_by_name.items():
        if found in tree.quantity_by_id:
            names[spell_name(name)] = found
    return names


class _Finder:
    def __init__(
        self,
        sheet: Sheet,
        tree: CriteriaTree,
        problems: list[Problem],
        mapping: MappingFile,
        row: int,
        strict: bool,
    ) -> None:
        self.sheet, self.row, self.problems = sheet, row, problems
        self.mapping, self.strict = mapping, strict
        self.names = quantity_names(tree)
        self.words = {
            name: (table, target)
            for table, listed in (("heads", HEADS), ("shared", FIELDS))
            for target, names in listed.items()
            for name in names
        }
        header = [" ".join(str(cell or "").split()) for cell in sheet.rows[row]]
        self.columns = Columns(header)

    def find(self) -> Columns | None:
        columns, found = self.columns, len(self.problems)
        shared = ("source", "year", "level")
        given = {name: getattr(self.mapping, name) for name in shared}
        columns.constants = {name: value for name, value in given.items() if value is not None}
        self._check_merged()
        mapped = self._mapped()
        for position, name in enumerate(columns.header):
            if name and position not in mapped:
                self._take(position, name)
        self._settle_country()
        if columns.value is not None and columns.indicator is None:
            self._note(columns.value, say("a column of values, but none says of which indicator"))
        elif columns.long is not None and columns.values:
            position, quantity = next(iter(columns.values.items()))
            what = say("a column of '{name}' in a table with a row for each value", name=quantity)
            self._note(position, what, say("give its values rows of their own, or leave it out"))
        elif columns.value is None and not columns.values:
            names = ", ".join(name for name in columns.header if name)[:200]
            hint = say("the columns are: {names}; a mapping can name them", names=names)
            self._note(0, say("no column is called like an indicator"), hint)
        if "id" not in columns.heads and "name" not in columns.heads:
            hint = say("call it 'id' or 'name', or map it: --column id=HEADER")
            self._note(0, say("no column names the communities"), hint)
        return columns if len(self.problems) == found else None

    def _check_merged(self) -> None:
        number = self.sheet.numbers[self.row]
        for top, left, bottom, _ in self.sheet.merged:
            if top <= number <= bottom:
                hint = say("unmerge them: each column needs a name of its own")
                self._note(left - 1, say("merged cells in the row of the columns' names"), hint)

    def _mapped(self) -> set[int]:
        """Take the columns that the mapping names."""
        taken: set[int] = set()
        positions = {spell_name(name): at for at, name in enumerate(self.columns.header) if name}
        for target, given in self.mapping.columns.items():
            entry = ColumnEntry(column=given) if isinstance(given, str) else given
            position = positions.get(spell_name(entry.column))
            if position is None:
                hint = name_hint(entry.column, [n for n in self.columns.header if n])
                self._note(
                    0,
                    say(
                        "no column '{column}', which is mapped to '{target}'",
                        column=entry.column,
                        target=target,
                    ),
                    hint,
                )
                continue
            taken.add(position)
            if not self._assign(position, target):
                hint = name_hint(target, [*self.words, *self.names], what=say("known are"))
                self._note(
                    position,
                    say("mapped to '{target}', which is nothing known", target=target),
                    hint,
                )
                continue
            own = entry.model_dump(exclude_none=True, exclude={"column"})
            if own and position in self.columns.values:
                self.columns.own_constants[self.columns.values[position]] = own
        for name in self.mapping.ignore:
            if spell_name(name) in positions:
                taken.add(positions[spell_name(name)])
        return taken

    def _take(self, position: int, name: str) -> None:
        if self._assign(position, name):
            return
        bracketed = _BRACKETED.fullmatch(name)
        if bracketed and spell_name(bracketed[1]) in self.names:
            quantity = self.names[spell_name(bracketed[1])]
            self._value(position, quantity)
            self.columns.own_constants.setdefault(quantity, {})["unit"] = bracketed[2].strip()
        elif self.strict:
            hint = name_hint(name, [*self.words, *self.names])
            self._note(position, say("unknown column '{name}'", name=name), hint)
        else:
            self.columns.ignored.append(name)

    def _assign(self, position: int, target: str) -> bool:
        """Let a column hold what the target names; False where that is nothing known."""
        name = spell_name(target)
        if name in self.names:
            self._value(position, self.names[name])
            return True
        if name in self.words:
            table, key = self.words[name]
            self._put(getattr(self.columns, table), key, position)
            return True
        if name in INDICATOR or name in VALUE:
            if name in INDICATOR:
                self.columns.indicator = position
            else:
                self.columns.value = position
            return True
        if name in OWN_FIELDS:
            self._put(self.columns.shared, name, position)
            return True
        stem, _, last = name.rpartition(".")
        if stem in self.names and last in OWN_FIELDS:
            self._put(self.columns.fields, (self.names[stem], last), position)
            return True
        if stem in ("groups", "name") and last:
            key = target.strip().rpartition(".")[2]
            self._put(self.columns.heads, f"{stem}.{key}", position)
            return True
        return False

    def _value(self, position: int, quantity: str) -> None:
        if quantity in self.columns.values.values():
            self._note(position, say("a second column of '{quantity}'", quantity=quantity))
        self.columns.values[position] = quantity

    def _put(self, table: dict[Any, int], key: Any, position: int) -> None:
        if key in table:
            first = self.columns.header[table[key]]
            spelt = key if isinstance(key, str) else ".".join(key)
            hint = say("say which one: --column, or ignore one in a mapping")
            self._note(
                position,
                say("a second column of '{spelt}', beside '{first}'", spelt=spelt, first=first),
                hint,
            )
        else:
            table[key] = position

    def _settle_country(self) -> None:
        """Take countries for the communities, where these have no name of their own."""
        heads = self.columns.heads
        by_iso = "id" in heads and spell_name(self.columns.header[heads["id"]]) == "iso3"
        if "country" in heads and "name" not in heads and (by_iso or "id" not in heads):
            heads["name"] = heads.pop("country")

    def _note(self, column: int, what: str, hint: str = "") -> None:
        self.problems.append(self.sheet.problem(self.row, column, what, hint))
