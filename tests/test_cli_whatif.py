"""`icfscore whatif`, as it is called."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from icfscore.cli.main import cli
from tests.conftest import FILES, MakeProject


def _run(folder: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["whatif", "-C", str(folder), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def _record(folder: Path, *arguments: str) -> dict[str, Any]:
    result = _run(folder, "--format", "json", "-q", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    record: dict[str, Any] = json.loads(result.stdout)
    return record


def _refused(folder: Path, *arguments: str) -> list[str]:
    result = _run(folder, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr.splitlines()


def _rank(folder: Path) -> list[dict[str, Any]]:
    result = CliRunner().invoke(cli, ["rank", "-C", str(folder), "--format", "json", "-q"])
    rows: list[dict[str, Any]] = json.loads(result.stdout)["ranking"]
    return rows


def _without_intervals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: row[key] for key in row if key != "rank_interval"} for row in rows]


def test_the_record_holds_both_rankings_as_rank_gives_them(make_project: MakeProject) -> None:
    folder = make_project()
    record = _record(folder, "--change", "alpha.dust=25", "--change", "alpha.income=9000")
    assert record["schema"] == "icfscore.whatif/1"
    assert [
        {key: change[key] for key in ("community", "indicator", "from", "to")}
        for change in record["changes"]
    ] == [
        {"community": "alpha", "indicator": "dust", "from": 10, "to": 25},
        {"community": "alpha", "indicator": "income", "from": 1000, "to": 9000},
    ]
    assert record["changes"][1]["from_level"] == "national"
    assert _without_intervals(record["before"]) == _rank(folder)
    # The same values written into the file give the same ranking.
    alpha = FILES["communities/alpha.yaml"].replace("dust: 10", "dust: 25")
    alpha = alpha.replace("jobs: 60", "jobs: 60\n          income: 9000")
    changed = _rank(make_project({"communities/alpha.yaml": alpha}))
    assert _without_intervals(record["after"]) == changed
    assert all(len(row["rank_interval"]) == 2 for row in record["after"])


def test_a_value_is_given_before_its_denominator(make_project: MakeProject) -> None:
    (change,) = _record(make_project(), "--change", "beta.trees=5")["changes"]
    assert (change["from"], change["to"], change["unit"]) == (20, 5, "institution")


def test_without_draws_there_are_no_intervals(make_project: MakeProject) -> None:
    record = _record(make_project(), "--change", "beta.trees=5", "--draws", "0")
    assert record["draws"] is None
    assert {row["rank_interval"] for row in record["before"]} == {None}


def test_changes_come_from_files_too(make_project: MakeProject, tmp_path: Path) -> None:
    path = tmp_path / "changes.yaml"
    path.write_text("alpha: {dust: {value: 0.05, unit: mg/m3}}\nbeta: {jobs: 70}\n")
    record = _record(make_project(), "--file", str(path), "--change", "gamma.jobs=20")
    assert [(each["community"], each["to"]) for each in record["changes"]] == [
        ("alpha", 50),
        ("beta", 70),
        ("gamma", 20),
    ]


BAD_OPTIONS = {
    "alpha.dusst=1": "--change alpha.dusst=1: unknown indicator 'dusst'; did you mean 'dust'?",
    "alfa.dust=1": "--change alfa.dust=1: no community 'alfa'; did you mean 'alpha'?",
    "alpha.dust=-1": "--change alpha.dust=-1: dust: -1 ug/m^3 is outside the bounds 0 or more",
    "alpha.jobs=101": "--change alpha.jobs=101: jobs: 101 percent is outside the bounds 0 to 100",
    "alpha.dust=much": "--change alpha.dust=much: dust: must be a number, got 'much'; a missing"
    " value is written null, or left out",
    "alpha.dust=null": "--change alpha.dust=null: dust: needs a value",
    "alpha.dust=.inf": "--change alpha.dust=.inf: dust: must be a finite number, got inf",
    "alpha.income=0": "--change alpha.income=0: income: has a logarithm (transform: log), so it must"
    " be above 0, got 0",
    "dust=1": "--change dust=1: is not of the form COMMUNITY.INDICATOR=VALUE",
    "alpha.dust": "--change alpha.dust: is not of the form COMMUNITY.INDICATOR=VALUE",
    "alpha.dust=": "--change alpha.dust=: is not of the form COMMUNITY.INDICATOR=VALUE",
}


@pytest.mark.parametrize(("option", "message"), BAD_OPTIONS.items())
def test_what_is_wrong_with_an_option(make_project: MakeProject, option: str, message: str) -> None:
    assert _refused(make_project(), "--change", option) == [message]


def test_a_value_is_changed_once(make_project: MakeProject) -> None:
    told = _refused(make_project(), "--change", "alpha.dust=1", "--change", "alpha.dust=2")
    assert told == [
        "--change alpha.dust=2: alpha.dust is changed twice; keep one of the two",
    ]


def test_every_mistake_of_a_file_has_its_place(make_project: MakeProject, tmp_path: Path) -> None:
    path = tmp_path / "changes.yaml"
    path.write_text(
        "alpha:\n  dusst: 3\n  jobs: 120\n  dust: {value: 1, yaer: 3}\nalfa: {dust: 3}\nbeta: 7\n"
    )
    assert _refused(make_project(), "--file", str(path)) == [
        f"{path}:2:3: unknown indicator 'dusst'; did you mean 'dust'?",
        f"{path}:3:9: jobs: 120 percent is outside the bounds 0 to 100",
        f"{path}:4:20: unknown key 'yaer'; did you mean 'year'?",
        f"{path}:5:1: no community 'alfa'; did you mean 'alpha'?",
        f"{path}:6:7: beta: must map indicators to values, got 7",
    ]


@pytest.mark.parametrize(
    ("text", "what"), [("", "nothing"), ("- 1", "a list"), ("{}", "a mapping")]
)
def test_a_file_without_changes(
    make_project: MakeProject, tmp_path: Path, text: str, what: str
) -> None:
    path = tmp_path / "changes.yaml"
    path.write_text(text)
    (told,) = _refused(make_project(), "--file", str(path))
    assert told == f"{path}:1:1: must map communities to their values, got {what}"


def test_a_file_that_is_not_there(make_project: MakeProject) -> None:
    assert _refused(make_project(), "--file", "nowhere.yaml") == [
        "nowhere.yaml: cannot be read: No such file or directory"
    ]


def test_nothing_to_change_is_misuse(make_project: MakeProject) -> None:
    result = _run(make_project())
    assert result.exit_code == 2
    assert "nothing to change" in result.stderr


WORDS = {
    "criteria/air.yaml": """\
        id: air
        name: Air
        indicators:
          - {id: dust, name: Dust, aliases: [PM10], unit: ug/m^3, direction: lower, kind: ratio}
          - {id: stage, name: Stage, unit: stage, direction: higher, kind: ordinal,
             levels: {none: 0, plan: 1, operating: 3}}
          - {id: open, name: Open, unit: dimensionless, direction: higher, kind: boolean}
        """,
    "communities/alpha.yaml": "id: alpha\nname: A\nparent: AAA\nsource: census\n"
    "observations: {dust: 10, stage: plan, open: false}\n",
    "communities/beta.yaml": "id: beta\nname: B\nparent: AAA\nsource: census\n"
    "observations: {dust: 20, stage: none, open: true}\n",
    "communities/gamma.yaml": None,
}


def test_words_and_aliases_are_understood(make_project: MakeProject) -> None:
    folder = make_project(WORDS)
    options = ("alpha.stage=operating", "alpha.open=true", "alpha.PM10=4")
    record = _record(folder, *(word for each in options for word in ("--change", each)))
    assert [(each["indicator"], each["from"], each["to"]) for each in record["changes"]] == [
        ("stage", 1, 3),
        ("open", 0, 1),
        ("dust", 10, 4),
    ]
    assert _refused(folder, "--change", "alpha.stage=oprating") == [
        "--change alpha.stage=oprating: stage: unknown level 'oprating'; did you mean 'operating'?"
    ]


def test_the_table_says_who_passes_whom(make_project: MakeProject) -> None:
    result = _run(
        make_project(), "-q", "--change", "alpha.dust=60", "--change", "alpha.income=9000"
    )
    lines = result.stdout.splitlines()
    assert lines[:2] == [
        "Alpha, Fine dust: 60 µg/m³ instead of 10 µg/m³",
        "Alpha, Income: 9,000 USD of its own, in the place of 1,000 USD, a national value that"
        " stood in",
    ]
    assert "Alpha goes from 1st to" in result.stdout
    assert "It is overtaken by" in result.stdout
    assert "with the same random numbers" in result.stdout
    quiet = _run(make_project(), "-q", "--change", "alpha.dust=11", "--draws", "0").stdout
    assert "random numbers" not in quiet


def test_csv_has_both_sides(make_project: MakeProject) -> None:
    result = _run(make_project(), "-q", "--change", "alpha.dust=60", "--format", "csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    assert rows["alpha"]["rank_before"] == "1"
    assert float(rows["alpha"]["score_after"]) < float(rows["alpha"]["score_before"])


def test_hostile_names_break_no_format(make_project: MakeProject) -> None:
    name = "'<script>|[x](javascript:1)\\n\\u001b[31m'"
    alpha = FILES["communities/alpha.yaml"].replace("{en: Alpha, vi: An Pha}", name)
    folder = make_project({"communities/alpha.yaml": alpha.replace("'", '"')})
    for layout in ("table", "markdown", "csv", "json"):
        text = _run(folder, "-q", "--change", "alpha.dust=60", "--format", layout).stdout
        assert "\x1b" not in text
        if layout == "markdown":
            assert "<script>" not in text
            table = [line for line in text.splitlines() if line.startswith("|")]
            assert len(table) == 2 + 3
            assert {line.replace("\\|", "").count("|") for line in table} == {9}


def test_a_community_left_out_may_come_in(make_project: MakeProject) -> None:
    alpha = "id: alpha\nname: Alpha\nsource: census\nobservations: {dust: 1}\n"
    folder = make_project({"communities/alpha.yaml": alpha})
    changes = ("alpha.jobs=50", "alpha.income=500")
    result = _run(folder, "-q", *(word for each in changes for word in ("--change", each)))
    assert result.exit_code == 0
    assert "Alpha, which had no place, stands" in result.stdout
