"""Normal errors truncated at bounds, by quantiles: heirs of an observation still move together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import erfc, sqrt

import numpy as np

from icfscore.methods.context import Floats, Ints

GRID = np.linspace(-9.0, 9.0, 721)  # in standard deviations, where no draw lies beyond
STEP = GRID[1] - GRID[0]
NEAR = 5.0  # standard deviations: a bound further away changes no draw in a million
MOST_TABLES = 1000  # values that have a table of their own


@cache
def _normal() -> tuple[Floats, Floats]:
    """Tabulate the normal distribution: points, and the share below each."""
    points = np.linspace(-9.0, 9.0, 18_001)
    return points, np.array([erfc(-z / sqrt(2)) / 2 for z in points.tolist()])


def truncate(z: Floats, below: Floats, inside: Floats) -> Floats:
    """Map plain to truncated normals, quantile to quantile: F^-1(below + F(z) inside).

    Parameters
    ----------
    z
        (m, B) plain standard normals.
    below, inside
        (m, 1) share of the plain normal below the lower bound, and between both.
    """
    points, shares = _normal()
    return np.asarray(np.interp(below + np.interp(z, points, shares) * inside, shares, points))


@dataclass(frozen=True, slots=True, eq=False)
class Truncation:
    """How the plain normals of a table of values are mapped to truncated ones.

    In between the points of `GRID` the map is linear (off by less than 1e-3 standard deviations).

    Attributes
    ----------
    positions
        Of the values that lie within 5 standard deviations of a bound.
    x, sd, low, high, below, inside
        (r, 1) of these values; see `truncate`.
    maps
        (r, 721) their values at the points of `GRID`; none for more than `MOST_TABLES` values.
    """

    positions: Ints
    x: Floats
    sd: Floats
    low: Floats
    high: Floats
    below: Floats
    inside: Floats
    maps: Floats

    @classmethod
    def of(cls, x: Floats, sd: Floats, low: Floats, high: Floats) -> Truncation:
        """Prepare for values x with sd and bounds, all (m,)."""
        near = (sd > 0) & (np.minimum(x - low, high - x) < NEAR * sd)
        positions = np.flatnonzero(near)
        x, sd, low, high = (values[near, None] for values in (x, sd, low, high))
        points, shares = _normal() if positions.size else (GRID, GRID)
        below = np.interp((low - x) / sd, points, shares)
        inside = np.interp((high - x) / sd, points, shares) - below
        found = cls(positions, x, sd, low, high, below, inside, np.empty((0, 0)))
        if positions.size > MOST_TABLES:
            return found
        maps = found._values(np.broadcast_to(GRID, (positions.size, GRID.size)))
        return cls(positions, x, sd, low, high, below, inside, maps)

    def _values(self, z: Floats) -> Floats:
        values = self.x + self.sd * truncate(z, self.below, self.inside)
        return np.asarray(np.clip(values, self.low, self.high))

    def apply(self, values: Floats) -> None:
        """Truncate plain normals (m, B) in place."""
        if not self.positions.size:
            return
        if not self.maps.size:
            values[self.positions] = self._values((values[self.positions] - self.x) / self.sd)
            return
        for row, position in enumerate(self.positions):
            place = values[position] - self.x[row]
            place /= self.sd[row] * STEP
            place -= GRID[0] / STEP
            np.clip(place, 0, GRID.size - 1 - 1e-9, out=place)
            left = place.astype(np.intp)
            place -= left
            low = np.take(self.maps[row], left, mode="clip")
            left += 1
            high = np.take(self.maps[row], left, mode="clip")
            high -= low
            high *= place
            np.add(low, high, out=values[position])
