"""A Dask cluster of two processes on this machine: the same bytes, whatever happens to them."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.pipeline.uncertain_projects import (
    ALL,
    EXACT,
    KeptInMemory,
    bytes_of,
    project,
    scored,
    values,
)

from icfscore.domain.tables import Floats, Ints
from icfscore.errors import InputError
from icfscore.methods.perturb import RelativeData
from icfscore.pipeline import dask_engine
from icfscore.pipeline.block_counts import CountFirsts
from icfscore.pipeline.block_designs import MeanRankShift, RunDesign
from icfscore.pipeline.dask_cluster import open_dask
from icfscore.pipeline.dask_engine import DaskEngine
from icfscore.pipeline.dask_tasks import Done, OtherVersion, Packed, join, restore, work_through
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.engine import LocalEngine, Span, WorkersLostError
from icfscore.pipeline.sensitivity import find_drivers
from icfscore.pipeline.uncertainty import draw_ranks

distributed = pytest.importorskip("distributed")


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 128)
    monkeypatch.setattr(dask_engine, "TASK_SECONDS", 0.02)


@pytest.fixture(scope="module")
def cluster() -> Iterator[DaskEngine]:
    told: list[str] = []
    with open_dask(jobs=2, told=told.append) as engine:
        assert told[0].startswith("dashboard: http://")
        yield engine


def pids(engine: DaskEngine) -> list[int]:
    engine.client.wait_for_workers(2)  # who died in another test has a successor soon
    return list(engine.client.run(os.getpid).values())


def killing(engine: DaskEngine, how_many: int, at: int) -> Callable[[int, int], None]:
    """Kill workers once there are so many draws, by their process ids."""
    left = pids(engine)[:how_many]

    def kill(done: int, _: int) -> None:
        while done >= at and left:
            os.kill(left.pop(), signal.SIGKILL)

    return kill


@pytest.mark.usefixtures("small_blocks")
def test_a_cluster_gives_the_same_bytes_as_this_machine(cluster: DaskEngine) -> None:
    scoring = project(replace(ALL, draws=5001))
    told: list[tuple[int, int]] = []
    draws = draw_ranks(
        scoring, engine=cluster, progress=lambda done, wanted: told.append((done, wanted))
    )
    assert bytes_of(draws) == bytes_of(draw_ranks(scoring, jobs=1))
    assert told[-1] == (5001, 5001)
    assert all(done <= wanted == 5001 for done, wanted in told)
    assert len(set(pids(cluster))) == 2


@pytest.mark.usefixtures("small_blocks")
def test_a_sensitivity_analysis_has_the_same_bytes(cluster: DaskEngine) -> None:
    scoring = project(replace(ALL, draws=2000))
    there = find_drivers(scoring, "mean_rank_shift", engine=cluster)
    here = find_drivers(scoring, "mean_rank_shift", jobs=1)
    assert there.n_base == here.n_base == 2000
    assert there.indices.total.tobytes() == here.indices.total.tobytes()
    assert there.indices.total_interval.tobytes() == here.indices.total_interval.tobytes()


@pytest.mark.usefixtures("small_blocks")
def test_a_precision_is_reached_with_the_same_bytes(cluster: DaskEngine) -> None:
    scoring = project(replace(ALL, draws=500, alternatives={}))
    there = draw_ranks(scoring, engine=cluster, precision=0.01, confidence=False)
    here = draw_ranks(scoring, jobs=1, precision=0.01, confidence=False)
    assert bytes_of(there) == bytes_of(here)


@pytest.mark.usefixtures("small_blocks")
def test_a_draw_that_is_not_defined_is_told_as_here(cluster: DaskEngine) -> None:
    logged = {"x2": {"transform": "log"}}
    uncertainty = replace(EXACT, data=RelativeData(0.35), draws=20_000)
    scoring = scored(values(), uncertainty, indicators=logged)
    with pytest.raises(InputError) as here:
        draw_ranks(scoring, jobs=1)
    with pytest.raises(InputError) as there:
        draw_ranks(scoring, engine=cluster)
    assert str(there.value) == str(here.value)


@pytest.mark.usefixtures("small_blocks")
def test_ctrl_c_keeps_the_rounds_that_are_done(cluster: DaskEngine) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 5000:
            raise KeyboardInterrupt

    draws = draw_ranks(project(replace(ALL, draws=200_000)), engine=cluster, progress=stop)
    assert draws.interrupted
    assert 0 < draws.n_draws < 200_000
    np.testing.assert_allclose(draws.acceptability.sum(axis=1), 1, rtol=1e-12)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("how_many", [1, 2])
def test_workers_killed_in_the_middle_change_no_bit(cluster: DaskEngine, how_many: int) -> None:
    """With one of two gone the other goes on; with both, all is sent anew to their successors."""
    scoring = project(replace(ALL, draws=20_000))
    before = set(pids(cluster))
    kill = killing(cluster, how_many, at=4000)
    draws = draw_ranks(scoring, engine=cluster, progress=kill, confidence=False)
    assert bytes_of(draws) == bytes_of(draw_ranks(scoring, jobs=1, confidence=False))
    assert len(before - set(pids(cluster))) == how_many


@pytest.mark.usefixtures("small_blocks")
def test_a_summary_that_is_lost_on_its_way_is_worked_out_anew(
    cluster: DaskEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scoring, lost = project(replace(ALL, draws=2_000)), list[Any]()

    def result(future: Any, timeout: float | None = None) -> Any:
        if not lost:
            lost.append(future)
            raise CancelledError
        return taken(future, timeout)

    taken = distributed.Future.result
    monkeypatch.setattr(distributed.Future, "result", result)
    draws = draw_ranks(scoring, engine=cluster, confidence=False)
    assert lost
    assert bytes_of(draws) == bytes_of(draw_ranks(scoring, jobs=1, confidence=False))


def test_other_versions_are_refused(cluster: DaskEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numpy.__version__", "1.0")
    with pytest.raises(InputError, match=r"a worker of tcp://.* has numpy \d.*, this machine 1.0"):
        cluster.check_versions()
    monkeypatch.undo()
    cluster.check_versions()
    monkeypatch.setattr(dask_engine, "SAME", ("icfscore", "no_such_package"))
    with pytest.raises(InputError, match="has no package no_such_package; install icfscore"):
        cluster.check_versions()


def test_a_worker_that_came_later_is_checked_too(
    cluster: DaskEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_engine, "__version__", "9.9")
    with pytest.raises(InputError, match=r"has icfscore 0.*, this machine 9.9; give the workers"):
        draw_ranks(project(), engine=cluster)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tcp://no-such-host.invalid:8786"])
def test_no_scheduler_is_told_with_its_address(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icfscore.pipeline.dask_cluster.PATIENCE", 0.5)
    told = f"no Dask scheduler at {address}: nobody answers"
    with pytest.raises(InputError, match=told), open_dask(address):
        raise AssertionError


@pytest.mark.parametrize("address", ["bar", "10.0.0.5:8786", "foo://a:1", "tcp://a", "tcp://a:b"])
def test_what_is_no_address_is_told(address: str) -> None:
    told = f"no Dask scheduler at {address}: is no address"
    with pytest.raises(InputError, match=told), open_dask(address):
        raise AssertionError


def test_without_dask_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icfscore.pipeline.dask_cluster.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'icfscore\[dask\]'"), open_dask(jobs=1):
        raise AssertionError


# What workers are sent.


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((3, 4), np.int64),
        np.eye(9, dtype=np.int64),
        np.arange(12.0).reshape(3, 4),
        np.array(7),
        np.array(0),
        np.empty((0, 0)),
    ],
)
def test_arrays_are_unpacked_as_they_were(array: Floats | Ints) -> None:
    packed = Packed.of(array)
    found = packed.unpack()
    assert (found.shape, found.dtype, found.tolist()) == (array.shape, array.dtype, array.tolist())
    listed = packed.places is not None
    assert listed == (array.size >= 4 * np.count_nonzero(array))


def test_tasks_joined_are_the_blocks_one_after_the_other() -> None:
    scoring = project(replace(ALL, draws=600))
    plan = replace(plan_draws(scoring), block=64)
    work, span = RunDesign(MeanRankShift(scoring.ranking.ranks)), Span(0, 4, 10)
    done = [
        work_through(blocks, span, work, plan.alone(), dask_engine.__version__)
        for blocks in (range(2), range(2, 3), range(3, 4))
    ]
    found = restore(work, plan, join(done, work, plan))
    here: list[Any] = []
    for piece in LocalEngine(1).fold(work, plan, span):
        piece.add_to(here)
    assert work.n_draws(found) == 3 * 64 + 10
    assert np.concatenate(found, axis=1).tobytes() == np.concatenate(here, axis=1).tobytes()


def test_the_first_failure_is_the_one_told() -> None:
    parts = [Done(1, 1.0, {}), Done(0, 1.0, {}, 4), Done(0, 1.0, {}, 7)]
    assert join(parts, CountFirsts({}), plan_draws(project())).failed == 4


def test_a_task_of_another_version_is_not_begun() -> None:
    plan = plan_draws(project())
    with pytest.raises(OtherVersion):
        work_through(range(1), Span(0, 1), CountFirsts({}), plan, "9.9")


def test_a_plan_alone_is_small_and_draws_the_same() -> None:
    plan = plan_draws(project())
    assert plan.alone().scoring is None
    sent = pickle.loads(pickle.dumps(plan.alone()))  # noqa: S301 - our own
    work = CountFirsts({0: {node: np.ones(len(c)) / len(c) for node, c in plan.children.items()}})
    assert work(sent, 1, 100).tolist() == work(plan, 1, 100).tolist()


def test_a_lost_scheduler_is_told_and_what_is_done_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the end, since it takes a cluster of its own down."""
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 128)
    monkeypatch.setattr(dask_engine, "TASK_SECONDS", 0.02)
    scoring, keeper = project(replace(ALL, draws=20_000)), KeptInMemory()
    with (
        distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=2,
            processes=False,
            protocol="tcp://",
            dashboard_address=None,
        ) as there,
        open_dask(there.scheduler_address) as engine,
    ):

        def stop(done: int, _: int) -> None:
            if done >= 4000:
                there.close()

        with pytest.raises(WorkersLostError, match=r"the Dask scheduler at .* is gone"):
            draw_ranks(scoring, engine=engine, keeper=keeper, progress=stop, confidence=False)
    assert keeper.found is not None
    assert keeper.found.position["next_block"] > 0
    again = draw_ranks(scoring, jobs=1, keeper=keeper, confidence=False)
    assert bytes_of(again) == bytes_of(draw_ranks(scoring, jobs=1, confidence=False))
