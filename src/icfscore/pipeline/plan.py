"""The least effort that takes a community to a place, checked by scoring the project again.

Decisions. A place is reached where no more communities are ahead than it allows: being level with
the one that holds it is enough. All other communities stay as they are. Where the place cannot be
reached the plan is for the best one that can.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.pipeline.levers import Fixed, Lever
from icfscore.pipeline.plan_exact import ExactPlanner
from icfscore.pipeline.plan_moves import Move, describe_moves, round_better
from icfscore.pipeline.plan_search import SearchPlanner
from icfscore.pipeline.plan_workshop import Planner, Workshop, check_place
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.recipe import Planning

_STAIRS = 25  # places on the way that are told at the most


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
        if not draws.knows_top(self.place):
            return None
        row = draws.communities.index(self.community)
        return float(draws.probability_top(self.place)[row])


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
    values = values_at(shop, planner, aim, margin)
    while values is None and aim < len(shop.scoring.ranking.order):
        aim = best = aim + 1  # a place that rounding puts out of reach, or that a search misses
        values = values_at(shop, planner, aim, margin)
    if values is None:
        values = np.array([lever.before for lever in levers])
    now = shop.scoring.ranking.rank_of(shop.community) or 0
    gains = shop.gains(planner, levers, values)
    moves = describe_moves(shop.scoring, shop.community, levers, values, gains)
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
        alternative=plan_otherwise(shop, planner, moves, aim, margin),
        margin=margin,
    )


def _best_place(shop: Workshop, planner: Planner) -> int:
    if not planner.levers:
        return shop.scoring.ranking.rank_of(shop.community) or 0
    if isinstance(planner, SearchPlanner):
        return planner.best_place()
    ends = np.array([[lever.end for lever in planner.levers]])
    return int(shop.places(planner.levers, ends)[0])


def values_at(shop: Workshop, planner: Planner, place: int, margin: float) -> Floats | None:
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
        found = shop.rounded(planner, levers, values, place) if margin == 0 else _up(levers, values)
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
        efforts = {
            lever.id: lever.effort_to(value) for lever, value in pairs if value != lever.before
        }
        effort = sum(efforts.values())
        changes = tuple(name for name, effort in efforts.items() if effort > 1e-9)
        stairs.append(Stair(place, effort, changes))
    return tuple(stairs)


def plan_otherwise(
    shop: Workshop, planner: Planner, moves: tuple[Move, ...], aim: int, margin: float
) -> Alternative | None:
    """Plan without the change that gives most."""
    levers = shop.levers.movable
    if len(moves) < 2:
        return None
    main = max(moves, key=lambda move: move.gain).lever
    others = tuple(lever for lever in levers if lever is not main)
    left = planner.without(main) if isinstance(planner, ExactPlanner) else None
    other = left or shop.planner(others)
    values = values_at(shop, other, aim, margin)
    if values is None:
        return Alternative(main.id, (), None)
    gains = shop.gains(other, others, values)
    found = describe_moves(shop.scoring, shop.community, others, values, gains)
    return Alternative(main.id, found, sum(move.effort for move in found))
