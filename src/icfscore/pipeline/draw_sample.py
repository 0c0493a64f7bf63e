"""The first draws themselves, not only their counts: drawn values, scores of all nodes, ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.methods.ranked import rank_draws
from icfscore.pipeline.draw_groups import first_draws, group_draws, take_draws
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.drawn_scores import TreeScores
from icfscore.pipeline.draws import draw_inputs, normalise_inputs
from icfscore.pipeline.memory import Memory
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.uncertainty import check_plain
from icfscore.pipeline.workers import on_cores


@dataclass(frozen=True, slots=True, eq=False)
class DrawSample:
    """Some draws; the draw is the first axis of all tables, d of them.

    Attributes
    ----------
    communities, indicators, nodes
        Ids in the order of the tables' axes: n communities; the k scored indicators; the nodes that
        have a score, root first and parents before children.
    values
        (d, n, k) drawn values in the unit of their indicator, after gaps are filled and before
        anything is transformed; NaN where a value is missing in that draw.
    scores, ranks
        (d, n) of the index; ranks from 1, ties sharing the best.
    node_scores
        (d, n, nodes), on each draw's own scale where normalisations take turns.
    combinations
        (d,) number of the draw's combination of methods, in row-major order of the alternatives.
    """

    communities: tuple[str, ...]
    indicators: tuple[str, ...]
    nodes: tuple[str, ...]
    values: Floats
    scores: Floats
    ranks: Ints
    node_scores: Floats
    combinations: Ints

    def of_node(self, node: str) -> Floats:
        """Give the scores (d, n) of a node: a criterion, or one below."""
        return self.node_scores[..., self.nodes.index(node)]


def draw_sample(scoring: Scoring, n_draws: int, *, jobs: int | None = None) -> DrawSample:
    """Make draws of the settings' uncertainty again, the first of those that `draw_ranks` counts.

    Parameters
    ----------
    n_draws
        How many, at least 1; beyond the settings' number it goes on as `--precision` does.
    jobs
        Workers; None: one a processor core. The result does not depend on it.

    Raises
    ------
    InputError
        Where the methods are not defined for the plain data or for a draw.
    """
    plan = plan_draws(scoring)
    check_plain(plan)
    blocks = range(-(-n_draws // plan.block))
    found = list(on_cores(lambda block: _sample_block(plan, block, n_draws), blocks, jobs))
    values, node_scores, combinations = (
        np.concatenate(parts) for parts in zip(*found, strict=True)
    )
    scores = node_scores[..., 0]
    return DrawSample(
        communities=plan.columns.communities,
        indicators=tuple(indicator.id for indicator in plan.columns.indicators),
        nodes=_nodes(plan),
        values=values,
        scores=scores,
        ranks=rank_draws(np.ascontiguousarray(scores.T)).ahead.T.astype(np.int64) + 1,
        node_scores=node_scores,
        combinations=combinations,
    )


def _nodes(plan: DrawPlan) -> tuple[str, ...]:
    return tuple(step.node for step in reversed(plan.combinations[0].tree.nodes))


def _sample_block(plan: DrawPlan, block: int, n_draws: int) -> tuple[Floats, Floats, Ints]:
    """Draw a block: values (B, n, k), scores (B, n, nodes) and combinations (B,)."""
    memory = Memory.of_thread()
    groups = group_draws(plan, block)
    n, k = plan.values.shape
    values = np.empty((k, n, plan.block))
    inputs = draw_inputs(plan, block, lambda _: 0, memory)
    tables = normalise_inputs(plan, groups, inputs, memory, values)
    tree = TreeScores(plan, groups, block, lambda _: 0, {})
    for part in plan.parts:
        tree.score_part(part, tables(part))
    tree.score_rest()
    scores = np.stack([tree.together(node) for node in _nodes(plan)])
    combinations = np.zeros(plan.block, dtype=np.int64)
    for group in groups:
        combinations[group.draws] = plan.combinations.index(group.combination)
    counted = first_draws(plan, block, n_draws - block * plan.block)
    return take_draws(values, counted).T, take_draws(scores, counted).T, combinations[counted]
