"""`icfscore sensitivity`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from icfscore.cli.drawing import Bar
from icfscore.cli.engine_options import (
    EngineOptions,
    engine_of,
    engine_options,
    open_workplace,
    tell_stopped,
)
from icfscore.cli.options import Run, deliver, open_run, options_of, output_options, run_options

if TYPE_CHECKING:
    from icfscore.pipeline.score import Scoring
    from icfscore.pipeline.sensitivity import Output
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
@engine_options
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
      icfscore sensitivity --draws 1000000 --engine dask --checkpoint design.ckpt
    """
    engine = engine_of(given)
    run = open_run(options_of(given))
    scoring = run.score()
    found = _analyse(run, scoring, cast("Output", measure), engine)
    if layout == "json":
        from icfscore.report.records import json_text
        from icfscore.report.sensitivity_record import sensitivity_record

        text = json_text(sensitivity_record(scoring, found))
    else:
        from icfscore.report.sensitivity_table import sensitivity_table

        piped = True if output else None
        text = sensitivity_table(scoring, found, run.options.language, piped=piped)
    deliver(text, output)


def _analyse(run: Run, scoring: Scoring, measure: Output, options: EngineOptions) -> Sensitivity:
    from icfscore.report.sensitivity import analyse

    bar = Bar(shown=run.shows_progress)
    with open_workplace(run, options) as place:
        try:
            found = analyse(
                scoring,
                measure,
                jobs=run.options.jobs,
                progress=bar.update,
                engine=place.engine,
                keeper=place.keeper,
            )
        finally:
            bar.close()
    if found.drivers is not None and found.drivers.interrupted:
        tell_stopped(run, found.drivers.n_base, place.keeper)
    return found
