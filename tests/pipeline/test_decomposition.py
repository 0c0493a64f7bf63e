"""Parts of a difference: they sum to it at every node, whatever the recipe."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st
from tests.pipeline.test_stability import RAW, THREE_LEVELS, TWO_LEVELS, aggregated, scored

from icfscore.domain.criteria import ROOT
from icfscore.errors import InputError
from icfscore.methods.aggregate import (
    Arithmetic,
    BenefitOfTheDoubt,
    BordaCount,
    Copeland,
    Geometric,
    Harmonic,
    MazziottaPareto,
    Median,
    OrderedWeighted,
    PowerMean,
    PrometheeII,
    Topsis,
    Vikor,
)
from icfscore.methods.weigh import Entropy
from icfscore.pipeline.decomposition import Decomposition, decompose, decompose_from_group
from icfscore.pipeline.score import Scoring
from icfscore.recipe import Staged

MEANS = [Arithmetic(), Geometric(), Harmonic(), PowerMean(exponent=0.5), PowerMean(exponent=3)]
OTHERS = [
    Median(),
    OrderedWeighted(orness=0.3),
    MazziottaPareto(),
    Copeland(),
    BordaCount(),
    Topsis(),
    Vikor(),
    PrometheeII(),
    PowerMean(exponent=30),
]
FIVE = st.lists(st.integers(1, 9), min_size=5, max_size=5)
TABLES = st.lists(FIVE, min_size=3, max_size=5)
GAPS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), max_size=6)


def _sums(scoring: Scoring, found: Decomposition) -> None:
    """Hold the parts of every node's children against the node's."""
    size = max([abs(part) for part in found.contributions.values() if part is not None])
    for node in scoring.project.tree.nodes:
        parts = [found.contributions.get(child.id) for child in node.children]
        if None in parts:
            # Only what is said to be undivided, or hangs below it, is not shared.
            above = {node.id, *scoring.project.tree.ancestors(node.id)}
            assert above & set(found.undivided)
            continue
        assert sum(parts) == pytest.approx(found.contributions[node.id], abs=1e-12 * size)


def _table(values: list[list[int]], gaps: list[tuple[int, int]]) -> np.ndarray:
    table = np.array(values, dtype=float)
    for row, column in gaps:
        table[row, column] = np.nan
    return table


@given(
    TABLES,
    GAPS,
    st.lists(st.sampled_from(MEANS), min_size=4, max_size=4),
    st.lists(st.integers(1, 4), min_size=9, max_size=9),
)
def test_means_nested_at_will_sum_exactly_with_gaps_too(
    values: list[list[int]],
    gaps: list[tuple[int, int]],
    methods: list[Any],
    weights: list[int],
) -> None:
    table = _table(values, gaps)
    assume(not np.isnan(table).all(axis=0).any())
    at = dict(zip(["a", "b", "c", "d"], methods, strict=True))
    recipe = replace(RAW, aggregation=Staged(methods[0], by_node=at))
    given_weights = dict(
        zip(["a", "b", "c", "d", "x1", "x2", "x3", "x4", "x5"], map(float, weights), strict=True)
    )
    scoring = scored(table, THREE_LEVELS, recipe, given_weights)
    assume(scoring.ranking.rank_of("c1") and scoring.ranking.rank_of("c2"))
    found = decompose(scoring, "c1", "c2")
    scores = scoring.ranking.scores
    assert found.difference == scores[0] - scores[1]
    assert None not in found.contributions.values()
    _sums(scoring, found)
    back = decompose(scoring, "c2", "c1")
    for name, part in found.contributions.items():
        assert back.contributions[name] == pytest.approx(-part, abs=1e-12)


@given(TABLES, GAPS, st.sampled_from(OTHERS), st.sampled_from(OTHERS))
def test_other_aggregations_sum_exactly_or_say_where_they_do_not(
    values: list[list[int]], gaps: list[tuple[int, int]], top: Any, below: Any
) -> None:
    table = _table(values, gaps)
    assume(not np.isnan(table).all(axis=0).any())
    recipe = replace(RAW, aggregation=Staged(below, by_node={ROOT: top}))
    try:
        scoring = scored(table, TWO_LEVELS, recipe)
    except InputError:  # such as a power of a negative net flow
        reject()
    assume(scoring.ranking.rank_of("c1") and scoring.ranking.rank_of("c2"))
    found, back = decompose(scoring, "c1", "c2"), decompose(scoring, "c2", "c1")
    _sums(scoring, found)
    for name, part in found.contributions.items():
        if part is None:
            assert back.contributions[name] is None
        else:
            assert back.contributions[name] == pytest.approx(-part, abs=1e-9)


@pytest.mark.parametrize("method", [*MEANS, *OTHERS, BenefitOfTheDoubt()], ids=str)
def test_children_that_are_equal_have_no_part(method: Any) -> None:
    values = [[5, 4, 3, 8, 9], [5, 2, 3, 8, 1], [1, 9, 7, 2, 3]]
    scoring = scored(values, TWO_LEVELS, aggregated(method))
    found = decompose(scoring, "c1", "c2").contributions
    assert [found[name] for name in ("x1", "x3", "x4")] == [0, 0, 0]


@pytest.mark.parametrize("method", [*MEANS, *OTHERS, BenefitOfTheDoubt()], ids=str)
def test_the_order_of_children_does_not_matter(method: Any) -> None:
    values = np.array([[5, 4, 3.0, 8, 9], [6, 2, 7, 4, 1], [1, 9, 7, 2, 3]])
    turned = [3, 0, 4, 2, 1]
    plain = scored(values, ["x1", "x2", "x3", "x4", "x5"], aggregated(method))
    other = scored(values[:, turned], ["x1", "x2", "x3", "x4", "x5"], aggregated(method))
    found = decompose(plain, "c1", "c2").contributions
    again = decompose(other, "c1", "c2").contributions
    for place, column in enumerate(turned):
        assert again[f"x{place + 1}"] == pytest.approx(found[f"x{column + 1}"], abs=1e-9)


def test_an_arithmetic_tree_by_hand() -> None:
    # a = mean(x1, x2), b = mean(x3, x4, x5): 6 and 5 against 3 and 4; half the differences.
    scoring = scored([[8, 4, 3, 6, 6], [2, 4, 6, 3, 3], [1, 1, 1, 1, 1]], TWO_LEVELS)
    found = decompose(scoring, "c1", "c2")
    third = Fraction(1, 2) * Fraction(1, 3)
    expected = {ROOT: 2, "a": Fraction(3, 2), "b": Fraction(1, 2), "x1": Fraction(3, 2), "x2": 0}
    expected |= {"x3": -3 * third, "x4": 3 * third, "x5": 3 * third}
    assert found.contributions == pytest.approx({k: float(v) for k, v in expected.items()})
    assert (found.by_swaps, found.undivided, found.filled) == ((), {}, ())


def test_what_one_lacks_stands_at_its_mean_of_the_others() -> None:
    # c1 has 8 and nothing on x2; c2 has 2 and 4. Scores 8 and 3: at 8 on x2, c1 gains 1/2 (8 - 4)
    # there and 1/2 (8 - 2) on x1.
    scoring = scored([[8, np.nan], [2, 4], [1, 1]], ["x1", "x2"])
    found = decompose(scoring, "c1", "c2")
    assert found.contributions == pytest.approx({ROOT: 5, "x1": 3, "x2": 2})
    assert found.filled == ("x2",)


def test_what_both_lack_has_no_part() -> None:
    scoring = scored([[8, np.nan, 6], [2, np.nan, 4], [1, 1, 1]], ["x1", "x2", "x3"])
    found = decompose(scoring, "c1", "c2")
    assert found.contributions == pytest.approx({ROOT: 4, "x1": 3, "x2": 0, "x3": 1})


def test_a_criterion_that_one_knows_nothing_of_is_shared_among_its_indicators() -> None:
    nothing = np.nan
    scoring = scored(
        [[8, 8, nothing, nothing, nothing], [2, 4, 6, 9, 3], [1, 1, 1, 1, 1]], TWO_LEVELS
    )
    found = decompose(scoring, "c1", "c2")
    # c1: 8; c2: mean(3, 6) = 4.5. On b c1 stands at 8: (8 - 6) / 2 = 1 of the 3.5.
    assert found.contributions["b"] == pytest.approx(1)
    parts = [found.contributions[name] for name in ("x3", "x4", "x5")]
    assert parts == pytest.approx([(8 - 6) / 6, (8 - 9) / 6, (8 - 3) / 6])


def test_below_a_swapped_gap_nothing_is_shared_and_that_is_said() -> None:
    nothing = np.nan
    recipe = replace(RAW, aggregation=Staged(Arithmetic(), by_node={ROOT: Copeland()}))
    scoring = scored(
        [[8, 8, nothing, nothing, nothing], [2, 4, 6, 9, 3], [1, 1, 1, 1, 1]], TWO_LEVELS, recipe
    )
    found = decompose(scoring, "c1", "c2")
    assert found.contributions["x3"] is None
    assert list(found.undivided) == ["b"]
    assert found.contributions["a"] + found.contributions["b"] == found.difference


def test_weights_that_follow_the_data_are_the_ones_used() -> None:
    recipe = replace(RAW, weighting=Staged(Entropy()))
    scoring = scored([[8, 4, 5], [2, 4, 6], [1, 9, 3]], ["x1", "x2", "x3"], recipe)
    found = decompose(scoring, "c1", "c2").contributions
    assert found["x1"] == pytest.approx(6 * scoring.weights["x1"])


def test_zeros_below_an_exponent_under_one_are_shared_by_swaps() -> None:
    scoring = scored([[0, 0], [0, 0], [4, 1]], ["x1", "x2"], aggregated(PowerMean(exponent=0.5)))
    assert decompose(scoring, "c1", "c2").contributions == {ROOT: 0, "x1": 0, "x2": 0}
    found = decompose(scoring, "c3", "c1").contributions
    assert found["x1"] + found["x2"] == pytest.approx(2.25)


def test_a_child_that_both_have_nothing_of_takes_no_part_under_roots_either() -> None:
    """By hand: ((0 + 2 + 3) / 3)² is 16 / 9 more than ((0 + 1 + 2) / 3)²; both roots rise by 1."""
    scoring = scored(
        [[0, 4, 9], [0, 1, 4]], ["x1", "x2", "x3"], aggregated(PowerMean(exponent=0.5))
    )
    parts = decompose(scoring, "c1", "c2").contributions
    assert [parts[name] for name in ("x1", "x2", "x3")] == pytest.approx([0, 8 / 9, 8 / 9])


def test_the_mean_of_a_group_is_the_mean_of_the_pairs() -> None:
    scoring = scored([[8, 4], [2, 6], [1, 9]], ["x1", "x2"], aggregated(Geometric()))
    found = decompose_from_group(scoring, "c1", ("c2", "c3"))
    scores = scoring.ranking.scores
    assert found.difference == pytest.approx(scores[0] - scores[1:].mean())
    assert found.contributions["x1"] + found.contributions["x2"] == pytest.approx(found.difference)


def test_many_children_take_turns_and_still_sum() -> None:
    rng = np.random.default_rng(1)
    names = [f"x{number + 1}" for number in range(30)]
    scoring = scored(rng.random((4, 30)), names, aggregated(Topsis()))
    found = decompose(scoring, "c1", "c2")
    assert sum(found.contributions[name] for name in names) == pytest.approx(
        found.difference, abs=1e-12
    )
