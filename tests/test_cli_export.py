"""`icfscore export` as a person types it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from icfscore.cli.main import cli
from tests.conftest import MakeProject


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli, ["export", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_extension_decides(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project()
    for name in ("stages.json", "stages.JSON", "stages.xlsx"):
        result = run(tmp_path / name, "-C", folder)
        assert result.exit_code == 0, result.stderr
        assert result.stdout == ""
        assert result.stderr == f"wrote {tmp_path / name}\n"
    assert json.loads((tmp_path / "stages.json").read_text())["schema"] == "icfscore.stages/1"
    assert (tmp_path / "stages.json").read_bytes() == (tmp_path / "stages.JSON").read_bytes()
    raw = (tmp_path / "stages.xlsx").read_bytes()
    assert "scores" in openpyxl.load_workbook(io.BytesIO(raw)).sheetnames


def test_the_json_is_printed_where_no_file_is_named(make_project: MakeProject) -> None:
    folder = make_project()
    printed = run("-", "-C", folder)
    assert printed.exit_code == 0
    record = json.loads(printed.stdout)
    assert record["stages"]["scores"]["alpha"]["index"] == 62.5
    assert run("--format", "json", "-C", folder).stdout == printed.stdout
    assert run("-o", "-", "-C", folder).stdout == printed.stdout


def test_the_options_of_a_run_count(make_project: MakeProject, tmp_path: Path) -> None:
    options = ["--weight", "air=3", "--set", "recipe.normalisation.high=10", "--focus", "beta", "--quiet"]  # fmt: skip
    result = run(tmp_path / "s.json", "-C", make_project(), *options)
    assert result.output == ""
    record = json.loads((tmp_path / "s.json").read_text())
    assert record["weights"]["air"] == 0.75
    assert record["focus"] == "beta"
    assert record["stages"]["normalised"]["alpha"]["dust"] == 10


def test_a_form_may_be_named_for_a_file_without_extension(
    make_project: MakeProject, tmp_path: Path
) -> None:
    assert run("-o", tmp_path / "out", "--format", "xlsx", "-C", make_project()).exit_code == 0
    assert (tmp_path / "out").read_bytes().startswith(b"PK")


WRONG = {
    "no file": ([], "name a file to write: .json, .xlsx, or '-' to print JSON"),
    "another extension": (["stages.csv"], "'stages.csv': the extension must be one of .json, .xlsx"),
    "no extension": (["stages"], "'stages': the extension must be one of .json, .xlsx"),
    "two files": (["a.json", "-o", "b.json"], "two files to write: a.json and b.json"),
    "two forms": (["a.json", "--format", "xlsx"], "'a.json' is no name for --format xlsx"),
    "a workbook on the terminal": (["--format", "xlsx"], "a workbook cannot be printed"),
    "an unknown form": (["a.json", "--format", "xls"], "'xls' is not one of"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_told(name: str) -> None:
    arguments, message = WRONG[name]
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_file_is_replaced_only_when_all_is_well(
    make_project: MakeProject, tmp_path: Path
) -> None:
    folder, target = make_project(), tmp_path / "stages.xlsx"
    target.write_text("old")
    (folder / "communities/beta.yaml").write_text("id: [")
    assert run(target, "-C", folder).exit_code == 1
    assert target.read_text() == "old"
    missing = run(tmp_path / "nowhere/stages.json", "-C", make_project())
    assert missing.exit_code == 1
    assert "cannot be written" in missing.stderr


def test_a_project_without_communities_is_told(make_project: MakeProject, tmp_path: Path) -> None:
    names = [f"communities/{name}.yaml" for name in ("alpha", "beta", "gamma")]
    folder = make_project({**dict.fromkeys(names), "icfscore.yaml": "{}\n"})
    result = run(tmp_path / "stages.xlsx", "-C", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("no communities yet")
    assert not (tmp_path / "stages.xlsx").exists()
