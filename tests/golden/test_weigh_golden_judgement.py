"""Weightings by people's judgement against numbers that others published."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np
import pytest

from icfscore.methods.context import Floats, Siblings
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
    """Saaty (1990), How to make a decision: the analytic hierarchy process, EJOR 48, 9-26, table 2:
    buying a house; weights and eigenvalue with three digits, ratio 0.169, too high.
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


def test_best_worst_of_a_thesis_and_of_rezaeis_workbook() -> None:
    """GitHub, kiagram/waste-collection-regimes, tests/test_bwm.py: first decision maker of a thesis
    on cost, social, carbon and waste; its weights and xi, four digits.

    For the same, Rezaei's workbook BWM-Solver-5.xlsx shows an input-based consistency ratio of
    0.1333 and the threshold 0.199 (Liang, Brunelli and Rezaei 2020, table 3, for four criteria on a
    scale to 6).
    """
    names = ("cost", "social", "carbon", "waste")
    to_best, to_worst = [1.0, 4, 5, 6], [6.0, 2, 2, 1]
    method = BestWorst(
        "cost",
        "waste",
        dict(zip(names, to_best, strict=True)),
        dict(zip(names, to_worst, strict=True)),
    )
    siblings = Siblings.of(4, names=names)
    shares = method(np.zeros((2, 4)), siblings)
    assert shares == pytest.approx([0.6093, 0.1656, 0.1325, 0.0927], abs=5.1e-5)
    best_worst_rest = [0, 3, 1, 2]
    best, worst = np.array(to_best)[best_worst_rest], np.array(to_worst)[best_worst_rest]
    assert linear_weights(best, worst)[1] == pytest.approx(0.0530, abs=5e-5)
    assert input_consistency(best, worst).max() == pytest.approx(0.1333, abs=5e-5)
    assert consistency_threshold(6, 4) == 0.199
    (note,) = method.notes(np.zeros((2, 4)), siblings)
    assert note.level == "info"


@pytest.mark.parametrize(
    ("k", "by_scale"),
    [
        (3, [0.1667, 0.1121, 0.1354, 0.1330, 0.1294, 0.1309, 0.1359]),
        (4, [0.1667, 0.1529, 0.1994, 0.1990, 0.2457, 0.2521, 0.2681]),
        (5, [0.1667, 0.1898, 0.2306, 0.2643, 0.2819, 0.2958, 0.3062]),
        (6, [0.1667, 0.2206, 0.2546, 0.3044, 0.3029, 0.3154, 0.3337]),
        (7, [0.1667, 0.2527, 0.2716, 0.3144, 0.3144, 0.3408, 0.3517]),
        (8, [0.1667, 0.2577, 0.2844, 0.3221, 0.3251, 0.3620, 0.3620]),
        (9, [0.1667, 0.2683, 0.2960, 0.3262, 0.3403, 0.3657, 0.3662]),
    ],
)
def test_thresholds_are_the_printed_ones(k: int, by_scale: list[float]) -> None:
    """Liang, Brunelli and Rezaei (2020), table 3, column by column; the same in three programs on
    GitHub.
    """
    assert [consistency_threshold(scale, k) for scale in range(3, 10)] == by_scale


def test_random_indices_are_saatys() -> None:
    """Saaty (1980), The Analytic Hierarchy Process, for 3 to 15 elements: a ratio of 1 means as
    inconsistent as at random, that is a largest eigenvalue of k + (k - 1) RI.
    """
    printed = "0.58 0.90 1.12 1.24 1.32 1.41 1.45 1.49 1.51 1.48 1.56 1.57 1.59"
    for k, index in enumerate(map(float, printed.split()), start=3):
        assert consistency_ratio(k + (k - 1) * index, k) == pytest.approx(1)
        assert consistency_ratio(k - 1e-9, k) == 0
    assert consistency_ratio(2.5, 2) == 0


def test_input_based_consistency_by_hand() -> None:
    """Liang, Brunelli and Rezaei (2020), by hand: |3 × 3 - 8| / (64 - 8) = 1/56 for safety in the
    car example; table 3, as in two more programs on GitHub: 0.2958 for five criteria and 8.
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


# Bioconductor, Prize 1.4.0 (github.com/ddargahi/Prize), inst/extdata/ind1.tsv to ind4.tsv: how four
# people compare expression in tumours and in normal tissue, frequency and epitopes; the upper
# triangles of their matrices.
PRIZE = [[2, 4, 5, 3, 4, 2], [0.8, 2, 4, 5, 7, 2], [2, 3, 5, 3, 5, 2], [5, 6, 7, 4, 6, 1]]
TWENTIETHS = [9, 6, 2, 3]


def row_products(upper: list[float]) -> Floats:
    """Weigh four things as Prize does: by geometric means of the rows, not brought to a sum."""
    matrix = np.ones((4, 4))
    for (i, j), ratio in zip(combinations(range(4), 2), upper, strict=True):
        matrix[i, j], matrix[j, i] = ratio, 1 / ratio
    return np.asarray(matrix.prod(axis=1) ** (1 / 4))


def test_budget_allocation_of_prize() -> None:
    """Prize 1.4.0, inst/unitTests/test_gaggregate.R, AIP_res: mean over four people of their
    priorities (Forman and Peniwati 1998), people counting 0.45, 0.30, 0.10 and 0.15; eight digits.

    Points are the priorities before they are brought to a sum. Experts count the same here, so
    that the first stands for nine of twenty, and so on.
    """
    names = ("tumour", "normal", "frequency", "epitopes")
    experts = {
        f"{person} {copy}": dict(zip(names, row_products(upper).tolist(), strict=True))
        for person, (upper, times) in enumerate(zip(PRIZE, TWENTIETHS, strict=True))
        for copy in range(times)
    }
    shares = BudgetAllocation(experts)(np.zeros((2, 4)), Siblings.of(4, names=names))
    assert shares == pytest.approx([0.45240240, 0.35504904, 0.11942840, 0.07312017], abs=6e-9)


@pytest.mark.parametrize(
    ("points", "percent"),
    [((20, 30, 40, 12, 43), 29), ((20, 30, 40, 12, 43, 60), 34.17)],
    ids=["SurveyPluto", "SurveyMars"],
)
def test_budget_allocation_of_a_constant_sum_question(
    points: tuple[float, ...], percent: float
) -> None:
    """SurveyPluto and SurveyMars, help on "Constant Sum Question": of 100 points respondents give
    these to offline shopping, whose share is then 29 % and 34.17 %; hundredths of a per cent.
    """
    experts = {f"respondent {i}": {"offline": p, "rest": 100 - p} for i, p in enumerate(points)}
    siblings = Siblings.of(2, names=("offline", "rest"))
    shares = BudgetAllocation(experts)(np.zeros((2, 2)), siblings)
    assert shares == pytest.approx([percent / 100, 1 - percent / 100], abs=5.1e-5)


def test_concordance_of_nag() -> None:
    """NAG Library, Mark 26.2, G08DAF example program results: three judges, ten objects, ties in
    all three; W = 0.828, three digits.
    """
    ratings = np.array(
        [
            [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
            [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
            [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
        ]
    )
    assert concordance(ratings) == pytest.approx(0.828, abs=5e-4)


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
