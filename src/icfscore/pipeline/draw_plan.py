"""What a block of draws needs to know, laid out once: values, errors, donors, methods, weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats, Ints
from icfscore.methods.perturb import FixedWeights, HotDeck, WeightUncertainty
from icfscore.methods.perturb.missing import Deck, Gap, find_gaps
from icfscore.methods.rank_counts import rank_bins
from icfscore.pipeline.drawn_errors import DataErrors
from icfscore.pipeline.drawn_stages import DrawnStages
from icfscore.pipeline.errors_in_data import SharedLike, plan_errors
from icfscore.pipeline.nodes import TreePlan, plan_tree
from icfscore.pipeline.residuals import Residuals, is_plain, plan_residuals
from icfscore.pipeline.score import Scoring, columns_of
from icfscore.pipeline.stages import Columns
from icfscore.recipe import STAGES, Recipe

NUMBERS_PER_BLOCK = 2_400_000  # what fits the cache, measured: benchmarks/uncertainty.py
MIN_BLOCK, MAX_BLOCK = 16, 8192


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A criterion with everything below it: drawn, normalised and scored before the next one.

    Where the root holds indicators itself, all of them are one part.

    Attributes
    ----------
    criteria
        Ids of the criteria whose errors have streams of their own.
    columns
        Its columns of the table.
    about
        The same columns, with what the stages need to know of them.
    gaps, deck
        Its part of the plan's gaps, and these laid out.
    nodes
        Ids of the nodes that are scored from it alone.
    """

    criteria: tuple[str, ...]
    columns: slice
    about: Columns
    gaps: slice
    deck: Deck
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Combination:
    """One way to cross the alternatives of all stages: a recipe and its plan of the tree.

    Attributes
    ----------
    residuals
        What the hot deck adds to values that the recipe imputes, by gap.
    stages
        From imputed to normalised values, by part.
    plain
        Normalised values (n, c) of data that do not vary, by part, once they were needed.
    """

    recipe: Recipe
    tree: TreePlan
    residuals: Residuals
    stages: Mapping[Part, DrawnStages]
    plain: dict[Part, Floats] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class DrawPlan:
    """What a block needs to know.

    Attributes
    ----------
    scoring
        What is drawn; None in a plan that was sent to other processes.
    values
        (n, k) observed values of the scored indicators, NaN where missing.
    combinations
        In row-major order of `sizes`.
    sizes
        Number of alternatives by stage, for the stages that have any.
    parts
        The criteria; the nodes that belong to none come after them.
    weights
        How weights vary at the nodes `varied`.
    block
        Number of draws in a block.
    gap_numbers
        Which of the random numbers drawn for gaps each gap takes.
    tops
        Numbers of first ranks whose share of draws is to be exact.
    """

    scoring: Scoring | None
    columns: Columns
    values: Floats
    errors: DataErrors | None
    gaps: tuple[Gap, ...]
    combinations: tuple[Combination, ...]
    sizes: Mapping[str, int]
    parts: tuple[Part, ...]
    weights: WeightUncertainty
    varied: tuple[str, ...]
    seed: int
    block: int
    gap_numbers: Ints
    tops: tuple[int, ...] = ()

    @property
    def bins(self) -> Ints:
        """(n,) number of the bin that each rank is counted in."""
        return rank_bins(self.n_communities, self.tops)

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of all uncertain inputs: stages, weights by node, data by criterion, missing."""
        data = () if self.errors is None else tuple(f"data.{name}" for name in self.errors.criteria)
        missing = ("missing",) if self.gaps else ()
        return (*self.sizes, *(f"weights.{node}" for node in self.varied), *data, *missing)

    def alone(self) -> DrawPlan:
        """Leave out what no block needs to know: a plan to send to other processes."""
        gaps = self.gaps
        if all(is_plain(combination.recipe) for combination in self.combinations):
            # The parts' decks say all of them; how many there are is asked still.
            none = np.zeros(0, dtype=np.int64)
            gaps = (Gap(-1, none, none),) * len(self.gaps)
        return replace(self, scoring=None, gaps=gaps)

    @property
    def n_communities(self) -> int:
        """Number of communities."""
        return len(self.values)

    @property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Children by varied node."""
        steps = self.combinations[0].tree.nodes
        return {step.node: step.siblings.names for step in steps if step.node in self.varied}


