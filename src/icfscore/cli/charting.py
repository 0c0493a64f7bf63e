"""What charts are drawn from, computed as far as they need it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from icfscore.cli.drawing import (
    draw_by_default,
    draw_with_progress,
    drivers_with_progress,
    swings_within_errors,
)
from icfscore.cli.options import Run, settle_run

if TYPE_CHECKING:
    from icfscore.pipeline.rank_draws import RankDraws
    from icfscore.pipeline.score import Scoring
    from icfscore.report.charts.material import Material, ScenarioRanks
    from icfscore.report.charts.registry import Kind, Need


def gather(run: Run, scoring: Scoring, kind: Kind) -> Material:
    """Compute what one chart shows.

    Raises
    ------
    InputError
        Where what it needs cannot be computed.
    """
    draws = None
    if "draws" in kind.needs and scoring.settings.uncertainty.draws:
        draws = draw_with_progress(run, scoring, confidence=False)
    elif "draws" in kind.uses:
        draws = draw_by_default(run, scoring)
    return add_details(run, scoring, draws, kind.needs)


def gather_all(
    run: Run, scoring: Scoring, draws: RankDraws | None, kinds: Iterable[Kind]
) -> Material:
    """Compute what several charts show.

    Without draws, what takes as long as these is left out too.
    """
    needs = {need for kind in kinds for need in kind.needs}
    return add_details(run, scoring, draws, needs - ({"drivers"} if draws is None else set()))


def add_details(
    run: Run, scoring: Scoring, draws: RankDraws | None, needs: Collection[Need]
) -> Material:
    """Compute what is needed beyond the draws."""
    from icfscore.report.charts.material import Material

    focus = Material(scoring).focus
    swings = stability = drivers = scenarios = None
    if focus is not None and "swings" in needs:
        swings = swings_within_errors(scoring, focus)
    if focus is not None and "stability" in needs:
        from icfscore.pipeline.stability import weight_stability

        stability = weight_stability(scoring, focus)
    if focus is not None and "drivers" in needs:
        drivers = drivers_with_progress(run, scoring, "focus_rank")
    if "scenarios" in needs:
        scenarios = rank_scenarios(run, scoring)
    return Material(scoring, draws, swings, stability, drivers, scenarios)


def rank_scenarios(run: Run, scoring: Scoring) -> ScenarioRanks | None:
    """Rank the communities under the settings of this run and in every scenario of the project.

    None without scenarios.

    Raises
    ------
    InputError
        Where a scenario's methods are not defined for the data.
    """
    import numpy as np

    from icfscore.pipeline.score import score
    from icfscore.report.charts.material import ScenarioRanks

    scenarios = [name for name in run.folder.scenarios if name != scoring.settings.scenario]
    if not scenarios:
        return None
    communities = scoring.ranking.communities
    ranks = np.zeros((len(scenarios) + 1, len(communities)), dtype=np.int64)
    ranks[0] = scoring.ranking.ranks
    for at, name in enumerate(scenarios, start=1):
        ranking = score(run.folder.project, settle_run(run.folder, run.options, name)).ranking
        found = dict(zip(ranking.communities, ranking.ranks.tolist(), strict=True))
        ranks[at] = [found.get(community, 0) for community in communities]
    return ScenarioRanks((scoring.settings.scenario or "", *scenarios), ranks)
