"""The JSON Schemas: current, at one with the built-in files, and refusing what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.files.located_yaml import parse_value, read_document
from icfscore.files.project_folder import inspect_project, read_project
from icfscore.files.schema_files import MODELINE, shipped_schemas, with_modeline
from icfscore.files.schemas import make_schemas, schema_text

REPOSITORY = Path(__file__).parents[2]
SCHEMAS = make_schemas()
FILES = [
    path
    for folder in (".", "criteria", "communities", "communities/areas")
    for path in sorted((REPOSITORY / folder).glob("*.yaml"))
]


def kind_of(path: str) -> str:
    return with_modeline(path, "").partition("schemas/")[2].partition(".")[0]


def refusals(kind: str, data: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(SCHEMAS[kind])
    return [error.message for error in validator.iter_errors(data)]


def test_the_shipped_schemas_are_current() -> None:
    made = {f"{kind}.schema.json": schema_text(schema) for kind, schema in SCHEMAS.items()}
    assert made == shipped_schemas(), "run: icfscore export --schemas src/icfscore/schemas"


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_built_in_files_pass(path: Path) -> None:
    name = path.relative_to(REPOSITORY).as_posix()
    data = read_document(path, name).data
    assert refusals(kind_of(name), data) == []


GOOD = {
    "settings": [
        "recipe: {aggregation: geometric, normalisation: {kind: min_max, except: {q: rank}}}",
        "recipe: {aggregation: {kind: arithmetic, at: {index: {kind: geometric}}, at_depth: {0: median}}}",
        "uncertainty: {draws: 5, weights: {kind: dirichlet, concentration: 60, nodes: all}, data: null}",
        "uncertainty: {alternatives: {normalisation: [{kind: min_max, low: 1}, z_score]}}",
        "scenarios: {a: {name: {en: A, vi: B}, recipe: {screening: {min_indicator_coverage: 0}}}}",
        "focus:\nweights: {}",
    ],
    "community": [
        "{id: a, name: A, observations: {q: 1, r: {value: x}, s: [{value: true, year: 2018}, 2], t: null}}",
        "{id: a, name: {en: A}, facts: [{id: f, value: much}], recognitions: [{year: 2019, list: l}]}",
    ],
    "criterion": ["{id: a, name: A, criteria: [b, {id: c, name: C, indicators: []}]}"],
    "sources": ["{a: {title: T, year: 2018}, b: null}", "{}"],
    "mapping": ["{columns: {id: Code, q: {column: X, unit: m}}}"],
}
BAD = {
    "settings": [
        "recipe: {aggregation: geometrical}", "recipe: {agregation: geometric}", "draws: 5",
        "recipe: {normalisation: {kind: min_max, lo: 0}}", "weights: {q: -1}",
        "recipe: {aggregation: {kind: arithmetic, except: {q: {kind: median}}}}",
        "uncertainty: {draws: many}", "proxies: maybe",
    ],
    "community": [
        "{id: A b, name: A}", "{name: A}", "{id: a, name: A, population: 5}",
        "{id: a, name: A, observations: {q: {value: 1, level: city}}}", "{id: a, name: A, type: country}",
        "{id: a, name: A, observations: {q: {unit: m}}}",
    ],
    "area": ["{id: 5, name: A}", "{id: AAA, name: A, type: community}"],
    "criterion": [
        "{id: a, name: A, indicators: [{id: q, name: Q, unit: m, direction: up, kind: ratio}]}",
        "{id: a, name: A, indicators: [{id: q, name: Q, direction: higher, kind: ratio}]}",
        "{id: a, name: A, weight: -1}",
    ],
    "framework": ["{id: a}", "{id: a, name: A, criteria: b}", "{id: a, name: A, context: [{id: p}]}"],
    "sources": ["{a: {titel: T}}", "[a]"],
    "mapping": ["{column: {id: Code}}", "{decimal: ';'}"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in GOOD.items() for t in texts])
def test_right_files_pass(kind: str, text: str) -> None:
    assert refusals(kind, parse_value(text, "x")) == []


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in BAD.items() for t in texts])
def test_wrong_files_do_not(kind: str, text: str) -> None:
    assert refusals(kind, parse_value(text, "x")) != []


def test_init_ties_every_file_to_a_schema_that_is_there(tmp_path: Path) -> None:
    for options in ([], ["--empty"]):
        folder = tmp_path / f"new{len(options)}"
        result = CliRunner().invoke(cli, ["init", str(folder), *options], catch_exceptions=False)
        assert result.exit_code == 0
        for path in [*folder.rglob("*.yaml"), *folder.rglob("*.yaml.example")]:
            first = path.read_text(encoding="utf-8").partition("\n")[0]
            assert first.startswith(MODELINE)
            assert (path.parent / first.removeprefix(MODELINE)).resolve().is_file(), path
        assert inspect_project(folder).problems == ()


def test_the_line_is_no_part_of_the_digest(make_project: MakeProject) -> None:
    folder = make_project()
    before = read_project(folder).project.digest
    path = folder / "communities/alpha.yaml"
    path.write_text(with_modeline("communities/alpha.yaml", path.read_text()))
    assert read_project(folder).project.digest == before
