"""A page for every kind of file, from the schemas that the models make."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.site_pages.methods import folder_of
from tools.site_pages.text import fenced, prose, table

import icfscore
from icfscore.files.schemas import make_schemas
from icfscore.recipe import STAGES, UNCERTAINTIES

Schema = Mapping[str, Any]

_SKELETON = Path(icfscore.__file__).parent / "files" / "skeleton"
# From outermost to innermost; the example is a file of `icfscore init --empty`, or written here.
_EXAMPLES: Mapping[str, Path | str] = {
    "settings": _SKELETON / "icfscore.yaml",
    "framework": _SKELETON / "criteria" / "framework.yaml",
    "criterion": _SKELETON / "criteria" / "first_criterion.yaml",
    "community": _SKELETON / "communities" / "community.yaml.example",
    "area": _SKELETON / "communities" / "areas" / "area.yaml.example",
    "sources": _SKELETON / "communities" / "sources.yaml",
    "panel": "id: analysts  # made up\nname: Scores of the analysts\nsource: analysts_2019\n"
    "rubric: [0, 10]\nraters: {an: An, bo: Bo}\nscores:\n"
    "  binh_duong: {work: {an: 7, bo: 5}, engage: {an: 6, bo: null}}\n",
    "ballots": "id: jury  # made up\nname: Votes of the jury\nrule: borda\nties: true\nballots:\n"
    "  - {voters: 3, ranking: [taoyuan, binh_duong, surat]}\n"
    "  - {voters: 1, ranking: [surat, [taoyuan, binh_duong]]}\n",
    "mapping": "sheet: Data\nheader: 3\nsource: census\nyear: 2021\ncolumns:\n"
    "  name: Municipality\n  dust: {column: 'PM2.5, annual mean', unit: ug/m^3}\n"
    "ignore: [Remarks]\n",
}
_PLAIN = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "null": "`null`",
}
_BY_HAND = """\
# Other files

## Tables of communities

Any `.csv` or `.parquet` in `communities/` is read as it is, so that thousands of communities need
no file each. A row is a community, as here, or one value
(`id,indicator,value,year,source`). `dust.year`, `dust.source` and the like are of one indicator.

{many}

[Bring a spreadsheet](../../how-to/spreadsheet.md) says how other tables come in.

## Changed values

What `icfscore whatif --file` reads: communities, their indicators, and values as an observation
gives them.

```yaml
binh_duong: {{pm25_ugm3: 10, recycling_pct: 30}}
surat:
  pm25_ugm3: {{value: 0.025, unit: mg/m^3}}
```

## What a plan may do

The section `plan:` of `icfscore.yaml`, and what `icfscore plan --settings` reads.

