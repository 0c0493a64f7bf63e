"""Edges and errors of means, ordered means and penalties."""

import math
from typing import Any

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.aggregate import (
    Arithmetic,
    Geometric,
    Harmonic,
    MazziottaPareto,
    Median,
    OrderedWeighted,
    PowerMean,
)
from icfscore.methods.aggregate.ordered import maximum_entropy_weights
from icfscore.methods.context import Floats, Siblings

TINY, HUGE = 5e-324, 1.7e308
NAN = np.nan


def score(method: Any, rows: Any, weights: Any = None) -> list[float]:
    x = np.array(rows, dtype=np.float64)
    w = np.ones(x.shape[-1]) if weights is None else np.array(weights, dtype=np.float64)
    return np.asarray(method(x, w, Siblings.of(x.shape[-1]))).tolist()


def notes(method: Any, rows: Any, weights: Any = None) -> list[str]:
    x = np.array(rows, dtype=np.float64)
    w = np.ones(x.shape[-1]) if weights is None else np.array(weights, dtype=np.float64)
    return [note.text for note in method.notes(x, w, Siblings.of(x.shape[-1]))]


def refused(method: Any, rows: Any, weights: Any = None) -> MethodError:
    with pytest.raises(MethodError) as caught:
        score(method, rows, weights)
    return caught.value


@pytest.mark.parametrize(
    "method",
    [Arithmetic(), Geometric(), Harmonic(), PowerMean(2), PowerMean(-9), PowerMean(1e9), Median()],
    ids=str,
)
@pytest.mark.parametrize("value", [TINY, 1e-300, 1e300, HUGE])
def test_extreme_constants_come_through_unharmed(method: Any, value: float) -> None:
    assert score(method, [[value] * 3], [0.2, 0.5, 0.3]) == [value]


def test_equal_weights_keep_ties_that_rounding_would_break() -> None:
    rows = [[0.1, 0.2, 0.3, 0.6, 0.7, 0.8, 0.9], [0.9, 0.8, 0.7, 0.6, 0.3, 0.2, 0.1]]
    whole = np.round(np.array(rows) * 10)
    sevenths = np.full(7, 1 / 7)
    assert len(set(score(Arithmetic(), whole, sevenths))) == 1
    assert score(Arithmetic(), [[1, 2, 3, 4, 5, 6, 7]], sevenths) == [4]


def test_weights_may_be_huge_or_tiny() -> None:
    assert score(Arithmetic(), [[1, 3]], [1e308, 1e308]) == [2]
    assert score(Arithmetic(), [[1, 3]], [TINY, TINY]) == [2]


def test_the_arithmetic_mean_of_the_largest_numbers_is_a_number() -> None:
    assert score(Arithmetic(), [[HUGE, HUGE, -HUGE]]) == [pytest.approx(HUGE / 3)]


def test_the_geometric_mean_spans_all_magnitudes() -> None:
    assert score(Geometric(), [[1e-300, 1e300]]) == [pytest.approx(1, rel=1e-12)]
    assert score(Geometric(), [[TINY, 1.0]]) == [pytest.approx(math.sqrt(TINY), rel=1e-12)]


@pytest.mark.parametrize("value", [0.0, -3.0])
@pytest.mark.parametrize(
    ("method", "name"),
    [
        (Geometric(), "the geometric mean"),
        (Harmonic(), "the harmonic mean"),
        (PowerMean(exponent=0), "the geometric mean"),
        (PowerMean(exponent=-2), "the power mean with exponent -2"),
    ],
)
def test_values_not_above_zero_are_refused_with_their_place(
    method: Any, name: str, value: float
) -> None:
    error = refused(method, [[1, 2, 3], [4, NAN, value]])
    assert str(error) == f"{name} needs values above 0, found {value:g}"
    assert (error.row, error.column) == (1, 2)
    assert "min_max with low: 1" in error.remedy


def test_a_draw_is_refused_by_the_place_in_its_matrix() -> None:
    draws = np.ones((4, 3, 2))
    draws[2, 1, 0] = 0
    error = refused(Geometric(), draws)
    assert (error.row, error.column) == (1, 0)
    weights_drawn = refused(Geometric(), [[1, 1], [1, -1]], [[0.5, 0.5], [0.2, 0.8]])
    assert (weights_drawn.row, weights_drawn.column) == (1, 1)


