"""Draws themselves: the same as those that are counted, with all that led to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.pipeline.uncertain_projects import EXACT, RAW, Cell, scored, with_uncertainty

from icfscore.methods.aggregate import Arithmetic, Geometric
from icfscore.methods.impute import Mean
from icfscore.methods.normalise import MinMax, ZScore
from icfscore.methods.perturb import DirichletWeights, HotDeck, PedigreeData
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.draw_sample import DrawSample, draw_sample
from icfscore.pipeline.nodes import weigh_and_aggregate
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.stages import normalise
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.recipe import Staged, Uncertainty

TREE = {"a": ["x1", "x2", "x3"], "b": ["x4", "x5"]}
METHODS = {
    "normalisation": (Staged(MinMax(1, 100)), Staged(ZScore(100, 10))),
    "aggregation": (Staged(Arithmetic()), Staged(Geometric())),
}
ALL = Uncertainty(
    weights=DirichletWeights(20), data=PedigreeData(basic=1.2), missing=HotDeck(), draws=3000
)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 256)


def project(uncertainty: Uncertainty = ALL, **changes: Any) -> Scoring:
    cells: list[list[Cell]] = np.exp(np.random.default_rng(0).normal(size=(8, 5))).tolist()
    cells[0][1] = cells[3][4] = None
    recipe = replace(RAW, normalisation=METHODS["normalisation"][0], **changes)
    return scored(cells, uncertainty, tree=TREE, recipe=recipe)


@pytest.mark.parametrize("alternatives", [{}, METHODS])
def test_a_sample_has_the_draws_that_are_counted(alternatives: Any) -> None:
    scoring = project(replace(ALL, alternatives=alternatives))
    sample, counted = draw_sample(scoring, 3000), draw_ranks(scoring, confidence=False)
    assert sample.communities == counted.communities
    np.testing.assert_allclose(sample.ranks.mean(axis=0), counted.mean_rank, rtol=1e-12)
    for rank in range(1, 9):
        shares = (sample.ranks == rank).mean(axis=0)
        np.testing.assert_allclose(shares, counted.acceptability[:, rank - 1], atol=1e-12)


def test_the_first_draws_are_those_of_a_larger_sample() -> None:
    few, many = draw_sample(project(), 300, jobs=1), draw_sample(project(), 1000, jobs=2)
    for name in ("values", "scores", "ranks", "node_scores", "combinations"):
        np.testing.assert_array_equal(getattr(few, name), getattr(many, name)[:300])
    assert few.values.shape == (300, 8, 5)
    assert few.node_scores.shape == (300, 8, 3)


def test_the_parts_of_a_draw_belong_together() -> None:
    """Values, weights left at their centre, make the scores that stand beside them."""
    scoring = project(replace(ALL, weights=EXACT.weights, alternatives=METHODS))
    plan, sample = plan_draws(scoring), draw_sample(scoring, 200)
    assert set(sample.combinations) == {0, 1, 2, 3}
    assert not np.isnan(sample.values).any()
    for draw in range(200):
        combination = plan.combinations[sample.combinations[draw]]
        scaled = normalise(sample.values[draw], plan.columns, combination.recipe)
        nodes, _ = weigh_and_aggregate(scaled, combination.tree)
        for node in sample.nodes:
            np.testing.assert_allclose(sample.of_node(node)[draw], nodes[node], rtol=1e-9)
        np.testing.assert_array_equal(sample.scores[draw], sample.of_node("index")[draw])
        order = np.sort(-sample.scores[draw])
        ranks = np.searchsorted(order, -sample.scores[draw]) + 1
        np.testing.assert_array_equal(sample.ranks[draw], ranks)
    assert sample.nodes[0] == "index"
    assert set(sample.nodes) == {"index", "a", "b"}


def check_values(sample: DrawSample, scoring: Scoring) -> None:
    observed = plan_draws(scoring).values
    present = ~np.isnan(observed)
    expected = np.broadcast_to(observed[present], (len(sample.values), present.sum()))
    np.testing.assert_array_equal(sample.values[:, present], expected)


def test_exact_values_are_the_observed_ones() -> None:
    fixed = project(replace(ALL, data=EXACT.data, missing=EXACT.missing))
    sample = draw_sample(fixed, 20)
    check_values(sample, fixed)
    assert np.isnan(sample.values[:, 0, 1]).all()
    imputed = project(
        replace(ALL, data=EXACT.data, missing=EXACT.missing), imputation=Staged(Mean())
    )
    sample = draw_sample(imputed, 20)
    check_values(sample, imputed)
    mean = np.nanmean(plan_draws(imputed).values[:, 1])
    np.testing.assert_allclose(sample.values[:, 0, 1], mean)


def test_imputed_values_scatter() -> None:
    scoring = project(replace(ALL, data=EXACT.data), imputation=Staged(Mean()))
    sample = draw_sample(scoring, 200)
    check_values(sample, scoring)
    assert 1 < len(np.unique(sample.values[:, 0, 1])) <= 7


def test_ties_share_the_best_rank() -> None:
    scoring = with_uncertainty(scored([[2.0], [1.0], [2.0]], EXACT), draws=16)
    np.testing.assert_array_equal(draw_sample(scoring, 3).ranks, [[1, 3, 1]] * 3)
