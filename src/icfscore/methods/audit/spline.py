"""The smoother behind the correlation ratio: a penalised cubic regression spline.

Decisions. With a score of communities plain generalised cross-validation now and then takes noise
for shape and passes through every point (Wahba and Wang 1993); so each degree of freedom counts
1.4 times (Kim and Gu 2004), and there are ten at the most. The basis is orthonormal over the
communities and ordered by roughness (Demmler and Reinsch 1975), the constant first and the straight
line second; neither is penalised. A resample keeps the basis and the penalty of the whole sample:
it holds communities twice and more often, which cross-validation would take for confirmation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Floats

GAMMA = 1.4
MOST_FUNCTIONS = 10
MOST_KNOTS = 40
_PENALTIES = np.logspace(-4, 6, 41)  # of the roughness of the third function; the last: a line
_RIDGE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class SplineBasis:
    """Functions of one variable at the communities that have it, from smooth to rough.

    Attributes
    ----------
    functions
        (n, q) columns of length 1, at right angles.
    roughness
        (q,) their integrated squared second derivatives, 0 for the first two.
    """

    functions: Floats
    roughness: Floats

    @classmethod
    def of(cls, x: Floats) -> SplineBasis:
        """Build the basis over x (n,), finite and with at least two different values.

        Knots are the different values of x, or 40 quantiles of these where they are more; beyond
        its ends the spline is straight.

        References
        ----------
        Demmler and Reinsch (1975), Oscillation matrices with spline smoothing.
        https://doi.org/10.1007/BF01437406
        """
        z = _stretch(x)
        knots = _knots(z)
        values, roughness = _natural_spline(knots, z)
        q, r = np.linalg.qr(values)
        inner = np.linalg.solve(r.T, np.linalg.solve(r.T, roughness).T)
        size, turn = np.linalg.eigh((inner + inner.T) / 2)
        kept = min(len(knots), MOST_FUNCTIONS)
        size = np.where(np.arange(len(size)) < 2, 0.0, size)
        return cls(np.asarray(q @ turn[:, :kept]), np.asarray(size[:kept]))


def choose_penalty(basis: SplineBasis, y: Floats) -> float:
    """Choose how much roughness costs, by generalised cross-validation over all communities.

    λ minimises n Σ (y - f)² / (n - 1.4 tr H)² over a grid, H the smoother of λ; of equals the
    largest.

    Parameters
    ----------
    y
        (n,) finite, not constant.

    References
    ----------
    Kim and Gu (2004), Smoothing spline Gaussian regression: more scalable computation via efficient
    approximation. https://doi.org/10.1046/j.1369-7412.2003.05316.x
    Wahba and Wang (1993), Behavior near zero of the distribution of GCV smoothing parameter
    estimates. https://doi.org/10.1016/0167-7152(93)90132-V

    Examples
    --------
    >>> x = np.linspace(-1, 1, 41)
    >>> basis = SplineBasis.of(x)
    >>> bool(choose_penalty(basis, x) > choose_penalty(basis, np.sin(9 * x)))
    True
    """
    n, q = basis.functions.shape
    if q < 3:
        return 0.0
    centred = y - y.mean()
    data = basis.functions.T @ centred
    unexplained = max(float(centred @ centred - data @ data), 0.0)
    penalties = _PENALTIES[::-1] / basis.roughness[2]
    kept = 1 / (1 + penalties[:, None] * basis.roughness)
    left = unexplained + ((1 - kept) ** 2 * data**2).sum(axis=1)
    spare = n - GAMMA * kept.sum(axis=1)
    score = np.where(spare > 1, left / np.maximum(spare, 1.0) ** 2, np.inf)
    rounding = 1e-12 * float(centred @ centred) / n**2
    return float(penalties[np.argmax(score <= score.min() + rounding)])


def explained_variance(basis: SplineBasis, y: Floats, counts: Floats, penalty: float) -> Floats:
    """Smooth y on the basis and tell which share of its variance the curve accounts for.

    For each resample f minimises Σ c (y - f)² + λ ∫ f''², c being how often a community was drawn;
    then S = 1 - [Σ c (y - f)² / (n - tr(2H - HH'))] / [Σ c (y - ȳ)² / (n - 1)], H the smoother and
    n = Σ c; 0 where that is below 0.

    Parameters
    ----------
    y
        (n,) finite.
    counts
        (b, n) how often each community counts, >= 0.
    penalty
        λ.

    Returns
    -------
    Floats
        (b,) between 0 and 1; NaN where y does not vary over the communities drawn. 0 where x does
        not.

    References
    ----------
    Hastie and Tibshirani (1990), Generalized Additive Models, section 3.5 (degrees of freedom for
    error). https://doi.org/10.1201/9780203753781

    Examples
    --------
    >>> x = np.linspace(-1, 1, 41)
    >>> bowl = explained_variance(SplineBasis.of(x), x**2, np.ones((1, 41)), penalty=0.0)
    >>> bool(bowl[0] > 0.999)
    True
    """
    f, q = basis.functions, basis.functions.shape[1]
    n = counts.sum(axis=1)
    centred = y - (counts @ y / n)[:, None]
    total = (counts * centred**2).sum(axis=1)
    flat = total <= 1e-24 * n * float(np.abs(y).max()) ** 2
    gram = (counts @ (f[:, :, None] * f[:, None, :]).reshape(len(f), q * q)).reshape(-1, q, q)
    data = ((counts * centred) @ f)[..., None]
    held = gram + np.diag(penalty * basis.roughness + _RIDGE)
    solved = np.linalg.solve(held, np.concatenate([gram, data], axis=-1))
    smoother, fit = solved[..., :q], solved[..., q]
    left = total - 2 * (fit * data[..., 0]).sum(axis=1) + np.einsum("bi,bij,bj->b", fit, gram, fit)
    freedom = 2 * np.einsum("bii->b", smoother) - np.einsum("bij,bji->b", smoother, smoother)
    ratio = (left / np.maximum(n - freedom, 1.0)) / (np.where(flat, 1.0, total) / (n - 1))
    return np.where(flat, np.nan, np.clip(1 - ratio, 0.0, 1.0))


def _stretch(x: Floats) -> Floats:
    """Bring x to [0, 1] without overflow."""
    exponent = int(np.frexp(np.abs(x).max())[1])
    small = np.asarray(np.ldexp(x, -exponent - 1), dtype=np.float64)
    return np.asarray((small - small.min()) / (small.max() - small.min()))


def _knots(z: Floats) -> Floats:
    """Choose the knots among the different values; hardly different ones count as one."""
    different = np.unique(z)
    apart = np.concatenate([[True], np.diff(different) > 1e-6])
    different = different[apart]
    if len(different) <= MOST_KNOTS:
        return np.asarray(different)
    shares = np.linspace(0, 1, MOST_KNOTS)
    return np.asarray(np.unique(np.quantile(different, shares)))


def _natural_spline(knots: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Find the natural cubic spline as a function of its values at the m knots.

    Returns its values at z, (n, m), and its integrated squared second derivative, (m, m); Green and
    Silverman (1994), eq. (2.3) to (2.6).
    """
    step, m = np.diff(knots), len(knots)
    bend = np.zeros((m, m))  # second derivatives at the knots; 0 at both ends
    inner = np.arange(m - 2)
    second = np.zeros((m - 2, m))
    second[inner, inner] = 1 / step[:-1]
    second[inner, inner + 2] = 1 / step[1:]
    second[inner, inner + 1] = -(1 / step[:-1] + 1 / step[1:])
    band = np.diag((step[:-1] + step[1:]) / 3)
    band += np.diag(step[1:-1] / 6, 1) + np.diag(step[1:-1] / 6, -1)
    bend[1:-1] = np.linalg.solve(band, second)
    left = np.clip(np.searchsorted(knots, z, side="right") - 1, 0, m - 2)
    h = step[left, None]
    after = (z - knots[left])[:, None] / h
    before, one = 1 - after, np.eye(m)
    values = before * one[left] + after * one[left + 1]
    values += h**2 / 6 * ((before**3 - before) * bend[left] + (after**3 - after) * bend[left + 1])
    return values, second.T @ bend[1:-1]
