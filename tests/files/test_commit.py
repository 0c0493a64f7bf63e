"""Changing projects that hold panels, ballots and stages: the draft is all of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.conftest import FILES as SMALL
from tests.conftest import MakeProject
from tests.pipeline.test_funnel import BY_PANEL, FILES

from icfscore.cli.main import cli
from icfscore.files.commit import stage
from icfscore.files.project_folder import inspect_project, read_project

TABLE = """\
    id: more
    name: Another made-up panel
    source: census
    rubric: {low: 0, high: 1}
    raters: {an: An}
    scores: more.csv
    """
WHOLE = {
    **FILES,
    "criteria/work.yaml": BY_PANEL,
    "panels/more.yaml": TABLE,
    "panels/more.csv": "community,node,rater,score\nalpha,work,an,low\nbeta,work,an,high\n",
}


@pytest.fixture
def whole(make_project: MakeProject) -> Path:
    return make_project(WHOLE)


def _run(*arguments: object, answers: str = "") -> Result:
    result = CliRunner().invoke(cli, [str(each) for each in arguments], input=answers)
    assert result.exit_code == 0, result.stderr
    return result


def test_a_draft_is_the_whole_project(whole: Path) -> None:
    draft, read = stage(whole, {}), read_project(whole)
    assert draft.project.digest == read.project.digest
    assert (draft.panels.keys(), draft.ballots.keys()) == (read.panels.keys(), read.ballots.keys())
    assert draft.stages == read.stages


def test_communities_indicators_and_tables_are_added(whole: Path, tmp_path: Path) -> None:
    _run("add", "community", "delta", "--name", "Delta", "--source", "census", "-C", whole)
    table = tmp_path / "t.csv"
    table.write_text("id,jobs\ndelta,70\n")
    _run("import", table, "-C", whole, "--source", "census", "--year", "2018", "--write")
    assert inspect_project(whole).problems == ()
    assert read_project(whole).project.community_by_id["delta"].observations["jobs"]


def test_questions_are_answered_beside_a_panel(make_project: MakeProject) -> None:
    office = (
        "\n          - {id: office, name: Office, unit: dimensionless, direction: higher,"
        " kind: boolean}\n"
    )
    whole = make_project(
        {**WHOLE, "criteria/air.yaml": SMALL["criteria/air.yaml"].rstrip() + office}
    )
    _run("assess", whole, "--community", "beta", answers="yes\n\n\n")
    beta = read_project(whole).project.community_by_id["beta"]
    assert beta.observations["office"][0].given_value is True
