"""What the data-driven weightings ask of a node's columns: their spread and how they move together.

Statistics skip missing values and are taken on columns stretched to [0, 1], so that neither huge
nor tiny numbers overflow, and a distant origin costs no digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Bools, Floats, Note, Siblings
from icfscore.methods.weigh.given import Given
from icfscore.sentences import say

SAME = 1e-12
"""Correlations nearer to one than this differ from it by rounding only."""

FAR = 1e307
"""Beyond this, differences are taken of quarters."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The columns of x (…, n, c), stretched to [0, 1] and centred.

    Attributes
    ----------
    centred
        (…, n, c) (x - min) / (max - min) less its mean; 0 where missing and in constant columns.
    present
        (…, n, c) True where x holds a value; None when no value is missing.
    sd
        (…, c) sample standard deviation of the stretched column, 0 where it is constant.
    varying
        (…, c) True where the column holds two different values.
    span
        (…, c) max - min, all in the same unit; 0 where the column holds no value.
    """

    centred: Floats
    present: Bools | None
    sd: Floats
    varying: Bools
    span: Floats

    @classmethod
    def of(cls, x: Floats) -> Columns:
        """Stretch and centre the columns of x (…, n, c)."""
        low = np.fmin.reduce(x, axis=-2, keepdims=True)
        high = np.fmax.reduce(x, axis=-2, keepdims=True)
        if max(np.fmax.reduce(high, axis=None), -np.fmin.reduce(low, axis=None)) > FAR:
            x, low, high = x / 4, low / 4, high / 4  # so that the range does not overflow
        span = high - low
        varying = span > 0
        z = (x - low) / np.where(varying, span, 1.0)
        missing = np.isnan(z)
        if not missing.any():
            present, spare = None, max(x.shape[-2] - 1, 1)
            centred = z - z.sum(axis=-2, keepdims=True) / x.shape[-2]
        else:
            present = ~missing
            count = present.sum(axis=-2, keepdims=True)
            mean = np.where(missing, 0.0, z).sum(axis=-2, keepdims=True) / np.maximum(count, 1)
            centred = np.where(missing, 0.0, z - mean)
            spare = np.maximum(count[..., 0, :] - 1, 1)
        sd = np.sqrt((centred * centred).sum(axis=-2) / spare)
        flat = varying[..., 0, :]
        return cls(centred, present, sd, flat, np.where(flat, span[..., 0, :], 0.0))


def correlations(columns: Columns) -> Floats:
    """Correlate the columns, pair by pair over the communities that have both: (…, c, c).

    0 where a column is constant or two columns share too few communities to tell.
    """
    d, present = columns.centred, columns.present
    if present is None:
        norm = columns.sd * np.sqrt(max(d.shape[-2] - 1, 1))
        unit = d / np.where(columns.varying, norm, 1.0)[..., None, :]
        together = np.swapaxes(unit, -1, -2) @ unit
    else:
        there = present.astype(np.float64)
        transposed = np.swapaxes(d, -1, -2)
        shared = np.maximum(np.swapaxes(there, -1, -2) @ there, 1.0)
        sums = transposed @ there
        squares = np.swapaxes(d * d, -1, -2) @ there
        spread = squares - sums**2 / shared
        known = spread > 1e-13 * squares
        known &= np.swapaxes(known, -1, -2)
        covariance = transposed @ d - sums * np.swapaxes(sums, -1, -2) / shared
        norm = np.sqrt(np.where(known, spread, 1.0))
        together = np.where(known, covariance / norm / np.swapaxes(norm, -1, -2), 0.0)
    return np.asarray(np.minimum(np.maximum(together, -1.0), 1.0))


def to_shares(information: Floats, siblings: Siblings) -> Floats:
    """Rescale information (…, c) >= 0 to shares; where there is none, take the given weights."""
    largest = information.max(axis=-1, keepdims=True)
    scaled = information / np.where(largest > 0, largest, 1.0)
    total = scaled.sum(axis=-1, keepdims=True)
    if (total > 0).all():
        return np.asarray(scaled / total)
    given = Given()(information, siblings)
    return np.where(total > 0, scaled / np.where(total > 0, total, 1.0), given)


def information_notes(information: Floats, x: Floats) -> tuple[Note, ...]:
    """Name the children of x (n, c) whose information (c,) is none, and say what follows."""
    if information.size == 1:
        return ()
    if not (information > 0).any():
        return (
            Note(say("nothing in the data tells the children apart: the given weights are used")),
        )
    low, high = np.fmin.reduce(x, axis=-2), np.fmax.reduce(x, axis=-2)

    def reason(j: int) -> str:
        if np.isnan(low[j]):
            return say("there is no value")
        return say("all values are equal") if low[j] == high[j] else say("says nothing of its own")

    return tuple(
        Note(say("{reason}: weight 0", reason=reason(j)), column=j)
        for j in map(int, np.flatnonzero(information <= 0))
    )


def unmatched_notes(x: Floats, names: tuple[str, ...]) -> tuple[Note, ...]:
    """Name the pairs of varying columns of x (n, c) that share too few values to correlate."""
    present = ~np.isnan(x)
    varying = Columns.of(x).varying
    notes = []
    for i, j in zip(*np.triu_indices(x.shape[-1], 1), strict=True):
        both = x[present[:, i] & present[:, j]][:, [i, j]]
        told = len(both) > 1 and (both.min(axis=0) < both.max(axis=0)).all()
        if varying[i] and varying[j] and not told:
            notes.append(
                Note(
                    say(
                        "shares too few communities with {names} for a correlation: taken as none",
                        names=names[j],
                    ),
                    column=int(i),
                )
            )
    return tuple(notes)
