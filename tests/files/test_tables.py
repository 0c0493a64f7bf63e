"""Communities in tables of the project: read like files, and told of by their cells."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.errors import InputError
from icfscore.files.project_folder import inspect_project, read_project
from icfscore.files.read_table import read_sheets

GONE = {f"communities/{name}.yaml": None for name in ("alpha", "beta", "gamma")}
WIDE = """\
id,name,name.vi,parent,source,dust,trees,population,jobs,income,poverty
alpha,Alpha,An Pha,AAA,census,10,20,1000,60,,
beta,Beta,,AAA,census,20,20,2000,,4000,
gamma,Gamma,,,census,30,90,3000,40,16000,5
"""
LONG = """\
community,name,name.vi,parent,indicator,value,source
alpha,Alpha,An Pha,AAA,dust,10,census
alpha,,,,Trees,20,census
alpha,,,,population,1000,census
alpha,,,,jobs,60,census
beta,Beta,,AAA,Fine dust,20,census
beta,,,,trees,20,census
beta,,,,population,2000,census
beta,,,,income,4000,census
gamma,Gamma,,,dust,30,census
gamma,,,,trees,90,census
gamma,,,,population,3000,census
gamma,,,,jobs,40,census
gamma,,,,income,16000,census
gamma,,,,poverty,5,census
"""


def rank(folder: Path) -> list[dict[str, object]]:
    result = CliRunner().invoke(
        cli, ["rank", "-C", str(folder), "--format", "json", "-q"], catch_exceptions=False
    )
    assert result.exit_code == 0, result.stderr
    ranking: list[dict[str, object]] = json.loads(result.stdout)["ranking"]
    return ranking


def problems(folder: Path) -> list[str]:
    return [
        str(problem).rpartition("communities/")[2] for problem in inspect_project(folder).problems
    ]


@pytest.mark.parametrize("table", [WIDE, LONG], ids=["wide", "long"])
def test_a_table_ranks_as_the_files_do(table: str, make_project: MakeProject) -> None:
    by_files = rank(make_project())
    for name in GONE:
        (make_project() / name).unlink()
    folder = make_project({**GONE, "communities/all.csv": table})
    for name in GONE:
        (folder / name).unlink(missing_ok=True)
    assert rank(folder) == by_files
    assert read_project(folder).project.community_by_id["alpha"].name == {
        "en": "Alpha",
        "vi": "An Pha",
    }


def test_a_parquet_table_ranks_as_the_files_do(make_project: MakeProject) -> None:
    by_files = rank(make_project())
    folder = make_project()
    for name in GONE:
        (folder / name).unlink()
    columns = {
        "id": ["alpha", "beta", "gamma"], "name": ["Alpha", "Beta", "Gamma"],
        "parent": ["AAA", "AAA", None], "source": ["census"] * 3, "dust": [10, 20, 30],
        "trees": [20, 20, 90], "population": [1000.0, 2000.0, 3000.0],
        "jobs": [60, None, 40.0], "income": [None, 4000.0, float(16000)], "poverty": [None, float("nan"), 5],
    }  # fmt: skip
    pq.write_table(pa.table(columns), folder / "communities" / "all.parquet")
    assert rank(folder) == by_files


def test_rows_of_several_years_and_own_columns_of_a_value(make_project: MakeProject) -> None:
    table = "id,year,source,level,dust,dust.source,dust.unit,dust.note,jobs,jobs.sd\n"
    table += "delta,2017,census,region,5,other,mg/m^3,=note,50,2.5\ndelta,2018,census,,6,,,,51,\n"
    sources = "census: {title: C}\nother: {title: O}\n"
    folder = make_project({"communities/d.csv": table, "communities/sources.yaml": sources})
    delta = read_project(folder).project.community_by_id["delta"]
    first, second = delta.observations["dust"]
    assert (first.value, first.year, first.source, first.level) == (5000, 2017, "other", "region")
    assert (first.note, second.value, second.year, second.level) == ("=note", 6, 2018, "community")
    assert [each.sd for each in delta.observations["jobs"]] == [2.5, None]


BAD = {
    "a word in a number's place": (
        "id,source,dust\nd,census,fast\n",
        ["t.csv:2:3: dust: must be a number, got 'fast'; a missing value is written null, or left out"],
    ),
    "a decimal comma": (
        'id,source,dust\nd,census,"16,48"\n',
        ["t.csv:2:3: dust: '16,48' is no plain number; say what its decimal sign is: --decimal , or --decimal ."],
    ),
    "a point that may be a thousands separator": (
        "id;source;dust\nd;census;1.234\n",
        ["t.csv:2:3: dust: '1.234' is no plain number; say what its decimal sign is: --decimal , or --decimal ."],
    ),
    "an unknown column": (
        "id,source,dusty\nd,census,5\n",
        [
            "t.csv:1:1: no column is called like an indicator; the columns are: id, source, dusty; a mapping can name them",
            "t.csv:1:3: unknown column 'dusty'; did you mean 'dust'?",
        ],
    ),
    "no source": (
        "id,dust\nd,5\n",
        ["t.csv:2:2: dust: has no source; give a key of sources.yaml, here or once at the top of the file"],
    ),
    "an unknown source": (
        "id,source,dust\nd,consus,5\n",
        ["t.csv:2:2: unknown source 'consus'; did you mean 'census'?"],
    ),
    "two rows for one community": (
        "id,source,dust\nd,census,5\ne,census,5\nd,census,6\n",
        ["t.csv:4:1: a second row of one community (the first is row 2); rows of one community need different years, in a column 'year'"],
    ),
    "a date for a year": (
        "id,source,year,dust\nd,census,2018-12-31,5\n",
        ["t.csv:2:3: year: must be a year such as 2018, got '2018-12-31'"],
    ),
    "outside the bounds": (
        "id,source,jobs\nd,census,5\ne,census,101\n",
        ["t.csv:3:3: jobs: 101 percent is outside the bounds 0 to 100"],
    ),
    "an unknown unit": (
        "id,source,dust,dust.unit\nd,census,5,km\n",
        ["t.csv:2:4: dust: unit 'km' is not 'ug/m^3': they measure different things"],
    ),
    "a column twice": (
        "id,source,dust,Fine dust\nd,census,5,6\n",
        ["t.csv:1:4: a second column of 'dust'"],
    ),
    "too many cells": (
        "id,source,dust\nd,census,5,6\n",
        ["t.csv:2:4: this line has 4 cells, the first has 3; a cell that holds the separator must be in quotes"],
    ),
    "an open quote": (
        'id,source,dust\nd,census,"5\n',
        ["t.csv:2:1: is no readable CSV: unexpected end of data"],
    ),
    "an id that is none": (
        "id,source,dust\nThe Town,census,5\n",
        ["t.csv:2:1: id: must be lower-case letters, digits and '_', starting with a letter, got 'The Town'"],
    ),
    "a community that has a file": (
        "id,source,dust\nalpha,census,5\n",
        ["alpha.yaml"],
    ),
    "a name that changes": (
        "id,name,source,year,dust\nd,D,census,2017,5\nd,E,census,2018,5\n",
        ["t.csv:3:2: name: 'E' here, 'D' in an earlier row of 'd'"],
    ),
    "an empty table": ("", ["t.csv:1:1: holds no table: no row with the names of columns"]),
    "an unknown indicator in a long table": (
        "id,indicator,value,source\nd,dist,5,census\n",
        ["t.csv:2:1: d: has no observation of any indicator, own or inherited; give it one, or take the row out",
         "t.csv:2:2: unknown indicator 'dist'; did you mean 'dust'?"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_with_a_table_is_told_by_its_cell(
    name: str, make_project: MakeProject
) -> None:
    table, expected = BAD[name]
    found = problems(make_project({"communities/t.csv": table}))
    assert [
        text for text in found if "has no observation" not in text or name.endswith("long table")
    ] == expected


def test_a_table_is_part_of_the_digest(make_project: MakeProject) -> None:
    table = "id,source,dust\nd,census,5\n"
    before = read_project(make_project({"communities/t.csv": table})).project.digest
    after = read_project(
        make_project({"communities/t.csv": table.replace("5", "6")})
    ).project.digest
    assert before != after


def test_a_damaged_parquet_file_is_a_clear_error(make_project: MakeProject) -> None:
    (told,) = problems(make_project({"communities/t.parquet": b"PAR1 nothing PAR1"}))
    assert told.startswith("t.parquet: is no readable Parquet file: ")


def test_a_parquet_file_of_which_any_bit_changed_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": ["a", None]}), path)
    whole = path.read_bytes()
    for at in range(4, 80):  # the heads of the pages, which are read before pyarrow does
        for bit in range(8):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :])
            try:
                read_sheets(path, path.name)
            except InputError as error:
                assert path.name in str(error)  # noqa: PT017 - either will do


def test_the_skeletons_example_of_a_table_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    CliRunner().invoke(cli, ["init", str(folder), "--empty", "-q"], catch_exceptions=False)
    (folder / "communities/sources.yaml").write_text("census_2018: {title: Census of 2018}\n")
    example = folder / "communities/many.csv.example"
    example.rename(folder / "communities/many.csv")
    assert inspect_project(folder).problems == ()
    towns = read_project(folder).project.communities
    assert [town.observations["population"][0].year for town in towns] == [2018, 2019]
