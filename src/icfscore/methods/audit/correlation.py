"""Correlation of variables that have gaps, pair by pair over the communities that have both."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import isqrt

import numpy as np

from icfscore.methods.audit.measure import Measure
from icfscore.methods.context import Bools, Floats, Ints
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
    return measure_of(r[0], n[0])


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
    r, n = correlate_all(x)
    for position, (i, j) in enumerate(combinations(range(k), 2)):
        yield i, j, measure_of(r[position], n[position])


def correlate_all(x: Floats) -> tuple[Floats, Ints]:
    """Correlate every pair of columns of x (n, k), as `pearson` does, in two arrays.

    Returns
    -------
    r
        (k (k - 1) / 2,) of the pairs (0, 1), (0, 2), …, (k - 2, k - 1); NaN where undefined.
    n
        The same of the communities that have both.

    Examples
    --------
    >>> correlate_all(np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]]))
    (array([-1.]), array([3]))
    """
    k = x.shape[1]
    r, n = np.empty(k * (k - 1) // 2), np.empty(k * (k - 1) // 2, dtype=np.int64)
    whole: Bools = np.asarray(~np.isnan(x).any(axis=0))
    units = _unit_columns(np.where(whole, x, 0.0)) if x.size else x
    start = 0
    for i in range(k - 1):
        rest = slice(start, start + k - 1 - i)
        if x.size and whole[i:].all():  # each column's length is known already
            r[rest], n[rest] = _of_units(units[:, [i]], units[:, i + 1 :])
        else:
            r[rest], n[rest] = _correlate(np.repeat(x[:, [i]], k - 1 - i, axis=1), x[:, i + 1 :])
        start = rest.stop
    return r, n


def pair_at(position: int, k: int) -> tuple[int, int]:
    """Tell which columns i < j of k stand at a position of `correlate_all`.

    Examples
    --------
    >>> [pair_at(position, k=3) for position in range(3)]
    [(0, 1), (0, 2), (1, 2)]
    """
    left = k * (k - 1) // 2 - 1 - position  # counted from the last pair, rows of 1, 2, 3, …
    i = k - 2 - (isqrt(8 * left + 1) - 1) // 2
    return i, position - pair_position(i, i + 1, k) + i + 1


def pair_position(i: int, j: int, k: int) -> int:
    """Tell at which position of `correlate_all` the columns i < j of k stand.

    Examples
    --------
    >>> [pair_position(*pair_at(position, k=4), k=4) for position in range(6)]
    [0, 1, 2, 3, 4, 5]
    """
    return i * (2 * k - i - 1) // 2 + j - i - 1


def _correlate(x: Floats, y: Floats) -> tuple[Floats, Ints]:
    """Correlate x with y (n, p), column by column: r (p,), NaN where undefined, and n (p,)."""
    if not x.size:
        return np.full(x.shape[1], np.nan), np.zeros(x.shape[1], dtype=np.int64)
    gap = np.isnan(x) | np.isnan(y)
    a, b = (_unit_columns(np.where(gap, np.nan, values)) for values in (x, y))
    return _of_units(a, b)


def _of_units(a: Floats, b: Floats) -> tuple[Floats, Ints]:
    """Correlate columns that are centred and of length 1, or 0, with gaps in the same places."""
    n = np.broadcast_to(column_counts(a)[0], b.shape[1])
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


def measure_of(r: float, n: int) -> Measure:
    """Make a measure of a correlation, NaN where undefined, over n communities."""
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
