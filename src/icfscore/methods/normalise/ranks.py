"""Scales that keep nothing but the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats, Note, Scale
from icfscore.methods.normalise.columns import column_counts, constant_positions
from icfscore.methods.normalise.linear import check_ends, stretch
from icfscore.methods.normalise.over import Over
from icfscore.sentences import say


def count_below(x: Floats, reference: Floats) -> Floats:
    """Count for each value of x (…, n, k) the smaller ones in reference (…, m, k); NaN for NaN.

    One stable sort of both together: a value of x comes before the equal ones of the reference.
    """
    n = x.shape[-2]
    draws = np.broadcast_shapes(x.shape[:-2], reference.shape[:-2])
    both = np.concatenate(
        [
            np.broadcast_to(x, draws + x.shape[-2:]),
            np.broadcast_to(reference, draws + reference.shape[-2:]),
        ],
        axis=-2,
    )
    order = np.argsort(both, axis=-2, kind="stable")
    below_in_order = np.cumsum(order >= n, axis=-2)
    below = np.empty(both.shape)
    np.put_along_axis(below, order, below_in_order.astype(np.float64), axis=-2)
    return np.where(np.isnan(x), np.nan, below[..., :n, :])


@dataclass(frozen=True, slots=True)
class Rank:
    """Take ranks from 1, the lowest, upwards: the best value gets the largest number.

    y = 1 + number of values below x

    Parameters
    ----------
    over
        `cohort`: rank among the communities scored; `pooled`: among the values of all years.

    Edge behaviour
    --------------
    Ties share the lowest of their ranks. Missing values take no rank and do not lengthen the scale,
    so that columns with gaps end lower. A constant column gives 1 throughout, with a warning. An
    all-missing column stays missing.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[50.0], [10.0], [30.0], [10.0]])
    >>> Rank()(x, Scale.of(x)).ravel()
    array([4., 1., 3., 1.])
    """

    over: Over = "cohort"
    kind: Literal["rank"] = "rank"

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        return np.asarray(count_below(x, scale.reference) + 1)

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the constant columns."""
        text = say("all values are equal: every community gets rank 1")
        return tuple(Note(text, column=j) for j in constant_positions(scale.reference))


@dataclass(frozen=True, slots=True)
class Borda:
    """Count the communities below: one point for each that is beaten.

    y = number of values below x = rank - 1

    Parameters
    ----------
    over
        `cohort`: among the communities scored; `pooled`: among the values of all years.

    Edge behaviour
    --------------
    Equal values do not beat each other. A constant column gives 0 throughout, with a warning. An
    all-missing column stays missing.

    References
    ----------
    Borda (1784), Mémoire sur les élections au scrutin; OECD and JRC (2008), Handbook on
    Constructing Composite Indicators, step 6. https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[50.0], [10.0], [30.0], [10.0]])
    >>> Borda()(x, Scale.of(x)).ravel()
    array([3., 0., 2., 0.])
    """

    over: Over = "cohort"
    kind: Literal["borda"] = "borda"

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        return count_below(x, scale.reference)

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the constant columns."""
        text = say("all values are equal: no community beats another, every one gets 0")
        return tuple(Note(text, column=j) for j in constant_positions(scale.reference))


@dataclass(frozen=True, slots=True)
class PercentileRank:
    """Take the share of the others that are below, stretched over a common range.

    y = low + (high - low) (rank - 1) / (n - 1), n the number of values of the column

    Parameters
    ----------
    low, high
        Ends of the range: the lowest value gets `low`, a single highest one `high`.
    over
        `cohort`: among the communities scored; `pooled`: among the values of all years.

    Edge behaviour
    --------------
    Ties share the lowest of their ranks, so that a constant column gives `low` throughout, with a
    warning. A single value gives the middle of the range, with a warning. A value above all of a
    reference that it is no part of gets `high`. An all-missing column stays missing.

    Raises
    ------
    ValueError
        Unless low < high, both finite.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[50.0], [10.0], [30.0]])
    >>> PercentileRank(high=100)(x, Scale.of(x)).ravel()
    array([100.,   0.,  50.])
    """

    low: float = 0.0
    high: float = 1.0
    over: Over = "cohort"
    kind: Literal["percentile_rank"] = "percentile_rank"

    def __post_init__(self) -> None:
        """Check the range."""
        check_ends(self.low, self.high)

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        below = count_below(x, scale.reference)
        others = column_counts(scale.reference) - 1
        share = np.minimum(below / np.maximum(others, 1), 1.0)
        share = np.where(others == 0, np.where(np.isnan(x), np.nan, 0.5), share)
        return stretch(share, self.low, self.high)

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the columns whose values do not differ."""
        counts = column_counts(scale.reference).reshape(-1, x.shape[-1]).max(axis=0)
        single = say(
            "only one value: it gets the middle, {middle:g}", middle=self.low / 2 + self.high / 2
        )
        constant = say("all values are equal: every community gets {value:g}", value=self.low)
        return tuple(
            Note(single if counts[j] == 1 else constant, column=j)
            for j in constant_positions(scale.reference)
        )
