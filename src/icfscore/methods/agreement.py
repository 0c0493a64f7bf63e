"""How far two rankings of the same communities agree."""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Floats

_ROWS = 1024  # of the table of pairs that is held at a time


def kendall_tau_b(x: Floats, y: Floats) -> float:
    """Correlate two orders, ties on either side corrected for: Kendall's tau-b.

    tau_b = (C - D) / sqrt((C + D + T_x) (C + D + T_y)), C and D the numbers of pairs in the same
    and in opposite order, T_x and T_y those that only x or only y leaves tied.

    Parameters
    ----------
    x, y
        (n,) scores or ranks, NaN where missing; pairs are taken among those that have both.

    Returns
    -------
    float
        From -1 to 1; NaN where fewer than two communities have both, or one side is all ties.

    References
    ----------
    Kendall (1945), The treatment of ties in ranking problems.
    https://doi.org/10.1093/biomet/33.3.239

    Examples
    --------
    >>> kendall_tau_b(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 2.0, 4.0, 3.0]))
    0.6666666666666666
    """
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    concordance, untied_x, untied_y = 0, 0, 0
    for start in range(0, len(x), _ROWS):
        rows = slice(start, start + _ROWS)
        by_x = np.sign(x[rows, None] - x).astype(np.int64)
        by_y = np.sign(y[rows, None] - y).astype(np.int64)
        concordance += int((by_x * by_y).sum())
        untied_x += int(np.abs(by_x).sum())
        untied_y += int(np.abs(by_y).sum())
    if not (untied_x and untied_y):
        return float("nan")
    return float(concordance / np.sqrt(float(untied_x) * float(untied_y)))
