"""What holds for every outlier treatment, and what does not, with a counterexample."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icfscore.methods.context import Floats
from icfscore.methods.treat import (
    Clip,
    SkewKurtosis,
    Treatment,
    Winsorise,
    excess_kurtosis,
    skewness,
)
from icfscore.methods.treat.winsorise import OutlierTest

METHODS = [method() for method in get_args(Treatment)]
METHODS += [SkewKurtosis(fallback="log_ct_signed"), SkewKurtosis(fallback="none")]
METHODS += [SkewKurtosis(max_points=1, fallback="box_cox"), Winsorise(max_points=1)]
every_method = pytest.mark.parametrize("method", METHODS, ids=repr)
within_range = [method for method in METHODS if not isinstance(method, SkewKurtosis)]
few = settings(max_examples=15, deadline=None)


@st.composite
def columns(draw: st.DrawFn, gaps: bool = True) -> Floats:
    """Draw (n, 2) values with ties, gaps and, in most cases, outliers at one end or both."""
    n = draw(st.integers(4, 14))
    number = st.one_of(st.integers(0, 30), st.integers(200, 400), st.integers(-400, -300))
    cell = st.one_of(number.map(float), st.just(np.nan)) if gaps else number.map(float)
    return np.array(draw(st.lists(st.lists(cell, min_size=2, max_size=2), min_size=n, max_size=n)))


@every_method
@few
@given(x=columns())
def test_missing_stays_missing_and_inputs_stay(method: Treatment, x: Floats) -> None:
    before = x.copy()
    y = method(x)
    assert (np.isnan(y) == np.isnan(x)).all()
    assert np.isfinite(y[~np.isnan(y)]).all()
    assert np.array_equal(x, before, equal_nan=True)


@every_method
@few
@given(x=columns())
def test_order_is_kept(method: Treatment, x: Floats) -> None:
    y = method(x)
    for j in range(x.shape[1]):
        at_least = x[:, None, j] >= x[None, :, j]
        assert (y[:, None, j] >= y[None, :, j])[at_least].all()


@every_method
@few
@given(x=columns(), seed=st.integers(0, 99))
def test_order_of_communities_does_not_matter(method: Treatment, x: Floats, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(x))
    assert np.allclose(method(x[order]), method(x)[order], rtol=1e-6, equal_nan=True)


@every_method
@few
@given(x=columns(gaps=False), seed=st.integers(0, 99))
def test_draws_are_treated_as_if_one_by_one(method: Treatment, x: Floats, seed: int) -> None:
    draws = x + np.random.default_rng(seed).integers(0, 9, size=(3, *x.shape))
    draws[1, 0] = 1e4
    assert np.array_equal(method(draws), np.array([method(draw) for draw in draws]))


@pytest.mark.parametrize("method", within_range, ids=repr)
@few
@given(x=columns(), factor=st.sampled_from([0.125, 4.0, 2.0**300]))
def test_unit_does_not_matter(method: Treatment, x: Floats, factor: float) -> None:
    assert np.array_equal(method(x * factor), method(x) * factor, equal_nan=True)


@few
@given(x=columns(), factor=st.sampled_from([0.125, 4.0, 2.0**300]))
def test_logarithms_shift_by_the_unit(x: Floats, factor: float) -> None:
    method = SkewKurtosis(max_points=0)
    logged = OutlierTest(2, 3.5).fails(x)
    y = method(x)
    expected = np.where(logged, y + np.log(factor), y * factor)
    assert np.allclose(method(x * factor), expected, rtol=1e-12, atol=1e-10, equal_nan=True)


@pytest.mark.parametrize("method", within_range, ids=repr)
@few
@given(x=columns())
def test_values_stay_within_the_observed_range(method: Treatment, x: Floats) -> None:
    y = method(x)
    for j in range(x.shape[1]):
        present = x[~np.isnan(x[:, j]), j]
        if present.size:
            assert present.min() <= np.nanmin(y[:, j])
            assert np.nanmax(y[:, j]) <= present.max()


@few
@given(x=columns(), points=st.integers(0, 4))
def test_winsorising_stops_at_the_bounds_or_at_the_points(x: Floats, points: int) -> None:
    y = Winsorise(max_points=points)(x)
    changed = ((x != y) & ~np.isnan(x)).sum(axis=0)
    fails = OutlierTest(2, 3.5).fails(y)
    assert (~fails | (changed >= points)).all()
    assert (changed[~OutlierTest(2, 3.5).fails(x)] == 0).all()


@few
@given(x=columns())
def test_negated_columns_have_negated_skewness_and_equal_kurtosis(x: Floats) -> None:
    assert np.allclose(skewness(-x), -skewness(x), atol=1e-12, equal_nan=True)
    assert np.allclose(excess_kurtosis(-x), excess_kurtosis(x), atol=1e-12, equal_nan=True)


@few
@given(x=columns())
def test_winsorising_treats_both_ends_alike(x: Floats) -> None:
    skewed = np.nan_to_num(skewness(x)) != 0  # at 0 the top is taken
    mirrored = -Winsorise(max_points=1)(-x)
    assert np.array_equal(
        mirrored[:, skewed], Winsorise(max_points=1)(x)[:, skewed], equal_nan=True
    )


def test_winsorising_again_may_change_more() -> None:
    x = np.array([*range(20), 100.0, 200.0])[:, None]
    once = Winsorise(max_points=1)(x)
    assert not np.array_equal(Winsorise(max_points=1)(once), once)


def test_clipping_again_changes_more() -> None:
    x = np.arange(5.0)[:, None]
    once = Clip(lower=0.1, upper=0.9)(x)
    assert not np.array_equal(Clip(lower=0.1, upper=0.9)(once), once)


def test_log_ct_of_a_mirrored_column_is_not_mirrored_but_the_signed_one_is() -> None:
    x = np.array([0.0, 1, 2, 3, 100])[:, None]
    plain, signed = SkewKurtosis(max_points=0), SkewKurtosis(max_points=0, fallback="log_ct_signed")
    assert not np.allclose(-plain(-x), plain(x))
    assert np.allclose(-signed(-x), signed(x))
