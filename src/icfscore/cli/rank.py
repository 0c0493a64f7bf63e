"""`icfscore rank`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.drawing import draw_by_default, draw_with_progress
from icfscore.cli.options import Run, deliver, open_run, options_of, output_options, run_options


@click.command()
@run_options
@output_options("table", "markdown", "csv", "json")
def command(layout: str, output: Path | None, **given: Any) -> None:
    """Rank the communities: the table, best first, the focus marked.

    A range of years gives scores and ranks by year on one scale, with what moved each rank: the
    community's own score, or the others'. Which values are really of a year is told; where all are
    repeated, no development is shown.

    \b
    Examples:
      icfscore rank
      icfscore rank --weight sustain=3 --set recipe.aggregation.kind=geometric
      icfscore rank --year 2016..2022
      icfscore rank -C my-project --format json -o ranking.json
    """
    run = open_run(options_of(given), over_years=True)
    if run.options.years:
        deliver(_over_years(run, run.options.years, layout, output), output)
        return
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


def _over_years(run: Run, years: tuple[int, ...], layout: str, output: Path | None) -> str:
    from icfscore.pipeline.years import score_years

    code = run.options.language
    found = score_years(run.folder.project, run.settings, years)
    if layout == "json":
        from icfscore.report.records import json_text
        from icfscore.report.years_record import years_record

        return json_text(years_record(found, code))
    if layout == "csv":
        from icfscore.report.years_record import years_csv

        return years_csv(found, code)
    from icfscore.report.escape import clean, escape
    from icfscore.report.language import find_language
    from icfscore.report.page import page_markdown, page_terminal
    from icfscore.report.words import Words
    from icfscore.report.years_page import years_page

    scoring, language = run.score(), find_language(code)
    if layout == "markdown":
        return page_markdown(years_page(Words(scoring, language, escape), found))
    page = years_page(Words(scoring, language, clean), found)
    return page_terminal(page, piped=True if output else None)
