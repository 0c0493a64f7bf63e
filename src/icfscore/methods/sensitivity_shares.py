"""The focus's rank as a step function of one share.

While one child's share t goes from 0 to 1, its siblings keeping their proportions, the focus's rank
changes only where its score crosses another community's. Crossings are the roots of polynomials
where scores are ratios of linear functions of t, and are searched for otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from icfscore.methods.context import Bools, Floats, Ints

SAME_SHARE = 1e-12  # shares closer than this are one share
SAME_SCORE = 1e-12  # scores closer than this, relative to all scores' spread, are level
GRID = 256  # equal cells of [0, 1] in which crossings are searched for
FOUND_SHARE = 1e-9  # as wide as what methods call a tie: of crossings found by search
_NEAR_TIE = 1e-6  # how far rounding may carry the crossing of scores that differ hardly at all
_HALVINGS = 40  # of a cell: 1/256 becomes 4e-15


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """Scores of n communities as (slope t + level) / (slope_below t + level_below).

    All are (n,). Denominators are above 0 for t between 0 and 1; a score of NaN is nowhere.
    """

    slope: Floats
    level: Floats
    slope_below: Floats
    level_below: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """Where communities change places with the focus, e times.

    Attributes
    ----------
    share
        (e,) the share at which it happens.
    row
        (e,) the community.
    gain
        (e,) going away from the present share: 1 where it gets ahead of the focus, -1 where it no
        longer is.
    above
        (e,) True where the share lies above the present one: going up from it.
    """

    share: Floats
    row: Ints
    gain: Ints
    above: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One change of the focus's rank.

    Attributes
    ----------
    share
        Where it happens.
    rank
        The rank beyond it, seen from the present share.
    rows
        The communities that change places with the focus there.
    """

    share: float
    rank: int
    rows: tuple[int, ...]


def solve_crossings(ratios: Ratios, focus: int, present: float, standing: Ints) -> Crossings:
    """Find all crossings exactly: roots of the difference of two ratios, a quadratic at the most.

    Parameters
    ----------
    present
        The present share.
    standing
        (n,) the sign of each present score minus the focus's.

    Edge behaviour
    --------------
    Communities level with the focus whatever the share (to 1e-12 of all scores' spread) stay as
    they stand. A score that only touches the focus's does not cross it. Crossings within 1e-12 of
    the present share are at it (within 1e-6 for those that are level there).

    Examples
    --------
    >>> none = np.zeros(2)
    >>> lines = Ratios(np.array([0.0, 1.0]), np.array([0.25, 0.0]), none, none + 1)
    >>> solve_crossings(lines, 0, 0.5, np.array([0, 1])).share  # 0.25 and t
    array([0.25])
    """
    sign, roots = _signs_and_roots(_differences(ratios, focus))
    near = np.where(standing == 0, _NEAR_TIE, SAME_SHARE)[:, None]
    roots = np.where(np.abs(roots - present) <= near, present, roots)
    ahead, flat = standing > 0, sign == 0
    found = []
    for end, outwards in ((1.0, 1.0), (0.0, -1.0)):
        beyond = np.sort(np.where((roots - present) * outwards > 0, roots * outwards, np.inf))
        beyond = np.minimum(beyond, end * outwards) * outwards  # (n, 2) outwards from the present
        edges = np.column_stack([np.full(len(sign), present), beyond, np.full(len(sign), end)])
        middles = (edges[:, 1:] + edges[:, :-1]) / 2
        signs = sign[:, None] * _sides(middles, roots)
        states = np.where(flat[:, None], ahead[:, None], signs > 0)
        empty = edges[:, 1:] == edges[:, :-1]  # no segment: as the one before
        for segment in range(states.shape[1]):
            before = states[:, segment - 1] if segment else ahead
            states[:, segment] = np.where(empty[:, segment], before, states[:, segment])
        ups = np.column_stack([ahead, states]).astype(np.int64)
        gains: Ints = ups[:, 1:] - ups[:, :-1]
        row, segment_of = (part.astype(np.int64) for part in np.nonzero(gains))
        found.append(_crossings(edges[row, segment_of], row, gains[row, segment_of], outwards > 0))
    return _gather(found)


def _differences(ratios: Ratios, focus: int) -> Floats:
    """Multiply out each score minus the focus's: coefficients (n, 3) of t^2, t and 1."""
    a1, a0, b1, b0 = ratios.slope, ratios.level, ratios.slope_below, ratios.level_below
    # Scores relative to the focus's own differ by no digit that does not matter.
    middle = (a1[focus] / 2 + a0[focus]) / (b1[focus] / 2 + b0[focus])
    a1, a0 = a1 - middle * b1, a0 - middle * b0
    f1, f0, g1, g0 = a1[focus], a0[focus], b1[focus], b0[focus]
    found = np.column_stack([a1 * g1 - f1 * b1, a1 * g0 + a0 * g1 - f1 * b0 - f0 * b1])
    found = np.column_stack([found, a0 * g0 - f0 * b0])
    found[np.isnan(found).any(axis=1)] = 0.0
    size = np.abs(np.concatenate([a1[np.isfinite(a1)], a0[np.isfinite(a0)]])).max()
    found[np.abs(found).max(axis=1) <= SAME_SCORE * size] = 0.0
    return found


