"""The least effort that takes a community to a place, checked by scoring the project again.

Decisions. A place is reached where no more communities are ahead than it allows: being level with
the one that holds it is enough. All other communities stay as they are. Where the place cannot be
reached the plan is for the best one that can. A plan for a share of the draws asks for a margin
above the place; the margin is halved until the least one is found (to a 64th of the largest) whose
plan holds the place in so many draws, by the same random numbers each time. The plan of least
effort at a margin need not be that of least effort at a share, so that it is a search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.errors import InputError, name_hint
from icfscore.pipeline.changes import apply_changes, assume
from icfscore.pipeline.common_draws import plan_alike
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.levers import Fixed, Lever, Levers, find_levers
from icfscore.pipeline.plan_exact import ExactPlanner, plan_exactly
from icfscore.pipeline.plan_moves import Move, describe_moves, planned_raw, round_better, step_of
from icfscore.pipeline.plan_search import SearchPlanner
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.rescore import Rescorer
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Planning

Planner = ExactPlanner | SearchPlanner
Draw = Callable[..., RankDraws]
_HALVINGS = 6
_STAIRS = 25  # places on the way that are told at the most
_TRIED = 40  # values of an indicator that a search tries


@dataclass(frozen=True, slots=True)
class Stair:
    """What a place on the way takes, before rounding.

    Attributes
    ----------
    effort
        None where it cannot be reached.
    changes
        Ids of the indicators that change at some effort.
    """

    place: int
    effort: float | None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """The plan that leaves one indicator as it is; without moves where there is none."""

    without: str
    moves: tuple[Move, ...]
    effort: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What it takes to reach a place.

    Attributes
    ----------
    place
        The one asked for.
    best_reachable
        The best one that can be reached.
    bound
        Effort below which there is no plan, rounding aside; None where nothing is proven.
    fixed
        What may not move.
    stairs
        The places on the way, from the present one up; empty where a search would take too long.
    """

    before: Scoring
    after: Scoring
    community: str
    place: int
    best_reachable: int
    moves: tuple[Move, ...]
    bound: float | None
    movable: tuple[Lever, ...]
    fixed: tuple[Fixed, ...]
    stairs: tuple[Stair, ...]
    alternative: Alternative | None
    margin: float = 0.0

    @property
    def effort(self) -> float:
        """Sum of the changes' efforts."""
        return sum(move.effort for move in self.moves)

    @property
    def rank_before(self) -> int:
        """The place now."""
        return self.before.ranking.rank_of(self.community) or 0

    @property
    def rank_after(self) -> int:
        """The place with the plan, by scoring the changed project."""
        return self.after.ranking.rank_of(self.community) or 0

    @property
    def reached(self) -> bool:
        """Whether the plan reaches the place."""
        return self.rank_after <= self.place

    @property
    def exact(self) -> bool:
        """Whether the optimum is proven."""
        return self.bound is not None

    def probability(self, draws: RankDraws) -> float | None:
        """Share of draws in which the community holds the place; None for a place far down."""
        if self.place > draws.exact_ranks:
            return None
        row = draws.communities.index(self.community)
        return float(draws.probability_top(self.place)[row])


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
        """Choose how to plan: exactly where scores add up, else by searching."""
        exact = plan_exactly(self.scoring, self.rescorer, levers)
        if exact is not None:
            return exact
        return SearchPlanner(tuple(lever.thinned(_TRIED) for lever in levers), self.rescorer)

    def places(self, levers: tuple[Lever, ...], rows: Floats) -> Floats:
        """Rank with values (B, m) of some levers: (B,)."""
        scores = self.rescorer.scores([lever.column for lever in levers], rows)
        return self.rescorer.places(scores)

    def gains(self, levers: tuple[Lever, ...], values: Floats) -> Floats:
        """Tell what each change gives by itself (m,), in points of the score."""
        now = np.array([lever.before for lever in levers])
        rows = np.concatenate([now[None], np.where(np.eye(len(levers)) > 0, values, now)])
        scores = self.rescorer.scores([lever.column for lever in levers], rows)
        own = scores[:, self.rescorer.row]
        return np.asarray(own[1:] - own[0])

    def rounded(self, levers: tuple[Lever, ...], values: Floats, place: int) -> Floats:
        """Round values so that the place is kept, and take back what the rounding made needless."""
        found = np.array(
            [
                lever.before if value == lever.before else round_better(lever, value)
                for lever, value in zip(levers, values.tolist(), strict=True)
            ]
        )
        for j, lever in enumerate(levers):
            if found[j] == lever.before:
                continue
            tried = [] if lever.discrete else [_one_step_back(lever, float(found[j]))]
            tried += [lever.before] if lever.effort_to(float(found[j])) <= 1e-12 else []
            for value in tried[::-1]:
                row = np.array(found)
                row[j] = value
                if _allowed(lever, value) and self.places(levers, row[None])[0] <= place:
                    found = row
                    break
        return found

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
        hint = name_hint(community, known, what="the communities")
        raise InputError.of(f"no community '{community}'", hint)
    if community in scoring.screened.excluded:
        reason = scoring.screened.excluded[community]
        hint = "fill its gaps, or lower recipe.screening.min_community_coverage"
        raise InputError.of(f"{community} is left out: it {reason}", hint)
    if not scoring.ranking.rank_of(community):
        raise InputError.of(f"{community} has no rank, so there is no way to a better one")


