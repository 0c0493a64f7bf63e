"""Reading what a plan may do: the section `plan` of icfscore.yaml, a file of its own, or options.

An example::

costs: {recycling_pct: 2, connect: 0.5}   # by indicator, or for all below a criterion
limits: {pm25_ugm3: [10, null]}           # lowest and highest planned value
fixed: [gdp_per_capita_ppp_usd]           # stays as it is
free: [gini]                              # may be planned although its lever is none
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from icfscore.domain.criteria import CriteriaTree, FileModel, Indicator
from icfscore.errors import InputError, Problem, name_hint
from icfscore.files.check import Origin, check, spell
from icfscore.files.located_yaml import Location, parse_value, read_document
from icfscore.recipe import Planning
from icfscore.sentences import say


class PlanHead(FileModel):
    """The plan section without its nested parts."""

    costs: dict[str, Any] = Field(default={})
    limits: dict[str, Any] = Field(default={})
    fixed: list[Any] = Field(default=[])
    free: list[Any] = Field(default=[])


_OPTIONS = {"costs": "--cost", "limits": "--limit", "fixed": "--fix", "free": "--free"}


@dataclass(frozen=True, slots=True)
class _Options:
    """The command line as the place of a problem."""

    def problem(
        self, location: tuple[Hashable, ...], what: str, hint: str = "", *, at: Any = "value"
    ) -> Problem:
        """Describe what is wrong with an option."""
        option = _OPTIONS.get(str(location[0]), "") if location else ""
        said = say("{option}: {what}", option=option, what=what) if option else what
        return Problem("", 0, 0, said, hint)


@dataclass(frozen=True, slots=True)
class PlanReader:
    """Reads what a plan may do against one framework; problems are added to the list.

    Where the framework is `partial`, an unknown name is no news.
    """

    tree: CriteriaTree
    origin: Origin
    problems: list[Problem]
    partial: bool = False

    def read(self, data: Any, base: Location = ()) -> Planning:
        """Read the section; what has problems is left out."""
        head = check(PlanHead, {} if data is None else data, self.origin, base, self.problems)
        if head is None:
            return Planning()
        fixed = self._names(head.fixed, (*base, "fixed"))
        free = self._names(head.free, (*base, "free"))
        for name in free:
            if name in fixed:
                what = say("'{name}' is both fixed and free", name=name)
                self._note((*base, "free", free[name]), what, say("keep one of the two"))
        costs = {}
        # What is said of an indicator goes before what is said of the criteria above it.
        for name, value in sorted(head.costs.items(), key=lambda cost: self._depth(cost[0])):
            place = (*base, "costs", name)
            number = self._cost(name, value, place)
            for identifier in self._resolve(name, place):
                costs[identifier] = number
        limits = {}
        for name, value in head.limits.items():
            ends = self._limits(name, value, (*base, "limits", name))
            if ends is not None:
                limits[ends[0]] = ends[1]
        return Planning(costs, limits, tuple(fixed), tuple(free))

    def _names(self, raw: list[Any], place: Location) -> dict[str, int]:
        """Read a list of indicators: their ids, each with its position in the list."""
        found: dict[str, int] = {}
        for position, name in enumerate(raw):
            where = (*place, position)
            if not isinstance(name, str):
                self._note(where, say("must be an indicator, got {value}", value=spell(name)))
                continue
            found.update(dict.fromkeys(self._resolve(name, where), position))
        return found

    def _resolve(self, name: str, place: Location) -> list[str]:
        """Find the indicators that a name stands for: one, or all below a node."""
        identifier = self.tree.resolve(name)
        below = [
            indicator.id
            for indicator in self.tree.indicators
            if identifier in (indicator.id, *self.tree.ancestors(indicator.id))
        ]
        if not below and not self.partial:
            known = [indicator.id for indicator in self.tree.indicators]
            hint = name_hint(name, known, what=say("the indicators"))
            what = say("unknown indicator '{name}'", name=name)
            self._note(place, what, hint, at="key")
        return below

    def _depth(self, name: str) -> int:
        return self.tree.depth_by_id.get(self.tree.resolve(name) or "", 0)

    def _cost(self, name: str, value: Any, place: Location) -> float:
        number = finite_number(value)
        if number is None or number < 0:
            what = say(
                "{name}: a cost must be a finite number of at least 0, got {value}",
                name=name,
                value=spell(value),
            )
            self._note(place, what)
            return 1.0
        return number

    def _limits(
        self, name: str, value: Any, place: Location
    ) -> tuple[str, tuple[float | None, float | None]] | None:
        names = self._resolve(name, place)
        if not names:
            return None
        if len(names) > 1 or names[0] != self.tree.resolve(name):
            what = say("limits are for one indicator, '{name}' is a criterion", name=name)
            self._note(place, what, at="key")
            return None
        indicator = self.tree.quantity_by_id[names[0]]
        assert isinstance(indicator, Indicator)  # noqa: S101 - names of indicators only
        if not isinstance(value, list) or len(value) != 2:
            what = say(
                "{name}: must be the lowest and the highest value, got {value}",
                name=name,
                value=spell(value),
            )
            self._note(place, what, say("such as [10, null]; null is no limit"))
            return None
        ends = [self._end(indicator, end, (*place, n)) for n, end in enumerate(value)]
        low, high = ends
        if low is not None and high is not None and low > high:
            what = say(
                "{name}: the lowest value {low:g} is above the highest {high:g}",
                name=name,
                low=low,
                high=high,
            )
            self._note(place, what)
            return None
        return indicator.id, (low, high)

    def _end(self, indicator: Indicator, value: Any, place: Location) -> float | None:
        if value is None:
            return None
        levels = indicator.levels or {}
        if isinstance(value, str) and value in levels:
            return levels[value]
        number = float(value) if isinstance(value, bool) else finite_number(value)
        if number is None:
            known = say("the levels")
            hint = name_hint(value, levels, what=known) if isinstance(value, str) else ""
            what = say(
                "{name}: must be a number, got {value}", name=indicator.id, value=spell(value)
            )
            self._note(place, what, hint)
        elif not indicator.admits(number):
            what = say(
                "{name}: {value:g} is outside the bounds {bounds}",
                name=indicator.id,
                value=number,
                bounds=indicator.spelt_bounds,
            )
            self._note(place, what)
        return number

    def _note(self, location: Location, what: str, hint: str = "", *, at: Any = "value") -> None:
        self.problems.append(self.origin.problem(location, what, hint, at=at))


def finite_number(value: Any) -> float | None:
    """Take a finite number; None for anything else, true and false included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def read_planning(
    tree: CriteriaTree,
    path: Path | None = None,
    *,
    costs: Iterable[str] = (),
    limits: Iterable[str] = (),
    fixed: Iterable[str] = (),
    free: Iterable[str] = (),
) -> Planning:
    """Read a plan's settings from a file, then from options.

    Parameters
    ----------
    costs, limits
        ``INDICATOR=COST`` and ``INDICATOR=LOW..HIGH``, one end of which may be left out.

    Raises
    ------
    InputError
        With every problem of the file and the options.
    """
    problems: list[Problem] = []
    planning = Planning()
    if path is not None:
        try:
            document = read_document(path, str(path))
        except InputError as error:
            problems.extend(error.problems)
        else:
            planning = PlanReader(tree, document, problems).read(document.data)
    origin = _Options()
    spelt = {
        "costs": _pairs(costs, "INDICATOR=COST", "costs", origin, problems),
        "limits": _pairs(limits, "INDICATOR=LOW..HIGH", "limits", origin, problems),
    }
    ends = {
        name: [_end_of(end, name) for end in value.split("..")]
        for name, value in spelt["limits"].items()
    }
    raw = {
        "costs": {name: parse_value(value, "--cost") for name, value in spelt["costs"].items()},
        "limits": ends,
        "fixed": list(fixed),
        "free": list(free),
    }
    planning = planning.merged(PlanReader(tree, origin, problems).read(raw))
    if problems:
        raise InputError(problems)
    return planning


def _pairs(
    options: Iterable[str], form: str, key: str, origin: Origin, problems: list[Problem]
) -> dict[str, str]:
    read: dict[str, str] = {}
    for option in options:
        name, sign, value = (part.strip() for part in option.partition("="))
        dotted = key != "limits" or value.count("..") == 1
        if not (name and sign and value and dotted):
            what = say("'{option}' is not of the form {form}", option=option, form=form)
            problems.append(origin.problem((key,), what))
        elif name in read:
            problems.append(origin.problem((key,), say("'{name}' is given twice", name=name)))
        else:
            read[name] = value
    return read


def _end_of(text: str, name: str) -> Any:
    return parse_value(text.strip(), f"--limit {name}") if text.strip() else None
