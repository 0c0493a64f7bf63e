"""Ranks of many draws at once.

Few communities are compared pair by pair, all draws side by side: comparing numbers that lie next
to each other in memory takes a fraction of what sorting draw by draw does. Scores are compared
after rounding to 32 bits, in half the time again; draws in which some are equal then are ranked in
full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from icfscore.methods.context import Floats, Ints

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
    ahead, unclear = _compare(scores) if n <= MOST_COMPARED else _sort(scores)
    exact, level, place = _rank_exactly(np.take(scores, unclear, axis=1))
    ahead[:, unclear] = exact
    some = (level > 1).any(axis=0)
    return Ranked(ahead, unclear[some], level[:, some], place[:, some])


def count_above(x: Floats) -> Counts:
    """Count for each value of x (c, n, B), no NaN, how many of its column's n are greater."""
    c, n, n_draws = x.shape
    twice = np.empty((2, n, c, n_draws))
    twice[:] = x.transpose(1, 0, 2)
    above = _count_greater(twice.reshape(2 * n, -1))
    return above.reshape(n, c, n_draws).transpose(1, 0, 2)


def _count_greater(twice: npt.NDArray[np.floating[Any]]) -> Counts:
    """Count in each column, n values twice (2 n, m), how many of the n are greater: (n, m).

    All values are compared at once with those one row below, then two, and so on.
    """
    n = len(twice) // 2
    above = np.zeros((n, twice.shape[1]), dtype=np.uint8)
    greater = np.empty(above.shape, dtype=bool)
    for step in range(1, n):
        np.greater(twice[step : step + n], twice[:n], out=greater)
        above += greater.view(np.uint8)
    return above


def _compare(scores: Floats) -> tuple[Counts, Ints]:
    """Compare all pairs: how many are ahead, and the draws in which some may be level.

    Where none is, n (n - 1) / 2 comparisons find one ahead.
    """
    n = len(scores)
    twice = np.empty((2, *scores.shape), dtype=np.float32)
    with np.errstate(over="ignore"):
        twice[:] = scores
    above = _count_greater(twice.reshape(2 * n, -1))
    found = np.add.reduce(above, axis=0, dtype=np.uint16)
    return above, np.flatnonzero(found != n * (n - 1) // 2)


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
