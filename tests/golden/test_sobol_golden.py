"""Sobol' indices of models whose indices are known.

Estimates rest on 2^14 rows of a Sobol' sequence, shifted at random with a fixed seed; tolerances are the
sampling error that is left, found from other seeds (ten times smaller than what a user would read
off). Enumerations of closed forms are exact to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from scipy.stats import qmc

from icfscore.domain.tables import Floats
from icfscore.methods.sobol import SobolIndices, enumerate_indices, estimate_indices

Model = Callable[[Floats], Floats]
SAMPLING = 0.005


def _estimated(model: Model, g: int, log2_rows: int = 14) -> SobolIndices:
    """Run a model of uniform inputs (g, N) on a Saltelli design."""
    sequence = qmc.Sobol(2 * g, scramble=False).random_base2(log2_rows)
    rows = ((sequence + np.random.default_rng(2019).random(2 * g)) % 1).T
    a, b = rows[:g], rows[g:]
    f_ab = np.array([model(np.where(np.arange(g)[:, None] == i, b, a)) for i in range(g)])
    return estimate_indices(model(a), model(b), f_ab, np.random.default_rng(7), resamples=200)


def _ishigami(u: Floats) -> Floats:
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def _g_function(a: Floats) -> Model:
    def model(u: Floats) -> Floats:
        return np.asarray(((np.abs(4 * u - 2) + a[:, None]) / (1 + a[:, None])).prod(axis=0))

    return model


def test_ishigami() -> None:
    """Ishigami and Homma (1990) with a = 7, b = 0.1; analytic indices to four decimals.

    https://doi.org/10.1109/ISUMA.1990.151285; values as printed in the README of the R script
    remict/SensitivityAnalysis and reproduced in SALib's tests to two decimals.
    """
    found = _estimated(_ishigami, 3)
    np.testing.assert_allclose(found.first_order, [0.3139, 0.4424, 0], atol=SAMPLING)
    np.testing.assert_allclose(found.total, [0.5576, 0.4424, 0.2437], atol=SAMPLING)


def test_g_function_of_saltelli_2002() -> None:
    """Sobol' G with a = 0, 0.5, 3, 9, 99, 99 (Saltelli 2002, p. 11).

    Values to nine digits from the documentation of UQpy (docs/code/sensitivity/sobol,
    plot_sobol_func.py), which quotes Glen and Isaacs (2012),
    https://doi.org/10.1016/j.envsoft.2012.03.014.
    """
    found = _estimated(_g_function(np.array([0, 0.5, 3, 9, 99, 99])), 6)
    first = [
        0.586781190,
        0.260791640,
        0.0366738244,
        0.00586781190,
        0.0000586781190,
        0.0000586781190,
    ]
    total = [
        0.690085892,
        0.356173364,
        0.0563335422,
        0.00917057664,
        0.0000920083854,
        0.0000920083854,
    ]
    np.testing.assert_allclose(found.first_order, first, atol=SAMPLING)
    np.testing.assert_allclose(found.total, total, atol=SAMPLING)


def test_g_function_of_salibs_test() -> None:
    """Sobol' G with a = 78, 12, 0.5, 2, 97, 33: SALib's tests/test_sobol.py.

    There the first-order indices are compared with V_i / V, V_i = 1/3 / (1 + a_i)^2 and
    V = prod(1 + V_i) - 1, to 0.01 with 4,096 rows; here with as many.
    """
    a = np.array([78, 12, 0.5, 2, 97, 33])
    part = 1 / 3 / (1 + a) ** 2
    found = _estimated(_g_function(a), 6, log2_rows=12)
    np.testing.assert_allclose(found.first_order, part / (np.prod(1 + part) - 1), atol=0.01)


@pytest.mark.parametrize("w", [[1.0], [2.0, 1.0], [0.1, 0.2, 0.3, 0.4], list(range(1, 13))])
def test_linear_models_share_the_variance_by_squared_weights(w: list[float]) -> None:
    """Saltelli et al. (2008), Global Sensitivity Analysis: The Primer, section 1.2: S_i = w_i^2 / sum."""
    weights = np.array(w)
    expected = weights**2 / (weights**2).sum()
    found = _estimated(lambda u: weights @ u, len(w))
    np.testing.assert_allclose(found.first_order, expected, atol=SAMPLING)
    np.testing.assert_allclose(found.total, expected, atol=SAMPLING)
    exact = enumerate_indices(
        np.array([weights @ np.array(x) for x in product((0.0, 1.0), repeat=len(w))]).reshape(
            (2,) * len(w)
        )
    )
    np.testing.assert_allclose(exact.first_order, expected, rtol=1e-12)
    np.testing.assert_allclose(exact.total, expected, rtol=1e-12)


def test_enumeration_of_a_product_of_levels() -> None:
    """By hand: f = x y, x in {1, 2}, y in {1, 2, 3}: E f = 3, E f^2 = 5/2 · 14/3 = 35/3, V = 8/3.

    E(f | x) = 2 x, variance 4 · 1/4 = 1; E(f | y) = 3/2 y, variance 9/4 · 2/3 = 3/2. So the
    first-order indices are 3/8 and 9/16, what is left, 1/16, belongs to both: totals 7/16, 5/8.
    """
    found = enumerate_indices(np.multiply.outer([1.0, 2.0], [1.0, 2.0, 3.0]))
    np.testing.assert_allclose(found.first_order, [3 / 8, 9 / 16], rtol=1e-14)
    np.testing.assert_allclose(found.total, [7 / 16, 5 / 8], rtol=1e-14)


def test_enumeration_of_three_signs() -> None:
    """By hand: f = a + b c with signs: V = 2; a has 1/2 alone, b and c nothing alone, 1/2 together."""
    a, b, c = np.meshgrid([-1.0, 1], [-1.0, 1], [-1.0, 1], indexing="ij")
    found = enumerate_indices(a + b * c)
    np.testing.assert_allclose(found.first_order, [0.5, 0, 0], atol=1e-15)
    np.testing.assert_allclose(found.total, [0.5, 0.5, 0.5], rtol=1e-14)


def test_enumeration_of_the_g_function_tends_to_the_analytic_indices() -> None:
    """Sobol' G on the middles of 64 equal cells an axis, a = 0, 1, 4.5; V_i as above.

    Of |4 u - 2| the middles' variance is 1/3 (1 - 1/32^2): the rest is the tolerance.
    """
    a = np.array([0, 1, 4.5])
    middles = (np.arange(64) + 0.5) / 64
    factors = [(np.abs(4 * middles - 2) + x) / (1 + x) for x in a]
    outputs = np.multiply.outer(np.multiply.outer(factors[0], factors[1]), factors[2])
    found = enumerate_indices(outputs)
    part = 1 / 3 / (1 + a) ** 2
    variance = np.prod(1 + part) - 1
    total = part * np.prod(1 + part) / (1 + part) / variance
    np.testing.assert_allclose(found.first_order, part / variance, rtol=1e-3)
    np.testing.assert_allclose(found.total, total, rtol=1e-3)
