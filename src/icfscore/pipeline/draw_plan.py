"""What a block of draws needs to know, laid out once: values, errors, donors, methods, weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.methods.perturb import FixedWeights, HotDeck, WeightUncertainty
from icfscore.methods.perturb.missing import Gap, find_gaps
from icfscore.pipeline.errors_in_data import DataErrors, plan_errors
from icfscore.pipeline.nodes import TreePlan, plan_tree
from icfscore.pipeline.score import Scoring, columns_of
from icfscore.pipeline.stages import Columns
from icfscore.recipe import STAGES, Recipe

CELLS_PER_BLOCK = 600_000  # what fits the cache, measured: benchmarks/uncertainty.py
MAX_BLOCK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Combination:
    """One way to cross the alternatives of all stages: a recipe and its plan of the tree."""

    recipe: Recipe
    tree: TreePlan


@dataclass(frozen=True, slots=True, eq=False)
class DrawPlan:
    """What a block needs to know.

    Attributes
    ----------
    values
        (n, k) observed values of the scored indicators, NaN where missing.
    combinations
        In row-major order of `sizes`.
    sizes
        Number of alternatives by stage, for the stages that have any.
    weights
        How weights vary at the nodes `varied`.
    block
        Number of draws in a block.
    """

    scoring: Scoring
    columns: Columns
    values: Floats
    errors: DataErrors | None
    gaps: tuple[Gap, ...]
    combinations: tuple[Combination, ...]
    sizes: Mapping[str, int]
    weights: WeightUncertainty
    varied: tuple[str, ...]
    pooled: Floats | None
    seed: int
    block: int

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of all uncertain inputs: stages, weights by node, data by criterion, missing."""
        data = () if self.errors is None else tuple(f"data.{name}" for name in self.errors.criteria)
        missing = ("missing",) if self.gaps else ()
        return (*self.sizes, *(f"weights.{node}" for node in self.varied), *data, *missing)

    @property
    def n_communities(self) -> int:
        """Number of communities."""
        return len(self.values)


def plan_draws(scoring: Scoring) -> DrawPlan:
    """Lay out the draws for a scoring's settings.

    Raises
    ------
    InputError
        Where a combination of methods is not defined on the plain data.
    """
    uncertainty = scoring.settings.uncertainty
    full = columns_of(scoring.project, scoring.screened)
    columns = full.take(full.scored)
    observed = scoring.screened.observed.keep(np.ones(len(full.communities), bool), full.scored)
    criterion = criterion_numbers(columns)
    gaps: tuple[Gap, ...] = ()
    if isinstance(uncertainty.missing, HotDeck):
        gaps = find_gaps(observed.present, observed.present & ~observed.proxy, criterion)
    combinations, sizes = _combine(scoring, columns)
    varied: tuple[str, ...] = ()
    if not isinstance(uncertainty.weights, FixedWeights):
        chosen = uncertainty.nodes
        steps = combinations[0].tree.nodes
        varied = tuple(
            step.node
            for step in steps
            if len(step.siblings.names) > 1 and (chosen is None or step.node in chosen)
        )
    n, k = observed.values.shape
    block = max(16, min(MAX_BLOCK, CELLS_PER_BLOCK // (n * k) // 16 * 16))
    return DrawPlan(
        scoring=scoring,
        columns=columns,
        values=observed.values,
        errors=plan_errors(scoring, observed, columns),
        gaps=gaps,
        combinations=combinations,
        sizes=sizes,
        weights=uncertainty.weights,
        varied=varied,
        pooled=None if scoring.pooled is None else scoring.pooled[:, full.scored],
        seed=uncertainty.seed,
        block=block,
    )


def criterion_numbers(columns: Columns) -> Ints:
    """Give each indicator (k,) the number of its criterion."""
    names = [columns.tree.criterion_of(indicator.id) for indicator in columns.indicators]
    order = list(dict.fromkeys(names))
    return np.array([order.index(name) for name in names], dtype=np.int64)


def _combine(scoring: Scoring, columns: Columns) -> tuple[tuple[Combination, ...], dict[str, int]]:
    settings = scoring.settings
    alternatives = {
        stage: settings.uncertainty.alternatives[stage]
        for stage in STAGES
        if len(settings.uncertainty.alternatives.get(stage, ())) > 0
    }
    weights = scoring.project.tree.weights(settings.weights)
    names = tuple(indicator.id for indicator in columns.indicators)
    combinations = []
    for choice in product(*alternatives.values()):
        recipe = settings.recipe.replaced(dict(zip(alternatives, choice, strict=True)))
        tree = plan_tree(scoring.project.tree, weights, recipe, columns.communities, names)
        counted = tuple(step for step in tree.nodes if step.counted)
        combinations.append(
            Combination(recipe, TreePlan(counted, tree.communities, tree.indicators))
        )
    sizes = {stage: len(choices) for stage, choices in alternatives.items() if len(choices) > 1}
    return tuple(combinations), sizes
