"""Raters' severity, taken out of their scores by least squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Bools, Floats, Ints

_DIGITS = 10  # decimals
_Z_95 = 1.6448536269514722  # the normal distribution's 95 % quantile


@dataclass(frozen=True, slots=True, eq=False)
class RaterModel:
    """What the additive model makes of scores (n, k).

    Attributes
    ----------
    severity
        (k,) points that a rater gives less than the others; mean 0 among raters who can be compared
        (each group of them by itself). NaN for a rater without scores.
    severity_error
        (k,) its standard error; NaN where it cannot be computed.
    adjusted
        (n,) mean score of an item without its raters' severity.
    error
        (n,) its standard error; NaN where it cannot be computed.
    residuals
        (n, k) what the model leaves.
    sigma
        Standard deviation of a single score around the model; None without degrees of freedom.
    spread
        (k,) the same for each rater: how inconsistent he or she is; NaN where sigma is None.
    agreement
        (k,) correlation of a rater's scores with the mean of the others', severity taken out; NaN
        for fewer than three items in common, or where one side does not vary.
    groups
        (k,) number from 0 of the group of raters whose items overlap, directly or through others;
        -1 for a rater without scores.
    item_groups
        (n,) the same of items, -1 without scores: scores of two groups cannot be compared.
    freedom
        Degrees of freedom that sigma rests on: scores less items, raters and groups.
    """

    severity: Floats
    severity_error: Floats
    adjusted: Floats
    error: Floats
    residuals: Floats
    sigma: float | None
    spread: Floats
    agreement: Floats
    groups: Ints
    item_groups: Ints
    freedom: int

    @property
    def n_groups(self) -> int:
        """Number of groups of raters that have no item in common."""
        return int(self.groups.max(initial=-1)) + 1

    @property
    def widening(self) -> float:
        """What draws multiply standard errors by, since few scores tell little of sigma.

        An error over its estimated size is distributed as Student's t. Draws are normal: their
        standard deviation is such that their 5 % and 95 % are those of t. 1 where there are no
        degrees of freedom, hence no error.
        """
        if self.freedom < 1:
            return 1.0
        from scipy.special import stdtrit  # slow to load, and most projects have no panel

        return float(stdtrit(self.freedom, 0.95)) / _Z_95


def fit_raters(ratings: Floats) -> RaterModel:
    """Fit score = item - severity of the rater + error by least squares, scores missing allowed.

    Items are eliminated first: severities solve L s = b, L being the Laplacian of the graph of
    raters, weighted by the items they share. Its pseudo-inverse gives the solution whose mean is 0
    in every connected group of raters. Errors are taken as independent and equally large; raters as
    fixed, so that the errors hold for these raters. That raters see things differently is part of
    the errors; that all of them are mild is not, and moves no comparison. All scores together tell
    how large errors are, so that two raters will do; a bootstrap over raters, which could resample
    nothing but these two, would give errors too small by sqrt((k - 1) / k).

    Parameters
    ----------
    ratings
        (n, k) scores of n items by k raters, NaN where missing.

    References
    ----------
    Searle (1987), Linear Models for Unbalanced Data, on the two-way classification without
    interaction.

    Examples
    --------
    >>> fit_raters(np.array([[1.0, 3.0], [2.0, 4.0], [np.nan, 6.0]])).adjusted
    array([2., 3., 5.])
    """
    known = ~np.isnan(ratings)
    m = known.sum(axis=1)
    x = np.where(known, ratings, 0.0)
    share = known / np.maximum(m, 1)[:, None]  # (n, k) part of each rater in an item's mean
    mean = (x * share).sum(axis=1)
    laplacian = np.diag(known.sum(axis=0).astype(float)) - known.T.astype(float) @ share
    inverse = np.linalg.pinv(laplacian, hermitian=True)
    below = np.where(known, mean[:, None] - x, 0.0).sum(axis=0)  # how far under the items' means
    # Rounded, since a pseudo-inverse leaves equal means unequal in their last digits.
    severity = np.round(inverse @ below, _DIGITS)
    groups, item_groups = _groups(known)
    adjusted = np.where(m > 0, np.round(mean + share @ severity, _DIGITS), np.nan)
    residuals = np.where(known, x + severity - adjusted[:, None], np.nan)
    freedom = _freedom(known, int(groups.max(initial=-1)) + 1)
    sigma = float(np.sqrt(np.nansum(residuals**2) / freedom)) if freedom > 0 else None
    scale = np.nan if sigma is None else sigma
    leverage = np.einsum("ij,jk,ik->i", share, inverse, share)
    item_variance = 1 / np.maximum(m, 1) + np.maximum(leverage, 0)
    return RaterModel(
        severity=np.where(groups < 0, np.nan, severity),
        severity_error=np.where(
            groups < 0, np.nan, scale * np.sqrt(np.maximum(np.diag(inverse), 0))
        ),
        adjusted=adjusted,
        error=np.where(m > 0, scale * np.sqrt(item_variance), np.nan),
        residuals=residuals,
        sigma=sigma,
        spread=_spread(residuals, known, freedom),
        agreement=_agreement(np.where(known, x + severity, np.nan)),
        groups=groups,
        item_groups=item_groups,
        freedom=freedom,
    )


def _freedom(known: Bools, n_groups: int) -> int:
    """Count the degrees of freedom that are left: scores - items - raters + groups."""
    items, raters = known.any(axis=1).sum(), known.any(axis=0).sum()
    return int(known.sum() - items - raters + n_groups)


def _spread(residuals: Floats, known: Bools, freedom: int) -> Floats:
    """Share the degrees of freedom among raters by their scores."""
    if freedom <= 0:
        return np.full(residuals.shape[1], np.nan)
    own = known.sum(axis=0)
    squares = np.nansum(residuals**2, axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(
            np.where(
                own > 0, np.sqrt(squares * known.sum() / (np.maximum(own, 1) * freedom)), np.nan
            )
        )


def _agreement(levelled: Floats) -> Floats:
    """Correlate each rater with the mean of the others."""
    found = np.full(levelled.shape[1], np.nan)
    for rater in range(levelled.shape[1]):
        others = np.delete(levelled, rater, axis=1)
        both = ~np.isnan(levelled[:, rater]) & ~np.isnan(others).all(axis=1)
        if both.sum() < 3:
            continue
        own, rest = levelled[both, rater], np.nanmean(others[both], axis=1)
        if np.ptp(own) > 1e-9 and np.ptp(rest) > 1e-9:
            found[rater] = np.corrcoef(own, rest)[0, 1]
    return found


def _groups(known: Bools) -> tuple[Ints, Ints]:
    """Find the connected groups of raters (k,) and items (n,)."""
    raters = np.full(known.shape[1], -1)
    items = np.full(known.shape[0], -1)
    group = 0
    for start in range(known.shape[1]):
        if raters[start] >= 0 or not known[:, start].any():
            continue
        reached: Bools = np.zeros(known.shape[1], dtype=bool)
        reached[start] = True
        while True:
            rows: Bools = np.any(known[:, reached], axis=1)
            more: Bools = np.any(known[rows], axis=0)
            if (more == reached).all():
                break
            reached = more
        raters[reached], items[rows] = group, group
        group += 1
    return raters, items
