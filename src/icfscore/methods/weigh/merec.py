"""Weights from what the score would lose without each child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import Floats, Note, Siblings
from icfscore.methods.weigh.columns import information_notes, to_shares
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class Merec:
    """Weigh a child by the effect of its removal on the communities' performance (MEREC).

    a = |ln(min x / x)| for benefits, |ln(x / max x)| for costs
    S = ln(1 + mean over children a),  S_j = the same with child j's a left out of the sum
    w_j = E_j / sum E,  E_j = sum over communities |S_j - S|

    A child is a cost only where it is a lower-is-better indicator that was not normalised: its
    oriented values are the natural ones times -1, and the sign is taken back.

    Edge behaviour
    --------------
    With missing values the mean runs over the children a community has, and E_j is the mean, not
    the sum, over the communities that have child j: a gap costs no weight. A constant or empty
    column has weight 0, with a warning; if all are so, the given weights are used, with a warning.
    Ties need no care. Does not change when a column is multiplied by a positive number.

    Raises
    ------
    MethodError
        For a value that is not positive (of a cost: in natural orientation).

    References
    ----------
    Keshavarz-Ghorabaee, Amiri, Zavadskas, Turskis and Antucheviciene (2021), Determination of
    objective weights using a new method based on the removal effects of criteria (MEREC).
    https://doi.org/10.3390/sym13040525

    Examples
    --------
    >>> x = np.array([[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]])
    >>> Merec()(x, Siblings.of(2))
    array([0.5, 0.5])
    """

    kind: Literal["merec"] = "merec"

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh the children of x (…, n, c): shares (…, c)."""
        return to_shares(removal_effects(x, siblings), siblings)

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Name the children without information."""
        return information_notes(removal_effects(x, siblings), x)


def removal_effects(x: Floats, siblings: Siblings) -> Floats:
    """Take the mean effect of each child's removal from x (…, n, c): (…, c)."""
    natural = np.where(siblings.cost, -x, x)
    bad = natural <= 0
    if bad.any():
        *_, row, column = np.argwhere(bad)[0]
        raise MethodError(
            say("merec needs positive values, found {value:g}", value=natural[bad][0]),
            remedy=say(
                "normalise to a range above 0, such as min_max with low: 1, or take another "
                "weighting"
            ),
            row=int(row),
            column=int(column),
        )
    log = np.log(natural)
    low, high = (bound.reduce(log, axis=-2, keepdims=True) for bound in (np.fmin, np.fmax))
    present = ~np.isnan(log)
    a = np.where(present, np.where(siblings.cost, high - log, log - low), 0.0)
    a /= np.maximum(present.sum(axis=-1, keepdims=True), 1)
    # S - S_j = ln(1 + sum a) - ln(1 + sum a - a_j), without the cancellation
    effect = -np.log1p(-a / (1 + a.sum(axis=-1, keepdims=True)))
    return np.asarray(effect.sum(axis=-2) / np.maximum(present.sum(axis=-2), 1))
