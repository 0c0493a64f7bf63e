"""The framework: a tree of criteria with indicators as leaves.

Every id of a framework (nodes, indicators, context quantities) stands in one name space, so that a
weight, a change or an exception can name any of them; aliases are further names for the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from icfscore.domain.text import Line, Name, Text
from icfscore.sentences import Sentence, say

ROOT = "index"

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Direction = Literal["higher", "lower"]
Kind = Literal["ratio", "share", "index", "count", "ordinal", "boolean"]
Lever = Literal["direct", "indirect", "none"]


class FileModel(BaseModel):
    """Anything that is read from a file: frozen, strict, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Quantity(FileModel):
    """What is measured: the part that indicators and context quantities share.

    A context quantity without a unit takes whatever unit its observations give.
    """

    id: Identifier
    name: Name
    unit: str = ""
    description: Text = ""
    aliases: tuple[Line, ...] = Field(default=(), strict=False)
    bounds: tuple[Number | None, Number | None] = Field(default=(None, None), strict=False)

    @model_validator(mode="after")
    def _check_bounds(self) -> Quantity:
        low, high = self.bounds
        if low is not None and high is not None and low >= high:
            raise ValueError(
                say(
                    "bounds: the lower bound {low:g} must be below the upper {high:g}",
                    low=low,
                    high=high,
                )
            )
        return self

    def admits(self, value: float) -> bool:
        """Tell whether a value lies within the bounds."""
        low, high = self.bounds
        return (low is None or value >= low) and (high is None or value <= high)

    @property
    def spelt_bounds(self) -> Sentence:
        """The bounds in words: ``0 to 100``, ``0 or more``."""
        low, high = self.bounds
        if high is None:
            return say("none") if low is None else say("{low:g} or more", low=low)
        if low is None:
            return say("{high:g} or less", high=high)
        return say("{low:g} to {high:g}", low=low, high=high)


class Indicator(Quantity):
    """A leaf of the framework: a quantity with a direction, scored unless its weight is 0.

    Its unit must be given. `bounds`, `goalposts` and `target` are in that unit; with `per`, bounds
    apply before and goalposts and target after the division. With `panel`, its values are the
    scores that raters gave to it, or to the node it stands for. `level_names` says how reports call
    each level, `rubric` what counts as it, or as `yes` and `no` of a boolean one.
    """

    unit: Line
    direction: Direction
    kind: Kind
    weight: Weight = 1.0
    lever: Lever = "indirect"
    goalposts: tuple[Number, Number] | None = Field(default=None, strict=False)
    transform: Literal["none", "log"] = "none"
    per: Identifier | None = None
    per_scale: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    target: Number | None = None
    levels: dict[Line, Number] | None = None
    level_names: dict[Line, Name] | None = None
    rubric: dict[Line, Text] | None = None
    panel: Identifier | None = None

    @model_validator(mode="after")
    def _check_panel(self) -> Indicator:
        if self.panel is not None and (self.per is not None or self.transform == "log"):
            raise ValueError(say("panel: a panel's scores take no 'per' and no 'transform'"))
        return self

    @model_validator(mode="after")
    def _check_scale(self) -> Indicator:
        if self.goalposts is not None and self.goalposts[0] >= self.goalposts[1]:
            low, high = self.goalposts
            raise ValueError(
                say("goalposts: low number first, got [{low:g}, {high:g}]", low=low, high=high)
            )
        if self.transform == "log":
            marks = [*(self.goalposts or ()), *(() if self.target is None else (self.target,))]
            if any(mark <= 0 for mark in marks):
                raise ValueError(say("transform: log needs goalposts and target above 0"))
        if self.levels is not None and self.kind not in ("ordinal", "boolean"):
            raise ValueError(
                say(
                    "levels: only an ordinal indicator has them, this one is {kind}", kind=self.kind
                )
            )
        return self

    @model_validator(mode="after")
    def _check_words(self) -> Indicator:
        for word in self.level_names or ():
            if word not in (self.levels or ()):
                raise ValueError(
                    say(
                        "level_names: '{word}' is no level of it; there are {listed}",
                        word=word,
                        listed=", ".join(self.levels or ()) or "–",
                    )
                )
        words = list(self.levels or (("no", "yes") if self.kind == "boolean" else ()))
        for word in self.rubric or ():
            if word not in words:
                raise ValueError(
                    say(
                        "rubric: '{word}' is no level of it; there are {listed}",
                        word=word,
                        listed=", ".join(words) or "–",
                    )
                )
        return self

    @property
    def sign(self) -> float:
        """1 where higher is better, -1 where lower is."""
        return 1.0 if self.direction == "higher" else -1.0


