"""One thread for linear algebra while blocks are worked on.

How BLAS shares a product among threads decides the order of its sums, and so the last bits. With
one thread they depend neither on the number of cores nor on an environment variable. Blocks are
shared among processes instead, which more threads in each would only hinder.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_lock = threading.Lock()
_held: list[Any] = []  # the limits, one for all that work at the same time
_users = 0


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep this process's BLAS to one thread; where several overlap, until the last one ends."""
    global _users
    with _lock:
        if not _users:
            from threadpoolctl import threadpool_limits

            _held.append(threadpool_limits(limits=1, user_api="blas"))
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                _held.pop().restore_original_limits()
