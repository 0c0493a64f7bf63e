"""Random shares that sum to one: the draws that the distributions of weights are built from.

All arrays here are (c, n): one row per child, draws along the memory. Everything downstream runs
over draws, so they lie next to each other.

How exponentials are made was chosen by measurement. Millions of draws a second of 40 shares,
4,096 draws at a time, one core (AMD EPYC with AVX-512, NumPy 2.4, Philox): inversion, ln u, of
uniform numbers of 32 bits 6.0, of 53 bits 4.2; NumPy's ziggurat, `standard_exponential`, 3.5;
spacings of sorted uniforms 1.8. Without AVX-512 inversion loses a third and the ziggurat nothing.
32 bits leave exponentials between 1e-10 and 23, in steps that no ranking can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from icfscore.methods.context import Floats, Ints
from icfscore.methods.perturb.random_bits import fill_exponentials

LARGEST_CONCENTRATION = 1e100
"""Beyond this a Dirichlet's spread is far below rounding, and gammas might overflow."""


def uniform_shares(rng: np.random.Generator, c: int, n: int) -> Floats:
    """Draw n points (c, n) uniform on the simplex: exponentials over their sum."""
    if c == 1:
        return np.ones((1, n))
    drawn = fill_exponentials(rng, np.empty((c, n)))
    drawn /= drawn.sum(axis=0)
    return drawn


def ordered_shares(rng: np.random.Generator, order: Sequence[int] | Ints, n: int) -> Floats:
    """Draw n points (c, n) uniform on the part of the simplex with row order[0] >= order[1] >= ...

    That part is itself a simplex. Its corners share 1 equally among the first j: (1, 0, ...),
    (1/2, 1/2, 0, ...), ..., (1/c, ..., 1/c). Uniform shares g of the corners hence give the same
    distribution as sorting, w_(k) = g_k / k + ... + g_c / c, in half the time (40 children:
    3.7 against 1.7 million a second).
    """
    c = len(order)
    if c == 1:
        return np.ones((1, n))
    drawn = fill_exponentials(rng, np.empty((c, n)))
    total = drawn.sum(axis=0)
    for place in range(c, 0, -1):
        row = drawn[order[place - 1]]
        row /= place
        if place < c:
            row += drawn[order[place]]
    drawn /= total
    return drawn


def dirichlet_shares(
    rng: np.random.Generator, centre: Floats, concentration: float, n: int
) -> Floats:
    """Draw n points (c, n) of the Dirichlet distribution, alphas = concentration × centre.

    `centre` is (c, 1), or (c, n) where each draw has its own. A share of 0 stays 0.
    """
    drawn = np.empty((len(centre), n))
    alpha = min(concentration, LARGEST_CONCENTRATION) * centre
    if concentration < 1:
        return _sparse_shares(rng, centre, alpha, concentration, drawn)
    if centre.shape[1] == 1:
        for row, a in zip(drawn, alpha[:, 0], strict=True):
            rng.standard_gamma(a, out=row)
    else:
        rng.standard_gamma(alpha, out=drawn)
    drawn /= drawn.sum(axis=0)
    return drawn


def _sparse_shares(
    rng: np.random.Generator, centre: Floats, alpha: Floats, concentration: float, drawn: Floats
) -> Floats:
    """Draw Dirichlet shares whose gammas could all underflow to 0, by their logarithms.

    Gamma(a) = Gamma(a + 1) U^(1/a); all logarithms are taken times the concentration, so that
    none of them overflows however small it is.
    """
    c, n = drawn.shape
    drawn[:] = rng.standard_gamma(np.broadcast_to(alpha + 1, (c, n)))
    np.log(drawn, out=drawn)
    drawn *= concentration
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        boost = fill_exponentials(rng, np.empty((c, n)))
        boost /= centre
        drawn += np.where(centre > 0, boost, -np.inf)
        drawn -= drawn.max(axis=0)
        drawn /= concentration
    np.exp(drawn, out=drawn)
    drawn /= drawn.sum(axis=0)
    return drawn


def among_active(centre: Floats, size: int, draw: Callable[[Ints, int], Floats]) -> Floats:
    """Draw among the children whose share is not 0, draws alike in this respect together.

    Parameters
    ----------
    centre
        (c,) or (size, c) shares; those that are 0 stay so.
    draw
        Draws n points (len(columns), n) among the columns.
    """
    active = np.atleast_2d(centre) > 0
    if active.all():
        return draw(np.arange(centre.shape[-1]), size)
    drawn = np.zeros((centre.shape[-1], size))
    if len(active) == 1:
        columns = np.flatnonzero(active[0])
        drawn[columns] = draw(columns, size)
        return drawn
    _, first, pattern = np.unique(
        np.packbits(active, axis=1), axis=0, return_index=True, return_inverse=True
    )
    for number, draw_like in enumerate(first):
        columns = np.flatnonzero(active[draw_like])
        alike = np.flatnonzero(pattern.reshape(-1) == number)
        drawn[np.ix_(columns, alike)] = draw(columns, alike.size)
    return drawn


def across_draws(centre: Floats) -> Floats:
    """Turn a centre (c,) or (size, c) into rows per child: (c, 1) or (c, size)."""
    return centre[:, np.newaxis] if centre.ndim == 1 else centre.T
