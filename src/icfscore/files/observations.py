"""Reading observations: values, units, levels, years and sources."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from icfscore.domain.communities import LARGEST, Level, Observation, Source
from icfscore.domain.criteria import CriteriaTree, Indicator, Quantity
from icfscore.domain.units import UnitMismatchError, convert, convert_difference, same_unit
from icfscore.errors import Problem, name_hint
from icfscore.files.check import Origin, check, spell
from icfscore.files.entries import CommunityHead, EntityHead, ObservationEntry
from icfscore.files.located_yaml import Location
from icfscore.sentences import say

_NUMBERS = (float, int)


@dataclass(frozen=True, slots=True)
class Citations:
    """The sources there are, to check those that are cited."""

    sources: Mapping[str, Source]
    problems: list[Problem]

    def check(self, source: str | None, document: Origin, place: Location) -> str:
        """Check that a source is given and known."""
        if source is None:
            needed = say("give a key of sources.yaml, here or once at the top of the file")
            what = say("has no source")
            if len(place) > 1 and isinstance(place[1], str):
                what = say("{id}: has no source", id=place[1])
            self.problems.append(document.problem(place, what, needed, at="key"))
            return ""
        if source not in self.sources:
            hint = name_hint(source, self.sources, what=say("the keys of sources.yaml"))
            what = say("unknown source '{source}'", source=source)
            self.problems.append(document.problem((*place, "source"), what, hint))
        return source


@dataclass(frozen=True, slots=True)
class ObservationReader:
    """Reads the observations of one file.

    Where the framework is `partial`, an unknown name is no news; where the file's head is, a
    missing source is none.
    """

    tree: CriteriaTree
    citations: Citations
    problems: list[Problem]
    document: Origin
    head: EntityHead
    partial: bool
    partial_head: bool

    def read(self) -> dict[str, tuple[Observation, ...]]:
        """Read all of them: dated observations by quantity id."""
        tree = self.tree
        read: dict[str, tuple[Observation, ...]] = {}
        quantities = tree.quantity_by_id
        shared = self._shared()
        for key, raw in self.head.observations.items():
            identifier = key if key in quantities else tree.resolve(key)
            if identifier is None or identifier not in quantities:
                if self.partial:
                    continue
                hint = name_hint(key, quantities, what=say("the indicators"))
                self._note((key,), say("unknown indicator '{key}'", key=key), hint, at="key")
                continue
            if identifier in read:
                self._note(
                    (key,),
                    say("'{key}' is '{identifier}', given twice", key=key, identifier=identifier),
                    at="key",
                )
                continue
            quantity = quantities[identifier]
            if type(raw) in _NUMBERS and shared and self._is_plain(raw, quantity):
                read[identifier] = (_bare(raw, quantity, shared),)
            else:
                read[identifier] = self._dated(key, raw, quantity)
        return {identifier: read[identifier] for identifier in read if read[identifier]}

    def _is_plain(self, value: float, quantity: Quantity) -> bool:
        """Tell whether a bare number needs no second look."""
        if not (-LARGEST < value < LARGEST and quantity.admits(value)):
            return False
        if isinstance(quantity, Indicator) and quantity.kind == "boolean":
            return value in (0, 1)
        return value > 0 or not self._must_be_positive(quantity)

    def _must_be_positive(self, quantity: Quantity) -> bool:
        if isinstance(quantity, Indicator):
            return quantity.transform == "log"
        return quantity.id in self.tree.denominators

    def _shared(self) -> tuple[str, Level, int | None] | None:
        """Give what bare numbers take from the top of the file; None where the source lacks."""
        source = self.head.source
        if source is None or source not in self.citations.sources:
            if source is not None:
                self.citations.check(source, self.document, ())
            return None
        return source, self._default_level(), self.head.year

    def _default_level(self) -> Level:
        if self.head.level is not None:
            return self.head.level
        if isinstance(self.head, CommunityHead):
            return "community"
        return "region" if self.head.type == "region" else "national"

    def _dated(self, key: str, raw: Any, quantity: Quantity) -> tuple[Observation, ...]:
        if not isinstance(raw, list):
            observation = self._one((key,), raw, quantity)
            return () if observation is None else (observation,)
        read = []
        years: set[int | None] = set()
        for position, entry in enumerate(raw):
            observation = self._one((key, position), entry, quantity)
            if observation is None:
                continue
            if observation.year in years:
                year = observation.year or say("no year")
                self._note(
                    (key, position), say("{key}: a second value for {year}", key=key, year=year)
                )
            years.add(observation.year)
            read.append(observation)
        return tuple(read)

    def _one(self, path: Location, raw: Any, quantity: Quantity) -> Observation | None:
        if raw is None:
            return None
        if not isinstance(raw, dict):
            raw = {"value": raw}
            place = path
        else:
            place = (*path, "value")
        base: Location = ("observations", *path)
        entry = check(ObservationEntry, raw, self.document, base, self.problems)
        if entry is None or entry.value is None:
            return None
        number = self._number(place, entry.value, quantity)
        source = self._source(entry, base)
        if number is None:
            return None
        observation = self._converted(entry, number, quantity, base, source)
        if observation is None or not self._fits(observation, quantity, place):
            return None
        return observation

    def _source(self, entry: ObservationEntry, base: Location) -> str:
        if entry.source is None and (self.head.source is not None or self.partial_head):
            return self.head.source or ""  # checked once, at the top of the file
        return self.citations.check(entry.source, self.document, base)

    def _number(self, place: Location, value: Any, quantity: Quantity) -> float | None:
        """Read a value: a number, a level's word, or true and false of a boolean indicator."""
        levels = quantity.levels if isinstance(quantity, Indicator) else None
        kind = quantity.kind if isinstance(quantity, Indicator) else "ratio"
        if levels is not None and isinstance(value, str):
            if value in levels:
                return levels[value]
            hint = name_hint(value, levels, what=say("the levels"))
            self._note(
                place, say("{id}: unknown level '{value}'", id=quantity.id, value=value), hint
            )
            return None
        if isinstance(value, bool):
            if kind == "boolean":
                return float(value)
            self._note(
                place,
                say("{id}: must be a number, got {found}", id=quantity.id, found=spell(value)),
            )
            return None
        if kind == "boolean" and isinstance(value, str):
            self._note(
                place,
                say("{id}: must be yes or no, got {found}", id=quantity.id, found=spell(value)),
                say("a missing value is written null, or left out"),
            )
            return None
        if not isinstance(value, int | float):
            hint = say("a missing value is written null, or left out")
            self._note(
                place,
                say("{id}: must be a number, got {found}", id=quantity.id, found=spell(value)),
                hint,
            )
            return None
        number = _as_float(value)
        if kind == "boolean" and number not in (0, 1):
            self._note(
                place,
                say("{id}: must be true or false, got {found}", id=quantity.id, found=spell(value)),
            )
            return None
        if not math.isfinite(number):
            self._note(
                place,
                say(
                    "{id}: must be a finite number, got {found}", id=quantity.id, found=spell(value)
                ),
            )
            return None
        return number

    def _converted(
        self,
        entry: ObservationEntry,
        number: float,
        quantity: Quantity,
        base: Location,
        source: str,
    ) -> Observation | None:
        unit = entry.unit or quantity.unit
        sd, interval = entry.sd, entry.interval
        try:
            value = convert(number, unit, quantity.unit)
            if not same_unit(unit, quantity.unit):
                sd = None if sd is None else abs(convert_difference(sd, unit, quantity.unit))
                interval = interval and cast(
                    "tuple[float, float]",
                    tuple(convert(end, unit, quantity.unit) for end in interval),
                )
        except UnitMismatchError as error:
            what = say(
                "{id}: unit '{unit}' is not '{wanted}': {error}",
                id=quantity.id,
                unit=unit,
                wanted=quantity.unit,
                error=error,
            )
            self.problems.append(self.document.problem((*base, "unit"), what))
            return None
        return Observation(
            value=value,
            source=source,
            level=entry.level or self._default_level(),
            year=entry.year if entry.year is not None else self.head.year,
            area=entry.area,
            status=entry.status,
            comparability=entry.comparability,
            sd=sd,
            interval=interval,
            note=entry.note,
            given_value=entry.value,
            given_unit=unit,
        )

    def _fits(self, observation: Observation, quantity: Quantity, place: Location) -> bool:
        value, interval = observation.value, observation.interval
        sizes = (abs(value), observation.sd or 0.0, *map(abs, interval or ()))
        if max(sizes) > LARGEST:
            what = say(
                "{value:g} is beyond {largest:g}, the largest size of a value: "
                "choose a larger unit",
                value=max(sizes),
                largest=LARGEST,
            )
        elif not quantity.admits(value):
            what = say(
                "{value:g} {unit} is outside the bounds {bounds}",
                value=value,
                unit=quantity.unit,
                bounds=quantity.spelt_bounds,
            )
        elif value <= 0 and self._must_be_positive(quantity):
            what = (
                say(
                    "has a logarithm (transform: log), so it must be above 0, got {value:g}",
                    value=value,
                )
                if isinstance(quantity, Indicator)
                else say("is a denominator, so it must be above 0, got {value:g}", value=value)
            )
        elif interval is not None and not interval[0] <= value <= interval[1]:
            what = say("interval: must hold the value, its lower end first")
        else:
            return True
        self._note(place, say("{id}: {what}", id=quantity.id, what=what))
        return False

    def _note(
        self, path: Location, what: str, hint: str = "", *, at: Literal["key", "value"] = "value"
    ) -> None:
        problem = self.document.problem(("observations", *path), what, hint, at=at)
        self.problems.append(problem)


def _bare(value: float, quantity: Quantity, shared: tuple[str, Level, int | None]) -> Observation:
    source, level, year = shared
    return Observation(value, source, level, year, given_value=value, given_unit=quantity.unit)


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
