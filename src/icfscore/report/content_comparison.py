"""Two communities side by side: where they differ, by how much, and what that adds up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT, Indicator
from icfscore.pipeline.decomposition import Decomposition, decompose
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.reversal import Reversal, find_reversal
from icfscore.pipeline.score import Scoring
from icfscore.report.content_evidence import Evidence, evidence_of
from icfscore.report.content_field import scored_children
from icfscore.report.content_readings import Reading, References, cite, read_indicator
from icfscore.report.content_standing import Standing, standing_of
from icfscore.report.content_uncertainty import share_ahead, told_apart


@dataclass(frozen=True, slots=True)
class ComparedNode:
    """Two places on one node.

    Attributes
    ----------
    contribution
        What its difference adds to the difference of the whole; None where that cannot be told.
    """

    left: Standing
    right: Standing
    contribution: float | None

    @property
    def difference(self) -> float | None:
        """Left score minus right score."""
        return self.left.distance_to(self.right.score)

    @property
    def lead(self) -> int | None:
        """1 where the left score is higher, -1 where the right is, 0 where they are equal."""
        return None if self.difference is None else int(np.sign(self.difference))


@dataclass(frozen=True, slots=True)
class ComparedIndicator:
    """Two values of one indicator.

    Attributes
    ----------
    contribution
        What it adds to the difference of the whole; None where it is not scored, or where that
        cannot be told.
    """

    left: Reading
    right: Reading
    contribution: float | None

    @property
    def difference(self) -> float | None:
        """Left value minus right value, in the indicator's unit."""
        if self.left.value is None or self.right.value is None:
            return None
        return self.left.value - self.right.value

    @property
    def lead(self) -> int | None:
        """1 where the left value is the better one, -1 where the right is, 0 where they are equal.

        None where one is missing.
        """
        difference = self.difference
        if difference is None:
            return None
        return int(np.sign(difference) * self.left.indicator.sign)

    @property
    def shared(self) -> bool:
        """Whether both are one and the same observation, inherited from one area."""
        return self.left.observed and self.left.observation is self.right.observation


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """A node with the indicators that hang under it."""

    node: str
    indicators: tuple[ComparedIndicator, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a comparison says of two communities.

    Attributes
    ----------
    share_ahead
        Share of the draws in which the left one is ahead, ties counting half; None without draws.
    n_both_own
        Number of scored indicators of which both have a value of their own.
    n_decided, n_left, n_right
        Scored indicators of which both have a value, and on how many of these each is ahead.
    """

    left: str
    right: str
    overall: ComparedNode
    share_ahead: float | None
    nodes: tuple[ComparedNode, ...]
    sections: tuple[ComparedSection, ...]
    left_evidence: Evidence
    right_evidence: Evidence
    n_both_own: int
    n_both: int
    n_left: int
    n_right: int
    decomposition: Decomposition
    reversal: Reversal
    references: References

    @property
    def by_contribution(self) -> tuple[ComparedIndicator, ...]:
        """The indicators of which both have a value, what counts most first."""
        pairs = [pair for section in self.sections for pair in section.indicators]
        counted = [pair for pair in pairs if pair.contribution and pair.lead is not None]
        return tuple(sorted(counted, key=lambda pair: -abs(pair.contribution or 0.0)))

    @property
    def told_apart(self) -> bool:
        """Whether the draws tell the two apart."""
        return self.share_ahead is not None and told_apart(self.share_ahead)


def compare(
    scoring: Scoring, left: str, right: str, k: int, draws: RankDraws | None = None
) -> Comparison:
    """Compare two communities that have a place."""
    rows = tuple(scoring.ranking.communities.index(name) for name in (left, right))
    found = decompose(scoring, left, right)
    sections = _sections(scoring, left, right, k, found)
    pairs = [pair for section in sections for pair in section.indicators]
    scored = [pair for pair in pairs if pair.left.state == "scored"]
    columns = np.flatnonzero(scoring.screened.scored).tolist()
    return Comparison(
        left=left,
        right=right,
        overall=_compared(scoring, rows, ROOT, k, found),
        share_ahead=share_ahead(draws, left, right),
        nodes=tuple(
            _compared(scoring, rows, child, k, found) for child in scored_children(scoring)
        ),
        sections=sections,
        left_evidence=evidence_of(scoring, rows[:1], columns),
        right_evidence=evidence_of(scoring, rows[1:], columns),
        n_both_own=sum(
            pair.left.observed and pair.right.observed and not (pair.left.proxy or pair.right.proxy)
            for pair in scored
        ),
        n_both=sum(pair.lead is not None for pair in scored),
        n_left=sum(pair.lead == 1 for pair in scored),
        n_right=sum(pair.lead == -1 for pair in scored),
        decomposition=found,
        reversal=find_reversal(scoring, left, right),
        references=cite(
            scoring, (reading for pair in pairs for reading in (pair.left, pair.right))
        ),
    )


def _sections(
    scoring: Scoring, left: str, right: str, k: int, found: Decomposition
) -> tuple[ComparedSection, ...]:
    def pair(indicator: Indicator) -> ComparedIndicator:
        own = read_indicator(scoring, left, indicator, k)
        part = found.contributions.get(indicator.id) if own.state == "scored" else None
        return ComparedIndicator(own, read_indicator(scoring, right, indicator, k), part)

    return tuple(
        ComparedSection(node.id, tuple(pair(indicator) for indicator in node.indicators))
        for node in scoring.project.tree.nodes
        if node.indicators
    )


def _compared(
    scoring: Scoring, rows: tuple[int, ...], identifier: str, k: int, found: Decomposition
) -> ComparedNode:
    left, right = (standing_of(scoring, row, identifier, k) for row in rows)
    return ComparedNode(left, right, found.contributions.get(identifier))
