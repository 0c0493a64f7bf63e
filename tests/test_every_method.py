"""Every method there is runs from YAML and `--set`: for a whole stage, an indicator, a node, a depth."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from icfscore.cli.main import cli
from icfscore.recipe import INDICATOR_STAGES, NODE_STAGES, STAGES, method_classes

ROOT = Path(__file__).parents[1]
MUST = "must be given"
OVER = {"over": "cohort"}
MOMENTS = {"max_points": 5, "max_abs_skew": 2, "max_kurtosis": 3.5}

# The interface: kinds, parameters, defaults.
METHODS: dict[str, dict[str, dict[str, Any]]] = {
    "imputation": {
        "none": {}, "mean": {}, "median": {}, "group_mean": {"by": MUST},
        "group_median": {"by": MUST}, "criterion_mean": {}, "nearest_neighbours": {"k": 3},
        "regression": {}, "em": {},
    },
    "outliers": {
        "none": {}, "winsorise": MOMENTS, "skew_kurtosis": MOMENTS | {"fallback": "log_ct"},
        "clip": {"lower": 0.025, "upper": 0.975},
    },
    "normalisation": {
        "none": OVER, "min_max": OVER | {"low": 0, "high": 100},
        "z_score": OVER | {"mean": 0, "sd": 1, "ddof": 1}, "robust": OVER, "rank": OVER,
        "borda": OVER, "percentile_rank": OVER | {"low": 0, "high": 1},
        "goalposts": OVER | {"low": 0, "high": 100, "clip": True}, "target": OVER | {"cap": False},
        "reference_community": OVER | {"id": MUST, "cap": False}, "vector": OVER, "sum": OVER,
        "fraction_of_max": OVER,
    },
    "weighting": {
        "given": {}, "equal": {}, "entropy": {}, "standard_deviation": {}, "critic": {},
        "merec": {}, "principal_components": {"rule": "loadings"},
        "analytic_hierarchy": {"comparisons": MUST},
        "best_worst": {"best": MUST, "worst": MUST, "best_to_others": MUST, "others_to_worst": MUST},
        "rank_order": {"order": MUST, "rule": "centroid"}, "budget_allocation": {"experts": MUST},
        "equal_influence": {"target": "equal"},
    },
    "aggregation": {
        "arithmetic": {}, "geometric": {}, "harmonic": {}, "power_mean": {"exponent": MUST},
        "median": {}, "ordered_weighted": {"weights": None, "orness": None},
        "mazziotta_pareto": {"penalty": "negative", "ddof": 0}, "copeland": {}, "borda_count": {},
        "topsis": {}, "vikor": {"v": 0.5},
        "promethee_ii": {"preference": "usual", "indifference": None, "preference_threshold": None,
                         "sigma": None},
        "benefit_of_the_doubt": {"lower": None, "upper": None},
    },
}  # fmt: skip
KINDS = [(stage, kind) for stage, union in STAGES.items() for kind in method_classes(union)]
BASE = {"imputation": "none", "outliers": "none", "normalisation": "min_max", "weighting": "given",
        "aggregation": "arithmetic"}  # fmt: skip
# What judgements are about differs from node to node.
JUDGED = ("analytic_hierarchy", "best_worst", "rank_order", "budget_allocation")


def _judgement(kind: str, node: str, children: list[str]) -> dict[str, Any]:
    first, *others = children
    if kind == "analytic_hierarchy":
        pairs = [[a, b, 1] for i, a in enumerate(others) for b in others[i + 1 :]]
        return {"comparisons": {node: [*([first, child, 3] for child in others), *pairs]}}
    if kind == "best_worst":
        return {"best": first, "worst": others[-1],
                "best_to_others": {child: 1 if child == first else 3 for child in children},
                "others_to_worst": {child: 3 if child == first else 1 for child in children}}  # fmt: skip
    if kind == "rank_order":
        return {"order": children}
    points = {first: 75, **dict.fromkeys(others, 25 / len(others))}
    return {"experts": {"Ann": points, "Bo": points}}


def _method(kind: str, node: str, children: list[str], community: str) -> dict[str, Any]:
    required = {"by": "income", "exponent": 0.5, "id": community}
    parameters = next(table[kind] for table in METHODS.values() if kind in table)
    given = {name: required[name] for name in parameters if name in required}
    if kind in JUDGED:
        given = _judgement(kind, node, children)
    if kind == "ordered_weighted":
        given = {"orness": 0.4}
    return {"kind": kind, **given}


def _run(command: str, folder: Path, *settings: str) -> tuple[int, Any, str]:
    options = [word for setting in settings for word in ("--set", setting)]
    what = ["export", "-"] if command == "export" else ["rank", "--format", "json"]
    result = CliRunner().invoke(cli, [*what, "-C", str(folder), *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    if result.exit_code:
        assert result.stdout == ""
        return result.exit_code, None, result.stderr
    return 0, json.loads(result.stdout), result.stderr


def _plain(default: Any) -> Any:
    """Read a default as YAML spells it."""
    if default == "":
        return MUST
    try:
        return json.loads(default) if isinstance(default, str) else default
    except json.JSONDecodeError:
        return default


def test_the_methods_listed_are_those_of_the_interface() -> None:
    result = CliRunner().invoke(cli, ["methods", "--format", "json"])
    assert result.exit_code == 0
    listed: dict[str, dict[str, dict[str, Any]]] = {stage: {} for stage in METHODS}
    for method in json.loads(result.stdout)["methods"]:
        if method["stage"] in METHODS:
            defaults = {name: _plain(value) for name, value in method["parameters"].items()}
            listed[method["stage"]][method["kind"]] = defaults
    assert {stage: set(kinds) for stage, kinds in listed.items()} == {
        stage: set(kinds) for stage, kinds in METHODS.items()
    }
    for stage, kinds in METHODS.items():
        for kind, parameters in kinds.items():
            found = listed[stage][kind]
            assert {name: found.get(name, "absent") for name in parameters} == parameters, kind
            # Whatever else there is has a default.
            assert MUST not in {found[name] for name in found.keys() - parameters.keys()}, kind


def test_the_recipe_in_the_json_spells_out_the_defaults(small: Path) -> None:
    for stage, kind in KINDS:
        wanted = {"kind": kind} | METHODS[stage][kind]
        if MUST in wanted.values() or kind == "ordered_weighted":
            continue
        positive = ["recipe.normalisation.low=1"] if stage in NODE_STAGES else []
        status, record, said = _run("rank", small, f"recipe.{stage}.kind={kind}", *positive)
        assert status == 0, said
        told = record["recipe"][stage]
        assert {name: told.get(name) for name in wanted} == wanted


# Undefined on the built-in data: what the message names, and its remedy.
UNDEFINED = {
    "goalposts": ["fixed_download_mbps", "has no goalposts", "give it `goalposts:"],
    "target": ["fixed_download_mbps", "has no target", "give it a `target`"],
    "reference_community": ["taoyuan", "gii_score", "choose another reference community"],
    "fraction_of_max": ["voice_accountability", "positive", "use another normalisation"],
    "merec": ["adelaide", "sustain", "co2_per_capita_t", "found 0", "min_max with low: 1"],
    "principal_components": ["sustain", "recycling_pct", "negative", "rule: oecd"],
    "geometric": ["adelaide", "sustain", "co2_per_capita_t", "found 0", "low: 1", "arithmetic"],
    "harmonic": ["adelaide", "sustain", "co2_per_capita_t", "found 0", "low: 1", "arithmetic"],
}
FACTORS = ["connect", "work", "innovate", "include", "engage", "sustain"]


@pytest.mark.parametrize(("stage", "kind"), KINDS)
def test_each_method_ranks_the_built_in_project_or_says_why_not(stage: str, kind: str) -> None:
    method: dict[str, Any] = _method(kind, "index", FACTORS, "taoyuan")
    if kind in JUDGED:
        method = {"kind": "given", "at": {"index": method}}
    status, record, said = _run("rank", ROOT, f"recipe.{stage}={json.dumps(method)}")
    if kind in UNDEFINED:
        assert status == 1
        assert said.startswith(f"{stage} {kind}: ")
        assert [part for part in UNDEFINED[kind] if part not in said] == []
        return
    assert status == 0, said
    rows = record["ranking"]
    assert len(rows) == 21
    assert all(isinstance(row["score"], float) for row in rows)
    scores = [row["score"] for row in rows]
    assert [row["rank"] for row in rows] == [1 + sum(s > own for s in scores) for own in scores]
    assert sum(record["weights"][name] for name in FACTORS) == pytest.approx(1)


@pytest.mark.parametrize(
    "settings",
    [
        ["recipe.aggregation.kind=geometric", "recipe.normalisation.low=1"],
        ["recipe.aggregation.kind=harmonic", "recipe.normalisation.low=1"],
        ["recipe.weighting.kind=merec", "recipe.normalisation.low=1"],
        ["recipe.weighting={kind: principal_components, rule: oecd, at: {work: equal}}"],
        ["recipe.normalisation={kind: fraction_of_max, except: {voice_accountability: min_max}}"],
    ],
)
def test_the_remedy_a_message_names_is_one(settings: list[str]) -> None:
    status, record, said = _run("rank", ROOT, *settings)
    assert status == 0, said
    assert len(record["ranking"]) == 21


# Four indicators that every method is defined for, with an outlier and, for imputation, two gaps.
SMALL = {
    "criteria/framework.yaml": """\
