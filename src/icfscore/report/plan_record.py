"""The record of a plan, schema ``icfscore.plan/1``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from icfscore.pipeline.plan import Alternative, Plan
from icfscore.pipeline.plan_moves import Move
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.report.records import number
from icfscore.report.whatif_record import score_in

PLAN_SCHEMA = "icfscore.plan/1"


@dataclass(frozen=True, slots=True, eq=False)
class PlanTold:
    """A plan with the draws before and after it.

    Attributes
    ----------
    share
        The share of draws it was to hold the place in; None where none was asked for.
    """

    plan: Plan
    draws_before: RankDraws | None = None
    draws_after: RankDraws | None = None
    share: float | None = None

    @property
    def before(self) -> float | None:
        """Share of draws that hold the place now."""
        return None if self.draws_before is None else self.plan.probability(self.draws_before)

    @property
    def after(self) -> float | None:
        """Share of draws that hold the place with the plan."""
        return None if self.draws_after is None else self.plan.probability(self.draws_after)

    @property
    def misses_share(self) -> bool:
        """Whether a share was asked for that the plan does not reach."""
        return self.share is not None and (self.after or 0.0) < self.share


def plan_record(told: PlanTold) -> dict[str, Any]:
    """Build the record.

    Beside the keys of every such record. ``effort_bound``: the effort below which there is no plan
    (null where the optimum is not proven); ``exact``; ``effort_possible``: of all that may move,
    to its end; ``fixed``: what may not, with the reason; ``stairs``: the least effort for each
    place on the way, before rounding; ``alternative``: the plan without its main change. Of each
    change: ``from_level`` and ``from_holder`` (whose value it starts from), ``from_scored`` and
    ``to_scored`` (after any denominator), ``percentile_before`` and ``percentile_after`` among the
    peers, ``gain`` in points of the score by itself, ``peer_value`` (as scored), ``peer_own``
    (false: a region's or country's value says so), ``years`` at the fastest peer's pace.
    """
    plan = told.plan
    settings = plan.before.settings
    draws = told.draws_before
    alternative = plan.alternative
    return {
        "schema": PLAN_SCHEMA,
        "framework": {
            "id": plan.before.project.tree.id,
            "version": plan.before.project.tree.version,
        },
        "digest": plan.before.digest,
        "scenario": settings.scenario,
        "community": plan.community,
        "target": plan.place,
        "reached": plan.reached,
        "best_reachable": plan.best_reachable,
        "effort": plan.effort,
        "effort_bound": plan.bound,
        "exact": plan.exact,
        "effort_possible": sum(float(lever.effort[-1]) for lever in plan.movable),
        "rank_before": plan.rank_before,
        "rank_after": plan.rank_after,
        "score_before": score_in(plan.before, plan.community),
        "score_after": score_in(plan.after, plan.community),
        "probability_before": told.before,
        "probability_after": told.after,
        "robust": None
        if told.share is None
        else {"share": told.share, "reached": not told.misses_share},
        "draws": None if draws is None else draws.n_draws,
        "seed": None if draws is None else draws.seed,
        "changes": [_change(move) for move in plan.moves],
        "movable": [lever.id for lever in plan.movable],
        "fixed": [{"indicator": each.indicator, "reason": each.reason} for each in plan.fixed],
        "stairs": [
            {"place": stair.place, "effort": stair.effort, "changes": list(stair.changes)}
            for stair in plan.stairs
        ],
        "alternative": None if alternative is None else _alternative(alternative),
        "settings": settings.plan.describe(),
    }


def _change(move: Move) -> dict[str, Any]:
    lever, model, pace = move.lever, move.model, move.pace
    return {
        "indicator": lever.id,
        "from": number(move.before_raw),
        "to": number(move.after_raw),
        "unit": lever.indicator.unit,
        "effort": move.effort,
        "cost": lever.cost,
        "gain": move.gain,
        "peer": None if model is None else model.community,
        "peer_value": None if model is None else model.value,
        "peer_own": None if model is None else model.is_own,
        "peer_comparability": None if model is None else model.comparability,
        "from_level": lever.observation.level,
        "from_holder": lever.holder,
        "from_scored": lever.before,
        "to_scored": move.value,
        "percentile_before": move.percentile_before,
        "percentile_after": move.percentile_after,
        "years": None if pace is None else pace.years,
        "pace_peer": None if pace is None else pace.community,
    }


def _alternative(alternative: Alternative) -> dict[str, Any]:
    return {
        "without": alternative.without,
        "effort": alternative.effort,
        "changes": [
            {"indicator": move.lever.id, "to": move.after_raw, "effort": move.effort}
            for move in alternative.moves
        ],
    }
