"""Statistics of columns that have gaps, safe for numbers near the ends of floating point.

All functions reduce axis -2 of (…, m, k), skip NaN, keep the axis, and give NaN for a column
without values.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from icfscore.methods.context import Bools, Floats, Ints


def column_exponents(x: Floats) -> Ints:
    """Find the power of two (…, 1, k) that bounds each column: max |x| < 2^e.

    0 for a column that holds nothing but zeros or gaps.
    """
    largest = np.fmax.reduce(np.abs(x), axis=-2, keepdims=True)
    exponents = np.frexp(np.where(np.isnan(largest), 0.0, largest))[1]
    return np.asarray(exponents, dtype=np.int64)


def scale_by_power(x: Floats, exponents: Ints) -> Floats:
    """Divide x (…, m, k) by 2^e, exactly: no sum or square can overflow after it."""
    return np.asarray(np.ldexp(x, -exponents))


def column_range(x: Floats) -> tuple[Floats, Floats]:
    """Find least and greatest value, each (…, 1, k)."""
    least = np.fmin.reduce(x, axis=-2, keepdims=True)
    return least, np.fmax.reduce(x, axis=-2, keepdims=True)


def column_counts(x: Floats) -> Ints:
    """Count the values (…, 1, k)."""
    return np.asarray((~np.isnan(x)).sum(axis=-2, keepdims=True))


def column_means(x: Floats) -> Floats:
    """Take means (…, 1, k); a constant column's mean is the constant, to the last bit."""
    exponents = column_exponents(x)
    small = scale_by_power(x, exponents)
    n = column_counts(x)
    with np.errstate(invalid="ignore"):  # 0 / 0 where there is no value
        mean = np.nansum(small, axis=-2, keepdims=True) / n
        mean = mean + np.nansum(small - mean, axis=-2, keepdims=True) / n
    least, most = column_range(x)
    mean = np.ldexp(mean, exponents)
    return np.asarray(np.where(least == most, least, np.clip(mean, least, most)))


def centre_columns(x: Floats) -> Floats:
    """Subtract the means, and what rounding has left of them; x is far from overflow."""
    centred = x - column_means(x)
    return np.asarray(centred - column_means(centred))


def column_deviations(x: Floats, ddof: int) -> Floats:
    """Take standard deviations (…, 1, k), divisor n - ddof; 0 exactly where x is constant."""
    exponents = column_exponents(x)
    centred = centre_columns(scale_by_power(x, exponents))
    n = column_counts(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.nansum(centred**2, axis=-2, keepdims=True) / (n - ddof)
    least, most = column_range(x)
    sd = np.ldexp(np.sqrt(np.where(n > ddof, variance, 0.0)), exponents)
    return np.asarray(np.where(least == most, 0.0, np.where(n > 0, sd, np.nan)))


def column_quantiles(x: Floats, share: float) -> Floats:
    """Take quantiles (…, 1, k) of type 7 (Hyndman and Fan 1996): linear between order statistics.

    The type of R, NumPy and Excel's PERCENTILE.INC. https://doi.org/10.1080/00031305.1996.10473566
    """
    in_order = np.sort(x, axis=-2)  # NaN last
    place = np.maximum(column_counts(x) - 1, 0) * share
    below = np.floor(place).astype(np.int64)
    above = np.ceil(place).astype(np.int64)
    a = np.take_along_axis(in_order, below, axis=-2)
    b = np.take_along_axis(in_order, above, axis=-2)
    part = place - below
    return np.asarray(np.where(a == b, a, (1 - part) * a + part * b))


def constant_positions(x: Floats) -> Iterator[int]:
    """Yield the columns of x (…, m, k) that hold values, all of them equal in every draw."""
    least, most = column_range(x)
    same = (least == most)[..., 0, :].reshape(-1, x.shape[-1]).all(axis=0)
    return map(int, np.flatnonzero(same))


def first_row_and_column(bad: Bools) -> tuple[int, int]:
    """Find the first True of (…, n, k), draws aside."""
    *_, row, column = np.argwhere(bad)[0]
    return int(row), int(column)
