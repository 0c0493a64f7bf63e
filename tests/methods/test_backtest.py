"""The statistics of a backtest against enumeration, SciPy and hand calculation."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from icfscore.methods.agreement import kendall_tau_b
from icfscore.methods.backtest import (
    area_under_curve,
    convincing_area,
    holm,
    is_separable,
    least_slack,
    mid_ranks,
    precision_at_k,
    rank_sum_p_value,
)
from icfscore.methods.backtest import choice as choice_module

scores_with_ties = st.lists(st.integers(0, 4), min_size=3, max_size=9)


def _choice(n: int, chosen: tuple[int, ...]) -> np.ndarray:
    return np.isin(np.arange(n), chosen)


@given(scores_with_ties, st.data())
def test_the_p_value_is_that_of_all_sets_enumerated(values: list[int], data: st.DataObject) -> None:
    scores = np.array(values, dtype=float)
    n = len(scores)
    k = data.draw(st.integers(1, n - 1))
    sets = list(combinations(range(n), k))
    chosen = data.draw(st.sampled_from(sets))
    ranks = stats.rankdata(scores)
    reached = sum(ranks[list(one)].sum() >= ranks[list(chosen)].sum() for one in sets)
    p_value, exact = rank_sum_p_value(scores, _choice(n, chosen))
    assert exact
    assert p_value == pytest.approx(reached / comb(n, k), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_without_ties_it_is_scipys_exact_test(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=21)
    chosen = np.arange(21) < 7
    expected = stats.mannwhitneyu(scores[:7], scores[7:], alternative="greater", method="exact")
    p_value, _ = rank_sum_p_value(scores, chosen)
    assert p_value == pytest.approx(expected.pvalue, rel=1e-10)
    assert float(area_under_curve(scores, chosen)) == pytest.approx(expected.statistic / 98)


def test_many_communities_are_tested_by_scipys_normal_approximation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scores = np.random.default_rng(3).integers(0, 30, 60).astype(float)
    chosen = np.arange(60) < 20
    monkeypatch.setattr(choice_module, "MAX_CELLS", 10)
    p_value, exact = rank_sum_p_value(scores, chosen)
    expected = stats.mannwhitneyu(
        scores[:20], scores[20:], alternative="greater", method="asymptotic"
    )
    assert not exact
    assert p_value == pytest.approx(expected.pvalue)
    assert convincing_area(60, 20) == pytest.approx(0.5 + 1.6449 * np.sqrt(61 / 9600), abs=1e-4)


def test_all_level_is_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    scores, chosen = np.ones(6), np.arange(6) < 2
    assert rank_sum_p_value(scores, chosen) == (1.0, True)
    with monkeypatch.context() as few:
        few.setattr(choice_module, "MAX_CELLS", 10)
        assert rank_sum_p_value(scores, chosen) == (1.0, False)
    assert float(area_under_curve(scores, chosen)) == 0.5
    assert float(precision_at_k(scores, chosen)) == pytest.approx(1 / 3)


def test_a_tie_at_the_border_counts_by_parts() -> None:
    # Two places: one for the 9, one for one of three with 5, one of whom is chosen.
    scores = np.array([9.0, 5.0, 5.0, 5.0, 1.0])
    assert float(precision_at_k(scores, _choice(5, (0, 1)))) == pytest.approx((1 + 1 / 3) / 2)
    assert float(precision_at_k(scores, _choice(5, (3, 4)))) == pytest.approx((1 / 3) / 2)
    assert mid_ranks(scores).tolist() == [1.0, 3.0, 3.0, 3.0, 5.0]


def test_many_pairs_are_counted_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.random.default_rng(4).integers(0, 9, (5, 30)).astype(float)
    chosen = np.arange(30) < 11
    few = area_under_curve(scores, chosen)
    monkeypatch.setattr(choice_module, "_MANY_PAIRS", 1)
    np.testing.assert_allclose(area_under_curve(scores, chosen), few)
    np.testing.assert_allclose(area_under_curve(scores[0], chosen), few[0])


def test_draws_come_first() -> None:
    scores = np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]])
    chosen = np.array([True, False, False])
    assert area_under_curve(scores, chosen).tolist() == [1.0, 0.0]
    assert precision_at_k(scores, chosen).tolist() == [1.0, 0.0]


def test_the_convincing_area_is_where_the_p_value_falls_below_the_level() -> None:
    area = convincing_area(12, 4)
    assert area is not None
    reached = {}
    for chosen in combinations(range(12), 4):
        mask = _choice(12, chosen)
        scores = np.arange(12.0)
        reached[round(float(area_under_curve(scores, mask)), 9)] = rank_sum_p_value(scores, mask)[0]
    assert reached[round(area, 9)] < 0.05
    assert min(a for a, p in reached.items() if p < 0.05) == pytest.approx(area)


def test_holm_never_falls_and_stays_below_one() -> None:
    assert holm([0.5, 0.001, 0.4, 0.4]) == pytest.approx([1.0, 0.004, 1.0, 1.0])
    assert holm([]) == []


@given(scores_with_ties, st.randoms(use_true_random=False))
def test_tau_is_scipys(values: list[int], random: object) -> None:
    x = np.array(values, dtype=float)
    y = np.array([random.randint(0, 3) for _ in values], dtype=float)  # type: ignore[attr-defined]
    with np.errstate(invalid="ignore"):
        expected = stats.kendalltau(x, y).statistic
    assert kendall_tau_b(x, y) == pytest.approx(expected, nan_ok=True)


def test_tau_takes_those_that_both_have() -> None:
    x, y = np.array([1.0, 2.0, np.nan, 3.0]), np.array([1.0, 3.0, 2.0, np.nan])
    assert kendall_tau_b(x, y) == 1.0
    assert np.isnan(kendall_tau_b(x[:1], y[:1]))


def test_weights_of_least_slack_by_hand() -> None:
    """One chosen (0, 1) against (1, 0): any weight above 1/2 on the second child has no slack."""
    x = np.array([[0.0, 10.0], [10.0, 0.0]])
    found = least_slack(x, _choice(2, (0,)))
    assert found.slack == 0
    assert found.weights[1] >= 0.5
    # Against (1, 0) and (0, 1) one of the two is ahead or level, and nothing is lost at 1/2 each
    # for (0.5, 0.5); (0.4, 0.4) is behind by 0.1 of each at best: 0.2 in all.
    x = np.array([[0.4, 0.4], [1.0, 0.0], [0.0, 1.0]])
    assert least_slack(x, _choice(3, (0,))).slack == pytest.approx(0.2)
    # One pair or both, since the optimum is a whole segment.
    assert least_slack(x, _choice(3, (0,))).reversed_pairs in (1, 2)


@given(st.integers(0, 10_000))
def test_separable_sets_are_those_a_fine_grid_of_weights_finds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    x = draw.integers(0, 6, (5, 2)).astype(float)
    chosen = _choice(5, tuple(draw.permutation(5)[:2]))
    shares = np.linspace(0, 1, 2001)
    scores = np.outer(shares, x[:, 0]) + np.outer(1 - shares, x[:, 1])
    margin = scores[:, chosen].min(axis=1) - scores[:, ~chosen].max(axis=1)
    found = is_separable(x, chosen)
    assert found == bool((margin > 1e-9).any())
    assert (least_slack(x, chosen).slack == 0) >= found


def test_units_do_not_matter() -> None:
    x = np.random.default_rng(5).uniform(size=(8, 4))
    chosen = _choice(8, (0, 1))
    plain = least_slack(x, chosen)
    for factor in (1e-9, 1e-6, 1e6):
        scaled = least_slack(x * factor, chosen)
        assert scaled.slack == pytest.approx(plain.slack * factor)
        assert is_separable(x * factor, chosen) == is_separable(x, chosen)
