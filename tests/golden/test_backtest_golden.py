"""Published examples of the statistics behind backtest, scenarios and means."""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.methods.agreement import kendall_tau_b
from icfscore.methods.backtest import area_under_curve, holm, rank_sum_p_value
from icfscore.methods.expectation import theil_sen


def test_rank_sum_hollander_wolfe_1973_membranes() -> None:
    """Hollander and Wolfe (1973), p. 69 f.: permeability of the chorioamnion at term and before.

    The exact upper-tailed p-value, W = 35 and p = 0.1272, is that of the example of `wilcox.test`
    in R's manual, which takes the data from there.
    """
    term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    before = [1.15, 0.88, 0.90, 0.74, 1.21]
    scores = np.array(term + before)
    chosen = np.arange(15) < 10
    p_value, exact = rank_sum_p_value(scores, chosen)
    assert exact
    assert round(p_value, 4) == 0.1272
    assert float(area_under_curve(scores, chosen)) * 50 == pytest.approx(35)


def test_theil_sen_sen_1968() -> None:
    """Sen (1968), section 6: slope 4; the intercept by the median of y - 4 x is 6 (by hand)."""
    t = np.array([1.0, 2.0, 3.0, 4.0, 10.0, 12.0, 18.0])
    y = np.array([9.0, 15.0, 19.0, 20.0, 45.0, 55.0, 78.0])
    line = theil_sen(t, y, weighted=False)
    assert line is not None
    assert (line.slope, line.intercept) == (4.0, 6.0)


def test_kendall_tau_b_scipy_documentation() -> None:
    """The example of `scipy.stats.kendalltau`, with ties on both sides."""
    x = np.array([12.0, 2.0, 1.0, 12.0, 2.0])
    y = np.array([1.0, 4.0, 7.0, 1.0, 0.0])
    assert kendall_tau_b(x, y) == pytest.approx(-0.47140452079103173)


def test_holm_r_p_adjust() -> None:
    """`p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")` of R: 0.05 0.08 0.09 0.09 0.09."""
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
