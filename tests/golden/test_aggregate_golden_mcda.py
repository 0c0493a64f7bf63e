"""Voting rules, distances, outranking and frontiers against published numbers."""

import numpy as np
import pytest

from icfscore.methods.aggregate import (
    BenefitOfTheDoubt,
    BordaCount,
    Copeland,
    PrometheeII,
    Topsis,
    Vikor,
)
from icfscore.methods.context import Floats, Siblings

# Arslan and Bircan (2020), Celal Bayar Üniversitesi İİBF Dergisi 27(1), 109-127: the ranks of 23
# alternatives by TOPSIS, GIA, VIKOR and MOORA (reference point), as in JMcDM's testcopeland.jl.
ARSLAN_RANKS = [
    [7, 17, 3, 14, 6, 18, 10, 19, 8, 15, 22, 12, 2, 9, 23, 11, 16, 20, 5, 13, 1, 21, 4],
    [9, 17, 3, 14, 6, 18, 7, 19, 8, 16, 22, 13, 1, 10, 23, 11, 15, 20, 5, 12, 2, 21, 4],
    [7, 17, 3, 14, 5, 18, 10, 19, 8, 16, 22, 13, 1, 9, 23, 11, 15, 20, 6, 12, 2, 21, 4],
    [3, 14, 2, 15, 16, 21, 10, 23, 8, 9, 19, 6, 7, 5, 22, 17, 13, 18, 12, 11, 1, 20, 4],
]
ARSLAN_WORST_FIRST = [
    15, 11, 22, 18, 8, 6, 2, 10, 17, 4, 12, 20, 16, 7, 14, 9, 1, 5, 19, 23, 3, 13, 21,
]  # fmt: skip

# Voters by city in percent; how each group ranks Memphis, Nashville, Chattanooga, Knoxville.
TENNESSEE_SHARES = np.array([42.0, 26.0, 15.0, 17.0])
TENNESSEE_RANKS = np.array([[1, 4, 4, 4], [2, 1, 3, 3], [3, 2, 1, 2], [4, 3, 2, 1]], float)

# Tzeng and Huang (2011), Multiple attribute decision making, chapter 4.
TZENG = np.array([[5.0, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]])
TZENG_WEIGHTS = np.array([0.3, 0.4, 0.3])

# Papathanasiou and Ploskas (2018), Multiple criteria decision aid.
PAPATHANASIOU = np.array(
    [[8.0, 7, 2, 1], [5, 3, 7, 5], [7, 5, 6, 4], [9, 9, 7, 3], [11, 10, 3, 7], [6, 9, 5, 4]]
)
PAPATHANASIOU_WEIGHTS = np.array([0.4, 0.3, 0.1, 0.2])


def score(method: object, x: Floats, w: Floats) -> Floats:
    assert callable(method)
    return np.asarray(method(np.asarray(x, float), w, Siblings.of(len(w))))


def vector_normalised(x: Floats) -> Floats:
    return x / np.sqrt((x**2).sum(axis=0))


def test_copeland_counts_the_tennessee_election() -> None:
    """Wikipedia, "Copeland's method", Tennessee example: victories 0, 3, 2, 1 of three each.

    Victories less defeats: -3, 3, 1, -1; whole numbers, so exact.
    """
    assert score(Copeland(), -TENNESSEE_RANKS, TENNESSEE_SHARES).tolist() == [-3, 3, 1, -1]


def test_borda_counts_the_tennessee_election() -> None:
    """Wikipedia, "Borda count", Tennessee example: 126, 194, 173 and 107 points of 100 voters.

    Ours are per voter; whole hundredths, so to rounding.
    """
    points = score(BordaCount(), -TENNESSEE_RANKS, TENNESSEE_SHARES)
    np.testing.assert_allclose(points, [1.26, 1.94, 1.73, 1.07], rtol=1e-14)


def test_copeland_follows_coinrs_outranking_matrix() -> None:
    """COINr, tests/testthat/test-aggregate.R ("outranking", "copeland").

    Published entries: O_21 = 2/3, O_31 = 1/3, O_41 = 1, and 3 of 6 pairs are dominated, which are
    the fourth unit's; what is left, O_23 = 2/3, follows from the data. Exact.
    """
    x = np.array([[1.0, 3, 2], [2, 2, 3], [3, 1, 1], [4, 5, 4]])
    assert score(Copeland(), x, np.ones(3)).tolist() == [-1, 1, -3, 3]


