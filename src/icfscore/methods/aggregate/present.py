"""What every aggregation shares: only children that are present and weighted take part."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from icfscore.errors import MethodError, name_hint
from icfscore.methods.context import Bools, Floats, Note, Siblings
from icfscore.sentences import say

UNEQUAL = 1e-9  # weights further apart than this share of the largest count as unequal


def weigh_present(x: Floats, w: Floats) -> Floats:
    """Weigh the children that x (…, n, c) has by w (c,) or (…, c): (…, n, c).

    The largest weight of each row is a power of two below 1 / c, so that equal weights are exact,
    their sums round no ties away, and a weighted sum cannot overflow. 0 where the child is missing;
    a row without any child is all NaN.
    """
    weights = np.where(np.isnan(x), 0.0, w[..., None, :])
    largest = weights.max(axis=-1, keepdims=True, initial=0.0)
    with np.errstate(invalid="ignore"):
        return np.asarray(weights / largest * 0.5 ** np.ceil(np.log2(max(x.shape[-1], 1))))


def weighted_mean(values: Floats, weights: Floats) -> Floats:
    """Average values (…, n, c) by weights (…, n, c) over children, those of weight 0 left out."""
    with np.errstate(invalid="ignore", over="ignore"):
        total = np.where(weights == 0, 0.0, values * weights).sum(axis=-1)
    return np.asarray(total / weights.sum(axis=-1))


def extent(x: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Find the lowest and the highest value (…, n) of each row among those that take part."""
    taking_part = np.where(weights > 0, x, np.nan)
    return np.fmin.reduce(taking_part, axis=-1), np.fmax.reduce(taking_part, axis=-1)


def between(y: Floats, low: Floats, high: Floats) -> Floats:
    """Keep rounding from carrying a mean beyond its values: equal values give that very value."""
    return np.minimum(np.maximum(y, low), high)


def first_place(bad: Bools) -> tuple[int, ...]:
    """Find the first True of a mask that holds one, as an index."""
    return tuple(int(i) for i in np.unravel_index(int(bad.argmax()), bad.shape))


def require_above_zero(x: Floats, weights: Floats, what: str, *, zero_counts: bool = False) -> None:
    """Refuse values that take part and are negative, or zero unless `zero_counts`.

    Raises
    ------
    MethodError
        With the place of the first such value.
    """
    bad = (weights > 0) & ((x < 0) if zero_counts else (x <= 0))
    if not bad.any():
        return
    place = first_place(bad)
    found = float(np.broadcast_to(x, bad.shape)[place])
    raise MethodError(
        say("{what} needs values of 0 or more, found {found:g}", what=what, found=found)
        if zero_counts
        else say("{what} needs values above 0, found {found:g}", what=what, found=found),
        remedy=say(
            "normalise to a positive range (such as min_max with low: 1, high: 100) or "
            "aggregate with kind: arithmetic"
        ),
        row=place[-2],
        column=place[-1],
    )


def unequal(w: Floats) -> bool:
    """Tell whether the weights above 0 differ from one another in any draw."""
    largest = w.max(axis=-1, keepdims=True)
    return bool(((w > 0) & (w < largest * (1 - UNEQUAL))).any())


def ignored_weights(kind: str, w: Floats) -> tuple[Note, ...]:
    """Warn where weights were given that a method has no use for."""
    if not unequal(w):
        return ()
    return (
        Note(
            say(
                "{kind} ignores how important each child is: the unequal weights do not count",
                kind=kind,
            )
        ),
    )


def value_by_child(
    given: float | Mapping[str, float],
    parameter: str,
    siblings: Siblings,
    unnamed: float | None = None,
) -> Floats:
    """Lay a parameter out over the c children that take part: (c,).

    A number holds for all of them; what a mapping does not name gets `unnamed`, or is an error.

    Raises
    ------
    MethodError
        Naming the child that the mapping lacks, or the stranger that it names.
    """
    if not isinstance(given, Mapping):
        return np.full(len(siblings.names), float(given))
    known = set(siblings.names) | set(siblings.declared)
    for name in given:
        if name not in known:
            raise MethodError(
                say(
                    "{parameter} names '{name}', which is no child of {node}",
                    parameter=parameter,
                    name=name,
                    node=siblings.node,
                ),
                remedy=name_hint(name, sorted(known)),
            )
    for column, name in enumerate(siblings.names):
        if name not in given and unnamed is None:
            raise MethodError(
                say(
                    "{parameter} has no value for '{name}', a child of {node}",
                    parameter=parameter,
                    name=name,
                    node=siblings.node,
                ),
                remedy=say("give every child a value, or one number for all"),
                column=column,
            )
    return np.array([float(given.get(name, unnamed or 0.0)) for name in siblings.names])
