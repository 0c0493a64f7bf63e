"""How one value scatters: on which scale, and by how much.

Decisions. A value scatters on the scale that fits its kind: positive ratios and counts on the
logarithm, shares on the logit, everything else, and what stands at an end of its range, on its own
scale, truncated at its bounds. On the first two scales the observed value is the median. A standard
deviation that comes with the value is that of what is drawn, not of its logarithm or logit; an
interval is met at both ends, by errors that may go further up than down.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, log, sqrt
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
    per_log
        What an error of 1 in the logarithm of the value amounts to on the scale.
    low, high
        Ends of the scale for the logit, bounds otherwise.
    below
        Share of `measurement` that errors downwards have: 1 unless an interval says otherwise.
    """

    scale: Scale
    measurement: float
    representativeness: float
    per_log: float = 1.0
    low: float = -inf
    high: float = inf
    below: float = 1.0


def scatter_relative(
    value: float,
    bounds: tuple[float, float],
    share: float,
    *,
    sd: float | None = None,
    interval: tuple[float, float] | None = None,
) -> Scatter:
    """Let a value scatter by a share of itself, or by its own sd or interval (5 % and 95 %)."""
    low, high = bounds
    size = abs(value) * share if sd is None else sd
    if interval is None:
        return Scatter("clipped", size, 0.0, abs(value), low, high)
    return _split("clipped", value, interval, 0.0, abs(value), bounds)


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
    scale: Scale = "natural"
    slope = 1.0  # of the value along its scale
    given = sd
    if kind in ("index", "ordinal", "boolean"):
        units = (index_share * room * spread[0], index_share * room * spread[1])
    elif value in (0, low, high):
        units = (FLOOR * room * (spread[0] > 0), FLOOR * room * (spread[1] > 0))
    elif kind == "share" and isfinite(width) and low < value < high:
        share = (value - low) / width
        scale, units, slope = "logit", spread, width * share * (1 - share)
        given = None if sd is None else _logit_sd(share, sd / width)
    elif value > 0:
        scale, units, slope = "logarithm", spread, value
        given = None if sd is None else _log_sd(sd / value)
    else:
        units = (abs(value) * spread[0], abs(value) * spread[1])
    per_log = abs(value) / slope
    if interval is None:
        measured = units[0] if given is None else given
        return Scatter(scale, measured, units[1], per_log, low, high)
    if scale == "logit" and low < interval[0] and interval[1] < high:
        ends = (_logit(interval[0], low, width), _logit(interval[1], low, width))
        return _split(scale, _logit(value, low, width), ends, units[1], per_log, bounds)
    if scale == "logarithm" and interval[0] > 0:
        ends = (log(interval[0]), log(interval[1]))
        return _split(scale, log(value), ends, units[1], per_log, bounds)
    # The scale has no room for an end of the interval, or is the value's own.
    return _split("clipped", value, interval, units[1] * slope, abs(value), bounds)


def _split(
    scale: Scale,
    centre: float,
    ends: tuple[float, float],
    representativeness: float,
    per_log: float,
    bounds: tuple[float, float],
) -> Scatter:
    """Scatter so that 5 % lie below the lower end and 5 % above the upper one."""
    down, up = (centre - ends[0]) / Z_95, (ends[1] - centre) / Z_95
    if up == 0:
        up = 1e-12 * down  # an error's sign is told by its size above the centre
    below = down / up if up else 1.0
    return Scatter(scale, up, representativeness, per_log, *bounds, below=below)


def _logit(value: float, low: float, width: float) -> float:
    share = (value - low) / width
    return log(share / (1 - share))


def _log_sd(relative: float) -> float:
    """Find the sd of the logarithm of a lognormal with median 1 and a given sd.

    With y = exp(s^2) its variance is y (y - 1).
    """
    return sqrt(log((1 + sqrt(1 + 4 * relative**2)) / 2))


def _logit_sd(share: float, sd: float) -> float:
    """Find the sd of the logit of a logit-normal with a given median and sd, by bisection.

    None has a standard deviation of 0.5 or more: the widest is taken then.
    """
    points, weights = np.polynomial.hermite_e.hermegauss(61)
    weights = weights / weights.sum()
    odds = (1 - share) / share
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        values = 1 / (1 + odds * np.exp(-middle * points))
        mean = weights @ values
        if weights @ (values - mean) ** 2 < sd**2:
            low = middle
        else:
            high = middle
    return low


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
        np.negative(error, out=error)
        with np.errstate(over="ignore", divide="ignore"):  # odds of infinity are a share of 0
            values = np.exp(error, out=error)
            values *= (1 - share) / share
        values += 1
        np.divide(high - low, values, out=values)
        if low.any():
            values += low
        return values
    if scale == "logarithm":
        values = np.exp(error, out=error)
        values *= x
        low = np.where(low > 0, low, -inf)  # no value is below 0
    else:
        values = np.add(error, x, out=error)
    if scale != "natural" and (np.isfinite(high).any() or np.isfinite(low).any()):
        np.clip(values, low, high, out=values)
    return values
