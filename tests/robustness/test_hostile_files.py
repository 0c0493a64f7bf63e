"""Every kind of file, damaged in every way: a clear message, and nothing changed."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result
from tests.conftest import FILES, MakeProject
from tests.robustness.forked import command, fork, snapshot, wait, without_privileges

from icfscore.cli.main import cli
from icfscore.errors import InputError, visible
from icfscore.files import write as write_module
from icfscore.files.project_folder import inspect_project, read_project

PANEL = (
    "id: analysts\nname: P\nsource: census\nrubric: [0, 10]\nraters: {an: An, bo: Bo}\n"
    "scores: scores.csv\n"
)
SCORES = "community,node,rater,score\nalpha,work,an,6\nbeta,work,an,5\nalpha,work,bo,7\n"
MORE = {
    "criteria/work.yaml": dedent(FILES["criteria/work.yaml"])
    + "  - {id: by_panel, name: Panel, unit: point, direction: higher, kind: index,\n"
    "     bounds: [0, 10], panel: analysts}\n",
    "communities/more.csv": "id,name,source,dust,jobs,income\ndelta,Delta,census,12,50,9\n",
    "panels/analysts.yaml": PANEL,
    "panels/scores.csv": SCORES,
    "ballots/jury.yaml": "id: jury\nname: J\nballots:\n  - {ranking: [alpha, beta, gamma]}\n",
}
KINDS = (*FILES, *(name for name in MORE if name not in FILES))
_OPEN = open
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip
# Whether the file still reads, and what becomes of its bytes.
DAMAGE: dict[str, tuple[bool, Callable[[bytes], bytes]]] = {
    "byte order mark": (True, lambda old: b"\xef\xbb\xbf" + old),
    "CRLF": (True, lambda old: old.replace(b"\n", b"\r\n")),
    "NUL": (False, lambda old: old[:5] + b"\0" + old[5:]),
    "UTF-16": (False, lambda old: old.decode().encode("utf-16")),
    "UTF-16, no mark": (False, lambda old: old.decode().encode("utf-16-be")),
    "UTF-32": (False, lambda old: old.decode().encode("utf-32")),
    "Latin 1": (False, lambda old: old + b"# caf\xe9\n"),
    "bomb": (False, lambda _: BOMB.encode()),
    "deep": (False, lambda _: b"[" * 100_000),
    "deep mapping": (False, lambda _: b"{a: " * 50_000),
    "bytes": (False, lambda _: bytes(range(256)) * 20),
}


@pytest.fixture
def project(make_project: MakeProject) -> Path:
    return make_project(MORE)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_told_and_changes_nothing(kind: str, project: Path) -> None:
    path = project / kind
    old = path.read_bytes()
    expected = read_project(project).project.community_by_id.keys()
    for name, (reads, damage) in DAMAGE.items():
        path.write_bytes(damage(old))
        before = snapshot(project)
        inspection = inspect_project(project)
        if reads:
            assert inspection.folder is not None, (name, inspection.problems)
            assert inspection.folder.project.community_by_id.keys() == expected
            continue
        assert inspection.problems, name
        said = [str(problem) for problem in inspection.problems]
        assert any(Path(kind).name in line for line in said), (name, said)
        assert all(len(line) < 5000 and visible(line, 5000) == line for line in said)
        result = _add(project)
        assert (result.exit_code, snapshot(project)) == (1, before), (name, result.output)


def _add(folder: Path) -> Result:
    result = CliRunner().invoke(cli, ["add", "source", "new", "--title", "T", "-C", str(folder)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_in_a_files_place_is_told(kind: str, project: Path, tmp_path: Path) -> None:
    path = project / kind
    old = path.read_bytes()

    def put(make: Callable[[], None]) -> None:
        path.unlink()
        make()
        result = _add(project)
        assert result.exit_code == 1, result.output
        assert Path(kind).name in result.output
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        path.write_bytes(old)

    put(path.mkdir)
    put(lambda: path.symlink_to(path.name))
    put(lambda: path.symlink_to("nowhere"))
    put(lambda: os.mkfifo(path))
    put(lambda: path.symlink_to("/dev/zero"))
    path.chmod(0)

    def read() -> None:
        without_privileges()
        command("validate", "-C", project)()

    outcome = wait(fork(read, tmp_path / "said"), tmp_path / "said")
    assert outcome.status == 1, outcome.said
    assert f"{Path(kind).name}: cannot be read: Permission denied" in outcome.said


@pytest.mark.parametrize("name", ["", "criteria", "communities", "communities/areas", "panels"])
def test_a_folder_without_permission_is_told(name: str, project: Path, tmp_path: Path) -> None:
    (project / name).chmod(0)

    def read() -> None:
        without_privileges()
        command("validate", "-C", project)()

    try:
        outcome = wait(fork(read, tmp_path / "said"), tmp_path / "said")
    finally:
        (project / name).chmod(0o755)
    assert outcome.status == 1, outcome.said
    assert "Permission denied" in outcome.said


def test_settings_that_are_no_file_are_not_passed_over(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the built-in project would be ranked instead, without a word."""
    monkeypatch.chdir(project)
    (project / "icfscore.yaml").unlink()
    (project / "icfscore.yaml").mkdir()
    result = CliRunner().invoke(cli, ["rank"])
    assert (result.exit_code, "icfscore.yaml: is a folder" in result.output) == (1, True)


