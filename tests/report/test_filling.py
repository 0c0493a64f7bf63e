"""The workbook to fill in: what it asks for, what it checks, and that it comes back whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.files.project_folder import read_project
from icfscore.pipeline.gaps import find_gaps
from icfscore.pipeline.score import score

REPOSITORY = Path(__file__).parents[2]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def fill(folder: Path, target: Path, *options: str) -> Any:
    result = run("export", target, "--for", "filling", "-C", folder, "-q", *options)
    assert result.exit_code == 0, result.stderr
    return openpyxl.load_workbook(target)


def test_the_built_in_project_comes_back_from_its_workbook(tmp_path: Path) -> None:
    file, folder = tmp_path / "fill.xlsx", tmp_path / "new"
    fill(REPOSITORY, file, "--lang", "vi")
    result = run("import", file, "-C", folder, "--write", "-q")
    assert result.exit_code == 0, result.stderr
    ranks = [
        run("rank", "-C", path, "--format", "json", "-q").stdout for path in (REPOSITORY, folder)
    ]
    assert ranks[0] == ranks[1]
    assert json.loads(ranks[0])["digest"] == json.loads(ranks[1])["digest"]
    result = run("import", file, "-C", folder)
    assert "nothing to write" in result.stderr


def test_what_was_filled_in_comes_back(make_project: MakeProject, tmp_path: Path) -> None:
    folder, file = make_project(), tmp_path / "fill.xlsx"
    book = fill(folder, file)
    sheet = book["work"]
    header = [cell.value for cell in sheet[1]]
    at = {name: position for position, name in enumerate(header, start=1)}
    (row,) = (
        cells[0].row
        for cells in sheet.iter_rows(min_row=3)
        if (cells[0].value, cells[2].value) == ("beta", "jobs")
    )
    assert sheet.cell(row, at["#counts now"]).value == "50 percent (AAA)"
    for name, value in {
        "value": 55,
        "year": 2018,
        "source": "survey",
        "level": "community",
    }.items():
        sheet.cell(row, at[name], value)
    book["sources"].append(["survey", "A survey", None, 2018, None])
    book["sources"].append(["older", "Another", None, "²", None])  # a digit, but no number
    book.save(file)
    result = run("import", file, "-C", folder, "--write")
    assert result.exit_code == 0, result.stderr
    project = read_project(folder).project
    seen = project.community_by_id["beta"].observations["jobs"][0]
    assert (seen.value, seen.year, seen.source) == (55, 2018, "survey")
    assert project.sources["survey"].year == 2018
    assert project.sources["older"].year == "²"


def test_a_value_without_a_source_is_refused(make_project: MakeProject, tmp_path: Path) -> None:
    folder, file = make_project(), tmp_path / "fill.xlsx"
    book = fill(folder, file, "--only", "beta")
    sheet = book["work"]
    assert {row[0].value for row in sheet.iter_rows(min_row=3)} == {"beta"}
    row = next(cells[0].row for cells in sheet.iter_rows(min_row=3) if cells[2].value == "jobs")
    sheet.cell(row, 7, 55)
    book.save(file)
    result = run("import", file, "-C", folder, "--write")
    assert result.exit_code == 1
    assert f"work!I{row}" in result.stderr or "jobs: has no source" in result.stderr
    assert f"fill.xlsx:{row}:" in result.stderr


def test_it_checks_bounds_units_and_sources_while_it_is_filled(
    make_project: MakeProject, tmp_path: Path
) -> None:
    book = fill(make_project(), tmp_path / "fill.xlsx")
    assert book.sheetnames == ["README", "gaps", "air", "work", "context", "sources", "files"]
    checks = {
        (check.type, check.formula1, check.formula2, str(check.sqref))
        for check in book["work"].data_validations.dataValidation
    }
    assert ("decimal", "0.0", "100.0", "G3:G5") in checks  # jobs in percent
    assert ("list", '"percent"', None, "H3:H5") in checks
    assert ("list", '"community,region,national"', None, "K3:K11") in checks
    assert ("list", "'sources'!$A$2:$A$5000", None, "J3:J11") in checks
    assert all(check.showErrorMessage for check in book["work"].data_validations.dataValidation)


def test_gaps_are_ordered_by_what_they_do_to_the_rank(make_project: MakeProject) -> None:
    folder = read_project(make_project({"icfscore.yaml": "weights: {work: 3}"}))
    gaps = find_gaps(score(folder.project, folder.settings))
    assert [(gap.community, gap.indicator, gap.places) for gap in gaps] == [
        ("beta", "jobs", 2),
        ("alpha", "income", 0),
    ]
    # Beta has 25 on air; its jobs at 41, 5 % of the way from Gamma's 40 to Alpha's 60, give 27.5 on
    # work and the third place, at 59 they give 72.5: (25 + 3 * 72.5) / 4 is above Alpha's 56.25.
    assert (gaps[0].low, gaps[0].high, gaps[0].standing_in) == (3, 1, 50)
    assert (gaps[1].low, gaps[1].high) == (1, 1)


def test_a_project_that_cannot_be_ranked_yet_can_be_filled_in(
    make_project: MakeProject, tmp_path: Path
) -> None:
    empty = {f"communities/{name}.yaml": None for name in ("alpha", "beta", "gamma")}
    empty["icfscore.yaml"] = ""
    folder = make_project(empty)
    for name in ("alpha", "beta", "gamma"):
        (folder / f"communities/{name}.yaml").unlink(missing_ok=True)
    run("add", "community", "delta", "-C", folder)
    result = run("export", tmp_path / "fill.xlsx", "--for", "filling", "-C", folder)
    assert result.exit_code == 0
    assert "no gaps are listed" in result.stderr


def test_a_workbook_that_was_taken_apart_is_refused(
    make_project: MakeProject, tmp_path: Path
) -> None:
    folder, file = make_project(), tmp_path / "fill.xlsx"
    book = fill(folder, file)
    del book["files"]
    book.save(file)
    told = run("import", file, "-C", folder).stderr
    assert "is a workbook to fill in, but its sheet 'files' is missing" in told
    book = fill(folder, file)
    book["files"].append(["../../etc/passwd.yaml", 1, "x"])
    book.save(file)
    told = run("import", file, "-C", tmp_path / "new", "--write")
    assert (told.exit_code, "no line of a project's file" in told.stderr) == (1, True)
    assert not (tmp_path / "new").exists()


TREES = "  - {id: trees, name: Trees, unit: USD, direction: higher, kind: ratio}\n"


@pytest.mark.parametrize("unit", ["m\\x0bs", "m\\x7f\\u2028", "m, s", 'm \\"s\\"'])
def test_a_unit_that_no_list_can_hold_is_not_checked(
    make_project: MakeProject, tmp_path: Path, unit: str
) -> None:
    indicator = f'{{id: dust, name: Dust, unit: "{unit}", direction: lower, kind: ratio}}'
    air = f"id: air\nname: Air\nindicators:\n  - {indicator}\n{TREES}"
    checks = fill(make_project({"criteria/air.yaml": air}), tmp_path / "fill.xlsx")["air"]
    listed = {
        check.formula1
        for check in checks.data_validations.dataValidation
        if check.type == "list" and str(check.sqref).startswith("H")
    }
    assert listed == {'"USD"'}


def test_long_lines_and_odd_signs_travel_whole(make_project: MakeProject, tmp_path: Path) -> None:
    text = "# =1+1 " + "ő" * 40_000 + "\n\n-1: no\n".replace("-1: no", "# -1") + "focus: alpha  "
    folder = make_project({"icfscore.yaml": text})
    fill(folder, tmp_path / "fill.xlsx")
    result = run("import", tmp_path / "fill.xlsx", "-C", tmp_path / "new", "--write")
    assert result.exit_code == 0, result.stderr
    for path in folder.rglob("*.yaml"):
        copy = tmp_path / "new" / path.relative_to(folder)
        assert copy.read_bytes() == path.read_bytes(), path


def refusal(file: Path, folder: Path) -> str:
    told = run("import", file, "-C", folder, "--write")
    assert (told.exit_code, told.stdout) == (1, "")
    return told.stderr.replace(f"{file}:", "")


def test_sheets_whose_columns_or_rows_were_changed_are_refused(
    make_project: MakeProject, tmp_path: Path
) -> None:
    folder, file, new = make_project(), tmp_path / "fill.xlsx", tmp_path / "new"
    book = fill(folder, file)
    book["sources"]["A1"] = "name"
    book["files"]["B1"] = "number"
    book.save(file)
    assert refusal(file, new).splitlines() == [
        "1:1: files!A1: the columns must be path, line, text; export the workbook anew",
        "1:1: sources!A1: the columns must be key, title, publisher, year, url; export the workbook"
        " anew",
    ]
    book = fill(folder, file)
    last = book["sources"].max_row
    book["sources"].append(["census", "Another of the same key"])
    book["sources"].append([None, "Without a key"])
    book["files"].delete_rows(2)
    book.save(file)
    assert refusal(file, new).splitlines() == [
        "1:1: files!A1: lines of icfscore.yaml are missing; export the workbook anew",
        f"{last + 1}:1: sources!A{last + 1}: the source 'census' is given twice",
        f"{last + 2}:1: sources!A{last + 2}: a source without a key",
    ]
    assert not new.exists()


def test_a_project_without_settings_and_with_a_table_travels_whole(
    make_project: MakeProject, tmp_path: Path
) -> None:
    table = "id,name,source,dust\ndelta,Delta,census,5\n"
    folder = make_project({"communities/more.csv": table, "icfscore.yaml": None})
    fill(folder, tmp_path / "fill.xlsx")
    result = run("import", tmp_path / "fill.xlsx", "-C", tmp_path / "new", "--write")
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "new/communities/more.csv").read_text() == table
    assert not (tmp_path / "new/icfscore.yaml").exists()
    ranks = [
        json.loads(run("rank", "-C", path, "--format", "json", "-q").stdout)["ranking"]
        for path in (folder, tmp_path / "new")
    ]
    assert ranks[0] == ranks[1]


def test_a_table_that_is_no_text_does_not_travel(make_project: MakeProject, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = make_project()
    columns = {"id": ["delta"], "source": ["census"], "dust": [5.0]}
    pq.write_table(pa.table(columns), folder / "communities/more.parquet")
    result = run("export", tmp_path / "fill.xlsx", "--for", "filling", "-C", folder)
    assert result.exit_code == 1
    expected = "communities/more.parquet: Parquet does not fit into a workbook; use CSV"
    assert expected in result.stderr
    assert not (tmp_path / "fill.xlsx").exists()


def test_a_framework_that_was_changed_meanwhile_is_kept(
    make_project: MakeProject, tmp_path: Path
) -> None:
    folder = make_project()
    fill(folder, tmp_path / "fill.xlsx")
    (folder / "icfscore.yaml").write_text("focus: beta\n")
    result = run("import", tmp_path / "fill.xlsx", "-C", folder, "--write")
    assert result.exit_code == 0
    told = "framework and settings are left as they are, the workbook's differ: icfscore.yaml"
    assert told in result.stderr
    assert (folder / "icfscore.yaml").read_text() == "focus: beta\n"


def test_checks_follow_what_an_indicator_may_hold(
    make_project: MakeProject, tmp_path: Path
) -> None:
    """A list of words that hold a comma, or a unit that does, cannot stand in a list of checks."""
    folder = make_project(
        {
            "criteria/air.yaml": """\
                id: air
                name: Air
                criteria:
                  - id: inner
                    name: Inner
                    indicators:
                      - {id: dust, name: Dust, unit: ug/m^3, direction: lower, kind: ratio, bounds: [null, 90]}
                      - {id: trees, name: Trees, unit: "a, b", direction: higher, kind: ordinal,
                         levels: {"no, none": 0, "yes": 1}}
                """,
            "communities/beta.yaml": None,
            "communities/alpha.yaml": "id: alpha\nname: A\nsource: census\nobservations: {dust: 1}\n",
            "communities/gamma.yaml": "id: gamma\nname: G\nsource: census\nobservations: {dust: 2}\n",
        }
    )
    book = fill(folder, tmp_path / "fill.xlsx")
    checks = book["air"].data_validations.dataValidation
    found = {(check.type, check.operator, check.formula1, str(check.sqref)) for check in checks}
    assert ("decimal", "lessThanOrEqual", "90.0", "G3:G4") in found
    assert ("list", None, '"ug/m^3"', "H3:H4") in found
    assert not any(str(check.sqref) in ("G5:G6", "H5:H6") for check in checks)


def test_a_framework_without_criteria_has_one_sheet(
    make_project: MakeProject, tmp_path: Path
) -> None:
    entity = "id: {0}\nname: {0}\nsource: census\nobservations: {{dust: {1}}}\n"
    folder = make_project(
        {
            "criteria/framework.yaml": "id: flat\nname: Flat\nindicators:\n"
            "  - {id: dust, name: Dust, unit: ug/m^3, direction: lower, kind: ratio}\n",
            "criteria/air.yaml": None,
            "criteria/work.yaml": None,
            "communities/areas/AAA.yaml": None,
            **{
                f"communities/{n}.yaml": entity.format(n, at)
                for at, n in enumerate(("alpha", "beta", "gamma"))
            },
        }
    )
    assert fill(folder, tmp_path / "fill.xlsx").sheetnames == [
        "README", "gaps", "index", "sources", "files",
    ]  # fmt: skip
