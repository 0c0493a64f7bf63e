"""Normalisations against published numbers.

Where a source prints d digits, the tolerance is one unit of the last: half for its rounding, half
for that of the inputs it prints.
"""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.methods.context import Floats, Scale
from icfscore.methods.normalise import (
    Borda,
    FractionOfMax,
    Goalposts,
    MinMax,
    NoNormalisation,
    PercentileRank,
    Rank,
    ReferenceCommunity,
    Robust,
    Sum,
    Target,
    Vector,
    ZScore,
)

MPG = [21.0, 21.0, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4]
MPG += [10.4, 14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26.0, 30.4, 15.8, 19.7]
MPG += [15.0, 21.4]
"""Miles per gallon of R's `mtcars`, in its order."""

COINR_A = [0.71656782, 0.11967360, 0.16847443, 0.36464536, 0.85515198]
COINR_A += [0.43786351, 0.02730357, 0.24835923, 0.55227798, 0.40637341]
COINR_B = [45.098817, 22.568887, 36.725341, 19.573615, 45.895593]
COINR_B += [84.702470, 40.967787, 95.054150, 33.738555, 7.265936]
"""Columns a and b of the data frame in COINr's vignette Normalisation."""

MCDM_RS = np.array([[2.9, 2.31, 0.56, 1.89], [1.2, 1.34, 0.21, 2.48], [0.3, 2.48, 1.75, 1.69]])
"""Decision matrix of the tests of the Rust crate mcdm (tests/normalization.rs, version 0.4.0)."""


def column(*values: float) -> Floats:
    return np.array(values)[:, None]


def test_min_max_of_coinr_vignette() -> None:
    """COINr 1.0.0.9000, vignette Normalisation, `qNormalise(X)`: 0..100, seven digits."""
    x = np.column_stack([COINR_A, COINR_B])
    expected_a = [83.25972, 11.15784, 17.05274, 40.74922, 100.0]
    expected_a += [49.59361, 0.0, 26.70243, 63.41432, 45.78976]
    expected_b = [43.09563, 17.43167, 33.55736, 14.01974, 44.00324]
    expected_b += [88.20835, 38.38995, 100.0, 30.15510, 0.0]
    expected = np.column_stack([expected_a, expected_b])
    assert MinMax()(x, Scale.of(x)) == pytest.approx(expected, abs=1e-5)


def test_min_max_of_mtcars() -> None:
    """COINr, vignette Normalisation, `Normalise(mtcars)` by distance to maximum: seven digits."""
    x = column(*MPG)
    expected = [0.4510638, 0.4510638, 0.5276596, 0.4680851, 0.3531915, 0.3276596]
    assert MinMax(low=0, high=1)(x, Scale.of(x))[:6, 0] == pytest.approx(expected, abs=1e-7)


def test_z_score_of_mtcars() -> None:
    """R, `scale(mtcars$mpg)` (divisor n - 1), as printed in the rescale package's documentation."""
    x = column(*MPG)
    expected = [0.15088482, 0.15088482, 0.44954345, 0.21725341, -0.23073453, -0.33028740]
    expected += [-0.96078893, 0.71501778]
    assert ZScore()(x, Scale.of(x))[:8, 0] == pytest.approx(expected, abs=1e-8)


def test_z_score_with_divisor_n() -> None:
    """scikit-criteria, tests/preprocessing/test_scalers.py, StandarScaler: (1 - 2.5)/1.5 and so on.

    Exact but for rounding.
    """
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert ZScore(ddof=0)(x, Scale.of(x)) == pytest.approx(np.array([[-1.0] * 3, [1.0] * 3]))


def test_robust_of_scikit_learn() -> None:
    """scikit-learn, docstring of RobustScaler: exact but for rounding."""
    x = np.array([[1.0, -2.0, 2.0], [-2.0, 1.0, 3.0], [4.0, 1.0, -2.0]])
    expected = np.array([[0.0, -2.0, 0.0], [-1.0, 0.0, 0.4], [1.0, 0.0, -1.6]])
    assert Robust()(x, Scale.of(x)) == pytest.approx(expected)


