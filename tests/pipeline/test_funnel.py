"""An award's funnel, walked with made-up stages, panels and ballots."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.files.project_folder import inspect_project, read_project
from icfscore.pipeline.funnel import walk_funnel
from icfscore.pipeline.score import score
from icfscore.pipeline.uncertainty import draw_ranks

SETTINGS = """\
    focus: beta
    stages:
      - {id: first, inputs: {index: 1}, passes: 3}
      - {id: second, name: {en: Short list, vi: Danh sách ngắn},
         inputs: {index: 1, panel.analysts: 2}, combine: ranks, passes: 2}
      - {id: last, inputs: {ballots.jury: 1}, passes: 1}
    """
JURY = """\
    id: jury
    name: Made-up jury
    ballots:
      - {ranking: [alpha, beta, gamma], approves: [alpha], voters: 2}
      - {ranking: [gamma, alpha, beta], approves: [gamma, alpha]}
    """
PANEL = """\
    id: analysts
    name: Made-up panel
    source: census
    rubric: [0, 10]
    raters: {an: An, bo: Bo}
    scores:
      alpha: {work: {an: 6, bo: 9}}
      beta: {work: {an: 5, bo: 7}}
      gamma: {work: {an: 2, bo: 5}}
    """
FILES = {"icfscore.yaml": SETTINGS, "ballots/jury.yaml": JURY, "panels/analysts.yaml": PANEL}


def _run(folder: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["funnel", "-C", str(folder), *arguments])
    assert result.exit_code == 0, result.stderr
    return result


def _problems(folder: Path) -> list[str]:
    return [f"{p.line}: {p.what}; {p.hint}" for p in inspect_project(folder).problems]


def test_the_stages_are_walked_in_order(make_project: MakeProject) -> None:
    """Index: alpha, gamma, beta; panel: alpha, beta, gamma, counted twice."""
    record = json.loads(_run(make_project(FILES), "--draws", "0", "--format", "json").stdout)
    first, second, last = record["stages"]
    assert [each["id"] for each in first["communities"]] == ["alpha", "gamma", "beta"]
    assert first["margin"] is None
    totals = {each["id"]: each["total"] for each in second["communities"]}
    assert totals == pytest.approx({"alpha": -1, "beta": -(3 + 4) / 3, "gamma": -(2 + 6) / 3})
    assert second["margin"] == pytest.approx(1 / 3)
    assert [each["passed"] for each in second["communities"]] == [True, True, False]
    assert {each["id"]: each["values"] for each in last["communities"]} == {
        "alpha": {"ballots.jury": 3},
        "beta": {"ballots.jury": 0},
    }
    assert record["chances"] == {}
    assert record["lack"]["stage"] == "last"
    assert record["lack"]["rival"] == "alpha"


def test_the_places_of_a_stage_are_shared_out(make_project: MakeProject) -> None:
    """In every draw exactly as many pass as the stage says, and only who passed before."""
    folder = make_project(FILES)
    runs = [_run(folder, "--draws", "300", "--format", "json").stdout for _ in range(2)]
    assert runs[0] == runs[1]
    chances = json.loads(runs[0])["chances"]
    for stage, passes in (("first", 3), ("second", 2), ("last", 1)):
        assert sum(each[stage] for each in chances.values()) == pytest.approx(passes)
    for each in chances.values():
        assert each["first"] >= each["second"] >= each["last"]
    assert 0 < chances["beta"]["second"] < 1


def test_a_certain_jury_leaves_no_doubt(make_project: MakeProject) -> None:
    jury = JURY.partition("    ballots:")[0] + "    ballots: [{ranking: [gamma, beta, alpha]}]\n"
    settings = "stages: [{id: only, inputs: {ballots.jury: 1}, passes: 1}]\n"
    folder = make_project({"icfscore.yaml": settings, "ballots/jury.yaml": jury})
    chances = json.loads(_run(folder, "--draws", "50", "--format", "json").stdout)["chances"]
    assert {name: each["only"] for name, each in chances.items()} == {
        "alpha": 0,
        "beta": 0,
        "gamma": 1,
    }


def test_the_page_says_what_the_focus_lacks(make_project: MakeProject) -> None:
    settings = "focus: beta\nstages: [{id: first, inputs: {index: 1}, passes: 1}]\n"
    folder = make_project({"icfscore.yaml": settings})
    text = _run(folder, "--draws", "200", "--format", "markdown").stdout
    assert "Beta passes no stage." in text
    assert "The first cut it is likely to miss is first" in text
    assert "What it lacks most beside Alpha: Air (" in text


def test_the_counts_stand_side_by_side(make_project: MakeProject) -> None:
    folder = make_project(FILES)
    digest = read_project(folder).project.digest
    text = _run(folder, "--draws", "0", "--format", "markdown").stdout
    assert "| Alpha | 2 | 5 | 3 | 2 |" in text
    assert "Condorcet winner, who wins against each of the others: Alpha." in text
    assert "The counts agree." in text
    split = JURY.partition("    ballots:")[0] + (
        "    ballots:\n"
        "      - {ranking: [alpha, beta, gamma]}\n"
        "      - {ranking: [beta, gamma, alpha]}\n"
        "      - {ranking: [gamma, alpha, beta]}\n"
    )
    folder = make_project({**FILES, "ballots/jury.yaml": split})
    assert read_project(folder).project.digest != digest
    text = _run(folder, "--draws", "0", "--format", "markdown").stdout
    assert "No Condorcet winner" in text
    assert "The counts do not agree" in text
    assert "Danh sách ngắn" in _run(folder, "--draws", "0", "--lang", "vi").stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("icfscore.yaml", "passes: 2", "passes: 4", "5: second: passes 4, but only 3 enter"),
        ("icfscore.yaml", "index: 1}", "indx: 1}", "3: unknown input 'indx'; did you mean 'index'"),
        ("icfscore.yaml", "ballots.jury", "ballots.jry", "6: unknown input 'ballots.jry'; did you"),
        ("icfscore.yaml", "id: last", "id: first", "6: 'first' is given twice"),
        (
            "ballots/jury.yaml",
            "[alpha, beta,",
            "[alpha, betta,",
            "4: no community 'betta'; did you",
        ),
        ("ballots/jury.yaml", "[alpha, beta,", "[[alpha, beta],", "4: two share a place, and ties"),
        ("ballots/jury.yaml", "[alpha, beta,", "[alpha, alpha,", "4: 'alpha' is given twice"),
        ("ballots/jury.yaml", "name:", "rule: points\n    name:", "2: rule: points needs it on"),
        ("ballots/jury.yaml", "approves: [alpha]", "approves: [alhpa]", "4: no community 'alhpa'"),
    ],
)
def test_what_is_wrong_is_told(
    name: str, old: str, new: str, told: str, make_project: MakeProject
) -> None:
    assert old in FILES[name]
    folder = make_project({**FILES, name: FILES[name].replace(old, new)})
    assert any(problem.startswith(told) for problem in _problems(folder)), _problems(folder)


def test_a_project_without_stages_says_how_to_begin(make_project: MakeProject) -> None:
    result = CliRunner().invoke(cli, ["funnel", "-C", str(make_project())])
    assert result.exit_code == 1
    assert "icfscore.yaml has no stages; add some under stages:" in result.stderr


def test_a_panel_without_an_error_is_told(make_project: MakeProject) -> None:
    panel = PANEL.partition("    raters:")[0] + (
        "    raters: {an: An}\n    scores: {alpha: {work: {an: 3}}, beta: {work: {an: 9}}}\n"
    )
    folder = make_project({**FILES, "panels/analysts.yaml": panel})
    result = _run(folder, "--draws", "20")
    assert "no standard error can be computed, so no draw varies it" in result.stderr
    assert "Last, for want of a value: Gamma." in result.stdout


def test_a_stage_of_the_index_passes_whom_the_ranking_puts_in_front(
    make_project: MakeProject,
) -> None:
    settings = "stages: [{id: only, inputs: {index: 1}, passes: 2}]\n"
    folder = read_project(make_project({"icfscore.yaml": settings}))
    given = replace(folder.settings, uncertainty=replace(folder.settings.uncertainty, draws=400))
    scoring = score(folder.project, given)
    (outcome,) = walk_funnel(scoring, folder.stages, {}, {}).outcomes
    draws = draw_ranks(scoring)
    chances = [outcome.probability[name] for name in draws.communities]
    assert chances == pytest.approx(draws.probability_top(2).tolist(), abs=1e-9)
