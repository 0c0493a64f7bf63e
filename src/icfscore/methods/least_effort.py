r"""The least effort that gains so much: a mixed-integer programme over piecewise linear curves.

Each curve says what moving one thing costs and what it gains, knot by knot, linear between. With
position p_j on curve j, effort e_j and gain g_j, the programme is

    min sum_j e_j(p_j)   subject to   sum_j g_j(p_j) >= needed.

It is solved by branch and bound. Where each curve is replaced by the smallest concave curve above
it (its upper hull), the optimum goes through the hulls' edges in the order of their gain for the
effort and stops within one of them (Dantzig 1957, https://doi.org/10.1287/opre.5.2.266): that
effort is a bound from below. Where the edge is part of the curve itself the bound is reached; else
the curve is cut there in two, and both halves are bounded anew (Beale and Tomlin 1970's branching
on special ordered sets), the lowest bound first, until no half is left that could do better.
SciPy's `milp` finds the same optima, but may write to the standard output, where data go, whatever
it is told (https://github.com/jump-dev/HiGHS.jl/issues/312).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cache
from itertools import count

import numpy as np

from icfscore.methods.context import Floats, Ints

_SAME = 1e-12  # of an effort: what rounding alone may move
_ROUNDING = 1e-15  # of all there is to gain
_MOST_NODES = 500_000
Node = tuple[float, int, tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What moving one thing costs and gains.

    Attributes
    ----------
    effort, gain
        (m + 1,) at each knot, both 0 at the first and never falling.
    discrete
        Whether only the knots themselves can be reached.
    least
        Number of the knot that must be reached.
    """

    effort: Floats
    gain: Floats
    discrete: bool = False
    least: int = 0

    @property
    def n_segments(self) -> int:
        """Number of segments."""
        return len(self.effort) - 1

    def at(self, position: float) -> tuple[float, float]:
        """Effort and gain at a position: 2.25 is a quarter of the way from knot 2 to knot 3."""
        knots = np.arange(len(self.effort))
        effort = np.interp(position, knots, self.effort)
        return float(effort), float(np.interp(position, knots, self.gain))


def total_gain(curves: tuple[Curve, ...], positions: Floats) -> float:
    """Sum the gains at positions (number of curves,)."""
    return float(sum(curve.at(p)[1] for curve, p in zip(curves, positions, strict=True)))


def total_effort(curves: tuple[Curve, ...], positions: Floats) -> float:
    """Sum the efforts at positions (number of curves,)."""
    return float(sum(curve.at(p)[0] for curve, p in zip(curves, positions, strict=True)))


def least_effort(curves: tuple[Curve, ...], needed: float) -> Floats | None:
    """Find the positions of least effort that gain what is needed.

    Returns
    -------
    A position on each curve (number of curves,): whole numbers are knots; None where all curves to
    their ends do not gain enough.

    Examples
    --------
    >>> steep = Curve(np.array([0.0, 1.0]), np.array([0.0, 4.0]))
    >>> flat = Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    >>> least_effort((steep, flat), 4.5)
    array([1. , 0.5])
    """
    ends = np.array([float(curve.n_segments) for curve in curves])
    start = np.array([float(curve.least) for curve in curves])
    most = total_gain(curves, ends)
    slack = _ROUNDING * max(abs(most), abs(needed))
    if total_gain(curves, start) >= needed:
        return start
    if most < needed - 4 * slack:
        return None
    return _Search(curves, min(needed, most) - slack).run()


