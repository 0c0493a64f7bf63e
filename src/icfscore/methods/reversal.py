"""The smallest change of weights that turns the order of two communities round."""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Floats


def least_reversal(w: Floats, lead: Floats) -> Floats | None:
    """Find the shares nearest to the present ones that bring two communities level.

    minimise sum |v - w| with sum v = 1, v >= 0, sum v lead = 0

    A unit of weight that moves to the child on which the leader is furthest behind gains most where
    it comes from the child on which it is furthest ahead: taking from these first, as far as they
    go, solves the linear programme.

    Parameters
    ----------
    w
        (c,) shares, summing to 1.
    lead
        (c,) the leader's lead on each child, on the scale on which the index is a weighted sum;
        sum(w lead) >= 0.

    Returns
    -------
    Shares v (c,); beyond them the order is the other one. Of equal solutions the one that takes
    from and gives to earlier children. None where no weights put the leader behind: it is behind
    on no child.

    Examples
    --------
    >>> least_reversal(np.array([0.5, 0.5]), np.array([3.0, -1.0]))
    array([0.25, 0.75])
    """
    target = int(np.argmin(lead))
    if lead[target] >= 0:
        return None
    found = np.array(w, dtype=float)
    needed = max(float(w @ lead), 0.0)
    for child in np.argsort(-lead, kind="stable").tolist():
        gain = float(lead[child] - lead[target])
        if needed <= 0 or gain <= 0:
            break
        moved = min(float(found[child]), needed / gain)
        found[child] -= moved
        found[target] += moved
        needed -= moved * gain
    return found
