"""Linear scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats, Note, Scale, constant_columns

Over = Literal["cohort", "pooled"]


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
        if not (np.isfinite([self.low, self.high]).all() and self.low < self.high):
            raise ValueError(f"low ({self.low:g}) must be below high ({self.high:g})")

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Normalise x (…, n, k)."""
        # Halved, so that the span of values near the largest floats does not overflow.
        least = np.fmin.reduce(scale.reference, axis=-2, keepdims=True) / 2
        span = np.fmax.reduce(scale.reference, axis=-2, keepdims=True) / 2 - least
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(span == 0, 0.5, (x / 2 - least) / span)
        return np.where(np.isnan(x), np.nan, self.low + (self.high - self.low) * share)

    def notes(self, x: Floats, scale: Scale) -> tuple[Note, ...]:
        """Name the constant columns."""
        middle = (self.low + self.high) / 2
        return tuple(
            Note(
                f"all values are equal: every community gets the middle, {middle:g}", column=int(j)
            )
            for j in constant_columns(scale.reference)
        )
