"""A change of rank divided into what a community did itself and what the others did."""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Floats


def divide_rank_changes(before: Floats, after: Floats) -> tuple[Floats, Floats]:
    """Divide each community's change of rank into a part of its own score and one of the others'.

    With r(own, others) = 1 + the number of the others that are ahead, the change from r(old, old)
    to r(new, new) goes over r(new, old) or over r(old, new); each part is the mean of its share on
    both ways, the Shapley value of two players.

    Parameters
    ----------
    before, after
        (n,) scores of the same communities, none missing.

    Returns
    -------
    own, others : Floats
        (n,) in places, below 0 where the community rises; they sum to the change of rank exactly.

    References
    ----------
    Shorrocks (2013), Decomposition procedures for distributional analysis: a unified framework
    based on the Shapley value. https://doi.org/10.1007/s10888-011-9214-z

    Examples
    --------
    >>> own, others = divide_rank_changes(np.array([1.0, 2.0, 3.0]), np.array([2.5, 2.0, 3.0]))
    >>> own.tolist(), others.tolist()
    ([-1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    """

    def rank(own: Floats, field: Floats, itself: Floats) -> Floats:
        """Count who is ahead, but for the community itself as it stands in the field."""
        ahead = len(field) - np.searchsorted(np.sort(field), own, side="right")
        return np.asarray(1.0 + ahead - (itself > own))

    old_old, new_new = rank(before, before, before), rank(after, after, after)
    new_old, old_new = rank(after, before, before), rank(before, after, after)
    own = ((new_old - old_old) + (new_new - old_new)) / 2
    others = ((old_new - old_old) + (new_new - new_old)) / 2
    return own, others
