"""An award's funnel, walked with made-up stages, panels and ballots."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from tests.conftest import FILES as SMALL
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.files.project_folder import inspect_project, read_project
from icfscore.pipeline.draw_sample import draw_sample
from icfscore.pipeline.funnel import walk_funnel
from icfscore.pipeline.funnel_panels import PanelMeans
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


BY_PANEL = (
    SMALL["criteria/work.yaml"].rstrip()
    + """
          - {id: by_panel, name: Panel, unit: point, direction: higher, kind: index,
             bounds: [0, 10], panel: analysts}
          - {id: again, name: Again, unit: point, direction: higher, kind: index,
             bounds: [0, 10], panel: analysts}
"""
)


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
        ("ballots/jury.yaml", "approves: [alpha]", "approves: [alpha, alpha]", "4: 'alpha' is giv"),
        ("ballots/jury.yaml", "approves: [alpha]", "points: {beta: -1}", "4: points.beta: must be"),
        ("ballots/jury.yaml", "approves: [alpha]", "points: {a: 1, a: 2}", "4: duplicate key 'a'"),
        ("ballots/jury.yaml", "beta, gamma]", "[], gamma]", "4: a place names nobody"),
        ("ballots/jury.yaml", "voters: 2", "voters: 0", "4: voters: must be at least 1, got 0"),
        ("ballots/jury.yaml", "name:", "rule: best\n    name:", "2: rule: must be one of plural"),
        ("icfscore.yaml", "jury: 1", "jury: 0", "6: inputs.ballots.jury: must be above 0, got 0"),
        ("icfscore.yaml", "jury: 1", "jury: -2", "6: inputs.ballots.jury: must be above 0, got -2"),
        ("icfscore.yaml", "{ballots.jury: 1}", "{second: 1}", "6: unknown input 'second'; the inp"),
        ("icfscore.yaml", "index: 1}", "air: 1, Clean air: 1}", "3: 'air' is given twice"),
        ("icfscore.yaml", "passes: 1}", "passes: 0}", "6: passes: must be at least 1, got 0"),
        ("icfscore.yaml", "passes: 3", "passes: 1", "5: second: passes 2, but only 1 enter"),
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


def _means(folder: Path, n_draws: int = 400) -> tuple[PanelMeans, np.ndarray, np.ndarray]:
    """Give the panel's means, their draws (d, n), and the drawn values of `by_panel` if any."""
    read = read_project(folder)
    scoring = score(read.project, read.settings)
    means = PanelMeans.of(scoring, read.panels["analysts"], scoring.ranking.communities)
    sample = draw_sample(scoring, n_draws)
    drawn = means.draw(np.random.default_rng(1), n_draws, sample)
    columns = [sample.indicators.index(i) for i in ("by_panel", "again") if i in sample.indicators]
    return means, drawn, sample.values[:, :, columns]


def test_a_panels_error_is_one_draw_in_the_index_and_in_a_stage(make_project: MakeProject) -> None:
    means, drawn, values = _means(make_project({**FILES, "criteria/work.yaml": BY_PANEL}))
    assert means.sd.min() > 0
    assert drawn.std(axis=0).min() > 0.1
    assert drawn == pytest.approx(values[:, :, 0])
    assert values[:, :, 1] == pytest.approx(values[:, :, 0])  # of two indicators as well


def test_a_draw_stays_within_the_rubric(make_project: MakeProject) -> None:
    """A mean at the end of the rubric errs inwards, as an indicator's value at its bound does."""
    panel = PANEL.replace("an: 6, bo: 9", "an: 9, bo: 10").replace("an: 5, bo: 7", "an: 5, bo: 9")
    folder = make_project({**FILES, "panels/analysts.yaml": panel})
    means, drawn, _ = _means(folder)
    assert drawn.min() >= 0
    assert drawn.max() <= 10
    assert means.plain[0] == 9.5
    assert (drawn[:, 0] == 10).mean() == 0  # truncated, not heaped up at the end
    settings = SETTINGS.rstrip() + "\n    uncertainty: {data: {kind: relative}}\n"
    folder = make_project({**FILES, "panels/analysts.yaml": panel, "icfscore.yaml": settings})
    _, drawn, _ = _means(folder)
    assert drawn.max() == 10
    assert 0.2 < (drawn[:, 0] == 10).mean() < 0.5  # set to the end, as data: relative does


def test_exact_data_leave_panels_exact(make_project: MakeProject) -> None:
    settings = SETTINGS.rstrip() + "\n    uncertainty: {data: none}\n"
    folder = make_project({**FILES, "icfscore.yaml": settings})
    means, drawn, _ = _means(folder, 20)
    assert (drawn == means.plain).all()


def test_who_has_no_place_may_enter_by_what_raters_say(make_project: MakeProject) -> None:
    settings = "stages: [{id: only, inputs: {panel.analysts: 1}, passes: 1}]\n"
    panel = PANEL.rstrip() + "\n      delta: {work: {an: 9, bo: 10}}\n"
    files = {"panels/analysts.yaml": panel, "communities/delta.yaml": "{id: delta, name: Delta}\n"}
    folder = make_project({**files, "icfscore.yaml": settings})
    record = json.loads(_run(folder, "--draws", "200", "--format", "json").stdout)
    (stage,) = record["stages"]
    assert [each["id"] for each in stage["communities"]] == ["delta", "alpha", "beta", "gamma"]
    assert 0.5 < record["chances"]["delta"]["only"] < 1
    both = settings.replace("panel.analysts: 1", "index: 1, panel.analysts: 1")
    folder = make_project({**files, "icfscore.yaml": both})
    (stage,) = json.loads(_run(folder, "--draws", "0", "--format", "json").stdout)["stages"]
    assert "delta" not in [each["id"] for each in stage["communities"]]


