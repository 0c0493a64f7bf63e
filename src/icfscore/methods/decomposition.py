"""What each child adds to the difference of two communities' scores, exactly.

Decisions. Under a power mean the score is a sum on another scale: y^p = sum(w x^p), ln y = sum(w ln
x) where p is 0. A child's part of the difference on that scale is beyond doubt; the parts are taken
back to the scale of the scores by one common factor, the slope of that scale between the two
scores. Under the arithmetic mean the factor is 1 and the parts are weights times differences; under
the geometric mean it is the logarithmic mean of the two scores, and the parts are those of the
logarithmic mean Divisia index (LMDI-I).

Where no such scale exists (outranking, distances to an ideal, medians, penalties) the parts are
Shapley values of a game of swaps: two communities exchange their scores on some children, all
others keep theirs, so that each column holds the same numbers as before; half the difference of
their scores is then what the children not exchanged are worth. With everything exchanged the
difference changes its sign, therefore the values sum to the whole difference. Under an arithmetic
mean they too are weights times differences.

References
----------
Ang (2005), The LMDI approach to decomposition analysis: a practical guide, equations 3 to 6.
https://doi.org/10.1016/j.enpol.2003.10.010
Shapley (1953), A value for n-person games. https://doi.org/10.1515/9781400881970-018
"""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import numpy as np

from icfscore.methods.context import Bools, Floats

MOST_CELLS = 4_000_000  # numbers in all swapped tables together; beyond it, orders are rotated
NOISE = 1e-9  # of the parts' size: a larger remainder is no rounding


def mean_slopes(
    a: Floats, b: Floats, w: Floats, scores: tuple[float, float], exponent: float
) -> Floats:
    """Give what a power mean's difference gains by each child's difference: (c,).

    Parameters
    ----------
    a, b
        (c,) the children's scores of two communities, none missing.
    w
        (c,) weights.
    scores
        The means of `a` and of `b`.
    exponent
        p of the power mean; 1 arithmetic, 0 geometric, -1 harmonic.

    Returns
    -------
    Slopes, none negative, with sum(slope (a - b)) the difference of the scores. Not finite where
    the scale has no slope: at 0 with an exponent below 1.

    Examples
    --------
    >>> a, b, w = np.array([4.0, 1.0]), np.array([1.0, 1.0]), np.array([0.5, 0.5])
    >>> mean_slopes(a, b, w, (2.0, 1.0), 0.0) * (a - b)
    array([1., 0.])
    """
    if exponent == 1:
        return w * 1.0
    unit = max(abs(score) for score in scores) or 1.0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        children = _secant(a / unit, b / unit, exponent)
        whole = _secant(np.array([scores[0] / unit]), np.array([scores[1] / unit]), exponent)
        return np.asarray(w * children / whole)


