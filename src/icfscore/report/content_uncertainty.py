"""How sure the places are: rank intervals, tiers, and what was varied to find them.

Decisions. Two communities are told apart where one is ahead of the other in at least 90 % of the
draws. Tiers follow the ranking: walking down, a new one begins at the first community that one of
the tier is ahead of in so many draws. So no community of a tier is told apart from one below it in
the tier, while neighbours across a border may be as close: not being told apart is not transitive,
and no tiers could make it so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.methods.perturb import DirichletWeights, FixedWeights, HotDeck, PedigreeData
from icfscore.methods.perturb.data import AGE, COMPARABILITY, LEVEL, STATUS
from icfscore.methods.perturb.scatter import FLOOR
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.recipe import STAGES
from icfscore.report.content_recipe import Step, step_of, steps_of_stage

TOLD_APART = 0.9
SHIFTED = 2  # places between nominal and median rank that are worth telling


@dataclass(frozen=True, slots=True)
class Place:
    """Where a community's rank lies over the draws.

    Attributes
    ----------
    low, high
        Ranks at 5 % and 95 % of the draws.
    top
        Share of the draws within the first k; None unless more than k are ranked.
    tier
        Number from 1; None where pairs were not counted.
    """

    community: str
    nominal: int
    median: int
    low: int
    high: int
    top: float | None
    tier: int | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The share of the draws in which one community is ahead of another, ties counting half."""

    ahead: str
    behind: str
    share: float


@dataclass(frozen=True, slots=True)
class Factors:
    """Geometric standard deviations by value of one property of an observation.

    Attributes
    ----------
    name
        basic, status, age, comparability or level.
    values
        Names as files give them; of `age` the largest number of years, None for more.
    """

    name: str
    values: tuple[tuple[str | int | None, float], ...]


@dataclass(frozen=True, slots=True)
class RankUncertainty:
    """What draws say of all places.

    Attributes
    ----------
    largest_error
        Largest Monte Carlo standard error of all shares of draws.
    exact_ranks, rank_error
        Ranks counted one by one, and by how many others may be off: 0 where all are.
    tiers
        Best first; empty where pairs were not counted.
    borders
        For each tier but the first, the clearest lead over its first community.
    undecided
        The communities that the focus is not told apart from, the focus ahead.
    shifted
        Those whose median rank is `SHIFTED` places or more from their rank.
    varied
        Methods that vary weights, values and gaps, then the alternatives by stage.
    typical
        A weight of the root's children, and its standard deviation; None but for Dirichlet.
    factors
        Of the pedigree; empty where errors follow from something else.
    floor
        How far a value at an end of its range errs, as a share of the range.
    fills_gaps
        Whether values that the ranking leaves missing were filled in.
    """

    n_draws: int
    seed: int
    interrupted: bool
    largest_error: float
    exact_ranks: int
    rank_error: int
    places: Mapping[str, Place]
    tiers: tuple[tuple[str, ...], ...]
    borders: tuple[Pair, ...]
    undecided: tuple[Pair, ...]
    shifted: tuple[Place, ...]
    varied: tuple[Step, ...]
    typical: tuple[float, float] | None
    factors: tuple[Factors, ...]
    floor: float
    fills_gaps: bool

    @property
    def alternatives(self) -> tuple[Step, ...]:
        """The methods of the recipe's stages that took turns."""
        return tuple(step for step in self.varied if step.stage in STAGES)


def uncertainty_of(scoring: Scoring, draws: RankDraws | None, k: int) -> RankUncertainty | None:
    """Gather what draws say; None without draws, or with nothing to rank."""
    order = list(scoring.ranking.order)
    if draws is None or len(order) < 2:
        return None
    tiers, borders = _tiers(order, draws)
    uncertainty = scoring.settings.uncertainty
    places = _places(draws, order, tiers, k)
    return RankUncertainty(
        n_draws=draws.n_draws,
        seed=draws.seed,
        interrupted=draws.interrupted,
        largest_error=draws.largest_error,
        exact_ranks=draws.exact_ranks,
        rank_error=draws.rank_error,
        places=places,
        tiers=tiers,
        borders=borders,
        undecided=_undecided(order, draws, scoring.settings.focus),
        shifted=tuple(
            place for place in places.values() if abs(place.median - place.nominal) >= SHIFTED
        ),
        varied=_varied(scoring),
        typical=_typical_weight(scoring),
        factors=_factors(uncertainty.data) if isinstance(uncertainty.data, PedigreeData) else (),
        floor=FLOOR,
        fills_gaps=isinstance(uncertainty.missing, HotDeck) and bool((scoring.coverage < 1).any()),
    )