id: small
name: Small
criteria:
  - id: air
    name: Air
    indicators:
      - {id: dust, name: Dust, unit: ug/m^3, direction: lower, kind: ratio, weight: 2, goalposts: [1, 60], target: 1}
      - {id: trees, name: Trees, unit: tree, direction: higher, kind: count, goalposts: [0, 900], target: 900}
  - id: work
    name: Work
    weight: 3
    indicators:
      - {id: jobs, name: Jobs, unit: percent, direction: higher, kind: share, goalposts: [0, 100], target: 90}
      - {id: income, name: Income, unit: USD, direction: higher, kind: ratio, weight: 3, goalposts: [1, 99], target: 99}
""",
    "communities/sources.yaml": "census: {title: Census}\n",
}
VALUES: dict[str, tuple[float | None, ...]] = {
    "a": (50, 1, 30, 9), "b": (41, 2, 37, 11), "c": (30, 3, 35, 16), "d": (24, 6, 52, 15),
    "e": (20, 5, 50, 24), "f": (10, 800, 70, 30), "g": (None, 4, 40, 20), "h": (26, 4, None, 17),
}  # fmt: skip
CHILDREN = {"index": ["air", "work"], "air": ["dust", "trees"], "work": ["jobs", "income"]}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    files = dict(SMALL)
    for name, values in VALUES.items():
        observations = dict(zip([*CHILDREN["air"], *CHILDREN["work"]], values, strict=True))
        files[f"communities/{name}.yaml"] = json.dumps(
            {"id": name, "name": name, "source": "census", "observations": observations,
             "groups": {"income": "low" if name in "abg" else "high"}}
        )  # fmt: skip
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


@cache
def _columns(folder: Path, stage: str, recipe: str) -> dict[str, list[float | None]]:
    """Score by a recipe; what the stage makes, by indicator, or by node (with its weights)."""
    positive = ["recipe.normalisation.low=1"] if stage in NODE_STAGES else []
    status, record, said = _run("export", folder, f"recipe.{stage}={recipe}", *positive)
    assert status == 0, said
    made = {"imputation": "imputed", "outliers": "treated", "normalisation": "normalised"}
    table = record["stages"][made.get(stage, "scores")]
    columns: dict[str, list[float | None]] = {
        name: [row[name] for row in table.values()] for name in next(iter(table.values()))
    }
    if stage == "weighting":
        return {node: [record["weights"][child] for child in CHILDREN[node]] for node in CHILDREN}
    return columns


@pytest.mark.parametrize(("stage", "kind"), [pair for pair in KINDS if pair[0] in INDICATOR_STAGES])
def test_an_indicators_method_may_hang_on_it_on_its_node_or_on_its_depth(
    stage: str, kind: str, small: Path
) -> None:
    own = json.dumps(_method(kind, "air", CHILDREN["air"], "f"))
    plain, everywhere = (_columns(small, stage, recipe) for recipe in (BASE[stage], own))
    places = {
        "except: {dust: %s}": {"dust"}, "at: {work: %s}": {"jobs", "income"},
        "at: {index: %s}": set(plain), "at_depth: {1: %s, 2: %s}": set(plain),
    }  # fmt: skip
    for place, touched in places.items():
        where = place.replace("%s", own)
        found = _columns(small, stage, f"{{kind: {BASE[stage]}, {where}}}")
        expected = {name: (everywhere if name in touched else plain)[name] for name in plain}
        assert found == expected, place


@pytest.mark.parametrize(("stage", "kind"), [pair for pair in KINDS if pair[0] in NODE_STAGES])
def test_a_nodes_method_may_hang_on_it_or_on_its_depth(stage: str, kind: str, small: Path) -> None:
    plain = _columns(small, stage, BASE[stage])
    for node in CHILDREN:
        own = json.dumps(_method(kind, node, CHILDREN[node], "f"))
        found = _columns(small, stage, f"{{kind: {BASE[stage]}, at: {{{node}: {own}}}}}")
        others = [other for other in CHILDREN if other not in (node, "index")]
        assert {name: found[name] for name in others} == {name: plain[name] for name in others}
        if node == "index":
            assert found == _columns(
                small, stage, f"{{kind: {BASE[stage]}, at_depth: {{0: {own}}}}}"
            )
        elif kind not in JUDGED:
            everywhere = _columns(small, stage, own)
            assert found[node] == everywhere[node]
            both = _columns(small, stage, f"{{kind: {BASE[stage]}, at_depth: {{1: {own}}}}}")
            assert [both[name] for name in ("air", "work")] == [
                everywhere[name] for name in ("air", "work")
            ]
        if kind in JUDGED:
            assert found[node][0] == pytest.approx(0.75)


def test_no_indicator_is_excepted_from_what_nodes_do() -> None:
    for stage in NODE_STAGES:
        recipe = f"{{kind: {BASE[stage]}, except: {{pm25_ugm3: {BASE[stage]}}}}}"
        status, _, said = _run("rank", ROOT, f"recipe.{stage}={recipe}")
        assert status == 1
        assert "'except'" in said
