"""What drives a rank: shares of its variance by groups of inputs (Sobol' indices).

The inputs are the draws' own factors: each stage with alternatives, the weights at each node, the
errors of each criterion's data, the missing values. Two independent samples A and B of all factors
and, for each factor, A with that factor from B (Saltelli et al. 2010); a factor's random stream is
the same whatever the others do, so that only what it drives changes.

Where every factor is a choice among methods, all combinations are run and the indices are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from typing import Literal

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.errors import InputError
from icfscore.methods.sobol import SobolIndices, enumerate_indices, estimate_indices
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.drawn_scores import MatrixOf, stream
from icfscore.pipeline.draws import draw_block, draw_normalised, score_nodes
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.uncertainty import Progress, check_plain
from icfscore.pipeline.workers import on_cores
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
    """

    output: Output
    factors: tuple[str, ...]
    indices: SobolIndices
    n_base: int


def find_drivers(
    scoring: Scoring,
    output: Output,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Drivers:
    """Estimate the Sobol' indices of an output, or compute them where that is possible.

    Raises
    ------
    InputError
        Where the output needs a focus and there is none, where the score is asked for although its
        scale varies, or where nothing varies.
    """
    measure = measure_of(scoring, output)
    plan = plan_draws(scoring)
    check_plain(plan)
    factors = plan.factors
    if not factors:
        raise InputError.of(say("nothing varies: there is no sensitivity to tell of"))
    if set(factors) == set(plan.sizes) and prod(plan.sizes.values()) <= MAX_COMBINATIONS:
        grid = _enumerate(plan, measure).reshape(tuple(plan.sizes.values()))
        return Drivers(output, factors, enumerate_indices(grid), 0)
    wanted = max(scoring.settings.uncertainty.draws, plan.block)
    blocks = range(-(-wanted // plan.block))
    done = 0
    parts: dict[int, Floats] = {}

    def numbered(block: int) -> tuple[int, Floats]:
        return block, _saltelli_block(plan, block, measure)

    for block, outputs in on_cores(numbered, blocks, jobs):
        parts[block] = outputs
        done += plan.block
        if progress is not None:
            progress(min(done, wanted), wanted)
    outputs = np.concatenate([parts[block] for block in blocks], axis=1)[:, :wanted]
    rng = stream(plan.seed, "bootstrap", 0, 0)
    indices = estimate_indices(outputs[0], outputs[1], outputs[2:], rng)
    return Drivers(output, factors, indices, wanted)


Measure = Callable[[Floats], Floats]


def measure_of(scoring: Scoring, output: Output) -> Measure:
    """Build the output: (B,) from scores (n, B)."""
    settings, ids = scoring.settings, scoring.ranking.communities
    if output == "mean_rank_shift":
        nominal = scoring.ranking.ranks[:, None]
        return lambda scores: np.abs(best_ranks(scores) - nominal).mean(axis=0)
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
        return lambda scores: (scores > scores[row]).sum(axis=0) + 1.0
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
    return lambda scores: scores[row]


def best_ranks(scores: Floats) -> Ints:
    """Rank scores (n, B) in each draw, ties sharing the best rank."""
    in_order = np.sort(-scores, axis=0)
    ranks = [
        np.searchsorted(in_order[:, draw], -scores[:, draw]) for draw in range(scores.shape[1])
    ]
    return np.stack(ranks, axis=1) + 1


def _saltelli_block(plan: DrawPlan, block: int, measure: Measure) -> Floats:
    """Run one block of the design: outputs (2 + factors, B) of A, B and the mixed samples."""
    first = draw_normalised(plan, block)
    rows = [measure(score_nodes(plan, *first, block)[0])]
    rows.append(measure(draw_block(plan, block, lambda _: 1).scores))
    for factor in plan.factors:
        mixed = _from_b(factor)
        if factor.startswith("weights."):  # the data stay those of A
            scores, _ = score_nodes(plan, *first, block, mixed)
        else:
            scores = draw_block(plan, block, mixed).scores
        rows.append(measure(scores))
    return np.stack(rows)


def _from_b(factor: str) -> MatrixOf:
    return lambda name: int(name == factor)


def _enumerate(plan: DrawPlan, measure: Measure) -> Floats:
    """Run every combination of methods once: outputs in the order of the combinations."""
    outputs = []
    for combination in plan.combinations:
        single = replace(plan, combinations=(combination,), sizes={}, block=1)
        outputs.append(measure(draw_block(single, 0).scores)[0])
    return np.array(outputs, dtype=np.float64)