def test_a_file_that_changes_while_it_is_read_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "communities/alpha.yaml"
    real = os.fstat
    seen = 0

    def fstat(handle: int) -> os.stat_result:
        nonlocal seen
        if os.path.samestat(real(handle), path.stat()):
            seen += 1
            if seen == 2:
                path.write_bytes(path.read_bytes() + b"# more\n")
        return real(handle)

    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(InputError, match=r"alpha\.yaml: was changed while it was read; run again"):
        read_project(project)


def test_a_file_that_vanishes_while_the_folder_is_read_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("communities/beta.yaml", "communities/more.csv", "panels/scores.csv"):
        path = project / name
        old = path.read_bytes()

        def vanish(file: object, *given: object, path: Path = path, **more: object) -> object:
            if file == path:
                path.unlink(missing_ok=True)
            return _OPEN(file, *given, **more)  # type: ignore[call-overload]

        with monkeypatch.context() as patch:
            patch.setattr("builtins.open", vanish)
            problems = inspect_project(project).problems
        assert any(f"{path.name}: cannot be read: No such file" in str(p) for p in problems), (
            problems
        )
        path.write_bytes(old)


def test_a_circle_of_folders_is_passed_over(project: Path) -> None:
    for name in ("one", "two"):
        (project / "communities" / name).symlink_to("..")
    assert _add(project).exit_code == 0


COMMANDS = (
    ("rank", "-o", "rank.txt"),
    ("rank", "--format", "csv", "-o", "rank.csv"),
    ("export", "stages.json"),
    ("export", "stages.xlsx"),
    ("export", "iData.csv", "--layout", "coinr"),
    ("export", "--schemas", "schemas"),
    ("add", "source", "new", "--title", "T"),
    ("import", "data.csv", "--write", "--replace"),
    ("init", "fresh"),
)  # fmt: skip


def _full(
    project: Path, tmp_path: Path, arguments: tuple[str, ...], prepare: Callable[[], None]
) -> None:
    """Run a command where there is no room: all that was there stays as it was."""
    before = snapshot(project)

    def run() -> None:
        os.chdir(project)
        prepare()
        command(*arguments)()

    outcome = wait(fork(run, tmp_path / "said"), tmp_path / "said")
    assert outcome.status == 1, (arguments, outcome.said)
    assert "cannot be" in outcome.said
    assert "Traceback" not in outcome.said
    assert snapshot(project) == before
    assert not list(project.rglob(".icfscore-*"))


def _fill(project: Path) -> None:
    (project / "data.csv").write_text("id,name,dust,source\nalpha,Alpha,11,census\nz,Z,3,census\n")
    for name in ("rank.txt", "rank.csv", "stages.json", "stages.xlsx", "iData.csv", "iMeta.csv"):
        (project / name).write_text("as it was\n")
    (project / "schemas").mkdir()
    (project / "schemas/project.schema.json").write_text("as it was\n")


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_without_room_nothing_changes(
    arguments: tuple[str, ...], project: Path, tmp_path: Path
) -> None:
    _fill(project)

    def no_room() -> None:
        def fsync(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        os.fsync = fsync

    _full(project, tmp_path, arguments, no_room)


@pytest.mark.skipif(not shutil.which("mount") or os.geteuid() != 0, reason="mounting needs root")
def test_on_a_full_disk_nothing_changes(project: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        _fill(project)
        small = disk / "project"
        shutil.copytree(project, small)
        filler = os.open(disk / "filler", os.O_WRONLY | os.O_CREAT)
        with suppress(OSError):
            while os.write(filler, b"\0" * 4096):
                pass
        os.close(filler)
        for arguments in COMMANDS:
            _full(small, tmp_path, arguments, lambda: None)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_below_stdout_is_told(project: Path, tmp_path: Path) -> None:
    for arguments in (("rank", "--draws", "0"), ("--help",), ("export", "-")):

        def run(arguments: tuple[str, ...] = arguments) -> None:
            import sys

            os.chdir(project)
            os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            command(*arguments)()

        outcome = wait(fork(run, tmp_path / "said"), tmp_path / "said")
        assert outcome.status == 1, outcome.said
        assert "No space left on device" in outcome.said
        assert "Traceback" not in outcome.said
    assert write_module.TEMPORARY == ".icfscore-"
