"""Draws against geometry, where shares of the simplex are known exactly, and against R's smaa.

Every tolerance is five Monte Carlo standard errors (a slip once in two million); seeds are fixed.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy import stats
from tests.pipeline.uncertain_projects import EXACT, RAW, observation, scored

from icfscore.methods.normalise import Goalposts
from icfscore.methods.perturb import (
    BoundedWeights,
    DirichletWeights,
    OrdinalWeights,
    PedigreeData,
    UniformWeights,
)
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.recipe import Staged

DRAWS = 200_000
UNIFORM = replace(EXACT, weights=UniformWeights(), draws=DRAWS)
FIVE_ERRORS = 5 * sqrt(0.25 / DRAWS)


def near(found: object, exact: object, tolerance: float = FIVE_ERRORS) -> None:
    np.testing.assert_allclose(np.asarray(found, dtype=float), exact, rtol=0, atol=tolerance)


def central(draws: RankDraws, row: int) -> list[float]:
    weights = draws.central_weights(row)
    assert weights is not None
    return list(weights.values())


def test_two_weights_divide_an_interval() -> None:
    """Scores w, 1 - w and 0.6: the third is first where 0.4 < w < 0.6, else second."""
    draws = draw_ranks(scored([(1, 0), (0, 1), (0.6, 0.6)], UNIFORM))
    near(draws.acceptability, [[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0]])
    near(draws.mean_rank, [2.1, 2.1, 1.8], 2 * FIVE_ERRORS)
    near(draws.pairwise, [[0.5, 0.5, 0.4], [0.5, 0.5, 0.4], [0.6, 0.6, 0.5]])
    for row, exact in enumerate([(0.8, 0.2), (0.2, 0.8), (0.5, 0.5)]):
        near(central(draws, row), exact)
    assert draws.confidence == {"c1": 1.0, "c2": 1.0, "c3": 1.0}


def test_three_weights_divide_a_triangle_into_four_equal_ones() -> None:
    """Each corner's community is first where its weight is above one half: the triangle between the
    corner and the midpoints of two edges. The middle one scores 0.5 and is first in the fourth."""
    draws = draw_ranks(scored([(1, 0, 0), (0, 1, 0), (0, 0, 1), (0.5, 0.5, 0.5)], UNIFORM))
    near(draws.probability_top(1), [0.25] * 4)
    near(draws.acceptability[3], [0.25, 0.75, 0, 0])
    near(draws.pairwise[3], [0.75, 0.75, 0.75, 0.5])  # type: ignore[index]
    for row in range(3):
        corner = np.where(np.arange(3) == row, 2 / 3, 1 / 6)
        near(central(draws, row), corner)
    near(central(draws, 3), [1 / 3] * 3)
    assert set(draws.confidence.values()) == {1.0}


def test_the_largest_of_three_weights_has_a_known_mean() -> None:
    """Where w_1 is the largest its mean is (1 + 1/2 + 1/3) / 3 = 11/18 (order statistics of the
    broken stick; Barron and Barrett 1996), the two others share the rest."""
    draws = draw_ranks(scored(np.eye(3), UNIFORM))
    near(draws.acceptability, np.full((3, 3), 1 / 3))
    near(central(draws, 1), [7 / 36, 11 / 18, 7 / 36])


def test_an_order_leaves_a_sixth_of_the_triangle() -> None:
    """With w_3 >= w_1 >= w_2 known, ranks of the corners are certain, and central weights are the
    rank-order centroid (Barron and Barrett 1996)."""
    ordinal = replace(EXACT, weights=OrdinalWeights(("x3", "x1", "x2")), draws=DRAWS)
    draws = draw_ranks(scored(np.eye(3), ordinal))
    near(draws.acceptability, [[0, 1, 0], [0, 0, 1], [1, 0, 0]], 0)
    near(central(draws, 2), np.array([5, 2, 11]) / 18)
    assert draws.central_weights(0) is None
    assert draws.confidence == {"c3": 1.0}


def test_bounds_cut_the_interval() -> None:
    """w uniform on 0.3..0.9: w > 0.6 with probability one half, and its mean there is 0.75."""
    bounded = replace(EXACT, weights=BoundedWeights({"x1": 0.3}, {"x1": 0.9}), draws=DRAWS)
    draws = draw_ranks(scored([(1, 0), (0.6, 0.6)], bounded))
    near(draws.acceptability, [[0.5, 0.5], [0.5, 0.5]])
    near(central(draws, 0), [0.75, 0.25])


def test_a_dirichlet_weight_is_beta_distributed() -> None:
    """Share 1/4 at concentration 8: w_1 ~ Beta(2, 6), first where w_1 > 0.3."""
    beta = stats.beta(2, 6)
    weights = replace(EXACT, weights=DirichletWeights(8), draws=DRAWS)
    draws = draw_ranks(scored([(1, 0), (0.3, 0.3)], weights, weights={"x2": 3.0}))
    near(draws.probability_top(1)[0], beta.sf(0.3))
    near(central(draws, 0)[0], beta.expect(lb=0.3, conditional=True))


def test_nodes_are_drawn_independently() -> None:
    """Index = v u + (1 - v) 1/2 with independent uniform v and u, the first community's child on
    the second node being one half: above 1/2 exactly where u is."""
    tree = {"a": ["x1", "x2"], "b": ["x3"]}
    draws = draw_ranks(scored([(1, 0, 0.5), (0.5, 0.5, 0.5), (0, 1, 1)], UNIFORM, tree=tree))
    near(draws.pairwise[0, 1], 0.5)  # type: ignore[index]
    # Ahead of the third where v u + (1 - v) / 2 > v (1 - u) + 1 - v, or u > (1 + v) / (4 v):
    # the integral of 1 - (1 + v) / (4 v) over v from 1/3 to 1.
    near(draws.pairwise[0, 2], 3 / 4 * 2 / 3 - np.log(3) / 4)  # type: ignore[index]


def test_normal_errors_decide_between_two() -> None:
    """Scores N(m, s), m = 10 and 11, s = 1 and 2: the first is ahead with probability
    Phi(-1 / sqrt(5))."""
    told = {"x1": {"kind": "index"}}
    cells = [[observation(10, sd=1)], [observation(11, sd=2)]]
    uncertainty = replace(EXACT, data=PedigreeData(), draws=DRAWS)
    draws = draw_ranks(scored(cells, uncertainty, indicators=told))
    near(draws.acceptability[0, 0], stats.norm.cdf(-1 / sqrt(5)))


@pytest.fixture(scope="module")
def thrombo() -> RankDraws:
    """R's package smaa 0.3, its example `thrombo` (heparin against enoxaparin, Lynd and O'Brien
    2004): three risks with beta distributions from 136 and 129 patients, linear partial values
    between 0 and 0.25, 0.15 and 0.40, 0 and 0.10, uniform weights. Our shares are logit-normal with
    the betas' medians and standard deviations: nearly the same."""
    events = {"heparin": (20, 40, 1), "enoxaparin": (8, 32, 5)}
    patients = {"heparin": 136, "enoxaparin": 129}
    ends = ((0, 0.25), (0.15, 0.4), (0, 0.1))
    cells = []
    for name, counts in events.items():
        betas = [stats.beta(count, patients[name] - count) for count in counts]
        cells.append([observation(beta.median(), sd=beta.std()) for beta in betas])
    told = {
        f"x{column + 1}": {
            "kind": "share",
            "bounds": (0, 1),
            "unit": "dimensionless",
            "direction": "lower",
            "goalposts": posts,
        }
        for column, posts in enumerate(ends)
    }
    uncertainty = replace(UNIFORM, data=PedigreeData())
    recipe = replace(RAW, normalisation=Staged(Goalposts(0, 1, clip=False)))
    return draw_ranks(scored(cells, uncertainty, indicators=told, recipe=recipe))


def test_acceptabilities_are_those_of_r_smaa(thrombo: RankDraws) -> None:
    """tests/Examples/smaa-Ex.Rout.save of the package, 10,000 draws (standard error 0.005)."""
    near(thrombo.acceptability, [[0.3504, 0.6496], [0.6496, 0.3504]], 0.02)


def test_central_weights_are_those_of_r_smaa(thrombo: RankDraws) -> None:
    near(central(thrombo, 0), [0.1865097, 0.2772205, 0.5362698], 0.02)
    near(central(thrombo, 1), [0.4073100, 0.3641477, 0.2285423], 0.02)


def test_confidence_factors_are_those_of_r_smaa(thrombo: RankDraws) -> None:
    near([thrombo.confidence["c1"], thrombo.confidence["c2"]], [0.6682, 0.8956], 0.03)
