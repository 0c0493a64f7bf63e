"""What someone may change by hand without the engine: weights, aggregation, normalisation.

Everything before normalisation stays as the recipe has it. What is handed out is the engine's own:
a normalised table for each choice of normalisation, the aggregations that a page can repeat, the
scenarios that need nothing else, and draws of the data.

Decisions. An indicator that the settings do not score stays unscored: giving it a weight would
change what is screened, imputed and drawn. Where the weighting looks at the data, its shares are
the weights to start from. A recipe whose aggregation a page cannot repeat starts from the weighted
mean, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from icfscore.domain.criteria import CriteriaTree
from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.aggregate import Aggregation
from icfscore.methods.aggregate.means import Arithmetic, Geometric, Harmonic
from icfscore.methods.aggregate.ordered import Median
from icfscore.methods.aggregate.penalised import MazziottaPareto
from icfscore.methods.normalise import MinMax, Normalisation
from icfscore.methods.normalise.linear import ZScore
from icfscore.methods.normalise.ranks import Rank
from icfscore.methods.weigh.given import Given
from icfscore.pipeline.nodes import NodePlan
from icfscore.pipeline.score import Scoring
from icfscore.recipe import Settings, Staged

# What a page repeats to the last digits.
REPEATABLE = ("arithmetic", "geometric", "harmonic", "power_mean", "median", "mazziotta_pareto")
AGGREGATIONS: Mapping[str, Aggregation] = {
    "arithmetic": Arithmetic(),
    "geometric": Geometric(),
    "harmonic": Harmonic(),
    "median": Median(),
    "mazziotta_pareto": MazziottaPareto(),
}
NORMALISATIONS: Mapping[str, Normalisation] = {
    "min_max_0_100": MinMax(0, 100),
    "min_max_1_100": MinMax(1, 100),
    "z_score_100_10": ZScore(100, 10),
    "rank": Rank(),
}
# Imputations that see only one indicator at a time: leaving another out changes nothing.
BY_COLUMN = ("none", "mean", "median", "group_mean", "group_median")
RECIPE = "recipe"


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """One choice of normalisation.

    Attributes
    ----------
    identifier
        A key of `NORMALISATIONS`, `RECIPE`, or ``scenario.<name>``.
    table
        (n, k) of the communities and scored indicators.
    """

    identifier: str
    staged: Staged[Normalisation]
    table: Floats


@dataclass(frozen=True, slots=True)
class Averaged:
    """One choice of aggregation; `identifier` is as of `Scaled`."""

    identifier: str
    staged: Staged[Aggregation]

    def at(self, node: str, tree: CriteriaTree) -> Aggregation:
        """Give the aggregation of a node."""
        return self.staged.at_node(node, tree)


@dataclass(frozen=True, slots=True)
class Preset:
    """A scenario, and what to choose so as to see it.

    Attributes
    ----------
    missing
        Why it cannot be seen without the engine: ``data``, ``weights``, ``aggregation`` or
        ``undefined``; None where it can.
    detail
        The aggregation, or what the engine says.
    """

    name: str
    normalisation: str = ""
    aggregation: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    missing: str | None = None
    detail: str | InputError = ""


@dataclass(frozen=True, slots=True, eq=False)
class Explorable:
    """What can be changed, from where, and to what.

    Attributes
    ----------
    nodes
        Nodes that count, children before parents.
    indicators
        Ids of the scored indicators, the columns of every table.
    weights
        To start from, by node and indicator id: all that have a place in the framework.
    given
        Whether these are the project's own weights, not shares that a method computed.
    replaced
        Aggregations of the recipe that cannot be repeated; "" where all can.
    """

    scoring: Scoring
    nodes: tuple[NodePlan, ...]
    indicators: tuple[str, ...]
    weights: Mapping[str, float]
    given: bool
    normalisations: tuple[Scaled, ...]
    aggregations: tuple[Averaged, ...]
    normalisation: str
    aggregation: str
    replaced: str
    presets: tuple[Preset, ...]

    @property
    def settings(self) -> Settings:
        """The settings at the start, all weights given."""
        recipe = self.scoring.settings.recipe.replaced(
            {
                "normalisation": self.scaled(self.normalisation).staged,
                "aggregation": self.averaged(self.aggregation).staged,
                "weighting": Staged(Given()),
            }
        )
        return replace(self.scoring.settings, recipe=recipe, weights=dict(self.weights))

    def scaled(self, identifier: str) -> Scaled:
        """Find a choice of normalisation."""
        return next(each for each in self.normalisations if each.identifier == identifier)

    def averaged(self, identifier: str) -> Averaged:
        """Find a choice of aggregation."""
        return next(each for each in self.aggregations if each.identifier == identifier)
