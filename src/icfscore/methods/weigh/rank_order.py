"""Weights from an order of importance alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import ChildName, Floats, Note, Siblings
from icfscore.methods.weigh.judgement import cut_notes, cut_to_scored
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class RankOrder:
    """Weigh by rank: turn an order of importance into weights.

    centroid: w_i = (1/i + 1/(i+1) + ... + 1/k) / k, the mean of all weights in that order
    sum: w_i = 2 (k + 1 - i) / (k (k + 1))
    reciprocal: w_i = (1/i) / (1 + 1/2 + ... + 1/k)

    Parameters
    ----------
    order
        Ids of the node's k children, the most important first.
    rule
        `centroid`, `sum` or `reciprocal`.

    Edge behaviour
    --------------
    Does not look at the data. All children named are weighed, then cut to those that are scored and
    rescaled. There are no ties in an order. A single child has weight 1.

    Raises
    ------
    ValueError
        If the order is empty or names a child twice.
    MethodError
        If a child named is not the node's, or a scored child of the node is not in the order.

    References
    ----------
    Barron and Barrett (1996), Decision quality using ranked attribute weights.
    https://doi.org/10.1287/mnsc.42.11.1515
    Stillwell, Seaver and Edwards (1981), A comparison of weight approximation techniques in
    multiattribute utility decision making. https://doi.org/10.1016/0030-5073(81)90015-5

    Examples
    --------
    >>> RankOrder(("x2", "x1"))(np.zeros((4, 2)), Siblings.of(2))
    array([0.25, 0.75])
    """

    order: tuple[ChildName, ...]
    rule: Literal["centroid", "sum", "reciprocal"] = "centroid"
    kind: Literal["rank_order"] = "rank_order"

    def __post_init__(self) -> None:
        """Check the order."""
        if not self.order:
            raise ValueError(
                say("order must name the children, the most important first; it is empty")
            )
        twice = [name for name, times in Counter(self.order).items() if times > 1]
        if twice:
            raise ValueError(
                say(
                    "order must name each child once, found twice: {listed}",
                    listed=", ".join(twice),
                )
            )

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh c children: shares (c,)."""
        del x
        w = rank_weights(len(self.order), self.rule)
        return cut_to_scored(self.order, w, siblings, "order")

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Tell which children of the order take no part."""
        del x
        return cut_notes(self.order, siblings)


def rank_weights(k: int, rule: Literal["centroid", "sum", "reciprocal"]) -> Floats:
    """Compute the weights (k,) of ranks 1 to k, summing to one."""
    rank = np.arange(1.0, k + 1)
    if rule == "centroid":
        return np.asarray(np.cumsum(1 / rank[::-1])[::-1] / k)
    w = k + 1 - rank if rule == "sum" else 1 / rank
    return np.asarray(w / w.sum())
