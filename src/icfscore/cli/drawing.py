"""Drawing with a progress bar: shown on stderr when a run lasts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from icfscore.cli.engine_options import HERE, Workplace, tell_stopped
from icfscore.cli.options import Run
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.pipeline.draw_plan import DrawPlan
    from icfscore.pipeline.focus_draws import FocusDraws
    from icfscore.pipeline.rank_draws import RankDraws
    from icfscore.pipeline.score import Scoring
    from icfscore.pipeline.sensitivity import Drivers, Output

WORTH_WAITING = 30.0  # seconds, for commands that are about how sure something is
_PATIENCE = 1.0  # seconds before a bar appears
_PAUSE = 0.1  # seconds before it is drawn again


def draw_with_progress(
    run: Run,
    scoring: Scoring,
    *,
    precision: float | None = None,
    confidence: bool = True,
    place: Workplace = HERE,
    tops: tuple[int, ...] = (),
) -> RankDraws:
    """Draw ranks; Ctrl-C keeps what was drawn, and says so."""
    from icfscore.pipeline.draw_plan import plan_draws
    from icfscore.pipeline.uncertainty import draw_ranks

    plan = plan_draws(scoring, tops=tops)
    _tell_memory(run, plan)
    bar = Bar(shown=run.shows_progress)
    try:
        draws = draw_ranks(
            scoring,
            jobs=run.options.jobs,
            precision=precision,
            confidence=confidence,
            progress=bar.update,
            engine=place.engine,
            keeper=place.keeper,
            plan=plan,
        )
    finally:
        bar.close()
    if draws.interrupted:
        tell_stopped(run, draws.n_draws, place.keeper)
    return draws


def _tell_memory(run: Run, plan: DrawPlan) -> None:
    """Say what memory each process takes, where it is much."""
    from icfscore.pipeline.footprint import LARGE, footprint

    need = footprint(plan)
    if need.worker > LARGE:
        run.tell(
            say(
                "{n:,} communities x {k} indicators: up to {megabytes:,} MB of memory a worker, "
                "however many draws",
                n=plan.n_communities,
                k=plan.values.shape[1],
                megabytes=need.worker // 10**6,
            )
        )


def draw_by_default(run: Run, scoring: Scoring, seconds: float = 1) -> RankDraws | None:
    """Draw where it was asked for, or where it takes no more than so many seconds.

    What was not asked for stops nothing: where it cannot be drawn, that is said.
    """
    from icfscore.errors import InputError
    from icfscore.pipeline.uncertainty import is_quick

    if run.settings.uncertainty.draws == 0 or len(scoring.ranking.order) < 2:
        return None
    asked = run.options.draws is not None
    if not asked and not is_quick(scoring, seconds):
        run.tell(
            say("no rank intervals, which would take a while: ask for them with --draws 10000")
        )
        return None
    try:
        return draw_with_progress(run, scoring, confidence=False)
    except InputError as error:
        if asked:
            raise
        run.tell(say("no rank intervals: in some draws it is not defined: {error}", error=error))
        return None


def drivers_with_progress(run: Run, scoring: Scoring, measure: Output) -> Drivers | None:
    """Find what drives a rank; None where the settings want no draws."""
    from icfscore.pipeline.sensitivity import find_drivers

    if scoring.settings.uncertainty.draws == 0:
        return None
    bar = Bar(shown=run.shows_progress)
    try:
        found = find_drivers(scoring, measure, jobs=run.options.jobs, progress=bar.update)
    finally:
        bar.close()
    if found.interrupted:
        tell_stopped(run, found.n_base, None)
    return found


def draw_of(
    run: Run, scoring: Scoring, community: str | None, seconds: float = 1
) -> tuple[RankDraws | None, FocusDraws | None]:
    """Draw by default, and keep what the same draws hold of one community, if it has a place."""
    draws = draw_by_default(run, scoring, seconds)
    placed = community in scoring.ranking.communities and scoring.ranking.rank_of(community or "")
    if draws is None or community is None or not placed:
        return draws, None
    from icfscore.pipeline.focus_draws import draw_focus

    return draws, draw_focus(scoring, community, draws.n_draws, run.options.jobs)


def draw_both_by_default(
    run: Run, before: Scoring, after: Scoring
) -> tuple[RankDraws, RankDraws] | None:
    """Draw two scorings with the same random numbers where `draw_by_default` would draw."""
    from functools import partial

    from icfscore.errors import InputError
    from icfscore.pipeline.uncertainty import draw_ranks, is_quick
    from icfscore.pipeline.whatif import draw_alike

    if run.settings.uncertainty.draws == 0 or len(before.ranking.order) < 2:
        return None
    asked = run.options.draws is not None
    if not asked and not is_quick(before):
        run.tell(
            say("no rank intervals, which would take a while: ask for them with --draws 10000")
        )
        return None
    bar = Bar(shown=run.shows_progress)
    draw = partial(draw_ranks, jobs=run.options.jobs, progress=bar.update)
    try:
        drawn = draw_alike(before, after, draw)
    except InputError as error:
        if asked:
            raise
        run.tell(say("no rank intervals: in some draws it is not defined: {error}", error=error))
        return None
    finally:
        bar.close()
    if any(draws.interrupted for draws in drawn):
        run.tell(say("stopped: no rank intervals"))
        return None
    return drawn


class Bar:
    """A bar with the time left, from the moment a run has lasted a second."""

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown
        self.started = time.monotonic()
        self.drawn = 0.0
        self.progress: object | None = None

    def update(self, done: int, total: int) -> None:
        """Show how far a run is."""
        if not self.shown or time.monotonic() - self.started < _PATIENCE:
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        if self.progress is None:
            columns = (TextColumn("{task.completed:,} / {task.total:,}"), BarColumn())
            # It starts no thread to redraw itself: a process with threads is not forked.
            self.progress = Progress(
                *columns,
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
                auto_refresh=False,
            )
            self.progress.start()
            self.progress.add_task("draws")
        assert isinstance(self.progress, Progress)  # noqa: S101 - what was just made
        redraws = time.monotonic() - self.drawn > _PAUSE
        if redraws:
            self.drawn = time.monotonic()
        self.progress.update(
            self.progress.task_ids[0], completed=min(done, total), total=total, refresh=redraws
        )

    def close(self) -> None:
        """Take the bar away."""
        if self.progress is not None:
            self.progress.stop()  # type: ignore[attr-defined]
