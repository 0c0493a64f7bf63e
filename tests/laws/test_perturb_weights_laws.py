"""What every distribution of weights promises, and the exact distributions they follow.

Statistical tests have fixed seeds and fail by chance less than once in a thousand seeds.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from icfscore.methods.context import Floats, Siblings
from icfscore.methods.perturb import (
    BoundedWeights,
    DirichletWeights,
    FixedWeights,
    OrdinalWeights,
    RelativeWeights,
    UniformWeights,
    WeightUncertainty,
)

NAMES = tuple(f"x{i + 1}" for i in range(8))
METHODS: list[Any] = [
    FixedWeights(),
    UniformWeights(),
    DirichletWeights(),
    DirichletWeights(0.01),
    RelativeWeights(),
    RelativeWeights(1.0),
    BoundedWeights(),
    BoundedWeights(lower={"x1": 0.05, "x3": 0.1}, upper={"x2": 0.6}),
    OrdinalWeights(("x3", "x1", "x2", *NAMES[3:])),
]
# Do not look at the given shares.
BLIND = (UniformWeights, BoundedWeights, OrdinalWeights)
each = pytest.mark.parametrize("method", METHODS, ids=repr)


def philox(seed: int = 2019) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def centres(c: int) -> st.SearchStrategy[Floats]:
    weights = st.lists(st.floats(0.01, 100), min_size=c, max_size=c)
    return weights.map(lambda w: np.array(w) / np.sum(w))


CENTRES = st.integers(1, 8).flatmap(centres)


def follows(sample: Floats, cdf: Any) -> bool:
    return bool(stats.kstest(sample, cdf).pvalue > 1e-3)


def test_every_distribution_is_under_test() -> None:
    assert {type(method) for method in METHODS} == set(get_args(WeightUncertainty))


@each
@given(centre=CENTRES, size=st.integers(1, 40), seed=st.integers(0, 2**64 - 1))
@settings(max_examples=25, deadline=None)
def test_shares_are_positive_and_sum_to_one(
    method: Any, centre: Floats, size: int, seed: int
) -> None:
    w = method.draw(philox(seed), size, centre, Siblings.of(len(centre)))
    assert w.shape == (size, len(centre))
    assert np.all(w >= 0)
    assert np.abs(w.sum(axis=1) - 1).max() < 1e-12


@each
@given(centre=CENTRES)
@settings(max_examples=5, deadline=None)
def test_draws_lie_next_to_each_other_in_memory(method: Any, centre: Floats) -> None:
    w = method.draw(philox(), 7, centre, Siblings.of(len(centre)))
    assert w.T.flags.c_contiguous


@each
@given(centre=CENTRES, seed=st.integers(0, 2**64 - 1))
@settings(max_examples=10, deadline=None)
def test_the_same_state_gives_the_same_bytes(method: Any, centre: Floats, seed: int) -> None:
    siblings = Siblings.of(len(centre))
    first, second = (method.draw(philox(seed), 20, centre, siblings) for _ in range(2))
    assert first.tobytes() == second.tobytes()


@each
@given(centre=CENTRES)
@settings(max_examples=10, deadline=None)
def test_a_centre_per_draw_that_never_varies_changes_nothing(method: Any, centre: Floats) -> None:
    siblings = Siblings.of(len(centre))
    once = method.draw(philox(), 30, centre, siblings)
    per_draw = method.draw(philox(), 30, np.tile(centre, (30, 1)), siblings)
    assert np.array_equal(once, per_draw)


@each
@given(centre=centres(6), zero=st.sets(st.integers(3, 5), min_size=1))
@settings(max_examples=10, deadline=None)
def test_a_share_of_zero_stays_zero(method: Any, centre: Floats, zero: set[int]) -> None:
    siblings = Siblings.of(6)
    centre[list(zero)] = 0
    centre /= centre.sum()
    for given_shares in (centre, np.tile(centre, (50, 1))):
        w = method.draw(philox(), 50, given_shares, siblings)
        assert np.all(w[:, list(zero)] == 0)
        assert np.abs(w.sum(axis=1) - 1).max() < 1e-12


@each
def test_zeros_may_differ_from_draw_to_draw(method: Any) -> None:
    centre = np.full((60, 5), 0.2)
    centre[::3, 3] = 0
    centre[1::3, 4] = 0
    centre /= centre.sum(axis=1, keepdims=True)
    w = method.draw(philox(), 60, centre, Siblings.of(5))
    assert np.all(w[centre == 0] == 0)
    assert np.abs(w.sum(axis=1) - 1).max() < 1e-12
    if isinstance(method, BLIND):
        assert np.all(w[centre > 0] > 0)


@pytest.mark.parametrize("method", METHODS[1:], ids=repr)
def test_different_blocks_are_independent(method: Any) -> None:
    centre, siblings = np.full(3, 1 / 3), Siblings.of(3)
    one, other = (method.draw(philox(seed), 4000, centre, siblings)[:, 0] for seed in (1, 2))
    assert abs(stats.spearmanr(one, other).statistic) < 4 / np.sqrt(4000)


@each
def test_order_of_children_does_not_matter(method: Any) -> None:
    """Permutation law: the distribution of each child's share stays its own."""
    centre = np.array([0.5, 0.3, 0.2])
    names = NAMES[:3]
    shuffled = [2, 0, 1]
    turned = Siblings.of(3, names=tuple(names[i] for i in shuffled))
    w = method.draw(philox(1), 20_000, centre, Siblings.of(3, names=names))
    v = method.draw(philox(2), 20_000, centre[shuffled], turned)
    for column, child in enumerate(shuffled):
        assert stats.ks_2samp(w[:, child], v[:, column]).pvalue > 1e-3


