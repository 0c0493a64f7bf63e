"""Sample skewness and kurtosis: the figures by which outliers are judged."""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Floats
from icfscore.methods.normalise.columns import (
    centre_columns,
    column_counts,
    column_exponents,
    column_range,
    scale_by_power,
)


def skewness(x: Floats) -> Floats:
    """Compute the adjusted sample skewness G1 of each column.

    G1 = sqrt(n (n - 1)) / (n - 2) · m3 / m2^(3/2), with m_r the r-th central moment (divisor n):
    the SKEW of Excel and SAS, type 2 of R's e1071.

    Parameters
    ----------
    x
        (…, n, k) columns, NaN where missing: skipped.

    Returns
    -------
    Floats
        (…, k); NaN for fewer than three values and for constant columns.

    References
    ----------
    Joanes and Gill (1998), Comparing measures of sample skewness and kurtosis, p. 184.
    https://doi.org/10.1111/1467-9884.00122

    Examples
    --------
    >>> skewness(np.array([[1.0], [2.0], [9.0]])).round(3)
    array([1.63])
    """
    n, m2, m3, _ = _central_moments(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        g1 = np.sqrt(n * (n - 1)) / (n - 2) * m3 / m2**1.5
    return np.asarray(np.where((n >= 3) & (m2 > 0), g1, np.nan))


def excess_kurtosis(x: Floats) -> Floats:
    """Compute the adjusted sample excess kurtosis G2 of each column.

    G2 = (n - 1) / ((n - 2) (n - 3)) · ((n + 1) (m4 / m2² - 3) + 6): the KURT of Excel and SAS,
    type 2 of R's e1071; 0 is expected of a normal distribution.

    Parameters
    ----------
    x
        (…, n, k) columns, NaN where missing: skipped.

    Returns
    -------
    Floats
        (…, k); NaN for fewer than four values and for constant columns.

    References
    ----------
    Joanes and Gill (1998), Comparing measures of sample skewness and kurtosis, p. 184.
    https://doi.org/10.1111/1467-9884.00122

    Examples
    --------
    >>> excess_kurtosis(np.array([[1.0], [2.0], [3.0], [4.0], [100.0]])).round(3)
    array([4.987])
    """
    n, m2, _, m4 = _central_moments(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        g2 = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return np.asarray(np.where((n >= 4) & (m2 > 0), g2, np.nan))


def _central_moments(x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Compute counts and the second to fourth central moments, each (…, k), up to a power of two.

    Columns are scaled by a power of two twice, before and after centring: the ratios above do not
    change, and neither large nor tiny numbers leave the range of floating point. The second moment
    of a constant column is 0 exactly.
    """
    centred = centre_columns(scale_by_power(x, column_exponents(x)))
    centred = scale_by_power(centred, column_exponents(centred))
    least, most = column_range(x)
    centred = np.where(least == most, 0.0 * centred, centred)
    n = column_counts(x)
    with np.errstate(invalid="ignore"):
        m2, m3, m4 = (np.nansum(centred**r, axis=-2, keepdims=True) / n for r in (2, 3, 4))
    return n[..., 0, :].astype(np.float64), m2[..., 0, :], m3[..., 0, :], m4[..., 0, :]
