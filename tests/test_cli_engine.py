"""Engines and checkpoints from the command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from icfscore.cli.main import cli
from icfscore.pipeline import uncertainty
from icfscore.pipeline.course import Course
from icfscore.pipeline.engine import WorkersLostError
from tests.conftest import MakeProject

COMMANDS = (("uncertainty",), ("sensitivity", "--of", "mean_rank_shift"))


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_checkpoint_changes_nothing_and_is_gone_on_from(
    make_project: MakeProject, tmp_path: Path, command: tuple[str, ...]
) -> None:
    common = (*command, "-C", make_project(), "--draws", "900", "--format", "json")
    plain = run(*common)
    assert plain.exit_code == 0, plain.stderr
    for _ in range(2):
        again = run(*common, "--checkpoint", tmp_path / "k")
        assert again.stdout == plain.stdout
    more = run(*common, "--checkpoint", tmp_path / "k", "--draws", "1500")
    assert more.exit_code == 0, more.stderr
    fewer = run(*common, "--checkpoint", tmp_path / "k")
    assert (fewer.exit_code, fewer.stdout) == (1, "")
    assert re.search(
        r"the checkpoint holds 150\d draws, more than the 9\d\d asked for", fewer.stderr
    )


def test_a_checkpoint_of_other_inputs_is_refused(make_project: MakeProject, tmp_path: Path) -> None:
    folder, kept = make_project(), tmp_path / "k"
    common = ("uncertainty", "-C", folder, "--draws", "200", "--checkpoint", kept)
    assert run(*common).exit_code == 0
    for options, told in (
        (("--seed", "7"), "uncertainty.seed: 2019 there, 7 here"),
        (("--weight", "air=2"), "weights.air: null there, 2.0 here"),
        (("--set", "uncertainty.data.kind=none"), 'uncertainty.data.kind: "pedigree" there'),
    ):
        refused = run(*common, *options)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert told in refused.stderr
    assert run(*common, "--focus", "beta").exit_code == 0  # the draws are the same
    other = run("sensitivity", *common[1:], "--of", "mean_rank_shift")
    assert 'command: "uncertainty" there, "sensitivity --of mean_rank_shift" here' in other.stderr
    path = folder / "communities" / "alpha.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# looked at again\n", encoding="utf-8")
    changed = run(*common)
    assert changed.exit_code == 1
    assert 'files: "sha256:' in changed.stderr


def test_ctrl_c_says_how_to_go_on(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 64)
    common = ("uncertainty", "-C", make_project(), "--draws", "900", "--format", "json")
    plain = run(*common)
    keep = Course.keep

    def stop(course: Course[object, object], *, now: bool = False) -> None:
        keep(course, now=now)
        if course.n_draws >= 300 and not now:
            raise KeyboardInterrupt

    monkeypatch.setattr(Course, "keep", stop)
    stopped = run(*common, "--jobs", "1", "--checkpoint", tmp_path / "k")
    monkeypatch.undo()
    assert stopped.exit_code == 0
    assert "stopped: the result rests on 320 draws" in stopped.stderr
    assert f"the same command goes on from {tmp_path / 'k'}" in stopped.stderr
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 64)
    assert run(*common, "--checkpoint", tmp_path / "k").stdout == plain.stdout


@pytest.mark.parametrize("kept", [True, False])
def test_lost_workers_are_told_with_the_way_on(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    """Here the local engine stands in for one that is lost."""
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 64)
    check = uncertainty.LocalEngine.fold

    def lose(*given: object) -> object:
        for number, piece in enumerate(check(*given)):  # type: ignore[arg-type]
            if number == 3:
                raise WorkersLostError.of("the Dask scheduler at tcp://a:1 is gone")
            yield piece

    monkeypatch.setattr(uncertainty.LocalEngine, "fold", lose)
    options = ("--checkpoint", tmp_path / "k") if kept else ()
    lost = run("uncertainty", "-C", make_project(), "--draws", "900", *options)
    assert (lost.exit_code, lost.stdout) == (1, "")
    assert "the Dask scheduler at tcp://a:1 is gone" in lost.stderr
    way = "192 draws are kept; the same command goes on" if kept else "--checkpoint FILE keeps"
    assert way in lost.stderr


def test_a_scheduler_is_for_dask(make_project: MakeProject) -> None:
    wrong = run(
        "uncertainty", "-C", make_project(), "--engine", "local", "--scheduler", "tcp://a:1"
    )
    assert wrong.exit_code == 2
    assert "--scheduler is for '--engine dask'" in wrong.stderr


def test_without_dask_the_command_that_installs_it_is_told(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icfscore.pipeline.dask_cluster.find_spec", lambda _: None)
    for command in COMMANDS:
        missing = run(*command, "-C", make_project(), "--engine", "dask")
        assert (missing.exit_code, missing.stdout) == (1, "")
        assert "pip install 'icfscore[dask]'" in missing.stderr


def test_no_scheduler_is_an_error_that_names_its_address(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("icfscore.pipeline.dask_cluster.PATIENCE", 0.5)
    for language, told in (("en", "nobody answers"), ("vi", "không có phản hồi")):
        lost = run(
            "sensitivity",
            "-C",
            make_project(),
            "--scheduler",
            "tcp://127.0.0.1:1",
            "--lang",
            language,
        )
        assert (lost.exit_code, lost.stdout) == (1, "")
        assert "tcp://127.0.0.1:1" in lost.stderr
        assert told in lost.stderr


def test_workers_of_the_commands_own_start_from_any_script(make_project: MakeProject) -> None:
    """They are spawned, which runs the main module again."""
    pytest.importorskip("distributed")
    common = ("uncertainty", "-C", str(make_project()), "--draws", "3000", "--format", "json")
    there = subprocess.run(
        [sys.executable, "-m", "icfscore", *common, "--engine", "dask", "--jobs", "1"],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONWARNINGS": "default"},
        encoding="utf-8",
    )
    assert there.returncode == 0, there.stderr
    told = [line for line in there.stderr.splitlines() if not line.startswith("warning: ")]
    assert len(told) == 1, told
    assert told[0].startswith("dashboard: http://127.0.0.1:")
    assert there.stdout == run(*common, "--jobs", "1").stdout
