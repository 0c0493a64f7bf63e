"""The Mazziotta-Pareto index and its adjusted form against numbers that others published.

The authors print no table that has both the indicators and the index and could be read here. So:
one table that somebody else printed, and the calculations of three R packages by people of the
field, copied from github.com/cran without their checks of arguments and run in R 4.2.2 on data sets
that come with R. That prints as many digits as a float has, of which eight decimals are copied.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from icfscore.methods.aggregate import MazziottaPareto
from icfscore.methods.context import Floats, Scale, Siblings
from icfscore.methods.normalise import MinMax, ZScore

EIGHT_DECIMALS = 5.1e-9

# Modularity, acyclicity, depth, equality and complexity of 28 programs; their penalised mean.
PROGRAMS = np.array(
    [
        [0.530, 0.173, 0.727, 0.563, 0.785, 0.473],
        [0.614, 0.769, 0.286, 0.383, 0.573, 0.469],
        [0.499, 0.643, 0.615, 0.480, 0.872, 0.590],
        [0.512, 1.000, 0.667, 0.273, 0.615, 0.523],
        [0.689, 0.897, 0.533, 0.417, 0.861, 0.629],
        [0.563, 0.934, 0.348, 0.439, 0.823, 0.541],
        [0.451, 0.235, 0.800, 0.575, 0.717, 0.484],
        [0.575, 0.400, 0.471, 0.416, 0.803, 0.492],
        [0.534, 0.831, 0.471, 0.442, 0.578, 0.538],
        [0.640, 0.754, 0.267, 0.399, 0.746, 0.493],
        [0.522, 0.771, 0.615, 0.300, 0.671, 0.532],
        [0.484, 0.208, 0.800, 0.569, 0.802, 0.487],
        [0.615, 1.000, 0.500, 0.326, 0.316, 0.437],
        [0.482, 0.261, 0.667, 0.550, 0.782, 0.492],
        [0.520, 0.787, 0.615, 0.469, 0.903, 0.618],
        [0.427, 0.100, 0.889, 0.570, 0.458, 0.357],
        [0.571, 0.815, 0.286, 0.464, 0.620, 0.496],
        [0.596, 0.745, 0.571, 0.521, 0.856, 0.635],
        [0.636, 0.385, 0.615, 0.459, 0.673, 0.531],
        [0.565, 1.000, 0.500, 0.676, 0.668, 0.638],
        [0.478, 0.710, 0.471, 0.490, 0.757, 0.554],
        [0.429, 0.579, 0.571, 0.469, 0.722, 0.536],
        [0.524, 0.450, 0.667, 0.430, 0.705, 0.533],
        [0.525, 0.824, 0.222, 0.477, 0.810, 0.483],
        [0.521, 0.640, 0.533, 0.552, 0.814, 0.593],
        [0.766, 0.931, 0.348, 0.367, 0.762, 0.548],
        [0.571, 0.388, 0.471, 0.568, 0.819, 0.526],
        [0.458, 0.588, 0.727, 0.547, 0.811, 0.600],
    ]
)

# R, `swiss`: fertility, agriculture and education in the first six of 47 districts.
SWISS = np.array(
    [
        [80.2, 17.0, 12],
        [83.1, 45.1, 9],
        [92.5, 39.7, 5],
        [85.8, 36.5, 7],
        [76.9, 43.5, 15],
        [76.1, 35.3, 7],
    ]
)

# R, `iris3`: three flowers with four measurements in each of three species, here three years.
IRIS = np.array(
    [
        [[5.1, 3.5, 1.4, 0.2], [4.9, 3.0, 1.4, 0.2], [4.7, 3.2, 1.3, 0.2]],
        [[7.0, 3.2, 4.7, 1.4], [6.4, 3.2, 4.5, 1.5], [6.9, 3.1, 4.9, 1.5]],
        [[6.3, 3.3, 6.0, 2.5], [5.8, 2.7, 5.1, 1.9], [7.1, 3.0, 5.9, 2.1]],
    ]
)

Penalty = Literal["negative", "positive"]


def penalised(x: Floats, penalty: Penalty = "negative", ddof: int = 0) -> Floats:
    c = x.shape[-1]
    return MazziottaPareto(penalty, ddof)(x, np.ones(c), Siblings.of(c))


def test_penalised_mean_of_the_table_of_archy() -> None:
    """GitHub, hslee16/Archy, bench/score_redesign_results.md: "Per-project axis dump" and "mpi".

    Its agg_mpi cites Mazziotta and Pareto (2013) and divides by m. Three digits: half a unit for
    the result, and as much for the five inputs, each of which moves it by about a fifth. Dividing
    by m - 1 would be off by 0.006 at least.
    """
    np.testing.assert_allclose(penalised(PROGRAMS[:, :5]), PROGRAMS[:, 5], atol=1e-3, rtol=0)
    assert np.abs(penalised(PROGRAMS[:, :5], ddof=1) - PROGRAMS[:, 5]).min() > 0.004


@pytest.mark.parametrize(
    ("penalty", "ddof", "index"),
    [
        # giniCI 0.1.0, giniCI(method = "equal", hv = TRUE, ci.pol = "pos" and "neg").
        (
            "negative",
            0,
            [93.05214085, 103.25278117, 101.66672521, 99.72523092, 103.88606182, 93.59655399],
        ),
        (
            "positive",
            0,
            [96.05709855, 103.63212564, 104.62716891, 100.23899115, 106.28856291, 93.97655886],
        ),
        # Indicator 0.1.1, linear_aggregation_MPI, pol = "pos" and "neg"; Compind, ci_mpi the same.
        (
            "negative",
            1,
            [92.30090143, 103.15794506, 100.92661429, 99.59679087, 103.28543655, 93.50155277],
        ),
        (
            "positive",
            1,
            [96.80833798, 103.72696176, 105.36727984, 100.36743121, 106.88918818, 94.07156008],
        ),
    ],
)
def test_index_of_swiss_districts(penalty: Penalty, ddof: int, index: list[float]) -> None:
    """R 4.2.2, swiss[1:6, c(1, 2, 4)]: normalised by standardization_MPI of the R package Indicator
    0.1.1 (mean 100, sd 10, divisor n), aggregated by the functions beside the numbers.
    """
    z = ZScore(mean=100, sd=10, ddof=0)(SWISS, Scale.of(SWISS))
    np.testing.assert_allclose(penalised(z, penalty, ddof), index, atol=EIGHT_DECIMALS, rtol=0)


@pytest.mark.parametrize(
    ("penalty", "index"),
    [
        (
            "negative",
            [
                [80.89713520, 76.13883391, 76.05314961],
                [111.59074456, 108.59115265, 110.33733988],
                [120.59278351, 96.45606804, 115.76141524],
            ],
        ),
        (
            "positive",
            [
                [94.74116267, 78.24946396, 82.69685039],
                [113.26355702, 108.79090100, 112.09790526],
                [121.90721649, 103.72316415, 119.63289558],
            ],
        ),
    ],
)
def test_adjusted_index_over_pooled_years(penalty: Penalty, index: list[list[float]]) -> None:
    """R 4.2.2, iris3[1:3, , ]: giniCI 0.1.0, normalize(method = "goalpost") over all years around
    the middle of the range, so that 70 is the least and 130 the greatest value of any year, then
    giniCI(method = "equal", hv = TRUE). Compind 2.2, ci_ampi, rounds to three digits: the same.
    """
    pooled = IRIS.reshape(9, 4)
    years = [MinMax(low=70, high=130)(x, replace(Scale.of(x), reference=pooled)) for x in IRIS]
    np.testing.assert_allclose(
        [penalised(x, penalty) for x in years], index, atol=EIGHT_DECIMALS, rtol=0
    )


def test_index_by_hand_in_exact_fractions() -> None:
    """By hand. For 90, 100, 110: M = 100, squares 200; over 3: S cv = (200 / 3) / 100 = 2 / 3; over
    2: 1. For 70, 130 with weights 1 / 4, 3 / 4 (Mazziotta and Pareto 2022): M = 115,
    S^2 = (45^2 + 3 * 15^2) / 4 = 675, S cv = 675 / 115 = 135 / 23.
    """
    row = np.array([[90.0, 100.0, 110.0]])
    assert penalised(row) == pytest.approx(100 - 2 / 3, rel=1e-12)
    assert penalised(row, ddof=1) == pytest.approx(99, rel=1e-12)
    weighted = MazziottaPareto()(np.array([[70.0, 130]]), np.array([0.25, 0.75]), Siblings.of(2))
    assert weighted == pytest.approx(115 - 135 / 23, rel=1e-12)
