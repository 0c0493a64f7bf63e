"""Imputation from the communities that are most alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Cohort, Floats, Note
from icfscore.methods.impute.gaps import Standardised, fill, notes_on_empty
from icfscore.methods.normalise.columns import column_range, scale_by_power
from icfscore.sentences import say


def squared_distances(z: Floats) -> Floats:
    """Measure squared distances (…, n, n) between the rows of z (…, n, k), gaps left out.

    The mean squared difference over the columns that both rows have, times k; infinite where they
    share none.
    """
    n, k = z.shape[-2:]
    total = np.zeros((*z.shape[:-2], n, n))
    shared = np.zeros((*z.shape[:-2], n, n))
    for j in range(k):
        difference = z[..., :, None, j] - z[..., None, :, j]
        both = ~np.isnan(difference)
        total += np.where(both, difference, 0.0) ** 2
        shared += both
    return np.asarray(np.where(shared > 0, k * total / np.maximum(shared, 1), np.inf))


@dataclass(frozen=True, slots=True)
class NearestNeighbours:
    """Fill a gap with the mean of the k most alike communities that have the value.

    Alike is measured over standardised columns (z-scores, divisor n - 1): the Euclidean distance
    over the indicators that both communities have, sqrt(K / K_shared · sum (z_i - z_j)²), K the
    number of all indicators (scikit-learn's `nan_euclidean`).

    Parameters
    ----------
    k
        Number of donors; fewer where fewer have the value.

    Edge behaviour
    --------------
    Of equally distant donors the first in the order of communities is taken. Communities that share
    no indicator are no donors; without any donor a gap takes the mean of the column. Donors give
    observed values only. A constant column adds nothing to distances. An all-missing column stays
    missing, with a warning. Draws are filled at once.

    Raises
    ------
    ValueError
        Unless k >= 1.

    References
    ----------
    Troyanskaya et al. (2001), Missing value estimation methods for DNA microarrays.
    https://doi.org/10.1093/bioinformatics/17.6.520

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0], [np.nan, 6.0], [8.0, 8.0]])
    >>> NearestNeighbours(k=2)(x, Cohort(sign=np.ones(2), node=np.zeros(2, dtype=int)))[2]
    array([5.5, 6. ])
    """

    k: int = 3
    kind: Literal["nearest_neighbours"] = "nearest_neighbours"

    def __post_init__(self) -> None:
        """Check the number of donors."""
        if self.k < 1:
            raise ValueError(say("k must be at least 1, got {k}", k=self.k))

    def __call__(self, x: Floats, cohort: Cohort) -> Floats:
        """Impute x (…, n, k)."""
        standardised = Standardised.of(x, ddof=1)
        distances = squared_distances(standardised.z)
        small = scale_by_power(x, standardised.exponents)
        values = np.broadcast_to(standardised.mean, x.shape).copy()
        for j in np.flatnonzero(np.isnan(x).any(axis=tuple(range(x.ndim - 1)))):
            average = self._average_donors(small[..., j], distances)
            values[..., j] = np.where(np.isnan(average), values[..., j], average)
        least, most = column_range(small)  # no rounding beyond the donors
        return fill(x, np.ldexp(np.clip(values, least, most), standardised.exponents))

    def _average_donors(self, y: Floats, distances: Floats) -> Floats:
        """Average one column y (…, n) over each row's nearest donors: (…, n), NaN without any."""
        to_donors = np.where(np.isnan(y)[..., None, :], np.inf, distances)
        nearest = np.argsort(to_donors, axis=-1, kind="stable")[..., : self.k]
        usable = np.isfinite(np.take_along_axis(to_donors, nearest, axis=-1))
        values = np.take_along_axis(
            np.broadcast_to(y[..., None, :], to_donors.shape), nearest, axis=-1
        )
        donors = usable.sum(axis=-1)
        total = np.where(usable, values, 0.0).sum(axis=-1)
        return np.where(donors > 0, total / np.maximum(donors, 1), np.nan)

    def notes(self, x: Floats, cohort: Cohort) -> tuple[Note, ...]:
        """Name empty indicators and communities."""
        return notes_on_empty(x, self(x, cohort))
