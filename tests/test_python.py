"""The package from Python: ten names, the commands' numbers, tables that are safe to show."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import icfscore
from icfscore.cli.main import cli
from tests.conftest import MakeProject

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "first_look.py"


def command(*arguments: str | Path) -> dict[str, object]:
    result = CliRunner().invoke(cli, [*map(str, arguments), "-q", "--format", "json"])
    assert result.exit_code == 0, result.stderr
    record: dict[str, object] = json.loads(result.stdout)
    return record


def test_there_are_few_names_and_each_is_documented() -> None:
    assert sorted(icfscore.__all__) == [
        "IcfscoreError", "InputError", "Project", "Result", "Sensitivity", "Table", "Uncertainty",
        "__version__", "load",
    ]  # fmt: skip
    for name in icfscore.__all__:
        assert name in dir(icfscore)
        if name != "__version__":
            assert getattr(icfscore, name).__doc__
    with pytest.raises(AttributeError, match="has no attribute 'rank'"):
        icfscore.rank  # type: ignore[attr-defined]  # noqa: B018


def test_the_stub_names_what_there_is() -> None:
    stub = Path(icfscore.__file__).with_suffix(".pyi").read_text()
    assert all(f" as {name}\n" in stub or f"{name}:" in stub for name in icfscore.__all__)


def test_importing_it_loads_no_numerical_library() -> None:
    script = "import sys, icfscore; print('numpy' in sys.modules, 'pydantic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def test_numbers_are_those_of_the_commands(make_project: MakeProject) -> None:
    folder = make_project(
        {"icfscore.yaml": "scenarios: {dusty: {weights: {air: 3}}}\nfocus: beta\n"}
    )
    project = icfscore.load(folder)
    assert project.scenarios == ("dusty",)
    assert project.score().record() == command("rank", "-C", folder)
    assert project.score("dusty").record() == command("rank", "-C", folder, "--scenario", "dusty")
    changed = project.score(
        weights={"work": 2.5},
        settings={"recipe.aggregation": {"kind": "geometric"}, "recipe.normalisation.low": 1},
        year=2017, focus="alpha",
    )  # fmt: skip
    options = ["--weight", "work=2.5", "--set", "recipe.aggregation.kind=geometric",
               "--set", "recipe.normalisation.low=1", "--year", "2017", "--focus", "alpha"]  # fmt: skip
    assert changed.record() == command("rank", "-C", folder, *options)
    drawn = ["-C", folder, "--draws", "64", "--seed", "7"]
    result = project.score()
    draws, drivers = result.uncertainty(64, 7), result.sensitivity(draws=64, seed=7)
    assert json.loads(json.dumps(draws.record())) == command("uncertainty", *drawn)
    assert json.loads(json.dumps(drivers.record())) == command("sensitivity", *drawn)


def test_tables_say_what_records_say(make_project: MakeProject) -> None:
    project = icfscore.load(make_project())
    result = project.score()
    frame = result.ranking.to_frame()
    rows = result.record()["ranking"]
    assert list(frame.index) == [row["id"] for row in rows]
    assert frame["score"].tolist() == [row["score"] for row in rows]
    assert frame["air"].tolist() == [row["nodes"]["air"]["score"] for row in rows]
    assert result.weights.to_frame()["share"].to_dict() == result.record()["weights"]
    assert list(result.stages) == ["observed", "imputed", "treated", "normalised", "scores"]
    assert result.stages["observed"].column("dust") == [10, 20, 30]
    assert project.communities.column("id") == ["alpha", "beta", "gamma"]
    assert project.indicators.column("criterion") == ["air", "air", "work", "work", "work"]
    assert len(project.observations) == 14
    assert result.warnings == ()
    with pytest.raises(KeyError, match="no column 'rnk'; there are: id, name, rank"):
        result.ranking.column("rnk")


def test_names_of_others_are_text_in_a_notebook(make_project: MakeProject) -> None:
    hostile = "<script>alert(1)</script>"
    folder = make_project({"communities/beta.yaml": f"""\
        id: beta
        name: "{hostile}"
        source: census
        observations: {{dust: 20, jobs: 50}}
        """})  # fmt: skip
    project = icfscore.load(folder)
    result = project.score()
    draws = result.uncertainty(16)
    for shown in (result, project, draws, project.communities, result.sensitivity(draws=16)):
        text = shown._repr_html_()
        assert text.startswith("<div><table>")
        assert hostile not in text
    assert "&lt;script&gt;" in result._repr_html_()
    assert "not ICF&#x27;s scores" in result._repr_html_()
    assert "in 90 % of 16 draws, under the stated assumptions" in draws._repr_html_()
    assert "3 rows of id, name, rank" in repr(result)


def test_a_long_table_shows_its_first_rows_only() -> None:
    table = icfscore.Table("t", ["id", "x"], [[str(i), None] for i in range(50)])
    assert table._repr_html_().count("<tr>") == 31
    assert "… 20 more rows" in table._repr_html_()
    assert repr(table).endswith("… 40 more")


def test_what_is_wrong_is_an_input_error(make_project: MakeProject) -> None:
    with pytest.raises(icfscore.InputError, match="no such folder"):
        icfscore.load("nowhere")
    project = icfscore.load(make_project())
    with pytest.raises(icfscore.IcfscoreError, match="did you mean 'work'"):
        project.score(weights={"wrk": 1})


def test_the_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    left = runpy.run_path(str(EXAMPLE))
    assert left["ranks"].loc["binh_duong", "low"] <= left["ranks"].loc["binh_duong", "high"]
    assert capsys.readouterr().out == "no-such-folder: no such folder\n"
