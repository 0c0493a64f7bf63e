"""What pages, tables and charts say where there is little, much or nothing to say."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from icfscore.cli.main import cli
from tests.conftest import FILES, MakeProject

ALPHA, BETA, GAMMA = (f"communities/{name}.yaml" for name in ("alpha", "beta", "gamma"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in arguments], catch_exceptions=False)


def shown(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def _entity(name: str, observations: str) -> str:
    return f"id: {name}\nname: {name}\nsource: census\nobservations: {{{observations}}}\n"


# whatif


def test_who_has_no_place_is_told_before_and_after(make_project: MakeProject) -> None:
    settings = "proxies: false\nrecipe: {screening: {min_community_coverage: 1}}\n"
    folder = make_project({"icfscore.yaml": settings})
    without = shown("whatif", "-C", folder, "--change", "alpha.dust=5", "--draws", "0")
    assert "Alpha has no place, before or after: too little is known of it." in without
    with_one = shown("whatif", "-C", folder, "--change", "beta.jobs=5", "--draws", "0")
    assert "Beta, which had no place, stands 2nd with the score 25.0." in with_one


def test_a_change_gives_one_value(make_project: MakeProject, tmp_path: Path) -> None:
    changes = tmp_path / "c.yaml"
    changes.write_text("alpha: {dust: [{value: 1, year: 2016}, {value: 2, year: 2018}]}\n")
    result = run("whatif", "-C", make_project(), "--file", changes, "--draws", "0")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{changes}:1:15: dust: give one value" in result.stderr


# funnel


def test_a_focus_that_passes_all_or_by_a_hair_is_told(make_project: MakeProject) -> None:
    stages = "stages: [{id: one, inputs: {air: 1}, passes: 2}, {id: two, inputs: {work: 1}, passes: 1}]\n"
    folder = make_project({"icfscore.yaml": f"focus: alpha\n{stages}"})
    text = shown("funnel", "-C", folder, "--format", "markdown", "--draws", "200")
    assert "Alpha passes one and two." in text
    assert "On two it is only 0.00 ahead of Gamma, the first who fails." in text
    assert "The cut goes through a tie: the order of the stage before decides." in text


# panels


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ((3, 8), "Reliable by the customary limit: alpha of the orders is 1.00, at least 0.80."),
        ((9, 6), "Good for tentative conclusions only: alpha of the orders is 0.7"),
    ],
)
def test_agreement_is_judged_by_the_customary_limits(
    last: tuple[int, int], said: str, make_project: MakeProject
) -> None:
    panel = (
        "id: analysts\nname: P\ndescription: What they saw.\nsource: census\nrubric: [0, 10]\n"
        "raters: {an: An, bo: Bo, chi: Chi}\nscores:\n"
        "  alpha: {work: {an: 2, bo: 2, chi: 2}, air: {an: 9, bo: 9, chi: 9}}\n"
        f"  beta: {{work: {{an: 5, bo: 5, chi: 5}}, air: {{an: 3, bo: 3, chi: {last[0]}}}}}\n"
        f"  gamma: {{work: {{an: 8, bo: 8, chi: {last[1]}}}}}\n"
    )
    folder = make_project({"panels/analysts.yaml": panel})
    text = shown("panel", "-C", folder, "--format", "markdown")
    assert said in text
    assert "What they saw." in text


# numbers and units


def test_numbers_beyond_counting_keep_their_power_of_ten(make_project: MakeProject) -> None:
    folder = make_project({ALPHA: _entity("alpha", "dust: 2e16, jobs: 1e-9")})
    text = shown("profile", "alpha", "-C", folder, "--draws", "0")
    assert "2e+16 µg/m³" in text
    assert "1e-09 %" in text


def test_values_travel_in_the_unit_that_they_were_given_in(
    make_project: MakeProject, tmp_path: Path
) -> None:
    """One with an error of its own travels in the indicator's unit, as the error is kept."""
    folder = make_project(
        {
            ALPHA: _entity("alpha", "dust: {value: 0.01, unit: mg/m^3}, jobs: 5"),
            BETA: _entity("beta", "dust: {value: 0.02, unit: mg/m^3, sd: 0.001}, jobs: 4"),
        }
    )
    target = tmp_path / "v.csv"
    shown("export", target, "--layout", "long", "-C", folder)
    text = target.read_text()
    assert "alpha,alpha,dust,0.01,mg/m^3,,census,community,,,,,,,\n" in text
    assert "beta,beta,dust,20.0,ug/m^3,,census,community,,,,1.0,,,\n" in text
    shown("export", target, "--layout", "wide", "-C", folder)
    assert "alpha,alpha,census,,0.01,mg/m^3,," in target.read_text()


