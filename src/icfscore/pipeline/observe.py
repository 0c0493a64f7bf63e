"""From observations to one table: select the year, inherit, divide by denominators.

Decisions. Of several years the one nearest the reference year counts, the earlier of two equally
near. A value too old, or a proxy where proxies are not wanted, is missing; then the parent area's
stands in. Numerator and denominator come from the same entity, else the value is missing there.
The level of a ratio is the coarser of the two levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from icfscore.domain.communities import LARGEST, LEVELS, Entity, Observation
from icfscore.domain.criteria import Indicator
from icfscore.domain.project import Project
from icfscore.domain.tables import Observed
from icfscore.errors import InputError
from icfscore.sentences import say

_CODE = {level: code for code, level in enumerate(LEVELS, start=1)}
Cell = tuple[float, int, Observation, str]
Holders = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which observations count.

    Attributes
    ----------
    year
        The year that values should be of.
    max_age
        Largest distance from it in years.
    proxies
        False: only values of the community itself.
    undated_year
        The year that observations without a year count for; None: `year`.
    max_denominator_age
        Largest distance in years for denominators; None: `max_age`.
    """

    year: int
    max_age: int
    proxies: bool = True
    undated_year: int | None = None
    max_denominator_age: int | None = None

    def choose(self, dated: tuple[Observation, ...]) -> Observation | None:
        """Choose among the observations of one indicator."""
        return self._nearest(dated, self.max_age)

    def choose_denominator(self, dated: tuple[Observation, ...]) -> Observation | None:
        """Choose among the observations of one context quantity."""
        age = self.max_denominator_age
        return self._nearest(dated, self.max_age if age is None else age)

    def _nearest(self, dated: tuple[Observation, ...], max_age: int) -> Observation | None:
        undated = self.year if self.undated_year is None else self.undated_year
        best: Observation | None = None
        best_key = (max_age + 1, 0)
        for observation in dated:
            if not self.proxies and observation.level != "community":
                continue
            year = undated if observation.year is None else observation.year
            key = (abs(year - self.year), year)
            if key < best_key:
                best, best_key = observation, key
        return best


def observe(project: Project, selection: Selection) -> Observed:
    """Build the table of all communities and indicators.

    Returns
    -------
    Observed
        n communities by k indicators, in the project's order.

    Raises
    ------
    InputError
        Where a value, or a denominator's part in it, is too large to count with.
    """
    indicators = project.tree.indicators
    known: dict[str, dict[str, Cell]] = {}

    def cells_of(entity: Entity) -> dict[str, Cell]:
        own = _cells(entity, indicators, selection)
        if entity.parent is None:
            return own
        parent = project.areas[entity.parent]
        if parent.id not in known:
            known[parent.id] = cells_of(parent)
        return known[parent.id] | own

    n, k = len(project.communities), len(indicators)
    values = np.full((n, k), np.nan)
    level = np.zeros((n, k), dtype=np.int8)
    observations = np.full((n, k), None, dtype=object)
    holders = np.full((n, k), None, dtype=object)
    position = {indicator.id: column for column, indicator in enumerate(indicators)}
    for row, community in enumerate(project.communities):
        cells = cells_of(community)
        if not cells:
            continue
        columns = [position[identifier] for identifier in cells]
        numbers, levels, origins, entities = zip(*cells.values(), strict=True)
        values[row, columns] = numbers
        level[row, columns] = levels
        observations[row, columns] = origins
        holders[row, columns] = entities
    for row, column in np.argwhere(np.abs(values) > LARGEST)[:1].tolist():
        _refuse(values[row, column], holders[row, column], indicators[column])
    ids = tuple(community.id for community in project.communities)
    return Observed(ids, tuple(position), values, level, observations, holders)


def _cells(
    entity: Entity, indicators: tuple[Indicator, ...], selection: Selection
) -> dict[str, Cell]:
    """Select an entity's own values, denominated."""
    cells = {}
    for indicator in indicators:
        dated = entity.observations.get(indicator.id)
        observation = dated and selection.choose(dated)
        if not observation:
            continue
        value, level = observation.value, _CODE[observation.level]
        if indicator.per is not None:
            denominator = selection.choose_denominator(entity.observations.get(indicator.per, ()))
            if denominator is None:
                continue
            value = value / denominator.value * indicator.per_scale
            if indicator.per_scale / denominator.value > LARGEST:
                _refuse(indicator.per_scale / denominator.value, entity.id, indicator)
            level = max(level, _CODE[denominator.level])
        cells[indicator.id] = (value, level, observation, entity.id)
    return cells


def _refuse(size: float, entity: str, indicator: Indicator) -> NoReturn:
    what = say(
        "{entity}.{indicator}: {value:g} is beyond {largest:g}, the largest size of a value",
        entity=entity,
        indicator=indicator.id,
        value=size,
        largest=LARGEST,
    )
    if indicator.per is None:
        raise InputError.of(what, say("choose a larger unit"))
    hint = say("look at its denominator, '{per}', and at per_scale", per=indicator.per)
    raise InputError.of(what, hint)


def observe_all_years(
    project: Project, selection: Selection, holders: Sequence[Holders] | None = None
) -> Observed:
    """Build the table of every dated value: a row for each community and year.

    A value counts in its own year only, and only those of the entity whose value the community has
    in the selection's year; a denominator may be as old as the selection allows. An undated value
    counts for the selection's year.

    Parameters
    ----------
    holders
        (n, k) each: ids of entities whose values count instead; a value of any of them does.

    Returns
    -------
    Observed
        (n communities times number of years) rows, by years, communities in their order.
    """
    entities = (*project.communities, *project.areas.values())
    years = {selection.year} | {
        observation.year
        for entity in entities
        for dated in entity.observations.values()
        for observation in dated
        if observation.year is not None
    }
    tables = [
        observe(
            project,
            Selection(year, 0, selection.proxies, selection.year, selection.max_age),
        )
        for year in sorted(years)
    ]
    if holders is None:
        holders = [observe(project, selection).holders]
    values = [
        np.where(np.any([table.holders == held for held in holders], axis=0), table.values, np.nan)
        for table in tables
    ]
    return Observed(
        tuple(name for table in tables for name in table.communities),
        tables[0].indicators,
        np.concatenate(values),
        np.concatenate([table.level for table in tables]),
        np.concatenate([table.observations for table in tables]),
        np.concatenate([table.holders for table in tables]),
    )