def test_copeland_orders_the_alternatives_of_arslan_and_bircan() -> None:
    """JMcDM, test/testcopeland.jl, example 1: an order (with ties) of 23 alternatives, so exact."""
    scores = score(Copeland(), -np.array(ARSLAN_RANKS, float).T, np.ones(4))
    assert (np.diff(scores[np.array(ARSLAN_WORST_FIRST) - 1]) >= 0).all()


def test_borda_sums_the_ranks_of_jmcdm() -> None:
    """JMcDM, test/testborda.jl: sums of ranks 11, 9, 9, 11, 22, 22 of four orders of six.

    Points are 6 - rank, so the mean is 6 - sum / 4. Exact, ties included.
    """
    orders = np.array([[1, 2, 4, 4], [2, 1, 3, 3], [3, 3, 1, 2], [4, 4, 2, 1], [5, 5, 6, 6]])
    orders = np.vstack([orders, [6, 6, 5, 5]]).astype(float)
    points = score(BordaCount(), -orders, np.ones(4))
    assert points.tolist() == [6 - total / 4 for total in (11, 9, 9, 11, 22, 22)]


@pytest.mark.parametrize(
    ("x", "weights", "expected", "tolerance"),
    [
        # Tzeng and Huang (2011), in scikit-criteria's test_topsis.py; four decimals, of rounded
        # intermediate results.
        (vector_normalised(TZENG), [0.3, 0.4, 0.3], [0.5037, 0.6581, 0.7482, 0.3340], 1e-4),
        # JMcDM, test/mcdm/testtopsis.jl; seven decimals.
        (
            vector_normalised(np.array([[9.0, 7, 6, 7], [8, 7, 9, 6], [7, 8, 6, 6]])),
            [4, 2, 6, 8],
            [0.3876870, 0.6503238, 0.0834767],
            1e-6,
        ),
        # scikit-criteria, test_topsis.py, without normalisation; eight decimals.
        (np.array([[1.0, 0, 3], [0, 5, 6]]), [1, 1, 1], [0.14639248, 0.85360752], 1e-8),
    ],
)
def test_topsis_gives_published_closeness(
    x: Floats, weights: list[float], expected: list[float], tolerance: float
) -> None:
    """To the decimals printed: sources beside the cases."""
    scores = score(Topsis(), x, np.array(weights, float))
    np.testing.assert_allclose(scores, expected, atol=tolerance, rtol=0)


def test_vikor_gives_the_textbook_compromise() -> None:
    """Tzeng and Huang's data in scikit-criteria's test_vikor.py: Q = 0.75, 0.25, 0, 1; exact."""
    scores = score(Vikor(), TZENG, TZENG_WEIGHTS)
    np.testing.assert_allclose(1 - scores, [0.75, 0.25, 0, 1], atol=1e-12)


def test_vikor_climbs_the_mountain_of_opricovic_and_tzeng() -> None:
    """Opricovic and Tzeng (2004), EJOR 156, 445-455: risk (lower) and altitude; Q = 1, 0, 1."""
    x = np.array([[-1.0, 3000], [-2, 3750], [-5, 4500]])
    assert score(Vikor(), x, np.array([0.5, 0.5])).tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("weights", "q"),
    [
        ([1, 1, 1, 1, 1, 1, 1, 1], [0.991, 1, 0.473, 0.670, 0, 0.578]),
        ([2, 2, 2, 2, 1, 1, 1, 1], [1, 0.533, 0.552, 0.563, 0, 0.686]),
        ([1, 1, 1, 1, 2, 2, 2, 2], [0.684, 1, 0.147, 0.554, 0.041, 0.191]),
        ([1, 1, 1, 1, 3.2, 3.2, 3.2, 3.2], [0.668, 1, 0.051, 0.588, 0.058, 0.078]),
    ],
)
def test_vikor_gives_the_published_hydropower_ranking(weights: list[float], q: list[float]) -> None:
    """Opricovic and Tzeng (2007), EJOR 178, 514-529, in scikit-criteria's test_vikor.py.

    Six hydropower systems on the Drina, four weightings; Q to three decimals, the last of which
    the source rounds from rounded S and R.
    """
    x = np.array(
        [
            [4184.3, 2914.0, 407.2, 251.0, 195, 244, 15, 2.41],
            [5211.9, 3630.0, 501.7, 308.3, 282, 346, 21, 1.41],
            [5021.3, 3920.5, 504.0, 278.6, 12, 56, 3, 4.42],
            [5566.1, 3957.9, 559.5, 335.3, 167, 268, 16, 3.36],
            [5060.5, 3293.5, 514.1, 284.2, 69, 90, 7, 4.04],
            [4317.9, 2925.9, 432.8, 239.3, 12, 55, 3, 4.36],
        ]
    )
    oriented = x * np.array([1, -1, 1, 1, -1, -1, -1, 1])
    scores = score(Vikor(), oriented, np.array(weights, float))
    np.testing.assert_allclose(1 - scores, q, atol=1.5e-3)


