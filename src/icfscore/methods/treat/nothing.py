"""Treatment that leaves outliers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from icfscore.methods.context import Floats, Silent


@dataclass(frozen=True, slots=True)
class NoTreatment(Silent):
    """Leave outliers as they are.

    Edge behaviour
    --------------
    Nothing is changed, whatever the column holds.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3, p. 62.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> import numpy as np
    >>> NoTreatment()(np.array([[1.0], [1000.0]]))
    array([[   1.], [1000.]])
    """

    kind: Literal["none"] = "none"

    def __call__(self, x: Floats) -> Floats:
        """Return x (…, n, k) as it is."""
        return x
