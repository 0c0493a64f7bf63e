"""The community that a report is about: its places, strengths, weaknesses, and their origins.

Decisions. A strength is an indicator, or criterion, on which the focus is ahead of at least two
thirds of the others, a weakness one on which it is ahead of one third at most (see
`content_standing`). A criterion's strength rests on few indicators where no more than two of those
below it are strengths themselves: then they are named wherever the strength is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from icfscore.domain.communities import Recognition
from icfscore.domain.criteria import ROOT, Criterion
from icfscore.pipeline.incomes import beside_of
from icfscore.pipeline.score import Scoring
from icfscore.report.content_evidence import DataGap, Evidence, evidence_of, widest_gap
from icfscore.report.content_field import Gap, neighbours, scored_children
from icfscore.report.content_readings import Reading, References, cite, read_indicator
from icfscore.report.content_standing import Standing, standing_of

_FEW = 2


@dataclass(frozen=True, slots=True)
class Section:
    """A node of the framework: the focus's place on it and its own indicators, if it has any."""

    node: str
    depth: int
    standing: Standing | None
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Foundation:
    """A criterion on which the focus stands well because of few indicators.

    Attributes
    ----------
    strong, others
        Readings of its scored indicators that are strengths, and of the rest that have a value.
    """

    criterion: str
    strong: tuple[Reading, ...]
    others: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A published list that names the focus: in which years, ascending, by which sources."""

    list: str
    years: tuple[int, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Focus:
    """The community that the report is about.

    Attributes
    ----------
    above, below
        The differences of score to its neighbours in the ranking.
    """

    community: str
    overall: Standing
    criteria: tuple[Standing, ...]
    above: Gap | None
    below: Gap | None
    sections: tuple[Section, ...]
    strengths: tuple[Reading, ...]
    weaknesses: tuple[Reading, ...]
    foundations: tuple[Foundation, ...]
    evidence: Evidence
    gap: DataGap | None
    listings: tuple[Listing, ...]
    references: References

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All its readings, in the framework's order."""
        return tuple(reading for section in self.sections for reading in section.readings)


def focus_of(scoring: Scoring, community: str, k: int) -> Focus:
    """Gather what is said of one community that has a place."""
    row = scoring.ranking.communities.index(community)
    sections = _sections(scoring, community, row, k)
    readings = [reading for section in sections for reading in section.readings]
    criteria = tuple(standing_of(scoring, row, child, k) for child in scored_children(scoring))
    gaps = neighbours(scoring)
    listings = _listings(scoring.project.community_by_id[community].recognitions)
    columns = np.flatnonzero(scoring.screened.scored).tolist()
    return Focus(
        community=community,
        overall=standing_of(scoring, row, ROOT, k),
        criteria=criteria,
        above=next((gap for gap in gaps if gap.lower == community), None),
        below=next((gap for gap in gaps if gap.upper == community), None),
        sections=sections,
        strengths=_in_band(readings, "upper"),
        weaknesses=_in_band(readings, "lower"),
        foundations=_foundations(scoring, criteria, readings),
        evidence=evidence_of(scoring, [row], columns),
        gap=widest_gap(scoring, row),
        listings=listings,
        references=cite(scoring, readings, (*_sources_of(listings), *_beside(scoring, community))),
    )


def _sources_of(listings: Iterable[Listing]) -> tuple[str, ...]:
    return tuple(key for each in listings for key in each.sources)


def _beside(scoring: Scoring, community: str) -> tuple[str, ...]:
    """List the sources of what is shown beside the community's income."""
    means = scoring.settings.means
    if means is None:
        return ()
    return tuple(each.source for each in beside_of(scoring, means, community))


def _listings(recognitions: Iterable[Recognition]) -> tuple[Listing, ...]:
    """Gather recognitions by list, in the order of their first mention."""
    found: dict[str, list[Recognition]] = {}
    for each in recognitions:
        found.setdefault(each.list, []).append(each)
    return tuple(
        Listing(
            name,
            tuple(sorted({each.year for each in given})),
            tuple(dict.fromkeys(each.source for each in given)),
        )
        for name, given in found.items()
    )


def _sections(scoring: Scoring, community: str, row: int, k: int) -> tuple[Section, ...]:
    tree = scoring.project.tree
    nodes = [node for node in tree.nodes if node.id != ROOT or not node.criteria]
    return tuple(
        Section(
            node=node.id,
            depth=tree.depth_by_id[node.id],
            standing=_node_standing(scoring, row, node, k),
            readings=tuple(
                read_indicator(scoring, community, indicator, k) for indicator in node.indicators
            ),
        )
        for node in nodes
    )


def _node_standing(scoring: Scoring, row: int, node: Criterion, k: int) -> Standing | None:
    return standing_of(scoring, row, node.id, k) if node.id in scoring.scores.nodes else None


def _in_band(readings: list[Reading], band: str) -> tuple[Reading, ...]:
    """List the scored readings in a third of the field, the farthest out first.

    What imputation filled is no strength or weakness: nothing was observed.
    """
    found = [
        (reading.standing.percentile or 0.0, reading)
        for reading in readings
        if reading.observation is not None
        and reading.standing is not None
        and reading.standing.band == band
    ]
    sign = -1 if band == "upper" else 1
    found.sort(key=lambda pair: sign * pair[0])
    return tuple(reading for _, reading in found)


def _foundations(
    scoring: Scoring, criteria: tuple[Standing, ...], readings: list[Reading]
) -> tuple[Foundation, ...]:
    tree, found = scoring.project.tree, []
    for standing in criteria:
        if standing.band != "upper" or standing.identifier not in tree.node_by_id:
            continue
        below = [
            reading
            for reading in readings
            if reading.standing is not None
            and reading.standing.score is not None
            and standing.identifier in tree.ancestors(reading.indicator.id)
        ]
        strong = tuple(r for r in below if r.standing is not None and r.standing.band == "upper")
        if 0 < len(strong) <= _FEW:
            others = tuple(reading for reading in below if reading not in strong)
            found.append(Foundation(standing.identifier, strong, others))
    return tuple(found)