def share_ahead(draws: RankDraws | None, left: str, right: str) -> float | None:
    """Give the share of the draws in which one community is ahead of another."""
    if draws is None or draws.pairwise is None:
        return None
    rows = draws.communities.index(left), draws.communities.index(right)
    return float(draws.pairwise[rows])


def told_apart(share: float) -> bool:
    """Tell whether so large a share of the draws tells two communities apart."""
    return max(share, 1 - share) >= TOLD_APART


def _places(
    draws: RankDraws, order: list[int], tiers: tuple[tuple[str, ...], ...], k: int
) -> dict[str, Place]:
    tier_of = {name: number for number, tier in enumerate(tiers, start=1) for name in tier}
    median, interval = draws.rank_quantile(0.5), draws.rank_interval
    top: Floats | None = draws.probability_top(k) if k < len(order) and draws.knows_top(k) else None
    return {
        draws.communities[row]: Place(
            community=draws.communities[row],
            nominal=int(draws.nominal[row]),
            median=int(median[row]),
            low=int(interval[row, 0]),
            high=int(interval[row, 1]),
            top=None if top is None else float(top[row]),
            tier=tier_of.get(draws.communities[row]),
        )
        for row in order
    }


def _tiers(
    order: list[int], draws: RankDraws
) -> tuple[tuple[tuple[str, ...], ...], tuple[Pair, ...]]:
    if draws.pairwise is None:
        return (), ()
    names = draws.communities
    tiers, borders = [[order[0]]], []
    for row in order[1:]:
        shares = draws.pairwise[tiers[-1], row]
        clearest = int(shares.argmax())
        if shares[clearest] < TOLD_APART:
            tiers[-1].append(row)
            continue
        leader = names[tiers[-1][clearest]]
        borders.append(Pair(leader, names[row], float(shares[clearest])))
        tiers.append([row])
    return tuple(tuple(names[row] for row in tier) for tier in tiers), tuple(borders)


def _undecided(order: list[int], draws: RankDraws, focus: str | None) -> tuple[Pair, ...]:
    ranked = [draws.communities[row] for row in order]
    if focus not in ranked:
        return ()
    shares = {name: share_ahead(draws, focus, name) for name in ranked if name != focus}
    return tuple(
        Pair(focus, name, share)
        for name, share in shares.items()
        if share is not None and not told_apart(share)
    )


def _varied(scoring: Scoring) -> tuple[Step, ...]:
    uncertainty = scoring.settings.uncertainty
    nodes = "all" if uncertainty.nodes is None else ", ".join(uncertainty.nodes)
    fixed = isinstance(uncertainty.weights, FixedWeights)
    steps = [
        step_of("weights", uncertainty.weights, more={} if fixed else {"nodes": nodes}),
        step_of("data", uncertainty.data),
        step_of("missing", uncertainty.missing),
    ]
    for stage in STAGES:
        for staged in uncertainty.alternatives.get(stage, ()):
            steps.extend(steps_of_stage(stage, staged))
    return tuple(steps)


def _typical_weight(scoring: Scoring) -> tuple[float, float] | None:
    """Give the largest weight among the root's children and its standard deviation."""
    uncertainty = scoring.settings.uncertainty
    weights = uncertainty.weights
    varies = uncertainty.nodes is None or ROOT in uncertainty.nodes
    if not isinstance(weights, DirichletWeights) or not varies:
        return None
    share = max(scoring.weights[child.id] for child in scoring.project.tree.root.children)
    return share, sqrt(share * (1 - share) / (weights.concentration + 1))


def _factors(model: PedigreeData) -> tuple[Factors, ...]:
    """List the model's factors, what the settings replace included."""
    ages: list[tuple[str | int | None, float]] = [
        *zip(AGE, model.age, strict=False),
        (None, model.age[-1]),
    ]
    return (
        Factors("basic", ((None, model.basic),)),
        Factors("status", tuple((STATUS | dict(model.status)).items())),
        Factors("age", tuple(ages)),
        Factors("comparability", tuple((COMPARABILITY | dict(model.comparability)).items())),
        Factors("level", tuple((LEVEL | dict(model.level)).items())),
    )