def test_rank_of_dplyr() -> None:
    """dplyr, window functions: min_rank(c(1, 1, 2, 3, 2)) is 1 1 3 5 3. Integers: exact."""
    x = column(1, 1, 2, 3, 2)
    assert Rank()(x, Scale.of(x)).ravel().tolist() == [1, 1, 3, 5, 3]


def test_percentile_rank_of_dplyr() -> None:
    """dplyr, window functions: percent_rank(c(1, 1, 2, 3, 2)) is 0 0 0.5 1 0.5. Exact."""
    x = column(1, 1, 2, 3, 2)
    assert PercentileRank()(x, Scale.of(x)).ravel().tolist() == [0, 0, 0.5, 1, 0.5]


def test_borda_is_rank_less_one() -> None:
    """COINr, reference of n_borda: `rank(x) - 1`, ties "min"; dplyr's min_rank as above. Exact."""
    x = column(1, 1, 2, 3, 2)
    assert Borda()(x, Scale.of(x)).ravel().tolist() == [0, 0, 2, 4, 2]


HDI = np.array(
    [
        [83.9872, 16.50029945, 13.85966015, 66933.00454],
        [83.2339, 18.18519974, 13.00362968, 64660.10622],
        [85.4734, 17.27816963, 12.22620964, 62606.8454],
        [82.7545, 16.5243206, 11.92488003, 90918.64471],
        [83.2575, 15.18157005, 12.53854, 146829.7006],
        [78.2107, 14.2361149, 7.600118446, 17504.39969],
        [73.6181, 12.9519325, 8.370280266, 7867.371345],
        [61.5763, 6.957111988, 2.116717299, 1239.866936],
        [54.9752, 5.54251, 5.726140022, 767.787],
    ]
)
PUBLISHED_HDI = [0.962, 0.961, 0.952, 0.939, 0.935, 0.768, 0.703, 0.400, 0.385]


def test_goalposts_give_the_human_development_index() -> None:
    """UNDP, Human Development Report 2021/22, table 1 and technical note 1.

    Life expectancy between 20 and 85, expected years of schooling 0 to 18 and mean years 0 to 15,
    averaged, ln of income between 100 and 75,000; each held to 0..1; geometric mean. Switzerland,
    Norway, Hong Kong, Singapore, Liechtenstein (four caps among them), China, Viet Nam, Niger and
    South Sudan; published to three digits: half a unit.
    """
    x = np.column_stack([HDI[:, :3], np.log(HDI[:, 3])])
    goalposts = np.array([[20, 85], [0, 18], [0, 15], np.log([100, 75_000])])
    y = Goalposts(low=0, high=1)(x, Scale.of(x, goalposts=goalposts))
    health, education, income = y[:, 0], y[:, 1:3].mean(axis=1), y[:, 3]
    assert (health * education * income) ** (1 / 3) == pytest.approx(PUBLISHED_HDI, abs=5e-4)


def test_goalposts_of_coinr_tests() -> None:
    """COINr, tests/testthat/test-normalise.R: n_goalposts(1, 11, -1) on 0..10, both directions."""
    up = column(1, 11, -1)
    scale = Scale.of(up, goalposts=np.array([[0.0, 10.0]]))
    assert Goalposts(high=1)(up, scale).ravel() == pytest.approx([0.1, 1, 0])
    down = Scale.of(-up, goalposts=np.array([[-10.0, 0.0]]), sign=np.array([-1.0]))
    assert Goalposts(high=1)(-up, down).ravel() == pytest.approx([0.9, 0, 1])


def test_target_of_coinr_tests() -> None:
    """COINr, tests/testthat/test-normalise.R, "dist2targ": both directions, with and without cap."""
    up = column(0, 5, 11)
    scale = Scale.of(up, target=np.array([10.0]))
    assert Target()(up, scale).ravel() == pytest.approx([0, 0.5, 1.1])
    assert Target(cap=True)(up, scale).ravel() == pytest.approx([0, 0.5, 1])
    down = -column(-1, 1, 10)  # oriented: lower is better, target 0
    scale = Scale.of(down, target=np.array([-0.0]), sign=np.array([-1.0]))
    assert Target()(down, scale).ravel() == pytest.approx([1.1, 0.9, 0])
    assert Target(cap=True)(down, scale).ravel() == pytest.approx([1, 0.9, 0])


