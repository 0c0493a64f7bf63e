"""Treatment that holds values between two quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats, Note
from icfscore.methods.normalise.columns import column_quantiles
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class Clip:
    """Hold values between two quantiles of their column.

    y = min(max(x, Q(lower)), Q(upper)), quantiles of type 7

    Parameters
    ----------
    lower, upper
        The quantiles, as shares of 1.

    Edge behaviour
    --------------
    Acts on every column, skewed or not: with the default shares the ends of a small cohort move a
    little towards their neighbours. Not idempotent, since the quantiles move as well. A constant
    column stays, ties stay ties, missing values stay missing.

    Raises
    ------
    ValueError
        Unless 0 <= lower < upper <= 1.

    References
    ----------
    Hyndman and Fan (1996), Sample quantiles in statistical packages, type 7.
    https://doi.org/10.1080/00031305.1996.10473566
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> Clip(lower=0.0, upper=0.75)(np.array([[1.0], [2.0], [3.0], [4.0], [100.0]])).ravel()
    array([1., 2., 3., 4., 4.])
    """

    lower: float = 0.025
    upper: float = 0.975
    kind: Literal["clip"] = "clip"

    def __post_init__(self) -> None:
        """Check the shares."""
        if not 0 <= self.lower < self.upper <= 1:
            raise ValueError(
                say(
                    "lower and upper must be shares with 0 <= lower < upper <= 1, got "
                    "{lower:g} and {upper:g}",
                    lower=self.lower,
                    upper=self.upper,
                )
            )

    def __call__(self, x: Floats) -> Floats:
        """Treat x (…, n, k)."""
        low, high = column_quantiles(x, self.lower), column_quantiles(x, self.upper)
        return np.asarray(np.clip(x, low, high))

    def notes(self, x: Floats) -> tuple[Note, ...]:
        """Say how many values were moved in which column."""
        moved = ((x != self(x)) & ~np.isnan(x)).sum(axis=-2)
        return tuple(
            Note(
                say(
                    "{moved} of the values were moved to the {lower:g} or {upper:g} quantile",
                    moved=moved[j],
                    lower=self.lower,
                    upper=self.upper,
                ),
                column=int(j),
                level="info",
            )
            for j in np.flatnonzero(moved)
        )
