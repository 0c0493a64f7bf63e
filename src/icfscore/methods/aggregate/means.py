"""Means, from fully compensatory to hardly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats, Siblings, Silent


def rescale_over_present(x: Floats, w: Floats) -> Floats:
    """Rescale weights w (c,) or (…, c) over the children that x (…, n, c) has: (…, n, c).

    Rows sum to one; 0 where the child is missing; a row without any child is all NaN.
    """
    present = np.where(np.isnan(x), 0.0, w[..., None, :])
    total = present.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, present / total, np.nan)


def weighted_sum(values: Floats, shares: Floats) -> Floats:
    """Sum values (…, n, c) by shares (…, n, c) over children, those of share 0 left out."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(shares == 0, 0.0, values * shares).sum(axis=-1))


@dataclass(frozen=True, slots=True)
class Arithmetic(Silent):
    """Take the weighted mean: a weakness in one child is fully made up for by another.

    y = sum(w x), weights rescaled over the children present

    Edge behaviour
    --------------
    Defined for all numbers. A constant row gives the constant; no child present gives no score.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, p. 103.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[10.0, 20.0], [10.0, np.nan]])
    >>> Arithmetic()(x, np.array([0.25, 0.75]), Siblings.of(2))
    array([17.5, 10. ])
    """

    kind: Literal["arithmetic"] = "arithmetic"

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        return weighted_sum(x, rescale_over_present(x, w))
