"""`icfscore chart`, as it is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from icfscore.cli.main import cli
from icfscore.report.charts.registry import KINDS
from tests.conftest import MakeProject


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["chart", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_without_a_kind_the_charts_are_listed() -> None:
    status, listed, messages = _run()
    assert (status, messages) == (0, "")
    named = [line.split()[0] for line in listed.splitlines()[2:] if line and line[0] != "'"]
    assert named == [kind.name for kind in KINDS]
    assert "how often each community holds each rank" in listed


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.svg", b"<svg "), ("a.PNG", b"\x89PNG"), ("a.html", b"<!DOCTYPE html>")],
)
def test_the_files_name_tells_the_format(
    make_project: MakeProject, tmp_path: Path, name: str, start: bytes
) -> None:
    target = tmp_path / name
    arguments = ["framework", "-C", str(make_project()), "-q", "-o", str(target)]
    assert _run(*arguments) == (0, "", "")
    assert target.read_bytes().startswith(start)


def test_without_a_file_the_svg_goes_to_stdout(make_project: MakeProject) -> None:
    for arguments in ([], ["-o", "-"]):
        status, data, _ = _run("ranking", "-q", "-C", str(make_project()), *arguments)
        assert status == 0
        assert data.startswith("<svg ")
        assert data.count("</svg>") == 1


def test_options_reach_the_chart(make_project: MakeProject) -> None:
    project = str(make_project())
    _, data, _ = _run("profile", "-C", project, "--focus", "gamma", "--lang", "vi", "-q")
    assert '<title id="profile-title">Gamma ' in data
    assert "trên trung vị" in data
    _, data, _ = _run("profile", "-C", project, "--lang", "vi", "-q")
    assert "An Pha" in data
    assert "Không khí" in data
    _, data, _ = _run("ranking", "-C", project, "--draws", "77", "--seed", "3", "-q")
    assert "77 draws, seed 3." in data


def test_a_misspelt_kind_is_told_with_the_nearest() -> None:
    status, data, messages = _run("rankin", "-o", "x.svg")
    assert (status, data) == (1, "")
    assert messages == "no chart 'rankin'; did you mean 'ranking'?\n"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x.gif", "-o x.gif: '.gif' is no format of charts; one of .svg, .png, .html"),
        ("x.htm", "-o x.htm: '.htm' is no format of charts; did you mean '.html'?"),
        ("x", "-o x: the file has no extension; one of .svg, .png, .html"),
    ],
)
def test_another_extension_is_told_before_anything_is_read(name: str, message: str) -> None:
    status, data, messages = _run("ranking", "-C", "/nowhere", "-o", name)
    assert (status, data) == (2, "")
    assert message in messages


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        ("scenarios", [], "no scenarios to compare; describe some in icfscore.yaml"),
        (
            "acceptability",
            ["--draws", "0"],
            "this chart needs draws; give --draws a number above 0",
        ),
        ("drivers", ["--draws", "0"], "this chart needs draws; give --draws a number above 0"),
        (
            "contributions",
            ["--set", "recipe.aggregation.kind=topsis"],
            "the scores are no sum of contributions under topsis aggregation;"
            " try --set recipe.aggregation.kind=arithmetic",
        ),
    ],
)
def test_what_a_chart_lacks_is_told(
    make_project: MakeProject, kind: str, arguments: list[str], message: str
) -> None:
    status, data, messages = _run(kind, "-q", "-C", str(make_project()), *arguments)
    assert (status, data) == (1, "")
    assert messages == f"{message}\n"


def test_a_chart_of_a_focus_needs_one(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": "reference_year: 2018\n"})
    status, _, messages = _run("profile", "-q", "-C", str(folder))
    assert (status, messages) == (1, "this chart needs a focus; give one with --focus\n")


def test_scenarios_are_drawn_from_the_projects_file(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": "scenarios: {work only: {weights: {air: 0}}}\n"})
    status, data, _ = _run("scenarios", "-q", "-C", str(folder))
    assert status == 0
    assert "work only" in data
    # Of the run's own scenario no second line is drawn.
    status, _, messages = _run("scenarios", "-q", "-C", str(folder), "--scenario", "work only")
    assert (status, messages) == (1, "no scenarios to compare; describe some in icfscore.yaml\n")


def test_a_folder_that_is_not_there_is_told(make_project: MakeProject, tmp_path: Path) -> None:
    target = tmp_path / "none" / "a.svg"
    status, _, messages = _run("framework", "-q", "-C", str(make_project()), "-o", str(target))
    assert status == 1
    assert "cannot be written" in messages


def test_the_help_tells_how() -> None:
    status, told, _ = _run("--help")
    assert status == 0
    assert "icfscore chart ranking -o ranking.svg" in told