class Criterion(FileModel):
    """A node: a criterion, one of its parts, or the root, with either criteria or indicators."""

    id: Identifier
    name: Name
    description: Text = ""
    aliases: tuple[Line, ...] = Field(default=(), strict=False)
    weight: Weight = 1.0
    criteria: tuple[Criterion, ...] = Field(default=(), strict=False)
    indicators: tuple[Indicator, ...] = Field(default=(), strict=False)

    @property
    def children(self) -> tuple[Criterion | Indicator, ...]:
        """Its criteria, or its indicators."""
        return self.criteria or self.indicators


@dataclass(frozen=True)
class CriteriaTree:
    """A framework with its look-ups.

    Attributes
    ----------
    id, version
        As the framework's file gives them.
    root
        The node `index`.
    context
        Quantities that are not scored: denominators.
    caveats
        What every reader of a result must be told, in the framework's own words.
    """

    id: str
    version: str
    root: Criterion
    context: tuple[Quantity, ...] = ()
    caveats: tuple[Text, ...] = ()

    @cached_property
    def nodes(self) -> tuple[Criterion, ...]:
        """All nodes, the root first, parents before children, in the framework's order."""

        def walk(node: Criterion) -> Iterator[Criterion]:
            yield node
            for child in node.criteria:
                yield from walk(child)

        return tuple(walk(self.root))

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, in the framework's order."""
        return tuple(indicator for node in self.nodes for indicator in node.indicators)

    @cached_property
    def node_by_id(self) -> Mapping[str, Criterion]:
        """Nodes by id."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def quantity_by_id(self) -> Mapping[str, Quantity]:
        """Indicators and context quantities by id."""
        return {quantity.id: quantity for quantity in (*self.context, *self.indicators)}

    @cached_property
    def denominators(self) -> frozenset[str]:
        """Ids of the context quantities that some indicator is divided by."""
        return frozenset(indicator.per for indicator in self.indicators if indicator.per)

    @cached_property
    def parent_by_id(self) -> Mapping[str, str]:
        """Id of the parent node by id of the node or indicator; the root has none."""
        return {child.id: node.id for node in self.nodes for child in node.children}

    @cached_property
    def depth_by_id(self) -> Mapping[str, int]:
        """Depth by node or indicator id: 0 for the root."""
        depth = {ROOT: 0}
        for node in self.nodes:
            depth.update({child.id: depth[node.id] + 1 for child in node.children})
        return depth

    @cached_property
    def id_by_name(self) -> Mapping[str, str]:
        """Id by any accepted name: the id itself and every alias, in lower case."""
        named: list[Criterion | Quantity] = [*self.nodes, *self.indicators, *self.context]
        names = {thing.id.casefold(): thing.id for thing in named}
        for thing in named:
            names.update({alias.casefold(): thing.id for alias in thing.aliases})
        return names

    def resolve(self, name: str) -> str | None:
        """Find the id that a name, an id or an alias in any case, stands for."""
        return self.id_by_name.get(name.casefold())

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """List the nodes above a node or indicator, the nearest first, the root last."""
        chain = []
        while identifier in self.parent_by_id:
            identifier = self.parent_by_id[identifier]
            chain.append(identifier)
        return tuple(chain)

    def criterion_of(self, identifier: str) -> str:
        """Find the child of the root that a node or indicator belongs to."""
        chain = (identifier, *self.ancestors(identifier))
        return chain[-2] if len(chain) > 1 else ROOT

    def weights(self, overrides: Mapping[str, float]) -> dict[str, float]:
        """List the weight of every node and indicator, overrides standing in for the files'."""
        children = (child for node in self.nodes for child in node.children)
        return {child.id: overrides.get(child.id, child.weight) for child in children}

    def weightless(self, overrides: Mapping[str, float]) -> list[str]:
        """List the nodes all of whose children have weight 0."""
        weights = self.weights(overrides)
        return [
            node.id
            for node in self.nodes
            if node.children and not any(weights[child.id] > 0 for child in node.children)
        ]
