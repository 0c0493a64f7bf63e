"""How far scores agree with a choice of some of the communities, and how likely by chance.

Everything rests on one permutation argument: were the choice blind to the scores, each set of as
many communities would have been as likely as any other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from icfscore.methods.context import Bools, Floats, Ints

MAX_CELLS = 20_000_000  # cells of the table of rank sums times steps: about a second

_MANY_PAIRS = 10_000  # beyond it sorting is faster than comparing

Choice = Bools  # (n,) or (m, n): who was chosen


def mid_ranks(scores: Floats) -> Floats:
    """Rank scores (…, n) from 1 for the highest; ties share the mean of their ranks.

    Examples
    --------
    >>> mid_ranks(np.array([5.0, 7.0, 5.0, 1.0]))
    array([2.5, 1. , 2.5, 4. ])
    """
    ahead = (scores[..., None, :] > scores[..., :, None]).sum(axis=-1)
    level = (scores[..., None, :] == scores[..., :, None]).sum(axis=-1)
    return np.asarray(ahead + (level + 1) / 2)


def area_under_curve(scores: Floats, chosen: Choice) -> Floats:
    """Give the share of pairs of a chosen and another in which the chosen one scores higher.

    The area under the ROC curve, U / (k (n - k)) of Mann and Whitney: equal scores count half.

    Parameters
    ----------
    scores
        (…, n) none missing.
    chosen
        (n,) at least one true, at least one false.

    Returns
    -------
    Floats
        (…,) 1 where all chosen are ahead of all others, 0.5 by chance.

    References
    ----------
    Hanley and McNeil (1982), The meaning and use of the area under a ROC curve.
    https://doi.org/10.1148/radiology.143.1.7063747

    Examples
    --------
    >>> area_under_curve(np.array([3.0, 2.0, 2.0, 1.0]), np.array([True, True, False, False]))
    array(0.875)
    """
    mine, others = scores[..., chosen], scores[..., ~chosen]
    if mine.shape[-1] * others.shape[-1] > _MANY_PAIRS:
        rows = zip(mine.reshape(-1, mine.shape[-1]), np.sort(others.reshape(-1, others.shape[-1])),
                   strict=True)  # fmt: skip
        won = [
            np.searchsorted(field, own, "left").sum() + np.searchsorted(field, own, "right").sum()
            for own, field in rows
        ]
        pairs = 2 * mine.shape[-1] * others.shape[-1]
        return np.asarray(np.array(won).reshape(mine.shape[:-1]) / pairs)
    difference = mine[..., :, None] - others[..., None, :]
    return np.asarray((np.sign(difference) / 2 + 0.5).mean(axis=(-2, -1)))


def precision_at_k(scores: Floats, chosen: Choice) -> Floats:
    """Give the share of the chosen among the k best by score, k being the number of the chosen.

    Where a tie reaches across the k-th place, each of the tied fills an equal part of the places
    that are left: the mean over all ways to break the tie.

    Parameters
    ----------
    scores
        (…, n) none missing.
    chosen
        (n,) at least one true.

    Examples
    --------
    >>> precision_at_k(np.array([3.0, 2.0, 2.0, 1.0]), np.array([True, True, False, False]))
    array(0.75)
    """
    k = int(chosen.sum())
    cut = np.sort(scores, axis=-1)[..., [-k]]  # the k-th best score
    above, level = scores > cut, scores == cut
    left = k - above.sum(axis=-1)
    tied = (level & chosen).sum(axis=-1) * left / level.sum(axis=-1)
    return np.asarray(((above & chosen).sum(axis=-1) + tied) / k)


def rank_sum_p_value(scores: Floats, chosen: Choice) -> tuple[float, bool]:
    """Give the chance that as many, taken blindly, would rank as high as the chosen or higher.

    The exact upper-tailed p-value of the rank sum W (rank 1 the lowest score, ties the mean of
    their ranks): the share of all C(n, k) sets whose W is at least that of the chosen. The sets are
    counted by dynamic programming over doubled ranks, so that ties cost nothing: the chance that j
    have been taken with sum s, community after community.

    Parameters
    ----------
    scores
        (n,) none missing.
    chosen
        (n,) at least one true, at least one false.

    Returns
    -------
    p : float
    exact : bool
        False beyond `MAX_CELLS`, with a few hundred communities: then the normal approximation,
        its variance corrected for ties, with continuity correction.

    References
    ----------
    Mann and Whitney (1947), On a test of whether one of two random variables is stochastically
    larger than the other. https://doi.org/10.1214/aoms/1177730491
    Mehta, Patel and Tsiatis (1984), Exact significance testing to establish treatment equivalence
    with ordered categorical data. https://doi.org/10.2307/2530927 (networks for tied ranks)

    Examples
    --------
    >>> rank_sum_p_value(np.array([4.0, 3.0, 2.0, 1.0]), np.array([True, True, False, False]))
    (0.16666666666666666, True)
    """
    k = int(chosen.sum())
    doubled = (2 * mid_ranks(-scores)).round().astype(np.int64)
    observed = int(doubled[chosen].sum())
    if not _countable(doubled, k):
        return _normal_p_value(doubled / 2, observed / 2, k), False
    return float(min(_rank_sums(doubled, k)[observed:].sum(), 1.0)), True


def convincing_area(n: int, k: int, level: float = 0.05) -> float | None:
    """Give the least area under the curve that a blind choice reaches less often than `level`.

    Of k of n communities without ties; None where no area is so rare. Exact up to `MAX_CELLS`, then
    by the normal approximation.

    Examples
    --------
    >>> convincing_area(21, 7), convincing_area(3, 1)
    (0.7346938775510204, None)
    """
    ranks = 2 * np.arange(1, n + 1)
    if not _countable(ranks, k):
        from scipy.special import ndtri

        spread = np.sqrt((n + 1) / (12 * k * (n - k)))
        return float(0.5 - ndtri(level) * spread)
    chances = _rank_sums(ranks, k)
    rare = np.flatnonzero((np.cumsum(chances[::-1])[::-1] < level) & (chances > 0))
    if not rare.size:
        return None
    return float((rare[0] / 2 - k * (k + 1) / 2) / (k * (n - k)))


def _countable(doubled: Ints, k: int) -> bool:
    highest = int(np.sort(doubled)[-k:].sum())
    return len(doubled) * (k + 1) * (highest + 1) <= MAX_CELLS


def _rank_sums(doubled: Ints, k: int) -> Floats:
    """Give the chance of every sum of k of the doubled ranks (n,), by the sum."""
    n, highest = len(doubled), int(np.sort(doubled)[-k:].sum())
    chance = np.zeros((k + 1, highest + 1))
    chance[0, 0] = 1.0
    taken = np.arange(k + 1)[:, None]
    for position, rank in enumerate(doubled.tolist()):
        take = np.clip((k - taken) / (n - position), 0.0, 1.0)
        gained = (chance * take)[:-1, : highest + 1 - rank]
        chance *= 1 - take
        chance[1:, rank:] += gained
    return np.asarray(chance[k])


def _normal_p_value(ranks: Floats, observed: float, k: int) -> float:
    """Approximate the upper tail of the rank sum of k of the ranks (n,)."""
    from scipy.special import ndtr

    n = len(ranks)
    variance = k * (n - k) / n * ranks.var(ddof=1)
    if variance == 0:
        return 1.0
    above = (observed - 0.5 - k * (n + 1) / 2) / np.sqrt(variance)
    return float(ndtr(-above))


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p-values for their number (step-down): the chance of any false alarm stays bounded.

    The smallest of m is multiplied by m, the next by m - 1, and so on; none may fall below a
    smaller one's, none exceeds 1.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure.
    https://www.jstor.org/stable/4615733

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected = [0.0] * len(p_values)
    largest = 0.0
    for place, position in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (len(p_values) - place) * p_values[position]))
        corrected[position] = largest
    return corrected
