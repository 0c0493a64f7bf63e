"""The snapshot of one community, by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.pipeline.score import score
from icfscore.pipeline.snapshot import Snapshot, snapshot_of

_ORDINAL = (
    "unit: dimensionless, kind: ordinal, bounds: [0, 4], goalposts: [0, 4],"
    " levels: {none: 0, plan: 1, pilot: 2, operating: 3, effect: 4}"
)
FILES: dict[str, str | bytes | None] = {
    "icfscore.yaml": "recipe: {normalisation: {kind: goalposts},"
    " screening: {min_indicator_coverage: 0, min_community_coverage: 0}}\n",
    "criteria/framework.yaml": "{id: asked, name: Asked, version: '1', criteria: [air, work, far]}\n",
    "criteria/air.yaml": f"""\
        id: air
        name: Air
        indicators:
          - {{id: dust, name: Dust, direction: higher, {_ORDINAL}}}
          - {{id: noise, name: Noise, direction: higher, {_ORDINAL}}}
          - {{id: smoke, name: Smoke, direction: lower, {_ORDINAL}}}
          - {{id: shown, name: Shown, direction: higher, weight: 0, {_ORDINAL}}}
        """,
    "criteria/work.yaml": f"""\
        id: work
        name: Work
        indicators:
          - {{id: office, name: Office, unit: dimensionless, direction: higher, kind: boolean,
             bounds: [0, 1], goalposts: [0, 1]}}
          - {{id: jobs, name: Jobs, direction: higher, {_ORDINAL}}}
        """,
    "criteria/far.yaml": f"""\
        id: far
        name: Far
        indicators:
          - {{id: moon, name: Moon, direction: higher, {_ORDINAL}}}
        """,
    "communities/areas/AAA.yaml": None,
    "communities/alpha.yaml": """\
        id: alpha
        name: 'Alpha | <b>'
        source: census
        observations:
          dust: {value: operating, status: self_reported}
          noise: {value: plan, status: self_reported}
          smoke: {value: pilot, status: self_reported}
          shown: none
          office: false
        """,
    "communities/beta.yaml": None,
    "communities/gamma.yaml": None,
}


def _snapshot(folder: Path, **given: Any) -> Snapshot | None:
    read = read_project(folder)
    return snapshot_of(score(read.project, settle(read, **given)), "alpha")


def test_scores_and_steps_are_those_computed_by_hand(make_project: MakeProject) -> None:
    found = _snapshot(make_project(FILES), draws=0)
    assert found is not None
    air, work, far = found.insights
    # (75 + 25 + 50) / 3; a level is worth 25 / 3 here, and half of it of two rated criteria.
    assert air.score == pytest.approx(50)
    assert (air.known, air.open, air.best, air.worst) == (3, (), ("dust",), ("noise",))
    assert air.step is not None
    assert (air.step.indicator, air.step.before, air.step.after) == ("noise", 1, 2)
    assert (air.step.gain, air.step.gain_overall) == pytest.approx((25 / 3, 25 / 6))
    assert air.as_good == 2
    # Only the office is known: having one takes the criterion from 0 to 100.
    assert (work.score, work.known, work.open) == (0, 1, ("jobs",))
    assert work.step is not None
    assert (work.step.gain, work.step.gain_overall) == pytest.approx((100, 50))
    assert (far.score, far.step, far.open) == (None, None, ("moon",))
    assert found.overall.score == pytest.approx(25)
    assert found.overall.step == work.step
    assert (found.overall.known, found.overall.asked) == (4, 6)


def test_where_fewer_is_better_the_step_goes_down(make_project: MakeProject) -> None:
    alpha = "{id: alpha, name: A, source: census, observations: {smoke: pilot}}"
    found = _snapshot(make_project(FILES | {"communities/alpha.yaml": alpha}), draws=0)
    assert found is not None
    assert found.overall.step is not None
    assert (found.overall.step.before, found.overall.step.after) == (2, 1)


def test_at_the_top_there_is_no_step(make_project: MakeProject) -> None:
    alpha = "{id: alpha, name: A, source: census, observations: {dust: effect, smoke: none}}"
    found = _snapshot(make_project(FILES | {"communities/alpha.yaml": alpha}), draws=0)
    assert found is not None
    assert (found.overall.score, found.overall.step) == (100, None)


def test_what_is_self_reported_is_less_sure(make_project: MakeProject) -> None:
    text = FILES["communities/alpha.yaml"]
    assert isinstance(text, str)
    widths = []
    for alpha in (text, text.replace(", status: self_reported", "")):
        project = make_project(FILES | {"communities/alpha.yaml": alpha})
        found = _snapshot(project, draws=4000)
        assert found is not None
        interval = found.insights[0].interval
        assert interval is not None
        assert interval[0] < 50 < interval[1]
        widths.append(interval[1] - interval[0])
    assert widths[0] > widths[1]


def test_a_scale_between_communities_gives_none(make_project: MakeProject) -> None:
    folder = make_project(FILES | {"icfscore.yaml": ""})
    read = read_project(folder)
    settings = settle(read, assignments={"recipe.screening.min_community_coverage": "0"})
    assert snapshot_of(score(read.project, settings), "alpha") is None


def test_two_communities_are_no_snapshot(make_project: MakeProject) -> None:
    beta = "{id: beta, name: B, source: census, observations: {dust: plan}}"
    assert _snapshot(make_project(FILES | {"communities/beta.yaml": beta}), draws=0) is None


def _run(*arguments: object) -> str:
    result = CliRunner().invoke(cli, [*map(str, arguments)])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_the_only_community_is_profiled_without_a_focus(make_project: MakeProject) -> None:
    folder = make_project(FILES)
    record = json.loads(_run("profile", "-q", "-C", folder, "--format", "json", "--draws", "300"))
    assert record["id"] == "alpha"
    assert [each["id"] for each in record["snapshot"]["insights"]] == ["air", "work", "far"]
    assert record["snapshot"]["draws"] == 300
    assert record["snapshot"]["insights"][0]["step"]["indicator"] == "noise"
    assert "3 insights" in _run("profile", "-q", "-C", folder)
    assert "## The snapshot" in _run("profile", "-q", "-C", folder, "--format", "markdown")


def test_the_report_is_the_snapshot_in_both_languages(make_project: MakeProject) -> None:
    folder = make_project(FILES)
    _run("report", "-q", "-C", folder, "--draws", "300")
    text = (folder / "reports/snapshot-alpha.md").read_text("utf-8")
    assert text.startswith(r"# Alpha \| \<b\>: the snapshot")
    assert "- Far: nothing is answered yet, so there is no score." in text
    assert "In 90 % of the draws, under the stated assumptions, the score lies between" in text
    assert "(profile" not in text
    _run("report", "-q", "-C", folder, "--draws", "300", "--lang", "vi")
    vietnamese = (folder / "reports/snapshot-alpha.vi.md").read_text("utf-8")
    assert "trong 90 % số lần mô phỏng, theo các giả định đã nêu" in vietnamese.casefold()
    assert "insights" not in vietnamese
