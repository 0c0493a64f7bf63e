"""Small projects, built in memory, whose draws the tests look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from icfscore.domain.communities import Entity, Observation
from icfscore.domain.criteria import CriteriaTree, Criterion, Indicator, Quantity
from icfscore.domain.project import Project
from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.aggregate import Arithmetic, Geometric
from icfscore.methods.normalise import MinMax, NoNormalisation, ZScore
from icfscore.methods.perturb import (
    DirichletWeights,
    ExactData,
    FixedMissing,
    FixedWeights,
    HotDeck,
    PedigreeData,
)
from icfscore.pipeline.course import Held
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.draws import draw_block, draw_inputs
from icfscore.pipeline.memory import Memory
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Recipe, Screening, Settings, Staged, Uncertainty

RAW = Recipe(Screening(0, 0), normalisation=Staged(NoNormalisation()))
EXACT = Uncertainty(weights=FixedWeights(), data=ExactData(), missing=FixedMissing())

ALL = Uncertainty(
    weights=DirichletWeights(20),
    data=PedigreeData(basic=1.2),
    missing=HotDeck(),
    alternatives={
        "normalisation": (Staged(MinMax(1, 100)), Staged(ZScore(100, 10))),
        "aggregation": (Staged(Arithmetic()), Staged(Geometric())),
    },
    draws=3000,
)

Tree = Mapping[str, Any] | Sequence[str]
Cell = float | Observation | None


def observation(value: float, **given: Any) -> Observation:
    """Observe a value of a community's own."""
    return Observation(**({"value": float(value), "source": "s", "level": "community"} | given))


def community(name: str, cells: Mapping[str, Cell], **given: Any) -> Entity:
    """Gather a community's observations; None is a missing one."""
    dated = {
        key: (cell if isinstance(cell, Observation) else observation(cell),)
        for key, cell in cells.items()
        if cell is not None and cell == cell
    }
    return Entity(name, name.upper(), "community", observations=dated, **given)


def framework(
    tree: Tree, indicators: Mapping[str, Any] | None = None, context: Sequence[str] = ()
) -> CriteriaTree:
    """Build a tree of nodes over indicators, which are ratios unless told otherwise."""
    quantities = tuple(Quantity(id=name, name=name, unit="person") for name in context)
    return CriteriaTree("t", "1", _criterion("index", tree, indicators or {}), quantities)


def _criterion(name: str, tree: Tree, told: Mapping[str, Any]) -> Criterion:
    if isinstance(tree, Mapping):
        children = tuple(_criterion(child, below, told) for child, below in tree.items())
        return Criterion(id=name, name=name, criteria=children)
    plain = {"unit": "m", "direction": "higher", "kind": "ratio"}
    indicators = (Indicator(**(plain | told.get(x, {}) | {"id": x, "name": x})) for x in tree)
    return Criterion(id=name, name=name, indicators=tuple(indicators))


def scored(
    values: Any,
    uncertainty: Uncertainty,
    *,
    tree: Tree | None = None,
    indicators: Mapping[str, Any] | None = None,
    recipe: Recipe = RAW,
    **settings: Any,
) -> Scoring:
    """Score communities c1, c2, ... on indicators x1, x2, ...; by default scores are the values."""
    rows: list[list[Cell]] = [list(row) for row in values]
    names = [f"x{column + 1}" for column in range(len(rows[0]))]
    communities = tuple(
        community(f"c{number + 1}", dict(zip(names, row, strict=True)))
        for number, row in enumerate(rows)
    )
    project = Project(framework(tree or names, indicators), communities, {}, {}, "sha256:0")
    return score(project, Settings(recipe=recipe, uncertainty=uncertainty, **settings))


def with_uncertainty(scoring: Scoring, **changes: Any) -> Scoring:
    """Change how a scoring's inputs vary."""
    uncertainty = replace(scoring.settings.uncertainty, **changes)
    return replace(scoring, settings=replace(scoring.settings, uncertainty=uncertainty))


def drawn_scores(scoring: Scoring, n_draws: int) -> Floats:
    """Draw at least so many scores (n, draws)."""
    plan = plan_draws(with_uncertainty(scoring, draws=n_draws))
    blocks = range(-(-n_draws // plan.block))
    return np.concatenate([draw_block(plan, block).scores for block in blocks], axis=1)


def drawn_values(plan: DrawPlan, n_blocks: int = 1) -> Floats:
    """Draw the table of values before gaps are filled: (k, n, draws)."""
    blocks = []
    for block in range(n_blocks):
        values_of = draw_inputs(plan, block, lambda _: 0, Memory()).values_of
        blocks.append(np.concatenate([values_of(part) for part in plan.parts]))
    return np.concatenate(blocks, axis=2)


def values(n: int = 8, k: int = 5) -> Floats:
    """Make up values (n, k)."""
    return np.exp(np.random.default_rng(0).normal(size=(n, k)))


def project(uncertainty: Uncertainty = ALL) -> Scoring:
    """Score eight communities, of which two lack a value; everything varies."""
    cells = values().tolist()
    cells[0][1] = cells[3][4] = None
    tree = {"a": ["x1", "x2", "x3"], "b": ["x4", "x5"]}
    recipe = replace(RAW, normalisation=Staged(MinMax(1, 100)))
    return scored(cells, uncertainty, tree=tree, recipe=recipe)


def bytes_of(draws: RankDraws) -> list[Any]:
    """Give all that draws say, to the last bit."""
    return [
        draws.n_draws,
        draws.acceptability.tobytes(),
        draws.mean_rank.tobytes(),
        draws.mean_rank_error.tobytes(),
        None if draws.pairwise is None else draws.pairwise.tobytes(),
        [draws.central_weights(row) for row in range(len(draws.communities))],
        dict(draws.confidence),
        draws.mean_rank_shift,
    ]


class KeptInMemory:
    """Keeps a run as a file would: as it was at the last write."""

    def __init__(self) -> None:
        self.found: Held | None = None
        self.writes = 0

    def held(self, about: Mapping[str, Any]) -> Held | None:
        return self.found

    def keep(self, found: Callable[[], Held], n_draws: int, *, now: bool = False) -> None:
        held = found()
        arrays = {name: array.copy() for name, array in held.arrays.items()}
        self.found, self.writes = Held(dict(held.position), arrays), self.writes + 1

    def damaged(self) -> InputError:
        return InputError.of("damaged")
