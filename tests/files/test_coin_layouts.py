"""COINr's iData with iMeta, and the COIN Tool's Database, become projects."""

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

META = """\
Level,iCode,iName,Direction,Weight,Unit,Type,Parent,Target,Denominator
1,Goods,Trade in goods,1,1,Trillion USD,Indicator,Conn,,GDP
1,Flights,International flights,1,2,Thousand seats,Indicator,Conn,200,
1,CO2,Carbon dioxide,-1,1,%,Indicator,Sust,,
2,Conn,Connectivity,1,1,Score,Aggregate,Index,,
2,Sust,Sustainability,1,0.5,Score,Aggregate,Index,,
3,Index,Sustainable Connectivity,1,1,Score,Aggregate,NA,,
NA,GDP,Gross domestic product,1,NA,Billion USD,Denominator,NA,,
NA,Size,Size of the economy,NA,NA,NA,Group,NA,,
NA,Remark,Remark,NA,NA,NA,Other,NA,,
"""
DATA = """\
uName,uCode,Time,Size,GDP,Remark,Goods,Flights,CO2
Austria,AUT,2018,L,400,x,0.2,29,12
Belgium,BEL,2018,L,500,y,0.5,32,NA
Bulgaria,BGR,2018,S,50,z,0.1,9,33
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def write(tmp_path: Path, meta: str = META, data: str = DATA) -> tuple[Path, ...]:
    (tmp_path / "iData.csv").write_text(data)
    (tmp_path / "iMeta.csv").write_text(meta)
    return tmp_path / "iData.csv", tmp_path / "iMeta.csv"


def import_(tmp_path: Path, *options: str, **texts: str) -> Result:
    data, meta = write(tmp_path, **texts)
    source = ["--source", "asem", "--source-title", "A sample"]
    return run("import", data, "--meta", meta, "-C", tmp_path / "new", *source, *options)


def test_idata_and_imeta_become_a_project(tmp_path: Path) -> None:
    assert import_(tmp_path).exit_code == 0
    assert not (tmp_path / "new").exists()
    result = import_(tmp_path, "--write")
    assert result.exit_code == 0, result.stderr
    assert "type Other, not read: Remark" in result.stderr
    folder = read_project(tmp_path / "new")
    tree = folder.project.tree
    goods, flights, co2 = tree.indicators
    assert (goods.id, goods.name, goods.unit, goods.per) == (
        "goods",
        "Trade in goods",
        "Trillion USD",
        "gdp",
    )
    assert (flights.weight, flights.target, flights.direction) == (2, 200, "higher")
    assert (co2.direction, co2.kind) == ("lower", "share")
    assert [(node.id, node.weight) for node in tree.nodes] == [
        ("index", 1),
        ("conn", 1),
        ("sust", 0.5),
    ]
    assert folder.settings.reference_year == 2018
    austria = folder.project.community_by_id["aut"]
    assert (austria.name, austria.groups) == ("Austria", {"Size": "L"})
    record = json.loads(run("export", "-", "-C", tmp_path / "new", "-q").stdout)
    # goods per GDP: 0.0005, 0.001, 0.002; flights 29, 32, 9; CO2 12, -, 33.
    assert record["stages"]["scores"]["aut"] == pytest.approx(
        {"conn": 200 * 20 / 23 / 3, "sust": 100, "index": (200 * 20 / 23 / 3 * 2 + 100) / 3}
    )
    again = run("import", tmp_path / "iData.csv", "--meta", tmp_path / "iMeta.csv", "-C", tmp_path / "new",
                "--source", "asem")  # fmt: skip
    assert "nothing to write" in again.stderr


def test_both_sheets_of_a_workbook_do_as_well(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, text in (("iData", DATA), ("iMeta", META)):
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append([_typed(cell) for cell in line.split(",")])
    book.save(tmp_path / "coin.xlsx")
    result = run("import", tmp_path / "coin.xlsx", "-C", tmp_path / "book", "--source", "asem",
                 "--source-title", "A sample", "--write")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    import_(tmp_path, "--write")
    ranks = [
        run("rank", "-C", tmp_path / name, "-q", "--format", "csv").stdout
        for name in ("book", "new")
    ]
    assert ranks[0] == ranks[1]


def _typed(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text or None


def test_it_comes_back_as_it_went(tmp_path: Path) -> None:
    import_(tmp_path, "--write")
    out = tmp_path / "out" / "iData.csv"
    out.parent.mkdir()
    assert run("export", out, "--layout", "coinr", "-C", tmp_path / "new", "-q").exit_code == 0
    result = run("import", out, "--meta", out.with_name("iMeta.csv"), "-C", tmp_path / "back",
                 "--source", "asem", "--source-title", "A sample", "--write", "-q")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    scores = [
        json.loads(run("export", "-", "-C", tmp_path / name, "-q").stdout)["stages"]["scores"]
        for name in ("new", "back")
    ]
    for community, nodes in scores[0].items():
        assert scores[1][community] == pytest.approx(nodes)


WRONG = {
    "no index": (META.replace("Aggregate,NA", "Other,NA"), "needs one index, an aggregate without a parent; found: none"),
    "an unknown parent": (META.replace("Indicator,Sust", "Indicator,Sast"), "row 4: CO2: its parent 'Sast' is no aggregate"),
    "a wrong direction": (META.replace("dioxide,-1", "dioxide,0"), "row 4: CO2: its direction must be 1 or -1, got 0"),
    "an unknown type": (META.replace("Denominator,NA", "Divisor,NA"), "iMeta.csv:8:7: GDP: type: must be one of aggregate, denominator, group, indicator, other, got 'divisor'"),
    "a weight that is none": (META.replace("1,2,Thousand", "1,two,Thousand"), "iMeta.csv:3:5: weight: must be a number, got 'two'"),
    "a code twice": (META.replace("1,CO2", "1,Goods"), "row 4: the code 'Goods' is given twice"),
    "codes that fall together": (META.replace("1,CO2", "1,goods"), "'goods' and 'Goods' would both be 'goods'"),
    "an unknown denominator": (META.replace(",GDP\n", ",GNI\n"), "row 2: Goods: 'GNI' is no denominator"),
    "an empty aggregate": (META.replace("Indicator,Sust", "Indicator,Conn"), "Sust has nothing below it"),
    "a circle": (META.replace("Aggregate,Index,,\n2,Sust", "Aggregate,Conn,,\n2,Sust"), "these contain each other: Goods, Flights, Conn"),
    "a negative weight": (META.replace("1,2,Thousand", "1,-2,Thousand"), "row 3: Flights: a weight is at least 0, got -2"),
    "a code without letters": (META.replace("1,CO2", "1,?"), "row 4: no id can be made of '?'"),
    "a part called as the whole": (META.replace("Conn", "INDEX").replace("3,Index", "3,Whole").replace("Aggregate,Index", "Aggregate,Whole"), "row 5: 'index' is the name of the whole, and this is a part of it"),
    "columns that are missing": (META.replace("Direction", "Way"), "iMeta has no column direction"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_imeta_is_told_with_its_row(name: str, tmp_path: Path) -> None:
    meta, expected = WRONG[name]
    result = import_(tmp_path, "--write", meta=meta)
    assert (result.exit_code, expected in result.stderr) == (1, True), result.stderr
    assert not (tmp_path / "new").exists()


def test_the_coin_tools_database_becomes_a_project(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Database"
    described: dict[int, list[Any]] = {
        7: [1, 3, 1], 8: [1, -1, 1], 9: [0, None, 0], 10: [100, None, 50], 11: ["Index"] * 3,
        12: ["si.01"] * 3, 13: ["p.01", "p.01", "p.02"], 14: ["sp.01"] * 3,
        15: ["Jobs", "Dust", "Trees"], 16: ["Ind.01", "Ind.02", "Ind.03"],
    }  # fmt: skip
    for row, cells in described.items():
        for column, cell in enumerate(cells, start=5):
            sheet.cell(row, column, cell)
    units = [
        ("Alpha", "ALP", 50, 10, 25),
        ("Beta", "BET", 100, "n/a", 0),
        ("Gamma", "GAM", 0, 30, 50),
    ]
    for row, (name, code, *values) in enumerate(units, start=17):
        for column, cell in zip((2, 3, 5, 6, 7), (name, code, *values), strict=True):
            sheet.cell(row, column, cell)
    groups = book.create_sheet("Framework")
    for row, cells in enumerate(
        [("Index", 1, "Well-being"), ("p.01", 1, "Work and air"), ("p.02", 2, "Green")], start=5
    ):
        for column, cell in zip((3, 5, 8), cells, strict=True):
            groups.cell(row, column, cell)
    book.save(tmp_path / "tool.xlsx")
    result = run(
        "import",
        tmp_path / "tool.xlsx",
        "-C",
        tmp_path / "new",
        "--source",
        "s",
        "--source-title",
        "S",
        "--write",
    )
    assert result.exit_code == 0, result.stderr
    project = read_project(tmp_path / "new").project
    assert [(n.id, n.name, n.weight) for n in project.tree.nodes] == [
        ("index", "Well-being", 1), ("p_01", "Work and air", 1), ("p_02", "Green", 2),
    ]  # fmt: skip
    jobs, dust, trees = project.tree.indicators
    assert (jobs.id, jobs.goalposts, jobs.direction) == ("ind_01", (0, 100), "higher")
    assert (dust.weight, dust.direction, dust.goalposts, trees.goalposts) == (
        3,
        "lower",
        None,
        (0, 50),
    )
    assert [c.name for c in project.communities] == ["Alpha", "Beta", "Gamma"]
    assert "ind_02" not in project.community_by_id["bet"].observations


def test_imeta_alone_is_not_enough(tmp_path: Path, make_project: MakeProject) -> None:
    _, meta = write(tmp_path)
    result = run("import", meta, "-C", tmp_path / "new", "--source", "s")
    assert (result.exit_code, "but no iData is given" in result.stderr) == (1, True)
    other = tmp_path / "other.csv"
    other.write_text("id,dust\nalpha,1\n")
    result = run("import", other, "--meta", other, "-C", make_project(), "--source", "census")
    assert "is no iMeta; it needs the columns iCode" in result.stderr


def test_an_index_may_have_its_indicators_at_once_or_far_below(tmp_path: Path) -> None:
    """Columns that say nothing may be left out; what describes an indicator is taken."""
    meta = (
        "Level,iCode,iName,Direction,Weight,Type,Parent,Description\n"
        "1,Goods,Trade in goods,1,1,Indicator,Index,What is sold\n,,,,,,,\n"
        "2,Index,Trade,1,1,Aggregate,NA,\n"
    )
    data = "uName,uCode,Goods\nAustria,AUT,1\nBelgium,BEL,2\n"
    result = import_(tmp_path, "--write", meta=meta, data=data)
    assert result.exit_code == 0, result.stderr
    assert not list((tmp_path / "new/criteria").glob("[!f]*.yaml"))
    (goods,) = read_project(tmp_path / "new").project.tree.root.indicators
    assert (goods.id, goods.description, goods.unit) == ("goods", "What is sold", "unstated")
    above = META.replace("Index", "Whole").replace(
        "Connectivity,1,1,Score,Aggregate,Whole", "Connectivity,1,1,Score,Aggregate,Net", 1
    )
    above += "3,Net,Networks,1,1,Score,Aggregate,Whole,,\n"
    (tmp_path / "deep").mkdir()
    result = import_(tmp_path / "deep", "--write", meta=above)
    assert result.exit_code == 0, result.stderr
    tree = read_project(tmp_path / "deep/new").project.tree
    assert (tree.id, [node.id for node in tree.nodes]) == (
        "whole", ["index", "sust", "net", "conn"],
    )  # fmt: skip


def test_a_coin_tool_without_a_row_of_its_description_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Database"
    for row, cell in ((15, "Jobs"), (16, "Ind.01"), (17, 5)):
        book.active.cell(row, 5, cell)
    book.save(tmp_path / "tool.xlsx")
    result = run("import", tmp_path / "tool.xlsx", "-C", tmp_path / "new", "--source", "s")
    assert result.exit_code == 1
    expected = "looks like the COIN Tool's Database, but row 8 is empty; rows 7 to 16 describe"
    assert expected in result.stderr
