"""Units of measurement: conversion by pint, and labels where pint knows no such unit.

pint is loaded only when two unit strings differ, since that costs more than a whole ranking.
Counts and money are dimensions of their own: people do not convert to institutions, nor dollars to
dong.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from icfscore.sentences import say

if TYPE_CHECKING:
    import pint

_SUPERSCRIPTS = str.maketrans({"²": "^2", "³": "^3", "¹": "^1", "µ": "u", "μ": "u", "·": "*"})
_BARE_POWER = re.compile(r"(?<![A-Za-z_])((?:[mcdk])?m|ft|in|yd|mi)([23])(?![0-9A-Za-z_^])")
# What is handed to pint: names, products and small powers; anything else stays a label, so that no
# unit string can make it compute something enormous.
_SAFE = re.compile(r"^[A-Za-z_][\w\s/*()^.-]*$|^1\s*/[\w\s/*()^.-]*$|^dimensionless$")
_LARGE_POWER = re.compile(r"(\^|\*\*)\s*\(?-?\s*(\d{3,}|\d+\s*(\^|\*\*))|[0-9.]{8,}|\^.*\^.*\^.*\^")
_CODE = re.compile(r"\b[A-Z]{3}\b")


class UnitMismatchError(ValueError):
    """Two units that do not convert into each other."""


def spell_unit(unit: str) -> str:
    """Bring a unit to the one spelling that is compared and parsed."""
    spelt = unit.strip().translate(_SUPERSCRIPTS).replace("%", " percent ").strip()
    return " ".join(_BARE_POWER.sub(r"\1^\2", spelt).split())


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint
    from babel.core import get_global

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(
        autoconvert_offset_to_baseunit=True, cache_folder=None
    )
    registry.define("person = [person] = _ = persons = people")
    registry.define("institution = [institution] = _ = institutions")
    for code in sorted(get_global("all_currencies")):
        registry.define(f"{code} = [currency_{code}]")
    return registry


@cache
def _parsed(unit: str) -> Any | None:
    """Parse a unit, or None where pint cannot, for whatever reason: then it is a label."""
    spelt = spell_unit(unit)
    if len(spelt) > 100 or not _SAFE.match(spelt) or _LARGE_POWER.search(spelt):
        return None
    try:
        return _registry().Unit(spelt)
    except Exception:  # noqa: BLE001 - pint raises its own, tokenizer and arithmetic errors alike
        return None


def same_unit(left: str, right: str) -> bool:
    """Tell whether two strings spell the same unit."""
    return left == right or spell_unit(left) == spell_unit(right)


def convert(value: float, given: str, wanted: str) -> float:
    """Convert a value from the unit `given` to the unit `wanted`; "" takes any.

    Raises
    ------
    UnitMismatchError
        Where the dimensions differ, one of the two is a label and the other is not the same, or a
        logarithmic unit has no number for the value.
    """
    if same_unit(given, wanted) or not wanted:
        return value
    source, target = _parsed(given), _parsed(wanted)
    if source is None or target is None:
        label = given if source is None else wanted
        raise UnitMismatchError(
            say("'{label}' is no unit that converts, so the two must be the same", label=label)
        )
    if source.dimensionality != target.dimensionality:
        raise UnitMismatchError(say("they measure different things"))
    import pint

    try:
        with np.errstate(all="ignore"):  # logarithms of zero, powers beyond all numbers
            converted = float(_registry().Quantity(value, source).to(target).magnitude)
    except (pint.PintError, ArithmeticError, ValueError):
        # Such as a difference of temperatures into a temperature, or decibels beyond all numbers.
        what = say("this value does not convert, although the dimensions are the same")
        raise UnitMismatchError(what) from None
    if math.isfinite(value) and (math.isnan(converted) or (value >= 0 and converted == -math.inf)):
        raise UnitMismatchError(say("a logarithmic unit has no number for zero or less"))
    return converted


def convert_difference(difference: float, given: str, wanted: str) -> float:
    """Convert a difference (a standard deviation), for which a scale's zero point is no matter.

    Raises
    ------
    UnitMismatchError
        As `convert`, and where only one of the units is logarithmic: what a difference is then
        depends on where on the scale it lies.
    """
    if same_unit(given, wanted) or not wanted:
        return difference
    if not _is_linear(given, wanted):
        raise UnitMismatchError(
            say("a standard deviation does not convert to or from a logarithmic unit")
        )
    return convert(difference, given, wanted) - convert(0.0, given, wanted)


def _is_linear(given: str, wanted: str) -> bool:
    """Tell whether equal steps in the one unit are equal steps in the other."""
    try:
        start, middle, end = (convert(step, given, wanted) for step in (0.0, 1.0, 2.0))
    except UnitMismatchError:
        convert(1.0, given, wanted)  # raises where not even a value converts
        return False
    rounding = 16 * np.finfo(float).eps * max(abs(start), abs(end))
    bend = abs((end - middle) - (middle - start))
    return bool(bend <= 1e-9 * abs(middle - start) + rounding)
