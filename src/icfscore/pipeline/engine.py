"""Where blocks of draws are worked on: the seam between what is made of a block and who makes it.

A `Work` is small, knows neither the plan nor the engine, and can be sent anywhere. What it makes of
a block is a pure function of the plan and the block's number, and summaries of blocks are joined in
the order of the blocks: so the result is the same whoever works, in whatever order they finish, and
however often a piece of work is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from icfscore.domain.tables import Floats, Ints
from icfscore.errors import InputError
from icfscore.pipeline.draw_plan import DrawPlan
from icfscore.pipeline.workers import on_cores

S = TypeVar("S")
P = TypeVar("P")
Arrays = Mapping[str, Ints | Floats]


@dataclass(frozen=True, slots=True)
class Span:
    """Blocks to work through, each whole but the last.

    Attributes
    ----------
    start, stop
        The first block, and the one after the last.
    last_size
        How many draws of the last block count; None: all.
    """

    start: int
    stop: int
    last_size: int | None = None

    @property
    def blocks(self) -> range:
        """Numbers of the blocks."""
        return range(self.start, self.stop)

    def size_of(self, plan: DrawPlan, block: int) -> int:
        """Tell how many draws of a block count."""
        cut = self.last_size is not None and block == self.stop - 1
        return self.last_size if cut and self.last_size is not None else plan.block


class Work(Protocol[P, S]):
    """What is made of blocks, and how it is summed up."""

    def __call__(self, plan: DrawPlan, block: int, size: int) -> P:
        """Work through the first `size` draws of a block; a pure function."""
        ...

    def start(self, plan: DrawPlan) -> S:
        """Begin without blocks."""
        ...

    def add(self, summary: S, part: P) -> None:
        """Add a block, in place."""
        ...

    def merge(self, summary: S, later: S) -> None:
        """Add the summary of the blocks that follow, in place."""
        ...

    def n_draws(self, summary: S) -> int:
        """Count the draws that a summary rests on."""
        ...

    def arrays(self, summary: S) -> dict[str, Ints | Floats]:
        """Lay a summary out as arrays by name, which need not be copies."""
        ...

    def restore(self, plan: DrawPlan, arrays: Arrays) -> S:
        """Make a summary, the caller's own, of what `arrays` gave.

        Raises
        ------
        ValueError
            Where the arrays are none of a summary of this plan.
        """
        ...


@dataclass(frozen=True, slots=True)
class Piece(Generic[S]):
    """Progress of an engine.

    Attributes
    ----------
    n_blocks
        How many blocks are added here, those that follow the ones before; 0 where an engine only
        tells how far it is.
    ahead
        How many of the blocks after these are worked through already.
    add_to
        Adds the blocks to a summary.
    """

    n_blocks: int
    ahead: int
    add_to: Callable[[S], None]


class WorkersLostError(InputError):
    """Workers, or the way to them, are gone: what was done stays done."""


class Engine(Protocol):
    """Who works through blocks."""

    def fold(self, work: Work[P, S], plan: DrawPlan, span: Span) -> Iterator[Piece[S]]:
        """Work through blocks, giving what they amount to in their order.

        Raises
        ------
        InputError
            Where a block does.
        WorkersLostError
            Where whoever works is lost.
        """
        ...


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """The machine itself: processes or threads, see `workers`.

    Attributes
    ----------
    jobs
        Workers; None: one a processor core.
    """

    jobs: int | None = None

    def fold(self, work: Work[P, S], plan: DrawPlan, span: Span) -> Iterator[Piece[S]]:
        """Work through blocks, giving one after the other."""

        def added(part: P) -> Callable[[S], None]:
            return lambda summary: work.add(summary, part)

        def one(block: int) -> P:
            return work(plan, block, span.size_of(plan, block))

        for part in on_cores(one, span.blocks, self.jobs):
            yield Piece(1, 0, added(part))
