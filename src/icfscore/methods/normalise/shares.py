"""Ratio scales: values divided by a size of their column, zero staying zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import Bools, Floats, Note, Scale, Silent
from icfscore.methods.normalise.columns import (
    column_exponents,
    column_range,
    first_row_and_column,
    scale_by_power,
)
from icfscore.methods.normalise.over import Over
from icfscore.sentences import say


def divide_by_size(x: Floats, size: Floats) -> Floats:
    """Divide x (…, n, k) by a size (…, 1, k) >= 0; a size of 0 leaves zeros."""
    with np.errstate(invalid="ignore", divide="ignore"):
        y = np.where(size == 0, np.where(np.isnan(x), np.nan, 0.0), x / size)
    return np.asarray(y + 0.0)  # no minus sign on the zeros of costs


def notes_on_zeros(reference: Floats) -> tuple[Note, ...]:
    """Name the columns (…, m, k) that hold nothing but zeros."""
    least, most = column_range(reference)
    zero = ((least == 0) & (most == 0)).reshape(-1, reference.shape[-1]).all(axis=0)
    text = say("all values are zero: every community gets 0")
    return tuple(Note(text, column=int(j)) for j in np.flatnonzero(zero))


@dataclass(frozen=True, slots=True)
class Vector:
    """Divide by the Euclidean length of the column, as TOPSIS does.

    y = x / sqrt(sum x²)

    Parameters
    ----------
    over
        `cohort`: length of the communities' column; `pooled`: of the values of all years.

    Edge behaviour
    --------------
    Costs, being oriented, give numbers below zero. A constant column gives ±1/sqrt(n). A column of
    zeros gives 0 throughout, with a warning. Ties stay ties, missing values stay missing.

    References
    ----------
    Hwang and Yoon (1981), Multiple Attribute Decision Making (TOPSIS).
    https://doi.org/10.1007/978-3-642-48318-9

    Examples
    --------
    >>> x = np.array([[3.0, -3.0], [4.0, -4.0]])
    >>> Vector()(x, Scale.of(x))
    array([[ 0.6, -0.6],
           [ 0.8, -0.8]])
    """

    over: Over = "cohort"
    kind: Literal["vector"] = "vector"

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        exponents = column_exponents(scale.reference)
        reference = scale_by_power(scale.reference, exponents)
        length = np.sqrt(np.nansum(reference**2, axis=-2, keepdims=True))
        return divide_by_size(scale_by_power(x, exponents), length)

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the columns of zeros."""
        return notes_on_zeros(scale.reference)


@dataclass(frozen=True, slots=True)
class Sum:
    """Divide by the sum of the column's absolute values: each community's share.

    y = x / sum |x|

    Parameters
    ----------
    over
        `cohort`: sum over the communities; `pooled`: over the values of all years.

    Edge behaviour
    --------------
    Costs, being oriented, give numbers below zero. A constant column gives ±1/n. A column of zeros
    gives 0 throughout, with a warning. Ties stay ties, missing values stay missing.

    References
    ----------
    Tzeng and Huang (2011), Multiple Attribute Decision Making, ch. 4.
    https://doi.org/10.1201/b11032

    Examples
    --------
    >>> x = np.array([[1.0, -1.0], [3.0, -3.0]])
    >>> Sum()(x, Scale.of(x))
    array([[ 0.25, -0.25],
           [ 0.75, -0.75]])
    """

    over: Over = "cohort"
    kind: Literal["sum"] = "sum"

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        exponents = column_exponents(scale.reference)
        reference = scale_by_power(scale.reference, exponents)
        total = np.nansum(np.abs(reference), axis=-2, keepdims=True)
        return divide_by_size(scale_by_power(x, exponents), total)

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the columns of zeros."""
        return notes_on_zeros(scale.reference)


@dataclass(frozen=True, slots=True)
class FractionOfMax(Silent):
    """Divide benefits by the highest value, and the lowest value by costs.

    y = x / max x where higher is better, min x / x where lower is, x the natural, positive value

    Parameters
    ----------
    over
        `cohort`: extremes of the communities scored; `pooled`: of the values of all years.

    Edge behaviour
    --------------
    The best value gets 1, a constant column gives 1 throughout. A benefit of zero gives 0. Ties
    stay ties, missing values stay missing.

    Raises
    ------
    MethodError
        For a negative value, a cost of zero, or benefits that are all zero.

    References
    ----------
    Hwang and Yoon (1981), Multiple Attribute Decision Making (linear scale transformation).
    https://doi.org/10.1007/978-3-642-48318-9

    Examples
    --------
    >>> x = np.array([[10.0, -2.0], [20.0, -5.0]])  # oriented: the second one is a cost
    >>> FractionOfMax()(x, Scale.of(x, sign=np.array([1.0, -1.0])))
    array([[0.5, 1. ],
           [1. , 0.4]])
    """

    over: Over = "cohort"
    kind: Literal["fraction_of_max"] = "fraction_of_max"

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        cost = scale.sign < 0
        natural = x * scale.sign
        least, most = column_range(scale.reference * scale.sign)
        self._refuse(np.where(cost, natural <= 0, natural < 0))
        self._refuse(np.where(cost, least <= 0, (least < 0) | (most == 0)), in_row=False)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(cost, least / natural, natural / most)
        return np.asarray(share + 0.0)

    @staticmethod
    def _refuse(bad: Bools, *, in_row: bool = True) -> None:
        """Raise for the first bad cell of (…, n, k), or column of (…, 1, k)."""
        if bad.any():
            row, column = first_row_and_column(bad)
            raise MethodError(
                say("a fraction of the maximum needs positive values"),
                remedy=say("use another normalisation for this indicator, such as min_max"),
                row=row if in_row else None,
                column=column,
            )
