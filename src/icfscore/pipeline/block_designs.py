"""What is run in blocks of a sensitivity analysis: outputs of a Saltelli design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.methods.ranked import rank_draws
from icfscore.pipeline.draw_groups import first_draws, take_draws
from icfscore.pipeline.draw_plan import DrawPlan
from icfscore.pipeline.engine import Arrays
from icfscore.pipeline.saltelli import Measure, saltelli_block


def best_ranks(scores: Floats) -> Ints:
    """Rank scores (n, B) in each draw, ties sharing the best rank."""
    return np.asarray(rank_draws(scores).ahead, dtype=np.int64) + 1


@dataclass(frozen=True, slots=True, eq=False)
class MeanRankShift:
    """Mean distance (B,) of all ranks from the nominal ones (n,)."""

    nominal: Ints

    def __call__(self, scores: Floats) -> Floats:
        """Measure scores (n, B)."""
        shift = np.abs(best_ranks(scores) - self.nominal[:, None])
        return np.asarray(shift.mean(axis=0))


@dataclass(frozen=True, slots=True)
class RankOf:
    """Rank (B,) of one row."""

    row: int

    def __call__(self, scores: Floats) -> Floats:
        """Measure scores (n, B)."""
        return np.asarray((scores > scores[self.row]).sum(axis=0) + 1.0)


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """Score (B,) of one row."""

    row: int

    def __call__(self, scores: Floats) -> Floats:
        """Measure scores (n, B)."""
        return np.asarray(scores[self.row])


@dataclass(frozen=True, slots=True, eq=False)
class RunDesign:
    """Runs a Saltelli design; a summary is the blocks' outputs (2 + factors, B) in their order."""

    measure: Measure

    def __call__(self, plan: DrawPlan, block: int, size: int) -> Floats:
        """Run the first draws of a block."""
        return take_draws(saltelli_block(plan, block, self.measure), first_draws(plan, block, size))

    def start(self, plan: DrawPlan) -> list[Floats]:
        """Begin without draws."""
        return []

    def add(self, summary: list[Floats], part: Floats) -> None:
        """Add a block."""
        summary.append(part)

    def merge(self, summary: list[Floats], later: list[Floats]) -> None:
        """Add the blocks that follow."""
        summary.extend(later)

    def n_draws(self, summary: list[Floats]) -> int:
        """Count the draws."""
        return sum(part.shape[1] for part in summary)

    def arrays(self, summary: list[Floats]) -> dict[str, Ints | Floats]:
        """Put the outputs together: (2 + factors, draws), a single table."""
        return {"outputs": np.concatenate(summary, axis=1) if summary else np.empty((0, 0))}

    def restore(self, plan: DrawPlan, arrays: Arrays) -> list[Floats]:
        """Take the outputs as one block.

        Raises
        ------
        ValueError
            Where they are not of this design.
        """
        if arrays.keys() != {"outputs"}:
            raise ValueError(sorted(arrays))
        outputs = np.array(arrays["outputs"], dtype=np.float64)
        if outputs.shape == (0, 0):
            return []
        if outputs.ndim != 2 or len(outputs) != 2 + len(plan.factors) or not outputs.size:
            raise ValueError(outputs.shape)
        if not np.isfinite(outputs).all():
            raise ValueError(outputs)
        return [outputs]
