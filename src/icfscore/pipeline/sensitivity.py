"""What drives a rank: shares of its variance by groups of inputs (Sobol' indices).

The inputs are the draws' own factors: each stage with alternatives, the weights at each node, the
errors of each criterion's data, the missing values. Two independent samples A and B of all factors
and, for each factor, A with that factor from B (Saltelli et al. 2010); a factor's random stream is
the same whatever the others do, so that only what it drives changes.

Where every factor is a choice from a list, of a method or of the donors for gaps, and there are
no more than 100,000 combinations, all of them are run and the indices are exact. Every combination
of donors is equally likely, as it is in the draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Literal

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.errors import InputError
from icfscore.methods.sobol import SobolIndices, enumerate_indices, estimate_indices
from icfscore.pipeline.block_designs import MeanRankShift, RankOf, RunDesign, ScoreOf
from icfscore.pipeline.course import Course, Keeper, Progress, describe_run, refuse_fewer
from icfscore.pipeline.draw_groups import group_draws, stream
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.draws import draw_inputs, normalise_inputs, score_nodes
from icfscore.pipeline.engine import Engine, LocalEngine
from icfscore.pipeline.memory import Memory
from icfscore.pipeline.saltelli import Measure
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.uncertainty import check_plain
from icfscore.sentences import joined, say

Output = Literal["focus_rank", "focus_score", "mean_rank_shift"]
MAX_COMBINATIONS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Drivers:
    """Indices of an output by factor.

    Attributes
    ----------
    factors
        Names, in the order of the indices: stages, ``weights.<node>``, ``data.<criterion>``,
        ``missing``.
    n_base
        Size of each of the two samples; 0 where all combinations were run.
    interrupted
        True where the run was stopped before all draws were made.
    """

    output: Output
    factors: tuple[str, ...]
    indices: SobolIndices
    n_base: int
    interrupted: bool = False


def find_drivers(
    scoring: Scoring,
    output: Output,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    engine: Engine | None = None,
    keeper: Keeper | None = None,
) -> Drivers:
    """Estimate the Sobol' indices of an output, or compute them where that is possible.

    Parameters
    ----------
    jobs
        Workers; None: one a processor core. The result does not depend on it.
    progress
        Told how many draws are done and how many there will be.
    engine
        Who draws; None: this machine, by `jobs` workers. The result does not depend on it either.
    keeper
        Keeps the outputs now and then; what it holds of the same run is not run again. Where all
        combinations are enumerated, nothing is kept.

    Raises
    ------
    InputError
        Where the output needs a focus and there is none, where the score is asked for although its
        scale varies, where nothing varies, where what was kept is of another run, or where workers
        are lost.
    """
    measure = measure_of(scoring, output)
    plan = plan_draws(scoring)
    check_plain(plan)
    factors = plan.factors
    if not factors:
        raise InputError.of(say("nothing varies: there is no sensitivity to tell of"))
    levels = _levels(plan)
    if levels is not None:
        found = _enumerate(plan, measure, levels.get("missing", 1))
        return Drivers(output, factors, enumerate_indices(found.reshape(*levels.values())), 0)
    run: Course[Floats, list[Floats]] = Course(
        RunDesign(measure), plan, engine or LocalEngine(jobs), keeper, progress
    )
    run.resume(describe_run(scoring, plan, f"sensitivity --of {output}"))
    wanted = max(scoring.settings.uncertainty.draws, plan.block)
    if run.n_draws > wanted:
        raise refuse_fewer(run.n_draws, wanted)
    run.advance(wanted)
    outputs = np.concatenate(run.summary, axis=1)
    rng = stream(plan.seed, "bootstrap", 0, 0)
    indices = estimate_indices(outputs[0], outputs[1], outputs[2:], rng)
    return Drivers(output, factors, indices, outputs.shape[1], run.interrupted)


def measure_of(scoring: Scoring, output: Output) -> Measure:
    """Build the output: (B,) from scores (n, B)."""
    settings, ids = scoring.settings, scoring.ranking.communities
    if output == "mean_rank_shift":
        return MeanRankShift(scoring.ranking.ranks)
    if settings.focus is None:
        raise InputError.of(
            say("{output} needs a focus", output=output),
            say("give one with --focus, or use --of mean_rank_shift"),
        )
    if settings.focus not in ids:
        raise InputError.of(
            say("the focus '{focus}' is left out: see the warnings", focus=settings.focus)
        )
    row = ids.index(settings.focus)
    if output == "focus_rank":
        return RankOf(row)
    varied = [
        stage
        for stage in ("normalisation", "aggregation")
        if len(settings.uncertainty.alternatives.get(stage, ())) > 1
    ]
    if varied:
        raise InputError.of(
            say(
                "focus_score is no measure where {stages} varies: the scale does too",
                stages=joined(say(" and "), varied),
            ),
            say("use --of focus_rank"),
        )
    return ScoreOf(row)


def _levels(plan: DrawPlan) -> dict[str, int] | None:
    """Count the levels of every factor, where each is a choice from a list and all are few."""
    levels = dict(plan.sizes)
    if plan.gaps:
        levels["missing"] = prod(gap.donors.size for gap in plan.gaps)
    if set(plan.factors) != set(levels) or prod(levels.values()) > MAX_COMBINATIONS:
        return None
    return levels


def _enumerate(plan: DrawPlan, measure: Measure, n_donations: int) -> Floats:
    """Run every combination of methods with every choice of donors: (combinations, donations)."""
    outputs = np.empty((len(plan.combinations), n_donations))
    for row, combination in enumerate(plan.combinations):
        for start in range(0, n_donations, plan.block):
            numbers = np.arange(start, min(start + plan.block, n_donations))
            single = replace(plan, combinations=(combination,), sizes={}, block=numbers.size)
            outputs[row, numbers] = measure(_score_donations(single, numbers))
    return outputs


def _score_donations(plan: DrawPlan, numbers: Ints) -> Floats:
    """Score (n, B) the choices of donors with these numbers, the last gap's donor varying first."""
    groups, memory = group_draws(plan, 0), Memory()
    chance = np.empty((len(plan.gaps), numbers.size))
    for position, gap in reversed(list(enumerate(plan.gaps))):
        numbers, donor = np.divmod(numbers, gap.donors.size)
        chance[position] = (donor + 0.5) / gap.donors.size
    inputs = replace(draw_inputs(plan, 0, lambda _: 0, memory), chance=chance)
    return score_nodes(plan, normalise_inputs(plan, groups, inputs, memory), groups, 0)[0]
