"""Blocks on a Dask cluster: sent in tasks of about a second, summed up where they are worked on.

The plan is sent once, to every worker. Tasks go out in rounds, the next while one is worked on; a
round's summaries are joined by the workers, some at a time, so that the scheduler holds none and
this process one. Rounds are added in the order of their blocks. A worker that is lost takes nothing
with it: its tasks, pure functions, are done again by others; where all that held the plan are lost,
it is sent anew.
"""

from __future__ import annotations

import pydoc
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from icfscore import __version__
from icfscore.errors import InputError
from icfscore.pipeline.dask_errors import (
    lost_scheduler,
    missing_package,
    other_version,
    worn_out,
)
from icfscore.pipeline.dask_tasks import Done, OtherVersion, join, restore, work_through
from icfscore.pipeline.draw_plan import DrawPlan
from icfscore.pipeline.engine import Piece, Span, Work
from icfscore.sentences import say

if TYPE_CHECKING:
    from distributed import Client, Future

S = TypeVar("S")
P = TypeVar("P")
TASK_SECONDS = 1.0
TASKS = 4  # a round has for each thread of the workers
FAN_IN = 8  # summaries are joined at a time
RETRIES = 3  # of a task, and of a round
REVIVAL = 60.0  # seconds that workers who died may take to come back
PAUSE = 0.25  # seconds between two looks at how far the workers are
SAME = ("icfscore", "numpy", "scipy")  # packages whose versions decide the result


@dataclass(slots=True, eq=False)
class _Round:
    """Blocks that are worked on, and what will come of them.

    Attributes
    ----------
    leaves
        What is not yet known to be done: the blocks' number and their task.
    """

    blocks: range
    leaves: list[tuple[int, Future]]
    root: Future

    def n_done(self) -> int:
        """Count the blocks that are worked through, and let go of their summaries."""
        self.leaves = [leaf for leaf in self.leaves if not leaf[1].done()]
        return len(self.blocks) - sum(n for n, _ in self.leaves)


