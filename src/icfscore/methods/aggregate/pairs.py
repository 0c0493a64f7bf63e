"""Comparisons of every community with every other, in blocks that fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod

import numpy as np

from icfscore.methods.aggregate.present import weigh_present
from icfscore.methods.context import Bools, Floats

BLOCK = 2**17  # pairs compared at once: 1 MB for each array held, which a cache can hold

Prefer = Callable[[Floats, int], Floats]
Judge = Callable[[Floats], Floats]


def scored_communities(x: Floats, w: Floats) -> Bools:
    """Tell which communities (…, n) have a child that counts."""
    return ~np.isnan(weigh_present(x, w)[..., 0])


def sum_preferences(x: Floats, w: Floats, prefer: Prefer, judge: Judge | None = None) -> Floats:
    """Sum what speaks for each community against every other, less what speaks against it: (…, n).

    preference_ab = sum_j w_j prefer_j(x_aj - x_bj), weights rescaled over the children both have;
    0 where there is none.

    Parameters
    ----------
    x, w
        Values (…, n, c) and weights (c,) or (…, c).
    prefer
        From gaps (d, b, n) in column j to preferences in -1..1, odd: prefer(-gap) = -prefer(gap).
        Gaps of 0 stand in for missing ones.
    judge
        What to make of the weighted preferences (d, b, n) before they are summed; default: nothing.
    """
    draws = np.broadcast_shapes(x.shape[:-2], w.shape[:-1])
    n, c = x.shape[-2:]
    values = np.broadcast_to(x, (*draws, n, c)).reshape(prod(draws), n, c)
    columns = np.ascontiguousarray(np.moveaxis(values, -1, 0))
    weights = np.broadcast_to(w, (*draws, c)).reshape(prod(draws), c)
    weights = weights / weights.max(axis=-1, keepdims=True, initial=np.finfo(np.float64).tiny)
    sums = np.empty((prod(draws), n))
    for block, rows in _blocks(prod(draws), n):
        total, common = _compare(columns[:, block], weights[block], rows, prefer)
        common = np.where(common > 0, common, 1.0)
        if judge is None and common.shape[-1] == 1:
            # Dividing last keeps whole numbers whole: equal sums stay ties.
            sums[block, rows] = total.sum(axis=-1) / common[..., 0]
        else:
            preference = total / common
            sums[block, rows] = (preference if judge is None else judge(preference)).sum(axis=-1)
    return sums.reshape(*draws, n)


def _blocks(draws: int, n: int) -> Iterator[tuple[slice, slice]]:
    """Cut draws and communities into blocks of at most `BLOCK` pairs (or one row)."""
    many = max(1, BLOCK // (n * n))
    rows = n if n * n <= BLOCK else max(1, BLOCK // n)
    for draw in range(0, draws, many):
        for row in range(0, n, rows):
            yield slice(draw, draw + many), slice(row, row + rows)


def _compare(
    columns: Floats, weights: Floats, rows: slice, prefer: Prefer
) -> tuple[Floats, Floats]:
    """Compare some rows of columns (c, d, n) with all of them.

    Gives the sums of weighted preferences (d, b, n) and of the weights of the children in common,
    (d, 1, 1) where nothing is missing.
    """
    ours = columns[:, :, rows, None]
    c, d, b = ours.shape[:3]
    total, common = np.zeros((d, b, columns.shape[-1])), np.zeros((d, 1, 1))
    for j in range(c):
        weight = weights[:, j, None, None]
        if not weight.any():
            continue
        with np.errstate(over="ignore"):
            gap = ours[j] - columns[j][:, None, :]
        missing = np.isnan(gap)
        if missing.any():
            gap[missing] = 0.0
            common = common + weight * ~missing
        else:
            common = common + weight
        total += weight * prefer(gap, j)
    return total, common
