"""Memory that is used again: what is new to a process costs more than all arithmetic on it."""

from __future__ import annotations

import threading
from math import prod

import numpy as np

from icfscore.domain.tables import Floats


class Memory:
    """Tables that a thread's blocks use one after the other; without `keep` each is a new one."""

    _threads = threading.local()

    def __init__(self, *, keep: bool = False) -> None:
        self._kept: dict[str, Floats] | None = {} if keep else None

    @classmethod
    def of_thread(cls) -> Memory:
        """Give the calling thread's."""
        found: Memory | None = getattr(cls._threads, "memory", None)
        if found is None:
            found = cls._threads.memory = cls(keep=True)
        return found

    def table(self, name: str, shape: tuple[int, ...]) -> Floats:
        """Give a table of a shape, with anything in it."""
        size = prod(shape)
        if self._kept is None:
            return np.empty(shape)
        if name not in self._kept or self._kept[name].size < size:
            self._kept[name] = np.empty(size)
        return self._kept[name][:size].reshape(shape)