@dataclass(slots=True, eq=False)
class DaskEngine:
    """The workers of a scheduler.

    Attributes
    ----------
    address
        Of the scheduler.
    """

    client: Client
    address: str
    _sent: tuple[DrawPlan, Future] | None = field(default=None, init=False)

    def fold(self, work: Work[P, S], plan: DrawPlan, span: Span) -> Iterator[Piece[S]]:
        """Work through blocks, giving a round after the other."""
        with self._watched():
            yield from self._fold(work, plan, span)

    def _fold(self, work: Work[P, S], plan: DrawPlan, span: Span) -> Iterator[Piece[S]]:
        rounds: deque[_Round] = deque()
        sent = self._send(work, plan)
        first, size, failures, measured = span.start, 2, 0, False
        while rounds or first < span.stop:
            while first < span.stop and len(rounds) < (2 if measured else 1):
                tasks = max(1, self.n_threads) * (TASKS if measured else 1)
                stop = min(first + tasks * size, span.stop)
                rounds.append(self._submit(range(first, stop), size, span, sent))
                first = stop
            while not self._ended(rounds[0]):
                yield Piece(0, sum(each.n_done() for each in rounds), _nothing)
            done = self._result(rounds[0])
            if done is None:
                self._see_scheduler()
                failures += 1
                if failures > RETRIES:
                    raise worn_out(self.address)
                self._sent = None
                sent = self._send(work, plan)
                first = rounds[0].blocks.start
                rounds.clear()
                continue
            rounds.popleft()
            if done.failed is not None:
                raise _fail_here(work, plan, span, done.failed)
            failures, measured = 0, True
            size = max(1, round(TASK_SECONDS / max(done.seconds, 1e-6)))
            ahead = sum(each.n_done() for each in rounds)
            yield Piece(done.n_blocks, ahead, _adding(work, plan, done))

    def _send(self, work: Work[P, S], plan: DrawPlan) -> tuple[Future, Future]:
        """Send the plan, once, and the work to every worker.

        Raises
        ------
        WorkersLostError
            Where workers die again and again meanwhile.
        """
        for _ in range(1 + RETRIES):
            try:
                self._await_workers(REVIVAL)
                if self._sent is None or self._sent[0] is not plan:
                    self._sent = plan, self._broadcast(plan.alone())
                return self._broadcast(work), self._sent[1]
            except (ValueError, KeyError, OSError, CancelledError):  # no worker was left
                self._sent = None
                self._see_scheduler()
        raise worn_out(self.address)

    def _broadcast(self, what: Any) -> Future:
        return self.client.scatter(what, broadcast=True, hash=False)

    def _submit(self, blocks: range, size: int, span: Span, sent: tuple[Future, Future]) -> _Round:
        """Hand in a round: its tasks, and what joins their summaries as a tree."""
        work, plan = sent
        size = max(1, min(size, -(-len(blocks) // max(1, self.n_threads))))
        shares = [blocks[start : start + size] for start in range(0, len(blocks), size)]
        told = {"pure": False, "retries": RETRIES}
        leaves = self.client.map(
            work_through, shares, span=span, work=work, plan=plan, version=__version__, **told
        )
        level = leaves
        while len(level) > 1:
            level = [
                self.client.submit(join, level[start : start + FAN_IN], work, plan, **told)
                for start in range(0, len(level), FAN_IN)
            ]
        sizes = [len(share) for share in shares]
        return _Round(blocks, list(zip(sizes, leaves, strict=True)), level[0])

    def _ended(self, each: _Round) -> bool:
        """Wait a little for a round's end."""
        from distributed import wait

        self._see_scheduler()
        with self.client.as_current(), suppress(TimeoutError, CancelledError):
            wait([each.root], timeout=PAUSE)
        return bool(each.root.status != "pending")

    def _see_scheduler(self) -> None:
        if self.client.status != "running":
            raise lost_scheduler(self.address)

    def _result(self, each: _Round) -> Done | None:
        """Take a round's summary from the worker that has it; None where it died with it.

        Raises
        ------
        InputError
            Where the workers died of it, or cannot do the work.
        """
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        if each.root.status in ("cancelled", "lost"):
            return None
        try:
            found: Done = each.root.result()
        except KilledWorker:
            raise worn_out(self.address) from None
        except (CancelledError, CommClosedError):  # between its end and now
            return None
        except OtherVersion as error:
            raise other_version(self.address, "icfscore", *error.args) from None
        except ModuleNotFoundError as error:
            raise missing_package(self.address, str(error.name or error)) from None
        return found

    @property
    def n_threads(self) -> int:
        """Number of threads of all workers there are at the moment."""
        return sum(int(threads) for threads in self.client.nthreads().values())

    def _await_workers(self, seconds: float | None = None) -> None:
        """Wait until there is a worker; asking for one lets a cluster that grows start it."""
        if not self.n_threads:
            asked = self.client.submit(pydoc.locate, "icfscore.__version__", pure=False)
            asked.result(timeout=seconds)

    def check_versions(self) -> None:
        """See that workers compute as this process does.

        Raises
        ------
        InputError
            Where one has no such package, or another version.
        """
        with self._watched():
            self._await_workers()
            for package in SAME:
                name = f"{package}.__version__"
                mine = pydoc.locate(name)
                for theirs in self.client.run(pydoc.locate, name).values():
                    if theirs is None:
                        raise missing_package(self.address, package)
                    if theirs != mine:
                        raise other_version(self.address, package, str(theirs), str(mine))

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Say that the scheduler is lost where that is why something went wrong."""
        from distributed.comm import CommClosedError

        try:
            yield
        except (OSError, CommClosedError, CancelledError):
            self._see_scheduler()
            raise worn_out(self.address) from None


def _nothing(_: object) -> None:
    """Add nothing."""


def _adding(work: Work[P, S], plan: DrawPlan, done: Done) -> Callable[[S], None]:
    return lambda summary: work.merge(summary, restore(work, plan, done))


def _fail_here(work: Work[Any, Any], plan: DrawPlan, span: Span, block: int) -> InputError:
    """Meet a block's error again, where it is worth more."""
    work(plan, block, span.size_of(plan, block))
    return InputError.of(
        say("block {block} has an error on a worker, but none here", block=block),
        say("give the workers the same packages as this machine"),
    )
