"""Ranks of full-precision scores.

Ties share the best rank ("1 2 2 4"), as in sports and in most published indices; scores are never
rounded before they are ranked. A missing score has no rank.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from icfscore.methods.context import Floats


def rank_descending(scores: Floats) -> npt.NDArray[np.int64]:
    """Rank scores (n,): 1 for the highest, ties share the best rank, 0 where missing.

    Examples
    --------
    >>> rank_descending(np.array([2.0, 3.0, 2.0, np.nan, 1.0]))
    array([2, 1, 2, 0, 4])
    """
    ascending = np.sort(-scores[~np.isnan(scores)])
    ranks = np.searchsorted(ascending, -scores, side="left") + 1
    return np.where(np.isnan(scores), 0, ranks).astype(np.int64)
