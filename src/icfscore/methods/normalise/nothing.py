"""Normalisation that leaves values as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats, Scale, Silent
from icfscore.methods.normalise.over import Over


@dataclass(frozen=True, slots=True)
class NoNormalisation(Silent):
    """Leave the oriented values as they are: for data on a common scale already.

    y = x, which is -1 times the natural value where lower is better

    Parameters
    ----------
    over
        Taken, as by every normalisation, and without effect.

    Edge behaviour
    --------------
    Nothing is changed, whatever the column holds.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[2.0, -3.0], [np.nan, -1.0]])
    >>> NoNormalisation()(x, Scale.of(x))
    array([[ 2., -3.], [nan, -1.]])
    """

    over: Over = "cohort"
    kind: Literal["none"] = "none"

    def __call__(self, x: Floats, scale: Scale) -> Floats:
        """Return x (…, n, k), the zeros of costs without their minus sign."""
        return np.asarray(x + 0.0)
