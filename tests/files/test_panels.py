"""Panels: made-up scores of the small project's communities, read, judged and entered."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook
from tests.conftest import FILES, MakeProject

from icfscore.cli.main import cli
from icfscore.errors import InputError
from icfscore.files.project_folder import inspect_project, read_project

PANEL = """\
    id: analysts
    name: {en: Made-up panel, vi: Hội đồng minh hoạ}
    source: census
    rubric: [0, 10]
    raters: {an: An, bo: Bo, chi: Chi}
    scores:
      alpha:
        work: {an: 6, bo: 8, chi: 7}
        Clean air: {an: 5, bo: 6}
      beta:
        work: {an: 3, bo: 4, chi: 5}
        air: {an: 7, bo: 9, chi: null}
      gamma:
        work: {an: 8, bo: 9, chi: 3}
        air: {an: 2, bo: 4, chi: 4}
    """
WORK = (
    FILES["criteria/work.yaml"].rstrip()
    + """
          - {id: by_panel, name: Panel, unit: point, direction: higher, kind: index,
             bounds: [0, 10], weight: 2, panel: analysts}
"""
)
PATH = "panels/analysts.yaml"


def _run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "-C", str(folder)])


def _problems(make_project: MakeProject, *changes: tuple[str, str], **more: str) -> list[str]:
    panel = PANEL
    for old, new in changes:
        assert old in panel
        panel = panel.replace(old, new)
    folder = make_project({PATH: panel, "criteria/work.yaml": WORK, **more})
    return [str(problem).partition("panels/")[2] for problem in inspect_project(folder).problems]


def test_scores_are_read_by_community_and_node(make_project: MakeProject) -> None:
    panel = read_project(make_project({PATH: PANEL})).panels["analysts"]
    assert panel.nodes == ("work", "air")
    assert panel.communities == ("alpha", "beta", "gamma")
    assert panel.ratings[panel.items.index(("gamma", "work"))].tolist() == [8, 9, 3]
    assert panel.ratings[panel.items.index(("alpha", "air"))].tolist()[:2] == [5, 6]


def test_a_table_holds_the_same_as_the_file(make_project: MakeProject) -> None:
    head = PANEL.partition("    scores:")[0] + "    scores: scores.csv\n"
    rows = [
        "Community,node,rater,score",
        "alpha,work,an,6",
        "alpha,Clean air,bo,6.5",
        "beta,air,chi,",
    ]
    folder = make_project({PATH: head, "panels/scores.csv": "\n".join(rows)})
    first = read_project(folder)
    panel = first.panels["analysts"]
    assert panel.items == (("alpha", "work"), ("alpha", "air"))
    assert panel.ratings[1, 1] == 6.5
    rows[1] = "alpha,work,an,7"
    (folder / "panels/scores.csv").write_text("\n".join(rows))
    assert read_project(folder).project.digest != first.project.digest
    rows[1] = "alpha,wrk,an,7"
    rows[2] = "alpha,air,bo,60"
    (folder / "panels/scores.csv").write_text("\n".join(rows))
    found = [str(problem).partition("panels/")[2] for problem in inspect_project(folder).problems]
    assert found == [
        "scores.csv:2:2: unknown criterion or indicator 'wrk'; did you mean 'work'?",
        "scores.csv:3:4: 60 is outside the rubric, 0 to 10",
    ]


def test_a_workbook_holds_the_same_as_a_table(make_project: MakeProject) -> None:
    head = PANEL.partition("    scores:")[0] + "    scores: scores.xlsx\n"
    book = Workbook()
    sheet = book.active
    for row in (("community", "node", "rater", "score"), ("alpha", "work", "an", 6.5)):
        sheet.append(row)  # type: ignore[union-attr]
    stream = BytesIO()
    book.save(stream)
    folder = make_project({PATH: head, "panels/scores.xlsx": stream.getvalue()})
    assert read_project(folder).panels["analysts"].ratings.tolist()[0][0] == 6.5
    sheet["C2"] = "ann"  # type: ignore[index]
    book.save(folder / "panels/scores.xlsx")
    (problem,) = inspect_project(folder).problems
    assert "the panel has no rater 'ann'; did you mean 'an'?" in str(problem)


def test_words_of_a_rubric_stand_for_their_scores(make_project: MakeProject) -> None:
    panel = PANEL.partition("    rubric:")[0] + (
        "    rubric: {none: 0, plan: 1, operating: 3}\n"
        "    raters: {an: An}\n"
        "    scores: {alpha: {work: {an: plan}}, beta: {work: {an: 3}}}\n"
    )
    read = read_project(make_project({PATH: panel})).panels["analysts"]
    assert read.ratings.ravel().tolist() == [1, 3]
    assert (read.low, read.high) == (0, 3)
    folder = make_project({PATH: panel.replace("an: plan", "an: plann").replace("an: 3", "an: 2")})
    found = [problem.what for problem in inspect_project(folder).problems]
    assert found == ["the rubric has no score 'plann'", "the rubric has no score 2"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("bo: 8", "boo: 8", "8:19: the panel has no rater 'boo'; did you mean 'bo'?"),
        ("bo: 8", "bo: 11", "8:23: 11 is outside the rubric, 0 to 10"),
        ("bo: 8", "bo: high", "8:23: must be a number, got 'high'"),
        ("  beta:", "  betta:", "10:3: no community 'betta'; did you mean 'beta'?"),
        ("Clean air", "Clear air", "9:5: unknown criterion or indicator 'Clear air'"),
        ("[0, 10]", "[10, 0]", "4:9: rubric: must be the lowest and the highest score"),
        ("[0, 10]", "[0, 1e200]", "4:9: rubric: its ends must be at most 1e+06 in size"),
        ("[0, 10]", "[0, 1e-300]", "4:9: rubric: its ends must be at most 1e+06 in size"),
        ("source: census", "source: censsus", "3:9: unknown source 'censsus'"),
        ("id: analysts", "id: experts", "1:5: id 'experts' is not the file's name 'analysts'"),
        ("raters:", "rater:", "5:1: unknown key 'rater'; did you mean 'raters'?"),
        ("Clean air: {an: 5, bo: 6}", "Clean air: 5", "9:16: must be a mapping"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    old: str, new: str, told: str, make_project: MakeProject
) -> None:
    found = _problems(make_project, (old, new))
    assert any(problem.startswith(f"analysts.yaml:{told}") for problem in found), found


def test_means_enter_with_their_errors(make_project: MakeProject) -> None:
    """Everyone scored work: the adjusted score is the mean.

    The error is widened: 16 scores less 6 items, 3 raters, plus 1 leave 8 degrees of freedom, where
    the 95 % quantile of Student's t is 1.860 (tables), that of the normal 1.645.
    """
    folder = read_project(make_project({PATH: PANEL, "criteria/work.yaml": WORK}))
    seen = {
        name: entity.observations["by_panel"][0]
        for name, entity in folder.project.community_by_id.items()
    }
    assert {name: each.value for name, each in seen.items()} == pytest.approx(
        {"alpha": 7, "beta": 4, "gamma": 20 / 3}
    )
    sd = 1.6425336 / 3**0.5 * 1.8595 / 1.6449
    assert all(each.sd == pytest.approx(sd, rel=1e-4) for each in seen.values())
    assert all(each.source == "census" and each.level == "community" for each in seen.values())


def test_scores_move_the_ranking(make_project: MakeProject) -> None:
    lifted = PANEL.replace("an: 3, bo: 4, chi: 5", "an: 10, bo: 10, chi: 10")
    scores = []
    for panel in (PANEL, lifted):
        folder = make_project({PATH: panel, "criteria/work.yaml": WORK})
        result = _run(folder, "rank", "--draws", "0", "--format", "json")
        ranking = json.loads(result.stdout)["ranking"]
        scores.append({row["id"]: row["score"] for row in ranking}["beta"])
    assert scores[1] > scores[0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("panel: analysts", "panel: analyst", "by_panel: panel: no panel 'analyst'; did you mean"),
        ("bounds: [0, 10]", "bounds: [0, 5]", "its bounds do not hold the rubric"),
        ("panel: analysts", "panel: analysts, transform: log", "take no 'per' and no 'transform'"),
    ],
)
def test_an_indicator_that_cannot_take_the_scores(
    old: str, new: str, told: str, make_project: MakeProject
) -> None:
    folder = make_project({PATH: PANEL, "criteria/work.yaml": WORK.replace(old, new)})
    with pytest.raises(InputError, match=told):
        read_project(folder)


def test_a_value_beside_the_panels_is_one_too_many(make_project: MakeProject) -> None:
    alpha = FILES["communities/alpha.yaml"].replace("jobs: 60", "jobs: 60\n          by_panel: 3")
    replaced = {PATH: PANEL, "criteria/work.yaml": WORK, "communities/alpha.yaml": alpha}
    with pytest.raises(InputError, match="but alpha gives a value of its own; keep one"):
        read_project(make_project(replaced))


def test_the_page_names_who_and_what_disagrees(make_project: MakeProject) -> None:
    folder = make_project({PATH: PANEL, "criteria/work.yaml": WORK})
    text = _run(folder, "panel", "--format", "markdown").stdout
    assert "The rater who disagrees most is Chi" in text
    assert "What divides the raters most is Gamma on Work: Chi gives 3 where 6.2" in text
    assert "Not reliable: alpha of the orders is 0.40" in text
    assert "Hội đồng minh hoạ" in _run(folder, "panel", "--lang", "vi").stdout


def test_the_record_holds_all_of_it(make_project: MakeProject) -> None:
    folder = make_project({PATH: PANEL, "criteria/work.yaml": WORK})
    runs = [_run(folder, "panel", "analysts", "--format", "json").stdout for _ in range(2)]
    assert runs[0] == runs[1]
    record = json.loads(runs[0])
    assert record["schema"] == "icfscore.panel/1"
    panel = record["panels"][0]
    assert panel["fills"] == [{"indicator": "by_panel", "node": "work", "weight": 0.5}]
    assert [each["node"] for each in panel["reliability"]] == [None, "work", "air"]
    assert panel["disagreement"]["rater"]["rater"] == "chi"
    assert sum(each["severity"] for each in panel["raters"]) == pytest.approx(0)


def test_raters_without_overlap_are_told(make_project: MakeProject) -> None:
    panel = PANEL.partition("    scores:")[0] + (
        "    scores: {alpha: {work: {an: 3}}, beta: {work: {bo: 9}}, gamma: {work: {chi: 5}}}\n"
    )
    folder = make_project({PATH: panel, "criteria/work.yaml": WORK})
    result = _run(folder, "panel")
    assert "fall into 3 groups" in " ".join(result.stdout.split())
    assert "3 groups without a common item" in result.stderr
    assert "no standard error can be computed" in result.stderr
    assert result.exit_code == 0


@pytest.mark.parametrize("name", ["../scores.csv", "a\\0.csv", "."])
def test_a_table_is_a_file_beside_the_panel(name: str, make_project: MakeProject) -> None:
    panel = PANEL.partition("    scores:")[0] + f'    scores: "{name}"\n'
    (problem,) = inspect_project(make_project({PATH: panel})).problems
    assert "is no name of a file beside this one" in problem.what


def test_a_single_rater_is_told(make_project: MakeProject) -> None:
    panel = PANEL.partition("    raters:")[0] + (
        "    raters: {an: An}\n    scores: {alpha: {work: {an: 3}}, beta: {work: {an: 9}}}\n"
    )
    folder = make_project({PATH: panel})
    assert "A single rater" in _run(folder, "panel").stdout


def test_a_project_without_panels_says_how_to_begin(make_project: MakeProject) -> None:
    result = _run(make_project(), "panel")
    assert result.exit_code == 1
    assert "the project has no panels; put raters' scores into panels/ID.yaml" in result.stderr
    result = _run(make_project({PATH: PANEL}), "panel", "analyst")
    assert "no panel 'analyst'; did you mean 'analysts'?" in result.stderr


def test_names_of_raters_are_harmless(make_project: MakeProject) -> None:
    folder = make_project({PATH: PANEL.replace("chi: Chi", "chi: 'C|hi <b>[x](y)'")})
    text = _run(folder, "panel", "--format", "markdown").stdout
    assert r"C\|hi \<b\>\[x\](y)" in text


DELTA = "{id: delta, name: Delta}\n"


def test_a_community_may_have_a_panels_scores_only(make_project: MakeProject) -> None:
    panel = PANEL.rstrip() + "\n      delta: {work: {an: 9, bo: 9, chi: 9}}\n"
    files = {PATH: panel, "criteria/work.yaml": WORK, "communities/delta.yaml": DELTA}
    settings = "recipe: {screening: {min_community_coverage: 0}}\n"
    folder = make_project({**files, "icfscore.yaml": settings})
    assert read_project(folder).warnings == ()
    result = _run(folder, "rank", "--draws", "0", "--format", "json")
    row = next(row for row in json.loads(result.stdout)["ranking"] if row["id"] == "delta")
    assert row["rank"] == 1
    assert _run(folder, "profile", "delta", "--format", "markdown").exit_code == 0


def test_scores_that_enter_nowhere_leave_a_community_unranked(make_project: MakeProject) -> None:
    panel = PANEL.rstrip() + "\n      delta: {work: {an: 9, bo: 9, chi: 9}}\n"
    folder = make_project({PATH: panel, "communities/delta.yaml": DELTA})
    (warning,) = read_project(folder).warnings
    assert "delta: has no observation of any indicator" in warning
    assert "stages see what panels and ballots give it only" in warning
    result = _run(folder, "rank", "--draws", "0")
    assert result.exit_code == 0
    assert "Delta" not in result.stdout


def test_a_community_without_anything_is_still_an_error(make_project: MakeProject) -> None:
    folder = make_project({PATH: PANEL, "communities/delta.yaml": DELTA})
    (problem,) = inspect_project(folder).problems
    assert "delta: has no observation of any indicator, own or inherited" in problem.what
    assert "give it one, or take the file out" in problem.hint


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ("null", "6:9: holds no scores"),
        ("{}", "6:9: holds no scores"),
        ("{alpha: {work: {an: null}}}", "6:9: holds no scores"),
        ("3", "6:9: must be a mapping of keys and values, got 3"),
        ("../far.csv", "6:9: '../far.csv' is no name of a file beside this one"),
        ("{alpha: {work: {an: true}}}", "6:29: must be a number, got true"),
        ("{alpha: {work: {an: .nan}}}", "6:29: must be a number, got nan"),
        ("{alpha: {work: {an: 1}, Work: {an: 2}}}", "6:40: 'an' is given twice"),
    ],
)
def test_a_panel_without_usable_scores(scores: str, told: str, make_project: MakeProject) -> None:
    panel = PANEL.partition("    scores:")[0] + f"    scores: {scores}\n"
    found = [str(p) for p in inspect_project(make_project({PATH: panel})).problems]
    assert len(found) == 1
    assert f"analysts.yaml:{told}" in found[0]


def test_a_table_with_a_column_twice(make_project: MakeProject) -> None:
    head = PANEL.partition("    scores:")[0] + "    scores: scores.csv\n"
    table = "community,node,rater,score,score\nalpha,work,an,1,2\n"
    folder = make_project({PATH: head, "panels/scores.csv": table})
    (problem,) = inspect_project(folder).problems
    assert str(problem).endswith("scores.csv:1:5: has the column 'score' twice")


def test_scores_that_are_all_the_same(make_project: MakeProject) -> None:
    panel = PANEL.partition("    scores:")[0] + (
        "    scores: {alpha: {work: {an: 5, bo: 5}}, beta: {work: {an: 5, bo: 5}},\n"
        "             gamma: {work: {an: 5, bo: 5}}}\n"
    )
    folder = make_project({PATH: panel, "criteria/work.yaml": WORK})
    result = _run(folder, "panel")
    assert result.exit_code == 0
    assert "Agreement cannot be computed" in result.stdout
    assert "All raters are equally severe." in result.stdout


def test_a_rater_of_other_nodes_spoils_no_agreement(make_project: MakeProject) -> None:
    """Chi never scores work: agreement on it is that of An and Bo, who both scored all three."""
    panel = PANEL.replace(", chi: 7", "").replace(", chi: 5", "").replace(", chi: 3", "")
    folder = make_project({PATH: panel})
    record = json.loads(_run(folder, "panel", "--format", "json").stdout)["panels"][0]
    work = record["reliability"][1]
    assert (work["raters"], work["complete"]) == (2, 3)
    assert work["kendall_w"] == 1
    assert work["icc_2_1"] is not None
