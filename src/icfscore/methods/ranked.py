"""Ranks of many draws at once.

Few communities are compared pair by pair, all draws side by side: comparing numbers that lie next
to each other in memory takes a fraction of what sorting draw by draw does. Numbers are compared
after rounding to 32 bits, in half the time again; those that are equal then are compared in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from icfscore.methods.context import Bools, Floats, Ints

MOST_COMPARED = 100  # communities; counts must fit 8 bits
Counts = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Ranks in every draw.

    Attributes
    ----------
    ahead
        (n, B) how many communities have a higher score: one less than the best rank of a tie.
    tied
        (t,) the draws in which some communities tie.
    level, place
        (n, t) in those draws the number of communities with the same score, the community itself
        included, and its number among them, from 0.
    """

    ahead: Counts
    tied: Ints
    level: Ints
    place: Ints


def rank_draws(scores: Floats) -> Ranked:
    """Rank communities by scores (n, B), no NaN, in every draw; equal means equal to the bit."""
    n = len(scores)
    ahead, tied = _compare(scores) if n <= MOST_COMPARED else _sort(scores)
    exact, level, place = _rank_exactly(np.take(scores, tied, axis=1))
    ahead[:, tied] = exact
    return Ranked(ahead, tied, level, place)


def _compare(scores: Floats) -> tuple[Counts, Ints]:
    """Compare all pairs: how many are ahead, and the draws in which some are level."""
    above, level = _count_above(scores[None])
    return above[0], np.flatnonzero(level[0])


def count_above(x: Floats) -> Counts:
    """Count for each value of x (c, n, B), no NaN, how many of its column's n are greater."""
    return _count_above(x)[0]


def _count_above(x: Floats) -> tuple[Counts, Bools]:
    """Count how many of n values are greater (c, n, B), and find where some are equal (c, B)."""
    n = x.shape[1]
    with np.errstate(over="ignore"):
        rounded = x.astype(np.float32)
    above = np.zeros(x.shape, dtype=np.uint8)
    level = np.zeros((len(x), x.shape[2]), dtype=bool)
    for row in range(n - 1):
        one, others = rounded[:, row : row + 1], rounded[:, row + 1 :]
        greater = (one > others).view(np.uint8)
        above[:, row + 1 :] += greater
        above[:, row] += np.uint8(n - 1 - row)
        above[:, row] -= np.add.reduce(greater, axis=1, dtype=np.uint8)
        same = one == others
        if not same.any():
            continue
        for column in np.flatnonzero(same.any(axis=(1, 2))):
            level[column] |= _settle(x[column, row:], same[column], above[column, row:])
    return above, level


def _settle(x: Floats, same: Bools, above: Counts) -> Bools:
    """Compare in full the first of x (n, B) with the others that it equals after rounding.

    `same` (n - 1, B) tells which; `above` (n, B), in which all of them were counted as greater than
    the first, is set right.

    Returns
    -------
    (B,) where some are equal indeed.
    """
    equal = x[0] == x[1:]
    above[0] -= np.add.reduce(equal.view(np.uint8), axis=0, dtype=np.uint8)
    if not np.array_equal(equal, same):
        smaller = same & (x[0] > x[1:])
        above[0] -= np.add.reduce(smaller.view(np.uint8), axis=0, dtype=np.uint8)
        above[1:] += smaller
    return np.asarray(equal.any(axis=0))


def _sort(scores: Floats) -> tuple[Counts, Ints]:
    """Sort draw by draw: how many are ahead, and the draws in which some are level."""
    n, n_draws = scores.shape
    by_draw = np.negative(scores.T, order="C")
    order = np.argsort(by_draw, axis=1)
    in_order = np.take_along_axis(by_draw, order, axis=1)
    level = (in_order[:, 1:] == in_order[:, :-1]).any(axis=1)
    ahead = np.empty((n, n_draws), dtype=np.int16 if n < 2**15 else np.int32)
    ahead[order.T, np.arange(n_draws)] = np.arange(n, dtype=ahead.dtype)[:, None]
    return ahead, np.flatnonzero(level)


def _rank_exactly(scores: Floats) -> tuple[Ints, Ints, Ints]:
    """Rank scores (n, t): how many are ahead, how many level, and which of these each one is."""
    n, n_draws = scores.shape
    order = np.argsort(-scores, axis=0, kind="stable")
    in_order = np.take_along_axis(scores, order, axis=0)
    position = np.broadcast_to(np.arange(n)[:, None], (n, n_draws))
    new = np.ones((n + 1, n_draws), dtype=bool)
    new[1:-1] = in_order[1:] != in_order[:-1]
    start = np.maximum.accumulate(np.where(new[:-1], position, 0), axis=0)
    stop = np.minimum.accumulate(np.where(new[1:], position + 1, n)[::-1], axis=0)[::-1]
    tables = np.empty((3, n, n_draws), dtype=np.int64)
    for table, found in zip(tables, (start, stop - start, position - start), strict=True):
        np.put_along_axis(table, order, found, axis=0)
    return tables[0], tables[1], tables[2]
