"""What holds for every set of draws, whatever varies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pipeline.uncertain_projects import EXACT, RAW, Cell, drawn_values, scored

from icfscore.methods.aggregate import Arithmetic, Geometric, Median
from icfscore.methods.normalise import MinMax, PercentileRank, ZScore
from icfscore.methods.perturb import (
    DirichletWeights,
    ExactData,
    FixedMissing,
    FixedWeights,
    HotDeck,
    PedigreeData,
    RelativeData,
    RelativeWeights,
    UniformWeights,
)
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.extreme_ranks import find_extreme_ranks
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.recipe import Staged, Uncertainty

SCALES = [Staged(MinMax(1, 100)), Staged(ZScore(100, 10)), Staged(PercentileRank(1, 100))]
MEANS = [Staged(Arithmetic()), Staged(Geometric()), Staged(Median())]
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

uncertainties = st.builds(
    Uncertainty,
    draws=st.integers(1, 300),
    seed=st.integers(0, 2**64 - 1),
    weights=st.sampled_from(
        [FixedWeights(), UniformWeights(), DirichletWeights(5), RelativeWeights(0.5)]
    ),
    nodes=st.sampled_from([None, ("a",), ("index", "b"), ()]),
    data=st.sampled_from([ExactData(), RelativeData(0.02), PedigreeData()]),
    missing=st.sampled_from([FixedMissing(), HotDeck()]),
    alternatives=st.fixed_dictionaries(
        {
            "normalisation": st.lists(st.sampled_from(SCALES), max_size=3).map(tuple),
            "aggregation": st.lists(st.sampled_from(MEANS), max_size=3).map(tuple),
        }
    ),
)


@st.composite
def scorings(draw: Any) -> Scoring:
    """Small projects of round values, so that ties are met, with a few gaps."""
    n = draw(st.integers(2, 7))
    numbers = st.integers(1, 4).map(float)
    rows: list[list[Cell]] = [draw(st.lists(numbers, min_size=4, max_size=4)) for _ in range(n)]
    for row, column in draw(
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, 3)), max_size=2)
    ):
        rows[row][column] = None
    recipe = replace(RAW, normalisation=SCALES[0])
    tree = {"a": ["x1", "x2"], "b": ["x3", "x4"]}
    return scored(rows, draw(uncertainties), tree=tree, recipe=recipe)


@FEW
@given(scorings())
def test_ranks_are_shared_out_whole(scoring: Scoring) -> None:
    draws = draw_ranks(scoring, jobs=1)
    n = len(draws.communities)
    assert draws.n_draws == scoring.settings.uncertainty.draws
    np.testing.assert_allclose(draws.acceptability.sum(axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(draws.acceptability.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(draws.mean_rank.sum(), n * (n + 1) / 2)
    np.testing.assert_allclose(draws.acceptability @ np.arange(1, n + 1), draws.mean_rank)
    assert (draws.acceptability >= 0).all()


@FEW
@given(scorings())
def test_pairs_complement_each_other_and_add_up_to_mean_ranks(scoring: Scoring) -> None:
    draws = draw_ranks(scoring, jobs=1)
    assert draws.pairwise is not None
    np.testing.assert_allclose(draws.pairwise + draws.pairwise.T, 1, rtol=1e-12)
    # A community's mean rank is one more than the number expected to be ahead of it.
    np.testing.assert_allclose(1 + (draws.pairwise.sum(axis=0) - 0.5), draws.mean_rank)


@FEW
@given(scorings())
def test_quantiles_are_in_order_and_reached(scoring: Scoring) -> None:
    draws = draw_ranks(scoring, jobs=1)
    ranks = [draws.rank_quantile(share) for share in (0.05, 0.25, 0.5, 0.75, 0.95)]
    assert (np.diff(ranks, axis=0) >= 0).all()
    for quantile in ranks:
        rows = np.arange(len(quantile))
        assert (draws.acceptability[rows, quantile - 1] > 0).all()


@FEW
@given(scorings())
def test_central_weights_are_shares_and_factors_probabilities(scoring: Scoring) -> None:
    draws = draw_ranks(scoring, jobs=1)
    for row, name in enumerate(draws.communities):
        central = draws.central_weights(row)
        assert (central is None) == (draws.acceptability[row, 0] == 0)
        if central is None:
            assert name not in draws.confidence
            continue
        for children in draws.children.values():
            assert abs(sum(central[child] for child in children) - 1) < 1e-9
        assert 0 <= draws.confidence.get(name, 0) <= 1


@FEW
@given(scorings())
def test_drawn_ratios_stay_positive(scoring: Scoring) -> None:
    drawn = drawn_values(plan_draws(scoring))
    present = ~np.isnan(drawn)
    assert (drawn[present] > 0).all() or isinstance(scoring.settings.uncertainty.data, RelativeData)


@settings(FEW, max_examples=15)
@given(
    st.lists(
        st.lists(st.integers(0, 9).map(float), min_size=3, max_size=3), min_size=2, max_size=5
    ),
    st.integers(0, 2**32),
)
def test_no_weights_reach_beyond_the_extreme_ranks(rows: list[list[float]], seed: int) -> None:
    uncertainty = replace(EXACT, weights=UniformWeights(), draws=400, seed=seed)
    scoring = scored(rows, uncertainty)
    draws = draw_ranks(scoring, jobs=1, confidence=False)
    extremes = {found.community: (found.best, found.worst) for found in find_extreme_ranks(scoring)}
    for row, name in enumerate(draws.communities):
        reached = np.flatnonzero(draws.acceptability[row]) + 1
        best, worst = extremes[name]
        ties = rows.count(rows[row]) - 1  # the best rank of a tie is all its members'
        assert best <= reached[0]
        assert reached[-1] <= worst + ties


@FEW
@given(scorings())
def test_the_order_of_communities_changes_nothing_but_the_order(scoring: Scoring) -> None:
    """Where only weights vary: then no random number belongs to a community."""
    weights_only = replace(
        scoring.settings.uncertainty, data=ExactData(), missing=FixedMissing(), draws=64
    )
    cells = [
        [None if np.isnan(value) else float(value) for value in row]
        for row in scoring.screened.observed.values
    ]
    tree = {"a": ["x1", "x2"], "b": ["x3", "x4"]}
    recipe = scoring.settings.recipe
    forward = draw_ranks(scored(cells, weights_only, tree=tree, recipe=recipe), jobs=1)
    back = draw_ranks(scored(cells[::-1], weights_only, tree=tree, recipe=recipe), jobs=1)
    np.testing.assert_allclose(forward.acceptability, back.acceptability[::-1], atol=1e-12)
