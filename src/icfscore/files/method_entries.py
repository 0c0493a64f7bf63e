"""Methods as YAML gives them: a kind with parameters, checked against the class of that kind."""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model

from icfscore.domain.criteria import CriteriaTree
from icfscore.errors import Problem, name_hint
from icfscore.files.check import Origin, check, spell
from icfscore.files.located_yaml import Location
from icfscore.recipe import INDICATOR_STAGES, STAGES, Staged, method_classes
from icfscore.sentences import say

_ARTICLES = {"outliers": say("outlier treatment")}


@cache
def model_of(cls: type) -> type[BaseModel]:
    """Build the pydantic model with a method's parameters."""
    hints = get_type_hints(cls, include_extras=True)
    parameters: dict[str, Any] = {f.name: (hints[f.name], _default(f)) for f in fields(cls)}
    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    return create_model(cls.__name__, __config__=config, **parameters)


def _default(parameter: Field[Any]) -> Any:
    if parameter.default_factory is not MISSING:
        return parameter.default_factory()
    return ... if parameter.default is MISSING else parameter.default


def _frozen(value: Any) -> Any:
    """Turn lists into tuples, all the way down."""
    if isinstance(value, list):
        return tuple(_frozen(entry) for entry in value)
    if isinstance(value, dict):
        return {key: _frozen(entry) for key, entry in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class MethodReader:
    """Reads methods and whole stages; problems are added to the list.

    Where the framework is `partial`, an unknown name is no news.
    """

    tree: CriteriaTree
    origin: Origin
    problems: list[Problem]
    partial: bool = False

    def stage(self, stage: str, raw: Any, location: Location) -> Staged[Any] | None:
        """Read a stage: a method, with exceptions by indicator, node or depth."""
        if isinstance(raw, str):
            raw = {"kind": raw}
        if not isinstance(raw, dict):
            self.note(
                location,
                say(
                    "{stage}: must name a method as 'kind', got {found}",
                    stage=stage,
                    found=spell(raw),
                ),
            )
            return None
        keys = [*(("except",) if stage in INDICATOR_STAGES else ()), "at", "at_depth"]
        base = {key: value for key, value in raw.items() if key not in keys}
        method = self.method(STAGES[stage], stage, base, location, extra_keys=keys)
        tables = {key: self._table(stage, key, raw[key], location) for key in keys if key in raw}
        if method is None:
            return None
        return Staged(
            method, tables.get("except", {}), tables.get("at", {}), tables.get("at_depth", {})
        )

    def method(
        self,
        union: Any,
        stage: str,
        raw: Any,
        location: Location,
        extra_keys: list[str] | None = None,
    ) -> Any | None:
        """Read one method of a union."""
        if isinstance(raw, str):
            raw = {"kind": raw}
        classes = method_classes(union)
        if not isinstance(raw, dict) or "kind" not in raw:
            hint = name_hint("", classes, what=say("kinds"))
            self.note(
                location,
                say("{stage}: needs a 'kind', got {found}", stage=stage, found=spell(raw)),
                hint,
            )
            return None
        kind = raw["kind"]
        if not isinstance(kind, str) or kind not in classes:
            what = say(
                "{stage}: no {method} of the kind {found}",
                stage=stage,
                method=_ARTICLES.get(stage, stage),
                found=spell(kind),
            )
            hint = name_hint(str(kind), classes, what=say("kinds"))
            self.note((*location, "kind"), what, hint)
            return None
        return self._build(classes[kind], stage, raw, location, extra_keys or [])

    def _build(
        self, cls: type, stage: str, raw: dict[str, Any], location: Location, extra: list[str]
    ) -> Any | None:
        kind, known = raw["kind"], [f.name for f in fields(cls)]
        for key in raw:
            if key not in known:
                what = say(
                    "{stage}: {kind} has no parameter '{key}'",
                    stage=stage,
                    kind=kind,
                    key=key,
                )
                hint = name_hint(key, [*known, *extra], what=say("it takes"))
                self.problems.append(self.origin.problem((*location, key), what, hint, at="key"))
        needed = [f.name for f in fields(cls) if _default(f) is ... and f.name not in raw]
        for name in needed:
            what = say("{stage}: {kind} needs '{name}'", stage=stage, kind=kind, name=name)
            self.note(location, what, say("'icfscore methods {kind}' explains it", kind=kind))
        if needed:
            return None
        found = len(self.problems)
        model = check(
            model_of(cls),
            {key: _frozen(value) for key, value in raw.items() if key in known},
            self.origin,
            location,
            self.problems,
        )
        if model is None or len(self.problems) > found or any(key not in known for key in raw):
            return None
        hints = get_type_hints(cls, include_extras=True)
        found = len(self.problems)
        given = {
            name: self._named(getattr(model, name), hints[name], (*location, name))
            for name in known
        }
        if len(self.problems) > found:
            return None
        try:
            return cls(**given)
        except ValueError as error:
            self.note(
                location,
                say("{stage}: {kind}: {error}", stage=stage, kind=kind, error=error),
            )
            return None

    def _named(self, value: Any, hint: Any, location: Location) -> Any:
        """Put ids in the place of the names that a parameter gives; unknown ones are problems."""
        if isinstance(value, str) and get_origin(hint) is Annotated:
            return self._identify(value, hint.__metadata__[0], location)
        if get_origin(hint) in (Union, UnionType):
            hint = next((part for part in get_args(hint) if _fits(value, part)), None)
        parts = get_args(hint)
        if isinstance(value, dict) and len(parts) == 2:
            return {
                self._named(key, parts[0], (*location, key)): self._named(
                    entry, parts[1], (*location, key)
                )
                for key, entry in value.items()
            }
        if isinstance(value, tuple) and parts:
            kinds = parts if parts[-1] is not Ellipsis else parts[:1] * len(value)
            return tuple(
                self._named(entry, kind, (*location, position))
                for position, (entry, kind) in enumerate(zip(value, kinds, strict=True))
            )
        return value

    def _identify(self, name: str, what: str, location: Location) -> str:
        known = self.tree.node_by_id if what == "a node" else self.tree.depth_by_id
        found = self.tree.resolve(name)
        if found is not None and found in known:
            return found
        if not self.partial:
            self.note(
                location,
                say("'{name}' is not a node of the framework", name=name)
                if what == "a node"
                else say("'{name}' is not a node or indicator of the framework", name=name),
                name_hint(name, known),
            )
        return name

    def _table(self, stage: str, key: str, raw: Any, location: Location) -> dict[Any, Any]:
        place = (*location, key)
        if not isinstance(raw, dict):
            self.note(
                place, say("{key}: must be a mapping, got {found}", key=key, found=spell(raw))
            )
            return {}
        read = {}
        for name, entry in raw.items():
            where = self.resolve(key, name, (*place, name))
            method = self.method(STAGES[stage], stage, entry, (*place, name))
            if where is not None and method is not None:
                read[where] = method
        return read

    def resolve(self, key: str, name: str, location: Location) -> Any | None:
        """Find what an exception names: an indicator, a node, or a depth."""
        if key == "at_depth":
            deepest = max(self.tree.depth_by_id.values())
            if re.fullmatch("[0-9]{1,3}", str(name)) and (int(name) <= deepest or self.partial):
                return int(name)
            what = say(
                "at_depth: depths go from 0 (the index) to {deepest}, got '{name}'",
                deepest=deepest,
                name=name,
            )
            self.note(location, what)
            return None
        known = (
            [indicator.id for indicator in self.tree.indicators]
            if key == "except"
            else list(self.tree.node_by_id)
        )
        found = self.tree.resolve(name)
        if found not in known:
            thing = "indicator" if key == "except" else "node"
            if not self.partial:
                self.note(
                    location,
                    say("{key}: unknown {thing} '{name}'", key=key, thing=thing, name=name),
                    name_hint(name, known),
                )
            return None
        return found

    def note(self, location: Location, what: str, hint: str = "") -> None:
        """Add a problem at a path."""
        self.problems.append(self.origin.problem(location, what, hint))


def _fits(value: Any, hint: Any) -> bool:
    """Tell whether a value, already validated, is of one part of a union: a mapping or a plain."""
    return isinstance(value, dict) == bool(get_args(hint))
