"""Correlation of variables that have gaps, pair by pair over the communities that have both."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from icfscore.methods.audit.measure import Measure
from icfscore.methods.context import Floats, Ints
from icfscore.methods.normalise.columns import (
    centre_columns,
    column_counts,
    column_exponents,
    column_range,
    scale_by_power,
)
from icfscore.sentences import say

FEWEST = 3
"""Of two communities the correlation is 1 or -1 whatever their values."""

_ROUNDING = 1e-15


def pearson(x: Floats, y: Floats) -> Measure:
    """Correlate two variables.

    r = Σ (x - x̄)(y - ȳ) / sqrt(Σ (x - x̄)² Σ (y - ȳ)²), over the communities that have both

    Parameters
    ----------
    x, y
        (n,) NaN where missing.

    Returns
    -------
    Measure
        Undefined where fewer than three communities have both values, and where one of the two
        does not vary over those. Neither unit nor origin matters, however large or small.

    References
    ----------
    Pearson (1895), Note on regression and inheritance in the case of two parents.
    https://doi.org/10.1098/rspl.1895.0041

    Examples
    --------
    >>> pearson(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    Measure(value=1.0, n=3, reason='')
    >>> pearson(np.array([1.0, 2.0, np.nan]), np.array([2.0, 4.0, 6.0])).reason
    '2 communities have both values, fewer than 3'
    """
    r, n = _correlate(x[:, None], y[:, None])
    return _measure(r[0], n[0])


def spearman(x: Floats, y: Floats) -> Measure:
    """Correlate the ranks of two variables; ties share the mean of their ranks.

    Parameters
    ----------
    x, y
        (n,) NaN where missing; ranks are taken among the communities that have both.

    Returns
    -------
    Measure
        Undefined as for `pearson`.

    References
    ----------
    Spearman (1904), The proof and measurement of association between two things.
    https://doi.org/10.2307/1412159

    Examples
    --------
    >>> spearman(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 8.0, 27.0, 64.0])).value
    1.0
    """
    both = ~(np.isnan(x) | np.isnan(y))
    return pearson(_mean_ranks(x[both]), _mean_ranks(y[both]))


def correlate_pairs(x: Floats) -> Iterator[tuple[int, int, Measure]]:
    """Correlate every pair of columns of x (n, k), as `pearson` does.

    Yields
    ------
    Positions i < j and their correlation.

    Examples
    --------
    >>> list(correlate_pairs(np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])))
    [(0, 1, Measure(value=-1.0, n=3, reason=''))]
    """
    k = x.shape[1]
    for i in range(k - 1):
        r, n = _correlate(np.repeat(x[:, [i]], k - 1 - i, axis=1), x[:, i + 1 :])
        for step in range(k - 1 - i):
            yield i, i + 1 + step, _measure(r[step], n[step])


def _correlate(x: Floats, y: Floats) -> tuple[Floats, Ints]:
    """Correlate x with y (n, p), column by column: r (p,), NaN where undefined, and n (p,)."""
    if not x.size:
        return np.full(x.shape[1], np.nan), np.zeros(x.shape[1], dtype=np.int64)
    gap = np.isnan(x) | np.isnan(y)
    a, b = (_unit_columns(np.where(gap, np.nan, values)) for values in (x, y))
    n = column_counts(a)[0]
    varies = [np.isfinite(v).any(axis=0) & (np.nansum(v * v, axis=0) > 0) for v in (a, b)]
    told = varies[0] & varies[1] & (n >= FEWEST)
    r = np.nansum(a * b, axis=0)
    r = np.where(np.abs(r) > 1 - _ROUNDING, np.sign(r), r)
    return np.where(told, r, np.nan), np.asarray(n, dtype=np.int64)


def _unit_columns(x: Floats) -> Floats:
    """Centre the columns and bring them to length 1; constant ones become 0."""
    low, high = column_range(x)
    centred = centre_columns(scale_by_power(x, column_exponents(x)))
    centred = scale_by_power(centred, column_exponents(centred))
    length = np.sqrt(np.nansum(centred * centred, axis=0, keepdims=True))
    flat = (low == high) | (length == 0)
    return np.where(flat, 0.0 * x, centred / np.where(flat, 1.0, length))


def too_few(n: int, fewest: int) -> str:
    """Say that too few communities have both of two values."""
    if n == 1:
        return say("1 community has both values, fewer than {fewest}", fewest=fewest)
    return say("{n} communities have both values, fewer than {fewest}", n=n, fewest=fewest)


def _measure(r: float, n: int) -> Measure:
    if n < FEWEST:
        return Measure.missing(too_few(int(n), FEWEST), int(n))
    if np.isnan(r):
        return Measure.missing(say("one of the two does not vary"), int(n))
    return Measure(float(r), int(n))


def _mean_ranks(x: Floats) -> Floats:
    """Rank x (n,) upwards from 1; ties get the mean of the ranks they occupy."""
    in_order = np.sort(x)
    first = np.searchsorted(in_order, x, side="left")
    last = np.searchsorted(in_order, x, side="right")
    return np.asarray((first + last + 1) / 2.0)
