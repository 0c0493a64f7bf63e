"""Intraclass correlations of raters who are a sample of all that might have been asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Floats


@dataclass(frozen=True, slots=True)
class Intraclass:
    """How far raters agree on absolute scores, raters and items both being samples.

    Attributes
    ----------
    single
        ICC(2,1): reliability of one rater's score; None where the scores do not vary.
    average
        ICC(2,k): reliability of the mean of the k raters.
    n_items, n_raters
        Items that every rater scored, and raters.
    """

    single: float | None
    average: float | None
    n_items: int
    n_raters: int


def intraclass(ratings: Floats) -> Intraclass | None:
    """Compute ICC(2,1) and ICC(2,k) from scores (n, k) of n items by k raters.

    With the mean squares of a two-way analysis of variance, B between items, J between raters and E
    the rest:

    ICC(2,1) = (B - E) / (B + (k - 1) E + k (J - E) / n)
    ICC(2,k) = (B - E) / (B + (J - E) / n)

    Parameters
    ----------
    ratings
        NaN where missing; only items that every rater scored are used.

    Returns
    -------
    None for fewer than two such items or fewer than two raters.

    References
    ----------
    Shrout and Fleiss (1979), Intraclass correlations: uses in assessing rater reliability.
    https://doi.org/10.1037/0033-2909.86.2.420

    Examples
    --------
    >>> intraclass(np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]])).single
    0.6666666666666666
    """
    x = ratings[~np.isnan(ratings).any(axis=1)]
    n, k = x.shape
    if n < 2 or k < 2:
        return None
    mean = x.mean()
    by_item, by_rater = x.mean(axis=1), x.mean(axis=0)
    rest = x - by_item[:, None] - by_rater + mean
    between = float(k * ((by_item - mean) ** 2).sum() / (n - 1))
    judges = float(n * ((by_rater - mean) ** 2).sum() / (k - 1))
    error = float((rest**2).sum() / ((n - 1) * (k - 1)))
    if np.ptp(x) == 0:  # rounding would else decide
        return Intraclass(None, None, n, k)
    single = between + (k - 1) * error + k * (judges - error) / n
    average = between + (judges - error) / n
    tiny = 1e-12 * (between + judges + error)
    return Intraclass(
        (between - error) / single if single > tiny else None,
        (between - error) / average if average > tiny else None,
        n,
        k,
    )
