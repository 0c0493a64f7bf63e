"""Weights that make the children as influential as they should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Bools, Floats, Note, Siblings
from icfscore.methods.weigh.columns import Columns, correlations, information_notes, to_shares
from icfscore.methods.weigh.given import Given
from icfscore.methods.weigh.influence_of_means import balance
from icfscore.methods.weigh.influence_search import Aggregate, Influence, mean_of_present, search
from icfscore.sentences import say

AT_ONCE = 2_000_000
"""Numbers that the search may hold: it takes as many draws side by side as that allows."""

MISSED = 0.01
"""A part of the influence this far from its target is worth a warning."""


@dataclass(frozen=True, slots=True)
class EqualInfluence:
    """Weigh so that the children correlate with the node's score as much as they should.

    minimise sum_i (c_i / sum c - t_i)² over w >= 0, sum w = 1
    c_i = Pearson correlation of child i and the node's score under w

    The score is the node's own aggregation of the children. For a weighted mean without gaps the
    answer is exact: w = R⁻¹ t / s (R the correlation matrix, s the standard deviations), rescaled,
    where that is not negative, else the solution of a convex problem. Other aggregations are
    searched, draw by draw though side by side: least squares from three fixed starting points, then
    shifts of weight to and from single children. The same data give the same weights.

    Parameters
    ----------
    target
        `equal`: every child the same part, t = 1 / c. `given`: its given weight's share.

    Edge behaviour
    --------------
    The residual, the sum minimised, is always told; where a child's part misses its target by more
    than 0.01 (the optimum has zero weights, or the aggregation leaves no choice) it is a warning.
    Only weights under which the correlations have a positive sum are considered. Correlations are
    taken over the communities that have both values. A constant column has weight 0, with a
    warning, its target going to the others; if nothing varies the given weights are used, with a
    warning. Where collinear children leave many weights equally good, a weighted mean gets those
    with nearly the least sum of (w s)², twins the same. An aggregation that does not look at the
    weights gets the target shares. Ties and negative values need no care here.

    Raises
    ------
    MethodError
        Whatever the node's aggregation raises for these scores.

    References
    ----------
    Paruolo, Saisana and Saltelli (2013), Ratings and rankings: voodoo or science?
    https://doi.org/10.1111/j.1467-985X.2012.01059.x
    Becker, Saisana, Paruolo and Vandecasteele (2017), Weights and importance in composite
    indicators: closing the gap. https://doi.org/10.1016/j.ecolind.2017.03.056

    Examples
    --------
    >>> x = np.array([[1.0, 40.0], [2.0, 10.0], [3.0, 20.0], [4.0, 30.0]])
    >>> EqualInfluence()(x, Siblings.of(2)).round(6)
    array([0.909091, 0.090909])
    """

    target: Literal["equal", "given"] = "equal"
    kind: Literal["equal_influence"] = "equal_influence"

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh the children of x (…, n, c): shares (…, c)."""
        n, c = x.shape[-2:]
        flat = x.reshape(-1, n, c)
        side_by_side = max(AT_ONCE // (3 * (2 * c + 1) * n * c), 1)
        blocks = [flat[i : i + side_by_side] for i in range(0, len(flat), side_by_side)]
        weights = np.concatenate([self._optimum(block, siblings) for block in blocks])
        return weights.reshape(*x.shape[:-2], x.shape[-1])

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Tell the residual and the children without information."""
        varying = Columns.of(x).varying
        without = information_notes(np.where(varying, 1.0, 0.0), x)
        if not varying.any():
            return without
        target = self._targets(varying[None], siblings)
        problem = Influence(x[None], target, node_score(siblings))
        parts = problem.parts(self(x, siblings)[None, None])
        residual, missed = float(problem.misfit(parts)[0, 0]), np.abs(parts[0, 0] - target[0])
        text = say(
            "residual {residual:.3g} of the children's parts of the influence from their target",
            residual=residual,
        )
        if missed.max() <= MISSED:
            return (*without, Note(text, level="info"))
        if np.isnan(missed).any():
            text = say("the correlations of the children with the score have no positive sum")
            return (*without, Note(say("the target cannot be met: {reason}", reason=text)))
        worst = int(missed.argmax())
        return (
            *without,
            Note(
                say(
                    "the target cannot be met: {reason}; farthest off is {name} with "
                    "{part:.3f} for {target:.3f}",
                    reason=text,
                    name=siblings.names[worst],
                    part=parts[0, 0, worst],
                    target=target[0, worst],
                )
            ),
        )

    def _targets(self, varying: Bools, siblings: Siblings) -> Floats:
        """Share the target among the varying (d, c) children: (d, c)."""
        given = Given()(varying.astype(np.float64), siblings)
        wanted = np.full_like(given, 1 / len(given)) if self.target == "equal" else given
        return to_shares(np.where(varying, wanted, 0.0), siblings)

    def _optimum(self, x: Floats, siblings: Siblings) -> Floats:
        """Find the best weights (d, c) for x (d, n, c)."""
        columns = Columns.of(x)
        target = self._targets(columns.varying, siblings)
        several = columns.varying.sum(axis=-1) > 1
        if not several.any():
            return target
        balanced, solved = balance(correlations(columns), target)
        balanced = np.where(solved[:, None], balanced, target)
        weights = to_shares(per_spread(balanced, columns), siblings)
        rest = several & ~(solved & is_weighted_mean(x, siblings))
        if rest.any():
            even = to_shares(per_spread(target, columns), siblings)
            starts = np.stack([target, even, weights], axis=1)
            problem = Influence(x[rest], target[rest], node_score(siblings))
            weights[rest] = search(problem, starts[rest])
        return np.where(several[:, None], weights, target)


def per_spread(u: Floats, columns: Columns) -> Floats:
    """Divide u (d, c) by the columns' standard deviations, in units that cannot overflow."""
    used = (u > 0) & columns.varying
    span = np.where(used, columns.span, np.finfo(float).max)
    relative = span.min(axis=-1, keepdims=True) / span
    return np.where(used, u * relative / np.where(used, columns.sd, 1.0), 0.0)


def node_score(siblings: Siblings) -> Aggregate:
    """Take the node's aggregation; the weighted mean where there is none."""
    return mean_of_present if siblings.aggregate is None else siblings.aggregate


def is_weighted_mean(x: Floats, siblings: Siblings) -> Bools:
    """Try whether the node's score of x (d, n, c) is the plain weighted mean of full rows: (d,)."""
    full = np.asarray(~np.isnan(x).any(axis=(-2, -1)))
    if siblings.aggregate is None or not full.any():
        return full
    d, _, c = x.shape
    scale = np.maximum(np.abs(x).max(axis=(-2, -1), keepdims=True), np.finfo(float).tiny)
    uneven = np.arange(1.0, c + 1)
    for w in (uneven / uneven.sum(), uneven[::-1] ** 2 / (uneven**2).sum()):
        score = siblings.aggregate(x, np.broadcast_to(w, (d, c)))
        off = np.abs(score / scale[..., 0] - (x / scale) @ w)
        full &= np.asarray((off < 1e-9).all(axis=-1))
    return full
