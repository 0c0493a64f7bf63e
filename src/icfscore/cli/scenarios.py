"""`icfscore scenarios`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.options import (
    Run,
    deliver,
    open_run,
    options_of,
    output_options,
    run_options,
    settle_run,
)
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.pipeline.scenarios import Comparison


@click.command()
@run_options
@output_options("table", "markdown", "csv", "json")
def command(layout: str, output: Path | None, **given: Any) -> None:
    """Run all scenarios of icfscore.yaml and set their ranks side by side.

    Each is held against the base by Kendall's tau-b and by the mean number of places that a
    community moves. --scenario NAME takes another base; the other options hold for all.

    \b
    Examples:
      icfscore scenarios
      icfscore scenarios --focus taoyuan --format csv -o scenarios.csv
    """
    run = open_run(options_of(given))
    comparison = _compare(run)
    for warning in comparison.base.warnings:
        run.tell(say("warning: {warning}", warning=warning))
    scenarios, code = run.folder.scenarios, run.options.language
    if layout == "json":
        from icfscore.report.records import json_text
        from icfscore.report.scenarios_record import scenarios_record

        text = json_text(scenarios_record(comparison, scenarios, code))
    elif layout == "csv":
        from icfscore.report.scenarios_record import scenarios_csv

        text = scenarios_csv(comparison, code)
    else:
        from icfscore.report.escape import clean, escape
        from icfscore.report.language import find_language
        from icfscore.report.page import page_markdown, page_terminal
        from icfscore.report.scenarios_page import scenarios_page

        language = find_language(code)
        if layout == "markdown":
            text = page_markdown(scenarios_page(comparison, scenarios, language, escape))
        else:
            page = scenarios_page(comparison, scenarios, language, clean)
            text = page_terminal(page, piped=True if output else None)
    deliver(text, output)


def _compare(run: Run) -> Comparison:
    from icfscore.errors import InputError
    from icfscore.pipeline.scenarios import compare_scenarios

    names = [name for name in run.folder.scenarios if name != run.settings.scenario]
    if not names:
        raise InputError.of(
            say("icfscore.yaml has no scenarios")
            if not run.folder.scenarios
            else say("no other scenarios"),
            say(
                "add some under scenarios:, such as {example}", example="green: {weights: {ID: 3}}"
            ),
        )
    settings = {name: settle_run(run.folder, run.options, name) for name in names}
    return compare_scenarios(run.folder.project, run.settings, settings)
