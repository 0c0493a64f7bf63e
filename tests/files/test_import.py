"""Importing tables: what is new is taken, what disagrees is shown, what is wrong has its cell."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.errors import InputError
from icfscore.files.commit import commit
from icfscore.files.project_folder import read_project

ALPHA = """\
# The first of them.
id: alpha
name: {en: Alpha, vi: An Pha}   # two languages
parent: AAA
source: census

observations:
  dust: 10        # µg
  # trees come from the air survey
  trees: 20
  population: 1000
  "jobs": 60
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def import_(file: Path, folder: Path, *options: str) -> Result:
    return run("import", file, "-C", folder, *options)


def record(file: Path, folder: Path, *options: str) -> dict[str, Any]:
    result = import_(file, folder, "--format", "json", "-q", *options)
    assert result.exit_code == 0, result.stderr
    read: dict[str, Any] = json.loads(result.stdout)
    return read


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def test_new_values_go_into_files_that_stay_as_they_were(
    make_project: MakeProject, table: Path
) -> None:
    folder = make_project({"communities/alpha.yaml": ALPHA})
    table.write_text(
        "community,Fine dust,income,year\nAlpha,11,900,2017\nDelta Town,12,800,2018\n",
        encoding="utf-8",
    )
    shown = record(table, folder, "--source", "census")
    assert shown["counts"] == {"conflicting": 1, "changed": 0, "kept": 0, "new": 4, "same": 0}
    (conflict,) = [c for c in shown["changes"] if c["outcome"] == "conflicting"]
    assert (conflict["entity"], conflict["item"], conflict["before"], conflict["after"]) == (
        "alpha", "dust", "10 ug/m^3, year none", "11 ug/m^3, year 2017",
    )  # fmt: skip
    result = import_(table, folder, "--source", "census", "--write", "--replace")
    assert result.exit_code == 0, result.stderr
    changed = ALPHA.replace("dust: 10        # µg", "dust: {value: 11, year: 2017} # µg")
    changed += "  income: {value: 900, year: 2017}\n"
    assert (folder / "communities/alpha.yaml").read_text(encoding="utf-8") == changed
    assert (folder / "communities/delta_town.yaml").read_text() == (
        "id: delta_town\nname: Delta Town\nsource: census\nyear: 2018\n"
        "observations:\n  dust: 12\n  income: 800\n"
    )
    assert record(table, folder, "--source", "census")["counts"]["same"] == 4


def test_what_disagrees_is_never_replaced_silently(make_project: MakeProject, table: Path) -> None:
    folder = make_project()
    table.write_text("id,dust,trees\nalpha,10,21\n")
    before = snapshot(folder)
    result = import_(table, folder, "--source", "census", "--write")
    assert result.exit_code == 1
    assert [word for word in result.stdout.split() if "─" not in word] == [
        "Community", "Value", "Project", "Table", "Where", "conflicting", "alpha", "trees", "20",
        "institution", "21", "institution", f"{table}:2:3", "1", "conflicting,", "1", "same",
    ]  # fmt: skip
    assert (
        "nothing written: values that disagree with the project: 1; --replace takes the table's"
        in result.stderr
    )
    assert snapshot(folder) == before
    kept = import_(table, folder, "--source", "census", "--write", "--keep")
    assert (kept.exit_code, snapshot(folder)) == (0, before)
    assert import_(table, folder, "--source", "census", "--write", "--replace").exit_code == 0
    alpha = read_project(folder).project.community_by_id["alpha"]
    assert alpha.observations["trees"][0].value == 21


def test_another_year_stands_beside_the_first(make_project: MakeProject, table: Path) -> None:
    folder = make_project({"communities/beta.yaml": """\
        id: beta
        name: Beta
        source: census
        observations:
          dust: {value: 20, year: 2018}
          jobs:
            - {value: 1, year: 2016}
            - {value: 2, year: 2018}
        """})  # fmt: skip
    table.write_text(
        "id,indicator,value,year\nbeta,dust,19,2017\nbeta,jobs,3,2018\nbeta,jobs,4,2019\n"
    )
    assert import_(table, folder, "--source", "census", "--write", "--replace").exit_code == 0
    assert (folder / "communities/beta.yaml").read_text() == (
        "id: beta\nname: Beta\nsource: census\nobservations:\n  dust:\n"
        "    - {value: 20, year: 2018}\n    - {value: 19, year: 2017}\n"
        "  jobs:\n    - {value: 1, year: 2016}\n    - {value: 3, year: 2018}\n"
        "    - {value: 4, year: 2019}\n"
    )


