"""JSON Schemas of all YAML files, made from the models that read them.

Editors complete and check by them. They say less than `icfscore validate`, which also knows what
other files hold; but whatever they refuse, it refuses too.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, RootModel

from icfscore.domain.criteria import Identifier, Indicator, Quantity
from icfscore.files.entries import (
    AreaHead,
    CommunityHead,
    FactEntry,
    ObservationEntry,
    RecognitionEntry,
    SourceEntry,
)
from icfscore.files.framework_file import FrameworkHead, NodeHead
from icfscore.files.funnel_entries import BallotEntry, BallotsHead, StageEntry
from icfscore.files.mapping_file import MappingFile
from icfscore.files.method_entries import model_of
from icfscore.files.panel_entries import PanelHead
from icfscore.files.recipe_file import (
    ScenarioHead,
    ScreeningEntry,
    SettingsHead,
    UncertaintyHead,
)
from icfscore.files.schema_words import WORDS
from icfscore.recipe import INDICATOR_STAGES, STAGES, UNCERTAINTIES, method_classes

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


class _Observation(ObservationEntry):
    value: float | str | bool | None


_Observed = float | str | bool | _Observation | None


class _Node(NodeHead):
    criteria: list[Identifier | _Node] | None = None
    indicators: list[Indicator] | None = None


class _Framework(FrameworkHead):
    criteria: list[Identifier | _Node] | None = None
    indicators: list[Indicator] | None = None
    context: list[Quantity] = Field(default=[])


class _Community(CommunityHead):
    facts: list[FactEntry] = Field(default=[])
    recognitions: list[RecognitionEntry] = Field(default=[])
    observations: dict[str, _Observed | list[_Observed]] = Field(default={})


class _Area(AreaHead):
    facts: list[FactEntry] = Field(default=[])
    recognitions: list[RecognitionEntry] = Field(default=[])
    observations: dict[str, _Observed | list[_Observed]] = Field(default={})


class _Sources(RootModel[dict[str, SourceEntry | None]]):
    """Where values were published: a key for each source, which observations cite."""


class _Panel(PanelHead):
    rubric: Annotated[list[float], Field(min_length=2, max_length=2)] | dict[str, float]
    scores: str | dict[str, dict[str, dict[str, float | str | None] | None] | None]


class _Ballot(BallotEntry):
    ranking: list[Identifier | list[Identifier]] | None = None
    approves: list[Identifier] | None = None


class _Ballots(BallotsHead):
    ballots: list[_Ballot] = Field(min_length=1)


_FILES: Mapping[str, tuple[type[BaseModel], str]] = {
    "framework": (_Framework, "criteria/framework.yaml: which criteria there are"),
    "criterion": (_Node, "criteria/<id>.yaml: a criterion with its indicators"),
    "community": (_Community, "communities/<id>.yaml: a community with its observations"),
    "area": (_Area, "communities/areas/<id>.yaml: a country or region that values are taken from"),
    "sources": (_Sources, "communities/sources.yaml: where values were published"),
    "panel": (_Panel, "panels/<id>.yaml: raters' scores by community and node"),
    "ballots": (_Ballots, "ballots/<id>.yaml: a jury's rankings, approvals or points"),
    "mapping": (MappingFile, "What 'icfscore import --mapping' reads: which columns hold what"),
}


def make_schemas() -> dict[str, Schema]:
    """Make the schema of every kind of file, by kind."""
    schemas = {
        kind: _finish(model.model_json_schema(), title) for kind, (model, title) in _FILES.items()
    }
    schemas["settings"] = _finish(_settings(), "icfscore.yaml: how communities are scored")
    return schemas


def schema_text(schema: Schema) -> str:
    """Spell a schema as the file that is shipped."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _settings() -> Schema:
    definitions: Schema = {}
    for stage in STAGES:
        definitions[stage] = _stage(stage, definitions)
    stages = {stage: {"$ref": f"#/$defs/{stage}"} for stage in STAGES}
    screening = _embedded(ScreeningEntry, definitions)
    recipe = {
        "type": "object",
        "properties": {"screening": screening, **stages},
        "additionalProperties": False,
    }
    weights = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}
    scenario = _embedded(ScenarioHead, definitions)
    scenario["properties"] |= {"recipe": recipe, "weights": weights}
    uncertainty = _embedded(UncertaintyHead, definitions)
    for name, union in UNCERTAINTIES.items():
        extra = {"nodes": _NODES} if name == "weights" else {}
        methods = [_method(cls, definitions, extra) for cls in method_classes(union).values()]
        uncertainty["properties"][name] = _choice(methods, method_classes(union))
    uncertainty["properties"]["alternatives"] = {
        "type": "object",
        "properties": {
            stage: {"type": "array", "items": schema, "minItems": 1}
            for stage, schema in stages.items()
        },
        "additionalProperties": False,
    }
    settings = _embedded(SettingsHead, definitions)
    settings["properties"] |= {
        "recipe": recipe,
        "weights": weights,
        "scenarios": {"type": "object", "additionalProperties": scenario},
        "uncertainty": uncertainty,
        "stages": {"type": "array", "items": _embedded(StageEntry, definitions)},
    }
    return settings | {"$defs": definitions}


