"""Numbers near the ends of floating point: an exact answer or an error that names the place, never inf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws import test_aggregate_laws as aggregate_laws
from tests.laws import test_impute_laws as impute_laws
from tests.laws import test_normalise_laws as normalise_laws
from tests.laws import test_treat_laws as treat_laws
from tests.laws import test_weigh_laws as weigh_laws

from icfscore.domain.communities import LARGEST
from icfscore.errors import MethodError
from icfscore.methods.context import Cohort, Floats, Scale
from icfscore.methods.normalise import MinMax, Rank, ZScore
from icfscore.methods.perturb.scatter import scatter_values
from icfscore.methods.ranked import rank_draws

ENDS = [0.0, -0.0, 5e-324, -5e-324, 2.3e-308, 1e-300, 1.0, 1e15, 1e15 + 1, 1e200, 1e300, -1e300]
numbers = st.one_of(st.sampled_from([*ENDS, LARGEST, -LARGEST]), st.floats(-LARGEST, LARGEST))
many = settings(max_examples=20, deadline=None)


@st.composite
def tables(draw: st.DrawFn, gaps: bool = True) -> Floats:
    """Draw (n, 4) values of every size there is; every column keeps a value."""
    n = draw(st.integers(2, 7))
    cell = st.one_of(numbers, st.just(np.nan)) if gaps else numbers
    x = np.array(draw(st.lists(st.lists(cell, min_size=4, max_size=4), min_size=n, max_size=n)))
    x[0, np.isnan(x).all(axis=0)] = draw(numbers)
    return x


def finite_or_refused(found: Callable[[], Floats], wanted: Floats) -> None:
    """Demand finite numbers where they are wanted, or the method's own error."""
    try:
        y = found()
    except MethodError:
        return
    assert np.isfinite(y[wanted]).all()


@pytest.mark.parametrize("method", normalise_laws.METHODS, ids=repr)
@many
@given(x=tables())
def test_normalised_values_are_finite(method: Any, x: Floats) -> None:
    rows = {"first": 0}
    posts = np.stack([np.nanmin(x, axis=0), np.nanmax(x, axis=0)], axis=1)
    scale = Scale.of(x, goalposts=posts, target=posts[:, 1], row_by_community=rows)
    finite_or_refused(lambda: method(x, scale), ~np.isnan(x))


@pytest.mark.parametrize("method", treat_laws.METHODS, ids=repr)
@many
@given(x=tables())
def test_treated_values_are_finite(method: Any, x: Floats) -> None:
    finite_or_refused(lambda: method(x), ~np.isnan(x))


@pytest.mark.parametrize("method", impute_laws.METHODS[1:], ids=repr)
@many
@given(x=tables())
def test_imputed_values_are_finite(method: Any, x: Floats) -> None:
    x[np.isnan(x).all(axis=1), 0] = 1.0  # screening leaves out who has no value at all
    group = {"size": np.zeros(len(x), dtype=np.int64)}
    cohort = Cohort(np.ones(4), np.zeros(4, dtype=np.int64), group, {"size": ("all",)})
    finite_or_refused(lambda: method(x, cohort), np.ones(x.shape, dtype=bool))


@pytest.mark.parametrize("method", weigh_laws.METHODS, ids=repr)
@many
@given(x=tables(gaps=False))
def test_weights_are_finite_and_sum_to_one(method: Any, x: Floats) -> None:
    try:
        w = method(x, weigh_laws.siblings())
    except MethodError:
        return
    assert np.sum(w) == pytest.approx(1)
    assert np.min(w) >= 0


@pytest.mark.parametrize("method", aggregate_laws.METHODS, ids=repr)
@many
@given(x=tables(gaps=False))
def test_scores_are_finite(method: Any, x: Floats) -> None:
    w = np.array([0.1, 0.2, 0.3, 0.4])
    finite_or_refused(lambda: aggregate_laws.score(method, x, w), np.ones(len(x), dtype=bool))


@pytest.mark.parametrize("method", [MinMax(), ZScore(), Rank()], ids=repr)
@many
@given(
    values=st.lists(st.integers(-1000, 1000), min_size=2, max_size=9),
    unit=st.sampled_from([1e300, 1e-300, 2.0**-1060, 1e154, 1e-170]),
)
def test_the_unit_does_not_matter_however_large(
    method: Any, values: list[int], unit: float
) -> None:
    x = np.array(values, dtype=float)[:, None]
    y = x * unit
    expected = method(x, Scale.of(x))
    assert method(y, Scale.of(y)) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    draws = np.stack([y, y])  # the shortcut of many draws
    assert method(draws, Scale.of(draws))[1] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("method", [MinMax(), ZScore(), Rank()], ids=repr)
@many
@given(
    values=st.lists(st.integers(0, 1000), min_size=2, max_size=9),
    offset=st.sampled_from([1e15, -1e15, 2.0**52]),
)
def test_a_huge_offset_does_not_matter(method: Any, values: list[int], offset: float) -> None:
    x = np.array(values, dtype=float)[:, None]
    y = x + offset  # exact: these are whole numbers
    assert method(y, Scale.of(y)) == pytest.approx(method(x, Scale.of(x)), rel=1e-12, abs=1e-12)


def test_a_million_equal_values_share_the_first_rank() -> None:
    ranked = rank_draws(np.full((1_000_000, 1), 0.1))
    assert ranked.ahead.max() == 0
    assert (ranked.level == 1_000_000).all()
    x = np.full((1_000_000, 1), 0.1)
    for method, expected in ((MinMax(), 50.0), (ZScore(), 0.0), (Rank(), 1.0)):
        assert (method(x, Scale.of(x)) == expected).all()


@pytest.mark.parametrize("x", [5e-324, 1e-310, 1e-300])
def test_a_share_next_to_nothing_stays_there(x: float) -> None:
    error = np.array([[-1.0, 0.0, 1.0]])
    low, high = np.zeros((1, 1)), np.full((1, 1), 100.0)
    scattered = scatter_values("logit", np.array([[x]]), low, high, error)
    assert np.all((scattered >= 0) & (scattered < 1e-299))
