"""Draws that nobody asked for stop nothing; what hinders or stops them is said, and shown."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from icfscore.cli import drawing
from icfscore.cli.main import cli
from tests.conftest import MakeProject

# Half of its size in error takes Alpha's income below zero, which has no logarithm.
UNDEFINED = "focus: alpha\nuncertainty: {data: {kind: relative, sd: 0.5}}\n"
CHANGE = ("whatif", "--change", "alpha.dust=5")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in arguments], catch_exceptions=False)


@pytest.mark.parametrize("command", [("rank",), CHANGE])
def test_draws_that_are_not_defined_stop_a_command_only_where_asked_for(
    command: tuple[str, ...], make_project: MakeProject
) -> None:
    folder = make_project({"icfscore.yaml": UNDEFINED})
    plain = run(*command, "-C", folder)
    assert (plain.exit_code, "Alpha" in plain.stdout) == (0, True)
    assert "no rank intervals: in some draws it is not defined: " in plain.stderr
    assert "income" in plain.stderr
    asked = run(*command, "-C", folder, "--draws", "1000")
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert "income" in asked.stderr


@pytest.mark.parametrize("command", [("rank",), CHANGE])
def test_draws_that_would_take_long_are_offered_instead(
    command: tuple[str, ...], make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icfscore.pipeline.uncertainty.is_quick", lambda *_: False)
    folder = make_project()
    plain = run(*command, "-C", folder)
    assert plain.exit_code == 0
    assert "no rank intervals, which would take a while: ask for them with --draws" in plain.stderr
    asked = run(*command, "-C", folder, "--draws", "100")
    assert asked.exit_code == 0
    assert "no rank intervals" not in asked.stderr


@pytest.mark.parametrize("command", [("rank",), CHANGE])
def test_no_draws_are_made_where_the_settings_want_none(
    command: tuple[str, ...], make_project: MakeProject
) -> None:
    folder = make_project({"icfscore.yaml": "focus: alpha\nuncertainty: {draws: 0}\n"})
    plain = run(*command, "-C", folder)
    assert plain.exit_code == 0
    assert "no rank intervals" not in plain.stderr
    assert "90 %" not in plain.stdout


def _stopping(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Press Ctrl-C once there are so many draws."""

    def update(self: drawing.Bar, done: int, total: int) -> None:
        if done >= at:
            raise KeyboardInterrupt

    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 64)
    monkeypatch.setattr(drawing.Bar, "update", update)


def test_ctrl_c_while_a_change_is_drawn_leaves_the_change(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stopping(monkeypatch, 100)
    stopped = run(*CHANGE, "-C", make_project(), "--draws", "900", "--jobs", "1")
    assert stopped.exit_code == 0
    assert "stopped: no rank intervals" in stopped.stderr
    assert "Alpha" in stopped.stdout


def test_ctrl_c_while_drivers_are_looked_for_draws_what_is_known(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _stopping(monkeypatch, 200)
    target = tmp_path / "drivers.svg"
    folder = make_project()
    stopped = run("chart", "drivers", "-C", folder, "--draws", "900", "--jobs", "1", "-o", target)
    assert stopped.exit_code == 0, stopped.stderr
    assert "stopped: the result rests on " in stopped.stderr
    assert target.read_text(encoding="utf-8").startswith("<svg")


def test_ctrl_c_while_ranks_are_drawn_keeps_what_was_drawn(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stopping(monkeypatch, 100)
    common = ("-C", make_project(), "--draws", "900", "--jobs", "1", "--format", "json")
    stopped = run("rank", *common)
    assert stopped.exit_code == 0
    n_draws = json.loads(stopped.stdout)["uncertainty"]["draws"]
    assert 100 <= n_draws < 900
    assert f"stopped: the result rests on {n_draws} draws" in stopped.stderr


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_with_the_draws_shows_on_a_terminal_and_goes_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(drawing, "_PATIENCE", 0.0)
    monkeypatch.setattr(drawing, "_PAUSE", -1.0)
    monkeypatch.setattr("sys.stderr", terminal := _Terminal())
    bar = drawing.Bar(shown=True)
    bar.update(512, 10_000)
    bar.update(10_240, 10_000)  # blocks are whole, draws are as many as were asked for
    shown = terminal.getvalue()
    assert "512 / 10,000" in shown
    assert "10,000 / 10,000" in shown
    bar.close()
    left = terminal.getvalue()[len(shown) :]
    assert "\x1b[2K" in left  # the line is cleared
    assert left.endswith("\x1b[?25h") or "\x1b[?25h" in left  # the cursor is back


def test_a_bar_is_drawn_again_no_more_often_than_eyes_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(drawing, "_PATIENCE", 0.0)
    monkeypatch.setattr(drawing, "_PAUSE", 3600.0)
    monkeypatch.setattr("sys.stderr", terminal := _Terminal())
    bar = drawing.Bar(shown=True)
    bar.drawn = bar.started  # drawn at this moment
    bar.update(512, 10_000)
    assert "512 / 10,000" not in terminal.getvalue()
    bar.close()


@pytest.mark.parametrize(("shown", "patience"), [(False, 0.0), (True, 3600.0)])
def test_no_bar_shows_where_nobody_looks_or_waits(
    shown: bool, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "_PATIENCE", patience)
    monkeypatch.setattr("sys.stderr", terminal := _Terminal())
    bar = drawing.Bar(shown=shown)
    bar.update(512, 10_000)
    bar.close()
    assert terminal.getvalue() == ""