def _one_step_back(lever: Lever, value: float) -> float:
    raw = lever.raw(value) - lever.indicator.sign * step_of(lever, value)
    return float(f"{raw:.12g}") * lever.factor


def _allowed(lever: Lever, value: float) -> bool:
    """Tell whether a value is between what is demanded, or the value now, and the furthest one."""
    sign = lever.indicator.sign
    return bool(sign * lever.knots[lever.least] <= sign * value <= sign * lever.end)


def check_place(scoring: Scoring, place: int) -> None:
    """Refuse a place that there is not.

    Raises
    ------
    InputError
        Unless it is between 1 and the number of communities that are ranked.
    """
    n = len(scoring.ranking.order)
    if not 1 <= place <= n:
        raise InputError.of(f"--top: there is no place {place}", f"1 to {n} are ranked")


def find_plan(scoring: Scoring, community: str, place: int, planning: Planning) -> Plan:
    """Find the least effort that takes a community to a place.

    Raises
    ------
    InputError
        Where there is no such place or community, or the settings contradict the values.
    """
    check_place(scoring, place)
    shop = Workshop.of(scoring, community, planning)
    return plan_in(shop, place)


def plan_in(shop: Workshop, place: int, margin: float = 0.0) -> Plan:
    """Find the plan of least effort that reaches a place with a margin, with all that is told."""
    levers = shop.levers.movable
    planner = shop.planner(levers)
    best = _best_place(shop, planner)
    aim = max(place, best)
    values = _values_at(shop, planner, aim, margin)
    while values is None and aim < len(shop.scoring.ranking.order):
        aim = best = aim + 1  # a place that rounding puts out of reach, or that a search misses
        values = _values_at(shop, planner, aim, margin)
    if values is None:
        values = np.array([lever.before for lever in levers])
    now = shop.scoring.ranking.rank_of(shop.community) or 0
    moves = describe_moves(shop.scoring, shop.community, levers, values, shop.gains(levers, values))
    return Plan(
        before=shop.scoring,
        after=shop.scored_again(levers, values),
        community=shop.community,
        place=place,
        best_reachable=min(best, now),
        moves=moves,
        bound=planner.bound(aim) if isinstance(planner, ExactPlanner) else None,
        movable=levers,
        fixed=shop.levers.fixed,
        stairs=_stairs(shop, planner, aim),
        alternative=_alternative(shop, planner, moves, aim, margin),
        margin=margin,
    )


def _best_place(shop: Workshop, planner: Planner) -> int:
    if not planner.levers:
        return shop.scoring.ranking.rank_of(shop.community) or 0
    if isinstance(planner, SearchPlanner):
        return planner.best_place()
    ends = np.array([[lever.end for lever in planner.levers]])
    return int(shop.places(planner.levers, ends)[0])


def _values_at(shop: Workshop, planner: Planner, place: int, margin: float) -> Floats | None:
    """Find rounded values that reach a place, as scoring the project again confirms."""
    levers = planner.levers
    if not levers:
        return (
            np.array([]) if place >= (shop.scoring.ranking.rank_of(shop.community) or 0) else None
        )
    scores = shop.scoring.ranking.scores
    span = float(np.nanmax(scores) - np.nanmin(scores)) or 1.0
    for more in (0.0, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3):  # of the range: what rounding alone may cost
        values = planner.solve(place, margin + more * span)
        if values is None:
            break
        found = shop.rounded(levers, values, place) if margin == 0 else _up(levers, values)
        after = shop.scored_again(levers, found).ranking.rank_of(shop.community)
        if after and after <= place:
            return found
    ends = np.array([lever.end for lever in levers])
    after = shop.scored_again(levers, ends).ranking.rank_of(shop.community)
    return ends if margin == 0 and after and after <= place else None


