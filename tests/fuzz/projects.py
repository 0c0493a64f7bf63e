"""Whole projects: a random framework, communities with random values, and settings of all kinds."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

import yaml

from tests.fuzz.settings import settings
from tests.fuzz.values import UNITS, number, text

KINDS = ("ratio", "share", "index", "count", "ordinal", "boolean")
AREAS = ("AAA", "vnm", "region-1")


@dataclass(slots=True)
class Made:
    """A project's files by path, and the names that command lines need."""

    files: dict[str, bytes] = field(default_factory=dict)
    communities: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)
    scenarios: list[str] = field(default_factory=list)
    children: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Every name there is."""
        return [*self.communities, *self.indicators, *self.nodes, "pop", "nobody"]

    @property
    def names(self) -> dict[str, list[str]]:
        """Give names by the setting that takes such ones."""
        weighed = [*self.nodes[1:], *self.indicators]
        return {
            "": weighed, "at": self.nodes, "nodes": self.nodes, "at_depth": ["0", "1", "2"],
            "except": self.indicators, "by": ["income", "size"], "id": self.communities, "weights": weighed,
            "order": weighed, "lower": weighed, "upper": weighed, "comparisons": self.nodes,
        }  # fmt: skip


def spelt(r: Random, data: Any) -> bytes:
    """Spell data as YAML: block or flow style, or as JSON."""
    if r.random() < 0.5:
        return json.dumps(data, ensure_ascii=r.random() < 0.5).encode("utf-8", "replace")
    dumped: str = yaml.dump(
        data, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True, sort_keys=False,
        default_flow_style=r.choice([None, False]),
    )  # fmt: skip
    return dumped.encode("utf-8", "replace")


def project(r: Random) -> Made:
    """Make a project, mostly a valid one."""
    made = Made()
    made.nodes.append("index")
    entries = _framework(r, made)
    made.communities = [f"m{n}" for n in range(r.choice([1, 2, 3, 3, 5, 9]))]
    made.files["communities/sources.yaml"] = spelt(
        r, {"s": {"title": text(r)}, "t": {"year": 2018}}
    )
    area = {
        "id": "AAA",
        "name": named(r, "A"),
        "source": "s",
        "observations": _values(r, entries, 0.3),
    }
    made.files["communities/areas/AAA.yaml"] = spelt(r, area)
    in_table = r.random() < 0.2
    if in_table:
        _table(r, made, entries)
    else:
        for community in made.communities:
            made.files[f"communities/{community}.yaml"] = spelt(
                r, _community(r, community, entries)
            )
    stages = _award(r, made) if r.random() < 0.4 else None
    if r.random() < 0.9:
        made.files["icfscore.yaml"] = spelt(r, settings(r, made, stages))
    return made


def named(r: Random, otherwise: str) -> str:
    """Draw a name that says something."""
    drawn = text(r)
    return drawn if drawn.strip() else otherwise


def _framework(r: Random, made: Made) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    criteria = []
    for _ in range(r.randint(1, 4)):
        node: dict[str, Any] = {"id": f"c{len(made.nodes)}", "name": named(r, "C")}
        made.nodes.append(node["id"])
        node["indicators"] = [_indicator(r, made, entries) for _ in range(r.randint(1, 3))]
        node["indicators"][0].pop("weight", None)  # a node whose children all weigh nothing is none
        made.children[node["id"]] = [each["id"] for each in node["indicators"]]
        if r.random() < 0.1:
            made.nodes.append(inner := f"c{len(made.nodes)}")
            node["criteria"] = [{"id": inner, "name": "I", "indicators": node.pop("indicators")}]
        if r.random() < 0.2:
            node["weight"] = r.choice([0.5, 2, 3])
        criteria.append(node)
    head: dict[str, Any] = {"id": "f", "name": named(r, "F"), "criteria": criteria}
    head["context"] = [{"id": "pop", "name": "P", "unit": r.choice(["person", "person", ""])}]
    if r.random() < 0.2:
        head["caveats"] = [text(r)]
    made.files["criteria/framework.yaml"] = spelt(r, head)
    return entries


def _indicator(r: Random, made: Made, entries: list[dict[str, Any]]) -> dict[str, Any]:
    kind = r.choice(KINDS)
    entry: dict[str, Any] = {
        "id": f"x{len(entries)}",
        "name": named(r, "X"),
        "unit": "percent" if kind == "share" else r.choice(UNITS),
        "direction": r.choice(["higher", "lower"]),
        "kind": kind,
    }
    if kind == "share":
        entry["bounds"] = [0, 100]
    if kind == "index" and r.random() < 0.5:
        entry["bounds"] = [-3, 100]
    if kind == "ordinal" and r.random() < 0.5:
        entry["levels"] = {"low": 0, "mid": 1, "high": 3}
    if kind in ("ratio", "count") and r.random() < 0.15:
        entry["per"] = "pop"
    if kind == "ratio" and r.random() < 0.15:
        entry["transform"] = "log"
    rare = {
        "weight": r.choice([0, 2]), "target": 50, "goalposts": [0, 100], "lever": r.choice(["direct", "none"]),
        "description": text(r), "aliases": [f"Alias {len(entries)}"],
    }  # fmt: skip
    entry |= {key: value for key, value in rare.items() if r.random() < 0.1}
    entries.append(entry)
    made.indicators.append(entry["id"])
    return entry


def _values(r: Random, entries: list[dict[str, Any]], gaps: float) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for entry in entries:
        if r.random() >= gaps:
            value = _value(r, entry)
            values[entry["id"]] = value if r.random() < 0.3 else _observation(r, value, entry)
    if r.random() < 0.8:
        values["pop"] = r.choice([1, 1000, 123456, 10**7])
    return values


def _value(r: Random, entry: dict[str, Any]) -> Any:
    kind = entry["kind"]
    if kind == "boolean":
        return r.random() < 0.5
    if kind == "ordinal":
        return r.choice(["low", "mid", "high"]) if "levels" in entry else r.randrange(4)
    if kind == "share":
        return r.choice([0, 100, 50, round(r.uniform(0, 100), 2)])
    if kind == "index":
        return r.choice([0, -3, 100, round(r.uniform(-3, 100), 2)])
    if kind == "count":
        return r.randrange(100)
    return abs(number(r)) or 1


def _observation(r: Random, value: Any, entry: dict[str, Any]) -> Any:
    one: dict[str, Any] = {"value": value}
    for key, choices in (
        ("year", [2010, 2016, 2018]), ("level", ["community", "region", "national"]),
        ("status", ["seen", "derived", "recalled", "self_reported"]), ("source", ["s", "t"]),
        ("comparability", ["high", "medium", "low"]), ("note", ["", "a|b", text(r)]),
    ):  # fmt: skip
        if r.random() < 0.25:
            one[key] = r.choice(choices)
    if entry["kind"] == "ratio" and r.random() < 0.15:
        one["sd"] = r.choice([0, 1, 0.5, 1e9])
    if r.random() < 0.03:
        one["unit"] = r.choice(UNITS)
    if r.random() < 0.1:
        return [one | {"year": 2016}, one | {"year": 2018, "value": _value(r, entry)}]
    return one


def _community(r: Random, community: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    one: dict[str, Any] = {"id": community, "name": named(r, "M"), "source": "s"}
    if r.random() < 0.6:
        one["parent"] = "AAA"
    if r.random() < 0.2:
        one["groups"] = {"income": r.choice(["high", "low"]), "size": r.choice("SML")}
    if r.random() < 0.3:
        one["recognitions"] = [{"year": 2019, "list": r.choice(["top7", "smart21"]), "source": "s"}]
    if r.random() < 0.1:
        one["facts"] = [{"id": "fact", "value": number(r), "source": "s"}]
    return one | {"observations": _values(r, entries, r.choice([0.1, 0.4]))}


def _table(r: Random, made: Made, entries: list[dict[str, Any]]) -> None:
    columns = [entry["id"] for entry in entries]
    rows: list[list[Any]] = [["id", "name", "source", *columns]]
    for community in made.communities:
        cells = [_value(r, entry) if r.random() < 0.8 else None for entry in entries]
        rows.append([community, named(r, "M"), "s", *cells])
    if r.random() < 0.5:
        made.files["communities/all.csv"] = as_csv(rows, ",;\t"[r.randrange(3)])
    else:
        made.files["communities/all.parquet"] = as_parquet(rows)


def as_csv(rows: list[list[Any]], separator: str = ",") -> bytes:
    """Write rows as CSV."""
    import csv

    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue().encode("utf-8", "replace")


def as_parquet(rows: list[list[Any]]) -> bytes:
    """Write rows below a header as Parquet; columns of mixed types become text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = []
    for column in zip(*rows[1:], strict=True):
        try:
            arrays.append(pa.array(column))
        except (pa.ArrowException, OverflowError):
            arrays.append(pa.array([None if each is None else str(each) for each in column]))
    stream = io.BytesIO()
    pq.write_table(pa.table(arrays, names=[str(n) for n in rows[0]]), stream)
    return stream.getvalue()


