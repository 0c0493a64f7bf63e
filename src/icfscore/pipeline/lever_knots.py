"""The values of an indicator at which the effort of a rise, or the score it gives, bends."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from icfscore.domain.criteria import Indicator
from icfscore.domain.tables import Floats
from icfscore.methods.percentile import percentile_knots
from icfscore.pipeline.score import Scoring

MAX_STEPS = 64  # whole numbers that are tried one by one
_SUBDIVISIONS = 8  # of a segment on which scores are no straight line


def lay_knots(
    scoring: Scoring, indicator: Indicator, before: float, end: float, peers: Floats, factor: float
) -> tuple[bool, Floats]:
    """List the values at which effort or score bends, from the value now to the furthest."""
    sign = indicator.sign
    steps = _steps(indicator, before, end, peers, factor)
    if steps is not None:
        inside = sorted({x for x in steps if sign * before < sign * x <= sign * end})
        return True, np.array([before, *inside[:: int(sign)]])
    bends = [*percentile_knots(peers)[0].tolist(), *scale_bends(scoring, indicator)]
    inside = sorted({x for x in bends if sign * before < sign * x < sign * end})
    knots = np.array([before, *inside[:: int(sign)], end])
    if bends_everywhere(scoring, indicator):
        knots = np.concatenate(
            [
                np.linspace(left, right, _SUBDIVISIONS, endpoint=False)
                for left, right in pairwise(knots)
            ]
            + [knots[-1:]]
        )
    return False, knots


def _steps(
    indicator: Indicator, before: float, end: float, peers: Floats, factor: float
) -> list[float] | None:
    """List the only values there can be, where they are few: levels, or whole numbers."""
    if indicator.kind == "boolean":
        return [0.0, 1.0]
    if indicator.kind == "ordinal":
        return sorted({*(indicator.levels or {}).values(), *peers.tolist()})
    if indicator.kind == "count":
        low, high = sorted((before / factor, end / factor))
        first, last = int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9))
        if last - first < MAX_STEPS:
            return [whole * factor for whole in range(first, last + 1)]
    return None


def scale_bends(scoring: Scoring, indicator: Indicator) -> Iterator[float]:
    """List the values at which a scale may be held at its end."""
    yield from indicator.goalposts or ()
    if indicator.target is not None:
        yield indicator.target
    tree = scoring.project.tree
    method = scoring.settings.recipe.normalisation.at_indicator(indicator.id, tree)
    if method.kind == "reference_community" and method.id in scoring.ranking.communities:
        kept = scoring.screened.observed
        row = kept.communities.index(method.id)
        yield float(kept.values[row, kept.indicators.index(indicator.id)])


def bends_everywhere(scoring: Scoring, indicator: Indicator) -> bool:
    """Tell whether a score is no straight line between bends: a logarithm, or a quotient."""
    tree = scoring.project.tree
    method = scoring.settings.recipe.normalisation.at_indicator(indicator.id, tree)
    quotient = method.kind == "fraction_of_max" and indicator.direction == "lower"
    return indicator.transform == "log" or quotient
