"""Weights as the files give them."""

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