def test_values_of_an_area_go_to_its_file(make_project: MakeProject, table: Path) -> None:
    folder = make_project()
    table.write_text("id,dust\nAAA,25\n")
    assert import_(table, folder, "--source", "census", "--write").exit_code == 0
    assert read_project(folder).project.areas["AAA"].observations["dust"][0].level == "national"


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [("16,48", ",", 16.48), ("1.234,5", ",", 1234.5), ("1 234,5", ",", 1234.5), ("1.234", ",", 1234),
     ("1,234.5", ".", 1234.5), ("1’234.5", ".", 1234.5), ("-0,5e1", ",", None), ("1.23,4", ",", None),
     ("1,2,3", ",", None), ("12,34.5", ".", None), ("16,48", ".", None), ("16,48", None, None),
     ("1.234", None, None), ("1.2345", None, 1.2345), ("16.48", None, 16.48),
     (",5", ",", 0.5), ("e5", ",", None), (",e5", ",", None)],
)  # fmt: skip
def test_a_decimal_sign_is_declared_never_guessed(
    text: str, decimal: str | None, value: float | None, make_project: MakeProject, table: Path
) -> None:
    folder = make_project()
    table.write_text(f"id;income\nalpha;{text}\n", encoding="utf-8")
    options = ["--source", "census", *(["--decimal", decimal] if decimal else [])]
    if value is None:
        result = import_(table, folder, *options)
        assert result.exit_code == 1
        assert f"{table}:2:2: income: " in result.stderr
    else:
        (change,) = record(table, folder, *options)["changes"]
        assert change["after"] == f"{value:.12g} USD"


def test_a_mapping_names_columns_sheet_and_what_all_values_share(
    make_project: MakeProject, tmp_path: Path
) -> None:
    folder = make_project()
    file = workbook(
        tmp_path / "t.xlsx",
        Notes=[["nothing"]],
        Data=[
            ["Table 3"],
            [],
            ["Code", "PM2.5 (mg)", "Rank", "Jobs [percent]"],
            ["alpha", 0.012, 3, "61,5"],
        ],
    )
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "sheet: data\nheader: 3\ndecimal: ','\nyear: 2017\nsource: census\nlevel: region\ncolumns:\n"
        "  id: Code\n  dust: {column: PM2.5 (mg), unit: mg/m^3, status: recalled}\nignore: [Rank]\n"
    )
    told = record(file, folder, "--mapping", str(mapping), "--replace")
    assert [(c["item"], c["year"], c["after"]) for c in told["changes"]] == [
        ("dust", 2017, "12 ug/m^3, level region, status recalled, year 2017"),
        ("jobs", 2017, "61.5 percent, level region, year 2017"),
    ]
    assert told["columns_not_read"] == {}
    mapping.write_text("column: {}\n")
    assert (
        "unknown key 'column'; did you mean 'columns'?"
        in import_(file, folder, "--mapping", str(mapping)).stderr
    )


def test_sources_come_by_option_or_column(make_project: MakeProject, table: Path) -> None:
    folder = make_project()
    table.write_text("id,income,source\nalpha,900,Statistics Office\n")
    assert "unknown source 'Statistics Office'" in import_(table, folder).stderr
    assert import_(table, folder, "--new-sources", "--write").exit_code == 0
    assert (folder / "communities/sources.yaml").read_text() == (
        "census: {title: Census, url: 'https://example.org'}\nstatistics_office: {title: Statistics Office}\n"
    )
    table.write_text("id,income\nalpha,900\n")
    assert (
        "its values have no source; say where they were published: --source KEY"
        in import_(table, folder).stderr
    )
    assert "unknown source 'consus'" in import_(table, folder, "--source", "consus").stderr
    table.write_text("id,jobs\nbeta,40\n")
    result = import_(table, folder, "--source", "survey", "--source-title", "A survey", "--write")
    assert result.exit_code == 0
    assert read_project(folder).project.sources["survey"].title == "A survey"
    table.write_text("id,jobs\nbeta,n.a.\n")
    result = import_(table, folder, "--source", "survey", "--source-title", "Another")
    assert result.exit_code == 0
    assert "source 'survey' stays as it is: A survey" in result.stderr


