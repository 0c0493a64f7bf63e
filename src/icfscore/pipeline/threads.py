"""Blocks of work in threads: NumPy lets go of the interpreter, so threads share the cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")


def in_threads(work: Callable[[int], T], blocks: range, jobs: int | None = None) -> Iterator[T]:
    """Work through blocks in threads, a few ahead, giving results as they come."""
    n_threads = jobs or os.cpu_count() or 1
    if n_threads == 1 or len(blocks) == 1:
        yield from map(work, blocks)
        return
    with ThreadPoolExecutor(n_threads) as pool:
        waiting: set[Future[T]] = set()
        todo = iter(blocks)
        try:
            while True:
                for block in todo:
                    waiting.add(pool.submit(work, block))
                    if len(waiting) >= 2 * n_threads:
                        break
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in waiting:
                future.cancel()
