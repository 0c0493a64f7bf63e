"""The weights of the criteria that would turn the order of two communities round.

Decision. Only the root's weights move, so that criteria keep their scores, and of all weights that
bring the two level those nearest to the present ones are given: the least sum of changes of shares.
That is exact where the root is a power mean (arithmetic, geometric, harmonic) and no criterion's
score is missing. Elsewhere the order is no linear matter of the weights; then none are given, and
it is said why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from icfscore.methods.reversal import least_reversal
from icfscore.methods.sensitivity_scales import sum_exponent, to_sum_scale
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.stability import plan_of


@dataclass(frozen=True, slots=True)
class Reversal:
    """The smallest change of weights that brings two communities level.

    Attributes
    ----------
    state
        `found`; `level` where they are level already; `dominated` where no weights can reverse the
        order, since the leader is behind on no criterion; `unknown` where it cannot be told.
    leader
        Who is ahead now; None where they are level.
    now, then
        Shares of the root's children.
    moved
        Weight that changes hands, between 0 and 1.
    alone
        By child the share it would need to bring them level by itself, the others keeping their
        proportions; without those whose share cannot.
    gaps
        The children without a score, where these are why it cannot be told; else the aggregation.
    """

    state: str
    leader: str | None
    now: Mapping[str, float]
    then: Mapping[str, float] = field(default_factory=dict)
    moved: float = 0.0
    alone: Mapping[str, float] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()


def find_reversal(scoring: Scoring, left: str, right: str) -> Reversal:
    """Find the smallest change of the criteria's weights that reverses the order of two."""
    step = plan_of(scoring).nodes[-1]
    names = step.siblings.names
    now = {name: scoring.scores.shares[name] for name in names}
    rows = [scoring.ranking.communities.index(name) for name in (left, right)]
    first, second = scoring.ranking.scores[rows].tolist()
    if first == second:
        return Reversal("level", None, now)
    leader = left if first > second else right
    exponent = sum_exponent(step.aggregation)
    if exponent is None:
        return Reversal("unknown", leader, now)
    x = np.stack([scoring.scores_on(name) for name in names], axis=-1)
    scaled = to_sum_scale(x, exponent)[rows]
    gaps = tuple(names[place] for place in np.flatnonzero(~np.isfinite(scaled).all(axis=0)))
    if gaps:
        return Reversal("unknown", leader, now, gaps=gaps)
    lead = (scaled[0] - scaled[1]) * (1 if leader == left else -1)
    w = np.array([now[name] for name in names])
    found = least_reversal(w, lead)
    if found is None:
        return Reversal("dominated", leader, now)
    alone = {}
    for place, name in enumerate(names):
        rest = 1 - w[place]
        others = float(w @ lead - w[place] * lead[place]) / rest if rest > 0 else 0.0
        share = others / (others - lead[place]) if others != lead[place] else np.nan
        if rest > 0 and 0 <= share <= 1:
            alone[name] = float(share)
    return Reversal(
        state="found",
        leader=leader,
        now=now,
        then={name: float(share) for name, share in zip(names, found, strict=True)},
        moved=float(np.abs(found - w).sum() / 2),
        alone=alone,
    )
