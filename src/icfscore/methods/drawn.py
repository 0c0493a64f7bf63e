"""Shortcuts for many draws of ordinary numbers: the same formulas in fewer passes over memory.

The methods themselves are safe for gaps, constant columns and numbers near the ends of floating
point; a Monte Carlo run meets these rarely, and pays for each pass. Every function here returns
None where it meets what it is not made for, and the method then goes its own, careful way.

Arrays have a draws axis before the communities, laid out in memory so that it runs fastest.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from icfscore.methods.context import Floats
from icfscore.methods.ranked import MOST_COMPARED, count_above

LARGEST = 1e100  # squares and spans of anything smaller are safe
ROW = 512  # numbers that are worth a row of their own
BLAS_ALONE = 200_000  # multiplications that BLAS does not split over threads of its own


def normalise(method: Any, x: Floats) -> Floats | None:
    """Normalise oriented x (B, n, k), in place, over its own communities, if there is a shortcut.

    Where there is none x is as before.
    """
    if method.kind == "min_max":
        return min_max(x, x, method.low, method.high, out=x)
    if method.kind == "z_score":
        return z_score(x, x, method.mean, method.sd, method.ddof, out=x)
    if method.kind not in ("rank", "borda", "percentile_rank"):
        return None
    below = count_below(x)
    if below is None or method.kind == "borda":
        return below
    if method.kind == "rank":
        below += 1
        return below
    below /= x.shape[-2] - 1
    return _stretch(below, method.low, method.high)


def _extremes(reference: Floats) -> tuple[Floats, Floats] | None:
    """Find the columns' least and greatest values, of columns that are ordinary."""
    least, most = _reduce(np.minimum, reference), _reduce(np.maximum, reference)
    if np.isnan(least).any():  # gaps
        least, most = _reduce(np.fmin, reference), _reduce(np.fmax, reference)
    ordinary = (most > least).all() and least.min() > -LARGEST and most.max() < LARGEST
    return (least, most) if ordinary else None


def _reduce(ufunc: np.ufunc, x: Floats) -> Floats:
    """Reduce x (B, n, k) to (B, 1, k), by what gives the same in any order."""
    if not _has_short_rows(x):
        return np.asarray(ufunc.reduce(x, axis=-2, keepdims=True))
    found = []
    for column in x.T:
        reduced = [
            ufunc.reduce(ufunc.reduce(rows).reshape(beside, -1))
            for rows, beside in _side_by_side(column)
        ]
        found.append(ufunc.reduce(reduced))
    return np.stack(found, axis=-1)[:, None, :]


