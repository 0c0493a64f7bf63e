"""A project whose every free text is a payload, and what each kind of output may make of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from icfscore.files.schemas import make_schemas

PLANT = "§"  # stands for a payload, as a value or as a key

# What each would do where it came through as it is.
PAYLOADS = (
    "=cmd|' /C calc'!A0",
    "+SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=HYPERLINK(\"http://evil.example\")",
    "\r=1+1",
    "<script>hostile()</script>",
    "\"><img src=x onerror=hostile()>",
    "' onmouseover='hostile()' x='",
    "</script><script>hostile()</script>",
    "<!-- --!><svg/onload=hostile()>",
    "]]><b>&lt;b&gt;&#x3c;i&#x3e;",
    "[go](javascript:hostile()) ![p](x.png) <javascript:hostile()>",
    "a|b\n\n# Heading\n\n| x | y |\n|---|---|\n```",
    "{{1234*5678}}{% raise %}${1234*5678}%(n)s{n}{0.__class__}%s",
    "\x1b[31mred\x1b]0;title\x07\x1b]8;;http://evil.example\x1b\\go",
    "[red]rich[/red][link=javascript:hostile()]x[/link]",
    "\u202eevil\u2066\u2069\u202d",
    "../../../etc/passwd",
    "C:\\evil\\..\\x\\n",
    "nul\x7f\x85\u2028\u2029\ufeff\ufffe\x08\x0b",
    "datum.x'];hostile();['\"+hostile()+\"",
    "1e999",
    "\u05d0\u05d1 \u0627\u0644",
    "javascript:hostile()",
    "data:text/html,<script>hostile()</script>",
)  # fmt: skip

# Fields whose text names something else of the project, or is read as a value: no free text.
_REFERENCES = re.compile(
    r"(?:.*\.)?source"
    r"|observations\.(?:<key>|\*(?:\.\[\])?(?:\.(?:value|unit))?)"
    r"|scores(?:\..*)?"
    r"|(?:scenarios\.\*\.)?(?:weights|recipe|uncertainty)(?:\..*)?"
    r"|columns\..*|ignore\.\[\]|sheet"
    r"|criteria\.\[\]\..*|indicators\.\[\]\.(?:rubric|level_names)\.<key>|ballots\.\[\]\.points\.<key>"
    r"|stages\.\[\]\.inputs\.<key>"
)

PROJECT: Mapping[str, tuple[str, Any]] = {
    "icfscore.yaml": ("settings", {
        "focus": "alpha",
        "recipe": {"imputation": {"kind": "none"}},
        "scenarios": {
            "plain": {"name": {"en": PLANT, PLANT: PLANT}, "description": PLANT,
                      "weights": {"air": 2}},
            PLANT: {"name": PLANT, "description": {"en": PLANT, PLANT: PLANT}},
        },
        "stages": [
            {"id": "first", "name": PLANT, "inputs": {"index": 1}, "passes": 3},
            {"id": "last", "name": {"en": PLANT, PLANT: PLANT},
             "inputs": {"ballots.jury": 1, "panel.analysts": 1}, "passes": 1},
        ],
    }),
    "criteria/framework.yaml": ("framework", {
        "id": "small", "name": {"en": PLANT, PLANT: PLANT}, "version": PLANT, "type": PLANT,
        "description": {"en": PLANT, PLANT: PLANT}, "aliases": [PLANT],
        "criteria": ["air", "work"], "caveats": [PLANT, {"en": PLANT, PLANT: PLANT}],
        "context": [{"id": "population", "name": {"en": PLANT, PLANT: PLANT}, "unit": "person",
                     "aliases": [PLANT], "description": {"en": PLANT, PLANT: PLANT},
                     "bounds": [1, None]},
                    {"id": "homes", "name": PLANT, "description": PLANT, "unit": PLANT}],
    }),
    "criteria/air.yaml": ("criterion", {
        "id": "air", "name": {"en": PLANT, PLANT: PLANT}, "type": PLANT, "aliases": [PLANT],
        "description": {"en": PLANT, PLANT: PLANT},
        "indicators": [
            {"id": "dust", "name": {"en": PLANT, PLANT: PLANT}, "unit": "ug/m^3",
             "direction": "lower", "kind": "ratio", "aliases": [PLANT], "bounds": [0, None],
             "description": {"en": PLANT, PLANT: PLANT}},
            {"id": "parks", "name": PLANT, "unit": PLANT, "direction": "higher", "kind": "ratio",
             "description": PLANT, "per": "homes"},
            {"id": "plan", "name": "Plan", "unit": "level", "direction": "higher",
             "kind": "ordinal", "levels": {"none": 0, PLANT: 1, "done": 2},
             "level_names": {"none": PLANT, "done": {"en": PLANT, PLANT: PLANT}},
             "rubric": {"none": PLANT, "done": {"en": PLANT, PLANT: PLANT}}},
        ],
    }),
    "criteria/work.yaml": ("criterion", {
        "id": "work", "name": PLANT, "description": PLANT,
        "indicators": [
            {"id": "jobs", "name": "Jobs", "unit": "percent", "direction": "higher",
             "kind": "share"},
            {"id": "income", "name": "Income", "unit": "USD", "direction": "higher",
             "kind": "ratio", "lever": "direct"},
        ],
    }),
    "communities/sources.yaml": ("sources", {
        "census": {"title": {"en": PLANT, PLANT: PLANT}, "publisher": {"en": PLANT, PLANT: PLANT},
                   "url": PLANT, "year": PLANT},
        "atlas": {"title": PLANT, "publisher": PLANT, "url": "https://example.org/" + PLANT},
        PLANT: {"title": PLANT, "url": PLANT},
    }),
    "communities/areas/AAA.yaml": ("area", {
        "id": "AAA", "name": {"en": PLANT, PLANT: PLANT}, "source": "census",
        "description": {"en": PLANT, PLANT: PLANT},
        "kind": PLANT, "country": PLANT, "region": PLANT, "listed_as": PLANT,
        "groups": {"size": PLANT, PLANT: PLANT},
        "facts": [{"id": "rain", "value": PLANT, "name": PLANT, "unit": PLANT, "area": PLANT,
                   "note": PLANT},
                  {"id": "sun", "value": 3, "name": {"en": PLANT, PLANT: PLANT},
                   "note": {"en": PLANT, PLANT: PLANT}}],
        "observations": {"income": [{"value": 900, "year": 2018, "note": PLANT, "area": PLANT},
                                    {"value": 950, "year": 2019, "area": PLANT,
                                     "note": {"en": PLANT, PLANT: PLANT}}],
                         "jobs": {"value": 44, "area": PLANT, "note": {"en": PLANT, PLANT: PLANT}},
                         "dust": {"value": 9, "note": PLANT}},
    }),
    "communities/alpha.yaml": ("community", {
        "id": "alpha", "name": {"en": PLANT, PLANT: PLANT}, "description": {"en": PLANT, PLANT: PLANT},
        "kind": PLANT, "region": PLANT, "country": PLANT, "listed_as": PLANT, "parent": "AAA",
        "groups": {"size": PLANT, PLANT: PLANT}, "source": "census",
        "facts": [{"id": "rain", "value": PLANT, "name": PLANT, "unit": PLANT, "area": PLANT,
                   "note": PLANT},
                  {"id": "sun", "value": 3, "name": {"en": PLANT, PLANT: PLANT},
                   "note": {"en": PLANT, PLANT: PLANT}}],
        "recognitions": [{"year": 2019, "list": "top7"}],
        "observations": {
            "dust": {"value": 10, "note": {"en": PLANT, PLANT: PLANT}, "area": PLANT, "year": 2018},
            "parks": [{"value": 5, "year": 2018, "note": PLANT, "area": PLANT, "source": "atlas"},
                      {"value": 6, "year": 2019, "note": {"en": PLANT, PLANT: PLANT}}],
            "plan": "done", "homes": 7, "jobs": 60, "population": 1000},
    }),
    "communities/beta.yaml": ("community", {
        "id": "beta", "name": PLANT, "parent": "AAA", "source": "atlas", "description": PLANT,
        "groups": {"size": PLANT},
        "observations": {"dust": {"value": 20, "note": PLANT}, "parks": 3, "homes": 7, "plan": "none",
                         "income": 4000}}),
    "communities/gamma.yaml": ("community", {
        "id": "gamma", "name": PLANT, "source": "census",
        "observations": {"dust": 30, "parks": 9, "homes": 3, "plan": "done", "jobs": 40,
                         "income": 16000}}),
    "panels/analysts.yaml": ("panel", {
        "id": "analysts", "name": {"en": PLANT, PLANT: PLANT}, "source": "census",
        "description": {"en": PLANT, PLANT: PLANT},
        "rubric": {"none": 0, PLANT: 1, "done": 3},
        "raters": {"an": PLANT, "bo": {"en": PLANT, PLANT: PLANT}, PLANT: PLANT},
        "scores": {"alpha": {"work": {"an": "done", "bo": "none"}},
                   "beta": {"work": {"an": "none", "bo": "done"}},
                   "gamma": {"work": {"an": "none", "bo": "none"}}}}),
    "panels/others.yaml": ("panel", {
        "id": "others", "name": PLANT, "description": PLANT, "source": "census", "rubric": [0, 10],
        "raters": {"an": "An", "bo": "Bo"},
        "scores": {"alpha": {"work": {"an": 3, "bo": 4}}, "beta": {"work": {"an": 5, "bo": 4}}}}),
    "ballots/jury.yaml": ("ballots", {
        "id": "jury", "name": {"en": PLANT, PLANT: PLANT},
        "ballots": [{"voter": PLANT, "ranking": ["alpha", "beta", "gamma"]},
                    {"voter": PLANT, "ranking": ["gamma", "alpha", "beta"]}]}),
    "ballots/other.yaml": ("ballots", {
        "id": "other", "name": PLANT,
        "ballots": [{"voter": PLANT, "ranking": ["alpha", "beta", "gamma"]}]}),
}  # fmt: skip


def write_project(folder: Path, turn: int) -> None:
    """Write the project; the payload at each place is another at each turn."""
    _write(folder, lambda count: f"{PAYLOADS[(count + turn) % len(PAYLOADS)]} {count}")


def write_harmless(folder: Path, words: int) -> None:
    """Write the project with texts of so many plain words."""
    _write(folder, lambda count: f"{'plain ' * words}{count}")


def _write(folder: Path, text_of: Callable[[int], str]) -> None:
    count = 0

    def filled(data: Any) -> Any:
        nonlocal count
        if isinstance(data, dict):
            return {filled(key): filled(value) for key, value in data.items()}
        if isinstance(data, list):
            return [filled(value) for value in data]
        if isinstance(data, str) and PLANT in data:
            count += 1
            # A number makes it unique; no digit goes first, where a payload's first letter counts.
            return data.replace(PLANT, text_of(count))
        return data

    yaml = YAML()
    yaml.allow_unicode = True
    yaml.width = 10_000
    for name, (_, data) in PROJECT.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as stream:
            yaml.dump(filled(data), stream)


def free_texts() -> dict[str, set[str]]:
    """List the free texts of every kind of file by the schemas that the models make."""
    found = {}
    for kind, schema in make_schemas().items():
        paths = {".".join(path) for path in _texts(schema, schema, (), frozenset())}
        # What may be text by language is one field; indicators are those of criteria's files.
        found[kind] = {
            path
            for path in paths
            if not _REFERENCES.fullmatch(path)
            and f"{path}.*" not in paths
            and not (kind == "framework" and path.startswith("indicators."))
        }
    return found


def _texts(
    schema: Any, root: Any, path: tuple[str, ...], within: frozenset[str]
) -> Iterator[tuple[str, ...]]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in within:
            yield from _texts(root["$defs"][name], root, path, within | {name})
        return
    for kind in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(kind, ()):
            yield from _texts(part, root, path, within)
    if schema.get("type") == "string" and not schema.keys() & {"enum", "const", "pattern"}:
        yield path
    for name, part in schema.get("properties", {}).items():
        yield from _texts(part, root, (*path, name), within)
    if isinstance(more := schema.get("additionalProperties"), dict):
        if "pattern" not in schema.get("propertyNames", {}):
            yield (*path, "<key>")
        yield from _texts(more, root, (*path, "*"), within)
    if isinstance(schema.get("items"), dict):
        yield from _texts(schema["items"], root, (*path, "[]"), within)


def planted() -> dict[str, list[re.Pattern[str]]]:
    """List the places of PROJECT that hold payloads, as patterns of the schemas' paths."""
    found: dict[str, list[re.Pattern[str]]] = {}
    for kind, data in PROJECT.values():
        found.setdefault(kind, []).extend(map(re.compile, _places(data, "")))
    return found


def _places(data: Any, path: str) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if PLANT in key:
                yield f"{path}<key>"
            name = r"\*" if PLANT in key else rf"(?:{re.escape(key)}|\*)"
            yield from _places(value, rf"{path}{name}\.")
    elif isinstance(data, list):
        for value in data:
            yield from _places(value, rf"{path}\[\]\.")
    elif isinstance(data, str) and PLANT in data:
        yield path.removesuffix(r"\.")
