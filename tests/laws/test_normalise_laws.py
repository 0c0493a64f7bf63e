"""What holds for every normalisation, and what does not, with a counterexample."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

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

PARAMETERS = {"reference_community": {"id": "first"}}
METHODS = [
    method(**PARAMETERS.get(method.__dataclass_fields__["kind"].default, {}))
    for method in get_args(Normalisation)
]
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.kind)
few = settings(max_examples=15, deadline=None)


@st.composite
def columns(draw: st.DrawFn, gaps: bool = True) -> Floats:
    """Draw (n, 3) positive values with ties; the first community leads and has no gap."""
    n = draw(st.integers(5, 9))
    number = st.integers(1, 400).map(lambda value: value / 4)
    cell = st.one_of(number, st.just(np.nan)) if gaps else number
    x = np.array(draw(st.lists(st.lists(cell, min_size=3, max_size=3), min_size=n, max_size=n)))
    x[0] = 150.0
    return x


def scale_of(x: Floats, factor: float = 1.0, shift: float = 0.0) -> Scale:
    """Give x a scale, whose goalposts and target follow its unit."""
    k = x.shape[-1]
    return Scale.of(
        x,
        goalposts=np.tile([0.0, 120.0], (k, 1)) * factor + shift,
        target=np.full(k, 200.0) * factor + shift,
        row_by_community={"first": 0},
    )


def apply(method: Normalisation, x: Floats, factor: float = 1.0, shift: float = 0.0) -> Floats:
    """Normalise x, or leave the example where the method is undefined."""
    try:
        return method(x, scale_of(x, factor, shift))
    except MethodError:
        reject()


def same(a: Floats, b: Floats) -> bool:
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-9, equal_nan=True))


@every_method
@few
@given(x=columns())
def test_missing_stays_missing_and_nothing_else_does(method: Normalisation, x: Floats) -> None:
    before = x.copy()
    y = apply(method, x)
    assert (np.isnan(y) == np.isnan(x)).all()
    assert np.array_equal(x, before, equal_nan=True)


@every_method
@few
@given(x=columns())
def test_order_is_kept_and_ties_stay_ties(method: Normalisation, x: Floats) -> None:
    y = apply(method, x)
    for j in range(x.shape[1]):
        above = x[:, None, j] > x[None, :, j]
        equal = x[:, None, j] == x[None, :, j]
        assert (y[:, None, j] >= y[None, :, j])[above].all()
        assert (y[:, None, j] == y[None, :, j])[equal].all()


@every_method
@few
@given(x=columns(), seed=st.integers(0, 99))
def test_order_of_communities_does_not_matter(method: Normalisation, x: Floats, seed: int) -> None:
    order = np.r_[0, 1 + np.random.default_rng(seed).permutation(len(x) - 1)]
    assert same(apply(method, x[order]), apply(method, x)[order])


@pytest.mark.parametrize("method", METHODS[1:], ids=lambda method: method.kind)
@few
@given(x=columns(), factor=st.sampled_from([0.001, 0.5, 3.0, 1e6]))
def test_unit_does_not_matter(method: Normalisation, x: Floats, factor: float) -> None:
    assert same(apply(method, x * factor, factor), apply(method, x))


def test_unit_matters_without_normalisation() -> None:
    x = np.array([[1.0], [2.0]])
    assert not same(
        NoNormalisation()(1000 * x, Scale.of(1000 * x)), NoNormalisation()(x, Scale.of(x))
    )


SHIFTABLE = [method for method in METHODS if method.kind not in ("none", "vector", "sum")]
SHIFTABLE = [method for method in SHIFTABLE if method.kind != "fraction_of_max"]


@pytest.mark.parametrize("method", SHIFTABLE, ids=lambda method: method.kind)
@few
@given(x=columns(), shift=st.sampled_from([-273.15, 10.0]))
def test_zero_point_does_not_matter(method: Normalisation, x: Floats, shift: float) -> None:
    x = np.round(x * 4) / 4
    assert same(apply(method, x + shift, 1.0, shift), apply(method, x))


@pytest.mark.parametrize("method", [Vector(), Sum(), FractionOfMax()], ids=lambda m: m.kind)
def test_zero_point_matters_for_ratio_scales(method: Normalisation) -> None:
    x = np.array([[1.0], [2.0]])
    assert not same(method(x + 10, Scale.of(x + 10)), method(x, Scale.of(x)))


@every_method
@few
@given(x=columns(gaps=False), seed=st.integers(0, 99))
def test_draws_are_normalised_as_if_one_by_one(method: Normalisation, x: Floats, seed: int) -> None:
    draws = x + np.random.default_rng(seed).integers(0, 9, size=(2, 2, *x.shape))
    draws[..., 0, :] = 160.0
    stacked = apply(method, draws)
    single = [[apply(method, x) for x in row] for row in draws]
    assert same(stacked, np.array(single))


@every_method
@few
@given(x=columns(), extra=columns())
def test_reference_may_be_larger_than_what_is_normalised(
    method: Normalisation, x: Floats, extra: Floats
) -> None:
    pooled = np.concatenate([x, extra])
    try:
        y = method(x, Scale.of(pooled, **declared(scale_of(x))))
    except MethodError:
        reject()
    assert same(y, apply(method, pooled)[: len(x)])


def declared(scale: Scale) -> dict[str, object]:
    return {name: getattr(scale, name) for name in ("goalposts", "target", "row_by_community")}


RANGES = [
    (MinMax(low=70, high=130), 70, 130),
    (PercentileRank(), 0, 1),
    (Goalposts(), 0, 100),
    (Target(cap=True), 0, 1),
    (ReferenceCommunity(id="first", cap=True), 0, 1),
    (FractionOfMax(), 0, 1),
    (Vector(), 0, 1),
    (Sum(), 0, 1),
    (Rank(), 1, 9),
    (Borda(), 0, 8),
]


@pytest.mark.parametrize(("method", "low", "high"), RANGES, ids=lambda a: getattr(a, "kind", a))
@few
@given(x=columns())
def test_scores_lie_in_the_stated_range(
    method: Normalisation, low: float, high: float, x: Floats
) -> None:
    y = apply(method, x)
    present = y[~np.isnan(y)]
    assert ((present >= low) & (present <= high)).all()


@few
@given(x=columns())
def test_columns_have_the_stated_size(x: Floats) -> None:
    assume((np.nanmax(x, axis=0) > np.nanmin(x, axis=0)).all())
    z = apply(ZScore(mean=100, sd=10), x)
    assert np.nanmean(z, axis=0) == pytest.approx(100)
    assert np.nanstd(z, axis=0, ddof=1) == pytest.approx(10)
    assert np.nansum(apply(Vector(), x) ** 2, axis=0) == pytest.approx(1)
    assert np.nansum(apply(Sum(), x), axis=0) == pytest.approx(1)


IDEMPOTENT = [MinMax(), ZScore(), Robust(), Rank(), PercentileRank(), Vector(), Sum()]
IDEMPOTENT += [FractionOfMax(), NoNormalisation()]


@pytest.mark.parametrize("method", IDEMPOTENT, ids=lambda method: method.kind)
@few
@given(x=columns())
def test_normalising_again_changes_nothing(method: Normalisation, x: Floats) -> None:
    y = apply(method, x)
    if isinstance(method, MinMax):
        assume((np.nanmax(x, axis=0) > np.nanmin(x, axis=0)).all())
    assert same(apply(method, y), y)


def test_goalposts_do_not_move_when_a_community_joins() -> None:
    x = np.array([[10.0], [50.0]])
    more = np.array([[10.0], [50.0], [100.0]])
    posts = np.array([[0.0, 100.0]])
    alone = Goalposts()(x, Scale.of(x, goalposts=posts))
    assert same(Goalposts()(more, Scale.of(more, goalposts=posts))[:2], alone)


@pytest.mark.parametrize(
    "method", [MinMax(), ZScore(), Robust(), PercentileRank(), Vector(), Sum(), FractionOfMax()]
)
def test_scales_of_the_cohort_move_when_a_community_joins(method: Normalisation) -> None:
    x = np.array([[10.0], [20.0], [50.0]])
    more = np.array([[10.0], [20.0], [50.0], [100.0]])
    assert not same(method(more, Scale.of(more))[:3], method(x, Scale.of(x)))


@every_method
def test_powers_of_ten_near_the_ends_of_floating_point_do_not_matter(
    method: Normalisation,
) -> None:
    x = np.array([[5.0], [1.0], [2.0], [4.0], [3.0]])
    expected = apply(method, x)
    for exponent in (300, -300):
        y = apply(method, x * 10.0**exponent, 10.0**exponent)
        factor = 10.0**exponent if method.kind == "none" else 1.0
        assert (y / factor).ravel() == pytest.approx(expected.ravel(), rel=1e-12)
