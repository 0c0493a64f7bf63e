"""Treatment in two stages: pull in outliers, or else transform the whole column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats, Note
from icfscore.methods.treat.moments import skewness
from icfscore.methods.treat.transforms import box_cox_parameters, transform_column
from icfscore.methods.treat.winsorise import (
    OutlierTest,
    check_max_points,
    note_on_points,
    winsorise_columns,
)
from icfscore.sentences import say

Fallback = Literal["log_ct", "log_ct_signed", "box_cox", "none"]


@dataclass(frozen=True, slots=True)
class SkewKurtosis:
    """Winsorise; a column that still has outliers is transformed as a whole instead.

    A column that fails both bounds after winsorising (see `winsorise`) goes back to its untreated
    values x and gets the fallback:

    - `log_ct`: y = ln(x - min + a), with a = 0.01 (max - min), min and max the column's;
    - `log_ct_signed`: the same where G1 >= 0, else y = -ln(max - x + a): both keep the order and
      stretch the end that the outliers are not at;
    - `box_cox`: y = ((x + s)^λ - 1) / λ, or ln(x + s) for λ = 0, with λ of maximum likelihood under
      normality and s = 0, or where min <= 0: s = a - min;
    - `none`: nothing, so that the column keeps its outliers.

    Parameters
    ----------
    max_points, max_abs_skew, max_kurtosis
        As for `winsorise`.
    fallback
        What a column gets that winsorising does not mend.

    Edge behaviour
    --------------
    After the fallback no further check is made. A transformed column is on another scale than its
    goalposts and target, which stay in natural units. Each draw decides for itself. Fewer than four
    values, or a constant column, are not treated; missing values stay missing. Box-Cox runs over
    the columns that need it one by one. COINr's `boxcox` differs: there λ is given, and s = 1 - min
    in whatever unit.

    Raises
    ------
    ValueError
        Unless max_points >= 0, max_abs_skew >= 0, both bounds finite, fallback one of the four.
    MethodError
        Where the Box-Cox values leave the range of floating point.

    References
    ----------
    Becker et al. (2022), COINr: An R package for developing composite indicators, functions Treat
    and log_CT. https://doi.org/10.21105/joss.04567
    Box and Cox (1964), An analysis of transformations.
    https://doi.org/10.1111/j.2517-6161.1964.tb00553.x

    Examples
    --------
    >>> x = np.array([[0.0], [1.0], [2.0], [3.0], [100.0]])
    >>> SkewKurtosis(max_points=0)(x).ravel().round(3)
    array([0.   , 0.693, 1.099, 1.386, 4.615])
    """

    max_points: int = 5
    max_abs_skew: float = 2.0
    max_kurtosis: float = 3.5
    fallback: Fallback = "log_ct"
    kind: Literal["skew_kurtosis"] = "skew_kurtosis"

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_max_points(self.max_points)
        OutlierTest(self.max_abs_skew, self.max_kurtosis)
        if self.fallback not in ("log_ct", "log_ct_signed", "box_cox", "none"):
            raise ValueError(
                say(
                    "fallback must be one of log_ct, log_ct_signed, box_cox, none; got "
                    "{fallback!r}",
                    fallback=self.fallback,
                )
            )

    def __call__(self, x: Floats) -> Floats:
        """Treat x (…, n, k)."""
        test = OutlierTest(self.max_abs_skew, self.max_kurtosis)
        winsorised = winsorise_columns(x, self.max_points, test)
        unmended = test.fails(winsorised)
        if not unmended.any():
            return winsorised
        y = np.where(unmended[..., None, :], x, winsorised)
        if self.fallback == "none":
            return y
        skew = skewness(x)
        for place in map(tuple, np.argwhere(unmended)):
            *draw, column = place
            cells = (*draw, slice(None), column)
            y[cells] = transform_column(x[cells], self.fallback, float(skew[place]), column)
        return y

    def notes(self, x: Floats) -> tuple[Note, ...]:
        """Say how many points were changed, and which columns were transformed."""
        test = OutlierTest(self.max_abs_skew, self.max_kurtosis)
        winsorised = winsorise_columns(x, self.max_points, test)
        unmended = test.fails(winsorised)
        notes = [
            self._note_on_fallback(x[:, j], j)
            if unmended[j]
            else note_on_points(x[:, j], winsorised[:, j], j)
            for j in range(x.shape[-1])
        ]
        return tuple(note for note in notes if note)

    def _note_on_fallback(self, column: Floats, j: int) -> Note:
        """Say what became of a column (n,) that winsorising did not mend."""
        start = say(
            "winsorising up to {max_points} points does not remove the outliers: ",
            max_points=self.max_points,
        )
        if self.fallback == "none":
            return Note(start + say("the column keeps its untreated values"), column=j)
        detail = ""
        if self.fallback == "box_cox":
            power, shift = box_cox_parameters(column[~np.isnan(column)])
            detail = say(" (lambda {power:.4g}, shift {shift:.4g})", power=power, shift=shift)
        what = say(
            "the whole column was transformed instead by {fallback}{detail}",
            fallback=self.fallback,
            detail=detail,
        )
        return Note(start + what, column=j, level="info")
