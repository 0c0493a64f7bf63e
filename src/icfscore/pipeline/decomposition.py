"""What each criterion and indicator adds to the difference of two communities' scores.

The difference is handed down the tree: a node's part is shared among its children, theirs among
their own, so that the parts of any node's children sum to the node's part, and all indicators'
parts to the whole difference.

Decisions. Under a power mean (arithmetic, geometric, harmonic) a child that one of the two has no
score on stands at that community's score on the node itself: weights rescaled over the children
present say just that, for a mean does not move when its own value joins. So both are compared by
the same weights, and what the gap does is told as the part of the child that is missing. What
neither has drops out for both. Where one has nothing at all below a node, all children stand so.

Under the other aggregations the parts are Shapley values (see `methods.decomposition`), and a
missing child is swapped as such. There a part cannot always be shared further: not below a child
that one of the two has no score on, nor where a swap leaves one of them without a score; then the
indicators below have no part of their own, and the node keeps its part undivided. Where two have
the same score on a child, its part is 0 and so are those below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.decomposition import MOST_CELLS, mean_slopes, share_rounding, swap_values
from icfscore.methods.sensitivity_scales import sum_exponent
from icfscore.pipeline.nodes import NodePlan
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.stability import plan_of
from icfscore.sentences import say

SLOW_CELLS = {"benefit_of_the_doubt": 20_000}  # it solves a linear programme a row


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A difference of two scores, left minus right, and its parts.

    Attributes
    ----------
    contributions
        By node and scored indicator its part, the root's the whole difference; None below a node
        whose part cannot be shared.
    undivided
        By node whose part cannot be shared the reason.
    by_swaps
        Nodes whose part is shared by Shapley values.
    filled
        Children with a part that the left or the right community has no score on.
    """

    left: str
    right: str
    difference: float
    contributions: Mapping[str, float | None]
    undivided: Mapping[str, str]
    by_swaps: tuple[str, ...]
    filled: tuple[str, ...]


def decompose(scoring: Scoring, left: str, right: str) -> Decomposition:
    """Share the difference of two communities' scores among all nodes and indicators.

    Parameters
    ----------
    left, right
        Ids of communities that have a score.
    """
    rows = tuple(scoring.ranking.communities.index(name) for name in (left, right))
    return _Descent(scoring, (rows[0], rows[1])).result(left, right)


