"""Edges and errors of the weightings by people's judgement."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.context import Note, Siblings
from icfscore.methods.weigh import AnalyticHierarchy, BestWorst, BudgetAllocation, RankOrder
from icfscore.methods.weigh.analytic_hierarchy import (
    comparison_matrix,
    consistency_ratio,
    principal_eigenvector,
)
from icfscore.methods.weigh.best_worst import consistency_threshold, linear_weights
from icfscore.methods.weigh.budget_allocation import concordance

ABC = Siblings.of(3, names=("a", "b", "c"))
CONSISTENT = (("a", "b", 2.0), ("a", "c", 6.0), ("b", "c", 3.0))


def shares(method: Any, siblings: Siblings = ABC) -> list[float]:
    return list(map(float, method(np.zeros((4, len(siblings.names))), siblings)))


def notes(method: Any, siblings: Siblings = ABC) -> tuple[Note, ...]:
    found: tuple[Note, ...] = method.notes(np.zeros((4, len(siblings.names))), siblings)
    return found


def some(active: str, declared: str, given: list[float] | None = None) -> Siblings:
    weights = np.array(given or [1.0] * len(active))
    return Siblings.of(
        len(active), names=tuple(active), declared=tuple(declared), given=weights, node="work"
    )


# Every method: from the children judged to those scored.

JUDGED: list[Any] = [
    AnalyticHierarchy({"work": CONSISTENT}),
    BestWorst("a", "c", {"b": 2, "c": 6}, {"a": 6, "b": 3}),
    RankOrder(("a", "b", "c")),
    BudgetAllocation({"An": {"a": 6, "b": 3, "c": 1}}),
]
each = pytest.mark.parametrize("method", JUDGED, ids=lambda method: method.kind)


@each
def test_judged_children_that_are_not_scored_are_cut_and_told(method: Any) -> None:
    whole = shares(method, some("abc", "abc"))
    assert shares(method, some("cb", "abc")) == pytest.approx(
        [whole[2] / (whole[1] + whole[2]), whole[1] / (whole[1] + whole[2])]
    )
    told = notes(method, some("cb", "abc"))[-1]
    assert told == Note("judged but not scored, their weight goes to the others: a", level="info")


@pytest.mark.parametrize("method", JUDGED[:3], ids=lambda method: method.kind)
def test_a_stranger_is_an_error_naming_it(method: Any) -> None:
    with pytest.raises(MethodError, match="'c' is no child of work") as caught:
        shares(method, some("ab", "abd"))
    assert caught.value.remedy == "its children are: a, b, d"


@pytest.mark.parametrize("method", JUDGED[:3], ids=lambda method: method.kind)
def test_a_scored_child_without_judgement_is_an_error_naming_it(method: Any) -> None:
    with pytest.raises(MethodError, match="'d', a scored child of work, is missing"):
        shares(method, some("abcd", "abcd"))


def test_a_misspelt_child_comes_with_a_suggestion() -> None:
    siblings = Siblings.of(2, names=("speed", "price"))
    with pytest.raises(MethodError, match="order: 'sped' is no child of index") as caught:
        RankOrder(("sped", "price"))(np.zeros((2, 2)), siblings)
    assert caught.value.remedy == "did you mean 'speed'?"


# Analytic hierarchy.


def test_consistent_comparisons_give_back_their_weights() -> None:
    assert shares(AnalyticHierarchy({"index": CONSISTENT})) == pytest.approx([0.6, 0.3, 0.1])
    (note,) = notes(AnalyticHierarchy({"index": CONSISTENT}))
    assert (note.level, note.text[:23]) == ("info", "consistency ratio 0.000")


def test_nodes_not_named_keep_their_given_weights() -> None:
    ahp = AnalyticHierarchy({"work": CONSISTENT})
    given = Siblings.of(2, names=("a", "b"), given=np.array([1.0, 3.0]))
    assert shares(ahp, given) == [0.25, 0.75]
    assert notes(ahp, given) == ()


def test_the_wide_range_of_weights_costs_no_digits() -> None:
    w = np.array([1e9, 1e4, 1.0])
    listed = [(p, q, float(w[i] / w[j])) for i, p in enumerate("abc") for j, q in enumerate("abc")]
    ahp = AnalyticHierarchy({"index": tuple(entry for entry in listed if entry[0] < entry[1])})
    assert shares(ahp) == pytest.approx(w / w.sum(), rel=1e-9)


def test_a_circle_of_preferences_is_told_with_its_worst_comparison() -> None:
    """a over b over c over a, three times each: no order at all, equal weights."""
    ahp = AnalyticHierarchy({"index": (("a", "b", 3), ("b", "c", 3), ("c", "a", 3.5))})
    assert shares(ahp) == pytest.approx([1 / 3] * 3, abs=0.03)
    (note,) = notes(ahp)
    assert note.level == "warning"
    told = "above 0.10; farthest off is c to a, given as 3.5 where the weights say 1"
    assert told in note.text


def test_reciprocals_written_with_few_digits_are_no_contradiction() -> None:
    listed = (("a", "b", 3), ("b", "a", 0.33), ("b", "a", 1 / 3))
    _, matrix = comparison_matrix("index", listed)
    assert matrix.tolist() == [[1, 3], [1 / 3, 1]]


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ((("a", "b", 3), ("b", "a", 2)), "not reciprocal: b is 0.333333 times as important as a"),
        ((("a", "b", 3), ("a", "b", 4)), "not reciprocal: a is 3 times as important as b in one"),
        ((("a", "b", 0),), r"comparisons of index: \[a, b, 0\]: the value must be a positive"),
        ((("a", "b", -3),), r"\[a, b, -3\]: the value must be a positive number"),
        ((("a", "b", float("nan")),), r"\[a, b, nan\]: the value must be a positive number"),
        ((("a", "b", float("inf")),), r"\[a, b, inf\]: the value must be a positive number"),
        ((("a", "a", 1),), "'a' is compared with itself"),
        ((("a", "b", 3), ("b", "c", 2)), "cover every pair, missing: a with c$"),
        ((("a", "b", 3), ("c", "d", 2)), "missing: a with c, a with d, b with c, b with d$"),
        ((), "must not be empty: leave the node out"),
    ],
)
def test_comparisons_that_make_no_matrix_are_errors(
    listed: tuple[tuple[str, str, float], ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        AnalyticHierarchy({"index": listed})


def test_comparisons_of_no_node_are_an_error() -> None:
    with pytest.raises(ValueError, match="comparisons must name at least one node"):
        AnalyticHierarchy({})


def test_random_indices_go_on_beyond_the_table() -> None:
    """Saaty's table ends at 15; Alonso and Lamata's line goes on: (1.7699 k - 4.3513) / (k - 1)."""
    assert consistency_ratio(11.151, 10) == pytest.approx(1.151 / 9 / 1.49)
    assert consistency_ratio(20.0, 16) == pytest.approx(4 / (1.7699 * 16 - 4.3513))
    assert consistency_ratio(2.5, 2) == 0
    assert consistency_ratio(1.0, 1) == 0


def test_the_principal_eigenvector_is_real_and_positive() -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        log = np.triu(rng.uniform(-5, 5, size=(7, 7)), 1)
        matrix = np.exp(log - log.T)
        w, largest = principal_eigenvector(matrix)
        assert (w > 0).all()
        np.testing.assert_allclose(matrix @ w, largest * w, rtol=1e-8)


# Best-worst.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a", "a", {"b": 2}, {"b": 2}), "best and worst must be two children, both are 'a'"),
        (("a", "c", {"b": 2, "c": 6}, {"a": 6}), "others_to_worst must compare 'b' too"),
        (("a", "c", {"c": 6}, {"a": 6, "b": 2}), "best_to_others must compare 'b' too"),
        (("a", "c", {"b": 2}, {"a": 6, "b": 2}), "best_to_others must compare 'c' too"),
        (("a", "c", {"c": 6}, {"a": 5}), "a is 6 times as important as c, others_to_worst says 5"),
        (("a", "c", {"c": 0.5}, {"a": 0.5}), "'c' must be a number from 1 .* found 0.5"),
        (("a", "c", {"c": float("nan")}, {"a": 2}), "found nan"),
        (("a", "c", {"a": 2, "c": 6}, {"a": 6}), "'a' compared with itself must be 1, found 2"),
        (("a", "c", {"c": 6}, {"a": 6, "c": 3}), "'c' compared with itself must be 1, found 3"),
    ],
)
def test_comparisons_that_do_not_fit_are_errors(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BestWorst(*arguments)


def test_two_children_are_always_consistent() -> None:
    bwm = BestWorst("b", "a", {"a": 4, "b": 1}, {"b": 4, "a": 1})
    siblings = Siblings.of(2, names=("a", "b"))
    assert shares(bwm, siblings) == pytest.approx([0.2, 0.8])
    assert [note.level for note in notes(bwm, siblings)] == ["info"]


def test_inconsistent_comparisons_with_best_and_worst_are_told() -> None:
    """|6 × 6 - 6| / (36 - 6) = 1 for b, far above the threshold 0.1330 of three children."""
    bwm = BestWorst("a", "c", {"b": 6, "c": 6}, {"a": 6, "b": 6})
    (note,) = notes(bwm)
    assert note.level == "warning"
    assert "input-based consistency ratio 1.000, above 0.133; farthest off is b" in note.text


def test_all_comparisons_equal_weigh_the_same() -> None:
    bwm = BestWorst("a", "c", {"b": 1, "c": 1}, {"a": 1, "b": 1})
    assert shares(bwm) == pytest.approx([1 / 3] * 3)
    assert [note.level for note in notes(bwm)] == ["info"]


def test_thresholds_outside_the_table_are_the_nearest() -> None:
    assert consistency_threshold(12, 30) == 0.3662
    assert consistency_threshold(2, 4) == 0
    assert consistency_threshold(9, 2) == 0


def test_the_linear_model_meets_its_constraints_with_equality_somewhere() -> None:
    to_best, to_worst = np.array([1.0, 9, 2, 3, 5]), np.array([9.0, 1, 7, 2, 2])
    w, xi = linear_weights(to_best, to_worst)
    deviations = np.abs(np.r_[w[0] - to_best * w, w - to_worst * w[1]][1:])
    assert w.sum() == pytest.approx(1)
    assert deviations.max() == pytest.approx(xi)


# Rank order.


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ((), "order must name the children, the most important first; it is empty"),
        (("a", "b", "a"), "order must name each child once, found twice: a"),
    ],
)
def test_orders_that_are_none_are_errors(order: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RankOrder(order)


def test_an_order_of_one_is_all() -> None:
    siblings = Siblings.of(1, names=("a",))
    assert shares(RankOrder(("a",)), siblings) == [1]
    assert notes(RankOrder(("a",)), siblings) == ()


# Budget allocation.


def test_children_without_points_get_none_and_nodes_without_points_keep_their_weights() -> None:
    bap = BudgetAllocation({"An": {"a": 3, "b": 1, "elsewhere": 50}, "Bo": {"elsewhere": 10}})
    assert shares(bap) == [0.75, 0.25, 0]
    other = some("xy", "xy", [3.0, 1.0])
    assert shares(bap, other) == [0.75, 0.25]
    assert notes(bap, other) == ()


def test_experts_who_agree_are_told_quietly_and_those_who_do_not_loudly() -> None:
    alike = BudgetAllocation({"An": {"a": 3, "b": 2, "c": 1}, "Bo": {"a": 60, "b": 30, "c": 10}})
    (note,) = notes(alike)
    assert note == Note("Kendall's W of the 2 experts' rankings is 1.000", level="info")
    against = BudgetAllocation({"An": {"a": 3, "b": 2, "c": 1}, "Bo": {"a": 1, "b": 2, "c": 3}})
    (note,) = notes(against)
    assert note.level == "warning"
    assert note.text.startswith("the experts disagree strongly: Kendall's W of the 2 experts'")


def test_the_concordance_of_one_judge_or_of_ties_alone_is_not_told() -> None:
    assert notes(BudgetAllocation({"An": {"a": 3, "b": 2}})) == ()
    assert notes(BudgetAllocation({"An": {"a": 1, "b": 1}, "Bo": {"a": 5, "b": 5}})) == ()
    assert concordance(np.array([[1.0], [2.0]])) is None


def test_an_expert_without_any_points_for_a_node_is_an_error() -> None:
    bap = BudgetAllocation({"An": {"a": 1}, "Bo": {"a": 0, "b": 0, "elsewhere": 3}})
    with pytest.raises(MethodError, match="experts: Bo gives the children of index no points"):
        shares(bap)


def test_scored_children_without_any_points_are_an_error() -> None:
    bap = BudgetAllocation({"An": {"c": 10}})
    with pytest.raises(MethodError, match="experts: no scored child of work has any weight"):
        shares(bap, some("ab", "abc"))


@pytest.mark.parametrize(
    ("experts", "message"),
    [
        ({}, "experts must name at least one expert"),
        ({"An": {"a": -1}}, "experts: An: the points for 'a' must be a number from 0, found -1"),
        ({"An": {"a": float("inf")}}, "must be a number from 0, found inf"),
        ({"An": {"a": float("nan")}}, "must be a number from 0, found nan"),
    ],
)
def test_points_that_are_none_are_errors(experts: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BudgetAllocation(experts)


def test_points_of_any_size_become_shares() -> None:
    bap = BudgetAllocation({"An": {"a": 1e308, "b": 1e308, "c": 0}, "Bo": {"a": 5e-324}})
    assert shares(bap) == pytest.approx([0.75, 0.25, 0])
