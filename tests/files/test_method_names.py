"""Aliases are accepted wherever an id is, in the parameters of methods too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MakeProject

from icfscore.errors import InputError
from icfscore.files.project_folder import read_project
from icfscore.pipeline.score import score

METHODS = {
    "rank order": "weighting: {kind: given, at: {index: {kind: rank_order, order: [Clean air, Work]}}}",
    "hierarchy": "weighting: {kind: analytic_hierarchy, comparisons: {Index: [[Clean air, work, 3]]}}",
    "best worst": "weighting: {kind: given, at: {index: {kind: best_worst, best: Clean Air, worst: WORK,"
    " best_to_others: {clean air: 1, work: 3}, others_to_worst: {Clean air: 3, work: 1}}}}",
    "budget": "weighting: {kind: budget_allocation, experts: {Ann: {Clean air: 75, Work: 25}}}",
}


def _weights(make_project: MakeProject, recipe: str) -> Any:
    folder: Path = make_project({"icfscore.yaml": f"recipe:\n  {recipe}\n"})
    read = read_project(folder)
    return score(read.project, read.settings).weights


@pytest.mark.parametrize("name", METHODS)
def test_an_alias_stands_for_its_id(name: str, make_project: MakeProject) -> None:
    assert _weights(make_project, METHODS[name])["air"] == pytest.approx(0.75)


def test_a_stranger_is_told_with_its_place(make_project: MakeProject) -> None:
    recipe = METHODS["rank order"].replace("Clean air", "Claen air")
    with pytest.raises(
        InputError, match=r"icfscore\.yaml:2:67: 'Claen air' is not a node or indicator"
    ):
        _weights(make_project, recipe)


def test_bounds_may_name_some_of_the_children(make_project: MakeProject) -> None:
    recipe = "aggregation: {kind: arithmetic, at: {index: {kind: benefit_of_the_doubt, lower: {Clean air: 0.2}}}, at_depth: {1: {kind: geometric}}}\n  normalisation: {kind: min_max, low: 1}"
    assert _weights(make_project, recipe)["air"] == 0.5


def test_the_index_and_a_denominator_may_be_called_by_their_aliases(
    make_project: MakeProject,
) -> None:
    folder = make_project()
    framework = folder / "criteria/framework.yaml"
    text = framework.read_text().replace("id: small\n", "id: small\naliases: [The Whole]\n")
    framework.write_text(text.replace("{id: population,", "{id: population, aliases: [Heads],"))
    air = folder / "criteria/air.yaml"
    plain = score(*_read(folder)).scores.values
    air.write_text(air.read_text().replace("per: population", "per: heads"))
    settings = folder / "icfscore.yaml"
    settings.write_text("recipe: {weighting: {kind: given, at: {the whole: {kind: equal}}}}\n")
    assert score(*_read(folder)).scores.values.tolist() == plain.tolist()


def test_what_a_method_needs_is_told_with_its_name(make_project: MakeProject) -> None:
    with pytest.raises(InputError, match="aggregation: power_mean needs 'exponent'"):
        _weights(make_project, "aggregation: {kind: power_mean}")


def _read(folder: Path) -> Any:
    read = read_project(folder)
    return read.project, read.settings
