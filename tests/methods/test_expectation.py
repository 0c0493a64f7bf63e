"""The line and its interval against SciPy, hand calculation, and their own promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from icfscore.methods.expectation import expect, leave_one_out_residuals, theil_sen


@pytest.mark.parametrize("seed", range(4))
def test_theil_sen_is_scipys_with_ties_in_x(seed: int) -> None:
    draw = np.random.default_rng(seed)
    x, y = draw.integers(0, 6, 15).astype(float), draw.normal(size=15)
    expected = stats.theilslopes(y, x, method="joint")
    line = theil_sen(x, y, weighted=False)
    assert line is not None
    assert line.slope == pytest.approx(expected.slope)
    assert line.intercept == pytest.approx(expected.intercept)


def _dispersion(slope: float, x: np.ndarray, y: np.ndarray) -> float:
    """Jaeckel's dispersion of residuals with Wilcoxon's scores."""
    residuals = y - slope * x
    return float(((stats.rankdata(residuals) - (len(x) + 1) / 2) * residuals).sum())


@pytest.mark.parametrize("seed", range(6))
def test_weighted_it_is_the_rank_regression_of_jaeckel(seed: int) -> None:
    """The slope of least dispersion, which is convex and least at some pair's slope."""
    draw = np.random.default_rng(seed)
    x, y = draw.integers(0, 9, 14).astype(float), draw.standard_t(2, size=14)
    line = theil_sen(x, y)
    assert line is not None
    i, j = np.triu_indices(14, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = ((y[j] - y[i]) / (x[j] - x[i]))[x[i] != x[j]]
    least = min(_dispersion(slope, x, y) for slope in slopes)
    assert _dispersion(line.slope, x, y) == pytest.approx(least)


def test_a_cluster_of_like_incomes_does_not_set_the_slope() -> None:
    """Ten places a hair apart whose scores scatter, two poor ones: the way there is 1 to 1."""
    x = np.concatenate([[0.0, 0.5], 10 + np.arange(10) / 100])
    y = np.concatenate([[0.0, 0.5], 10 + np.array([2.0, -2, 2, -2, 2, -2, 2, -2, 2, -2])])
    line, plain = theil_sen(x, y), theil_sen(x, y, weighted=False)
    assert line is not None
    assert plain is not None
    assert line.slope == pytest.approx(1.0, abs=0.25)
    assert abs(plain.slope - 1) > abs(line.slope - 1)


def test_where_half_the_weight_lies_on_either_side_the_slope_is_the_mean() -> None:
    line = theil_sen(np.array([0.0, 1.0, 1.0]), np.array([0.0, 2.0, 4.0]))
    assert line is not None
    assert line.slope == 3.0


def test_a_quarter_of_outliers_does_not_turn_the_line() -> None:
    x = np.arange(20.0)
    y = 3 * x + 1
    y[[2, 7, 11, 15, 19]] += 1000
    line = theil_sen(x, y)
    assert line is not None
    assert line.slope == pytest.approx(3, abs=0.5)


def test_without_any_spread_there_is_no_line() -> None:
    assert theil_sen(np.ones(4), np.arange(4.0)) is None
    assert expect(np.ones(4), np.arange(4.0), 1.0) is None


def test_the_bounds_of_three_points_by_hand() -> None:
    """Jackknife+ with n = 3 and half: the 2nd smallest of each three bounds.

    Points (0, 0), (1, 1), (2, 4). Without the first the line is 3 x - 2, at 3: 7, its error at 0:
    2. Without the second 2 x: 6, error 1. Without the third x: 3, error 2. Lower ends 5, 5, 1;
    upper ends 9, 7, 5.
    """
    found = expect(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 4.0]), 3.0, share=0.5)
    assert found is not None
    assert found.interval == (5.0, 7.0)
    # The line of all three: slopes 1, 2, 3 with weights 1, 2, 1; intercepts 0, -1, 0.
    assert found.expected == pytest.approx(6.0)


def test_too_few_points_have_no_bounds() -> None:
    x = np.arange(8.0)
    assert expect(x, x, 3.0) is not None
    assert expect(x, x, 3.0).interval is None  # type: ignore[union-attr]
    assert expect(np.arange(9.0), np.arange(9.0), 3.0).interval == (3.0, 3.0)  # type: ignore[union-attr]


def test_a_line_that_one_point_carries_has_no_bounds() -> None:
    x = np.array([1.0] * 10 + [2.0])
    found = expect(x, x, 1.5)
    assert found is not None
    assert found.interval is None
    assert np.isnan(leave_one_out_residuals(x, x)[10])


def test_the_interval_holds_as_often_as_it_says() -> None:
    draw = np.random.default_rng(2019)
    inside = 0
    for _ in range(200):
        x = draw.normal(size=21)
        y = x + draw.standard_t(3, size=21)
        found = expect(x[1:], y[1:], float(x[0]))
        assert found is not None
        assert found.interval is not None
        inside += found.interval[0] <= y[0] <= found.interval[1]
    assert 0.84 <= inside / 200 <= 0.96  # 0.8 is promised, 0.9 usual


@pytest.mark.parametrize(
    ("n", "share", "low", "high"), [(9, 0.9, 1, 9), (20, 0.9, 2, 19), (20, 0.5, 10, 11)]
)
def test_bounds_are_the_order_statistics_of_the_jackknife(
    n: int, share: float, low: int, high: int
) -> None:
    """Barber et al. (2021), eq. (1.3): the floor((1 - share) (n + 1))-th smallest of the lines
    without each point less its residual, and the ceil(share (n + 1))-th of those plus it.
    """
    draw = np.random.default_rng(3)
    x, y = np.arange(float(n)), draw.normal(size=n)
    lines = [theil_sen(np.delete(x, i), np.delete(y, i)) for i in range(n)]
    told = np.array([line.at(4.5) for line in lines if line is not None])
    off = np.abs(leave_one_out_residuals(x, y))
    found = expect(x, y, 4.5, share)
    assert found is not None
    assert found.interval == (np.sort(told - off)[low - 1], np.sort(told + off)[high - 1])
    if n == 9:
        few = expect(x[1:], y[1:], 4.5, share)
        assert few is not None
        assert few.interval is None
