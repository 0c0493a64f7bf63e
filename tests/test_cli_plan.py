"""`icfscore plan`, as it is called."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from icfscore.cli.main import cli
from tests.conftest import FILES, MakeProject

ROOT = Path(__file__).resolve().parents[1]


def _run(folder: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(cli, ["plan", "-C", str(folder), *arguments])
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


def _rank(folder: Path, community: str) -> int:
    result = CliRunner().invoke(cli, ["rank", "-C", str(folder), "--format", "json", "-q"])
    rows = json.loads(result.stdout)["ranking"]
    return int(next(row["rank"] for row in rows if row["id"] == community))


def _write_into(folder: Path, record: dict[str, Any]) -> None:
    """Put a plan's values into the community's file, as a user would."""
    path = folder / "communities" / f"{record['community']}.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    source = data.get("source") or next(
        each["source"] for each in data["observations"].values() if isinstance(each, dict)
    )
    for change in record["changes"]:
        data["observations"][change["indicator"]] = {"value": change["to"], "source": source}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


KEYS = {"community", "target", "reached", "best_reachable", "changes", "effort", "rank_before"}
KEYS |= {"rank_after", "probability_before", "probability_after"}


def test_the_record_has_its_keys(make_project: MakeProject) -> None:
    record = _record(make_project(), "beta", "--top", "1")
    assert record["schema"] == "icfscore.plan/1"
    assert record.keys() >= KEYS
    assert (record["community"], record["target"], record["reached"]) == ("beta", 1, True)
    for change in record["changes"]:
        assert change.keys() >= {"indicator", "from", "to", "unit", "effort", "peer"}
    assert record["effort"] == pytest.approx(sum(each["effort"] for each in record["changes"]))
    assert 0 <= record["probability_before"] < record["probability_after"] <= 1


@pytest.mark.parametrize("recipe", ["arithmetic", "geometric"])
def test_a_plans_values_in_the_files_give_its_place(make_project: MakeProject, recipe: str) -> None:
    settings = (
        f"recipe: {{normalisation: {{kind: min_max, low: 1}}, aggregation: {{kind: {recipe}}}}}\n"
    )
    folder = make_project({"icfscore.yaml": settings})
    record = _record(folder, "beta", "--top", "1")
    assert record["reached"]
    assert _rank(folder, "beta") == record["rank_before"] > 1
    _write_into(folder, record)
    assert _rank(folder, "beta") == record["rank_after"] == 1


def test_the_builtin_plans_values_in_the_files_give_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    shutil.copy(ROOT / "icfscore.yaml", folder)
    for name in ("criteria", "communities"):
        shutil.copytree(ROOT / name, folder / name)
    record = _record(folder, "binh_duong", "--top", "7", "--draws", "0")
    assert record["reached"]
    assert record["exact"]
    assert record["effort"] - record["effort_bound"] < 0.01
    _write_into(folder, record)
    assert _rank(folder, "binh_duong") == record["rank_after"] == 7


def test_the_focus_is_planned_for_where_nobody_is_named(make_project: MakeProject) -> None:
    assert _record(make_project(), "--top", "1")["community"] == "alpha"
    none = make_project({"icfscore.yaml": ""})
    assert _refused(none, "--top", "1") == [
        "whose plan?; name a community, or set focus in icfscore.yaml"
    ]


def test_what_cannot_be_reached_is_a_statement(make_project: MakeProject) -> None:
    options = ("beta", "--top", "1", "--fix", "air", "--fix", "work")
    result = _run(make_project(), "-q", *options)
    assert result.exit_code == 0
    assert "The 1st place cannot be reached, nor any better one than now" in result.stdout
    record = _record(make_project(), *options)
    assert (record["reached"], record["best_reachable"], record["changes"]) == (False, 3, [])


def test_who_is_there_is_told_so(make_project: MakeProject) -> None:
    result = _run(make_project(), "-q", "alpha", "--top", "2")
    assert "nothing need change, the effort is 0" in result.stdout
    record = _record(make_project(), "alpha", "--top", "2")
    assert (record["effort"], record["changes"], record["alternative"]) == (0, [], None)


@pytest.mark.parametrize("place", ["0", "4", "-3"])
def test_places_that_there_are_not(make_project: MakeProject, place: str) -> None:
    told = _refused(make_project(), "beta", "--top", place)
    assert told[-1] == f"--top: there is no place {place}; 1 to 3 are ranked"


BAD = {
    ("--cost", "dust=-1"): "--cost: dust: a cost must be a finite number of at least 0, got -1",
    ("--cost", "dust=x"): "--cost: dust: a cost must be a finite number of at least 0, got 'x'",
    ("--cost", "dust"): "--cost: 'dust' is not of the form INDICATOR=COST",
    ("--cost", "dusst=1"): "--cost: unknown indicator 'dusst'; did you mean 'dust'?",
    ("--limit", "dust=9..3"): "--limit: dust: the lowest value 9 is above the highest 3",
    ("--limit", "dust=9"): "--limit: 'dust=9' is not of the form INDICATOR=LOW..HIGH",
    ("--limit", "jobs=..120"): "--limit: jobs: 120 is outside the bounds 0 to 100",
    ("--limit", "air=1..2"): "--limit: limits are for one indicator, 'air' is a criterion",
    ("--limit", "dust=30.."): "limits of dust: the value now, 20 ug/m^3, is better than 30 already,"
    " and a plan worsens nothing",
    ("--limit", "dust=..2"): "limits of dust: no peer has reached 2: the best peer's is 10 ug/m^3",
    ("--fix", "jbos"): "--fix: unknown indicator 'jbos'; did you mean 'jobs'?",
    (
        "--fix",
        "dust",
        "--free",
        "dust",
    ): "--free: 'dust' is both fixed and free; keep one of the two",
    ("--fix", "dust", "--limit", "dust=..15"): "limits of dust: the indicator stays as it is, since"
    " it is fixed; drop the limit, or do not fix the indicator",
}


@pytest.mark.parametrize(("options", "message"), BAD.items())
def test_what_is_wrong_with_options(
    make_project: MakeProject, options: tuple[str, ...], message: str
) -> None:
    told = _refused(make_project(), "beta", "--top", "1", *options)
    assert [line for line in told if not line.startswith("warning")] == [message]


SECTION = """\
costs: {dust: -1, jobs: 2, nonsense: 1}
limits: {trees: [5], dust: [9, 3], income: [low, null]}
fixed: [trees, 3]
free: [trees]
colour: red
"""
WRONG = [
    "1:15: dust: a cost must be a finite number of at least 0, got -1",
    "1:27: unknown indicator 'nonsense'; the indicators: dust, trees, jobs, income, poverty",
    "2:17: trees: must be the lowest and the highest value, got a list; such as [10, null]; null is"
    " no limit",
    "2:28: dust: the lowest value 9 is above the highest 3",
    "2:45: income: must be a number, got 'low'",
    "3:16: must be an indicator, got 3",
    "4:8: 'trees' is both fixed and free; keep one of the two",
    "5:1: unknown key 'colour'; one of: costs, limits, fixed, free",
]


def test_every_mistake_of_a_settings_file_has_its_place(
    make_project: MakeProject, tmp_path: Path
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(SECTION)
    told = _refused(make_project(), "beta", "--top", "1", "--settings", str(path))
    places = [line.removeprefix(f"{path}:") for line in told if line.startswith(str(path))]
    assert [place.partition(": ")[2] for place in places] == [
        wrong.partition(": ")[2] for wrong in WRONG
    ]
    assert [place.split(":")[0] for place in places] == [wrong.split(":")[0] for wrong in WRONG]


def test_the_projects_own_section_is_checked_and_used(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": "plan: {costs: {dust: -1}}\n"})
    (told,) = _refused(folder, "beta", "--top", "1")
    assert told.endswith(
        "icfscore.yaml:1:22: dust: a cost must be a finite number of at least 0, got -1"
    )
    folder = make_project({"icfscore.yaml": "plan: {fixed: [dust], costs: {work: 3, jobs: 4}}\n"})
    record = _record(folder, "beta", "--top", "1", "--cost", "trees=2")
    assert record["settings"]["costs"] == {"jobs": 4, "income": 3, "poverty": 3, "trees": 2}
    assert {"indicator": "dust", "reason": "asked"} in record["fixed"]
    freed = _record(folder, "beta", "--top", "1", "--free", "dust")
    assert "dust" in freed["movable"]


def test_a_plans_settings_are_no_input_of_the_ranking(make_project: MakeProject) -> None:
    record = _record(make_project(), "beta", "--top", "1")
    assert (
        record["digest"] == _record(make_project(), "beta", "--top", "1", "--fix", "dust")["digest"]
    )


def test_a_share_of_the_draws_needs_draws(make_project: MakeProject) -> None:
    options = ("beta", "--top", "1", "--robust", "0.5")
    told = _refused(make_project(), *options, "--draws", "0")
    assert told[-1] == "--robust needs draws: draws is 0; give --draws a number above 0"
    record = _record(make_project(), *options, "--draws", "500")
    assert record["robust"]["share"] == 0.5
    assert record["robust"]["reached"] == (record["probability_after"] >= 0.5)
    assert _run(make_project(), "beta", "--top", "1", "--robust", "1.5").exit_code == 2


def test_the_table_tells_what_it_rests_on(make_project: MakeProject) -> None:
    text = _run(make_project(), "-q", "beta", "--top", "1").stdout
    for said in (
        "The 1st place can be reached on paper.",
        "it counts the peers that are passed, not money or time",
        "How many years it takes is unknown",
        "under the stated assumptions",
        "Optimal: solved as a mixed-integer programme.",
        "Checked: the planned values were put into the project",
    ):
        assert said in text
    assert "probability" not in text


def test_other_recipes_are_said_to_be_searched(make_project: MakeProject) -> None:
    text = _run(
        make_project(), "-q", "beta", "--top", "1", "--set", "recipe.normalisation.kind=z_score"
    ).stdout
    assert "Found by a search" in text
    assert "is not proven" in text


def test_hostile_names_break_no_format(make_project: MakeProject) -> None:
    name = '"<script>|[x](javascript:1)\\u001b[31m"'
    gamma = FILES["communities/gamma.yaml"].replace("name: Gamma", f"name: {name}")
    air = FILES["criteria/air.yaml"].replace("name: Trees", f"name: {name}")
    folder = make_project({"communities/gamma.yaml": gamma, "criteria/air.yaml": air})
    for layout in ("table", "markdown", "json"):
        text = _run(folder, "-q", "beta", "--top", "1", "--format", layout).stdout
        assert "\x1b" not in text
        if layout == "markdown":
            assert "<script>" not in text
            changes = text.split("## The changes")[1].split("##")[0]
            table = [line for line in changes.splitlines() if line.startswith("|")]
            assert {line.replace("\\|", "").count("|") for line in table} == {9}


def test_a_plan_says_what_its_shares_of_draws_rest_on(make_project: MakeProject) -> None:
    drawn = _run(make_project(), "-q", "beta", "--top", "1", "--draws", "50", "--seed", "3").stdout
    assert "50 draws with seed 3, the same random numbers before and after." in drawn
    page = _run(make_project(), "-q", "beta", "--top", "1", "--format", "markdown", "--draws", "0")
    assert "draws with seed" not in page.stdout
    assert page.stdout.splitlines()[-1].startswith("Computed by icfscore ")


def test_the_committed_plan_is_current() -> None:
    path = ROOT / "reports" / "plan-binh-duong.md"
    options = ("binh_duong", "--top", "7", "--format", "markdown", "-q")
    text = _run(ROOT, *options).stdout
    hint = f"{path} is old: run `icfscore plan {' '.join(options)} -o {path.name}` in reports/"
    assert path.read_text(encoding="utf-8") == text, hint