def test_vikor_gives_published_values_for_another_v() -> None:
    """Papathanasiou and Ploskas (2018), chapter Vikor, v = 0.625; three decimals.

    In test_mcda_methods.py of energyinpython's objective-weights-mcda.
    """
    scores = score(Vikor(v=0.625), PAPATHANASIOU, PAPATHANASIOU_WEIGHTS)
    expected = [0.640, 1.000, 0.693, 0.271, 0.000, 0.694]
    np.testing.assert_allclose(1 - scores, expected, atol=5e-4)


def test_vikor_gives_pymcdms_documented_values() -> None:
    """pymcdm 1.4, docstring of VIKOR: Q to four decimals."""
    x = np.array([[78.0, 56, 34, 6], [4, 45, 3, 97], [18, 2, 50, 63], [9, 14, 11, 92]])
    x = np.vstack([x, [85, 9, 100, 29]])
    scores = score(Vikor(), x, np.full(4, 0.25))
    np.testing.assert_allclose(1 - scores, [0.5679, 0.7667, 1, 0.7493, 0], atol=5e-5)


def test_promethee_ranks_the_power_stations_of_brans_and_vincke() -> None:
    """Brans and Vincke (1985), Management Science 31, 647-656; flows to three decimals.

    Six stations, six criteria of equal weight, each with another of the six functions; leaving and
    entering flows (sums, not divided by n - 1) as in ProjectMCDM's tests. Net flows are sums over
    criteria, so one method a function gives a sixth of the whole.
    """
    manpower, power, cost = [80, 65, 83, 40, 52, 94], [90, 58, 60, 80, 72, 96], [6, 2, 4, 10, 6, 7]
    upkeep, villages, safety = [5.4, 9.7, 7.2, 7.5, 2, 3.6], [8, 1, 4, 7, 3, 5], [5, 1, 7, 10, 8, 6]
    criteria = [
        (-np.array(manpower), PrometheeII("u_shape", indifference=10)),
        (np.array(power), PrometheeII("v_shape", preference_threshold=30)),
        (-np.array(cost), PrometheeII("linear", indifference=0.5, preference_threshold=5)),
        (-np.array(upkeep), PrometheeII("level", indifference=1, preference_threshold=6)),
        (-np.array(villages), PrometheeII("usual")),
        (np.array(safety), PrometheeII("gaussian", sigma=5)),
    ]
    net = sum(score(method, x[:, None], np.ones(1)) / 6 for x, method in criteria)
    leaving = np.array([1.099, 1.980, 1.234, 1.644, 2.274, 1.500])
    entering = np.array([1.827, 1.895, 1.681, 1.746, 0.808, 1.774])
    # Six rounded indices go into each flow.
    np.testing.assert_allclose(net, (leaving - entering) / 5, atol=6 * 5e-4 / 5)


def test_promethee_gives_the_textbook_flows_with_linear_preference() -> None:
    """Papathanasiou and Ploskas (2018), chapter Promethee, q = 1, p = 2; two decimals."""
    method = PrometheeII("linear", indifference=1, preference_threshold=2)
    flows = score(method, PAPATHANASIOU, PAPATHANASIOU_WEIGHTS)
    np.testing.assert_allclose(flows, [-0.26, -0.52, -0.22, 0.36, 0.70, -0.06], atol=5e-3)


def test_promethee_gives_pymcdms_documented_flows() -> None:
    """pymcdm 1.4, docstring of PROMETHEE_II: 0.1, -0.3, 0.2; exact decimals."""
    x = np.array([[4.0, 3, 2], [3, 2, 4], [5, 1, 3]])
    flows = score(PrometheeII(), x, np.array([0.5, 0.3, 0.2]))
    np.testing.assert_allclose(flows, [0.1, -0.3, 0.2], atol=1e-14)


