"""What charts are drawn from, computed as far as they need it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from icfscore.cli.drawing import (
    draw_by_default,
    draw_with_progress,
    drivers_with_progress,
)
from icfscore.cli.options import Run, settle_run

if TYPE_CHECKING:
    from icfscore.pipeline.rank_draws import RankDraws
    from icfscore.pipeline.score import Scoring
    from icfscore.pipeline.stability import WeightStability
    from icfscore.report.charts.material import Material, ScenarioRanks
    from icfscore.report.charts.registry import Kind, Need

MOST_CELLS = 100_000
"""Communities times indicators up to which reports look at every weight and value by itself."""


def gather(run: Run, scoring: Scoring, kind: Kind) -> Material:
    """Compute what one chart shows.

    Raises
    ------
    InputError
        Where what it needs cannot be computed.
    """
    from icfscore.report.charts.material import Material

    draws = None
    if "draws" in kind.needs and scoring.settings.uncertainty.draws:
        draws = draw_with_progress(run, scoring, confidence=False)
    elif "draws" in kind.uses:
        draws = draw_by_default(run, scoring)
    found = {name: compute() for name, compute in _computations(run, scoring, kind.needs).items()}
    return Material(scoring, draws, **found)


def gather_all(
    run: Run, scoring: Scoring, draws: RankDraws | None, kinds: Iterable[Kind]
) -> Material:
    """Compute what several charts show; what cannot be computed is said and left out.

    Without draws, what takes as long as these is left out too.
    """
    from icfscore.errors import InputError
    from icfscore.report.charts.material import Material
    from icfscore.sentences import say

    needs: set[Need] = {need for kind in kinds for need in kind.needs}
    if draws is None:
        needs -= {"drivers"}
    if scoring.normalised.size > MOST_CELLS:
        needs -= {"swings", "stability", "drivers"}
    found: dict[str, Any] = {}
    for name, compute in _computations(run, scoring, needs).items():
        try:
            found[name] = compute()
        except InputError as error:
            run.tell(say("no chart of {what}: {error}", what=name, error=error))
    return Material(scoring, draws, **found)


def _computations(
    run: Run, scoring: Scoring, needs: Collection[Need]
) -> dict[str, Callable[[], Any]]:
    """List what is to be computed beyond the draws, by the name of the result."""
    from icfscore.report.charts.material import Material
    from icfscore.report.sensitivity import swings_within_errors

    listed: dict[str, Callable[[], Any]] = {}
    if "scenarios" in needs:
        listed["scenarios"] = lambda: rank_scenarios(run, scoring)
    focus = Material(scoring).focus
    if focus is None:
        return listed
    if "swings" in needs:
        listed["swings"] = lambda: swings_within_errors(scoring, focus)
    if "stability" in needs:
        listed["stability"] = lambda: _stability(scoring, focus)
    if "drivers" in needs:
        listed["drivers"] = lambda: drivers_with_progress(run, scoring, "focus_rank")
    return listed


def _stability(scoring: Scoring, focus: str) -> tuple[WeightStability, ...]:
    from icfscore.pipeline.stability import weight_stability

    return weight_stability(scoring, focus)


def rank_scenarios(run: Run, scoring: Scoring) -> ScenarioRanks | None:
    """Rank the communities under the settings of this run and in every scenario of the project.

    A scenario that cannot be computed is said and left out. None without scenarios.
    """
    import numpy as np

    from icfscore.pipeline.scenarios import compare_with
    from icfscore.report.charts.material import ScenarioRanks
    from icfscore.sentences import say

    names = [name for name in run.folder.scenarios if name != scoring.settings.scenario]
    settings = {name: settle_run(run.folder, run.options, name) for name in names}
    outcomes = []
    for outcome in compare_with(scoring, settings).outcomes:
        if outcome.scoring is None:
            run.tell(
                say("no ranks in scenario {name}: {error}", name=outcome.name, error=outcome.reason)
            )
        else:
            outcomes.append(outcome)
    if not outcomes:
        return None
    ranks = [
        scoring.ranking.ranks.tolist(),
        *([one.ranks.get(name, 0) for name in scoring.ranking.communities] for one in outcomes),
    ]
    named = (scoring.settings.scenario or "", *(one.name for one in outcomes))
    titles = {name: scenario.name for name, scenario in run.folder.scenarios.items()}
    return ScenarioRanks(named, np.array(ranks, dtype=np.int64), titles)
