"""A block of the design is what whole draws make of the same streams, computed with less work."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from tests.conftest import MakeProject
from tests.pipeline.test_uncertainty_data import HEIRS
from tests.pipeline.uncertain_projects import EXACT, RAW, Cell, scored, with_uncertainty

from icfscore.domain.tables import Floats
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.methods.aggregate import Arithmetic, Geometric
from icfscore.methods.impute import Mean
from icfscore.methods.normalise import MinMax, PercentileRank, ZScore
from icfscore.methods.perturb import DirichletWeights, HotDeck, PedigreeData, UniformWeights
from icfscore.methods.sobol import enumerate_indices
from icfscore.methods.weigh import Entropy
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.draws import draw_block
from icfscore.pipeline.saltelli import saltelli_block
from icfscore.pipeline.score import Scoring, score
from icfscore.pipeline.sensitivity import find_drivers
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.recipe import Staged, Uncertainty

ALL = Uncertainty(
    weights=DirichletWeights(20), data=PedigreeData(basic=1.2), missing=HotDeck(), draws=600
)
SCALES = (Staged(MinMax(1, 100)), Staged(ZScore(100, 10)), Staged(PercentileRank(1, 100)))
METHODS = {"normalisation": SCALES, "aggregation": (Staged(Arithmetic()), Staged(Geometric()))}
DEEP = {"a": {"a1": ["x1", "x2"], "a2": ["x3"]}, "b": ["x4", "x5"]}
FLAT = None


def project(tree: Any, uncertainty: Uncertainty = ALL, **changes: Any) -> Scoring:
    cells: list[list[Cell]] = np.exp(np.random.default_rng(0).normal(size=(8, 5))).tolist()
    cells[0][1] = cells[3][4] = None
    recipe = replace(RAW, normalisation=SCALES[0], **changes)
    return scored(cells, uncertainty, tree=tree, recipe=recipe)


def whole_draws(plan: DrawPlan, block: int, row: int) -> Floats:
    """Draw every sample of the design as a whole."""
    samples = [lambda _: 0, lambda _: 1]
    samples += [lambda name, chosen=factor: int(name == chosen) for factor in plan.factors]
    return np.stack([draw_block(plan, block, matrix_of).scores[row] for matrix_of in samples])


@pytest.mark.parametrize("tree", [DEEP, FLAT])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"alternatives": METHODS},
        {"data": EXACT.data},
        {"missing": EXACT.missing},
        {"weights": EXACT.weights},
        {"data": EXACT.data, "missing": EXACT.missing, "alternatives": METHODS},
        {"nodes": ("a1", "index"), "weights": UniformWeights()},
    ],
)
def test_every_sample_is_that_of_whole_draws(tree: Any, changes: dict[str, Any]) -> None:
    if tree is FLAT and "nodes" in changes:
        changes = changes | {"nodes": ("index",)}
    plan = plan_draws(project(tree, replace(ALL, **changes)))
    for block in (0, 3):
        for row in (0, 5):
            found = saltelli_block(plan, block, lambda scores, row=row: scores[row])
            np.testing.assert_array_equal(found, whole_draws(plan, block, row))


@pytest.mark.parametrize(
    "changes", [{"imputation": Staged(Mean())}, {"weighting": Staged(Entropy())}]
)
def test_stages_that_see_the_data_see_the_right_ones(changes: dict[str, Any]) -> None:
    plan = plan_draws(project(DEEP, **changes))
    found = saltelli_block(plan, 1, lambda scores: scores[2])
    np.testing.assert_array_equal(found, whole_draws(plan, 1, 2))


def test_shared_errors_reach_other_criteria(make_project: MakeProject) -> None:
    """One population divides values of two criteria; its error belongs to the first."""
    read = read_project(make_project(HEIRS))
    plan = plan_draws(score(read.project, settle(read, draws=64)))
    assert plan.errors is not None
    assert [plan.errors.sources(part.criteria) for part in plan.parts] == [{"a"}, {"a", "b"}]
    for row in range(4):
        found = saltelli_block(plan, 0, lambda scores, row=row: scores[row])
        np.testing.assert_array_equal(found, whole_draws(plan, 0, row))


# All combinations, where they are few.

DONORS = replace(EXACT, missing=HotDeck())


def gaps() -> list[list[Cell]]:
    rng = np.random.default_rng(1)
    cells: list[list[Cell]] = np.exp(rng.normal(size=(6, 4))).tolist()
    cells[0][1] = cells[2][3] = cells[4][0] = None
    return cells


def by_brute_force(scoring: Scoring, alternatives: list[Any]) -> Floats:
    """Score every table that the donors can give, by every method: (methods, donors...)."""
    cells, plan = gaps(), plan_draws(scoring)
    found = np.empty((len(alternatives), *(gap.donors.size for gap in plan.gaps)))
    donors = [range(gap.donors.size) for gap in plan.gaps]
    for number, scale in enumerate(alternatives):
        for chosen in product(*donors):
            filled = [list(row) for row in cells]
            for gap, position in zip(plan.gaps, chosen, strict=True):
                for column in gap.columns:
                    filled[gap.row][column] = cells[gap.donors[position]][column]
            recipe = replace(RAW, normalisation=scale)
            tree = {"a": ["x1", "x2"], "b": ["x3", "x4"]}
            ranks = scored(filled, EXACT, tree=tree, recipe=recipe).ranking.ranks
            found[(number, *chosen)] = ranks[0]
    return found


@pytest.mark.parametrize("alternatives", [[SCALES[0]], list(SCALES)])
def test_donors_are_enumerated_as_one_factor(alternatives: list[Any]) -> None:
    uncertainty = replace(DONORS, alternatives={"normalisation": tuple(alternatives)})
    scoring = scored(
        gaps(),
        uncertainty,
        tree={"a": ["x1", "x2"], "b": ["x3", "x4"]},
        recipe=replace(RAW, normalisation=SCALES[0]),
        focus="c1",
    )
    found = find_drivers(scoring, "focus_rank")
    grid = by_brute_force(scoring, alternatives)
    if len(alternatives) > 1:
        expected = enumerate_indices(grid.reshape(len(alternatives), -1))
        assert found.factors == ("normalisation", "missing")
    else:
        expected = enumerate_indices(grid.reshape(-1))
        assert found.factors == ("missing",)
    assert found.indices.exact
    assert found.n_base == 0
    np.testing.assert_allclose(found.indices.first_order, expected.first_order, atol=1e-12)
    np.testing.assert_allclose(found.indices.total, expected.total, atol=1e-12)
    assert grid.var() > 0


def test_enumerated_donors_are_as_likely_as_in_the_draws() -> None:
    scoring = scored(gaps(), replace(DONORS, draws=40_000), recipe=RAW, focus="c1")
    tree = {"a": ["x1", "x2"], "b": ["x3", "x4"]}
    scoring = scored(gaps(), replace(DONORS, draws=40_000), tree=tree, focus="c1", recipe=RAW)
    exact = by_brute_force(scoring, [RAW.normalisation])
    drawn = draw_ranks(scoring, confidence=False)
    assert drawn.mean_rank[0] == pytest.approx(exact.mean(), abs=5 * drawn.mean_rank_error[0])


def test_many_donations_are_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    scoring = scored(gaps(), replace(DONORS, draws=512), focus="c1")
    assert find_drivers(scoring, "focus_score").indices.exact
    monkeypatch.setattr("icfscore.pipeline.sensitivity.MAX_COMBINATIONS", 10)
    assert not find_drivers(scoring, "focus_score").indices.exact


def test_continuous_factors_are_estimated() -> None:
    scoring = scored(gaps(), replace(DONORS, weights=UniformWeights(), draws=512), focus="c1")
    assert not find_drivers(scoring, "focus_score").indices.exact


def test_enumeration_in_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    scoring = scored(gaps(), DONORS, focus="c1")
    whole = find_drivers(scoring, "focus_score").indices
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 16)
    pieces = find_drivers(with_uncertainty(scoring), "focus_score").indices
    np.testing.assert_allclose(whole.total, pieces.total, rtol=1e-12)


def test_a_stopped_run_keeps_what_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 64)

    def stop(done: int, wanted: int) -> None:
        if done >= 200:
            raise KeyboardInterrupt

    scoring = project(DEEP)
    scoring = replace(scoring, settings=replace(scoring.settings, focus="c1"))
    found = find_drivers(scoring, "focus_rank", jobs=1, progress=stop)
    assert found.interrupted
    assert 200 <= found.n_base < 600


def test_estimates_agree_with_the_exact_indices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Methods and donors, once in all combinations and once drawn; both samples independent."""
    uncertainty = replace(DONORS, alternatives=METHODS, draws=20_000)
    tree = {"a": ["x1", "x2"], "b": ["x3", "x4"]}
    recipe = replace(RAW, normalisation=SCALES[0])
    scoring = scored(gaps(), uncertainty, tree=tree, recipe=recipe, focus="c1")
    exact = find_drivers(scoring, "focus_rank")
    monkeypatch.setattr("icfscore.pipeline.sensitivity.MAX_COMBINATIONS", 10)
    drawn = find_drivers(scoring, "focus_rank")
    assert exact.factors == drawn.factors == ("normalisation", "aggregation", "missing")
    assert exact.indices.exact
    assert not drawn.indices.exact
    assert exact.indices.total.min() > 0.01
    np.testing.assert_allclose(drawn.indices.first_order, exact.indices.first_order, atol=0.04)
    np.testing.assert_allclose(drawn.indices.total, exact.indices.total, atol=0.04)