_NODES: Schema = {
    "anyOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}],
    "description": "The nodes whose children's weights vary.",
}


def _stage(stage: str, definitions: Schema) -> Schema:
    """Describe a stage: a kind, or a method with its exceptions."""
    classes = method_classes(STAGES[stage])
    plain = [_method(cls, definitions, {}) for cls in classes.values()]
    definitions[f"{stage}_method"] = _choice(plain, classes)
    other = {
        "type": "object",
        "additionalProperties": {"$ref": f"#/$defs/{stage}_method"},
    }
    tables = {"at": other, "at_depth": other}
    if stage in INDICATOR_STAGES:
        tables["except"] = other
    return _choice([_method(cls, definitions, tables) for cls in classes.values()], classes)


def _choice(methods: list[Schema], kinds: Mapping[str, type]) -> Schema:
    return {"anyOf": [{"enum": list(kinds)}, *methods]}


def _method(cls: type, definitions: Schema, extra: Schema) -> Schema:
    schema = _embedded(model_of(cls), definitions)
    kind = schema["properties"]["kind"]["const"]
    schema["properties"]["kind"] = {"const": kind}
    schema["properties"] |= extra
    schema["required"] = sorted({*schema.get("required", ()), "kind"})
    schema["description"] = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0]
    return schema


def _embedded(model: type[BaseModel], definitions: Schema) -> Schema:
    """Make a model's schema, its own definitions put among the others."""
    schema = model.model_json_schema()
    definitions |= schema.pop("$defs", {})
    return schema


def _finish(schema: Schema, title: str) -> Schema:
    """Let what may be left out be empty, and say what keys mean."""
    _walk(schema)
    schema.pop("title", None)
    return {"$schema": DIALECT, "title": title, **schema}


def _walk(schema: Any) -> None:
    if isinstance(schema, list):
        for entry in schema:
            _walk(entry)
        return
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    if isinstance(properties, dict) and schema.get("type") == "object":
        schema.pop("title", None)
        required = schema.get("required", ())
        for name, value in properties.items():
            _walk(value)
            properties[name] = _property(name, value, optional=name not in required)
    for key, value in schema.items():
        if key != "properties":
            _walk(value)


def _property(name: str, schema: Schema, *, optional: bool) -> Schema:
    schema.pop("title", None)
    told = {"description": WORDS[name]} if name in WORDS else {}
    if "description" in schema or not told:
        told = {}
    if not optional or _admits_null(schema):
        return told | schema
    default = {"default": schema.pop("default")} if "default" in schema else {}
    return {**told, **default, "anyOf": [schema, {"type": "null"}]}


def _admits_null(schema: Schema) -> bool:
    choices = schema.get("anyOf", [schema])
    return any(choice.get("type") == "null" for choice in choices) or not schema
