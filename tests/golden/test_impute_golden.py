"""Imputations against published numbers."""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.methods.context import Cohort, Floats
from icfscore.methods.impute import (
    CriterionMean,
    ExpectationMaximisation,
    GroupMean,
    GroupMedian,
    Mean,
    Median,
    NearestNeighbours,
    NoImputation,
    Regression,
)
from icfscore.methods.impute.gaps import Standardised
from icfscore.methods.impute.normal import fit_normal

NA = np.nan

ASEM = np.array(
    [
        [23.7, 0.13405, NA, 11.519],
        [583.5, 2.20754, 16.182, 24.040],
        [3.6, 0.05780, 0.985, 6.509],
        [249.8, 1.79800, NA, 17.242],
        [NA, NA, NA, 3.315],
        [64.2, 1.15292, 7.555, 26.757],
        [0.3, 0.00266, 0.046, 0.404],
        [NA, 0.08905, NA, 2.907],
        [46.5, 0.34615, 1.213, 3.370],
        [7.2, 0.03553, 1.256, 0.966],
    ]
)
"""`ASEM_iData[37:46, 36:39]`, printed in COINr's vignette Imputation (1.0.0.9000)."""
HALVES = np.repeat([0, 1], 5)

APPLE = np.array(
    [
        [8, 6, 11, 22, 14, 17, 18, 24, 19, 23, 26, 40, 4, 4, 5, 6, 8, 10],
        [59, 58, 56, 53, 50, 45, 43, 42, 39, 38, 30, 27, NA, NA, NA, NA, NA, NA],
    ]
).T
"""Crop size and wormy fruits of 18 apple trees (Little and Rubin; `apple` of R's mvnmle)."""

CEMENT = np.array(
    [
        [7, 26, 6, 60, 78.5],
        [1, 29, 15, 52, 74.3],
        [11, 56, 8, 20, 104.3],
        [11, 31, 8, 47, 87.6],
        [7, 52, 6, 33, 95.9],
        [11, 55, 9, 22, 109.2],
        [3, 71, 17, NA, 102.7],
        [1, 31, 22, NA, 72.5],
        [2, 54, 18, NA, 93.1],
        [NA, NA, 4, NA, 115.9],
        [NA, NA, 23, NA, 83.8],
        [NA, NA, 9, NA, 113.3],
        [NA, NA, 8, NA, 109.4],
    ]
)
"""Draper and Smith's cement data with Rubin's gaps (`missvals` of R's mvnmle)."""


def cohort(x: Floats) -> Cohort:
    k = x.shape[1]
    groups = {"half": HALVES} if len(x) == len(HALVES) else {}
    return Cohort(sign=np.ones(k), node=np.zeros(k, dtype=np.int64), groups=groups)


def estimates(x: Floats) -> tuple[Floats, Floats]:
    """Fit x (n, k): mean and covariance in its own units."""
    standardised = Standardised.of(x, ddof=0)
    fit = fit_normal(standardised.z[None], np.isnan(x))
    assert fit.settled.all()
    assert not fit.ridged.any()
    sd = np.ldexp(standardised.sd, standardised.exponents)[0]
    return standardised.in_natural_units(fit.mean)[0], fit.covariance[0] * np.outer(sd, sd)


def test_mean_of_coinr_vignette() -> None:
    """COINr, vignette Imputation, `Impute(df1, f_i = "i_mean")`: seven digits."""
    y = Mean()(ASEM, cohort(ASEM))
    assert y[[4, 7], 0] == pytest.approx([122.35, 122.35])
    assert y[4, 1] == pytest.approx(0.6470778, abs=1e-7)
    assert y[[0, 3, 4, 7], 2] == pytest.approx([4.5395] * 4)


def test_group_median_of_coinr_vignette() -> None:
    """COINr, vignette Imputation, `i_median_grp` with rows 1-5 in group a, 6-10 in b: all digits."""
    y = GroupMedian(by="half")(ASEM, cohort(ASEM))
    assert y[[4, 7], 0] == pytest.approx([136.75, 26.85])
    assert y[4, 1] == pytest.approx(0.966025)
    assert y[[0, 3, 4, 7], 2] == pytest.approx([8.5835, 8.5835, 8.5835, 1.2345])


def test_median_of_coinr_tests() -> None:
    """COINr, tests/testthat/test-Impute.R: of 1:10 without 3 the gap becomes the median, 6."""
    x = np.array([1, 2, NA, 4, 5, 6, 7, 8, 9, 10])[:, None]
    assert Median()(x, cohort(x))[2, 0] == 6


def test_group_mean_of_coinr_reference() -> None:
    """COINr, reference of i_mean_grp: NA, ten numbers, NA in groups of six: seven digits."""
    values = [0.6312931, 0.9639631, 0.9437852, 0.9550029, 0.8979267, 0.4219303]
    x = np.array([NA, *values, 0.9980574, 0.7755012, 0.7527721, 0.1412686, NA])[:, None]
    groups = {"f": np.repeat([0, 1], 6)}
    y = GroupMean(by="f")(x, Cohort(np.ones(1), np.zeros(1, dtype=np.int64), groups))
    assert y[[0, 11], 0] == pytest.approx([0.8783942, 0.6179059], abs=1e-7)


