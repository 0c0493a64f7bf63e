"""Krippendorff's alpha: agreement beyond chance, with scores missing."""

from __future__ import annotations

from typing import Literal

import numpy as np

from icfscore.domain.tables import Ints
from icfscore.methods.context import Floats

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
    scores, or all scores are equal.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability.
    https://repository.upenn.edu/asc_papers/43

    Examples
    --------
    >>> krippendorff_alpha(np.array([[1.0, 1.0], [2.0, 2.0], [1.0, 2.0]]), "nominal")
    0.4444444444444444
    """
    counts = (~np.isnan(ratings)).sum(axis=1)
    x, m = ratings[counts > 1], counts[counts > 1]
    known = ~np.isnan(x)
    values, codes, n_of = np.unique(x[known], return_inverse=True, return_counts=True)
    if len(values) < 2:
        return None
    n = int(m.sum())
    if level == "nominal":
        return _nominal(codes, known, m, n_of)
    if level == "ordinal":
        values = np.cumsum(n_of) - (n_of - 1) / 2  # mean ranks; their distance is the metric's root
    y = np.full(x.shape, np.nan)
    y[known] = values[codes]
    within = np.nansum((y - np.nanmean(y, axis=1, keepdims=True)) ** 2, axis=1)
    observed = float((within * m / (m - 1)).sum()) / n
    expected = float(np.nansum((y - np.nanmean(y)) ** 2)) / (n - 1)
    return 1 - observed / expected


def _nominal(codes: Ints, known: Floats, m: Ints, n_of: Ints) -> float:
    n = int(m.sum())
    table = np.zeros((len(m), len(n_of)))
    np.add.at(table, (np.nonzero(known)[0], codes.ravel()), 1)
    observed = float(((m**2 - (table**2).sum(axis=1)) / (m - 1)).sum()) / n
    expected = float(n**2 - (n_of.astype(float) ** 2).sum()) / (n * (n - 1))
    return 1 - observed / expected


def alpha_interval(
    ratings: Floats,
    level: AlphaLevel,
    clusters: Ints,
    rng: np.random.Generator,
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
    rows = [np.flatnonzero(clusters == name) for name in names]
    found = []
    for _ in range(n_samples):
        drawn = rng.integers(len(names), size=len(names))
        alpha = krippendorff_alpha(ratings[np.concatenate([rows[d] for d in drawn])], level)
        if alpha is not None:
            found.append(alpha)
    if 2 * len(found) < n_samples:
        return None
    tail = (1 - share) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    return float(low), float(high)
