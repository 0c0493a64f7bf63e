"""The multivariate normal distribution that incomplete data most likely come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Bools, Floats

ITERATIONS = 10_000
TOLERANCE = 1e-10
SMALLEST_EIGENVALUE = 1e-10
RIDGE_PER_COLUMN = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class NormalFit:
    """Maximum-likelihood estimates of d draws of incomplete data.

    Attributes
    ----------
    mean
        (d, q).
    covariance
        (d, q, q), divisor n.
    filled
        (d, n, q) the data, gaps at their conditional means.
    settled
        (d,) False where the iterations ended before the estimates came to rest.
    ridged
        (d,) True where the covariance was singular and a ridge was needed.
    """

    mean: Floats
    covariance: Floats
    filled: Floats
    settled: Bools
    ridged: Bools


def fit_normal(z: Floats, missing: Bools) -> NormalFit:
    """Fit draws z (d, n, q), standardised, with gaps at `missing` (n, q), by EM.

    Where there is no maximum, a ridge makes one; see `ExpectationMaximisation`.
    """
    n = int((~missing.all(axis=1)).sum())
    ridge = RIDGE_PER_COLUMN * missing.shape[1] / n
    if not has_maximum(missing):
        return _iterate(z, missing, ridge)
    plain = _iterate(z, missing, 0.0)
    if plain.ridged.any():
        again = _iterate(z[plain.ridged], missing, ridge)
        plain.mean[plain.ridged] = again.mean
        plain.covariance[plain.ridged] = again.covariance
        plain.filled[plain.ridged] = again.filled
        plain.settled[plain.ridged] = again.settled
    return plain


def has_maximum(missing: Bools) -> bool:
    """Tell whether gaps (n, q) leave the likelihood bounded, unless columns are dependent.

    It is not where a row's p observed columns are observed together in no more than p rows: a
    hyperplane through these rows can be given all the density.
    """
    seen = ~missing[~missing.all(axis=1)]
    together = (seen[:, None, :] <= seen[None, :, :]).all(axis=-1).sum(axis=1)
    return bool((together > seen.sum(axis=1)).all())


def _iterate(z: Floats, missing: Bools, ridge: float) -> NormalFit:
    """Iterate E and M steps until no estimate moves; with ridge 0 stop at singular covariances.

    The error left is judged from the last step and its ratio to the one before, since EM converges
    linearly.
    """
    d, n, q = z.shape
    mean, covariance = np.zeros((d, q)), np.tile(np.eye(q), (d, 1, 1))
    filled = np.where(missing, 0.0, z)
    last, settled, singular = np.ones(d), np.zeros(d, dtype=bool), np.zeros(d, dtype=bool)
    moving = np.arange(d)
    for _ in range(ITERATIONS):
        if ridge == 0:
            stuck = _singular_where_observed(covariance[moving], missing)
            singular[moving[stuck]] = True
            moving = moving[~stuck]
        if not moving.size:
            break
        now, spread = _expect(filled[moving], missing, mean[moving], covariance[moving])
        new_mean = now.mean(axis=1)
        centred = now - new_mean[:, None, :]
        new_covariance = (centred.swapaxes(1, 2) @ centred + spread) / n
        new_covariance = (new_covariance + ridge * np.eye(q)) / (1 + ridge)
        step = np.maximum(
            np.abs(new_mean - mean[moving]).max(axis=1),
            np.abs(new_covariance - covariance[moving]).max(axis=(1, 2)),
        )
        filled[moving], mean[moving], covariance[moving] = now, new_mean, new_covariance
        ratio = np.clip(step / last[moving], 0.0, 0.9999)
        last[moving] = np.maximum(step, 1e-300)
        done = step * np.maximum(ratio / (1 - ratio), 1.0) < TOLERANCE
        settled[moving[done]] = True
        moving = moving[~done]
    filled, _ = _expect(filled, missing, mean, covariance)
    ridged = singular if ridge == 0 else np.ones(d, dtype=bool)
    return NormalFit(mean, covariance, filled, settled, ridged)


def _expect(
    filled: Floats, missing: Bools, mean: Floats, covariance: Floats
) -> tuple[Floats, Floats]:
    """Fill gaps with conditional means (d, n, q); sum up their conditional covariances (d, q, q).

    Rows with the same gaps share one regression of the missing columns on the observed ones.
    """
    filled, spread = filled.copy(), np.zeros_like(covariance)
    for gaps in np.unique(missing[missing.any(axis=1)], axis=0):
        rows = np.flatnonzero((missing == gaps).all(axis=1))
        gone, seen = np.flatnonzero(gaps), np.flatnonzero(~gaps)
        across = covariance[:, seen[:, None], gone]
        slopes = _solve(covariance[:, seen[:, None], seen], across)
        residual = covariance[:, gone[:, None], gone] - across.swapaxes(1, 2) @ slopes
        spread[:, gone[:, None], gone] += len(rows) * residual
        distance = filled[:, rows[:, None], seen] - mean[:, None, seen]
        filled[:, rows[:, None], gone] = mean[:, None, gone] + distance @ slopes
    return filled, spread


def _solve(matrices: Floats, right: Floats) -> Floats:
    """Solve each draw's equations; draws known to be singular elsewhere must not stop the rest."""
    try:
        return np.asarray(np.linalg.solve(matrices, right))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(matrices, hermitian=True) @ right)


def _singular_where_observed(covariance: Floats, missing: Bools) -> Bools:
    """Find the draws (d,) in which the observed columns of a row with gaps are dependent."""
    suspect = np.linalg.eigvalsh(covariance)[:, 0] < SMALLEST_EIGENVALUE
    for draw in np.flatnonzero(suspect):
        suspect[draw] = any(
            np.linalg.eigvalsh(covariance[draw][np.ix_(~gaps, ~gaps)])[0] < SMALLEST_EIGENVALUE
            for gaps in np.unique(missing[missing.any(axis=1)], axis=0)
            if not gaps.all()
        )
    return np.asarray(suspect)
