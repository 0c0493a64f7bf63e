"""What the imputations share: standardised columns, draws of one pattern, what stays missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Bools, Floats, Ints, Note
from icfscore.methods.normalise.columns import (
    column_deviations,
    column_exponents,
    column_means,
    scale_by_power,
)
from icfscore.sentences import say


@dataclass(frozen=True, slots=True, eq=False)
class Standardised:
    """Columns as z-scores of what is observed, and the way back.

    Attributes
    ----------
    z
        (…, n, k) scores, NaN where missing, 0 in constant columns.
    mean, sd
        (…, 1, k) of the columns divided by 2^exponents; sd 1 for constant columns.
    exponents
        (…, 1, k) powers of two.
    """

    z: Floats
    mean: Floats
    sd: Floats
    exponents: Ints

    @classmethod
    def of(cls, x: Floats, ddof: int) -> Standardised:
        """Standardise x (…, n, k) with divisor n - ddof in the variance."""
        exponents = column_exponents(x)
        small = scale_by_power(x, exponents)
        mean, sd = column_means(small), column_deviations(small, ddof)
        sd = np.where(sd == 0, 1.0, sd)
        return cls((small - mean) / sd, mean, sd, exponents)

    def in_natural_units(self, z: Floats) -> Floats:
        """Turn scores z (…, n, k) back into values."""
        return np.asarray(np.ldexp(self.mean + self.sd * z, self.exponents))


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Draws that miss the same cells, so that one loop serves all of them.

    Attributes
    ----------
    draws
        (d,) their positions.
    columns
        (q,) the columns that vary and so can tell something; others keep their mean.
    missing
        (n, q) the gaps in them.
    """

    draws: Ints
    columns: Ints
    missing: Bools


def patterns(z: Floats) -> Iterator[Pattern]:
    """Split standardised draws z (d, n, k) by what they miss; those without gaps are left out."""
    missing = np.isnan(z)
    vary = np.where(missing, 0.0, np.abs(z)).max(axis=-2) > 0
    keys = np.concatenate([missing.reshape(len(z), -1), vary], axis=1)
    _, first, which = np.unique(
        np.packbits(keys, axis=1), axis=0, return_index=True, return_inverse=True
    )
    for number, draw in enumerate(first):
        columns = np.flatnonzero(vary[draw])
        gaps = missing[draw][:, columns]
        if gaps.any():
            yield Pattern(np.flatnonzero(which.reshape(-1) == number), columns, gaps)


def fill(x: Floats, values: Floats) -> Floats:
    """Put values (broadcasting) into the gaps of x (…, n, k); observed values stay bit by bit."""
    return np.where(np.isnan(x), values, x)


def notes_on_empty(x: Floats, filled: Floats) -> tuple[Note, ...]:
    """Name what x (n, k) has no value of: indicators that stay empty, communities filled anyhow."""
    gone = np.isnan(x)
    notes = [
        Note(say("no community has a value: the indicator stays missing"), column=int(j))
        for j in np.flatnonzero(gone.all(axis=0))
    ]
    notes += [
        Note(
            say("has no value at all: every one of its values is imputed from the others"),
            row=int(i),
        )
        for i in np.flatnonzero(gone.all(axis=1) & ~np.isnan(filled).all(axis=1))
    ]
    return tuple(notes)
