"""A whole sensitivity analysis: every part of it, for whoever shows it."""

from __future__ import annotations

from collections.abc import Callable

from icfscore.pipeline.course import Keeper
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.engine import Engine
from icfscore.pipeline.errors_in_data import ends_of_errors
from icfscore.pipeline.extreme_ranks import find_extreme_ranks
from icfscore.pipeline.leave_out import leave_out
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.sensitivity import Drivers, Output, find_drivers
from icfscore.pipeline.stability import weight_stability
from icfscore.pipeline.swings import Swing, find_swings
from icfscore.report.sensitivity_record import Sensitivity


def analyse(
    scoring: Scoring,
    measure: Output,
    *,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    engine: Engine | None = None,
    keeper: Keeper | None = None,
) -> Sensitivity:
    """Find what drives a rank: inputs, weights, single values.

    Parameters
    ----------
    measure
        What the shares of the variance are of.
    jobs
        Threads; None: one a processor core.
    progress
        Told how many runs are done and how many there will be.
    engine, keeper
        Who draws, and who keeps what was drawn, as `find_drivers` takes them.
    """
    focus = scoring.settings.focus
    if focus not in scoring.ranking.communities:
        focus = None
    drivers: Drivers | None = None
    if (focus or measure == "mean_rank_shift") and scoring.settings.uncertainty.draws:
        drivers = find_drivers(
            scoring, measure, jobs=jobs, progress=progress, engine=engine, keeper=keeper
        )
    return Sensitivity(
        output=measure,
        drivers=drivers,
        stability=() if focus is None else weight_stability(scoring, focus),
        extremes=find_extreme_ranks(scoring),
        left_out=() if focus is None else leave_out(scoring, focus),
        swings=() if focus is None else swings_within_errors(scoring, focus),
    )


def swings_within_errors(scoring: Scoring, focus: str) -> tuple[Swing, ...]:
    """Swing the weights, the methods and, within their errors, the values of the focus."""
    plan = plan_draws(scoring)
    row = scoring.ranking.communities.index(focus)
    values = ends_of_errors(plan.errors, plan.values, row, scoring.screened.scored)
    return find_swings(scoring, focus, values)
