"""Plans where the score is a sum of what each value gives: the optimum, proven.

That is so where missing values stay missing, no outliers are treated, weights do not follow from
the data, every mean is arithmetic, and the scale of a value that may move hangs on nothing that
moves with it. The community's own value may be the worst and so the end of a min-max scale: then
every rise up to the lowest peer's value takes the peers' scores down and costs nothing, so that the
plan starts from there. From then on the peers' scores stand still, a place is a score to reach, and
the least effort is a mixed-integer programme. All of this is tested on the scores themselves: where
peers' scores move nonetheless, there is no such plan.

Where a score is no straight line between two peers' values, as under a logarithm, eight chords
stand in for it; `bound` then is the effort below which there is no plan, whatever the chords miss.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.least_effort import Curve, least_effort, total_effort
from icfscore.pipeline.additive import Additive
from icfscore.pipeline.lever_knots import bends_everywhere, scale_bends
from icfscore.pipeline.levers import Lever
from icfscore.pipeline.rescore import Rescorer
from icfscore.pipeline.score import Scoring

_GIVEN = frozenset(
    {"given", "equal", "analytic_hierarchy", "best_worst", "rank_order", "budget_allocation"}
)
_STRAIGHT = frozenset(
    {"none", "min_max", "goalposts", "target", "reference_community", "fraction_of_max"}
)
_PROBED, _PROBED_OF_MANY = 100, 8  # knots of a lever that are scored
_SAME = 1e-9  # of the scores' range: what rounding alone may move


@dataclass(frozen=True)
class ExactPlanner:
    """Finds plans of least effort where scores add up.

    Attributes
    ----------
    levers
        Those that may move.
    curves
        Effort and gain of each, from `base` on.
    base
        (m,) values from which the peers' scores stand still.
    score, others
        The community's score there, and its peers', best first.
    chords
        How far the gains may be from their chords, all levers together.
    sums
        What each indicator gives to the scores.
    """

    levers: tuple[Lever, ...]
    curves: tuple[Curve, ...]
    base: Floats
    score: float
    others: Floats
    chords: float
    sums: Additive

    exact = True

    @cached_property
    def most(self) -> float:
        """The score that all values at their ends give."""
        return self.score + sum(float(curve.gain[-1]) for curve in self.curves)

    def needed(self, place: int, margin: float = 0.0) -> float:
        """Score that is missing to a place, and to so much more than the place needs."""
        if place > len(self.others):
            return -np.inf
        return float(self.others[place - 1]) - self.score + margin

    def solve(self, place: int, margin: float = 0.0) -> Floats | None:
        """Find the values (m,) of least effort; None where the place cannot be reached."""
        found = least_effort(self.curves, self.needed(place, margin))
        return None if found is None else self._values(found)

    def bound(self, place: int) -> float:
        """Give the effort below which there is no plan for a place that can be reached."""
        found = least_effort(self.curves, self.needed(place) - self.chords)
        return 0.0 if found is None else total_effort(self.curves, found)

    def without(self, lever: Lever) -> ExactPlanner | None:
        """Leave a lever where it is; None where the others' curves rest on its having moved."""
        j = next(n for n, each in enumerate(self.levers) if each is lever)
        if self.base[j] != lever.before:
            return None
        return replace(
            self,
            levers=(*self.levers[:j], *self.levers[j + 1 :]),
            curves=(*self.curves[:j], *self.curves[j + 1 :]),
            base=np.delete(self.base, j),
        )

    def _values(self, positions: Floats) -> Floats:
        values = [
            float(np.interp(position, np.arange(len(lever.knots)), lever.knots))
            for position, lever in zip(positions, self.levers, strict=True)
        ]
        return np.array(values)


