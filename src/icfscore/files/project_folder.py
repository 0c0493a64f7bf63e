"""A project folder as a whole: finding it, reading it, telling all that is wrong at once."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from icfscore.errors import InputError, Problem
from icfscore.files.folder_reader import SETTINGS_FILE, Folder, FolderReader

__all__ = [
    "Folder",
    "Inspection",
    "builtin_project",
    "find_project",
    "inspect_project",
    "read_project",
]


def find_project(given: Path | None, start: Path) -> tuple[Path, bool]:
    """Find the project's folder: the one given, the nearest upwards, or the built-in one.

    Returns
    -------
    The folder, and whether it is the built-in one.
    """
    if given is not None:
        return given, False
    for folder in (start, *start.parents):
        # Whatever it is: a folder or a dead link is a mistake to be told, not another project.
        if os.path.lexists(folder / SETTINGS_FILE):
            return folder, False
    return builtin_project(), True


def builtin_project() -> Path:
    """Find the built-in project: a copy inside the package, or the repository it is run from."""
    package = Path(__file__).resolve().parent.parent
    copy = package / "builtin"
    return copy if copy.is_dir() else package.parent.parent


@dataclass(frozen=True, slots=True)
class Inspection:
    """What reading a folder found, whether or not it can be used.

    Attributes
    ----------
    folder
        None where there are problems.
    """

    folder: Folder | None
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    n_files: int
    n_observations: int


def inspect_project(path: Path, *, builtin: bool = False) -> Inspection:
    """Read a project folder and gather every problem of every file."""
    with _collector_paused():
        reader = FolderReader(path, builtin)
        folder: Folder | None = None
        try:
            folder = reader.read()
        except InputError as error:
            reader.problems = list(error.problems)
        return Inspection(
            folder,
            tuple(sorted(set(reader.problems))),
            tuple(reader.warnings),
            reader.n_files,
            reader.n_observations,
        )


def read_project(path: Path, *, builtin: bool = False) -> Folder:
    """Read a project folder.

    Raises
    ------
    InputError
        With every problem of every file.
    """
    inspection = inspect_project(path, builtin=builtin)
    if inspection.folder is None:
        raise InputError(inspection.problems)
    return inspection.folder


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from looking for garbage while nothing but lasting objects are made."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