def _secant(a: Floats, b: Floats, exponent: float) -> Floats:
    """Slope of x^p (ln x where p is 0) between a and b; its derivative where they are equal."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    rise = (high - low) / low
    grown = np.log1p(rise)
    if exponent == 0:
        between = np.where(rise == 0, 1.0, grown / rise) / low
    else:
        steps = np.expm1(exponent * grown)
        between = np.where(rise == 0, exponent, steps / rise) * low ** (exponent - 1)
    from_zero = np.where(low == 0, high ** (exponent - 1), between)
    return np.asarray(np.where((low == 0) & (high == 0), np.nan, from_zero))


def share_rounding(parts: Floats, whole: float) -> Floats | None:
    """Give the rounding error of a sum back to its parts (c,), by their sizes.

    A part of 0 stays 0. None where what remains is more than rounding.

    Examples
    --------
    >>> bool(share_rounding(np.array([1.0, 0.0, 2.0 + 1e-12]), 3.0).sum() == 3.0)
    True
    """
    sizes = np.abs(parts)
    total = float(sizes.sum())
    rest = whole - float(parts.sum())
    if not np.isfinite(total) or abs(rest) > NOISE * max(total, abs(whole)):
        return None
    return parts + rest * (sizes / total) if total > 0 else parts


def swap_values(
    score: Callable[[Floats], Floats], x: Floats, rows: tuple[int, int], most: int = MOST_CELLS
) -> Floats | None:
    """Shapley values (c,) of the children for the difference of two rows' scores.

    Parameters
    ----------
    score
        Scores (…, n) from the children's scores (…, n, c).
    x
        (n, c) the children's scores, NaN where missing.
    rows
        The two communities.
    most
        Cells of all tables together up to which every coalition is scored; with more, the mean
        over the c rotations of the children's order takes the place of that over all orders.

    Returns
    -------
    Their sum is the difference; a child on which the two are equal has 0. None where a swap leaves
    one of them without a score.

    Examples
    --------
    >>> x = np.array([[3.0, 1.0], [1.0, 2.0]])
    >>> swap_values(lambda x: x @ np.array([0.5, 0.5]), x, (0, 1))
    array([ 1. , -0.5])
    """
    a, b = x[rows[0]], x[rows[1]]
    players = np.flatnonzero(~((a == b) | (np.isnan(a) & np.isnan(b))))
    values = np.zeros(x.shape[1])
    m = len(players)
    if not m:
        return values
    exact = x.size * 2 ** (m - 1) <= most
    kept = _coalitions(m) if exact else _rotations(m)
    gains = np.concatenate(
        [_swapped_gains(score, x, rows, players, some) for some in _batches(kept, x.size, most)]
    )
    if not np.isfinite(gains).all():
        return None
    values[players] = _by_size(kept, gains) if exact else _by_turn(gains.reshape(m, m), m)
    return values


def _coalitions(m: int) -> Bools:
    """List the coalitions with the first of m children: (2^(m-1), m); the others mirror them."""
    numbers = np.arange(2 ** (m - 1))
    rest = (numbers[:, None] >> np.arange(m - 1)) & 1
    return np.asarray(np.column_stack([np.ones(len(numbers)), rest]) > 0)


def _rotations(m: int) -> Bools:
    """List, for each rotation of the order, the coalitions that grow by one: (m m, m)."""
    steps = np.arange(m)
    inside = (steps[None, None, :] - steps[:, None, None]) % m <= steps[None, :, None]
    return np.asarray(inside.reshape(m * m, m))


def _batches(kept: Bools, cells: int, most: int) -> list[Bools]:
    size = max(1, most // max(cells, 1))
    return [kept[start : start + size] for start in range(0, len(kept), size)]


def _swapped_gains(
    score: Callable[[Floats], Floats],
    x: Floats,
    rows: tuple[int, int],
    players: np.ndarray,
    kept: Bools,
) -> Floats:
    """Half the difference of the two rows, all but the coalition's children swapped: (s,)."""
    tables = np.repeat(x[None], len(kept), axis=0)
    for place, column in enumerate(players):
        swapped = ~kept[:, place]
        tables[swapped, rows[0], column] = x[rows[1], column]
        tables[swapped, rows[1], column] = x[rows[0], column]
    scores = score(tables)
    return np.asarray((scores[:, rows[0]] - scores[:, rows[1]]) / 2)


def _by_size(kept: Bools, gains: Floats) -> Floats:
    """Shapley values (m,) from half of all coalitions, the others' gains having the other sign."""
    m = kept.shape[1]
    everyone = np.concatenate([kept, ~kept])
    worth = np.concatenate([gains, -gains])
    sizes = everyone.sum(axis=1)
    orders = [factorial(size - 1) * factorial(m - size) / factorial(m) for size in range(1, m + 1)]
    joining = np.array([*orders, 0.0])[sizes - 1]  # a child of the coalition came last
    leaving = np.array([*orders, 0.0])[sizes]  # a child outside comes next
    return np.asarray(
        np.where(everyone, joining[:, None], -leaving[:, None]).T @ worth,
    )


def _by_turn(gains: Floats, m: int) -> Floats:
    """Mean gain (m,) of each child over the rotations; gains (rotation, step)."""
    before = np.column_stack([-gains[:, -1], gains[:, :-1]])
    steps = gains - before
    child = (np.arange(m)[:, None] + np.arange(m)[None, :]) % m
    return np.asarray(np.bincount(child.ravel(), steps.ravel(), minlength=m) / m)
