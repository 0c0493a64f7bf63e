"""Weighting and aggregation up the tree, the children before their parents.

Works on normalised columns with any leading draw axes. A node's children that take part are those
with a weight that were not left out; the others have no influence and a share of 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from icfscore.domain.criteria import CriteriaTree, Criterion, Indicator
from icfscore.domain.tables import Floats
from icfscore.errors import InputError, MethodError
from icfscore.methods.aggregate import Aggregation
from icfscore.methods.context import Siblings
from icfscore.methods.weigh import Weighting
from icfscore.recipe import Recipe
from icfscore.sentences import say


@dataclass(frozen=True, slots=True, eq=False)
class NodePlan:
    """How one node is scored.

    Attributes
    ----------
    counted
        False where the node has no weight in the index: then it is shown, if it can be.
    """

    node: str
    counted: bool
    siblings: Siblings
    weighting: Weighting
    aggregation: Aggregation

    def weigh(self, x: Floats, communities: tuple[str, ...]) -> Floats:
        """Weigh the children with scores x (…, n, c): shares (c,) or (…, c).

        Raises
        ------
        InputError
            Where the weighting is not defined for the scores.
        """
        try:
            return self.weighting(x, self.siblings)
        except MethodError as error:
            raise self._say(error, f"weighting {self.weighting.kind}", communities) from None

    def aggregate(self, x: Floats, w: Floats, communities: tuple[str, ...]) -> Floats:
        """Aggregate the children's scores x (…, n, c) by w (…, c): (…, n).

        Raises
        ------
        InputError
            Where the aggregation is not defined for the scores.
        """
        try:
            return self.aggregation(x, w, self.siblings)
        except MethodError as error:
            raise self._say(error, f"aggregation {self.aggregation.kind}", communities) from None

    def _say(self, error: MethodError, stage: str, communities: tuple[str, ...]) -> InputError:
        """Turn a method's positions into names: community, node, child."""
        parts = [] if error.row is None else [communities[error.row]]
        parts.append(self.node)
        if error.column is not None:
            parts.append(self.siblings.names[error.column])
        return InputError.of(
            say("{stage}: {listed}: {what}", stage=stage, listed=", ".join(parts), what=error.what),
            error.remedy,
        )


@dataclass(frozen=True, slots=True, eq=False)
class TreePlan:
    """How all nodes are scored, children before parents; nodes without children are absent."""

    nodes: tuple[NodePlan, ...]
    communities: tuple[str, ...]
    indicators: tuple[str, ...]


def plan_tree(
    tree: CriteriaTree,
    weights: Mapping[str, float],
    recipe: Recipe,
    communities: tuple[str, ...],
    indicators: tuple[str, ...],
) -> TreePlan:
    """Lay out the tree over the indicators that are kept."""
    kept = set(indicators)
    plans: list[NodePlan] = []
    for node in reversed(tree.nodes):
        names = tuple(
            child.id for child in node.children if child.id in kept and weights[child.id] > 0
        )
        if not names:
            continue
        kept.add(node.id)
        aggregation = recipe.aggregation.at_node(node.id, tree)
        plans.append(
            NodePlan(
                node.id,
                all(weights[above] > 0 for above in (node.id, *tree.ancestors(node.id))[:-1]),
                _siblings(node, names, weights, recipe, tree, aggregation),
                recipe.weighting.at_node(node.id, tree),
                aggregation,
            )
        )
    return TreePlan(tuple(plans), communities, indicators)


def _siblings(
    node: Criterion,
    names: tuple[str, ...],
    weights: Mapping[str, float],
    recipe: Recipe,
    tree: CriteriaTree,
    aggregation: Aggregation,
) -> Siblings:
    children = {child.id: child for child in node.children}
    cost = [_is_cost(children[name], recipe, tree) for name in names]
    siblings = Siblings(
        node=node.id,
        names=names,
        given=np.array([weights[name] for name in names]),
        cost=np.array(cost, dtype=bool),
        declared=tuple(children),
    )
    return replace(siblings, aggregate=partial(_aggregate_by, aggregation, siblings))


def _aggregate_by(aggregation: Aggregation, siblings: Siblings, x: Floats, w: Floats) -> Floats:
    return aggregation(x, w, siblings)


def _is_cost(child: Criterion | Indicator, recipe: Recipe, tree: CriteriaTree) -> bool:
    """Tell whether a child's scores are natural values times -1."""
    if not isinstance(child, Indicator) or child.direction == "higher":
        return False
    return recipe.normalisation.at_indicator(child.id, tree).kind == "none"


def weigh_and_aggregate(
    normalised: Floats, plan: TreePlan
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Score all nodes from normalised indicators (…, n, k).

    Returns
    -------
    Scores (…, n) by node id, and shares (c,) or (…, c) of its children by node id.

    Raises
    ------
    InputError
        Where a weighting or aggregation is not defined for the scores.
    """
    columns: dict[str, Floats] = {
        name: normalised[..., position] for position, name in enumerate(plan.indicators)
    }
    scores: dict[str, Floats] = {}
    shares: dict[str, Floats] = {}
    for step in plan.nodes:
        x = np.stack([columns[name] for name in step.siblings.names], axis=-1)
        scores[step.node], shares[step.node] = _score_node(step, x, plan.communities)
        columns[step.node] = scores[step.node]
    return scores, shares


def _score_node(step: NodePlan, x: Floats, communities: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Score a node; what is undefined stops the run, or leaves an uncounted node missing."""
    try:
        w = step.weigh(x, communities)
        return step.aggregate(x, w, communities), w
    except InputError:
        if step.counted:
            raise
        return np.full(x.shape[:-1], np.nan), step.siblings.given / step.siblings.given.sum()
