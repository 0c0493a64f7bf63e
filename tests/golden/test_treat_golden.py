"""Outlier treatments against published numbers."""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.methods.context import Floats
from icfscore.methods.treat import (
    Clip,
    NoTreatment,
    SkewKurtosis,
    Winsorise,
    excess_kurtosis,
    skewness,
)
from icfscore.methods.treat.transforms import box_cox


def column(*values: float) -> Floats:
    return np.array(values, dtype=float)[:, None]


EXCEL = column(3, 4, 5, 2, 3, 4, 5, 6, 4, 7)
COINR = column(*range(1, 11), 30, 100)


def test_skewness_of_excel() -> None:
    """Microsoft, help on SKEW: SKEW(3, 4, 5, 2, 3, 4, 5, 6, 4, 7) equals 0.359543; six digits."""
    assert skewness(EXCEL) == pytest.approx([0.359543], abs=1e-6)


def test_excess_kurtosis_of_excel() -> None:
    """Microsoft, help on KURT, same numbers: -0.1518; four digits."""
    assert excess_kurtosis(EXCEL) == pytest.approx([-0.1518], abs=1e-4)


def test_excess_kurtosis_of_spread_net() -> None:
    """MESCIUS, documentation of KURT: (35, 31, 47, 51, 37, 31, 58, 39) gives -0.7496238078."""
    x = column(35, 31, 47, 51, 37, 31, 58, 39)
    assert excess_kurtosis(x) == pytest.approx([-0.7496238078], abs=1e-10)


def test_skewness_and_kurtosis_of_coinr_vignette() -> None:
    """COINr 1.0.0.9000, vignette Outlier Treatment, skew(x) and kurt(x): seven digits."""
    assert skewness(COINR) == pytest.approx([3.063241], abs=1e-6)
    assert excess_kurtosis(COINR) == pytest.approx([9.741391], abs=1e-6)


def test_winsorise_of_coinr_vignette() -> None:
    """COINr, vignette Outlier Treatment, `Treat(x, f1_para = list(winmax = 2))`.

    One point is reassigned the next highest value; skewness and kurtosis then as printed.
    """
    y = Winsorise(max_points=2)(COINR)
    assert y.ravel().tolist() == [*range(1, 11), 30, 30]
    assert skewness(y) == pytest.approx([1.712038], abs=1e-6)
    assert excess_kurtosis(y) == pytest.approx([1.815781], abs=1e-6)


def test_winsorise_of_coinr_tests() -> None:
    """COINr, tests/testthat/test-treat.R: of 1:10, 100 the last becomes 10; 1 point is not enough
    for 1:20, 100, 200."""
    assert Winsorise()(column(*range(1, 11), 100)).ravel().tolist() == [*range(1, 11), 10]
    y = Winsorise(max_points=1)(column(*range(1, 21), 100, 200))
    assert y.ravel().tolist() == [*range(1, 21), 100, 100]
    assert abs(skewness(y)[0]) >= 2
    assert excess_kurtosis(y)[0] >= 3.5


def test_skew_kurtosis_falls_back_as_in_coinr_tests() -> None:
    """COINr, tests/testthat/test-treat.R: 1:20, 100, 200 with winmax = 1 goes to the second stage,
    from the original values; its log_CT is ln(x - min + 0.01 (max - min)), here ln(x - 1 + 1.99).

    The formula is COINr's documentation, the numbers by hand: ln 1.99, ln 100.99, ln 200.99.
    """
    y = SkewKurtosis(max_points=1)(column(*range(1, 21), 100, 200)).ravel()
    assert y[[0, 20, 21]] == pytest.approx(np.log([1.99, 100.99, 200.99]), abs=1e-12)


def test_log_ct_spans_ln_101() -> None:
    """COINr, reference of log_CT: 20 random numbers become -4.67582568 ... -0.06070517, whose
    distance must be ln 101 (max 1.01 a·100, min 0.01): -0.06070517 + 4.67582568 = 4.61512051."""
    y = SkewKurtosis(max_points=0)(COINR).ravel()
    assert y.max() - y.min() == pytest.approx(-0.06070517 + 4.67582568, abs=2e-8)


def test_signed_log_of_coinr() -> None:
    """COINr, R/treat.R, log_CT_plus (github.com/bluefoxr/COINr), run in R 4.2.2: -c(1:10, 30, 100)
    has skewness -3.06 and c(1:10, 30, 100) has 3.06, of which the outcome is the mirror image.
    15 digits, of which ten are copied.
    """
    expected = [0.0100503359, -0.6881346387, -1.0952733874, -1.3837912309, -1.6074359098]
    expected += [-1.7900914121, -1.9444805562, -2.0781907598, -2.1961128485, -2.3015845927]
    expected += [-3.4008639928, -4.6050701810]
    signed = SkewKurtosis(max_points=0, fallback="log_ct_signed")
    assert signed(-COINR).ravel() == pytest.approx(expected, abs=1e-10)
    assert signed(COINR).ravel() == pytest.approx([-y for y in expected], abs=1e-10)


def test_box_cox_of_scikit_learn() -> None:
    """scikit-learn, user guide, section Non-linear transformation: PowerTransformer(box-cox).

    Inputs are RandomState(616).lognormal(size=(3, 3)); results printed to three decimals.
    """
    x = np.random.RandomState(616).lognormal(size=(3, 3))
    expected = [[0.49, 0.179, -0.156], [-0.051, 0.589, -0.576], [0.69, -0.849, 0.101]]
    y = np.column_stack([box_cox(x[:, j], j) for j in range(3)])
    # The first column is printed to two decimals (0.49, 0.69: 0.694).
    assert y == pytest.approx(np.array(expected), abs=5e-3)
    assert y[:, 1:] == pytest.approx(np.array(expected)[:, 1:], abs=5e-4)


def test_clip_at_the_quantiles_of_excel() -> None:
    """Microsoft, help on PERCENTILE and QUARTILE: PERCENTILE({1,2,3,4}, 0.3) is 1.9, 0.9 gives 3.7;
    QUARTILE({1,2,4,7,8,9,10,12}, 1) is 3.5. Exact but for rounding."""
    y = Clip(lower=0.3, upper=0.9)(column(1, 2, 3, 4)).ravel()
    assert y == pytest.approx([1.9, 2, 3, 3.7])
    y = Clip(lower=0.25, upper=1)(column(1, 2, 4, 7, 8, 9, 10, 12)).ravel()
    assert y == pytest.approx([3.5, 3.5, 4, 7, 8, 9, 10, 12])


def test_none_changes_nothing() -> None:
    """By definition."""
    assert (NoTreatment()(COINR) == COINR).all()
