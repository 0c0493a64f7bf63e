"""Measurement errors: how far a value scatters, and on which scale.

Decisions. A value scatters on the scale that fits its kind: positive ratios and counts on the
logarithm, shares on the logit, everything else, and what stands at an end of its range, on its own
scale, truncated at its bounds. On the first two scales the observed value is the median.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite, log, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats

Scale = Literal["logarithm", "logit", "natural", "clipped"]
Z_95 = 1.6448536269514722  # the normal distribution's 95 % quantile
FLOOR = 0.01  # of the range, or of the column's mean size: how far a value at a bound scatters

STATUS = {"seen": 1.0, "derived": 1.05, "recalled": 1.10, "self_reported": 1.20}
COMPARABILITY = {"high": 1.0, "medium": 1.20, "low": 1.50}
LEVEL = {"community": 1.0, "region": 1.25, "national": 1.50}
AGE = {3: 1.0, 6: 1.03, 10: 1.10, 15: 1.20}
OLDER = 1.50


@dataclass(frozen=True, slots=True)
class ExactData:
    """Take observed values as exact.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7.
    https://doi.org/10.1787/9789264043466-en
    """

    kind: Literal["none"] = "none"


@dataclass(frozen=True, slots=True)
class RelativeData:
    """Let every value err by a normal error in proportion to its size.

    Parameters
    ----------
    sd
        Standard deviation as a share of the value.

    Edge behaviour
    --------------
    A value of 0 stays 0; a draw beyond the indicator's bounds is set to the bound.

    References
    ----------
    Saisana, Saltelli and Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools
    for the quality assessment of composite indicators.
    https://doi.org/10.1111/j.1467-985X.2005.00350.x
    """

    sd: float = 0.05
    kind: Literal["relative"] = "relative"

    def __post_init__(self) -> None:
        """Check the standard deviation."""
        if not 0 < self.sd < inf:
            raise ValueError(f"sd must be a positive number, got {self.sd:g}")


@dataclass(frozen=True, slots=True)
class PedigreeData:
    """Let errors follow from how a value was obtained: status, age, comparability and level.

    GSD = exp sqrt(sum ln² GSD_i)

    The factors of status and age are ecoinvent's uncertainty factors for reliability and temporal
    correlation, those of comparability its factors for further correlation, all taken as geometric
    standard deviations (ecoinvent takes them as squares: ours are the wider). Those of the level
    are the representativeness of a value that stands in for a community's own. They are ours,
    rounded from what the built-in data show where both values are known: there, own and stand-in
    differ by a factor of 1.4 for ratios (68 pairs, robust standard deviation of the logarithm).

    Parameters
    ----------
    basic
        GSD of any value, whatever its pedigree.
    status, comparability, level
        GSD by name, in place of the table's.
    index_share
        Standard deviation of an index, as a share of its bounds' range, for each unit of ln GSD.

    Edge behaviour
    --------------
    Factors of 1 leave only the basic one. A value's own `sd` or `interval` replaces all but the
    level's. A value at a bound, where its scale has no room, scatters by 1 % of the range (of the
    column's mean size where there is no range).

    Raises
    ------
    ValueError
        For a factor below 1 or an unknown name.

    References
    ----------
    Weidema et al. (2013), Overview and methodology: data quality guideline for the ecoinvent
    database version 3, chapter 10. Frischknecht et al. (2007), ecoinvent report 1, table 7.2.
    """

    basic: float = 1.05
    status: Mapping[str, float] = field(default_factory=dict)
    comparability: Mapping[str, float] = field(default_factory=dict)
    level: Mapping[str, float] = field(default_factory=dict)
    index_share: float = 0.1
    kind: Literal["pedigree"] = "pedigree"

    def __post_init__(self) -> None:
        """Check the factors."""
        tables = (
            ("status", self.status, STATUS),
            ("comparability", self.comparability, COMPARABILITY),
            ("level", self.level, LEVEL),
        )
        for name, given, known in tables:
            for key, factor in given.items():
                if key not in known:
                    raise ValueError(f"{name}: no '{key}'; there are {', '.join(known)}")
                if not 1 <= factor < inf:
                    raise ValueError(f"{name}: {key}: a GSD is at least 1, got {factor:g}")
        if not 1 <= self.basic < inf:
            raise ValueError(f"basic: a GSD is at least 1, got {self.basic:g}")
        if not 0 <= self.index_share < inf:
            raise ValueError(f"index_share must be at least 0, got {self.index_share:g}")

    def measurement(self, status: str, age: int, comparability: str) -> float:
        """Give ln GSD of a measurement, the level apart."""
        factors = (
            self.basic,
            (STATUS | dict(self.status))[status],
            next((gsd for years, gsd in AGE.items() if age <= years), OLDER),
            (COMPARABILITY | dict(self.comparability))[comparability],
        )
        return sqrt(sum(log(factor) ** 2 for factor in factors))

    def representativeness(self, level: str) -> float:
        """Give ln GSD of a value of a level that stands in for a community's own."""
        return log((LEVEL | dict(self.level))[level])


DataUncertainty = ExactData | RelativeData | PedigreeData


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
