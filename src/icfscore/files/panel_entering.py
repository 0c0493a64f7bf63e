"""Entering panels' scores beside what is measured: as observations of the indicators they fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from icfscore.domain.communities import Entity, Observation
from icfscore.domain.criteria import Indicator
from icfscore.domain.panels import Panel
from icfscore.errors import Problem, name_hint
from icfscore.files.framework_file import Framework
from icfscore.methods.panel import RaterModel, fit_raters
from icfscore.pipeline.panel import panel_indicators, panel_observations
from icfscore.sentences import say


def enter_panels(
    communities: Sequence[Entity],
    panels: Mapping[str, Panel],
    framework: Framework,
    problems: list[Problem],
    warnings: list[str],
) -> list[Entity]:
    """Give communities the scores of the panels that indicators name.

    An indicator with ``panel`` takes the adjusted mean of the raters' scores on it, or on the node
    it stands for; the standard error becomes the observation's own ``sd``, so that draws vary it
    as any other measured value. Indicators that take the same scores have the same observations,
    hence the same error in a draw. What keeps a panel from being used is added to the problems.
    """
    entered: dict[str, dict[str, tuple[Observation, ...]]] = {}
    for indicator in framework.tree.indicators:
        if indicator.panel is not None and indicator.panel not in panels:
            what = say("{id}: panel: no panel '{panel}'", id=indicator.id, panel=indicator.panel)
            hint = name_hint(indicator.panel, panels, what=say("the panels"))
            problems.append(framework.problem(indicator.id, what, hint))
    for panel in panels.values():
        fills = panel_indicators(framework.tree, panel)
        if not fills:
            continue
        model = fit_raters(panel.ratings)
        warnings.extend(_doubts(panel, model))
        seen = {node: dict(panel_observations(panel, model, node)) for _, node in fills}
        for indicator, node in fills:
            found = list(_problems(panel, indicator, node, communities, framework))
            problems.extend(found)
            if not found:
                for community, observation in seen[node].items():
                    entered.setdefault(community, {})[indicator.id] = (observation,)
    return [
        replace(entity, observations={**entity.observations, **entered[entity.id]})
        if entity.id in entered
        else entity
        for entity in communities
    ]


def _problems(
    panel: Panel,
    indicator: Indicator,
    node: str,
    communities: Sequence[Entity],
    framework: Framework,
) -> list[Problem]:
    """Say what keeps an indicator from taking a panel's scores."""
    name, found = indicator.id, []
    if node not in panel.nodes:
        what = say("{id}: the panel '{panel}' has no scores on it", id=name, panel=panel.id)
        hint = say("it scores {nodes}", nodes=", ".join(panel.nodes))
        found.append(framework.problem(name, what, hint))
    if not (indicator.admits(panel.low) and indicator.admits(panel.high)):
        what = say(
            "{id}: its bounds do not hold the rubric of the panel, {low:g} to {high:g}",
            id=name,
            low=panel.low,
            high=panel.high,
        )
        found.append(framework.problem(name, what))
    for entity in communities:
        if name in entity.observations:
            what = say(
                "{id}: comes from the panel '{panel}', but {community} gives a value of its own",
                id=name,
                panel=panel.id,
                community=entity.id,
            )
            found.append(framework.problem(name, what, say("keep one of the two")))
    return found


def _doubts(panel: Panel, model: RaterModel) -> list[str]:
    """Say what cannot be computed of a panel that enters."""
    doubts: list[str] = []
    if model.n_groups > 1:
        doubts.append(
            say(
                "panel {panel}: its raters fall into {n} groups without a common item: whether one"
                " group is more severe cannot be told, and its scores are taken as they are",
                panel=panel.id,
                n=model.n_groups,
            )
        )
    if model.sigma is None:
        doubts.append(
            say(
                "panel {panel}: no score is beside another to judge it by, so no standard error can"
                " be computed: the default uncertainty holds",
                panel=panel.id,
            )
        )
    return doubts
