"""`icfscore compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from icfscore.cli.drawing import WORTH_WAITING, draw_by_default
from icfscore.cli.options import (
    deliver,
    open_run,
    options_of,
    output_options,
    require_known,
    require_ranked,
    run_options,
)


@click.command()
@click.argument("communities", metavar="ID ID...", nargs=-1)
@run_options
@output_options("table", "markdown", "json")
def command(communities: tuple[str, ...], layout: str, output: Path | None, **given: Any) -> None:
    """Compare communities side by side, the first with each of the others.

    Scores, values and years; in how many of the draws the first is ahead; what each criterion and
    indicator adds to the difference, which the contributions sum to exactly; and the weights of the
    criteria that would reverse the order.

    \b
    Examples:
      icfscore compare binh_duong taoyuan
      icfscore compare binh_duong taoyuan surat curitiba
      icfscore compare binh_duong curitiba --format json
    """
    if len(communities) < 2:
        raise click.UsageError("give at least two IDs, such as: icfscore compare ID ID")
    for name in communities:
        if communities.count(name) > 1:
            raise click.UsageError(f"{name} is given more than once")
    run = open_run(options_of(given))
    require_known(run.folder, communities)
    scoring = run.score()
    for name in communities:
        require_ranked(scoring, name)
    draws = draw_by_default(run, scoring, WORTH_WAITING)
    language = run.options.language
    if layout == "markdown":
        from icfscore.report.markdown import comparison_markdown

        text = comparison_markdown(scoring, communities, language, draws)
        deliver(text, output)
        return
    from icfscore.report.content import TOP
    from icfscore.report.content_comparison import compare

    first, *others = communities
    found = [compare(scoring, first, other, TOP, draws) for other in others]
    if layout == "json":
        from icfscore.report.comparison_record import comparison_record
        from icfscore.report.records import json_text

        text = json_text(comparison_record(scoring, found, draws, language))
    else:
        from icfscore.report.comparison_table import comparison_table

        piped = True if output else None
        text = comparison_table(scoring, found, language, draws=draws, piped=piped)
    deliver(text, output)
