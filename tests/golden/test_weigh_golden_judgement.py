"""Weightings by people's judgement against numbers that others published."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np
import pytest

from icfscore.methods.context import Siblings
from icfscore.methods.weigh import AnalyticHierarchy, BestWorst, BudgetAllocation, RankOrder
from icfscore.methods.weigh.analytic_hierarchy import (
    comparison_matrix,
    consistency_ratio,
    principal_eigenvector,
)
from icfscore.methods.weigh.best_worst import (
    consistency_threshold,
    input_consistency,
    linear_weights,
)
from icfscore.methods.weigh.budget_allocation import concordance

DRINKS = [
    *[("coffee", "wine", 9), ("coffee", "tea", 5), ("coffee", "beer", 2), ("coffee", "soda", 1)],
    *[("coffee", "milk", 1), ("water", "coffee", 2), ("water", "wine", 9), ("water", "tea", 9)],
    *[("water", "beer", 3), ("water", "soda", 2), ("water", "milk", 3), ("tea", "wine", 3)],
    *[("beer", "wine", 9), ("beer", "tea", 3), ("beer", "milk", 1), ("soda", "wine", 9)],
    *[("soda", "tea", 4), ("soda", "beer", 2), ("soda", "milk", 2), ("milk", "wine", 9)],
    ("milk", "tea", 3),
]


def test_hierarchy_of_drinks() -> None:
    """Saaty (2008), Decision making with the analytic hierarchy process, Int. J. Services Sciences
    1, 83-98: consumption of drinks (also ahpy 2.1, test_drinks_*); three digits.
    """
    printed = {"coffee": 0.177, "wine": 0.019, "tea": 0.042, "beer": 0.116, "soda": 0.190}
    printed |= {"milk": 0.129, "water": 0.327}
    ahp = AnalyticHierarchy({"index": tuple(DRINKS)})
    siblings = Siblings.of(7, names=tuple(printed))
    assert ahp(np.zeros((2, 7)), siblings) == pytest.approx(list(printed.values()), abs=5.1e-4)
    (note,) = ahp.notes(np.zeros((2, 7)), siblings)
    assert note.level == "info"
    assert note.text == "consistency ratio 0.022 of the comparisons, acceptable up to 0.10"


HOUSE = [
    [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4],
    [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
    [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
    [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8],
    [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
    [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6],
    [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2],
    [4, 7, 5, 8, 6, 6, 2, 1],
]


def listed(matrix: list[list[float]], names: tuple[str, ...]) -> tuple[tuple[str, str, float], ...]:
    pairs = combinations(range(len(names)), 2)
    return tuple((names[i], names[j], matrix[i][j]) for i, j in pairs)


def test_hierarchy_of_a_house() -> None:
    """Saaty (1990), How to make a decision: the analytic hierarchy process: buying a
    house; weights and eigenvalue with three digits, ratio 0.169, too high.
    """
    names = (
        *("size", "transport", "neighbourhood", "age"),
        *("yard", "facilities", "condition", "financing"),
    )
    ahp = AnalyticHierarchy({"index": listed(HOUSE, names)})
    siblings = Siblings.of(8, names=names)
    printed = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert ahp(np.zeros((2, 8)), siblings) == pytest.approx(printed, abs=6e-4)
    _, matrix = comparison_matrix("index", listed(HOUSE, names))
    _, largest = principal_eigenvector(matrix)
    assert largest == pytest.approx(9.669, abs=5e-4)
    assert consistency_ratio(largest, 8) == pytest.approx(0.169, abs=5e-4)
    (note,) = ahp.notes(np.zeros((2, 8)), siblings)
    assert note.level == "warning"
    assert "farthest off is neighbourhood to condition, given as 6 where the weights" in note.text


def test_hierarchy_of_wang_and_chin() -> None:
    """Wang and Chin (2011), Information Sciences 181, 5240-5248 (also pymcdm's TestAHPWeights);
    four digits.
    """
    matrix = [
        [1, 4, 3, 1, 3, 4],
        [1 / 4, 1, 7, 3, 1 / 5, 1],
        [1 / 3, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 6],
        [1, 1 / 3, 5, 1, 1, 1 / 3],
        [1 / 3, 5, 5, 1, 1, 3],
        [1 / 4, 1, 6, 3, 1 / 3, 1],
    ]
    siblings = Siblings.of(6)
    shares = AnalyticHierarchy({"index": listed(matrix, siblings.names)})(
        np.zeros((2, 6)), siblings
    )
    assert shares == pytest.approx([0.3208, 0.1395, 0.0348, 0.1285, 0.2374, 0.1391], abs=5e-5)


CAR = ("price", "style", "quality", "comfort", "safety")


def best_worst(to_others: list[float], to_worst: list[float]) -> BestWorst:
    return BestWorst(
        "price",
        "style",
        dict(zip(CAR, to_others, strict=True)),
        dict(zip(CAR, to_worst, strict=True)),
    )


@pytest.mark.parametrize(
    ("to_others", "to_worst", "weights", "ratio"),
    [
        (
            [1, 8, 2, 4, 2],
            [8, 1, 4, 2, 4],
            [0.42105263, 0.05263158, 0.21052632, 0.10526316, 0.21052632],
            0.0,
        ),
        (
            [1, 8, 2, 4, 3],
            [8, 1, 4, 2, 3],
            [0.44808743, 0.05464481, 0.22950820, 0.11475410, 0.15300546],
            0.002444958,
        ),
    ],
    ids=["consistent", "inconsistent"],
)
def test_best_worst_of_cars(
    to_others: list[float], to_worst: list[float], weights: list[float], ratio: float
) -> None:
    """Rezaei (2016), linear model, buying a car, with the digits of the R package BWM (J. Tomczak),
    test-example-data.R; its ratio is xi over Rezaei's consistency index 4.47 for a_BW = 8.
    """
    shares = best_worst(to_others, to_worst)(np.zeros((2, 5)), Siblings.of(5, names=CAR))
    assert shares == pytest.approx(weights, abs=5e-9)
    _, xi = linear_weights(np.array(to_others, float), np.array(to_worst, float))
    assert xi / 4.47 == pytest.approx(ratio, abs=5e-10)


def test_input_based_consistency_by_hand_and_table() -> None:
    """Liang, Brunelli and Rezaei (2020), by hand: |3 × 3 - 8| / (64 - 8) = 1/56 for
    safety in the car example; table 3: 0.2958 for five criteria on a scale to 8.
    """
    ratios = input_consistency(np.array([1.0, 8, 2, 4, 3]), np.array([8.0, 1, 4, 2, 3]))
    assert ratios == pytest.approx([0, 0, 0, 0, 1 / 56])
    assert consistency_threshold(8, 5) == 0.2958


@pytest.mark.parametrize(
    ("rule", "printed"),
    [
        ("centroid", [0.4567, 0.2567, 0.1567, 0.0900, 0.0400]),
        ("sum", [0.3333, 0.2667, 0.2000, 0.1333, 0.0667]),
        ("reciprocal", [0.4380, 0.2190, 0.1460, 0.1095, 0.0876]),
    ],
)
def test_rank_order_of_five(
    rule: Literal["centroid", "sum", "reciprocal"], printed: list[float]
) -> None:
    """Barron and Barrett (1996), rank order centroid, rank sum and rank reciprocal
    weights, n = 5 (Stillwell, Seaver and Edwards 1981); four digits.
    """
    names = ("e", "d", "c", "b", "a")
    shares = RankOrder(names, rule)(np.zeros((2, 5)), Siblings.of(5, names=names))
    assert shares == pytest.approx(printed, abs=5.1e-5)


def test_budget_allocation_by_hand() -> None:
    """No published table of single experts' budgets was found. By hand: shares (60, 30, 10) / 100,
    (20, 20, 10) / 50 and (1, 2, 1) / 4 have the mean (125, 120, 55) / 300.
    """
    experts = {
        "first": {"x1": 60.0, "x2": 30.0, "x3": 10.0},
        "second": {"x1": 20.0, "x2": 20.0, "x3": 10.0},
        "third": {"x1": 1.0, "x2": 2.0, "x3": 1.0},
    }
    shares = BudgetAllocation(experts)(np.zeros((2, 3)), Siblings.of(3))
    assert shares == pytest.approx(np.array([125, 120, 55]) / 300)


def test_concordance_of_three_executives() -> None:
    """Siegel (1956), Nonparametric Statistics: six applicants ranked by three executives,
    W = 0.16. Points run against ranks.
    """
    ranks = np.array([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])
    assert concordance(7.0 - ranks) == pytest.approx(0.16, abs=5e-3)


def test_concordance_with_ties() -> None:
    """R package irr, kendall(anxiety, TRUE): W = 0.54, chi-squared 30.8 = 3 × 19 W (twenty subjects,
    three raters, many ties); two digits, and 30.8 / 57 within 0.05 / 57.
    """
    ratings = np.array(
        [
            [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
            [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
            [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
        ]
    )
    w = concordance(ratings.astype(float))
    assert w == pytest.approx(0.54, abs=5e-3)
    assert w == pytest.approx(30.8 / 57, abs=0.05 / 57)
