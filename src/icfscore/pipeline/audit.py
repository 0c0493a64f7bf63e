"""The statistics of a framework: what it rests on, whether it hangs together, what drives it.

Decisions. The audit is of the indicators and communities that screening kept. Everything is told
twice: once of all values, once of the communities' own alone, for a national value that stands in
for several communities is one observation and not several. The second time the whole recipe runs
again without proxies, over the same communities and indicators and without a least coverage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from icfscore.domain.criteria import ROOT
from icfscore.errors import InputError
from icfscore.methods.audit import resample_counts
from icfscore.pipeline.audit_denominators import Denomination, audit_denominators
from icfscore.pipeline.audit_indicators import IndicatorAudit, audit_indicators
from icfscore.pipeline.audit_nodes import NodeAudit, audit_nodes
from icfscore.pipeline.audit_redundancy import Removal, audit_removals
from icfscore.pipeline.blas import one_thread
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Screening
from icfscore.sentences import say

MOST_RESAMPLES = 1000
_MOST_DRAWN = 2_000_000  # communities times resamples
_MOST_CURVES = 300_000  # parts times resamples


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """The statistics of one set of values.

    Attributes
    ----------
    nodes
        From the root down; last, unless the framework is flat, the index over all indicators.
    """

    scoring: Scoring
    indicators: tuple[IndicatorAudit, ...]
    nodes: tuple[NodeAudit, ...]

    @property
    def index(self) -> NodeAudit:
        """The index over its children."""
        return self.nodes[0]

    @property
    def overall(self) -> NodeAudit:
        """The index over all indicators: in a flat framework its children."""
        return self.nodes[-1] if self.nodes[-1].scope.overall else self.nodes[0]


@dataclass(frozen=True, slots=True, eq=False)
class Audit:
    """All that the audit tells.

    Attributes
    ----------
    own
        The same over the communities' own values; None with a reason in `no_own`.
    resamples
        Bootstrap samples of the communities behind the intervals.
    """

    all: Survey
    own: Survey | None
    no_own: str
    denominators: tuple[Denomination, ...]
    removals: tuple[Removal, ...]
    resamples: int
    seed: int


@one_thread()  # its systems are small and many: threads take longer to meet than to solve one
def audit(scoring: Scoring) -> Audit:
    """Audit the framework behind a scoring.

    The bootstrap takes the seed of the uncertainty settings, and as many resamples as there are
    draws, a thousand at the most (with many communities or indicators fewer, but a hundred); 0
    draws: no intervals.
    """
    uncertainty = scoring.settings.uncertainty
    n = len(scoring.ranking.communities)
    most = min(_MOST_DRAWN // n, _MOST_CURVES // len(scoring.columns_below(ROOT)))
    resamples = min(uncertainty.draws, MOST_RESAMPLES, max(most, 100))
    own, no_own = _own_values(scoring)
    return Audit(
        all=_survey(scoring, resamples),
        own=None if own is None else _survey(own, resamples),
        no_own=no_own,
        denominators=audit_denominators(scoring),
        removals=audit_removals(scoring),
        resamples=resamples,
        seed=uncertainty.seed,
    )


def _survey(scoring: Scoring, resamples: int) -> Survey:
    n = len(scoring.ranking.communities)
    counts = resample_counts(n, resamples, scoring.settings.uncertainty.seed)
    return Survey(scoring, audit_indicators(scoring), audit_nodes(scoring, counts))


def _own_values(scoring: Scoring) -> tuple[Scoring | None, str]:
    """Score again without proxies, what screening left out staying out."""
    if not scoring.screened.observed.proxy[:, scoring.screened.scored].any():
        return None, say("all values are the communities' own already")
    settings, kept = scoring.settings, set(scoring.ranking.communities)
    project = replace(
        scoring.project,
        communities=tuple(c for c in scoring.project.communities if c.id in kept),
    )
    recipe = replace(settings.recipe, screening=Screening(0.0, 0.0))
    weights = {**settings.weights, **dict.fromkeys(scoring.screened.left_out, 0.0)}
    try:
        return score(project, replace(settings, proxies=False, recipe=recipe, weights=weights)), ""
    except InputError as error:
        return None, say("without proxies there is no index: {error}", error=error)
