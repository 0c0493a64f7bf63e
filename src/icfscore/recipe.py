"""The recipe: which method works at each stage, where, and with which parameters.

The order of the stages is fixed by methodology and is not part of a recipe: select the year and
inherit, convert units, divide by denominators, screen, impute, transform, treat outliers, orient,
normalise, weigh, aggregate, rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Generic, TypeVar, get_args

from icfscore.domain.criteria import CriteriaTree
from icfscore.domain.means import Means, PublishedList, describe_lists
from icfscore.domain.text import Text
from icfscore.methods.aggregate import Aggregation, Arithmetic
from icfscore.methods.impute import Imputation, NoImputation
from icfscore.methods.normalise import MinMax, Normalisation
from icfscore.methods.perturb import (
    DataUncertainty,
    DirichletWeights,
    HotDeck,
    MissingUncertainty,
    PedigreeData,
    WeightUncertainty,
)
from icfscore.methods.treat import NoTreatment, Treatment
from icfscore.methods.weigh import Given, Weighting

M = TypeVar("M")

# Every method there is follows from these unions.
STAGES: Mapping[str, Any] = {
    "imputation": Imputation,
    "outliers": Treatment,
    "normalisation": Normalisation,
    "weighting": Weighting,
    "aggregation": Aggregation,
}
UNCERTAINTIES: Mapping[str, Any] = {
    "weights": WeightUncertainty,
    "data": DataUncertainty,
    "missing": MissingUncertainty,
}
INDICATOR_STAGES = ("imputation", "outliers", "normalisation")
NODE_STAGES = ("weighting", "aggregation")


def method_classes(union: Any) -> dict[str, type]:
    """List the classes of a union of methods by kind."""
    classes = get_args(union) or (union,)
    return {cls.__dataclass_fields__["kind"].default: cls for cls in classes}


def describe_method(method: Any) -> dict[str, Any]:
    """Spell a method as YAML would: its kind, then its parameters."""
    parameters = {f.name: getattr(method, f.name) for f in fields(method) if f.name != "kind"}
    return {"kind": method.kind} | {
        name: value for name, value in parameters.items() if value is not None
    }


@dataclass(frozen=True, slots=True)
class Screening:
    """Which shares of values must be present for an indicator or community to take part."""

    min_indicator_coverage: float = 0.5
    min_community_coverage: float = 0.5


@dataclass(frozen=True, slots=True)
class Staged(Generic[M]):
    """One stage's method, and where another one stands in for it.

    The nearest exception counts: the indicator's own, then that of the deepest node named, then
    that of its depth. At a node, the node's own, then its depth's.

    Attributes
    ----------
    by_indicator
        ``except`` in YAML, by indicator id.
    by_node
        ``at`` in YAML, by node id: for indicator stages it holds for all indicators below.
    by_depth
        ``at_depth`` in YAML, 0 being the root.
    """

    base: M
    by_indicator: Mapping[str, M] = field(default_factory=dict)
    by_node: Mapping[str, M] = field(default_factory=dict)
    by_depth: Mapping[int, M] = field(default_factory=dict)

    def at_indicator(self, indicator: str, tree: CriteriaTree) -> M:
        """Choose the method for an indicator."""
        if indicator in self.by_indicator:
            return self.by_indicator[indicator]
        for node in tree.ancestors(indicator) if self.by_node else ():
            if node in self.by_node:
                return self.by_node[node]
        return self.by_depth.get(tree.depth_by_id[indicator], self.base)

    def at_node(self, node: str, tree: CriteriaTree) -> M:
        """Choose the method for a node."""
        if node in self.by_node:
            return self.by_node[node]
        return self.by_depth.get(tree.depth_by_id[node], self.base)

    def methods(self) -> tuple[M, ...]:
        """List every method that is named."""
        exceptions = (self.by_indicator, self.by_node, self.by_depth)
        return (self.base, *(method for table in exceptions for method in table.values()))

    def describe(self) -> dict[str, Any]:
        """Spell the stage as YAML would."""
        described = describe_method(self.base)
        tables: dict[str, Mapping[Any, M]] = {
            "except": self.by_indicator,
            "at": self.by_node,
            "at_depth": self.by_depth,
        }
        for key, table in tables.items():
            if table:
                described[key] = {str(name): describe_method(m) for name, m in table.items()}
        return described


@dataclass(frozen=True, slots=True)
class Recipe:
    """The methods of all stages; the defaults follow ICF's published aggregation."""

    screening: Screening = Screening()
    imputation: Staged[Imputation] = Staged(NoImputation())
    outliers: Staged[Treatment] = Staged(NoTreatment())
    normalisation: Staged[Normalisation] = Staged(MinMax())
    weighting: Staged[Weighting] = Staged(Given())
    aggregation: Staged[Aggregation] = Staged(Arithmetic())

    def describe(self) -> dict[str, Any]:
        """Spell the recipe as YAML would, every parameter included."""
        screening = self.screening
        return {
            "screening": {f.name: getattr(screening, f.name) for f in fields(screening)},
            **{stage: getattr(self, stage).describe() for stage in STAGES},
        }

    def replaced(self, stages: Mapping[str, Any]) -> Recipe:
        """Put other methods in the place of whole stages."""
        return replace(self, **stages)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What is varied in the draws.

    Attributes
    ----------
    nodes
        Nodes whose children's weights vary; None: all.
    alternatives
        By stage, the methods that take turns, crossed over stages.
    """

    draws: int = 10_000
    seed: int = 2019
    weights: WeightUncertainty = DirichletWeights()
    nodes: tuple[str, ...] | None = None
    data: DataUncertainty = PedigreeData()
    missing: MissingUncertainty = HotDeck()
    alternatives: Mapping[str, tuple[Staged[Any], ...]] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Spell the section as YAML would."""
        nodes = "all" if self.nodes is None else list(self.nodes)
        return {
            "draws": self.draws,
            "seed": self.seed,
            "weights": describe_method(self.weights) | {"nodes": nodes},
            "data": describe_method(self.data),
            "missing": describe_method(self.missing),
            "alternatives": {
                stage: [staged.describe() for staged in choices]
                for stage, choices in self.alternatives.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of changes to the settings.

    Attributes
    ----------
    changes
        Fields of `Settings` it replaces; weights are merged into the base's.
    stages
        Stages of the recipe it replaces, each whole; screening's keys are merged.
    """

    name: Text
    description: Text = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    stages: Mapping[str, Any] = field(default_factory=dict)
    screening: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planning:
    """What a plan for a community may do, and what it costs; names are indicators' ids.

    Attributes
    ----------
    costs
        Effort of rising from the lowest peer to the highest; 1 where none is given.
    limits
        Lowest and highest planned value, as an observation gives them; None: no limit.
    fixed, free
        What stays as it is although it could be moved, and the reverse.
    """

    costs: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    free: tuple[str, ...] = ()

    def describe(self) -> dict[str, Any]:
        """Spell the section as YAML would."""
        return {
            "costs": dict(self.costs),
            "limits": {name: list(ends) for name, ends in self.limits.items()},
            "fixed": list(self.fixed),
            "free": list(self.free),
        }

    def merged(self, other: Planning) -> Planning:
        """Let another one's say go before this one's."""
        return Planning(
            costs={**self.costs, **other.costs},
            limits={**self.limits, **other.limits},
            fixed=_joined(self.fixed, other.fixed, other.free),
            free=_joined(self.free, other.free, other.fixed),
        )


def _joined(
    base: tuple[str, ...], more: tuple[str, ...], without: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(name for name in base if name not in without), *more]))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run is told beside the data.

    Attributes
    ----------
    weights
        Weights by node or indicator id that stand in for those of the criteria files.
    means
        What scores are held against; None: nothing.
    lists
        What is known of published lists, by the id that recognitions give.
    scenario
        Name of the scenario these settings are of.
    """

    focus: str | None = None
    reference_year: int = 2018
    max_age: int = 10
    proxies: bool = True
    recipe: Recipe = Recipe()
    weights: Mapping[str, float] = field(default_factory=dict)
    uncertainty: Uncertainty = Uncertainty()
    means: Means | None = None
    lists: Mapping[str, PublishedList] = field(default_factory=dict)
    plan: Planning = Planning()
    scenario: str | None = None

    def describe(self) -> dict[str, Any]:
        """Spell the settings as icfscore.yaml would."""
        return {
            "focus": self.focus,
            "reference_year": self.reference_year,
            "max_age": self.max_age,
            "proxies": self.proxies,
            "recipe": self.recipe.describe(),
            "weights": dict(self.weights),
            "uncertainty": self.uncertainty.describe(),
            "means": None if self.means is None else self.means.describe(),
            "lists": describe_lists(self.lists),
            "plan": self.plan.describe(),
        }
