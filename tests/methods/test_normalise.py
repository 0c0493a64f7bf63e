"""Normalisations at their edges: constant and empty columns, few communities, errors."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.context import Floats, Scale
from icfscore.methods.normalise import (
    Borda,
    FractionOfMax,
    Goalposts,
    MinMax,
    NoNormalisation,
    Normalisation,
    PercentileRank,
    Rank,
    ReferenceCommunity,
    Robust,
    Sum,
    Target,
    Vector,
    ZScore,
)

NA = np.nan


def column(*values: float) -> Floats:
    return np.array(values, dtype=float)[:, None]


def texts(method: Normalisation, x: Floats, scale: Scale | None = None) -> list[str]:
    return [note.text for note in method.notes(x, scale or Scale.of(x))]


CONSTANT = column(0.1, 0.1, NA, 0.1)  # whose floating-point mean is not 0.1


@pytest.mark.parametrize(
    ("method", "score", "text"),
    [
        (
            MinMax(low=1, high=100),
            50.5,
            "all values are equal: every community gets the middle, 50.5",
        ),
        (ZScore(mean=100, sd=10), 100, "all values are equal: every community gets the mean, 100"),
        (Robust(), 0, "all values are equal: every community gets 0"),
        (Rank(), 1, "all values are equal: every community gets rank 1"),
        (Borda(), 0, "all values are equal: no community beats another, every one gets 0"),
        (PercentileRank(low=5, high=9), 5, "all values are equal: every community gets 5"),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_constant_column_is_defined_and_named(
    method: Normalisation, score: float, text: str
) -> None:
    y = method(CONSTANT, Scale.of(CONSTANT))
    assert y[[0, 1, 3], 0].tolist() == [score] * 3
    assert np.isnan(y[2, 0])
    (note,) = method.notes(CONSTANT, Scale.of(CONSTANT))
    assert (note.text, note.column, note.row, note.level) == (text, 0, None, "warning")


def test_constant_column_without_warning_where_its_score_means_something() -> None:
    scale = Scale.of(CONSTANT, goalposts=np.array([[0.0, 0.2]]))
    assert Goalposts()(CONSTANT, scale)[0, 0] == 50
    assert Goalposts().notes(CONSTANT, scale) == ()
    assert Vector()(CONSTANT, scale)[0, 0] == pytest.approx(1 / np.sqrt(3))
    assert Sum()(CONSTANT, scale)[0, 0] == pytest.approx(1 / 3)
    assert FractionOfMax()(CONSTANT, scale)[0, 0] == 1


@pytest.mark.parametrize(
    ("method", "score"),
    [
        (MinMax(), 50),
        (ZScore(), 0),
        (ZScore(ddof=0), 0),
        (Robust(), 0),
        (Rank(), 1),
        (Borda(), 0),
        (PercentileRank(high=100), 50),
        (Vector(), 1),
        (Sum(), 1),
        (FractionOfMax(), 1),
        (NoNormalisation(), 7),
    ],
    ids=repr,
)
def test_single_community_is_defined(method: Normalisation, score: float) -> None:
    x = column(7)
    assert method(x, Scale.of(x))[0, 0] == score


def test_single_value_gets_the_middle_of_the_percentiles_and_is_named() -> None:
    x = column(7, NA)
    assert texts(PercentileRank(), x) == ["only one value: it gets the middle, 0.5"]


@pytest.mark.parametrize("method", get_args(Normalisation), ids=lambda method: method.__name__)
def test_column_without_values_stays_missing(method: type[Normalisation]) -> None:
    instance = method(id="a") if method is ReferenceCommunity else method()  # type: ignore[call-arg]
    x = np.array([[NA, 3.0], [NA, 1.0], [NA, 2.0]])
    scale = Scale.of(
        x,
        goalposts=np.array([[0.0, 4.0]] * 2),
        target=np.array([4.0, 4.0]),
        row_by_community={"a": 0},
    )
    y = instance(x, scale)
    assert np.isnan(y[:, 0]).all()
    assert np.isfinite(y[:, 1]).all()
    assert instance.notes(x, scale) == ()


@pytest.mark.parametrize("method", [Vector(), Sum()], ids=lambda method: method.kind)
def test_column_of_zeros_gives_zeros_without_sign(method: Normalisation) -> None:
    x = -column(0, 0)
    y = method(x, Scale.of(x))
    assert y.ravel().tolist() == [0, 0]
    assert not np.signbit(y).any()
    assert texts(method, x) == ["all values are zero: every community gets 0"]


def test_two_communities_get_the_ends() -> None:
    x = column(3, 1)
    assert MinMax()(x, Scale.of(x)).ravel().tolist() == [100, 0]
    assert ZScore()(x, Scale.of(x)).ravel() == pytest.approx([2**-0.5, -(2**-0.5)])
    assert Robust()(x, Scale.of(x)).ravel().tolist() == [1, -1]


def test_ends_of_the_range_are_met_exactly() -> None:
    x = column(1, 2, 3)
    assert MinMax(low=0.1, high=0.7)(x, Scale.of(x))[[0, 2], 0].tolist() == [0.1, 0.7]


@pytest.mark.parametrize("factor", [1.7e308 / 4, 1e-310, 5e-324])
def test_min_max_of_the_largest_and_the_smallest_numbers(factor: float) -> None:
    x = column(-4, 0, 4) * factor
    assert MinMax()(x, Scale.of(x)).ravel().tolist() == [0, 50, 100]
    assert ZScore()(x, Scale.of(x)).ravel().tolist() == [-1, 0, 1]
    assert Robust()(x, Scale.of(x)).ravel().tolist() == [-1, 0, 1]
    assert Sum()(x, Scale.of(x)).ravel().tolist() == [-0.5, 0, 0.5]


def test_ranks_are_taken_in_the_reference() -> None:
    x, pooled = column(2, 5), column(1, 2, 2, 3, NA, 5)
    assert Rank()(x, Scale.of(pooled)).ravel().tolist() == [2, 5]
    assert PercentileRank()(x, Scale.of(pooled)).ravel().tolist() == [0.25, 1]
    beyond = column(9)
    assert PercentileRank()(beyond, Scale.of(pooled))[0, 0] == 1


def test_ranks_of_draws_against_one_reference() -> None:
    x = np.stack([column(2, 5), column(0, 3)])
    y = Borda()(x, Scale.of(column(1, 2, 3)))
    assert y[..., 0].tolist() == [[1, 3], [0, 2]]


def test_robust_refuses_equal_quartiles() -> None:
    x = np.column_stack([[1.0, 2, 3, 4, 5], [0.0, 0, 0, 0, 7]])
    with pytest.raises(MethodError, match="quartiles are equal: robust has no unit") as caught:
        Robust()(x, Scale.of(x))
    assert (caught.value.column, caught.value.row) == (1, None)
    assert "min_max or z_score" in caught.value.remedy


def test_goalposts_hold_or_let_go_of_what_is_beyond() -> None:
    x = column(-10, 25, 120)
    scale = Scale.of(x, goalposts=np.array([[0.0, 100.0]]))
    assert Goalposts()(x, scale).ravel().tolist() == [0, 25, 100]
    assert Goalposts(clip=False)(x, scale).ravel() == pytest.approx([-10, 25, 120])


@pytest.mark.parametrize(
    ("goalposts", "message"),
    [([NA, NA], "has no goalposts"), ([NA, 1.0], "has no goalposts"), ([3.0, 3.0], "are equal")],
)
def test_goalposts_refuse_to_guess(goalposts: list[float], message: str) -> None:
    x = np.array([[1.0, 1.0]])
    with pytest.raises(MethodError, match=message) as caught:
        Goalposts()(x, Scale.of(x, goalposts=np.array([[0.0, 1.0], goalposts])))
    assert caught.value.column == 1


@pytest.mark.parametrize(
    ("target", "message"), [(NA, "has no target"), (1.0, "does not exceed"), (0.5, "does not")]
)
def test_target_must_lie_above_the_lowest_value(target: float, message: str) -> None:
    x = column(1, 2)
    with pytest.raises(MethodError, match=message) as caught:
        Target()(x, Scale.of(x, target=np.array([target])))
    assert caught.value.column == 0


def test_target_of_a_constant_column_is_named() -> None:
    scale = Scale.of(column(1, 1), target=np.array([3.0]))
    assert Target()(column(1, 1), scale).ravel().tolist() == [0, 0]
    assert texts(Target(), column(1, 1), scale) == ["all values are equal: every community gets 0"]


def test_target_in_one_of_many_draws_is_refused_too() -> None:
    draws = np.stack([column(1, 2), column(4, 5)])
    with pytest.raises(MethodError, match="does not exceed the lowest value"):
        Target()(draws, Scale.of(draws, target=np.array([3.0])))


def test_unknown_reference_community_is_answered_by_the_likely_one() -> None:
    x = column(1, 2)
    scale = Scale.of(x, row_by_community={"oulu": 0, "taoyuan": 1})
    with pytest.raises(MethodError, match="no community 'taoyaun' is scored") as caught:
        ReferenceCommunity(id="taoyaun")(x, scale)
    assert caught.value.remedy == "did you mean 'taoyuan'?"


@pytest.mark.parametrize(
    ("values", "message"), [((NA, 2), "has no value"), ((1, 2), "holds the lowest value")]
)
def test_reference_community_must_stand_above_the_lowest(
    values: tuple[float, ...], message: str
) -> None:
    x = column(*values)
    with pytest.raises(MethodError, match=message) as caught:
        ReferenceCommunity(id="oulu")(x, Scale.of(x, row_by_community={"oulu": 0}))
    assert (caught.value.row, caught.value.column) == (0, 0)


@pytest.mark.parametrize(
    ("natural", "sign", "place"),
    [
        ([1.0, -1.0], 1.0, (1, 0)),
        ([1.0, 0.0], -1.0, (1, 0)),
        ([-2.0, 1.0], -1.0, (0, 0)),
        ([0.0, 0.0], 1.0, (None, 0)),
    ],
)
def test_fraction_of_max_needs_positive_values(
    natural: list[float], sign: float, place: tuple[int | None, int]
) -> None:
    x = column(*natural) * sign
    with pytest.raises(MethodError, match="needs positive values") as caught:
        FractionOfMax()(x, Scale.of(x, sign=np.array([sign])))
    assert (caught.value.row, caught.value.column) == place


def test_fraction_of_max_takes_benefits_of_zero() -> None:
    x = column(0, 4)
    assert FractionOfMax()(x, Scale.of(x)).ravel().tolist() == [0, 1]


@pytest.mark.parametrize("method", [MinMax, PercentileRank, Goalposts])
def test_ends_of_a_range_must_differ(method: type) -> None:
    with pytest.raises(ValueError, match=r"low \(5\) must be below high \(5\), both finite"):
        method(low=5, high=5)
    with pytest.raises(ValueError, match="both finite"):
        method(low=float("-inf"), high=5)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"mean": np.nan}, "mean must be a finite number, got nan"),
        ({"sd": 0.0}, "sd must be a finite number above 0, got 0"),
        ({"sd": np.inf}, "sd must be a finite number above 0, got inf"),
        ({"ddof": 2}, "ddof must be 0 or 1, got 2"),
    ],
)
def test_z_score_checks_its_parameters(parameters: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ZScore(**parameters)  # type: ignore[arg-type]
