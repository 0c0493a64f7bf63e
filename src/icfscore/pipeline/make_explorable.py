"""Gathering what may be changed by hand: tables, methods, weights to start from, scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.aggregate import Aggregation
from icfscore.methods.aggregate.penalised import MazziottaPareto
from icfscore.methods.normalise import Normalisation
from icfscore.pipeline.explorable import (
    AGGREGATIONS,
    NORMALISATIONS,
    RECIPE,
    REPEATABLE,
    Averaged,
    Explorable,
    Preset,
    Scaled,
)
from icfscore.pipeline.nodes import NodePlan, plan_tree
from icfscore.pipeline.score import Scoring, columns_of, score
from icfscore.pipeline.stages import normalise
from icfscore.recipe import Settings, Staged


def make_explorable(scoring: Scoring, scenarios: Mapping[str, Settings | InputError]) -> Explorable:
    """Gather what can be changed.

    Parameters
    ----------
    scenarios
        By name the settings of each scenario, the run's options included, or what is wrong with
        them.
    """
    nodes = _counted_nodes(scoring)
    recipe = scoring.settings.recipe
    scaled = [
        Scaled(name, Staged(method), _table(scoring, Staged(method)))
        for name, method in NORMALISATIONS.items()
    ]
    normalisation = _add_scaled(scaled, RECIPE, recipe.normalisation, _own_table(scoring))
    averaged = [Averaged(name, Staged(method)) for name, method in AGGREGATIONS.items()]
    kinds = _unrepeatable(nodes)
    aggregation = "arithmetic" if kinds else _add_averaged(averaged, RECIPE, recipe.aggregation)
    presets = tuple(
        _preset(name, settings, scoring, scaled, averaged) for name, settings in scenarios.items()
    )
    return Explorable(
        scoring=scoring,
        nodes=nodes,
        indicators=_scored(scoring),
        weights=_weights(scoring, nodes),
        given=all(step.weighting.kind == "given" for step in nodes),
        normalisations=tuple(scaled),
        aggregations=tuple(averaged),
        normalisation=normalisation,
        aggregation=aggregation,
        replaced=kinds,
        presets=presets,
    )


def _scored(scoring: Scoring) -> tuple[str, ...]:
    kept = scoring.screened.observed.indicators
    return tuple(kept[column] for column in np.flatnonzero(scoring.screened.scored))


def _counted_nodes(scoring: Scoring) -> tuple[NodePlan, ...]:
    settings, tree = scoring.settings, scoring.project.tree
    weights = tree.weights(settings.weights)
    communities = scoring.screened.observed.communities
    plan = plan_tree(tree, weights, settings.recipe, communities, _scored(scoring))
    return tuple(step for step in plan.nodes if step.counted)


def _own_table(scoring: Scoring) -> Floats:
    return np.asarray(scoring.normalised[:, scoring.screened.scored])


def _table(scoring: Scoring, staged: Staged[Normalisation]) -> Floats:
    """Normalise the treated values (n, k) of the scored indicators in another way."""
    columns = columns_of(scoring.project, scoring.screened).take(scoring.screened.scored)
    values = scoring.treated.values[:, scoring.screened.scored]
    recipe = scoring.settings.recipe.replaced({"normalisation": staged})
    return normalise(values, columns, recipe)


def _add_scaled(
    choices: list[Scaled], identifier: str, staged: Staged[Normalisation], table: Floats
) -> str:
    """Add a choice unless it is there already; give its identifier."""
    for choice in choices:
        if choice.staged == staged:
            return choice.identifier
    choices.append(Scaled(identifier, staged, table))
    return identifier


def _add_averaged(choices: list[Averaged], identifier: str, staged: Staged[Aggregation]) -> str:
    for choice in choices:
        if choice.staged == staged:
            return choice.identifier
    choices.append(Averaged(identifier, staged))
    return identifier


def _unrepeatable(nodes: Iterable[NodePlan]) -> str:
    """List the kinds of aggregation, one blank between, that a page cannot repeat."""
    kinds = dict.fromkeys(
        step.aggregation.kind for step in nodes if not _is_repeatable(step.aggregation)
    )
    return ", ".join(kinds)


def _is_repeatable(aggregation: Aggregation) -> bool:
    if isinstance(aggregation, MazziottaPareto):
        return aggregation.ddof == 0
    return aggregation.kind in REPEATABLE


def _weights(scoring: Scoring, nodes: Iterable[NodePlan]) -> dict[str, float]:
    """Give the weights of a scoring; of those that a method computed, 1 on the average."""
    weights = scoring.project.tree.weights(scoring.settings.weights)
    for step in nodes:
        if step.weighting.kind != "given":
            names = step.siblings.names
            weights.update({name: scoring.weights[name] * len(names) for name in names})
    return weights


def _preset(
    name: str,
    settings: Settings | InputError,
    base: Scoring,
    scaled: list[Scaled],
    averaged: list[Averaged],
) -> Preset:
    if isinstance(settings, InputError):
        return Preset(name, missing="undefined", detail=settings)
    try:
        scoring = score(base.project, settings)
    except InputError as error:
        return Preset(name, missing="undefined", detail=error)
    nodes, scored = _counted_nodes(scoring), _scored(scoring)
    if not set(scored) <= set(_scored(base)):
        return Preset(name, missing="weights")
    if not _same_values(scoring, base, scored):
        return Preset(name, missing="data")
    if kinds := _unrepeatable(nodes):
        return Preset(name, missing="aggregation", detail=kinds)
    own, recipe = f"scenario.{name}", settings.recipe
    table = _own_table(scoring)
    if scored != _scored(base):  # what the scenario leaves out may come back
        if scoring.pooled is not None:
            return Preset(name, missing="data")
        table = _table(base, recipe.normalisation)
    return Preset(
        name,
        normalisation=_add_scaled(scaled, own, recipe.normalisation, table),
        aggregation=_add_averaged(averaged, own, recipe.aggregation),
        weights=_weights(scoring, nodes),
    )


def _same_values(scoring: Scoring, base: Scoring, scored: tuple[str, ...]) -> bool:
    """Tell whether two scorings agree on everything before normalisation, drawn or not."""
    if _before_normalisation(scoring.settings) != _before_normalisation(base.settings):
        return False
    left, right = scoring.screened.observed, base.screened.observed
    if left.communities != right.communities:
        return False
    return all(
        np.array_equal(
            scoring.treated.values[:, left.indicators.index(name)],
            base.treated.values[:, right.indicators.index(name)],
            equal_nan=True,
        )
        for name in scored
    )


def _before_normalisation(settings: Settings) -> tuple[object, ...]:
    recipe = settings.recipe
    data = (settings.reference_year, settings.max_age, settings.proxies)
    return (*data, recipe.screening, recipe.imputation, recipe.outliers)
