"""A mean less a penalty for being unbalanced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.aggregate.present import (
    between,
    extent,
    first_place,
    unequal,
    weigh_present,
    weighted_mean,
)
from icfscore.methods.context import Bools, Floats, Ints, Note, Siblings
from icfscore.sentences import say

CANCELLED = 1e-12  # a mean below this share of the mean size is rounding left of a zero


@dataclass(frozen=True, slots=True)
class MazziottaPareto:
    """Take the mean less a penalty that grows with the spread between the community's children.

    y = M -/+ S (S / M)

    with M and S the weighted mean and standard deviation of the row. After `z_score` with mean 100,
    sd 10 and ddof 0 it is the Mazziotta-Pareto index, after `min_max` from 70 to 130 over pooled
    years the adjusted one (AMPI).

    Parameters
    ----------
    penalty
        `negative` subtracts it: high scores are good, imbalance is bad; `positive` adds it, for
        an index in which high scores are bad.
    ddof
        Divide the squares by m - ddof for m children present: 0 as published by the authors and
        Istat, 1 as in the R package Compind; 1 is defined for equal weights only.

    Edge behaviour
    --------------
    A constant row has no penalty and gives exactly the constant, zeros included; so does a single
    child present, whatever the ddof. A constant column counts like any other; ties stay ties; no
    child present gives no score. A mean of 0 over unequal values is an error. Below a mean of 0
    the formula holds but its penalty turns round: a warning says so.

    Raises
    ------
    ValueError
        For a ddof other than 0 or 1.
    MethodError
        For ddof 1 with unequal weights, a mean of 0 over unequal values, or a penalty too large to
        be a number.

    References
    ----------
    De Muro, Mazziotta and Pareto (2011), Composite indices of development and poverty: an
    application to MDGs. https://doi.org/10.1007/s11205-010-9727-z
    Mazziotta and Pareto (2016), On a generalized non-compensatory composite index for measuring
    socio-economic phenomena. https://doi.org/10.1007/s11205-015-0998-2
    Weights: Mazziotta and Pareto (2022), Weighting in composite indices construction: the case of
    the Mazziotta-Pareto index. https://rieds-journal.org/rieds/article/view/154

    Examples
    --------
    >>> x = np.array([[90.0, 110.0], [100.0, 100.0]])
    >>> MazziottaPareto()(x, np.array([1.0, 1.0]), Siblings.of(2))
    array([ 99., 100.])
    """

    penalty: Literal["negative", "positive"] = "negative"
    ddof: int = 0
    kind: Literal["mazziotta_pareto"] = "mazziotta_pareto"

    def __post_init__(self) -> None:
        """Check the degrees of freedom."""
        if self.penalty not in ("negative", "positive"):
            raise ValueError(
                say("penalty must be negative or positive, got {penalty!r}", penalty=self.penalty)
            )
        if self.ddof not in (0, 1):
            raise ValueError(say("ddof must be 0 or 1, got {ddof}", ddof=self.ddof))

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        if self.ddof and unequal(w):
            raise MethodError(
                say("mazziotta_pareto with ddof: 1 is defined for equal weights only"),
                remedy=say("set ddof: 0, or weighting to kind: equal"),
            )
        weights = weigh_present(x, w)
        scaled, exponent = _scale_rows(x, weights)
        mean = between(weighted_mean(scaled, weights), *extent(scaled, weights))
        variance = weighted_mean((scaled - mean[..., None]) ** 2, weights)
        if self.ddof:
            m = (weights > 0).sum(axis=-1)
            variance = variance * m / np.maximum(m - 1, 1)
        size = weighted_mean(np.abs(scaled), weights)
        _require_a_mean((np.abs(mean) <= CANCELLED * size) & (variance > 0))
        penalty = variance / np.where(variance > 0, mean, 1.0)
        with np.errstate(over="ignore"):
            y = np.ldexp(mean - penalty if self.penalty == "negative" else mean + penalty, exponent)
        if np.isinf(y).any():
            raise MethodError(
                say("the penalty of mazziotta_pareto is too large to be a number"),
                remedy=say("normalise first, such as z_score with mean: 100, sd: 10"),
                row=first_place(np.isinf(y))[-1],
            )
        return np.asarray(y)

    def notes(self, x: Floats, w: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Warn of negative means, for which the penalty turns into its opposite."""
        del siblings
        weights = weigh_present(x, w)
        below = np.flatnonzero(weighted_mean(x, weights) < 0)
        if not below.size:
            return ()
        return (
            Note(
                say(
                    "a mean below 0 turns the penalty of mazziotta_pareto round: so for {below} "
                    "of {all} communities; it is made for scores around 100",
                    below=below.size,
                    all=weights.shape[-2],
                ),
                row=int(below[0]) if below.size == 1 else None,
            ),
        )


def _scale_rows(x: Floats, weights: Floats) -> tuple[Floats, Ints]:
    """Bring rows of x (…, n, c) to a size that can be squared; with the power of two (…, n)."""
    taking_part = np.where(weights > 0, x, 0.0)
    exponent = np.frexp(np.abs(taking_part).max(axis=-1))[1]
    return np.ldexp(taking_part, -exponent[..., None]), exponent.astype(np.int64)


def _require_a_mean(zero: Bools) -> None:
    """Refuse rows (…, n) whose mean, which the penalty divides by, is 0."""
    if zero.any():
        raise MethodError(
            say(
                "the mean is 0: the penalty of mazziotta_pareto has nothing to relate the spread to"
            ),
            remedy=say("normalise by z_score with mean: 100, sd: 10 or by min_max from 70 to 130"),
            row=first_place(zero)[-1],
        )
