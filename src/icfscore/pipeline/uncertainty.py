"""How sure the ranking is: draws over everything that is uncertain, counted.

Blocks of draws are independent and their counts are whole numbers, so that any number of workers
may share them and the result is the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.errors import MethodError
from icfscore.methods.tally import UNIT, Counted, Tally, count_draws, rank_bins
from icfscore.pipeline.draw_groups import first_draws, take_draws
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.drawn_scores import say_of_weights
from icfscore.pipeline.draws import draw_block, draw_normalised, score_nodes
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.workers import on_cores, unbroken
from icfscore.recipe import Staged

Progress = Callable[[int, int], None]
CONFIDENCE_DRAWS = 10_000
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

    Raises
    ------
    InputError
        Where the methods are not defined for the plain data or for a draw.
    """
    plan = plan_draws(scoring) if plan is None else plan
    check_plain(plan)
    run = _Run(plan, jobs, progress)
    run.draw(scoring.settings.uncertainty.draws)
    draws = run.result()
    while precision is not None and not run.interrupted and draws.largest_error > precision:
        needed = int(np.ceil(draws.n_draws * (draws.largest_error / precision) ** 2))
        run.draw(max(needed, draws.n_draws + plan.block))
        draws = run.result()
    if confidence and plan.varied and not run.interrupted:
        try:
            factors = _confidence_factors(plan, draws, min(draws.n_draws, CONFIDENCE_DRAWS), jobs)
        except KeyboardInterrupt:
            return replace(draws, interrupted=True)
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


@dataclass(slots=True, eq=False)
class _Run:
    """Draws that go on: each block once, from the first upwards.

    Attributes
    ----------
    next_block
        The first block that was not drawn, in whole or in part.
    """

    plan: DrawPlan
    jobs: int | None
    progress: Progress | None
    tally: Tally = field(init=False)
    next_block: int = 0
    interrupted: bool = False

    def __post_init__(self) -> None:
        """Begin without draws."""
        children = {node: len(names) for node, names in self.plan.children.items()}
        self.tally = Tally.start(rank_bins(self.plan.n_communities), children)

    def draw(self, wanted: int) -> None:
        """Draw until there are at least as many as wanted, exactly as many the first time."""
        plan, tally = self.plan, self.tally
        left = wanted - tally.n_draws
        count = max(-(-left // plan.block), 1)
        blocks = range(self.next_block, self.next_block + count)
        last_size = left - (count - 1) * plan.block if not self.next_block else plan.block
        bins = rank_bins(plan.n_communities)

        def one(block: int) -> Counted:
            drawn = draw_block(plan, block)
            size = last_size if block == blocks[-1] else plan.block
            counted = first_draws(plan, block, size)
            scores = take_draws(drawn.scores, counted)
            weights = {node: take_draws(w, counted) for node, w in drawn.weights.items()}
            return count_draws(scores, weights, bins, plan.scoring.ranking.ranks)

        try:
            for counted in on_cores(one, blocks, self.jobs):
                with unbroken():
                    tally.add(counted)
                if self.progress is not None:
                    self.progress(tally.n_draws, max(wanted, tally.n_draws))
        except KeyboardInterrupt:
            if not tally.n_draws:
                raise
            self.interrupted = True
        self.next_block = blocks.stop

    def result(self) -> RankDraws:
        """Say what the draws made so far tell."""
        plan = self.plan
        return RankDraws(
            communities=plan.columns.communities,
            nominal=plan.scoring.ranking.ranks,
            tally=self.tally,
            bins=rank_bins(plan.n_communities),
            children=plan.children,
            seed=plan.seed,
            confidence={},
            interrupted=self.interrupted,
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
        counted = first_draws(plan, block, n_draws - block * plan.block)
        drawn = draw_normalised(plan, block)
        found = {}
        for row, fixed in candidates.items():
            scores, _ = score_nodes(plan, *drawn, block, fixed=fixed)
            scores = take_draws(scores, counted)
            best = scores.max(axis=0)
            first = scores[row] == best
            tied = (scores[:, first] == best[first]).sum(axis=0)
            found[row] = int((UNIT // tied).sum())
        return found

    sums = dict.fromkeys(candidates, 0)
    blocks = range(-(-n_draws // plan.block))
    for found in on_cores(one, blocks, jobs):
        for row, parts in found.items():
            sums[row] += parts
    return {plan.columns.communities[row]: parts / (UNIT * n_draws) for row, parts in sums.items()}
