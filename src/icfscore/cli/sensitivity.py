"""`icfscore sensitivity`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from icfscore.cli.drawing import Bar
from icfscore.cli.options import Run, deliver, open_run, options_of, output_options, run_options
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.pipeline.score import Scoring
    from icfscore.pipeline.sensitivity import Drivers, Output
    from icfscore.report.sensitivity_record import Sensitivity


@click.command()
@run_options
@click.option(
    "--of",
    "measure",
    type=click.Choice(["focus_rank", "focus_score", "mean_rank_shift"]),
    default="focus_rank",
    show_default=True,
    help="What to explain.",
)
@output_options("table", "json")
def command(measure: str, layout: str, output: Path | None, **given: Any) -> None:
    """Say what drives a rank: uncertain inputs, weights, single values.

    Shares of the variance by input (Sobol' indices); how far each weight may move before the
    focus's rank changes; the best and worst rank of each community under any weights of the
    criteria; what changes when an indicator, criterion or community is left out.

    \b
    Examples:
      icfscore sensitivity
      icfscore sensitivity --of mean_rank_shift --draws 16384
    """
    run = open_run(options_of(given))
    scoring = run.score()
    found = _analyse(run, scoring, cast("Output", measure))
    if layout == "json":
        from icfscore.report.records import json_text
        from icfscore.report.sensitivity_record import sensitivity_record

        text = json_text(sensitivity_record(scoring, found))
    else:
        from icfscore.report.sensitivity_table import sensitivity_table

        piped = True if output else None
        text = sensitivity_table(scoring, found, run.options.language, piped=piped)
    deliver(text, output)


def _analyse(run: Run, scoring: Scoring, measure: Output) -> Sensitivity:
    from icfscore.pipeline.draw_plan import plan_draws
    from icfscore.pipeline.errors_in_data import ends_of_errors
    from icfscore.pipeline.extreme_ranks import find_extreme_ranks
    from icfscore.pipeline.leave_out import leave_out
    from icfscore.pipeline.stability import weight_stability
    from icfscore.pipeline.swings import find_swings
    from icfscore.report.sensitivity_record import Sensitivity

    focus = scoring.settings.focus
    if focus not in scoring.ranking.communities:
        focus = None
    drivers = _drivers(run, scoring, measure) if focus or measure == "mean_rank_shift" else None
    values = None
    if focus is not None:
        plan = plan_draws(scoring)
        row = scoring.ranking.communities.index(focus)
        values = ends_of_errors(plan.errors, plan.values, row, scoring.screened.scored)
    return Sensitivity(
        output=measure,
        drivers=drivers,
        stability=() if focus is None else weight_stability(scoring, focus),
        extremes=find_extreme_ranks(scoring),
        left_out=() if focus is None else leave_out(scoring, focus),
        swings=() if focus is None else find_swings(scoring, focus, values),
    )


def _drivers(run: Run, scoring: Scoring, measure: Output) -> Drivers | None:
    from icfscore.pipeline.sensitivity import find_drivers

    if scoring.settings.uncertainty.draws == 0:
        return None
    bar = Bar(shown=run.shows_progress)
    try:
        found = find_drivers(scoring, measure, jobs=run.options.jobs, progress=bar.update)
    finally:
        bar.close()
    if found.interrupted:
        run.tell(say("stopped: the result rests on {n_draws} draws", n_draws=found.n_base))
    return found
