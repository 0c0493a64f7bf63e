"""Two of the kernel's inner loops compiled by numba, for `uncertainty.py` to compare with."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from icfscore.methods.perturb.random_bits import _COSINE, _SINE, DIRECTION_BITS

SHIFT = 16 - DIRECTION_BITS
Values = np.ndarray[Any, np.dtype[np.float64]]


def box_muller(rng: np.random.Generator, out: Values) -> None:
    """Fill with standard normals, from the same raw bits by the same formula as ours."""
    half = out.size // 2
    raw = rng.bit_generator.random_raw
    _box_muller(
        raw(half // 2).view("<u4"),
        raw(half // 4).view("<u2"),
        out[:half],
        out[half:],
        _COSINE,
        _SINE,
    )


@numba.njit
def _box_muller(radius, direction, one, other, cosine, sine):  # type: ignore[no-untyped-def]
    for i in range(one.size):
        r = math.sqrt(-2 * math.log((radius[i] + 0.5) * 2.0**-32))
        place = direction[i] >> SHIFT
        one[i], other[i] = r * cosine[place], r * sine[place]


def count_greater(x: Values) -> np.ndarray[Any, Any]:
    """Count for each value of x (c, n, B) how many of its column's n are greater."""
    above = np.zeros(x.shape, dtype=np.uint8)
    _count_greater(x, above)
    return above


@numba.njit
def _count_greater(x, above):  # type: ignore[no-untyped-def]
    columns, n, draws = x.shape
    for c in range(columns):
        for i in range(n):
            for j in range(n):
                for b in range(draws):
                    above[c, i, b] += x[c, j, b] > x[c, i, b]
