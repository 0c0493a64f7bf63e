"""Shortcuts for draws give what the methods' careful way gives, or stand aside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from icfscore.methods import drawn
from icfscore.methods.aggregate import Arithmetic, Geometric
from icfscore.methods.context import Floats, Scale, Siblings
from icfscore.methods.normalise import Borda, Goalposts, MinMax, PercentileRank, Rank, ZScore

SCALES = [
    MinMax(),
    MinMax(1, 100),
    MinMax(0.1, 0.7),
    MinMax(-5, 5),
    ZScore(),
    ZScore(100, 10, ddof=0),
    Rank(),
    Borda(),
    PercentileRank(),
    PercentileRank(1, 100),
]


def draws(n_draws: int = 9, n: int = 7, k: int = 4, seed: int = 0) -> Floats:
    """Values (B, n, k), draws fastest in memory."""
    rng = np.random.default_rng(seed)
    return np.exp(rng.normal(size=(k, n, n_draws))).transpose(2, 1, 0)


def fastest_by_draw(x: Floats) -> bool:
    return x.strides[0] == x.itemsize


def one_by_one(method: Any, x: Floats) -> Floats:
    return np.stack([method(table, Scale.of(table)) for table in x])


@pytest.mark.parametrize("method", SCALES, ids=repr)
def test_a_normalisation_of_draws_is_that_of_each(method: Any) -> None:
    x = draws()
    found = drawn.normalise(method, x.copy(order="K"))
    assert found is not None
    np.testing.assert_allclose(found, one_by_one(method, x), rtol=1e-12, atol=1e-12)
    assert fastest_by_draw(found)


@pytest.mark.parametrize("method", SCALES, ids=repr)
def test_ties_stay_ties(method: Any) -> None:
    x = draws()
    x[:, 3] = x[:, 5]
    found = drawn.normalise(method, x.copy(order="K"))
    assert found is not None
    np.testing.assert_array_equal(found[:, 3], found[:, 5])
    np.testing.assert_allclose(found, one_by_one(method, x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "method", [MinMax(), MinMax(1, 100), MinMax(0.1, 0.7), MinMax(0.2, 0.9)], ids=repr
)
def test_min_max_meets_both_ends_exactly(method: MinMax) -> None:
    found = drawn.normalise(method, draws(500))
    assert found is not None
    np.testing.assert_array_equal(found.min(axis=1), np.full((500, 4), method.low))
    np.testing.assert_array_equal(found.max(axis=1), np.full((500, 4), method.high))


def test_min_max_leaves_gaps() -> None:
    x = draws()
    x[:, 2, 1] = np.nan
    found = drawn.normalise(MinMax(), x.copy(order="K"))
    assert found is not None
    np.testing.assert_allclose(found, one_by_one(MinMax(), x), rtol=1e-12)


@pytest.mark.parametrize("method", SCALES, ids=repr)
@pytest.mark.parametrize("odd", [np.nan, np.inf, 1e200])
def test_what_is_out_of_the_ordinary_is_left_as_it_was(method: Any, odd: float) -> None:
    x = draws()
    x[4, 2, 1] = odd
    before = x.copy()
    found = drawn.normalise(method, x)
    if found is None:
        np.testing.assert_array_equal(x, before)
    else:
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(found, one_by_one(method, before), rtol=1e-12)


@pytest.mark.parametrize("method", [MinMax(), ZScore()])
def test_a_constant_column_goes_the_careful_way(method: Any) -> None:
    x = draws()
    x[3, :, 2] = 5.0
    assert drawn.normalise(method, x) is None


@pytest.mark.parametrize("method", SCALES, ids=str)
def test_a_single_community_goes_the_careful_way(method: Any) -> None:
    assert drawn.normalise(method, draws(n=1)) is None


def test_other_scales_have_no_shortcut() -> None:
    assert drawn.normalise(Goalposts(), draws()) is None


def test_min_max_over_other_values_is_not_changed_in_place() -> None:
    x, reference = draws(), draws(seed=1)[:1]
    before = x.copy()
    found = drawn.min_max(x, reference, 0, 100)
    assert found is not None
    np.testing.assert_array_equal(x, before)


def weights(n_draws: int, c: int) -> Floats:
    return np.random.default_rng(3).dirichlet(np.ones(c), n_draws).T.copy().T


@pytest.mark.parametrize("per_draw", [True, False])
@pytest.mark.parametrize("shortcut", [drawn.weighted_sums, drawn.geometric])
def test_means_of_draws_are_those_of_each(shortcut: Any, per_draw: bool) -> None:
    x = draws()
    w = weights(9, 4) if per_draw else np.array([1.0, 2.0, 3.0, 4.0])
    method = Arithmetic() if shortcut is drawn.weighted_sums else Geometric()
    each = w if per_draw else np.broadcast_to(w, (9, 4))
    expected = [method(x[b], each[b], Siblings.of(4)) for b in range(9)]
    found = shortcut(x, w)
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    assert fastest_by_draw(found)


def test_means_leave_out_what_is_missing_in_every_draw() -> None:
    x, w = draws(), weights(9, 4)
    x[:, 2, 1] = x[:, 4, :3] = np.nan
    expected = [Arithmetic()(x[b], w[b], Siblings.of(4)) for b in range(9)]
    np.testing.assert_allclose(drawn.weighted_sums(x, w), expected, rtol=1e-13)


@pytest.mark.parametrize("make_odd", [lambda x: x[3], lambda x: x[3, 2]])
def test_means_stand_aside_where_gaps_differ_between_draws(make_odd: Any) -> None:
    x = draws()
    make_odd(x)[..., 1] = np.nan
    assert drawn.weighted_sums(x, weights(9, 4)) is None


def test_a_community_without_any_child_goes_the_careful_way() -> None:
    x = draws()
    x[:, 2] = np.nan
    assert drawn.weighted_sums(x, weights(9, 4)) is None


@pytest.mark.parametrize("odd", [0.0, -1.0, np.nan, np.inf])
def test_a_geometric_mean_stands_aside_unless_all_is_positive(odd: float) -> None:
    x = draws()
    x[3, 2, 1] = odd
    with np.errstate(invalid="ignore"):
        assert drawn.geometric(x, weights(9, 4)) is None


@pytest.mark.parametrize("n_draws", [1, 7, 1023, 4096])
def test_fixed_values_are_averaged_by_many_weights(n_draws: int) -> None:
    x = draws(1, 21, 40)[0]
    w = weights(n_draws, 40)
    np.testing.assert_allclose(drawn.fixed_sums(x, w), w @ x.T, rtol=1e-12)


def test_equal_communities_get_equal_sums() -> None:
    x = np.random.default_rng(0).normal(size=(50, 33))
    x[[7, 30, 49]] = x[3]
    x[8, 2] = np.nan
    found = drawn.fixed_sums(x, weights(1001, 33))
    for row in (7, 30, 49):
        np.testing.assert_array_equal(found[:, row], found[:, 3])
    expected = Arithmetic()(x[8:9], weights(1001, 33)[5], Siblings.of(33))
    np.testing.assert_allclose(found[5, 8], expected[0], rtol=1e-12)


@pytest.mark.parametrize("n_draws", [1, 15, 341, 1000])
def test_equal_communities_get_equal_sums_in_drawn_tables(n_draws: int) -> None:
    x = draws(n_draws, 9, 5)
    x[:, 8] = x[:, 1]
    found = drawn.weighted_sums(x, weights(n_draws, 5))
    assert found is not None
    np.testing.assert_array_equal(found[:, 8], found[:, 1])


@pytest.mark.parametrize("n", [600, 1203])
@pytest.mark.parametrize("limits", [(0.0, 100.0), (1.0, 100.0)])
def test_few_draws_of_many_communities_are_stretched_to_the_bit(
    n: int, limits: tuple[float, float]
) -> None:
    table = np.random.default_rng(n).normal(size=(3, n, 16))
    table[1, ::7] = np.nan
    x = table.transpose(2, 1, 0)
    expected = drawn.min_max(x, x, *limits)
    found = drawn.min_max(table := table.copy().transpose(2, 1, 0), table, *limits, out=table)
    assert expected is not None
    assert found is not None
    np.testing.assert_array_equal(found, expected)
    low, high = np.nanmin(x, axis=1, keepdims=True), np.nanmax(x, axis=1, keepdims=True)
    by_hand = limits[0] + (limits[1] - limits[0]) * (x - low) / (high - low)
    np.testing.assert_allclose(found, by_hand, rtol=1e-12, atol=1e-12)
