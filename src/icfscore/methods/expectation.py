"""What one quantity leads one to expect of another: a robust line, and an interval around it.

Decisions. Theil-Sen with weights: the median of the slopes of all pairs, each with the weight of
its distance in x, which is Jaeckel's rank regression with Wilcoxon's scores. A few odd scores do
not turn the line. The plain median would let the many pairs decide that lie close together in x,
whose slopes are noise: incomes come in clusters, and several communities may share their country's.
Least squares would follow odd scores, and estimators that bear even more of them (S, MM) take the
few poor places for outliers and leave them out. No weight protects against a wrong x: it is
measured, and its logarithm has no far outliers. The interval is the jackknife+: it assumes neither
a distribution nor that the line is right, only that communities are exchangeable.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from icfscore.methods.context import Floats

MAX_COMMUNITIES = 400  # a line without each of them rests on all pairs of the others
_HALF = 1e-12  # this near to half is half


@dataclass(frozen=True, slots=True)
class Line:
    """A line y = intercept + slope x."""

    slope: float
    intercept: float

    def at(self, x: float) -> float:
        """Give the line's value."""
        return self.intercept + self.slope * x


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected at one point.

    Attributes
    ----------
    interval
        None where there are too few points for the share asked for.
    """

    line: Line
    expected: float
    interval: tuple[float, float] | None


def theil_sen(x: Floats, y: Floats, *, weighted: bool = True) -> Line | None:
    """Fit a line that odd scores hardly move.

    The slope is the median of (y_j - y_i) / (x_j - x_i) over all pairs with different x, weighted
    by |x_j - x_i|; the intercept the median of y - slope x. Where the weights on both sides of two
    slopes are the same the median is their mean.

    Parameters
    ----------
    x, y
        (n,) none missing.
    weighted
        False: every pair alike, the estimator of Theil and Sen itself.

    Returns
    -------
    Line or None
        None where all x are the same.

    References
    ----------
    Theil (1950), A rank-invariant method of linear and polynomial regression analysis.
    Sen (1968), Estimates of the regression coefficient based on Kendall's tau.
    https://doi.org/10.1080/01621459.1968.10480934
    Jaeckel (1972), Estimating regression coefficients by minimizing the dispersion of the
    residuals. https://doi.org/10.1214/aoms/1177692377
    Scholz (1978), Weighted median regression estimates. https://doi.org/10.1214/aos/1176344204

    Examples
    --------
    >>> theil_sen(np.arange(6.0), np.array([1.0, 3.0, 5.0, 7.0, 9.0, 99.0]))
    Line(slope=2.0, intercept=1.0)
    """
    first, second = np.triu_indices(len(x), 1)
    run = x[second] - x[first]
    apart = run != 0
    if not apart.any():
        return None
    slopes = (y[second] - y[first])[apart] / run[apart]
    slope = _weighted_median(slopes, np.abs(run[apart])) if weighted else float(np.median(slopes))
    return Line(slope, float(np.median(y - slope * x)))


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) / weights.sum()
    place = int(np.searchsorted(below, 0.5 - _HALF))
    if below[place] <= 0.5 + _HALF and place + 1 < len(values):
        return float(values[order[place : place + 2]].mean())
    return float(values[order[place]])


def expect(x: Floats, y: Floats, at: float, share: float = 0.9) -> Expectation | None:
    """Say what y to expect at a further point, and between which bounds.

    Jackknife+: with mu_-i the line without point i and r_i = |y_i - mu_-i(x_i)|, the bounds are the
    floor((1 - share)(n + 1))-th smallest of mu_-i(at) - r_i and the ceil(share (n + 1))-th smallest
    of mu_-i(at) + r_i.

    Parameters
    ----------
    x, y
        (n,) the other points, none missing.
    at
        The further point's x.
    share
        How much of the time a further, exchangeable point should lie within: it does in at least
        2 share - 1, whatever the distribution, and in about `share` in practice.

    Returns
    -------
    Expectation or None
        None where no line can be drawn; its interval is None where n + 1 < 1 / (1 - share), with
        so few points that no bound is safe, or where a line without one point cannot be drawn.

    References
    ----------
    Barber, Candès, Ramdas and Tibshirani (2021), Predictive inference with the jackknife+.
    https://doi.org/10.1214/20-AOS1965

    Examples
    --------
    >>> x = np.arange(20.0)
    >>> found = expect(x, 2 * x, 30.0)
    >>> found.expected, found.interval
    (60.0, (60.0, 60.0))
    """
    line = theil_sen(x, y)
    if line is None:
        return None
    n = len(x)
    low, high = floor((1 - share) * (n + 1) + 1e-9), ceil(share * (n + 1) - 1e-9)
    if low < 1:  # and so high > n
        return Expectation(line, line.at(at), None)
    lower, upper = np.empty(n), np.empty(n)
    for left_out in range(n):
        without = theil_sen(np.delete(x, left_out), np.delete(y, left_out))
        if without is None:
            return Expectation(line, line.at(at), None)
        error = abs(float(y[left_out]) - without.at(float(x[left_out])))
        lower[left_out], upper[left_out] = without.at(at) - error, without.at(at) + error
    interval = (float(np.sort(lower)[low - 1]), float(np.sort(upper)[high - 1]))
    return Expectation(line, line.at(at), interval)


def leave_one_out_residuals(x: Floats, y: Floats) -> Floats:
    """Say how far each point lies above the line of the others (n,); NaN where there is none.

    Examples
    --------
    >>> leave_one_out_residuals(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 5.0, 3.0]))
    array([ 0. ,  0. ,  3. , -4.5])
    """
    found = np.full(len(x), np.nan)
    for left_out in range(len(x)):
        line = theil_sen(np.delete(x, left_out), np.delete(y, left_out))
        if line is not None:
            found[left_out] = float(y[left_out]) - line.at(float(x[left_out]))
    return found
