"""Changing several files of a project: all of them or none, and only to what can be read.

The project as it would be is first written beside and read whole. Only then the files change, each
in one step; where one cannot, those before it are put back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from icfscore.errors import InputError
from icfscore.files.folder_reader import SETTINGS_FILE, Folder
from icfscore.files.project_folder import read_project
from icfscore.files.write import write_file
from icfscore.sentences import say

_PARTS = (SETTINGS_FILE, "criteria", "communities", "panels", "ballots")
"""All that `FolderReader` reads."""


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
    with tempfile.TemporaryDirectory(prefix="icfscore-") as scratch:
        draft = Path(scratch) / "project"
        draft.mkdir()
        for part in _PARTS:
            source = folder / part
            if source.is_dir():
                shutil.copytree(source, draft / part, copy_function=_link)
            elif source.is_file():
                _link(source, draft / part)
        for name, text in text_by_name.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_text(text, encoding="utf-8")
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


def _link(source: str | Path, target: str | Path) -> None:
    """Stand in for a file that is only to be read."""
    try:
        Path(target).symlink_to(Path(source).resolve())
    except OSError:
        shutil.copyfile(source, target)


def commit(folder: Path, text_by_name: Mapping[str, str]) -> list[Path]:
    """Write all files, or leave all as they were.

    Raises
    ------
    InputError
        Where one cannot be written.
    """
    done: list[tuple[Path, bytes | None]] = []
    made: list[Path] = []
    try:
        for name, text in text_by_name.items():
            path = folder / name
            made.extend(_make_folder(path.parent))
            old = path.read_bytes() if path.is_file() else None
            write_file(path, text)
            done.append((path, old))
    except (InputError, OSError) as error:
        for path, old in reversed(done):
            with contextlib.suppress(InputError, OSError):
                if old is None:
                    path.unlink()
                else:
                    write_file(path, old)
        for parent in reversed(made):
            with contextlib.suppress(OSError):
                parent.rmdir()
        if isinstance(error, InputError):
            raise
        what = say("cannot be written: {found}", found=error.strerror or error)
        raise InputError.of(what, file=str(folder)) from None
    return [path for path, _ in done]


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; list the new ones, the outermost first."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
