"""Kill commands at random moments, and look at what they leave: each file is old or new.

    python -m tests.robustness.kills --kills 100 --seed 1

Half of the kills come at any moment of a command, half while it writes, which takes a few
milliseconds of its seconds. A kill is SIGKILL to a process of its own.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import FILES
from tests.robustness.forked import command, fork, snapshot, wait

from icfscore.files.project_folder import read_project

COMMANDS: dict[str, tuple[str, ...]] = {
    "report": ("report", "-q", "--draws", "0"),
    "import": ("import", "data.csv", "--write", "--replace", "-q"),
    "export": ("export", "stages.xlsx", "-q"),
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A command with the files before and after it, and how long it takes."""

    arguments: tuple[str, ...]
    template: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    seconds: float
    writing: float


def prepare(arguments: tuple[str, ...], folder: Path) -> Prepared:
    """Run a command once unharmed; before it there are other files wherever it writes."""
    template, whole = folder / "template", folder / "whole"
    for name, text in FILES.items():
        (template / name).parent.mkdir(parents=True, exist_ok=True)
        (template / name).write_text(text)
    rows = ["id,name,dust,jobs,source", "alpha,Alpha,11,61,census", "beta,Beta,21,7,census"]
    rows += [f"new_{n},New {n},{n},5{n},atlas" for n in range(9)]
    (template / "data.csv").write_text("\n".join(rows) + "\n")
    sources = template / "communities/sources.yaml"
    sources.write_text(sources.read_text() + "atlas: {title: Atlas}\n")
    shutil.copytree(template, whole)
    times = _run(arguments, whole, folder / "said")
    new = snapshot(whole)
    for name in new.keys() - snapshot(template).keys():
        if not name.startswith("communities/"):  # as of an earlier run, with other content
            (template / name).parent.mkdir(parents=True, exist_ok=True)
            (template / name).write_bytes(b"as it was " * 100)
    return Prepared(arguments, template, snapshot(template), new, *times)


def _run(arguments: tuple[str, ...], folder: Path, said: Path) -> tuple[float, float]:
    """Run unharmed; give the seconds it takes and those from its first write on."""
    begun = time.monotonic()
    ready, child = _start(arguments, folder, said)
    os.read(ready, 1)
    written = time.monotonic()
    outcome = wait(child, said)
    assert outcome.status == 0, outcome.said
    os.close(ready)
    ended = time.monotonic()
    return ended - begun, ended - written


def _start(arguments: tuple[str, ...], folder: Path, said: Path) -> tuple[int, int]:
    """Start a command; a byte comes through the pipe when it begins to write."""
    ready, signalled = os.pipe()

    def run() -> None:
        from icfscore.files import commit, write

        def replace(
            *given: Any, real: Callable[..., None] = write.replace_files, **more: Any
        ) -> None:
            os.write(signalled, b".")
            real(*given, **more)

        write.replace_files = commit.replace_files = replace
        os.chdir(folder)
        command(*arguments)()

    child = fork(run, said)
    os.close(signalled)
    return ready, child


def kill_once(prepared: Prepared, chance: random.Random, folder: Path, *, writing: bool) -> str:
    """Kill the command once; tell whether the files were all old, all new or some of each.

    Raises
    ------
    AssertionError
        Where a file is neither, or the project cannot be read.
    """
    place, said = folder / "killed", folder / "said"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(prepared.template, place)
    ready, child = _start(prepared.arguments, place, said)
    if writing:
        os.read(ready, 1)
        time.sleep(chance.uniform(0, 1.1 * prepared.writing))
    else:
        time.sleep(chance.uniform(0, 1.05 * prepared.seconds))
    os.kill(child, signal.SIGKILL)
    wait(child, said)
    os.close(ready)
    found = snapshot(place)
    kinds = set()
    for name in {*found, *prepared.old, *prepared.new}:
        content = found.get(name)
        old, new = prepared.old.get(name), prepared.new.get(name)
        assert content in (old, new), f"{name} is neither the old nor the new one"
        if old != new:
            kinds.add("old" if content == old else "new")
    read_project(place)
    return " and ".join(sorted(kinds, reverse=True))


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill as often as asked, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    chance = random.Random(given.seed)  # noqa: S311 (moments, no secrets)
    with tempfile.TemporaryDirectory() as scratch:
        prepared = {
            name: prepare(args, _made(Path(scratch) / name)) for name, args in COMMANDS.items()
        }
        found: Counter[tuple[str, str]] = Counter()
        names = list(COMMANDS)
        for number in range(given.kills):
            name = names[number % len(names)]
            writing = number // len(names) % 2 == 1
            state = kill_once(prepared[name], chance, Path(scratch) / name, writing=writing)
            found[name, state] += 1
            sys.stdout.write(f"{number + 1:4} {name:8} all files {state}\n")
            sys.stdout.flush()  # so that what was found stands, whatever ends this
    for (name, state), n in sorted(found.items()):
        sys.stdout.write(f"{name:8} {n:5} times all files {state}\n")
    sys.stdout.write(f"{given.kills} kills, no file half, every project reads\n")
    return 0


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(main())
