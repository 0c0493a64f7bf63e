"""`icfscore panel`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.options import Run, deliver, open_run, options_of, output_options, run_options
from icfscore.sentences import say


@click.command()
@click.argument("identifier", metavar="ID", required=False)
@run_options
@output_options("table", "markdown", "json")
def command(identifier: str | None, layout: str, output: Path | None, **given: Any) -> None:
    """Judge the scores of panels: of one, or of all in panels/.

    How far raters agree (ICC, Krippendorff's alpha, Kendall's W), who is severe and who erratic,
    which item divides them, and the scores that enter the indicators that name the panel.

    \b
    Examples:
      icfscore panel
      icfscore panel analysts --format json -o analysts.json
    """
    from icfscore.pipeline.panel import judge_panel

    run = open_run(options_of(given))
    panels = _choose(run, identifier)
    scoring = run.score()
    seed, code = run.settings.uncertainty.seed, run.options.language
    judged = [judge_panel(panel, seed) for panel in panels]
    if layout == "json":
        from icfscore.report.panel_record import panel_record
        from icfscore.report.records import json_text

        deliver(json_text(panel_record(scoring, judged, code)), output)
        return
    from icfscore.report.escape import clean, escape
    from icfscore.report.language import find_language
    from icfscore.report.page import page_markdown, page_terminal
    from icfscore.report.panel_page import panel_page

    language = find_language(code)
    if layout == "markdown":
        deliver(page_markdown(panel_page(scoring, judged, language, escape)), output)
        return
    page = panel_page(scoring, judged, language, clean)
    deliver(page_terminal(page, piped=True if output else None), output)


def _choose(run: Run, identifier: str | None) -> list[Any]:
    from icfscore.errors import InputError, name_hint

    panels = run.folder.panels
    if not panels:
        begin = say("put raters' scores into panels/ID.yaml, by community and node")
        raise InputError.of(say("the project has no panels"), begin)
    if identifier is None:
        return list(panels.values())
    if identifier not in panels:
        hint = name_hint(identifier, panels, what=say("the panels"))
        raise InputError.of(say("no panel '{panel}'", panel=identifier), hint)
    return [panels[identifier]]
