"""Runs that are stopped, kept and gone on with: the same bytes as without a stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.pipeline.uncertain_projects import ALL, KeptInMemory, bytes_of, project

from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.rank_counts import rank_bins
from icfscore.methods.tally import Tally, count_draws
from icfscore.pipeline.block_counts import CountRanks
from icfscore.pipeline.course import Held, describe_run
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.sensitivity import find_drivers
from icfscore.pipeline.uncertainty import draw_ranks

pytestmark = pytest.mark.usefixtures("small_blocks")


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 256)


def after(n_draws: int) -> Callable[[int, int], None]:
    """Stop a run once it has made so many draws."""

    def stop(done: int, _: int) -> None:
        if done >= n_draws:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_was_stopped_at_random_blocks_ends_with_the_same_bytes(jobs: int) -> None:
    scoring = project()
    whole = draw_ranks(scoring, jobs=jobs)
    rng = np.random.default_rng(5)
    keeper, drawn = KeptInMemory(), 0
    while drawn < 3000:
        drawn += int(rng.integers(1, 1200))
        draws = draw_ranks(scoring, jobs=jobs, progress=after(drawn), keeper=keeper)
    assert not draws.interrupted or draws.n_draws == 3000
    assert bytes_of(draw_ranks(scoring, jobs=jobs, keeper=keeper)) == bytes_of(whole)


def test_what_is_finished_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scoring, keeper = project(), KeptInMemory()
    whole = draw_ranks(scoring, keeper=keeper, confidence=False)

    def fail(*_: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr("icfscore.pipeline.block_counts.draw_block", fail)
    assert bytes_of(draw_ranks(scoring, keeper=keeper, confidence=False)) == bytes_of(whole)


@pytest.mark.parametrize("stop", [500, 1001, 1800, 5000, 9000])
def test_a_run_on_its_way_to_a_precision_ends_with_the_same_bytes(stop: int) -> None:
    scoring, keeper = project(replace(ALL, draws=1001, alternatives={})), KeptInMemory()
    whole = draw_ranks(scoring, jobs=1, precision=0.005, confidence=False)
    stopped = draw_ranks(
        scoring, jobs=1, precision=0.005, confidence=False, keeper=keeper, progress=after(stop)
    )
    assert stopped.interrupted
    assert stopped.n_draws < whole.n_draws
    again = draw_ranks(scoring, jobs=1, precision=0.005, confidence=False, keeper=keeper)
    assert bytes_of(again) == bytes_of(whole)


def test_more_draws_go_on_from_those_there_are() -> None:
    keeper = KeptInMemory()
    few = draw_ranks(project(replace(ALL, draws=700)), keeper=keeper, confidence=False)
    more = draw_ranks(project(replace(ALL, draws=5000)), keeper=keeper, confidence=False)
    assert (few.n_draws, more.n_draws) == (700, 5000)
    assert (more.tally.histogram >= few.tally.histogram).all()
    np.testing.assert_allclose(more.acceptability.sum(axis=1), 1, rtol=1e-12)


def test_draws_are_not_unmade() -> None:
    keeper = KeptInMemory()
    draw_ranks(project(replace(ALL, draws=700)), keeper=keeper, confidence=False)
    with pytest.raises(InputError, match="holds 700 draws, more than the 600 asked for"):
        draw_ranks(project(replace(ALL, draws=600)), keeper=keeper, confidence=False)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_sensitivity_run_that_was_stopped_ends_with_the_same_indices(jobs: int) -> None:
    scoring, keeper = project(), KeptInMemory()
    whole = find_drivers(scoring, "mean_rank_shift", jobs=jobs)
    for stop in (1, 700, 2500):
        stopped = find_drivers(
            scoring, "mean_rank_shift", jobs=jobs, keeper=keeper, progress=after(stop)
        )
        assert stopped.interrupted
    again = find_drivers(scoring, "mean_rank_shift", jobs=jobs, keeper=keeper)
    assert again.n_base == whole.n_base == 3000
    for name in ("first_order", "total", "first_order_interval", "total_interval"):
        one, other = getattr(again.indices, name), getattr(whole.indices, name)
        assert one.tobytes() == other.tobytes()


def _without(name: str, held: Held) -> Held:
    return replace(held, arrays={k: v for k, v in held.arrays.items() if k != name})


def _with(name: str, value: Any, held: Held) -> Held:
    return replace(held, arrays={**held.arrays, name: np.asarray(value)})


def _at(name: str, value: int, held: Held) -> Held:
    return replace(held, position={**held.position, name: value})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda held: _without("pairwise", held),
        lambda held: _with("other", [1], held),
        lambda held: _with("double_rank", [1, 2], held),
        lambda held: _with("double_rank", -held.arrays["double_rank"], held),
        lambda held: _with("double_rank", held.arrays["double_rank"] / 2, held),
        lambda held: _with("n_draws", 3001, held),
        lambda held: _with("parts", held.arrays["parts"] * 2, held),
        lambda held: _at("block", 10**9, held),
        lambda held: _at("block", 0, held),
        lambda held: _at("block", 17, held),
        lambda held: _at("next_block", 10**30, held),
        lambda held: _at("next_block", -1, held),
        lambda held: _at("next_block", 0, held),
        lambda held: _at("goal", -1, held),
        lambda held: _at("goal", 10**30, held),
    ],
)
def test_counts_that_cannot_be_are_refused(spoil: Callable[[Held], Held]) -> None:
    scoring, keeper = project(), KeptInMemory()
    draw_ranks(scoring, keeper=keeper, confidence=False)
    assert keeper.found is not None
    keeper.found = spoil(keeper.found)
    with pytest.raises(InputError, match="damaged"):
        draw_ranks(scoring, keeper=keeper, confidence=False)


@pytest.mark.parametrize("outputs", [np.ones((3, 3000)), np.full((9, 3000), np.nan), np.ones(4)])
def test_outputs_that_cannot_be_are_refused(outputs: Floats) -> None:
    scoring, keeper = project(), KeptInMemory()
    find_drivers(scoring, "mean_rank_shift", keeper=keeper)
    assert keeper.found is not None
    keeper.found = _with("outputs", outputs, keeper.found)
    with pytest.raises(InputError, match="damaged"):
        find_drivers(scoring, "mean_rank_shift", keeper=keeper)


def test_a_run_is_described_by_all_it_depends_on() -> None:
    scoring = project()
    plan = plan_draws(scoring)
    told = describe_run(scoring, plan, "uncertainty")
    assert describe_run(project(replace(ALL, draws=7)), plan, "uncertainty") == told
    for changes in ({"seed": 1}, {"alternatives": {}}):
        other = project(replace(ALL, **changes))
        assert describe_run(other, plan_draws(other), "uncertainty") != told
    assert describe_run(scoring, replace(plan, values=plan.values + 1), "uncertainty") != told
    assert describe_run(scoring, plan, "sensitivity --of focus_rank") != told


def test_tallies_merge_to_the_same_in_any_order() -> None:
    scoring = project()
    plan, work = plan_draws(scoring), CountRanks(scoring.ranking.ranks)
    parts = [work(plan, block, plan.block) for block in range(4)]
    whole, left, right = (work.start(plan) for _ in range(3))
    for part in parts:
        work.add(whole, part)
    for part, into in zip(parts, (left, right, left, right), strict=True):
        work.add(into, part)
    right.merge(left)
    assert right.n_draws == whole.n_draws == 4 * plan.block
    for name, array in work.arrays(whole).items():
        assert (work.arrays(right)[name] == array).all(), name
    assert (left.n_draws, (left.histogram < right.histogram).any()) == (2 * plan.block, True)


def test_a_tally_of_nothing_changes_nothing() -> None:
    scores = np.array([[1.0, 2.0], [3.0, 1.0]])
    bins = rank_bins(2)
    tally = Tally.start(bins, {})
    tally.add(count_draws(scores, {}, bins, np.array([1, 2])))
    shift = tally.shift
    tally.merge(Tally.start(bins, {}))
    assert (tally.n_draws, tally.shift) == (2, shift)
