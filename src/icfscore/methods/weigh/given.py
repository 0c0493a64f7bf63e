"""Weights that do not look at the data: as the files give them, or equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats, Siblings, Silent


@dataclass(frozen=True, slots=True)
class Given(Silent):
    """Take the weights that the files give, rescaled to shares among siblings.

    Edge behaviour
    --------------
    Does not look at the data: constant and missing columns keep their share.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, p. 89.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> Given()(np.zeros((3, 2)), Siblings.of(2, given=np.array([3.0, 1.0])))
    array([0.75, 0.25])
    """

    kind: Literal["given"] = "given"

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh c children: shares (c,)."""
        largest = siblings.given / siblings.given.max()  # no overflow of the sum
        return np.asarray(largest / largest.sum())


@dataclass(frozen=True, slots=True)
class Equal(Silent):
    """Weigh all scored children alike, whatever weights the files give.

    w = 1 / c

    Edge behaviour
    --------------
    Does not look at the data. A child of weight 0 in the files is not scored and stays at 0.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, p. 100, table 22.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> Equal()(np.zeros((3, 2)), Siblings.of(2, given=np.array([3.0, 1.0])))
    array([0.5, 0.5])
    """

    kind: Literal["equal"] = "equal"

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh c children: shares (c,)."""
        c = x.shape[-1]
        return np.full(c, 1 / c)
