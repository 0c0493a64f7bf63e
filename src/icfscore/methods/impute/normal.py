"""The multivariate normal distribution that incomplete data most likely come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Bools, Floats, Ints

ITERATIONS = 10_000
STEPS_A_JUMP = 3
SHRUNK_AT_MOST = 0.1  # the smallest eigenvalue, by a jump
SLOWEST = 0.9999  # of a step by the one before it; no jump is longer than this calls for
TOLERANCE = 1e-12
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

    Two steps say how fast EM, which converges linearly, comes to rest: the error left follows from
    it, and how far ahead the estimates may jump (SQUAREM's third step length). A jump is taken only
    to a covariance that is well clear of singular, and where EM then moves less than before it.
    The next two steps start from there.
    """
    d, _, q = z.shape
    known = np.where(missing, 0.0, z)
    at = _Estimates(np.zeros((d, q)), np.tile(np.eye(q), (d, 1, 1)))
    settled, singular = np.zeros(d, dtype=bool), np.zeros(d, dtype=bool)
    moving, shapes = np.arange(d), _shapes(missing)
    for _ in range(ITERATIONS // STEPS_A_JUMP):
        if ridge == 0:
            stuck = _singular_where_observed(at.covariance[moving], shapes)
            singular[moving[stuck]] = True
            moving = moving[~stuck]
        if not moving.size:
            break
        start, data = at.of(moving), known[moving]
        once = _maximise(data, shapes, start, ridge)
        twice = _maximise(data, shapes, once, ridge)
        first, second = once.away_from(start), twice.away_from(once)
        ratio = np.clip(second / np.maximum(first, 1e-300), 0.0, SLOWEST)
        done = second * np.maximum(ratio / (1 - ratio), 1.0) < TOLERANCE
        at.put(moving, twice)
        settled[moving[done]] = True
        on = np.flatnonzero(~done)
        moving = moving[on]
        jump = _jump(start.of(on), once.of(on), twice.of(on))
        beyond = _maximise(data[on], shapes, jump, ridge)
        better = np.flatnonzero(beyond.away_from(jump) < second[on])
        at.put(moving[better], beyond.of(better))
    filled, _ = _expect(known, shapes, at)
    ridged = singular if ridge == 0 else np.ones(d, dtype=bool)
    return NormalFit(at.mean, at.covariance, filled, settled, ridged)


@dataclass(frozen=True, slots=True, eq=False)
class _Estimates:
    """Means (d, q) and covariances (d, q, q) of d draws."""

    mean: Floats
    covariance: Floats

    def of(self, draws: Ints) -> _Estimates:
        return _Estimates(self.mean[draws], self.covariance[draws])

    def put(self, draws: Ints, other: _Estimates) -> None:
        self.mean[draws], self.covariance[draws] = other.mean, other.covariance

    def away_from(self, other: _Estimates) -> Floats:
        """Give the largest difference (d,) of any estimate."""
        means = np.abs(self.mean - other.mean).max(axis=1)
        return np.asarray(
            np.maximum(means, np.abs(self.covariance - other.covariance).max(axis=(1, 2)))
        )


def _maximise(known: Floats, shapes: list[_Shape], at: _Estimates, ridge: float) -> _Estimates:
    """Take one E and one M step."""
    filled, spread = _expect(known, shapes, at)
    mean = filled.mean(axis=1)
    centred = filled - mean[:, None, :]
    covariance = (centred.swapaxes(1, 2) @ centred + spread) / known.shape[1]
    return _Estimates(mean, (covariance + ridge * np.eye(mean.shape[1])) / (1 + ridge))


def _jump(start: _Estimates, once: _Estimates, twice: _Estimates) -> _Estimates:
    """Extrapolate two steps; where that nears a singular covariance, stay at the second."""
    mean_step, mean_turn = once.mean - start.mean, twice.mean - 2 * once.mean + start.mean
    step = once.covariance - start.covariance
    turn = twice.covariance - 2 * once.covariance + start.covariance
    length = np.sqrt((mean_step**2).sum(axis=1) + (step**2).sum(axis=(1, 2)))
    bend = np.sqrt((mean_turn**2).sum(axis=1) + (turn**2).sum(axis=(1, 2)))
    longest = 1 / (1 - SLOWEST)
    far = np.maximum(length / np.maximum(bend, length / longest + 1e-300), 1.0)[:, None]
    mean = start.mean + 2 * far * mean_step + far**2 * mean_turn
    far = far[..., None]
    covariance = start.covariance + 2 * far * step + far**2 * turn
    least = SHRUNK_AT_MOST * np.linalg.eigvalsh(twice.covariance)[:, 0]
    safe = np.linalg.eigvalsh(covariance)[:, 0] > least
    return _Estimates(
        np.where(safe[:, None], mean, twice.mean),
        np.where(safe[:, None, None], covariance, twice.covariance),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """Rows that lack the same columns."""

    rows: Ints
    gone: Ints
    seen: Ints


def _shapes(missing: Bools) -> list[_Shape]:
    """Group the rows of gaps (n, q) that have any by which columns they lack."""
    return [
        _Shape(
            np.flatnonzero((missing == gaps).all(axis=1)),
            np.flatnonzero(gaps),
            np.flatnonzero(~gaps),
        )
        for gaps in np.unique(missing[missing.any(axis=1)], axis=0)
    ]


def _expect(known: Floats, shapes: list[_Shape], at: _Estimates) -> tuple[Floats, Floats]:
    """Fill gaps with conditional means (d, n, q); sum up their conditional covariances (d, q, q).

    Rows with the same gaps share one regression of the missing columns on the observed ones.
    """
    mean, covariance = at.mean, at.covariance
    filled, spread = known.copy(), np.zeros_like(covariance)
    for shape in shapes:
        rows, gone, seen = shape.rows, shape.gone, shape.seen
        across = covariance[:, seen[:, None], gone]
        slopes = _solve(covariance[:, seen[:, None], seen], across)
        residual = covariance[:, gone[:, None], gone] - across.swapaxes(1, 2) @ slopes
        spread[:, gone[:, None], gone] += len(rows) * residual
        distance = known[:, rows[:, None], seen] - mean[:, None, seen]
        filled[:, rows[:, None], gone] = mean[:, None, gone] + distance @ slopes
    return filled, spread


def _solve(matrices: Floats, right: Floats) -> Floats:
    """Solve each draw's equations; draws known to be singular elsewhere must not stop the rest."""
    try:
        return np.asarray(np.linalg.solve(matrices, right))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(matrices, hermitian=True) @ right)


def _singular_where_observed(covariance: Floats, shapes: list[_Shape]) -> Bools:
    """Find the draws (d,) in which the observed columns of a row with gaps are dependent."""
    suspect = np.linalg.eigvalsh(covariance)[:, 0] < SMALLEST_EIGENVALUE
    for draw in np.flatnonzero(suspect):
        suspect[draw] = any(
            np.linalg.eigvalsh(covariance[draw][np.ix_(shape.seen, shape.seen)])[0]
            < SMALLEST_EIGENVALUE
            for shape in shapes
            if shape.seen.size
        )
    return np.asarray(suspect)