@pytest.mark.parametrize("method", [Geometric(), Harmonic(), PowerMean(-2), PowerMean(0.5)])
def test_values_that_do_not_count_may_be_anything(method: Any) -> None:
    assert score(method, [[4.0, 0.0, -1.0, NAN]], [1, 0, 0, 0]) == [4]


def test_a_power_mean_above_zero_admits_zeros_but_no_negatives() -> None:
    assert score(PowerMean(exponent=2), [[0, 0], [3, NAN], [0, math.sqrt(2)]]) == [
        0,
        3,
        pytest.approx(1),
    ]
    assert str(refused(PowerMean(exponent=2), [[1, -1]])) == (
        "the power mean with exponent 2 needs values of 0 or more, found -1"
    )
    assert score(PowerMean(exponent=1), [[1, -1]]) == [0]


def test_extreme_exponents_tend_to_the_extreme_values() -> None:
    row = [[2.0, 3.0, 7.0]]
    for exponent in (1e6, 1e300):
        assert score(PowerMean(exponent=exponent), row) == [pytest.approx(7, rel=2e-6)]
        assert score(PowerMean(exponent=-exponent), row) == [pytest.approx(2, rel=2e-6)]


def test_exponents_near_zero_keep_their_digits() -> None:
    geometric = score(Geometric(), [[2.0, 3.0, 7.0]])[0]
    for exponent in (1e-15, -1e-15, 1e-9, TINY, -TINY):
        near = score(PowerMean(exponent=exponent), [[2.0, 3.0, 7.0]])[0]
        assert near == pytest.approx(geometric, rel=abs(exponent) + 1e-14)


@pytest.mark.parametrize("exponent", [math.inf, -math.inf, NAN])
def test_an_exponent_must_be_finite(exponent: float) -> None:
    with pytest.raises(ValueError, match="exponent must be a finite number, got"):
        PowerMean(exponent=exponent)


def test_the_median_ignores_children_that_do_not_count() -> None:
    assert score(Median(), [[1, 2, 9, NAN], [NAN] * 4], [1, 1, 0, 5])[0] == 1.5
    assert math.isnan(score(Median(), [[NAN, NAN]])[0])


def test_the_median_sees_one_half_through_rounding() -> None:
    tenths = [0.1, 0.2, 0.2, 0.2, 0.2, 0.1]  # 0.1 + 0.2 + 0.2 is not quite one half
    assert score(Median(), [[1, 2, 3, 4, 5, 6]], tenths) == [3.5]
    assert score(Median(), [[1, 2, 3, 4, 5, 6]], [0.7, 0.1, 0.6, 0.7, 0.1, 0.6]) == [3.5]
    assert score(Median(), [[-4, 7]]) == [1.5]


def test_ordered_weights_are_cut_to_the_values_present() -> None:
    method = OrderedWeighted(weights=(3, 2, 1))
    assert score(method, [[1, 2, 3], [4, NAN, 9], [NAN, 5, NAN]]) == [
        pytest.approx(14 / 6),
        pytest.approx((3 * 9 + 2 * 4) / 5),
        5,
    ]


def test_orness_runs_from_the_lowest_to_the_highest_value() -> None:
    row = [[10.0, 30.0, 20.0, NAN]]
    assert score(OrderedWeighted(orness=0), row) == [10]
    assert score(OrderedWeighted(orness=0.5), row) == [20]
    assert score(OrderedWeighted(orness=1), row) == [30]
    assert score(OrderedWeighted(orness=0.3), [[10.0, 30.0]]) == [pytest.approx(16)]
    assert score(OrderedWeighted(orness=0.3), [[7.0], [NAN]])[0] == 7


@pytest.mark.parametrize("orness", [0.0, 1e-12, 0.5, 1 - 1e-12, 1.0])
def test_maximum_entropy_weights_hold_at_the_ends(orness: float) -> None:
    v = np.array(maximum_entropy_weights(6, orness))
    assert v.sum() == pytest.approx(1, abs=1e-15)
    assert np.arange(5, -1, -1) @ v / 5 == pytest.approx(orness, abs=1e-14)


def test_too_few_ordered_weights_are_refused() -> None:
    error = refused(OrderedWeighted(weights=(1, 1)), [[1, NAN, 2], [1, 2, 3]])
    assert str(error) == "2 weights for the 3 values of the row"
    assert error.row == 1


def test_ordered_weights_that_leave_nothing_are_refused() -> None:
    error = refused(OrderedWeighted(weights=(0, 0, 1)), [[1, 2, 3], [1, 2, NAN]])
    assert str(error) == "the first 2 weights, all that the row's values call for, are 0"
    assert error.row == 1


