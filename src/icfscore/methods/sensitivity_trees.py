"""The shares that are allowed along a tree, as one polytope.

Shares along a tree, multiplied from the root down, are *effective weights*: non-negative, each
family's summing to its parent's. Bounds on a child's share bound its effective weight by multiples
of the parent's, so that all shares together are a polytope, however deep the tree is, and scores
are linear on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Floats, Ints

MEET = 1e-9  # bounds whose sums miss 1 by less are meant to meet it


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The children of one node.

    Attributes
    ----------
    parent
        Position of the node.
    children
        (c,) positions of its children.
    lower, upper
        (c,) bounds of their shares; equal where a share is fixed.
    """

    parent: int
    children: Ints
    lower: Floats
    upper: Floats

    @property
    def feasible(self) -> bool:
        """Tell whether shares within the bounds can sum to one."""
        ordered = (self.lower <= self.upper).all()
        return bool(ordered and self.lower.sum() <= 1 + MEET and self.upper.sum() >= 1 - MEET)


@dataclass(frozen=True, slots=True, eq=False)
class ShareTree:
    """All shares that are allowed.

    Positions 0 to L - 1 are the leaves, whose scores do not depend on the shares; the others are
    nodes, the root last.

    Attributes
    ----------
    families
        Children before parents, the root's own family last.
    """

    families: tuple[Family, ...]
    n_leaves: int

    @property
    def n_members(self) -> int:
        """Number of leaves and nodes, the root not counted."""
        return self.families[-1].parent

    def highest(self, scores: Floats) -> Floats:
        """Find the highest score (m,) that shares can make of leaves' scores (m, L).

        What is above each child's lower bound goes to the best child up to its upper bound, then to
        the next: as filling a knapsack whose contents may be cut.
        """
        values = np.full((len(scores), self.n_members + 1), np.nan)
        values[:, : self.n_leaves] = scores
        for family in self.families:
            x = values[:, family.children]
            order = np.argsort(-x, axis=1, kind="stable")
            room = (family.upper - family.lower)[order]
            left = 1 - family.lower.sum() - (np.cumsum(room, axis=1) - room)
            given = family.lower[order] + np.clip(left, 0, room)
            values[:, family.parent] = (given * np.take_along_axis(x, order, axis=1)).sum(axis=1)
        return np.asarray(values[:, -1])

    def constraints(self) -> Iterator[tuple[Floats, float, float]]:
        """List rows (V,), with their lower and upper limits, that effective weights (V,) obey."""
        for family in self.families:
            inner = family.parent < self.n_members
            total = np.zeros(self.n_members)
            total[family.children] = 1.0
            if inner:
                total[family.parent] = -1.0
            yield total, float(not inner), float(not inner)
            for child, low, high in zip(family.children, family.lower, family.upper, strict=True):
                for bound, least, most in ((low, 0.0, np.inf), (high, -np.inf, 0.0)):
                    if bound == (0.0 if most > 0 else 1.0):
                        continue  # weights are not negative, and sum to the parent's
                    row = np.zeros(self.n_members)
                    row[child] = 1.0
                    if inner:
                        row[family.parent] = -bound
                        yield row, least, most
                    else:
                        yield row, least + bound, most + bound
