"""`icfscore profile`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.drawing import WORTH_WAITING, draw_of
from icfscore.cli.options import (
    deliver,
    open_run,
    options_of,
    output_options,
    require_ranked,
    run_options,
)


@click.command()
@click.argument("community", metavar="[ID]", required=False)
@run_options
@output_options("table", "markdown", "json")
def command(community: str | None, layout: str, output: Path | None, **given: Any) -> None:
    """Profile one community: its place, its values, what sets it apart, how sure that is.

    Without an ID it is that of the focus. Strengths and weaknesses are told by what they add to the
    distance from the first seven of the ranking; all parts sum to it exactly. Says which values to
    measure first, since they would narrow the place most.

    \b
    Examples:
      icfscore profile binh_duong
      icfscore profile taoyuan --format markdown -o taoyuan.md
      icfscore profile binh_duong --set recipe.aggregation.kind=geometric \\
        --set recipe.normalisation.low=1
    """
    from icfscore.report.content import TOP

    if community is not None:
        if given["focus"] not in (None, community):
            raise click.UsageError("give the community as ID or with --focus, not both")
        given["focus"] = community
    run = open_run(options_of(given)).with_only_community()
    focus = run.settings.focus
    if focus is None:
        raise click.UsageError("which community? Give its ID: the project has no focus.")
    scoring = run.score()
    require_ranked(scoring, focus)
    draws, sample = draw_of(run, scoring, focus, WORTH_WAITING)
    language = run.options.language
    if layout == "markdown":
        from icfscore.report.markdown import profile_markdown

        text = profile_markdown(scoring, focus, language, draws, sample)
    else:
        from icfscore.report.content_profile import profile_of

        profile = profile_of(scoring, focus, TOP, draws, sample)
        if layout == "json":
            from icfscore.report.profile_record import profile_record
            from icfscore.report.records import json_text

            text = json_text(profile_record(scoring, profile, language))
        else:
            from icfscore.report.profile_table import profile_table

            text = profile_table(scoring, profile, language, piped=True if output else None)
    deliver(text, output)
