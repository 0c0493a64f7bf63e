"""Mistakes within the entries of settings, frameworks and communities, told with their places."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import FILES, MakeProject

from icfscore.errors import InputError
from icfscore.files.project_folder import read_project

ALPHA, GAMMA = "communities/alpha.yaml", "communities/gamma.yaml"
AIR, WORK = "criteria/air.yaml", "criteria/work.yaml"
FRAME, SET, LAND = "criteria/framework.yaml", "icfscore.yaml", "communities/areas/AAA.yaml"
HEAD = "id: alpha\nname: Alpha\nsource: census\n"
DUST = "{id: dust, name: Dust, unit: ug/m^3, direction: lower, kind: ratio"


def _alpha(observations: str, head: str = HEAD) -> dict[str, str]:
    return {ALPHA: f"{head}observations:\n{observations}"}


def _swap(file: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[file]
    return {file: FILES[file].replace(old, new)}


def _dust(more: str) -> dict[str, str]:
    """Give the first indicator another head."""
    return _swap(AIR, "kind: ratio", f"kind: {more}")


CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    # icfscore.yaml
    "settings that are a list": (
        {SET: "[focus]\n"},
        [f"{SET}:1:1: must be a mapping of keys and values, got a list"],
    ),
    "scenarios that are none": (
        {SET: "scenarios: {x: 5, y: {recipes: {}}}\n"},
        [
            f"{SET}:1:16: must be a mapping of keys and values, got 5",
            f"{SET}:1:23: unknown key 'recipes'; did you mean 'recipe'?",
        ],
    ),
    "draws that are no number": (
        {SET: "uncertainty: {draws: many, seed: -1}\n"},
        [
            f"{SET}:1:22: draws: must be a whole number, got 'many'",
            f"{SET}:1:34: seed: must be at least 0, got -1",
        ],
    ),
    "shares that are none": (
        {SET: "recipe: {screening: {min_indicator_coverage: 50, min_community_coverage: -0.1}}\n"},
        [
            f"{SET}:1:46: min_indicator_coverage: must be a share between 0 and 1, got 50",
            f"{SET}:1:74: min_community_coverage: must be a share between 0 and 1, got -0.1",
        ],
    ),
    "nodes that are no list": (
        {SET: "uncertainty: {weights: {kind: dirichlet, nodes: air}}\n"},
        [f"{SET}:1:49: nodes: must be all or a list of nodes, got 'air'"],
    ),
    "nodes that there are not": (
        {SET: "uncertainty: {weights: {kind: uniform_simplex, nodes: [Clean air, wrk, 5]}}\n"},
        [
            f"{SET}:1:67: nodes: unknown node 'wrk'; did you mean 'work'?",
            f"{SET}:1:72: nodes: unknown node 5; one of: index, air, work",
        ],
    ),
    "alternatives of no stage, and no list": (
        {SET: "uncertainty: {alternatives: {normalizaton: [rank], weighting: equal}}\n"},
        [
            f"{SET}:1:30: alternatives: unknown stage 'normalizaton'; did you mean 'normalisation'?",
            f"{SET}:1:63: weighting: must be a list of methods, got 'equal'",
        ],
    ),
    "weights that are none": (
        {SET: "weights: {air: 'yes', work: true, dust: -1, trees: .inf}\n"},
        [
            f"{SET}:1:{at}: {name}: a weight must be a finite number of at least 0, got {found}"
            for at, name, found in ((16, "air", "'yes'"), (29, "work", "true"), (41, "dust", "-1"), (52, "trees", "inf"))
        ],
    ),
    "methods without a kind": (
        {SET: "recipe: {normalisation: {low: 1}, weighting: 5}\nuncertainty: {missing: {sd: 1}}\n"},
        [
            f"{SET}:1:25: normalisation: needs a 'kind', got a mapping; kinds: none, min_max,"
            " z_score, robust, rank, borda, percentile_rank, goalposts, target, reference_community"
            " and 3 more",
            f"{SET}:1:46: weighting: must name a method as 'kind', got 5",
            f"{SET}:2:24: missing: needs a 'kind', got a mapping; kinds: fixed, hot_deck",
        ],
    ),
    "exceptions for what there is not": (
        {
            SET: "recipe:\n  normalisation: {kind: min_max, except: {dst: rank}}\n"
            "  aggregation: {kind: arithmetic, at: {wrk: geometric}, at_depth: {9: geometric}}\n"
            "  outliers: {kind: none, except: dust}\n"
        },
        [
            f"{SET}:2:48: except: unknown indicator 'dst'; did you mean 'dust'?",
            f"{SET}:3:45: at: unknown node 'wrk'; did you mean 'work'?",
            f"{SET}:3:71: at_depth: depths go from 0 (the index) to 2, got '9'",
            f"{SET}:4:34: except: must be a mapping, got 'dust'",
        ],
    ),
    "names that may stand in a file that cannot be read": (
        {
            SET: "weights: {wrk: 1}\nuncertainty: {weights: {kind: dirichlet, nodes: [wrk]}}\n"
            "recipe: {normalisation: {kind: min_max, except: {dst: rank}}}\nplan: {free: [dst]}\n",
            **_swap(FRAME, "[air, work]", "[air, wrok]"),
        },
        [f"{FRAME}:4:17: no file criteria/wrok.yaml; did you mean 'work'?"],
    ),
    "limits of a plan that are none": (
        {SET: "plan: {limits: {dust: [low, 9], jobs: [1, 2, 3], air: [1, 2], income: [2, 1]}}\n"},
        [
            f"{SET}:1:24: dust: must be a number, got 'low'",
            f"{SET}:1:39: jobs: must be the lowest and the highest value, got a list; such as"
            " [10, null]; null is no limit",
            f"{SET}:1:50: limits are for one indicator, 'air' is a criterion",
            f"{SET}:1:71: income: the lowest value 2 is above the highest 1",
        ],
    ),
    "a plan that is none": ({SET: "plan: 5\n"}, [f"{SET}:1:7: plan: must be a mapping, got 5"]),
    "a scenario that leaves nothing to weigh": (
        {SET: "scenarios: {x: {weights: {dust: 0, trees: 0}}}\n"},
        [f"{SET}:1:26: scenario x: air: all its children have weight 0"],
    ),
    # criteria/
    "a framework that is a list": (
        {FRAME: "[air, work]\n"},
        [f"{FRAME}:1:1: must be a mapping of keys and values, got a list"],
    ),
    "a framework without a name": (
        {FRAME: "id: small\ncriteria: [air]\n"},
        [f"{FRAME}:1:1: needs 'name'"],
    ),
    "criteria that are none": (
        _swap(FRAME, "[air, work]", "[air, work, 5, {name: No id}]"),
        [
            f"{FRAME}:4:23: must be a mapping of keys and values, got 5",
            f"{FRAME}:4:26: needs 'id'",
        ],
    ),
    "a criterion within itself": (
        {AIR: "id: air\nname: Air\ncriteria: [air]\n"},
        [f"{AIR}:3:12: 'air' contains itself: air > air"],
    ),
    "a criterion of another name than its file's": (
        _swap(AIR, "id: air", "id: sky"),
        [f"{AIR}:1:5: id 'sky' is not the file's name 'air'"],
    ),
    "the index's own name": (
        _swap(AIR, "Clean air", "Index"),
        [f"{AIR}:3:11: 'index' is the name of the whole index"],
    ),
    "levels of a ratio": (
        _dust("ratio, levels: {a: 1}"),
        [f"{AIR}:5:5: levels: only an ordinal indicator has them, this one is ratio"],
    ),
    "names of levels that there are not": (
        _dust("ordinal, levels: {a: 1, b: 2}, level_names: {c: See}"),
        [f"{AIR}:5:5: level_names: 'c' is no level of it; there are a, b"],
    ),
    "a rubric of levels that there are not": (
        _dust("boolean, rubric: {maybe: See}"),
        [f"{AIR}:5:5: rubric: 'maybe' is no level of it; there are no, yes"],
    ),
    # YAML
    "two documents": (
        {ALPHA: "id: alpha\n---\nid: beta\n"},
        [f"{ALPHA}:2:1: holds a second document; one a file"],
    ),
    "an alias of nothing": (
        _alpha("  dust: *d\n"),
        [f"{ALPHA}:5:9: alias '*d' stands for nothing yet"],
    ),
    "tags": (
        _alpha("  dust: !!set {a, b}\n"),
        [f"{ALPHA}:5:9: tag 'tag:yaml.org,2002:set': tags are not read"],
    ),
    "a key that is a list": (
        _alpha("  ? [a, b]\n  : 1\n"),
        [f"{ALPHA}:5:5: a key must be a plain word"],
    ),
    # communities/
    "recognitions and facts": (
        _alpha(
            "  dust: 1\n",
            f"{HEAD}recognitions: [{{year: 2019, list: top7, source: atlas}}, {{year: 19, list: top7}}, 5]\n"
            "facts: [{id: parks, value: 1}, {id: parks, value: 2}, {id: x}, 7]\n",
        ),
        [
            f"{ALPHA}:4:49: unknown source 'atlas'; the keys of sources.yaml: census",
            f"{ALPHA}:4:64: year: must be a year such as 2018, got 19",
            f"{ALPHA}:4:81: must be a mapping of keys and values, got 5",
            f"{ALPHA}:5:37: fact 'parks' is given twice",
            f"{ALPHA}:5:55: needs 'value'",
            f"{ALPHA}:5:64: must be a mapping of keys and values, got 7",
        ],
    ),
    "an indicator by two of its names": (
        {**_swap(AIR, "id: dust,", "id: dust, aliases: [PM],"), **_alpha("  dust: 1\n  pm: 2\n")},
        [f"{ALPHA}:6:3: 'pm' is 'dust', given twice"],
    ),
    "a year twice": (
        _alpha(
            "  dust: [{value: 1, year: 2018}, {value: 2, year: 2018}, 3, 4, null, {value: }]\n"
        ),
        [
            f"{ALPHA}:5:34: dust: a second value for 2018",
            f"{ALPHA}:5:61: dust: a second value for no year",
        ],
    ),
    "yes and no of a number": (
        _alpha("  dust: yes\n  jobs: true\n"),
        [
            f"{ALPHA}:5:9: dust: must be a number, got 'yes'; a missing value is written null, or left out",
            f"{ALPHA}:6:9: jobs: must be a number, got true",
        ],
    ),
    "numbers of a yes and no": (
        {
            **_swap(WORK, "kind: ratio, transform: log", "kind: boolean"),
            **_alpha("  income: 2\n"),
            "communities/beta.yaml": "id: beta\nname: Beta\nobservations:\n"
            "  income: {value: 0.5, source: census}\n",
            GAMMA: "id: gamma\nname: Gamma\nsource: census\nobservations: {income: maybe}\n",
            LAND: "id: AAA\nname: Land\nsource: census\nobservations: {income: true}\n",
        },
        [
            f"{ALPHA}:5:11: income: must be true or false, got 2",
            "communities/beta.yaml:4:19: income: must be true or false, got 0.5",
            f"{GAMMA}:4:24: income: must be yes or no, got 'maybe'; a missing value is written"
            " null, or left out",
        ],
    ),
    "a denominator of zero": (
        {**_swap(FRAME, "[1, null]", "[0, null]"), **_alpha("  population: 0\n  dust: 1\n")},
        [f"{ALPHA}:5:15: population: is a denominator, so it must be above 0, got 0"],
    ),
    "intervals": (
        _alpha(
            "  dust: {value: 5, interval: [6, 7]}\n  jobs: {value: 5, interval: [1]}\n"
            "  trees: {value: 1, interval: 5}\n  income: {value: 1, interval: [0, 1, 2]}\n"
        ),
        [
            f"{ALPHA}:5:17: dust: interval: must hold the value, its lower end first",
            f"{ALPHA}:6:30: interval: too few entries",
            f"{ALPHA}:7:31: interval: must be a list, got 5",
            f"{ALPHA}:8:32: interval: must have 2 entries",
        ],
    ),
    "above an upper bound alone": (
        {
            **_swap(AIR, "bounds: [0, null]", "bounds: [null, 25]"),
            GAMMA: "id: gamma\nname: Gamma\nsource: census\nobservations: {dust: 30}\n",
        },
        [f"{GAMMA}:4:22: dust: 30 ug/m^3 is outside the bounds 25 or less"],
    ),
    "a name without letters": (
        {ALPHA: "id: alpha\nname: {en: A, vi: ' '}\nsource: census\nobservations: {dust: 1}\n"},
        [f"{ALPHA}:2:7: name: must not be empty"],
    ),
    "an area twice": (
        {"communities/areas/bbb.yaml": "id: AAA\nname: Land\ntype: region\n"},
        [f"communities/areas/bbb.yaml:1:5: area 'AAA' is defined twice, here and in {LAND}"],
    ),
    "a file where a folder belongs": (
        {"communities/areas": "x", LAND: None, "panels": "x"},
        [
            "communities/alpha.yaml:3:9: parent: unknown area 'AAA'",
            "communities/areas: is not a folder",
            "communities/beta.yaml:3:9: parent: unknown area 'AAA'",
            "panels: is not a folder",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_with_its_place(
    name: str, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced, expected = CASES[name]
    monkeypatch.chdir(make_project(replaced))
    with pytest.raises(InputError) as raised:
        read_project(Path())
    assert str(raised.value).splitlines() == sorted(expected)


def test_a_hundred_mistakes_of_one_entry_are_enough(make_project: MakeProject) -> None:
    keys = "".join(f"k{n}: 1\n" for n in range(150))
    with pytest.raises(InputError) as raised:
        read_project(make_project({ALPHA: f"{HEAD}{keys}observations: {{dust: 1}}\n"}))
    told = str(raised.value).splitlines()
    assert len(told) == 101
    assert told[0].endswith(f"{ALPHA}:1:1: and 50 more problems of this kind")


def test_an_anchor_stands_for_its_value(make_project: MakeProject) -> None:
    folder = make_project(_alpha("  dust: &d 10\n  jobs: *d\n"))
    seen = read_project(folder).project.community_by_id["alpha"].observations
    assert (seen["dust"][0].value, seen["jobs"][0].value) == (10, 10)
