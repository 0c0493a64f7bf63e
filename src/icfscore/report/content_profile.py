"""One community in full: its place, its values, what sets it apart, and how sure that is.

Decisions. Strengths and weaknesses are told by what each indicator adds to the distance from the
front of the ranking: the mean of the first k communities, itself left out; of all others where no
more than k are ranked. A mean, since the parts of the distance to a mean are the mean parts of the
distances to each, and sum to it exactly. The k-th is the community on the k-th line of the ranking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from icfscore.domain.communities import Fact
from icfscore.pipeline.decomposition import Decomposition, decompose, decompose_from_group
from icfscore.pipeline.focus_draws import FocusDraws
from icfscore.pipeline.means import AgainstMeans, against_means
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.snapshot import Snapshot, snapshot_of
from icfscore.pipeline.worth_measuring import Measuring, worth_measuring
from icfscore.report.content_evidence import CriterionEvidence, evidence_by_criterion
from icfscore.report.content_field import Field, field_of, ranked, scored_children
from icfscore.report.content_focus import Focus, focus_of
from icfscore.report.content_profiled import ProfiledIndicator, profile_indicators
from icfscore.report.content_quality import Quality, quality_of
from icfscore.report.content_readings import cite
from icfscore.report.content_similar import Similar, similar_to
from icfscore.report.content_uncertainty import RankUncertainty, uncertainty_of

MEASURED = 3  # values that are recommended to be measured


@dataclass(frozen=True, slots=True)
class Front:
    """The communities whose mean score a profile is held against.

    Attributes
    ----------
    by_criterion
        The scored children of the root and their parts.
    strengths, weaknesses
        What is observed of it, its own or by proxy, that adds to its score or takes from it,
        beside the front's; what counts most first.
    gaps
        Its missing values with a part: they stand at its mean of the others, or are estimated.
    own, proxies, missing
        Sums of the parts on its own values, on proxies, and on the gaps.
    """

    members: tuple[str, ...]
    decomposition: Decomposition
    by_criterion: tuple[tuple[str, float], ...]
    strengths: tuple[ProfiledIndicator, ...]
    weaknesses: tuple[ProfiledIndicator, ...]
    gaps: tuple[ProfiledIndicator, ...]
    own: float
    proxies: float
    missing: float


@dataclass(frozen=True, slots=True)
class Profile:
    """All that a profile says.

    Attributes
    ----------
    front, leader, kth
        The differences to the front's mean, to the first and to the k-th; None where it is
        that one itself, or there is none.
    evidence
        What each criterion of it rests on.
    intervals
        By criterion the ranks at 5 % and 95 % of the draws; empty without draws.
    measuring
        None without draws.
    means
        None where the settings name no income.
    snapshot
        None unless it stands alone, on scales that no other community moves.
    """

    focus: Focus
    field: Field
    uncertainty: RankUncertainty | None
    k: int
    indicators: tuple[ProfiledIndicator, ...]
    front: Front | None
    leader: Decomposition | None
    kth: Decomposition | None
    similar: Similar
    intervals: Mapping[str, tuple[int, int]]
    measuring: Measuring | None
    facts: tuple[Fact, ...]
    evidence: tuple[CriterionEvidence, ...]
    quality: Quality
    means: AgainstMeans | None
    snapshot: Snapshot | None

    @property
    def kth_place(self) -> bool:
        """Whether more than k communities are ranked, so that the first k are a front."""
        return self.focus.overall.n_ranked > self.k

    @property
    def differences(self) -> tuple[Decomposition, ...]:
        """The differences that are split: from the front, the first and the k-th."""
        front = None if self.front is None else self.front.decomposition
        return tuple(each for each in (front, self.leader, self.kth) if each is not None)

    @property
    def rank_by_community(self) -> Mapping[str, int]:
        """Ranks of all communities."""
        return {row.community: row.rank for row in self.field.rows}

    def interval_of(self, criterion: str) -> tuple[int, int] | None:
        """Give the ranks at 5 % and 95 % of the draws on a criterion."""
        return self.intervals.get(criterion)

    @property
    def profiled(self) -> Mapping[str, ProfiledIndicator]:
        """Its indicators by id."""
        return {each.reading.indicator.id: each for each in self.indicators}

    @property
    def to_measure(self) -> tuple[str, ...]:
        """The indicators whose measurement would narrow the place most, told from chance."""
        found = () if self.measuring is None else self.measuring.values
        return tuple(worth.indicator for worth in found[:MEASURED] if worth.told)


def profile_of(
    scoring: Scoring,
    community: str,
    k: int,
    draws: RankDraws | None = None,
    sample: FocusDraws | None = None,
) -> Profile:
    """Gather what is said of one community that has a place.

    Parameters
    ----------
    draws
        Of all places; None: no intervals.
    sample
        The same draws of this community alone; None: no intervals by criterion, nothing on what to
        measure.
    """
    focus = focus_of(scoring, community, k)
    facts = scoring.project.community_by_id[community].facts
    listed = [key for each in focus.listings for key in each.sources]
    sources = [*listed, *(fact.source for fact in facts)]
    focus = replace(focus, references=cite(scoring, focus.readings, filter(None, sources)))
    order = ranked(scoring)
    others = tuple(name for name in order[:k] if name != community)
    if len(order) <= k:
        others = tuple(name for name in order if name != community)
    parts = decompose_from_group(scoring, community, others) if others else None
    similar = similar_to(scoring, community)
    children = scored_children(scoring)
    indicators = profile_indicators(scoring, focus.readings, similar, parts)
    return Profile(
        focus=focus,
        field=field_of(scoring),
        uncertainty=uncertainty_of(scoring, draws, k),
        k=k,
        indicators=indicators,
        front=None if parts is None else _front(others, parts, indicators, children),
        leader=_against(scoring, community, order, 0),
        kth=_against(scoring, community, order, k - 1) if len(order) > k else None,
        similar=similar,
        intervals={} if sample is None else _intervals(focus, sample),
        measuring=None if sample is None else worth_measuring(sample),
        facts=facts,
        evidence=evidence_by_criterion(
            scoring, children, scoring.ranking.communities.index(community)
        ),
        quality=quality_of(focus.readings, scoring.settings.reference_year),
        means=against_means(scoring, community),
        snapshot=snapshot_of(scoring, community),
    )


def _against(
    scoring: Scoring, community: str, order: Sequence[str], place: int
) -> Decomposition | None:
    return None if order[place] == community else decompose(scoring, community, order[place])


def _intervals(focus: Focus, sample: FocusDraws) -> dict[str, tuple[int, int]]:
    found = {
        standing.identifier: sample.interval(standing.identifier)
        for standing in focus.criteria
        if standing.identifier in sample.ranks
    }
    return {name: interval for name, interval in found.items() if interval is not None}


def _front(
    members: tuple[str, ...],
    parts: Decomposition,
    indicators: Iterable[ProfiledIndicator],
    criteria: Iterable[str],
) -> Front:
    parts_known = [each for each in indicators if each.part is not None]
    seen = [each for each in parts_known if each.reading.observed]
    gaps = [each for each in parts_known if not each.reading.observed]
    return Front(
        members=members,
        decomposition=parts,
        by_criterion=tuple((name, parts.contributions[name] or 0.0) for name in criteria),
        strengths=tuple(sorted((each for each in seen if _part(each) > 0), key=_size)),
        weaknesses=tuple(sorted((each for each in seen if _part(each) < 0), key=_size)),
        gaps=tuple(sorted((each for each in gaps if _part(each)), key=_size)),
        own=sum(_part(each) for each in seen if not each.reading.proxy),
        proxies=sum(_part(each) for each in seen if each.reading.proxy),
        missing=sum(_part(each) for each in gaps),
    )


def _part(each: ProfiledIndicator) -> float:
    return each.part or 0.0


def _size(each: ProfiledIndicator) -> float:
    return -abs(_part(each))
