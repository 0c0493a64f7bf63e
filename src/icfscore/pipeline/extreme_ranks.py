"""Extreme ranks: the best and the worst rank each community can reach under any weights.

Decisions. At the nodes named, shares are free within bounds; at the others they stay. By default
the root's are free, so that criteria keep their scores. With everything free any effective weights
of the indicators can be reached.

Exact where aggregation is additive from the free nodes up to the index (one and the same power
mean: arithmetic, geometric, harmonic), with no value missing where shares are free: weights
rescaled over the children present would make the problem non-linear. A community with a gap there
has no extreme ranks, nor have those whose order with it depends on the weights; each says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Bools, Floats
from icfscore.errors import InputError, name_hint
from icfscore.methods.perturb import BoundedWeights
from icfscore.methods.sensitivity_extremes import Extreme, extreme_rank
from icfscore.methods.sensitivity_scales import ignores_data, sum_exponent, to_sum_scale
from icfscore.methods.sensitivity_trees import Family, ShareTree
from icfscore.pipeline.nodes import NodePlan
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.stability import plan_of
from icfscore.sentences import say

ANY = BoundedWeights()
NODE_LIMIT = 100_000  # of the search tree for one rank: minutes, where 21 communities take 100


@dataclass(frozen=True, slots=True)
class ExtremeRanks:
    """The best and the worst rank of one community.

    Attributes
    ----------
    best, worst
        None where they cannot be told.
    best_weights, worst_weights
        Shares among siblings, by child of the free nodes, at which they are reached.
    exact
        False where the solver was stopped before it had proved them: the truth may lie outside.
    reason
        Why there are none, or why they are not exact; empty where they are.
    """

    community: str
    best: int | None
    worst: int | None
    best_weights: Mapping[str, float] = field(default_factory=dict)
    worst_weights: Mapping[str, float] = field(default_factory=dict)
    exact: bool = True
    reason: str = ""


def find_extreme_ranks(
    scoring: Scoring,
    *,
    nodes: Iterable[str] | None = (ROOT,),
    bounds: BoundedWeights = ANY,
    communities: Iterable[str] | None = None,
    node_limit: int = NODE_LIMIT,
) -> tuple[ExtremeRanks, ...]:
    """Find the best and the worst rank under any weights within bounds.

    Parameters
    ----------
    nodes
        Whose children's shares are free; None: all.
    bounds
        Bounds of these shares; a single child has share 1 whatever its bounds.
    communities
        Whose ranks to find; None: all that are ranked.
    node_limit
        Nodes of the search tree for one rank before the solver is stopped.

    Returns
    -------
    In the order asked for, or that of the tables.

    Raises
    ------
    InputError
        Where no shares lie within the bounds, or these name a child of no free node.
    """
    problem = _Problem(scoring, None if nodes is None else frozenset(nodes), bounds)
    asked = scoring.ranking.communities if communities is None else tuple(communities)
    refusal = problem.refusal
    return tuple(
        ExtremeRanks(name, None, None, exact=False, reason=refusal)
        if refusal
        else problem.solve(scoring.ranking.communities.index(name), node_limit)
        for name in asked
    )


@dataclass(frozen=True, eq=False)
class _Problem:
    """The tree above the lowest free nodes, as arrays.

    Positions of members: the leaves (children of live nodes that are not live themselves), then
    the live nodes, the root last. A node is live where its score depends on free shares.
    """

    scoring: Scoring
    free: frozenset[str] | None
    bounds: BoundedWeights

    @cached_property
    def live(self) -> tuple[NodePlan, ...]:
        """Live nodes, children before parents; the root is always one."""
        tree = self.scoring.project.tree
        live = {ROOT}
        counted = [step for step in plan_of(self.scoring).nodes if step.counted]
        for step in counted:
            if self._is_free(step):
                live |= {step.node, *tree.ancestors(step.node)}
        return tuple(step for step in counted if step.node in live)

    def _is_free(self, step: NodePlan) -> bool:
        return self.free is None or step.node in self.free

    @cached_property
    def refusal(self) -> str:
        """Say why nothing can be told of anybody; empty where something can."""
        exponents = {sum_exponent(step.aggregation) for step in self.live}
        if len(exponents) > 1 or None in exponents:
            kinds = ", ".join(sorted({step.aggregation.kind for step in self.live}))
            return say(
                "only where nodes with free weights, and those above, share one power mean is the "
                "extreme known exactly; here: {kinds}",
                kinds=kinds,
            )
        for step in self.live:
            if not (self._is_free(step) or ignores_data(step.weighting)):
                return say(
                    "the weights of {node} follow the data ({kind}) and would change with the free "
                    "ones below; free them too",
                    node=step.node,
                    kind=step.weighting.kind,
                )
        return ""

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Names of the leaves."""
        nodes = {step.node for step in self.live}
        return tuple(
            name for step in self.live for name in step.siblings.names if name not in nodes
        )

    @cached_property
    def position(self) -> dict[str, int]:
        """Positions by name."""
        names = (*self.leaves, *(step.node for step in self.live))
        return {name: position for position, name in enumerate(names)}

    @cached_property
    def shares(self) -> ShareTree:
        """The shares that are allowed."""
        children = [
            name for step in self.live if self._is_free(step) for name in step.siblings.names
        ]
        for bound in (self.bounds.lower, self.bounds.upper):
            for name in bound if isinstance(bound, Mapping) else ():
                if name not in children:
                    raise InputError.of(
                        say(
                            "a bound names '{name}', which is no child of a node with free weights",
                            name=name,
                        ),
                        name_hint(name, children),
                    )
        return ShareTree(tuple(self._family(step) for step in self.live), len(self.leaves))

    def _family(self, step: NodePlan) -> Family:
        names = step.siblings.names
        if self._is_free(step) and len(names) > 1:
            low, high = (
                np.array([_bound_of(name, bound, default) for name in names])
                for bound, default in ((self.bounds.lower, 0.0), (self.bounds.upper, 1.0))
            )
        else:
            low = high = np.array([self.scoring.scores.shares[name] for name in names])
        children = np.array([self.position[name] for name in names])
        family = Family(self.position[step.node], children, low, high)
        if not family.feasible:
            raise InputError.of(
                say(
                    "no weights of the children of {node} lie within the bounds: the lower "
                    "ones sum to {lowest:g}, the upper ones to {highest:g}",
                    node=step.node,
                    lowest=low.sum(),
                    highest=high.sum(),
                ),
                say("the lower bounds may sum to 1 at the most, the upper ones to no less"),
            )
        return family

    @cached_property
    def values(self) -> Floats:
        """(n, L) scores of the leaves on the scale on which they are summed; NaN where missing."""
        exponent = sum_exponent(self.live[-1].aggregation)
        found = np.stack([self.scoring.scores_on(name) for name in self.leaves], axis=-1)
        return to_sum_scale(found, 1.0 if exponent is None else exponent)

    @cached_property
    def complete(self) -> Bools:
        """(n,) where no leaf is missing."""
        return np.asarray(np.isfinite(self.values).all(axis=1))

    def solve(self, row: int, node_limit: int) -> ExtremeRanks:
        """Find both ranks of one community."""
        name = self.scoring.ranking.communities[row]
        nominal = self.scoring.ranking.rank_of(name)
        reason = self._gap(row)
        if reason or nominal is None:
            return ExtremeRanks(name, None, None, exact=False, reason=reason)
        certain, unclear = self._against_gaps(row)
        if unclear:
            reason = say(
                "the order with {listed}, of which values are missing, depends on the weights "
                "in a way that is not linear",
                listed=", ".join(unclear),
            )
            return ExtremeRanks(name, None, None, exact=False, reason=reason)
        scores = self.values[self.complete]
        mine = int(self.complete[:row].sum())
        best, worst = (
            extreme_rank(scores, mine, self.shares, end, node_limit) for end in ("best", "worst")
        )
        exact = best.proven and worst.proven
        return ExtremeRanks(
            name,
            min(best.rank + certain, nominal),
            max(worst.rank + certain, nominal),
            self._by_child(best),
            self._by_child(worst),
            exact,
            "" if exact else say("the solver gave up within {n} nodes", n=node_limit),
        )

    def _gap(self, row: int) -> str:
        """Say what is missing of a community; empty where nothing is."""
        if np.isnan(self.scoring.ranking.scores[row]):
            return say("has no score")
        gaps = np.flatnonzero(~np.isfinite(self.values[row]))
        if not gaps.size:
            return ""
        names = ", ".join(self.leaves[gap] for gap in gaps)
        return say(
            "has no value of {names}: rescaled over what is present, its score is not linear in "
            "the weights; {remedy}",
            names=names,
            remedy=_REMEDY,
        )

    def _against_gaps(self, row: int) -> tuple[int, list[str]]:
        """Count the communities with gaps that are always ahead, and name those now and then so.

        A mean lies between its lowest and its highest value, whatever the weights.
        """
        own = self.values[row : row + 1]
        low, high = -self.shares.highest(-own)[0], self.shares.highest(own)[0]
        certain, unclear = 0, []
        for other in np.flatnonzero(~self.complete & ~np.isnan(self.scoring.ranking.scores)):
            theirs = self.values[other][np.isfinite(self.values[other])]
            if theirs.min() > high:
                certain += 1
            elif theirs.max() > low:
                unclear.append(self.scoring.ranking.communities[other])
        return certain, unclear

    def _by_child(self, extreme: Extreme) -> dict[str, float]:
        """Turn effective weights into shares among siblings of the free nodes."""
        weights = np.append(extreme.weights, 1.0)
        found: dict[str, float] = {}
        for step, family in zip(self.live, self.shares.families, strict=True):
            if not self._is_free(step):
                continue
            mine = weights[family.children]
            # Below a node without weight any shares will do: those there are.
            total = mine.sum()
            for name, weight in zip(step.siblings.names, mine, strict=True):
                present = self.scoring.scores.shares[name]
                found[name] = float(weight / total) if total > 0 else present
        return found


_REMEDY = say("impute the gaps, or free the weights of index only")


def _bound_of(name: str, bound: float | Mapping[str, float], default: float) -> float:
    return float(bound.get(name, default) if isinstance(bound, Mapping) else bound)
