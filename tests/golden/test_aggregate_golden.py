"""Means and ordered means against published numbers."""

import numpy as np
import pytest

from icfscore.methods.aggregate import (
    Arithmetic,
    Geometric,
    Harmonic,
    Median,
    OrderedWeighted,
    PowerMean,
)
from icfscore.methods.aggregate.ordered import maximum_entropy_weights
from icfscore.methods.context import Floats, Siblings

DOCUMENTED = 1e-12  # the sources print all digits of a float: only rounding may differ

# UNDP, Human Development Report 2021/22 (CC BY 3.0 IGO): life expectancy, expected and mean years
# of schooling, gross national income per person (2017 PPP $), published index.
HDI_2021 = {
    "Switzerland": (83.9872, 16.50029945, 13.85966015, 66933.00454, 0.962),
    "Norway": (83.2339, 18.18519974, 13.00362968, 64660.10622, 0.961),
    "United States": (77.1982, 16.28097916, 13.68342972, 64765.21509, 0.921),
    "Brazil": (72.7504, 15.59906006, 8.128813955, 14369.88848, 0.754),
    "Viet Nam": (73.6181, 12.9519325, 8.370280266, 7867.371345, 0.703),
    "India": (67.2398, 11.87462044, 6.655109195, 6589.980037, 0.633),
    "Niger": (61.5763, 6.957111988, 2.116717299, 1239.866936, 0.400),
    "South Sudan": (54.9752, 5.54251, 5.726140022, 767.787, 0.385),
}


def means_of(method: object, row: list[float], weights: list[float]) -> Floats:
    assert callable(method)
    scores = method(np.array([row], float), np.array(weights, float), Siblings.of(len(row)))
    assert scores.shape == (1,)
    return np.asarray(scores)


def test_arithmetic_and_geometric_give_the_human_development_index() -> None:
    """UNDP, Human Development Report 2021/22, statistical annex, table 1 and technical note 1.

    Goalposts 20-85 years, 0-18 and 0-15 years of schooling (averaged), 100-75,000 $ (logarithm),
    capped to 0..1; published to three decimals, so to half of the last one.
    """
    rows = np.array(list(HDI_2021.values()))
    schooling = np.clip(rows[:, 1:3] / np.array([18.0, 15.0]), 0, 1)
    education = Arithmetic()(schooling, np.array([0.5, 0.5]), Siblings.of(2))
    health = np.clip((rows[:, 0] - 20) / 65, 0, 1)
    income = np.clip(np.log(rows[:, 3] / 100) / np.log(750), 0, 1)
    index = Geometric()(
        np.column_stack([health, education, income]), np.ones(3) / 3, Siblings.of(3)
    )
    np.testing.assert_allclose(index, rows[:, 4], atol=5e-4, rtol=0)


def test_arithmetic_gives_the_textbook_weighted_sum() -> None:
    """Triantaphyllou (2000), Multi-criteria decision making methods, example 2-1 (weighted sum).

    Also the example of Wikipedia's "Weighted sum model": 21.50, 22.00 and 22.00; exact numbers.
    """
    x = np.array([[25.0, 20, 15, 30], [10, 30, 20, 30], [30, 10, 30, 10]])
    w = np.array([0.20, 0.15, 0.40, 0.25])
    np.testing.assert_allclose(Arithmetic()(x, w, Siblings.of(4)), [21.5, 22, 22], rtol=DOCUMENTED)


@pytest.mark.parametrize(
    ("row", "weights", "expected"),
    [
        ([1, 4], [1, 1], 2.0),
        ([1, 2, 3, 4, 5, 6, 7], [1] * 7, 3.3800151591412964),
        ([1, 4, 7], [3, 1, 3], 2.80668351922014),
    ],
)
def test_geometric_gives_scipys_documented_values(
    row: list[float], weights: list[float], expected: float
) -> None:
    """SciPy 1.17, documentation of scipy.stats.gmean, section Examples."""
    np.testing.assert_allclose(means_of(Geometric(), row, weights), expected, rtol=DOCUMENTED)


@pytest.mark.parametrize(
    ("row", "weights", "expected"),
    [
        ([1, 4], [1, 1], 1.6),
        ([1, 2, 3, 4, 5, 6, 7], [1] * 7, 2.6997245179063363),
        ([1, 4, 7], [3, 1, 3], 1.9029126213592233),
    ],
)
def test_harmonic_gives_scipys_documented_values(
    row: list[float], weights: list[float], expected: float
) -> None:
    """SciPy 1.17, documentation of scipy.stats.hmean, section Examples."""
    np.testing.assert_allclose(means_of(Harmonic(), row, weights), expected, rtol=DOCUMENTED)


