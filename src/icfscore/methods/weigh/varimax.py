"""Varimax: turn the factors until each indicator loads on as few of them as possible."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from icfscore.methods.context import Bools, Floats

STILL = 1e-10
"""A sweep that turns no plane by more than this angle is the last."""


def varimax(loadings: Floats, *, sweeps: int = 500) -> Floats:
    """Rotate loadings (…, k, m) of k indicators on m factors, rows scaled to length one meanwhile.

    Plane by plane, by Kaiser's angle in closed form: unlike a gradient step it leaves a saddle,
    such as two blocks of alike indicators, at once. Scaling the rows ("Kaiser normalisation") is
    what the OECD handbook's table 17 rests on: it does not move under this rotation, under the raw
    one it does. A row of zeros stays; a single factor is returned as it is. Each element of the
    leading axes stops for itself, so that stacking changes no digit.

    References
    ----------
    Kaiser (1958), The varimax criterion for analytic rotation in factor analysis, Psychometrika 23.
    https://doi.org/10.1007/BF02289233
    """
    length = np.sqrt((loadings * loadings).sum(axis=-1, keepdims=True))
    rotated = loadings / np.where(length > 0, length, 1.0)
    turning = np.ones(loadings.shape[:-2], dtype=bool)
    planes = list(combinations(range(loadings.shape[-1]), 2))
    for _ in range(sweeps if planes else 0):
        largest = np.zeros(turning.shape)
        for i, j in planes:
            angle = _turn(rotated, i, j, turning)
            largest = np.maximum(largest, np.abs(angle))
        turning &= largest > STILL
        if not turning.any():
            break
    return np.asarray(rotated * length)


def _turn(rotated: Floats, i: int, j: int, turning: Bools) -> Floats:
    """Turn factors i and j of rotated (…, k, m) in place by the best angle (…), and return it."""
    k = rotated.shape[-2]
    x, y = rotated[..., i], rotated[..., j]
    u, v = x * x - y * y, 2 * x * y
    a, b = u.sum(axis=-1), v.sum(axis=-1)
    across = 2 * (u * v).sum(axis=-1) - 2 * a * b / k
    along = (u * u - v * v).sum(axis=-1) - (a * a - b * b) / k
    flat = np.hypot(across, along) < 1e-13 * k  # all angles are as good: stay
    angle = np.where(turning & ~flat, np.arctan2(across, along) / 4, 0.0)
    cos, sin = np.cos(angle)[..., None], np.sin(angle)[..., None]
    rotated[..., i], rotated[..., j] = x * cos + y * sin, y * cos - x * sin
    return np.asarray(angle)
