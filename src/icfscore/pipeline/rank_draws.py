"""What draws say of every community: shares of draws, means, intervals, and how exact they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.methods.rank_counts import UNIT
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

    @property
    def n_draws(self) -> int:
        """Number of draws the result rests on."""
        return self.tally.n_draws

    @cached_property
    def acceptability(self) -> Floats:
        """(n, bins) share of draws by rank; a bin is one rank up to 2,000 communities."""
        return np.asarray(self.tally.histogram / (UNIT * self.n_draws))

    @cached_property
    def exact_ranks(self) -> int:
        """Number of first ranks that have a bin of their own."""
        shared = np.flatnonzero(np.bincount(self.bins) > 1)
        return int(shared[0]) if shared.size else len(self.bins)

    def probability_top(self, k: int) -> Floats:
        """(n,) share of draws within the first k ranks, k up to `exact_ranks`."""
        within = self.tally.histogram[:, :k].sum(axis=1)
        return np.asarray(within / (UNIT * self.n_draws))

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

        Where ranks share a bin it is the bin's first rank.
        """
        total = UNIT * self.n_draws
        reached = np.cumsum(self.tally.histogram, axis=1) >= int(np.ceil(share * total))
        first_rank = np.searchsorted(self.bins, np.arange(reached.shape[1])) + 1
        return np.asarray(first_rank[reached.argmax(axis=1)])

    @cached_property
    def rank_interval(self) -> Ints:
        """(n, 2) ranks at 5 % and 95 % of the draws."""
        return np.stack([self.rank_quantile(share) for share in INTERVAL], axis=1)

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
        shares = [self.acceptability.ravel(), np.cumsum(self.acceptability, axis=1).ravel()]
        if self.pairwise is not None:
            shares.append(self.pairwise[~np.eye(len(self.communities), dtype=bool)])
        p = np.clip(np.concatenate(shares), 0, 1)
        return float(np.sqrt((p * (1 - p)).max() / self.n_draws)) if p.size else 0.0
