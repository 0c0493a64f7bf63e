"""The values of one variable: how many there are, how they lie, which stand apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.audit.measure import Measure
from icfscore.methods.context import Floats
from icfscore.methods.normalise.columns import column_quantiles
from icfscore.methods.treat.moments import excess_kurtosis, skewness
from icfscore.sentences import say

MOST_SKEW = 2.0
MOST_KURTOSIS = 3.5
NEAR, FAR = 1.5, 3.0


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is told of one variable.

    Attributes
    ----------
    n, distinct
        Number of values, and of different ones among them.
    skewness, kurtosis
        G1 and excess G2.
    fails_moments
        |G1| > 2 and G2 > 3.5, both: the rule by which composite indicators treat outliers.
    outside, far_outside
        Rows beyond 1.5 and beyond 3 interquartile ranges from the quartiles; the second are among
        the first.
    no_fences
        Why the fences tell nothing; "" where they do.
    """

    n: int
    distinct: int
    skewness: Measure
    kurtosis: Measure
    fails_moments: bool
    outside: tuple[int, ...]
    far_outside: tuple[int, ...]
    no_fences: str = ""


def describe(x: Floats) -> Distribution:
    """Describe the values of one variable.

    Parameters
    ----------
    x
        (n,) NaN where missing: skipped.

    Returns
    -------
    Distribution
        Skewness of fewer than three and kurtosis of fewer than four values, or of values that are
        all equal, is undefined. Quartiles are of type 7; where they are equal (half the values are
        the same) every other value would lie outside, and nothing is told.

    References
    ----------
    Joanes and Gill (1998), Comparing measures of sample skewness and kurtosis.
    https://doi.org/10.1111/1467-9884.00122
    Hoaglin, Iglewicz and Tukey (1986), Performance of some resistant rules for outlier labeling.
    https://doi.org/10.1080/01621459.1986.10478363
    Becker et al. (2022), COINr: An R package for developing composite indicators, which treats by 2
    and 3.5. https://doi.org/10.21105/joss.04567

    Examples
    --------
    >>> told = describe(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 30.0]))
    >>> round(told.skewness.value, 3), told.outside, told.far_outside
    (2.361, (5,), (5,))
    """
    n = int((~np.isnan(x)).sum())
    distinct = len(np.unique(x[~np.isnan(x)]))
    skew = _moment(float(skewness(x[:, None])[0]), n, distinct, 3) if n else _none()
    kurtosis = _moment(float(excess_kurtosis(x[:, None])[0]), n, distinct, 4) if n else _none()
    fails = (
        skew.value is not None
        and kurtosis.value is not None
        and abs(skew.value) > MOST_SKEW
        and kurtosis.value > MOST_KURTOSIS
    )
    near, far, no_fences = _beyond_fences(x, n)
    return Distribution(n, distinct, skew, kurtosis, fails, near, far, no_fences)


def _none() -> Measure:
    return Measure.missing(say("there is no value"), 0)


def _moment(value: float, n: int, distinct: int, fewest: int) -> Measure:
    if n < fewest:
        return Measure.missing(say("fewer than {n} values", n=fewest), n)
    if distinct == 1 or np.isnan(value):
        return Measure.missing(say("all values are equal"), n)
    return Measure(value, n)


def _beyond_fences(x: Floats, n: int) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    if n < 4:
        return (), (), say("fewer than 4 values")
    exponent = int(np.frexp(np.nanmax(np.abs(x)))[1])
    small = np.ldexp(x, -exponent - 1)  # so that no range overflows
    lower, upper = (float(column_quantiles(small[:, None], q)[0, 0]) for q in (0.25, 0.75))
    if lower == upper:
        return (), (), say("half the values are the same")
    away = np.maximum(lower - small, small - upper) / (upper - lower)
    near, far = (np.flatnonzero(away > times).tolist() for times in (NEAR, FAR))
    return tuple(near), tuple(far), ""
