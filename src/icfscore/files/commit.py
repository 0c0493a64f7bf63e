"""Changing several files of a project: all of them or none, and only to what can be read.

The project as it would be is first written beside and read whole. Only then the files change, each
in one step, sources before those who cite them; where one cannot, those before it are put back. A
new project appears whole, under its name, in one step. Who changes a project holds a lock on its
folder, so that two at once follow each other; a file that something else changed meanwhile, such as
an editor, is left alone and told.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from icfscore.errors import InputError
from icfscore.files.folder_reader import SETTINGS_FILE, Folder
from icfscore.files.project_folder import read_project
from icfscore.files.write import TEMPORARY, replace_files
from icfscore.sentences import say

_FOLDERS = ("criteria", "communities", "communities/areas", "panels", "ballots")
_LONGEST_WAIT = 8.0  # seconds for another process to finish
_STEP = 0.05

Seen = Mapping[str, tuple[int, int, int]]
"""By path relative to the project what tells a file from a later one of the same name."""


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[Seen]:
    """Keep other processes from changing a project from before it is read until it is written.

    Where the system has no such lock (Windows, some network drives), what changed meanwhile is
    still noticed by `commit`.

    Yields
    ------
    What the project's files are now, for `commit`.

    Raises
    ------
    InputError
        Where another process keeps changing the project for many seconds.
    """
    with _lock(folder):
        yield _files(folder)


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:
        yield
        return
    there = next((path for path in (folder, *folder.absolute().parents) if path.is_dir()), None)
    handle = None
    with contextlib.suppress(OSError):
        handle = os.open(there or folder, os.O_RDONLY)
    if handle is None:  # what cannot be opened can hardly be written: the reader says why
        yield
        return
    try:
        end = time.monotonic() + _LONGEST_WAIT
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    what = say("another process is changing this project")
                    raise InputError.of(what, say("run again"), file=str(folder)) from None
                time.sleep(_STEP)
            except OSError:
                break  # no such locks here
        yield
    finally:
        os.close(handle)


def _files(folder: Path) -> dict[str, tuple[int, int, int]]:
    found = {}
    for part in ("", *_FOLDERS):
        try:
            with os.scandir(folder / part) as entries:
                for entry in entries:
                    name = f"{part}/{entry.name}" if part else entry.name
                    if (seen := _signature(Path(entry.path))) is not None:
                        found[name] = seen
        except OSError:
            continue
    return found


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_mtime_ns, seen.st_size


def stage(folder: Path, text_by_name: Mapping[str, str]) -> Folder:
    """Read the project as it would be with some files replaced or new, changing nothing.

    Parameters
    ----------
    text_by_name
        New texts by path relative to the folder.

    Raises
    ------
    InputError
        With the problems that the project would have.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=TEMPORARY) as scratch:
            draft = Path(scratch) / "project"
            _link_all(folder, draft)
            _write_draft(draft, text_by_name)
            return _read_draft(draft, folder)
    except OSError as error:
        raise _unwritable(error, tempfile.gettempdir()) from None


def _read_draft(draft: Path, folder: Path) -> Folder:
    """Read a draft; its problems are told as those of the project."""
    try:
        return read_project(draft)
    except InputError as error:
        prefix = os.path.relpath(folder)
        shown = str(folder) if prefix.startswith("..") else prefix
        raise InputError(
            replace(
                problem,
                file=problem.file.replace(str(draft), shown).removeprefix("./"),
                what=problem.what.replace(str(draft), shown),
            )
            for problem in error.problems
        ) from None


def _link_all(folder: Path, draft: Path) -> None:
    """Stand in for the files of a project by links, which are only read."""
    draft.mkdir()
    _link(folder / SETTINGS_FILE, draft / SETTINGS_FILE)
    for part in _FOLDERS:
        if not (folder / part).is_dir():
            continue
        (draft / part).mkdir()
        for source in (folder / part).iterdir():
            _link(source, draft / part / source.name)


def _link(source: Path, target: Path) -> None:
    if not source.is_file():
        return
    try:
        target.symlink_to(source.absolute())
    except OSError:
        shutil.copyfile(source, target)


def _write_draft(draft: Path, text_by_name: Mapping[str, str]) -> None:
    for name, text in text_by_name.items():
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts or "\\" in name or "\0" in name:
            raise InputError.of(say("is no name of a file inside the project"), file=name)
        path = draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")


def commit(folder: Path, text_by_name: Mapping[str, str], seen: Seen | None = None) -> list[Path]:
    """Write all files, or leave all as they were.

    Parameters
    ----------
    seen
        What the project's files were when they were read: one of `text_by_name` that is another by
        now is a problem.

    Raises
    ------
    InputError
        Where one cannot be written, or was changed meanwhile.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return _make_project(folder, text_by_name)
    names = sorted(text_by_name, key=_order)

    def check() -> None:
        for name in names:
            if seen is not None and _signature(folder / name) != seen.get(name):
                what = say("was changed by something else meanwhile; nothing is written")
                raise InputError.of(what, say("run again"), file=str(folder / name))

    replace_files({folder / name: text_by_name[name] for name in names}, check=check)
    return [folder / name for name in text_by_name]


def _order(name: str) -> int:
    """Put those that others refer to first: who is stopped between two files leaves none astray."""
    path = PurePosixPath(name)
    if path.stem == "sources":
        return 0
    return {"criteria": 1, "areas": 2, "communities": 3}.get(path.parent.name, 4)


def _make_project(folder: Path, text_by_name: Mapping[str, str]) -> list[Path]:
    """Write a new project, whole or not at all."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=folder.parent) as scratch:
            draft = Path(scratch) / "project"
            draft.mkdir()
            _write_draft(draft, text_by_name)
            publish(draft, folder)
    except OSError as error:
        raise _unwritable(error, str(folder)) from None
    return [folder / name for name in text_by_name]


def publish(draft: Path, folder: Path) -> None:
    """Give a folder that is ready its name; an empty one there makes way."""
    for path in (*draft.rglob("*"), draft):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    if os.name == "nt" and folder.is_dir():
        folder.rmdir()
    draft.rename(folder)


def _unwritable(error: OSError, file: str) -> InputError:
    what = say("cannot be written: {reason}", reason=error.strerror or error)
    return InputError.of(what, file=file)
