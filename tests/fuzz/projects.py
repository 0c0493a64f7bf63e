"""Whole projects: a random framework, communities with random values, and settings of all kinds."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

import yaml

from tests.fuzz.values import HOSTILE_TEXTS, UNITS, allowed, hostile, number, text

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
        data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False,
        default_flow_style=r.choice([None, False]),
    )  # fmt: skip
    return dumped.encode("utf-8", "replace")


def project(r: Random) -> Made:
    """Make a project, mostly a valid one."""
    made = Made()
    made.nodes.append("index")
    entries = _framework(r, made)
    made.communities = [f"m{n}" for n in range(r.choice([1, 2, 3, 3, 5, 9]))]
    made.files["communities/sources.yaml"] = spelt(r, {"s": {"title": text(r)}, "t": {"year": 2018}})
    area = {"id": "AAA", "name": named(r, "A"), "source": "s", "observations": _values(r, entries, 0.3)}
    made.files["communities/areas/AAA.yaml"] = spelt(r, area)
    in_table = r.random() < 0.2
    if in_table:
        _table(r, made, entries)
    else:
        for community in made.communities:
            made.files[f"communities/{community}.yaml"] = spelt(r, _community(r, community, entries))
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
    for key, value in (("weight", r.choice([0, 2])), ("target", 50), ("goalposts", [0, 100]),
                       ("lever", r.choice(["direct", "none"])), ("description", text(r)),
                       ("aliases", [f"Alias {len(entries)}"])):  # fmt: skip
        if r.random() < 0.1:
            entry[key] = value
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
    import pyarrow
    import pyarrow.parquet

    arrays = []
    for column in zip(*rows[1:], strict=True):
        try:
            arrays.append(pyarrow.array(column))
        except (pyarrow.ArrowException, OverflowError):
            arrays.append(pyarrow.array([None if each is None else str(each) for each in column]))
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(arrays, names=[str(n) for n in rows[0]]), stream)
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
        rows += [[c, n, k, v] for c, a in scores.items() for n, b in a.items() for k, v in b.items()]
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


def settings(r: Random, made: Made, stages: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Draw icfscore.yaml: each section present or not, methods by the schema."""
    names = made.names
    odd = 0.01 if r.random() < 0.2 else 0.0
    given: dict[str, Any] = {}
    if r.random() < 0.7:
        given["focus"] = made.communities[0]
    for key in ("reference_year", "max_age", "proxies"):
        if r.random() < 0.15:
            given[key] = allowed(r, "settings", key, names=names, odd=odd)
    given["recipe"] = recipe = {}
    for stage in ("imputation", "outliers", "normalisation", "weighting", "aggregation"):
        if r.random() < 0.25:
            recipe[stage] = allowed(r, "settings", "recipe", stage, names=names, odd=odd)
    if r.random() < 0.15:
        recipe["weighting"] = {"kind": "given", "at": {(node := r.choice([*made.children])): _judged(r, made, node)}}
    if r.random() < 0.5:
        recipe["screening"] = {"min_indicator_coverage": r.choice([0, 0, 0.5]),
                               "min_community_coverage": r.choice([0, 0, 0.3])}  # fmt: skip
    given["uncertainty"] = uncertainty = {"draws": r.choice([0, 2, 20, 100])}
    for key in ("weights", "data", "missing", "alternatives"):
        if r.random() < 0.25:
            uncertainty[key] = allowed(r, "settings", "uncertainty", key, names=names, odd=odd)
    if r.random() < 0.2:
        given["weights"] = {r.choice(names["weights"]): r.choice([0.5, 1, 2, 0]) for _ in range(2)}
    if r.random() < 0.3:
        made.scenarios += ["one", "two"][: r.randint(1, 2)]
        given["scenarios"] = {
            name: {"name": text(r), "weights": {made.nodes[-1]: 2}} for name in made.scenarios
        }
    if r.random() < 0.3:
        given["means"] = {"income": r.choice([*made.indicators, "pop"]),
                          "without": made.indicators[:1]}  # fmt: skip
    if r.random() < 0.4:
        given["lists"] = {"top7": {"name": text(r), "complete": [2019]}}
    if r.random() < 0.2:
        given["plan"] = {"costs": {made.indicators[0]: number(r)}, "fixed": made.indicators[-1:]}
    if stages is not None:
        given["stages"] = stages
    if r.random() < 0.05:
        given[r.choice([*given, *HOSTILE_TEXTS])] = hostile(r)
    return given


def _judged(r: Random, made: Made, node: str) -> dict[str, Any]:
    """Draw judgements of a node's children."""
    children = r.sample(made.children[node], len(made.children[node]))
    kind = r.choice(["analytic_hierarchy", "best_worst", "rank_order", "budget_allocation"])
    if kind == "analytic_hierarchy":
        pairs = [[a, b, r.choice([1, 3, 5, 0.2, 9])] for n, a in enumerate(children) for b in children[n + 1 :]]
        return {"kind": kind, "comparisons": {node: pairs}}
    if kind == "best_worst":
        most = dict(zip(children, [1, *(r.choice([1, 3, 9]) for _ in children[1:])], strict=True))
        least = dict(zip(children, [*(r.choice([1, 3, 9]) for _ in children[1:]), 1], strict=True))
        return {"kind": kind, "best": children[0], "worst": children[-1], "best_to_others": most,
                "others_to_worst": least}  # fmt: skip
    if kind == "rank_order":
        return {"kind": kind, "order": children, "rule": r.choice(["centroid", "sum", "reciprocal"])}
    share = 100 / len(children)
    return {"kind": kind, "experts": {"Ann": dict.fromkeys(children, share)}}