def _award(r: Random, made: Made) -> list[dict[str, Any]]:
    raters = [f"r{n}" for n in range(r.randint(1, 4))]
    scores = {
        community: {
            node: {rater: r.choice([0, 1, 5, 7.5, 10, None]) for rater in raters}
            for node in r.sample(made.nodes, r.randint(1, len(made.nodes)))
        }
        for community in made.communities
    }
    panel = {"id": "p", "name": named(r, "P"), "source": "s", "rubric": [0, 10],
             "raters": dict.fromkeys(raters), "scores": scores}  # fmt: skip
    if r.random() < 0.2:
        rows = [["community", "node", "rater", "score"]]
        rows += [
            [c, n, k, v] for c, a in scores.items() for n, b in a.items() for k, v in b.items()
        ]
        made.files["panels/p.csv"] = as_csv(rows)
        panel["scores"] = "p.csv"
    made.files["panels/p.yaml"] = spelt(r, panel)
    ballots = []
    for _ in range(r.randint(1, 3)):
        order = r.sample(made.communities, len(made.communities))
        ballots.append({"ranking": order, "approves": order[:1], "points": {order[0]: number(r)}})
    rule = r.choice(["plurality", "borda", "approval", "condorcet"])
    jury = {"id": "j", "name": "J", "rule": rule, "ballots": ballots}
    made.files["ballots/j.yaml"] = spelt(r, jury)
    choices = ["index", "panel.p", "ballots.j", *made.nodes]
    return [
        {"id": f"s{n}", "inputs": {r.choice(choices): r.choice([1, 2, 0.5]) for _ in range(2)},
         "combine": r.choice(["scores", "ranks"]), "passes": max(1, len(made.communities) - n)}
        for n in range(r.randint(1, 3))
    ]  # fmt: skip