def _signs_and_roots(c: Floats) -> tuple[Floats, Floats]:
    """Give the leading sign (n,) and real roots (n, 2), NaN where there are none, of c (n, 3)."""
    size = np.abs(c).max(axis=1)
    negligible = np.abs(c) <= 1e-14 * size[:, None]
    c = np.where(negligible, 0.0, c)
    c2, c1, c0 = c.T
    roots = np.full((len(c), 2), np.nan)
    line = (c2 == 0) & (c1 != 0)
    roots[line, 0] = -c0[line] / c1[line]
    inside = c1**2 - 4 * c2 * c0
    # Roots that rounding cannot tell apart are one at which the sign does not change.
    curve = (c2 != 0) & (inside > 8 * np.finfo(float).eps * (c1**2 + np.abs(4 * c2 * c0)))
    half = -(c1 + np.copysign(np.sqrt(np.where(curve, inside, 0.0)), c1)) / 2
    roots[curve, 0] = half[curve] / c2[curve]
    roots[curve, 1] = c0[curve] / half[curve]
    sign = np.sign(np.where(c2 != 0, c2, np.where(line, c1, c0)))
    return sign, roots


def _sides(t: Floats, roots: Floats) -> Floats:
    """Multiply the signs of t (n, m) minus each root (n, 2) that there is."""
    apart = np.sign(t[:, :, None] - roots[:, None, :])
    return np.asarray(np.where(np.isnan(apart), 1.0, apart).prod(axis=2))


def search_crossings(
    scores_at: Callable[[Floats], Floats], focus: int, present: float, standing: Ints
) -> Crossings:
    """Find crossings on a grid of 256 equal cells and narrow each down by halving its cell.

    Two crossings of the same community within one cell are not seen. Shares of 0 and 1 are only
    approached, to 1e-9; crossings that near to the present share are at it.

    Parameters
    ----------
    scores_at
        Scores (m, n) at shares (m,).
    present, standing
        As in `solve_crossings`.

    Examples
    --------
    >>> curve = lambda t: np.column_stack([np.full(len(t), 0.25), t**2])
    >>> search_crossings(curve, 0, 0.7, np.array([0, 1])).share
    array([0.5])
    """
    grid = np.linspace(0, 1, GRID + 1).clip(FOUND_SHARE, 1 - FOUND_SHARE)
    found = []
    for upwards in (True, False):
        shares = grid[grid > present] if upwards else grid[grid < present][::-1]
        if not shares.size:  # the present share is all but 0 or 1
            continue
        states = np.vstack([standing > 0, _ahead(scores_at(shares), focus)])
        shares = np.concatenate([[present], shares])
        gains: Ints = states[1:].astype(np.int64) - states[:-1].astype(np.int64)
        cell, row = (part.astype(np.int64) for part in np.nonzero(gains))
        near, far, then = shares[cell], shares[cell + 1], states[cell, row]
        for _ in range(_HALVINGS if cell.size else 0):
            middle = (near + far) / 2
            unchanged = _ahead(scores_at(middle), focus)[np.arange(len(row)), row] == then
            near, far = np.where(unchanged, middle, near), np.where(unchanged, far, middle)
        share = (near + far) / 2
        share = np.where(np.abs(share - present) <= FOUND_SHARE, present, share)
        found.append(_crossings(share, row, gains[cell, row], upwards))
    return _gather(found)


def _ahead(scores: Floats, focus: int) -> Bools:
    return np.asarray(scores > scores[:, focus, None])


def _crossings(share: Floats, row: Ints, gain: Ints, above: bool) -> Crossings:
    return Crossings(share, row, gain, np.full(len(share), above))


def _gather(found: list[Crossings]) -> Crossings:
    fields = ("share", "row", "gain", "above")
    return Crossings(*(np.concatenate([getattr(part, name) for part in found]) for name in fields))


def rank_steps(
    crossings: Crossings, rank: int, same: float = SAME_SHARE
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Turn crossings into the steps of the focus's rank below and above the present share.

    Either are in the order in which they are met going away from it. Ties share the best rank: the
    rank is one more than the number of communities ahead. Crossings closer than `same` to each
    other are one; where they cancel out, no step is left.

    Parameters
    ----------
    rank
        The present rank.
    same
        `SAME_SHARE` of crossings that were solved for, `FOUND_SHARE` of those searched for.
    """
    return (
        _steps_outwards(crossings, rank, same, above=False),
        _steps_outwards(crossings, rank, same, above=True),
    )


def _steps_outwards(
    crossings: Crossings, rank: int, same: float, *, above: bool
) -> tuple[Step, ...]:
    mine = np.flatnonzero(crossings.above == above)
    outwards = 1 if above else -1
    mine = mine[np.lexsort([crossings.row[mine], crossings.share[mine] * outwards])]
    share, row = crossings.share[mine], crossings.row[mine]
    starts = np.flatnonzero(np.diff(share * outwards, prepend=-np.inf) > same)
    ranks = rank + np.cumsum(crossings.gain[mine])
    steps = []
    for start, stop in pairwise([*starts, len(mine)]):
        beyond = int(ranks[stop - 1])
        if beyond != rank:
            rows = tuple(int(r) for r in row[start:stop])
            steps.append(Step(float(share[start]), beyond, rows))
        rank = beyond
    return tuple(steps)
