"""A run's summary in a file, so that a run that was stopped can be gone on with.

The file is a line that names the form, a line of JSON, and the arrays one after the other as they
are in memory, least significant byte first; a checksum covers all of it. Nothing in it is ever
executed, and no more is read than the file holds.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.errors import InputError, Problem
from icfscore.files.write import write_file
from icfscore.pipeline.course import POSITION, Held
from icfscore.sentences import say

MAGIC = b"icfscore checkpoint 1\n"
EVERY = 30.0  # seconds between two writes
MOST_TOLD = 5  # differences
KINDS = ("<i8", "<f8", "|u1", "<u1", "<u2", "<u4", "<u8")
_DIGEST = 64  # hexadecimal digits of a checksum


@dataclass(slots=True, eq=False)
class CheckpointFile:
    """Keeps a run in a file, now and then.

    Attributes
    ----------
    missed
        Told why a write in the middle of a run failed: the run goes on.
    kept
        How many draws the file holds; None: nothing was written.
    """

    path: Path
    missed: Callable[[InputError], None]
    kept: int | None = None
    _about: Mapping[str, Any] = field(default_factory=dict, init=False)
    _written: float = field(default=0.0, init=False)

    def held(self, about: Mapping[str, Any]) -> Held | None:
        """Read what was kept of the run that `about` describes; None where there is no file.

        Raises
        ------
        InputError
            Where it was kept of another run, or is damaged.
        """
        self._about = json.loads(json.dumps(about))
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError.of(
                say("cannot be read: {strerror}", strerror=error.strerror), file=str(self.path)
            ) from None
        try:
            found, held = _parse(raw)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise self.damaged() from None
        different = list(_differences(found, self._about))
        if different:
            raise self._other(different)
        return held

    def keep(self, found: Callable[[], Held], n_draws: int, *, now: bool = False) -> None:
        """Write what there is, if the last time is long ago, or now.

        Raises
        ------
        InputError
            Where not even the first write succeeds.
        """
        if not now and time.monotonic() - self._written < EVERY:
            return
        try:
            write_file(self.path, _spell(self._about, found()))
        except InputError as error:
            if self.kept is None:
                raise
            self.missed(error)
        else:
            self.kept = n_draws
        self._written = time.monotonic()

    def damaged(self) -> InputError:
        """Say that the file is none of ours."""
        return InputError.of(
            say("is no checkpoint of icfscore, or a damaged one"),
            say("name another file, or delete it to begin anew"),
            file=str(self.path),
        )

    def _other(self, different: list[tuple[str, str, str]]) -> InputError:
        what = say("was kept of another run")
        hint = say("begin anew with another file, or run again with what it was kept of")
        problems = [Problem(str(self.path), 0, 0, what, hint)]
        for key, there, here in different[:MOST_TOLD]:
            told = say("{key}: {there} there, {here} here", key=key, there=there, here=here)
            problems.append(Problem(str(self.path), 0, 0, told))
        return InputError(problems)


def _spell(about: Mapping[str, Any], held: Held) -> bytes:
    arrays = {name: _plain(array) for name, array in held.arrays.items()}
    header = {
        "about": about,
        "position": dict(held.position),
        "arrays": [[name, array.dtype.str, array.shape] for name, array in arrays.items()],
    }
    pieces = [MAGIC, json.dumps(header).encode(), b"\n"]
    pieces += [array.tobytes() for array in arrays.values()]
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return b"".join((*pieces, digest.hexdigest().encode()))


def _plain(array: Ints | Floats) -> Ints | Floats:
    kinds = {"i": "<i8", "u": f"<u{array.dtype.itemsize}", "f": "<f8"}
    return np.asarray(array, dtype=kinds[array.dtype.kind], order="C")


def _parse(raw: bytes) -> tuple[dict[str, Any], Held]:
    """Read a file's content.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        Where it is not what `_spell` makes.
    """
    body, digest = memoryview(raw)[:-_DIGEST], raw[-_DIGEST:]
    if not raw.startswith(MAGIC) or hashlib.sha256(body).hexdigest().encode() != digest:
        raise ValueError(digest)
    start = raw.index(b"\n", len(MAGIC)) + 1
    header = json.loads(raw[len(MAGIC) : start])
    arrays: dict[str, Ints | Floats] = {}
    for name, kind, shape in header["arrays"]:
        if kind not in KINDS or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError(kind)
        count = prod(shape)
        size = count * np.dtype(kind).itemsize
        if start + size > len(body) or len(shape) > 4:  # nothing of ours has more axes
            raise ValueError(shape)
        flat = np.frombuffer(body, dtype=kind, count=count, offset=start)
        arrays[str(name)] = flat.astype(kind[1:]).reshape(shape)
        start += size
    position = {name: header["position"][name] for name in POSITION}
    if start != len(body) or not all(type(n) is int for n in position.values()):
        raise ValueError(start)
    about = header["about"]
    if not isinstance(about, dict):
        raise TypeError(about)
    return about, Held(position, arrays)


def _differences(there: Any, here: Any, key: str = "") -> Iterator[tuple[str, str, str]]:
    """List where two JSON values differ: by their path, with both."""
    if isinstance(there, dict) and isinstance(here, dict):
        for name in dict.fromkeys((*here, *there)):
            path = f"{key}.{name}" if key else str(name)
            yield from _differences(there.get(name), here.get(name), path)
    elif there != here:
        yield key, _short(there), _short(here)


def _short(value: Any) -> str:
    told = json.dumps(value, ensure_ascii=True)
    return told if len(told) <= 60 else f"{told[:57]}..."
