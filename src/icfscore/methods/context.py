"""What a method may know beside the numbers: the scale, the cohort, the node it works at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt

from icfscore.sentences import say

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

# Names in a method's parameters: files may give an alias, the method always sees the id.
NodeName = Annotated[str, "a node"]
ChildName = Annotated[str, "a node or indicator"]


def label_of(parameter: str, child: str) -> str:
    """Name a parameter, and the child it is given for where it is not for all of them."""
    return say("{parameter} of '{child}'", parameter=parameter, child=child) if child else parameter


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader must know about how a method met its data.

    A warning is shown wherever the result is shown; information stays with the evidence.
    `row` counts communities, `column` the indicators or children; None: all of them.
    """

    text: str
    row: int | None = None
    column: int | None = None
    level: Literal["warning", "info"] = "warning"


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """The communities and indicators around a matrix x (…, n, k) in natural orientation.

    Attributes
    ----------
    sign
        (k,) 1 where higher is better, -1 where lower is.
    node
        (k,) position of the node that each indicator hangs under: equal numbers are siblings.
    groups
        By grouping name the (n,) group number of each community, -1 where it has none.
    group_names
        By grouping name the names that the numbers stand for.
    """

    sign: Floats
    node: Ints
    groups: Mapping[str, Ints] = field(default_factory=dict)
    group_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Who and what defines the scale of a normalisation; all of it oriented, higher is better.

    Attributes
    ----------
    reference
        (…, m, k) the values that minimum, mean, rank and so on are taken over: the cohort itself,
        or the values of all years.
    sign
        (k,) 1, or -1 where orientation has multiplied the column by -1.
    goalposts
        (k, 2) lower and upper goalpost, lower first; NaN where the indicator has none.
    target
        (k,) the indicator's target; NaN where it has none.
    row_by_community
        Row of x (…, n, k) by community id.
    """

    reference: Floats
    sign: Floats
    goalposts: Floats
    target: Floats
    row_by_community: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, x: Floats, **given: Any) -> Scale:
        """Build the scale that x (…, n, k) spans itself, nothing else being declared."""
        k = x.shape[-1]
        declared: dict[str, Any] = {
            "sign": np.ones(k),
            "goalposts": np.full((k, 2), np.nan),
            "target": np.full(k, np.nan),
        }
        return cls(reference=x, **(declared | given))


@dataclass(frozen=True, slots=True, eq=False)
class Siblings:
    """The children of one node, as weighting and aggregation see them.

    Only scored children take part: c of them, in the order of the framework.

    Attributes
    ----------
    node
        Id of the node.
    names
        Ids of the c children that take part, in the order of the columns.
    given
        (c,) the weights the files give, all > 0, not rescaled.
    cost
        (c,) True where the column is a lower-is-better indicator that was not normalised, so that
        its oriented values are the natural ones times -1.
    declared
        Ids of all children, the unscored and the screened-out ones included.
    aggregate
        The node's own aggregation: scores (…, n) from columns (…, n, c) and weights (…, c).
    """

    node: str
    names: tuple[str, ...]
    given: Floats
    cost: Bools
    declared: tuple[str, ...] = ()
    aggregate: Callable[[Floats, Floats], Floats] | None = None

    @classmethod
    def of(cls, c: int, **given: Any) -> Siblings:
        """Build c nameless, equally weighted children: what examples and tests need."""
        names = tuple(given.pop("names", None) or (f"x{i + 1}" for i in range(c)))
        declared: dict[str, Any] = {
            "node": "index",
            "names": names,
            "given": np.ones(c),
            "cost": np.zeros(c, dtype=bool),
            "declared": names,
        }
        return cls(**(declared | given))


class Silent:
    """A method that has nothing to say beyond its numbers."""

    __slots__ = ()

    def notes(self, *seen: Any) -> tuple[Note, ...]:
        """Tell what a reader must know of what the method has seen: nothing."""
        del seen
        return ()


def constant_columns(x: Floats) -> Ints:
    """Find the columns of x (n, k) that hold values, all of them equal."""
    low, high = np.fmin.reduce(x, axis=-2), np.fmax.reduce(x, axis=-2)
    return np.flatnonzero(low == high)