class _Search:
    """The branch and bound of one programme; the best positions so far are its `found`."""

    def __init__(self, curves: tuple[Curve, ...], needed: float) -> None:
        self.curves = curves
        self.needed = needed
        self.found = np.array([float(curve.n_segments) for curve in curves])
        self.effort = total_effort(curves, self.found)
        self.number = count()
        self.hull = cache(self._hull)

    def run(self) -> Floats:
        """Look at the parts with the lowest bound first."""
        whole = tuple((curve.least, curve.n_segments) for curve in self.curves)
        nodes: list[Node] = []
        self._look_at(whole, nodes)
        for _ in range(_MOST_NODES):
            if not nodes:
                break
            bound, _, parts = heapq.heappop(nodes)
            if self._is_no_better(bound):
                break
            for half in self._halves(parts):
                self._look_at(half, nodes)
        return self.found

    def _is_no_better(self, effort: float) -> bool:
        return effort >= self.effort - _SAME * max(self.effort, 1e-3)

    def _hull(self, j: int, low: int, high: int) -> Ints:
        """List the knots of a part of a curve that lie on its upper hull."""
        effort = self.curves[j].effort[low : high + 1].tolist()
        gain = self.curves[j].gain[low : high + 1].tolist()
        on: list[int] = []
        for knot in range(high + 1 - low):
            while len(on) > 1:
                a, b = on[-2], on[-1]
                left = (gain[b] - gain[a]) * (effort[knot] - effort[b])
                if left > (gain[knot] - gain[b]) * (effort[b] - effort[a]):
                    break
                on.pop()
            on.append(knot)
        while len(on) > 1 and gain[on[-1]] <= gain[on[-2]]:
            on.pop()  # what gains nothing more
        return np.array(on, dtype=np.int64) + low

    def _relaxed(self, parts: tuple[tuple[int, int], ...]) -> tuple[Ints, int, int, float] | None:
        """Go through the hulls' edges: positions, the curve and knot stopped before, the bound.

        None where the parts to their ends do not gain enough.
        """
        hulls = [self.hull(j, low, high) for j, (low, high) in enumerate(parts)]
        owners = np.repeat(np.arange(len(hulls)), [len(hull) - 1 for hull in hulls])
        at = np.array([low for low, _ in parts], dtype=np.int64)
        effort = sum(float(c.effort[n]) for c, n in zip(self.curves, at, strict=True))
        missing = self.needed - sum(float(c.gain[n]) for c, n in zip(self.curves, at, strict=True))
        if missing <= 0:
            return at, -1, 0, effort
        if not len(owners):
            return None
        pairs = list(zip(self.curves, hulls, strict=True))
        efforts = np.concatenate([np.diff(curve.effort[hull]) for curve, hull in pairs])
        gains = np.concatenate([np.diff(curve.gain[hull]) for curve, hull in pairs])
        after = np.concatenate([hull[1:] for hull in hulls])
        with np.errstate(divide="ignore"):
            order = np.lexsort((np.arange(len(gains)), -gains / efforts))
        gained = np.cumsum(gains[order])
        last = int(np.searchsorted(gained, missing, side="left"))
        if last >= len(order):
            return None
        full = order[:last]
        np.maximum.at(at, owners[full], after[full])
        edge = int(order[last])
        before = float(gained[last - 1]) if last else 0.0
        effort += float(efforts[full].sum()) + float(efforts[edge]) * (missing - before) / float(
            gains[edge]
        )
        return at, int(owners[edge]), int(after[edge]), effort

    def _look_at(self, parts: tuple[tuple[int, int], ...], nodes: list[Node]) -> None:
        """Bound a part, note what can be done in it, and keep it where it could do better."""
        relaxed = self._relaxed(parts)
        if relaxed is None:
            return
        at, j, _, bound = relaxed
        if self._is_no_better(bound):
            return
        positions = at.astype(float)
        if j >= 0:
            curve = self.curves[j]
            others = total_gain(self.curves, positions) - curve.at(positions[j])[1]
            position = _reaching(curve, self.needed - others)
            positions[j] = max(np.ceil(position) if curve.discrete else position, parts[j][0])
        effort = total_effort(self.curves, positions)
        if effort < self.effort:
            self.found, self.effort = positions, effort
        if not self._is_no_better(bound):
            heapq.heappush(nodes, (bound, next(self.number), parts))

    def _halves(self, parts: tuple[tuple[int, int], ...]) -> list[tuple[tuple[int, int], ...]]:
        """Cut a part in two at the curve whose hull the bound stopped within."""
        relaxed = self._relaxed(parts)
        if relaxed is None or relaxed[1] < 0:
            return []
        at, j, after, _ = relaxed
        low, high = parts[j]
        before = int(at[j])
        curve = self.curves[j]
        if after == before + 1 and not curve.discrete:
            return []
        middle = before + 1 if after == before + 1 else _deepest(curve, before, after)
        left = (low, middle - 1 if curve.discrete else middle)
        return [(*parts[:j], half, *parts[j + 1 :]) for half in (left, (middle, high))]


def _deepest(curve: Curve, before: int, after: int) -> int:
    """Find the knot that lies furthest below the hull's edge."""
    inside = np.arange(before + 1, after)
    effort, gain = curve.effort, curve.gain
    width, height = effort[after] - effort[before], gain[after] - gain[before]
    below = (effort[inside] - effort[before]) * height - (gain[inside] - gain[before]) * width
    return int(inside[int(np.argmax(below))])


def _reaching(curve: Curve, gain: float) -> float:
    """Find the first position where a curve gains so much."""
    knot = int(np.searchsorted(curve.gain, gain, side="left"))
    if knot == 0:
        return 0.0
    if knot >= len(curve.gain):
        return float(curve.n_segments)
    step = curve.gain[knot] - curve.gain[knot - 1]
    return float(knot - 1 + (gain - curve.gain[knot - 1]) / step)