def test_a_percentage_in_a_workbook_is_what_it_shows(
    make_project: MakeProject, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "t.xlsx", Data=[["id", "jobs"], ["beta", 0.455]])
    book = openpyxl.load_workbook(file)
    book["Data"]["B2"].number_format = "0.0%"
    book.save(file)
    told = record(file, make_project(), "--source", "census")
    assert [change["after"] for change in told["changes"]] == ["45.5 percent"]


def test_nothing_is_written_where_the_project_would_break(
    make_project: MakeProject, table: Path
) -> None:
    folder = make_project()
    before = snapshot(folder)
    table.write_text("id,parent,dust\nnew_town,ZZZ,5\n")
    result = import_(table, folder, "--source", "census", "--write")
    assert result.exit_code == 1
    assert "unknown area 'ZZZ'" in result.stderr
    assert snapshot(folder) == before


def test_a_community_of_a_table_is_not_changed_by_an_import(
    make_project: MakeProject, table: Path
) -> None:
    folder = make_project({"communities/more.csv": "id,source,dust\ndelta,census,5\n"})
    table.write_text("id,dust,jobs\ndelta,5,6\n")
    told = import_(table, folder, "--source", "census").stderr
    assert "delta stands in a table of the project; change it there" in told
    table.write_text("id,dust,level\ndelta,5,region\n")  # the same value, other evidence
    told = import_(table, folder, "--source", "census", "--replace").stderr
    assert "delta stands in a table of the project; change it there" in told


