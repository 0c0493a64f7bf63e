"""`icfscore whatif`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from icfscore.cli.drawing import draw_both_by_default
from icfscore.cli.options import deliver, open_run, options_of, output_options, run_options
from icfscore.sentences import say


@click.command()
@run_options
@click.option(
    "--change",
    "changes",
    multiple=True,
    metavar="ID.INDICATOR=VALUE",
    help="A community's value of an indicator, as an observation gives it; repeatable.",
)
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A YAML file of changes: communities, their indicators, their values; repeatable.",
)
@output_options("table", "markdown", "csv", "json")
def command(
    changes: tuple[str, ...],
    files: tuple[Path, ...],
    layout: str,
    output: Path | None,
    **given: Any,
) -> None:
    """Score again with some values changed: ranks before and after, who passes whom.

    A changed value counts as the community's own, in the indicator's unit, before any denominator.
    Both rankings are drawn with the same random numbers.

    \b
    Examples:
      icfscore whatif --change binh_duong.pm25_ugm3=10 --change binh_duong.recycling_pct=30
      icfscore whatif --file changes.yaml --format markdown
    where changes.yaml holds
      binh_duong: {pm25_ugm3: 10, recycling_pct: 30}
      surat: {pm25_ugm3: 25}
    """
    from icfscore.files.changes_file import read_changes
    from icfscore.pipeline.whatif import find_what_if

    if not changes and not files:
        raise click.UsageError("nothing to change: give --change ID.INDICATOR=VALUE, or --file")
    run = open_run(options_of(given))
    wanted = read_changes(run.folder.project, changes, files)
    found = find_what_if(run.score(), wanted)
    for warning in found.after.warnings:
        if warning not in found.before.warnings:
            run.tell(say("warning: after the changes: {warning}", warning=warning))
    drawn = draw_both_by_default(run, found.before, found.after)
    if drawn is not None:
        found = replace(found, draws_before=drawn[0], draws_after=drawn[1])
    language = run.options.language
    if layout == "json":
        from icfscore.report.records import json_text
        from icfscore.report.whatif_record import whatif_record

        text = json_text(whatif_record(found, language))
    elif layout == "csv":
        from icfscore.report.whatif_record import whatif_csv

        text = whatif_csv(found, language)
    elif layout == "markdown":
        from icfscore.report.whatif_markdown import whatif_markdown

        text = whatif_markdown(found, language)
    else:
        from icfscore.report.whatif_table import whatif_table

        text = whatif_table(found, language, piped=True if output else None)
    deliver(text, output)