def test_criterion_mean_of_coinr_vignette() -> None:
    """COINr, vignette Imputation, `impute_by = "row", normalise_first = TRUE`, all directions 1.

    Min-max first, row means, back to the scales; seven digits.
    """
    y = CriterionMean()(ASEM, cohort(ASEM))
    assert y[[4, 7], 0] == pytest.approx([64.72133, 39.42134], abs=1e-5)
    assert y[4, 1] == pytest.approx(0.246215, abs=1e-6)
    expected = [2.850908, 10.163326, 1.828412, 1.128411]
    assert y[[0, 3, 4, 7], 2] == pytest.approx(expected, abs=1e-6)


def test_nearest_neighbours_of_scikit_learn_guide() -> None:
    """scikit-learn, user guide, Nearest neighbors imputation (standardising keeps the donors)."""
    x = np.array([[1, 2, NA], [3, 4, 3], [NA, 6, 5], [8, 8, 7]])
    expected = np.array([[1, 2, 4], [3, 4, 3], [5.5, 6, 5], [8, 8, 7]])
    assert NearestNeighbours(k=2)(x, cohort(x)) == pytest.approx(expected)


def test_one_nearest_neighbour_of_scikit_learn_tests() -> None:
    """scikit-learn, sklearn/impute/tests/test_knn.py, one neighbour.

    Two columns: each row is compared over one, so that standardising keeps the order.
    """
    x = np.array([[0, 0], [NA, 2], [4, 3], [5, NA], [7, 7], [NA, 8], [14, 13]])
    y = NearestNeighbours(k=1)(x, cohort(x))
    assert y[[1, 3, 5], [0, 1, 0]] == pytest.approx([4, 3, 7])


def test_neighbours_without_a_shared_indicator_are_no_donors_as_in_scikit_learn() -> None:
    """scikit-learn, issue 29079, mended in pull request 29135: the second row's distance to the
    third is undefined, so that with two neighbours its 2 does not count."""
    x = np.array([[1, 1], [NA, 2], [0, NA]])
    assert NearestNeighbours(k=2)(x, cohort(x))[2, 1] == 1


def test_nearest_neighbours_without_donors_as_in_scikit_learn() -> None:
    """scikit-learn, test_knn.py, not enough valid distances: column means; exact."""
    x = np.array([[NA, 11], [NA, 1], [3, NA]])
    expected = np.array([[3, 11], [3, 1], [3, 6]])
    assert NearestNeighbours(k=1)(x, cohort(x)) == pytest.approx(expected)


def test_em_of_apple_trees() -> None:
    """R, norm::em.norm (criterion 1e-8), stored by pystatistics, tests/mvnmle/references.

    The stored values are 6e-8 from the limit, as em.norm stops there: 1e-7, relative.
    """
    mean, covariance = estimates(APPLE)
    assert mean == pytest.approx([14.722222222222223, 49.333333269888975], rel=1e-7)
    expected = [[89.533950617283949, -90.696728637637051], [-90.696728637637051, 114.694953984327]]
    assert covariance == pytest.approx(np.array(expected), rel=1e-7)


def test_em_of_cement_against_em_norm() -> None:
    """R, norm::em.norm, stored by pystatistics, tests/mvnmle/references/missvals_em_reference.json.

    Convergence is slow in x4, of which half is missing: em.norm is 2e-5 from the limit there (as
    mvnmle shows, below), 1e-8 elsewhere.
    """
    mean, covariance = estimates(CEMENT)
    rest = [0, 1, 2, 4]
    expected = [6.655165845958348, 49.965259119929136, 11.76923076923077, 95.42307692307692]
    assert mean[rest] == pytest.approx(expected, rel=1e-8)
    assert mean[3] == pytest.approx(27.047334786426724, rel=2e-5)
    expected = [21.825568069470769, 20.864333621292705, -24.900387962933458, 46.953031018765394]
    assert covariance[0, rest] == pytest.approx(expected, rel=1e-8)
    assert covariance[3, 3] == pytest.approx(294.17911170020614, rel=2e-5)


def test_em_of_cement_against_mvnmle() -> None:
    """R, mvnmle::mlest(missvals): Newton's method on the likelihood, in pymvnmle's validation.

    nlm stops within 1e-6 of the maximum.
    """
    mean, covariance = estimates(CEMENT)
    muhat = [6.6551660306808111, 49.965258011630283, 11.769230501209805, 27.047090472686431]
    assert mean == pytest.approx([*muhat, 95.423076760497381], rel=1e-6)
    x4 = [-11.473448545211733, -252.07228960405672, -9.5992127298212324, 294.18303268448375]
    assert covariance[3] == pytest.approx([*x4, -190.59848378080528], rel=1e-6)


def test_em_fills_so_that_means_are_the_maximum_likelihood_means() -> None:
    """The M step's mean is that of the filled data: at convergence R's em.norm, as above."""
    y = ExpectationMaximisation()(APPLE, cohort(APPLE))
    assert y[:, 1].mean() == pytest.approx(49.333333269888975, rel=1e-7)


def test_least_squares_regression_gives_the_maximum_likelihood_mean() -> None:
    """With gaps in one column only, the mean of regression-imputed data is the maximum-likelihood
    one (Anderson 1957): em.norm's 49.3333 for the apple trees.
    """
    y = Regression(ridge=0)(APPLE, cohort(APPLE))
    assert y[:, 1].mean() == pytest.approx(49.333333269888975, rel=1e-7)


def test_none_changes_nothing() -> None:
    """By definition."""
    assert np.array_equal(NoImputation()(ASEM, cohort(ASEM)), ASEM, equal_nan=True)
