"""How far off an imputation is: what the hot deck adds to imputed values.

A donor's residual is its value less what the imputation puts there when it is taken away (divided
by it, for positive ratios and counts). Donors are taken away a tenth at a time, one by one where
there are ten or fewer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from icfscore.domain.communities import LARGEST
from icfscore.domain.criteria import Indicator
from icfscore.domain.tables import Floats, Ints
from icfscore.errors import InputError
from icfscore.methods.perturb.missing import Gap
from icfscore.pipeline.stages import Columns, impute
from icfscore.recipe import Recipe

FOLDS = 10
MOST_PATTERNS = 50  # of missing columns; beyond, all columns with gaps are taken away together


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """What a gap's donors (d,) add to one imputed column, or multiply it by."""

    column: int
    of_donor: Floats
    multiplies: bool
    low: float
    high: float

    def apply(self, filled: Floats, donor: Ints) -> None:
        """Scatter imputed values (B,) in place, given the position of each draw's donor."""
        if self.multiplies:
            with np.errstate(over="ignore"):  # clipped below
                filled *= self.of_donor[donor]
        else:
            filled += self.of_donor[donor]
        np.clip(filled, self.low, self.high, out=filled)


Residuals = tuple[tuple[Residual, ...], ...]


def is_plain(recipe: Recipe) -> bool:
    """Tell whether a recipe leaves gaps as they are."""
    return all(method.kind == "none" for method in recipe.imputation.methods())


def plan_residuals(
    values: Floats, gaps: tuple[Gap, ...], columns: Columns, recipe: Recipe
) -> Residuals:
    """Find the residuals of each gap's donors; values (n, k) as observed.

    Returns
    -------
    For each gap a residual by column; none where the recipe does not impute.
    """
    if is_plain(recipe):
        return ()
    patterns = {tuple(gap.columns.tolist()) for gap in gaps}
    together: tuple[int, ...] = ()
    if len(patterns) > MOST_PATTERNS:
        together = tuple(sorted({column for pattern in patterns for column in pattern}))
    predicted: dict[tuple[int, ...], Floats] = {}
    found = []
    for gap in gaps:
        taken = together or tuple(gap.columns.tolist())
        if taken not in predicted:
            donors = np.unique(
                np.concatenate(
                    [g.donors for g in gaps if together or tuple(g.columns.tolist()) == taken]
                )
            )
            predicted[taken] = _predict(values, donors, taken, columns, recipe)
        found.append(tuple(_residuals(values, gap, predicted[taken], columns.indicators)))
    return tuple(found)


def _predict(
    values: Floats, donors: Ints, taken: tuple[int, ...], columns: Columns, recipe: Recipe
) -> Floats:
    """Impute what donors have in some columns: (n, k), NaN elsewhere."""
    predicted = np.full(values.shape, np.nan)
    for fold in range(min(FOLDS, donors.size)):
        cells = np.ix_(donors[fold::FOLDS], np.array(taken))
        less = values.copy()
        less[cells] = np.nan
        try:
            predicted[cells] = impute(less, columns, recipe).values[cells]
        except InputError:  # too little is left: the mean stands in, below
            continue
    return predicted


def _residuals(
    values: Floats, gap: Gap, predicted: Floats, indicators: tuple[Indicator, ...]
) -> Iterable[Residual]:
    for column in gap.columns.tolist():
        indicator = indicators[column]
        given, expected = values[gap.donors, column], predicted[gap.donors, column]
        expected = np.where(np.isnan(expected), given.mean(), expected)
        ratio = indicator.kind in ("ratio", "count") and (given > 0).all() and (expected > 0).all()
        low, high = indicator.bounds
        if indicator.per is not None:  # bounds are those of the numerator: only 0 stays what it is
            low, high = (0.0 if low is not None and low >= 0 else None), None
        with np.errstate(over="ignore"):
            residuals = np.minimum(given / expected, LARGEST) if ratio else given - expected
        yield Residual(
            column,
            residuals,
            bool(ratio),
            -LARGEST if low is None else low,
            LARGEST if high is None else high,
        )
