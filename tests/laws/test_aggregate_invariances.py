"""What does not change an aggregation's scores, or changes them in step."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from icfscore.methods.aggregate import (
    Arithmetic,
    BenefitOfTheDoubt,
    BordaCount,
    Copeland,
    Geometric,
    Harmonic,
    MazziottaPareto,
    Median,
    OrderedWeighted,
    PowerMean,
    PrometheeII,
    Topsis,
    Vikor,
)
from icfscore.methods.context import Floats, Siblings

law = settings(max_examples=10, deadline=None)


def of(*methods: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("method", methods, ids=str)


@st.composite
def problems(
    draw: st.DrawFn,
) -> tuple[Floats, Floats]:
    """Draw scores (n, c) in 1..100, some missing, and weights (c,) that are not all equal."""
    n, c = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    scores = st.one_of(st.integers(1, 9).map(float), st.floats(1, 100, width=32))
    x = draw(arrays(np.float64, (n, c), elements=scores))
    x = np.where(draw(arrays(np.bool_, x.shape, elements=st.booleans())), np.nan, x)
    return x, draw(arrays(np.float64, c, elements=st.floats(0.0625, 4, width=32)))


def score(method: Any, x: Floats, w: Floats) -> Floats:
    return np.asarray(method(x, w, Siblings.of(x.shape[-1])))


def same(found: Floats, expected: Floats) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@of(Copeland(), BordaCount(), BenefitOfTheDoubt(), BenefitOfTheDoubt(lower=0.05), Vikor())
@law
@given(problem=problems(), unit=st.sampled_from([1e-6, 0.3, 1e9]))
def test_the_unit_of_a_child_does_not_matter(
    method: Any, problem: tuple[Floats, Floats], unit: float
) -> None:
    x, w = problem
    scaled = x * np.where(np.arange(len(w)) == 0, unit, 1.0)
    same(score(method, scaled, w), score(method, x, w))


@of(Copeland(), BordaCount())
@law
@given(problem=problems())
def test_voting_rules_see_the_order_only(method: Any, problem: tuple[Floats, Floats]) -> None:
    x, w = problem
    same(score(method, np.log(x) ** 3 - 40, w), score(method, x, w))


@of(Vikor(), Topsis(), PrometheeII("linear", 5, 20), Copeland(), BordaCount())
@law
@given(problem=problems(), shift=st.sampled_from([-64.0, 128.0]))
def test_relative_methods_do_not_see_a_shift(
    method: Any, problem: tuple[Floats, Floats], shift: float
) -> None:
    x, w = problem
    x = np.round(x)  # so that the shift is exact
    same(score(method, x + shift, w), score(method, x, w))


@of(
    Arithmetic(),
    Geometric(),
    Harmonic(),
    PowerMean(2.5),
    PowerMean(-3),
    Median(),
    OrderedWeighted(orness=0.3),
    MazziottaPareto(),
)
@law
@given(problem=problems(), factor=st.sampled_from([1e-200, 0.1, 1e200]))
def test_means_grow_with_a_common_factor(
    method: Any, problem: tuple[Floats, Floats], factor: float
) -> None:
    x, w = problem
    np.testing.assert_allclose(
        score(method, x * factor, w), score(method, x, w) * factor, rtol=1e-9
    )


@of(OrderedWeighted(orness=0.3), BenefitOfTheDoubt())
@law
@given(problem=problems())
def test_some_methods_ignore_importance(method: Any, problem: tuple[Floats, Floats]) -> None:
    x, w = problem
    same(score(method, x, w), score(method, x, np.ones_like(w)))


@law
@given(problem=problems(), exponents=st.tuples(st.floats(-20, 20), st.floats(-20, 20)))
def test_the_power_mean_grows_with_its_exponent(
    problem: tuple[Floats, Floats], exponents: tuple[float, float]
) -> None:
    x, w = problem
    low, high = (score(PowerMean(exponent=p), x, w) for p in sorted(exponents))
    assert (low <= high + 1e-9)[~np.isnan(low)].all()
