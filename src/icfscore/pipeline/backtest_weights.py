"""Whether other weights would have agreed better with a choice, and how much that would prove.

Decisions. Weights are set free at two depths: those of the root's children, and those of all
indicators at once. A missing score is filled with that of the node above it under the weights
there are, which changes no community's index but keeps it linear in the weights. That some weights
put the chosen on top means little by itself, since many free weights separate almost any set: the
same is asked of random sets of as many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Bools, Floats, Ints
from icfscore.methods.backtest import area_under_curve, is_separable, least_slack, precision_at_k
from icfscore.methods.perturb.weights_simplex import uniform_shares
from icfscore.methods.sensitivity_scales import sum_exponent, to_sum_scale
from icfscore.pipeline.draw_groups import stream
from icfscore.pipeline.nodes import NodePlan
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.stability import plan_of
from icfscore.sentences import say

RANDOM_SETS = 1000
MOST_COMMUNITIES = 300  # beyond which a thousand programmes would take minutes
_CELLS_AT_ONCE = 2**22
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class FreeWeights:
    """What freely chosen weights could do, at one depth.

    Attributes
    ----------
    depth
        ``criteria`` (the root's children) or ``indicators``.
    names
        Ids of what is weighed.
    weights
        By id the shares of least total slack.
    slack
        Their total slack in score points; None where the index is no weighted sum of scores but of
        their powers or logarithms.
    reversed_pairs, n_pairs
        How many of the pairs of a chosen and another those weights put the other way round.
    separable
        Whether some weights put all chosen strictly on top.
    n_sets, n_separable
        Random sets of as many communities, and how many of them some weights put on top.
    n_filled
        Missing scores that the node above stands in for.
    reason
        Why nothing can be told; empty where it can.
    """

    depth: str
    names: tuple[str, ...]
    weights: Mapping[str, float]
    slack: float | None = None
    reversed_pairs: int = 0
    n_pairs: int = 0
    separable: bool = False
    n_sets: int = 0
    n_separable: int = 0
    n_filled: int = 0
    reason: str = ""

    @property
    def share_separable(self) -> float:
        """Share of the random sets that some weights put on top."""
        return self.n_separable / self.n_sets if self.n_sets else float("nan")

    @property
    def error(self) -> float:
        """Monte Carlo standard error of that share, never quite 0 (Agresti and Coull 1998)."""
        return _standard_error(self.n_separable, self.n_sets)


@dataclass(frozen=True, slots=True)
class WeightSpace:
    """How the weights there are compare with all weights of the root's children.

    Attributes
    ----------
    draws
        Points drawn uniformly from the simplex.
    better, as_good
        Draws whose area under the curve is above that of the weights there are, and level with it.
    more_precise
        Draws that put more of the chosen among the first k.
    median_auc
        Of all draws.
    """

    draws: int
    better: int
    as_good: int
    more_precise: int
    median_auc: float

    @property
    def share_better(self) -> float:
        """Share of all weights that do better."""
        return self.better / self.draws

    @property
    def error(self) -> float:
        """Monte Carlo standard error of that share."""
        return _standard_error(self.better, self.draws)


def _standard_error(successes: int, trials: int) -> float:
    share = (successes + 2) / (trials + 4)
    return float(np.sqrt(share * (1 - share) / (trials + 4)))


def free_weights(scoring: Scoring, rows: Ints, chosen: Bools) -> tuple[FreeWeights, ...]:
    """Set weights free at both depths.

    Parameters
    ----------
    rows
        (m,) of the ranked communities.
    chosen
        (m,) which of them were chosen.
    """
    steps = [step for step in plan_of(scoring).nodes if step.counted]
    root = next(step for step in steps if step.node == ROOT)
    nodes = {step.node for step in steps}
    below = {name for step in steps for name in step.siblings.names if name not in nodes}
    leaves = tuple(name for name in scoring.weights if name in below)
    found = [_set_free(scoring, rows, chosen, "criteria", root.siblings.names, [root])]
    if leaves != root.siblings.names:
        found.append(_set_free(scoring, rows, chosen, "indicators", leaves, steps))
    return tuple(found)


def _set_free(
    scoring: Scoring,
    rows: Ints,
    chosen: Bools,
    depth: str,
    names: tuple[str, ...],
    steps: list[NodePlan],
) -> FreeWeights:
    bare = FreeWeights(depth, names, {})
    exponents = {sum_exponent(step.aggregation) for step in steps}
    exponent = exponents.pop()
    if exponents or exponent is None:
        kinds = ", ".join(sorted({step.aggregation.kind for step in steps}))
        return _because(
            bare, say("the index is no weighted sum of these scores ({kinds})", kinds=kinds)
        )
    k, n = int(chosen.sum()), len(chosen)
    if n > MOST_COMMUNITIES:
        return _because(bare, say("there are more than {n} communities", n=MOST_COMMUNITIES))
    scores = np.stack([scoring.scores_on(name)[rows] for name in names], axis=-1)
    x, n_filled = _filled(scoring, rows, names, scores), int(np.isnan(scores).sum())
    if exponent != 1:
        x = to_sum_scale(x, exponent)
    if not np.isfinite(x).all():
        return _because(bare, say("some scores lie where the index's mean is not defined"))
    best = least_slack(x, chosen)
    sets = _random_sets(scoring, n, k)
    # Of few communities there are few sets, drawn again and again: each is tried once.
    different, times = np.unique(sets, axis=0, return_counts=True)
    separable = [is_separable(x, one) for one in different]
    return FreeWeights(
        depth=depth,
        names=names,
        weights=dict(zip(names, best.weights.tolist(), strict=True)),
        slack=best.slack if exponent == 1 else None,
        reversed_pairs=best.reversed_pairs,
        n_pairs=k * (n - k),
        separable=is_separable(x, chosen),
        n_sets=len(sets),
        n_separable=int(times[separable].sum()),
        n_filled=n_filled,
    )


def _because(bare: FreeWeights, reason: str) -> FreeWeights:
    return FreeWeights(bare.depth, bare.names, {}, reason=reason)


def _filled(scoring: Scoring, rows: Ints, names: tuple[str, ...], scores: Floats) -> Floats:
    """Fill missing scores (m, c) with that of the nearest node above that has one."""
    filled = scores.copy()
    for column, name in enumerate(names):
        for node in scoring.project.tree.ancestors(name):
            gap = np.isnan(filled[:, column])
            filled[gap, column] = scoring.scores_on(node)[rows][gap]
    return filled


def _random_sets(scoring: Scoring, n: int, k: int) -> Bools:
    """Draw sets (m, n) of k of the n ranked communities, each equally likely."""
    rng = stream(scoring.settings.uncertainty.seed, "backtest.sets", 0, 0)
    order = rng.random((RANDOM_SETS, n)).argsort(axis=1)
    return np.asarray(order < k)


def weight_space(scoring: Scoring, rows: Ints, chosen: Bools) -> WeightSpace | None:
    """Compare the weights of the root's children with all there could be; None without draws.

    Parameters
    ----------
    rows, chosen
        As for `free_weights`.
    """
    draws = scoring.settings.uncertainty.draws
    root = next(step for step in plan_of(scoring).nodes if step.node == ROOT)
    names = root.siblings.names
    if draws == 0 or len(names) < 2:
        return None
    x = np.stack([scoring.scores_on(name) for name in names], axis=-1)
    rng = stream(scoring.settings.uncertainty.seed, "backtest.weights", 0, 0)
    block = max(1, _CELLS_AT_ONCE // (len(x) * max(min(len(x), 300), len(names))))
    areas, precise = [], []
    for start in range(0, draws, block):
        size = min(block, draws - start)
        w = uniform_shares(rng, len(names), size).T
        stacked = np.repeat(x[None], size, axis=0)
        scores = root.aggregate(stacked, w, scoring.ranking.communities)[:, rows]
        areas.append(area_under_curve(scores, chosen))
        precise.append(precision_at_k(scores, chosen))
    now = scoring.ranking.scores[rows]
    auc, precision = float(area_under_curve(now, chosen)), float(precision_at_k(now, chosen))
    area = np.concatenate(areas)
    return WeightSpace(
        draws=draws,
        better=int((area > auc + _SAME).sum()),
        as_good=int((np.abs(area - auc) <= _SAME).sum()),
        more_precise=int((np.concatenate(precise) > precision + _SAME).sum()),
        median_auc=float(np.median(area)),
    )
