"""Edges and errors of the distributions of weights."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.context import Floats, Siblings
from icfscore.methods.perturb import (
    BoundedWeights,
    DirichletWeights,
    FixedWeights,
    OrdinalWeights,
    RelativeWeights,
    UniformWeights,
)

ABC = Siblings.of(3, names=("a", "b", "c"), node="work")
THIRDS = np.full(3, 1 / 3)


def philox() -> np.random.Generator:
    return np.random.Generator(np.random.Philox(2019))


def drawn(method: Any, centre: Floats, siblings: Siblings | None = None, size: int = 500) -> Floats:
    shares: Floats = method.draw(philox(), size, centre, siblings or Siblings.of(len(centre)))
    return shares


# Parameters.


@pytest.mark.parametrize("concentration", [0.0, -1.0, float("nan"), float("inf")])
def test_a_concentration_is_a_positive_number(concentration: float) -> None:
    with pytest.raises(ValueError, match="concentration must be a positive number, got"):
        DirichletWeights(concentration)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.01, float("nan"), float("inf")])
def test_a_relative_share_is_at_most_one(share: float) -> None:
    with pytest.raises(ValueError, match="share must be above 0 and at most 1, got"):
        RelativeWeights(share)


@pytest.mark.parametrize(
    ("lower", "upper", "message"),
    [
        (-0.1, 1.0, "lower must be a share between 0 and 1, got -0.1"),
        (0.0, 1.2, "upper must be a share between 0 and 1, got 1.2"),
        (0.0, float("nan"), "upper must be a share between 0 and 1, got nan"),
        ({"a": 20.0}, 1.0, "lower of 'a' must be a share between 0 and 1, got 20"),
        (0.3, 0.2, "lower must not exceed upper, got 0.3 > 0.2"),
        ({"a": 0.3}, {"a": 0.2}, "lower of 'a' must not exceed upper, got 0.3 > 0.2"),
        (0.3, {"b": 0.2}, "lower of 'b' must not exceed upper, got 0.3 > 0.2"),
        ({"b": 0.3}, 0.2, "lower of 'b' must not exceed upper, got 0.3 > 0.2"),
    ],
)
def test_bounds_are_shares_in_order(lower: Any, upper: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        BoundedWeights(lower, upper)


def test_an_order_is_not_empty() -> None:
    with pytest.raises(ValueError, match="the most important first; it is empty"):
        OrdinalWeights(())


def test_an_order_names_each_child_once() -> None:
    with pytest.raises(ValueError, match="each child once, found twice: a"):
        OrdinalWeights(("a", "b", "a"))


# Names.


@pytest.mark.parametrize(
    ("method", "where"),
    [
        (OrdinalWeights(("a", "b", "c", "speed")), "order"),
        (BoundedWeights(lower={"speed": 0.1}), "lower"),
        (BoundedWeights(upper={"speed": 0.1}), "upper"),
    ],
)
def test_a_stranger_is_an_error_naming_the_children_there_are(method: Any, where: str) -> None:
    with pytest.raises(MethodError, match=f"{where}: 'speed' is no child of work") as caught:
        method.check(ABC, THIRDS)
    assert caught.value.remedy == "its children are: a, b, c"
    method.check(ABC, THIRDS, elsewhere={"speed", "price"})


def test_a_misspelt_child_comes_with_a_suggestion() -> None:
    siblings = Siblings.of(2, names=("speed", "price"))
    with pytest.raises(MethodError, match="order: 'sped' is no child of index") as caught:
        OrdinalWeights(("sped", "price")).check(siblings, np.full(2, 0.5))
    assert caught.value.remedy == "did you mean 'speed'?"


def test_an_order_without_a_scored_child_is_an_error_naming_it() -> None:
    method = OrdinalWeights(("a", "c"))
    for act in (lambda: method.check(ABC, THIRDS), lambda: drawn(method, THIRDS, ABC)):
        with pytest.raises(
            MethodError, match="order: 'b', a scored child of work, is missing"
        ) as e:
            act()
        assert e.value.column == 1
        assert "`nodes`" in e.value.remedy


def test_an_order_is_cut_to_the_children_that_take_part() -> None:
    siblings = Siblings.of(2, names=("a", "c"), declared=("a", "b", "c"))
    method = OrdinalWeights(("c", "b", "a"))
    method.check(siblings, np.full(2, 0.5))
    w = drawn(method, np.full(2, 0.5), siblings, 20_000)
    assert np.all(w[:, 1] >= w[:, 0])
    assert w[:, 1].mean() == pytest.approx(0.75, abs=0.01)


def test_bounds_of_children_that_take_no_part_are_ignored() -> None:
    siblings = Siblings.of(2, names=("a", "c"), declared=("a", "b", "c"))
    method = BoundedWeights(lower={"b": 0.5, "a": 0.6})
    method.check(siblings, np.full(2, 0.5))
    assert drawn(method, np.full(2, 0.5), siblings)[:, 0].min() >= 0.6


@pytest.mark.parametrize("method", [FixedWeights(), UniformWeights(), DirichletWeights()])
def test_other_distributions_fit_any_siblings(method: Any) -> None:
    method.check(ABC, THIRDS)


# Bounds without room.


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (BoundedWeights(lower=0.4), "lower bounds sum to 1.2, more than 1"),
        (BoundedWeights(upper=0.3), "upper bounds sum to 0.9, less than 1"),
        (BoundedWeights(lower={"a": 0.7, "b": 0.6}), "lower bounds sum to 1.3, more than 1"),
    ],
)
def test_bounds_without_room_are_an_error(method: BoundedWeights, message: str) -> None:
    for act in (lambda: method.check(ABC, THIRDS), lambda: drawn(method, THIRDS, ABC)):
        with pytest.raises(MethodError, match=f"the 3 children of work cannot .*{message}") as e:
            act()
        assert "`nodes`" in e.value.remedy


def test_a_child_without_weight_leaves_its_room_to_the_others() -> None:
    method = BoundedWeights(upper={"a": 0.3, "b": 0.3, "c": 0.5})
    method.check(ABC, THIRDS)
    with pytest.raises(MethodError, match=r"the 2 children of work .* upper bounds sum to 0\.6"):
        method.check(ABC, np.array([0.5, 0.5, 0.0]))
    with pytest.raises(MethodError, match=r"upper bounds sum to 0\.6"):
        method.check(ABC, np.array([[0.3, 0.3, 0.4], [0.5, 0.5, 0.0]]))


# A single feasible point.


@pytest.mark.parametrize(
    ("lower", "upper", "point"),
    [
        ({"a": 0.2, "b": 0.3, "c": 0.5}, 1.0, [0.2, 0.3, 0.5]),
        (0.0, {"a": 0.2, "b": 0.3, "c": 0.5}, [0.2, 0.3, 0.5]),
        (1 / 3, 1 / 3, [1 / 3, 1 / 3, 1 / 3]),
        (0.3333333333, 1.0, [1 / 3, 1 / 3, 1 / 3]),
        (0.0, 0.3333333333, [1 / 3, 1 / 3, 1 / 3]),
        ({"a": 0.2, "b": 0.3}, {"a": 0.2, "b": 0.3}, [0.2, 0.3, 0.5]),
        ({"a": 1.0}, 1.0, [1, 0, 0]),
        (0.0, {"a": 0.0, "b": 0.0}, [0, 0, 1]),
    ],
)
def test_bounds_that_one_point_meets_give_that_point(
    lower: Any, upper: Any, point: list[float]
) -> None:
    method = BoundedWeights(lower, upper)
    method.check(ABC, THIRDS)
    w = drawn(method, THIRDS, ABC)
    assert np.abs(w - point).max() < 1e-9
    assert np.abs(w.sum(axis=1) - 1).max() < 1e-15


def test_equal_bounds_fix_a_child_and_leave_the_others_free() -> None:
    method = BoundedWeights(lower={"b": 0.25}, upper={"b": 0.25, "a": 0.5})
    w = drawn(method, THIRDS, ABC, 20_000)
    assert np.all(w[:, 1] == 0.25)
    assert w[:, 0].mean() == pytest.approx(0.25, abs=0.01)
    assert 0.49 < w[:, 0].max() <= 0.5


def test_forty_tight_bounds_are_kept() -> None:
    method = BoundedWeights(0.0249, 0.0251)
    w = drawn(method, np.full(40, 0.025), size=5000)
    assert 0.0249 <= w.min() < 0.02491
    assert 0.02509 < w.max() <= 0.0251


# A single child, many draws, none.


@pytest.mark.parametrize(
    "method",
    [
        FixedWeights(),
        UniformWeights(),
        DirichletWeights(1e-6),
        RelativeWeights(1.0),
        BoundedWeights(0.1, 0.4),
        OrdinalWeights(("other",)),
    ],
    ids=lambda method: method.kind,
)
def test_a_single_child_has_share_one(method: Any) -> None:
    assert np.all(drawn(method, np.ones(1)) == 1)
    two = np.array([[0.0, 1.0], [0.0, 1.0]])
    if not isinstance(method, OrdinalWeights):
        assert np.array_equal(drawn(method, two, size=2), two)


@pytest.mark.parametrize("method", [UniformWeights(), DirichletWeights(), BoundedWeights(0.1, 0.4)])
def test_no_draws_are_no_rows(method: Any) -> None:
    assert drawn(method, THIRDS, ABC, size=0).shape == (0, 3)


def test_fixed_weights_repeat_the_centre_of_each_draw() -> None:
    centre = np.random.default_rng(1).dirichlet(np.ones(4), size=10)
    assert np.array_equal(drawn(FixedWeights(), centre, Siblings.of(4), 10), centre)
    assert np.array_equal(drawn(FixedWeights(), centre[0], size=3), [centre[0]] * 3)


def test_drawing_leaves_the_centre_alone() -> None:
    centre = np.tile([0.0, 0.4, 0.6], (5, 1))
    centre.setflags(write=False)
    for method in (FixedWeights(), DirichletWeights(0.1), RelativeWeights(), UniformWeights()):
        method.draw(philox(), 5, centre, ABC)
    w = FixedWeights().draw(philox(), 5, centre, ABC)
    w[:] = 0
    assert centre[0, 2] == 0.6


# Extreme concentrations and shares.


@pytest.mark.parametrize("concentration", [5e-324, 1e-300, 1e-12, 1e-3])
def test_tiny_concentrations_give_all_weight_to_one_child(concentration: float) -> None:
    centre = np.array([0.5, 0.3, 0.2])
    w = drawn(DirichletWeights(concentration), centre, size=40_000)
    assert np.abs(w.sum(axis=1) - 1).max() < 1e-12
    assert np.mean(w.max(axis=1) > 0.99) > 0.98
    assert w.mean(axis=0) == pytest.approx(centre, abs=5 * 0.5 / 200)


@pytest.mark.parametrize("concentration", [1e16, 1e100, 1.7e308])
def test_huge_concentrations_give_the_centre(concentration: float) -> None:
    centre = np.array([0.5, 0.3, 0.2])
    assert drawn(DirichletWeights(concentration), centre) == pytest.approx(
        np.tile(centre, (500, 1)), abs=1e-7
    )


@pytest.mark.parametrize("concentration", [1e-3, 0.5, 60.0])
@pytest.mark.parametrize("share", [5e-324, 1e-300, 1e-12])
def test_tiny_shares_neither_underflow_nor_take_over(concentration: float, share: float) -> None:
    for centre in (np.array([1 - share, share]), np.tile([1 - share, share], (500, 1))):
        for method in (DirichletWeights(concentration), RelativeWeights(1.0)):
            w = method.draw(philox(), 500, centre, Siblings.of(2))
            assert np.abs(w.sum(axis=1) - 1).max() < 1e-12
            assert w[:, 1].max() < 1e-6


def test_a_relative_share_of_one_never_empties_a_draw() -> None:
    class Zero(np.random.Generator):
        """Draws the largest number below one throughout, so that every factor is least."""

        def random(self, size: Any = None, *_: Any, **__: Any) -> Any:
            return np.full(size, 1 - 2.0**-53)

    w = RelativeWeights(1.0).draw(Zero(np.random.Philox(1)), 3, THIRDS, ABC)
    assert w == pytest.approx(np.full((3, 3), 1 / 3))


def test_a_thousand_children_are_no_obstacle() -> None:
    centre = np.full(1000, 1e-3)
    for method in (
        UniformWeights(),
        DirichletWeights(),
        BoundedWeights(0.0005, 0.0015),
        OrdinalWeights(Siblings.of(1000).names),
    ):
        w = drawn(method, centre, size=20)
        assert np.abs(w.sum(axis=1) - 1).max() < 1e-12
