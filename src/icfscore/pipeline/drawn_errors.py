"""Errors laid out for drawing: by criterion, as arrays, with what is shared drawn once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import gcd

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.methods.perturb.random_bits import CHUNK, fill_normals
from icfscore.methods.perturb.scatter import Scale, Scatter, scatter_values
from icfscore.methods.perturb.truncation import Truncation
from icfscore.pipeline.shared_errors import Entering

SCALES: tuple[Scale, ...] = ("logarithm", "logit", "natural", "clipped")
PIECE = 2 * CHUNK
"""Numbers drawn and scattered before the next ones."""

Streams = Mapping[str, np.random.Generator]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Neighbouring cells that err on the same scale; what has a value for each is (cells, 1).

    Attributes
    ----------
    own
        Standard deviation of each cell's own error; 0 where there is none.
    shared
        The shared errors that enter cells.
    """

    cells: slice
    scale: Scale
    x: Floats
    low: Floats
    high: Floats
    own: Floats
    shared: tuple[Entering, ...]
    truncation: Truncation | None

    def apply(self, shared: Floats, out: Floats) -> None:
        """Turn own errors (cells, B) into values, in place."""
        for entering in self.shared:
            entering.enter(shared, out, 0)
        self.scatter(out)

    def scatter(self, error: Floats) -> None:
        """Turn errors (cells, B) into values, in place."""
        values = scatter_values(self.scale, self.x, self.low, self.high, error)
        if self.truncation is not None:
            self.truncation.apply(values)

    def draw(self, rng: np.random.Generator, shared: Floats, out: Floats) -> None:
        """Draw own errors (cells, B) and turn them into values, in pieces that fit the cache.

        The pieces end where `fill_normals` begins anew, so that the numbers are those of the whole.
        """
        step = PIECE // gcd(out.shape[1], PIECE)
        for start in range(0, len(out), step):
            piece = slice(start, start + step)
            values = fill_normals(rng, out[piece])
            values *= self.own[piece]
            for entering in self.shared:
                entering.enter(shared, values, start)
            scatter_values(self.scale, self.x[piece], self.low[piece], self.high[piece], values)
        if self.truncation is not None:
            self.truncation.apply(out)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of one criterion's columns, column by column; n rows each.

    Attributes
    ----------
    columns
        Its part of the table's columns.
    runs
        Cover all cells, where a value is missing it stays missing; none where all are missing.
    """

    columns: slice
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DataErrors:
    """The errors of all values.

    Attributes
    ----------
    shared_sd, shared_below
        (s, 1) standard deviation of each shared error, and the share of it that errors downwards
        have.
    shared_by
        By criterion the shared errors that belong to it.
    shared_keys
        Identities of the observations behind the shared errors.
    drawn_in
        By criterion the cells whose own errors are drawn together, where these are not the runs.
    """

    by_criterion: Mapping[str, Cells]
    shared_sd: Floats
    shared_below: Floats
    shared_by: Mapping[str, slice]
    shared_keys: tuple[int, ...] = ()
    drawn_in: Mapping[str, tuple[slice, ...]] = field(default_factory=dict)

    @property
    def criteria(self) -> tuple[str, ...]:
        """Ids of the criteria with values that err."""
        return tuple(name for name, cells in self.by_criterion.items() if cells.runs)

    def draw_shared(self, streams: Streams, n_draws: int) -> Floats:
        """Draw all shared errors (s, B), each from the stream of its criterion."""
        drawn = np.empty((len(self.shared_sd), n_draws))
        for criterion, mine in self.shared_by.items():
            fill_normals(streams[criterion], drawn[mine])
        drawn *= self.shared_sd
        for number in np.flatnonzero(self.shared_below != 1):
            drawn[number, drawn[number] < 0] *= self.shared_below[number]
        return drawn

    def parts_of(self, criterion: str) -> tuple[slice, ...]:
        """List the cells of a criterion whose own errors are drawn together."""
        if criterion in self.drawn_in:
            return self.drawn_in[criterion]
        return tuple(run.cells for run in self.by_criterion[criterion].runs)

    def draw_own(self, criterion: str, rng: np.random.Generator, out: Floats) -> None:
        """Draw the own errors of a criterion's values: (c, n, B), 0 where there is none."""
        cells = out.reshape(-1, out.shape[-1])
        for part in self.parts_of(criterion):
            fill_normals(rng, cells[part])
        for run in self.by_criterion[criterion].runs:
            cells[run.cells] *= run.own

    def apply(self, criterion: str, shared: Floats, out: Floats) -> None:
        """Turn a criterion's own errors (c, n, B) into its values, in place, NaN staying NaN."""
        cells, runs = out.reshape(-1, out.shape[-1]), self.by_criterion[criterion].runs
        for run in runs:
            run.apply(shared, cells[run.cells])
        if not runs:
            out[:] = np.nan

    def draw(self, criterion: str, rng: np.random.Generator, shared: Floats, out: Floats) -> None:
        """Draw a criterion's values (c, n, B): `draw_own`, then `apply`."""
        runs = self.by_criterion[criterion].runs
        if criterion in self.drawn_in or not runs:
            self.draw_own(criterion, rng, out)
            self.apply(criterion, shared, out)
            return
        cells = out.reshape(-1, out.shape[-1])
        for run in runs:
            run.draw(rng, shared, cells[run.cells])

    def shared_of(self, factor: str) -> slice:
        """Give the numbers of the shared errors that a factor draws, if it is a criterion's."""
        kind, _, criterion = factor.partition(".")
        return self.shared_by.get(criterion, slice(0, 0)) if kind == "data" else slice(0, 0)

    def sources(self, criteria: tuple[str, ...]) -> set[str]:
        """List the criteria whose streams enter the values of these ones, also by shared errors."""
        numbers = {
            number
            for name in criteria
            for run in self.by_criterion[name].runs
            for entering in run.shared
            for number in entering.numbers.tolist()
        }
        return set(criteria) | {
            name
            for name, mine in self.shared_by.items()
            if not numbers.isdisjoint(range(mine.start, mine.stop))
        }

    def within(self, criteria: tuple[str, ...], start: int) -> Iterator[tuple[str, slice]]:
        """List the criteria that err, with their columns in a part that begins at `start`."""
        for name in criteria:
            mine = self.by_criterion[name].columns
            yield name, slice(mine.start - start, mine.stop - start)


