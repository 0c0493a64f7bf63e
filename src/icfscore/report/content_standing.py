"""Where a community stands: on the whole index, on a criterion, on an indicator.

Decision. A place is called high or low by the share of the other communities that it is ahead of,
ties counting half, and not by its rank: communities of one country often share that country's
value, and would all share the best rank of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.score import Scoring

Band = Literal["upper", "middle", "lower"]

_THIRD = 1 / 3
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Standing:
    """One community's place among those that have a score.

    Attributes
    ----------
    identifier
        The node or indicator.
    rank
        1 is best; None, as everything of the community's own, where it has no score.
    percentile
        Share of the other communities that it is ahead of, ties counting half.
    best
        Ids of those with the best score.
    kth
        Score of the k-th best; None unless more than k communities have a score.
    on_proxies
        Whether more than half of the community's values below the node are proxies.
    """

    identifier: str
    score: float | None
    rank: int | None
    n_ranked: int
    percentile: float | None
    best: tuple[str, ...]
    best_score: float | None
    median: float | None
    kth: float | None
    on_proxies: bool

    @property
    def band(self) -> Band | None:
        """The third of the field it is in; None where it stands alone or has no score."""
        return band_of(self.percentile)

    def distance_to(self, reference: float | None) -> float | None:
        """Give score minus reference: below 0 where it is behind."""
        return None if self.score is None or reference is None else self.score - reference


def band_of(percentile: float | None) -> Band | None:
    """Name the third of the field that a percentile lies in."""
    if percentile is None:
        return None
    if percentile >= 1 - _THIRD - _TOLERANCE:
        return "upper"
    return "lower" if percentile <= _THIRD + _TOLERANCE else "middle"


def number_or_none(value: float) -> float | None:
    """Give a number, None where it is missing."""
    return float(value) if np.isfinite(value) else None


def percentile_of(scores: Floats, row: int) -> float | None:
    """Share of the other scores (n,) that one is ahead of, ties counting half."""
    others = np.delete(scores, row)
    others = others[~np.isnan(others)]
    if np.isnan(scores[row]) or not others.size:
        return None
    return float((others < scores[row]).mean() + (others == scores[row]).mean() / 2)


def standing_of(scoring: Scoring, row: int, identifier: str, k: int) -> Standing:
    """Find a community's place on a node or indicator."""
    scores = scoring.scores_on(identifier)
    present = np.sort(scores[~np.isnan(scores)])[::-1]
    ids = scoring.ranking.communities
    best = float(present[0]) if present.size else None
    return Standing(
        identifier=identifier,
        score=number_or_none(scores[row]),
        rank=int(rank_descending(scores)[row]) or None,
        n_ranked=int(present.size),
        percentile=percentile_of(scores, row),
        best=tuple(name for name, score in zip(ids, scores, strict=True) if score == best),
        best_score=best,
        median=float(np.median(present)) if present.size else None,
        kth=float(present[k - 1]) if present.size > k else None,
        on_proxies=bool(scoring.rests_on_proxies(identifier)[row]),
    )
