"""The search for weights that give each child its part of the influence on the node's score.

All arrays carry problems on axis 0 (draws, and starting points of the same draw); each problem
moves and stops for itself, so that stacking changes no result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Bools, Floats

Aggregate = Callable[[Floats, Floats], Floats]

STEP = 1e-4
"""Step of the one-sided, second-order differences: errors of some 1e-8 in the slope."""

PERFECT = 1e-26
"""A misfit below this is rounding: the target is met."""

DAMPING = np.array([1e-3, 1e-1, 1.0, 1e1, 1e3])
"""Factors of the current damping that every step tries side by side."""

LEAST_DAMPING = 1e-12
"""Scaling all weights alike changes nothing: without damping the step would not be unique."""

REACH = (0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4)
"""Shares of the whole weight that the final search shifts from all children to one, or from one."""


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """How far weights of c children are from the influence they should have.

    Attributes
    ----------
    x
        (d, n, c) children's scores, NaN where missing.
    target
        (d, c) the part of the sum of correlations that each child should have; 0 for constant ones.
    aggregate
        The node's score (…, n) from columns (…, n, c) and weights (…, c).
    """

    x: Floats
    target: Floats
    aggregate: Aggregate

    def parts(self, w: Floats) -> Floats:
        """Take each child's part of the sum of correlations with the score: (d, k, c).

        w (d, k, c) are k sets of weights for each problem. NaN where the score is constant or the
        sum of the correlations is not positive.
        """
        x = np.broadcast_to(self.x[:, None], (*w.shape[:2], *self.x.shape[-2:]))
        score = self.aggregate(x, w)
        largest = np.fmax.reduce(np.abs(score), axis=-1, keepdims=True)
        score = score / np.where(largest > 0, largest, 1.0)
        correlation = np.where(self.target[:, None] > 0, paired_correlations(x, score), 0.0)
        total = correlation.sum(axis=-1, keepdims=True)
        return np.where(total > 1e-9, correlation / np.where(total > 1e-9, total, 1.0), np.nan)

    def misfit(self, parts: Floats) -> Floats:
        """Sum the squared differences of parts (d, k, c) from the target: (d, k), inf for NaN."""
        squared = ((parts - self.target[:, None]) ** 2).sum(axis=-1)
        return np.where(np.isnan(squared), np.inf, squared)

    def take(self, chosen: Bools) -> Influence:
        """Keep the chosen (d,) problems."""
        return Influence(self.x[chosen], self.target[chosen], self.aggregate)


def paired_correlations(x: Floats, score: Floats) -> Floats:
    """Correlate scores (…, n) with columns x (…, n, c) over the rows that have both: (…, c)."""
    both = ~np.isnan(x) & ~np.isnan(score)[..., None]
    count = np.maximum(both.sum(axis=-2, keepdims=True), 1)
    top = np.fmax.reduce(np.abs(x), axis=-2, keepdims=True)
    a = np.where(both, x / np.where(top > 0, top, 1.0), 0.0)
    b = np.where(both, score[..., None], 0.0)
    a = np.where(both, a - a.sum(axis=-2, keepdims=True) / count, 0.0)
    b = np.where(both, b - b.sum(axis=-2, keepdims=True) / count, 0.0)
    aa, bb = (a * a).sum(axis=-2), (b * b).sum(axis=-2)
    known = (aa > 1e-28 * count[..., 0, :]) & (bb > 1e-28 * count[..., 0, :])
    norm = np.sqrt(np.where(known, aa, 1.0)) * np.sqrt(np.where(known, bb, 1.0))
    return np.where(known, (a * b).sum(axis=-2) / norm, 0.0)


def mean_of_present(x: Floats, w: Floats) -> Floats:
    """Take the weighted mean of what is there of x (…, n, c) by w (…, c): (…, n)."""
    there = np.where(np.isnan(x), 0.0, w[..., None, :])
    total = there.sum(axis=-1)
    score = (np.where(np.isnan(x), 0.0, x) * there).sum(axis=-1)
    return np.where(total > 0, score / np.where(total > 0, total, 1.0), np.nan)


def search(problem: Influence, starts: Floats) -> Floats:
    """Find the best weights (d, c) from starts (d, s, c): descend from each, keep the best.

    Levenberg-Marquardt on the parts, weights projected to the simplex, then a search by shifting
    weight to and from single children, which also serves aggregations without slopes (ranks).
    """
    d, s, c = starts.shape
    many = Influence(
        np.repeat(problem.x, s, axis=0), np.repeat(problem.target, s, axis=0), problem.aggregate
    )
    ends, misfits = _descend(many, starts.reshape(d * s, c))
    best = misfits.reshape(d, s).argmin(axis=1) + s * np.arange(d)
    w, misfit = ends[best], misfits[best]
    rough = misfit > PERFECT
    if rough.any():
        w[rough] = _shift(problem.take(rough), w[rough], misfit[rough])
    return np.asarray(w)


def _descend(problem: Influence, w: Floats, iterations: int = 100) -> tuple[Floats, Floats]:
    """Run the damped Gauss-Newton steps from w (p, c): weights (p, c) and misfits (p,)."""
    w, damping = w.copy(), np.full(len(w), 1e-2)
    misfit = problem.misfit(problem.parts(w[:, None]))[:, 0]
    moving = (misfit > PERFECT) & np.isfinite(misfit)
    for _ in range(iterations):
        if not moving.any():
            break
        now = problem.take(moving)
        tried = np.maximum(damping[moving][:, None] * DAMPING, LEAST_DAMPING)
        candidates = _steps(now, w[moving], tried)
        misfits = now.misfit(now.parts(candidates))
        best = misfits.argmin(axis=1)
        at = np.arange(len(best))
        old, new = misfit[moving], misfits[at, best]
        better = new < old
        w[moving] = np.where(better[:, None], candidates[at, best], w[moving])
        misfit[moving] = np.where(better, new, old)
        damping[moving] = np.where(better, tried[at, best] / 3, damping[moving] * 1e4)
        gained = better & (old - new > 1e-13 * old)
        stuck = ~gained & ((damping[moving] > 1e8) | better)
        moving[moving] = ~stuck & (misfit[moving] > PERFECT)
    return w, misfit


def _steps(problem: Influence, w: Floats, damping: Floats) -> Floats:
    """Propose weights (p, k, c) from w (p, c), one for each damping (p, k)."""
    free = problem.target > 0
    residual = problem.parts(w[:, None])[:, 0] - problem.target
    slope = _slopes(problem, w)
    gradient = (slope @ residual[..., None])[..., 0]
    free &= (w > 0) | (gradient < 0)
    slope = np.where(free[..., None], slope, 0.0)
    gradient = np.where(free, gradient, 0.0)
    normal = slope @ np.swapaxes(slope, -1, -2)
    size = np.trace(normal, axis1=-2, axis2=-1) / w.shape[-1]
    ridge = np.where(size > 0, size, 1.0)[:, None] * damping
    damped = normal[:, None] + ridge[..., None, None] * np.eye(w.shape[-1])
    step = np.linalg.solve(damped, np.repeat(gradient[:, None], ridge.shape[1], axis=1)[..., None])
    return _on_simplex(w[:, None] - step[..., 0], w)


def _slopes(problem: Influence, w: Floats) -> Floats:
    """Differentiate the parts by a shift of all weight towards each child: (p, child, part)."""
    towards = np.eye(w.shape[-1]) - w[:, None]
    near, far = w[:, None] + STEP * towards, w[:, None] + 2 * STEP * towards
    parts = problem.parts(np.concatenate([w[:, None], near, far], axis=1))
    c = w.shape[-1]
    slope = (4 * parts[:, 1 : c + 1] - parts[:, c + 1 :] - 3 * parts[:, :1]) / (2 * STEP)
    return np.where(np.isnan(slope), 0.0, slope)


def _on_simplex(raw: Floats, w: Floats) -> Floats:
    """Cut raw weights (p, k, c) at 0 and rescale; back to w (p, c) where nothing is left."""
    cut = np.maximum(raw, 0.0)
    total = cut.sum(axis=-1, keepdims=True)
    return np.where(total > 0, cut / np.where(total > 0, total, 1.0), w[:, None])


def _shift(problem: Influence, w: Floats, misfit: Floats) -> Floats:
    """Improve w (p, c) by shifting ever smaller shares of weight while that helps."""
    w, misfit = w.copy(), misfit.copy()
    c = w.shape[-1]
    allowed = problem.target > 0
    for reach in REACH:
        moving = np.ones(len(w), dtype=bool)
        for _ in range(20):
            now = w[moving][:, None]
            onto = (1 - reach) * now + reach * np.eye(c)
            candidates = np.concatenate([onto, now - reach * np.eye(c)], axis=1)
            candidates = _on_simplex(np.where(allowed[moving][:, None], candidates, 0.0), w[moving])
            part = problem.take(moving)
            misfits = part.misfit(part.parts(candidates))
            best = misfits.argmin(axis=1)
            at = np.arange(len(best))
            better = misfits[at, best] < misfit[moving] * (1 - 1e-9)
            w[moving] = np.where(better[:, None], candidates[at, best], w[moving])
            misfit[moving] = np.where(better, misfits[at, best], misfit[moving])
            moving[moving] = better
            if not moving.any():
                break
    return w
