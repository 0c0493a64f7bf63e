"""Starting a project: a copy of the built-in one, of a framework, or a commented skeleton."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from icfscore.errors import InputError, name_hint
from icfscore.files.commit import publish
from icfscore.files.folder_reader import SETTINGS_FILE
from icfscore.files.project_folder import builtin_project
from icfscore.files.schema_files import FOLDER, shipped_schemas, with_modeline
from icfscore.files.write import TEMPORARY
from icfscore.sentences import say

_PARTS = (SETTINGS_FILE, "criteria", "communities")


def framework_folders() -> dict[str, Path]:
    """Find the frameworks that the package carries beside the built-in project, by name."""
    package = Path(__file__).resolve().parent.parent
    copy = package / "frameworks"
    shipped = copy if copy.is_dir() else package.parent.parent / "frameworks"
    if not shipped.is_dir():
        return {}
    return {
        path.name.replace("_", "-"): path
        for path in sorted(shipped.iterdir())
        if (path / SETTINGS_FILE).is_file()
    }


def start_project(folder: Path, *, empty: bool = False, framework: str | None = None) -> list[str]:
    """Write a project folder, whole or not at all.

    Parameters
    ----------
    empty
        A commented skeleton instead of the built-in project.
    framework
        Name of one of `framework_folders`, whose project without communities is written instead.

    Returns
    -------
    The files written, relative to the folder.

    Raises
    ------
    InputError
        Where there is no such framework, or the folder exists and is not empty, or cannot be
        written.
    """
    origin = _origin(empty, framework)
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError.of(say("is not empty"), say("choose a new folder"), file=str(folder))
    if folder.exists() and not folder.is_dir():
        raise InputError.of(say("is a file"), say("choose a new folder"), file=str(folder))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=folder.parent) as scratch:
            draft = Path(scratch) / "project"
            _copy(origin, draft)
            publish(draft, folder)
    except OSError as error:
        what = say("cannot be written: {reason}", reason=error.strerror or error)
        raise InputError.of(what, file=str(folder)) from None
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def _origin(empty: bool, framework: str | None) -> Path:
    if framework is None:
        return Path(__file__).parent / "skeleton" if empty else builtin_project()
    known = framework_folders()
    name = framework.replace("_", "-")  # as its id is spelt
    if name not in known:
        hint = name_hint(framework, known, what=say("the frameworks"))
        raise InputError.of(say("no framework '{name}'", name=framework), hint)
    return known[name]


def _copy(origin: Path, draft: Path) -> None:
    draft.mkdir(mode=0o755)
    for part in _PARTS:
        source = origin / part
        if source.is_dir():
            shutil.copytree(source, draft / part)
        else:
            shutil.copyfile(source, draft / part)
    (draft / "reports").mkdir()
    for path in (*draft.rglob("*.yaml"), *draft.rglob("*.yaml.example")):
        text = path.read_text(encoding="utf-8")
        path.write_text(with_modeline(path.relative_to(draft).as_posix(), text), encoding="utf-8")
    (draft / FOLDER).mkdir()
    for name, schema in shipped_schemas().items():
        (draft / FOLDER / name).write_text(schema, encoding="utf-8")
