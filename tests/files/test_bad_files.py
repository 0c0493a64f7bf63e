"""Every mistake in a file is told with its place, and with the name that was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.conftest import FILES, MakeProject

from icfscore.errors import InputError
from icfscore.files.project_folder import read_project

ALPHA, BETA = "communities/alpha.yaml", "communities/beta.yaml"
AIR, WORK = "criteria/air.yaml", "criteria/work.yaml"
FRAME, SET, LAND = "criteria/framework.yaml", "icfscore.yaml", "communities/areas/AAA.yaml"
HEAD = "id: alpha\nname: Alpha\nsource: census\n"


def _alpha(observations: str, head: str = HEAD) -> dict[str, str]:
    return {ALPHA: f"{head}observations:\n{observations}"}


def _swap(file: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[file]
    return {file: FILES[file].replace(old, new)}


# libyaml's words, and those of PyYAML's own parser where it comes without.
NO_END = (
    "did not find expected ',' or ']'"
    if yaml.__with_libyaml__
    else "expected ',' or ']', but got '<stream end>'"
)

CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    "unknown key": (
        {ALPHA: "id: alpha\nname: Alpha\nsorce: census\nobservations: {}\nparent: AAA\n"},
        [f"{ALPHA}:3:1: unknown key 'sorce'; did you mean 'source'?"],
    ),
    "unknown key of an observation": (
        _alpha("  dust: {value: 1, yaer: 2018}\n"),
        [f"{ALPHA}:5:20: unknown key 'yaer'; did you mean 'year'?"],
    ),
    "unknown indicator": (
        _alpha("  dust: 1\n  dusst: 2\n"),
        [f"{ALPHA}:6:3: unknown indicator 'dusst'; did you mean 'dust'?"],
    ),
    "a value too large to count with": (
        _alpha("  dust: 1e304\n  jobs: 60\n  trees: {value: 1, sd: 2e305}\n"),
        [
            f"{ALPHA}:5:9: dust: 1e+304 is beyond 1e+303, the largest size of a value: choose a larger unit",
            f"{ALPHA}:7:18: trees: 2e+305 is beyond 1e+303, the largest size of a value: choose a larger unit",
        ],
    ),
    "duplicate key": (
        _alpha("  dust: 1\n  dust: 2\n"),
        [f"{ALPHA}:6:3: duplicate key 'dust'; keep one of the two"],
    ),
    "alias and id of one node twice": (
        {SET: "weights: {air: 1, Clean air: 2}\n"},
        [f"{SET}:1:19: 'Clean air' is 'air', given twice"],
    ),
    "missing source": (
        _alpha("  dust: 1\n", "id: alpha\nname: Alpha\n"),
        [
            f"{ALPHA}:4:3: dust: has no source; give a key of sources.yaml, here or once at the top"
            " of the file"
        ],
    ),
    "unknown source": (
        _alpha("  dust: {value: 1, source: cencus}\n"),
        [f"{ALPHA}:5:28: unknown source 'cencus'; did you mean 'census'?"],
    ),
    "unknown source for the whole file": (
        _alpha("  dust: 1\n", "id: alpha\nname: Alpha\nsource: atlas\n"),
        [f"{ALPHA}:3:9: unknown source 'atlas'; the keys of sources.yaml: census"],
    ),
    "outside the bounds": (
        _alpha("  jobs: 101\n  dust: -1.5\n"),
        [
            f"{ALPHA}:5:9: jobs: 101 percent is outside the bounds 0 to 100",
            f"{ALPHA}:6:9: dust: -1.5 ug/m^3 is outside the bounds 0 or more",
        ],
    ),
    "wrong unit": (
        _alpha("  dust: {value: 1, unit: km}\n"),
        [f"{ALPHA}:5:26: dust: unit 'km' is not 'ug/m^3': they measure different things"],
    ),
    "unit that is only a label": (
        _alpha("  dust: {value: 1, unit: specks per nose}\n"),
        [
            f"{ALPHA}:5:26: dust: unit 'specks per nose' is not 'ug/m^3': 'specks per nose' is no"
            " unit that converts, so the two must be the same"
        ],
    ),
    "bad year": (
        _alpha("  dust: {value: 1, year: 18}\n  jobs: {value: 1, year: '2018'}\n"),
        [
            f"{ALPHA}:5:26: year: must be a year such as 2018, got 18",
            f"{ALPHA}:6:26: year: must be a whole number, got '2018'",
        ],
    ),
    "unknown area": (
        {ALPHA: f"{HEAD}parent: AAB\nobservations: {{dust: 1}}\n"},
        [f"{ALPHA}:4:9: parent: unknown area 'AAB'; did you mean 'AAA'?"],
    ),
    "inheritance loop": (
        {
            LAND: "id: AAA\nname: Land\nparent: bbb\nsource: census\nobservations: {jobs: 1}\n",
            "communities/areas/bbb.yaml": "id: bbb\nname: B\ntype: region\nparent: AAA\n",
        },
        [
            f"{LAND}:3:9: parent: inherits from itself: AAA > bbb > AAA",
            "communities/areas/bbb.yaml:4:9: parent: inherits from itself: bbb > AAA > bbb",
        ],
    ),
    "indicator defined twice": (
        _swap(WORK, "{id: jobs,", "{id: dust,"),
        [
            f"{WORK}:4:10: 'dust' is already the name of 'dust' ({AIR}:5); ids and aliases are unique"
            " in a framework"
        ],
    ),
    "alias that is an id": (
        _swap(AIR, "Clean air", "Work"),
        [
            f"{WORK}:1:5: 'work' is already the name of 'air' ({AIR}:3); ids and aliases are unique"
            " in a framework"
        ],
    ),
    "logarithm of zero": (
        _alpha("  income: 0\n"),
        [f"{ALPHA}:5:11: income: has a logarithm (transform: log), so it must be above 0, got 0"],
    ),
    "both criteria and indicators": (
        {AIR: "id: air\nname: Air\ncriteria: [work]\nindicators: []\n"},
        [
            f"{AIR}:1:1: air: has both 'criteria' and 'indicators'; a node has exactly one of them",
            f"{AIR}:4:13: air: indicators is empty",
            f"{WORK}:1:5: 'work' is already the name of 'work' ({WORK}:1); ids and aliases are unique"
            " in a framework",
        ],
    ),
    "neither criteria nor indicators": (
        {AIR: "id: air\nname: Air\n"},
        [
            f"{AIR}:1:1: air: has neither 'criteria' nor 'indicators'; a node has exactly one of"
            " them"
        ],
    ),
    "numbers that are none": (
        _alpha("  dust: .nan\n  trees: .inf\n  jobs: fast\n  population: 1e999\n"),
        [
            f"{ALPHA}:5:9: dust: must be a finite number, got nan",
            f"{ALPHA}:6:10: trees: must be a finite number, got inf",
            f"{ALPHA}:7:9: jobs: must be a number, got 'fast'; a missing value is written null, or"
            " left out",
            f"{ALPHA}:8:15: population: must be a finite number, got inf",
        ],
    ),
    "a negative weight": (
        _swap(WORK, "kind: share, weight: 0", "kind: share, weight: -1"),
        [f"{WORK}:6:88: weight: must be at least 0, got -1"],
    ),
    "all weights zero": (
        {SET: "weights: {dust: 0, trees: 0}\n"},
        [f"{AIR}:1:1: air: all its children have weight 0; give at least one a weight"],
    ),
    "community without data": (
        {ALPHA: "id: alpha\nname: Alpha\n"},
        [
            f"{ALPHA}:1:1: alpha: has no observation of any indicator, own or inherited; give it one,"
            " or take the file out"
        ],
    ),
    "empty file": ({ALPHA: ""}, [f"{ALPHA}:1:1: is empty"]),
    "no YAML": (
        {ALPHA: "id: [alpha\n"},
        [
            f"{ALPHA}:2:1: is no YAML: while parsing a flow sequence {NO_END}",
        ],
    ),
    "unknown stage": (
        {SET: "recipe: {normalization: {kind: min_max}}\n"},
        [f"{SET}:1:10: recipe: unknown stage 'normalization'; did you mean 'normalisation'?"],
    ),
    "unknown method": (
        {SET: "recipe: {normalisation: {kind: minmax}}\n"},
        [
            f"{SET}:1:32: normalisation: no normalisation of the kind 'minmax'; did you mean"
            " 'min_max'?"
        ],
    ),
    "unknown parameter": (
        {SET: "recipe: {normalisation: {kind: min_max, hihg: 1}}\n"},
        [f"{SET}:1:41: normalisation: min_max has no parameter 'hihg'; did you mean 'high'?"],
    ),
    "impossible parameter": (
        {SET: "recipe: {normalisation: {kind: min_max, low: 5, high: 1}}\n"},
        [f"{SET}:1:25: normalisation: min_max: low (5) must be below high (1), both finite"],
    ),
    "unknown focus": (
        {SET: "focus: alfa\n"},
        [f"{SET}:1:8: focus: no community 'alfa'; did you mean 'alpha'?"],
    ),
    "unknown weight": (
        {SET: "weights: {wrk: 1}\n"},
        [f"{SET}:1:11: unknown criterion or indicator 'wrk'; did you mean 'work'?"],
    ),
    "unknown denominator": (
        _swap(AIR, "per: population", "per: populace"),
        [f"{AIR}:7:11: trees: per: no context quantity 'populace'; did you mean 'population'?"],
    ),
    "missing file of a criterion": (
        _swap(FRAME, "[air, work]", "[air, wrok]"),
        [f"{FRAME}:4:17: no file criteria/wrok.yaml; did you mean 'work'?"],
    ),
    "goalposts upside down": (
        _swap(WORK, "kind: share, bounds", "kind: share, goalposts: [9, 1], bounds"),
        [f"{WORK}:4:5: goalposts: low number first, got [9, 1]"],
    ),
    "a bad id": (
        {ALPHA: "id: Alpha\nname: Alpha\nobservations: {}\n", SET: "{}"},
        [
            f"{ALPHA}:1:5: id: must be lower-case letters, digits and '_', starting with a letter,"
            " got 'Alpha'"
        ],
    ),
    "integers of thousands of digits": (
        {
            **_alpha(f"  dust: 0x{'f' * 5000}\n  jobs: -{'9' * 5000}\n"),
            SET: f"reference_year: {'9' * 5000}\n",
        },
        [
            f"{ALPHA}:5:9: dust: must be a finite number, got inf",
            f"{ALPHA}:6:9: jobs: must be a finite number, got -inf",
            f"{SET}:1:17: reference_year: must be a whole number, got inf",
        ],
    ),
    "units of one dimension that do not convert": (
        {
            AIR: FILES[AIR].replace("ug/m^3", "degF"),
            **_alpha("  dust: {value: 1, unit: delta_degC}\n"),
        },
        [
            f"{ALPHA}:5:26: dust: unit 'delta_degC' is not 'degF': this value does not convert,"
            " although the dimensions are the same"
        ],
    ),
    "zero, and a standard deviation, in a logarithmic unit": (
        {
            AIR: FILES[AIR].replace("ug/m^3", "dBm"),
            **_alpha("  dust: {value: 0, unit: W}\n"),
            BETA: FILES[BETA].replace("dust: 20", "dust: {value: 1, unit: W, sd: 0.1}"),
        },
        [
            f"{ALPHA}:5:26: dust: unit 'W' is not 'dBm': a logarithmic unit has no number for zero"
            " or less",
            f"{BETA}:5:39: dust: unit 'W' is not 'dBm': a standard deviation does not convert to or"
            " from a logarithmic unit",
        ],
    ),
    "words where a method takes numbers by name": (
        {
            SET: "recipe: {weighting: {kind: best_worst, best: dust, worst: trees,"
            " best_to_others: {trees: '3'}, others_to_worst: {dust: 3}}}\n"
        },
        [f"{SET}:1:90: best_to_others.trees: must be a number, got '3'"],
    ),
    "alternatives without end": (
        {
            SET: "uncertainty: {alternatives: {normalisation: &a [rank, rank, rank, rank],"
            " outliers: [none, none, none, none], aggregation: &b [median, median, median, median],"
            " imputation: [mean, mean, mean, mean], weighting: [equal, equal, equal, equal]}}\n"
        },
        [f"{SET}:1:29: alternatives: make more than 1000 combinations; list fewer"],
    ),
    "files nested without end": (
        {FRAME: "{id: small, name: S, criteria: [n0]}\n", AIR: None, WORK: None}
        | {
            f"criteria/n{n}.yaml": f"{{id: n{n}, name: N, criteria: [n{n + 1}]}}" for n in range(50)
        },
        ["criteria/n39.yaml:1:31: is nested deeper than 40 levels"],
    ),
    "areas above areas without end": (
        {
            f"communities/areas/a{n}.yaml": f"{{id: a{n}, name: A, type: region, parent: a{n + 1}}}"
            for n in range(45)
        }
        | {"communities/areas/a45.yaml": "{id: a45, name: A, type: region}"},
        [
            f"communities/areas/a{n}.yaml:1:41: parent: more than 40 areas lie above"
            for n in range(5)
        ],
    ),
    "problems of several files": (
        {
            ALPHA: "id: alpha\n",
            "communities/beta.yaml": "name: Beta\nkin: x\n",
            SET: "focus: gamma\n",
        },
        [
            f"{ALPHA}:1:1: needs 'name'",
            "communities/beta.yaml:1:1: needs 'id'",
            "communities/beta.yaml:2:1: unknown key 'kin'; did you mean 'kind'?",
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_with_its_place(
    name: str, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced, expected = CASES[name]
    folder = make_project(replaced)
    monkeypatch.chdir(folder)
    with pytest.raises(InputError) as raised:
        read_project(Path())
    assert str(raised.value).splitlines() == sorted(expected)


def test_bytes_that_are_no_utf8_are_placed(make_project: MakeProject) -> None:
    folder = make_project({ALPHA: b"id: alpha\nname: Ph\xfd\n"})
    with pytest.raises(InputError, match=r"alpha\.yaml:2:9: is not UTF-8: byte 0xfd; save it as"):
        read_project(folder)


def test_a_folder_where_a_file_is_expected_is_told(make_project: MakeProject) -> None:
    folder = make_project({ALPHA: None})
    (folder / ALPHA).mkdir()
    with pytest.raises(InputError, match=r"alpha\.yaml: is a folder, not a file"):
        read_project(folder)


def test_a_link_to_nothing_is_told(make_project: MakeProject) -> None:
    folder = make_project({ALPHA: None})
    (folder / ALPHA).symlink_to("nowhere.yaml")
    with pytest.raises(InputError, match=r"alpha\.yaml: cannot be read: No such file"):
        read_project(folder)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no project: no folder 'criteria'"):
        read_project(tmp_path)


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_project(tmp_path / "nowhere")


def test_only_what_is_needed_is_required(make_project: MakeProject) -> None:
    folder = make_project(
        {
            "icfscore.yaml": None,
            FRAME: "id: small\nname: S\ncriteria: [air, work]\ncontext: [{id: population, name: P}]\n",
            "communities/sources.yaml": "census: {}\n",
            ALPHA: f"{HEAD}recognitions: [{{year: 2019, list: top7}}]\n"
            "facts: [{id: parks, value: 4}]\nobservations: {dust: {value: 1, source: census}}\n",
        }
    )
    alpha = read_project(folder).project.community_by_id["alpha"]
    assert alpha.recognitions[0].list == "top7"
    assert alpha.facts[0].value == 4
