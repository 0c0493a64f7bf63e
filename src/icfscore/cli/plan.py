"""`icfscore plan`."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from icfscore.cli.drawing import draw_both_by_default
from icfscore.cli.language import in_language_of
from icfscore.cli.options import (
    Run,
    deliver,
    open_run,
    options_of,
    output_options,
    run_options,
)
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.pipeline.plan import Plan
    from icfscore.pipeline.score import Scoring
    from icfscore.recipe import Planning


@click.command()
@click.argument("community", metavar="ID", required=False)
@run_options
@click.option("--top", type=int, required=True, metavar="K", help="The place to reach.")
@click.option(
    "--robust",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="P",
    help="Plan to hold the place in this share of the draws.",
)
@click.option(
    "--cost",
    "costs",
    multiple=True,
    metavar="INDICATOR=C",
    help="Effort of rising from the lowest peer to the best, 1 by default; repeatable.",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="INDICATOR=LOW..HIGH",
    help="Lowest and highest planned value; one may be left out; repeatable.",
)
@click.option("--fix", "fixed", multiple=True, metavar="INDICATOR", help="Leave it as it is.")
@click.option(
    "--free", multiple=True, metavar="INDICATOR", help="Plan it although its lever is none."
)
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A YAML file of costs, limits, fixed and free, as `plan:` in icfscore.yaml.",
)
@output_options("table", "markdown", "json")
def command(
    community: str | None,
    top: int,
    robust: float | None,
    costs: tuple[str, ...],
    limits: tuple[str, ...],
    fixed: tuple[str, ...],
    free: tuple[str, ...],
    settings_file: Path | None,
    layout: str,
    output: Path | None,
    **given: Any,
) -> None:
    """Find the least effort that takes a community (by default the focus) to a place.

    Effort is the sum over changed indicators of cost times the rise of the value's percentile among
    the peers. Values stay within what a peer has reached; national indices and the like (lever:
    none) stay as they are. The answer is checked by scoring the project again.

    \b
    Examples:
      icfscore plan binh_duong --top 7
      icfscore plan binh_duong --top 10 --robust 0.8 --fix gdp_per_capita_ppp_usd
      icfscore plan --top 15 --cost pm25_ugm3=2 --limit tertiary_attainment_pct=..30
    """
    from dataclasses import replace

    from icfscore.errors import InputError
    from icfscore.files.plan_file import read_planning
    from icfscore.report.plan_record import PlanTold

    run = open_run(options_of(given))
    community = community or run.settings.focus
    if community is None:
        hint = say("name a community, or set focus in icfscore.yaml")
        raise InputError.of(say("whose plan?"), hint)
    tree = run.folder.project.tree
    said = read_planning(tree, settings_file, costs=costs, limits=limits, fixed=fixed, free=free)
    planning = run.settings.plan.merged(said)
    run = Run(run.folder, replace(run.settings, plan=planning), run.options)
    scoring = run.score()
    with _patience(run):
        plan = _find(run, scoring, community, top, planning, robust)
    drawn = draw_both_by_default(run, plan.before, plan.after)
    before, after = (None, None) if drawn is None else drawn
    deliver(_spell(PlanTold(plan, before, after, robust), layout, run, output), output)


def _find(
    run: Run, scoring: Scoring, community: str, top: int, planning: Planning, robust: float | None
) -> Plan:
    from icfscore.errors import InputError
    from icfscore.pipeline.plan import find_plan
    from icfscore.pipeline.plan_robust import find_robust_plan
    from icfscore.pipeline.uncertainty import draw_ranks

    if robust is None:
        return find_plan(scoring, community, top, planning)
    if run.settings.uncertainty.draws == 0:
        hint = say("give --draws a number above 0")
        raise InputError.of(say("--robust needs draws: draws is 0"), hint)
    draw = partial(draw_ranks, jobs=run.options.jobs)
    return find_robust_plan(scoring, community, top, planning, robust, draw)


def _patience(run: Run) -> Any:
    """Show that something is going on where someone watches."""
    if not run.shows_progress:
        return nullcontext()
    from rich.console import Console

    message = say("Looking for the least effort …")
    return Console(stderr=True).status(in_language_of(click.get_current_context(), message))


def _spell(told: Any, layout: str, run: Run, output: Path | None) -> str:
    language = run.options.language
    if layout == "json":
        from icfscore.report.plan_record import plan_record
        from icfscore.report.records import json_text

        return json_text(plan_record(told))
    if layout == "markdown":
        from icfscore.report.plan_markdown import plan_markdown

        return plan_markdown(told, language)
    from icfscore.report.plan_table import plan_table

    return plan_table(told, language, piped=True if output else None)
