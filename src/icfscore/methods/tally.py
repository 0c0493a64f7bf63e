"""Counting ranks over draws: whole numbers only, so that blocks merge in any order to the same.

Where m communities tie in a draw, each gets 1/m of the m ranks they occupy, and a pair that ties
counts one half for either. A draw is counted as `UNIT` parts, a number that 1 to 22 divide, so that
these shares are whole numbers too (in larger ties what does not divide goes to the first ranks).

References
----------
Lahdelma and Salminen (2001), SMAA-2: stochastic multicriteria acceptability analysis for group
decision making. https://doi.org/10.1287/opre.49.3.444.11220
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Floats, Ints

UNIT = 232_792_560
FIXED = 2**32  # a weight is counted in this many parts
FULL_TABLE = 2000  # communities up to which every rank has its own count
EXACT_RANKS = 200  # above: the first ranks have, the others share bins
N_BINS = 1000
MAX_PAIRWISE = 500  # communities up to which pairs are counted


def rank_bins(n: int) -> Ints:
    """Give each rank 1..n the number (n,) of the bin it is counted in."""
    ranks = np.arange(n, dtype=np.int64)
    if n <= FULL_TABLE:
        return ranks
    width = -(-(n - EXACT_RANKS) // (N_BINS - EXACT_RANKS))
    return np.where(ranks < EXACT_RANKS, ranks, EXACT_RANKS + (ranks - EXACT_RANKS) // width)


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Counts over draws; all arrays whole numbers.

    Attributes
    ----------
    histogram
        (n, bins) parts of draws by rank.
    double_rank, double_rank_squared
        (n,) sums of twice the rank (ties: the middle of their ranks), and of its square.
    pairwise
        (n, n) twice the draws in which the row is ahead of the column, ties counting one; empty
        for more than `MAX_PAIRWISE` communities.
    winner_weights
        By node (n, c) sums of the weights, in parts of `FIXED`, over the draws that the community
        is first in; a tie for the first place counts for none of the tied but in `winner_parts`.
    shift
        Sum over draws of the sum over communities of |double rank - double nominal rank|.
    """

    n_draws: int
    histogram: Ints
    double_rank: Ints
    double_rank_squared: Ints
    pairwise: Ints
    winner_weights: Mapping[str, Ints]
    winner_draws: Ints
    shift: int

    def merge(self, other: Tally) -> Tally:
        """Add the counts of other draws."""
        weights = {
            node: sums + other.winner_weights[node] for node, sums in self.winner_weights.items()
        }
        return Tally(
            n_draws=self.n_draws + other.n_draws,
            histogram=self.histogram + other.histogram,
            double_rank=self.double_rank + other.double_rank,
            double_rank_squared=self.double_rank_squared + other.double_rank_squared,
            pairwise=self.pairwise + other.pairwise,
            winner_weights=weights,
            winner_draws=self.winner_draws + other.winner_draws,
            shift=self.shift + other.shift,
        )


def tally_draws(scores: Floats, weights: Mapping[str, Floats], bins: Ints, nominal: Ints) -> Tally:
    """Count the draws of a block.

    Parameters
    ----------
    scores
        (n, B), no NaN.
    weights
        By node (c, B).
    bins
        (n,) from `rank_bins`.
    nominal
        (n,) ranks under the plain recipe.
    """
    n, n_draws = scores.shape
    by_draw = np.ascontiguousarray(scores.T)
    order = np.argsort(-by_draw, axis=1, kind="stable")
    in_order = np.take_along_axis(by_draw, order, axis=1)
    tied = (in_order[:, 1:] == in_order[:, :-1]).any(axis=1)
    n_bins = int(bins[-1]) + 1
    cells = (
        (order * n_bins + bins).ravel()
        if not tied.any()
        else (order[~tied] * n_bins + bins).ravel()
    )
    histogram = np.bincount(cells, minlength=n * n_bins).reshape(n, n_bins) * UNIT
    double = np.empty((n_draws, n), dtype=np.int64)
    np.put_along_axis(double, order, np.arange(2, 2 * n + 2, 2)[None, :], axis=1)
    if tied.any():
        _spread_ties(np.flatnonzero(tied), in_order, order, histogram, double, bins)
    first = order[:, 0]
    alone = in_order[:, 0] > in_order[:, 1] if n > 1 else np.ones(n_draws, dtype=bool)
    return Tally(
        n_draws=n_draws,
        histogram=histogram.astype(np.int64),
        double_rank=double.sum(axis=0),
        double_rank_squared=(double * double).sum(axis=0),
        pairwise=_count_pairs(double) if n <= MAX_PAIRWISE else np.zeros((0, 0), dtype=np.int64),
        winner_weights={node: _sum_by_winner(w, first, alone, n) for node, w in weights.items()},
        winner_draws=np.bincount(first[alone], minlength=n).astype(np.int64),
        shift=int(np.abs(double - 2 * nominal).sum()),
    )


def _spread_ties(
    draws: Ints, in_order: Floats, order: Ints, histogram: Ints, double: Ints, bins: Ints
) -> None:
    """Count the draws that have ties, one by one."""
    n = order.shape[1]
    for draw in draws:
        values, communities = in_order[draw], order[draw]
        starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
        for start, stop in zip(starts, [*starts[1:], n], strict=True):
            tied, m = communities[start:stop], stop - start
            share, rest = divmod(UNIT, m)
            for place in range(m):
                histogram[tied, bins[start + place]] += share + (place < rest)
            double[draw, tied] = start + 1 + stop


def _count_pairs(double: Ints) -> Ints:
    """Count (n, n) twice the draws in which the row has the better rank, ties counting one."""
    n = double.shape[1]
    ranks = np.ascontiguousarray(double.T.astype(np.int16))
    wins = np.zeros((n, n), dtype=np.int64)
    for row in range(n - 1):
        ahead = np.packbits(ranks[row] < ranks[row + 1 :], axis=1)
        behind = np.packbits(ranks[row] > ranks[row + 1 :], axis=1)
        better = np.bitwise_count(ahead).sum(axis=1, dtype=np.int64)
        worse = np.bitwise_count(behind).sum(axis=1, dtype=np.int64)
        level = double.shape[0] - better - worse
        wins[row, row + 1 :] = 2 * better + level
        wins[row + 1 :, row] = 2 * worse + level
    return wins


def _sum_by_winner(w: Floats, first: Ints, alone: np.ndarray, n: int) -> Ints:
    """Sum weights (c, B), in parts of `FIXED`, by the community that is first: (n, c)."""
    sums = np.zeros((n, w.shape[0]), dtype=np.int64)
    winners = first[alone]
    if winners.size:
        order = np.argsort(winners, kind="stable")
        ordered = winners[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        parts = np.rint(w[:, alone][:, order] * FIXED).astype(np.int64)
        sums[ordered[starts]] = np.add.reduceat(parts, starts, axis=1).T
    return sums