def decompose_from_group(scoring: Scoring, left: str, group: tuple[str, ...]) -> Decomposition:
    """Share the difference from the mean score of a group: the mean of the pairs' parts.

    The parts sum to the difference as each pair's do, under any aggregation. What cannot be shared
    for one pair is not shared for the group.
    """
    pairs = [decompose(scoring, left, name) for name in group]
    names = pairs[0].contributions
    parts: dict[str, float | None] = {}
    for name in names:
        found = [pair.contributions[name] for pair in pairs]
        known = [part for part in found if part is not None]
        parts[name] = float(np.mean(known)) if len(known) == len(found) else None
    return Decomposition(
        left=left,
        right="",
        difference=float(np.mean([pair.difference for pair in pairs])),
        contributions=parts,
        undivided={node: why for pair in pairs for node, why in pair.undivided.items()},
        by_swaps=tuple(dict.fromkeys(node for pair in pairs for node in pair.by_swaps)),
        filled=tuple(dict.fromkeys(name for pair in pairs for name in pair.filled)),
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """What a node has to hand down.

    Attributes
    ----------
    scores
        The two communities', a missing one filled.
    slope
        What the index gains by one unit of their difference; None where that is not known.
    filled
        Whether one of them has no score of its own.
    """

    scores: tuple[float, float]
    part: float
    slope: float | None
    filled: bool


class _Descent:
    """Walks the tree from the root, handing down two communities' difference."""

    def __init__(self, scoring: Scoring, rows: tuple[int, int]) -> None:
        self._scoring, self._rows = scoring, rows
        scores = scoring.ranking.scores[list(rows)].tolist()
        whole = scores[0] - scores[1]
        self._shares = {ROOT: _Share((scores[0], scores[1]), whole, 1.0, filled=False)}
        self._parts: dict[str, float | None] = {ROOT: whole}
        self._undivided: dict[str, str] = {}
        self._by_swaps: list[str] = []
        self._filled: list[str] = []

    def result(self, left: str, right: str) -> Decomposition:
        """Share the whole difference."""
        for step in reversed(plan_of(self._scoring).nodes):
            if not step.counted:
                continue
            share = self._shares.get(step.node)
            if share is None:  # a part further up could not be shared
                self._parts.update(dict.fromkeys(step.siblings.names))
            else:
                self._hand_down(step, share)
        whole = self._parts[ROOT] or 0.0
        return Decomposition(
            left,
            right,
            whole,
            self._parts,
            self._undivided,
            tuple(self._by_swaps),
            tuple(self._filled),
        )

    def _hand_down(self, step: NodePlan, share: _Share) -> None:
        names = step.siblings.names
        x = np.stack([self._scoring.scores_on(name) for name in names], axis=-1)
        exponent = sum_exponent(step.aggregation)
        done = exponent is not None and self._by_mean(step, share, x, exponent)
        reason = "" if done else self._by_swapping(step, share, x)
        if reason:
            self._undivided[step.node] = reason
            self._parts.update(dict.fromkeys(names))

    def _by_mean(self, step: NodePlan, share: _Share, x: Floats, exponent: float) -> bool:
        """Share by the scale on which a power mean is a sum; False where it has no slope."""
        a, b = (x[row] for row in self._rows)
        known = ~(np.isnan(a) & np.isnan(b))
        if not known.any():  # nothing of either: both are filled with what is above
            known = np.ones(len(a), dtype=bool)
        w = np.where(known, [self._scoring.scores.shares[name] for name in step.siblings.names], 0)
        w = w / w.sum()
        left, right = (
            np.where(np.isnan(own), score, own)
            for own, score in zip((a, b), share.scores, strict=True)
        )
        slopes = mean_slopes(left, right, w, share.scores, exponent)
        if share.slope is None:
            return False
        slopes = share.slope * slopes
        parts = np.where(left == right, 0.0, slopes * (left - right))
        settled = share_rounding(np.where(known, parts, 0.0), share.part)
        if settled is None:
            return False
        for place, name in enumerate(step.siblings.names):
            slope = float(slopes[place])
            self._give(
                name,
                (float(left[place]), float(right[place])),
                float(settled[place]),
                slope if np.isfinite(slope) else 0.0,
                filled=share.filled or bool(np.isnan(a[place]) or np.isnan(b[place])),
            )
        return True

    def _by_swapping(self, step: NodePlan, share: _Share, x: Floats) -> str:
        """Share by Shapley values; say why it cannot be done, or nothing."""
        if share.filled:
            return say("one of the two has no score on it, and it is not aggregated by a mean")
        names, (a, b) = step.siblings.names, (x[row] for row in self._rows)
        w = np.array([self._scoring.scores.shares[name] for name in names])
        most = SLOW_CELLS.get(step.aggregation.kind, MOST_CELLS)
        communities = self._scoring.ranking.communities
        try:
            values = swap_values(
                lambda tables: step.aggregate(tables, w, communities), x, self._rows, most
            )
        except InputError:
            values = None
        if values is None or share.slope is None:
            return say("with some values exchanged, one of the two would have no score")
        settled = share_rounding(share.slope * values, share.part)
        if settled is None:
            return say("the parts do not add up: the aggregation is not computed finely enough")
        self._by_swaps.append(step.node)
        for place, name in enumerate(names):
            left, right = float(a[place]), float(b[place])
            gap = left - right
            part = float(settled[place])
            filled = np.isnan(gap)
            slope = None if filled else part / gap if gap else 0.0
            self._give(name, (left, right), part, slope, filled=bool(filled))
        return ""

    def _give(
        self,
        name: str,
        scores: tuple[float, float],
        part: float,
        slope: float | None,
        *,
        filled: bool,
    ) -> None:
        self._parts[name] = part
        if filled and part:
            self._filled.append(name)
        self._shares[name] = _Share(scores, part, slope, filled=filled)
