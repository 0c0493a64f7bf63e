"""Blocks of work on all cores, results in the order of the blocks.

Processes where the system copies them at no cost (Linux), threads elsewhere or where a copy might
not be whole. Work on arrays consists of thousands of calls of some microseconds, and threads wait
for the interpreter between any two: measured on two cores, threads work 1.2 times as fast as one
alone, processes 1.9 times.

A fork copies the calling thread only. What the others held is lost in the copy: hence no forks
where Python runs other threads, nor where an OpenMP runtime is loaded, whose pools do not outlive a
fork (GNU's waits for its lost threads for ever). The pools of OpenBLAS, which NumPy's and SciPy's
wheels come with, are closed before a fork and opened anew after it, by its own handlers. Copies
call nothing but NumPy and SciPy, and end without cleaning up.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import re
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from icfscore.pipeline.blas import one_thread
from icfscore.pipeline.threads import in_threads

T = TypeVar("T")
MAPS = Path("/proc/self/maps")  # what is loaded into this process
OPENMP = re.compile(r"/lib(gomp|omp|iomp5)\b")


def n_cores() -> int:
    """Count the processor cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def on_cores(work: Callable[[int], T], blocks: range, jobs: int | None = None) -> Iterator[T]:
    """Work through blocks, each a pure function of its number, by `jobs` workers.

    Results come in the order of the blocks. Where one raises an error, so does the caller's, after
    the results before it. Results of other processes are copies.
    """
    n_workers = min(jobs or n_cores(), len(blocks))
    with one_thread():
        if n_workers <= 1:
            yield from map(work, blocks)
        elif _may_fork():
            yield from _in_processes(work, blocks, n_workers)
        else:
            yield from in_threads(work, blocks, n_workers)


@contextmanager
def unbroken() -> Iterator[None]:
    """Let Ctrl-C wait until a piece of work is done as a whole."""
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or usual is None:
        yield
        return
    waiting: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: waiting.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if waiting:
            signal.raise_signal(signal.SIGINT)


def _may_fork() -> bool:
    """Tell whether a copy of this process would be whole."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    if multiprocessing.current_process().daemon:  # must not have children
        return False
    try:
        return OPENMP.search(MAPS.read_text(errors="replace")) is None
    except OSError:
        return False


def _in_processes(work: Callable[[int], T], blocks: range, n_workers: int) -> Iterator[T]:
    """Work in copies of this process, each taking every n-th block."""
    context = multiprocessing.get_context("fork")
    processes, results = [], []
    try:
        for first in range(n_workers):
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(
                target=_serve, args=(work, blocks[first::n_workers], sender), daemon=True
            )
            with without_interrupts(), warnings.catch_warnings():
                # Python warns of any thread, those of OpenBLAS included.
                warnings.simplefilter("ignore", DeprecationWarning)
                process.start()
            sender.close()
            processes.append(process)
            results.append(receiver)
        for position, block in enumerate(blocks):
            try:
                done, found = results[position % n_workers].recv()
            except EOFError:  # the process is gone
                done, found = False, None
            # What failed there is done again here, where its error is worth more.
            yield found if done else work(block)
    finally:
        for process in processes:
            process.kill()
        for process, receiver in zip(processes, results, strict=False):
            process.join()
            receiver.close()


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: the parent stops them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    usual = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, usual)


def keep_memory() -> None:
    """Let a process keep what its arrays leave free, where the system's C library can be told so.

    By default glibc gives large pieces back and gets them anew, page by page, for the next array:
    measured, a third of a run's time.
    """
    trim, large = -1, -3  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(trim, 2**30)
        library.mallopt(large, 2**25)  # the most it takes


def _serve(work: Callable[[int], Any], blocks: Sequence[int], sender: Connection) -> None:
    """Work through blocks and send the results, until one fails."""
    keep_memory()
    for block in blocks:
        try:
            found = work(block)
        except Exception:  # noqa: BLE001 - the parent meets it again
            sender.send((False, None))
            return
        sender.send((True, found))
    sender.close()
