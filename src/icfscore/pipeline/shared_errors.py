"""Errors that several values share, as they enter these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Floats, Ints

FEW_DRAWS = 256  # in a block: calls for each cell then cost more than the memory of all at once


@dataclass(frozen=True, slots=True, eq=False)
class Entering:
    """Shared errors that enter cells, at most one into each; in the order of the cells.

    Attributes
    ----------
    cells, numbers
        (m,) which cell of a run, and which error.
    factors
        (m, 1) what it is multiplied by.
    """

    cells: Ints
    numbers: Ints
    factors: Floats

    @classmethod
    def layers(cls, entries: list[tuple[int, int, float]]) -> tuple[Entering, ...]:
        """Part cell, number and factor of errors, in the order of the cells, by turns of a cell."""
        layers: list[list[tuple[int, int, float]]] = []
        turn = 0
        for position, entry in enumerate(entries):
            turn = turn + 1 if position and entries[position - 1][0] == entry[0] else 0
            if turn == len(layers):
                layers.append([])
            layers[turn].append(entry)
        return tuple(
            cls(
                np.array([cell for cell, _, _ in layer], dtype=np.intp),
                np.array([number for _, number, _ in layer], dtype=np.intp),
                np.array([[factor] for _, _, factor in layer]),
            )
            for layer in layers
        )

    def enter(self, shared: Floats, out: Floats, start: int) -> None:
        """Add the errors (s, B) to cells (m, B), of which the first one has the number `start`."""
        first, last = np.searchsorted(self.cells, [start, start + len(out)])
        cells, numbers = self.cells[first:last] - start, self.numbers[first:last]
        factors = self.factors[first:last]
        if out.shape[1] < FEW_DRAWS:
            out[cells] += factors * shared[numbers]
            return
        entries = zip(cells.tolist(), numbers.tolist(), factors[:, 0].tolist(), strict=True)
        for cell, number, factor in entries:
            out[cell] += shared[number] if factor == 1 else factor * shared[number]
