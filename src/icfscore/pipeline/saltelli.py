"""One block of a Saltelli design: samples A and B, and A with one factor at a time from B.

Each of them is what `draw_block` makes of the same streams, to the last bit; but only what a factor
drives is computed anew. Random numbers are drawn once for A and once for B. Renewing a criterion's
data changes its values, its nodes and the root; renewing the weights of a node, this node and those
above it. A criterion goes through all samples before the next one, so that what is at work fits the
cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.pipeline.draw_groups import MatrixOf, group_draws
from icfscore.pipeline.draw_plan import DrawPlan, Part
from icfscore.pipeline.drawn_scores import TreeScores
from icfscore.pipeline.draws import (
    data_streams,
    draw_block,
    draw_chance,
    draw_normalised,
    normalise_part,
    score_nodes,
)
from icfscore.pipeline.memory import Memory
from icfscore.pipeline.residuals import is_plain

Measure = Callable[[Floats], Floats]


def saltelli_block(plan: DrawPlan, block: int, measure: Measure) -> Floats:
    """Run a block of the design.

    Parameters
    ----------
    measure
        The output: (B,) from scores (n, B).

    Returns
    -------
    (2 + factors, B) outputs of A, of B, and of A with each factor from B.

    Raises
    ------
    InputError
        Where a draw meets values that a method is not defined for.
    """
    plain = all(is_plain(combination.recipe) for combination in plan.combinations)
    fixed = plan.errors is None and not plan.gaps
    if plain and not fixed:
        return np.stack([measure(scores) for scores in _Design(plan, block).run()])
    return np.stack([measure(scores) for scores in _run_whole(plan, block)])


def _run_whole(plan: DrawPlan, block: int) -> Iterator[Floats]:
    """Run every sample as a whole, but for the data where only weights change."""
    first = draw_normalised(plan, block)
    yield score_nodes(plan, *first, block)[0]
    yield draw_block(plan, block, lambda _: 1).scores
    for factor in plan.factors:
        mixed = _from_b(factor)
        if factor.startswith("weights."):
            yield score_nodes(plan, *first, block, mixed)[0]
        else:
            yield draw_block(plan, block, mixed).scores


def _from_b(factor: str) -> MatrixOf:
    return lambda name: int(name == factor)


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """Where the factors of a sample come from, the shared errors there, and the scores so far."""

    matrix_of: MatrixOf
    shared: Floats
    tree: TreeScores


class _Design:
    """The samples of a block, worked on side by side, a part of the table after the other."""

    def __init__(self, plan: DrawPlan, block: int) -> None:
        self.plan, self.block = plan, block
        self.memory = Memory.of_thread()
        both: tuple[MatrixOf, MatrixOf] = (lambda _: 0, lambda _: 1)
        self.chance = [draw_chance(plan, block, matrix_of) for matrix_of in both]
        self.streams = [data_streams(plan, block, matrix_of) for matrix_of in both]
        self.shared = [np.empty((0, 0))] * 2
        if plan.errors is not None:
            self.shared = [plan.errors.draw_shared(mine, plan.block) for mine in self.streams]
        self.known: dict[tuple[str, int], tuple[Floats, Floats]] = {}
        self.a, self.b = (self._sample(matrix_of) for matrix_of in both)
        self.mixed = {factor: self._sample(_from_b(factor), factor) for factor in plan.factors}

    def _sample(self, matrix_of: MatrixOf, factor: str = "") -> _Sample:
        """Begin a sample; a mixed one of the same methods as A has A's groups."""
        plan, block = self.plan, self.block
        new = not factor or factor in plan.sizes
        groups = group_draws(plan, block, matrix_of) if new else self.a.tree.groups
        shared = self.shared[0] if factor else self.shared[matrix_of("")]
        mine = slice(0, 0) if plan.errors is None else plan.errors.shared_of(factor)
        if mine.stop > mine.start:
            shared = shared.copy()
            shared[mine] = self.shared[1][mine]
        tree = TreeScores(plan, groups, block, matrix_of, {}, self.known)
        return _Sample(matrix_of, shared, tree)

    def run(self) -> Iterator[Floats]:
        """Give the scores (n, B) of A, of B, and of A with each factor from B."""
        for part in self.plan.parts:
            self._score_part(part)
        for sample in (self.a, self.b, *self.mixed.values()):
            sample.tree.score_rest()
            yield sample.tree.together(sample.tree.root)

    def _score_part(self, part: Part) -> None:
        """Score the nodes of a part in every sample, each as little as it differs from A."""
        own = [self._draw_own(part, matrix) for matrix in (0, 1)]
        tables = self._normalise(part, self.a, own)
        self.a.tree.score_part(part, tables)
        driving = self._drives(part)
        for factor, sample in self.mixed.items():
            if factor not in driving:
                node = factor.removeprefix("weights.")
                above = {node, *self._ancestors(node)} if factor != node else set()
                self._share(part, sample, above)
                sample.tree.score_part(part, tables)
        for factor in driving:
            sample = self.mixed[factor]
            sample.tree.score_part(part, self._normalise(part, sample, own))
        self.b.tree.score_part(part, self._normalise(part, self.b, own))

    def _drives(self, part: Part) -> list[str]:
        """List the factors that change a part's normalised values."""
        plan, errors = self.plan, self.plan.errors
        sources = set() if errors is None else errors.sources(part.criteria)
        data = {f"data.{name}" for name in sources}
        missing = part.gaps.stop > part.gaps.start
        return [
            factor
            for factor in plan.factors
            if factor in plan.sizes or factor in data or (factor == "missing" and missing)
        ]

    def _ancestors(self, node: str) -> tuple[str, ...]:
        return tuple(self.plan.columns.tree.ancestors(node))

    def _share(self, part: Part, sample: _Sample, but: set[str]) -> None:
        """Take over A's scores of a part's nodes."""
        for scores, theirs in zip(sample.tree.scores, self.a.tree.scores, strict=True):
            scores.update((node, theirs[node]) for node in part.nodes & theirs.keys() - but)

    def _draw_own(self, part: Part, matrix: int) -> Floats:
        """Draw the own errors (c, n, B) of a part's values."""
        errors, width = self.plan.errors, part.columns.stop - part.columns.start
        if errors is None:
            return np.empty(0)
        shape = (width, self.plan.n_communities, self.plan.block)
        own = self.memory.table(f"own {matrix}", shape)
        for name, columns in errors.within(part.criteria, part.columns.start):
            errors.draw_own(name, self.streams[matrix][name], own[columns])
        return own

    def _normalise(self, part: Part, sample: _Sample, own: list[Floats]) -> tuple[Floats, ...]:
        """Put a sample's values of a part together and normalise them, by group."""
        plan, errors, matrix_of = self.plan, self.plan.errors, sample.matrix_of
        observed = plan.values[:, part.columns].T
        x = self.memory.table("values", (*observed.shape, plan.block))
        if errors is None:
            x[:] = observed[..., None]
        else:
            for name, columns in errors.within(part.criteria, part.columns.start):
                np.copyto(x[columns], own[matrix_of(f"data.{name}")][columns])
                errors.apply(name, sample.shared, x[columns])
        chance = self.chance[matrix_of("missing")][part.gaps]
        part.deck.fill(x, chance, part.columns.start)
        return normalise_part(sample.tree.groups, part, x, self.memory)
