"""Workers that are restarted, watched from outside: a hang in C code is ended too."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.fuzz.corpus import Seed
from tests.fuzz.inputs import make_or_nothing
from tests.fuzz.running import Outcome, limit_memory, run

PER_WORKER = 400
"""Inputs after which a worker is replaced: what commands keep for their process's life adds up."""
MOST_WAIT = 120.0
"""Seconds after which a worker that says nothing is ended: it waits for something, or is in C."""
_FORK = multiprocessing.get_context("fork")


@dataclass(slots=True)
class _Worker:
    numbers: list[int]
    process: BaseProcess
    pipe: Connection
    done: int = 0
    ended: bool = False
    since: float = field(default_factory=time.monotonic)


def _work(
    seed: int, numbers: Sequence[int], seeds: Sequence[Seed], pipe: Connection, scratch: str
) -> None:
    limit_memory()
    for number in numbers:
        pipe.send(run(make_or_nothing(seed, number, seeds), Path(scratch)))
    pipe.close()


def outcomes(
    seed: int, numbers: Sequence[int], seeds: Sequence[Seed], jobs: int, scratch: Path | None
) -> Iterator[Outcome]:
    """Run inputs by number; the order is that in which they end.

    What takes too long is tried once more by itself before it counts: others may have had the
    processor.
    """
    blocks = [list(numbers[at : at + PER_WORKER]) for at in range(0, len(numbers), PER_WORKER)]
    blocks.reverse()
    tried: set[int] = set()
    workers: list[_Worker] = []
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=scratch) as folder:
        while blocks or workers:
            while blocks and len(workers) < jobs:
                workers.append(_start(seed, blocks.pop(), seeds, Path(folder)))
            wait([worker.pipe for worker in workers], timeout=1.0)
            for worker in list(workers):
                yield from _collected(worker, tried)
                left = worker.numbers[worker.done :]
                late = time.monotonic() - worker.since > MOST_WAIT
                if not worker.ended and not late:
                    continue
                code = _ended(worker, late=late)
                workers.remove(worker)
                if left and late and left[0] not in tried:
                    tried.add(left[0])
                elif left and (late or code):
                    what = (
                        f"time: silent for {MOST_WAIT:g} s" if late else f"status: ended by {code}"
                    )
                    found = make_or_nothing(seed, left[0], seeds)
                    yield Outcome(left[0], found.kind, found.form, found.words[0], fault=what)
                    left = left[1:]
                if left:
                    blocks.append(left)


def _start(seed: int, numbers: list[int], seeds: Sequence[Seed], folder: Path) -> _Worker:
    ours, theirs = _FORK.Pipe(duplex=False)
    scratch = tempfile.mkdtemp(dir=folder)
    process = _FORK.Process(target=_work, args=(seed, numbers, seeds, theirs, scratch), daemon=True)
    process.start()
    theirs.close()
    return _Worker(numbers, process, ours)


def _collected(worker: _Worker, tried: set[int]) -> Iterator[Outcome]:
    try:
        while worker.pipe.poll():
            outcome: Outcome = worker.pipe.recv()
            worker.done += 1
            worker.since = time.monotonic()
            if outcome.fault.startswith("time:") and outcome.number not in tried:
                tried.add(outcome.number)
                worker.numbers.append(outcome.number)  # once more, by a worker of this block
                continue
            yield outcome
    except EOFError:
        worker.ended = True


def _ended(worker: _Worker, *, late: bool) -> int | None:
    if late:
        worker.process.kill()
    worker.process.join()
    worker.pipe.close()
    return worker.process.exitcode
