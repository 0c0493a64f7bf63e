"""Weight stability against hand calculation, and against the engine at thousands of other shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from icfscore.domain.communities import Entity, Observation
from icfscore.domain.criteria import CriteriaTree, Criterion, Indicator
from icfscore.domain.project import Project
from icfscore.domain.tables import Floats
from icfscore.methods.aggregate import (
    Copeland,
    Geometric,
    Harmonic,
    MazziottaPareto,
    Median,
    PowerMean,
)
from icfscore.methods.normalise import NoNormalisation
from icfscore.methods.weigh import Entropy, Equal
from icfscore.pipeline.nodes import weigh_and_aggregate
from icfscore.pipeline.score import Scoring, score
from icfscore.pipeline.stability import (
    ShareSweep,
    WeightStability,
    plan_of,
    share_sweeps,
    weight_stability,
)
from icfscore.recipe import Recipe, Screening, Settings, Staged

Tree = Mapping[str, Any] | list[str]
FLAT = ["x1", "x2", "x3"]
TWO_LEVELS = {"a": ["x1", "x2"], "b": ["x3", "x4", "x5"]}
THREE_LEVELS = {"a": {"c": ["x1", "x2"], "d": ["x3"]}, "b": ["x4", "x5"]}
RAW = Recipe(Screening(0, 0), normalisation=Staged(NoNormalisation()))


def scored(
    values: Any, tree: Tree, recipe: Recipe = RAW, weights: Mapping[str, float] | None = None
) -> Scoring:
    """Score communities c1, c2, ... on indicators x1, x2, ... that have these values."""
    table = np.array(values, dtype=float)
    names = [f"x{column + 1}" for column in range(table.shape[1])]
    communities = tuple(
        Entity(
            f"c{row + 1}",
            f"C{row + 1}",
            "community",
            observations={
                name: (Observation(float(value), "s", "community"),)
                for name, value in zip(names, line, strict=True)
                if not np.isnan(value)
            },
        )
        for row, line in enumerate(table)
    )
    framework = CriteriaTree("t", "1", _criterion("index", tree))
    project = Project(framework, communities, {}, {}, "sha256:0")
    return score(project, Settings(recipe=recipe, weights=weights or {}))


def _criterion(name: str, tree: Tree) -> Criterion:
    if isinstance(tree, Mapping):
        children = tuple(_criterion(child, below) for child, below in tree.items())
        return Criterion(id=name, name=name, criteria=children)
    indicators = (Indicator(id=x, name=x, unit="1", direction="higher", kind="ratio") for x in tree)
    return Criterion(id=name, name=name, indicators=tuple(indicators))


def aggregated(method: Any) -> Recipe:
    """Aggregate scores as they are by another method."""
    return replace(RAW, aggregation=Staged(method))


def _found(scoring: Scoring, focus: str = "c1") -> dict[str, WeightStability]:
    return {found.node: found for found in weight_stability(scoring, focus)}


def _told_rank(found: WeightStability, rank: int, share: float) -> int:
    """Read the rank at a share off the breakpoints."""
    passed = [
        point
        for point in found.breakpoints
        if (point.above and point.weight < share) or (not point.above and point.weight > share)
    ]
    mine = [point for point in passed if point.above == (share > found.weight)]
    if not mine:
        return rank
    return (max if share > found.weight else min)(mine, key=lambda point: point.weight).rank


def _engine_ranks(sweep: ShareSweep, row: int, shares: Floats) -> list[int]:
    """Rank a community at other shares by the engine itself, weights given anew."""
    scoring = sweep.scoring
    ranks = []
    for weights in sweep.shares_at(shares):
        plan = plan_of(scoring)
        steps = tuple(
            replace(step, weighting=_Fixed(weights)) if step.node == sweep.node else step  # type: ignore[arg-type]
            for step in plan.nodes
        )
        scores = weigh_and_aggregate(scoring.normalised, replace(plan, nodes=steps))[0]["index"]
        ranks.append(1 + int((scores > scores[row] + 1e-12).sum()))  # ties, but for rounding
    return ranks


class _Fixed:
    kind = "fixed"

    def __init__(self, weights: Floats) -> None:
        self.weights = weights

    def __call__(self, x: Floats, siblings: object) -> Floats:
        return self.weights


def _assert_told_as_the_engine_has_it(scoring: Scoring, focus: str, shares: Floats) -> None:
    row = scoring.ranking.communities.index(focus)
    rank = scoring.ranking.rank_of(focus)
    assert rank is not None
    found = _found(scoring, focus)
    for sweep in share_sweeps(scoring):
        if len(sweep.shares) == 1:
            continue
        told = found[sweep.child]
        near = [point.weight for point in told.breakpoints] + [told.weight]
        away = shares[[min(abs(share - other) for other in near) > 1e-6 for share in shares]]
        expected = _engine_ranks(sweep, row, away)
        assert [_told_rank(told, rank, float(share)) for share in away] == expected


def test_the_crossing_of_two_lines_is_where_the_fractions_say() -> None:
    """By hand: c1 scores 1/3 (1, 0, 0), c2 (0, 1/2, 1/2); with share t of x1 they have t, (1 - t)/2."""
    found = _found(scored([[1, 0, 0], [0, 0.5, 0.5]], FLAT))
    crossing = float(Fraction(1, 3))
    assert found["x1"].weight == pytest.approx(crossing)
    assert found["x1"].interval == pytest.approx((crossing, 1))
    point = found["x1"].breakpoints[0]
    assert (point.weight, point.rank, point.above) == (pytest.approx(crossing), 2, False)
    assert point.changing == ("c2",)
    # x2 at t: c1 has (1 - t)/2, c2 t/2 + (1 - t)/4: level at 1/3 again, c1 behind above it.
    assert [(p.weight, p.rank) for p in found["x2"].breakpoints] == [(pytest.approx(crossing), 2)]


def test_a_missing_value_makes_the_crossing_that_of_a_quadratic() -> None:
    """By hand: c1 (2, 0, 3), c2 (4, -, 0); x1 at t, the others (1 - t)/2 each.

    c1 has 2 t + 3 (1 - t)/2 = 3/2 + t/2; c2 4 t over t + (1 - t)/2 = 8 t / (1 + t); they are level
    where (3 + t)(1 + t) = 16 t, t^2 - 12 t + 3 = 0, t = 6 - sqrt(33).
    """
    found = _found(scored([[2, 0, 3], [4, np.nan, 0]], FLAT))["x1"]
    assert found.exact
    assert [(p.weight, p.rank) for p in found.breakpoints] == [(pytest.approx(6 - 33**0.5), 1)]
    assert found.interval == pytest.approx((6 - 33**0.5, 1))


def test_geometric_crossings_are_those_of_the_logarithms() -> None:
    """By hand: 8^t = 2^(1 - t) 4^t at t = 1/2 from (8, 1) and (4, 2)."""
    found = _found(scored([[8, 1], [4, 2]], ["x1", "x2"], aggregated(Geometric()), {"x1": 3}))
    assert found["x1"].exact
    assert found["x1"].weight == 0.75
    assert [(p.weight, p.rank) for p in found["x1"].breakpoints] == [(pytest.approx(0.5), 2)]


@pytest.mark.parametrize("weight", [1e-10, 1e10])
def test_a_share_of_all_but_nothing_or_all_is_searched_on_one_side(weight: float) -> None:
    found = _found(scored([[8, 1], [4, 2]], ["x1", "x2"], aggregated(Median()), {"x1": weight}))
    assert not found["x1"].exact
    assert {point.above for point in found["x1"].breakpoints} <= {weight < 1}


def test_a_tie_at_the_present_share_breaks_both_ways_there() -> None:
    found = _found(scored([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 0]], FLAT))["x1"]
    assert found.weight == pytest.approx(1 / 3)
    assert found.interval == (found.weight, 1.0)  # above, c1 is first alone
    assert [(p.weight, p.rank, p.above) for p in found.breakpoints] == [(found.weight, 2, False)]


def test_communities_level_at_any_share_never_change_places() -> None:
    found = _found(scored([[1, 2, 3], [1, 2, 3], [3, 2, 0.1]], FLAT))
    assert all("c2" not in p.changing for told in found.values() for p in told.breakpoints)


def test_scores_that_only_touch_do_not_break_the_rank() -> None:
    """By hand: c1 has 2 + 8 t, c2 with its gap 18 t / (1 + t): c1 is ahead by 8 (t - 1/2)^2 / (1 + t)."""
    scoring = scored([[10, 1, 3], [9, np.nan, 0]], FLAT)
    for focus in ("c1", "c2"):
        told = _found(scoring, focus)["x1"]
        assert (told.interval, told.breakpoints, told.exact) == ((0.0, 1.0), (), True)


def test_an_only_child_cannot_move() -> None:
    found = _found(scored([[1, 2], [2, 1]], {"a": ["x1"], "b": ["x2"]}))
    assert found["x1"].interval == (0.0, 1.0)
    assert found["x1"].breakpoints == ()
    assert "no siblings" in found["x1"].reason
    assert found["a"].reason == ""


def test_everything_with_a_weight_is_told_in_the_frameworks_order() -> None:
    scoring = scored(np.eye(5), THREE_LEVELS, weights={"x4": 0})
    found = weight_stability(scoring, "c1")
    assert [told.node for told in found] == [name for name in scoring.weights if name != "x4"]
    assert {told.node: told.parent for told in found}["x3"] == "d"


def test_a_focus_without_a_rank_has_no_stability() -> None:
    scoring = scored([[1, 2, 3], [np.nan, np.nan, np.nan]], FLAT)
    assert weight_stability(scoring, "c2") == ()
    assert weight_stability(scoring, "nobody") == ()


def test_the_last_of_one_community_is_first_everywhere() -> None:
    assert all(
        told.interval == (0.0, 1.0) for told in weight_stability(scored([[1, 2, 3]], FLAT), "c1")
    )


def test_what_is_not_a_sum_is_searched_for_and_says_so() -> None:
    values = [[5, 1, 1], [1, 5, 2], [2, 3, 4]]
    found = _found(scored(values, FLAT, aggregated(MazziottaPareto())))
    assert not any(told.exact for told in found.values())
    mixed = replace(RAW, aggregation=Staged(MazziottaPareto(), by_node={"index": Geometric()}))
    found = _found(scored(np.add(np.eye(3, 5), 1), TWO_LEVELS, mixed))
    assert [found[name].exact for name in ("a", "b", "x1", "x3")] == [True, True, False, False]


def test_weights_above_that_follow_the_data_are_computed_anew() -> None:
    recipe = replace(RAW, weighting=Staged(Equal(), by_node={"index": Entropy()}))
    scoring = scored([[3, 1, 2, 1, 1], [1, 3, 1, 2, 2], [2, 4, 3, 1, 3]], TWO_LEVELS, recipe)
    found = _found(scoring)
    assert found["a"].exact
    assert not found["x1"].exact
    _assert_told_as_the_engine_has_it(scoring, "c1", np.linspace(0.01, 0.99, 23))


def test_siblings_without_weight_have_no_proportions_to_keep() -> None:
    recipe = replace(RAW, weighting=Staged(Equal(), by_node={"index": Entropy()}))
    scoring = scored([[3, 1, 2, 1, 1], [1, 3, 1, 2, 2]], TWO_LEVELS, recipe)  # a is level
    told = _found(scoring)["b"]
    assert (told.weight, told.interval) == (1.0, None)
    assert "no proportions to keep" in told.reason


def test_where_a_method_is_undefined_the_reason_is_told() -> None:
    scoring = scored([[3, 1, 2], [1, 3, 1]], FLAT, aggregated(MazziottaPareto(ddof=1)))
    told = _found(scoring)["x1"]
    assert told.interval is None
    assert told.breakpoints == ()
    assert "aggregation mazziotta_pareto: index" in told.reason


@pytest.mark.parametrize("method", [Copeland(), Median(), MazziottaPareto(), PowerMean(exponent=3)])
def test_searched_and_solved_crossings_are_the_engines(method: Any) -> None:
    values = np.random.default_rng(7).uniform(1, 9, (6, 5))
    scoring = scored(values, TWO_LEVELS, aggregated(method))
    for focus in ("c1", "c4"):
        _assert_told_as_the_engine_has_it(scoring, focus, np.linspace(0.005, 0.995, 29))


def test_solving_and_searching_agree() -> None:
    values = np.random.default_rng(11).uniform(1, 9, (7, 5))
    values[2, 3] = values[4, 0] = np.nan
    for exponent, name in ((1.0, "arithmetic"), (0.0, "geometric"), (-1.0, "harmonic")):
        scoring = scored(values, TWO_LEVELS, aggregated(PowerMean(exponent=exponent)))
        searched = {sweep.child: sweep for sweep in share_sweeps(scoring) if len(sweep.shares) > 1}
        for told in weight_stability(scoring, "c1"):
            assert told.exact, name
            for point in told.breakpoints:
                scores = searched[told.node].index_at(np.array([point.weight]))[0]
                rows = [int(other[1:]) - 1 for other in point.changing]
                np.testing.assert_allclose(scores[rows], scores[0], rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([FLAT, TWO_LEVELS, THREE_LEVELS]), st.booleans())
def test_breakpoints_tell_the_rank_at_every_share(seed: int, tree: Tree, gaps: bool) -> None:
    draw = np.random.default_rng(seed)
    values = draw.integers(0, 6, (6, 3 if tree is FLAT else 5)).astype(float)
    if gaps:
        values[draw.random(values.shape) < 0.25] = np.nan
        values[0, 0] = values[1, 0] = 1.0
    scoring = scored(values, tree)
    gap = np.abs(scoring.ranking.scores - scoring.ranking.scores[0])
    assume(not ((gap > 0) & (gap < 1e-9)).any())  # ties that the engine's rounding breaks
    _assert_told_as_the_engine_has_it(scoring, "c1", draw.random(15))


@pytest.mark.parametrize("method", [Geometric(), Harmonic()])
def test_huge_and_tiny_scores_cross_where_ordinary_ones_do(method: Any) -> None:
    values = np.array([[4.0, 1, 2], [1, 3, 2], [2, 2, 1]])
    plain = _found(scored(values, FLAT, aggregated(method)))
    for factor in (1e290, 1e-290):
        scaled = _found(scored(values * factor, FLAT, aggregated(method)))
        for name, told in plain.items():
            assert scaled[name].interval == pytest.approx(told.interval)
