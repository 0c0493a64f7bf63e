"""Decompositions against published numbers and exact fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import log

import numpy as np
import pytest

from icfscore.methods.context import Floats
from icfscore.methods.decomposition import mean_slopes, swap_values

# LMDIR 0.1.14 (Heun), tests/testthat/test_util.R, "Zij", LMDI-I; the numbers come from its
# spreadsheet data-raw/LMDI_testing.xlsx. Two categories, each a product of three factors, in 1971
# and 1972: https://github.com/MatthewHeun/LMDIR
HEUN = [
    ([1, 10, 2], [4, 5, 3], [50.47438029, -25.23719014, 14.76280986]),
    ([4, 5, 3], [5, 6, 4], [19.31568569, 15.78206435, 24.90224996]),
]


@pytest.mark.parametrize(("before", "after", "published"), HEUN)
def test_a_product_is_decomposed_as_lmdi_1(
    before: list[float], after: list[float], published: list[float]
) -> None:
    a, b = np.array(after, dtype=float), np.array(before, dtype=float)
    parts = mean_slopes(a, b, np.ones(3), (a.prod(), b.prod()), 0.0) * (a - b)
    assert parts == pytest.approx(published, abs=5e-9)


def test_the_change_of_a_sum_of_products_is_the_sum_of_all_effects() -> None:
    effects = np.array([published for _, _, published in HEUN])
    assert effects.sum() == pytest.approx(100, abs=1e-7)
    assert effects.sum(axis=0) == pytest.approx([69.79006598, -9.455125793, 39.66505981], abs=1e-7)


def test_a_harmonic_mean_by_hand() -> None:
    # Means of (1/3, 1/4) and (1/6, 1/4), equal weights: 2/7 and 1/5. On the scale of 1/x only the
    # first child differs, so that it carries all of 3/35.
    a, b, w = np.array([1 / 3, 1 / 4]), np.array([1 / 6, 1 / 4]), np.array([0.5, 0.5])
    parts = mean_slopes(a, b, w, (2 / 7, 1 / 5), -1.0) * (a - b)
    assert parts == pytest.approx([float(Fraction(3, 35)), 0], abs=1e-15)


def test_a_quadratic_mean_by_hand() -> None:
    # Means of (1, 7) and (5, 5): both 5. The squares differ by -24 and 24, half of which counts;
    # the scale rises by 2 · 5 at the common score: -12/10 and 12/10.
    a, b, w = np.array([1.0, 7.0]), np.array([5.0, 5.0]), np.array([0.5, 0.5])
    parts = mean_slopes(a, b, w, (5.0, 5.0), 2.0) * (a - b)
    assert parts == pytest.approx([-1.2, 1.2], abs=1e-14)


def test_a_quadratic_mean_from_nothing_by_hand() -> None:
    # Of (1, 7) the mean is 5; from (0, 0) the squares grow by 1 and 49, half of which counts, and
    # the scale by 5 for each of the score: 1/10 and 49/10.
    a, b, w = np.array([1.0, 7.0]), np.zeros(2), np.array([0.5, 0.5])
    parts = mean_slopes(a, b, w, (5.0, 0.0), 2.0) * (a - b)
    assert parts == pytest.approx([0.1, 4.9], abs=1e-14)


def test_a_geometric_mean_of_unequal_weights_by_hand() -> None:
    # 8^(2/3) = 4 against 1, the weight of the first child being 2/3: the logarithmic mean of the
    # scores is 3 / ln 4, and 3 / ln 4 · 2/3 ln 8 = 3.
    a, b, w = np.array([8.0, 1.0]), np.array([1.0, 1.0]), np.array([2 / 3, 1 / 3])
    parts = mean_slopes(a, b, w, (4.0, 1.0), 0.0) * (a - b)
    assert parts == pytest.approx([3 / log(4) * 2 / 3 * log(8), 0], abs=1e-14)
    assert parts.sum() == pytest.approx(3, abs=1e-14)


def test_swaps_under_a_minimum_by_hand() -> None:
    # Scores are row minima: 2 and 1. Players 1 (5 against 1) and 2 (2 against 4). Kept both: 1/2
    # of 2 - 1; only the first kept: (4, against 1 and 2), 1/2 (4 - 1); only the second: -3/2.
    # Shapley: 1/2 (-1/2 to 3/2) + 1/2 (-3/2 to 1/2) = 2 for the first, -1 for the second.
    x = np.array([[5.0, 2.0], [1.0, 4.0]])
    assert swap_values(lambda tables: tables.min(axis=-1), x, (0, 1)) == pytest.approx([2, -1])


@pytest.mark.parametrize("c", [3, 4, 5])
def test_swaps_are_shapleys_mean_over_all_orders(c: int) -> None:
    """Shapley (1953): each child's mean gain over all orders, where a child that has not joined is
    swapped between the two, which turns the whole difference round.
    """
    x = np.random.default_rng(c).uniform(1, 3, size=(3, c))

    def score(tables: Floats) -> Floats:
        return np.asarray(tables.prod(axis=-1) + tables.max(axis=-1))

    def ahead(joined: set[int]) -> float:
        table = x.copy()
        for child in set(range(c)) - joined:
            table[[0, 1], child] = table[[1, 0], child]
        scores = score(table)
        return float(scores[0] - scores[1])

    expected = np.zeros(c)
    orders = list(permutations(range(c)))
    for order in orders:
        for place, child in enumerate(order):
            gain = ahead(set(order[: place + 1])) - ahead(set(order[:place]))
            expected[child] += gain / 2 / len(orders)
    found = swap_values(score, x, (0, 1))
    assert found == pytest.approx(expected)
    assert found is not None
    assert found.sum() == pytest.approx(score(x)[0] - score(x)[1])
