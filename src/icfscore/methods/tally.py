"""Counting ranks over draws: whole numbers only, so that blocks merge in any order to the same.

What is not a whole number, weights, is summed within a block and then counted in small parts.

Where m communities tie in a draw, each gets 1/m of the m ranks they occupy, and a pair that ties
counts one half for either. A draw is counted as `UNIT` parts, a number that 1 to 22 divide, so that
these shares are whole numbers too. In larger ties what does not divide is dealt out so that every
community and every rank still gets a whole draw.

References
----------
Lahdelma and Salminen (2001), SMAA-2: stochastic multicriteria acceptability analysis for group
decision making. https://doi.org/10.1287/opre.49.3.444.11220
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from icfscore.methods.context import Bools, Floats, Ints
from icfscore.methods.pairs import count_pairs
from icfscore.methods.rank_counts import STRADDLES, UNIT, Bins, RankCounts
from icfscore.methods.ranked import Counts, Ranked, rank_draws

FIXED = 2**32  # a weight is counted in this many parts
MAX_PAIRWISE = 500  # communities up to which pairs are counted
DENSE = 100  # communities up to which a block counts in a whole table
SUMS = ("double_rank", "double_rank_squared", "pairwise", "winner_parts", "n_draws", "shift")


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What one block adds to a `Tally`; all arrays whole numbers.

    Attributes
    ----------
    bins
        (n, B) number of the bin that a draw counts in for a community, `STRADDLES` where it counts
        in `cells`; (n, 0) where all do.
    cells, parts
        Places in the flat histogram, and the parts of draws that are added there.
    """

    n_draws: int
    bins: Bins
    cells: Ints
    parts: Ints
    double_rank: Ints
    double_rank_squared: Ints
    pairwise: Ints
    winner_weights: Mapping[str, Ints]
    winner_parts: Ints
    shift: int


@dataclass(slots=True, eq=False)
class Tally:
    """Counts over draws; all arrays whole numbers.

    Attributes
    ----------
    counts
        Of draws by community and rank.
    double_rank, double_rank_squared
        (n,) sums of twice the rank (ties: the middle of their ranks), and of its square.
    pairwise
        (n, n) twice the draws in which the row is ahead of the column, ties counting one; empty
        for more than `MAX_PAIRWISE` communities.
    winner_parts
        (n,) parts of draws that the community is first in; m that tie for it have 1/m each.
    winner_weights
        By node (n, c) sums of the weights in those draws, in `FIXED` parts.
    shift
        Sum over draws of the sum over communities of |double rank - double nominal rank|.
    """

    counts: RankCounts
    double_rank: Ints
    double_rank_squared: Ints
    pairwise: Ints
    winner_weights: dict[str, Ints]
    winner_parts: Ints
    n_draws: int = 0
    shift: int = 0

    @classmethod
    def start(cls, bins: Ints, children: Mapping[str, int]) -> Tally:
        """Begin with no draws, given the bins (n,) and by node the number of its children."""
        n = len(bins)
        pairs = n if n <= MAX_PAIRWISE else 0
        return cls(
            counts=RankCounts(n, int(bins[-1]) + 1),
            double_rank=np.zeros(n, dtype=np.int64),
            double_rank_squared=np.zeros(n, dtype=np.int64),
            pairwise=np.zeros((pairs, pairs), dtype=np.int64),
            winner_weights={node: np.zeros((n, c), np.int64) for node, c in children.items()},
            winner_parts=np.zeros(n, dtype=np.int64),
        )

    @property
    def histogram(self) -> Ints:
        """(n, bins) parts of draws by rank."""
        return self.counts.table()

    def add(self, counted: Counted) -> None:
        """Add the counts of a block."""
        self.counts.add(counted.bins, counted.cells, counted.parts)
        self._add_sums(counted)

    def merge(self, other: Tally) -> None:
        """Add the draws of another tally of the same bins."""
        self.counts.merge(other.counts)
        self._add_sums(other)

    def _add_sums(self, other: Counted | Tally) -> None:
        self.double_rank += other.double_rank
        self.double_rank_squared += other.double_rank_squared
        self.pairwise += other.pairwise
        for node, sums in other.winner_weights.items():
            self.winner_weights[node] += sums
        self.winner_parts += other.winner_parts
        self.n_draws += other.n_draws
        self.shift += other.shift

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Lay the counts out by name, those by node as ``winner_weights.node``."""
        laid: dict[str, npt.NDArray[Any]] = {
            name: np.asarray(getattr(self, name), dtype=np.int64) for name in SUMS
        }
        for node, sums in self.winner_weights.items():
            laid[f"winner_weights.{node}"] = sums
        return laid | self.counts.arrays()

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take over the counts by name, in place of having none.

        Raises
        ------
        ValueError
            Where they are not such counts.
        """
        expected = self.arrays()
        if arrays.keys() != expected.keys():
            raise ValueError(sorted(arrays))
        counts = set(self.counts.arrays())
        for name, into in expected.items():
            found = arrays[name]
            if name in counts:
                continue
            if found.shape != into.shape or found.dtype != np.int64 or (found < 0).any():
                raise ValueError(name)
            if into.ndim:
                into[:] = found
            else:
                setattr(self, name, int(found))
        self.counts.restore({name: arrays[name] for name in counts}, self.n_draws)
        if (self.counts.sums() != UNIT * self.n_draws).any():
            raise ValueError(self.n_draws)


