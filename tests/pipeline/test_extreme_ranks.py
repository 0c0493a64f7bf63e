"""Extreme ranks against published ones, brute force, and random weights."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pipeline.test_stability import FLAT, RAW, THREE_LEVELS, TWO_LEVELS, aggregated, scored

from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.methods.aggregate import Geometric, Harmonic, MazziottaPareto
from icfscore.methods.perturb import BoundedWeights
from icfscore.methods.sensitivity_trees import Family, ShareTree
from icfscore.methods.weigh import Entropy, Equal
from icfscore.pipeline.extreme_ranks import ExtremeRanks, find_extreme_ranks
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Staged

BETTER_LIFE = """\
australia 0.743 0.455 0.775 0.840 0.762 0.881 0.947 0.928 0.806 0.951 0.658 1
austria 0.584 0.524 0.797 0.840 0.622 0.785 0.649 0.760 0.871 0.922 0.722 2
belgium 0.697 0.609 0.678 0.760 0.736 0.687 0.588 0.770 0.710 0.741 0.913 1
canada 0.766 0.587 0.769 0.840 0.756 0.837 0.600 0.914 0.871 0.972 0.750 1
chile 0.353 0.065 0.488 0.360 0.400 0.292 0.446 0.569 0.581 0.631 0.547 21
czech_republic 0.455 0.162 0.597 0.640 0.748 0.774 0.427 0.557 0.516 0.898 0.721 10
denmark 0.576 0.398 0.755 0.840 0.753 0.889 0.709 0.722 0.903 0.877 0.980 1
estonia 0.385 0.060 0.411 0.520 0.760 0.771 0.253 0.425 0.226 0.717 0.742 8
finland 0.615 0.354 0.654 0.760 0.951 0.880 0.608 0.740 0.871 0.913 0.824 1
france 0.619 0.510 0.623 0.800 0.550 0.799 0.438 0.785 0.613 0.826 0.820 8
germany 0.611 0.512 0.747 0.760 0.769 0.879 0.392 0.706 0.645 0.892 0.856 3
greece 0.369 0.218 0.423 0.320 0.610 0.458 0.400 0.803 0.129 0.873 0.782 12
hungary 0.375 0.095 0.432 0.680 0.681 0.713 0.311 0.408 0.000 0.881 0.834 8
iceland 0.585 0.313 0.777 1.000 0.751 0.920 0.576 0.876 0.935 0.941 0.625 1
ireland 0.751 0.348 0.559 0.920 0.668 0.830 0.618 0.857 0.742 0.926 0.857 1
israel 0.398 0.357 0.610 0.640 0.479 0.518 0.222 0.895 0.774 0.741 0.551 5
italy 0.525 0.476 0.560 0.520 0.487 0.593 0.527 0.779 0.355 0.843 0.822 9
japan 0.446 0.565 0.701 0.680 0.903 0.704 0.518 0.496 0.419 0.994 0.414 1
korea 0.550 0.220 0.540 0.160 0.795 0.529 0.757 0.493 0.419 0.917 0.536 2
luxembourg 0.610 0.733 0.831 0.720 0.447 0.850 0.689 0.785 0.742 0.826 0.857 1
mexico 0.430 0.064 0.396 0.120 0.072 0.529 0.542 0.469 0.839 0.000 0.298 10
netherlands 0.695 0.552 0.821 0.840 0.712 0.688 0.520 0.826 0.903 0.830 0.948 1
new_zealand 0.623 0.335 0.732 0.800 0.752 0.872 0.730 0.930 0.806 0.949 0.723 1
norway 0.729 0.387 0.861 0.800 0.718 0.921 0.636 0.804 0.968 0.909 0.913 1
poland 0.310 0.108 0.528 0.720 0.786 0.528 0.550 0.498 0.387 0.962 0.708 2
portugal 0.647 0.267 0.492 0.480 0.434 0.760 0.356 0.581 0.097 0.790 0.753 8
slovak_republic 0.397 0.125 0.398 0.640 0.638 0.799 0.373 0.509 0.387 0.902 0.785 9
slovenia 0.564 0.216 0.620 0.760 0.762 0.703 0.643 0.646 0.452 0.881 0.775 5
spain 0.656 0.299 0.397 0.800 0.485 0.631 0.518 0.860 0.516 0.866 0.909 1
sweden 0.615 0.466 0.718 0.760 0.834 0.968 0.881 0.882 0.935 0.824 0.879 1
switzerland 0.591 0.781 0.890 0.840 0.736 0.831 0.359 0.925 1.000 0.869 0.790 1
turkey 0.125 0.072 0.229 0.000 0.148 0.307 0.630 0.493 0.194 0.775 0.000 11
united_kingdom 0.611 0.560 0.775 0.880 0.593 0.955 0.707 0.826 0.677 0.955 0.729 1
united_states 0.775 1.000 0.746 0.680 0.696 0.794 0.582 0.842 0.742 0.895 0.674 1
brazil 0.381 0.000 0.473 0.600 0.154 0.657 0.442 0.467 0.645 0.278 0.725 18
russia 0.593 0.133 0.588 0.560 0.608 0.420 0.222 0.058 0.290 0.725 0.859 7
"""


def _found(scoring: Scoring, **options: Any) -> dict[str, ExtremeRanks]:
    return {found.community: found for found in find_extreme_ranks(scoring, **options)}


def _simplex_grid(c: int, steps: int) -> Floats:
    points = [p for p in product(range(steps + 1), repeat=c - 1) if sum(p) <= steps]
    table = np.array(points) / steps
    return np.column_stack([table, 1 - table.sum(axis=1)])


def _rank_ranges(values: Floats, weights: Floats) -> list[tuple[int, int]]:
    """Best and worst rank over weights (m, c), leads counting from 1e-9."""
    scores = weights @ values.T
    ahead = scores[:, None, :] > scores[:, :, None] + 1e-9
    ranks = 1 + ahead.sum(axis=2)
    return list(zip(ranks.min(axis=0).tolist(), ranks.max(axis=0).tolist(), strict=True))


def test_best_ranks_of_the_better_life_index_are_the_published_ones() -> None:
    """OECD Better Life Index 2013: 36 countries, 11 topics, any weights.

    Data (columns dim_*, here to 3 decimals) and best ranks under continuous weights (column
    bestranks_cont): man/example_data/oecd_betterlife_2013.csv of the R package rankoptimalweights,
    which goes with Lorenz, Brauer and Lorenz (2016), https://arxiv.org/abs/1608.04556. Ranks are
    whole numbers: no tolerance.
    """
    rows = [line.split() for line in BETTER_LIFE.splitlines()]
    scoring = scored(
        [[float(x) for x in row[1:12]] for row in rows], [f"x{i}" for i in range(1, 12)]
    )
    found = find_extreme_ranks(scoring)
    assert [ranks.best for ranks in found] == [int(row[12]) for row in rows]
    assert all(ranks.exact for ranks in found)


def test_an_island_inside_the_hull_is_never_first() -> None:
    """By hand: (4, 4) lies below the line from (9, 0) to (0, 9), where t = 1/2 gives 4.5."""
    found = _found(scored([[9, 0], [0, 9], [4, 4]], ["x1", "x2"]))
    assert [(f.best, f.worst) for f in found.values()] == [(1, 3), (1, 3), (2, 3)]


def test_ties_share_the_best_rank() -> None:
    found = _found(scored([[1, 2], [1, 2], [1, 0]], ["x1", "x2"]))
    assert [(f.best, f.worst) for f in found.values()] == [(1, 1), (1, 1), (1, 3)]
    assert found["c3"].best_weights == pytest.approx({"x1": 1.0, "x2": 0.0})


def test_shares_far_down_one_branch_are_found_too() -> None:
    """By hand: c1 leads by 9 - 8 of the share of x1, three levels down, and lacks 9 of that of x2,
    at the top: it is first only from a share of 0.9 for x1.
    """
    tree = {"a": {"c": {"e": ["x1"]}}, "b": ["x2"]}
    found = _found(scored([[9, 0], [8, 9]], tree), nodes=None)
    assert [(f.best, f.worst) for f in found.values()] == [(1, 2), (1, 2)]


def test_one_community_and_one_indicator_leave_no_choice() -> None:
    assert _found(scored([[1, 2]], ["x1", "x2"]))["c1"].worst == 1
    found = _found(scored([[3], [1], [2]], ["x1"]))
    assert [(f.best, f.worst) for f in found.values()] == [(1, 1), (3, 3), (2, 2)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 100_000), st.integers(2, 3))
def test_dense_grids_find_nothing_beyond(seed: int, c: int) -> None:
    """Nothing on a grid of weights is beyond; between two weights all crossings can be listed."""
    values = np.random.default_rng(seed).integers(0, 5, (7, c)).astype(float)
    found = find_extreme_ranks(scored(values, [f"x{i + 1}" for i in range(c)]))
    told = [(f.best, f.worst) for f in found]
    for (best, worst), (grid_best, grid_worst) in zip(
        told, _rank_ranges(values, _simplex_grid(c, 60)), strict=True
    ):
        assert best is not None
        assert worst is not None
        assert best <= grid_best
        assert worst >= grid_worst
    if c == 2:  # crossings of whole numbers up to 4: points between all of them
        crossings = np.unique([a / b for b in range(1, 9) for a in range(b + 1)])
        between = np.concatenate([crossings, (crossings[1:] + crossings[:-1]) / 2])
        assert told == _rank_ranges(values, np.column_stack([between, 1 - between]))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([TWO_LEVELS, THREE_LEVELS]), st.booleans())
def test_random_weights_are_never_outside(seed: int, tree: Any, bounded: bool) -> None:
    draw = np.random.default_rng(seed)
    values = draw.integers(0, 9, (6, 5)).astype(float)
    scoring = scored(values, tree)
    bounds = BoundedWeights(lower=0.2, upper=0.8) if bounded else BoundedWeights()
    found = _found(scoring, nodes=None, bounds=bounds)
    shares = {
        node: draw.dirichlet(np.ones(c), 300)
        for node, c in (("index", 2), ("a", 2), ("b", 3 if tree is TWO_LEVELS else 2), ("c", 2))
    }
    if bounded:
        shares = {node: 0.2 + (1 - 0.2 * w.shape[1]) * w for node, w in shares.items()}
    top, a, b, c = (shares[node] for node in ("index", "a", "b", "c"))
    if tree is TWO_LEVELS:
        weights = np.column_stack([top[:, :1] * a, top[:, 1:] * b])
    else:
        weights = np.column_stack(
            [top[:, :1] * a[:, :1] * c, top[:, :1] * a[:, 1:], top[:, 1:] * b]
        )
    for told, (best, worst) in zip(found.values(), _rank_ranges(values, weights), strict=True):
        assert told.best is not None
        assert told.worst is not None
        assert told.best <= best <= worst <= told.worst
        assert told.best <= (scoring.ranking.rank_of(told.community) or 0) <= told.worst


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from(["arithmetic", "geometric", "harmonic"]))
def test_the_weights_told_give_the_rank_told(seed: int, kind: str) -> None:
    values = np.random.default_rng(seed).uniform(1, 9, (8, 4))
    recipes = {
        "arithmetic": RAW,
        "geometric": aggregated(Geometric()),
        "harmonic": aggregated(Harmonic()),
    }
    names = [f"x{i}" for i in range(1, 5)]
    for told in find_extreme_ranks(scored(values, names, recipes[kind])):
        for rank, weights in ((told.best, told.best_weights), (told.worst, told.worst_weights)):
            assert sum(weights.values()) == pytest.approx(1)
            moved = {name: max(weight, 1e-12) for name, weight in weights.items()}
            assert (
                scored(values, names, recipes[kind], moved).ranking.rank_of(told.community) == rank
            )


def test_bounds_hold_at_every_node() -> None:
    bounds = BoundedWeights(lower={"a": 0.3, "x1": 0.25}, upper={"x3": 0.4, "a": 0.5})
    values = np.random.default_rng(5).uniform(0, 9, (9, 5))
    for told in find_extreme_ranks(scored(values, TWO_LEVELS), nodes=None, bounds=bounds):
        for weights in (told.best_weights, told.worst_weights):
            assert 0.3 - 1e-9 <= weights["a"] <= 0.5 + 1e-9
            assert weights["x1"] >= 0.25 - 1e-9
            assert weights["x3"] <= 0.4 + 1e-9
    scoring = scored(values, TWO_LEVELS)
    fixed = find_extreme_ranks(scoring, bounds=BoundedWeights(lower=0.5, upper=0.5))
    assert [f.best for f in fixed] == [f.worst for f in fixed] == scoring.ranking.ranks.tolist()


def test_bounds_that_no_weights_meet_are_refused() -> None:
    scoring = scored(np.eye(3), FLAT)
    with pytest.raises(
        InputError, match=r"children of index lie within the bounds: the lower ones sum to 1\.5"
    ):
        find_extreme_ranks(scoring, bounds=BoundedWeights(lower=0.5))
    with pytest.raises(InputError, match=r"the upper ones to 0\.9"):
        find_extreme_ranks(scoring, bounds=BoundedWeights(upper=0.3))
    with pytest.raises(InputError, match="a bound names 'x9', which is no child of a node"):
        find_extreme_ranks(scoring, bounds=BoundedWeights(lower={"x9": 0.5}))


def test_only_the_nodes_named_are_free() -> None:
    values = np.random.default_rng(8).uniform(0, 9, (8, 5))
    scoring = scored(values, TWO_LEVELS)
    everything = _found(scoring, nodes=None)
    for nodes in (("index",), ("a",), ("a", "b")):
        found = _found(scoring, nodes=nodes)
        for name, told in found.items():
            wide = everything[name]
            assert wide.best <= told.best <= told.worst <= wide.worst  # type: ignore[operator]
    below = _found(scoring, nodes=("a",))["c1"]
    assert sorted(below.best_weights) == ["x1", "x2"]
    share = np.linspace(0, 1, 401)[:, None]
    weights = np.hstack([share / 2, (1 - share) / 2, np.full((401, 3), 1 / 6)])
    for told, (best, worst) in zip(
        _found(scoring, nodes=("a",)).values(), _rank_ranges(values, weights), strict=True
    ):
        assert (told.best, told.worst) == (best, worst)


def test_gaps_where_weights_are_free_are_refused_with_a_reason() -> None:
    values = np.array([[9, 9, 9, 9, 9], [5, 1, 4, 4, 2], [1, np.nan, 2, 5, 4], [4, 4, 4, 4, 4]])
    found = _found(scored(values, TWO_LEVELS), nodes=None)
    assert (found["c1"].best, found["c1"].worst, found["c1"].reason) == (1, 1, "")
    assert found["c3"].best is None
    assert "has no value of x2: rescaled over what is present" in found["c3"].reason
    assert "free the weights of index only" in found["c3"].reason
    assert "the order with c3, of which values are missing" in found["c2"].reason
    assert not found["c2"].exact
    fixed = _found(scored(values, TWO_LEVELS))
    assert all(told.best is not None for told in fixed.values())  # criterion scores stay


def test_a_community_with_gaps_that_is_surely_ahead_counts() -> None:
    values = np.array([[9, np.nan, 8], [1, 2, 3], [3, 2, 1]])
    found = _found(scored(values, FLAT))
    assert (found["c2"].best, found["c2"].worst) == (2, 3)


def test_what_is_no_sum_is_refused_with_a_reason() -> None:
    found = find_extreme_ranks(scored(np.eye(3), FLAT, aggregated(MazziottaPareto())))
    assert {f.best for f in found} == {None}
    assert "here: mazziotta_pareto" in found[0].reason
    below = replace(RAW, aggregation=Staged(RAW.aggregation.base, by_node={"a": MazziottaPareto()}))
    values = np.random.default_rng(8).uniform(1, 9, (4, 5))
    assert all(f.exact for f in find_extreme_ranks(scored(values, TWO_LEVELS, below)))
    assert (
        "mazziotta_pareto"
        in find_extreme_ranks(scored(values, TWO_LEVELS, below), nodes=None)[0].reason
    )
    above = replace(RAW, weighting=Staged(Equal(), by_node={"index": Entropy()}))
    reason = find_extreme_ranks(scored(values, TWO_LEVELS, above), nodes=("a",))[0].reason
    assert reason.startswith("the weights of index follow the data (entropy)")


def test_a_stopped_solver_says_that_it_proved_nothing() -> None:
    values = np.random.default_rng(3).uniform(0, 9, (60, 6))
    scoring = scored(values, [f"x{i}" for i in range(1, 7)])
    some = ["c5", "c9", "c17"]
    stopped = find_extreme_ranks(scoring, communities=some, node_limit=1)
    assert any("gave up within 1 nodes" in told.reason for told in stopped)
    for told, true in zip(stopped, find_extreme_ranks(scoring, communities=some), strict=True):
        assert told.exact == (told.reason == "")
        assert true.exact
        assert true.best <= told.best <= told.worst <= true.worst  # type: ignore[operator]


def test_the_built_in_project_is_solved_for_all_communities() -> None:
    folder = read_project(Path(__file__).parents[2])
    scoring = score(folder.project, settle(folder))
    found = find_extreme_ranks(scoring)
    draw = np.random.default_rng(1).dirichlet(np.ones(6), 20_000)
    children = scoring.project.tree.root.children
    scores = draw @ np.stack([scoring.scores.of(child.id) for child in children])
    ranks = 1 + (-scores).argsort(axis=1).argsort(axis=1)
    assert all(told.exact for told in found)
    assert all(told.best <= rank for told, rank in zip(found, ranks.min(axis=0), strict=True))
    assert all(told.worst >= rank for told, rank in zip(found, ranks.max(axis=0), strict=True))


def test_the_highest_score_of_a_tree_fills_the_best_children_first() -> None:
    """By hand: 0.2 each is spoken for; of 0.4 left the best child takes 0.3, the next 0.1."""
    family = Family(3, np.array([0, 1, 2]), np.full(3, 0.2), np.full(3, 0.5))
    tree = ShareTree((family,), n_leaves=3)
    assert tree.highest(np.array([[1.0, 10.0, 100.0]])) == pytest.approx(0.2 + 3 + 50)


def test_the_solver_keeps_off_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    values = np.random.default_rng(3).random((120, 6)) * 100
    names = [f"x{i}" for i in range(1, 7)]
    find_extreme_ranks(scored(values, names), communities=["c5", "c9"])
    assert capfd.readouterr().out == ""
