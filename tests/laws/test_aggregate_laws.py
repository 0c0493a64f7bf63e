"""What every aggregation promises, and what some of them cannot."""

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from icfscore.methods.aggregate import (
    Aggregation,
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

METHODS: list[Any] = [
    Arithmetic(),
    Geometric(),
    Harmonic(),
    PowerMean(exponent=2.5),
    PowerMean(exponent=-3),
    Median(),
    OrderedWeighted(weights=(4.0, 3.0, 2.0, 1.0)),
    OrderedWeighted(orness=0.3),
    MazziottaPareto(),
    MazziottaPareto(penalty="positive"),
    Copeland(),
    BordaCount(),
    Topsis(),
    Vikor(),
    Vikor(v=0.2),
    PrometheeII(),
    PrometheeII("level", indifference=5, preference_threshold=20),
    PrometheeII("linear", indifference=5, preference_threshold=20),
    PrometheeII("gaussian", sigma=10),
    BenefitOfTheDoubt(),
    BenefitOfTheDoubt(lower=0.05),
]
# Scores of a row that does not depend on other rows: means in the wide sense.
ALONE = (Arithmetic, Geometric, Harmonic, PowerMean, Median, OrderedWeighted, MazziottaPareto)
MEANS = tuple(set(ALONE) - {MazziottaPareto})
WITHIN = {Topsis: (0, 1), Vikor: (0, 1), PrometheeII: (-1, 1), BenefitOfTheDoubt: (0, 1)}


every = pytest.mark.parametrize("method", METHODS, ids=str)
law = settings(max_examples=10, deadline=None)


def of(*kinds: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "method", [method for method in METHODS if isinstance(method, kinds)], ids=str
    )


@st.composite
def problems(
    draw: st.DrawFn, *, holes: bool = True, draws: tuple[int, ...] = ()
) -> tuple[Floats, Floats]:
    """Draw scores (…, n, c) in 1..100, some missing, and weights (c,) that are not all equal."""
    n, c = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    scores = st.one_of(st.integers(1, 9).map(float), st.floats(1, 100, width=32))
    x = draw(arrays(np.float64, (*draws, n, c), elements=scores))
    if holes:
        x = np.where(draw(arrays(np.bool_, x.shape, elements=st.booleans())), np.nan, x)
    return x, draw(arrays(np.float64, c, elements=st.floats(0.0625, 4, width=32)))


def score(method: Any, x: Floats, w: Floats) -> Floats:
    return np.asarray(method(x, w, Siblings.of(x.shape[-1])))


def same(found: Floats, expected: Floats) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_the_laws_are_tried_on_every_kind() -> None:
    assert {type(method) for method in METHODS} == set(get_args(Aggregation))


@every
@law
@given(problem=problems())
def test_scores_do_not_depend_on_the_order_of_communities(
    method: Any, problem: tuple[Floats, Floats]
) -> None:
    x, w = problem
    order = np.random.default_rng(0).permutation(len(x))
    same(score(method, x[order], w), score(method, x, w)[order])


@every
@law
@given(problem=problems())
def test_scores_do_not_depend_on_the_order_of_children(
    method: Any, problem: tuple[Floats, Floats]
) -> None:
    x, w = problem
    order = np.random.default_rng(0).permutation(len(w))
    same(score(method, x[:, order], w[order]), score(method, x, w))


@every
@law
@given(problem=problems())
def test_only_the_ratios_of_weights_count(method: Any, problem: tuple[Floats, Floats]) -> None:
    x, w = problem
    same(score(method, x, w * 7), score(method, x, w))
    same(score(method, x, w * 1e300), score(method, x, w))
    same(score(method, x, w * 1e-300), score(method, x, w))


@every
@law
@given(problem=problems())
def test_a_child_of_weight_zero_is_absent(method: Any, problem: tuple[Floats, Floats]) -> None:
    x, w = problem
    stranger = np.full((len(x), 1), -5.0)  # no logarithm, no frontier
    with_it = np.hstack([x[:, :1], stranger, x[:, 1:]])
    same(score(method, with_it, np.insert(w, 1, 0.0)), score(method, x, w))


@every
@law
@given(problem=problems())
def test_scores_are_missing_where_all_children_are_and_nowhere_else(
    method: Any, problem: tuple[Floats, Floats]
) -> None:
    x, w = problem
    np.testing.assert_array_equal(np.isnan(score(method, x, w)), np.isnan(x).all(axis=-1))


@every
@law
@given(problem=problems())
def test_a_community_without_values_changes_nothing_for_others(
    method: Any, problem: tuple[Floats, Floats]
) -> None:
    x, w = problem
    joined = np.vstack([x, np.full((1, len(w)), np.nan)])
    same(score(method, joined, w)[:-1], score(method, x, w))


@every
@law
@given(problem=problems(draws=(3,)), heavy=st.integers(0, 3))
def test_a_stack_of_draws_gives_the_stack_of_scores(
    method: Any, problem: tuple[Floats, Floats], heavy: int
) -> None:
    x, w = problem
    weights = np.stack([w, w[::-1], np.where(np.arange(len(w)) == heavy, 9.0, 1.0)])
    for drawn in (w, weights):
        one_by_one = [score(method, x[d], drawn if drawn.ndim == 1 else drawn[d]) for d in range(3)]
        same(score(method, x, drawn), np.stack(one_by_one))
    same(score(method, x[0], weights), np.stack([score(method, x[0], v) for v in weights]))
    same(score(method, x[:, None], w), score(method, x, w)[:, None])


@every
@law
@given(problem=problems())
def test_arguments_are_left_as_they_were(method: Any, problem: tuple[Floats, Floats]) -> None:
    x, w = problem
    before = x.copy(), w.copy()
    x.setflags(write=False)
    w.setflags(write=False)
    score(method, x, w)
    method.notes(x, w, Siblings.of(len(w)))
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(w, before[1])


@of(*ALONE)
@law
@given(problem=problems())
def test_a_mean_does_not_look_at_other_communities(
    method: Any, problem: tuple[Floats, Floats]
) -> None:
    x, w = problem
    same(score(method, x[:1], w), score(method, x, w)[:1])


@of(*ALONE)
@law
@given(problem=problems())
def test_a_missing_child_is_as_good_as_none(method: Any, problem: tuple[Floats, Floats]) -> None:
    x, w = problem
    for row in x[~np.isnan(x).all(axis=-1)]:
        present = ~np.isnan(row)
        same(score(method, row[None], w), score(method, row[None, present], w[present]))


@of(*MEANS)
@law
@given(problem=problems())
def test_a_mean_lies_between_the_lowest_and_the_highest(
    method: Any, problem: tuple[Floats, Floats]
) -> None:
    x, w = problem
    scores = score(method, x, w)
    there = ~np.isnan(scores)
    assert (scores[there] >= np.fmin.reduce(x, axis=-1)[there]).all()
    assert (scores[there] <= np.fmax.reduce(x, axis=-1)[there]).all()


@of(*ALONE)
@law
@given(value=st.floats(1e-300, 1e300), c=st.integers(1, 12))
def test_equal_values_give_exactly_that_value(method: Any, value: float, c: int) -> None:
    if isinstance(method, OrderedWeighted) and method.weights is not None:
        c = min(c, len(method.weights))
    w = np.arange(1.0, c + 1)
    assert score(method, np.full((2, c), value), w).tolist() == [value, value]


@of(*WITHIN)
@law
@given(problem=problems())
def test_scores_lie_within_their_bounds(method: Any, problem: tuple[Floats, Floats]) -> None:
    scores = score(method, *problem)
    low, high = WITHIN[type(method)]
    there = scores[~np.isnan(scores)]
    assert ((there >= low - 1e-12) & (there <= high + 1e-12)).all()


@of(Copeland, PrometheeII)
@law
@given(problem=problems())
def test_what_one_community_wins_another_loses(method: Any, problem: tuple[Floats, Floats]) -> None:
    assert np.nansum(score(method, *problem)) == pytest.approx(0, abs=1e-12)


@law
@given(problem=problems(holes=False))
def test_borda_deals_out_as_many_points_as_there_are_pairs(
    problem: tuple[Floats, Floats],
) -> None:
    x, w = problem
    assert score(BordaCount(), x, w).sum() == pytest.approx(len(x) * (len(x) - 1) / 2)


@of(*(set(get_args(Aggregation)) - {MazziottaPareto}))
@law
@given(problem=problems(holes=False), gain=st.floats(0.5, 50))
def test_a_better_value_does_not_lower_the_score(
    method: Any, problem: tuple[Floats, Floats], gain: float
) -> None:
    x, w = problem
    better = x.copy()
    better[0, 0] += gain
    assert score(method, better, w)[0] >= score(method, x, w)[0] - 1e-9


@of(*(set(get_args(Aggregation)) - {MazziottaPareto}))
@law
@given(problem=problems(holes=False))
def test_who_is_at_least_as_good_in_everything_scores_at_least_as_much(
    method: Any, problem: tuple[Floats, Floats]
) -> None:
    x, w = problem
    x = np.vstack([x, x[0] + np.arange(x.shape[-1])])
    scores = score(method, x, w)
    assert scores[-1] >= scores[0] - 1e-9
