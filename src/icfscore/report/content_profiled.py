"""One community's indicators beside others' values: how far apart, and what that adds.

Decision. Distances are in the indicator's unit, turned so that above zero is better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import Indicator
from icfscore.pipeline.decomposition import Decomposition
from icfscore.pipeline.score import Scoring
from icfscore.report.content_readings import Reading
from icfscore.report.content_similar import Similar
from icfscore.report.content_standing import percentile_of


@dataclass(frozen=True, slots=True)
class Apart:
    """How far a value is from others', above zero where it is better; None where unknown.

    Attributes
    ----------
    groups
        By grouping, from the median of the others of the same group.
    nearest
        From the median of the nearest in profile.
    """

    best: float | None
    median: float | None
    target: float | None
    groups: Mapping[str, float | None]
    nearest: float | None


@dataclass(frozen=True, slots=True)
class ProfiledIndicator:
    """One indicator of a profile.

    Attributes
    ----------
    percentile
        Share of the other communities that it is ahead of, ties counting half.
    part
        What it adds to the distance from the front, in points of the score; None where unscored or
        where that cannot be told.
    """

    reading: Reading
    percentile: float | None
    apart: Apart
    part: float | None


def profile_indicators(
    scoring: Scoring,
    readings: Iterable[Reading],
    similar: Similar,
    parts: Decomposition | None,
) -> tuple[ProfiledIndicator, ...]:
    """Place one community's readings beside the others' values.

    Parameters
    ----------
    parts
        The distance from the front, shared out; None where there is no front.
    """
    found = []
    for reading in readings:
        name = reading.indicator.id
        values = _values_by_community(scoring, reading.indicator)
        part = None
        if parts is not None and reading.state == "scored":
            part = parts.contributions.get(name)
        found.append(
            ProfiledIndicator(
                reading=reading,
                percentile=_percentile(reading, values),
                apart=_apart(reading, values, similar),
                part=part,
            )
        )
    return tuple(found)


def _values_by_community(scoring: Scoring, indicator: Indicator) -> dict[str, float]:
    """Gather the observed values of the communities that take part."""
    table = scoring.observed
    column = table.values[:, table.indicators.index(indicator.id)]
    taking_part = set(scoring.ranking.communities)
    found = zip(table.communities, column.tolist(), strict=True)
    return {name: x for name, x in found if name in taking_part and not np.isnan(x)}


def _percentile(reading: Reading, values: Mapping[str, float]) -> float | None:
    """Place a value among the others'; that of a score, where it has one."""
    if reading.standing is not None:
        return reading.standing.percentile
    if reading.community not in values:
        return None
    oriented = reading.indicator.sign * np.array(list(values.values()))
    return percentile_of(oriented, list(values).index(reading.community))


def _apart(reading: Reading, values: Mapping[str, float], similar: Similar) -> Apart:
    def from_value(reference: float | None) -> float | None:
        if reading.value is None or reference is None:
            return None
        return (reading.value - reference) * reading.indicator.sign

    def median_of(names: Iterable[str]) -> float | None:
        known = [values[name] for name in names if name in values]
        return float(np.median(known)) if known else None

    return Apart(
        best=from_value(reading.peers.best_value),
        median=from_value(reading.peers.median),
        target=from_value(reading.indicator.target),
        groups={each.grouping: from_value(median_of(each.members)) for each in similar.groups},
        nearest=from_value(median_of(each.community for each in similar.nearest)),
    )
