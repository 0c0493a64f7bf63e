"""Shortcuts for many draws of ordinary numbers: the same formulas in fewer passes over memory.

The methods themselves are safe for gaps, constant columns and numbers near the ends of floating
point; a Monte Carlo run meets none of these nearly always, and pays for each pass. Every function
here returns None where it meets one, and the method then goes its own, careful way.

Arrays have a draws axis before the communities, laid out in memory so that it runs fastest.
"""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Floats

LARGEST = 1e100  # squares and spans of anything smaller are safe


def _ordinary(least: Floats, most: Floats) -> bool:
    """Tell whether columns have no gap, are not constant and are of ordinary size."""
    return bool((most > least).all() and least.min() > -LARGEST and most.max() < LARGEST)


def min_max(x: Floats, reference: Floats, low: float, high: float) -> Floats | None:
    """Stretch x (B, n, k) from the columns' extremes to low..high."""
    least = np.minimum.reduce(reference, axis=-2, keepdims=True)
    most = np.maximum.reduce(reference, axis=-2, keepdims=True)
    if not _ordinary(least, most) or (x is not reference and np.isnan(x).any()):
        return None
    share = x - least
    share /= most - least
    if low == 0:
        share *= high
        return share
    remainder = 1 - share
    remainder *= low
    share *= high
    share += remainder
    return share


def z_score(x: Floats, reference: Floats, mean: float, sd: float, ddof: int) -> Floats | None:
    """Measure x (B, n, k) in standard deviations from the columns' means."""
    least = np.minimum.reduce(reference, axis=-2, keepdims=True)
    most = np.maximum.reduce(reference, axis=-2, keepdims=True)
    if not _ordinary(least, most) or (x is not reference and np.isnan(x).any()):
        return None
    n = reference.shape[-2]
    centre = np.add.reduce(reference, axis=-2, keepdims=True) / n
    centred = reference - centre
    # Taken twice, so that what rounding left of the mean does not enter the deviation.
    rest = np.add.reduce(centred, axis=-2, keepdims=True) / n
    centred -= rest
    deviation = np.sqrt(np.add.reduce(centred * centred, axis=-2, keepdims=True) / (n - ddof))
    if not (deviation > 1e-100).all():
        return None
    z = centred if x is reference else x - centre - rest
    z /= deviation
    z *= sd
    z += mean
    return np.asarray(z)


def weighted_sums(x: Floats, w: Floats) -> Floats | None:
    """Average x (B, n, c) by w (c,) or (B, c): (B, n)."""
    if w.ndim > 2:
        return None
    total = np.zeros(x.shape[:-1][::-1]).T  # draws fastest
    part = np.empty_like(total)
    for child in range(x.shape[-1]):
        np.multiply(x[..., child], w[..., child, None], out=part)
        total += part
    total /= w.sum(axis=-1)[..., None]
    # A gap or an infinity anywhere shows in the sum.
    return total if np.isfinite(total).all() and np.abs(total).max() < LARGEST else None


def fixed_sums(x: Floats, w: Floats) -> Floats:
    """Average fixed x (n, c), NaN where missing, by many weights w (B, c): (B, n).

    Communities with the same values get the same sums, whatever the matrix product rounds.
    """
    _, first, same = np.unique(x, axis=0, return_index=True, return_inverse=True, equal_nan=True)
    distinct = x[first]
    present = ~np.isnan(distinct)
    sums = np.where(present, distinct, 0.0) @ w.T
    if present.all():
        sums /= w.sum(axis=-1)
    else:
        with np.errstate(invalid="ignore", divide="ignore"):
            sums /= present.astype(np.float64) @ w.T
    return np.asarray(sums[same.ravel()].T)


def geometric(x: Floats, w: Floats) -> Floats | None:
    """Take geometric means of x (B, n, c) by w (c,) or (B, c): (B, n)."""
    if not (x.min(initial=np.inf) > 1 / LARGEST):  # zero, negative, missing
        return None
    sums = weighted_sums(np.log(x), w)
    return None if sums is None else np.exp(sums, out=sums)