def _has_short_rows(x: Floats) -> bool:
    """Tell whether x (B, n, k) has few draws of many communities."""
    return bool(x.shape[0] <= ROW // 2 and x.shape[-2] > ROW)


def _side_by_side(column: Floats) -> list[tuple[Floats, int]]:
    """See a column (n, B) as fewer and longer rows: (m, r B) and r, then what is left over.

    Work on rows of a few draws is spent on going from one to the next.
    """
    n, n_draws = column.shape
    beside = ROW // n_draws
    if beside < 2 or n < 2 * beside or not column.flags.c_contiguous:
        return [(column, 1)]
    whole = n - n % beside
    pieces = [(column[:whole].reshape(-1, beside * n_draws), beside)]
    return pieces if whole == n else [*pieces, (column[whole:], 1)]


def _stretch(share: Floats, low: float, high: float) -> Floats:
    """Map shares 0..1 to low..high, in place, both ends exactly."""
    if low == 0:
        share *= high
    elif low + (high - low) == high:
        share *= high - low
        share += low
    else:
        remainder = 1 - share
        remainder *= low
        share *= high
        share += remainder
    return share


def min_max(
    x: Floats, reference: Floats, low: float, high: float, out: Floats | None = None
) -> Floats | None:
    """Stretch x (B, n, k) from the columns' extremes to low..high."""
    extremes = _extremes(reference)
    if extremes is None:
        return None
    least, most = extremes
    most -= least
    if out is x and _has_short_rows(x):
        for column, start, span in zip(x.T, least.T, most.T, strict=True):
            for rows, beside in _side_by_side(column):
                np.subtract(rows, np.tile(start[0], beside), out=rows)
                np.divide(rows, np.tile(span[0], beside), out=rows)
                _stretch(rows, low, high)
        return x
    share = np.subtract(x, least, out=out)
    share /= most
    return _stretch(share, low, high)


def z_score(
    x: Floats, reference: Floats, mean: float, sd: float, ddof: int, out: Floats | None = None
) -> Floats | None:
    """Measure x (B, n, k) in standard deviations from the columns' means."""
    n = reference.shape[-2]
    if n <= ddof:
        return None
    centre = np.add.reduce(reference, axis=-2, keepdims=True) / n
    # Taken twice, so that what rounding left of the mean does not enter the deviation.
    with np.errstate(invalid="ignore", over="ignore"):
        centred = reference - centre
        rest = np.add.reduce(centred, axis=-2, keepdims=True) / n
        squares = np.einsum("...nk,...nk->...k", centred, centred)[..., None, :] / n - rest**2
        deviation = np.sqrt(squares * (n / (n - ddof)))
    # False for a constant column, a gap, an infinity.
    if not (deviation > 1e-9 * np.abs(centre) + 1 / LARGEST).all() or deviation.max() > LARGEST:
        return None
    slope = sd / deviation
    z = np.multiply(centred if x is reference else x - centre, slope, out=out)
    z += mean - rest * slope
    return np.asarray(z)


def count_below(x: Floats) -> Floats | None:
    """Count for each value of x (B, n, k) the smaller ones in its column."""
    n = x.shape[-2]
    if not 1 < n <= MOST_COMPARED or np.isnan(x).any():
        return None
    above = count_above(np.negative(x).transpose(2, 1, 0))
    return above.astype(np.float64).transpose(2, 1, 0)


def weighted_sums(x: Floats, w: Floats) -> Floats | None:
    """Average x (B, n, c) by w (c,) or (B, c), the same children missing in all draws: (B, n)."""
    if w.ndim > 2:
        return None
    weights = "cb" if w.ndim == 2 else "c"
    total = np.einsum(f"cnb,{weights}->nb", x.T, w.T)
    share = w.sum(axis=-1)
    if not _is_ordinary(total):
        missing = np.isnan(x)
        if not missing.any() or (missing != missing[0]).any():
            return None
        present = (~missing[0]).astype(np.float64)
        total = np.einsum(f"cnb,{weights}->nb", np.where(missing, 0.0, x).T, w.T)
        share = np.einsum(f"nc,{weights}->n{weights[1:]}", present, w.T)
        share = share if share.ndim == 2 else share[:, None]
        if not (share > 0).all() or not _is_ordinary(total):
            return None
    total /= share
    return np.asarray(total.T)


def _is_ordinary(total: Floats) -> bool:
    """Tell whether there is no gap, infinity or huge number: any of them shows in a sum."""
    return bool(total.min() > -LARGEST and total.max() < LARGEST)


def fixed_sums(x: Floats, w: Floats) -> Floats:
    """Average fixed x (n, c), NaN where missing, by many weights w (B, c): (B, n).

    Communities with the same values get the same sums, whatever the matrix product rounds.
    """
    if len({row.tobytes() for row in x}) < len(x):
        _, first, same = np.unique(
            x, axis=0, return_index=True, return_inverse=True, equal_nan=True
        )
        return fixed_sums(x[first], w)[:, same.ravel()]
    present = ~np.isnan(x)
    sums = _product(np.where(present, x, 0.0), w.T)
    if present.all():
        sums /= w.sum(axis=-1)
    else:
        with np.errstate(invalid="ignore", divide="ignore"):
            sums /= _product(present.astype(np.float64), w.T)
    return sums.T


def _product(x: Floats, w: Floats) -> Floats:
    """Multiply x (n, c) and w (c, B) in pieces that leave the other cores to other blocks."""
    product = np.empty((len(x), w.shape[1]))
    step = max(64, BLAS_ALONE // x.size)
    for start in range(0, w.shape[1], step):
        part = slice(start, start + step)
        np.matmul(x, w[:, part], out=product[:, part])
    return product


def geometric(x: Floats, w: Floats) -> Floats | None:
    """Take geometric means of x (B, n, c) by w (c,) or (B, c): (B, n)."""
    if not np.minimum.reduce(x.T, axis=None, initial=np.inf) > 1 / LARGEST:  # 0, negative, missing
        return None
    sums = weighted_sums(np.log(x), w)
    return None if sums is None else np.exp(sums, out=sums)
