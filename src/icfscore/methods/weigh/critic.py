"""Weights from contrast and conflict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Floats, Note, Siblings
from icfscore.methods.weigh.columns import (
    SAME,
    Columns,
    correlations,
    information_notes,
    to_shares,
    unmatched_notes,
)


@dataclass(frozen=True, slots=True)
class Critic:
    """Weigh a child by its contrast and its conflict with the others (CRITIC).

    C = s sum_k (1 - r_k),  w = C / sum C

    s is the sample standard deviation of the child's values stretched to 0..1, r_k their Pearson
    correlation with child k.

    Edge behaviour
    --------------
    Correlations are taken over the communities that have both values; a pair that shares fewer than
    two different ones counts as uncorrelated, with a warning. A constant column has weight 0, with
    a warning, and is no conflict to others. A child that moves exactly as all others do has weight
    0, with a warning; if there is no conflict at all (or nothing varies) the given weights are
    used, with a warning. Ties and negative values need no care: the weights do not change when a
    column is shifted or stretched.

    References
    ----------
    Diakoulaki, Mavrotas and Papayannakis (1995), Determining objective weights in multiple criteria
    problems: the CRITIC method. https://doi.org/10.1016/0305-0548(94)00059-H

    Examples
    --------
    >>> x = np.array([[0.0, 0.0, 2.0], [1.0, 1.0, 1.0], [2.0, 2.0, 0.0]])
    >>> Critic()(x, Siblings.of(3))
    array([0.25, 0.25, 0.5 ])
    """

    kind: Literal["critic"] = "critic"

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh the children of x (…, n, c): shares (…, c)."""
        return to_shares(contrast_times_conflict(x), siblings)

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Name the children without information and the pairs that could not be compared."""
        without = information_notes(contrast_times_conflict(x), x)
        return without + unmatched_notes(x, siblings.names)


def contrast_times_conflict(x: Floats) -> Floats:
    """Take what CRITIC calls the information of each column of x (…, n, c): (…, c)."""
    columns = Columns.of(x)
    apart = 1 - correlations(columns)
    apart = np.where(apart < SAME, 0.0, apart)
    # A constant column's own sd of 0 takes it out; as partner it is masked, and so is the column
    # itself: rounding apart, its correlation with itself is one.
    conflict = (apart @ columns.varying[..., None].astype(np.float64))[..., 0]
    return np.asarray(columns.sd * conflict)
