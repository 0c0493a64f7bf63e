"""`icfscore audit` as a person types it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from icfscore.cli.main import cli
from icfscore.report.audit import audit_record
from icfscore.report.audit_page import audit_terminal
from icfscore.report.language import find_language
from tests.conftest import MakeProject
from tests.pipeline.test_audit import SURVIVED, framework

ROOT = Path(__file__).parents[1]


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli, ["audit", *[str(argument) for argument in arguments]])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def record_of(*arguments: str | Path) -> dict[str, Any]:
    result = run("--format", "json", "--quiet", *arguments)
    assert result.exit_code == 0, result.stderr
    record: dict[str, Any] = json.loads(result.stdout)
    return record


@pytest.fixture(scope="module")
def builtin() -> dict[str, Any]:
    return record_of("-C", ROOT)


def finding(record: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(each for each in record["findings"] if each["kind"] == kind)


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in keys_of(each)}
    if isinstance(value, list):
        return {key for each in value for key in keys_of(each)}
    return set()


def test_the_keys_are_the_documented_ones(builtin: dict[str, Any]) -> None:
    documented = set(re.findall(r"``(\w+)``", audit_record.__doc__ or ""))
    documented |= {"schema", "value", "n", "reason", "id", "version"}
    names = {each["id"] for each in builtin["indicators"]} | set(builtin["left_out"]["indicators"])
    assert builtin["schema"] == "icfscore.audit/1"
    assert keys_of(builtin) - names - documented == set()


def test_every_measure_has_a_value_or_a_reason(builtin: dict[str, Any]) -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if set(value) == {"value", "n", "reason"}:
                assert (value["value"] is None) == isinstance(value["reason"], str)
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(builtin)


def test_the_findings_of_the_built_in_project(builtin: dict[str, Any]) -> None:
    """What a reviewer of the index would want to hear first."""
    severities = [each["severity"] for each in builtin["findings"]]
    assert severities == sorted(severities, key=["serious", "caution", "note"].index)
    rests = finding(builtin, "proxies")
    assert "rests on national proxies for 20 of 21 communities" in rests["text"]
    assert "Engage for 17" in rests["text"]
    assert set(rests["about"]) == {"innovate", "connect", "engage", "include"}
    drives = finding(builtin, "weights")
    assert drives["about"][0] == "connect"
    assert re.search(
        r"driven by Connect \(effective 0\.\d\d against intended 0\.17\)", drives["text"]
    )
    assert "eparticipation_index" in finding(builtin, "same")["about"]
    assert "fibre_share_pct" in finding(builtin, "against")["about"]


def test_the_effective_weights_sum_to_one(builtin: dict[str, Any]) -> None:
    for node in builtin["nodes"]:
        shares = [part["effective"]["value"] for part in node["parts"]]
        assert sum(shares) == pytest.approx(1.0)
        assert sum(part["intended"] for part in node["parts"]) == pytest.approx(1.0)


def test_the_built_in_project_in_table_and_markdown() -> None:
    table = run("-C", ROOT, "--quiet").stdout
    markdown = run("-C", ROOT, "--quiet", "--format", "markdown").stdout
    assert table.index("Findings, worst first") < table.index("What the values rest on")
    assert markdown.startswith("# Audit of ICF Intelligent Community factors\n")
    for text in (table, markdown):
        assert "rests on national proxies for 20 of 21 communities" in text
        assert "nan" not in text.lower().split()
        assert "\x1b" not in text
    widths = {line.count("|") for line in markdown.splitlines() if line.startswith("| Connect |")}
    assert len(widths) > 1  # several tables, each with its own number of columns
    assert len(table.splitlines()) < 260


def test_tables_fit_the_window(make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    from icfscore.files.overrides import settle
    from icfscore.files.project_folder import read_project
    from icfscore.pipeline.audit import audit
    from icfscore.pipeline.score import score

    read = read_project(ROOT)
    told = audit(score(read.project, settle(read, draws=30)))
    for columns in (60, 80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        text = re.sub(r"\x1b\[[0-9;]*m", "", audit_terminal(told, find_language("en"), piped=False))
        assert max(map(len, text.splitlines())) <= columns


def test_names_cannot_break_the_markdown(make_project: MakeProject) -> None:
    columns: dict[str, list[float | None]] = {
        "a": [1.0, 2.0, 3.0, 4.0, 5.0],
        "b": [5.0, 4.0, 3.0, 1.0, 2.0],
    }
    files = framework(columns, flat=True)
    files["criteria/framework.yaml"] = (files["criteria/framework.yaml"] or "").replace(
        "name: A,", "name: 'A|<b>[x](y)*',"
    )
    text = run("-C", make_project(files), "--quiet", "--format", "markdown").stdout
    assert r"A\|\<b\>\[x\](y)\*" in text
    assert "<b>" not in text.replace(r"\<b\>", "")


@pytest.mark.parametrize("layout", ["table", "markdown", "json"])
@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("name", SURVIVED)
def test_any_framework_is_told_in_any_form(
    make_project: MakeProject, name: str, layout: str, *, flat: bool
) -> None:
    folder = make_project(framework(SURVIVED[name], flat=flat))
    result = run("-C", folder, "--quiet", "--draws", "30", "--format", layout)
    assert result.exit_code == 0, result.stderr
    assert "nan" not in result.stdout.lower().split()


def test_a_project_without_any_value_says_so(make_project: MakeProject) -> None:
    columns: dict[str, list[float | None]] = {"a": [None, None], "b": [None, None]}
    result = run("-C", make_project(framework(columns, flat=True)))
    assert result.exit_code == 1
    assert "has no observation of any indicator" in result.stderr
    assert "Traceback" not in result.stderr


def test_seed_and_draws_are_those_of_the_bootstrap(make_project: MakeProject) -> None:
    folder = make_project()
    record = record_of("-C", folder, "--seed", "7", "--draws", "40")
    assert (record["method"]["seed"], record["method"]["resamples"]) == (7, 40)
    record = record_of("-C", folder, "--draws", "0")
    interval = record["nodes"][0]["parts"][0]["interval"]
    assert (interval["low"], interval["high"]) == (None, None)
    assert interval["reason"]


def test_the_audit_follows_scenario_weights_and_recipe(make_project: MakeProject) -> None:
    folder = make_project(
        {"icfscore.yaml": "focus: alpha\nscenarios: {dusty: {weights: {air: 3}}}\n"}
    )
    record = record_of("-C", folder, "--scenario", "dusty", "--draws", "0")
    parts = {part["id"]: part["intended"] for part in record["nodes"][0]["parts"]}
    assert parts == {"air": 0.75, "work": 0.25}
    assert record["scenario"] == "dusty"
    assert "Scenario: dusty." in run("-C", folder, "--scenario", "dusty", "--draws", "0").stdout


def test_names_follow_the_language(make_project: MakeProject) -> None:
    text = run("-C", make_project(), "--lang", "vi", "--draws", "0").stdout
    assert "Không khí" in text


def test_the_same_inputs_give_the_same_bytes(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project()
    for layout in ("table", "markdown", "json"):
        first = run("-C", folder, "--quiet", "--draws", "50", "--format", layout).stdout
        out = tmp_path / f"audit.{layout}"
        run("-C", folder, "--quiet", "--draws", "50", "--format", layout, "-o", out)
        assert out.read_text(encoding="utf-8") == first