# Exact distributions.


@pytest.mark.parametrize("c", [2, 3, 6, 40])
def test_uniform_shares_are_beta_one_and_c_minus_one(c: int) -> None:
    w = UniformWeights().draw(philox(), 50_000, np.full(c, 1 / c), Siblings.of(c))
    for column in {0, c // 2, c - 1}:
        assert follows(w[:, column], stats.beta(1, c - 1).cdf)
    assert follows(w[:, :2].sum(axis=1), stats.beta(2, c - 2).cdf) or c == 2


@pytest.mark.parametrize("concentration", [0.02, 0.5, 0.999, 1.0, 6.0, 60.0, 1e4])
def test_dirichlet_marginals_are_beta(concentration: float) -> None:
    centre = np.array([0.5, 0.25, 0.15, 0.1])
    w = DirichletWeights(concentration).draw(philox(), 50_000, centre, Siblings.of(4))
    for column, share in enumerate(centre):
        exact = stats.beta(concentration * share, concentration * (1 - share))
        if concentration > 1:
            assert follows(w[:, column], exact.cdf)
        for limit in (1e-250, 1e-100, 1e-20, 1e-3, 0.1, 0.2, 0.5, 0.9, 0.999):
            p = exact.cdf(limit)  # small concentrations crowd at 0 and, rounded, at 1
            error = np.sqrt(p * (1 - p) / len(w))
            assert abs((w[:, column] <= limit).mean() - p) <= 5 * error + 1e-12


def test_dirichlet_moments_and_correlations_are_exact() -> None:
    """Variances s(1-s)/(A+1), correlations -sqrt(s t / ((1-s)(1-t))); five standard errors."""
    centre, n = np.array([0.5, 0.3, 0.2]), 200_000
    w = DirichletWeights(9).draw(philox(), n, centre, Siblings.of(3)) - centre
    covariance = (np.diag(centre) - np.outer(centre, centre)) / 10
    for i in range(3):
        for j in range(3):
            product = w[:, i] * w[:, j]
            assert abs(product.mean() - covariance[i, j]) < 5 * product.std() / np.sqrt(n)


def test_dirichlet_of_equal_shares_and_as_many_as_children_is_uniform() -> None:
    centre, siblings = np.full(4, 0.25), Siblings.of(4)
    w = DirichletWeights(4).draw(philox(1), 50_000, centre, siblings)
    assert follows(w[:, 0], stats.beta(1, 3).cdf)
    assert follows(w.max(axis=1), UniformWeights().draw(philox(2), 50_000, centre, siblings).max(1))


@pytest.mark.parametrize("c", [2, 3, 6, 40])
def test_ordinal_means_are_rank_order_centroids(c: int) -> None:
    order = tuple(f"x{i + 1}" for i in np.random.default_rng(7).permutation(c))
    n = 100_000
    w = OrdinalWeights(order).draw(philox(), n, np.full(c, 1 / c), Siblings.of(c))
    ranked = w[:, [int(name[1:]) - 1 for name in order]]
    assert np.all(np.diff(ranked, axis=1) <= 0)
    centroid = [float(sum(Fraction(1, j) for j in range(k, c + 1)) / c) for k in range(1, c + 1)]
    assert np.all(np.abs(ranked.mean(axis=0) - centroid) < 5 * ranked.std(axis=0) / np.sqrt(n))


@pytest.mark.parametrize("c", [2, 5, 40])
def test_ordinal_weights_are_sorted_uniform_weights(c: int) -> None:
    centre, siblings = np.full(c, 1 / c), Siblings.of(c)
    w = OrdinalWeights(siblings.names).draw(philox(1), 20_000, centre, siblings)
    uniform = np.sort(UniformWeights().draw(philox(2), 20_000, centre, siblings), axis=1)[:, ::-1]
    for place in {0, 1, c // 2, c - 1}:
        assert stats.ks_2samp(w[:, place], uniform[:, place]).pvalue > 1e-3
    spread = w[:, 0] - w[:, -1]
    assert stats.ks_2samp(spread, uniform[:, 0] - uniform[:, -1]).pvalue > 1e-3


def test_smallest_ordinal_weight_is_exponential_like() -> None:
    """The least of c uniform shares, times c, is Beta(1, c - 1)."""
    siblings = Siblings.of(6)
    w = OrdinalWeights(siblings.names).draw(philox(), 50_000, np.full(6, 1 / 6), siblings)
    assert follows(w[:, -1] * 6, stats.beta(1, 5).cdf)


def test_relative_factors_are_independent_and_uniform() -> None:
    """With a child that carries nearly all weight, the others' shares are its factors' mirror."""
    centre = np.array([1 - 2e-9, 1e-9, 1e-9])
    w = RelativeWeights(0.5).draw(philox(), 50_000, centre, Siblings.of(3))
    ratio = w[:, 1] / w[:, 2]
    # u / v, both uniform on 0.5..1.5: for r <= 1 its distribution is 9r/8 - 3/4 + 1/(8r).
    assert follows(np.minimum(ratio, 1 / ratio), lambda r: 2 * (9 * r / 8 - 3 / 4 + 1 / (8 * r)))
