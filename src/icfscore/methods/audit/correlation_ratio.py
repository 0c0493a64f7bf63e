"""How much of a score's variance one of its parts accounts for: the correlation ratio."""

from __future__ import annotations

import numpy as np

from icfscore.methods.audit.correlation import too_few
from icfscore.methods.audit.measure import Measure
from icfscore.methods.audit.spline import SplineBasis, choose_penalty, explained_variance
from icfscore.methods.context import Floats, Ints
from icfscore.sentences import say

FEWEST = 5
"""Through fewer communities almost any curve passes."""

SMOOTHER = say(
    "penalised cubic regression spline, at most 10 functions, smoothness by generalised"
    " cross-validation with each degree of freedom counted 1.4 times"
)


def correlation_ratio(x: Floats, y: Floats) -> Measure:
    """Compute the correlation ratio of y on x, its first-order or main effect.

    S = V(E(y | x)) / V(y) = 1 - E(V(y | x)) / V(y), E(y | x) being a penalised cubic regression
    spline (see `spline`) and both variances taken with their degrees of freedom

    Parameters
    ----------
    x
        (n,) the part, NaN where missing.
    y
        (n,) the score, NaN where missing.

    Returns
    -------
    Measure
        Between 0 and 1: 0 where x does not vary; where the relation is a straight line the squared
        Pearson correlation, adjusted as in regression: 1 - (1 - r²) (n - 1) / (n - 2); more where
        it is bent. Undefined where fewer than five communities have both, and where y does not
        vary. Unadjusted, it would be about 0.1 of noise over 21 communities.

    References
    ----------
    Paruolo, Saisana and Saltelli (2013), Ratings and rankings: voodoo or science?
    https://doi.org/10.1111/j.1467-985X.2012.01059.x
    Pearson (1905), On the general theory of skew correlation and non-linear regression.

    Examples
    --------
    >>> x = np.arange(12.0)
    >>> round(correlation_ratio(x, 3 - 2 * x).value, 9)
    1.0
    >>> correlation_ratio(np.ones(12), x).value
    0.0
    """
    both = ~(np.isnan(x) | np.isnan(y))
    n = int(both.sum())
    reason = _reason(y[both], n)
    if reason:
        return Measure.missing(reason, n)
    value = resampled_ratios(x, y, np.ones((1, len(x)), dtype=np.int64))[0]
    return Measure(float(value), n)


def resampled_ratios(x: Floats, y: Floats, counts: Ints) -> Floats:
    """Compute the correlation ratio in each of several resamples of the communities.

    Parameters
    ----------
    x, y
        (n,) as for `correlation_ratio`.
    counts
        (b, n) how often each community was drawn.

    Returns
    -------
    Floats
        (b,) NaN where fewer than five draws have both values, or y does not vary over them.

    References
    ----------
    Efron (1979), Bootstrap methods: another look at the jackknife.
    https://doi.org/10.1214/aos/1176344552

    Examples
    --------
    >>> x = np.arange(6.0)
    >>> resampled_ratios(x, x, np.array([[1, 1, 1, 1, 1, 1], [6, 0, 0, 0, 0, 0]])).round(6)
    array([ 1., nan])
    """
    both = ~(np.isnan(x) | np.isnan(y))
    drawn = counts[:, both].astype(np.float64)
    enough = drawn.sum(axis=1) >= FEWEST
    ratios = np.full(len(counts), np.nan)
    if not enough.any() or _reason(y[both], int(both.sum())):
        return ratios
    part, score = x[both], _shrink(y[both])
    if part.min() == part.max():
        varies = [score[row > 0].min() < score[row > 0].max() for row in drawn[enough]]
        ratios[enough] = np.where(varies, 0.0, np.nan)
    else:
        basis = SplineBasis.of(part)
        penalty = choose_penalty(basis, score)
        ratios[enough] = explained_variance(basis, score, drawn[enough], penalty)
    return ratios


def _reason(y: Floats, n: int) -> str:
    if n < FEWEST:
        return too_few(n, FEWEST)
    return say("the score does not vary") if y.min() == y.max() else ""


def _shrink(y: Floats) -> Floats:
    """Bring y to a size whose squares neither overflow nor vanish, its least value at 0."""
    exponent = int(np.frexp(np.abs(y).max())[1])
    small = np.ldexp(y, -exponent - 1)
    small = small - small.min()
    return np.asarray(small / small.max())
