"""What commands say and write at the edges of what they are for."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from icfscore.cli.main import cli
from icfscore.report.uncertainty_table import percent
from tests.conftest import MakeProject


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in arguments], catch_exceptions=False)


# export


def test_two_tables_are_two_files_or_parts_of_one(
    make_project: MakeProject, tmp_path: Path
) -> None:
    common = ("--layout", "coinr", "-C", make_project())
    printed = run("export", *common, "--format", "csv")
    assert (printed.exit_code, printed.stdout) == (2, "")
    assert "these are two tables: name a FILE.csv" in printed.stderr
    for suffix in ("csv", "parquet"):
        told = run("export", tmp_path / f"x.{suffix}", *common).stderr
        assert f"wrote {tmp_path}/x.{suffix}\nwrote {tmp_path}/x-iMeta.{suffix}" in told
    assert (tmp_path / "x.csv").read_text().startswith("uName,uCode,dust,trees,jobs,income")
    assert pq.read_table(tmp_path / "x-iMeta.parquet").column("iCode").to_pylist()[:2] == [
        "dust", "trees",
    ]  # fmt: skip
    assert run("export", tmp_path / "x.json", *common).exit_code == 0
    tables = json.loads((tmp_path / "x.json").read_text())
    assert list(tables) == ["schema", "iData", "iMeta"]
    assert tables["iData"][0]["uCode"] == "alpha"
    assert [row["Type"] for row in tables["iMeta"]].count("Indicator") == 5


def test_a_column_of_words_and_numbers_is_text_in_parquet(
    make_project: MakeProject, tmp_path: Path
) -> None:
    """A level's word stands beside the number that another file gives."""
    levels = """\
        id: air
        name: Air
        indicators:
          - {id: dust, name: Dust, unit: step, direction: higher, kind: ordinal,
             levels: {none: 0, plan: 1.5}}
        """
    entity = "id: {0}\nname: {0}\nsource: census\nobservations: {{dust: {1}}}\n"
    folder = make_project(
        {
            "criteria/air.yaml": levels,
            "communities/areas/AAA.yaml": None,
            **{
                f"communities/{name}.yaml": entity.format(name, value)
                for name, value in (("alpha", "plan"), ("beta", "1.5"), ("gamma", "0"))
            },
        }
    )
    found = []
    for layout in ("wide", "long"):
        target = tmp_path / f"{layout}.parquet"
        result = run("export", target, "--layout", layout, "-C", folder)
        assert result.exit_code == 0, result.stderr
        table = pq.read_table(target)
        found.append(table.column("dust" if layout == "wide" else "value").to_pylist())
    assert found == [["plan", "1.5", "0"]] * 2


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (("--only", "alfa"), 1, "--only: no community 'alfa'; did you mean 'alpha'?"),
        (("--format", "json"), 2, "this can be written as .xlsx only, not as json"),
    ],
)
def test_a_workbook_to_fill_in_needs_known_names(
    options: tuple[str, ...], status: int, told: str, make_project: MakeProject, tmp_path: Path
) -> None:
    target = tmp_path / "x.xlsx"
    result = run("export", target, "--for", "filling", *options, "-C", make_project())
    assert (result.exit_code, told in result.stderr) == (status, True)
    assert not target.exists()


def test_too_many_gaps_are_told_and_listed_unweighed(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icfscore.pipeline.gaps.MAX_GAPS", 1)
    target = tmp_path / "x.xlsx"
    result = run("export", target, "--for", "filling", "-C", make_project())
    assert result.exit_code == 0
    assert "2 gaps are too many to weigh: name communities with --only" in result.stderr
    assert target.exists()


# methods


@pytest.mark.parametrize(("width", "source"), [(100, False), (200, True)])
def test_methods_are_listed_with_their_source_where_there_is_room(
    width: int, source: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icfscore.report.terminal.is_piped", lambda: False)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    shown = run("methods").stdout
    listed = [line.split()[0] for line in shown.splitlines() if line[:1].islower()]
    assert listed[:2] == ["imputation", "outliers"]  # a stage is named at its first method
    assert ("Source" in shown) == source
    assert ("'icfscore methods KIND' gives formula" in shown) != source
    one = run("methods", "aggregation").stdout
    assert "geometric" in one
    assert "min_max" not in one


# settings and places


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--scenario", "x"), "--scenario: no scenario 'x'; icfscore.yaml has no scenarios"),
        (("--set", "recipy.x=1"), "--set recipy.x: no setting 'recipy'; did you mean 'recipe'?"),
        (("--set", "focus.x.y=1"), "--set focus.x.y: 'x' is no section of icfscore.yaml"),
        (("--set", "focus.x=1"), "--set focus.x: no such setting"),
    ],
)
def test_a_setting_that_there_is_not_is_told(
    options: tuple[str, ...], told: str, make_project: MakeProject
) -> None:
    result = run("rank", "-C", make_project(), *options)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


def test_a_file_is_no_folder_of_a_project(make_project: MakeProject) -> None:
    file = make_project() / "icfscore.yaml"
    for command, told in (
        (("rank", "-C", file), "is a file, not a project folder"),
        (("init", file), "is a file; choose a new folder"),
    ):
        result = run(*command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"{file}: {told}" in result.stderr


# uncertainty and sensitivity


def test_without_draws_there_is_no_uncertainty_to_tell_of(make_project: MakeProject) -> None:
    folder = make_project()
    result = run("uncertainty", "-C", folder, "--draws", "0")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no draws, no uncertainty: draws is 0; give --draws a number above 0" in result.stderr
    shown = run("sensitivity", "-C", folder, "--draws", "0")
    assert shown.exit_code == 0
    assert "Best and worst rank that weights alone can give" in shown.stdout
    assert "Share of the variance" not in shown.stdout


def test_shares_of_draws_as_csv(make_project: MakeProject) -> None:
    shown = run("uncertainty", "-C", make_project(), "--draws", "500", "--format", "csv")
    header, *rows = [line.split(",") for line in shown.stdout.splitlines()]
    assert header[:6] == ["id", "nominal_rank", "mean_rank", "median_rank", "rank_5", "rank_95"]
    assert [row[0] for row in rows] == ["alpha", "gamma", "beta"]
    shares = [sum(map(float, row[-3:])) for row in rows]
    assert shares == pytest.approx([1, 1, 1])


@pytest.mark.parametrize(
    ("share", "spelt"),
    [(0, "0%"), (0.0049, "<1%"), (0.005, "0%"), (0.5, "50%"), (0.9951, ">99%"), (1, "100%")],
)
def test_a_share_is_never_rounded_to_certainty(share: float, spelt: str) -> None:
    assert percent(share) == spelt
