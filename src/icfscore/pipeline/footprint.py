"""How much memory a process that draws needs, said before it is needed.

A block holds one criterion's values at a time, and counts do not grow with the draws: the peak is
known from the plan. The parts below were measured as the peak resident size of workers
(``benchmarks/scale.py``), and are rounded up: see `docs/explanation/scale.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

from icfscore.methods.rank_counts import ROWS
from icfscore.methods.tally import MAX_PAIRWISE
from icfscore.pipeline.draw_plan import DrawPlan, Part

LARGE = 400 * 2**20  # worth saying before
PROCESS = 220 * 2**20  # Python, NumPy, SciPy, Dask and this package
NUMBER = 8  # bytes
CELL = 5 * NUMBER  # a value, its bounds, its own error, what it errs around
GAP = 10 * NUMBER  # a gap's row, columns, and where its donors are
RANKING = 8  # numbers by community and draw, while a block is ranked and counted
COPIES = 3  # of the plan, while a process receives it from another one


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes that one process needs at most, by what for.

    Attributes
    ----------
    plan
        What all blocks need to know.
    block
        The draws that are worked on.
    counts
        What the draws amount to.
    """

    plan: int
    block: int
    counts: int

    @property
    def worker(self) -> int:
        """Bytes of a worker that is sent the plan."""
        return PROCESS + COPIES * self.plan + self.block + self.counts


def footprint(plan: DrawPlan) -> Footprint:
    """Predict the bytes of a plan, of a block, and of counts."""
    n, draws = plan.n_communities, plan.block
    wide = max(_numbers_at_work(part, plan) for part in plan.parts)
    if plan.varied and (plan.errors is not None or plan.gaps):
        wide += plan.values.shape[1]  # confidence factors: a draw's values, for many weights
    nodes = 2 * len(plan.combinations[0].tree.nodes)  # each once more beside its siblings
    n_bins = int(plan.bins[-1]) + 1
    whole = n * n_bins * (2 if plan.scoring is None or _most(plan) < 2**16 else 4)
    waiting = 2 * n * n_bins
    pairs = NUMBER * n**2 if n <= MAX_PAIRWISE else 0
    children = sum(len(names) for names in plan.children.values())
    return Footprint(
        plan=(NUMBER if plan.errors is None else CELL) * plan.values.size + _gap_bytes(plan),
        block=NUMBER * draws * (n * (wide + nodes + RANKING) + len(plan.gaps)),
        counts=whole + waiting + pairs + NUMBER * n * (children + 4) + NUMBER * ROWS * n_bins,
    )


def _numbers_at_work(part: Part, plan: DrawPlan) -> int:
    """Count the numbers by community and draw that a part needs while it is scored."""
    width = int(part.columns.stop - part.columns.start)
    tables = 1 if plan.errors is not None or plan.gaps else 0
    # Methods without a shortcut make tables of their own.
    plain = all(
        scaling.method.kind == "min_max" and not scaling.pooled
        for combination in plan.combinations
        for scaling in combination.stages[part].scalings
    )
    return width * tables * (1 if plain else 3)


def _gap_bytes(plan: DrawPlan) -> int:
    return sum(part.deck.donors.nbytes for part in plan.parts) + GAP * len(plan.gaps)


def _most(plan: DrawPlan) -> int:
    if plan.scoring is None:
        return 0
    return int(plan.scoring.settings.uncertainty.draws)
