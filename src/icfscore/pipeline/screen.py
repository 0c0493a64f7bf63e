"""Screening: what has too few values to be compared is left out, and said so.

Indicators go first, over all communities; then communities, over the scored indicators that are
left. Unscored indicators are shown whatever their coverage.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from icfscore.domain.criteria import CriteriaTree
from icfscore.domain.tables import Bools, Observed, Screened
from icfscore.errors import InputError
from icfscore.recipe import Screening
from icfscore.sentences import say

_TOLERANCE = 1e-12  # 3 of 10 is not below 0.3


def scored_indicators(tree: CriteriaTree, weights: Mapping[str, float]) -> Bools:
    """Tell which indicators (k,) count: those with a weight, under nodes with a weight."""
    return np.array(
        [
            weights[indicator.id] > 0
            and all(weights[node] > 0 for node in tree.ancestors(indicator.id)[:-1])
            for indicator in tree.indicators
        ],
        dtype=bool,
    )


def screen(observed: Observed, scored: Bools, screening: Screening) -> Screened:
    """Leave out indicators, then communities, below their least coverage.

    Raises
    ------
    InputError
        Where nothing is left.
    """
    present = observed.present
    coverage = present.mean(axis=0)
    low = scored & (coverage < screening.min_indicator_coverage - _TOLERANCE)
    counted = scored & ~low
    if not counted.any():
        share = f"{screening.min_indicator_coverage:.0%}"
        raise InputError.of(
            say("no scored indicator has values for {share} of the communities", share=share),
            say("lower recipe.screening.min_indicator_coverage"),
        )
    by_community = present[:, counted].mean(axis=1)
    kept = ~(by_community < screening.min_community_coverage - _TOLERANCE) & (by_community > 0)
    if not kept.any():
        raise nobody_left(screening)
    n_counted = int(counted.sum())
    excluded = {
        observed.communities[row]: _reason(
            int(present[row, counted].sum()), n_counted, screening.min_community_coverage
        )
        for row in np.flatnonzero(~kept)
    }
    left_out = {observed.indicators[j]: float(coverage[j]) for j in np.flatnonzero(low)}
    columns = ~low
    return Screened(observed.keep(kept, columns), scored[columns], left_out, excluded)


def nobody_left(screening: Screening) -> InputError:
    """Describe a screening that no community passes."""
    share = f"{screening.min_community_coverage:.0%}"
    return InputError.of(
        say("no community has values for {share} of the scored indicators", share=share),
        say("lower recipe.screening.min_community_coverage"),
    )


def _reason(n_present: int, n_counted: int, least: float) -> str:
    if n_present == 0:
        return say("has no value of any scored indicator")
    return say(
        "has values for {present} of {counted} scored indicators, below {least:.0%}",
        present=n_present,
        counted=n_counted,
        least=least,
    )
