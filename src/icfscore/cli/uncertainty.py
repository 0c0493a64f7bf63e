"""`icfscore uncertainty`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.drawing import draw_with_progress
from icfscore.cli.engine_options import engine_of, engine_options, open_workplace
from icfscore.cli.options import deliver, open_run, options_of, output_options, run_options
from icfscore.sentences import say


@click.command()
@run_options
@click.option(
    "--precision",
    type=click.FloatRange(0.0001, 1),  # below it more draws are needed than there may be
    metavar="P",
    help="Draw until every Monte Carlo standard error of a share is below P.",
)
@click.option(
    "--top", type=click.IntRange(1), metavar="K", help="Also the share of draws in the first K."
)
@engine_options
@output_options("table", "csv", "json")
def command(
    precision: float | None, top: int | None, layout: str, output: Path | None, **given: Any
) -> None:
    """Say how sure the ranking is: rank intervals, chances of a place, who is ahead of whom.

    Draws everything that is uncertain at once: weights, errors of the data, missing values and,
    where icfscore.yaml lists alternatives, the methods.

    \b
    Examples:
      icfscore uncertainty
      icfscore uncertainty --draws 100000 --precision 0.002
      icfscore uncertainty --set uncertainty.data.kind=none
      icfscore uncertainty --draws 1000000 --checkpoint draws.ckpt
      icfscore uncertainty --draws 1000000 --scheduler tcp://10.0.0.5:8786
    """
    from icfscore.errors import InputError
    from icfscore.report.uncertainty_record import uncertainty_record

    engine = engine_of(given)
    run = open_run(options_of(given))
    if run.settings.uncertainty.draws == 0:
        raise InputError.of(
            say("no draws, no uncertainty: draws is 0"), say("give --draws a number above 0")
        )
    scoring = run.score()
    with open_workplace(run, engine) as place:
        tops = (top,) if top else ()
        draws = draw_with_progress(run, scoring, precision=precision, place=place, tops=tops)
    if layout == "json":
        from icfscore.report.records import json_text

        text = json_text(uncertainty_record(scoring, draws, top))
    elif layout == "csv":
        from icfscore.report.uncertainty_table import uncertainty_csv

        text = uncertainty_csv(uncertainty_record(scoring, draws, top))
    else:
        from icfscore.report.uncertainty_table import uncertainty_table

        piped = True if output else None
        text = uncertainty_table(scoring, draws, top, run.options.language, piped=piped)
    deliver(text, output)
