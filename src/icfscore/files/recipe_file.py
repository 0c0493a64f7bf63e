"""Reading icfscore.yaml: the recipe, weights, scenarios, uncertainty."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from icfscore.domain.criteria import CriteriaTree, FileModel, Identifier
from icfscore.domain.text import Text
from icfscore.errors import Problem, name_hint
from icfscore.files.check import Origin, check, spell
from icfscore.files.entries import Year
from icfscore.files.located_yaml import Location
from icfscore.files.means_entries import read_lists, read_means
from icfscore.files.method_entries import MethodReader
from icfscore.files.plan_file import PlanReader
from icfscore.recipe import (
    STAGES,
    UNCERTAINTIES,
    Recipe,
    Scenario,
    Screening,
    Settings,
    Uncertainty,
)
from icfscore.sentences import say

MAX_DRAWS = 100_000_000
MAX_SEED = 2**64 - 1
MAX_COMBINATIONS = 1000  # of alternatives, each with a plan of its own


def _check_share(value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(say("must be a share between 0 and 1, got {value:g}", value=value))
    return value


Share = Annotated[float, AfterValidator(_check_share)]
Whole = Annotated[int, Field(ge=0)]


class SettingsHead(FileModel):
    """icfscore.yaml without its nested parts."""

    focus: Identifier | None = None
    reference_year: Year = 2018
    max_age: Whole = 10
    proxies: bool = True
    recipe: dict[str, Any] = Field(default={})
    weights: dict[str, Any] = Field(default={})
    scenarios: dict[str, Any] = Field(default={})
    uncertainty: dict[str, Any] = Field(default={})
    means: dict[str, Any] | None = None
    lists: dict[str, Any] = Field(default={})
    plan: dict[str, Any] = Field(default={})
    stages: list[Any] = Field(default=[])


class ScenarioHead(FileModel):
    """A scenario without its nested parts."""

    name: Text = ""
    description: Text = ""
    reference_year: Year | None = None
    max_age: Whole | None = None
    proxies: bool | None = None
    recipe: dict[str, Any] = Field(default={})
    weights: dict[str, Any] = Field(default={})


class ScreeningEntry(FileModel):
    """The screening's shares; those left out keep their value."""

    min_indicator_coverage: Share | None = None
    min_community_coverage: Share | None = None


class UncertaintyHead(FileModel):
    """The uncertainty section without its nested parts."""

    draws: Annotated[int, Field(ge=0, le=MAX_DRAWS)] = 10_000
    seed: Annotated[int, Field(ge=0, lt=MAX_SEED + 1)] = 2019
    weights: Any = None
    data: Any = None
    missing: Any = None
    alternatives: dict[str, Any] = Field(default={})


