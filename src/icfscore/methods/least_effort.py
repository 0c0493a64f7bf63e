r"""The least effort that gains so much: a mixed-integer programme over piecewise linear curves.

Each curve says what moving one thing costs and what it gains, knot by knot, linear between. The
programme is

    min sum_j sum_s e_js d_js   subject to   sum_j sum_s g_js d_js >= needed,   0 <= d_js <= 1,

d_js being the share of segment s of curve j that is gone through. Segments are gone through in
their order. Within a run of segments whose gain for the effort falls, the optimum does so by
itself; where it rises, a binary variable b holds the later run back until the earlier one is
complete: d_earlier >= b >= d_later (the incremental model of Markowitz and Manne 1957; Vielma 2015,
https://doi.org/10.1137/130915303). Solved by branch and bound (HiGHS), with no gap left.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from icfscore.methods.context import Bools, Floats

_WHOLE = 1e-6  # what the solver calls a whole number
_NOTHING = 1e-12


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
    ends = np.array([curve.n_segments for curve in curves], dtype=float)
    start = np.array([curve.least for curve in curves], dtype=float)
    if total_gain(curves, start) >= needed:
        return start
    most = total_gain(curves, ends)
    if most < needed:
        return None
    found = _solve(curves, needed)
    return _exactly(curves, found, needed)


def _solve(curves: tuple[Curve, ...], needed: float) -> Floats:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    model = _Model(curves)
    scale = max(needed, 1e-4 * float(model.gain.sum()))
    gains = csr_array(model.gain[None, :] / scale)
    constraints: list[Any] = [LinearConstraint(gains, needed / scale, np.inf)]
    if model.rows:
        order = csr_array(
            (model.entries, (model.lines, model.places)), shape=(model.rows, len(model.gain))
        )
        constraints.append(LinearConstraint(order, 0.0, np.inf))
    result = milp(
        model.effort,
        integrality=model.whole.astype(int),
        bounds=Bounds(model.low, np.ones(len(model.gain))),
        constraints=constraints,
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None:  # rounding: only all curves to their ends gain enough
        return np.array([curve.n_segments for curve in curves], dtype=float)
    filled = np.clip(result.x, 0.0, 1.0)
    return np.array(
        [
            _position(curve, filled[first : first + curve.n_segments])
            for first, curve in zip(model.first, curves, strict=True)
        ]
    )


def _position(curve: Curve, filled: Floats) -> float:
    """Turn the shares of a curve's segments into the first position that gains as much.

    Of segments equally worth their effort the solver may take any; here they come in their order.
    """
    gained = float(np.diff(curve.gain) @ filled)
    if gained <= _WHOLE * _NOTHING:
        return float(curve.least)
    position = _reaching(curve, gained)
    nearest = round(position)
    return float(nearest) if abs(position - nearest) < _WHOLE else position


def _reaching(curve: Curve, gain: float) -> float:
    """Find the first position, no earlier than its least, where a curve gains so much."""
    knot = int(np.searchsorted(curve.gain, gain, side="left"))
    if knot >= len(curve.gain):
        return float(curve.n_segments)
    if knot <= curve.least:
        return float(curve.least)
    step = curve.gain[knot] - curve.gain[knot - 1]
    return float(knot - 1 + (gain - curve.gain[knot - 1]) / step)


class _Model:
    """The programme's arrays: segments first, then binaries."""

    def __init__(self, curves: tuple[Curve, ...]) -> None:
        effort: list[float] = []
        gain: list[float] = []
        low: list[float] = []
        whole: list[bool] = []
        self.first: list[int] = []
        self.lines: list[int] = []
        self.places: list[int] = []
        self.entries: list[float] = []
        self.rows = 0
        for curve in curves:
            self.first.append(len(effort))
            effort.extend(np.diff(curve.effort).tolist())
            gain.extend(np.diff(curve.gain).tolist())
            low.extend([float(s < curve.least) for s in range(curve.n_segments)])
            whole.extend([curve.discrete] * curve.n_segments)
        n_binaries = 0
        for first, curve in zip(self.first, curves, strict=True):
            if curve.discrete:
                for s in range(first, first + curve.n_segments - 1):
                    self._at_least(s, s + 1)
                continue
            for earlier, later in _runs(curve):
                binary = len(effort) + n_binaries
                n_binaries += 1
                for s in earlier:
                    self._at_least(first + s, binary)
                for s in later:
                    self._at_least(binary, first + s)
        none = np.zeros(n_binaries)
        self.effort = np.concatenate([effort, none])
        self.gain = np.concatenate([gain, none])
        self.low = np.concatenate([low, none])
        self.whole: Bools = np.concatenate([np.array(whole, dtype=bool), none == 0])

    def _at_least(self, left: int, right: int) -> None:
        """Demand that variable `left` is at least variable `right`."""
        self.lines += [self.rows, self.rows]
        self.places += [left, right]
        self.entries += [1.0, -1.0]
        self.rows += 1


def _runs(curve: Curve) -> list[tuple[range, range]]:
    """List neighbouring runs of segments, between which the gain for the effort rises."""
    effort, gain = np.diff(curve.effort), np.diff(curve.gain)
    starts = [0] + [
        s
        for s in range(1, curve.n_segments)
        if gain[s] * effort[s - 1] > gain[s - 1] * effort[s] * (1 + _NOTHING)
        or (effort[s - 1] <= _NOTHING and gain[s - 1] <= _NOTHING and gain[s] > _NOTHING)
    ]
    ends = [*starts[1:], curve.n_segments]
    runs = [range(start, end) for start, end in zip(starts, ends, strict=True)]
    return list(pairwise(runs))


def _exactly(curves: tuple[Curve, ...], found: Floats, needed: float) -> Floats:
    """Mend what the solver's tolerance leaves: neither less than needed, nor more than that.

    The one curve that stands between two knots, if any, is moved; else the one that can be moved on
    for the least effort.
    """
    positions = np.array(found)
    between = [j for j, p in enumerate(positions) if p != np.floor(p)]
    for j in between[::-1]:
        _shift(curves, positions, j, needed)
    for _ in curves:
        if total_gain(curves, positions) >= needed * (1 - _NOTHING):
            break
        prices = [
            (curve.discrete, curve.effort[-1] - curve.at(p)[0], j)
            for j, (curve, p) in enumerate(zip(curves, positions, strict=True))
            if curve.gain[-1] > curve.at(p)[1]
        ]
        if not prices:
            break
        _shift(curves, positions, min(prices)[-1], needed)
    return positions


def _shift(curves: tuple[Curve, ...], positions: Floats, j: int, needed: float) -> None:
    """Move one curve to where the whole gains just what is needed, or as near as it can."""
    curve = curves[j]
    others = total_gain(curves, positions) - curve.at(positions[j])[1]
    position = _reaching(curve, needed - others)
    positions[j] = np.ceil(position) if curve.discrete else position
