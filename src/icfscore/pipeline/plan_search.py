"""Plans where scores do not add up: a search, whose result is checked but not proven the best.

Where weights follow from the data, means are not arithmetic, or scales move with the value, a plan
is looked for in three steps, on scores that the recipe's own stages give:

1. Two starts. One goes up knot by knot, each time where the shortfall falls most for the effort.
   The other takes the least effort by what each value gives on its own, as if that added up, asking
   for more until the place is reached.
2. Each change is taken back as far as the place allows, the dearest first.
3. One change is taken back, whole or to its last knot, and another one made instead, where that
   costs less; until nothing is gained any more, or the rounds are spent.

The cheaper of the two ends is the plan. It reaches the place: that is certain. That no other plan
costs less is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Bools, Floats
from icfscore.methods.least_effort import Curve, least_effort
from icfscore.pipeline.levers import Lever
from icfscore.pipeline.rescore import Rescorer

_GRID = 16  # parts of a way that are tried at once, twice
_ROUNDS = 6
_ASK_MORE = (1.0, 1.15, 1.35, 1.7, 2.2, 3.0)


@dataclass(frozen=True)
class SearchPlanner:
    """Finds plans of little effort by trying; positions count knots, as in `least_effort`."""

    levers: tuple[Lever, ...]
    rescorer: Rescorer

    exact = False

    def solve(self, place: int, margin: float = 0.0) -> Floats | None:
        """Find values (m,) that reach a place with a margin; None where none were found."""
        found = [
            self._polish(start, place, margin)
            for start in (self._climb(place, margin), self._as_if_it_added_up(place, margin))
            if start is not None
        ]
        if not found:
            return None
        return np.asarray(self._values(min(found, key=self._effort)[None])[0])

    def best_place(self) -> int:
        """Give the best place that was met, with all values at their ends or one at its start."""
        ends = np.array([len(lever.knots) - 1.0 for lever in self.levers])
        rows = np.repeat(ends[None], len(self.levers) + 1, axis=0)
        for j, lever in enumerate(self.levers):
            rows[j + 1, j] = lever.least
        return int(self.rescorer.places(self._scores(rows)).min())

    def _values(self, positions: Floats) -> Floats:
        """Turn positions (B, m) into values."""
        columns = [
            np.interp(positions[:, j], np.arange(len(lever.knots)), lever.knots)
            for j, lever in enumerate(self.levers)
        ]
        return np.stack(columns, axis=1)

    def _scores(self, positions: Floats) -> Floats:
        columns = [lever.column for lever in self.levers]
        return self.rescorer.scores(columns, self._values(positions))

    def _short(self, positions: Floats, place: int) -> Floats:
        """Tell by how much the place is missed at positions (B, m): (B,)."""
        return self.rescorer.shortfalls(self._scores(positions), place)

    def _efforts(self, positions: Floats) -> Floats:
        parts = [
            np.interp(positions[:, j], np.arange(len(lever.knots)), lever.effort)
            for j, lever in enumerate(self.levers)
        ]
        return np.asarray(sum(parts, np.zeros(len(positions))))

    def _effort(self, positions: Floats) -> float:
        return float(self._efforts(positions[None])[0])

    def _start(self) -> Floats:
        return np.array([float(lever.least) for lever in self.levers])

    def _climb(self, place: int, margin: float) -> Floats | None:
        """Go up where the shortfall falls most for the effort."""
        at = self._start()
        short = float(self._short(at[None], place)[0])
        while short > -margin:
            steps = [
                self._with(at, j, float(knot))
                for j, lever in enumerate(self.levers)
                for knot in range(int(at[j]) + 1, len(lever.knots))
            ]
            if not steps:
                return None
            rows = np.array(steps)
            shorts = self._short(rows, place)
            fallen = np.minimum(short + margin, short - shorts)
            if not (fallen > 0).any():
                return None
            price = np.maximum(self._efforts(rows) - self._effort(at), 1e-9)
            best = int(np.argmax(np.where(fallen > 0, fallen / price, -np.inf)))
            at, short = rows[best], float(shorts[best])
        return at

    def _as_if_it_added_up(self, place: int, margin: float) -> Floats | None:
        """Solve with the gains that each value has on its own, asking for more until it does."""
        start = self._start()
        short = float(self._short(start[None], place)[0])
        if short <= -margin:
            return start
        if not np.isfinite(short):
            return None
        curves = []
        for j, lever in enumerate(self.levers):
            rows = np.array([self._with(start, j, float(n)) for n in range(len(lever.knots))])
            gains = short - self._short(rows, place)
            gains = np.maximum.accumulate(np.where(np.isfinite(gains), gains, 0.0))
            curves.append(
                Curve(lever.effort, np.maximum(gains - gains[0], 0.0), lever.discrete, lever.least)
            )
        for factor in _ASK_MORE:
            found = least_effort(tuple(curves), (short + margin) * factor)
            if found is None:
                break
            if float(self._short(found[None], place)[0]) <= -margin:
                return found
        ends = np.array([len(lever.knots) - 1.0 for lever in self.levers])
        return ends if float(self._short(ends[None], place)[0]) <= -margin else None

    def _polish(self, at: Floats, place: int, margin: float) -> Floats:
        """Take back what is not needed, and exchange what costs too much."""
        at = self._take_back(at, place, margin)
        for _ in range(_ROUNDS):
            better = self._exchange(at, place, margin)
            if better is None:
                break
            at = self._take_back(better, place, margin)
        return at

    def _take_back(self, at: Floats, place: int, margin: float) -> Floats:
        start = self._start()
        changed = np.flatnonzero(at > start).tolist()
        for j in sorted(changed, key=lambda each: -float(self.levers[each].effort[-1])):
            at = self._with(at, j, self._least_position(at, j, place, margin))
        return at

    def _least_position(self, at: Floats, j: int, place: int, margin: float) -> float:
        """Find how little of one change does, the others staying."""
        low, high = float(self.levers[j].least), float(at[j])
        if self.levers[j].discrete:
            tried = np.arange(low, high + 1)
            return float(tried[int(np.argmax(self._holds(at, j, tried, place, margin)))])
        for _ in range(3):
            tried = np.linspace(low, high, _GRID + 1)
            holds = self._holds(at, j, tried, place, margin)
            first = int(np.argmax(holds)) if holds.any() else _GRID
            if first == 0:
                return low
            low, high = float(tried[first - 1]), float(tried[first])
        return high

    def _holds(self, at: Floats, j: int, tried: Floats, place: int, margin: float) -> Bools:
        rows = np.array([self._with(at, j, float(position)) for position in tried])
        holds = self._short(rows, place) <= -margin
        holds[-1] = True  # where it stands now
        return holds

    def _exchange(self, at: Floats, place: int, margin: float) -> Floats | None:
        """Put one change, or a knot of it, back and another one up, where that costs less."""
        start, rows = self._start(), []
        for j in np.flatnonzero(at > start):
            for down in {start[j], max(start[j], np.ceil(at[j]) - 1)}:
                lowered = self._with(at, int(j), float(down))
                for other, lever in enumerate(self.levers):
                    knots = range(int(np.floor(at[other])) + 1, len(lever.knots))
                    rows += [self._with(lowered, other, float(n)) for n in knots if other != j]
        if not rows:
            return None
        table = np.array(rows)
        efforts = self._efforts(table)
        now = self._effort(at)
        table, efforts = table[efforts < now - 1e-9], efforts[efforts < now - 1e-9]
        if not len(table):
            return None
        reached = self._short(table, place) <= -margin
        if not reached.any():
            return None
        return np.asarray(table[reached][int(np.argmin(efforts[reached]))])

    def _with(self, at: Floats, j: int, position: float) -> Floats:
        moved = np.array(at)
        moved[j] = position
        return moved
