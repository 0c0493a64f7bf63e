"""Writing files so that each is, at any moment, either the old one or the new one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from icfscore.errors import InputError
from icfscore.sentences import say


def write_file(path: Path, content: str | bytes) -> None:
    """Replace a file in one step.

    Raises
    ------
    InputError
        Where it cannot be written; the old file is then as it was.
    """
    raw = content.encode("utf-8") if isinstance(content, str) else content
    if path.is_dir():
        raise InputError.of(say("cannot be written: is a folder"), file=str(path))
    temporary: str | None = None
    try:
        # The link stays a link: what it points to is replaced.
        target = path.resolve()
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=target.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
        temporary = None
    except (OSError, RuntimeError) as error:  # RuntimeError: a circle of links
        reason = error.strerror if isinstance(error, OSError) else say("its links form a circle")
        hint = (
            "" if path.parent.is_dir() else say("there is no folder {parent}", parent=path.parent)
        )
        raise InputError.of(
            say("cannot be written: {reason}", reason=reason), hint, file=str(path)
        ) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def write_files(folder: Path, content_by_name: Mapping[str, str | bytes]) -> list[Path]:
    """Write several files into a folder, which is made where it is missing, as are those in it.

    Raises
    ------
    InputError
        Where the folder or a file cannot be written.
    """
    paths = [folder / name for name in content_by_name]
    for parent in dict.fromkeys((folder, *(path.parent for path in paths))):
        try:
            parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError.of(
                say("cannot be made: {strerror}", strerror=error.strerror), file=str(parent)
            ) from None
    for path, content in zip(paths, content_by_name.values(), strict=True):
        write_file(path, content)
    return paths


def _mode(target: Path) -> int:
    """Keep an existing file's permissions; a new one gets what the user's mask allows."""
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
