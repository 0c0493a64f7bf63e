"""Reading text files: bounded, UTF-8, and never a pipe or a folder."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from icfscore.errors import InputError, Problem
from icfscore.sentences import say

MAX_BYTES = 16 * 1024 * 1024
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def read_bytes(path: Path, name: str, max_bytes: int, hint: str = "") -> bytes:
    """Read a regular file of bounded size as it is at one moment.

    Parameters
    ----------
    hint
        What to do with a file that is too large.

    Raises
    ------
    InputError
        Where it is missing, unreadable, no regular file, too large, or changes while it is read.
    """
    try:
        with open(path, "rb", opener=_open) as stream:
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise InputError.of(say("is not a regular file"), file=name)
            raw = b"" if before.st_size > max_bytes else stream.read(max_bytes + 1)
            after = os.fstat(stream.fileno())
    except IsADirectoryError:
        raise InputError.of(say("is a folder, not a file"), file=name) from None
    except OSError as error:
        raise InputError.of(
            say("cannot be read: {reason}", reason=error.strerror or error), file=name
        ) from None
    if max(len(raw), before.st_size) > max_bytes:
        limit = max_bytes // 1024 // 1024
        raise InputError.of(say("is larger than {limit} MB", limit=limit), hint, file=name)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputError.of(say("was changed while it was read"), say("run again"), file=name)
    return raw


def _open(path: str, flags: int) -> int:
    """Open without waiting: a pipe would wait for a writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_text(path: Path, name: str, max_bytes: int = MAX_BYTES) -> str:
    """Read a UTF-8 file of bounded size.

    Raises
    ------
    InputError
        As `read_bytes`, or where it is no UTF-8 text.
    """
    hint = say("split it, or import it as a table")
    return decoded(read_bytes(path, name, max_bytes, hint), name)


def decoded(raw: bytes, name: str) -> str:
    """Decode UTF-8, with or without a mark at the start.

    Raises
    ------
    InputError
        Where it is none, or holds NUL bytes, which no text does.
    """
    save = say("save it as UTF-8 in your editor")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        found = "UTF-32" if raw.startswith(_UTF32) else "UTF-16"
        raise InputError([Problem(name, 1, 1, say("is {found}, not UTF-8", found=found), save)])
    at = raw.find(0)
    if at >= 0:
        what = say("holds a NUL byte, as no UTF-8 text does")
        raise InputError([Problem(name, *_place(raw, at), what, save)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = say("is not UTF-8: byte 0x{raw:02x}", raw=raw[error.start])
        raise InputError([Problem(name, *_place(raw, error.start), what, save)]) from None


def _place(raw: bytes, at: int) -> tuple[int, int]:
    """Give line and column of a byte, both from 1."""
    return raw.count(b"\n", 0, at) + 1, at - raw.rfind(b"\n", 0, at)


def require_project(path: Path, name: str) -> None:
    """Check that a folder is there and holds a project.

    Raises
    ------
    InputError
        Saying what it is instead.
    """
    kind = _kind(path, name)
    if kind == 0:
        raise InputError.of(say("no such folder"), file=name)
    if not stat.S_ISDIR(kind):
        raise InputError.of(say("is a file, not a project folder"), file=name)
    if not stat.S_ISDIR(_kind(path / "criteria", name)):
        hint = say("'icfscore init DIR' writes a project to start from")
        raise InputError.of(say("holds no project: no folder 'criteria'"), hint, file=name)


def _kind(path: Path, name: str) -> int:
    """Give what stands at a path; 0 where nothing does."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except OSError as error:
        raise InputError.of(
            say("cannot be read: {reason}", reason=error.strerror or error), file=name
        ) from None


def yaml_files(folder: Path) -> Iterator[Path]:
    """List the YAML files of a folder by name, hidden ones left out."""
    for path in sorted(folder.iterdir()):
        if path.suffix in (".yaml", ".yml") and not path.name.startswith("."):
            yield path