def test_ordered_weights_say_what_they_ignore() -> None:
    method = OrderedWeighted(weights=(1, 1, 1))
    assert notes(method, [[1, 2]], [1, 2]) == [
        "ordered_weighted ignores how important each child is: the unequal weights do not count",
        "only the first 2 of 3 weights count: so many children",
    ]
    assert notes(OrderedWeighted(orness=0.4), [[1, 2, 3]], [0.5, 0.5, 0]) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "give either weights or orness: exactly one of them"),
        ({"weights": (1.0,), "orness": 0.5}, "give either weights or orness"),
        ({"orness": 1.5}, r"orness must lie in 0\.\.1, got 1\.5"),
        ({"orness": NAN}, r"orness must lie in 0\.\.1, got nan"),
        ({"weights": (1.0, -1.0)}, r"weights must be finite, 0 or more and not all 0, got \[1"),
        ({"weights": (0.0, 0.0)}, "weights must be finite, 0 or more and not all 0"),
        ({"weights": (1.0, math.inf)}, "weights must be finite"),
        ({"weights": ()}, r"weights must be finite, 0 or more and not all 0, got \[\]"),
    ],
)
def test_ordered_weights_need_one_sound_parameter(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        OrderedWeighted(**given)


def test_the_penalty_takes_the_children_present() -> None:
    rows = [[90, 110, NAN], [NAN, 80, NAN], [NAN] * 3]
    assert score(MazziottaPareto(), rows)[:2] == [pytest.approx(99), 80]
    assert math.isnan(score(MazziottaPareto(), rows)[2])
    assert score(MazziottaPareto(ddof=1), rows)[:2] == [pytest.approx(98), 80]


@pytest.mark.parametrize("value", [0.0, -5.0, TINY, 1e300, HUGE])
def test_a_constant_row_is_not_penalised(value: float) -> None:
    for method in (MazziottaPareto(), MazziottaPareto("positive", ddof=1)):
        assert score(method, [[value] * 3]) == [value]


def test_the_penalty_stands_extreme_scales() -> None:
    for unit in (1e-320, 1e-300, 1e300):
        scores = score(MazziottaPareto(), [[1 * unit, 3 * unit]])
        assert scores == [pytest.approx(1.5 * unit, rel=1e-3)]


def test_a_mean_of_zero_is_refused() -> None:
    error = refused(MazziottaPareto(), [[1, 2, 3], [-0.3, 0.1, 0.2]])
    assert str(error).startswith("the mean is 0: the penalty of mazziotta_pareto has nothing")
    assert error.row == 1
    assert "z_score with mean: 100" in error.remedy


def test_a_penalty_beyond_all_numbers_is_refused() -> None:
    error = refused(MazziottaPareto("positive"), [[HUGE, HUGE / 2, -HUGE]])
    assert str(error) == "the penalty of mazziotta_pareto is too large to be a number"
    assert error.row == 0


def test_a_negative_mean_keeps_the_formula_and_is_told() -> None:
    rows = [[-90, -110], [90, 110], [100, NAN]]
    assert score(MazziottaPareto(), rows)[0] == pytest.approx(-99)
    assert notes(MazziottaPareto(), rows) == [
        "a mean below 0 turns the penalty of mazziotta_pareto round: so for 1 of 3 communities; "
        "it is made for scores around 100"
    ]
    assert notes(MazziottaPareto(), [[90, 110]]) == []


def test_n_minus_one_needs_equal_weights() -> None:
    error = refused(MazziottaPareto(ddof=1), [[1, 2]], [1, 2])
    assert str(error) == "mazziotta_pareto with ddof: 1 is defined for equal weights only"
    assert score(MazziottaPareto(ddof=1), [[90, 110, 7]], [0.5, 0.5, 0]) == [pytest.approx(98)]


def test_the_penalty_checks_its_parameters() -> None:
    with pytest.raises(ValueError, match="ddof must be 0 or 1, got 2"):
        MazziottaPareto(ddof=2)
    with pytest.raises(ValueError, match="penalty must be negative or positive, got 'none'"):
        MazziottaPareto(penalty="none")  # type: ignore[arg-type]


def test_scores_are_arrays_of_the_rows() -> None:
    x: Floats = np.ones((5, 4, 3))
    assert Arithmetic()(x, np.ones(3), Siblings.of(3)).shape == (5, 4)
    assert Arithmetic()(x[0], np.ones((7, 3)), Siblings.of(3)).shape == (7, 4)