# uncertainty


def test_the_table_says_what_was_varied(make_project: MakeProject) -> None:
    common = ("uncertainty", "-C", make_project(), "--draws", "300")
    varied = shown(*common, "--set", "uncertainty.missing.kind=hot_deck")
    assert "varied: weights (dirichlet), data (pedigree), missing values. 90 %" in varied
    fixed = shown(
        *common, "--set", "uncertainty.weights.kind=none", "--set", "uncertainty.missing.kind=fixed",
        "--set", "uncertainty.data.kind=none",
    )  # fmt: skip
    assert "varied: nothing." in fixed


# charts


ALONE = "focus: alpha\nproxies: false\nrecipe: {screening: {min_community_coverage: 1}}\n"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("pairwise", "this chart needs two communities with a rank"),
        ("tornado", "the focus 'alpha' has no place in the ranking: see the warnings"),
        ("correlations", "no two of them have values that vary for three communities or more"),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_why(
    kind: str, told: str, make_project: MakeProject, tmp_path: Path
) -> None:
    folder, target = make_project({"icfscore.yaml": ALONE}), tmp_path / "c.svg"
    result = run("chart", kind, "-C", folder, "--draws", "50", "-o", target)
    assert (result.exit_code, told in result.stderr) == (1, True)
    assert not target.exists()


# import and export


def test_what_is_too_large_to_be_changed_in_place_is_told(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icfscore.files.yaml_edit.MAX_EDITED", 50)
    folder, table = make_project(), tmp_path / "t.csv"
    table.write_text("id,income,source\nalpha,5,census\n")
    result = run("import", table, "-C", folder, "--write")
    assert result.exit_code == 1
    expected = f"{ALPHA}: is too large to be changed in place: above 50 letters; split it, or"
    assert expected in result.stderr


def test_lists_keep_the_indent_of_their_file(make_project: MakeProject, tmp_path: Path) -> None:
    """A dash below its key's first letter stays there, and so does a new one."""
    text = "id: alpha\nname: Alpha\nsource: census\nobservations:\n  dust:\n  - {value: 1, year: 2016}\n"
    folder, table = make_project({ALPHA: text}), tmp_path / "t.csv"
    table.write_text("id,dust,year,source\nalpha,5,2018,census\n")
    shown("import", table, "-C", folder, "--write")
    assert (folder / ALPHA).read_text() == f"{text}  - {{value: 5, year: 2018}}\n"


def test_a_countrys_name_stands_for_a_community_without_one(
    make_project: MakeProject, tmp_path: Path
) -> None:
    """As in tables of countries; a column's unit may stand in brackets."""
    folder = make_project({ALPHA: FILES[ALPHA].replace("        ", "")})
    table = tmp_path / "t.csv"
    table.write_text("iso3,country,Fine dust [mg/m^3],source\nZZZ,Zedland,0.005,census\n")
    shown("import", table, "-C", folder, "--write")
    text = (folder / "communities/zzz.yaml").read_text()
    assert "name: Zedland" in text
    assert "dust: {value: 0.005, unit: mg/m^3}" in text


def test_whole_numbers_of_a_workbook_are_names_too(
    make_project: MakeProject, tmp_path: Path
) -> None:
    """A spreadsheet holds the code 7 as 7.0; merged cells below the names do no harm."""
    book = openpyxl.Workbook()
    for row in (["id", "name", "dust", "source"], [7.0, "Seven", 5, "census"]):
        book.active.append(row)
    book.active.merge_cells("F4:G5")
    book.save(tmp_path / "t.xlsx")
    folder = make_project()
    shown("import", tmp_path / "t.xlsx", "-C", folder, "--write")
    assert "id: c_7\nname: Seven\n" in (folder / "communities/c_7.yaml").read_text()
