"""Treatment that pulls in single outliers until the column is no longer skewed and peaked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Bools, Floats, Note
from icfscore.methods.normalise.columns import column_range
from icfscore.methods.treat.moments import excess_kurtosis, skewness
from icfscore.sentences import joined, say


@dataclass(frozen=True, slots=True)
class OutlierTest:
    """The bounds beyond which a column counts as having outliers."""

    max_abs_skew: float
    max_kurtosis: float

    def __post_init__(self) -> None:
        """Check the bounds."""
        if not (np.isfinite(self.max_abs_skew) and self.max_abs_skew >= 0):
            raise ValueError(
                say(
                    "max_abs_skew must be a finite number >= 0, got {max_abs_skew:g}",
                    max_abs_skew=self.max_abs_skew,
                )
            )
        if not np.isfinite(self.max_kurtosis):
            raise ValueError(
                say(
                    "max_kurtosis must be a finite number, got {max_kurtosis:g}",
                    max_kurtosis=self.max_kurtosis,
                )
            )

    def fails(self, x: Floats) -> Bools:
        """Find the columns (…, k) beyond both bounds; one without skewness or kurtosis is not."""
        skewed = np.abs(skewness(x)) >= self.max_abs_skew
        return np.asarray(skewed & (excess_kurtosis(x) >= self.max_kurtosis))


def check_max_points(max_points: int) -> None:
    """Refuse a number of points below 0."""
    if max_points < 0:
        raise ValueError(
            say("max_points must be at least 0, got {max_points}", max_points=max_points)
        )


def winsorise_columns(x: Floats, max_points: int, test: OutlierTest) -> Floats:
    """Pull in outliers of x (…, n, k), all columns and draws at once, step by step.

    Each step changes a cell that was not changed before, so that there are max_points at the most.
    """
    y = x
    for _ in range(max_points):
        changed = (y != x) & ~np.isnan(x)
        go_on = test.fails(y) & (changed.sum(axis=-2) < max_points)
        if not go_on.any():
            break
        y = np.where(go_on[..., None, :], _pull_in_extreme(y), y)
    return y


def _pull_in_extreme(y: Floats) -> Floats:
    """Replace all of each column's largest values (skew >= 0; else smallest) by the next one."""
    downwards = (skewness(y) >= 0)[..., None, :]
    least, most = column_range(y)
    _, next_most = column_range(np.where(y == most, np.nan, y))
    next_least, _ = column_range(np.where(y == least, np.nan, y))
    pulled_down = np.where(y == most, next_most, y)
    pulled_up = np.where(y == least, next_least, y)
    return np.where(downwards, pulled_down, pulled_up)


def note_on_points(before: Floats, after: Floats, column: int) -> Note | None:
    """Say how many points of a column (n,) were pulled in at which end; None if none was."""
    high = int((after < before).sum())
    low = int((after > before).sum())
    if not high + low:
        return None
    ends = [say("{n} at the top", n=high)] * (high > 0)
    ends += [say("{n} at the bottom", n=low)] * (low > 0)
    listed = joined(", ", ends)
    text = (
        say("1 point was pulled in to the next value ({listed})", listed=listed)
        if high + low == 1
        else say(
            "{n} points were pulled in to the next value ({listed})", n=high + low, listed=listed
        )
    )
    return Note(text, column=column, level="info")


@dataclass(frozen=True, slots=True)
class Winsorise:
    """Replace outliers by the next value until skewness or kurtosis is within its bound.

    While |G1| >= max_abs_skew and G2 >= max_kurtosis (both), and fewer than max_points cells are
    changed so far: the largest value(s) of the column, if G1 >= 0, else the smallest, become equal
    to the next one. G1 and G2 are the sample's skewness and excess kurtosis (SAS, Excel).

    Parameters
    ----------
    max_points
        Number of changed cells at which a column is left as it then is. Tied cells are replaced
        together, so that the last step may go beyond it.
    max_abs_skew, max_kurtosis
        Bounds of |G1| and G2.

    Edge behaviour
    --------------
    Fewer than four values, or a constant column, have no kurtosis and are not treated. Cells that a
    step has made equal are tied, move on together and count once each. Missing values stay missing.

    Raises
    ------
    ValueError
        Unless max_points >= 0, max_abs_skew >= 0 and both bounds are finite.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3, p. 62.
    https://doi.org/10.1787/9789264043466-en
    Becker et al. (2022), COINr: An R package for developing composite indicators.
    https://doi.org/10.21105/joss.04567

    Examples
    --------
    >>> Winsorise()(np.array([[1.0], [2.0], [3.0], [4.0], [100.0]])).ravel()
    array([1., 2., 3., 4., 4.])
    """

    max_points: int = 5
    max_abs_skew: float = 2.0
    max_kurtosis: float = 3.5
    kind: Literal["winsorise"] = "winsorise"

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_max_points(self.max_points)
        OutlierTest(self.max_abs_skew, self.max_kurtosis)

    def __call__(self, x: Floats) -> Floats:
        """Treat x (…, n, k)."""
        test = OutlierTest(self.max_abs_skew, self.max_kurtosis)
        return winsorise_columns(x, self.max_points, test)

    def notes(self, x: Floats) -> tuple[Note, ...]:
        """Say how many points were changed in which column, and which columns still fail."""
        y = self(x)
        still = OutlierTest(self.max_abs_skew, self.max_kurtosis).fails(y)
        skew, kurtosis = skewness(y), excess_kurtosis(y)
        notes = [note_on_points(x[:, j], y[:, j], j) for j in range(x.shape[-1])]
        notes += [
            Note(
                say(
                    "still has outliers after winsorising up to {max_points} points: skewness "
                    "{skew:.2f}, excess kurtosis {kurtosis:.2f}",
                    max_points=self.max_points,
                    skew=skew[j],
                    kurtosis=kurtosis[j],
                ),
                column=int(j),
            )
            for j in np.flatnonzero(still)
        ]
        return tuple(note for note in notes if note)
