"""`icfscore report`, as it is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.files import project_folder
from icfscore.pipeline import uncertainty
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.report.charts.registry import KINDS


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["report", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_reports_go_into_the_projects_folder(make_project: MakeProject) -> None:
    folder = make_project()
    status, data, messages = _run("-C", str(folder))
    names = ["ranking.md", "profile-alpha.md", "alpha-vs-gamma.md", "alpha-vs-beta.md"]
    names += [f"charts/{kind.name}.svg" for kind in KINDS if kind.name != "scenarios"]
    assert (status, data) == (0, "")
    assert messages.splitlines() == [f"wrote {folder / 'reports' / name}" for name in names]
    written = [path for path in (folder / "reports").rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(folder / "reports")) for path in written) == sorted(names)


def test_what_cannot_be_charted_is_said_and_stops_nothing(make_project: MakeProject) -> None:
    scenarios = "{broken: {recipe: {aggregation: {kind: geometric}}}}"
    folder = make_project({"icfscore.yaml": f"focus: alpha\nscenarios: {scenarios}\n"})
    status, _, messages = _run("-C", str(folder), "--draws", "50")
    assert status == 0
    assert "no ranks in scenario broken: aggregation geometric" in messages
    assert not (folder / "reports/charts/scenarios.svg").exists()
    assert (folder / "reports/charts/ranking.svg").is_file()


def test_charts_have_their_language(make_project: MakeProject) -> None:
    folder = make_project()
    assert _run("-q", "-C", str(folder), "--lang", "vi", "--draws", "50")[0] == 0
    assert "](charts/ranking.vi.svg)" in (folder / "reports/ranking.vi.md").read_text("utf-8")
    assert "An Pha" in (folder / "reports/charts/ranking.vi.svg").read_text("utf-8")


def test_the_draws_are_made_once_for_all_files(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def count(*given: object, **named: object) -> RankDraws:
        made.append(given)
        return draw_ranks(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(uncertainty, "draw_ranks", count)
    folder = make_project()
    assert _run("-q", "-C", str(folder), "--draws", "300", "--seed", "5")[0] == 0
    assert len(made) == 1
    text = (folder / "reports/ranking.md").read_text(encoding="utf-8")
    assert "The ranking was computed 300 times." in text
    assert "The seed is 5;" in text
    assert "of the draws" in (folder / "reports/alpha-vs-beta.md").read_text(encoding="utf-8")


def test_draws_0_leave_the_uncertainty_out(make_project: MakeProject) -> None:
    folder = make_project()
    assert _run("-q", "-C", str(folder), "--draws", "0")[0] == 0
    assert "draws" not in (folder / "reports/ranking.md").read_text(encoding="utf-8")


def test_what_would_take_a_while_is_drawn_when_asked_for(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uncertainty, "is_quick", lambda *_: False)
    folder = make_project()
    _, _, messages = _run("-C", str(folder))
    assert "ask for them with --draws 10000" in messages
    text = (folder / "reports/ranking.md").read_text(encoding="utf-8")
    assert "`icfscore report --draws 10000` does." in text
    assert _run("-q", "-C", str(folder), "--draws", "100")[0] == 0
    text = (folder / "reports/ranking.md").read_text(encoding="utf-8")
    assert "The ranking was computed 100 times." in text


def test_reports_of_the_builtin_project_go_into_the_current_folder(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builtin = make_project()
    monkeypatch.setattr(project_folder, "builtin_project", lambda: builtin)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert _run("-q") == (0, "", "")
    assert (tmp_path / "empty/reports/ranking.md").is_file()
    assert not (builtin / "reports").exists()


def test_another_folder_is_made_and_old_comparisons_stay(
    make_project: MakeProject, tmp_path: Path
) -> None:
    target = tmp_path / "deep/er"
    target.mkdir(parents=True)
    (target / "alpha-vs-gone.md").write_text("old")
    assert _run("-q", "-C", str(make_project()), "-o", str(target))[0] == 0
    assert (target / "alpha-vs-gone.md").read_text() == "old"
    assert (target / "alpha-vs-beta.md").is_file()


def test_vietnamese_reports_are_named_after_their_language(make_project: MakeProject) -> None:
    folder = make_project()
    status, _, messages = _run("-C", str(folder), "--lang", "vi")
    assert status == 0
    assert "ranking.vi.md" in messages
    assert (folder / "reports/ranking.vi.md").read_text(encoding="utf-8").startswith("# An Pha")


def test_another_focus_is_compared(make_project: MakeProject) -> None:
    folder = make_project()
    assert _run("-q", "-C", str(folder), "--focus", "beta")[0] == 0
    assert (folder / "reports/beta-vs-alpha.md").is_file()


def test_a_folder_that_cannot_be_written_is_told(make_project: MakeProject, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    status, data, messages = _run("-C", str(make_project()), "-o", str(tmp_path / "file/reports"))
    assert (status, data) == (1, "")
    assert "cannot be made" in messages


def test_nothing_is_written_where_the_project_is_wrong(make_project: MakeProject) -> None:
    folder = make_project({"communities/beta.yaml": "id: beta\nnonsense: 1\n"})
    assert _run("-C", str(folder))[0] == 1
    assert not (folder / "reports").exists()
