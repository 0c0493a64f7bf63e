"""Commands run in a forked copy of this process: killed, starved or stopped where a test says."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSED, TRACEBACK = 0, 99
PRIVILEGES = (1, 2, 3)  # of Linux: to read, search and own any file


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command; `status` is negative where a signal ended it."""

    status: int
    said: str


def fork(run: Callable[[], Any], said: Path) -> int:
    """Start a function in a fork, whose output goes to a file; give its process id."""
    with (
        warnings.catch_warnings()
    ):  # of threads, which Python 3.15 counts where none waits on a lock
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    status = TRACEBACK
    try:
        sink = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        for name in ("stdout", "stderr"):
            setattr(sys, name, open(sink, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
        status = _status_of(run)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _status_of(run: Callable[[], Any]) -> int:
    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 (the fork must not go on with the test)
        traceback.print_exc()
        return TRACEBACK
    return PASSED


def wait(child: int, said: Path) -> Outcome:
    """Wait for a fork's end."""
    _, status = os.waitpid(child, 0)
    text = said.read_text(encoding="utf-8", errors="replace") if said.exists() else ""
    return Outcome(os.waitstatus_to_exitcode(status), text)


def command(*arguments: object) -> Callable[[], Any]:
    """Make the run of a command line."""

    def run() -> None:
        from icfscore.cli.main import main

        sys.argv = ["icfscore", *map(str, arguments)]
        main()

    return run


def without_privileges() -> None:
    """Meet permissions as any user does, even as root; for forks only."""
    import ctypes

    class Head(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

    class Sets(ctypes.Structure):
        _fields_ = tuple((name, ctypes.c_uint32) for name in ("effective", "permitted", "kept"))

    libc = ctypes.CDLL(None)
    head, sets = Head(0x20080522, 0), (Sets * 2)()
    assert libc.capget(ctypes.byref(head), sets) == 0
    for privilege in PRIVILEGES:
        sets[0].effective &= ~(1 << privilege)
    assert libc.capset(ctypes.byref(head), sets) == 0


def snapshot(folder: Path) -> dict[str, bytes]:
    """Read all files of a folder but what killed writers left beside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".icfscore-") for part in path.parts)
    }
