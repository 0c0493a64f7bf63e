"""Many small linear programmes at once, each answer checked by its dual.

Every community has a programme of its own in every draw: a few variables, as many constraints as
there are communities. Solving them one by one costs milliseconds each; pivoting all tableaux
together costs microseconds. What does not prove to be the optimum goes to HiGHS.
"""

from __future__ import annotations

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import Bools, Floats, Ints
from icfscore.sentences import say

PIVOT = 1e-11  # smaller numbers in a tableau scaled to 1 count as 0
PROOF = 1e-9  # largest violation of primal or dual, and largest gap between them


def maximise(gain: Floats, a: Floats, b: Floats) -> Floats:
    """Maximise gain v subject to a v <= b, v >= 0, for every programme: the optima (p,).

    Parameters
    ----------
    gain, a, b
        Shapes (p, c), (p, m, c) and (p, m); b >= 0, so that v = 0 is feasible; rows of a scaled to
        largest coefficients around 1.

    Raises
    ------
    MethodError
        For a programme that HiGHS cannot solve either, such as one without a finite optimum.
    """
    scale = np.maximum(b.max(axis=-1, initial=0.0), np.finfo(np.float64).tiny)
    optimum, proven = _pivot(gain, a, b / scale[:, None])
    for p in np.flatnonzero(~proven):
        optimum[p] = _maximise_by_highs(gain[p], a[p], b[p] / scale[p])
    return np.asarray(optimum * scale)


def _pivot(gain: Floats, a: Floats, b: Floats) -> tuple[Floats, Bools]:
    """Run the simplex method on all programmes: optima (p,) and whether they are proven."""
    p, m, c = a.shape
    table, right, cost = a.copy(), b.copy(), gain.copy()
    outside = np.tile(np.arange(c), (p, 1))  # variables at 0; c + i is the slack of constraint i
    basis = np.tile(np.arange(c, c + m), (p, 1))
    running = np.arange(p)
    for step in range(20 * c + 20):
        running = running[(cost[running] > PIVOT).any(axis=-1)]
        if not running.size:
            break
        bland = step > 5 * c  # Bland's rule cannot cycle
        enter = _entering(cost[running], outside[running], bland=bland)
        leave = _leaving(table[running], right[running], basis[running], enter, bland=bland)
        bound = table[running, leave, enter] > PIVOT  # nothing in the way: give up, unproven
        running, enter, leave = running[bound], enter[bound], leave[bound]
        _exchange(table, right, cost, running, leave, enter)
        outside[running, enter], basis[running, leave] = (
            basis[running, leave],
            outside[running, enter],
        )
    v = _by_label(basis, right, c + m)[:, :c]
    y = _by_label(outside, -cost, c + m)[:, c:]
    return np.einsum("pc,pc->p", gain, v), _proven(gain, a, b, v, y)


def _entering(cost: Floats, outside: Ints, *, bland: bool) -> Ints:
    """Choose the variable to bring in: the largest gain, or the first by number."""
    if bland:
        return np.asarray(np.where(cost > PIVOT, outside, outside.max() + 1).argmin(axis=-1))
    return np.asarray(cost.argmax(axis=-1))


def _leaving(table: Floats, right: Floats, basis: Ints, enter: Ints, *, bland: bool) -> Ints:
    """Choose the constraint that binds first; among equals the largest pivot, or by number."""
    column = np.take_along_axis(table, enter[:, None, None], axis=-1)[..., 0]
    usable = column > PIVOT
    step = np.where(usable, np.maximum(right, 0) / np.where(usable, column, 1.0), np.inf)
    shortest = step.min(axis=-1, keepdims=True)
    binding = usable & (step <= shortest * (1 + 1e-12))
    if bland:
        return np.asarray(np.where(binding, basis, basis.max() + 1).argmin(axis=-1))
    return np.asarray(np.where(binding, column, 0.0).argmax(axis=-1))


def _exchange(
    table: Floats, right: Floats, cost: Floats, running: Ints, leave: Ints, enter: Ints
) -> None:
    """Exchange a variable and a constraint in the running tableaux, in place."""
    some = np.arange(running.size)
    t, r, k = table[running], right[running], cost[running]
    column = t[some, :, enter]
    pivot = column[some, leave]
    row = t[some, leave] / pivot[:, None]
    row[some, enter] = 1 / pivot
    level = r[some, leave] / pivot
    t[some, :, enter] = 0.0
    t -= column[:, :, None] * row[:, None, :]
    r -= column * level[:, None]
    gained = k[some, enter]
    k[some, enter] = 0.0
    k -= gained[:, None] * row
    t[some, leave], r[some, leave] = row, level
    table[running], right[running], cost[running] = t, r, k


def _by_label(labels: Ints, values: Floats, size: int) -> Floats:
    """Lay values (p, k) out by the variable that each belongs to: (p, size), 0 elsewhere."""
    laid_out = np.zeros((labels.shape[0], size))
    np.put_along_axis(laid_out, labels, values, axis=-1)
    return laid_out


def _proven(gain: Floats, a: Floats, b: Floats, v: Floats, y: Floats) -> Bools:
    """Check weak duality: v and y feasible and of one value are both optimal."""
    primal, dual = np.einsum("pc,pc->p", gain, v), np.einsum("pm,pm->p", b, y)
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (np.einsum("pmc,pc->pm", a, v) <= b + PROOF * np.maximum(b, primal[:, None])).all(-1)
            & (np.einsum("pmc,pm->pc", a, y) >= gain - PROOF).all(axis=-1)
            & (v >= -PROOF * primal[:, None]).all(axis=-1)
            & (y >= -PROOF).all(axis=-1)
            & (np.abs(primal - dual) <= PROOF * np.maximum(primal, dual))
        )


def _maximise_by_highs(gain: Floats, a: Floats, b: Floats) -> float:
    """Solve one programme by HiGHS."""
    from scipy.optimize import linprog  # slow to load, seldom needed

    solved = linprog(-gain, A_ub=a, b_ub=b, method="highs")
    if not solved.success or solved.fun is None:
        raise MethodError(
            say(
                "the linear programme for the most favourable weights failed: {message}",
                message=solved.message,
            ),
            remedy=say("normalise first, or widen the bounds on the shares"),
        )
    return float(-solved.fun)
