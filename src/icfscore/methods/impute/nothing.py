"""Imputation that leaves gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from icfscore.methods.context import Cohort, Floats, Silent


@dataclass(frozen=True, slots=True)
class NoImputation(Silent):
    """Leave gaps as they are: every aggregation uses the children present, weights rescaled.

    Edge behaviour
    --------------
    A community without any value of a node has no score there.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3, p. 55 (available
    case analysis). https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, np.nan]])
    >>> NoImputation()(x, Cohort(sign=np.ones(2), node=np.zeros(2, dtype=int)))
    array([[ 1., nan]])
    """

    kind: Literal["none"] = "none"

    def __call__(self, x: Floats, cohort: Cohort) -> Floats:
        """Return x (…, n, k) as it is."""
        return x
