"""What the page's script is given: numbers in full, names made harmless, sentences translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from icfscore import __version__
from icfscore.domain.criteria import ROOT
from icfscore.domain.text import Text, text_in
from icfscore.errors import InputError
from icfscore.pipeline.explorable import BY_COLUMN, Averaged, Explorable, Scaled
from icfscore.pipeline.explorable_draws import DataDraws, follows_from_positions
from icfscore.recipe import describe_method
from icfscore.report.escape import NAME_LENGTH, clean
from icfscore.report.explore.packed import pack_doubles, pack_draws
from icfscore.report.explore.recipe_text import settings_parts, yaml_of_stage
from icfscore.report.explore.words import (
    aggregation_label,
    normalisation_label,
    page_words,
    why_no_draws,
    why_not_preset,
)
from icfscore.report.language import Language
from icfscore.report.wording import Wording


def page_record(
    explorable: Explorable,
    draws: DataDraws | InputError | str,
    language: Language,
    wording: Wording,
    scenarios: Any,
) -> dict[str, Any]:
    """Build the record that model.js and page.js read.

    Parameters
    ----------
    draws
        Or why there are none.
    scenarios
        As icfscore.yaml has them, for the settings that the page writes.
    """
    scoring = explorable.scoring
    tree, settings = scoring.project.tree, scoring.settings
    communities = scoring.screened.observed.communities
    names = {name: wording.node(name) for name in (*tree.node_by_id, *tree.quantity_by_id)}
    return {
        "version": __version__,
        "digest": scoring.digest,
        "locale": language.locale.replace("_", "-"),
        "words": page_words(language),
        "communities": [{"id": name, "name": wording.community(name)} for name in communities],
        "excluded": {name: wording.community(name) for name in scoring.screened.excluded},
        "names": names,
        "indicators": list(explorable.indicators),
        "nodes": [
            {"id": step.node, "children": list(step.siblings.names)} for step in explorable.nodes
        ],
        "children": {
            node.id: [child.id for child in node.children] for node in tree.nodes if node.children
        },
        "parents": dict(tree.parent_by_id),
        "weights": dict(explorable.weights),
        "filed": tree.weights({}),
        "given": explorable.given,
        "start": {
            "normalisation": explorable.normalisation,
            "aggregation": explorable.aggregation,
            "focus": settings.focus if settings.focus in communities else "",
        },
        "normalisations": {
            each.identifier: _normalisation(each, explorable, language)
            for each in explorable.normalisations
        },
        "aggregations": {
            each.identifier: _aggregation(each, explorable, language)
            for each in explorable.aggregations
        },
        "presets": {
            each.name: {
                "normalisation": each.normalisation,
                "aggregation": each.aggregation,
                "weights": dict(each.weights),
            }
            for each in explorable.presets
            if each.missing is None
        },
        "draws": pack_draws(draws) if isinstance(draws, DataDraws) else None,
        "noDraws": "" if isinstance(draws, DataDraws) else why_no_draws(draws, language),
        "screening": _screening(explorable),
        "settings": settings_parts(settings, scenarios),
    }


def choices(explorable: Explorable, language: Language) -> dict[str, list[dict[str, str]]]:
    """List what the page offers to choose from: value and label."""
    return {
        "normalisation": [
            {"value": each.identifier, "label": _scaled_label(each, language)}
            for each in explorable.normalisations
        ],
        "aggregation": [
            {"value": each.identifier, "label": _averaged_label(each, language)}
            for each in explorable.aggregations
        ],
    }


def preset_rows(
    explorable: Explorable, names: Mapping[str, Text], language: Language
) -> list[dict[str, str]]:
    """List the scenarios: value, label, and why the page cannot show it, or ""."""
    return [
        {
            "value": each.name,
            "label": clean(text_in(names[each.name], language.code), NAME_LENGTH) or each.name,
            "missing": why_not_preset(each.missing, each.detail, language) if each.missing else "",
        }
        for each in explorable.presets
    ]


def _normalisation(choice: Scaled, explorable: Explorable, language: Language) -> dict[str, Any]:
    tree = explorable.scoring.project.tree
    methods = None
    if follows_from_positions(choice, explorable):
        methods = [
            describe_method(choice.staged.at_indicator(name, tree))
            for name in explorable.indicators
        ]
    return {
        "label": _scaled_label(choice, language),
        "yaml": yaml_of_stage(choice.staged),
        "table": pack_doubles(choice.table),
        "methods": methods,
    }


def _aggregation(choice: Averaged, explorable: Explorable, language: Language) -> dict[str, Any]:
    tree = explorable.scoring.project.tree
    return {
        "label": _averaged_label(choice, language),
        "yaml": yaml_of_stage(choice.staged),
        "methods": {
            step.node: describe_method(choice.at(step.node, tree)) for step in explorable.nodes
        },
    }


def _scaled_label(choice: Scaled, language: Language) -> str:
    return normalisation_label(choice.identifier, choice.staged, language)


def _averaged_label(choice: Averaged, language: Language) -> str:
    return aggregation_label(choice.identifier, choice.staged, language)


def _screening(explorable: Explorable) -> dict[str, Any]:
    """Tell which values there are, of those left out too: weights of 0 change who takes part."""
    scoring = explorable.scoring
    observed = scoring.observed
    columns = [observed.indicators.index(name) for name in explorable.indicators]
    marks = np.where(observed.present[:, columns], "1", "0")
    return {
        "least": scoring.settings.recipe.screening.min_community_coverage,
        "imputed": any(
            method.kind not in BY_COLUMN for method in scoring.settings.recipe.imputation.methods()
        ),
        "present": {
            name: "".join(row) for name, row in zip(observed.communities, marks, strict=True)
        },
    }


def adjustable(explorable: Explorable) -> frozenset[str]:
    """List the nodes and indicators whose weight can be moved: those that count."""
    return frozenset(name for step in explorable.nodes for name in step.siblings.names) - {ROOT}
