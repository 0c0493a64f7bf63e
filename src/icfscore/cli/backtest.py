"""`icfscore backtest`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.options import deliver, open_run, options_of, output_options, run_options
from icfscore.sentences import say


@click.command()
@run_options
@click.option(
    "--list",
    "list_name",
    metavar="LIST",
    help="The published list, as recognitions name it, e.g. top7. Default: of those that can be"
    " tested, the one that names most communities.",
)
@click.option("--of-year", type=int, metavar="YEAR", help="Year of the list. Default: the latest.")
@output_options("table", "markdown", "json")
def command(
    list_name: str | None, of_year: int | None, layout: str, output: Path | None, **given: Any
) -> None:
    """Hold the ranking against who was really chosen, such as ICF's Top7.

    How many of the chosen are among the first, whether they rank higher than chance would have it
    (exactly, overall and by criterion), and whether any weights at all would have found them. A
    list is tested only where it is complete for these communities: lists: in icfscore.yaml says in
    which years. --draws and --seed are those of the weightings that are tried.

    \b
    Examples:
      icfscore backtest
      icfscore backtest --list top7 --of-year 2019 --format json
      icfscore backtest --format markdown -o reports/backtest.md
    """
    from icfscore.pipeline.backtest import backtest

    run = open_run(options_of(given))
    scoring = run.score()
    found = backtest(scoring, list_name, of_year)
    if not found.declared:
        run.tell(
            say(
                "warning: {list} of {year} is taken to be complete for these communities:"
                " icfscore.yaml says nothing of it under lists:",
                list=found.list,
                year=found.year,
            )
        )
    if layout == "json":
        from icfscore.report.backtest_record import backtest_record
        from icfscore.report.records import json_text

        text = json_text(backtest_record(scoring, found))
    else:
        from icfscore.report.backtest_page import backtest_page
        from icfscore.report.escape import clean, escape
        from icfscore.report.language import find_language
        from icfscore.report.page import page_markdown, page_terminal

        language = find_language(run.options.language)
        if layout == "markdown":
            text = page_markdown(backtest_page(scoring, found, language, escape))
        else:
            page = backtest_page(scoring, found, language, clean)
            text = page_terminal(page, piped=True if output else None)
    deliver(text, output)
