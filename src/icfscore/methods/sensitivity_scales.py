"""On which scale an aggregation is a weighted sum.

A power mean is the arithmetic mean of x^p. Since x -> x^p (ln x where p is 0, its mirror image
where p is below 0) is increasing, communities stand in the same order on that scale, and what holds
of weighted sums holds of geometric and harmonic means too.
"""

from __future__ import annotations

import numpy as np

from icfscore.methods.aggregate import (
    Aggregation,
    Arithmetic,
    Geometric,
    Harmonic,
    PowerMean,
)
from icfscore.methods.context import Floats
from icfscore.methods.weigh import (
    AnalyticHierarchy,
    BestWorst,
    BudgetAllocation,
    Equal,
    Given,
    RankOrder,
    Weighting,
)

_BLIND = (Given, Equal, AnalyticHierarchy, BestWorst, BudgetAllocation, RankOrder)
_STEEP = 20.0  # exponents beyond it lose most values beside the largest: no sum is exact there
_NEARLY_LOG = 0.1  # exponents nearer to 0 are computed as differences from 1


def sum_exponent(aggregation: Aggregation) -> float | None:
    """Give the p for which an aggregation is a weighted sum of x^p; None where there is none.

    Examples
    --------
    >>> sum_exponent(Arithmetic()), sum_exponent(Geometric()), sum_exponent(PowerMean(exponent=2))
    (1.0, 0.0, 2)
    """
    if isinstance(aggregation, PowerMean):
        return aggregation.exponent if abs(aggregation.exponent) <= _STEEP else None
    named = {Arithmetic: 1.0, Geometric: 0.0, Harmonic: -1.0}
    return named.get(type(aggregation))


def ignores_data(weighting: Weighting) -> bool:
    """Tell whether a weighting gives the same shares whatever the scores are.

    Examples
    --------
    >>> ignores_data(Given())
    True
    """
    return isinstance(weighting, _BLIND)


def to_sum_scale(x: Floats, exponent: float) -> Floats:
    """Take scores of any shape to the increasing scale on which their power mean is a sum.

    All scores that are compared must be taken there together: they are divided by the largest (or,
    with exponents below 0, the smallest) first, which keeps the result finite. NaN stays NaN; what
    lies outside the mean's domain becomes NaN or infinite.

    Examples
    --------
    >>> to_sum_scale(np.array([-1.0, 4.0]), 1.0)
    array([-0.25,  1.  ])
    >>> to_sum_scale(np.array([1.0, 4.0]), -1.0)
    array([-1.  , -0.25])
    """
    if not np.isfinite(x).any():
        return np.full(x.shape, np.nan)
    if exponent == 1:
        largest = np.nanmax(np.abs(x))
        return x / largest if largest > 0 else x * 1.0
    pivot = np.nanmax(x) if exponent >= 0 else np.nanmin(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(x) - np.log(pivot)
        if exponent == 0:
            return np.asarray(logs)
        powers = exponent * logs
        if abs(exponent) < _NEARLY_LOG:
            return np.asarray(np.expm1(powers) / exponent)
        return np.asarray(np.copysign(1.0, exponent) * np.exp(powers))
