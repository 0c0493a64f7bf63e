"""Orientation: from here on higher is better, everywhere.

Direction is applied once, to values, goalposts and targets together, and never inside a method
(but for `fraction_of_max` and `merec`, which are defined on the unoriented column and take the sign
back). Multiplying by -1 keeps distances, so that every later statistic of a lower-is-better
indicator is that of its mirror image.
"""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Floats


def orient_values(x: Floats, sign: Floats) -> Floats:
    """Multiply the columns of x (…, n, k) by their sign (k,)."""
    return x * sign


def orient_goalposts(goalposts: Floats, sign: Floats) -> Floats:
    """Mirror goalposts (k, 2) of lower-is-better columns, the lower one staying first."""
    return np.sort(goalposts * sign[:, None], axis=-1)
