"""Voting rules: each child is a voter that ranks the communities; only the order counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.aggregate.pairs import scored_communities, sum_preferences
from icfscore.methods.aggregate.present import weigh_present, weighted_mean
from icfscore.methods.context import Floats, Siblings, Silent

TIE = 1e-12  # how near to one half a majority is a tie


@dataclass(frozen=True, slots=True)
class Copeland(Silent):
    """Count the communities that a community beats by majority of weight, less those it loses to.

    y_a = sum_b sign(O_ab - 0.5)
    O_ab = weight of the children where a > b + half the weight of those where a = b

    Edge behaviour
    --------------
    An O within 1e-12 of 0.5 is a tie. Children that either of the two lacks are left out and the
    weights rescaled over the others; without a child in common the two tie. A constant column
    votes for nobody: half its weight goes each way. Defined for all numbers; one community alone
    gets 0; no child present gives no score.

    References
    ----------
    Copeland (1951), A reasonable social welfare function, University of Michigan.
    Munda and Nardo (2009), Noncompensatory/nonlinear composite indicators for ranking countries, on
    the outranking matrix O. https://doi.org/10.1080/00036840601019364

    Examples
    --------
    >>> x = np.array([[3.0, 1.0, 2.0], [2.0, 3.0, 1.0], [1.0, 2.0, 0.0]])
    >>> Copeland()(x, np.ones(3), Siblings.of(3))
    array([ 2.,  0., -2.])
    """

    kind: Literal["copeland"] = "copeland"

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        wins = sum_preferences(x, w, lambda gap, _: np.sign(gap), _majority)
        return np.where(scored_communities(x, w), wins, np.nan)


def _majority(preference: Floats) -> Floats:
    """Turn preferences 2 O - 1 into victories 1, ties 0 and defeats -1."""
    return np.sign(np.where(np.abs(preference) <= 2 * TIE, 0.0, preference))


@dataclass(frozen=True, slots=True)
class BordaCount(Silent):
    """Count the communities below, child by child, and add the counts up by weight.

    y_a = sum_j w_j (number with x_bj < x_aj + half the number of others with x_bj = x_aj)

    Edge behaviour
    --------------
    Weights are rescaled over the children a community has, and it is compared with the communities
    that have the child. A constant column gives everyone (n - 1) / 2 points; ties share their
    points. Defined for all numbers; one community alone gets 0; no child present gives no score.

    References
    ----------
    Borda (1781), Mémoire sur les élections au scrutin. Half points for ties: Black (1958), The
    theory of committees and elections, chapter 9. In multicriteria ranking: Lansdowne and Woodward
    (1996), Applying the Borda ranking method, Air Force Journal of Logistics 20(2), 27-29.

    Examples
    --------
    >>> x = np.array([[3.0, 1.0], [2.0, 3.0], [1.0, 1.0]])
    >>> BordaCount()(x, np.array([1.0, 1.0]), Siblings.of(2))
    array([1.25, 1.5 , 0.25])
    """

    kind: Literal["borda_count"] = "borda_count"

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        return weighted_mean(_borda_points(x), weigh_present(x, w))


def _borda_points(x: Floats) -> Floats:
    """Count, down each column of x (…, n, c), values below plus half of the others equal.

    By sorting, so in O(n log n). What a missing value gets means nothing.
    """
    columns = np.swapaxes(x, -1, -2)
    order = np.argsort(columns, axis=-1, kind="stable")  # missing ones last
    ascending = np.take_along_axis(columns, order, axis=-1)
    place = np.arange(x.shape[-2])
    edge = ascending[..., 1:] != ascending[..., :-1]
    outer = np.ones((*edge.shape[:-1], 1), dtype=bool)
    begins = np.concatenate([outer, edge], axis=-1)
    ends = np.concatenate([edge, outer], axis=-1)
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=-1)
    last = np.where(ends, place, place[-1])[..., ::-1]
    last = np.minimum.accumulate(last, axis=-1)[..., ::-1]
    points = np.empty(columns.shape)
    np.put_along_axis(points, order, (first + last) / 2, axis=-1)
    return np.swapaxes(points, -1, -2)
