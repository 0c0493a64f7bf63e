"""The commands as a person types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from icfscore.cli.main import COMMANDS, cli
from icfscore.report.method_pages import method_pages
from tests.conftest import MakeProject


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def rank_json(*arguments: str | Path) -> dict[str, Any]:
    result = run("rank", "--format", "json", "--quiet", *arguments)
    assert result.exit_code == 0, result.stderr
    record: dict[str, Any] = json.loads(result.stdout)
    return record


def test_rank_in_an_empty_folder_ranks_the_built_in_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    record = rank_json()
    assert record["schema"] == "icfscore.ranking/1"
    assert record["framework"] == {"id": "icf", "version": "2019"}
    assert record["focus"] == "binh_duong"
    assert len(record["ranking"]) == 21


def test_the_nearest_project_upwards_is_used(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_project() / "communities" / "areas")
    assert rank_json()["framework"]["id"] == "small"


def test_the_record_has_the_keys_of_the_interface(make_project: MakeProject) -> None:
    record = rank_json("-C", make_project(), "--weight", "Clean air=3")
    row = record["ranking"][0]
    assert row == {
        "id": "alpha", "name": "Alpha", "rank": 1, "score": pytest.approx((75 * 3 + 50) / 4),
        "coverage": 1.0, "proxy_share": 0.25,
        "coverage_by_level": {"community": 0.75, "region": 0.0, "national": 0.25},
        "nodes": row["nodes"],
    }  # fmt: skip
    assert row["nodes"]["dust"] == {"score": 100.0, "rank": 1}
    assert row["nodes"]["index"] == {"score": row["score"], "rank": 1}
    assert row["nodes"]["poverty"] == {"score": 0.0, "rank": 2}
    assert record["recipe"]["normalisation"] == {
        "kind": "min_max", "low": 0.0, "high": 100.0, "over": "cohort",
    }  # fmt: skip
    assert record["weights"]["air"] == 0.75
    assert record["excluded"] == []


def test_the_options_change_what_they_name(make_project: MakeProject) -> None:
    folder = make_project(
        {"icfscore.yaml": "focus: alpha\nscenarios: {dusty: {weights: {dust: 9}}}\n"}
    )
    assert rank_json("-C", folder, "--scenario", "dusty")["weights"]["dust"] == pytest.approx(0.9)
    assert rank_json("-C", folder, "--focus", "beta")["focus"] == "beta"
    assert rank_json("-C", folder, "--year", "2017")["reference_year"] == 2017
    record = rank_json("-C", folder, "--set", "recipe.normalisation.high=10")
    assert record["ranking"][0]["nodes"]["dust"]["score"] == 10
    assert rank_json("-C", folder, "--lang", "vi")["ranking"][0]["name"] == "An Pha"


BAD_OPTIONS = {
    "a weight of nothing": (["--weight", "nonsense=1"], 1, "unknown criterion or indicator 'nonsense'"),
    "a misspelt weight": (["--weight", "dusk=1"], 1, "did you mean 'dust'?"),
    "a weight below 0": (["--weight", "dust=-1"], 1, "dust: a weight must be a finite number of at least 0, got -1"),
    "a weight that is no number": (["--weight", "dust=.nan"], 1, "a weight must be a finite number"),
    "all weights zero": (["--weight", "dust=0", "--weight", "trees=0"], 1, "air: all its children have weight 0"),
    "a weight without a number": (["--weight", "dust"], 2, "'dust' is not of the form NODE=W"),
    "an unknown scenario": (["--scenario", "green"], 1, "no scenario 'green'; icfscore.yaml has no scenarios"),
    "an unknown focus": (["--focus", "alfa"], 1, "no community 'alfa'; did you mean 'alpha'?"),
    "an unknown setting": (["--set", "recipe.agregation.kind=x"], 1, "unknown stage 'agregation'; did you mean 'aggregation'?"),
    "an unknown method": (["--set", "recipe.aggregation.kind=geometrical"], 1, "did you mean 'geometric'?"),
    "a setting below a number": (["--set", "max_age.x=1"], 1, "no such setting"),
    "a year that is none": (["--year", "20180"], 1, "--year: must be a year such as 2018, got 20180"),
    "a year of 5,000 digits": (["--year", "9" * 5000], 2, "is no year such as 2018"),
    "a depth of 5,000 digits": (["--set", f"recipe.aggregation.at_depth.{'9' * 5000}.kind=median"], 1, "--set recipe.aggregation.at_depth.99999"),
    "more draws than there may be": (["--draws", "100000001"], 1, "--draws: must be at most 100000000"),
    "a seed beyond 64 bits": (["--seed", str(2**64)], 1, "--seed: must be at most 18446744073709551615"),
    "bytes that are no letters": (["--focus", "alph\udcff"], 2, "'alph\\udcff' is no text in UTF-8, and no file"),
    "an unknown option": (["--wieght", "dust=1"], 2, "--wieght"),
    "a format there is not": (["--format", "xls"], 2, "xls"),
    "an output in no folder": (["-o", "nowhere/ranking.txt"], 1, "nowhere/ranking.txt: cannot be written"),
    "an output that is a folder": (["-o", "."], 1, "cannot be written: is a folder"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_OPTIONS)
def test_a_bad_option_is_told(
    name: str, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    options, status, message = BAD_OPTIONS[name]
    monkeypatch.chdir(make_project())
    result = run("rank", *options)
    assert result.exit_code == status
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_bytes_that_are_no_letters_break_no_pipe(make_project: MakeProject) -> None:
    """As typed (a question is asked again), and as the name of a folder, which is printed."""
    question = "{id: office, name: Office, unit: dimensionless, direction: higher, kind: boolean}"
    folder = make_project(
        {
            "criteria/air.yaml": f"{{id: air, name: Air, indicators: [{question}]}}",
            "communities/alpha.yaml": "{id: alpha, name: A, parent: AAA}",
            "communities/beta.yaml": None,
            "communities/gamma.yaml": None,
        }
    )
    odd = Path(f"{folder}\udcff")
    try:
        folder.rename(odd)
    except OSError:
        pytest.skip("file names are text here")
    strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    for words in (["assess", odd], ["validate", "-C", odd]):
        command = [sys.executable, "-m", "icfscore", *words]
        result = subprocess.run(
            command, input=b"\xff\xfe\n", capture_output=True, env=strict, check=False
        )
        assert (result.returncode, b"Traceback" in result.stderr) == (0, False), result.stderr


def test_a_misspelt_command_is_guessed() -> None:
    result = run("rnak")
    assert result.exit_code == 2
    assert "Did you mean 'rank'?" in result.stderr


def test_help_lists_every_command() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for name, line in COMMANDS.items():
        assert name in result.output
        assert line in result.output
        assert run(name, "--help").exit_code == 0


def test_the_piped_table_is_plain_and_marks_the_focus(make_project: MakeProject) -> None:
    result = run("rank", "-C", make_project(), "--focus", "beta")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    marked = [line for line in result.stdout.splitlines() if line.startswith("▶")]
    assert len(marked) == 1
    assert "Beta" in marked[0]


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_the_table_never_wraps(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from icfscore.files.overrides import settle
    from icfscore.files.project_folder import find_project, read_project
    from icfscore.pipeline.score import score
    from icfscore.report.ranking_table import ranking_table

    path, _ = find_project(None, Path("/"))
    folder = read_project(path)
    scoring = score(folder.project, settle(folder))
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    lines = ranking_table(scoring, piped=False).splitlines()
    rows = lines[2:23]
    assert len(rows) == 21
    assert max(len(line) for line in rows) <= width
    assert "\x1b[38" not in "".join(lines)


def test_an_output_file_is_replaced_only_when_all_is_well(make_project: MakeProject) -> None:
    folder = make_project()
    output = folder / "ranking.csv"
    assert run("rank", "-C", folder, "--format", "csv", "-o", output).exit_code == 0
    before = output.read_bytes()
    assert before.startswith(b"rank,id,name,score,air,work,dust,")
    (folder / "communities/beta.yaml").write_text("id: [")
    assert run("rank", "-C", folder, "--format", "csv", "-o", output).exit_code == 1
    assert output.read_bytes() == before
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_validate_counts_and_exits_by_what_it_finds(make_project: MakeProject) -> None:
    folder = make_project()
    result = run("validate", "-C", folder)
    assert result.exit_code == 0
    assert "read 9 files, 17 observations" in result.stdout
    (folder / "communities/beta.yaml").write_text("id: beta\nname: Beta\n")
    result = run("validate", "-C", folder, "--format", "json")
    assert result.exit_code == 1
    record = json.loads(result.stdout)
    assert record["valid"] is False
    assert record["problems"][0]["what"].startswith("beta: has no observation")


def test_init_writes_a_project_that_ranks_alike(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("init", folder).exit_code == 0
    mine, theirs = rank_json("-C", folder), rank_json("-C", Path(__file__).parents[1])
    assert mine["ranking"] == theirs["ranking"]
    assert mine["digest"] == theirs["digest"]


def test_init_empty_writes_a_skeleton_that_validates(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("init", folder, "--empty").exit_code == 0
    result = run("validate", "-C", folder)
    assert result.exit_code == 0
    assert "no communities yet" in result.stdout
    result = run("rank", "-C", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith("no communities yet")


def test_the_skeletons_examples_are_a_project(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    run("init", folder, "--empty")
    communities = folder / "communities"
    sources = (communities / "sources.yaml").read_text().replace("# census", "census")
    (communities / "sources.yaml").write_text(sources)
    example = (communities / "community.yaml.example").read_text()
    (communities / "my_community.yaml").write_text(example)
    (communities / "areas/VNM.yaml").write_text(
        (communities / "areas/area.yaml.example").read_text()
    )
    settings = (folder / "icfscore.yaml").read_text()
    lines = [line.removeprefix("# ") for line in settings.splitlines()[2:]]
    (folder / "icfscore.yaml").write_text("\n".join(lines))
    result = run("rank", "-C", folder)
    assert result.exit_code == 0, result.stderr
    assert "My community" in result.stdout


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = run("init", tmp_path)
    assert result.exit_code == 1
    assert "is not empty" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("page", list(method_pages()), ids=lambda page: f"{page.stage}-{page.kind}")
def test_methods_explains_each(page: Any) -> None:
    assert page.source, "a method names the work it comes from"
    result = run("methods", page.kind)
    assert result.exit_code == 0
    assert page.summary.split()[0] in result.stdout


def test_an_unknown_method_is_guessed() -> None:
    result = run("methods", "minmax")
    assert result.exit_code == 1
    assert "did you mean 'min_max'?" in result.stderr


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m icfscore rank --quiet | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False,
        env=os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert "Rank" in done.stdout
    assert done.stderr == ""
