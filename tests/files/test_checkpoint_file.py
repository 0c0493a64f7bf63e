"""Checkpoints: written whole, read with distrust."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from icfscore.errors import InputError
from icfscore.files import checkpoint_file
from icfscore.files.checkpoint_file import MAGIC, CheckpointFile
from icfscore.pipeline.course import Held

ABOUT = {"seed": 1, "recipe": {"aggregation": {"kind": "arithmetic"}}, "nodes": ("a", "b")}
HELD = Held(
    {"block": 16, "next_block": 2, "goal": 0},
    {
        "n": np.array(32),
        "counts": np.arange(6).reshape(2, 3),
        "outputs": np.array([[0.1, -2.0]]),
        "none": np.zeros((0, 0)),
    },
)


def fail(error: InputError) -> None:
    raise AssertionError(error)


def kept(path: Path, held: Held = HELD) -> CheckpointFile:
    file = CheckpointFile(path, fail)
    assert file.held(ABOUT) is None
    file.keep(lambda: held, 32, now=True)
    return file


def sealed(body: bytes) -> bytes:
    return body + hashlib.sha256(body).hexdigest().encode()


def test_what_is_kept_is_read_as_it_was(tmp_path: Path) -> None:
    kept(tmp_path / "k")
    found = CheckpointFile(tmp_path / "k", fail).held(ABOUT)
    assert found is not None
    assert found.position == HELD.position
    assert found.arrays.keys() == HELD.arrays.keys()
    for name, array in HELD.arrays.items():
        assert found.arrays[name].dtype == array.dtype
        assert found.arrays[name].shape == array.shape
        assert found.arrays[name].tobytes() == array.tobytes()
    assert [path.name for path in tmp_path.iterdir()] == ["k"]


def test_it_is_written_at_first_then_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([100.0, 110.0, 129.9, 130.0, 130.0, 131.0])
    monkeypatch.setattr(checkpoint_file.time, "monotonic", lambda: next(times))
    file, written = CheckpointFile(tmp_path / "k", fail), []

    def held() -> Held:
        written.append(1)
        return HELD

    file.held(ABOUT)
    file.keep(held, 0, now=True)  # at 100
    for n_draws in (10, 20, 30, 40):  # at 110, 129.9, 130, 131
        file.keep(held, n_draws)
    assert (len(written), file.kept) == (2, 30)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"seed": 2}, "k: seed: 1 there, 2 here"),
        (
            {"recipe": {"aggregation": {"kind": "geometric"}}},
            'recipe.aggregation.kind: "arithmetic" there, "geometric" here',
        ),
        ({"more": "x" * 100}, f'more: null there, "{"x" * 56}... here'),
        ({"nodes": ("a",)}, 'nodes: ["a", "b"] there, ["a"] here'),
    ],
)
def test_another_run_is_refused_and_told_apart(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    kept(tmp_path / "k")
    before = (tmp_path / "k").read_bytes()
    with pytest.raises(InputError) as caught:
        CheckpointFile(tmp_path / "k", fail).held(ABOUT | change)
    assert told in str(caught.value)
    assert "k: was kept of another run; begin anew" in str(caught.value)
    assert (tmp_path / "k").read_bytes() == before


def test_many_differences_are_not_all_told(tmp_path: Path) -> None:
    kept(tmp_path / "k")
    with pytest.raises(InputError) as caught:
        CheckpointFile(tmp_path / "k", fail).held({f"a{n}": n for n in range(100)})
    assert len(caught.value.problems) == 6


def header(**changes: Any) -> bytes:
    told = {
        "about": json.loads(json.dumps(ABOUT)),
        "position": dict(HELD.position),
        "arrays": [["n", "<i8", [2]]],
    }
    return MAGIC + json.dumps(told | changes).encode() + b"\n"


TWO = np.array([1, 2]).tobytes()


def test_the_plain_form_is_read(tmp_path: Path) -> None:
    (tmp_path / "k").write_bytes(sealed(header() + TWO))
    found = CheckpointFile(tmp_path / "k", fail).held(ABOUT)
    assert found is not None
    assert found.arrays["n"].tolist() == [1, 2]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        MAGIC,
        b"\x80\x04\x95pickle",
        sealed(b"PK\x03\x04"),
        sealed(MAGIC),
        sealed(MAGIC + b"{}\n"),
        sealed(MAGIC + b"[" * 100_000 + b"\n"),
        sealed(MAGIC + b"\xff\n"),
        header() + TWO,
        sealed(header() + TWO)[:-1],
        sealed(header() + TWO).replace(b"16", b"32"),
        sealed(header() + TWO[:-1]),
        sealed(header() + TWO + b"x"),
        sealed(header(arrays=[["n", "|O", [2]]]) + TWO),
        sealed(header(arrays=[["n", "<i8", [10**15]]]) + TWO),
        sealed(header(arrays=[["n", "<i8", [0, 10**30]]]) + TWO),
        sealed(header(arrays=[["n", "<i8", [-1, -2]]]) + TWO),
        sealed(header(arrays=[["n", "<i8", [2.0]]]) + TWO),
        sealed(header(arrays=[["n", "<i8", [1] * 70 + [2]]]) + TWO),
        sealed(header(arrays=[["n", "<i8", [True, 2]]]) + TWO),
        sealed(header(arrays=None) + TWO),
        sealed(header(arrays=[7]) + TWO),
        sealed(header(position={"block": 16}) + TWO),
        sealed(header(position=dict(HELD.position) | {"goal": "1"}) + TWO),
        sealed(header(position=[]) + TWO),
        sealed(header(about=[]) + TWO),
    ],
)
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "k").write_bytes(raw)
    with pytest.raises(InputError, match="k: is no checkpoint of icfscore, or a damaged one"):
        CheckpointFile(tmp_path / "k", fail).held(ABOUT)
    assert (tmp_path / "k").read_bytes() == raw


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        CheckpointFile(tmp_path, fail).held(ABOUT)


def test_what_cannot_be_written_is_told_before_the_run_and_only_warned_of_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed: list[InputError] = []
    file = CheckpointFile(tmp_path / "none" / "k", missed.append)
    file.held(ABOUT)
    with pytest.raises(InputError, match="there is no folder"):
        file.keep(lambda: HELD, 0, now=True)
    (tmp_path / "none").mkdir()
    file.keep(lambda: HELD, 7, now=True)

    def full(path: Path, _: bytes) -> None:
        raise InputError.of("cannot be written: no space", file=str(path))

    monkeypatch.setattr(checkpoint_file, "write_file", full)
    file.keep(lambda: HELD, 8, now=True)
    assert (len(missed), file.kept) == (1, 7)