@dataclass(frozen=True, slots=True)
class SettingsReader:
    """Reads settings against one framework; problems are added to the list.

    Where the framework is `partial`, an unknown name is no news.
    """

    tree: CriteriaTree
    origin: Origin
    problems: list[Problem]
    partial: bool = False

    def read(self, data: Any) -> tuple[Settings, dict[str, Scenario]]:
        """Read all of icfscore.yaml; sections with problems keep their defaults."""
        head = check(SettingsHead, {} if data is None else data, self.origin, (), self.problems)
        if head is None:
            return Settings(), {}
        settings = Settings(
            focus=head.focus,
            reference_year=head.reference_year,
            max_age=head.max_age,
            proxies=head.proxies,
            recipe=self._recipe(head.recipe),
            weights=self.weights(head.weights, ("weights",)),
            uncertainty=self._uncertainty(head.uncertainty),
            means=read_means(
                head.means, self.tree, self.origin, self.problems, partial=self.partial
            ),
            lists=read_lists(head.lists, self.origin, self.problems),
            plan=PlanReader(self.tree, self.origin, self.problems, self.partial).read(
                head.plan, ("plan",)
            ),
        )
        scenarios = {
            name: scenario
            for name, raw in head.scenarios.items()
            if (scenario := self._scenario(name, raw))
        }
        return settings, scenarios

    def weights(self, raw: Mapping[str, Any], location: Location) -> dict[str, float]:
        """Read weights by node or indicator id or alias."""
        known = [*self.tree.parent_by_id]
        read: dict[str, float] = {}
        for name, value in raw.items():
            place = (*location, name)
            identifier = self.tree.resolve(name)
            if identifier is None or identifier not in self.tree.parent_by_id:
                what = say("unknown criterion or indicator '{name}'", name=name)
                if not self.partial:
                    self._note(place, what, name_hint(name, known), at="key")
            elif identifier in read:
                self._note(
                    place,
                    say(
                        "'{name}' is '{identifier}', given twice", name=name, identifier=identifier
                    ),
                    at="key",
                )
            elif not is_weight(value):
                what = say(
                    "{name}: a weight must be a finite number of at least 0, got {found}",
                    name=name,
                    found=spell(value),
                )
                self._note(place, what)
            else:
                read[identifier] = float(value)
        return read

    def _recipe(self, raw: Mapping[str, Any]) -> Recipe:
        stages, screening = self._stages(raw, ("recipe",))
        return replace(Recipe(), screening=replace(Screening(), **screening), **stages)

    def _stages(
        self, raw: Mapping[str, Any], location: Location
    ) -> tuple[dict[str, Any], dict[str, float]]:
        reader = MethodReader(self.tree, self.origin, self.problems, self.partial)
        stages, screening = {}, {}
        for key, value in raw.items():
            place = (*location, key)
            if key == "screening":
                data = {} if value is None else value
                entry = check(ScreeningEntry, data, self.origin, place, self.problems)
                screening = entry.model_dump(exclude_none=True) if entry else {}
            elif key in STAGES:
                stage = reader.stage(key, value, place)
                if stage is not None:
                    stages[key] = stage
            else:
                hint = name_hint(key, ["screening", *STAGES], what=say("the stages"))
                self._note(place, say("recipe: unknown stage '{key}'", key=key), hint, at="key")
        return stages, screening

    def _scenario(self, name: str, raw: Any) -> Scenario | None:
        place: Location = ("scenarios", name)
        data = {} if raw is None else raw
        head = check(ScenarioHead, data, self.origin, place, self.problems)
        if head is None:
            return None
        stages, screening = self._stages(head.recipe, (*place, "recipe"))
        changed = {"reference_year", "max_age", "proxies"}
        return Scenario(
            name=head.name or name,
            description=head.description,
            changes=head.model_dump(include=changed, exclude_none=True),
            stages=stages,
            screening=screening,
            weights=self.weights(head.weights, (*place, "weights")),
        )

    def _uncertainty(self, raw: Mapping[str, Any]) -> Uncertainty:
        place: Location = ("uncertainty",)
        head = check(UncertaintyHead, raw, self.origin, place, self.problems)
        if head is None:
            return Uncertainty()
        changes: dict[str, Any] = {"draws": head.draws, "seed": head.seed}
        reader = MethodReader(self.tree, self.origin, self.problems, self.partial)
        for key, union in UNCERTAINTIES.items():
            value = getattr(head, key)
            if key in raw and value is None:
                value = {"kind": "fixed" if key == "missing" else "none"}
            if value is None:
                continue
            if key == "weights" and isinstance(value, dict):
                value = dict(value)
                changes["nodes"] = self._nodes(value.pop("nodes", "all"))
            method = reader.method(union, key, value, (*place, key))
            if method is not None:
                changes[key] = method
        changes["alternatives"] = self._alternatives(head.alternatives, reader)
        return replace(Uncertainty(), **changes)

    def _nodes(self, raw: Any) -> tuple[str, ...] | None:
        if raw == "all":
            return None
        place: Location = ("uncertainty", "weights", "nodes")
        if not isinstance(raw, list):
            self._note(
                place, say("nodes: must be all or a list of nodes, got {found}", found=spell(raw))
            )
            return None
        known = self.tree.node_by_id
        found = []
        for position, name in enumerate(raw):
            identifier = self.tree.resolve(name) if isinstance(name, str) else None
            if identifier is None or identifier not in known:
                what = say("nodes: unknown node {found}", found=spell(name))
                if not self.partial:
                    self._note((*place, position), what, name_hint(str(name), known))
            else:
                found.append(identifier)
        return tuple(found)

    def _alternatives(self, raw: Mapping[str, Any], reader: MethodReader) -> dict[str, Any]:
        read = {}
        for stage, choices in raw.items():
            place: Location = ("uncertainty", "alternatives", stage)
            if stage not in STAGES:
                hint = name_hint(stage, STAGES, what=say("the stages"))
                self._note(
                    place, say("alternatives: unknown stage '{stage}'", stage=stage), hint, at="key"
                )
            elif not isinstance(choices, list) or not choices:
                self._note(
                    place,
                    say(
                        "{stage}: must be a list of methods, got {found}",
                        stage=stage,
                        found=spell(choices),
                    ),
                )
            else:
                staged = [
                    reader.stage(stage, choice, (*place, position))
                    for position, choice in enumerate(choices)
                ]
                read[stage] = tuple(choice for choice in staged if choice is not None)
        if math.prod(map(len, read.values())) > MAX_COMBINATIONS:
            most = say("alternatives: make more than {most} combinations", most=MAX_COMBINATIONS)
            self._note(("uncertainty", "alternatives"), most, say("list fewer"))
        return read

    def _note(self, location: Location, what: str, hint: str = "", *, at: Any = "value") -> None:
        self.problems.append(self.origin.problem(location, what, hint, at=at))


def is_weight(value: Any) -> bool:
    """Tell whether a value can be a weight: a finite number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value) and value >= 0
    except OverflowError:
        return False