def count_draws(
    scores: Floats, weights: Mapping[str, Floats], bins: Ints, nominal: Ints
) -> Counted:
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
    ranked = rank_draws(scores)
    if n > DENSE or bins[-1] < n - 1:
        numbers, cells, parts = _bins_of(ranked, bins)
        sums = _sum_all_ranks(ranked, nominal)
    else:
        numbers = np.zeros((n, 0), dtype=np.uint16)
        cells, parts, sums = _count_ranks(ranked, nominal)
        spread_cells, spread_parts = _spread_ties(ranked, bins, ranked.level > 0)
        cells = np.concatenate([cells, spread_cells])
        parts = np.concatenate([parts, spread_parts])
    winner, draw, m = _winners(ranked)
    return Counted(
        n_draws=n_draws,
        bins=numbers,
        cells=cells,
        parts=parts,
        double_rank=sums[0],
        double_rank_squared=sums[1],
        pairwise=count_pairs(ranked) if n <= MAX_PAIRWISE else np.zeros((0, 0), dtype=np.int64),
        winner_weights={node: _sum_by_winner(w, winner, draw, m, n) for node, w in weights.items()},
        winner_parts=np.bincount(winner, weights=UNIT // m, minlength=n).astype(np.int64),
        shift=int(sums[2].sum()),
    )


def _bins_of(ranked: Ranked, bins: Ints) -> tuple[Bins, Ints, Ints]:
    """Find the bins (n, B) of draws; cells and parts for the ties that straddle some."""
    numbers = np.take(bins.astype(np.uint16), ranked.ahead, mode="clip")
    if not ranked.tied.size:
        return numbers, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    ahead = ranked.ahead[:, ranked.tied]
    straddles = bins[ahead] != bins[ahead + ranked.level - 1]
    some = numbers[:, ranked.tied]
    some[straddles] = STRADDLES
    numbers[:, ranked.tied] = some
    return numbers, *_spread_ties(ranked, bins, straddles)


def _sum_all_ranks(ranked: Ranked, nominal: Ints) -> Ints:
    """Sum up twice the ranks (3, n) as `_sum_ranks` does, ties having the middle of theirs."""
    double = 2 * ranked.ahead.astype(np.int64) + 2
    double[:, ranked.tied] += ranked.level - 1
    return _sum_ranks(double, nominal)


def _count_ranks(ranked: Ranked, nominal: Ints) -> tuple[Ints, Ints, Ints]:
    """Count the ranks of the draws without ties, and sum up the ranks of all draws.

    Returns
    -------
    Cells and parts of the histogram; by community the sums (3, n) of twice the rank, of its square
    and of its distance from twice the nominal rank.
    """
    n, n_draws = ranked.ahead.shape
    alone = np.ones(n_draws, dtype=bool)
    alone[ranked.tied] = False
    ahead = ranked.ahead if alone.all() else ranked.ahead[:, alone]
    tied = 2 * ranked.ahead[:, ranked.tied].astype(np.int64) + ranked.level + 1
    rows = np.arange(0, n * n, n)[:, None]
    table = np.bincount(np.add(ahead, rows, dtype=np.intp).ravel(), minlength=n * n)
    double = np.arange(2, 2 * n + 2, 2)
    values = np.stack(
        [
            np.broadcast_to(double, (n, n)),
            np.broadcast_to(double**2, (n, n)),
            np.abs(double - 2 * nominal[:, None]),
        ]
    )
    sums = (values * table.reshape(n, n)).sum(axis=2) + _sum_ranks(tied, nominal)
    return np.arange(n * n), table * UNIT, sums


def _sum_ranks(double: Ints, nominal: Ints) -> Ints:
    """Sum up twice the ranks (n, t): themselves, their squares, their distances; (3, n)."""
    distance = np.abs(double - 2 * nominal[:, None])
    return np.stack([double.sum(axis=1), (double * double).sum(axis=1), distance.sum(axis=1)])


def _spread_ties(ranked: Ranked, bins: Ints, chosen: Bools) -> tuple[Ints, Ints]:
    """Give each of m tied communities 1/m of each of their m ranks: cells and parts.

    Only those `chosen` (n, t) of the draws with ties are given some.
    """
    n, n_bins = len(bins), int(bins[-1]) + 1
    ahead, level = ranked.ahead[:, ranked.tied], ranked.level
    rows = np.broadcast_to(np.arange(n)[:, None], level.shape) * n_bins
    cells, parts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for m in np.unique(level[chosen]).tolist():
        mine = chosen & (level == m)
        share, rest = divmod(UNIT, m)
        for step in range(m):
            cells.append(rows[mine] + bins[ahead[mine] + step])
            parts.append(share + ((ranked.place[mine] + step) % m < rest))
    return np.concatenate(cells), np.concatenate(parts)


def _winners(ranked: Ranked) -> tuple[Ints, Ints, Ints]:
    """List who is first in which draw, and how many share the place."""
    winner = _first(ranked.ahead)
    draw = np.arange(winner.size)
    m = np.ones_like(winner)
    if ranked.tied.size:
        among, position = np.nonzero(ranked.ahead[:, ranked.tied] == 0)
        alone = np.delete(draw, ranked.tied)
        winner = np.concatenate([winner[alone], among])
        draw = np.concatenate([alone, ranked.tied[position]])
        m = np.concatenate([m[alone], ranked.level[among, position]])
    return winner, draw, m


def _first(ahead: Counts) -> Ints:
    """Find who is first (B,), any one of those that tie."""
    if ahead.dtype != np.uint8:
        return np.asarray(ahead.argmin(axis=0))
    numbers = np.arange(len(ahead), dtype=np.uint8)[:, None]
    return np.asarray(np.maximum.reduce((ahead == 0) * numbers, axis=0), dtype=np.int64)


def _sum_by_winner(w: Floats, winner: Ints, draw: Ints, m: Ints, n: int) -> Ints:
    """Sum weights (c, B) by the community that is first: (n, c) parts of `FIXED`."""
    shared = draw.size != w.shape[1] or bool((m > 1).any())
    sums = [np.bincount(winner, weights=row[draw] / m if shared else row, minlength=n) for row in w]
    return np.rint(np.stack(sums, axis=1) * FIXED).astype(np.int64)