def test_the_built_in_project_is_not_changed(
    tmp_path: Path, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table.write_text("id,dust\nalpha,1\n")
    result = run("import", table)
    assert result.exit_code == 2
    assert "name your project: -C DIR" in result.stderr


def test_a_commit_that_fails_leaves_everything_as_it_was(make_project: MakeProject) -> None:
    folder = make_project()
    (folder / "blocked.yaml").mkdir()
    before = snapshot(folder)
    with pytest.raises(InputError, match=r"blocked\.yaml.*is a folder"):
        commit(
            folder, {"icfscore.yaml": "focus: beta\n", "new/x.yaml": "a\n", "blocked.yaml": "b\n"}
        )
    assert snapshot(folder) == before
    assert not (folder / "new").exists()


# What a workbook can have wrong with it: its sheets, and what is said of it.
ID = ["id", "dust", "year", "dust.unit"]
BAD_SHEETS: dict[str, tuple[dict[str, list[list[Any]]], list[str], str]] = {
    "text in a number's place": ({"D": [ID, ["alpha", "fast"]]}, [], "t.xlsx:2:2: D!B2: dust: must be a number, got 'fast'"),
    "a number as text": ({"D": [ID, ["alpha", "16.48"]]}, [], "D!B2: dust: '16.48' is text; say what its decimal sign is: --decimal , or --decimal ."),
    "a formula without a value": ({"D": [ID, ["alpha", "=1+2"]]}, [], "D!B2: dust: the cell holds a formula without a stored value; open the workbook"),
    "two rows for one community": ({"D": [ID, ["alpha", 1], ["beta", 2], ["Alpha", 3]]}, [], "D!A4: a second row of one community (the first is row 2)"),
    "an unknown unit": ({"D": [ID, ["alpha", 1, None, "bushels per moon"]]}, [], "D!D2: dust: unit 'bushels per moon' is not 'ug/m^3'"),
    "a date for a year": ({"D": [ID, ["alpha", 1, date(2018, 5, 1)]]}, [], "D!C2: year: must be a year such as 2018, got the date 2018-05-01; dates are no years"),
    "a date for a value": ({"D": [ID, ["alpha", date(2018, 5, 1)]]}, [], "D!B2: dust: must be a number, got the date 2018-05-01"),
    "an error value": ({"D": [ID, ["alpha", "#DIV/0!"]]}, [], "D!B2: dust: must be a number, got '#DIV/0!'"),
    "a missing sheet": ({"Data": [ID, ["alpha", 1]]}, ["--sheet", "Dato"], "no sheet 'Dato'; did you mean 'Data'?"),
    "two sheets": ({"A": [ID, ["alpha", 1]], "B": [ID, ["alpha", 1]]}, [], "has 2 sheets with something in them: A, B; say which one: --sheet NAME"),
    "no community column": ({"D": [["x", "dust"], ["alpha", 1]]}, [], "D!A1: no column names the communities; call it 'id' or 'name'"),
    "no indicator": ({"D": [["id", "dost"], ["alpha", 1]]}, [], "D!A1: no column is called like an indicator; the columns are: id, dost"),
    "no such column": ({"D": [ID, ["alpha", 1]]}, ["--column", "jobs=Jbs"], "D!A1: no column 'Jbs', which is mapped to 'jobs'"),
    "a row without a community": ({"D": [ID, [None, 1]]}, [], "D!A2: the row names no community"),
    "a row of units": ({"D": [ID, [None, "µg/m³"], ["alpha", 1]]}, [], "D!A2: the row names no community; delete it if it holds units or totals"),
    "a footnote": ({"D": [ID, ["alpha", 1], ["Notes: values are annual means of all stations there are."]]}, [], "D!A3: nothing stands in this row but 'Notes: values are annual means of all st…'; delete the row if it is a footnote"),
    "an empty workbook": ({"D": []}, [], "holds nothing"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_SHEETS)
def test_what_is_wrong_with_a_workbook_is_told_by_sheet_and_cell(
    name: str, make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets, options, expected = BAD_SHEETS[name]
    folder = make_project()
    before = snapshot(folder)
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "t.xlsx", **sheets)
    result = import_(Path("t.xlsx"), folder, "--source", "census", "--write", *options)
    assert (result.exit_code, snapshot(folder)) == (1, before)
    assert expected in result.stderr


def test_merged_names_are_refused(make_project: MakeProject, tmp_path: Path) -> None:
    file = workbook(tmp_path / "t.xlsx", D=[["id", "dust", None], ["alpha", 1, 2]])
    book = openpyxl.load_workbook(file)
    book["D"].merge_cells("B1:C1")
    book.save(file)
    result = import_(file, make_project(), "--source", "census")
    assert "D!B1: merged cells in the row of the columns' names; unmerge them" in result.stderr


def _repacked(file: Path, name: str, content: bytes) -> Path:
    target = file.with_name("bad.xlsx")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return target


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]>
<worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""


def test_bombs_are_refused(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project()
    file = workbook(tmp_path / "t.xlsx", D=[ID, ["alpha", 1]])
    sheet = "xl/worksheets/sheet1.xml"
    told = import_(_repacked(file, sheet, LAUGHS), folder, "--source", "census")
    assert (told.exit_code, "holds a document type" in told.stderr) == (1, True)
    told = import_(_repacked(file, sheet, b" " * 60_000_000), folder, "--source", "census")
    assert (told.exit_code, "would unpack to more than" in told.stderr) == (1, True)
    wide = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="ZZZ2"><v>1</v></c></row></sheetData></worksheet>'
    told = import_(_repacked(file, sheet, wide), folder, "--source", "census")
    assert (told.exit_code, "would unpack to more than" in told.stderr) == (1, True)
    for damage in (b"<worksheet><sheetData>", b"\x00\x01", b'<a><c r="A1" t="s"><v>99</v></c></a>'):
        told = import_(_repacked(file, sheet, damage), folder, "--source", "census")
        assert (told.exit_code, "is a damaged workbook" in told.stderr) == (1, True)
    raw = bytearray(file.read_bytes())
    for part in zipfile.ZipFile(file).infolist():  # what no unpacking makes sense of
        start = part.header_offset + 30 + len(part.filename)
        raw[start : start + part.compress_size] = b"\xff" * part.compress_size
    file.write_bytes(raw)
    told = import_(file, folder, "--source", "census")
    assert (told.exit_code, "is a damaged workbook" in told.stderr) == (1, True)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".parquet"])
