"""Weighting and aggregation of draws up the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.errors import InputError, MethodError
from icfscore.methods.context import Siblings
from icfscore.pipeline.draw_groups import Groups, MatrixOf, stream
from icfscore.pipeline.draw_plan import DrawPlan, Part
from icfscore.sentences import say


@dataclass(slots=True, eq=False)
class TreeScores:
    """Scores the nodes of a block one after the other, children before parents.

    Attributes
    ----------
    fixed
        Shares (c,) by node that are used instead of drawn ones.
    drawn
        The drawn shares (c, B) by node.
    known
        By node and sample, the centre and the shares drawn around it: what is there is not drawn
        again.
    scores
        By group, then by node: (B, n), or (n,) where all draws are alike. What is there is not
        scored again.
    """

    plan: DrawPlan
    groups: Groups
    block: int
    matrix_of: MatrixOf
    fixed: Mapping[str, Floats]
    known: dict[tuple[str, int], tuple[Floats, Floats]] = field(default_factory=dict)
    drawn: dict[str, Floats] = field(default_factory=dict)
    scores: list[dict[str, Floats]] = field(init=False)

    def __post_init__(self) -> None:
        """Begin without scores."""
        self.scores = [{} for _ in self.groups]

    @property
    def root(self) -> str:
        """Id of the node that all others are below."""
        return self.groups[0].combination.tree.nodes[-1].node

    def score_part(self, part: Part, tables: tuple[Floats, ...]) -> None:
        """Score the nodes of a part from its normalised indicators (…, n, c), by group."""
        position = {indicator.id: at for at, indicator in enumerate(part.about.indicators)}
        for number, step in enumerate(self.groups[0].combination.tree.nodes):
            if step.node in part.nodes and step.node not in self.scores[0]:
                self._score(number, tables, position)

    def score_rest(self) -> None:
        """Score the root, where it belongs to no part."""
        if self.root not in self.scores[0]:
            nodes = self.groups[0].combination.tree.nodes
            self._score(len(nodes) - 1, tuple(np.empty(0) for _ in self.groups), {})

    def _score(self, number: int, tables: tuple[Floats, ...], position: Mapping[str, int]) -> None:
        """Score a node by its number in the plan of the tree; position is the tables' columns'."""
        steps = [group.combination.tree.nodes[number] for group in self.groups]
        children = steps[0].siblings.names
        x = [
            table[..., position[children[0]] : position[children[-1]] + 1]
            if children[0] in position
            else _side_by_side([scores[child] for child in children])
            for table, scores in zip(tables, self.scores, strict=True)
        ]
        communities = self.plan.columns.communities
        node = steps[0].node
        if node in self.fixed:
            w = [self.fixed[node]] * len(steps)
        else:
            w = [step.weigh(its, communities) for step, its in zip(steps, x, strict=True)]
            if node in self.plan.varied:
                self.drawn[node] = self._draw_weights(w, steps[0].siblings)
                w = [group.take(self.drawn[node]).T for group in self.groups]
        for step, its, shares, scores in zip(steps, x, w, self.scores, strict=True):
            scores[node] = step.aggregate(its, shares, communities)

    def _draw_weights(self, shares: list[Floats], siblings: Siblings) -> Floats:
        """Draw shares (c, B); the same draw gets the same ones whatever its methods are."""
        plan, name, centre = self.plan, f"weights.{siblings.node}", self._centre(shares)
        matrix = self.matrix_of(name)
        known = self.known.get((siblings.node, matrix))
        if known is not None and np.array_equal(known[0], centre):
            return known[1]
        rng = stream(plan.seed, name, matrix, self.block)
        try:
            drawn = plan.weights.draw(rng, plan.block, centre, siblings).T
        except MethodError as error:
            raise say_of_weights(error, plan, siblings) from None
        self.known[siblings.node, matrix] = centre, drawn
        return drawn

    def _centre(self, shares: list[Floats]) -> Floats:
        """Put the groups' shares together: (c,), or (B, c)."""
        first = shares[0]
        if len(shares) == 1 or all(w.ndim == 1 and np.array_equal(w, first) for w in shares):
            return first
        centre = np.empty((first.shape[-1], self.plan.block))
        for group, w in zip(self.groups, shares, strict=True):
            centre[:, group.draws] = w.T if w.ndim == 2 else w[:, None]
        return centre.T

    def together(self, node: str) -> Floats:
        """Put the groups' scores of a node together: (n, B)."""
        found = [scores[node] for scores in self.scores]
        if len(found) == 1:
            scores = found[0] if found[0].ndim == 2 else found[0][None]
            return np.broadcast_to(scores.T, (scores.shape[1], self.plan.block))
        together = np.empty((self.plan.n_communities, self.plan.block))
        for group, scores in zip(self.groups, found, strict=True):
            together[:, group.draws] = scores.T if scores.ndim == 2 else scores[:, None]
        return together


def say_of_weights(error: MethodError, plan: DrawPlan, siblings: Siblings) -> InputError:
    """Name the node whose weights cannot be drawn."""
    child = "" if error.column is None else f", {siblings.names[error.column]}"
    return InputError.of(
        say(
            "uncertainty weights {kind}: {node}{child}: {what}",
            kind=plan.weights.kind,
            node=siblings.node,
            child=child,
            what=error.what,
        ),
        error.remedy,
    )


def _side_by_side(parts: list[Floats]) -> Floats:
    """Put children's scores next to each other: (B, n, c), or (n, c) where no draw differs."""
    draws = max((part.shape[0] for part in parts if part.ndim == 2), default=0)
    if not draws:
        return np.stack(parts, axis=-1)
    x = np.empty((len(parts), parts[0].shape[-1], draws))
    for child, part in enumerate(parts):
        x[child] = part.T if part.ndim == 2 else part[:, None]
    return x.transpose(2, 1, 0)
