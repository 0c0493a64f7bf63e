"""The exact weights of given influence when the node's score is a weighted mean of full rows."""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Bools, Floats

TOLERANCE = 1e-11
"""A weight or a slope this little below zero is rounding."""

PULL = 1e-10
"""Weight of the pull towards the previous solution, which keeps collinear children apart."""

ROUNDS = 8
"""Each shrinks what the pull has cost by PULL over the squared smallest eigenvalue."""


def balance(correlation: Floats, target: Floats) -> tuple[Floats, Bools]:
    """Find u = w s (d, c) whose mean correlates with the children as the target (d, c) says.

    The children's correlations with the score are R u up to a factor. Fixing that factor by
    sum R u = 1 turns the parts into R u and the task into a convex problem with one optimum:
    minimise |R u - t|² subject to sum R u = 1, u >= 0. Where children are collinear its solutions
    are many; proximal steps from 0 then end at one of nearly the least |u|.

    Returns u and whether (d,) it meets the conditions of the optimum.
    """
    d, c = target.shape
    q = correlation.sum(axis=-2)
    normal = correlation @ correlation + PULL * np.eye(c)
    aim = (correlation @ target[..., None])[..., 0]
    free, u = target > 0, np.zeros((d, c))
    solved = np.ones(d, dtype=bool)
    for _ in range(ROUNDS):
        u, free, settled = _pivot(normal, q, aim + PULL * u, free, target > 0)
        solved &= settled
    u = np.maximum(u, 0.0)
    return u, solved & np.asarray((q * u).sum(axis=-1) > TOLERANCE)


def _pivot(
    normal: Floats, q: Floats, aim: Floats, free: Bools, within: Bools
) -> tuple[Floats, Bools, Bools]:
    """Minimise u normal u / 2 - aim u subject to q u = 1, u >= 0, and u = 0 unless within.

    By block principal pivoting: guess which u are zero, solve the linear system, swap those of the
    wrong sign; after a while one at a time, which ends. Returns u, which of them are free, and
    whether all signs are right.

    References
    ----------
    Júdice and Pires (1994), A block principal pivoting algorithm for large-scale strictly monotone
    linear complementarity problems. https://doi.org/10.1016/0305-0548(94)90106-6
    """
    free, u, open_ = free.copy(), np.zeros(aim.shape), np.ones(len(aim), dtype=bool)
    c = aim.shape[-1]
    for attempt in range(10 + 5 * c):
        at = np.flatnonzero(open_)
        u[at], slope = _solve(normal[at], q[at], aim[at], free[at])
        wrong = within[at] & (np.where(free[at], u[at], slope) < -TOLERANCE)
        if attempt >= 10:
            wrong &= np.arange(c) == c - 1 - wrong[:, ::-1].argmax(axis=1)[:, None]
        free[at] ^= wrong
        open_[at] = wrong.any(axis=1)
        if not open_.any():
            break
    return u, free, ~open_


def _solve(normal: Floats, q: Floats, aim: Floats, free: Bools) -> tuple[Floats, Floats]:
    """Solve the optimality system with u zero where not free: u and the slopes there, (d, c)."""
    d, c = aim.shape
    system = np.zeros((d, c + 1, c + 1))
    system[:, :c, :c] = np.where(free[:, :, None] & free[:, None, :], normal, 0.0)
    system[:, np.arange(c), np.arange(c)] += ~free
    system[:, :c, c] = system[:, c, :c] = np.where(free, q, 0.0)
    system[:, c, c] = np.where((free & (q != 0)).any(axis=1), 0.0, 1.0)
    wanted = np.concatenate([np.where(free, aim, 0.0), np.ones((d, 1))], axis=1)
    solution = np.linalg.solve(system, wanted[..., None])[..., 0]
    u = np.where(free, solution[:, :c], 0.0)
    slope = (normal @ u[..., None])[..., 0] - aim + solution[:, c:] * q
    return u, slope
