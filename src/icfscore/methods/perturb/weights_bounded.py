"""Weights of which only bounds are known."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import ChildName, Floats, Ints, Siblings, label_of
from icfscore.methods.perturb.weights_names import refuse_strangers
from icfscore.methods.perturb.weights_simplex import among_active
from icfscore.methods.perturb.weights_slice import TOLERANCE, shares_within
from icfscore.sentences import say

Bound = float | Mapping[ChildName, float]


@dataclass(frozen=True, slots=True)
class BoundedWeights:
    """Uniform on the part of the simplex where every share lies within its bounds.

    lower_i <= w_i <= upper_i, sum(w) = 1, all such points equally likely and all draws
    independent, for any bounds and any number of children (`weights_slice` says how, and why not
    by hit and run or the Dirichlet-Rescale algorithm).

    Parameters
    ----------
    lower, upper
        Bounds of the shares among siblings, from 0 to 1: a number for all siblings, or a mapping by
        child. Children that a mapping does not name have 0 and 1.

    Edge behaviour
    --------------
    The given weights do not matter, but for those that are 0: they stay 0 whatever their bounds,
    as do children that are unscored or screened out, and the others share the whole. A single
    child has share 1 whatever its bounds. Equal bounds fix a child; bounds that a single point
    meets give that point. Bounds whose sums miss 1 by less than 1e-9 are taken to meet it.

    Raises
    ------
    ValueError
        For a bound outside 0 to 1, or a lower bound above the upper one.
    MethodError
        If a bound names a child of no varied node, or the siblings' lower bounds sum to more than
        one, or their upper bounds to less.

    References
    ----------
    Lahdelma and Salminen (2001), SMAA-2. https://doi.org/10.1287/opre.49.3.444.11220
    Tervonen et al. (2013), Hit-and-run enables efficient weight generation.
    https://doi.org/10.1016/j.ejor.2012.08.026

    Examples
    --------
    >>> rng = np.random.Generator(np.random.Philox(2019))
    >>> bounded = BoundedWeights(lower={"x1": 0.5}, upper=0.7)
    >>> w = bounded.draw(rng, 100_000, np.ones(3) / 3, Siblings.of(3))
    >>> print(f"{w[:, 0].min():.2f} {w[:, 0].max():.2f} {w[:, 1].max():.2f}")
    0.50 0.70 0.50
    """

    lower: Bound = 0.0
    upper: Bound = 1.0
    kind: Literal["bounded"] = "bounded"

    def __post_init__(self) -> None:
        """Check the bounds."""
        for parameter, bound in (("lower", self.lower), ("upper", self.upper)):
            for name, end in _ends(bound).items():
                if not 0 <= end <= 1:
                    raise ValueError(
                        say(
                            "{name} must be a share between 0 and 1, got {end:g}",
                            name=label_of(parameter, name),
                            end=end,
                        )
                    )
        for name in {**_ends(self.lower), **_ends(self.upper)}:
            low, high = _bound_of(name, self.lower, 0.0), _bound_of(name, self.upper, 1.0)
            if low > high:
                raise ValueError(
                    say(
                        "{name} must not exceed upper, got {low:g} > {high:g}",
                        name=label_of("lower", name),
                        low=low,
                        high=high,
                    )
                )

    def check(self, siblings: Siblings, centre: Floats, elsewhere: Collection[str] = ()) -> None:
        """Raise the error that drawing would, and one for a name that belongs nowhere.

        `elsewhere` holds the ids of the children of the other varied nodes.
        """
        for parameter, bound in (("lower", self.lower), ("upper", self.upper)):
            refuse_strangers(parameter, filter(None, _ends(bound)), siblings, elsewhere)
        for active in np.unique(np.atleast_2d(centre) > 0, axis=0):
            self._bounds(siblings, np.flatnonzero(active))

    def draw(
        self, rng: np.random.Generator, size: int, centre: Floats, siblings: Siblings
    ) -> Floats:
        """Draw shares (size, c) around nothing but the bounds."""

        def among(columns: Ints, n: int) -> Floats:
            lower, upper = self._bounds(siblings, columns)
            return shares_within(rng, lower, upper, n)

        return among_active(centre, size, among).T

    def _bounds(self, siblings: Siblings, columns: Ints) -> tuple[Floats, Floats]:
        """List the bounds of the columns that take part, which must leave room."""
        if len(columns) == 1:
            return np.ones(1), np.ones(1)
        names = [siblings.names[column] for column in columns]
        lower = np.array([_bound_of(name, self.lower, 0.0) for name in names])
        upper = np.array([_bound_of(name, self.upper, 1.0) for name in names])
        least, most = math.fsum(lower), math.fsum(upper)
        if least > 1 + TOLERANCE:
            which = say("lower bounds sum to {least:.6g}, more than 1", least=least)
        elif most < 1 - TOLERANCE:
            which = say("upper bounds sum to {most:.6g}, less than 1", most=most)
        else:
            return lower, upper
        raise MethodError(
            say(
                "the weights of the {count} children of {node} cannot sum to 1 within their "
                "bounds: {which}",
                count=len(names),
                node=siblings.node,
                which=which,
            ),
            remedy=say("widen them, or list under `nodes` only the nodes they are meant for"),
        )


def _ends(bound: Bound) -> dict[str, float]:
    """List the bounds by child; "" stands for all of them."""
    return dict(bound) if isinstance(bound, Mapping) else {"": bound}


def _bound_of(name: str, bound: Bound, otherwise: float) -> float:
    return float(bound.get(name, otherwise) if isinstance(bound, Mapping) else bound)
