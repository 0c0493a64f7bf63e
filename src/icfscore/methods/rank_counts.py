"""How often each community has which rank, in memory that does not grow with the draws.

Up to `FULL_TABLE` communities every rank has a bin of its own. A table of all ranks grows with the
square of the communities: at 5,000 it takes 100 MB in every process, and its text 500 MB. Above,
the first ranks have bins of their own and the others share some, at most `CELLS` cells in all.

A community that does not tie has one rank in a draw, and is counted as a whole draw. Whole draws
wait as numbers of bins, two bytes each, until there are as many of them as bins: what few draws say
is smaller that way, and a table is gone through row by row instead of at random. Only what is
shared among ties that straddle bins is counted in parts of a draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from icfscore.methods.context import Ints

UNIT = 232_792_560  # parts of a draw: 1 to 22 divide it
FULL_TABLE = 2000  # communities up to which every rank has its own count
EXACT_RANKS = 200  # above: the first ranks have, the others share bins
N_BINS = 1000
CELLS = 2**25  # of a table: with very many communities there are fewer bins
STRADDLES = 2**16 - 1  # in place of a bin, where a tie spreads over several
ROWS = 64  # worked through at a time
LOOSE = 2**16  # parts that are put together at once
Bins = npt.NDArray[np.uint16]
Whole = npt.NDArray[np.unsignedinteger]


def rank_bins(
    n: int,
    tops: Iterable[int] = (),
    *,
    full: int = FULL_TABLE,
    exact: int = EXACT_RANKS,
    most: int = N_BINS,
) -> Ints:
    """Give each rank 1..n the number (n,) of the bin it is counted in.

    Parameters
    ----------
    tops
        Ranks that a bin is to end with, so that the share of draws up to them is exact.
    full, exact, most
        Communities up to which every rank has its own bin; above, how many of the first ranks have
        one, and how many bins there are, but for those that `tops` divide.
    """
    ranks = np.arange(n, dtype=np.int64)
    if n <= full:
        return ranks
    shared = max(1, min(most, CELLS // n) - exact)
    width = -(-(n - exact) // shared)
    starts = (ranks < exact) | ((ranks - exact) % width == 0)
    starts[[k for k in tops if k < n]] = True
    return np.cumsum(starts) - 1


def bin_edges(bins: Ints) -> Ints:
    """Give the number of ranks (bins + 1,) that the first 0, 1, 2, … bins hold together."""
    return np.searchsorted(bins, np.arange(int(bins[-1]) + 2))


@dataclass(slots=True, eq=False)
class RankCounts:
    """Counts of draws by community and bin of ranks.

    Attributes
    ----------
    n_whole, n_waiting
        Draws that are counted, and that wait to be.
    waiting
        (n, B) numbers of bins, `STRADDLES` where there is none.
    whole
        (n, bins) whole draws, in the smallest kind of number that holds them; (n, 0) before any.
    cells, parts
        Places in the flat table (n, bins), in order, and the parts of draws that are added there.
    loose
        More of these, in any order.
    """

    n: int
    n_bins: int
    n_whole: int = 0
    n_waiting: int = 0
    waiting: list[Bins] = field(default_factory=list)
    whole: Whole = field(init=False)
    cells: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    parts: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    loose: list[tuple[Ints, Ints]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin without draws."""
        self.whole = np.zeros((self.n, 0), dtype=np.uint16)

    def add(self, bins: Bins, cells: Ints, parts: Ints) -> None:
        """Add draws by number of bin (n, B), and parts of draws by place in the flat table."""
        if bins.shape[1]:
            self.waiting.append(bins)
            self.n_waiting += bins.shape[1]
            if self.n_waiting >= self.n_bins:
                self._count_waiting()
        self._add_parts(cells, parts)

    def merge(self, other: RankCounts) -> None:
        """Add the draws of another one."""
        if other.whole.size:
            self._make_room(other.n_whole)
            self.whole += other.whole
        for bins in other.waiting:
            self.add(bins, self.cells[:0], self.parts[:0])
        for cells, parts in ((other.cells, other.parts), *other.loose):
            self._add_parts(cells, parts)

    def table(self, rows: slice = slice(None)) -> Ints:
        """Give (rows, bins) parts of draws, `UNIT` a draw."""
        self.settle()
        whole = self.whole[rows]
        start, stop, _ = rows.indices(self.n)
        table = np.zeros((stop - start, self.n_bins), dtype=np.int64)
        if whole.size:
            np.multiply(whole, UNIT, out=table, dtype=np.int64, casting="unsafe")
        first, last = np.searchsorted(self.cells, [start * self.n_bins, stop * self.n_bins])
        table.reshape(-1)[self.cells[first:last] - start * self.n_bins] += self.parts[first:last]
        return table

    def pieces(self) -> Iterator[tuple[slice, Ints]]:
        """Go through the table some rows at a time, so that there is never another as large."""
        for start in range(0, self.n, ROWS):
            rows = slice(start, min(start + ROWS, self.n))
            yield rows, self.table(rows)

    def settle(self) -> None:
        """Count all that waits."""
        self._count_waiting()
        self._put_parts_together()

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Lay the counts out by name."""
        self._put_parts_together()
        waiting = [np.zeros((self.n, 0), dtype=np.uint16), *self.waiting]
        return {
            "waiting": np.concatenate(waiting, axis=1),
            "whole": self.whole,
            "cells": self.cells,
            "parts": self.parts,
        }

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]], n_draws: int) -> None:
        """Take over the counts of so many draws by name.

        Raises
        ------
        ValueError
            Where they are not such counts.
        """
        waiting, whole = arrays["waiting"], arrays["whole"]
        cells, parts = arrays["cells"], arrays["parts"]
        fits = (
            waiting.dtype == np.uint16
            and waiting.ndim == 2
            and len(waiting) == self.n
            and bool(((waiting < self.n_bins) | (waiting == STRADDLES)).all())
            and whole.dtype.kind == "u"
            and whole.shape in ((self.n, 0), (self.n, self.n_bins))
            and cells.dtype == parts.dtype == np.int64
            and cells.ndim == 1
            and cells.shape == parts.shape
            and bool((np.diff(cells, prepend=-1, append=self.n * self.n_bins) > 0).all())
            and bool((parts >= 0).all())
        )
        if not fits:
            raise ValueError(whole.shape)
        self.waiting, self.n_waiting = ([waiting] if waiting.size else []), waiting.shape[1]
        self.whole, self.cells, self.parts = whole.copy(), cells, parts
        self.n_whole = n_draws - self.n_waiting

    def sums(self) -> Ints:
        """(n,) parts of draws by community."""
        sums = self.whole.sum(axis=1, dtype=np.int64)
        for bins in self.waiting:
            sums += np.count_nonzero(bins != STRADDLES, axis=1)
        sums *= UNIT
        for cells, parts in ((self.cells, self.parts), *self.loose):
            np.add.at(sums, cells // self.n_bins, parts)
        return np.asarray(sums)

    def _add_parts(self, cells: Ints, parts: Ints) -> None:
        if not cells.size:
            return
        self.loose.append((cells, parts))
        if sum(cells.size for cells, _ in self.loose) > max(self.cells.size, LOOSE):
            self._put_parts_together()

    def _put_parts_together(self) -> None:
        """Sum up the parts by place."""
        if not self.loose:
            return
        cells = np.concatenate([self.cells, *(cells for cells, _ in self.loose)])
        parts = np.concatenate([self.parts, *(parts for _, parts in self.loose)])
        order = np.argsort(cells, kind="stable")
        cells, parts = cells[order], parts[order]
        first = np.flatnonzero(np.diff(cells, prepend=-1))
        self.cells, self.parts, self.loose = cells[first], np.add.reduceat(parts, first), []

    def _make_room(self, n_draws: int) -> None:
        """See to it that there is a table, and that its numbers can count so many draws more."""
        self.n_whole += n_draws
        kind = np.min_scalar_type(self.n_whole)
        kind = np.promote_types(kind, np.uint16)
        if not self.whole.size:
            self.whole = np.zeros((self.n, self.n_bins), dtype=kind)
        elif self.whole.dtype != kind:
            self.whole = self.whole.astype(kind)

    def _count_waiting(self) -> None:
        """Count the draws that wait, row by row."""
        if not self.waiting:
            return
        self._make_room(self.n_waiting)
        width = self.n_bins + 1  # the last one for what straddles bins
        places = np.arange(ROWS, dtype=np.intp)[:, None] * width
        for start in range(0, self.n, ROWS):
            rows = slice(start, min(start + ROWS, self.n))
            found = np.concatenate([bins[rows] for bins in self.waiting], axis=1, dtype=np.intp)
            np.minimum(found, self.n_bins, out=found)
            found += places[: len(found)]
            counted = np.bincount(found.ravel(), minlength=len(found) * width)
            added = counted.reshape(-1, width)[:, :-1]
            self.whole[rows] += added.astype(self.whole.dtype)
        self.waiting, self.n_waiting = [], 0
