"""What a Dask worker is sent: several blocks to work through, or summaries to join.

Summaries travel, and wait, as their arrays' places that are not zero: of many communities' counts
most are, and a worker holds several of them at once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from icfscore import __version__
from icfscore.domain.tables import Ints
from icfscore.errors import IcfscoreError
from icfscore.pipeline.blas import one_thread
from icfscore.pipeline.draw_plan import DrawPlan
from icfscore.pipeline.engine import Span, Work
from icfscore.pipeline.workers import keep_memory

Numbers = npt.NDArray[Any]
SPARSE = 4  # times as many places as are not zero: worth listing these


class OtherVersion(Exception):  # noqa: N818 - it names what is found, not an error of ours
    """A worker has another version of this package: its own, and the client's."""


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """An array, by its places that are not zero where these are few.

    Attributes
    ----------
    places
        Of the values in the flat array; None: all of them.
    """

    shape: tuple[int, ...]
    places: Ints | None
    values: Numbers

    @classmethod
    def of(cls, array: Numbers) -> Packed:
        """Pack an array."""
        flat = array.reshape(-1)
        if flat.size >= SPARSE * np.count_nonzero(flat):
            places = np.flatnonzero(flat)
            return cls(array.shape, places, flat[places])
        return cls(array.shape, None, flat)

    def unpack(self) -> Numbers:
        """Give the array, which may not be written to."""
        if self.places is None:
            return self.values.reshape(self.shape)
        whole = np.zeros(self.shape, dtype=self.values.dtype)
        whole.reshape(-1)[self.places] = self.values
        return whole


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """What some blocks amount to.

    Attributes
    ----------
    seconds
        That a block took, the quickest of them: the first one of a worker takes longer.
    failed
        The first block that has an error to tell; None: all went well.
    """

    n_blocks: int
    seconds: float
    arrays: Mapping[str, Packed]
    failed: int | None = None


def work_through(
    blocks: range, span: Span, work: Work[Any, Any], plan: DrawPlan, version: str
) -> Done:
    """Work through some blocks of a span, on a worker."""
    if version != __version__:
        raise OtherVersion(__version__, version)
    _keep_memory()
    summary, seconds = work.start(plan), float("inf")
    with one_thread():
        for block in blocks:
            started = time.perf_counter()
            try:
                work.add(summary, work(plan, block, span.size_of(plan, block)))
            except IcfscoreError:  # the same on every worker: no reason to try again
                return Done(0, seconds, {}, block)
            seconds = min(seconds, time.perf_counter() - started)
    return Done(len(blocks), seconds, _pack(work, summary))


def join(parts: Sequence[Done], work: Work[Any, Any], plan: DrawPlan) -> Done:
    """Join summaries of neighbouring blocks, which stay as they are."""
    for part in parts:
        if part.failed is not None:
            return part
    summary = restore(work, plan, parts[0])
    for part in parts[1:]:
        work.merge(summary, restore(work, plan, part))
    n_blocks, seconds = sum(part.n_blocks for part in parts), min(part.seconds for part in parts)
    return Done(n_blocks, seconds, _pack(work, summary))


def restore(work: Work[Any, Any], plan: DrawPlan, part: Done) -> Any:
    """Make a summary of what a task gave."""
    return work.restore(plan, {name: packed.unpack() for name, packed in part.arrays.items()})


def _pack(work: Work[Any, Any], summary: Any) -> dict[str, Packed]:
    return {name: Packed.of(array) for name, array in work.arrays(summary).items()}


@cache
def _keep_memory() -> None:
    keep_memory()
