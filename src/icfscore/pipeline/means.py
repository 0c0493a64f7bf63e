"""What a place of this income would be expected to score, and how far above or below it stands.

Decisions. The score that is compared is taken anew without the income itself and without every
indicator that contains it, all else by the same recipe; else income would be held against itself.
The community in question is left out of the line that says what to expect of it. Income enters with
its logarithm: what counts is by how many per cent places differ. A community whose own income is
not known takes part with its region's or country's, which the content says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from icfscore.domain.communities import Level
from icfscore.domain.criteria import ROOT
from icfscore.domain.means import Means
from icfscore.domain.tables import Bools, Floats
from icfscore.errors import InputError
from icfscore.methods.expectation import (
    MAX_COMMUNITIES,
    expect,
    leave_one_out_residuals,
    theil_sen,
)
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.incomes import (
    Beside,
    Income,
    beside_of,
    income_of,
    incomes_of_areas,
)
from icfscore.pipeline.score import Scoring, score
from icfscore.sentences import say

SHARE = 0.9
FEWEST = 5  # other communities: with fewer a line says nothing


@dataclass(frozen=True, slots=True)
class Expected:
    """One node's score against what the others' lead one to expect.

    Attributes
    ----------
    score, rank
        Without the indicators that contain income; the rank among those that have it and an income.
    expected, interval
        Of a place of this income; interval None with too few others (see `expect`).
    elsewhere
        What would be expected at the incomes of the areas the community lies in, in the order of
        `AgainstMeans.areas`.
    rank_for_means, n
        Rank by how far each community lies above the line of the others, and of how many.
    slope
        Points that go with twice the income.
    """

    node: str
    score: float
    rank: int
    expected: float
    interval: tuple[float, float] | None
    elsewhere: tuple[float, ...]
    rank_for_means: int
    n: int
    slope: float

    @property
    def difference(self) -> float:
        """Points above (or, below 0, beneath) what is expected."""
        return self.score - self.expected

    @property
    def standing(self) -> str:
        """``above``, ``below`` or ``within`` the interval; ``unsure`` without one."""
        if self.interval is None:
            return "unsure"
        low, high = self.interval
        return "above" if self.score > high else "below" if self.score < low else "within"


@dataclass(frozen=True, slots=True)
class AgainstMeans:
    """One community against its means.

    Attributes
    ----------
    without
        Ids of the scored indicators left out of the scores here.
    income
        None where it is not known: then nothing is expected.
    incomes
        Of all communities that take part, by id.
    lowest, highest
        Incomes of the others: a place beyond them is judged by a line drawn out.
    areas
        Ids and incomes of the areas it lies in, where they are not its own already.
    proxies
        Share of the values behind its scores here that are its region's or country's.
    nodes
        The index first, then its children that can be told.
    untold
        Why a child of the index is not among them, by id.
    reason
        Why nothing can be told; empty where something can.
    """

    community: str
    means: Means
    without: tuple[str, ...]
    income: Income | None
    incomes: dict[str, Income]
    lowest: float
    highest: float
    areas: tuple[tuple[str, float], ...]
    proxies: float
    nodes: tuple[Expected, ...]
    untold: dict[str, str]
    beside: tuple[Beside, ...]
    reason: str = ""

    @property
    def extrapolated(self) -> bool:
        """Whether its income lies beyond that of all others."""
        return self.income is not None and self.is_beyond(self.income.value)

    def is_beyond(self, income: float) -> bool:
        """Tell whether an income lies beyond that of all others."""
        return not self.lowest <= income <= self.highest

    def n_at(self, level: Level) -> int:
        """Count the communities whose income is of a level."""
        return sum(income.level == level for income in self.incomes.values())


def against_means(scoring: Scoring, community: str | None = None) -> AgainstMeans | None:
    """Hold a community's scores against what its income leads one to expect.

    Parameters
    ----------
    community
        Its id; None: the focus.

    Returns
    -------
    AgainstMeans or None
        None where the settings name no income, or there is no such community in the ranking.
    """
    means = scoring.settings.means
    community = scoring.settings.focus if community is None else community
    if means is None or community not in scoring.ranking.communities:
        return None
    without = _containing_income(scoring, means)
    incomes = {
        name: income
        for name in scoring.ranking.communities
        if (income := income_of(scoring, means.income, name)) is not None
    }
    bare = AgainstMeans(
        community=community,
        means=means,
        without=without,
        income=incomes.get(community),
        incomes=incomes,
        lowest=min((i.value for n, i in incomes.items() if n != community), default=np.nan),
        highest=max((i.value for n, i in incomes.items() if n != community), default=np.nan),
        areas=incomes_of_areas(scoring, means, community, incomes.get(community)),
        proxies=0.0,
        nodes=(),
        untold={},
        beside=beside_of(scoring, means, community),
    )
    if bare.income is None:
        return replace(bare, reason=say("its income is not known"))
    if any(income.value <= 0 for income in incomes.values()):
        return replace(bare, reason=say("an income is not above 0 and has no logarithm"))
    if len(incomes) > MAX_COMMUNITIES:
        return replace(bare, reason=say("there are more than {n} communities", n=MAX_COMMUNITIES))
    try:
        stripped = _without(scoring, without)
    except InputError as error:
        return replace(bare, reason=str(error))
    if community not in stripped.ranking.communities:
        return replace(bare, reason=say("without these indicators too little is known of it"))
    row = stripped.ranking.communities.index(community)
    return _judge_all(replace(bare, proxies=float(stripped.proxy_share[row])), stripped)


def _containing_income(scoring: Scoring, means: Means) -> tuple[str, ...]:
    """List the scored indicators that contain income, the income itself among them."""
    screened = scoring.screened
    scored = {
        name for name, counts in zip(screened.observed.indicators, screened.scored, strict=True)
        if counts
    }  # fmt: skip
    named = (means.income, *means.without)
    return tuple(name for name in dict.fromkeys(named) if name in scored)


def _without(scoring: Scoring, without: tuple[str, ...]) -> Scoring:
    if not without:
        return scoring
    weights = {**scoring.settings.weights, **dict.fromkeys(without, 0.0)}
    return score(scoring.project, replace(scoring.settings, weights=weights))


def _judge_all(bare: AgainstMeans, stripped: Scoring) -> AgainstMeans:
    told: list[Expected] = []
    untold: dict[str, str] = {}
    for node in (ROOT, *(child.id for child in stripped.project.tree.root.criteria)):
        scores = stripped.scores_on(node)
        found = _judge(bare, stripped, node, scores)
        if isinstance(found, Expected):
            told.append(found)
        else:
            untold[node] = found
    if told and told[0].node == ROOT:
        return replace(bare, nodes=tuple(told), untold=untold)
    return replace(bare, untold=untold, reason=untold.get(ROOT, ""))


def _judge(bare: AgainstMeans, scoring: Scoring, node: str, scores: Floats) -> Expected | str:
    """Judge one node, or say why that cannot be done."""
    communities = scoring.ranking.communities
    known: Bools = ~np.isnan(scores) & np.array([name in bare.incomes for name in communities])
    row = communities.index(bare.community)
    if not known[row]:
        return say("no score")
    names = [name for name, is_known in zip(communities, known, strict=True) if is_known]
    if len(names) <= FEWEST:
        return say("fewer than {n} others have a score and an income", n=FEWEST)
    x = np.log([bare.incomes[name].value for name in names])
    y = scores[known]
    mine = names.index(bare.community)
    others = np.arange(len(names)) != mine
    found = expect(x[others], y[others], float(x[mine]), SHARE)
    if found is None:
        return say("all others have the same income")
    residuals = leave_one_out_residuals(x, y)
    everyone = theil_sen(x, y)
    assert everyone is not None  # noqa: S101 - the others differ in income
    return Expected(
        node=node,
        score=float(y[mine]),
        rank=int(rank_descending(y)[mine]),
        expected=found.expected,
        interval=found.interval,
        elsewhere=tuple(found.line.at(float(np.log(income))) for _, income in bare.areas),
        rank_for_means=int(rank_descending(residuals)[mine]),
        n=len(names),
        slope=found.line.slope * float(np.log(2)),
    )
