"""What draws say of every community: shares of draws, means, intervals, and how exact they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.methods.rank_counts import UNIT, bin_edges
from icfscore.methods.tally import Tally

INTERVAL = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class RankDraws:
    """What the draws say of every community.

    Attributes
    ----------
    communities
        Ids in the order of the tables' rows.
    nominal
        (n,) ranks under the plain recipe.
    tally
        Counts over the draws.
    confidence
        By community the share of draws it is first in when its central weights hold; without those
        that are never first.
    confidence_draws
        How many draws these shares rest on: with very many communities, fewer than the others.
    interrupted
        True where the run was stopped before all draws were made.
    """

    communities: tuple[str, ...]
    nominal: Ints
    tally: Tally
    bins: Ints
    children: Mapping[str, tuple[str, ...]]
    seed: int
    confidence: Mapping[str, float]
    interrupted: bool = False
    confidence_draws: int = 0

    @property
    def n_draws(self) -> int:
        """Number of draws the result rests on."""
        return self.tally.n_draws

    @cached_property
    def acceptability(self) -> Floats:
        """(n, bins) share of draws by rank; a bin is one rank up to 2,000 communities."""
        shares = np.empty((len(self.communities), self.edges.size - 1))
        for rows, table in self.tally.counts.pieces():
            np.divide(table, UNIT * self.n_draws, out=shares[rows])
        return shares

    @cached_property
    def edges(self) -> Ints:
        """(bins + 1,) number of ranks that the first 0, 1, 2, … bins hold together."""
        return bin_edges(self.bins)

    @cached_property
    def exact_ranks(self) -> int:
        """Number of first ranks that have a bin of their own."""
        shared = np.flatnonzero(np.diff(self.edges) > 1)
        return int(shared[0]) if shared.size else len(self.bins)

    @cached_property
    def rank_error(self) -> int:
        """Ranks by which a quantile may be off since ranks share bins; 0 where none do."""
        return int(np.diff(self.edges).max(initial=1)) // 2

    def knows_top(self, k: int) -> bool:
        """Tell whether a bin ends with rank k, so that the share of draws up to it is counted."""
        return k >= len(self.communities) or k in self.edges

    def probability_top(self, k: int) -> Floats:
        """(n,) share of draws within the first k ranks.

        Raises
        ------
        ValueError
            Where k lies within a bin: see `knows_top`.
        """
        if not self.knows_top(k):
            raise ValueError(f"rank {k} shares a bin with the next one")
        last = int(np.searchsorted(self.edges, min(k, len(self.communities))))
        within = [table[:, :last].sum(axis=1) for _, table in self.tally.counts.pieces()]
        return np.asarray(np.concatenate(within) / (UNIT * self.n_draws))

    @cached_property
    def mean_rank(self) -> Floats:
        """(n,) mean rank; tied communities count with the middle of their ranks."""
        return np.asarray(self.tally.double_rank / (2 * self.n_draws))

    @cached_property
    def mean_rank_error(self) -> Floats:
        """(n,) Monte Carlo standard error of the mean rank."""
        mean_square = self.tally.double_rank_squared / (4 * self.n_draws)
        variance = np.maximum(mean_square - self.mean_rank**2, 0)
        return np.asarray(np.sqrt(variance / self.n_draws))

    def rank_quantile(self, share: float) -> Ints:
        """(n,) smallest rank that at least this share of the draws is at or above.

        Where ranks share a bin it is the bin's middle, off by no more than `rank_error`.
        """
        at = self._reached(share)
        return np.asarray((self.edges[at] + self.edges[at + 1] + 1) // 2)

    def _reached(self, share: float) -> Ints:
        """(n,) number of the bin that the draws' share is reached in."""
        enough = int(np.ceil(min(share, 1.0) * UNIT * self.n_draws))
        found = [
            (np.cumsum(table, axis=1) >= enough).argmax(axis=1)
            for _, table in self.tally.counts.pieces()
        ]
        return np.concatenate(found)

    def quantile_error(self, share: float) -> Floats:
        """(n,) Monte Carlo standard error of a quantile, in ranks.

        Half the distance between the quantiles one standard error of the share below and above
        (Woodruff 1952, https://doi.org/10.1080/01621459.1952.10483443).
        """
        off = self.standard_error(share)
        below, above = (self.edges[self._reached(max(p, 0.0))] for p in (share - off, share + off))
        return np.asarray((above - below) / 2)

    @cached_property
    def rank_interval(self) -> Ints:
        """(n, 2) ranks at 5 % and 95 % of the draws."""
        return np.stack([self.rank_quantile(share) for share in INTERVAL], axis=1)

    @cached_property
    def off_by_bins(self) -> Ints:
        """(n, 3) ranks by which 5 %, 50 % and 95 % quantiles may be off since ranks share bins."""
        widths = np.diff(self.edges)
        at = [self._reached(share) for share in (INTERVAL[0], 0.5, INTERVAL[1])]
        return np.stack([widths[bins] // 2 for bins in at], axis=1)

    @cached_property
    def pairwise(self) -> Floats | None:
        """(n, n) share of draws in which the row is ahead of the column; None for many."""
        if not self.tally.pairwise.size:
            return None
        shares = self.tally.pairwise / (2 * self.n_draws)
        np.fill_diagonal(shares, 0.5)
        return np.asarray(shares)

    @cached_property
    def mean_rank_shift(self) -> float:
        """Mean over draws and communities of the distance from the nominal rank."""
        return self.tally.shift / (2 * self.n_draws * len(self.communities))

    def central_weights(self, row: int) -> dict[str, float] | None:
        """Mean weights over the draws that a community is first in; None if it never is."""
        if not self.tally.winner_parts[row]:
            return None
        central: dict[str, float] = {}
        for node, children in self.children.items():
            sums = self.tally.winner_weights[node][row]
            central.update(zip(children, (sums / sums.sum()).tolist(), strict=True))
        return central

    def standard_error(self, probability: float) -> float:
        """Monte Carlo standard error of a share of draws."""
        return float(np.sqrt(max(probability * (1 - probability), 0) / self.n_draws))

    @cached_property
    def largest_error(self) -> float:
        """Largest Monte Carlo standard error of all shares of draws."""
        largest = 0.0
        for _, table in self.tally.counts.pieces():
            p = np.clip(table / (UNIT * self.n_draws), 0, 1)
            for shares in (p, np.clip(np.cumsum(p, axis=1), 0, 1)):
                largest = max(largest, float((shares * (1 - shares)).max(initial=0)))
        if self.pairwise is not None:
            p = np.clip(self.pairwise[~np.eye(len(self.communities), dtype=bool)], 0, 1)
            largest = max(largest, float((p * (1 - p)).max(initial=0)))
        return float(np.sqrt(largest / self.n_draws))
