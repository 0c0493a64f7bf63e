"""The best and the worst rank a community can reach while shares move within bounds.

Effective weights are a polytope on which scores are linear; which communities are ahead is then a
matter of one binary variable for each.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from icfscore.methods.context import Bools, Floats
from icfscore.methods.sensitivity_trees import ShareTree

LEAD = 5e-6  # a lead counts from this share of the pair's widest: solvers are true to 1e-6
SAME = 1e-12  # pairs that never differ by more than this share of all scores' spread are level
_TOUCH = 1e-9  # arrears this small, by the same measure, are rounding of a tie
_SOLVE_ERROR = 4  # scipy's status of it
_REPAIRS = 100  # patterns that a solver's tolerance let through and that are then forbidden


@dataclass(frozen=True, slots=True, eq=False)
class Extreme:
    """A rank and effective weights (V,) at which it is reached.

    Attributes
    ----------
    proven
        False where the solver was stopped: then the rank is reached, but may not be the last word.
    """

    rank: int
    weights: Floats
    proven: bool


def extreme_rank(
    scores: Floats, row: int, tree: ShareTree, end: Literal["best", "worst"], node_limit: int
) -> Extreme:
    """Find the best or the worst rank that any allowed shares give a community.

    min (max) sum z_b over effective weights y in the polytope and z_b in {0, 1}, with d_b the
    scores of b minus the community's: d_b y <= hi_b z_b for the best rank, d_b y >= LEAD + (lo_b -
    LEAD)(1 - z_b) for the worst. lo_b and hi_b are the exact bounds of d_b y over the polytope (the
    tightest big M there is); a pair that they decide needs no variable.

    Parameters
    ----------
    scores
        (n, L) scores of the leaves, none missing.
    node_limit
        Nodes of the search tree before the solver is stopped.

    Edge behaviour
    --------------
    Ties share the best rank: a community is ahead only where its score is higher, so that the best
    rank may rest on ties. For the worst rank a lead counts from 5e-6 of the widest distance between
    the two (`LEAD`): a rank that only an even thinner slice of the shares gives is not found. Pairs
    that are level everywhere, to 1e-12 of all scores' spread, never overtake each other.

    References
    ----------
    Kadziński, Greco and Słowiński (2012), Extreme ranking analysis in robust ordinal regression.
    https://doi.org/10.1016/j.omega.2011.09.003
    Lorenz, Brauer and Lorenz (2016), Rank-optimal weighting, or how to be best in the OECD Better
    Life Index? https://arxiv.org/abs/1608.04556

    Examples
    --------
    >>> from icfscore.methods.sensitivity_trees import Family
    >>> scores = np.array([[9.0, 0.0], [0.0, 9.0], [4.0, 4.0]])
    >>> family = Family(2, np.array([0, 1]), np.zeros(2), np.ones(2))
    >>> tree = ShareTree((family,), n_leaves=2)
    >>> [extreme_rank(scores, row, tree, "best", 1000).rank for row in range(3)]
    [1, 1, 2]
    >>> [extreme_rank(scores, row, tree, "worst", 1000).rank for row in range(3)]
    [3, 3, 3]
    """
    differences = np.delete(scores, row, axis=0) - scores[row]
    high, low = tree.highest(differences), -tree.highest(-differences)
    widest = np.maximum(np.abs(high), np.abs(low))
    level = widest <= SAME * (scores.max() - scores.min())
    size = np.where(level, 1.0, widest)
    high, low = high / size, low / size
    always = ~level & (low > _TOUCH)
    open_pair = ~level & ~always & (high > (_TOUCH if end == "best" else LEAD))
    leads = (differences / size[:, None])[open_pair]
    contest = _Contest(tree, leads, low[open_pair], high[open_pair], end, node_limit)
    n_ahead, weights, proven = contest.settle()
    return Extreme(1 + int(always.sum()) + n_ahead, weights, proven)


@dataclass(frozen=True, slots=True, eq=False)
class _Contest:
    """The pairs that shares decide: leads (m, L) of the others, each scaled to 1 at the widest."""

    tree: ShareTree
    leads: Floats
    low: Floats
    high: Floats
    end: Literal["best", "worst"]
    node_limit: int

    def settle(self) -> tuple[int, Floats, bool]:
        """Find the fewest or the most that are ahead, weights that make them so, and if proven.

        A solver keeps constraints to some 1e-6 only. So each of its answers is tried: the leads (or
        arrears) it rests on are made as wide as they go, and where one of them has the wrong sign
        after all, that set of communities is ruled out and the search goes on.
        """
        behind = self.end == "best"
        enough = -_TOUCH if behind else LEAD / 2
        ruled_out: list[Bools] = []
        proven = True
        for _ in range(_REPAIRS):
            ahead, weights, finished = self._solve(ruled_out)
            proven = proven and finished
            resting_on = ~ahead if behind else ahead
            weights, width = self._widen(resting_on, weights)
            if width >= enough:
                break
            ruled_out.append(resting_on)
        else:
            proven = False
        return int(self._ahead(weights).sum()), weights, proven

    def _ahead(self, weights: Floats) -> Bools:
        """Tell who is ahead (m,) at effective weights (V,)."""
        counts_from = _TOUCH if self.end == "best" else LEAD / 2
        return np.asarray(self.leads @ weights[: self.tree.n_leaves] > counts_from)

    def _solve(self, ruled_out: list[Bools]) -> tuple[Bools, Floats, bool]:
        """Solve for who is ahead (m,) and effective weights (V,)."""
        m, v = len(self.leads), self.tree.n_members
        if self.end == "best":
            sense, big, least, most = 1.0, -self.high, np.full(m, -np.inf), np.zeros(m)
        else:
            sense, big, least, most = -1.0, self.low - LEAD, self.low, np.full(m, np.inf)
        rows = [(np.hstack([self._padded(), np.diag(big)]), least, most)]
        for resting_on in ruled_out:
            row = np.concatenate([np.zeros(v), sense * resting_on])[None]
            at_least = 1.0 if self.end == "best" else 1.0 - resting_on.sum()
            rows.append((row, np.array([at_least]), np.array([np.inf])))
        cost = np.concatenate([np.zeros(v), np.full(m, sense)])
        x, finished = self._minimise(cost, rows, 0.0, n_binary=m)
        if x is not None:
            return x[v:] > 0.5, x[:v], finished
        # Stopped before any answer: take some weights there are, and what they make of it.
        x, _ = self._minimise(np.zeros(v), [], 0.0, n_binary=0)
        weights = np.full(v, np.nan) if x is None else x
        return self._ahead(weights), weights, False

    def _widen(self, resting_on: Bools, weights: Floats) -> tuple[Floats, float]:
        """Find weights that make the least of some leads (or arrears) as wide as can be, and it."""
        if not resting_on.any():
            return weights, np.inf
        v, sign = self.tree.n_members, 1.0 if self.end == "best" else -1.0
        k = int(resting_on.sum())
        rows = np.column_stack([sign * self._padded()[resting_on], np.ones(k)])
        cost = np.append(np.zeros(v), -1.0)
        x, _ = self._minimise(cost, [(rows, np.full(k, -np.inf), np.zeros(k))], -1.0, n_binary=0)
        if x is None:
            return weights, -np.inf
        leads = self.leads[resting_on] @ x[: self.tree.n_leaves]
        return x[:v], float((-sign * leads).min())

    def _minimise(
        self, cost: Floats, rows: list[tuple[Floats, Floats, Floats]], least: float, n_binary: int
    ) -> tuple[Floats | None, bool]:
        """Minimise over effective weights (V,) and more from `least` to 1, some binary."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        v = self.tree.n_members
        polytope, *limits = map(np.array, zip(*self.tree.constraints(), strict=True))
        padded = np.hstack([polytope, np.zeros((len(polytope), len(cost) - v))])
        binary = (np.arange(len(cost)) >= len(cost) - n_binary).astype(np.int64)
        bounds = Bounds(np.where(np.arange(len(cost)) < v, 0.0, least), 1.0)
        constraints = [LinearConstraint(*p) for p in [(padded, *limits), *rows] if len(p[0])]
        found: Any = None
        for presolve in (True, False):  # HiGHS at times cannot undo what its presolve did
            options: Any = {"node_limit": self.node_limit, "mip_rel_gap": 0.0, "presolve": presolve}
            with _hushed():
                found = milp(
                    cost,
                    integrality=binary,
                    bounds=bounds,
                    constraints=constraints,
                    options=options,
                )
            if found.status != _SOLVE_ERROR:
                break
        if found.x is None:
            return None, False
        x = np.asarray(found.x)
        x[:v] = x[:v].clip(0.0)
        return x, found.status == 0

    def _padded(self) -> Floats:
        """Leads as rows over all members (m, V)."""
        inner = self.tree.n_members - self.tree.n_leaves
        return np.hstack([self.leads, np.zeros((len(self.leads), inner))])


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep the solver from writing to standard output, where only data goes.

    HiGHS prints a line of its own when it repairs a solution, whatever it is told
    (https://github.com/jump-dev/HiGHS.jl/issues/312).
    """
    try:
        kept = os.dup(1)
    except OSError:  # there is no standard output
        yield
        return
    try:
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 (a device, not a path)
            os.dup2(nowhere.fileno(), 1)
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
