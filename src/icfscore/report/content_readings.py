"""What is known of a community, indicator by indicator, beside the others' values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from icfscore.domain.communities import Observation, Source
from icfscore.domain.criteria import Indicator
from icfscore.domain.tables import COMMUNITY, MISSING
from icfscore.pipeline.observe import Selection
from icfscore.pipeline.score import Scoring
from icfscore.report.content_standing import Standing, number_or_none, standing_of

State = Literal["scored", "unscored", "left_out"]


@dataclass(frozen=True, slots=True)
class Peers:
    """The values that the other communities have of an indicator, in its unit.

    Attributes
    ----------
    best, best_value
        Who has the best value of all, the community itself included, and that value.
    """

    n: int
    lowest: float | None
    median: float | None
    highest: float | None
    best: tuple[str, ...]
    best_value: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One community's value of one indicator, with its origin and its place.

    Attributes
    ----------
    state
        Whether the indicator counts, is only shown (no weight), or was left out by screening.
    value
        In the indicator's unit, after any denominator; None where missing and not estimated.
    level
        Code of `Observed.level`.
    estimated, treated
        Whether imputation filled the value in, and whether outlier treatment changed it.
    holder
        Id of the community or area that the observation belongs to.
    denominator
        The observation that it was divided by.
    standing
        None unless the indicator is scored.
    """

    community: str
    indicator: Indicator
    state: State
    value: float | None
    level: int
    estimated: bool
    treated: bool
    observation: Observation | None
    holder: str | None
    denominator: Observation | None
    standing: Standing | None
    peers: Peers

    @property
    def proxy(self) -> bool:
        """Whether the value is not the community's own."""
        return self.level > COMMUNITY

    @property
    def observed(self) -> bool:
        """Whether there is a value that someone observed."""
        return self.level != MISSING

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources of value and denominator."""
        seen = (self.observation, self.denominator)
        return tuple(dict.fromkeys(each.source for each in seen if each is not None))


@dataclass(frozen=True)
class References:
    """The sources that a report cites, numbered from 1 in the order of citation."""

    keys: tuple[str, ...]
    source_by_key: Mapping[str, Source]

    @cached_property
    def number_by_key(self) -> Mapping[str, int]:
        """Numbers by source key."""
        return {key: number for number, key in enumerate(self.keys, start=1)}

    def numbers(self, reading: Reading) -> tuple[int, ...]:
        """Give the numbers of a reading's sources."""
        return tuple(self.number_by_key[key] for key in reading.sources)


def cite(scoring: Scoring, readings: Iterable[Reading], others: Iterable[str] = ()) -> References:
    """Give the sources of some readings, then others by their keys, their numbers."""
    keys = dict.fromkeys(key for reading in readings for key in reading.sources)
    keys |= dict.fromkeys(others)
    sources = scoring.project.sources
    return References(tuple(keys), {key: sources[key] for key in keys})


def read_indicator(scoring: Scoring, community: str, indicator: Indicator, k: int) -> Reading:
    """Gather what is known of a community on one indicator."""
    table, screened = scoring.observed, scoring.screened
    row = table.communities.index(community)
    column = table.indicators.index(indicator.id)
    value = number_or_none(table.values[row, column])
    state: State = "left_out"
    estimated = treated = False
    kept_row = screened.observed.communities.index(community)
    if indicator.id in screened.observed.indicators:
        place = kept_row, screened.observed.indicators.index(indicator.id)
        state = "scored" if screened.scored[place[1]] else "unscored"
        estimated = bool(scoring.completed.imputed[place])
        treated = state == "scored" and bool(scoring.treated.treated[place])
        value = number_or_none(scoring.completed.values[place]) if estimated else value
    observation = table.observation(row, column)
    holder = table.holders[row, column]
    return Reading(
        community=community,
        indicator=indicator,
        state=state,
        value=value,
        level=int(table.level[row, column]),
        estimated=estimated,
        treated=treated,
        observation=observation,
        holder=holder,
        denominator=_denominator(scoring, community, indicator, observation),
        standing=standing_of(scoring, kept_row, indicator.id, k) if state == "scored" else None,
        peers=_peers(scoring, community, indicator),
    )


def _denominator(
    scoring: Scoring, community: str, indicator: Indicator, observation: Observation | None
) -> Observation | None:
    """Find what a value was divided by: an observation of the same entity."""
    if indicator.per is None or observation is None:
        return None
    project, settings = scoring.project, scoring.settings
    holder = next(
        entity
        for entity in project.chain(project.community_by_id[community])
        if any(dated is observation for dated in entity.observations.get(indicator.id, ()))
    )
    selection = Selection(settings.reference_year, settings.max_age, settings.proxies)
    return selection.choose_denominator(holder.observations.get(indicator.per, ()))


def _peers(scoring: Scoring, community: str, indicator: Indicator) -> Peers:
    """Gather the values of the communities that take part."""
    table = scoring.observed
    ids = scoring.screened.observed.communities
    rows = [table.communities.index(name) for name in ids]
    values = table.values[rows, table.indicators.index(indicator.id)]
    known = ~np.isnan(values)
    others = values[known & np.array([name != community for name in ids], dtype=bool)]
    best = indicator.sign * np.max(indicator.sign * values[known]) if known.any() else None
    return Peers(
        n=int(others.size),
        lowest=float(others.min()) if others.size else None,
        median=float(np.median(others)) if others.size else None,
        highest=float(others.max()) if others.size else None,
        best=tuple(name for name, value in zip(ids, values, strict=True) if value == best),
        best_value=None if best is None else float(best),
    )
