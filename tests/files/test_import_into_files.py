"""What an import does to the files of a project: each change where a person would have made it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from tests.conftest import FILES, MakeProject

from icfscore.cli.main import cli

BETA = "communities/beta.yaml"
AIR = "criteria/air.yaml"
HEAD = "id: beta\nname: Beta\nsource: census\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "t.csv"


def import_(table: Path, text: str, *options: str | Path) -> Result:
    table.write_text(text, encoding="utf-8")
    words = ["import", table, "-C", table.parent / "project", *options]
    return CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)


def written(table: Path, text: str, *options: str | Path) -> str:
    """Import with everything that disagrees replaced; give the file of Beta."""
    result = import_(table, text, "--write", "--replace", *options)
    assert result.exit_code == 0, result.stderr
    return (table.parent / "project" / BETA).read_text(encoding="utf-8")


def changes(table: Path, text: str, *options: str) -> list[dict[str, Any]]:
    result = import_(table, text, "--format", "json", "-q", *options)
    assert result.exit_code == 0, result.stderr
    read: list[dict[str, Any]] = json.loads(result.stdout)["changes"]
    return read


def refusal(table: Path, text: str, *options: str | Path) -> list[str]:
    result = import_(table, text, *options)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr.replace(f"{table}:", "").splitlines()


def test_what_describes_a_community_goes_above_its_observations(
    make_project: MakeProject, table: Path
) -> None:
    make_project({BETA: f"{HEAD}observations: {{dust: 20}}\n"})
    told = "id,region,name.vi,groups.size,dust,source\nbeta,Delta,Bê Ta,small,20,census\n"
    assert written(table, told) == (
        "id: beta\nname: {en: Beta, vi: Bê Ta}\nsource: census\nregion: Delta\n"
        "groups: {size: small}\nobservations: {dust: 20}\n"
    )
    assert [change["outcome"] for change in changes(table, told)] == ["same"]


def test_parts_of_a_name_and_of_groups_are_changed_by_themselves(
    make_project: MakeProject, table: Path
) -> None:
    make_project(
        {
            BETA: "id: beta\nname: {en: Beta, vi: Bê}\ngroups: {size: big, coast: no}\n"
            "source: census\nobservations: {dust: 20}\n"
        }
    )
    told = (
        "id,name,name.vi,groups.size,groups.coast,dust,source\nbeta,Beta,Bê Ta,small,no,20,census\n"
    )
    found = {each["item"]: (each["before"], each["after"]) for each in changes(table, told)}
    assert found == {
        "name.vi": ("Bê", "Bê Ta"),
        "groups.size": ("big", "small"),
        "dust": ("20 ug/m^3", "20 ug/m^3"),
    }
    assert written(table, told) == (
        "id: beta\nname: {en: Beta, vi: Bê Ta}\ngroups: {size: small, coast: no}\n"
        "source: census\nobservations: {dust: 20}\n"
    )


def test_another_name_disagrees_only_where_no_language_has_it(
    make_project: MakeProject, table: Path
) -> None:
    make_project()
    told = "id,name,dust,source\nalpha,An Pha,10,census\ngamma,Gama,30,census\n"
    differing = [each for each in changes(table, told) if each["outcome"] == "conflicting"]
    assert [(each["item"], each["before"], each["after"]) for each in differing] == [
        ("name", "Gamma", "Gama")
    ]
    (alpha, _) = changes(table, "id,name,dust,source\nalpha,Alfa,10,census\n")
    assert (alpha["item"], alpha["before"], alpha["after"]) == ("name.en", "Alpha", "Alfa")


def test_what_is_kept_stays_word_for_word(make_project: MakeProject, table: Path) -> None:
    file = make_project() / "communities/gamma.yaml"
    before = file.read_bytes()
    told = "id,name,dust,source\ngamma,Gama,31,census\n"
    result = import_(table, told, "--keep", "--write", "--format", "json")
    assert json.loads(result.stdout)["counts"]["kept"] == 2
    assert file.read_bytes() == before


def test_a_value_finds_its_place_by_an_alias(make_project: MakeProject, table: Path) -> None:
    aliased = FILES[AIR].replace("id: dust,", "id: dust, aliases: [PM],")
    make_project({AIR: aliased, BETA: f"{HEAD}observations: {{jobs: 50, PM: 20}}\n"})
    told = "id,dust,source\nbeta,21,census\n"
    assert written(table, told) == f"{HEAD}observations: {{jobs: 50, PM: 21}}\n"


def test_what_a_table_says_beside_a_value_is_put_beside_it(
    make_project: MakeProject, table: Path
) -> None:
    make_project(
        {
            BETA: f"{HEAD}observations:\n"
            "  dust: 20    # of the roof\n"
            "  jobs: [1, {value: 2, year: 2018, interval: [0, 2], sd: 1}]\n"
            "  trees: {value: 7, note: {en: Counted, vi: Đếm}}\n"
        }
    )
    text = written(table, "id,dust,dust.status,source\nbeta,20,recalled,census\n")
    assert "  dust: {value: 20, status: recalled} # of the roof\n" in text
    text = written(table, "id,jobs,note,source\nbeta,1,Estimated,census\n")
    assert "jobs: [{value: 1, note: Estimated}, {value: 2, year: 2018," in text
    told = (
        "id,jobs,jobs.interval_low,jobs.interval_high,jobs.sd,year,source\n"
        "beta,2,0,3,1.5,2018,census\n"
    )
    assert [(each["before"], each["after"]) for each in changes(table, told)] == [
        ("2 percent, sd 1.0, interval 0 to 2", "2 percent, sd 1.5, interval 0 to 3")
    ]
    assert "{value: 2, year: 2018, interval: [0, 3], sd: 1.5}]" in written(table, told)
    (same,) = changes(table, told)
    assert same["outcome"] == "same"
    (differs,) = changes(table, "id,trees,note,source\nbeta,7,Guessed,census\n")
    assert (differs["before"], differs["after"]) == (
        "7 institution, note Counted", "7 institution, note Guessed",
    )  # fmt: skip


def test_a_year_at_the_top_of_a_file_holds_for_no_value_that_comes(
    make_project: MakeProject, table: Path
) -> None:
    make_project({BETA: f"{HEAD}year: 2016\nlevel: region\nobservations: {{dust: 20, jobs: 5}}\n"})
    assert refusal(table, "id,dust,source\nbeta,21,census\n", "--replace") == [
        f"{BETA}: says 'year: 2016' for all values that give none; say the year of the imported"
        " values: --year, or a column 'year'"
    ]
    told = "id,dust,source\nbeta,21,census\n"
    assert written(table, told, "--year", "2016") == (
        f"{HEAD}year: 2016\nlevel: region\n"
        "observations: {dust: {value: 21, level: community}, jobs: 5}\n"
    )


def test_a_value_whose_year_is_left_empty_is_of_the_year_at_the_top(
    make_project: MakeProject, table: Path
) -> None:
    make_project(
        {
            BETA: f"{HEAD}year: 2016\nobservations:\n"
            "  jobs: [{value: 1, year: 2018}, {value: 2, year: }]\n"
        }
    )
    text = written(table, "id,jobs,year,source\nbeta,3,2016,census\n")
    assert "jobs: [{value: 1, year: 2018}, 3]\n" in text


def test_sources_may_stand_in_a_file_of_the_other_ending(
    make_project: MakeProject, table: Path
) -> None:
    folder = make_project(
        {"communities/sources.yaml": None, "communities/sources.yml": "census: {title: Census}\n"}
    )
    written(table, "id,income,source\nalpha,900,Office\n", "--new-sources")
    assert (folder / "communities/sources.yml").read_text() == (
        "census: {title: Census}\noffice: {title: Office}\n"
    )
    assert not (folder / "communities/sources.yaml").exists()


def test_a_new_source_never_takes_the_key_of_another(
    make_project: MakeProject, table: Path
) -> None:
    folder = make_project()
    written(table, "id,income,source\nalpha,900,Cen-sus\nbeta,5,CENSUS!\n", "--new-sources")
    assert (folder / "communities/sources.yaml").read_text().splitlines()[1:] == [
        "cen_sus: {title: Cen-sus}",
        "census_: {title: CENSUS!}",
    ]


def test_a_new_community_takes_no_file_of_another(make_project: MakeProject, table: Path) -> None:
    make_project({"communities/delta.yaml": "id: other\nname: Other\nobservations: {}\n"})
    make_project({"communities/delta.yaml": f"{HEAD.replace('beta', 'other')}observations: {{dust: 1}}\n"})  # fmt: skip
    assert refusal(table, "id,dust,source\ndelta,5,census\n") == [
        "communities/delta.yaml: exists already, with another id inside"
    ]


def test_many_new_communities_are_told_that_a_table_would_do(
    make_project: MakeProject, table: Path
) -> None:
    make_project()
    rows = "".join(f"town_{n},{n + 1},census\n" for n in range(501))
    told = import_(table, f"id,dust,source\n{rows}")
    expected = "501 communities need no file each: a table in communities/ is read as it is"
    assert expected in told.stderr


def test_a_folder_that_is_neither_empty_nor_a_project_is_told(tmp_path: Path, table: Path) -> None:
    (tmp_path / "project").mkdir()
    assert refusal(table, "id,dust,source\ndelta,5,census\n") == [
        f"{tmp_path}/project: holds no project: no folder 'criteria'; 'icfscore init DIR --empty'"
        " writes one to begin with"
    ]


BAD_TABLES: dict[str, tuple[str, list[str]]] = {
    "a value of no indicator": (
        "id,indicator,value,source\nalpha,,5,census\nalpha,dust,,census\n",
        ["2:2: the row names no indicator"],
    ),
    "values without a column of indicators": (
        "id,value,source\nalpha,5,census\n",
        ["1:2: a column of values, but none says of which indicator"],
    ),
    "values without a column of indicators, beside an indicator's": (
        "id,dust,value,source\nalpha,10,5,census\n",
        ["1:3: a column of values, but none says of which indicator"],
    ),
    "columns twice": (
        "id,dust,Fine dust,source,Source\nalpha,5,5,census,census\n",
        [
            "1:3: a second column of 'dust'",
            "1:5: a second column of 'source', beside 'source'; say which one: --column, or ignore"
            " one in a mapping",
        ],
    ),
    "two names in two years": (
        "id,name,dust,year,source\ndelta,Delta,5,2018,census\ndelta,Dalta,6,2019,census\n",
        ["3:2: name: 'Dalta' here, 'Delta' in an earlier row of 'delta'"],
    ),
    "two names in two years, in one language": (
        "id,name.vi,name,dust,year,source\n"
        "delta,Đen,Delta,5,2018,census\ndelta,Đen,Dalta,6,2019,census\n",
        ["3:3: name: 'Dalta' here, 'Delta' in an earlier row of 'delta'"],
    ),
    "a name without letters": (
        "id,dust,source\n???,5,census\n",
        ["2:1: no id can be made of '???'"],
    ),
    "errors that are no numbers": (
        'id,dust,source,dust.sd,dust.interval_low\ndelta,5,census,one,"1,5"\n',
        [
            "2:4: sd: must be a number, got 'one'",
            "2:5: interval_low: '1,5' is no plain number; say what its decimal sign is:"
            " --decimal , or --decimal .",
        ],
    ),
    "an interval the wrong way round": (
        "id,dust,source,dust.interval_low,dust.interval_high\ndelta,5,census,6,4\n",
        ["2:2: dust: interval: must hold the value, its lower end first"],
    ),
    "an interval of one end": (
        "id,dust,source,interval_low,interval_high\ndelta,5,census,4,\n",
        ["2:4: interval: too few entries"],
    ),
    "a row for each value, and a column of an indicator": (
        "id,indicator,value,jobs,source\ndelta,dust,5,60,census\n",
        [
            "1:4: a column of 'jobs' in a table with a row for each value; give its values rows of"
            " their own, or leave it out"
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_TABLES)
def test_what_is_wrong_with_a_table_is_told_by_line_and_column(
    name: str, make_project: MakeProject, table: Path
) -> None:
    make_project()
    text, expected = BAD_TABLES[name]
    assert refusal(table, text) == expected


def test_a_mapping_that_names_what_there_is_not(make_project: MakeProject, table: Path) -> None:
    make_project()
    text = "id,dust,source\ndelta,5,census\n"
    assert refusal(table, text, "--column", "dist=dust") == [
        "1:1: no column is called like an indicator; the columns are: id, dust, source; a mapping"
        " can name them",
        "1:2: mapped to 'dist', which is nothing known; did you mean 'dust'?",
    ]
    mapping = table.with_name("m.yaml")
    mapping.write_text("header: 9\nignore: [No such column]\n")
    assert refusal(table, text, "--mapping", mapping) == [
        "1:1: row 9, which should hold the columns' names, is empty"
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--column", "dist"), "'dist' is not of the form WHAT=NAME"),
        (("--replace", "--keep"), "--replace and --keep exclude each other"),
    ],
)
def test_options_that_say_nothing_clear(
    options: tuple[str, ...], told: str, make_project: MakeProject, table: Path
) -> None:
    make_project()
    result = import_(table, "id,dust,source\ndelta,5,census\n", *options)
    assert (result.exit_code, told in result.stderr) == (2, True)


def test_a_new_file_holds_several_years_and_answers_in_full(
    make_project: MakeProject, table: Path
) -> None:
    flag = FILES["criteria/work.yaml"].replace("kind: share, weight: 0", "kind: boolean")
    folder = make_project({"criteria/work.yaml": flag, "communities/areas/AAA.yaml": None,
                           "communities/alpha.yaml": None, BETA: None, "icfscore.yaml": "",
                           "communities/gamma.yaml": "id: gamma\nname: G\nsource: census\nobservations: {dust: 1}\n"})  # fmt: skip
    told = (
        "id,dust,dust.status,poverty,year,source\n"
        "delta,5,seen,yes,2016,census\ndelta,6,recalled,,2018,census\n"
    )
    result = import_(table, told, "--write")
    assert result.exit_code == 0, result.stderr
    assert (folder / "communities/delta.yaml").read_text() == (
        "id: delta\nname: delta\nsource: census\nobservations:\n  dust:\n"
        "    - {value: 5, year: 2016, status: seen}\n"
        "    - {value: 6, year: 2018, status: recalled}\n"
        "  poverty: {value: true, year: 2016}\n"
    )


def test_cells_of_a_workbook_that_are_no_text_year_or_number(
    make_project: MakeProject, tmp_path: Path
) -> None:
    make_project()
    book = openpyxl.Workbook()
    book.active.append(["id", "dust", "dust.sd", "year", "source", "note"])
    book.active.append(["alpha", 1, True, "=1+1", "census", 7.0])
    book.active.append(["beta", 2, date(2018, 5, 1), True, "census", "=A1"])
    book.save(tmp_path / "t.xlsx")
    words = ["import", tmp_path / "t.xlsx", "-C", tmp_path / "project"]
    result = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    told = result.stderr.replace(f"{tmp_path}/t.xlsx:", "").splitlines()
    formula = (
        "the cell holds a formula without a stored value; open the workbook in a spreadsheet"
        " program and save it, or paste the value"
    )
    assert told == [
        "2:3: Sheet!C2: sd: must be a number, got true",
        f"2:4: Sheet!D2: year: {formula}",
        "3:3: Sheet!C3: sd: must be a number, got the date 2018-05-01",
        "3:4: Sheet!D3: year: must be a year such as 2018, got true",
        f"3:6: Sheet!F3: note: {formula}",
    ]
