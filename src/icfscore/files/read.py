"""Reading text files: bounded, UTF-8, and never a pipe or a folder."""

from __future__ import annotations

import stat
from pathlib import Path

from icfscore.errors import InputError, Problem
from icfscore.sentences import say

MAX_BYTES = 16 * 1024 * 1024


def read_text(path: Path, name: str, max_bytes: int = MAX_BYTES) -> str:
    """Read a UTF-8 file of bounded size.

    Raises
    ------
    InputError
        Where it is missing, unreadable, no regular file, too large or no UTF-8.
    """
    try:
        # Asked before opening: opening a pipe would wait for a writer.
        kind = stat.S_IFMT(path.stat().st_mode)
        if kind not in (stat.S_IFREG, stat.S_IFDIR):
            raise InputError.of(say("is not a regular file"), file=name)
        with path.open("rb") as stream:
            raw = stream.read(max_bytes + 1)
    except IsADirectoryError:
        raise InputError.of(say("is a folder, not a file"), file=name) from None
    except OSError as error:
        raise InputError.of(
            say("cannot be read: {reason}", reason=error.strerror or error), file=name
        ) from None
    if len(raw) > max_bytes:
        limit = max_bytes // 1024 // 1024
        raise InputError.of(
            say("is larger than {limit} MB", limit=limit),
            say("split it, or import it as a table"),
            file=name,
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        what = say("is not UTF-8: byte 0x{raw:02x}", raw=raw[error.start])
        raise InputError(
            [Problem(name, line, column, what, say("save it as UTF-8 in your editor"))]
        ) from None


def require_project(path: Path, name: str) -> None:
    """Check that a folder is there and holds a project.

    Raises
    ------
    InputError
        Saying what it is instead.
    """
    if not path.exists():
        raise InputError.of(say("no such folder"), file=name)
    if not path.is_dir():
        raise InputError.of(say("is a file, not a project folder"), file=name)
    if not (path / "criteria").is_dir():
        hint = say("'icfscore init DIR' writes a project to start from")
        raise InputError.of(say("holds no project: no folder 'criteria'"), hint, file=name)
