"""Distributions of weights against numbers that others published.

Draws are compared with exact figures: every tolerance is five Monte Carlo standard errors (a slip
once in two million) plus half a unit of the last digit printed. Seeds are fixed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from icfscore.methods.context import Floats, Siblings
from icfscore.methods.perturb import (
    BoundedWeights,
    DirichletWeights,
    OrdinalWeights,
    RelativeWeights,
    UniformWeights,
)

DRAWS = 400_000


def drawn(method: Any, c: int, centre: Floats | None = None) -> Floats:
    rng = np.random.Generator(np.random.Philox(2019))
    given = np.full(c, 1 / c) if centre is None else centre
    shares: Floats = method.draw(rng, DRAWS, given, Siblings.of(c))
    return shares


def near(sample: Any, printed: Any, digit: float = 0.0) -> bool:
    values = np.asarray(sample, dtype=float)
    error = values.std(axis=0) / np.sqrt(len(values))
    gap = np.abs(values.mean(axis=0) - printed)
    return bool(np.all(gap <= 5 * error + digit / 2))


def test_dirichlet_mean_and_variance_as_scipy_documents_them() -> None:
    """SciPy's documentation of `scipy.stats.dirichlet`, alpha = (0.4, 5, 15): mean and variance,
    printed to eight decimals."""
    alpha = np.array([0.4, 5, 15])
    w = drawn(DirichletWeights(float(alpha.sum())), 3, alpha / alpha.sum())
    mean = np.array([0.01960784, 0.24509804, 0.73529412])
    assert near(w, mean, 1e-8)
    assert near((w - mean) ** 2, [0.00089829, 0.00864603, 0.00909517], 1e-8)


@pytest.mark.parametrize(("pieces", "probability"), [(3, 0.25), (4, 0.5), (7, 0.8906)])
def test_pieces_of_a_broken_stick_form_a_polygon(pieces: int, probability: float) -> None:
    """The broken stick problem: no piece is longer than half with the probability
    1 - n / 2^(n - 1). Numbers as in https://puzzling.stackexchange.com/questions/99538 (the
    seven pieces to four decimals)."""
    longest = drawn(UniformWeights(), pieces).max(axis=1)
    assert near(longest < 0.5, probability, 1e-4)


def test_ordinal_mean_is_barron_and_barretts_rank_order_centroid() -> None:
    """Barron and Barrett (1996), rank order centroid weights of five attributes, printed to four
    decimals: the mean of all weights in that order."""
    w = drawn(OrdinalWeights(("x1", "x2", "x3", "x4", "x5")), 5)
    assert near(w, [0.4567, 0.2567, 0.1567, 0.0900, 0.0400], 1e-4)


@pytest.mark.parametrize(
    ("upper", "quantiles"),
    [
        ((0.8, 0.7, 0.5), (0.11937, 0.24159, 0.40001, 0.55842, 0.68064)),
        ((0.5, 0.7, 0.8), (0.05858, 0.13639, 0.25001, 0.36360, 0.44143)),
        ((0.7, 0.4, 0.1), (0.55479, 0.58662, 0.62500, 0.66250, 0.68501)),
        (
            (0.3, 0.25, 0.2, 0.2, 0.15, 0.1, 0.05),
            (0.21346, 0.24276, 0.26910, 0.28654, 0.29496),
        ),
    ],
)
def test_bounded_quantiles_agree_with_convolutional_fixed_sum(
    upper: tuple[float, ...], quantiles: tuple[float, ...]
) -> None:
    """convolutionalfixedsum 2.0.1 (Griffin and Davis 2025), numeric method with 100,000 cells: the
    10, 25, 50, 75 and 90 % quantiles of the first value, for the bounds of its figure 2 in either
    order, of its documentation, and of seven values. Obtained by running it (`CFSVR`); its error
    of a cell, 1e-5, moves a probability by less than 2e-4 here."""
    bounds = {f"x{i + 1}": end for i, end in enumerate(upper)}
    w = drawn(BoundedWeights(upper=bounds), len(upper))
    for probability, quantile in zip((0.1, 0.25, 0.5, 0.75, 0.9), quantiles, strict=True):
        assert near(w[:, 0] <= quantile, probability, 4e-4)


def test_ordinal_weights_pass_hitandruns_own_test() -> None:
    """hitandrun's tests (simplex3d.R) state what ordinal samples of three weights must satisfy:
    w1 >= w2 >= w3 >= 0 and a sum of one within 1e-12."""
    w = drawn(OrdinalWeights(("x1", "x2", "x3")), 3)
    assert np.all(w[:, 0] >= w[:, 1])
    assert np.all(w[:, 1] >= w[:, 2])
    assert np.all(w[:, 2] >= 0)
    assert np.abs(w.sum(axis=1) - 1).max() < 1e-12


@pytest.mark.parametrize(
    ("share", "limit", "probability"),
    [(1.0, 1 / 3, 1 / 4), (1.0, 1 / 2, 1 / 2), (0.5, 1 / 3, 1 / 16), (0.5, 2 / 5, 3 / 16)],
)
def test_relative_weights_of_two_equal_children_are_a_ratio_of_uniforms(
    share: float, limit: float, probability: float
) -> None:
    """Korali's documentation of UniformRatio gives the density of u1 / u2, for any bounds; these are
    integrals of it.

    Also by hand: w1 = u1 / (u1 + u2) <= x where u1 <= r u2, r = x / (1 - x). For s = 1 the area
    below that line in the square 0..2 is r / 2 of it: r = 1/2 gives 1/4. For s = 1/2, in the
    square 1/2..3/2, it is 9 r / 8 - 3/4 + 1 / (8 r): r = 1/2 gives 9/16 - 12/16 + 4/16 = 1/16,
    r = 2/3 gives 12/16 - 12/16 + 3/16 = 3/16.
    """
    w = drawn(RelativeWeights(share), 2)
    assert near(w[:, 0] <= limit, probability)
