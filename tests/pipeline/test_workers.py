"""Work on all cores: forks that are whole, results in order, nothing lost to Ctrl-C."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.pipeline.uncertain_projects import EXACT, scored

from icfscore.methods.perturb import UniformWeights
from icfscore.methods.tally import Tally
from icfscore.pipeline import workers
from icfscore.pipeline.blas import one_thread
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.pipeline.workers import on_cores, unbroken


@pytest.fixture
def _forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork, whatever idle threads other tests have left in this process."""
    monkeypatch.setattr(workers.threading, "active_count", lambda: 1)
    if not workers._may_fork():
        pytest.skip("no forks here")


forks = pytest.mark.usefixtures("_forked")


@forks
def test_copies_multiply_matrices_as_the_parent_did() -> None:
    """BLAS has threads of its own, which a fork must not wait for."""
    x = np.random.default_rng(0).normal(size=(600, 600))
    with one_thread():  # with more, the last bits differ
        expected = x @ x

    def work(block: int) -> bool:
        return bool(np.array_equal(x @ x, expected)) and os.getpid() != parent

    parent = os.getpid()
    assert list(on_cores(work, range(4), 2)) == [True] * 4


@forks
def test_a_copy_that_dies_is_worked_for_by_the_parent() -> None:
    parent = os.getpid()

    def work(block: int) -> int:
        if block == 2 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return block * block

    assert list(on_cores(work, range(6), 2)) == [0, 1, 4, 9, 16, 25]


@forks
def test_copies_are_gone_when_the_caller_stops_listening() -> None:
    results = on_cores(lambda block: block, range(1000), 2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


@forks
def test_copies_do_not_hear_of_interrupts() -> None:
    def work(block: int) -> bool:
        return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())

    assert list(on_cores(work, range(4), 2)) == [True] * 4
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


@pytest.mark.parametrize(
    ("library", "forked"),
    [
        ("/usr/lib/x86_64-linux-gnu/libgomp.so.1.0.0", False),
        ("/opt/conda/lib/libiomp5.so", False),
        ("/opt/lib/libomp.so.5", False),
        ("/venv/numpy.libs/libscipy_openblas64_-32a4b2a6.so", True),
        ("/home/libompany/x.so", True),
    ],
)
def test_openmp_is_not_forked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: str, forked: bool
) -> None:
    maps = tmp_path / "maps"
    maps.write_text(f"7f00-7f01 r-xp 00000000 08:01 42    {library}\n")
    monkeypatch.setattr(workers, "MAPS", maps)
    monkeypatch.setattr(workers.sys, "platform", "linux")
    monkeypatch.setattr(workers.threading, "active_count", lambda: 1)
    assert workers._may_fork() == forked
    maps.unlink()
    assert not workers._may_fork()


@forks
def test_a_worker_of_others_has_no_workers_of_its_own() -> None:
    def work(block: int) -> tuple[bool, list[int]]:
        return workers._may_fork(), list(on_cores(lambda inner: inner + block, range(3), 2))

    assert list(on_cores(work, range(2), 2)) == [(False, [0, 1, 2]), (False, [1, 2, 3])]


def test_an_interrupt_waits_for_the_end() -> None:
    done: list[str] = []
    usual = signal.getsignal(signal.SIGINT)

    def interrupted() -> None:
        with unbroken():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("all")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == ["all"]
    assert signal.getsignal(signal.SIGINT) is usual


def test_another_thread_has_no_interrupts_to_wait_for() -> None:
    def work() -> None:
        with unbroken():
            done.append(1)

    done: list[int] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]


def test_an_interrupt_in_the_midst_of_counting_leaves_whole_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 256)
    add = Tally.add

    def add_and_interrupt(tally: Tally, counted: Any) -> None:
        if tally.n_draws:
            os.kill(os.getpid(), signal.SIGINT)
        add(tally, counted)

    monkeypatch.setattr(Tally, "add", add_and_interrupt)
    uncertainty = replace(EXACT, weights=UniformWeights(), draws=2000)
    draws = draw_ranks(scored([(1, 0), (0, 1), (0.6, 0.6)], uncertainty), jobs=1)
    assert draws.interrupted
    assert 256 < draws.n_draws < 2000
    np.testing.assert_allclose(draws.acceptability.sum(axis=1), 1, rtol=1e-12)


def _served(work: Callable[[int], int], n_blocks: int) -> list[tuple[bool, int | None]]:
    """Let a worker's part run here, and take what it sends."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    workers._serve(work, range(n_blocks), sender)
    sender.close()
    found = []
    with suppress(EOFError):
        while True:
            found.append(receiver.recv())
    return found


def test_a_worker_sends_its_results_until_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "keep_memory", lambda: None)  # of this process
    assert _served(lambda block: block * block, 3) == [(True, 0), (True, 1), (True, 4)]
    assert _served(lambda block: 1 // (1 - block), 3) == [(True, 1), (False, None)]


@forks
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # pytest's workers' threads
def test_a_process_that_may_have_no_children_works_in_threads() -> None:
    receiver, sender = multiprocessing.Pipe(duplex=False)

    def work() -> None:
        here = os.getpid()
        sender.send([pid == here for pid in on_cores(lambda _: os.getpid(), range(4), 2)])

    process = multiprocessing.get_context("fork").Process(target=work, daemon=True)
    process.start()
    assert receiver.poll(60)
    assert receiver.recv() == [True] * 4
    process.join()
