"""`icfscore report`, as it is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.files import project_folder


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["report", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_reports_go_into_the_projects_folder(make_project: MakeProject) -> None:
    folder = make_project()
    status, data, messages = _run("-C", str(folder))
    names = ["ranking.md", "alpha-vs-gamma.md", "alpha-vs-beta.md"]
    assert (status, data) == (0, "")
    assert messages.splitlines() == [f"wrote {folder / 'reports' / name}" for name in names]
    assert sorted(path.name for path in (folder / "reports").iterdir()) == sorted(names)


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


def test_vietnamese_names_stand_in_english_sentences_for_now(make_project: MakeProject) -> None:
    folder = make_project()
    status, _, messages = _run("-C", str(folder), "--lang", "vi")
    assert status == 0
    assert messages.startswith("no catalogue for 'vi' yet")
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
