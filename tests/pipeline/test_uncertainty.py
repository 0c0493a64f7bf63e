"""Rank draws as a whole: the same however the work is split, stopped or prolonged; what they tell."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject
from tests.pipeline.uncertain_projects import (
    ALL,
    EXACT,
    bytes_of,
    project,
    scored,
    values,
    with_uncertainty,
)

from icfscore.cli.main import cli
from icfscore.errors import InputError
from icfscore.files.overrides import settle
from icfscore.files.project_folder import builtin_project, read_project
from icfscore.methods.aggregate import Arithmetic, Geometric
from icfscore.methods.impute import ExpectationMaximisation
from icfscore.methods.normalise import MinMax
from icfscore.methods.perturb import (
    FixedWeights,
    RelativeData,
    UniformWeights,
)
from icfscore.pipeline import block_counts
from icfscore.pipeline import uncertainty as module
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.score import score
from icfscore.pipeline.uncertainty import draw_ranks, is_quick
from icfscore.pipeline.workers import on_cores
from icfscore.recipe import Staged


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 256)


# However the work is split.


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("jobs", [2, 3, None])
def test_the_same_seed_gives_the_same_bytes_for_any_number_of_workers(jobs: int | None) -> None:
    scoring = project()
    assert bytes_of(draw_ranks(scoring, jobs=jobs)) == bytes_of(draw_ranks(scoring, jobs=1))


@pytest.mark.usefixtures("small_blocks")
def test_threads_give_the_same_bytes_as_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    scoring = project()
    alone = draw_ranks(scoring, jobs=1)
    monkeypatch.setattr("icfscore.pipeline.workers._may_fork", lambda: False)
    assert bytes_of(draw_ranks(scoring, jobs=3)) == bytes_of(alone)


def test_another_seed_gives_other_draws() -> None:
    one, other = draw_ranks(project()), draw_ranks(project(replace(ALL, seed=1)))
    assert one.acceptability.tobytes() != other.acceptability.tobytes()
    np.testing.assert_allclose(one.acceptability, other.acceptability, atol=0.06)


def test_a_caller_with_threads_of_its_own_is_not_copied() -> None:
    found: list[Any] = []
    main = threading.get_ident()

    def work(block: int) -> int:
        return threading.get_ident()

    caller = threading.Thread(target=lambda: found.extend(on_cores(work, range(4), 2)))
    caller.start()
    caller.join()
    assert main not in found


@pytest.mark.parametrize("forks", [True, False])
def test_workers_give_results_in_order_and_errors_in_their_place(
    monkeypatch: pytest.MonkeyPatch, forks: bool
) -> None:
    if not forks:
        monkeypatch.setattr("icfscore.pipeline.workers._may_fork", lambda: False)

    def work(block: int) -> int:
        if block in (5, 7):
            raise InputError.of(f"block {block}")
        return block

    assert list(on_cores(work, range(5), 3)) == [0, 1, 2, 3, 4]
    results = on_cores(work, range(9), 3)
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(InputError, match="block 5"):
        next(results)


def test_an_error_in_a_draw_stops_the_run_and_names_its_place() -> None:
    scoring = project(replace(ALL, data=RelativeData(2.0), alternatives={}))
    logged = scored(values(), scoring.settings.uncertainty, indicators={"x2": {"transform": "log"}})
    messages = set()
    for jobs in (1, 2):
        with pytest.raises(InputError, match=r"transform log: c\d, x2: the logarithm") as caught:
            draw_ranks(logged, jobs=jobs)
        messages.add(str(caught.value))
    assert len(messages) == 1


def test_an_undefined_combination_is_told_before_the_first_draw() -> None:
    alternatives = {
        "normalisation": (Staged(MinMax()), Staged(MinMax(1, 100))),
        "aggregation": (Staged(Arithmetic()), Staged(Geometric())),
    }
    told: list[int] = []
    with pytest.raises(InputError, match="aggregation geometric: c"):
        draw_ranks(
            project(replace(ALL, alternatives=alternatives)),
            progress=lambda done, _: told.append(done),
        )
    assert told == []


# Stopped, or prolonged.


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stopped_run_keeps_what_was_drawn(jobs: int) -> None:
    def stop(done: int, wanted: int) -> None:
        assert wanted == 3000
        if done >= 1000:
            raise KeyboardInterrupt

    draws = draw_ranks(project(), jobs=jobs, progress=stop)
    assert draws.interrupted
    assert 1000 <= draws.n_draws < 3000
    np.testing.assert_allclose(draws.acceptability.sum(axis=1), 1, rtol=1e-12)
    assert draws.confidence == {}


@pytest.mark.usefixtures("small_blocks")
def test_a_run_stopped_before_its_first_block_has_nothing_to_keep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "draw_block", stop)
    with pytest.raises(KeyboardInterrupt):
        draw_ranks(with_uncertainty(project(), alternatives={}), jobs=1)


def test_confidence_factors_that_are_stopped_leave_the_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_confidence_factors", stop)
    draws = draw_ranks(project())
    assert draws.interrupted
    assert draws.n_draws == 3000


@pytest.mark.usefixtures("small_blocks")
def test_precision_is_reached_by_new_draws_only(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks: list[int] = []
    original = block_counts.draw_block

    def noted(plan: Any, block: int) -> Any:
        blocks.append(block)
        return original(plan, block)

    scoring = project(replace(ALL, draws=1001, alternatives={}))
    plan = plan_draws(scoring)
    monkeypatch.setattr(block_counts, "draw_block", noted)
    draws = draw_ranks(scoring, jobs=1, precision=0.005, confidence=False)
    drawn = blocks[blocks.index(0, 1) :] if blocks.count(0) > 1 else blocks  # after the check
    assert draws.largest_error <= 0.005
    assert draws.n_draws >= 0.25 / 0.005**2 * 0.9
    assert sorted(drawn) == list(range(len(drawn)))
    assert (len(drawn) - 1) * plan.block < draws.n_draws <= len(drawn) * plan.block


def test_precision_that_is_met_draws_no_more() -> None:
    draws = draw_ranks(project(replace(ALL, draws=3000)), precision=0.05, confidence=False)
    assert draws.n_draws == 3000


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    draw_ranks(project(), progress=lambda *counts: told.append(counts))
    assert told[-1] == (3000, 3000)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


# What they tell.


def test_without_uncertainty_every_rank_is_certain() -> None:
    draws = draw_ranks(scored([(3, 1), (1, 1), (2, 9)], replace(EXACT, draws=100)))
    np.testing.assert_array_equal(draws.acceptability, [[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    np.testing.assert_array_equal(draws.pairwise, [[0.5, 1, 0], [0, 0.5, 0], [1, 1, 0.5]])
    np.testing.assert_array_equal(draws.rank_interval, [[2, 2], [3, 3], [1, 1]])
    assert draws.mean_rank_shift == 0
    assert draws.largest_error == 0
    assert draws.central_weights(2) == {}
    assert draws.confidence == {}


def test_ties_share_their_ranks_evenly() -> None:
    draws = draw_ranks(scored([[2.0], [1.0], [2.0], [2.0]], replace(EXACT, draws=50)))
    thirds = [1 / 3, 1 / 3, 1 / 3, 0]
    np.testing.assert_allclose(draws.acceptability, [thirds, [0, 0, 0, 1], thirds, thirds])
    np.testing.assert_array_equal(draws.pairwise[0], [0.5, 1, 0.5, 0.5])  # type: ignore[index]
    np.testing.assert_array_equal(draws.mean_rank, [2, 4, 2, 2])
    np.testing.assert_array_equal(draws.rank_quantile(0.5), [2, 4, 2, 2])
    np.testing.assert_array_equal(draws.rank_interval[0], [1, 3])


def test_communities_with_the_same_values_always_tie() -> None:
    uncertainty = replace(EXACT, weights=UniformWeights(), draws=2000)
    draws = draw_ranks(scored([(1, 5, 3), (4, 2, 3), (1, 5, 3)], uncertainty))
    assert draws.pairwise is not None
    assert draws.pairwise[0, 2] == 0.5
    np.testing.assert_array_equal(draws.acceptability[0], draws.acceptability[2])
    assert draws.confidence["c1"] == draws.confidence["c3"] == pytest.approx(0.5)
    assert draws.central_weights(0) == draws.central_weights(2)


def test_a_community_that_is_never_first_has_no_central_weights() -> None:
    uncertainty = replace(EXACT, weights=UniformWeights(), draws=500)
    draws = draw_ranks(scored([(2, 2), (1, 1)], uncertainty))
    assert draws.central_weights(1) is None
    assert draws.confidence == {"c1": 1.0}
    central = draws.central_weights(0)
    assert central is not None
    assert sum(central.values()) == pytest.approx(1, abs=1e-12)


def test_quantiles_are_ranks_that_were_reached() -> None:
    """Three draws in four second, one in four first: the median is 2, the lower quartile 1."""
    uncertainty = replace(EXACT, weights=UniformWeights(), draws=40_000)
    draws = draw_ranks(scored([(1, 0), (0.75, 0.75)], uncertainty))
    share = draws.acceptability[0, 0]
    assert share == pytest.approx(0.25, abs=0.01)
    for quantile, rank in ((share - 1e-6, 1), (share, 1), (share + 1e-4, 2), (0.5, 2), (1.0, 2)):
        assert draws.rank_quantile(quantile)[0] == rank


def test_the_standard_error_is_that_of_repeated_runs() -> None:
    uncertainty = replace(EXACT, weights=UniformWeights(), draws=400)
    runs = [
        draw_ranks(scored([(1, 0), (0.6, 0.6), (0, 1)], replace(uncertainty, seed=seed)))
        for seed in range(200)
    ]
    shares = [run.acceptability[0, 0] for run in runs]
    assert np.std(shares) == pytest.approx(runs[0].standard_error(0.4), rel=0.25)
    means = [run.mean_rank[0] for run in runs]
    assert np.std(means) == pytest.approx(runs[0].mean_rank_error[0], rel=0.25)


def test_a_confidence_factor_falls_with_the_errors() -> None:
    cells = [(1.0, 1.0), (0.9, 0.9)]
    told = {"x1": {"kind": "index"}, "x2": {"kind": "index"}}
    factors = []
    for sd in (0.001, 0.05, 5.0):
        uncertainty = replace(EXACT, weights=UniformWeights(), data=RelativeData(sd), draws=20_000)
        factors.append(draw_ranks(scored(cells, uncertainty, indicators=told)).confidence["c1"])
    assert factors[0] == 1.0
    assert factors[0] > factors[1] > factors[2] > 0.45


def test_a_long_prediction_is_not_quick() -> None:
    scoring = project()
    assert is_quick(scoring)
    assert not is_quick(with_uncertainty(scoring, draws=100_000_000))
    imputing = replace(scoring.settings.recipe, imputation=Staged(ExpectationMaximisation()))
    assert not is_quick(replace(scoring, settings=replace(scoring.settings, recipe=imputing)))


def test_more_than_two_thousand_communities_are_ranked() -> None:
    x = np.random.default_rng(0).normal(size=(2100, 2))
    draws = draw_ranks(scored(x, replace(EXACT, weights=UniformWeights(), draws=64)), jobs=1)
    assert draws.pairwise is None
    assert draws.exact_ranks == 200
    np.testing.assert_allclose(draws.acceptability.sum(axis=1), 1)
    assert draws.mean_rank.sum() == pytest.approx(2100 * 2101 / 2)


# The command.


def run(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(cli, ["uncertainty", *arguments, "--format", "json", "--quiet"])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return run("-C", str(builtin_project()), "--draws", "2000", "--seed", "7", "--jobs", "2")


def test_the_record_has_every_promised_key(record: dict[str, Any]) -> None:
    assert record["schema"] == "icfscore.uncertainty/1"
    assert (record["draws"], record["seed"]) == (2000, 7)
    n = len(record["communities"])
    for entry in record["communities"]:
        assert entry.keys() >= {
            "id",
            "nominal_rank",
            "mean_rank",
            "median_rank",
            "rank_interval",
            "probability_top",
            "acceptability",
        }
        assert entry["probability_top"].keys() >= {"1", "3", "7"}
        assert len(entry["acceptability"]) == n
        assert sum(entry["acceptability"]) == pytest.approx(1)
        low, high = entry["rank_interval"]
        assert 1 <= low <= entry["median_rank"] <= high <= n
        assert entry["probability_top"]["3"] == pytest.approx(sum(entry["acceptability"][:3]))
    ids = record["pairwise"]["ids"]
    assert sorted(ids) == sorted(entry["id"] for entry in record["communities"])
    pairwise = np.array(record["pairwise"]["probability"])
    np.testing.assert_array_equal(np.diag(pairwise), 0.5)
    np.testing.assert_allclose(pairwise + pairwise.T, 1)


def test_central_weights_are_null_for_those_never_first(record: dict[str, Any]) -> None:
    first = {entry["id"]: entry["probability_top"]["1"] for entry in record["communities"]}
    assert record["central_weights"].keys() == record["confidence"].keys() == first.keys()
    for name, share in first.items():
        assert (record["central_weights"][name] is None) == (share == 0)
        assert (record["confidence"][name] is None) == (share == 0)
    winner = max(first, key=lambda name: first[name])
    central = record["central_weights"][winner]
    factors = ("connect", "work", "innovate", "include", "engage", "sustain")
    assert sum(central[factor] for factor in factors) == pytest.approx(1)


def test_the_command_is_reproducible(record: dict[str, Any]) -> None:
    project = ("-C", str(builtin_project()))
    assert run(*project, "--draws", "2000", "--seed", "7", "--jobs", "1") == record
    assert run(*project, "--draws", "2000", "--seed", "8") != record


def test_the_pedigrees_tables_can_be_set(make_project: MakeProject) -> None:
    project = ("-C", str(make_project()), "--draws", "50")
    settings = "{kind: pedigree, age: [1, 1, 1, 1, 2], level: {national: 2}}"
    found = run(*project, "--set", f"uncertainty.data={settings}")
    assert found["uncertainty"]["data"]["age"] == [1, 1, 1, 1, 2]


def test_nothing_varied_is_certain_on_the_command_line(make_project: MakeProject) -> None:
    switches = [
        option
        for part, kind in (("weights", "none"), ("data", "none"), ("missing", "fixed"))
        for option in ("--set", f"uncertainty.{part}={kind}")
    ]
    found = run("-C", str(make_project()), "--draws", "20", *switches)
    for entry in found["communities"]:
        assert entry["acceptability"][entry["nominal_rank"] - 1] == 1
    assert set(found["central_weights"]) == {"alpha", "beta", "gamma"}


def test_null_weights_are_fixed(make_project: MakeProject) -> None:
    read = read_project(make_project({"icfscore.yaml": "uncertainty: {weights: null}\n"}))
    scoring = score(read.project, settle(read))
    assert isinstance(scoring.settings.uncertainty.weights, FixedWeights)


def test_files_of_the_built_in_project_can_be_drawn_by_default() -> None:
    read = read_project(Path(str(builtin_project())))
    assert is_quick(score(read.project, settle(read)))
