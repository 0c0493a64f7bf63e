"""What a ranking rests on: own values, proxies, gaps, and how alike the definitions are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from icfscore.domain.communities import Observation
from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import COMMUNITY, MISSING, NATIONAL, REGION
from icfscore.errors import InputError
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.nodes import plan_tree, weigh_and_aggregate
from icfscore.pipeline.score import Scoring


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counts of the values that some communities have, or lack, of some scored indicators.

    Attributes
    ----------
    low
        Values of low comparability, proxies included.
    recalled
        Values that could not be read again in their source.
    years
        The first and the last year of the values; None where none is dated.
    """

    own: int
    region: int
    national: int
    missing: int
    low: int
    recalled: int
    years: tuple[int, int] | None

    @property
    def total(self) -> int:
        """All values that there could be."""
        return self.own + self.proxies + self.missing

    @property
    def proxies(self) -> int:
        """Values that are a region's or a country's."""
        return self.region + self.national

    def share(self, count: int) -> float:
        """Give a count as a share of all values that there could be."""
        return count / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class CriterionEvidence:
    """What one criterion rests on.

    Attributes
    ----------
    focus
        The same for the focus alone; None without one.
    on_proxies
        Number of communities of whose values more than half are proxies.
    """

    identifier: str
    all: Evidence
    focus: Evidence | None
    on_proxies: int


@dataclass(frozen=True, slots=True)
class NationalIndicator:
    """A scored indicator, and for how many communities the country's value stands in."""

    identifier: str
    national: int
    present: int


@dataclass(frozen=True, slots=True)
class DataGap:
    """The value a community lacks of its own that its score could move by most.

    Scores and ranks are those it would have if its value were as bad as the worst and as good as
    the best of the others', the scale and everything else unchanged.
    """

    identifier: str
    missing: bool
    worst_rank: int
    best_rank: int
    worst_score: float
    best_score: float


def evidence_of(scoring: Scoring, rows: Sequence[int], columns: Sequence[int]) -> Evidence:
    """Count what some communities have of some indicators."""
    kept = scoring.screened.observed
    grid = np.ix_(rows, columns)
    levels = kept.level[grid]
    cells: list[Observation | None] = kept.observations[grid].ravel().tolist()
    known = [each for each in cells if each is not None]
    years = [each.year for each in known if each.year is not None]
    return Evidence(
        own=int((levels == COMMUNITY).sum()),
        region=int((levels == REGION).sum()),
        national=int((levels == NATIONAL).sum()),
        missing=int((levels == MISSING).sum()),
        low=sum(each.comparability == "low" for each in known),
        recalled=sum(each.status == "recalled" for each in known),
        years=(min(years), max(years)) if years else None,
    )


def evidence_by_criterion(
    scoring: Scoring, children: Sequence[str], focus: int | None
) -> tuple[CriterionEvidence, ...]:
    """Count what each child of the root rests on."""
    rows = range(len(scoring.ranking.communities))
    found = []
    for child in children:
        columns = scoring.columns_below(child)
        found.append(
            CriterionEvidence(
                identifier=child,
                all=evidence_of(scoring, rows, columns),
                focus=None if focus is None else evidence_of(scoring, [focus], columns),
                on_proxies=int(scoring.rests_on_proxies(child).sum()),
            )
        )
    return tuple(found)


def national_indicators(scoring: Scoring) -> tuple[NationalIndicator, ...]:
    """List the scored indicators whose values are mostly the countries'."""
    kept = scoring.screened.observed
    found = []
    for column in np.flatnonzero(scoring.screened.scored):
        levels = kept.level[:, column]
        national, present = int((levels == NATIONAL).sum()), int((levels != MISSING).sum())
        if national > present / 2:
            found.append(NationalIndicator(kept.indicators[column], national, present))
    return tuple(found)


def widest_gap(scoring: Scoring, row: int) -> DataGap | None:
    """Find the missing value or proxy that a community's score depends on most.

    None where all its values are its own, or none of them can move its score.
    """
    levels = scoring.screened.observed.level[row]
    gaps = [
        gap
        for column in np.flatnonzero(scoring.screened.scored & (levels != COMMUNITY))
        if (gap := _swing(scoring, row, int(column))) is not None
    ]
    gaps = [gap for gap in gaps if gap.best_score > gap.worst_score]
    # Equal swings (to the ninth decimal) keep the framework's order.
    return max(gaps, key=lambda gap: round(gap.best_score - gap.worst_score, 9), default=None)


def _swing(scoring: Scoring, row: int, column: int) -> DataGap | None:
    """Score a community at the worst and at the best of the others' values of an indicator."""
    kept, settings = scoring.screened.observed, scoring.settings
    others = np.delete(scoring.normalised[:, column], row)
    if np.isnan(others).all():
        return None
    tried = np.repeat(scoring.normalised[np.newaxis], 2, axis=0)
    tried[:, row, column] = np.nanmin(others), np.nanmax(others)
    tree = scoring.project.tree
    plan = plan_tree(
        tree, tree.weights(settings.weights), settings.recipe, kept.communities, kept.indicators
    )
    try:
        scores, _ = weigh_and_aggregate(tried, plan)
    except InputError:  # the recipe is not defined there: nothing can be said
        return None
    worst, best = scores[ROOT]
    if np.isnan((worst[row], best[row])).any():
        return None
    return DataGap(
        identifier=kept.indicators[column],
        missing=bool(kept.level[row, column] == MISSING),
        worst_rank=int(rank_descending(worst)[row]),
        best_rank=int(rank_descending(best)[row]),
        worst_score=float(worst[row]),
        best_score=float(best[row]),
    )
