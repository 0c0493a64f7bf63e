"""How much of a result's variance one input explains, from draws that were made anyway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc

from icfscore.methods.context import Floats, Ints

MOST_BINS = 64
LEAST_BINS = 4


@dataclass(frozen=True, slots=True)
class Explained:
    """What knowing one input would take away from a variance.

    Attributes
    ----------
    variance
        Estimate of Var(E[y | x]); its bias is corrected, so that it may fall below 0.
    standard_error
        Monte Carlo standard error of the estimate.
    p_value
        Chance of an estimate as large if x explained nothing.
    """

    variance: float
    standard_error: float
    p_value: float


def explained_variance(x: Floats, y: Floats) -> Explained:
    """Estimate Var(E[y | x]) from n draws of an input and a result.

    The draws are put into groups of about equal size by x, equal values together; the variance of
    the groups' means, less what chance alone gives them, is the estimate:
    (SSB - (M - 1) MSW) / n with M groups, SSB the sum of squares between them and MSW the mean
    square within (Kelley's correction, as in the adjusted R² of a one-way analysis of variance).
    What varies within a group is left out, which with n^0.4 groups is little.

    The standard error joins that of the influence function, (m - mean)² + 2 (m - mean)(y - m) with
    m the expected result at a draw's x, and that under no influence, where the first vanishes. The
    p-value is the F test's.

    Parameters
    ----------
    x, y
        (n,) no value missing.

    Edge behaviour
    --------------
    A constant x or y explains nothing: 0 with p-value 1.

    References
    ----------
    Kelley (1935), An unbiased correlation ratio measure. https://doi.org/10.1073/pnas.21.9.554
    Plischke, Borgonovo and Smith (2013), Global sensitivity measures from given data.
    https://doi.org/10.1016/j.ejor.2012.11.047

    Examples
    --------
    >>> found = explained_variance(np.repeat([0.0, 1.0], 50), np.tile([0.0, 1.0], 50))
    >>> found.variance < 0, round(found.p_value, 2)
    (True, 1.0)
    """
    n = len(x)
    group = _groups(x)
    m = int(group.max()) + 1 if n else 0
    spread = float(((y - y.mean()) ** 2).sum()) if n else 0.0
    if m < 2 or n <= m or spread == 0:
        return Explained(0.0, 0.0, 1.0)
    size = np.bincount(group, minlength=m)
    means = np.bincount(group, y, minlength=m) / size
    lift, rest = (means - y.mean())[group], y - means[group]
    between, within = float((lift**2).sum()), float((rest**2).sum()) / (n - m)
    estimate = (between - (m - 1) * within) / n
    # The groups' means vary by chance too: of their spread this share is the input's.
    real = max(estimate, 0.0) * n / between if between > 0 else 0.0
    influence = real**2 * float((lift**2).var()) + real * 4 * float((lift**2 * rest**2).mean())
    by_chance = 2 * (m - 1) * within**2 / n
    error = float(np.sqrt((influence + by_chance) / n))
    f = between / (m - 1) / within if within > 0 else np.inf
    return Explained(estimate, error, float(fdtrc(m - 1, n - m, f)) if within > 0 else 0.0)


def _groups(x: Floats) -> Ints:
    """Put draws into groups (n,) of about equal size by x, from 0, equal values together."""
    values, place = np.unique(x, return_inverse=True)
    bins = int(np.clip(round(len(x) ** 0.4), LEAST_BINS, MOST_BINS)) if len(x) else 1
    if len(values) <= bins:
        return np.asarray(place, dtype=np.int64)
    edges = np.quantile(x, np.arange(1, bins) / bins, method="inverted_cdf")
    found = np.searchsorted(np.unique(edges), x, side="left")
    return np.unique(found, return_inverse=True)[1].astype(np.int64)
