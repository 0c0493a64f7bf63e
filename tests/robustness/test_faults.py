"""Writing is stopped, refused or killed at every line in turn: each file is old or new."""

from __future__ import annotations

import errno
import importlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from tests.conftest import MakeProject
from tests.robustness.forked import fork, snapshot, wait

from icfscore.errors import InputError
from icfscore.files import commit as commit_module
from icfscore.files import write as write_module
from icfscore.files.commit import commit
from icfscore.files.project_folder import read_project

OLD = {"one.txt": b"old one", "in/two.txt": b"old two" * 1000, "three.txt": b""}
NEW = {
    "one.txt": b"new one" * 3000,
    "in/two.txt": b"new two",
    "new/four.txt": b"4",
    "three.txt": b"3",
}
STEP = 1 if os.environ.get("ROBUSTNESS") == "all" else 7  # lines
_FILES = {write_module.__file__, commit_module.__file__}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "project"
    _fill(target, OLD)
    return target


def _fill(folder: Path, content: dict[str, bytes]) -> None:
    for name, raw in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _write(folder: Path) -> None:
    write_module.write_files(folder, NEW)


@contextmanager
def _at_line(number: int, act: Callable[[], Any]) -> Iterator[list[int]]:
    """Act when the modules that write come to their line of this number, counted as they run."""
    lines = [0]

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in _FILES:
            return None
        if event == "line":
            lines[0] += 1
            if lines[0] == number:
                act()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lines
    finally:
        sys.settrace(before)


def _n_lines(run: Callable[[], Any]) -> int:
    with _at_line(0, lambda: None) as lines:
        run()
    return lines[0]


def _is_old_or_new(folder: Path, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    found = snapshot(folder)
    for name in {*old, *new, *found}:
        assert found.get(name) in (old.get(name), new.get(name, old.get(name))), name


def test_killed_at_any_line_each_file_is_old_or_new(folder: Path, tmp_path: Path) -> None:
    last = _n_lines(lambda: _write(tmp_path / "other")) + 20
    seen = set()
    for number in (*range(1, last, STEP), last):
        _fill(folder, OLD)
        (folder / "new/four.txt").unlink(missing_ok=True)

        def killed(number: int = number) -> None:
            with _at_line(number, _kill):
                _write(folder)

        outcome = wait(fork(killed, tmp_path / "said"), tmp_path / "said")
        assert outcome.status in (0, -9), outcome.said
        seen.add(outcome.status)
        _is_old_or_new(folder, OLD, NEW)
    assert seen == {0, -9}  # from before the first to after the last


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_stopped_at_any_line_each_file_is_old_or_new(
    folder: Path, tmp_path: Path, failure: BaseException
) -> None:
    def fail() -> None:
        raise failure

    last = _n_lines(lambda: _write(tmp_path / "other"))
    for number in range(1, last, STEP):
        _fill(folder, OLD)
        (folder / "new/four.txt").unlink(missing_ok=True)
        with _at_line(number, fail), suppress(InputError, OSError, KeyboardInterrupt):
            _write(folder)
        _is_old_or_new(folder, OLD, NEW)


CALLS = ("os.fsync", "os.fdopen", "tempfile.mkstemp", "pathlib.Path.chmod", "pathlib.Path.replace",
         "pathlib.Path.mkdir", "pathlib.Path.resolve", "pathlib.Path.stat")  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS])
def test_a_call_that_fails_at_any_turn_leaves_all_files_as_they_were(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    module, _, name = call.rpartition(".")
    owner: Any = Path if module == "pathlib.Path" else importlib.import_module(module)
    real = getattr(owner, name)
    failed = 0
    for turn in range(12):
        count = 0

        def maybe(*given: Any, turn: int = turn, **more: Any) -> Any:
            nonlocal count
            count += 1
            if count == turn + 1:
                raise OSError(code, os.strerror(code))
            return real(*given, **more)

        _fill(folder, OLD)
        shutil.rmtree(folder / "new", ignore_errors=True)
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, maybe)
            try:
                _write(folder)
            except InputError as error:
                failed += 1
                told = "cannot be" in str(error)
            else:
                told = False
        if told:
            assert snapshot(folder) == OLD
            assert not list(folder.rglob(".icfscore-*"))
            assert not (folder / "new").exists()
        else:  # the call came later, or its failure does no harm
            assert snapshot(folder) == {**OLD, **NEW}
    assert failed


def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "nothing"
    link.symlink_to("/dev/null")
    write_module.write_file(link, "text")
    assert Path("/dev/null").is_char_device()
    link = tmp_path / "full"
    link.symlink_to("/dev/full")
    with pytest.raises(InputError, match="No space left on device"):
        write_module.write_file(link, "text")


def test_owner_and_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("old")
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 12345, 54321)
    before = path.stat()
    write_module.write_file(path, "new")
    after = path.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )


def test_what_a_killed_writer_left_is_not_read(make_project: MakeProject) -> None:
    folder = make_project()
    expected = read_project(folder).project.digest
    for name in ("communities/.icfscore-alpha.yaml-x1", "criteria/.icfscore-air.yaml-x.yaml",
                 ".icfscore-icfscore.yaml-ab", "communities/.icfscore-more.csv-q.csv"):  # fmt: skip
        (folder / name).write_text("{half")
    assert read_project(folder).project.digest == expected


def test_a_name_that_leads_out_of_the_project_is_refused(
    make_project: MakeProject, tmp_path: Path
) -> None:
    from icfscore.files.commit import stage

    folder = make_project()
    outside = tmp_path / "outside.yaml"
    for name in ("communities/../../outside.yaml", str(outside), "communities/..\\x.yaml"):
        with pytest.raises(InputError, match="is no name of a file inside the project"):
            stage(folder, {name: "id: x\n"})
    assert not outside.exists()


def test_a_killed_import_leaves_a_project_that_reads(
    make_project: MakeProject, tmp_path: Path
) -> None:
    """The new source is there before the first community cites it, whatever order is given."""
    folder = make_project()
    old = snapshot(folder)
    texts = {
        "communities/alpha.yaml": (folder / "communities/alpha.yaml").read_text()
        .replace("source: census", "source: atlas"),
        "communities/zeta.yaml": "{id: zeta, name: Zeta, source: atlas, observations: {dust: 1}}\n",
        "communities/sources.yaml": old["communities/sources.yaml"].decode() + "atlas: {title: A}\n",
    }  # fmt: skip
    new = {name: text.encode() for name, text in texts.items()}
    names: list[str] = []

    def replace(self: Path, target: Path) -> Path:
        names.append(target.name)
        if len(names) == stop:
            _kill()
        return Path.rename(self, target)

    for stop in range(1, 5):

        def killed() -> None:
            Path.replace = replace  # type: ignore[method-assign]
            commit(folder, texts)

        outcome = wait(fork(killed, tmp_path / "said"), tmp_path / "said")
        assert outcome.status == (-9 if stop < 4 else 0), outcome.said
        _is_old_or_new(folder, old, new)
        read_project(folder)
        for name in new:
            (folder / name).unlink(missing_ok=True)
        for name, raw in old.items():
            (folder / name).write_bytes(raw)