def test_reference_community_of_coinr_vignette() -> None:
    """COINr, vignette Normalisation, `Normalise(x, f_n = "n_dist2ref", iref = 5)`.

    Inputs are printed to eight digits, results up to 3.8 divided by a range of 0.25: 1e-6.
    """
    x = [0.99929691, 0.27246197, 0.79770113, 0.80684520, 0.29216347, 0.41060801, 0.08580341]
    x = column(*x, 0.50432432, 0.97445419, 0.04262557)
    expected = [3.8337718, 0.9210481, 3.0258953, 3.0625394, 1.0, 1.4746555, 0.1730312]
    expected += [1.8502150, 3.7342169, 0.0]
    scale = Scale.of(x, row_by_community={"fifth": 4})
    y = ReferenceCommunity(id="fifth")(x, scale)
    assert y.ravel() == pytest.approx(expected, abs=1e-6)


def test_capped_reference_community_of_coinr_vignette() -> None:
    """COINr, vignette Normalisation, `qNormalise(X, "n_dist2ref", iref = 1, cap_max = TRUE)`."""
    x = np.column_stack([COINR_A, COINR_B])
    expected_a = [1.0, 0.1340125, 0.2048138, 0.4894230, 1.0]
    expected_a += [0.5956496, 0.0, 0.3207125, 0.7616446, 0.5499630]
    expected_b = [1.0, 0.4044881, 0.7786720, 0.3253170, 1.0]
    expected_b += [1.0, 0.8908085, 1.0, 0.6997252, 0.0]
    y = ReferenceCommunity(id="a", cap=True)(x, Scale.of(x, row_by_community={"a": 0}))
    assert y == pytest.approx(np.column_stack([expected_a, expected_b]), abs=1e-7)


def test_vector_of_scikit_criteria() -> None:
    """scikit-criteria, tests/preprocessing/test_scalers.py, VectorScaler: lengths to 9 decimals."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    lengths = np.array([4.123105626, 5.385164807, 6.708203932])
    assert Vector()(x, Scale.of(x)) == pytest.approx(x / lengths, abs=1e-9)


def test_sum_of_scikit_criteria_and_mcdm() -> None:
    """scikit-criteria, SumScaler (exact); mcdm, tests/normalization.rs, the two benefits."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert Sum()(x, Scale.of(x)) == pytest.approx(
        np.array([[0.2, 2 / 7, 1 / 3], [0.8, 5 / 7, 2 / 3]])
    )
    x = MCDM_RS[:, 1:3]
    expected = [[0.37683524, 0.22222222], [0.21859706, 0.08333333], [0.4045677, 0.69444444]]
    assert Sum()(x, Scale.of(x)) == pytest.approx(np.array(expected), abs=1e-8)


def test_fraction_of_max_of_mcdm() -> None:
    """mcdm, tests/normalization.rs, linear: first and last criterion are costs; eight digits."""
    sign = np.array([-1.0, 1.0, 1.0, -1.0])
    expected = [
        [0.10344828, 0.93145161, 0.32, 0.89417989],
        [0.25, 0.54032258, 0.12, 0.68145161],
        [1.0, 1.0, 1.0, 1.0],
    ]
    y = FractionOfMax()(MCDM_RS * sign, Scale.of(MCDM_RS * sign, sign=sign))
    assert y == pytest.approx(np.array(expected), abs=1e-8)


def test_fraction_of_max_of_coinr_tests() -> None:
    """COINr, tests/testthat/test-normalise.R: n_fracmax(x) is x / max(x), here of mtcars. Exact."""
    x = column(*MPG)
    assert FractionOfMax()(x, Scale.of(x)) == pytest.approx(x / 33.9)


def test_none_changes_nothing() -> None:
    """By definition."""
    assert (NoNormalisation()(MCDM_RS, Scale.of(MCDM_RS)) == MCDM_RS).all()
