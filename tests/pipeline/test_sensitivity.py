"""Sobol' indices through the whole engine, against models whose indices are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.errors import InputError
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.pipeline.block_designs import best_ranks
from icfscore.pipeline.score import Scoring, score
from icfscore.pipeline.sensitivity import find_drivers

LINEAR = """\
    id: linear
    name: Linear
    criteria:
      - {id: a, name: A, weight: 1, indicators: [{id: x, name: X, unit: m, direction: higher, kind: ratio}]}
      - {id: b, name: B, weight: 2, indicators: [{id: y, name: Y, unit: m, direction: higher, kind: ratio}]}
      - {id: c, name: C, weight: 3, indicators: [{id: z, name: Z, unit: m, direction: higher, kind: ratio}]}
    """
SETTINGS = """\
    focus: alpha
    recipe: {normalisation: none}
    uncertainty: {draws: 20000, weights: none, missing: fixed, data: {kind: relative, sd: 0.1}}
    """


@pytest.fixture
def linear(make_project: MakeProject) -> Path:
    values = {"alpha": (10, 10, 10), "beta": (8, 9, 9), "gamma": (5, 5, 5)}
    communities = {
        f"communities/{name}.yaml": f"id: {name}\nname: N\nsource: census\n"
        f"observations: {{x: {x}, y: {y}, z: {z}}}\n"
        for name, (x, y, z) in values.items()
    }
    gone = {
        "criteria/air.yaml": None,
        "criteria/work.yaml": None,
        "communities/areas/AAA.yaml": None,
    }
    return make_project(
        {"criteria/framework.yaml": LINEAR, "icfscore.yaml": SETTINGS, **communities, **gone}
    )


def _score(folder: Path, **options: Any) -> Scoring:
    read = read_project(folder)
    return score(read.project, settle(read, **options))


def test_a_linear_score_has_the_squares_of_its_weights_as_indices(linear: Path) -> None:
    # alpha's score is the weighted mean of independent errors of equal size:
    # S_i = w_i^2 / sum w^2, and nothing is done together (Saltelli et al. 2008, Global
    # Sensitivity Analysis: The Primer, section 1.2).
    found = find_drivers(_score(linear), "focus_score")
    assert found.factors == ("data.a", "data.b", "data.c")
    expected = np.array([1, 4, 9]) / 14
    np.testing.assert_allclose(found.indices.first_order, expected, atol=0.03)
    np.testing.assert_allclose(found.indices.total, expected, atol=0.03)
    low, high = found.indices.total_interval.T
    assert (np.abs(found.indices.total - expected) < high - low).all()


def test_methods_alone_are_enumerated_exactly(linear: Path) -> None:
    options = {
        "uncertainty.data": "none",
        "uncertainty.alternatives": "{normalisation: [min_max, {kind: rank}], aggregation:"
        " [arithmetic, {kind: power_mean, exponent: 2}, {kind: median}]}",
    }
    found = find_drivers(_score(linear, assignments=options), "mean_rank_shift")
    assert found.indices.exact
    assert found.n_base == 0
    assert found.factors == ("normalisation", "aggregation")


def test_nothing_that_varies_is_an_error(linear: Path) -> None:
    with pytest.raises(InputError, match="nothing varies"):
        find_drivers(_score(linear, assignments={"uncertainty.data": "none"}), "focus_rank")


def test_the_score_is_no_measure_where_its_scale_varies(linear: Path) -> None:
    alternatives = {"uncertainty.alternatives": "{normalisation: [min_max, rank]}"}
    with pytest.raises(InputError, match="focus_score is no measure where normalisation varies"):
        find_drivers(_score(linear, assignments=alternatives), "focus_score")


def test_a_rank_needs_a_focus(linear: Path) -> None:
    with pytest.raises(InputError, match="focus_rank needs a focus"):
        find_drivers(_score(linear, assignments={"focus": "null"}), "focus_rank")


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_threads_do_not_change_a_byte(linear: Path, jobs: int) -> None:
    one = find_drivers(_score(linear), "focus_rank", jobs=1).indices
    other = find_drivers(_score(linear), "focus_rank", jobs=jobs).indices
    assert one.total.tobytes() == other.total.tobytes()
    assert one.total_interval.tobytes() == other.total_interval.tobytes()


def test_ranks_in_draws_share_the_best_place() -> None:
    scores = np.array([[3.0, 1.0], [2.0, 1.0], [2.0, 5.0]])
    assert best_ranks(scores).tolist() == [[1, 2], [2, 2], [2, 1]]


def _record(folder: Path, *options: str) -> dict[str, Any]:
    arguments = ["sensitivity", "-C", str(folder), "--format", "json", "--quiet", *options]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    record: dict[str, Any] = json.loads(result.stdout)
    return record


def test_the_record_has_the_keys_of_the_interface(linear: Path) -> None:
    record = _record(linear, "--draws", "500")
    assert record["schema"] == "icfscore.sensitivity/1"
    assert record["output"] == "focus_rank"
    assert record["exact"] is False
    keys = {"name", "first_order", "total", "first_order_interval", "total_interval"}
    assert keys == set(record["factors"][0])
    assert {one["node"] for one in record["weight_stability"]} == {"a", "b", "c", "x", "y", "z"}
    assert {"node", "weight", "interval", "breakpoints"} <= set(record["weight_stability"][0])
    # alpha is best on every criterion, gamma last: no weights change their place.
    extremes = {one["id"]: (one["best"], one["worst"]) for one in record["extreme_ranks"]}
    assert extremes == {"alpha": (1, 1), "beta": (2, 2), "gamma": (3, 3)}
    removed = {one["removed"] for one in record["leave_one_out"]}
    assert {"a", "b", "c", "beta", "gamma"} <= removed


def test_without_a_focus_the_lists_that_need_one_are_empty(linear: Path) -> None:
    record = _record(linear, "--set", "focus=null", "--draws", "500")
    assert record["factors"] == []
    assert record["weight_stability"] == []
    assert record["leave_one_out"] == []
    assert len(record["extreme_ranks"]) == 3
    record = _record(linear, "--set", "focus=null", "--draws", "500", "--of", "mean_rank_shift")
    assert len(record["factors"]) == 3
