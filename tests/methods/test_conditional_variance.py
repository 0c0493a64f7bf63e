"""What one input explains of a variance, on models whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.methods.conditional_variance import explained_variance


def _linear(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Give inputs (n, 3), standard normal, and 3 x1 + x2 + noise of variance 4."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 3))
    return x, 3 * x[:, 0] + x[:, 1] + 2 * rng.standard_normal(n)


@pytest.mark.parametrize(("column", "known"), [(0, 9.0), (1, 1.0), (2, 0.0)])
def test_a_linear_model(column: int, known: float) -> None:
    x, y = _linear(20_000)
    found = explained_variance(x[:, column], y)
    # Groups of a normal input lose less than 1 % of what it explains.
    assert found.variance == pytest.approx(known, abs=3 * found.standard_error + 0.01 * known)
    assert (found.p_value < 1e-6) == (known > 0)


@pytest.mark.parametrize("column", [0, 1, 2])
def test_the_standard_error_is_that_of_repetitions(column: int) -> None:
    found = [
        explained_variance(x[:, column], y) for x, y in (_linear(2000, seed) for seed in range(200))
    ]
    told = np.mean([each.standard_error for each in found])
    seen = np.std([each.variance for each in found])
    assert told == pytest.approx(seen, rel=0.15)


def test_what_explains_nothing_is_estimated_without_bias() -> None:
    found = [explained_variance(x[:, 2], y) for x, y in (_linear(500, seed) for seed in range(400))]
    values = np.array([each.variance for each in found])
    assert abs(values.mean()) < 3 * values.std() / np.sqrt(len(values))
    assert np.mean([each.p_value < 0.05 for each in found]) == pytest.approx(0.05, abs=0.035)


def test_a_result_that_bends_is_explained_too() -> None:
    # y = x² of a standard normal: no correlation at all, yet all of the variance 2.
    x = np.random.default_rng(2).standard_normal(50_000)
    found = explained_variance(x, x**2)
    assert found.variance == pytest.approx(2, rel=0.08)  # the outer groups are wide


def test_an_input_of_few_values_is_grouped_by_them() -> None:
    # A coin for x; y is x plus noise of variance 1: Var(E[y | x]) = 1/4.
    rng = np.random.default_rng(3)
    x = rng.integers(2, size=40_000).astype(float)
    found = explained_variance(x, x + rng.standard_normal(len(x)))
    assert found.variance == pytest.approx(0.25, abs=3 * found.standard_error)


@pytest.mark.parametrize(
    ("x", "y"), [(np.zeros(50), np.arange(50.0)), (np.arange(50.0), np.zeros(50)), ([], [])]
)
def test_constants_explain_nothing(x: np.ndarray, y: np.ndarray) -> None:
    found = explained_variance(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    assert (found.variance, found.p_value) == (0.0, 1.0)


def test_an_input_that_tells_everything() -> None:
    x = np.repeat([0.0, 1.0, 2.0], 100)
    found = explained_variance(x, 5 * x)
    assert found.variance == pytest.approx((5 * x).var())
    assert found.p_value == 0.0
