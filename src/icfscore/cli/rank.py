"""`icfscore rank`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.drawing import draw_by_default, draw_with_progress
from icfscore.cli.options import deliver, open_run, options_of, output_options, run_options


@click.command()
@run_options
@output_options("table", "markdown", "csv", "json")
def command(layout: str, output: Path | None, **given: Any) -> None:
    """Rank the communities: the table, best first, the focus marked.

    \b
    Examples:
      icfscore rank
      icfscore rank --weight sustain=3 --set recipe.aggregation.kind=geometric
      icfscore rank -C my-project --format json -o ranking.json
    """
    run = open_run(options_of(given))
    scoring = run.score()
    language = run.options.language
    if layout == "table":
        from icfscore.report.ranking_table import ranking_table

        draws = draw_by_default(run, scoring)
        text = ranking_table(scoring, language, draws=draws, piped=True if output else None)
    elif layout == "json":
        from icfscore.report.records import json_text, ranking_record

        record = ranking_record(scoring, language)
        if run.options.draws:
            from icfscore.report.uncertainty_record import uncertainty_record

            draws = draw_with_progress(run, scoring)
            record["uncertainty"] = uncertainty_record(scoring, draws)
        text = json_text(record)
    elif layout == "csv":
        from icfscore.report.records import ranking_csv

        text = ranking_csv(scoring, language)
    else:
        from icfscore.report.markdown import ranking_markdown

        text = ranking_markdown(scoring, language, draws=draw_by_default(run, scoring))
    deliver(text, output)
