"""Linear scales that the values themselves span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods import drawn
from icfscore.methods.context import Floats, Note, Scale
from icfscore.methods.normalise.columns import (
    column_deviations,
    column_exponents,
    column_means,
    column_quantiles,
    column_range,
    constant_positions,
    first_row_and_column,
    scale_by_power,
)
from icfscore.methods.normalise.over import Over
from icfscore.sentences import say


def check_ends(low: float, high: float) -> None:
    """Refuse the ends of a scale unless low < high, both finite."""
    if not (np.isfinite([low, high]).all() and low < high):
        raise ValueError(
            say("low ({low:g}) must be below high ({high:g}), both finite", low=low, high=high)
        )


def stretch(share: Floats, low: float, high: float) -> Floats:
    """Map shares 0..1 to low..high, both ends exactly."""
    return np.asarray(low * (1 - share) + high * share)


@dataclass(frozen=True, slots=True)
class MinMax:
    """Stretch each indicator from its lowest to its highest value over a common range.

    y = low + (high - low) (x - min) / (max - min)

    Parameters
    ----------
    low, high
        Ends of the range, the best value getting `high`.
    over
        `cohort`: minimum and maximum of the communities scored; `pooled`: of all years.

    Edge behaviour
    --------------
    A constant column gives the middle of the range, with a warning. Ties stay ties, negative values
    need no care, an all-missing column stays missing.

    Raises
    ------
    ValueError
        Unless low < high, both finite.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5, p. 85.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[2.0], [3.0], [6.0]])
    >>> MinMax()(x, Scale.of(x)).ravel()
    array([  0.,  25., 100.])
    """

    low: float = 0.0
    high: float = 100.0
    over: Over = "cohort"
    kind: Literal["min_max"] = "min_max"

    def __post_init__(self) -> None:
        """Check the range."""
        check_ends(self.low, self.high)

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        if x.ndim == 3:
            quick = drawn.min_max(x, scale.reference, self.low, self.high)
            if quick is not None:
                return quick
        exponents = column_exponents(scale.reference) + 1  # the span stays below 1
        least, most = column_range(scale_by_power(scale.reference, exponents))
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (scale_by_power(x, exponents) - least) / (most - least)
        share = np.where(least == most, np.where(np.isnan(x), np.nan, 0.5), share)
        return stretch(share, self.low, self.high)

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the constant columns."""
        middle = self.low / 2 + self.high / 2
        text = say(
            "all values are equal: every community gets the middle, {middle:g}", middle=middle
        )
        return tuple(Note(text, column=j) for j in constant_positions(scale.reference))


@dataclass(frozen=True, slots=True)
class ZScore:
    """Measure the distance from the mean in standard deviations.

    y = mean + sd (x - m) / s, with m and s the column's mean and standard deviation

    Parameters
    ----------
    mean, sd
        Mean and standard deviation that the scores get: 100 and 10 for Mazziotta and Pareto's.
    ddof
        Divisor n - ddof of the variance: 1 the sample's, 0 the population's.
    over
        `cohort`: m and s of the communities scored; `pooled`: of the values of all years.

    Edge behaviour
    --------------
    A constant column, a single value included, gives `mean`, with a warning. Ties stay ties,
    negative values need no care, an all-missing column stays missing.

    Raises
    ------
    ValueError
        Unless mean is finite, sd finite and positive, ddof 0 or 1.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.
    https://doi.org/10.1787/9789264043466-en
    Mazziotta and Pareto (2016), On a generalized non-compensatory composite index for measuring
    socio-economic phenomena, eq. (1). https://doi.org/10.1007/s11205-015-0998-2

    Examples
    --------
    >>> x = np.array([[2.0], [4.0], [6.0]])
    >>> ZScore(mean=100, sd=10)(x, Scale.of(x)).ravel()
    array([ 90., 100., 110.])
    """

    mean: float = 0.0
    sd: float = 1.0
    ddof: Literal[0, 1] = 1
    over: Over = "cohort"
    kind: Literal["z_score"] = "z_score"

    def __post_init__(self) -> None:
        """Check the parameters."""
        if not np.isfinite(self.mean):
            raise ValueError(say("mean must be a finite number, got {mean:g}", mean=self.mean))
        if not (np.isfinite(self.sd) and self.sd > 0):
            raise ValueError(say("sd must be a finite number above 0, got {sd:g}", sd=self.sd))
        if self.ddof not in (0, 1):
            raise ValueError(say("ddof must be 0 or 1, got {ddof}", ddof=self.ddof))

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        if x.ndim == 3:
            quick = drawn.z_score(x, scale.reference, self.mean, self.sd, self.ddof)
            if quick is not None:
                return quick
        exponents = column_exponents(scale.reference)
        reference = scale_by_power(scale.reference, exponents)
        least, _ = column_range(reference)  # a huge offset would round the mean by as much as sd
        rises = reference - least
        deviation = column_deviations(rises, self.ddof)
        with np.errstate(invalid="ignore", divide="ignore"):
            z = (scale_by_power(x, exponents) - least - column_means(rises)) / deviation
        z = np.where(deviation == 0, np.where(np.isnan(x), np.nan, 0.0), z)
        return np.asarray(self.mean + self.sd * z)

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the constant columns."""
        text = say("all values are equal: every community gets the mean, {mean:g}", mean=self.mean)
        return tuple(Note(text, column=j) for j in constant_positions(scale.reference))


@dataclass(frozen=True, slots=True)
class Robust:
    """Measure the distance from the median in interquartile ranges: outliers move neither.

    y = (x - median) / (Q3 - Q1), quartiles of type 7

    Parameters
    ----------
    over
        `cohort`: median and quartiles of the communities scored; `pooled`: of all years.

    Edge behaviour
    --------------
    A constant column gives 0, with a warning. More than half the values equal may leave no
    interquartile range: an error, unless all are equal. Ties stay ties, negative values need no
    care, an all-missing column stays missing.

    Raises
    ------
    MethodError
        Where the quartiles are equal although the values are not.

    References
    ----------
    Tukey (1977), Exploratory Data Analysis, Addison-Wesley; the quartiles are those of Hyndman and
    Fan (1996), type 7. https://doi.org/10.1080/00031305.1996.10473566

    Examples
    --------
    >>> x = np.array([[1.0], [2.0], [3.0], [4.0], [1000.0]])
    >>> Robust()(x, Scale.of(x)).ravel()
    array([ -1. ,  -0.5,   0. ,   0.5, 498.5])
    """

    over: Over = "cohort"
    kind: Literal["robust"] = "robust"

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        exponents = column_exponents(scale.reference) + 1
        reference = scale_by_power(scale.reference, exponents)
        median = column_quantiles(reference, 0.5)
        spread = column_quantiles(reference, 0.75) - column_quantiles(reference, 0.25)
        least, most = column_range(reference)
        if (bad := (spread == 0) & (least < most)).any():
            _, column = first_row_and_column(bad)
            raise MethodError(
                say("the quartiles are equal: robust has no unit to measure in"),
                remedy=say(
                    "use another normalisation for this indicator, such as min_max or z_score"
                ),
                column=column,
            )
        with np.errstate(invalid="ignore", divide="ignore"):
            y = (scale_by_power(x, exponents) - median) / spread
        return np.asarray(np.where(spread == 0, np.where(np.isnan(x), np.nan, 0.0), y))

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the constant columns."""
        text = say("all values are equal: every community gets 0")
        return tuple(Note(text, column=j) for j in constant_positions(scale.reference))