def plan_exactly(
    scoring: Scoring, rescorer: Rescorer, levers: tuple[Lever, ...]
) -> ExactPlanner | None:
    """Lay out the programme; None where the recipe's scores do not add up."""
    if not levers or not _adds_up(scoring, rescorer, levers):
        return None
    columns = [lever.column for lever in levers]
    now = np.array([lever.before for lever in levers])
    first = [_first_knot(lever) for lever in levers]
    base = np.array([lever.knots[n] for lever, n in zip(levers, first, strict=True)])
    scores = rescorer.scores(columns, np.stack([now, base]))
    if np.isnan(scores[:, rescorer.row]).any():
        return None
    same = _SAME * (float(np.nanmax(scores) - np.nanmin(scores)) or 1.0)
    others = np.delete(scores, rescorer.row, axis=1)
    if not (np.nan_to_num(others[1] - others[0]) <= same).all():
        return None
    sums = Additive.of(rescorer)
    curves, chords = [], 0.0
    for lever, n, start in zip(levers, first, base.tolist(), strict=True):
        probe = _probes(scoring, lever, n)
        try:
            moved = sums.changes(lever.column, start, probe)
        except InputError:  # of a value on the way that the recipe has no score for
            return None
        if not (np.abs(np.delete(moved, rescorer.row, axis=1)) <= same).all():
            return None
        curve, missed = _curve(lever, n, probe, moved[:, rescorer.row])
        curves.append(curve)
        if not lever.discrete and bends_everywhere(scoring, lever.indicator):
            chords += missed
    others = others[1]
    return ExactPlanner(
        levers=levers,
        curves=tuple(curves),
        base=base,
        score=float(scores[1, rescorer.row]),
        others=-np.sort(-others[~np.isnan(others)]),
        chords=chords,
        sums=sums,
    )


def _first_knot(lever: Lever) -> int:
    """Find the knot up to which a rise costs nothing and passes nobody: the lowest peer's value."""
    sign = lever.indicator.sign
    if not lever.peers.size:
        return 0
    below = sign * lever.knots <= float(np.min(sign * lever.peers))
    return int(np.flatnonzero(below)[-1]) if below.any() else 0


def _probes(scoring: Scoring, lever: Lever, first: int) -> Floats:
    """List the values that are scored: knots from the base on, and the middles between them.

    Of very many knots fewer are: scores are straight between bends, or hardly bent between many.
    """
    bent = bends_everywhere(scoring, lever.indicator)
    probed = _PROBED if bent or len(lever.knots) <= _PROBED else _PROBED_OF_MANY
    bends = [*scale_bends(scoring, lever.indicator), float(lever.knots[first])]
    knots = lever.thinned(probed, bends).knots
    sign = lever.indicator.sign
    knots = knots[sign * knots >= sign * lever.knots[first]]
    if lever.discrete or len(knots) < 2:
        return np.asarray(knots)
    probe = np.empty(2 * len(knots) - 1)
    probe[::2], probe[1::2] = knots, (knots[1:] + knots[:-1]) / 2
    return probe


def _curve(lever: Lever, first: int, probe: Floats, found: Floats) -> tuple[Curve, float]:
    """Lay out a lever's curve, and tell how far scores are from its chords."""
    step, missed = 1, 0.0
    if not lever.discrete and len(probe) > 1:
        step = 2
        missed = 1.05 * float(np.abs(found[1::2] - (found[2::2] + found[:-1:2]) / 2).max())
    sign = lever.indicator.sign
    gains = np.interp(sign * lever.knots, sign * probe[::step], found[::step])
    gains[: first + 1] = 0.0
    gains = np.maximum.accumulate(gains)
    return Curve(lever.effort, gains, lever.discrete, max(first, lever.least)), missed


def _adds_up(scoring: Scoring, rescorer: Rescorer, levers: tuple[Lever, ...]) -> bool:
    recipe, tree = scoring.settings.recipe, scoring.project.tree
    names = [indicator.id for indicator in rescorer.columns.indicators]
    filled = any(recipe.imputation.at_indicator(name, tree).kind != "none" for name in names)
    if filled and np.isnan(rescorer.base).any():
        return False
    if any(recipe.outliers.at_indicator(name, tree).kind != "none" for name in names):
        return False
    for step in rescorer.tree.nodes:
        if not step.counted:
            continue
        several = len(step.siblings.names) > 1
        if several and step.weighting.kind not in _GIVEN:
            return False
        if step.aggregation.kind != "arithmetic":
            return False
    for lever in levers:
        method = recipe.normalisation.at_indicator(lever.id, tree)
        pooled = method.over == "pooled" and method.kind not in ("none", "goalposts")
        if method.kind not in _STRAIGHT or pooled:
            return False
    return True
