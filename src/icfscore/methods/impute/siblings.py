"""Imputation from the community's own standing in the rest of the criterion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Cohort, Floats, Note, constant_columns
from icfscore.methods.impute.gaps import fill, notes_on_empty
from icfscore.methods.normalise.columns import column_exponents, column_range, scale_by_power
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class CriterionMean:
    """Fill a gap so that the community stands there as it stands, on average, in its siblings.

    Each indicator is min-max scaled to 0..1 in its direction; a gap becomes the unweighted mean of
    the community's scaled values over the other indicators of the same node, mapped back to the
    indicator's unit and direction.

    Edge behaviour
    --------------
    A filled value lies between the indicator's least and greatest. A constant sibling counts as
    0.5, as under `min_max`, with a warning. A community without a value in any sibling stays
    missing, with a warning, and so does an all-missing indicator.

    References
    ----------
    Becker et al. (2022), COINr: An R package for developing composite indicators, function Impute
    with impute_by = "row" and normalise_first. https://doi.org/10.21105/joss.04567

    Examples
    --------
    >>> x = np.array([[0.0, 100.0], [10.0, 300.0], [5.0, np.nan]])
    >>> cohort = Cohort(sign=np.array([1.0, -1.0]), node=np.array([0, 0]))
    >>> CriterionMean()(x, cohort)[2]
    array([  5., 200.])
    """

    kind: Literal["criterion_mean"] = "criterion_mean"

    def __call__(self, x: Floats, cohort: Cohort) -> Floats:
        """Impute x (…, n, k)."""
        exponents = column_exponents(x) + 1  # the range stays below 1
        small = scale_by_power(x, exponents)
        least, most = column_range(small)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (small - least) / (most - least)
        share = np.where(least == most, np.where(np.isnan(x), np.nan, 0.5), share)
        standing = self._standing(np.where(cohort.sign < 0, 1 - share, share), cohort)
        share = np.where(cohort.sign < 0, 1 - standing, standing)
        values = np.clip(least * (1 - share) + most * share, least, most)
        return fill(x, np.ldexp(values, exponents))

    @staticmethod
    def _standing(share: Floats, cohort: Cohort) -> Floats:
        """Average oriented shares (…, n, k) over the siblings present, for each node's columns."""
        standing = np.full(share.shape, np.nan)
        for node in np.unique(cohort.node):
            columns = cohort.node == node
            own = share[..., columns]
            present = (~np.isnan(own)).sum(axis=-1, keepdims=True)
            total = np.nansum(own, axis=-1, keepdims=True)
            standing[..., columns] = np.where(present > 0, total / np.maximum(present, 1), np.nan)
        return standing

    def notes(self, x: Floats, cohort: Cohort) -> tuple[Note, ...]:
        """Name what stays missing, and constant siblings of what was filled."""
        filled = self(x, cohort)
        notes = list(notes_on_empty(x, filled))
        unfilled = np.isnan(filled) & ~np.isnan(filled).all(axis=0, keepdims=True)
        text = say("has no value of a sibling indicator either: stays missing")
        notes += [Note(text, row=int(i), column=int(j)) for i, j in np.argwhere(unfilled)]
        text = say("all values are equal: it counts as middling where its siblings are imputed")
        imputed = np.asarray((np.isnan(x) & ~np.isnan(filled)).any(axis=0))
        for j in constant_columns(x):
            siblings = (cohort.node == cohort.node[j]) & (np.arange(x.shape[-1]) != j)
            if imputed[siblings].any():
                notes.append(Note(text, column=int(j)))
        return tuple(notes)
