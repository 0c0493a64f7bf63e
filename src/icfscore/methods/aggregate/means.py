"""Means, from fully compensatory to hardly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import copysign, isfinite
from typing import Literal

import numpy as np

from icfscore.methods import drawn
from icfscore.methods.aggregate.present import (
    between,
    extent,
    require_above_zero,
    weigh_present,
    weighted_mean,
)
from icfscore.methods.context import Floats, Siblings, Silent
from icfscore.sentences import say

LEAST = 1e-290  # exponents nearer to 0 change no digit of a power mean, but would lose theirs


@dataclass(frozen=True, slots=True)
class Arithmetic(Silent):
    """Take the weighted mean: a weakness in one child is fully made up for by another.

    y = sum(w x), weights rescaled over the children present

    Edge behaviour
    --------------
    Defined for all numbers, negative ones too. A constant row gives exactly the constant; a
    constant column only shifts the scores; ties stay ties; no child present gives no score.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, p. 103.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[10.0, 20.0], [10.0, np.nan]])
    >>> Arithmetic()(x, np.array([0.25, 0.75]), Siblings.of(2))
    array([17.5, 10. ])
    """

    kind: Literal["arithmetic"] = "arithmetic"

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        if x.ndim == 3 and (quick := drawn.weighted_sums(x, w)) is not None:
            return quick
        if x.ndim == 2 and w.ndim == 2 and np.isfinite(x).any(axis=1).all():
            return drawn.fixed_sums(x, w)
        weights = weigh_present(x, w)
        return between(weighted_mean(x, weights), *extent(x, weights))


@dataclass(frozen=True, slots=True)
class Geometric(Silent):
    """Take the weighted geometric mean: what is weak everywhere else counts for more.

    y = prod(x^w) = exp(sum(w ln x)), weights rescaled over the children present

    Edge behaviour
    --------------
    Computed from logarithms relative to the row's highest value, so that neither huge nor
    subnormal numbers overflow or vanish. A constant row gives exactly the constant; a constant
    column only multiplies the scores; ties stay ties; no child present gives no score. A value of
    0 or less is an error unless its child has weight 0.

    Raises
    ------
    MethodError
        Where a value that counts is not above 0.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, p. 103.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[2.0, 8.0], [3.0, np.nan]])
    >>> Geometric()(x, np.array([1.0, 1.0]), Siblings.of(2)).round(12)
    array([4., 3.])
    """

    kind: Literal["geometric"] = "geometric"

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        if x.ndim == 3 and (quick := drawn.geometric(x, w)) is not None:
            return quick
        weights = weigh_present(x, w)
        require_above_zero(x, weights, say("the geometric mean"))
        low, high = extent(x, weights)
        mean = weighted_mean(_logs_below(x, high), weights)
        return between(high * np.exp(mean), low, high)


@dataclass(frozen=True, slots=True)
class Harmonic(Silent):
    """Take the weighted harmonic mean: the weakest child counts most of all.

    y = 1 / sum(w / x), weights rescaled over the children present

    Edge behaviour
    --------------
    Computed relative to the row's lowest value: no overflow. A constant row gives exactly the
    constant; ties stay ties; no child present gives no score. A value of 0 or less is an error
    unless its child has weight 0.

    Raises
    ------
    MethodError
        Where a value that counts is not above 0.

    References
    ----------
    Hardy, Littlewood and Pólya (1934), Inequalities, section 2.1 (r = -1). In composite
    indicators: UNDP, Human Development Report 2010, technical note 3 (Gender Inequality Index).

    Examples
    --------
    >>> Harmonic()(np.array([[1.0, 4.0]]), np.array([1.0, 1.0]), Siblings.of(2))
    array([1.6])
    """

    kind: Literal["harmonic"] = "harmonic"

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        weights = weigh_present(x, w)
        require_above_zero(x, weights, say("the harmonic mean"))
        low, high = extent(x, weights)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            # A child of weight 0 may be anything here: its share removes it.
            return between(low / weighted_mean(low[..., None] / x, weights), low, high)


@dataclass(frozen=True, slots=True)
class PowerMean(Silent):
    """Take the weighted power mean: the exponent sets how far strengths make up for weaknesses.

    y = sum(w x^p)^(1/p); p = 0: prod(x^w)

    Towards minus infinity it tends to the row's lowest value, towards infinity to the highest.

    Parameters
    ----------
    exponent
        p; 1, 0 and -1 are exactly `arithmetic`, `geometric` and `harmonic`.

    Edge behaviour
    --------------
    Computed from logarithms relative to the value that dominates: stable for exponents as large or
    as near to 0 as they come. A constant row gives exactly the constant; ties stay ties; no child
    present gives no score. Values that count must be above 0, or 0 and above where the exponent is
    above 0, any number where it is 1.

    Raises
    ------
    ValueError
        Unless the exponent is finite.
    MethodError
        Where a value that counts lies outside the domain.

    References
    ----------
    Hardy, Littlewood and Pólya (1934), Inequalities, section 2.2. In composite
    indicators: Decancq and Lugo (2013), Weights in multidimensional indices of wellbeing.
    https://doi.org/10.1080/07474938.2012.690641

    Examples
    --------
    >>> PowerMean(exponent=2)(np.array([[1.0, 7.0]]), np.array([1.0, 1.0]), Siblings.of(2))
    array([5.])
    """

    exponent: float
    kind: Literal["power_mean"] = "power_mean"

    def __post_init__(self) -> None:
        """Check the exponent."""
        if not isfinite(self.exponent):
            raise ValueError(
                say("exponent must be a finite number, got {exponent}", exponent=self.exponent)
            )

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        named: Mapping[float, Arithmetic | Geometric | Harmonic] = {
            1.0: Arithmetic(),
            0.0: Geometric(),
            -1.0: Harmonic(),
        }
        if self.exponent in named:
            return named[self.exponent](x, w, siblings)
        weights = weigh_present(x, w)
        p = copysign(max(abs(self.exponent), LEAST), self.exponent)
        require_above_zero(
            x, weights, say("the power mean with exponent {p:g}", p=p), zero_counts=p > 0
        )
        low, high = extent(x, weights)
        top = high if p > 0 else low  # its term is the largest: all others shrink beside it
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            logs = p * _logs_below(x, top)
            near = weighted_mean(np.expm1(logs), weights)
            far = np.log(weighted_mean(np.exp(logs), weights))
            # log1p(expm1) keeps the digits that exponents near 0 would lose.
            y = top * np.exp(np.where(near > -0.5, np.log1p(near), far) / p)
        return between(np.where(top == 0, top, y), low, high)


def _logs_below(x: Floats, top: Floats) -> Floats:
    """Take ln(x / top) of x (…, n, c) by row, top (…, n); whatever of values that do not count."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(x) - np.log(top)[..., None])