def test_a_file_of_200_mb_is_refused(
    suffix: str, make_project: MakeProject, tmp_path: Path
) -> None:
    file = tmp_path / f"large{suffix}"
    with file.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    result = import_(file, make_project(), "--source", "census")
    assert (result.exit_code, "is larger than 100 MB" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [("t.xlsx", b"not a zip", "is no readable .xlsx workbook"), ("t.xls", b"", "no table of the kind '.xls'; save it as .xlsx or .csv"),
     ("t.xlsx", b"\xd0\xcf\x11\xe0rest", "is an old .xls file or protected by a password"), ("t.csv", b"id,dust\n\xff,1", "is not UTF-8"),
     ("t.csv", b"", "holds nothing")],
)  # fmt: skip
def test_other_files_are_clear_errors(
    name: str, content: bytes, expected: str, make_project: MakeProject, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    result = import_(tmp_path / name, make_project(), "--source", "census")
    assert (result.exit_code, expected in result.stderr) == (1, True), result.stderr
    missing = import_(tmp_path / "none.xlsx", tmp_path / "project")
    assert (missing.exit_code, "No such file" in missing.stderr) == (1, True)


def test_formulas_in_text_are_text(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project({"communities/beta.yaml": """\
        id: beta
        name: "=cmd|' /C calc'!A0"
        source: census
        observations: {dust: {value: -5e-1, note: "+1", area: "@SUM(A1)", year: 2018}, jobs: 5}
        """, "criteria/air.yaml": """\
        id: air
        name: Air
        indicators: [{id: dust, name: Dust, unit: ug/m^3, direction: lower, kind: ratio}]
        """, "communities/alpha.yaml": None, "communities/gamma.yaml": None, "icfscore.yaml": ""})  # fmt: skip
    shutil.rmtree(folder / "communities" / "areas")
    for layout in ("wide", "long"):
        csv, xlsx = tmp_path / f"{layout}.csv", tmp_path / f"{layout}.xlsx"
        for file in (csv, xlsx):
            assert run("export", file, "--layout", layout, "-C", folder).exit_code == 0
            told = record(file, folder)
            assert (told["counts"]["same"], len(told["changes"])) == (2, 2)
        text = csv.read_text()
        assert "'=cmd|" in text
        assert ",-0.5," in text
        (sheet,) = openpyxl.load_workbook(xlsx).worksheets
        cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value)[:1] in "=+@"]
        assert {cell.value for cell in cells} == {"=cmd|' /C calc'!A0", "+1", "@SUM(A1)"}
        assert all(cell.data_type == "s" and cell.style and cell.quotePrefix for cell in cells)


def test_a_spreadsheet_of_the_hdi_gives_the_published_index(tmp_path: Path) -> None:
    # UNDP, Human Development Report 2021/22, table 1: printed with three decimals.
    lines = [line for line in HDI.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    table = list(csv.reader(lines[1:]))
    header = [
        "Country",
        "Life expectancy at birth",
        "Expected years",
        "Mean years",
        "GNI per capita",
        "HDI",
    ]
    rows: list[list[Any]] = [["Table 1"], [], header]
    rows += [[row[1], *map(float, row[2:])] for row in table]
    file = workbook(tmp_path / "hdi.xlsx", Table=rows)
    folder = tmp_path / "hdi"
    assert run("init", folder, "--empty", "-q").exit_code == 0
    (folder / "criteria/first_criterion.yaml").unlink()
    (folder / "criteria/framework.yaml").write_text(HDI_FRAMEWORK)
    (folder / "icfscore.yaml").write_text(
        "reference_year: 2021\nrecipe:\n  normalisation: {kind: goalposts, low: 0, high: 1}\n"
        "  aggregation: {kind: arithmetic, at: {index: {kind: geometric}}}\n"
    )
    result = import_(file, folder, "--header", "3", "--year", "2021", "--source", "undp",
                     "--source-title", "Human Development Report 2021/22", "--write")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "columns not read: HDI" in result.stderr
    ranking = json.loads(run("rank", "-C", folder, "--format", "json", "-q").stdout)["ranking"]
    scores = {row["name"]: f"{row['score']:.3f}" for row in ranking}
    assert len(ranking) == len(table) == 191
    assert scores == {row[1]: f"{float(row[6]):.3f}" for row in table}


HDI = Path(__file__).parents[1] / "golden" / "data" / "hdi_2021.csv"
HDI_FRAMEWORK = """\
id: hdi
name: Human Development Index
criteria:
  - id: health
    name: A long and healthy life
    indicators:
      - {id: life, name: Life expectancy at birth, unit: year, direction: higher, kind: ratio,
         goalposts: [20, 85]}
  - id: education
    name: Knowledge
    indicators:
      - {id: expected, name: Expected years, unit: year, direction: higher, kind: ratio,
         goalposts: [0, 18]}
      - {id: mean, name: Mean years, unit: year, direction: higher, kind: ratio, goalposts: [0, 15]}
  - id: income
    name: A decent standard of living
    indicators:
      - {id: gni, name: GNI per capita, unit: PPP $ of 2017, direction: higher, kind: ratio,
         transform: log, goalposts: [100, 75000]}
"""
