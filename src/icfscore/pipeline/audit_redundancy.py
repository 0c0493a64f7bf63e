"""What the index would be without each of its parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.errors import InputError
from icfscore.methods.audit import Measure, spearman
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.nodes import plan_tree, weigh_and_aggregate
from icfscore.pipeline.score import Scoring
from icfscore.sentences import say

MOST_REMOVED = 200


@dataclass(frozen=True, slots=True)
class Removal:
    """The ranking without one child of the root.

    Attributes
    ----------
    agreement
        Spearman's correlation of the index with and without the child.
    moved
        Communities whose rank changes.
    mover, before, after
        The community that moves furthest (the first of several), and its ranks; None where none
        moves.
    """

    name: str
    agreement: Measure
    moved: int
    mover: str | None
    before: int | None
    after: int | None


def audit_removals(scoring: Scoring) -> tuple[Removal, ...]:
    """Leave out each scored child of the root in turn and rank again.

    Of more than two hundred children, those of greatest weight. The normalised values stay; the
    other children's weights are rescaled, and data-driven weights computed anew.
    """
    children = [
        child.id for child in scoring.project.tree.root.children if scoring.weights[child.id] > 0
    ]
    heaviest = sorted(children, key=lambda name: -scoring.weights[name])[:MOST_REMOVED]
    return tuple(_without(scoring, name, len(children)) for name in children if name in heaviest)


def _without(scoring: Scoring, name: str, n_children: int) -> Removal:
    n = int((scoring.ranking.ranks > 0).sum())
    if n_children == 1:
        return _undefined(name, say("the index has no other part"), n)
    tree, settings = scoring.project.tree, scoring.settings
    kept = scoring.screened.observed
    weights = {**tree.weights(settings.weights), name: 0.0}
    try:
        plan = plan_tree(tree, weights, settings.recipe, kept.communities, kept.indicators)
        scores = weigh_and_aggregate(scoring.normalised, plan)[0].get(ROOT)
    except InputError as error:
        return _undefined(name, say("without it there is no index: {error}", error=error), n)
    if scores is None:
        return _undefined(name, say("without it there is no index"), n)
    before, after = scoring.ranking.ranks, rank_descending(scores)
    both = (before > 0) & (after > 0)
    shift = np.where(both, np.abs(after - before), 0)
    row = int(shift.argmax())
    moved = bool(shift[row])
    return Removal(
        name,
        spearman(scoring.ranking.scores, scores),
        int((shift > 0).sum()),
        kept.communities[row] if moved else None,
        int(before[row]) if moved else None,
        int(after[row]) if moved else None,
    )


def _undefined(name: str, reason: str, n: int) -> Removal:
    return Removal(name, Measure.missing(reason, n), 0, None, None, None)
