"""Writing files so that each is, at any moment, either the old one or the new one.

Every new file is first written beside the old one, whole and onto the disk, under a name that
begins with ``.icfscore-``; then it takes the old one's place in one step. Of several files none
takes its place before all are written: a full disk changes nothing. What is left beside by a
process that was killed is never read, and may be deleted.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from icfscore.errors import InputError
from icfscore.sentences import say

TEMPORARY = ".icfscore-"


def write_file(path: Path, content: str | bytes) -> None:
    """Replace a file in one step; a device or a pipe is written to as it is.

    Raises
    ------
    InputError
        Where it cannot be written; the old file is then as it was.
    """
    replace_files({path: content}, make_folders=False)


def write_files(folder: Path, content_by_name: Mapping[str, str | bytes]) -> list[Path]:
    """Write several files into a folder, which is made where it is missing, as are those in it.

    Raises
    ------
    InputError
        Where the folder or a file cannot be written; all old files are then as they were.
    """
    content_by_path = {folder / name: content for name, content in content_by_name.items()}
    replace_files(content_by_path, folders=[folder])
    return list(content_by_path)


def replace_files(
    content_by_path: Mapping[Path, str | bytes],
    *,
    folders: Iterable[Path] = (),
    make_folders: bool = True,
    check: Callable[[], None] | None = None,
) -> None:
    """Replace several files, or leave all as they were.

    Parameters
    ----------
    folders
        Folders to make besides those of the files.
    check
        Called when all is written and nothing replaced yet; what it raises stops there.

    Raises
    ------
    InputError
        Where one cannot be written.
    """
    made: list[Path] = []
    beside: list[_Beside] = []
    try:
        if make_folders:
            for parent in dict.fromkeys((*folders, *(path.parent for path in content_by_path))):
                made += _make_folder(parent)
        for path, content in content_by_path.items():
            beside.append(_Beside(path, keep_old=len(content_by_path) > 1))
            raw = content.encode("utf-8") if isinstance(content, str) else content
            beside[-1].write(raw)
        if check is not None:
            check()
        for each in beside:
            each.replace()
    except BaseException:  # Ctrl-C too
        for each in reversed(beside):
            each.put_back()
            each.discard()
        for parent in reversed(made):
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise
    finally:
        for each in beside:
            each.discard()
    for parent in {each.target.parent for each in beside}:
        _settle(parent)


class _Beside:
    """A file's new content, beside it until it takes its place."""

    def __init__(self, path: Path, *, keep_old: bool) -> None:
        self.path = path
        self.keep_old = keep_old
        self.target = path
        self.temporary: str | None = None
        self.old: bytes | None = None
        self.existed = False
        self.replaced = False

    def write(self, raw: bytes) -> None:
        try:
            # The link stays a link: what it points to is replaced.
            self.target = self.path.resolve()
            seen = _seen(self.target)
            if seen is not None and stat.S_ISDIR(seen.st_mode):
                raise InputError.of(say("cannot be written: is a folder"), file=str(self.path))
            if seen is not None and not stat.S_ISREG(seen.st_mode):
                self.target.write_bytes(raw)  # a device keeps nothing that could be torn
                return
            if seen is not None and self.keep_old:
                self.old = self.target.read_bytes()
            self.existed = seen is not None
            prefix = f"{TEMPORARY}{self.path.name[:40]}-"
            handle, self.temporary = tempfile.mkstemp(prefix=prefix, dir=self.target.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(raw)
                stream.flush()
                os.fsync(stream.fileno())
            Path(self.temporary).chmod(_mode(seen))
            if seen is not None:
                with contextlib.suppress(
                    OSError, AttributeError
                ):  # the owner may give nothing away
                    os.chown(self.temporary, seen.st_uid, seen.st_gid)
        except (OSError, RuntimeError) as error:  # RuntimeError: a circle of links
            raise self._problem(error) from None

    def replace(self) -> None:
        if self.temporary is None:
            return
        try:
            Path(self.temporary).replace(self.target)
        except OSError as error:
            raise self._problem(error) from None
        self.temporary, self.replaced = None, True

    def put_back(self) -> None:
        """Put the old file back, where it was replaced already."""
        if not self.replaced:
            return
        with contextlib.suppress(InputError, OSError):
            if not self.existed:
                self.target.unlink()
            elif self.old is not None:
                write_file(self.target, self.old)

    def discard(self) -> None:
        if self.temporary is not None:
            with contextlib.suppress(OSError):
                Path(self.temporary).unlink(missing_ok=True)
            self.temporary = None

    def _problem(self, error: Exception) -> InputError:
        reason = error.strerror if isinstance(error, OSError) else say("its links form a circle")
        parent = self.path.parent
        hint = "" if parent.is_dir() else say("there is no folder {parent}", parent=parent)
        what = say("cannot be written: {reason}", reason=reason or error)
        return InputError.of(what, hint, file=str(self.path))


def _seen(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; list the new ones, the outermost first."""
    try:
        missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError.of(
            say("cannot be made: {strerror}", strerror=error.strerror), file=str(folder)
        ) from None
    return missing[::-1]


def _settle(folder: Path) -> None:
    """Bring a folder's entries onto the disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _mode(seen: os.stat_result | None) -> int:
    """Keep an existing file's permissions; a new one gets what the user's mask allows."""
    if seen is not None:
        return seen.st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
