"""What a project folder may hold and what the commands make of it, seen from outside."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from icfscore.cli.main import cli

Make = Callable[..., Path]
Q, R = (
    f"{{id: {name}, name: N, unit: thing, direction: {way}, kind: ratio"
    for name, way in (("q", "higher"), ("r", "lower"))
)
ALL = "recipe.screening={min_indicator_coverage: 0, min_community_coverage: 0}"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a project: indicators of a flat framework or its text, communities, other files."""

    def write(framework: str, communities: Mapping[str, str], **others: str) -> Path:
        if not framework.startswith("id:"):
            listed = "".join(f"  - {each}}}\n" for each in framework.split("; "))
            framework = f"id: flat\nname: Flat\nindicators:\n{listed}"
        files = {"criteria/framework": framework, "communities/sources": "census: {title: Census}"}
        for name, text in communities.items():
            body = text if text.count("\n") else f"observations: {{{text}}}"
            head = f"id: {name.split('/')[-1]}\nname: {name}\nsource: census\n"
            files[f"communities/{name}"] = head + body
        files |= {name.replace("__", "/"): text for name, text in others.items()}
        for name, text in files.items():
            path = tmp_path / "project" / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "project"

    return write


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def read(*what: str | Path) -> dict[str, Any]:
    result = run(*what, "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    record: dict[str, Any] = json.loads(result.stdout)
    return record


def rank(folder: Path, *options: str) -> dict[str, Any]:
    return read("rank", "--format", "json", "-C", folder, *options)


def export(folder: Path, *options: str) -> dict[str, Any]:
    return read("export", "-", "-C", folder, *options)


def given(*settings: str) -> list[str]:
    return [word for setting in settings for word in ("--set", setting)]


def rows(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in record["ranking"]}


def column(record: dict[str, Any], stage: str, name: str) -> list[float | None]:
    return [row[name] for row in record["stages"][stage].values()]


def refused(folder: Path, *options: str) -> str:
    result = run("rank", "-C", folder, *options)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


# fmt: off
AB = {"a": "q: 1, r: 5", "b": "q: 4, r: 3"}
PER = f"id: f\nname: F\nindicators:\n  - {Q}, per: heads, per_scale: 1000, bounds: [0, 50], goalposts: [0, 10]}}\n  - {R}}}\ncontext: [{{id: heads, name: P, unit: person}}]"
AREAS = {"a": "parent: reg-1\nobservations: {}", "b": "q: 3, r: {value: 4, level: region}", "c": "level: national\nobservations: {q: 5, r: {value: 6, level: community}}",
         "areas/reg-1": "type: region\nparent: LND\nobservations: {q: 1}", "areas/LND": "q: 2, r: 2"}
GROUPS = {"a": "groups: {income: high, size: big}\nobservations: {q: 1, r: 1}", "b": "groups: {income: high}\nobservations: {q: 3, r: 1}", "c": "groups: {income: high}\nobservations: {r: 1}",
          "d": "groups: {income: low}\nobservations: {r: 1}", "e": "groups: {income: mid}\nobservations: {q: 8, r: 1}"}
YEARS = {"a": "observations: {q: [{value: 1, year: 2016}, {value: 3, year: 2018}], r: [{value: 9, year: 2016}, {value: 6, year: 2018}]}\n",
         "b": "observations: {q: [{value: 5, year: 2016}, {value: 7, year: 2018}], r: [{value: 2, year: 2016}, {value: 4, year: 2018}]}\n",
         "c": "observations: {q: [{value: 11, year: 2016}, {value: 9, year: 2018}], r: [{value: 5, year: 2016}, {value: 1, year: 2018}]}\n"}
AMPI = ["recipe.normalisation={kind: min_max, low: 70, high: 130, over: pooled}", "recipe.aggregation.kind=mazziotta_pareto"]
# q of 3, 7, 9 between 1 and 11; r of 6, 4, 1 between 9 and 1: S^2 / M of (82, 92.5), (106, 107.5), (118, 130)
PENALTY = [5.25**2 / 87.25, 0.75**2 / 106.75, 6**2 / 124]
MEANS = [87.25, 106.75, 124]
TEN = {f"c{i}": f"q: {100 if i == 9 else i + 1}, r: {i}" for i in range(10)}
# Name: framework, communities, --set, stage, what it holds by indicator or node.
STAGES: dict[str, tuple[str, dict[str, str], list[str], str, dict[str, list[Any]]]] = {
    "YAML 1.2 numbers": (f"{Q}; {R}", {"a": "q: 1e1, r: 012", "b": "q: 0x1F, r: -.5"}, [], "observed", {"q": [10, 31], "r": [12, -0.5]}),
    "anchors": (f"{Q}; {R}", {"a": "observations:\n  q: &x {value: 4, year: 2018}\n  r: *x", "b": "q: 1, r: 1"}, [], "observed", {"r": [4, 1]}),
    "ordinal words": (Q.replace("ratio", "ordinal, levels: {none: 0, no: 0, plan: 1, operating: 3}"), {"a": "q: plan", "b": "q: {value: operating, year: 2017}", "c": "q: no"}, [], "observed", {"q": [1, 3, 0]}),
    "booleans": (Q.replace("ratio", "boolean"), {"a": "q: true", "b": "q: {value: false}", "c": "q: 1"}, [], "observed", {"q": [1, 0, 1]}),
    "denominator in another unit": (PER, {"a": "q: 5, r: 1, heads: {value: 2, unit: kperson}", "b": "q: 50, r: 2, heads: 5e3"}, [], "observed", {"q": [2.5, 10]}),
    "goalposts after the denominator": (PER, {"a": "q: 5, r: 1, heads: 2000", "b": "q: 50, r: 2, heads: 1e3"}, ["recipe.normalisation.except.q.kind=goalposts"], "normalised", {"q": [25, 100], "r": [100, 0]}),
    "the file's year and an own one": (f"{Q}; {R}", {"a": "year: 2000\nobservations: {q: 1, r: {value: 2, year: 2018}}", "b": "q: 1, r: 3"}, [ALL], "observed", {"q": [None, 1], "r": [2, 3]}),
    "own uncertainty and evidence": (f"{Q}; {R}", {"a": "q: {value: 1, sd: 0.5, status: recalled}, r: {value: 5, interval: [4, 7]}", "b": "q: {value: 4, comparability: low, note: {en: n, vi: g}}, r: {value: 3, area: B}"}, [], "observed", {"q": [1, 4], "r": [5, 3]}),
    "area from area": (f"{Q}; {R}", AREAS, [], "observed", {"q": [1, 3, 5], "r": [2, 4, 6]}),
    "no proxies, own ones neither": (f"{Q}; {R}", AREAS, [ALL, "proxies=false"], "observed", {"q": [3, None], "r": [None, 6]}),
    "means of groups": (f"{Q}; {R}", GROUPS, ["recipe.imputation={kind: group_mean, by: income}"], "imputed", {"q": [1, 3, 2, 4, 8]}),
    "mean of the criterion": (f"{Q}; {R}; {Q.replace('q', 't')}, weight: 5", {"a": "q: 0, r: 10, t: 4", "b": "q: 10, r: 5, t: 8", "c": "r: 6, t: 5", "d": "q: 4, r: 0"}, ["recipe.imputation.kind=criterion_mean"], "imputed", {"q": [0, 10, 10 * (0.4 + 0.25) / 2, 4], "t": [4, 8, 5, 4 + 4 * (0.4 + 1) / 2]}),
    "observed before outliers": (f"{Q}; {R}", TEN, ["recipe.outliers.kind=winsorise"], "observed", {"q": [*range(1, 10), 100]}),
    "imputed before outliers": (f"{Q}; {R}", TEN, ["recipe.outliers.kind=winsorise"], "imputed", {"q": [*range(1, 10), 100]}),
    "treated by winsorising": (f"{Q}; {R}", TEN, ["recipe.outliers.kind=winsorise"], "treated", {"q": [*range(1, 10), 9], "r": list(range(10))}),
    "treated after the logarithm": (f"{Q}, transform: log; {R}", {"a": "q: 1, r: 1", "b": "q: 10, r: 2"}, [], "treated", {"q": [0, math.log(10)], "r": [1, 2]}),
    "imputed before the logarithm": (f"{Q}, transform: log; {R}", {"a": "q: 1, r: 1", "b": "q: 10, r: 2", "c": "r: 1"}, ["recipe.imputation.kind=mean"], "imputed", {"q": [1, 10, 5.5]}),
    "goalposts on the logarithm": (f"{Q}, transform: log, goalposts: [1, 100]; {R}", {"a": "q: 10, r: 1", "b": "q: 1000, r: 2"}, ["recipe.normalisation.except.q={kind: goalposts, high: 1}"], "normalised", {"q": [0.5, 1]}),
    "goalposts of what should be low": (f"{Q}; {R}, goalposts: [0, 10]", AB, ["recipe.normalisation.except.r={kind: goalposts, high: 1}"], "normalised", {"r": [0.5, 0.7]}),
    "oriented": (f"{Q}; {R}", AB, ["recipe.normalisation.kind=none"], "normalised", {"q": [1, 4], "r": [-5, -3]}),
    "fraction of the maximum": (f"{Q}; {R}", AB, ["recipe.normalisation.kind=fraction_of_max"], "normalised", {"q": [0.25, 1], "r": [0.6, 1]}),
    "a constant column": (f"{Q}; {R}", {"a": "q: 2, r: 1", "b": "q: 2, r: 2"}, ["recipe.normalisation.high=10"], "normalised", {"q": [5, 5]}),
    "pooled years": (f"{Q}; {R}", YEARS, AMPI, "normalised", {"q": [82, 106, 118], "r": [92.5, 107.5, 130]}),
    "adjusted Mazziotta-Pareto": (f"{Q}; {R}", YEARS, AMPI, "scores", {"index": [m - p for m, p in zip(MEANS, PENALTY, strict=True)]}),
    "its penalty upwards": (f"{Q}; {R}", YEARS, [*AMPI, "recipe.aggregation.penalty=positive"], "scores", {"index": [m + p for m, p in zip(MEANS, PENALTY, strict=True)]}),
    "an earlier year on the same scale": (f"{Q}; {R}", YEARS, [*AMPI, "reference_year=2016"], "normalised", {"q": [70, 94, 130], "r": [70, 122.5, 100]}),
    "weights rescaled over what is there": (f"{Q}; {R}, weight: 3; {Q.replace('q', 't')}", {"a": "q: 1, r: 1, t: 1", "b": "q: 0, t: 0", "c": "r: 0, t: 1"}, [ALL], "scores", {"index": [40, 0, 100]}),
}
UNITS = [
    ("%", "{value: 0.5, unit: dimensionless}", 50), ("percent", "{value: 12, unit: '%'}", 12), ("m2", "{value: 1, unit: km2}", 1e6),
    ("m²", "{value: 1, unit: ha}", 1e4), ("m3", "{value: 5, unit: L}", 0.005), ("m³/s", "{value: 1, unit: L/s}", 0.001),
    ("µg/m³", "{value: 0.012, unit: mg/m3}", 12), ("ug/m^3", "{value: 7, unit: µg/m³}", 7), ("person/km2", "{value: 2, unit: person/ha}", 200),
    ("USD", "{value: 3, unit: kUSD}", 3000), ("institution", "{value: 2, unit: institution}", 2), ("index 0-1", "0.5", 0.5), ("a**(", "1", 1),
    ("10**999999999", "2", 2), ("per 100,000 people", "{value: 3, unit: 'per 100,000 people'}", 3), ("USD", "{value: 1, unit: EUR}", None), ("USD", "{value: 1, unit: km}", None),
]
ALIASED = f"""id: f
name: {{en: F, vi: G}}
criteria:
  - {{id: x, name: X, aliases: [Broadband platform], indicators: [{Q}, aliases: [Old Q]}}]}}
  - {{id: y, name: Y, indicators: [{R}}}]}}
context: [{{id: heads, name: H, unit: person, aliases: [People]}}]
"""
NESTED = f"""id: deep
name: Deep
criteria:
  - {{id: a, name: A, criteria: [b, {{id: e, name: E, weight: 2, indicators: [{Q.replace("q", "u")}}}]}}]}}
  - {{id: g, name: G, indicators: [{Q.replace("q", "v")}}}]}}
"""
NODE = f"""id: b
name: B
criteria:
  - {{id: c, name: C, indicators: [{Q}}}, {R}, weight: 3}}, {Q.replace("q", "s")}, weight: 0}}]}}
  - {{id: d, name: D, weight: 0, indicators: [{Q.replace("q", "t")}}}]}}
"""
# fmt: on


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_holds(name: str, make: Make) -> None:
    framework, communities, settings, stage, expected = STAGES[name]
    record = export(make(framework, communities), *given(*settings))
    for each, values in expected.items():
        found = column(record, stage, each)
        assert [value is None for value in found] == [value is None for value in values]
        wanted = [value for value in values if value is not None]
        assert [value for value in found if value is not None] == pytest.approx(wanted)


@pytest.mark.parametrize(("unit", "told", "value"), UNITS)
def test_units_convert_or_are_labels(unit: str, told: str, value: float | None, make: Make) -> None:
    folder = make(Q.replace("thing", f"'{unit}'"), {"a": f"q: {told}", "b": "q: 9"})
    if value is None:
        assert "q: unit" in refused(folder)
    else:
        assert column(export(folder), "observed", "q")[0] == pytest.approx(value)


def test_words_of_yaml_1_1_stay_words(make: Make) -> None:
    make(Q, {"b": "kind: NO\nregion: off\ncountry: 12:30\ngroups: {on: yes}\nobservations: {q: 2}"})
    folder = make(Q, {}, communities__a="id: no\nname: NO\nsource: census\nobservations: {q: 1}")
    assert rows(rank(folder))["no"]["name"] == "NO"


def test_hostile_files_are_clear_errors(make: Make) -> None:
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    laughs = "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairs)
    assert "aliases expand to" in refused(make(Q, AB, communities__z=f"a: &a [ha]\n{laughs}"))
    assert "is larger than" in refused(make(Q, AB, communities__z="# " + "x" * 2**25))
    assert "nested deeper" in refused(make(Q, AB, communities__z="[" * 9999))


def test_nothing_more_is_required_than_ids_and_names(make: Make) -> None:
    framework = f"id: f\nname: F\nindicators: [{Q}}}]\ncontext: [{{id: heads, name: H}}]"
    source = "census: {url: 'https://example.org'}"
    record = rank(make(framework, {"a": "q: 1", "b": "q: 2"}, communities__sources=source))
    assert [row["id"] for row in record["ranking"]] == ["b", "a"]
    assert (record["scenario"], record["focus"], record["reference_year"]) == (None, None, 2018)


def test_an_alias_is_accepted_wherever_an_id_is(make: Make) -> None:
    weights = "weights: {broadband platform: 3}\nscenarios: {s: {weights: {BROADBAND platform: 4}}}"
    folder = make(ALIASED, {"a": "q: 1, r: 5", "b": "OLD Q: 9, r: 1"}, icfscore=weights)
    assert rank(folder)["weights"]["x"] == 0.75
    assert rank(folder, "--scenario", "s")["weights"]["x"] == 0.8
    assert rank(folder, "--weight", "Broadband platform=1")["weights"]["x"] == 0.5
    at, other = "recipe.aggregation.at.Broadband platform.kind", "recipe.normalisation.except.Old Q"
    recipe = rank(folder, *given(f"{at}=median", f"{other}=rank"))["recipe"]
    assert recipe["aggregation"]["at"] == {"x": {"kind": "median"}}
    assert list(recipe["normalisation"]["except"]) == ["q"]


def test_all_problems_of_all_files_are_told_at_once(make: Make) -> None:
    folder = make(
        f"{Q}; {R.replace('lower', 'lwoer')}",
        {"a": "foo: 1\nobservations: {q: {value: 1, yaer: 3}}", "b": "q: {value: 1, source: no}"},
        communities__sources="census: {title: C, publihser: P}",
        icfscore="weigths: {q: 2}\nrecipe: {agregation: {kind: median}}",
    )
    words = ["lwoer", "foo", "yaer", "'no'", "publihser", "weigths", "agregation"]
    assert [word for word in words if word not in refused(folder)] == []


def test_criteria_nest_to_any_depth_in_files_and_inline(make: Make) -> None:
    values = ((1, 3, 9, 0, 8, 1), (3, 2, 8, 5, 4, 9), (2, 1, 7, 9, 6, 7))
    communities = {
        name: ", ".join(f"{i}: {value}" for i, value in zip("qrstuv", row, strict=True))
        for name, row in zip("xyz", values, strict=True)
    }
    folder = make(NESTED, communities, criteria__b=NODE)
    record = rank(folder)
    weights = {"a": 1 / 2, "g": 1 / 2, "b": 1 / 3, "e": 2 / 3, "c": 1, "d": 0, "q": 1 / 4, "s": 0}
    assert {name: record["weights"][name] for name in weights} == pytest.approx(weights)
    scores = {name: node["score"] for name, node in rows(record)["z"]["nodes"].items()}
    expected = dict(zip("qrstuvcdbeag", (50, 100, 0, 100, 50, 75, 87.5, 100, 87.5, 50, 62.5, 75), strict=True))  # fmt: skip
    assert scores == pytest.approx(expected | {"index": 68.75})
    assert rows(record)["z"]["coverage"] == 1
    power = "recipe.aggregation.at_depth={1: {kind: power_mean, exponent: 2}}"
    nodes = rows(rank(folder, *given(power)))["z"]["nodes"]
    assert nodes["a"]["score"] == pytest.approx(((87.5**2 + 2 * 50**2) / 3) ** 0.5)
    assert nodes["b"]["score"] == 87.5
    entropy = "recipe.weighting={kind: entropy, at: {index: given}}"
    drawn = rank(folder, *given("recipe.normalisation.low=1", entropy))["weights"]
    assert (drawn["s"], drawn["d"], drawn["g"]) == (0, 0, 0.5)
    assert drawn["q"] + drawn["r"] == pytest.approx(1)


def test_coverage_is_told_by_level(make: Make) -> None:
    folder = make(f"{Q}; {R}", AREAS)
    record, own = rank(folder), rank(folder, *given(ALL, "proxies=false"))
    found = {name: [*row["coverage_by_level"].items()] for name, row in rows(record).items()}
    assert found["a"] == [("community", 0), ("region", 0.5), ("national", 0.5)]
    assert found["b"] == [("community", 0.5), ("region", 0.5), ("national", 0)]
    assert [rows(record)[name]["proxy_share"] for name in "abc"] == [1, 0.5, 0.5]
    assert [row["id"] for row in own["excluded"]] == ["a"]
    assert (rows(own)["b"]["coverage"], rows(own)["b"]["proxy_share"]) == (0.5, 0)
    assert rows(own)["b"]["nodes"]["r"] == {"score": None, "rank": None}


def test_what_is_screened_out_is_told_and_defines_no_scale(make: Make) -> None:
    communities = {"a": "q: 1, r: 1, t: 1", "b": "q: 5, r: 2", "c": "q: 9"}
    folder = make(f"{Q}; {R}; {Q.replace('q', 't')}", communities)
    share = given("recipe.screening.min_community_coverage=0.6")
    record, stages = rank(folder, *share), export(folder, *share)
    assert record["weights"] == {"q": 0.5, "r": 0.5, "t": 0}
    assert record["excluded"] == [{"id": "c", "reason": record["excluded"][0]["reason"]}]
    assert any("t: present for 33%" in warning for warning in record["warnings"])
    assert rows(record)["b"]["nodes"]["q"] == {"score": 100, "rank": 1}
    assert rows(record)["a"]["nodes"]["t"] == {"score": None, "rank": None}
    assert list(stages["stages"]) == ["observed", "imputed", "treated", "normalised", "scores"]
    assert [list(table) for table in stages["stages"].values()] == [["a", "b"]] * 5
    assert [row.get("t") for row in stages["stages"]["observed"].values()] == [None, None]
    assert stages["weights"] == record["weights"]


def test_the_order_of_set_options_does_not_matter(make: Make) -> None:
    folder = make(ALIASED, {"a": "q: 1, r: 5", "b": "q: 9, r: 1"})
    settings = ["recipe.aggregation.kind=geometric", "recipe.aggregation.at.index.kind=median", "recipe.normalisation.low=1"]  # fmt: skip
    orders = (given(*settings), given(*settings[::-1]))
    first, last = (rank(folder, *options)["recipe"] for options in orders)
    assert first["aggregation"]["at"] == {"index": {"kind": "median"}}
    assert first == last


def test_data_go_to_stdout_or_the_file_and_messages_to_stderr(make: Make) -> None:
    folder = make(f"{Q}; {R}", {"a": "q: 2, r: 1", "b": "q: 2, r: 2"})
    for layout in ("table", "markdown", "csv", "json"):
        asked = ("rank", "-C", folder, "--draws", "0", "--format", layout)
        printed, filed = run(*asked), run(*asked, "-o", folder / "out")
        assert "all values are equal" in printed.stderr
        assert (printed.exit_code, "warning: " in printed.stdout) == (0, False)
        assert (filed.exit_code, filed.stdout) == (0, "")
        assert (folder / "out").read_text() == printed.stdout
    assert run("rank", "-C", folder, "--year", "soon").exit_code == 2
    assert run("rank", "-C", folder / "nowhere").exit_code == 1
