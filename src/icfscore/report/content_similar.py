"""Who is like a community: of its own groups, and nearest in profile.

Decision. The distance of two profiles is the root of the weighted mean square of their differences
over the scored indicators that both have, each as a share of the field's range on it and weighted
as in the index. It is told where these indicators make up half of the weight at least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.pipeline.score import Scoring
from icfscore.report.content_field import ranked

NEAREST = 3
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Group:
    """The other ranked communities of one of a community's groups."""

    grouping: str
    group: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A community near in profile; its distance is 0 for equals, 1 for opposites."""

    community: str
    distance: float


@dataclass(frozen=True, slots=True)
class Similar:
    """The communities that are like one."""

    groups: tuple[Group, ...]
    nearest: tuple[Neighbour, ...]


def similar_to(scoring: Scoring, community: str) -> Similar:
    """Find the ranked communities of the same groups and the nearest in profile."""
    others = [name for name in ranked(scoring) if name != community]
    entities = scoring.project.community_by_id
    groups = tuple(
        Group(
            grouping,
            group,
            tuple(name for name in others if entities[name].groups.get(grouping) == group),
        )
        for grouping, group in entities[community].groups.items()
    )
    distances = profile_distances(scoring, community)
    rows = {name: row for row, name in enumerate(scoring.ranking.communities)}
    near = sorted(
        (name for name in others if not np.isnan(distances[rows[name]])),
        key=lambda name: distances[rows[name]],
    )
    return Similar(
        tuple(group for group in groups if group.members),
        tuple(Neighbour(name, float(distances[rows[name]])) for name in near[:NEAREST]),
    )


def profile_distances(scoring: Scoring, community: str) -> Floats:
    """Measure how far communities (n,) are from one over all scored indicators; NaN: unknown."""
    indicators, scored = scoring.screened.observed.indicators, scoring.screened.scored
    names = [name for name, on in zip(indicators, scored, strict=True) if on]
    w = np.array([effective_weight(scoring, name) for name in names])
    x = scoring.normalised[:, scored]
    with np.errstate(invalid="ignore", divide="ignore"):
        width = np.fmax.reduce(x, axis=0) - np.fmin.reduce(x, axis=0)
        apart = x - x[scoring.ranking.communities.index(community)]
        apart = np.where(width > 0, apart / width, apart)
        both = np.where(np.isnan(apart), 0.0, w)
        squares = np.nansum(both * apart**2, axis=1) / both.sum(axis=1)
    enough = both.sum(axis=1) >= _ENOUGH * w.sum()
    return np.where(enough, np.sqrt(squares), np.nan)


def effective_weight(scoring: Scoring, identifier: str) -> float:
    """Give the share of the whole index that a node or indicator has."""
    path = (identifier, *scoring.project.tree.ancestors(identifier))
    return float(np.prod([scoring.weights[name] for name in path if name != ROOT]))
