"""Weights of equal influence and of an order against numbers that others published."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from icfscore.methods.context import Floats, Siblings
from icfscore.methods.weigh import EqualInfluence, RankOrder

# COINr 1.0.0.9000, docs/articles/weights.html, section "Optimised weights": the ASEM example,
# sub-indices Conn and Sust; their correlations with the index and the weights that gave them.
EQUAL_WEIGHTS = np.array([0.5, 0.5])
BEFORE = np.array([0.9397805, 0.8382873])
OPTIMISED = np.array([0.3902439, 0.6097561])
AFTER = np.array([0.8971336, 0.8925119])

# Each input is rounded to 5e-8 and the solution for w passes on less than ten times that.
SEVEN_DIGITS = 5e-7


def sub_indices() -> Floats:
    """Rebuild four rows with the spread and correlation of Conn and Sust, all that counts.

    The sum of two vectors lies between them, at angles alpha and beta whose cosines are the
    printed correlations before the optimisation; no part across is left, so that
    s_1 sin(alpha) = s_2 sin(beta).
    """
    along, across = np.array([1.0, 1, -1, -1]), np.array([1.0, -1, 1, -1])
    alpha, beta = np.arccos(BEFORE)
    conn = np.cos(alpha) * along + np.sin(alpha) * across
    sust = np.cos(beta) * along - np.sin(beta) * across
    return np.column_stack([conn, sust * np.sin(alpha) / np.sin(beta)])


def influence(x: Floats, w: Floats) -> Floats:
    return np.array([np.corrcoef(column, x @ w)[0, 1] for column in x.T])


def test_rebuilt_sub_indices_have_the_correlations_that_coinr_prints() -> None:
    """COINr, docs/articles/weights.html: 0.8971336 and 0.8925119 under the optimised weights.

    These two take no part in rebuilding the rows, so they show that the rows stand for the
    data; seven printed digits, see SEVEN_DIGITS.
    """
    x = sub_indices()
    np.testing.assert_allclose(influence(x, EQUAL_WEIGHTS), BEFORE, atol=SEVEN_DIGITS, rtol=0)
    np.testing.assert_allclose(influence(x, OPTIMISED), AFTER, atol=SEVEN_DIGITS, rtol=0)


@pytest.mark.parametrize(("target", "weights"), [(BEFORE, EQUAL_WEIGHTS), (AFTER, OPTIMISED)])
def test_influence_as_given_finds_the_weights_of_coinr(target: Floats, weights: Floats) -> None:
    """COINr, docs/articles/weights.html: weights 0.3902439 and 0.6097561 give 0.8971336 and
    0.8925119, so aiming at these correlations must give those weights (and at the ones before,
    equal weights); seven printed digits, see SEVEN_DIGITS.
    """
    shares = EqualInfluence("given")(sub_indices(), Siblings.of(2, given=target))
    np.testing.assert_allclose(shares, weights, atol=SEVEN_DIGITS, rtol=0)


def test_equal_influence_is_where_the_search_of_coinr_leads() -> None:
    """COINr, docs/articles/weights.html, get_opt_weights(itarg = "equal"): 0.3902439, 0.6097561.

    Its search stops early, at parts of 0.5013 and 0.4987 of the influence. The line through the
    two published points (weight of Conn, its part) reaches 0.5 at a weight of 0.38504. The part
    is not quite linear in the weight, hence 1e-3, a fifth of the way left to go.
    """
    parts = [BEFORE[0] / BEFORE.sum(), AFTER[0] / AFTER.sum()]
    slope = (EQUAL_WEIGHTS[0] - OPTIMISED[0]) / (parts[0] - parts[1])
    expected = OPTIMISED[0] + slope * (0.5 - parts[1])
    shares = EqualInfluence()(sub_indices(), Siblings.of(2))
    np.testing.assert_allclose(shares, [expected, 1 - expected], atol=1e-3, rtol=0)


@pytest.mark.parametrize(
    ("rule", "printed"),
    [
        ("centroid", {1: 0.259, 2: 0.175, 4: 0.106, 5: 0.085, 6: 0.068, 7: 0.054}),
        ("sum", {1: 0.154, 2: 0.141, 4: 0.115, 5: 0.103, 6: 0.090, 7: 0.077}),
        ("reciprocal", {1: 0.322, 2: 0.161, 4: 0.081, 5: 0.064, 6: 0.054, 7: 0.046}),
    ],
)
def test_rank_order_of_twelve(
    rule: Literal["centroid", "sum", "reciprocal"], printed: dict[int, float]
) -> None:
    """GitHub, WAndraszyk/Construct-your-own-PROMETHEE-with-Python-for-MCDA, unit tests of
    modular_parts/weights/M1_SurrogateWeights.py: ranks 1, 2, 4, 5, 6 and 7 of twelve criteria.

    Three printed digits, so to half of the last one. (Their criteria share ranks, which leaves the
    weight of a rank as it is; ranks 3 and 8 to 12 are not printed.)
    """
    names = tuple(f"c{rank}" for rank in range(1, 13))
    shares = RankOrder(names, rule)(np.zeros((2, 12)), Siblings.of(12, names=names))
    found = [shares[rank - 1] for rank in printed]
    np.testing.assert_allclose(found, list(printed.values()), atol=5.001e-4, rtol=0)
