"""How sure the ranking is: draws over everything that is uncertain, counted.

Blocks of draws are independent and their counts are whole numbers, so that threads may take them in
any order and the result is the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.errors import MethodError
from icfscore.methods.tally import UNIT, Tally, rank_bins, tally_draws
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.draws import draw_block, draw_normalised, say_of_weights, score_nodes
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.threads import in_threads
from icfscore.recipe import Staged

Progress = Callable[[int, int], None]
CONFIDENCE_DRAWS = 10_000
QUICK_CELLS = 20_000_000  # values drawn in about a second on one core of a laptop
SLOW = frozenset(
    {"em", "regression", "nearest_neighbours", "equal_influence", "benefit_of_the_doubt"}
    | {"winsorise", "skew_kurtosis"}
)


def is_quick(scoring: Scoring) -> bool:
    """Predict whether the settings' draws take less than about a second.

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
    return n * k * uncertainty.draws <= QUICK_CELLS


def draw_ranks(
    scoring: Scoring,
    *,
    jobs: int | None = None,
    precision: float | None = None,
    confidence: bool = True,
    progress: Progress | None = None,
) -> RankDraws:
    """Rank the communities in every draw of the settings' uncertainty.

    Parameters
    ----------
    jobs
        Threads; None: one a processor core. The result does not depend on it.
    precision
        Draw until every Monte Carlo standard error of a share is below it.
    confidence
        Whether to compute confidence factors, which takes as long again.
    progress
        Told how many draws are done and how many there will be.

    Raises
    ------
    InputError
        Where the methods are not defined for the plain data or for a draw.
    """
    plan = plan_draws(scoring)
    check_plain(plan)
    wanted = scoring.settings.uncertainty.draws
    draws = _run(plan, 0, wanted, jobs, progress)
    while precision is not None and not draws.interrupted and draws.largest_error > precision:
        done = draws.n_draws
        needed = int(np.ceil(done * (draws.largest_error / precision) ** 2))
        more = _run(plan, done, max(needed, done + plan.block), jobs, progress)
        merged = draws.tally.merge(more.tally)
        draws = replace(draws, tally=merged, interrupted=more.interrupted)
    if confidence and plan.varied and not draws.interrupted:
        factors = _confidence_factors(plan, draws, min(draws.n_draws, CONFIDENCE_DRAWS), jobs)
        draws = replace(draws, confidence=factors)
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


def _run(
    plan: DrawPlan, start: int, stop: int, jobs: int | None, progress: Progress | None
) -> RankDraws:
    """Make the draws from number `start` up to `stop`; start is a multiple of the block."""
    scoring = plan.scoring
    bins = rank_bins(plan.n_communities)
    first = -(-start // plan.block)
    last = max(-(-stop // plan.block), first + 1)

    def one(block: int) -> Tally:
        drawn = draw_block(plan, block)
        size = min(plan.block, stop - block * plan.block)
        weights = {node: w[:, :size] for node, w in drawn.weights.items()}
        return tally_draws(drawn.scores[:, :size], weights, bins, scoring.ranking.ranks)

    total: Tally | None = None
    interrupted = False
    try:
        for tally in in_threads(one, range(first, last), jobs):
            total = tally if total is None else total.merge(tally)
            if progress is not None:
                progress(start + total.n_draws, stop)
    except KeyboardInterrupt:
        if total is None:
            raise
        interrupted = True
    assert total is not None  # noqa: S101 - there is at least one block
    children = {
        step.node: step.siblings.names
        for step in plan.combinations[0].tree.nodes
        if step.node in plan.varied
    }
    return RankDraws(
        communities=plan.columns.communities,
        nominal=scoring.ranking.ranks,
        tally=total,
        bins=bins,
        children=children,
        seed=plan.seed,
        confidence={},
        interrupted=interrupted,
    )


def _confidence_factors(
    plan: DrawPlan, draws: RankDraws, n_draws: int, jobs: int | None
) -> dict[str, float]:
    """Share of draws a community is first in when its central weights hold (SMAA-2).

    Ties for the first place count 1/m for each of the m tied.
    """
    candidates: dict[int, dict[str, Floats]] = {}
    for row in range(plan.n_communities):
        central = draws.central_weights(row)
        if central is not None:
            candidates[row] = {
                node: np.array([central[child] for child in children])
                for node, children in draws.children.items()
            }

    def one(block: int) -> dict[int, int]:
        size = min(plan.block, n_draws - block * plan.block)
        normalised, groups, order = draw_normalised(plan, block)
        found = {}
        for row, fixed in candidates.items():
            scores, _ = score_nodes(plan, normalised, groups, order, block, fixed=fixed)
            scores = scores[:, :size]
            best = scores.max(axis=0)
            first = scores[row] == best
            tied = (scores[:, first] == best[first]).sum(axis=0)
            found[row] = int((UNIT // tied).sum())
        return found

    sums = dict.fromkeys(candidates, 0)
    blocks = range(-(-n_draws // plan.block))
    for found in in_threads(one, blocks, jobs):
        for row, parts in found.items():
            sums[row] += parts
    return {plan.columns.communities[row]: parts / (UNIT * n_draws) for row, parts in sums.items()}
