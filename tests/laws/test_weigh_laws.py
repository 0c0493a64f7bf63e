"""What every weighting promises, and what some of them cannot."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from icfscore.methods.context import Floats, Siblings
from icfscore.methods.weigh import (
    AnalyticHierarchy,
    BestWorst,
    BudgetAllocation,
    Critic,
    Entropy,
    Equal,
    EqualInfluence,
    Given,
    Merec,
    PrincipalComponents,
    RankOrder,
    StandardDeviation,
    Weighting,
)

NAMES = ("a", "b", "c", "d")
AHP = AnalyticHierarchy(
    {
        "index": (
            *(("a", "b", 3), ("a", "c", 5), ("a", "d", 2)),
            *(("b", "c", 2), ("b", "d", 1 / 2), ("c", "d", 1 / 3)),
        )
    }
)
BWM = BestWorst("b", "d", {"a": 2, "c": 4, "d": 8}, {"a": 3, "b": 8, "c": 2})
BAP = BudgetAllocation({"An": {"a": 40, "b": 30, "c": 20, "d": 10}, "Bo": {"a": 1, "d": 3}})
METHODS: list[Any] = [
    Given(),
    Equal(),
    Entropy(),
    StandardDeviation(),
    Critic(),
    Merec(),
    PrincipalComponents(),
    PrincipalComponents("oecd"),
    AHP,
    BWM,
    RankOrder(("c", "a", "d", "b")),
    RankOrder(("c", "a", "d", "b"), "sum"),
    RankOrder(("c", "a", "d", "b"), "reciprocal"),
    BAP,
    EqualInfluence(),
    EqualInfluence("given"),
]
BLIND = (Given, Equal, AnalyticHierarchy, BestWorst, RankOrder, BudgetAllocation)
# Do not change when a column is multiplied by a positive number.
SCALE_FREE = (Entropy, Critic, Merec, PrincipalComponents)
# Do not change when a number is added to a column.
SHIFT_FREE = (StandardDeviation, Critic, PrincipalComponents, EqualInfluence)

every = pytest.mark.parametrize("method", METHODS, ids=str)
data_driven = pytest.mark.parametrize(
    "method", [method for method in METHODS if not isinstance(method, BLIND)], ids=str
)
scale_free = pytest.mark.parametrize(
    "method", [method for method in METHODS if isinstance(method, SCALE_FREE)], ids=str
)
shift_free = pytest.mark.parametrize(
    "method", [method for method in METHODS if isinstance(method, SHIFT_FREE)], ids=str
)
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def siblings(order: tuple[int, ...] = (0, 1, 2, 3)) -> Siblings:
    weights = np.array([1.0, 2.0, 3.0, 4.0])[list(order)]
    return Siblings.of(4, names=tuple(NAMES[i] for i in order), given=weights)


@st.composite
def scores(draw: st.DrawFn, gaps: bool = False) -> Floats:
    """Draw positive scores of 5 to 9 communities on four children that have something in common.

    What they have in common keeps principal components defined: the loadings positive, one
    eigenvalue above one, more than 60 % explained.
    """
    n = draw(st.integers(5, 9))
    common = np.array(draw(st.permutations(range(10, 10 + 10 * n, 10))), dtype=float)
    own = np.array(draw(st.lists(st.integers(0, 12), min_size=4 * n, max_size=4 * n)), dtype=float)
    x = common[:, None] * np.array([1.0, 2.0, 0.5, 1.0]) + own.reshape(n, 4) * [1, 1, 0.3, 1]
    if gaps:
        for j in range(4):
            x[draw(st.integers(0, n - 1)), j] = np.nan
    return x


def assume_unique(method: Any, x: Floats) -> None:
    """Leave out what many weights fit equally well, or nearly: collinear children."""
    if isinstance(method, EqualInfluence):
        full = x[~np.isnan(x).any(axis=1)]
        assume(len(full) > 4 and np.linalg.eigvalsh(np.corrcoef(full.T))[0] > 1e-3)


def test_every_method_of_the_union_is_tried() -> None:
    assert {type(method) for method in METHODS} == set(get_args(Weighting))


@every
@few
@given(x=scores(), gaps=st.booleans(), data=st.data())
def test_shares_are_not_negative_and_sum_to_one(
    method: Any, x: Floats, gaps: bool, data: st.DataObject
) -> None:
    if gaps:
        x[data.draw(st.integers(0, len(x) - 1)), data.draw(st.integers(0, 3))] = np.nan
    before = x.copy()
    w = method(x, siblings())
    assert w.shape == (4,)
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(method(x, siblings()), w)


@every
@few
@given(x=scores(gaps=True), data=st.data())
def test_the_order_of_communities_and_of_children_does_not_matter(
    method: Any, x: Floats, data: st.DataObject
) -> None:
    assume_unique(method, x)
    rows = data.draw(st.permutations(range(len(x))))
    order = tuple(data.draw(st.permutations(range(4))))
    w = method(x, siblings())
    # Where two children say nearly the same, the least sum of squares is all but flat in the
    # weights: rounding moves its place by more than it moves its value.
    atol = 1e-4 if isinstance(method, EqualInfluence) else 1e-6
    np.testing.assert_allclose(method(x[rows], siblings()), w, atol=atol, rtol=0)
    moved = method(x[:, list(order)], siblings(order))
    np.testing.assert_allclose(moved, w[list(order)], atol=atol, rtol=0)


@every
@settings(max_examples=8, deadline=None)
@given(stack=st.integers(5, 9).flatmap(lambda n: st.lists(scores(), min_size=2, max_size=3)))
def test_a_stack_of_draws_gives_the_stack_of_results(method: Any, stack: list[Floats]) -> None:
    n = min(map(len, stack))
    x = np.stack([draw[:n] for draw in stack])
    together = np.broadcast_to(method(x, siblings()), (len(x), 4))
    alone = np.stack([method(draw, siblings()) for draw in x])
    np.testing.assert_allclose(together, alone, atol=1e-12, rtol=0)
    nested = np.broadcast_to(method(x[:, None], siblings()), (len(x), 1, 4))
    np.testing.assert_array_equal(nested[:, 0], together)


@scale_free
@few
@given(x=scores(), factor=st.sampled_from([1e-12, 0.3, 7.0, 1e12]))
def test_the_unit_of_a_child_does_not_matter(method: Any, x: Floats, factor: float) -> None:
    w = method(x, siblings())
    other = method(x * np.array([1.0, factor, 1.0, 1 / factor]), siblings())
    np.testing.assert_allclose(other, w, atol=1e-9, rtol=0)


@pytest.mark.parametrize("method", [StandardDeviation(), EqualInfluence()], ids=str)
def test_the_unit_of_a_child_matters_to_deviation_and_influence(method: Any) -> None:
    """Ten times the unit: ten times the deviation, a tenth of the weight for the same influence."""
    x = np.array([[1.0, 3.0], [2.0, 1.0], [3.0, 2.0], [4.0, 5.0]])
    w = method(x, Siblings.of(2))
    other = method(x * [1, 10], Siblings.of(2))
    change = other[1] / other[0] / (w[1] / w[0])
    assert change == pytest.approx(10 if isinstance(method, StandardDeviation) else 0.1)


@shift_free
@few
@given(x=scores(), shift=st.sampled_from([-500.0, -1.0, 1000.0]))
def test_the_origin_of_a_child_does_not_matter(method: Any, x: Floats, shift: float) -> None:
    assume_unique(method, x)
    w = method(x, siblings())
    other = method(x + np.array([0.0, shift, 0.0, 1.0]), siblings())
    np.testing.assert_allclose(other, w, atol=1e-8, rtol=0)


@pytest.mark.parametrize("method", [Entropy(), Merec()], ids=str)
def test_the_origin_of_a_child_matters_to_entropy_and_merec(method: Any) -> None:
    """1, 2, 4 is uneven, 101, 102, 104 hardly: the second child loses nearly all its weight."""
    x = np.array([[1.0, 1.0], [4.0, 2.0], [2.0, 4.0]])
    assert method(x, Siblings.of(2)) == pytest.approx([0.5, 0.5])
    assert method(x + np.array([0, 100]), Siblings.of(2))[1] < 0.05


@pytest.mark.parametrize("method", [StandardDeviation(), Critic(), PrincipalComponents()], ids=str)
@few
@given(x=scores())
def test_turning_all_children_round_changes_nothing(method: Any, x: Floats) -> None:
    w = method(x, siblings())
    np.testing.assert_allclose(method(-x, siblings()), w, atol=1e-9, rtol=0)


@every
@few
@given(x=scores())
def test_counting_every_community_twice_changes_nothing(method: Any, x: Floats) -> None:
    assume_unique(method, x)
    w = method(x, siblings())
    np.testing.assert_allclose(method(np.vstack([x, x]), siblings()), w, atol=1e-8, rtol=0)


@pytest.mark.parametrize("method", [Entropy(), StandardDeviation()], ids=str)
@few
@given(x=scores())
def test_leaving_a_child_out_keeps_the_proportions_of_the_others(method: Any, x: Floats) -> None:
    w = method(x, Siblings.of(4))
    fewer = method(x[:, :3], Siblings.of(3))
    np.testing.assert_allclose(fewer, w[:3] / w[:3].sum(), atol=1e-9, rtol=0)


@pytest.mark.parametrize("method", [Critic(), Merec()], ids=str)
def test_leaving_a_child_out_can_change_the_proportions_of_the_others(method: Any) -> None:
    """The third child moves like the first: without it the first conflicts more with the others
    (CRITIC), and is missed more (MEREC).
    """
    x = np.array([[1.0, 3.0, 1.1], [2.0, 1.0, 2.0], [3.0, 2.0, 3.2], [4.0, 1.5, 3.9]])
    w = method(x, Siblings.of(3))
    fewer = method(x[:, :2], Siblings.of(2))
    assert abs(fewer[0] - w[0] / w[:2].sum()) > 0.01


def test_leaving_a_child_out_changes_the_proportions_of_equal_influence() -> None:
    """Of orthogonal a, b, c the columns a and b need equal weights; beside a + c, which already
    pulls the score its way, a needs 1 / (1 + 1/sqrt 2) of b's.
    """
    a, b, c = np.array([[1.0, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]])
    assert EqualInfluence()(np.stack([a, b], axis=1), Siblings.of(2)) == pytest.approx([0.5, 0.5])
    w = EqualInfluence()(np.stack([a, b, a + c], axis=1), Siblings.of(3))
    assert w[0] / w[1] == pytest.approx(1 / (1 + np.sqrt(0.5)))


def test_critic_gives_a_pair_of_twins_more_than_one_child() -> None:
    """CRITIC does not share one child's weight among copies of it: twins together gain."""
    a, b, c = np.array([[0.0, 1, 0.5, 0.5], [0.5, 0.5, 0, 1], [1, 1, 0, 0.0]])
    plain = Critic()(np.stack([a, b, c], axis=1), Siblings.of(3))
    twins = Critic()(np.stack([a, a, b, c], axis=1), Siblings.of(4))
    assert twins[:2].sum() > plain[0] + 0.05


@pytest.mark.parametrize("method", [Entropy(), StandardDeviation(), Critic(), Merec()], ids=str)
def test_two_alike_columns_get_the_same_weight(method: Any) -> None:
    x = np.array([[1.0, 1.0, 2.0], [2.0, 2.0, 9.0], [5.0, 5.0, 1.0]])
    w = method(x, Siblings.of(3))
    assert w[0] == pytest.approx(w[1])


@few
@given(x=scores(), spread=st.floats(1.1, 10))
def test_more_spread_in_a_child_means_more_weight_by_deviation(x: Floats, spread: float) -> None:
    wider = x.copy()
    wider[:, 0] *= spread
    w = StandardDeviation()(x, Siblings.of(4))
    assert StandardDeviation()(wider, Siblings.of(4))[0] > w[0]


@every
@few
@given(x=scores())
def test_notes_are_short_sentences_about_a_child_or_the_node(method: Any, x: Floats) -> None:
    for note in method.notes(x, siblings()):
        assert note.text[0].islower() or note.text.startswith("Kendall")
        assert note.column is None or 0 <= note.column < 4
