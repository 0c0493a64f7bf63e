"""How the scores came about: the method of every stage, and what everything weighs."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from icfscore.domain.criteria import Criterion
from icfscore.pipeline.score import Scoring
from icfscore.recipe import STAGES, Staged, describe_method
from icfscore.report.content_readings import State


@dataclass(frozen=True, slots=True)
class Step:
    """One method at work.

    Attributes
    ----------
    parameters
        Names and values as YAML spells them.
    summary
        What the method does, from its own documentation.
    place
        "" where it is the stage's method, else the node, indicator or depth where it stands in.
    """

    stage: str
    kind: str
    parameters: tuple[tuple[str, str], ...]
    summary: str
    scope: Literal["all", "indicator", "node", "depth"] = "all"
    place: str = ""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a criterion or indicator weighs.

    Attributes
    ----------
    depth
        1 for the children of the root.
    share
        Among its siblings.
    total
        Product of the shares from the root down to it, where every value is present.
    state
        Of an indicator: whether it counts, is only shown, or was left out.
    """

    identifier: str
    depth: int
    share: float
    total: float
    state: State | None


def steps_of(scoring: Scoring) -> tuple[Step, ...]:
    """List the methods of the recipe, stage by stage, exceptions after the method they replace."""
    recipe = scoring.settings.recipe
    return tuple(step for stage in STAGES for step in steps_of_stage(stage, getattr(recipe, stage)))


def steps_of_stage(stage: str, staged: Staged[Any]) -> Iterator[Step]:
    """List a stage's method, then those that replace it somewhere."""
    yield step_of(stage, staged.base)
    for name, method in staged.by_indicator.items():
        yield step_of(stage, method, "indicator", name)
    for name, method in staged.by_node.items():
        yield step_of(stage, method, "node", name)
    for depth, method in staged.by_depth.items():
        yield step_of(stage, method, "depth", str(depth))


def step_of(
    stage: str,
    method: Any,
    scope: Literal["all", "indicator", "node", "depth"] = "all",
    place: str = "",
    more: Mapping[str, Any] | None = None,
) -> Step:
    """Describe one method; `more` are parameters that stand beside it in the settings."""
    described = describe_method(method) | dict(more or {})
    kind = described.pop("kind")
    text = inspect.getdoc(type(method)) or ""
    summary = " ".join(text.partition("\n\n")[0].split())
    parameters = tuple((name, _spell(value)) for name, value in described.items() if value != {})
    return Step(stage, kind, parameters, summary, scope, place)


def _spell(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return json.dumps(value, ensure_ascii=False, default=str)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def weights_of(scoring: Scoring) -> tuple[Weight, ...]:
    """List the weights of all nodes and indicators, parents before their children."""
    return tuple(_weights(scoring, scoring.project.tree.root, 1.0))


def _weights(scoring: Scoring, node: Criterion, above: float) -> Iterator[Weight]:
    tree = scoring.project.tree
    kept = scoring.screened.observed.indicators
    for child in node.children:
        share = scoring.weights[child.id]
        total = above * share
        state: State | None = None
        if not isinstance(child, Criterion):
            state = "left_out" if child.id not in kept else "scored" if total > 0 else "unscored"
        yield Weight(child.id, tree.depth_by_id[child.id], share, total, state)
        if isinstance(child, Criterion):
            yield from _weights(scoring, child, total)
