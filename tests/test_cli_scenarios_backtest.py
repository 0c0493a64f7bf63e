"""`icfscore scenarios` and `icfscore backtest` as a person types them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from icfscore.pipeline import backtest_weights
from tests.conftest import MakeProject
from tests.report.test_markdown_projects import HOSTILE, _assert_harmless
from tests.test_cli import run

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = """\
    focus: alpha
    scenarios:
      green:
        name: {en: Green, vi: Xanh}
        description: {en: Trees first., vi: Cây trước.}
        weights: {work: 0, dust: 0}
      broken: {recipe: {aggregation: {kind: geometric}}}
      own: {proxies: false, recipe: {screening: {min_community_coverage: 1}}}
    """


def _json(*arguments: str | Path) -> dict[str, Any]:
    result = run(*arguments, "--format", "json", "--quiet")
    assert result.exit_code == 0, result.stderr
    record: dict[str, Any] = json.loads(result.stdout)
    return record


@pytest.fixture
def few_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_weights, "RANDOM_SETS", 50)


def test_the_record_of_scenarios(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": SCENARIOS})
    record = _json("scenarios", "-C", folder)
    assert record["schema"] == "icfscore.scenarios/1"
    assert [row["id"] for row in record["base"]["ranking"]] == ["alpha", "gamma", "beta"]
    green, broken, own = record["scenarios"]
    assert (green["name"], green["title"], green["reason"]) == ("green", "Green", "Trees first.")
    assert green["tau"] == pytest.approx(1 / 3)
    assert green["mean_rank_shift"] == pytest.approx(2 / 3)
    assert (green["focus_rank"], green["largest"]) == (2, {"id": "alpha", "change": 1})
    assert broken["ranking"] == []
    assert "geometric" in broken["error"]
    assert [each["id"] for each in own["excluded"]] == ["alpha", "beta"]
    assert _json("scenarios", "-C", folder, "--lang", "vi")["scenarios"][0]["title"] == "Xanh"


def test_the_ranks_of_scenarios_as_csv(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": SCENARIOS})
    result = run("scenarios", "-C", folder, "--format", "csv")
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows == [
        ["id", "name", "base", "green", "broken", "own"],
        ["alpha", "Alpha", "1", "2", "", ""],
        ["gamma", "Gamma", "2", "1", "", "1"],
        ["beta", "Beta", "3", "3", "", ""],
    ]


def test_the_page_of_scenarios_says_who_is_left_out(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": SCENARIOS})
    text = run("scenarios", "-C", folder).stdout
    joined = " ".join(text.split())
    assert "Alpha, at rank 1 in the base, stands between 2 and 2 in them" in joined
    assert "no more than one place from 1 in 1 of 1; where" in joined
    assert "1. Green (--scenario green): Trees first." in text
    assert "own: not ranked, for want of values: Alpha (has values for 3 of 4" in text
    assert "broken: it has no ranking to compare: aggregation geometric" in text
    markdown = run("scenarios", "-C", folder, "--format", "markdown").stdout
    assert markdown.startswith("# Scenarios\n")
    assert "| 1 | Green | 2 | 3 | 0.33 | 0.67 | Alpha, 1 down |" in markdown


def test_without_a_focus_no_rank_of_one_is_shown(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": SCENARIOS.replace("focus: alpha", "max_age: 10")})
    text = run("scenarios", "-C", folder, "--format", "markdown").stdout
    assert "| No. | Scenario | Ranked | Tau | Shift |" in text
    assert "▶" not in text


def test_a_scenario_may_be_the_base(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": SCENARIOS})
    record = _json("scenarios", "-C", folder, "--scenario", "green")
    assert record["base"]["scenario"] == "green"
    assert [each["name"] for each in record["scenarios"]] == ["broken", "own"]


def test_without_scenarios_there_is_nothing_to_run(make_project: MakeProject) -> None:
    result = run("scenarios", "-C", make_project())
    assert result.exit_code == 1
    assert "icfscore.yaml has no scenarios; add some under scenarios:" in result.stderr


def test_the_built_in_scenarios_all_run_and_give_their_reasons() -> None:
    record = _json("scenarios", "-C", ROOT)
    assert len(record["scenarios"]) >= 12
    assert {"balanced", "ranks", "own_data", "double_sustain"} <= {
        each["name"] for each in record["scenarios"]
    }
    assert all(each["reason"] and not each["error"] for each in record["scenarios"])
    vietnamese = _json("scenarios", "-C", ROOT, "--lang", "vi")["scenarios"]
    for mine, theirs in zip(record["scenarios"], vietnamese, strict=True):
        assert mine["reason"] != theirs["reason"]
        assert mine["title"] != theirs["title"]


def test_the_built_in_scenarios_do_what_they_say() -> None:
    """All 27 indicators count alike, and own values leave Connect and Include without any."""
    record = _json("rank", "-C", ROOT, "--scenario", "equal_indicators")
    weights = record["weights"]
    from icfscore.files.project_folder import read_project

    parents = read_project(ROOT).project.tree.parent_by_id
    shares = [
        weight * weights[parents[name]]
        for name, weight in weights.items()
        if parents[name] != "index" and weight > 0
    ]
    assert shares == [pytest.approx(1 / 27)] * 27
    rows = _json("rank", "-C", ROOT, "--scenario", "own_data")["ranking"]
    criteria = [name for name, parent in parents.items() if parent == "index"]
    empty = [name for name in criteria if all(row["nodes"][name]["score"] is None for row in rows)]
    assert empty == ["connect", "include"]


CHOSEN = "recognitions: [{year: 2019, list: top7}]"


def _with_choice(make_project: MakeProject, settings: str = "focus: alpha\n") -> Path:
    from tests.conftest import FILES

    name = "communities/alpha.yaml"
    return make_project(
        {name: f"{FILES[name].rstrip()}\n        {CHOSEN}\n", "icfscore.yaml": settings}
    )


@pytest.mark.usefixtures("few_sets")
def test_the_record_of_a_backtest(make_project: MakeProject) -> None:
    folder = _with_choice(make_project)
    record = _json("backtest", "-C", folder, "--list", "top7", "--of-year", "2019")
    assert record["schema"] == "icfscore.backtest/1"
    assert (record["list"], record["year"], record["chosen"]) == ("top7", 2019, ["alpha"])
    assert (record["precision_at_k"], record["auc"], record["mean_rank"]) == (1.0, 1.0, 1.0)
    assert record["p_value"] == pytest.approx(1 / 3)
    assert set(record["by_node"]) == {"index", "air", "work"}
    # On work all three are level.
    assert record["by_node"]["work"]["auc"] == 0.5
    assert record["by_node"]["work"]["p_value"] == 1.0
    assert record["complete"] == "assumed"


@pytest.mark.usefixtures("few_sets")
def test_that_a_list_is_complete_is_declared_or_told(make_project: MakeProject) -> None:
    result = run("backtest", "-C", _with_choice(make_project), "--draws", "50")
    assert "warning: top7 of 2019 is taken to be complete" in result.stderr
    settings = "lists: {top7: {name: {en: The Seven, vi: Bảy}, complete: [2019]}}\n"
    result = run("backtest", "-C", _with_choice(make_project, settings), "--draws", "50")
    assert "warning: top7" not in result.stderr
    assert result.stdout.startswith("The Seven 2019: would the ranking have found them?")


@pytest.mark.usefixtures("few_sets")
@pytest.mark.parametrize(
    ("chosen", "verdict"),
    [
        (range(6), "The ranking and the choice agree more than chance explains."),
        (
            (0, 1, 2, 9, 10, 11),
            "So the choice is no evidence that the ranking sees what was judged",
        ),
        (range(6, 12), "The chosen stand lower than chance would put them"),
    ],
)
def test_the_verdict_follows_the_p_value(
    chosen: Iterable[int], verdict: str, make_project: MakeProject
) -> None:
    """Twelve communities in order of jobs; the best six, three at either end, the worst six."""
    files: dict[str, str | None] = {
        "criteria/framework.yaml": "id: one\nname: One\nindicators:\n"
        "  - {id: jobs, name: Jobs, unit: percent, direction: higher, kind: share}\n",
        "criteria/air.yaml": None,
        "criteria/work.yaml": None,
        "icfscore.yaml": "uncertainty: {draws: 20}\n",
        "communities/areas/AAA.yaml": None,
        "communities/alpha.yaml": None,
        "communities/beta.yaml": None,
        "communities/gamma.yaml": None,
    }
    for place in range(12):
        listed = "recognitions: [{year: 2020, list: top}]\n" if place in chosen else ""
        files[f"communities/c{place}.yaml"] = (
            f"id: c{place}\nname: C{place}\nsource: census\n{listed}"
            f"observations: {{jobs: {99 - place}}}\n"
        )
    result = run("backtest", "-C", make_project(files), "--format", "markdown")
    assert result.exit_code == 0, result.stderr
    assert verdict in result.stdout.split("\n")[2]


BAD = {
    "no list of that name": (["--list", "top8"], "no community is on a list 'top8'; did you mean"),
    "no list of that year": (["--of-year", "1999"], "is on a list of 1999; there is: 2019"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_list_is_told(name: str, make_project: MakeProject) -> None:
    options, message = BAD[name]
    result = run("backtest", "-C", _with_choice(make_project), *options)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stdout == ""


def test_without_recognitions_there_is_nothing_to_test(make_project: MakeProject) -> None:
    result = run("backtest", "-C", make_project())
    assert result.exit_code == 1
    assert result.stderr.startswith("no community has recognitions")


BAD_LISTS = {
    "lists: {top7: {complete: [20190]}}": "must be a year such as 2018, got 20180",
    "lists: {top7: {complet: [2019]}}": "did you mean 'complete'?",
    "lists: {top7: [2019]}": "must be a mapping",
}


@pytest.mark.parametrize("text", BAD_LISTS)
def test_a_bad_entry_of_lists_is_told(text: str, make_project: MakeProject) -> None:
    result = run("rank", "-C", make_project({"icfscore.yaml": text + "\n"}))
    assert result.exit_code == 1
    assert BAD_LISTS[text].replace("20180", "20190") in result.stderr


@pytest.mark.usefixtures("few_sets")
def test_hostile_names_stay_text(make_project: MakeProject) -> None:
    text = HOSTILE.replace("\n", "\\n")
    settings = f"""\
        focus: alpha
        lists: {{top7: {{name: "{text}", complete: [2019]}}}}
        scenarios:
          bad: {{name: "{text}", description: "{text}", weights: {{work: 2}}}}
        """
    alpha = f"""\
        id: alpha
        name: "{text}"
        parent: AAA
        source: census
        observations: {{dust: 10, trees: 20, population: 1000}}
        {CHOSEN}
        """
    sources = f"""census: {{title: "{text}", url: 'javascript:alert(1)'}}\n"""
    folder = make_project(
        {
            "communities/alpha.yaml": alpha,
            "icfscore.yaml": settings,
            "communities/sources.yaml": sources,
        }
    )
    for command in ("scenarios", "backtest"):
        result = run(command, "-C", folder, "--format", "markdown", "--draws", "50")
        assert result.exit_code == 0, result.stderr
        _assert_harmless(result.stdout, command)
        assert "\x1b" not in run(command, "-C", folder, "--draws", "50").stdout


def test_the_committed_backtest_is_current() -> None:
    result = run("backtest", "-C", ROOT, "--format", "markdown", "--quiet")
    committed = (ROOT / "reports" / "backtest.md").read_text(encoding="utf-8")
    assert committed == result.stdout, (
        "reports/backtest.md is old: run `icfscore backtest --format markdown -o"
        " reports/backtest.md`"
    )
