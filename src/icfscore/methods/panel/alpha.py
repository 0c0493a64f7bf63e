"""Krippendorff's alpha: agreement beyond chance, with scores missing."""

from __future__ import annotations

from typing import Literal

import numpy as np

from icfscore.methods.audit.resample import resample_counts
from icfscore.methods.context import Floats, Ints

AlphaLevel = Literal["nominal", "ordinal", "interval"]
LEVELS: tuple[AlphaLevel, ...] = ("nominal", "ordinal", "interval")


def krippendorff_alpha(ratings: Floats, level: AlphaLevel) -> float | None:
    """Compute Krippendorff's alpha of scores (n, k) of n items by k raters.

    alpha = 1 - D_o / D_e: the mean difference of two scores of the same item over that of any two
    scores. The difference is 1 for unlike scores (nominal), the square of the distance (interval),
    or the square of the distance between their mean ranks among all scores (ordinal).

    Parameters
    ----------
    ratings
        NaN where missing; an item with a single score tells nothing and is left out.

    Returns
    -------
    1 for full agreement, 0 for what chance gives, below 0 for less; None where no item has two
    scores, or all scores are equal. It is customary to require 0.800; 0.667 is the lowest where
    tentative conclusions are still acceptable (Krippendorff 2004, p. 241).

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability.
    https://repository.upenn.edu/asc_papers/43
    Krippendorff (2004), Content Analysis: An Introduction to Its Methodology, 2nd edition.

    Examples
    --------
    >>> krippendorff_alpha(np.array([[1.0, 1.0], [2.0, 2.0], [1.0, 2.0]]), "nominal")
    0.4444444444444444
    """
    table, values = _tabulate(ratings)
    alpha = float(_alphas(table, values, np.ones((1, len(table))), level)[0])
    return None if np.isnan(alpha) else alpha


def _tabulate(ratings: Floats) -> tuple[Floats, Floats]:
    """Count each value (v,) in each item that has two scores or more: (items, v)."""
    known = ~np.isnan(ratings)
    pairable = known.sum(axis=1) > 1
    x, known = ratings[pairable], known[pairable]
    values, codes = np.unique(x[known], return_inverse=True)
    table = np.zeros((len(x), len(values)))
    np.add.at(table, (np.nonzero(known)[0], codes.ravel()), 1)
    return table, values


def _alphas(table: Floats, values: Floats, weights: Floats, level: AlphaLevel) -> Floats:
    """Compute alpha (b,) of samples that hold each item so many times (b, items)."""
    m = table.sum(axis=1)
    counts = weights @ table  # (b, v) of each value
    n = counts.sum(axis=1)
    pairs = n * (n - 1)
    if level == "nominal":
        observed = weights @ ((m**2 - (table**2).sum(axis=1)) / np.maximum(m - 1, 1))
        expected = n**2 - (counts**2).sum(axis=1)
    else:
        if level == "ordinal":  # mean ranks: their distance is that of Krippendorff's metric
            y = np.cumsum(counts, axis=1) - counts / 2
        else:
            y = np.broadcast_to(values - values.mean() if values.size else values, counts.shape)
        squares, sums = y**2 @ table.T, y @ table.T
        observed = (weights * 2 * (m * squares - sums**2) / np.maximum(m - 1, 1)).sum(axis=1)
        expected = 2 * (n * (counts * y**2).sum(axis=1) - (counts * y).sum(axis=1) ** 2)
    # All scores alike: nothing to agree on. Counted, as sums leave a rounding error.
    varied = (counts > 0).sum(axis=1) > 1
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(varied, 1 - (observed / n) / (expected / pairs), np.nan)


def alpha_interval(
    ratings: Floats,
    level: AlphaLevel,
    clusters: Ints,
    seed: int,
    n_samples: int = 1000,
    share: float = 0.90,
) -> tuple[float, float] | None:
    """Compute a bootstrap interval of alpha: the middle `share` of what resampled items give.

    Parameters
    ----------
    ratings
        (n, k), NaN where missing.
    clusters
        (n,) number of the community that an item belongs to: communities are drawn with
        replacement, each with all its items, since these are no independent samples.

    Returns
    -------
    None for fewer than three communities, or where alpha is not defined in most of the samples.
    """
    names = np.unique(clusters)
    if len(names) < 3:
        return None
    pairable = (~np.isnan(ratings)).sum(axis=1) > 1
    table, values = _tabulate(ratings)
    times = resample_counts(len(names), n_samples, seed)
    weights = times[:, np.searchsorted(names, clusters[pairable])].astype(float)
    found = _alphas(table, values, weights, level)
    found = found[~np.isnan(found)]
    if 2 * len(found) < n_samples:
        return None
    tail = (1 - share) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    return float(low), float(high)
