"""Where a value stands among others: the linearly interpolated percentile."""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Floats


def percentile_knots(values: Floats) -> tuple[Floats, Floats]:
    """Find where the percentile bends: at each distinct value.

    The i-th of m values in order stands at (i - 1)/(m - 1); equal values share the middle of their
    places, so that the same holds read from the other end.

    Parameters
    ----------
    values
        (m,) NaN where missing.

    Returns
    -------
    The distinct values (d,), ascending, and their percentiles (d,) between 0 and 1; one value alone
    stands at 0.5.

    Examples
    --------
    >>> percentile_knots(np.array([30.0, 10.0, 20.0, 20.0, np.nan]))
    (array([10., 20., 30.]), array([0. , 0.5, 1. ]))
    """
    present = values[~np.isnan(values)]
    distinct, counts = np.unique(present, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2  # the first place is 0
    if len(present) < 2:
        return distinct, np.full(len(distinct), 0.5)
    return distinct, np.asarray(middle / (len(present) - 1))


def percentile_of(x: Floats, values: Floats) -> Floats:
    """Interpolate the percentile of x (…) among values (m,): 0 to 1.

    Below the lowest value it is that value's percentile, above the highest that one's.

    Examples
    --------
    >>> percentile_of(np.array([5.0, 15.0, 40.0]), np.array([10.0, 20.0, 30.0]))
    array([0.  , 0.25, 1.  ])
    >>> percentile_of(np.array([5e-324]), np.array([0.0, 1e-323]))
    array([0.5])
    """
    knots, shares = percentile_knots(values)
    after = np.clip(np.searchsorted(knots, x, side="right"), 1, max(len(knots) - 1, 1))
    after = np.minimum(after, len(knots) - 1)
    low, high = knots[np.maximum(after - 1, 0)], knots[after]
    # The way before the slope: a slope between values 1e-310 apart is no number any more.
    apart = high > low
    way = np.clip(np.where(apart, x - low, 0.0) / np.where(apart, high - low, 1.0), 0.0, 1.0)
    first = shares[np.maximum(after - 1, 0)]
    return np.asarray(first + way * (shares[after] - first))
