"""Edges and errors of the weightings that look at one column after another, or at pairs."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pytest
from pydantic import Field, TypeAdapter

from icfscore.errors import MethodError
from icfscore.methods.context import Floats, Siblings
from icfscore.methods.weigh import (
    Critic,
    Entropy,
    Equal,
    EqualInfluence,
    Given,
    Merec,
    PrincipalComponents,
    StandardDeviation,
    Weighting,
)
from icfscore.methods.weigh.columns import Columns, correlations

NAN = np.nan
DATA_DRIVEN: list[Any] = [
    Entropy(),
    StandardDeviation(),
    Critic(),
    Merec(),
    PrincipalComponents(),
    PrincipalComponents("oecd"),
    EqualInfluence(),
]
each = pytest.mark.parametrize("method", DATA_DRIVEN, ids=str)


def matrix(*columns: list[float]) -> Floats:
    return np.array(columns, dtype=float).T


@pytest.mark.parametrize(
    ("recipe", "kind"),
    [
        ({"kind": "given"}, Given),
        ({"kind": "equal"}, Equal),
        ({"kind": "principal_components", "rule": "oecd"}, PrincipalComponents),
        ({"kind": "equal_influence", "target": "given"}, EqualInfluence),
        ({"kind": "analytic_hierarchy", "comparisons": {"index": [["a", "b", 3]]}}, Any),
        (
            {
                "kind": "best_worst",
                "best": "a",
                "worst": "b",
                "best_to_others": {"b": 3},
                "others_to_worst": {"a": 3},
            },
            Any,
        ),
        ({"kind": "rank_order", "order": ["a", "b"], "rule": "sum"}, Any),
        ({"kind": "budget_allocation", "experts": {"An": {"a": 70, "b": 30}}}, Any),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_recipes_name_every_parameter(recipe: dict[str, Any], kind: Any) -> None:
    made = TypeAdapter(Annotated[Weighting, Field(discriminator="kind")]).validate_python(recipe)
    assert made.kind == recipe["kind"]
    assert kind is Any or isinstance(made, kind)


def test_given_weights_of_any_size_become_shares() -> None:
    huge = Siblings.of(3, given=np.array([1e308, 1e308, 1e-308]))
    assert Given()(np.ones((2, 3)), huge) == pytest.approx([0.5, 0.5, 0])


def test_equal_ignores_the_given_weights() -> None:
    siblings = Siblings.of(4, given=np.array([1.0, 2.0, 3.0, 4.0]))
    assert Equal()(np.ones((2, 4)), siblings).tolist() == [0.25] * 4


@each
def test_a_constant_column_has_no_weight_and_is_named(method: Any) -> None:
    x = matrix([1, 2, 4, 3], [5, 5, 5, 5], [1, 3, 4, 2])
    assert method(x, Siblings.of(3))[1] == 0
    (warning,) = [note for note in method.notes(x, Siblings.of(3)) if note.level == "warning"]
    assert (warning.text, warning.column) == ("all values are equal: weight 0", 1)


@each
def test_a_constant_column_is_as_if_it_were_not_there(method: Any) -> None:
    x = matrix([1, 2, 4, 3], [5, 5, 5, 5], [1, 3, 4, 2])
    without = method(x[:, [0, 2]], Siblings.of(2))
    # MEREC's mean over the children counts the constant one, which never loses anything.
    tolerance = 0.01 if isinstance(method, Merec) else 1e-12
    np.testing.assert_allclose(method(x, Siblings.of(3))[[0, 2]], without, atol=tolerance)


@each
def test_a_column_without_values_has_no_weight_and_is_named(method: Any) -> None:
    x = matrix([1, 2, 4, 3], [NAN] * 4, [1, 3, 4, 2])
    assert method(x, Siblings.of(3))[1] == 0
    (warning,) = [note for note in method.notes(x, Siblings.of(3)) if note.level == "warning"]
    assert (warning.text, warning.column) == ("there is no value: weight 0", 1)


@each
@pytest.mark.parametrize(
    "x",
    [
        matrix([2, 2, 2], [7, 7, 7]),
        matrix([NAN, NAN], [NAN, NAN]),
        matrix([3], [4]),
        matrix([3, NAN], [NAN, 4]),
    ],
    ids=["constant", "empty", "one community", "one value each"],
)
def test_where_nothing_varies_the_given_weights_are_used(method: Any, x: Floats) -> None:
    siblings = Siblings.of(2, given=np.array([3.0, 1.0]))
    assert method(x, siblings).tolist() == [0.75, 0.25]
    (note,) = method.notes(x, siblings)
    assert note.level == "warning"
    assert note.text == "nothing in the data tells the children apart: the given weights are used"


@each
def test_draws_in_which_nothing_varies_fall_back_for_themselves(method: Any) -> None:
    siblings = Siblings.of(2, given=np.array([3.0, 1.0]))
    x = np.stack([matrix([1, 2, 4], [1, 3, 4]), matrix([2, 2, 2], [7, 7, 7])])
    w = method(x, siblings)
    assert w[1].tolist() == [0.75, 0.25]
    np.testing.assert_array_equal(w[0], method(x[0], siblings))


@each
def test_one_child_takes_all(method: Any) -> None:
    for x in (matrix([1, 2, 3]), matrix([2, 2, 2])):
        assert method(x, Siblings.of(1)).tolist() == [1.0]
    assert not [note for note in method.notes(x, Siblings.of(1)) if note.level == "warning"]


@each
def test_two_communities_are_enough(method: Any) -> None:
    x = matrix([1, 2], [2, 6], [3, 4])
    w = method(x, Siblings.of(3, given=np.array([2.0, 1.0, 1.0])))
    assert w.sum() == pytest.approx(1)
    assert (w >= 0).all()


@each
@pytest.mark.parametrize("unit", [1e300, 1e-300, 5e-324 * 2**60], ids=["huge", "tiny", "subnormal"])
def test_the_size_of_the_numbers_does_not_matter(method: Any, unit: float) -> None:
    x = matrix([1, 2, 4, 3, 8], [2, 3, 5, 8, 9], [1, 3, 4, 2, 6])
    w = method(x, Siblings.of(3))
    np.testing.assert_allclose(method(x * unit, Siblings.of(3)), w, rtol=1e-6)


@each
def test_ranges_up_to_the_largest_float_are_not_too_wide(method: Any) -> None:
    x = matrix([1, 2, 4, 3, 8], [2, 3, 5, 8, 9], [1, 3, 4, 2, 6]) * 1.9e307
    if not isinstance(method, Merec | Entropy):
        x -= 1e308
    assert method(x, Siblings.of(3)).sum() == pytest.approx(1)


@each
def test_a_distant_origin_costs_few_digits(method: Any) -> None:
    """Spreads of 1e-9 of the value: entropy and MEREC see logarithms of ratios that near one."""
    x = matrix([1, 2, 4, 3, 8], [2, 3, 5, 8, 9], [1, 3, 4, 2, 6])
    near = method(2.0**30 + x, Siblings.of(3))
    far = method(2.0**33 + x, Siblings.of(3))
    np.testing.assert_allclose(far, near, rtol=2e-6)


def test_entropy_names_a_column_of_mixed_signs() -> None:
    x = matrix([1, 2, 3], [-1, 0, 2])
    with pytest.raises(MethodError, match="values of one sign, found positive and") as caught:
        Entropy()(x, Siblings.of(2))
    assert caught.value.column == 1
    assert "min_max" in caught.value.remedy


def test_entropy_takes_negative_columns_by_their_absolute_values() -> None:
    x = matrix([1, 2, 5], [0, 4, 1])
    np.testing.assert_array_equal(
        Entropy()(x * np.array([-1, 1]), Siblings.of(2)), Entropy()(x, Siblings.of(2))
    )


def test_entropy_of_a_single_winner_is_nothing() -> None:
    """All of the total with one community: e = 0, the most information there is."""
    x = matrix([0, 0, 9, 0], [1, 1, 3, 3])
    even = -(2 * 1 / 8 * np.log(1 / 8) + 2 * 3 / 8 * np.log(3 / 8)) / np.log(4)
    assert Entropy()(x, Siblings.of(2)) == pytest.approx(np.array([1, 1 - even]) / (2 - even))


def test_entropy_counts_the_values_of_each_column() -> None:
    x = matrix([1, 3, NAN, NAN], [1, 2, 3, 4])
    first = 1 + (1 / 4 * np.log(1 / 4) + 3 / 4 * np.log(3 / 4)) / np.log(2)
    p = np.array([1, 2, 3, 4]) / 10
    second = 1 + (p * np.log(p)).sum() / np.log(4)
    expected = np.array([first, second]) / (first + second)
    assert Entropy()(x, Siblings.of(2)) == pytest.approx(expected)


def test_merec_names_the_value_that_is_not_positive() -> None:
    x = matrix([1, 2, 3], [4, 0, 2])
    with pytest.raises(MethodError, match="merec needs positive values, found 0") as caught:
        Merec()(np.stack([x + 1, x]), Siblings.of(2))
    assert (caught.value.row, caught.value.column) == (1, 1)


def test_merec_names_a_cost_by_its_natural_value() -> None:
    siblings = Siblings.of(2, cost=np.array([False, True]))
    with pytest.raises(MethodError, match="found -3"):
        Merec()(matrix([1, 2], [-1, 3]), siblings)


def test_merec_of_benefits_and_costs_differ() -> None:
    """min/x of 1, 2, 4 is 1, 1/2, 1/4 and x/max 1/4, 1/2, 1: the same logarithms, other rows."""
    x = matrix([1, 2, 4], [1, 2, 4])
    benefits = Merec()(x, Siblings.of(2))
    cost = Siblings.of(2, cost=np.array([False, True]))
    assert benefits == pytest.approx([0.5, 0.5])
    assert Merec()(x * np.array([1, -1]), cost) == pytest.approx([0.5, 0.5])
    uneven = matrix([1, 2, 4], [1, 1, 4])
    assert Merec()(uneven, Siblings.of(2))[1] < 0.5
    assert Merec()(uneven * np.array([1, -1]), cost)[1] > 0.5


def test_merec_takes_means_over_what_is_there() -> None:
    """By hand: logarithms 0, ln 2, 2 ln 2 in both columns, and a row that has the first only."""
    x = matrix([1, 2, 4, 2], [1, 2, 4, NAN])
    ln2 = np.log(2)
    effects = [0, np.log((1 + ln2) / (1 + ln2 / 2)), np.log((1 + 2 * ln2) / (1 + ln2))]
    first, second = np.mean([*effects, np.log(1 + ln2)]), np.mean(effects)
    expected = np.array([first, second]) / (first + second)
    assert Merec()(x, Siblings.of(2)) == pytest.approx(expected)


def test_critic_without_conflict_uses_the_given_weights() -> None:
    x = matrix([1, 2, 4], [10, 20, 40])
    siblings = Siblings.of(2, given=np.array([3.0, 1.0]))
    assert Critic()(x, siblings).tolist() == [0.75, 0.25]
    assert "tells the children apart" in Critic().notes(x, siblings)[0].text


def test_critic_of_incomplete_columns_is_pandas_pairwise() -> None:
    """sd of the min-max scaled columns and correlations over the rows that have both."""
    x = matrix([1, 5, NAN, 4, 2, 8], [2, NAN, 3, 9, 1, 7], [5, 1, 2, 2, NAN, 3])
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(x)
    scaled = (frame - frame.min()) / (frame.max() - frame.min())
    information = (scaled.std() * (1 - scaled.corr()).sum()).to_numpy()
    expected = information / information.sum()
    assert Critic()(x, Siblings.of(3)) == pytest.approx(expected, abs=1e-12)


def test_columns_that_never_meet_count_as_uncorrelated_and_are_named() -> None:
    x = matrix([1, 2, 3, NAN, NAN], [NAN, NAN, 4, 5, 7], [1, 2, 3, 4, 6])
    r = correlations(Columns.of(x))
    assert r[0, 1] == 0
    assert r[0, 2] == pytest.approx(1)
    own, note = Critic().notes(x, Siblings.of(3))
    assert (own.text, own.column) == ("says nothing of its own: weight 0", 2)
    assert (note.level, note.column) == ("warning", 0)
    assert note.text == "shares too few communities with x2 for a correlation: taken as none"


def test_ties_everywhere_are_no_obstacle() -> None:
    x = matrix([1, 1, 2, 2], [1, 2, 1, 2], [2, 2, 1, 1])
    for method in (Entropy(), StandardDeviation(), Critic(), Merec()):
        assert method(x, Siblings.of(3)).sum() == pytest.approx(1)
