"""Single values, honest and hostile, and whatever a JSON Schema allows.

Everything takes a `random.Random`, so that a seed and a number make the same input again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import icfscore

SCHEMAS = Path(icfscore.__file__).parent / "schemas"

HOSTILE_NUMBERS = (
    "0", "-0.0", "1e300", "-1e300", "1e308", "1e309", "1e-300", "5e-324", "nan", ".nan", ".inf",
    "-.inf", "inf", "9" * 30, "9" * 400, "9" * 5000, "0x" + "f" * 4000, "0o7777777", "1_000", "1,5",
    "1.234", "1e", "--1", "٣", "²", "1e999999999", "2147483648", "-2147483649", "18446744073709551616",
    "0.1", "100", "1e-17", "-1",
)  # fmt: skip
HOSTILE_TEXTS = (
    "", " ", "\t", "\n", "\r\n", "\0", "\x1b[31m", "\ufeff", "\u202e", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "Bình Dương", "a" * 300, "x" * 5000, "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1", "<b>",
    "</script><script>", "&amp;", "|", "a|b", "`x`", "**", "[x](y)", "{{ 7*7 }}", "{% raw %}", "{name}", "{0}",
    "%s", "%(x)s", "%", "$HOME", "../../x", "/etc/passwd", "C:\\x", "con", "NUL", ".", "..", "-", "~",
    "null", "true", "yes", "NO", "on", "12:30", "2018-01-01", "*a", "&a", "!x", "! ", "? ", "- ", ": ",
    "#", "'", '"', "\\", "\\u0000", "[", "]", "{", "}", ",", ";", "[bold]", "[/]", "[/bold]", "[link=x]", "ﬁ", "İ",
    "ß", "́", "\u2028", "\x85", "١٢", "NA", "N/A", "..", "[[", "{[", "<!--", "]]>", "|-", ">",
)  # fmt: skip
UNITS = (
    "percent", "%", "m", "m^2", "km", "USD", "VND", "ug/m^3", "person", "institution", "label", "point",
    "dimensionless", "Mbit/s", "1/person", "degC", "degF", "kelvin", "USD/person", "m^99", "m^(2^9)", "m**m", "((m",
    "m/0", "1/1", "dB", "delta_degC", "m*", "°C", "pH", "degC*m", "degC^2", "dBm", "decade", "year", "1/0", "m^-1",
    "micro_m", "per person", "month", "bit", "m^0.5", "Np", "hPa", "µg/m³",
)  # fmt: skip


def number(r: Random) -> Any:
    """Draw a number as projects hold them, now and then an odd one."""
    pick = r.randrange(12)
    if pick < 4:
        return r.randrange(101)
    if pick < 8:
        return round(r.uniform(0, 100), r.randrange(5))
    return r.choice(
        [0, 1, -1, 0.5, 2, 1e-9, 1e9, -3.25, 1e300, -1e300, 1e-300, 5e-324, 100, 50]
        if pick > 10
        else [0, 1, 2, 3, 5, 0.5, 0.25, 10, 100, 60]
    )


def text(r: Random) -> str:
    """Draw a name: mostly a word, now and then a hostile one."""
    if r.random() < 0.8:
        return r.choice(["Air", "Work", "Khung nhỏ", "A b", "Ørsted", "x", "High", "none", "S"])
    chosen = r.choice(HOSTILE_TEXTS)
    return chosen + r.choice(HOSTILE_TEXTS) if r.random() < 0.2 else chosen


def hostile(r: Random) -> Any:
    """Draw a value that hardly any place expects."""
    pick = r.randrange(8)
    if pick < 2:
        return r.choice(HOSTILE_TEXTS)
    if pick == 2:
        return r.choice(
            [None, True, False, [], {}, [[]], [{}], {"": None}, [None], {"a": {"b": 1}}]
        )
    if pick == 3:
        nested: Any = 1
        for _ in range(r.choice([3, 30, 60])):
            nested = [nested] if r.random() < 0.5 else {"a": nested}
        return nested
    if pick == 4:
        return float(r.choice(["nan", "inf", "-inf", "1e308", "5e-324", "-0.0"]))
    if pick == 5:
        return r.choice([10**30, -(10**400), 2**63, 2**64, 2**31])
    return number(r)


@cache
def schema(name: str) -> Mapping[str, Any]:
    """Read one of the package's JSON Schemas."""
    found: Mapping[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    return found


def allowed(
    r: Random, name: str, *path: str, names: Mapping[str, Sequence[str]], odd: float = 0.01
) -> Any:
    """Draw a value that a schema allows at a path of properties.

    Parameters
    ----------
    names
        The project's names by the property that takes such ones; under "" those for any other.
    odd
        How often a value is a hostile one instead.
    """
    root = schema(name)
    part: Any = root
    for key in path:
        while "properties" not in part and "anyOf" in part:
            part = next(each for each in part["anyOf"] if "properties" in each)
        part = part["properties"][key]
    return _Filler(r, root.get("$defs", {}), names, odd).fill(part, path[-1] if path else "")


class _Filler:
    def __init__(
        self, r: Random, definitions: Any, names: Mapping[str, Sequence[str]], odd: float
    ) -> None:
        self.r = r
        self.definitions = definitions
        self.names = names
        self.odd = odd

    def fill(self, part: Any, key: str = "") -> Any:
        r = self.r
        if r.random() < self.odd:
            return hostile(r)
        if key == "draws":  # a hundred million are allowed, and take their time
            return r.choice([0, 1, 2, 3, 10, 100])
        if "$ref" in part:
            return self.fill(self.definitions[part["$ref"].rpartition("/")[2]], key)
        if "anyOf" in part:
            choices = [each for each in part["anyOf"] if each.get("type") != "null"]
            return self.fill(r.choice(choices), key)
        if "oneOf" in part:
            return self.fill(r.choice(part["oneOf"]), key)
        if "const" in part:
            return part["const"]
        if "enum" in part:
            return r.choice(part["enum"])
        return self._of_kind(part, key)

    def _of_kind(self, part: Any, key: str) -> Any:
        r = self.r
        kind = part.get("type")
        if isinstance(kind, list):
            kind = r.choice(kind)
        if kind == "object":
            return self._mapping(part, key)
        if kind == "array":
            return self._list(part, key)
        if kind == "boolean":
            return r.random() < 0.5
        if kind in ("integer", "number"):
            return self._number(part, key, whole=kind == "integer")
        if kind == "string":
            return self._name(key) if key in self.names or r.random() < 0.7 else text(r)
        return hostile(r)

    def _name(self, key: str) -> str:
        return self.r.choice(self.names.get(key) or self.names[""])

    def _mapping(self, part: Any, key: str) -> dict[str, Any]:
        r = self.r
        required = part.get("required", ())
        given = {
            name: self.fill(each, name)
            for name, each in part.get("properties", {}).items()
            if name in required or r.random() < 0.3
        }
        more = part.get("additionalProperties")
        if isinstance(more, dict):
            for _ in range(max(part.get("minProperties", 0), r.randrange(3))):
                given[self._name(key)] = self.fill(more)
        return given

    def _list(self, part: Any, key: str) -> list[Any]:
        r = self.r
        if "prefixItems" in part:
            return [self.fill(each, key) for each in part["prefixItems"]]
        least = part.get("minItems", 0)
        count = r.randint(least, min(part.get("maxItems", least + 4), least + 4))
        return [self.fill(part.get("items", {}), key) for _ in range(count)]

    def _number(self, part: Any, key: str, *, whole: bool) -> Any:
        r = self.r
        if "year" in key:
            return r.choice([2016, 2017, 2018, 2018, 2019, 2022])
        low = part.get("minimum", part.get("exclusiveMinimum", -5 if r.random() < 0.1 else 0))
        if whole:
            high = min(part.get("maximum", low + 12), low + 12)
            return r.randint(low, max(low, high))
        drawn = number(r) if r.random() < 0.6 else round(r.random(), 2)
        return max(low, drawn)
