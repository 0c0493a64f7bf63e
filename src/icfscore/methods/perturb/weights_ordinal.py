"""Weights of which only the order of importance is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import ChildName, Floats, Ints, Siblings
from icfscore.methods.perturb.weights_names import refuse_strangers
from icfscore.methods.perturb.weights_simplex import among_active, ordered_shares
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class OrdinalWeights:
    """Uniform on the part of the simplex that keeps an order of importance.

    w_order[1] >= w_order[2] >= ... >= 0, sum(w) = 1, all such points equally likely. Their mean is
    the rank-order centroid, w_k = (1/k + ... + 1/c) / c. The distribution is that of a sorted
    uniform point of the simplex; it is drawn as a uniform mixture of the corners of the ordered
    simplex, which is the same and faster.

    Parameters
    ----------
    order
        Ids of the siblings, the most important first.

    Edge behaviour
    --------------
    The given weights do not matter, but for those that are 0: they stay 0. Children in the order
    that are unscored or screened out are skipped. A single child has share 1 and need not be named.
    Ties in the order cannot be expressed.

    Raises
    ------
    ValueError
        If the order is empty or names a child twice.
    MethodError
        If the order names a child of no varied node, or leaves out a child that takes part.

    References
    ----------
    Tervonen and Lahdelma (2007), Implementing stochastic multicriteria acceptability analysis.
    https://doi.org/10.1016/j.ejor.2005.12.037
    Barron and Barrett (1996), Decision quality using ranked attribute weights.
    https://doi.org/10.1287/mnsc.42.11.1515

    Examples
    --------
    >>> rng = np.random.Generator(np.random.Philox(2019))
    >>> w = OrdinalWeights(("x2", "x1", "x3")).draw(rng, 10_000, np.ones(3) / 3, Siblings.of(3))
    >>> bool(np.all(w[:, 1] >= w[:, 0]) and np.all(w[:, 0] >= w[:, 2]))
    True
    >>> [round(float(share), 2) for share in w.mean(axis=0)]  # (5, 11, 2) / 18
    [0.28, 0.61, 0.11]
    """

    order: tuple[ChildName, ...]
    kind: Literal["ordinal"] = "ordinal"

    def __post_init__(self) -> None:
        """Check the order."""
        if not self.order:
            raise ValueError(
                say("order must name the siblings, the most important first; it is empty")
            )
        twice = [name for name, times in Counter(self.order).items() if times > 1]
        if twice:
            raise ValueError(
                say(
                    "order must name each child once, found twice: {listed}",
                    listed=", ".join(twice),
                )
            )

    def check(self, siblings: Siblings, centre: Floats, elsewhere: Collection[str] = ()) -> None:
        """Raise the error that drawing would, and one for a name that belongs nowhere.

        `elsewhere` holds the ids of the children of the other varied nodes.
        """
        del centre
        refuse_strangers("order", self.order, siblings, elsewhere)
        self._columns(siblings)

    def draw(
        self, rng: np.random.Generator, size: int, centre: Floats, siblings: Siblings
    ) -> Floats:
        """Draw shares (size, c) around nothing but the order."""
        order = self._columns(siblings)

        def among(columns: Ints, n: int) -> Floats:
            position = {int(column): place for place, column in enumerate(columns)}
            kept = [position[column] for column in order if column in position]
            return ordered_shares(rng, kept, n)

        return among_active(centre, size, among).T

    def _columns(self, siblings: Siblings) -> list[int]:
        """List the columns of the children that take part, the most important first."""
        if len(siblings.names) == 1:
            return [0]
        for column, name in enumerate(siblings.names):
            if name not in self.order:
                raise MethodError(
                    say(
                        "order: '{name}', a scored child of {node}, is missing",
                        name=name,
                        node=siblings.node,
                    ),
                    remedy=say(
                        "name it, or list under `nodes` only the nodes whose children it names"
                    ),
                    column=column,
                )
        column_by_child = {name: column for column, name in enumerate(siblings.names)}
        return [column_by_child[name] for name in self.order if name in column_by_child]
