"""What plans of one community are made with: levers, planners, rounding, scoring anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.errors import InputError, name_hint
from icfscore.pipeline.changes import apply_changes, assume
from icfscore.pipeline.levers import Lever, Levers, find_levers
from icfscore.pipeline.plan_exact import ExactPlanner, plan_exactly
from icfscore.pipeline.plan_moves import planned_raw, round_better, step_of
from icfscore.pipeline.plan_search import SearchPlanner
from icfscore.pipeline.rescore import Rescorer
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Planning
from icfscore.sentences import say

Planner = ExactPlanner | SearchPlanner
MOST_SEARCHED = 300  # twice as many take ten times as long
_TRIED = 40  # values of an indicator that a search tries


def check_place(scoring: Scoring, place: int) -> None:
    """Refuse a place that there is not.

    Raises
    ------
    InputError
        Unless it is between 1 and the number of communities that are ranked.
    """
    n = len(scoring.ranking.order)
    if not 1 <= place <= n:
        what = say("--top: there is no place {place}", place=place)
        raise InputError.of(what, say("1 to {n} are ranked", n=n))


@dataclass(frozen=True, eq=False)
class Workshop:
    """What plans of one community are made with."""

    scoring: Scoring
    community: str
    levers: Levers
    rescorer: Rescorer

    @classmethod
    def of(cls, scoring: Scoring, community: str, planning: Planning) -> Workshop:
        """Lay out what a community could move.

        Raises
        ------
        InputError
            Where the community is unknown or has no place, or a limit contradicts the values.
        """
        _check_community(scoring, community)
        levers = find_levers(scoring, community, planning)
        return cls(scoring, community, levers, Rescorer.of(scoring, community))

    def planner(self, levers: tuple[Lever, ...]) -> Planner:
        """Choose how to plan: exactly where scores add up, else by searching.

        Raises
        ------
        InputError
            Where more could move than can be searched.
        """
        exact = plan_exactly(self.scoring, self.rescorer, levers)
        if exact is not None:
            return exact
        if len(levers) > MOST_SEARCHED:
            what = say(
                "{n} values could be moved, and where scores do not add up a plan can be searched"
                " for among {most} at the most",
                n=len(levers),
                most=MOST_SEARCHED,
            )
            hint = say("fix those that the community cannot change (--fix, or plan: fixed)")
            raise InputError.of(what, hint)
        return SearchPlanner(tuple(lever.thinned(_TRIED) for lever in levers), self.rescorer)

    def places(self, levers: tuple[Lever, ...], rows: Floats) -> Floats:
        """Rank with values (B, m) of some levers: (B,)."""
        scores = self.rescorer.scores([lever.column for lever in levers], rows)
        return self.rescorer.places(scores)

    def gains(self, planner: Planner, levers: tuple[Lever, ...], values: Floats) -> Floats:
        """Tell what each change gives by itself (m,), in points of the score."""
        now = np.array([lever.before for lever in levers])
        scores = self._scores(levers, now)
        return np.array(
            [
                self._moved(planner, levers, now, scores, j, value)[self.rescorer.row]
                - scores[self.rescorer.row]
                if value != now[j]
                else 0.0
                for j, value in enumerate(values.tolist())
            ]
        )

    def rounded(
        self, planner: Planner, levers: tuple[Lever, ...], values: Floats, place: int
    ) -> Floats:
        """Round values so that the place is kept, and take back what the rounding made needless."""
        found = np.array(
            [
                lever.before if value == lever.before else round_better(lever, value)
                for lever, value in zip(levers, values.tolist(), strict=True)
            ]
        )
        scores = self._scores(levers, found)
        for j, lever in enumerate(levers):
            if found[j] == lever.before:
                continue
            tried = [] if lever.discrete else [_one_step_back(lever, float(found[j]))]
            tried += [lever.before] if lever.effort_to(float(found[j])) <= 1e-12 else []
            for value in filter(partial(_allowed, lever), tried[::-1]):
                moved = self._moved(planner, levers, found, scores, j, value)
                if self.rescorer.places(moved[None])[0] <= place:
                    found[j], scores = value, moved
                    break
        return found

    def _scores(self, levers: tuple[Lever, ...], values: Floats) -> Floats:
        """Score everyone with values (m,): (n,)."""
        columns = [lever.column for lever in levers]
        return np.asarray(self.rescorer.scores(columns, values[None])[0])

    def _moved(
        self,
        planner: Planner,
        levers: tuple[Lever, ...],
        values: Floats,
        scores: Floats,
        j: int,
        value: float,
    ) -> Floats:
        """Score everyone (n,) with one of the values (m,), which give `scores`, changed."""
        if isinstance(planner, ExactPlanner):
            changed = planner.sums.changes(levers[j].column, float(values[j]), np.array([value]))
            return np.asarray(scores + changed[0])
        other = np.array(values)
        other[j] = value
        return self._scores(levers, other)

    def scored_again(self, levers: tuple[Lever, ...], values: Floats) -> Scoring:
        """Score the project with the planned values put into it."""
        changes = [
            assume(self.community, lever.id, planned_raw(lever, value))
            for lever, value in zip(levers, values.tolist(), strict=True)
            if value != lever.before
        ]
        if not changes:
            return self.scoring
        project, _ = apply_changes(self.scoring.project, self.scoring.settings, changes)
        return score(project, self.scoring.settings)


def _check_community(scoring: Scoring, community: str) -> None:
    known = scoring.project.community_by_id
    if community not in known:
        hint = name_hint(community, known, what=say("the communities"))
        raise InputError.of(say("no community '{focus}'", focus=community), hint)
    if community in scoring.screened.excluded:
        reason = scoring.screened.excluded[community]
        hint = say("fill its gaps, or lower recipe.screening.min_community_coverage")
        what = say("{name} is left out: it {reason}", name=community, reason=reason)
        raise InputError.of(what, hint)
    if not scoring.ranking.rank_of(community):
        what = say("{name} has no rank, so there is no way to a better one", name=community)
        raise InputError.of(what)


def _one_step_back(lever: Lever, value: float) -> float:
    raw = lever.raw(value) - lever.indicator.sign * step_of(lever, value)
    return float(f"{raw:.12g}") * lever.factor


def _allowed(lever: Lever, value: float) -> bool:
    """Tell whether a value is between what is demanded, or the value now, and the furthest one."""
    sign = lever.indicator.sign
    return bool(sign * lever.knots[lever.least] <= sign * value <= sign * lever.end)
