"""A run over blocks that can be stopped, kept and gone on with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import scipy

from icfscore import __version__
from icfscore.errors import InputError
from icfscore.pipeline.draw_plan import MAX_BLOCK, DrawPlan
from icfscore.pipeline.engine import Arrays, Engine, Span, Work
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.workers import unbroken
from icfscore.sentences import say

Progress = Callable[[int, int], None]
S = TypeVar("S")
P = TypeVar("P")
MOST_DRAWS = 2**40  # what a file may ask for
POSITION = ("block", "next_block", "goal")


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What a run leaves behind so that another can go on.

    Attributes
    ----------
    position
        Whole numbers: draws in a block, the first block that is not done, and how many draws a
        stage that adds whole blocks is after.
    arrays
        The summary of the blocks before.
    """

    position: Mapping[str, int]
    arrays: Arrays


class Keeper(Protocol):
    """Keeps what a run amounts to, now and then."""

    def held(self, about: Mapping[str, Any]) -> Held | None:
        """Give what was kept of a run that is the same in everything it depends on.

        Raises
        ------
        InputError
            Where what is there was kept of another run, or is damaged.
        """
        ...

    def keep(self, found: Callable[[], Held], n_draws: int, *, now: bool = False) -> None:
        """Keep what there is, if it is time to, or now."""
        ...

    def damaged(self) -> InputError:
        """Say that what is there cannot have come from such a run."""
        ...


def describe_run(scoring: Scoring, plan: DrawPlan, what: str) -> dict[str, Any]:
    """Spell everything that the result of drawing depends on, but for the number of draws."""
    told = scoring.settings.describe() | {"scenario": scoring.settings.scenario}
    uncertainty = dict(told["uncertainty"])
    del told["plan"], told["lists"], uncertainty["draws"]
    if not what.endswith("focus_rank") and not what.endswith("focus_score"):
        del told["focus"]
    numbers = hashlib.sha256()
    for table in (plan.values, scoring.ranking.scores):
        numbers.update(np.ascontiguousarray(table, dtype="<f8").tobytes())
    return {
        "command": what,
        "icfscore": __version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "files": scoring.project.digest,
        **told,
        "uncertainty": uncertainty,
        "bins": hashlib.sha256(plan.bins.astype("<i8").tobytes()).hexdigest(),
        "values": f"sha256:{numbers.hexdigest()}",
    }


@dataclass(slots=True, eq=False)
class Course(Generic[P, S]):
    """Blocks in their order, each once, from the first upwards.

    Attributes
    ----------
    next_block
        The first block that is not in the summary.
    goal
        How many draws the last `advance` by whole blocks was after.
    """

    work: Work[P, S]
    plan: DrawPlan
    engine: Engine
    keeper: Keeper | None = None
    progress: Progress | None = None
    summary: S = field(init=False)
    next_block: int = 0
    goal: int = 0
    interrupted: bool = False

    def __post_init__(self) -> None:
        """Begin without draws."""
        self.summary = self.work.start(self.plan)

    @property
    def n_draws(self) -> int:
        """Number of draws made so far."""
        return self.work.n_draws(self.summary)

    def resume(self, about: Mapping[str, Any]) -> None:
        """Go on from what was kept, if anything was, and see that more can be.

        Raises
        ------
        InputError
            Where it was kept of another run, is damaged, or nothing can be kept.
        """
        if self.keeper is None:
            return
        held = self.keeper.held(about)
        if held is not None:
            try:
                self._take(held)
            except ValueError:
                raise self.keeper.damaged() from None
        self.keep(now=True)

    def _take(self, held: Held) -> None:
        block, self.next_block, self.goal = (held.position[name] for name in POSITION)
        if not 0 < block <= MAX_BLOCK or block % 16 or not 0 <= self.goal < MOST_DRAWS:
            raise ValueError(block)
        self.plan = replace(self.plan, block=block)
        self.summary = self.work.restore(self.plan, held.arrays)
        if not self.next_block <= self.n_draws <= self.next_block * block:
            raise ValueError(self.next_block)

    def keep(self, *, now: bool = False) -> None:
        """Let the keeper keep what there is."""
        if self.keeper is not None:
            self.keeper.keep(self._held, self.n_draws, now=now)

    def _held(self) -> Held:
        position = (self.plan.block, self.next_block, self.goal)
        arrays = self.work.arrays(self.summary)
        return Held(dict(zip(POSITION, position, strict=True)), arrays)

    def advance(self, wanted: int, *, whole: bool = False) -> None:
        """Draw until there are as many as wanted; by whole blocks, at least as many.

        Raises
        ------
        InputError
            Where a draw meets values that a method is not defined for, or the workers are lost.
        """
        plan, left = self.plan, wanted - self.n_draws
        if left <= 0 or self.interrupted:
            return
        count = -(-left // plan.block)
        last_size = None if whole else left - (count - 1) * plan.block
        self.goal = wanted if whole else 0
        span = Span(self.next_block, self.next_block + count, last_size)
        try:
            for piece in self.engine.fold(self.work, plan, span):
                with unbroken():
                    piece.add_to(self.summary)
                    self.next_block += piece.n_blocks
                if piece.n_blocks:
                    self.keep()
                if self.progress is not None:
                    n_draws = self.n_draws
                    ahead = min(n_draws + piece.ahead * plan.block, max(wanted, n_draws))
                    self.progress(ahead, max(wanted, n_draws))
        except KeyboardInterrupt:
            if not self.n_draws:
                raise
            self.interrupted = True
        finally:
            self.keep(now=True)


def refuse_fewer(held: int, wanted: int) -> InputError:
    """Say that draws that were made are not unmade."""
    return InputError.of(
        say(
            "the checkpoint holds {held} draws, more than the {wanted} asked for",
            held=held,
            wanted=wanted,
        ),
        say("ask for at least as many with --draws, or name another file"),
    )
