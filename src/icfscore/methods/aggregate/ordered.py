"""Aggregations of the row's ordered values: what matters is the place, not only the size."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.aggregate.present import (
    between,
    extent,
    first_place,
    ignored_weights,
    weigh_present,
    weighted_mean,
)
from icfscore.methods.context import Floats, Ints, Note, Siblings, Silent
from icfscore.sentences import say

HALF = 1e-12  # a cumulative share this near to one half counts as one half


@dataclass(frozen=True, slots=True)
class Median(Silent):
    """Take the weighted median: extreme children do not count by how far out they are.

    y = the smallest x whose cumulative share, counted from below, reaches 0.5; at exactly 0.5 the
    mean of it and the next.

    Edge behaviour
    --------------
    A cumulative share within 1e-12 of 0.5 counts as 0.5, or rounding would decide. With equal
    weights it is the ordinary median. Defined for all numbers; a constant row gives the constant;
    no child present gives no score. The next value is the next of weight above 0.

    References
    ----------
    Edgeworth (1888), On a new method of reducing observations relating to several quantities,
    Philosophical Magazine 25, 184-191. https://doi.org/10.1080/14786448808628170
    Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, problem 9-2.

    Examples
    --------
    >>> x = np.array([[1.0, 2.0, 3.0, 4.0]])
    >>> Median()(x, np.array([0.49, 0.01, 0.25, 0.25]), Siblings.of(4))
    array([2.5])
    >>> Median()(x, np.array([0.2, 0.2, 0.2, 0.4]), Siblings.of(4))
    array([3.])
    """

    kind: Literal["median"] = "median"

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        weights = weigh_present(x, w)
        values = np.where(weights > 0, x, np.inf)  # the others end up last
        order = np.argsort(values, axis=-1, kind="stable")
        values = np.take_along_axis(values, order, axis=-1)
        reached = np.take_along_axis(weights, order, axis=-1).cumsum(axis=-1)
        reached /= weights.sum(axis=-1, keepdims=True)
        first = (reached >= 0.5 - HALF).argmax(axis=-1)[..., None]
        after = np.minimum(first + 1, x.shape[-1] - 1)
        lower = np.take_along_axis(values, first, axis=-1)[..., 0]
        at_half = np.take_along_axis(reached, first, axis=-1)[..., 0] <= 0.5 + HALF
        upper = np.where(at_half, np.take_along_axis(values, after, axis=-1)[..., 0], lower)
        middle = between(lower / 2 + upper / 2, lower, upper)
        return np.where(np.isnan(weights).any(axis=-1), np.nan, middle)


@dataclass(frozen=True, slots=True)
class OrderedWeighted:
    """Weigh the row's values by their order, the largest first, not by the child they belong to.

    y = sum_j v_j x_(j), x_(1) >= x_(2) >= ...

    Between the maximum (orness 1), the plain mean (0.5) and the minimum (0), where
    orness = sum_j (m - j) v_j / (m - 1) for m values.

    Parameters
    ----------
    weights
        v, the weight of the largest value first; cut to the number of values present, rescaled.
    orness
        In 0..1: take the v of that orness with the largest entropy, which are
        v_j proportional to q^(j - 1), for as many values as are present.

    Edge behaviour
    --------------
    Give either `weights` or `orness`. The weights of the children only say who takes part (those
    above 0): a warning says so where they differ. A single value is its own score. Defined for all
    numbers; a constant row gives the constant; no child present gives no score.

    Raises
    ------
    ValueError
        Unless exactly one of the two is given; weights that are negative, not finite or all 0;
        an orness outside 0..1.
    MethodError
        For a row with more values than `weights`, or whose cut weights are all 0.

    References
    ----------
    Yager (1988), On ordered weighted averaging aggregation operators in multicriteria
    decisionmaking. https://doi.org/10.1109/21.87068
    O'Hagan (1988), Aggregating template or rule antecedents in real-time expert systems with fuzzy
    set logic. https://doi.org/10.1109/ACSSC.1988.754637
    Fullér and Majlender (2001), An analytic approach for obtaining maximal entropy OWA operator
    weights. https://doi.org/10.1016/S0165-0114(01)00007-0

    Examples
    --------
    >>> x = np.array([[30.0, 90.0, 60.0]])
    >>> OrderedWeighted(weights=(0.5, 0.3, 0.2))(x, np.ones(3), Siblings.of(3))
    array([69.])
    >>> OrderedWeighted(orness=0.0)(x, np.ones(3), Siblings.of(3))
    array([30.])
    """

    weights: tuple[float, ...] | None = None
    orness: float | None = None
    kind: Literal["ordered_weighted"] = "ordered_weighted"

    def __post_init__(self) -> None:
        """Check that one of the two is given and sound."""
        if (self.weights is None) == (self.orness is None):
            raise ValueError(say("give either weights or orness: exactly one of them"))
        if self.orness is not None and not 0 <= self.orness <= 1:
            raise ValueError(say("orness must lie in 0..1, got {orness:g}", orness=self.orness))
        if self.weights is not None:
            v = np.asarray(self.weights, dtype=np.float64)
            if not (v.size and np.isfinite(v).all() and (v >= 0).all() and (v > 0).any()):
                raise ValueError(
                    say(
                        "weights must be finite, 0 or more and not all 0, got {weights}",
                        weights=list(self.weights),
                    )
                )

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c), the children with w (…, c) above 0 taking part: (…, n)."""
        weights = weigh_present(x, w)
        counts = (weights > 0).sum(axis=-1)
        by_count = np.full((x.shape[-1] + 1, x.shape[-1]), np.nan)
        for count in np.unique(counts[counts > 0]):
            by_count[count] = 0.0
            v = self._order_weights(int(count), counts)
            by_count[count, :count] = weigh_present(np.zeros((1, count)), v)[0]
        descending = -np.sort(np.where(weights > 0, -x, np.inf), axis=-1)
        return between(weighted_mean(descending, by_count[counts]), *extent(x, weights))

    def _order_weights(self, count: int, counts: Ints) -> Floats:
        """Give the weights of `count` values, the largest first."""
        if self.weights is None:
            return np.array(maximum_entropy_weights(count, float(self.orness or 0)))
        cut = np.asarray(self.weights, dtype=np.float64)[:count]
        row = first_place(counts == count)[-1]
        if len(cut) < count:
            raise MethodError(
                say(
                    "{given} weights for the {present} values of the row",
                    given=len(cut),
                    present=count,
                ),
                remedy=say("give as many weights as there are children, or an orness"),
                row=row,
            )
        if not (cut > 0).any():
            raise MethodError(
                say(
                    "the first {count} weights, all that the row's values call for, are 0",
                    count=count,
                ),
                remedy=say("give the first weights a value above 0, impute, or give an orness"),
                row=row,
            )
        return cut

    def notes(self, x: Floats, w: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Warn of importance weights and of weights that are never used."""
        del x
        said = ignored_weights(self.kind, w)
        given, used = len(self.weights or ()), len(siblings.names)
        if given > used:
            said += (
                Note(
                    say(
                        "only the first {used} of {given} weights count: so many children",
                        used=used,
                        given=given,
                    )
                ),
            )
        return said


@cache
def maximum_entropy_weights(count: int, orness: float) -> tuple[float, ...]:
    """Find the OWA weights of largest entropy with a given orness, for the largest value first.

    Lagrange's conditions make them a geometric sequence (Fullér and Majlender 2001); its ratio is
    found by bisection of the orness, which falls strictly as the ratio does.

    Examples
    --------
    >>> [round(v, 4) for v in maximum_entropy_weights(5, 0.6)]
    [0.2884, 0.2353, 0.192, 0.1566, 0.1278]
    """
    if orness > 0.5:
        return maximum_entropy_weights(count, 1 - orness)[::-1]
    places = np.arange(count, dtype=np.float64)  # 0 for the lowest value
    steep, flat = 800.0, 0.0  # exp(-800) is 0
    while flat < (middle := (steep + flat) / 2) < steep:
        v = np.exp(-middle * places)
        if (places @ v) / v.sum() > orness * (count - 1):
            flat = middle
        else:
            steep = middle
    v = np.exp(-steep * places)
    return tuple(float(share) for share in (v / v.sum())[::-1])
