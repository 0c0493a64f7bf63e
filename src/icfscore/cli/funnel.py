"""`icfscore funnel`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.options import deliver, open_run, options_of, output_options, run_options
from icfscore.sentences import say


@click.command()
@run_options
@output_options("table", "markdown", "json")
def command(layout: str, output: Path | None, **given: Any) -> None:
    """Walk the stages of icfscore.yaml: who passes, by what margin, with what chance.

    A stage weighs scores, panels (panel.ID) and juries (ballots.ID) and lets so many pass. In every
    draw the whole way is walked again. --draws 0 leaves the chances out.

    \b
    Examples:
      icfscore funnel
      icfscore funnel --draws 2000 --format markdown -o funnel.md
    """
    from icfscore.errors import InputError
    from icfscore.pipeline.funnel import walk_funnel

    run = open_run(options_of(given))
    folder = run.folder
    if not folder.stages:
        hint = say(
            "add some under stages:, such as {example}",
            example="[{id: first, inputs: {index: 1}, passes: 7}]",
        )
        raise InputError.of(say("icfscore.yaml has no stages"), hint)
    scoring = run.score()
    found = walk_funnel(scoring, folder.stages, folder.panels, folder.ballots, run.options.jobs)
    for panel in found.certain:
        doubt = say(
            "panel {panel}: no standard error can be computed, so no draw varies it", panel=panel
        )
        run.tell(say("warning: {warning}", warning=doubt))
    if found.exact:
        doubt = say("data are taken as exact, so no draw varies panels")
        run.tell(say("warning: {warning}", warning=doubt))
    for outcome in found.outcomes:
        if len(outcome.order) < outcome.stage.passes:
            doubt = say(
                "stage {stage}: passes {n}, but only {entering} enter: all pass",
                stage=outcome.stage.id,
                n=outcome.stage.passes,
                entering=len(outcome.order),
            )
            run.tell(say("warning: {warning}", warning=doubt))
    code = run.options.language
    if layout == "json":
        from icfscore.report.funnel_record import funnel_record
        from icfscore.report.records import json_text

        deliver(json_text(funnel_record(scoring, found, folder.ballots, code)), output)
        return
    from icfscore.report.escape import clean, escape
    from icfscore.report.funnel_page import funnel_page
    from icfscore.report.language import find_language
    from icfscore.report.page import page_markdown, page_terminal

    language = find_language(code)
    shown = (folder.panels, folder.ballots)
    if layout == "markdown":
        deliver(page_markdown(funnel_page(scoring, found, *shown, language, escape)), output)
        return
    page = funnel_page(scoring, found, *shown, language, clean)
    deliver(page_terminal(page, piped=True if output else None), output)