```yaml
costs: {{recycling_pct: 2, connect: 0.5}}   # by indicator, or for all below a criterion
limits: {{pm25_ugm3: [10, null]}}           # lowest and highest planned value; null: no limit
fixed: [gdp_per_capita_ppp_usd]           # stays as it is
free: [gini]                              # may be planned although its lever is none
```
"""


def file_pages() -> dict[str, str]:
    """Write the list of files and a page for each kind."""
    schemas = make_schemas()
    ordered = {kind: schemas[kind] for kind in _EXAMPLES}
    rows = [(f"[{kind}]({kind}.md)", prose(schema["title"])) for kind, schema in ordered.items()]
    rows.append(("[other files](other.md)", "tables of communities, changed values, plans"))
    index = (
        "# Files\n\nA project is a folder of YAML files, read as YAML 1.2. `icfscore validate` "
        "names every mistake with its line. `icfscore init` puts JSON Schemas beside them and ties "
        "each file to its own, so that editors such as VS Code complete and check while you type. "
        "A key that is not required may also be `null`.\n\n"
    )
    many = (_SKELETON / "communities" / "many.csv.example").read_text(encoding="utf-8")
    return {
        "reference/files/index.md": index + table(("kind", "which file"), rows),
        **{f"reference/files/{kind}.md": _page(kind, ordered[kind]) for kind in ordered},
        "reference/files/other.md": _BY_HAND.format(many=fenced(many, "text")),
    }


def _page(kind: str, schema: Schema) -> str:
    example = _EXAMPLES[kind]
    text = example if isinstance(example, str) else example.read_text(encoding="utf-8")
    name, _, meaning = schema["title"].partition(": ")
    parts = [f"# {kind}", f"`{name}`: {prose(meaning)}." if "/" in name or "." in name else
             prose(schema["title"]) + ".", "## Example", fenced(text, "yaml")]  # fmt: skip
    parts += ["## Keys"]
    for title, told, keys in _tables(schema):
        parts += [f"### {title}" if title else "", told, keys]
    return "\n\n".join(part for part in parts if part)


def _tables(schema: Schema) -> Iterator[tuple[str, str, str]]:
    """Give a table for the file's own keys, then for each mapping below it, once."""
    definitions = schema.get("$defs", {})
    waiting: list[tuple[str, Schema]] = [("", schema)]
    seen: set[str] = set()
    while waiting:
        title, entry = waiting.pop(0)
        if "properties" not in entry:
            entry = _inner(entry, definitions) or entry
        if title in seen or "properties" not in entry:
            continue
        seen.add(title)
        rows = []
        required = set(entry.get("required", ()))
        for key, value in entry["properties"].items():
            rows.append((f"`{key}`", _type(key, value, definitions), _need(key, value, required),
                         prose(value.get("description", ""))))  # fmt: skip
            inner = None if key in {**STAGES, **UNCERTAINTIES} else _inner(value, definitions)
            if inner is not None:
                waiting.append((key, inner))
        told = "" if title == "" else prose(entry.get("description", "").split("\n\n")[0])
        yield title, told, table(("key", "what", "needed", "meaning"), rows)


def _inner(schema: Schema, definitions: Schema) -> Schema | None:
    """Find the mapping with named keys in what a key may hold."""
    found = [each for each in _mappings(schema, definitions) if "properties" in each]
    return found[0] if found else None


def _mappings(schema: Any, definitions: Schema) -> Iterator[Schema]:
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield definitions[schema["$ref"].rpartition("/")[2]]
        return
    if "properties" in schema:
        yield schema
        return
    for each in (*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")):
        yield from _mappings(each, definitions)


def _need(key: str, schema: Schema, required: set[str]) -> str:
    if key in required:
        return "required"
    default = schema.get("default")
    return "" if default in (None, "", [], {}) else f"default `{json.dumps(default)}`"


def _type(key: str, schema: Schema, definitions: Schema) -> str:
    if key in STAGES:
        return f"a [method](../methods/{folder_of(key)}/index.md)"
    if key in UNCERTAINTIES and "enum" in json.dumps(schema):
        return f"a [method](../methods/{folder_of(f'uncertainty.{key}')}/index.md)"
    kinds = dict.fromkeys(_kinds(key, schema, definitions))
    return " or ".join(
        kind for kind in kinds if kind != "`null`"
    )  # what may be missing, may be null


def _kinds(key: str, schema: Schema, definitions: Schema) -> Iterator[str]:
    if "anyOf" in schema:
        for choice in schema["anyOf"]:
            yield from _kinds(key, choice, definitions)
    elif "enum" in schema:
        yield ", ".join(f"`{value}`" for value in schema["enum"])
    elif "$ref" in schema or "properties" in schema:
        yield f"a mapping ([below](#{key}))"
    elif schema.get("type") == "array":
        inner = schema.get("items") or {"anyOf": schema.get("prefixItems", [])}
        what = " or ".join(dict.fromkeys(_kinds(key, inner, definitions)))
        yield f"a list of {what}" if "items" in schema else f"a pair of {what}"
    elif schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        what = "anything"
        if isinstance(inner, dict):
            what = " or ".join(dict.fromkeys(_kinds(key, inner, definitions))) or what
        yield f"a mapping of names to {what}"
    else:
        yield _PLAIN.get(schema.get("type", ""), "anything")
