"""What is counted in blocks of draws: ranks, and who would be first with its central weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.methods.rank_counts import UNIT
from icfscore.methods.tally import Counted, Tally, count_draws
from icfscore.pipeline.draw_groups import first_draws, take_draws
from icfscore.pipeline.draw_plan import DrawPlan
from icfscore.pipeline.draws import draw_block, draw_normalised, score_nodes
from icfscore.pipeline.engine import Arrays


@dataclass(frozen=True, slots=True, eq=False)
class CountRanks:
    """Counts the ranks of every community.

    Attributes
    ----------
    nominal
        (n,) ranks under the plain recipe.
    """

    nominal: Ints

    def __call__(self, plan: DrawPlan, block: int, size: int) -> Counted:
        """Draw and count the first draws of a block."""
        drawn = draw_block(plan, block)
        counted = first_draws(plan, block, size)
        scores = take_draws(drawn.scores, counted)
        weights = {node: take_draws(w, counted) for node, w in drawn.weights.items()}
        return count_draws(scores, weights, plan.bins, self.nominal)

    def start(self, plan: DrawPlan) -> Tally:
        """Begin without draws."""
        children = {node: len(names) for node, names in plan.children.items()}
        return Tally.start(plan.bins, children)

    def add(self, summary: Tally, part: Counted) -> None:
        """Add a block."""
        summary.add(part)

    def merge(self, summary: Tally, later: Tally) -> None:
        """Add other draws."""
        summary.merge(later)

    def n_draws(self, summary: Tally) -> int:
        """Count the draws."""
        return summary.n_draws

    def arrays(self, summary: Tally) -> dict[str, Ints | Floats]:
        """Lay the counts out by name."""
        return dict(summary.arrays())

    def restore(self, plan: DrawPlan, arrays: Arrays) -> Tally:
        """Make a tally of the counts by name.

        Raises
        ------
        ValueError
            Where they are not such counts.
        """
        tally = self.start(plan)
        tally.restore(arrays)
        return tally


@dataclass(frozen=True, slots=True, eq=False)
class CountFirsts:
    """Counts in how many draws each community is first when its central weights hold.

    Ties for the first place count 1/m for each of the m tied. A summary is the number of draws,
    then the parts of draws by community.

    Attributes
    ----------
    central
        By row of the community, its central weights (c,) by node.
    """

    central: Mapping[int, Mapping[str, Floats]]

    def __call__(self, plan: DrawPlan, block: int, size: int) -> Ints:
        """Count in the first draws of a block."""
        counted = first_draws(plan, block, size)
        drawn = draw_normalised(plan, block)
        found = np.zeros(1 + len(self.central), dtype=np.int64)
        for place, (row, fixed) in enumerate(self.central.items(), start=1):
            scores, _ = score_nodes(plan, *drawn, block, fixed=fixed)
            scores = take_draws(scores, counted)
            best = scores.max(axis=0)
            first = scores[row] == best
            tied = (scores[:, first] == best[first]).sum(axis=0)
            found[place] = (UNIT // tied).sum()
            found[0] = scores.shape[1]
        return found

    def start(self, plan: DrawPlan) -> Ints:
        """Begin without draws."""
        return np.zeros(1 + len(self.central), dtype=np.int64)

    def add(self, summary: Ints, part: Ints) -> None:
        """Add a block, or other blocks."""
        summary += part

    merge = add

    def n_draws(self, summary: Ints) -> int:
        """Count the draws."""
        return int(summary[0])

    def arrays(self, summary: Ints) -> dict[str, Ints | Floats]:
        """Give the sums by their only name."""
        return {"parts": summary}

    def restore(self, plan: DrawPlan, arrays: Arrays) -> Ints:
        """Take the sums."""
        return np.array(arrays["parts"], dtype=np.int64)
