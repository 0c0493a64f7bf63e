"""A plan that holds a place in a share of the draws.

Decisions. Such a plan asks for a margin above the place; the margin is halved until the least one
is found (to a 64th of the largest) whose plan holds the place in so many draws, by the same random
numbers each time. The plan of least effort at a margin need not be that of least effort at a share,
so that it is a search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from icfscore.pipeline.common_draws import plan_alike
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.plan import Plan, plan_in, plan_otherwise, values_at
from icfscore.pipeline.plan_moves import describe_moves
from icfscore.pipeline.plan_workshop import Planner, Workshop, check_place
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.recipe import Planning

Draw = Callable[..., RankDraws]
_HALVINGS = 6


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
    alternative = plan_otherwise(shop, planner, best.moves, place, best.margin)
    return replace(best, alternative=alternative)


def _at(shop: Workshop, planner: Planner, plan: Plan, margin: float) -> Plan | None:
    """Plan for a margin: what is not about its changes is that of the plan without one."""
    values = values_at(shop, planner, plan.place, margin)
    if values is None:
        return None
    levers = planner.levers
    gains = shop.gains(planner, levers, values)
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
