"""What holds for every imputation, and what does not, with a counterexample."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icfscore.methods.context import Cohort, Floats
from icfscore.methods.impute import (
    CriterionMean,
    ExpectationMaximisation,
    Imputation,
    Mean,
    NearestNeighbours,
    Regression,
)

PARAMETERS = {"group_mean": {"by": "size"}, "group_median": {"by": "size"}}
METHODS = [
    method(**PARAMETERS.get(method.__dataclass_fields__["kind"].default, {}))
    for method in get_args(Imputation)
]
METHODS.append(Regression(ridge=0))
every_method = pytest.mark.parametrize("method", METHODS, ids=repr)
filling = pytest.mark.parametrize("method", METHODS[1:], ids=repr)
seeds = st.integers(0, 10_000)
few = settings(max_examples=8, deadline=None)


def columns(seed: int, n: int = 12, k: int = 4) -> tuple[Floats, Cohort]:
    """Make (n, k) correlated values with gaps: two in each column but the last, which is full."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 1)) + 0.7 * rng.normal(size=(n, k)) + 5
    for j in range(k - 1):
        x[rng.choice(n, size=2, replace=False), j] = np.nan
    sign = np.where(rng.random(k) < 0.5, -1.0, 1.0)
    groups = {"size": rng.integers(-1, 2, size=n)}
    return x, Cohort(sign, np.zeros(k, dtype=np.int64), groups, {"size": ("small", "large")})


def reorder(cohort: Cohort, rows: Floats) -> Cohort:
    return Cohort(cohort.sign, cohort.node, {"size": cohort.groups["size"][rows]}, {})


@every_method
@few
@given(seed=seeds)
def test_observed_values_are_never_touched(method: Imputation, seed: int) -> None:
    x, cohort = columns(seed)
    before = x.copy()
    y = method(x, cohort)
    assert np.array_equal(x, before, equal_nan=True)
    assert (y[~np.isnan(x)] == x[~np.isnan(x)]).all()


@filling
@few
@given(seed=seeds)
def test_gaps_are_filled_with_finite_numbers(method: Imputation, seed: int) -> None:
    assert np.isfinite(method(*columns(seed))).all()


@every_method
@few
@given(seed=seeds)
def test_complete_data_stay_as_they_are(method: Imputation, seed: int) -> None:
    x, cohort = columns(seed)
    complete = np.nan_to_num(x)
    assert np.array_equal(method(complete, cohort), complete)


@every_method
@few
@given(seed=seeds)
def test_order_of_communities_does_not_matter(method: Imputation, seed: int) -> None:
    x, cohort = columns(seed)
    rows = np.random.default_rng(seed).permutation(len(x))
    expected = method(x, cohort)[rows]
    y = method(x[rows], reorder(cohort, rows))
    assert np.allclose(y, expected, rtol=1e-6, equal_nan=True)


@filling
@few
@given(seed=seeds)
def test_units_and_zero_points_do_not_matter(method: Imputation, seed: int) -> None:
    x, cohort = columns(seed)
    factor, shift = np.array([1000.0, 0.3, 1.8, 4.0]), np.array([0.0, -7.0, 32.0, 1.0])
    y = method(x * factor + shift, cohort)
    assert np.allclose((y - shift) / factor, method(x, cohort), rtol=1e-6)


@every_method
@few
@given(seed=seeds)
def test_draws_are_imputed_as_if_one_by_one(method: Imputation, seed: int) -> None:
    x, cohort = columns(seed)
    noise = np.random.default_rng(seed).normal(size=(2, 2, *x.shape))
    draws = x + 0.3 * noise
    draws[1, 1, 3, -1] = np.nan  # one draw misses another cell
    single = np.array([[method(draw, cohort) for draw in row] for row in draws])
    assert np.allclose(method(draws, cohort), single, rtol=1e-6, equal_nan=True)


@filling
@few
@given(seed=seeds)
def test_columns_of_one_value_are_filled_with_it(method: Imputation, seed: int) -> None:
    x, cohort = columns(seed)
    x[:, 0] = np.where(np.isnan(x[:, 0]), np.nan, 0.1)
    assert (method(x, cohort)[:, 0] == 0.1).all()


INNER = [method for method in METHODS[1:] if not isinstance(method, Regression)]
INNER = [method for method in INNER if not isinstance(method, ExpectationMaximisation)]


@pytest.mark.parametrize("method", INNER, ids=repr)
@few
@given(seed=seeds)
def test_averages_stay_within_the_observed_range(method: Imputation, seed: int) -> None:
    x, cohort = columns(seed)
    y = method(x, cohort)
    assert (y >= np.nanmin(x, axis=0)).all()
    assert (y <= np.nanmax(x, axis=0)).all()


@pytest.mark.parametrize("method", [Regression(ridge=0), ExpectationMaximisation()], ids=repr)
def test_predictions_may_leave_the_observed_range(method: Imputation) -> None:
    x = np.array([[1.0, 2.0], [2.0, 4.1], [3.0, 5.9], [4.0, 8.0], [9.0, np.nan]])
    cohort = Cohort(np.ones(2), np.zeros(2, dtype=np.int64))
    assert method(x, cohort)[4, 1] > 15


def test_direction_matters_only_for_the_criterion_mean() -> None:
    x, cohort = columns(3)
    turned = Cohort(cohort.sign * np.array([1, 1, 1, -1]), cohort.node, cohort.groups, {})
    for method in METHODS:
        same = np.allclose(method(x, turned), method(x, cohort), equal_nan=True)
        assert same is not isinstance(method, CriterionMean)


def test_order_decides_between_equally_near_neighbours() -> None:
    x = np.array([[1.0, 10.0], [3.0, 30.0], [2.0, np.nan]])
    cohort = Cohort(np.ones(2), np.zeros(2, dtype=np.int64))
    method = NearestNeighbours(k=1)
    assert method(x, cohort)[2, 1] == 10
    assert method(x[[1, 0, 2]], cohort)[2, 1] == 30


def test_the_mean_shrinks_the_variance() -> None:
    x, cohort = columns(1)
    assert np.var(Mean()(x, cohort)[:, 0]) < np.nanvar(x[:, 0])
