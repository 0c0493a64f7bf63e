"""One community in every draw: its drawn values, and its ranks on the index and the criteria.

The draws are the first of those that `uncertainty.draw_ranks` counts, so that what is said of
single values and of criteria belongs to the same draws as the interval of the rank.

Decisions. Tied communities share the middle of the ranks they occupy, as in the mean rank. Where
indicators hang under the root itself, the ranks on them are those of the drawn values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.draw_sample import DrawSample, draw_sample
from icfscore.pipeline.score import Scoring

MOST_CELLS = 40_000_000  # numbers kept at once, a third of a gigabyte: fewer draws beyond it


@dataclass(frozen=True, slots=True, eq=False)
class FocusDraws:
    """What the draws hold of one community.

    Attributes
    ----------
    ranks
        By node, the root and its scored children, the rank (B,) in each draw; NaN in draws without
        a score.
    values
        By scored indicator the value (B,) in each draw, in its unit; without those that have none.
    together
        By missing indicator the others that the same donor fills.
    """

    community: str
    ranks: Mapping[str, Floats]
    values: Mapping[str, Floats]
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return len(self.ranks[ROOT])

    def interval(self, node: str, low: float = 0.05, high: float = 0.95) -> tuple[int, int] | None:
        """Give the attained ranks at two shares of the draws; None without any score."""
        ranks = self.ranks[node]
        ranks = ranks[~np.isnan(ranks)]
        if not ranks.size:
            return None
        ends = np.quantile(ranks, (low, high), method="inverted_cdf")
        return int(np.floor(ends[0])), int(np.ceil(ends[1]))


def draw_focus(
    scoring: Scoring, community: str, n_draws: int, jobs: int | None = None
) -> FocusDraws:
    """Draw, and keep what belongs to one community.

    Parameters
    ----------
    n_draws
        How many of the settings' draws; fewer are made where so many would not fit into memory.

    Raises
    ------
    InputError
        Where a draw meets values that a method is not defined for.
    """
    return next(draw_each(scoring, [community], n_draws, jobs))


def draw_each(
    scoring: Scoring, communities: Iterable[str], n_draws: int, jobs: int | None = None
) -> Iterator[FocusDraws]:
    """Draw once, and hand out what belongs to each of these communities, one after the other.

    Parameters and errors are those of `draw_focus`.
    """
    cells = scoring.screened.observed.values.size + scoring.scores.values.size
    sample = draw_sample(scoring, max(1, min(n_draws, MOST_CELLS // cells)), jobs=jobs)
    plan = plan_draws(scoring)
    for community in communities:
        row = sample.communities.index(community)
        yield FocusDraws(
            community,
            _ranks_by_node(scoring, sample, row),
            {
                name: np.array(x)
                for name, x in zip(sample.indicators, sample.values[:, row].T, strict=True)
                if not np.isnan(x).any()
            },
            _together(plan, row),
        )


def _ranks_by_node(scoring: Scoring, sample: DrawSample, row: int) -> dict[str, Floats]:
    tree = scoring.project.tree
    sign = {indicator.id: indicator.sign for indicator in tree.indicators}
    ranks = {}
    for node in (ROOT, *(child.id for child in tree.root.children)):
        if node in sample.nodes:
            ranks[node] = _ranks_of(sample.of_node(node), row)
        elif node in sample.indicators:
            drawn = sample.values[..., sample.indicators.index(node)]
            ranks[node] = _ranks_of(sign[node] * drawn, row)
    return ranks


def _together(plan: DrawPlan, row: int) -> dict[str, tuple[str, ...]]:
    names = [indicator.id for indicator in plan.columns.indicators]
    found = {}
    for gap in plan.gaps:
        filled = [names[column] for column in gap.columns] if gap.row == row else []
        found.update({name: tuple(n for n in filled if n != name) for name in filled})
    return found


def _ranks_of(scores: Floats, row: int) -> Floats:
    """Rank one community by scores (d, n) in each draw; ties share the middle of their ranks."""
    own = scores[:, row]
    above = (scores > own[:, None]).sum(axis=1)
    level = (scores == own[:, None]).sum(axis=1)
    return np.where(np.isnan(own), np.nan, above + (level + 1) / 2)
