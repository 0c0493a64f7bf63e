"""The whole field: every community's line, what was left out, and what it all rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import COMMUNITY, NATIONAL, REGION
from icfscore.pipeline.score import Scoring
from icfscore.report.content_evidence import (
    CriterionEvidence,
    Evidence,
    NationalIndicator,
    evidence_by_criterion,
    evidence_of,
    national_indicators,
)
from icfscore.report.content_standing import number_or_none

_N_CLOSE = 3
# Aggregations whose result lies between the lowest and the highest of what goes in.
_MEANS = {"arithmetic", "geometric", "harmonic", "power_mean", "median", "ordered_weighted"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ranking.

    Attributes
    ----------
    criteria
        By criterion in the order of `Field.criteria` the score, and whether it rests on proxies.
    own, proxies, missing
        Shares of the scored indicators; what was estimated counts as missing.
    """

    community: str
    rank: int
    score: float
    criteria: tuple[tuple[float | None, bool], ...]
    own: float
    proxies: float
    missing: float


@dataclass(frozen=True, slots=True)
class Gap:
    """The difference of score between two neighbours of the ranking."""

    upper: str
    lower: str
    points: float


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What screening left out: with how many values of how many that there could be."""

    identifier: str
    n_present: int
    n_possible: int


@dataclass(frozen=True, slots=True)
class Field:
    """All communities together.

    Attributes
    ----------
    criteria
        Ids of the scored children of the root.
    closest
        The smallest differences between neighbours, smallest first.
    without_score
        Communities that take part and have no score.
    scale
        Scores of a community that is the worst, and the best, of the field on every indicator;
        None where the recipe has no such scores.
    n_indicators, n_unmovable
        Scored indicators, and those of them that no community can move itself.
    """

    criteria: tuple[str, ...]
    rows: tuple[Row, ...]
    median: float | None
    closest: tuple[Gap, ...]
    without_score: tuple[str, ...]
    excluded: tuple[Exclusion, ...]
    left_out: tuple[Exclusion, ...]
    unscored: tuple[str, ...]
    scale: tuple[float, float] | None
    n_indicators: int
    n_unmovable: int
    evidence: Evidence
    by_criterion: tuple[CriterionEvidence, ...]
    national: tuple[NationalIndicator, ...]


def ranked(scoring: Scoring) -> tuple[str, ...]:
    """List the communities that have a place, best first."""
    return tuple(scoring.ranking.communities[row] for row in scoring.ranking.order)


def scored_children(scoring: Scoring) -> tuple[str, ...]:
    """List the children of the root that count."""
    children = scoring.project.tree.root.children
    return tuple(child.id for child in children if scoring.weights[child.id] > 0)


def ranking_rows(scoring: Scoring) -> tuple[Row, ...]:
    """List the lines of the ranking, best first."""
    ranking, children = scoring.ranking, scored_children(scoring)
    scores = {child: scoring.scores_on(child) for child in children}
    on_proxies = {child: scoring.rests_on_proxies(child) for child in children}
    own = scoring.coverage_at(COMMUNITY)
    proxies = scoring.coverage_at(REGION) + scoring.coverage_at(NATIONAL)
    return tuple(
        Row(
            community=ranking.communities[row],
            rank=int(ranking.ranks[row]),
            score=float(ranking.scores[row]),
            criteria=tuple(
                (number_or_none(scores[child][row]), bool(on_proxies[child][row]))
                for child in children
            ),
            own=float(own[row]),
            proxies=float(proxies[row]),
            missing=float(1 - scoring.coverage[row]),
        )
        for row in ranking.order
    )


def field_of(scoring: Scoring) -> Field:
    """Gather what is said of all communities together."""
    tree, screened, ranking = scoring.project.tree, scoring.screened, scoring.ranking
    indicators = {indicator.id: indicator for indicator in tree.indicators}
    scored = [
        name for name, on in zip(screened.observed.indicators, screened.scored, strict=True) if on
    ]
    rows = range(len(ranking.communities))
    present = ranking.scores[~np.isnan(ranking.scores)]
    return Field(
        criteria=scored_children(scoring),
        rows=ranking_rows(scoring),
        median=float(np.median(present)) if present.size else None,
        closest=tuple(sorted(neighbours(scoring), key=lambda gap: gap.points)[:_N_CLOSE]),
        without_score=tuple(ranking.communities[row] for row in rows if not ranking.ranks[row]),
        excluded=_excluded(scoring),
        left_out=_left_out(scoring),
        unscored=tuple(name for name in screened.observed.indicators if name not in scored),
        scale=shared_scale(scoring),
        n_indicators=len(scored),
        n_unmovable=sum(indicators[name].lever == "none" for name in scored),
        evidence=evidence_of(scoring, rows, np.flatnonzero(screened.scored).tolist()),
        by_criterion=evidence_by_criterion(
            scoring, scored_children(scoring), _row(scoring, scoring.settings.focus)
        ),
        national=national_indicators(scoring),
    )


def _row(scoring: Scoring, community: str | None) -> int | None:
    return scoring.ranking.communities.index(community) if community in ranked(scoring) else None


def neighbours(scoring: Scoring) -> list[Gap]:
    """List the differences between neighbours of the ranking, from the top down."""
    ranking = scoring.ranking
    return [
        Gap(
            ranking.communities[upper],
            ranking.communities[lower],
            float(ranking.scores[upper] - ranking.scores[lower]),
        )
        for upper, lower in zip(ranking.order, ranking.order[1:], strict=False)
    ]


def _excluded(scoring: Scoring) -> tuple[Exclusion, ...]:
    table, screened = scoring.observed, scoring.screened
    kept = zip(screened.observed.indicators, screened.scored, strict=True)
    columns = [table.indicators.index(name) for name, scored in kept if scored]
    return tuple(
        Exclusion(
            name,
            int(table.present[table.communities.index(name), columns].sum()),
            len(columns),
        )
        for name in screened.excluded
    )


def _left_out(scoring: Scoring) -> tuple[Exclusion, ...]:
    table = scoring.observed
    return tuple(
        Exclusion(
            name,
            int(table.present[:, table.indicators.index(name)].sum()),
            len(table.communities),
        )
        for name in scoring.screened.left_out
    )


def shared_scale(scoring: Scoring) -> tuple[float, float] | None:
    """Find the range that all scored indicators share, where the aggregations keep it.

    Returns
    -------
    tuple of float or None
        The lowest and the highest score there can be; None where indicators differ in theirs, or an
        aggregation leaves it.
    """
    methods = scoring.settings.recipe.aggregation.methods()
    columns = scoring.normalised[:, scoring.screened.scored]
    if any(method.kind not in _MEANS for method in methods) or np.isnan(columns).all(axis=0).any():
        return None
    low, high = np.nanmin(columns, axis=0), np.nanmax(columns, axis=0)
    shared = np.allclose(low, low[0]) and np.allclose(high, high[0]) and high[0] > low[0]
    return (float(low[0]), float(high[0])) if shared else None