def test_promethee_takes_thresholds_by_child() -> None:
    """JMcDM, test/mcdm/testpromethee.jl: linear and v-shape with a threshold a criterion.

    v-shape is linear with an indifference of 0; two decimals. The package counts the flows the
    other way round than Brans and Vincke, its best is last: hence the sign.
    """
    x = [[42.0, 35, 43, 51], [89, 72, 92, 85], [14, 85, 17, 40], [57, 60, 45, 80]]
    x += [[48, 32, 43, 40], [71, 45, 60, 85], [69, 40, 72, 55], [64, 35, 70, 60]]
    names = ("a", "b", "c", "d")
    method = PrometheeII(
        "linear",
        indifference=dict(zip(names, (49, 0, 45, 30), strict=True)),
        preference_threshold=dict(zip(names, (100, 98, 95, 80), strict=True)),
    )
    flows = method(np.array(x), np.array([0.25, 0.35, 0.22, 0.18]), Siblings.of(4, names=names))
    expected = [0.07, -0.15, -0.06, -0.05, 0.10, 0.0, 0.03, 0.06]
    np.testing.assert_allclose(-flows, expected, atol=5e-3)


STORES = np.array([[1.0, 5], [2, 7], [3, 4], [4, 3], [4, 6], [5, 5], [6, 2]])


@pytest.mark.parametrize(
    ("x", "bounds", "expected"),
    [
        # In fractions: 5/7, 1, 7/10, 3/4, 1, 1, 1.
        (STORES, {}, [0.7142857143, 1, 0.7, 0.75, 1, 1, 1]),
        (
            STORES,
            {"lower": 0.2, "upper": 0.7},
            [0.4545454545, 0.8, 0.7, 0.7272727273, 1, 1, 0.7317073171],
        ),
        (PAPATHANASIOU, {}, [0.7272727273, 1, 0.9230769231, 1, 1, 0.9534883721]),
        (
            PAPATHANASIOU,
            {"lower": 0.1, "upper": 0.4},
            [0.5072463768, 0.7783543365, 0.8253094911, 1, 1, 0.8821127144],
        ),
        (
            PAPATHANASIOU,
            {"upper": 0.3},
            [0.4839406597, 0.6485484867, 0.7427055703, 0.9417040359, 1, 0.8185538881],
        ),
        (
            PAPATHANASIOU,
            {"lower": 0.2},
            [0.3943661972, 0.6418092910, 0.7909604520, 0.9051724138, 1, 0.8358817533],
        ),
    ],
)
def test_benefit_of_the_doubt_within_the_bounds_of_compind(
    x: Floats, bounds: dict[str, float], expected: list[float]
) -> None:
    """R package Compind, ci_bod_constr(x, up_w, low_w), copied from github.com/cran/Compind without
    its checks of arguments and run in R 4.2.2 with lpSolve 5.6.18; bounds of 1 and 0 where none
    are given.

    STORES are the seven stores (customers and sales for each employee) by which Cooper, Seiford and
    Tone (2007), Data envelopment analysis, section 1.4, introduce two outputs. Ten decimals are
    copied; the optima are proven to 1e-9.
    """
    scores = score(BenefitOfTheDoubt(**bounds), x, np.ones(x.shape[1]))
    np.testing.assert_allclose(scores, expected, atol=1e-9, rtol=0)


def test_benefit_of_the_doubt_keeps_shares_within_bounds_by_hand() -> None:
    """By hand, in exact fractions, for A = (1, 2) and B = (2, 1).

    Shares s and 1 - s of A's score t give weights t s and t (1 - s) / 2, under which B has
    t (2 s + (1 - s) / 2) = t (1 + 3 s) / 2 <= 1. Free, s = 0 allows t = 1. With s >= 2/5:
    t = 2 / (1 + 6 / 5) = 10 / 11; with 1 - s <= 1/2: t = 2 / (1 + 3 / 2) = 4 / 5. B by symmetry.
    """
    x, w = np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones(2)
    assert score(BenefitOfTheDoubt(), x, w).tolist() == [1, 1]
    lower, upper = BenefitOfTheDoubt(lower=0.4), BenefitOfTheDoubt(upper=0.5)
    np.testing.assert_allclose(score(lower, x, w), [10 / 11, 10 / 11], rtol=1e-12)
    np.testing.assert_allclose(score(upper, x, w), [4 / 5, 4 / 5], rtol=1e-12)
