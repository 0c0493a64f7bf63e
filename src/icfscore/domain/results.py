"""Results: who stands where."""

from __future__ import annotations

from dataclasses import dataclass

from icfscore.domain.tables import Floats, Ints, read_only


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Communities with score and rank on the whole index.

    Attributes
    ----------
    communities
        Ids in the order of the tables' rows.
    scores
        (n,) full precision, NaN where there is none.
    ranks
        (n,) 1 is best, ties share the best rank, 0 where there is no score.
    order
        Rows, best first; ties in the order of names' ids; without those that have no score.
    """

    communities: tuple[str, ...]
    scores: Floats
    ranks: Ints
    order: tuple[int, ...]

    def __post_init__(self) -> None:
        """Lock the arrays."""
        read_only(self.scores, self.ranks)

    def rank_of(self, community: str) -> int | None:
        """Give a community's rank, None where it has none."""
        rank = int(self.ranks[self.communities.index(community)])
        return rank or None
