"""Random streams, and the draws of a block gathered by their methods.

Draws that have the same methods stand side by side in a block, so that each stage works on a piece
of memory that is in one. What else a draw gets is independent of where it stands; in which order
draws count, where not all of a block do, is as random as the methods themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.pipeline.draw_plan import Combination, DrawPlan

MatrixOf = Callable[[str], int]


def stream(seed: int, factor: str, matrix: int, block: int) -> np.random.Generator:
    """Open the random stream of one factor in one block (Salmon et al. 2011, Philox).

    https://doi.org/10.1145/2063384.2063405
    """
    name = int.from_bytes(blake2b(factor.encode(), digest_size=8).digest(), "little")
    key = np.array([seed, name], dtype=np.uint64)
    counter = np.array([0, 0, matrix, block], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Draws that have the same methods: where they stand in the block, side by side or not."""

    combination: Combination
    draws: slice | Ints

    @property
    def size(self) -> int:
        """Number of draws."""
        if isinstance(self.draws, slice):
            return int(self.draws.stop - self.draws.start)
        return int(self.draws.size)

    def take(self, values: Floats) -> Floats:
        """Take the group's draws from values (…, B)."""
        return take_draws(values, self.draws)


Groups = tuple[Group, ...]


def take_draws(values: Floats, draws: slice | Ints) -> Floats:
    """Take some draws from values (…, B), without copying what stands side by side."""
    if isinstance(draws, slice):
        return values[..., draws]
    return np.take(values, draws, axis=-1, mode="clip")


def group_draws(plan: DrawPlan, block: int, matrix_of: MatrixOf = lambda _: 0) -> Groups:
    """Choose the methods of every draw, and gather the draws with the same ones.

    Draws stand where the methods of the first sample put them; in another sample of the stages,
    which is independent of the first, those with the same methods are hence scattered.
    """
    if len(plan.combinations) == 1:
        return (Group(plan.combinations[0], slice(0, plan.block)),)
    chosen = _choose(plan, block, matrix_of)[_order(plan, block)]
    if not any(matrix_of(stage) for stage in plan.sizes):
        ends = np.searchsorted(chosen, np.arange(len(plan.combinations) + 1)).tolist()
        return tuple(
            Group(combination, slice(start, stop))
            for combination, start, stop in zip(plan.combinations, ends, ends[1:], strict=False)
            if stop > start
        )
    found = ((number, np.flatnonzero(chosen == number)) for number in range(len(plan.combinations)))
    return tuple(Group(plan.combinations[number], draws) for number, draws in found if draws.size)


def first_draws(plan: DrawPlan, block: int, size: int) -> slice | Ints:
    """Tell where the draws of a block stand that count where only `size` of them do."""
    if size >= plan.block:
        return slice(0, plan.block)
    if len(plan.combinations) == 1:
        return slice(0, size)
    return np.flatnonzero(_order(plan, block) < size)


def _order(plan: DrawPlan, block: int) -> Ints:
    """List the draws (B,) in the order of their methods in the first sample."""
    return np.argsort(_choose(plan, block, lambda _: 0), kind="stable")


def _choose(plan: DrawPlan, block: int, matrix_of: MatrixOf) -> Ints:
    """Choose a combination of methods for every draw: its number (B,)."""
    chosen = np.zeros(plan.block, dtype=np.int64)
    for stage, size in plan.sizes.items():
        rng = stream(plan.seed, stage, matrix_of(stage), block)
        chosen = chosen * size + rng.integers(size, size=plan.block)
    return chosen
