"""Imputation by chained regressions against numbers that other programs give.

All fill what they fill from the same fixed point. `Regression` stops where a sweep moves nothing by
more than 1e-9 standard deviations (of up to 45 here), a few sweeps before the others: 1e-7.
"""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.methods.context import Cohort, Floats
from icfscore.methods.impute import Regression

NA = np.nan
NEARLY_SETTLED = 1e-7

NHANES = np.array(
    [
        [1, NA, NA, NA], [2, 22.7, 1, 187], [1, NA, 1, 187], [3, NA, NA, NA], [1, 20.4, 1, 113],
        [3, NA, NA, 184], [1, 22.5, 1, 118], [1, 30.1, 1, 187], [2, 22, 1, 238], [2, NA, NA, NA],
        [1, NA, NA, NA], [2, NA, NA, NA], [3, 21.7, 1, 206], [2, 28.7, 2, 204], [1, 29.6, 1, NA],
        [1, NA, NA, NA], [3, 27.2, 2, 284], [2, 26.3, 2, 199], [1, 35.3, 1, 218], [3, 25.5, 2, NA],
        [1, NA, NA, NA], [1, 33.2, 1, 229], [1, 27.5, 1, 131], [3, 24.9, 1, NA], [2, 27.4, 1, 186],
    ]
)  # fmt: skip
"""Age group, body mass, hypertension and cholesterol: `nhanes` of R's mice (Schafer 1997)."""

DIFFERENT_GAPS = [0, 2, 3, 5, 9, 14, 19, 23]
"""One row of each pattern of gaps and age."""


def impute(x: Floats, ridge: float) -> Floats:
    k = x.shape[1]
    return Regression(ridge)(x, Cohort(sign=np.ones(k), node=np.zeros(k, dtype=np.int64)))


def test_chained_regressions_of_mice() -> None:
    """R 4.2.2, mice 3.15.0, mice(nhanes, method = "norm.predict", m = 1, maxit = 1000, ridge = 0).

    From two random starts the same to all digits printed, of which ten decimals are copied.
    """
    expected = [
        [28.3790700601, 1.0342137049, 170.5249995580],
        [29.6716447698, 1, 187],
        [23.4521973712, 1.5468185840, 234.0472289520],
        [19.2000711449, 1.4603832808, 184],
        [25.9156337156, 1.2905161444, 202.2861142550],
        [29.6, 1, 179.9152820960],
        [25.5, 2, 246.4819169370],
        [24.9, 1, 248.4695134570],
    ]
    y = impute(NHANES, 0)
    np.testing.assert_allclose(y[DIFFERENT_GAPS, 1:], expected, atol=NEARLY_SETTLED, rtol=0)
    means = [1.76, 26.5068584383, 1.2290035589, 194.6634467272]
    np.testing.assert_allclose(y.mean(axis=0), means, atol=NEARLY_SETTLED, rtol=0)


@pytest.mark.parametrize(
    ("ridge", "expected"),
    [
        (
            0.25,
            [
                [28.2273707443, 1.0430823422, 172.0107988147],
                [29.2331045005, 1, 187],
                [23.7617481541, 1.5317698217, 230.0238791716],
                [20.3673994712, 1.4406382559, 184],
                [25.9945594492, 1.2874260819, 201.0173389932],
                [29.6, 1, 181.1242957296],
                [25.5, 2, 241.9957014657],
                [24.9, 1, 237.1724841462],
            ],
        ),
        (
            1.0,
            [
                [27.9303204137, 1.0650649602, 175.0293804236],
                [28.4827879678, 1, 187],
                [24.3322639271, 1.4975808888, 222.6631285225],
                [22.2775558297, 1.4150387484, 184],
                [26.1312921704, 1.2813229245, 198.8462544731],
                [29.6, 1, 182.7002149301],
                [25.5, 2, 233.9435819579],
                [24.9, 1, 220.1381614786],
            ],
        ),
    ],
)
def test_ridge_regressions_of_scikit_learn(ridge: float, expected: list[list[float]]) -> None:
    """scikit-learn 1.9.1, IterativeImputer(Ridge(alpha=3 * ridge), tol=1e-14, max_iter=5000) on the
    z-scores of nhanes (divisor n - 1, of what is observed), with three predictors for each column;
    put back into its units. Ten decimals are copied.
    """
    y = impute(NHANES, ridge)
    np.testing.assert_allclose(y[DIFFERENT_GAPS, 1:], expected, atol=NEARLY_SETTLED, rtol=0)


def test_regression_of_scikit_learn_guide() -> None:
    """scikit-learn, user guide, Multivariate feature imputation: "the model learns that the second
    feature is double the first" ([[1, 2], [3, 6], [4, 8], [nan, 3], [7, nan]])."""
    x = np.array([[1, 2], [3, 6], [4, 8], [NA, 3], [7, NA]])
    y = impute(x, 0)
    assert y[[3, 4], [0, 1]] == pytest.approx([1.5, 14])


def test_ridge_by_hand() -> None:
    """By hand: x = -1, 0, 1 and 2, y = 0, 2, 4 and a gap.

    y has mean 2 and sd 2 over its three values, so that its scores are -1, 0, 1. x has mean 1/2 and
    sum of squared deviations 5: variance 5/3, s² = 5/3. Fitted to the first three rows, x's centred
    scores are -1/s, 0, 1/s: products 2/s² = 6/5, right side 2/s. With ridge 0.3 and one predictor
    b = (2/s) / (6/5 + 3/10) = (4/3)/s. The gap's centred score is 2/s: prediction 2 b/s =
    (8/3)/s² = 8/5, that is y = 2 + 2 · 8/5 = 26/5 (least squares: 6).
    """
    x = np.array([[-1, 0], [0, 2], [1, 4], [2, NA]])
    assert impute(x, 0.3)[3, 1] == pytest.approx(26 / 5, rel=1e-12)
    assert impute(x, 0)[3, 1] == pytest.approx(6, rel=1e-12)