@pytest.mark.parametrize("ballots", ["[{ranking: []}]", "[{approves: []}]"])
def test_ballots_that_name_nobody_are_an_error(ballots: str, make_project: MakeProject) -> None:
    jury = f"id: jury\nname: J\nballots: {ballots}\n"
    folder = make_project({**FILES, "ballots/jury.yaml": jury})
    assert _problems(folder) == ["3: no ballot names a community; "]


def test_a_blank_ballot_counts_as_a_voter(make_project: MakeProject) -> None:
    jury = "id: jury\nname: J\nrule: approval\nballots: [{approves: [alpha]}, {approves: []}]\n"
    folder = make_project({**FILES, "ballots/jury.yaml": jury})
    record = json.loads(_run(folder, "--draws", "0", "--format", "json").stdout)["ballots"]["jury"]
    assert record["voters"] == 2
    assert record["counts"]["alpha"]["approval"] == 1


@pytest.mark.parametrize(
    "settings", ["weights: {air: 0}", "recipe: {screening: {min_indicator_coverage: 1}}"]
)
def test_a_stage_needs_a_score_to_look_at(settings: str, make_project: MakeProject) -> None:
    stages = "stages: [{id: first, inputs: {air: 1}, passes: 1}]\n"
    beta = "{id: beta, name: B, source: census, observations: {jobs: 2, income: 9}}\n"
    files = {"communities/beta.yaml": beta, "icfscore.yaml": f"{settings}\n{stages}"}
    alpha = SMALL["communities/alpha.yaml"] + "  income: 5\n"
    folder = make_project({**files, "communities/alpha.yaml": alpha})
    result = CliRunner().invoke(cli, ["funnel", "-C", str(folder), "--draws", "5"])
    assert result.exit_code == 1
    assert "stage first: air has no score; its weight is 0, or screening" in result.stderr


def test_screening_may_leave_fewer_than_pass(make_project: MakeProject) -> None:
    settings = """\
        recipe: {screening: {min_community_coverage: 1}}
        stages: [{id: first, inputs: {index: 1}, passes: 3}]
        """
    beta = "{id: beta, name: B, source: census, observations: {jobs: 2}}\n"
    folder = make_project({"communities/beta.yaml": beta, "icfscore.yaml": settings})
    result = _run(folder, "--draws", "0")
    assert "stage first: passes 3, but only 2 enter: all pass" in result.stderr


RULED = """\
    id: jury
    name: Made-up jury
    rule: {rule}
    ballots:
      - {{approves: [beta], points: {{beta: 9, alpha: 8, gamma: 7}}}}
      - {{approves: [gamma, beta], points: {{gamma: 9, beta: 1}}}}
      - {{approves: [beta], points: {{alpha: 9, beta: 8, gamma: 1}}, voters: 1}}
    """


@pytest.mark.parametrize(
    ("rule", "winner"),
    # Points: beta 18, alpha 17, gamma 17. Pairs: beta beats alpha 2 to 1 and gamma 2 to 1. First
    # places: one each, so the order of the stage before decides.
    [("points", "beta"), ("approval", "beta"), ("condorcet", "beta"), ("plurality", "alpha")],
)
def test_a_jury_is_counted_by_the_rule_of_its_file(
    rule: str, winner: str, make_project: MakeProject
) -> None:
    settings = "stages: [{id: only, inputs: {ballots.jury: 1}, passes: 1}]\n"
    files = {"icfscore.yaml": settings, "ballots/jury.yaml": RULED.format(rule=rule)}
    folder = make_project(files)
    (stage,) = json.loads(_run(folder, "--draws", "0", "--format", "json").stdout)["stages"]
    assert [each["id"] for each in stage["communities"] if each["passed"]] == [winner]
    text = _run(folder, "--draws", "0", "--format", "markdown").stdout
    assert ("The cut goes through a tie: the order of the stage before decides." in text) == (
        rule == "plurality"
    )
    assert "| Points |" in text


@pytest.mark.parametrize(
    ("ballots", "told"),
    [
        ("id: jry\nname: J\nballots: [{ranking: [alpha]}]\n", "1: id 'jry' is not the file's name 'jury'; "),
        ("[ranking]\n", "1: must be a mapping of keys and values, got a list; "),
        ("id: jury\nname: J\nballots: [{voters: 2}]\n", "3: a ballot needs a ranking, points or approvals; "),
        ("id: jury\nname: J\nballots: [alpha]\n", "3: must be a mapping of keys and values, got 'alpha'; "),
    ],
)  # fmt: skip
def test_ballots_that_are_none_are_told(ballots: str, told: str, make_project: MakeProject) -> None:
    folder = make_project({**FILES, "ballots/jury.yaml": ballots})
    assert told in _problems(folder)


def test_exact_data_are_said_to_be_so(make_project: MakeProject) -> None:
    settings = SETTINGS.rstrip() + "\n    uncertainty: {data: {kind: none}}\n"
    folder = make_project({**FILES, "icfscore.yaml": settings})
    text = _run(folder, "--draws", "50", "--format", "markdown").stdout
    assert "Data are taken as exact, so no draw varies panels." in text
    assert "data are taken as exact" in _run(folder, "--draws", "50").stderr