def _up(levers: tuple[Lever, ...], values: Floats) -> Floats:
    pairs = zip(levers, values.tolist(), strict=True)
    return np.array([x if x == lever.before else round_better(lever, x) for lever, x in pairs])


def _stairs(shop: Workshop, planner: Planner, aim: int) -> tuple[Stair, ...]:
    """Price every place on the way."""
    now = shop.scoring.ranking.rank_of(shop.community) or 0
    if not isinstance(planner, ExactPlanner):
        return ()
    places = list(range(now - 1, aim - 1, -1))
    if len(places) > _STAIRS:
        chosen = np.linspace(0, len(places) - 1, _STAIRS).round().astype(int).tolist()
        places = [places[each] for each in chosen]
    stairs = []
    for place in places:
        values = planner.solve(place)
        if values is None:
            stairs.append(Stair(place, None))
            continue
        pairs = list(zip(planner.levers, values.tolist(), strict=True))
        effort = sum(lever.effort_to(value) for lever, value in pairs)
        changes = tuple(lever.id for lever, value in pairs if lever.effort_to(value) > 1e-9)
        stairs.append(Stair(place, effort, changes))
    return tuple(stairs)


def _alternative(
    shop: Workshop, planner: Planner, moves: tuple[Move, ...], aim: int, margin: float
) -> Alternative | None:
    """Plan without the change that gives most."""
    levers = shop.levers.movable
    if len(moves) < 2:
        return None
    main = max(moves, key=lambda move: move.gain).lever
    others = tuple(lever for lever in levers if lever is not main)
    left = planner.without(main) if isinstance(planner, ExactPlanner) else None
    values = _values_at(shop, left or shop.planner(others), aim, margin)
    if values is None:
        return Alternative(main.id, (), None)
    gains = shop.gains(others, values)
    found = describe_moves(shop.scoring, shop.community, others, values, gains)
    return Alternative(main.id, found, sum(move.effort for move in found))


def find_robust_plan(
    scoring: Scoring, community: str, place: int, planning: Planning, share: float, draw: Draw
) -> Plan:
    """Find a plan that holds a place in a share of the draws, of little effort.

    Where no plan does, the one returned holds it in the most draws that were met.

    Raises
    ------
    InputError
        Where there is no such place or community, the settings contradict the values, or draws are
        not defined.
    """
    check_place(scoring, place)
    shop = Workshop.of(scoring, community, planning)
    numbers = plan_draws(scoring)
    plan = plan_in(shop, place)
    if not plan.reached or _holds(plan, numbers, draw) >= share:
        return plan
    planner = shop.planner(shop.levers.movable)
    low, high = 0.0, _largest_margin(shop, planner, place)
    best, most = _at(shop, planner, plan, high), 0.0
    if best is None:
        return plan
    most = _holds(best, numbers, draw)
    if most >= share:
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            tried = _at(shop, planner, plan, middle)
            if tried is not None and _holds(tried, numbers, draw) >= share:
                best, high = tried, middle
            else:
                low = middle
    if best.margin <= 0:
        return best
    alternative = _alternative(shop, planner, best.moves, place, best.margin)
    return replace(best, alternative=alternative)


def _at(shop: Workshop, planner: Planner, plan: Plan, margin: float) -> Plan | None:
    """Plan for a margin: what is not about its changes is that of the plan without one."""
    values = _values_at(shop, planner, plan.place, margin)
    if values is None:
        return None
    levers = planner.levers
    gains = shop.gains(levers, values)
    moves = describe_moves(shop.scoring, shop.community, levers, values, gains)
    after = shop.scored_again(levers, values)
    return replace(plan, after=after, moves=moves, bound=None, margin=margin)


def _largest_margin(shop: Workshop, planner: Planner, place: int) -> float:
    """Tell by how much the place is passed with all values at their ends, all but a hair."""
    ends = np.array([[lever.end for lever in planner.levers]])
    scores = shop.rescorer.scores([lever.column for lever in planner.levers], ends)
    return float(-shop.rescorer.shortfalls(scores, place)[0]) * (1 - 1e-9)


def _holds(plan: Plan, numbers: DrawPlan, draw: Draw) -> float:
    """Tell in what share of the draws a plan holds its place."""
    drawn = draw(plan.after, confidence=False, plan=plan_alike(plan.after, numbers))
    return plan.probability(drawn) or 0.0
