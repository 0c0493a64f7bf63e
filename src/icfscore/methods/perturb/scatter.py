"""How a value scatters: on which scale, how widely, and what is drawn of it.

Decisions. A value scatters on the scale that fits its kind: positive ratios and counts on the
logarithm, shares on the logit, everything else, and what stands at an end of its range, on its own
scale, truncated at its bounds. On the first two scales the observed value is the median.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, log, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats

Scale = Literal["logarithm", "logit", "natural", "clipped"]
Z_95 = 1.6448536269514722  # the normal distribution's 95 % quantile
FLOOR = 0.01  # of the range, or of the column's mean size: how far a value at a bound scatters


@dataclass(frozen=True, slots=True)
class Scatter:
    """How one value scatters.

    Attributes
    ----------
    scale
        `natural` is truncated at the bounds, `clipped` set to them.
    measurement
        Standard deviation, on the scale, of the error that all heirs of an observation share.
    representativeness
        That of the error of a proxy, its own for each community and indicator.
    low, high
        Ends of the scale for the logit, bounds otherwise.
    """

    scale: Scale
    measurement: float
    representativeness: float
    low: float = -inf
    high: float = inf


def scatter_of(
    value: float,
    kind: str,
    bounds: tuple[float, float],
    spread: tuple[float, float],
    size: float,
    *,
    index_share: float = 0.1,
    sd: float | None = None,
    interval: tuple[float, float] | None = None,
) -> Scatter:
    """Choose scale and standard deviations for one value.

    Parameters
    ----------
    bounds
        Of the indicator in the value's unit; infinite where there are none.
    spread
        ln GSD of measurement and of representativeness.
    size
        Mean absolute value of the column: what a floor is taken of where there is no range.
    sd, interval
        The value's own uncertainty: standard deviation, or 5 % and 95 % quantiles.
    """
    low, high = bounds
    width = high - low
    room = width if isfinite(width) else size
    if kind == "share" and isfinite(width) and low < value < high:
        share = (value - low) / width
        slope = 1 / (width * share * (1 - share))
        own = None if sd is None else sd * slope
        if interval is not None and low < interval[0] < interval[1] < high:
            own = (_logit(interval[1], low, width) - _logit(interval[0], low, width)) / (2 * Z_95)
        return Scatter("logit", spread[0] if own is None else own, spread[1], low, high)
    if kind in ("ratio", "count", "share") and value > 0:
        own = None if sd is None else sqrt(log(1 + (sd / value) ** 2))
        if interval is not None and 0 < interval[0] < interval[1]:
            own = log(interval[1] / interval[0]) / (2 * Z_95)
        return Scatter("logarithm", spread[0] if own is None else own, spread[1], low, high)
    own = sd if interval is None else (interval[1] - interval[0]) / (2 * Z_95)
    if kind in ("index", "ordinal", "boolean"):
        units = tuple(index_share * room * part for part in spread)
    elif value in (0, low, high):
        units = tuple(FLOOR * room if part else 0.0 for part in spread)
    else:
        units = tuple(abs(value) * part for part in spread)
    return Scatter("natural", units[0] if own is None else own, units[1], low, high)


def _logit(value: float, low: float, width: float) -> float:
    share = (value - low) / width
    return log(share / (1 - share))


def scatter_values(scale: Scale, x: Floats, low: Floats, high: Floats, error: Floats) -> Floats:
    """Let values x (m, 1) err by errors (m, B) on their scale; low and high are (m, 1).

    The errors' memory is used for the result. Values on the natural scale come out untruncated: see
    `Truncation`.

    Returns
    -------
    (m, B), on the other scales within the bounds.
    """
    if scale == "logit":
        share = (x - low) / (high - low)
        with np.errstate(over="ignore"):  # an odds of infinity is a share of 0
            values = np.exp(np.negative(error, out=error), out=error)
        values *= (1 - share) / share
        values += 1
        np.divide(high - low, values, out=values)
        values += low
        return values
    if scale == "logarithm":
        values = np.exp(error, out=error)
        values *= x
    else:
        values = np.add(error, x, out=error)
    bounded = np.isfinite(high).any() or (low > (0 if scale == "logarithm" else -inf)).any()
    if bounded and scale != "natural":
        np.clip(values, low, high, out=values)
    return values


GRID = np.linspace(-9.0, 9.0, 721)  # in standard deviations, where no draw lies beyond


@dataclass(frozen=True, slots=True, eq=False)
class Truncation:
    """How plain normals are mapped to normals truncated at bounds, value by value.

    Quantile goes to quantile: F^-1(a + Phi(z) (b - a)), with a and b the share of the plain normal
    below either bound; in between the points of `GRID` the map is linear (off by less than 1e-3
    standard deviations).

    Attributes
    ----------
    positions
        Of the values that lie within 5 standard deviations of a bound; for the others truncation
        would change no draw in a million.
    maps
        (r, 721) their values at the points of `GRID`.
    """

    positions: tuple[int, ...]
    x: Floats
    sd: Floats
    maps: Floats

    @classmethod
    def of(cls, x: Floats, sd: Floats, low: Floats, high: Floats) -> Truncation:
        """Prepare the map for values x with sd and bounds, all (m,)."""
        normal = NormalDist()
        positions = [
            i for i in range(len(x)) if sd[i] > 0 and min(x[i] - low[i], high[i] - x[i]) < 5 * sd[i]
        ]
        maps = np.empty((len(positions), len(GRID)))
        share = np.array([normal.cdf(z) for z in GRID]) if positions else GRID
        for row, i in enumerate(positions):
            a, b = (normal.cdf((end - x[i]) / sd[i]) for end in (low[i], high[i]))
            inner = np.clip(a + share * (b - a), 1e-300, 1 - 1e-16)
            z = np.array([normal.inv_cdf(p) for p in inner.tolist()])
            maps[row] = np.clip(x[i] + sd[i] * z, low[i], high[i])
        return cls(tuple(positions), x, sd, maps)

    def apply(self, values: Floats) -> None:
        """Truncate plain normals (m, B) in place."""
        if not self.positions:
            return
        rows = list(self.positions)
        step = GRID[1] - GRID[0]
        place = (values[rows] - self.x[rows, None]) / (self.sd[rows, None] * step)
        place -= GRID[0] / step
        np.clip(place, 0, len(GRID) - 1 - 1e-9, out=place)
        below = place.astype(np.intp)
        place -= below
        below += np.arange(len(rows))[:, None] * len(GRID)
        flat = self.maps.ravel()
        low = flat[below]
        below += 1
        values[rows] = low + (flat[below] - low) * place
