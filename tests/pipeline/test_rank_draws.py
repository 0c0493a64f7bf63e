"""Draws against answers that are known exactly, by geometry or in closed form.

Shares of draws are compared within five Monte Carlo standard errors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import erf, log, sqrt
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
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import score
from icfscore.pipeline.uncertainty import draw_ranks

N = 40_000
GONE = {"criteria/air.yaml": None, "criteria/work.yaml": None, "communities/areas/AAA.yaml": None}
UNIFORM = "{weights: uniform_simplex, data: none, missing: fixed}"
EXACT = "{weights: none, data: none, missing: fixed}"
PEDIGREE = "{weights: none, missing: fixed, data: {kind: pedigree}}"


def _project(
    make_project: MakeProject,
    rows: Mapping[str, tuple[float | None, ...]],
    uncertainty: str,
    *,
    recipe: str = "{normalisation: none}",
    extra: Mapping[str, str] | None = None,
    kind: str = "ratio",
) -> Path:
    size = len(next(iter(rows.values())))
    entry = "  - {{id: x{0}, name: X, unit: m, direction: higher, kind: {1}}}\n"
    framework = "id: f\nname: F\nindicators:\n" + "".join(
        entry.format(i, kind) for i in range(size)
    )
    files: dict[str, str | bytes | None] = dict(GONE)
    for name in ("alpha", "beta", "gamma"):
        files[f"communities/{name}.yaml"] = None
    for name, values in rows.items():
        observed = "".join(f"  x{i}: {x}\n" for i, x in enumerate(values) if x is not None)
        head = f"id: {name}\nname: N\nsource: census\n" + ("parent: AAA\n" if extra else "")
        files[f"communities/{name}.yaml"] = f"{head}observations:\n{observed or '  {}'}"
    settings = f"recipe: {recipe}\nuncertainty: {uncertainty}\n"
    files |= {"criteria/framework.yaml": framework, "icfscore.yaml": settings, **(extra or {})}
    return make_project(files)


def _draw(folder: Path, **options: Any) -> RankDraws:
    read = read_project(folder)
    chosen = {"draws": N, **{k: options.pop(k) for k in ("draws", "seed") if k in options}}
    return draw_ranks(score(read.project, settle(read, **chosen)), **options)


def _first(draws: RankDraws) -> dict[str, float]:
    return dict(zip(draws.communities, draws.acceptability[:, 0].tolist(), strict=True))


def _near(expected: float) -> Any:
    return pytest.approx(expected, abs=5 * sqrt(max(expected * (1 - expected), 1e-9) / N))


def test_segments_of_the_weight_line_are_shares_of_draws(make_project: MakeProject) -> None:
    # a is first where w > 0.6, c where w < 0.4, b in between.
    rows = {"a": (1, 0), "b": (0.6, 0.6), "c": (0, 1)}
    draws = _draw(_project(make_project, rows, UNIFORM))
    assert _first(draws) == {"a": _near(0.4), "b": _near(0.2), "c": _near(0.4)}
    pairwise = draws.pairwise
    assert pairwise is not None
    assert pairwise[0].tolist() == [0.5, _near(0.4), _near(0.5)]
    # The centre of w in (0.6, 1) is 0.8, of (0.4, 0.6) 0.5.
    assert (draws.central_weights(0) or {})["x0"] == pytest.approx(0.8, abs=0.01)
    assert (draws.central_weights(1) or {})["x0"] == pytest.approx(0.5, abs=0.01)
    assert draws.confidence == {"a": 1, "b": 1, "c": 1}


def test_thirds_of_the_weight_triangle_have_their_centroids(make_project: MakeProject) -> None:
    # The largest of three uniform shares is (1 + 1/2 + 1/3) / 3 on average, the others alike.
    rows = {"a": (1, 0, 0), "b": (0, 1, 0), "c": (0, 0, 1)}
    draws = _draw(_project(make_project, rows, UNIFORM))
    assert _first(draws) == {name: _near(1 / 3) for name in rows}
    centre = draws.central_weights(0) or {}
    assert centre["x0"] == pytest.approx(11 / 18, abs=0.006)
    assert centre["x1"] == pytest.approx(7 / 36, abs=0.006)


def test_rows_and_columns_sum_to_one_and_pairs_are_complements(make_project: MakeProject) -> None:
    rows = {"a": (1, 0, 2), "b": (0, 1, 1), "c": (0.5, 0.5, 1), "d": (0.5, 0.5, 1)}
    draws = _draw(_project(make_project, rows, UNIFORM), draws=3000)
    np.testing.assert_allclose(draws.acceptability.sum(axis=0), 1, atol=1e-12)
    np.testing.assert_allclose(draws.acceptability.sum(axis=1), 1, atol=1e-12)
    assert draws.pairwise is not None
    np.testing.assert_allclose(draws.pairwise + draws.pairwise.T, 1, atol=1e-12)


def test_nothing_uncertain_and_no_ties_give_probability_one(make_project: MakeProject) -> None:
    draws = _draw(_project(make_project, {"a": (3,), "b": (2,), "c": (1,)}, EXACT), draws=100)
    assert draws.acceptability.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert draws.rank_interval.tolist() == [[1, 1], [2, 2], [3, 3]]
    assert draws.mean_rank_shift == 0


def test_tied_communities_share_the_ranks_they_occupy(make_project: MakeProject) -> None:
    rows = {"a": (2,), "b": (2,), "c": (2,), "d": (1,)}
    draws = _draw(_project(make_project, rows, EXACT), draws=100)
    third = pytest.approx(1 / 3)
    assert draws.acceptability[0].tolist() == [third, third, third, 0]
    assert draws.mean_rank.tolist() == [2, 2, 2, 4]
    assert draws.pairwise is not None
    assert draws.pairwise[0].tolist() == [0.5, 0.5, 0.5, 1]


def test_lognormal_errors_put_the_larger_value_ahead_as_often_as_they_should(
    make_project: MakeProject,
) -> None:
    # ln a - ln b is normal around ln 1.05 with standard deviation ln 1.05 times the root of 2.
    draws = _draw(_project(make_project, {"a": (1.05,), "b": (1,)}, PEDIGREE))
    assert _first(draws)["a"] == _near((1 + erf(log(1.05) / (log(1.05) * sqrt(2)) / sqrt(2))) / 2)


@pytest.mark.parametrize(("level", "tie"), [("1.0", True), ("1.5", False)])
def test_heirs_share_the_error_and_have_their_own_as_proxies(
    make_project: MakeProject, level: str, tie: bool
) -> None:
    land = {
        "communities/areas/AAA.yaml": "id: AAA\nname: L\nsource: census\nobservations: {x0: 4}\n"
    }
    uncertainty = PEDIGREE.replace("pedigree", f"pedigree, level: {{national: {level}}}")
    rows = {"a": (None,), "b": (None,), "c": (400,)}
    draws = _draw(_project(make_project, rows, uncertainty, extra=land))
    shares = draws.acceptability[0].tolist()
    assert shares == ([0, 0.5, 0.5] if tie else [0, _near(0.5), _near(0.5)])


def test_a_gap_takes_each_donors_value_alike(make_project: MakeProject) -> None:
    # The donors' x1 of 0 and 10 put a below or above both others.
    rows = {"a": (5, None), "b": (5, 0), "c": (5, 10)}
    uncertainty = "{weights: none, data: none, missing: hot_deck}"
    draws = _draw(_project(make_project, rows, uncertainty))
    assert draws.acceptability[0].tolist() == [_near(0.25), _near(0.5), _near(0.25)]


def test_alternatives_are_equally_likely(make_project: MakeProject) -> None:
    # a is ahead by its mean of 5, behind by its harmonic mean of 1.8.
    uncertainty = EXACT.replace(
        "{weights", "{alternatives: {aggregation: [arithmetic, harmonic]}, weights"
    )
    draws = _draw(_project(make_project, {"a": (1, 9), "b": (4, 4)}, uncertainty))
    assert _first(draws)["a"] == _near(0.5)


def test_what_is_undefined_for_the_plain_data_stops_before_the_first_draw(
    make_project: MakeProject,
) -> None:
    uncertainty = UNIFORM.replace("{weights", "{alternatives: {aggregation: [geometric]}, weights")
    folder = _project(make_project, {"a": (1, 0), "b": (4, 4)}, uncertainty)
    with pytest.raises(InputError, match=r"aggregation geometric: a, index, x1: .* needs values"):
        _draw(folder)


def test_the_seed_decides_and_the_threads_do_not(make_project: MakeProject) -> None:
    rows = {"a": (1, 2, 2.1), "b": (2, 1, 2), "c": (1.5, 1.4, 2.2)}
    folder = _project(make_project, rows, UNIFORM.replace("data: none, ", ""))
    one = _draw(folder, draws=20_000, jobs=1)
    for jobs in (2, 3):
        other = _draw(folder, draws=20_000, jobs=jobs)
        assert one.tally.histogram.tobytes() == other.tally.histogram.tobytes()
        assert one.central_weights(0) == other.central_weights(0)
    assert _first(_draw(folder, draws=20_000, seed=1)) != _first(one)


def test_draws_go_on_until_they_are_precise(make_project: MakeProject) -> None:
    folder = _project(make_project, {"a": (1, 0), "b": (0, 1)}, UNIFORM)
    draws = _draw(folder, draws=100, precision=0.005)
    assert draws.largest_error <= 0.005
    assert draws.n_draws >= 10_000


def test_a_run_that_is_stopped_keeps_what_it_has(make_project: MakeProject) -> None:
    def stop(done: int, total: int) -> None:
        if done < total:
            raise KeyboardInterrupt

    folder = _project(make_project, {"a": (1, 0), "b": (0, 1)}, UNIFORM)
    draws = _draw(folder, draws=200_000, jobs=1, progress=stop)
    assert draws.interrupted
    assert 0 < draws.n_draws < 200_000


def test_the_record_has_the_keys_of_the_interface(make_project: MakeProject) -> None:
    folder = _project(make_project, {"a": (3, 1), "b": (1, 2), "c": (0, 0)}, UNIFORM)
    arguments = ["uncertainty", "-C", str(folder), "--format", "json", "--draws", "500"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["schema"] == "icfscore.uncertainty/1"
    assert (record["draws"], record["seed"]) == (500, 2019)
    row = record["communities"][0]
    assert {"id", "nominal_rank", "mean_rank", "median_rank", "rank_interval"} <= set(row)
    assert list(row["probability_top"]) == ["1", "3"]
    assert row["probability_top"]["3"] == 1
    assert record["pairwise"]["ids"] == ["a", "b", "c"]
    assert record["central_weights"]["c"] is None
    assert record["confidence"] == {"a": 1.0, "b": 1.0, "c": None}
