"""Transformations of whole columns, for outliers that are too many to pull in."""

from __future__ import annotations

from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import Floats
from icfscore.methods.normalise.columns import column_exponents, scale_by_power
from icfscore.sentences import say

MARGIN = 0.01
"""Share of the range that keeps the lowest value's logarithm finite (COIN Tool, COINr)."""


def transform_column(
    x: Floats, how: Literal["log_ct", "log_ct_signed", "box_cox"], skew: float, column: int
) -> Floats:
    """Transform one column x (n,), not constant, NaN where missing; formulas: `SkewKurtosis`."""
    if how == "box_cox":
        return box_cox(x, column)
    if how == "log_ct_signed" and skew < 0:
        return -log_above_least(-x)
    return log_above_least(x)


def log_above_least(x: Floats) -> Floats:
    """Compute ln(x - min + 0.01 (max - min)) of a column x (n,)."""
    exponent = column_exponents(x[:, None])[0] + 1  # the range stays below 1
    small = scale_by_power(x, exponent)
    least, most = np.nanmin(small), np.nanmax(small)
    return np.asarray(np.log(small - least + MARGIN * (most - least)) + exponent * np.log(2.0))


def box_cox(x: Floats, column: int) -> Floats:
    """Transform a column x (n,) by the power of maximum likelihood."""
    power, shift = box_cox_parameters(x[~np.isnan(x)])
    logs = np.log(x + shift)
    with np.errstate(over="ignore"):
        y = logs if power == 0 else np.expm1(power * logs) / power
    if np.isinf(y).any():
        raise MethodError(
            say(
                "the Box-Cox power of the column, {power:.3g}, leaves the range of floating point",
                power=power,
            ),
            remedy=say("use `fallback: log_ct`"),
            column=column,
        )
    return np.asarray(y)


def box_cox_parameters(x: Floats) -> tuple[float, float]:
    """Find power λ and shift s of positive maximum likelihood for values x (n,), not constant.

    The profile log-likelihood of normality is -n/2 ln var(y(λ)) + (λ - 1) sum ln(x + s). Values are
    taken relative to their geometric mean, which cancels the second term and the unit. A grid over
    -5..5 finds the hill, Brent's method its top.
    """
    from scipy.optimize import minimize_scalar

    least, most = float(x.min()), float(x.max())
    shift = 0.0 if least > 0 else MARGIN * (most - least) - least
    logs = np.log(x + shift)
    logs -= logs.mean()

    def spread(power: float) -> float:
        """Compute ln sd of the transformed values, the sign-changed likelihood per value."""
        if power == 0:
            return float(np.log(logs.std()))
        powers = power * logs
        if np.abs(powers).max() < 1:
            return float(np.log(np.expm1(powers).std()) - np.log(abs(power)))
        peak = powers.max()
        return float(peak + np.log(np.exp(powers - peak).std()) - np.log(abs(power)))

    grid = np.linspace(-5.0, 5.0, 41)
    best = int(np.argmin([spread(power) for power in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    found = minimize_scalar(spread, bounds=(low, high), method="bounded", options={"xatol": 1e-10})
    return float(found.x), shift
