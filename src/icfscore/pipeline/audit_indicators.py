"""The audit, indicator by indicator: what it rests on and how its values lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import COMMUNITY, MISSING, NATIONAL, REGION, Floats
from icfscore.methods.audit import Distribution, Measure, describe, pearson
from icfscore.pipeline.score import Scoring


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many values, communities times indicators, are of which kind.

    Attributes
    ----------
    own, region, national, missing
        By level; together all there could be.
    low
        Values present whose definition compares poorly with the others'.
    mostly_national, mostly_proxies
        Communities more than half of whose present values are national, or are proxies.
    """

    own: int
    region: int
    national: int
    missing: int
    low: int
    mostly_national: int
    mostly_proxies: int

    @property
    def present(self) -> int:
        """Values that are known."""
        return self.own + self.region + self.national

    @property
    def total(self) -> int:
        """Values that there could be."""
        return self.present + self.missing


@dataclass(frozen=True, slots=True)
class IndicatorAudit:
    """What is told of one scored indicator.

    Attributes
    ----------
    distribution
        Of the values as they are normalised: transformed and treated, natural orientation; imputed
        ones are left out.
    outside, far_outside
        Ids of the communities that the distribution's rows stand for.
    largest_tie
        Communities that share its most frequent value.
    with_criterion
        Correlation of its normalised values with the score of the criterion it belongs to.
    nearest, with_nearest
        The other criterion it correlates with most, and how much; None where there is no other.
    """

    id: str
    node: str
    coverage: Coverage
    distribution: Distribution
    outside: tuple[str, ...]
    far_outside: tuple[str, ...]
    largest_tie: int
    with_criterion: Measure
    nearest: str | None
    with_nearest: Measure | None


def coverage_of(scoring: Scoring, columns: list[int]) -> Coverage:
    """Count the values of some indicators."""
    kept = scoring.screened.observed
    level = kept.level[:, columns]
    low = sum(
        observation is not None and observation.comparability == "low"
        for observation in kept.observations[:, columns].ravel()
    )
    present = (level != MISSING).sum(axis=1)
    return Coverage(
        own=int((level == COMMUNITY).sum()),
        region=int((level == REGION).sum()),
        national=int((level == NATIONAL).sum()),
        missing=int((level == MISSING).sum()),
        low=low,
        mostly_national=int(((level == NATIONAL).sum(axis=1) * 2 > present).sum()),
        mostly_proxies=int(((level > COMMUNITY).sum(axis=1) * 2 > present).sum()),
    )


def normalised_column(scoring: Scoring, column: int) -> Floats:
    """Give an indicator's normalised values (n,), without what imputation filled."""
    values = np.where(scoring.completed.imputed[:, column], np.nan, scoring.normalised[:, column])
    return np.asarray(np.where(np.isfinite(values), values, np.nan))


def audit_indicators(scoring: Scoring) -> tuple[IndicatorAudit, ...]:
    """Audit the scored indicators that screening kept, in the framework's order."""
    return tuple(_audit(scoring, column) for column in scoring.columns_below(ROOT))


def _audit(scoring: Scoring, column: int) -> IndicatorAudit:
    tree, kept = scoring.project.tree, scoring.screened.observed
    identifier = kept.indicators[column]
    imputed = scoring.completed.imputed[:, column]
    values = np.where(imputed, np.nan, scoring.treated.values[:, column])
    told = describe(values)
    criterion = tree.criterion_of(identifier)
    criterion = ROOT if criterion == identifier else criterion
    with_own, nearest, with_nearest = _with_criteria(scoring, column, criterion)
    return IndicatorAudit(
        id=identifier,
        node=tree.parent_by_id[identifier],
        coverage=coverage_of(scoring, [column]),
        distribution=told,
        outside=tuple(kept.communities[row] for row in told.outside),
        far_outside=tuple(kept.communities[row] for row in told.far_outside),
        largest_tie=_largest_tie(values),
        with_criterion=with_own,
        nearest=nearest,
        with_nearest=with_nearest,
    )


def _with_criteria(
    scoring: Scoring, column: int, criterion: str
) -> tuple[Measure, str | None, Measure | None]:
    values = normalised_column(scoring, column)
    own = pearson(values, scoring.scores.of(criterion))
    nearest: str | None = None
    most: Measure | None = None
    for other in scoring.project.tree.root.criteria:
        if other.id == criterion or criterion == ROOT or not scoring.weights[other.id]:
            continue
        found = pearson(values, scoring.scores.of(other.id))
        if found.value is not None and (most is None or found.value > (most.value or -2.0)):
            nearest, most = other.id, found
    return own, nearest, most


def _largest_tie(values: Floats) -> int:
    present = values[~np.isnan(values)]
    return int(np.unique(present, return_counts=True)[1].max()) if present.size else 0
