"""Weights from the points that experts give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import ChildName, Floats, Note, Siblings
from icfscore.methods.weigh.given import Given
from icfscore.methods.weigh.judgement import cut_notes, cut_to_scored
from icfscore.sentences import say

STRONG_DISAGREEMENT = 0.5
"""Kendall's W below this is worth a warning: the mean stands for no one."""


@dataclass(frozen=True, slots=True)
class BudgetAllocation:
    """Weigh by points that experts allot, each expert counting the same (BAP).

    w_j = mean over experts of points_j / sum over siblings of points

    Parameters
    ----------
    experts
        By expert, by node or indicator the points: any numbers >= 0, a hundred for a node's
        children by custom. Nodes whose children nobody scores keep their given weights.

    Edge behaviour
    --------------
    Does not look at the data. An expert who scored some of a node's children gives 0 to the others;
    one who scored none has no say there. Shares are taken over all children of the node, then cut
    to those that are scored and rescaled. From two experts on, Kendall's coefficient of concordance
    W of their rankings, corrected for ties, is told: a warning below 0.5.

    Raises
    ------
    ValueError
        Without experts, or for points that are negative or not finite.
    MethodError
        If an expert's points for a node's children are all 0, or the scored children have none.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, section 6.5.
    https://doi.org/10.1787/9789264043466-en
    Kendall and Babington Smith (1939), The problem of m rankings.
    https://doi.org/10.1214/aoms/1177732186

    Examples
    --------
    >>> bap = BudgetAllocation({"An": {"x1": 60, "x2": 40}, "Bo": {"x1": 10, "x2": 10}})
    >>> bap(np.zeros((4, 2)), Siblings.of(2))
    array([0.55, 0.45])
    """

    experts: Mapping[str, Mapping[ChildName, float]]
    kind: Literal["budget_allocation"] = "budget_allocation"

    def __post_init__(self) -> None:
        """Check the points."""
        if not self.experts:
            raise ValueError(say("experts must name at least one expert"))
        for expert, points in self.experts.items():
            for node, given in points.items():
                if not (np.isfinite(given) and given >= 0):
                    raise ValueError(
                        say(
                            "experts: {expert}: the points for '{node}' must be a number from "
                            "0, found {given:g}",
                            expert=expert,
                            node=node,
                            given=given,
                        )
                    )

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh c children: shares (c,)."""
        children, points = self._points(siblings)
        if not points.size:
            return Given()(x, siblings)
        w = (points / points.sum(axis=1, keepdims=True)).mean(axis=0)
        return cut_to_scored(children, w, siblings, "experts")

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Tell how far the experts agree."""
        del x
        children, points = self._points(siblings)
        if not points.size:
            return ()
        told = [any(name in given for given in self.experts.values()) for name in children]
        idle = cut_notes(list(compress(children, told)), siblings)
        w = concordance(points[:, told])
        if w is None:
            return idle
        text = say(
            "Kendall's W of the {count} experts' rankings is {w:.3f}", count=len(points), w=w
        )
        if w < STRONG_DISAGREEMENT:
            text = say(
                "the experts disagree strongly: {agreement} (0 none, 1 full agreement)",
                agreement=text,
            )
            return (Note(text), *idle)
        return (Note(text, level="info"), *idle)

    def _points(self, siblings: Siblings) -> tuple[tuple[str, ...], Floats]:
        """Collect the node's children (k) and the points (m, k) of the m experts on any of them."""
        children = siblings.declared or siblings.names
        rows = []
        for expert, given in self.experts.items():
            if not any(name in given for name in children):
                continue
            row = np.array([float(given.get(name, 0.0)) for name in children])
            if not row.max() > 0:
                raise MethodError(
                    say(
                        "experts: {expert} gives the children of {node} no points at all",
                        expert=expert,
                        node=siblings.node,
                    ),
                    remedy=say("give at least one of them points, or leave them all out"),
                )
            rows.append(row / row.max())
        return children, np.array(rows)


def concordance(points: Floats) -> float | None:
    """Compute Kendall's W of the rankings of k items by m judges from points (m, k).

    W = 12 S / (m² (k³ - k) - m sum(t³ - t)), S the squared deviations of the rank sums, t the sizes
    of the ties. None for a single judge or item, or where everyone ties everything.
    """
    m, k = points.shape
    if m < 2:
        return None
    below = (points[:, :, None] > points[:, None, :]).sum(axis=2)
    alike = (points[:, :, None] == points[:, None, :]).sum(axis=2)
    rank_sums = (below + (alike + 1) / 2).sum(axis=0)
    ties = (alike.astype(float) ** 2 - 1).sum()  # each of t tied items adds t² - 1
    possible = m * m * (k**3 - k) - m * ties
    if possible < 0.5:
        return None
    return float(12 * ((rank_sums - rank_sums.mean()) ** 2).sum() / possible)
