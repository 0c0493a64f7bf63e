"""Whether any weights at all agree with a choice, and how far the best ones miss it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from icfscore.methods.backtest.choice import Choice
from icfscore.methods.context import Floats

LEAD = 1e-7  # of the scores' spread: a thinner margin is a solver's rounding


@dataclass(frozen=True, slots=True, eq=False)
class Compatibility:
    """The weights that miss a choice by least.

    Attributes
    ----------
    weights
        (c,) shares, summing to 1.
    slack
        Sum over the pairs of a chosen and another of how far the other is ahead, in score points.
    reversed_pairs
        Pairs in which the other is ahead by more than rounding.
    """

    weights: Floats
    slack: float
    reversed_pairs: int


def least_slack(x: Floats, chosen: Choice) -> Compatibility:
    """Find the weights that put the chosen ahead with the least total slack.

    min sum_ab s_ab  subject to  w (x_a - x_b) + s_ab >= 0, s_ab >= 0, w >= 0, sum w = 1, for every
    chosen a and every other b: the linear programme by which UTA fits weights to a given order.

    Parameters
    ----------
    x
        (n, c) scores of the children, none missing.
    chosen
        (n,) at least one true, at least one false.

    Edge behaviour
    --------------
    No slack means no pair reversed, perhaps with ties; whether the chosen can be strictly ahead is
    told by `is_separable`. Of several optima the one the solver ends at (HiGHS, deterministic).

    References
    ----------
    Jacquet-Lagrèze and Siskos (1982), Assessing a set of additive utility functions for
    multicriteria decision-making, the UTA method. https://doi.org/10.1016/0377-2217(82)90155-2

    Examples
    --------
    >>> found = least_slack(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([True, False]))
    >>> found.slack, found.reversed_pairs
    (0.0, 0)
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, eye_array, hstack

    scale = np.abs(x).max() or 1.0
    leads = _leads(x / scale, chosen)
    n_pairs, c = leads.shape
    parts: list[Any] = [csr_array(-leads), -eye_array(n_pairs)]
    rows: Any = hstack(parts, format="csr")
    cost = np.append(np.zeros(c), np.ones(n_pairs))
    total = np.append(np.ones(c), np.zeros(n_pairs))[None]
    found: Any = linprog(
        cost, A_ub=rows, b_ub=np.zeros(n_pairs), A_eq=total, b_eq=[1.0], method="highs"
    )
    weights = np.clip(found.x[:c], 0.0, None)
    weights /= weights.sum()
    behind = np.clip(-(leads @ weights), 0.0, None)
    behind[behind <= LEAD] = 0.0
    return Compatibility(weights, float(behind.sum() * scale), int((behind > 0).sum()))


def is_separable(x: Floats, chosen: Choice) -> bool:
    """Tell whether some weights put all chosen strictly ahead of all others.

    max t  subject to  w x_a >= m + t for the chosen, w x_b <= m for the others, w on the simplex:
    a linear programme, since putting a set on top asks nothing of the order within it.

    Parameters
    ----------
    x
        (n, c) scores of the children, none missing.
    chosen
        (n,) at least one true, at least one false.

    Edge behaviour
    --------------
    A community that is nowhere better than another cannot be ahead of it: where a chosen one is so
    placed, no programme is solved. A lead below 1e-7 of the scores' range counts as none.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [0.4, 0.4], [0.0, 1.0]])
    >>> is_separable(x, np.array([True, False, True]))
    True
    >>> is_separable(x, np.array([False, True, False]))
    False
    """
    from scipy.optimize import linprog

    if (x[chosen][:, None] <= x[~chosen]).all(axis=-1).any():
        return False
    scaled = (x - x.min()) / (np.ptp(x) or 1.0)
    n, c = scaled.shape
    sign = np.where(chosen, -1.0, 1.0)[:, None]
    rows = np.hstack([sign * scaled, -sign, chosen[:, None].astype(float)])
    cost = np.append(np.zeros(c + 1), -1.0)
    total = np.append(np.ones(c), [0.0, 0.0])[None]
    bounds = [(0, None)] * c + [(None, None), (None, 1)]
    found: Any = linprog(cost, rows, np.zeros(n), total, [1.0], bounds, method="highs")
    return bool(-found.fun > LEAD)


def _leads(x: Floats, chosen: Choice) -> Floats:
    """List the leads (k (n - k), c) of every chosen one over every other, child by child."""
    differences = x[chosen][:, None] - x[~chosen]
    return np.asarray(differences.reshape(-1, x.shape[1]))
