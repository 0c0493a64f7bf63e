"""Which missing values matter: how far a community's rank could move if it had its own.

Decisions. A gap is a scored indicator without a value of the community itself: missing, or a
region's or country's value standing in. Its effect is measured one gap at a time: the value is set
to the 5 % and to the 95 % quantile (type 7) of what the other communities have, all scales are
taken anew, and the distance of the two ranks is the effect, in places. It is what the rank interval
of the community owes to that gap if nothing else were uncertain; no draws are made, so it is exact.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import COMMUNITY
from icfscore.errors import InputError
from icfscore.pipeline.leave_out import rank_values
from icfscore.pipeline.score import Scoring, columns_of

QUANTILES = (0.05, 0.95)
MAX_GAPS = 2_000  # beyond it, the effects would take minutes
_FEWEST_PEERS = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that a community has not of its own.

    Attributes
    ----------
    standing_in
        The region's or country's value that counts for now, after denominators; None: missing.
    low, high
        Ranks with the peers' 5 % and 95 % quantile; None where they are not defined.
    points
        How far apart the two scores are, which orders gaps that move the rank equally.
    """

    community: str
    indicator: str
    standing_in: float | None
    low: int | None
    high: int | None
    points: float | None = None

    @property
    def places(self) -> int | None:
        """How many places lie between the two ranks."""
        return None if self.low is None or self.high is None else abs(self.high - self.low)


def find_gaps(scoring: Scoring, communities: Collection[str] | None = None) -> tuple[Gap, ...]:
    """List gaps, those first that move their community's rank most.

    Parameters
    ----------
    communities
        Whose gaps; None: all communities'.

    Returns
    -------
    Beyond `MAX_GAPS` gaps no effects are computed, and they come in the tables' order.
    """
    screened = scoring.screened
    observed = screened.observed
    cells = [
        (int(row), int(column))
        for row, column in zip(*np.nonzero(observed.level != COMMUNITY), strict=True)
        if screened.scored[column]
        and (communities is None or observed.communities[row] in communities)
    ]
    if len(cells) > MAX_GAPS:
        return tuple(_gap(scoring, row, column, (None, None, None)) for row, column in cells)
    finder = _Finder(scoring)
    gaps = [_gap(scoring, row, column, finder.ends(row, column)) for row, column in cells]
    return tuple(sorted(gaps, key=_weight, reverse=True))


Ends = tuple[int | None, int | None, float | None]


def _weight(gap: Gap) -> tuple[float, float]:
    """Order gaps: by places, then by points; those without an effect last."""
    return (-1 if gap.places is None else gap.places, -1 if gap.points is None else gap.points)


def _gap(scoring: Scoring, row: int, column: int, ends: Ends) -> Gap:
    observed = scoring.screened.observed
    value = float(observed.values[row, column])
    standing_in = None if np.isnan(value) else value
    return Gap(observed.communities[row], observed.indicators[column], standing_in, *ends)


class _Finder:
    def __init__(self, scoring: Scoring) -> None:
        kept = scoring.screened
        self.scoring = scoring
        self.columns = columns_of(scoring.project, kept).take(kept.scored)
        self.weights = scoring.project.tree.weights(scoring.settings.weights)
        self.pooled = None if scoring.pooled is None else scoring.pooled[:, kept.scored]
        self.values = kept.observed.values[:, kept.scored]
        self.position = np.cumsum(kept.scored) - 1

    def ends(self, row: int, column: int) -> Ends:
        """Rank the community with a low and a high value among its peers'."""
        column = int(self.position[column])
        peers = np.delete(self.values[:, column], row)
        peers = peers[~np.isnan(peers)]
        if len(peers) < _FEWEST_PEERS:
            return None, None, None
        low, high = (self._stand(row, column, float(v)) for v in np.quantile(peers, QUANTILES))
        if low is None or high is None:
            return None, None, None
        return low[0], high[0], abs(high[1] - low[1])

    def _stand(self, row: int, column: int, value: float) -> tuple[int, float] | None:
        """Rank and score the community with another value."""
        changed = self.values.copy()
        changed[row, column] = value
        try:
            ranking = rank_values(changed, self.columns, self.weights, self.scoring, self.pooled)
        except InputError:
            return None
        rank = int(ranking.ranks[row])
        return (rank, float(ranking.scores[row])) if rank else None
