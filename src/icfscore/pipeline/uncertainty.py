"""How sure the ranking is: draws over everything that is uncertain, counted.

Blocks of draws are independent and their counts are whole numbers, so that any number of workers
may share them and the result is the same to the last bit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.errors import MethodError
from icfscore.methods.rank_counts import FULL_TABLE, UNIT
from icfscore.methods.tally import Counted, Tally
from icfscore.pipeline.block_counts import CountFirsts, CountRanks
from icfscore.pipeline.course import Course, Keeper, Progress, describe_run, refuse_fewer
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.drawn_scores import say_of_weights
from icfscore.pipeline.draws import draw_block
from icfscore.pipeline.engine import Engine, LocalEngine
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.recipe import Staged

CONFIDENCE_DRAWS = 10_000
CONFIDENCE_VALUES = 20_000_000_000  # values scored for it where there are very many communities
QUICK_CELLS = 20_000_000  # values drawn in about a second on one core of a laptop
SLOW = frozenset(
    {"em", "regression", "nearest_neighbours", "equal_influence", "benefit_of_the_doubt"}
    | {"winsorise", "skew_kurtosis"}
)


def is_quick(scoring: Scoring, seconds: float = 1) -> bool:
    """Predict whether the settings' draws take less than about a second, or so many.

    The prediction is a fixed one, so that the same inputs give the same output on every machine.
    """
    recipe, uncertainty = scoring.settings.recipe, scoring.settings.uncertainty
    stages: list[Staged[Any]] = [
        recipe.imputation,
        recipe.outliers,
        recipe.weighting,
        recipe.aggregation,
    ]
    stages += [staged for choices in uncertainty.alternatives.values() for staged in choices]
    if any(method.kind in SLOW for staged in stages for method in staged.methods()):
        return False
    n, k = len(scoring.ranking.communities), int(scoring.screened.scored.sum())
    return n * k * uncertainty.draws <= QUICK_CELLS * seconds


def draw_ranks(
    scoring: Scoring,
    *,
    jobs: int | None = None,
    precision: float | None = None,
    confidence: bool = True,
    progress: Progress | None = None,
    plan: DrawPlan | None = None,
    engine: Engine | None = None,
    keeper: Keeper | None = None,
) -> RankDraws:
    """Rank the communities in every draw of the settings' uncertainty.

    Parameters
    ----------
    jobs
        Workers; None: one a processor core. The result does not depend on it.
    precision
        Draw until every Monte Carlo standard error of a share is below it.
    confidence
        Whether to compute confidence factors, which takes as long again.
    progress
        Told how many draws are done and how many there will be.
    plan
        The scoring's draws where they are laid out already; None: as `plan_draws` does.
    engine
        Who draws; None: this machine, by `jobs` workers. The result does not depend on it either.
    keeper
        Keeps the counts now and then; what it holds of the same run is not drawn again.

    Raises
    ------
    InputError
        Where the methods are not defined for the plain data or for a draw, where what was kept is
        of another run, or where workers are lost.
    """
    plan = plan_draws(scoring) if plan is None else plan
    check_plain(plan)
    if engine is None:
        engine = LocalEngine(jobs)
    counting = CountRanks(scoring.ranking.ranks)
    run: Course[Counted, Tally] = Course(counting, plan, engine, keeper, progress)
    run.resume(describe_run(scoring, plan, "uncertainty"))
    wanted = scoring.settings.uncertainty.draws
    if precision is None and run.n_draws > wanted:
        raise refuse_fewer(run.n_draws, wanted)
    run.advance(wanted)
    draws = _say(run, scoring)
    if precision is not None:
        if run.goal > run.n_draws:  # a run before was stopped on the way there
            run.advance(run.goal, whole=True)
            draws = _say(run, scoring)
        while not run.interrupted and draws.largest_error > precision:
            needed = int(np.ceil(draws.n_draws * (draws.largest_error / precision) ** 2))
            run.advance(max(needed, draws.n_draws + run.plan.block), whole=True)
            draws = _say(run, scoring)
    if confidence and plan.varied and not run.interrupted:
        try:
            factors, n_draws = _confidence_factors(run.plan, draws, engine)
        except KeyboardInterrupt:
            return replace(draws, interrupted=True)
        draws = replace(draws, confidence=factors, confidence_draws=n_draws)
    return draws


def check_plain(plan: DrawPlan) -> None:
    """Score the plain data by every combination of methods, before the first draw.

    Raises
    ------
    InputError
        Where one of them is not defined.
    """
    plain = replace(plan, errors=None, gaps=(), varied=(), block=1)
    steps = [step for step in plan.combinations[0].tree.nodes if step.node in plan.varied]
    for combination in plan.combinations:
        draw_block(replace(plain, combinations=(combination,), sizes={}), 0)
    for step in steps:
        elsewhere = {name for other in steps for name in other.siblings.names}
        given = step.siblings.given / step.siblings.given.sum()
        try:
            plan.weights.check(step.siblings, given, elsewhere)
        except MethodError as error:
            raise say_of_weights(error, plan, step.siblings) from None


def _say(run: Course[Counted, Tally], scoring: Scoring) -> RankDraws:
    """Say what the draws made so far tell."""
    plan = run.plan
    return RankDraws(
        communities=plan.columns.communities,
        nominal=scoring.ranking.ranks,
        tally=run.summary,
        bins=plan.bins,
        children=plan.children,
        seed=plan.seed,
        confidence={},
        interrupted=run.interrupted,
    )


def _confidence_factors(
    plan: DrawPlan, draws: RankDraws, engine: Engine
) -> tuple[dict[str, float], int]:
    """Share of draws a community is first in when its central weights hold (SMAA-2).

    Returns
    -------
    By community, and the number of draws it rests on.
    """
    candidates: dict[int, dict[str, Floats]] = {}
    for row in range(plan.n_communities):
        central = draws.central_weights(row)
        if central is not None:
            candidates[row] = {
                node: np.array([central[child] for child in children])
                for node, children in draws.children.items()
            }
    n_draws = min(draws.n_draws, CONFIDENCE_DRAWS)
    if plan.n_communities > FULL_TABLE:
        # All are scored anew for each candidate, by an eighth of what a draw takes (measured).
        affordable = int(CONFIDENCE_VALUES / (plan.values.size * (1 + len(candidates) / 8)))
        n_draws = min(n_draws, max(affordable, plan.block))
    run: Course[Ints, Ints] = Course(CountFirsts(candidates), plan, engine)
    run.advance(n_draws)
    if run.interrupted:
        raise KeyboardInterrupt
    parts = run.summary[1:].tolist()
    factors = {
        plan.columns.communities[row]: part / (UNIT * n_draws)
        for row, part in zip(candidates, parts, strict=True)
    }
    return factors, n_draws