@pytest.mark.parametrize(
    ("row", "weights", "exponent", "expected"),
    [
        ([1, 4], [1, 1], 1.3, 2.639372938300652),
        ([1, 2, 3, 4, 5, 6, 7], [1] * 7, 1.3, 4.157111214492084),
        ([1, 4, 7], [3, 1, 3], -2, 1.4969684896631954),
        ([1, 4, 7], [3, 1, 3], -1, 1.9029126213592233),
        ([1, 4, 7], [3, 1, 3], 0, 2.80668351922014),
    ],
)
def test_power_mean_gives_scipys_documented_values(
    row: list[float], weights: list[float], exponent: float, expected: float
) -> None:
    """SciPy 1.17, documentation of scipy.stats.pmean, section Examples."""
    method = PowerMean(exponent=exponent)
    np.testing.assert_allclose(means_of(method, row, weights), expected, rtol=DOCUMENTED)


def test_means_give_the_values_of_coinrs_own_tests() -> None:
    """COINr, tests/testthat/test-aggregate.R ("agg_functions"): closed forms, so exact."""
    np.testing.assert_allclose(
        means_of(Geometric(), [1, 2, 3], [1, 1, 2]), 18 ** (1 / 4), rtol=DOCUMENTED
    )
    np.testing.assert_allclose(
        means_of(Harmonic(), [1, 2, 3], [2, 1, 1]), 4 / (2 / 1 + 1 / 2 + 1 / 3), rtol=DOCUMENTED
    )


@pytest.mark.parametrize(
    ("row", "weights", "expected"),
    [
        # Lower median 2, upper median 3, their mean as the true median.
        ([1, 2, 3, 4], [0.25, 0.25, 0.25, 0.25], 2.5),
        ([1, 2, 3, 4], [0.49, 0.01, 0.25, 0.25], 2.5),
        # The middle of 4 5 5 5 7 7 7 7 7 7 7 7 7.
        ([5, 4, 7], [3, 1, 9], 7),
        ([1, 2, 3, 4, 5], [0.1, 0.1, 0.1, 0.1, 0.6], 5),
    ],
)
def test_median_gives_published_weighted_medians(
    row: list[float], weights: list[float], expected: float
) -> None:
    """Order statistics, so exact.

    First two: Wikipedia, "Weighted median", section Special case; third: Cooijmans, Statistics
    explained, "Weighted median"; last: Mathematics Stack Exchange, question 3968904.
    """
    assert means_of(Median(), row, weights).tolist() == [expected]


def test_ordered_weighted_gives_the_value_of_java_aggregation() -> None:
    """Debatty, java-aggregation, OWATest.java: 0.2, an exact decimal."""
    method = OrderedWeighted(weights=(0.1, 0.2, 0.3, 0.4, 0.0))
    scores = means_of(method, [0.4, 0.2, 0.3, 0.1, 0.0], [1] * 5)
    np.testing.assert_allclose(scores, 0.2, rtol=DOCUMENTED)


def test_maximum_entropy_weights_are_the_published_ones() -> None:
    """Davidsen, fylearn, test_fuzzylogic.py, "example from paper": five printed decimals."""
    expected = [0.68187, 0.23627, 0.08187]
    np.testing.assert_allclose(maximum_entropy_weights(3, 0.8), expected, atol=1e-5, rtol=0)
    np.testing.assert_allclose(maximum_entropy_weights(3, 0.2), expected[::-1], atol=1e-5, rtol=0)
    scores = means_of(OrderedWeighted(orness=0.8), [0, 100, 0], [1, 1, 1])
    np.testing.assert_allclose(scores, 68.187, atol=1e-3, rtol=0)


@pytest.mark.parametrize("orness", [0.05, 0.3, 0.5, 0.6, 0.95])
@pytest.mark.parametrize("m", [3, 5, 8])
def test_maximum_entropy_weights_solve_the_published_equation(m: int, orness: float) -> None:
    """Fullér and Majlender (2001), Fuzzy Sets and Systems 124, 53-57: the analytic solution.

    w_1 [(m - 1) a + 1 - m w_1]^m = ((m - 1) a)^(m - 1) [((m - 1) a - m) w_1 + 1]
    w_m = [((m - 1) a - m) w_1 + 1] / [(m - 1) a + 1 - m w_1],  w_j^(m-1) = w_1^(m-j) w_m^(j-1)

    The equation as coded independently in AggMEOWA.m; an identity, so to rounding.
    """
    w = np.array(maximum_entropy_weights(m, orness))
    b = (m - 1) * orness
    left, right = w[0] * (b + 1 - m * w[0]) ** m, b ** (m - 1) * ((b - m) * w[0] + 1)
    assert left == pytest.approx(right, rel=1e-9, abs=1e-15)
    j = np.arange(1, m + 1)
    np.testing.assert_allclose(w ** (m - 1), w[0] ** (m - j) * w[-1] ** (j - 1), rtol=1e-9)
    assert w.sum() == pytest.approx(1, rel=1e-14)
    assert (m - j) @ w / (m - 1) == pytest.approx(orness, rel=1e-12)