@dataclass(slots=True, eq=False)
class CellsBuilder:
    """Gathers how the values of a criterion scatter.

    Attributes
    ----------
    values
        (c, n) of its columns, NaN where missing.
    """

    columns: slice
    values: Floats
    shared: list[tuple[int, int, float]] = field(default_factory=list)
    own: Floats = field(init=False)
    low: Floats = field(init=False)
    high: Floats = field(init=False)
    scale: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Begin without errors."""
        size = self.values.size
        self.own = np.zeros(size)
        self.low, self.high = np.zeros(size), np.ones(size)
        self.scale = np.full(size, -1)

    def add(self, column: int, row: int, scatter: Scatter, own: float) -> int:
        """Say how a value scatters, and by what sd on its own: gives the cell's number."""
        cell = int((column - self.columns.start) * self.values.shape[1] + row)
        self.own[cell] = own
        self.low[cell] = min(scatter.low, scatter.high)
        self.high[cell] = max(scatter.low, scatter.high)
        self.scale[cell] = SCALES.index(scatter.scale)
        return cell

    def build(self, shared_sd: Floats) -> Cells:
        """Lay the cells out, given the sd (s, 1) of the shared errors."""
        if (self.scale < 0).all():
            return Cells(self.columns, ())
        together = self.own.copy()
        for cell, number, factor in self.shared:
            together[cell] = np.hypot(together[cell], factor * shared_sd[number, 0])
        # A cell without a value joins the run before it, or the first.
        known = np.maximum.accumulate(np.where(self.scale < 0, -1, np.arange(self.scale.size)))
        first = int(np.argmax(self.scale >= 0))
        scale = self.scale[np.where(known < 0, first, known)]
        ends = np.flatnonzero(np.diff(scale)) + 1
        x, sd = self.values.ravel(), together
        entered = np.array([cell for cell, _, _ in self.shared])  # in order
        runs = []
        for start, stop in zip([0, *ends], [*ends, scale.size], strict=True):
            cells, kind = slice(int(start), int(stop)), SCALES[scale[start]]
            at, low, high = x[cells], self.low[cells], self.high[cells]
            first, last = np.searchsorted(entered, [cells.start, cells.stop])
            entering = [
                (cell - cells.start, number, factor)
                for cell, number, factor in self.shared[first:last]
            ]
            if kind != "logit":  # which needs some ends
                unknown = self.scale[cells] < 0
                low[unknown], high[unknown] = -np.inf, np.inf
            truncation = None
            if kind == "natural":
                truncation = Truncation.of(at, sd[cells], low, high)
            runs.append(
                Run(
                    cells=cells,
                    scale=kind,
                    x=at[:, None],
                    low=low[:, None],
                    high=high[:, None],
                    own=self.own[cells, None],
                    shared=Entering.layers(entering),
                    truncation=truncation,
                )
            )
        return Cells(self.columns, tuple(runs))