def plan_draws(
    scoring: Scoring, like: SharedLike | None = None, *, tops: tuple[int, ...] = ()
) -> DrawPlan:
    """Lay out the draws for a scoring's settings.

    Parameters
    ----------
    like
        Shared errors of another table, whose random numbers are to be taken.
    tops
        Numbers of first ranks whose share of draws is to be exact.

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
    pooled = None if scoring.pooled is None else scoring.pooled[:, full.scored]
    parts = _parts(columns, gaps)
    combinations, sizes = _combine(scoring, columns, observed.values, gaps, parts, pooled)
    steps = combinations[0].tree.nodes
    varied: tuple[str, ...] = ()
    if not isinstance(uncertainty.weights, FixedWeights):
        chosen = uncertainty.nodes
        varied = tuple(
            step.node
            for step in steps
            if len(step.siblings.names) > 1 and (chosen is None or step.node in chosen)
        )
    errors = plan_errors(scoring, observed, columns, like)
    # Without errors and gaps a draw is its weights and scores, else a whole table.
    n, k = observed.values.shape
    numbers = n + k if errors is None and not gaps else n * k
    return DrawPlan(
        scoring=scoring,
        columns=columns,
        values=observed.values,
        errors=errors,
        gaps=gaps,
        combinations=combinations,
        sizes=sizes,
        parts=parts,
        weights=uncertainty.weights,
        varied=varied,
        seed=uncertainty.seed,
        block=block_size(numbers, uncertainty.draws),
        gap_numbers=np.arange(len(gaps)),
        tops=tops,
    )


def block_size(numbers: int, n_draws: int) -> int:
    """Choose how many draws a block has, given how many numbers each draw takes.

    The wanted draws fill whole blocks, a multiple of four, as nearly as they can.
    """
    most = max(MIN_BLOCK, min(MAX_BLOCK, NUMBERS_PER_BLOCK // numbers))
    n_blocks = -(-n_draws // most)
    if n_blocks > 1:
        n_blocks = -(-n_blocks // 4) * 4
    return -(-max(n_draws, 1) // max(n_blocks, 1) // 16) * 16


def criterion_numbers(columns: Columns) -> Ints:
    """Give each indicator (k,) the number of its criterion, in their order."""
    names = [columns.tree.criterion_of(indicator.id) for indicator in columns.indicators]
    order = list(dict.fromkeys(names))
    return np.array([order.index(name) for name in names], dtype=np.int64)


def _parts(columns: Columns, gaps: tuple[Gap, ...]) -> tuple[Part, ...]:
    """Divide the table by criteria: their columns are neighbours, in the framework's order."""
    tree = columns.tree
    names = [tree.criterion_of(indicator.id) for indicator in columns.indicators]
    # Indicators right below the root are criteria of their own, but have one parent.
    owner = np.array([ROOT if name not in tree.node_by_id else name for name in names])
    parts = []
    for name in dict.fromkeys(owner.tolist()):
        mine = owner == name
        start, stop = (int(end) for end in np.flatnonzero(mine)[[0, -1]])
        within = [number for number, gap in enumerate(gaps) if mine[gap.columns[0]]]
        its_gaps = slice(within[0], within[-1] + 1) if within else slice(0, 0)
        below = (node.id for node in tree.nodes if name in (node.id, *tree.ancestors(node.id)))
        parts.append(
            Part(
                criteria=tuple(dict.fromkeys(names[start : stop + 1])),
                columns=slice(start, stop + 1),
                about=columns.take(mine),
                gaps=its_gaps,
                deck=Deck.of(gaps[its_gaps]),
                nodes=frozenset(below),
            )
        )
    return tuple(parts)


def _combine(
    scoring: Scoring,
    columns: Columns,
    values: Floats,
    gaps: tuple[Gap, ...],
    parts: tuple[Part, ...],
    pooled: Floats | None,
) -> tuple[tuple[Combination, ...], dict[str, int]]:
    settings = scoring.settings
    alternatives = {
        stage: settings.uncertainty.alternatives[stage]
        for stage in STAGES
        if len(settings.uncertainty.alternatives.get(stage, ())) > 0
    }
    weights = scoring.project.tree.weights(settings.weights)
    names = tuple(indicator.id for indicator in columns.indicators)
    residuals: dict[int, Residuals] = {}
    stages: dict[tuple[int, int], dict[Part, DrawnStages]] = {}
    combinations = []
    for choice in product(*alternatives.values()):
        recipe = settings.recipe.replaced(dict(zip(alternatives, choice, strict=True)))
        tree = plan_tree(scoring.project.tree, weights, recipe, columns.communities, names)
        counted = tuple(step for step in tree.nodes if step.counted)
        imputed, scaled = id(recipe.imputation), (id(recipe.outliers), id(recipe.normalisation))
        if imputed not in residuals:
            residuals[imputed] = plan_residuals(values, gaps, columns, recipe)
        if scaled not in stages:
            stages[scaled] = {
                part: DrawnStages.of(
                    part.about, recipe, None if pooled is None else pooled[:, part.columns]
                )
                for part in parts
            }
        combinations.append(
            Combination(
                recipe,
                TreePlan(counted, tree.communities, tree.indicators),
                residuals[imputed],
                stages[scaled],
            )
        )
    sizes = {stage: len(choices) for stage, choices in alternatives.items() if len(choices) > 1}
    return tuple(combinations), sizes
