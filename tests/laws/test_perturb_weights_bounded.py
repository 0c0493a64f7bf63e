"""Bounded weights are exactly uniform, and cost little however tight the bounds.

Statistical tests have fixed seeds and fail by chance less than once in a thousand seeds.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from icfscore.methods.context import Floats, Siblings
from icfscore.methods.perturb import BoundedWeights, UniformWeights
from icfscore.methods.perturb.weights_slice import (
    Tilted,
    bounded_parts,
    shares_within,
    truncated_moments,
)


def philox(seed: int = 2019) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def volume(widths: list[Fraction], total: Fraction) -> Fraction:
    """Volume of 0 <= y <= widths, sum(y) = total, up to a factor: inclusion and exclusion."""
    power = len(widths) - 1
    terms = (
        (-1) ** size * max(total - sum(cut), Fraction(0)) ** power
        for size in range(len(widths) + 1)
        for cut in combinations(widths, size)
    )
    return sum(terms, Fraction(0))


def probability_below(widths: list[Fraction], total: Fraction, limits: list[Fraction]) -> float:
    """Probability that y_i <= limits_i for all i, y uniform on the slice."""
    inner = [min(a, b) for a, b in zip(widths, limits, strict=True)]
    return float(volume(inner, total) / volume(widths, total))


BOXES = [
    ("1/10 1/5 0", "1/2 1 3/5"),
    ("0 0 0 0", "2/5 3/10 1/2 1/5"),
    ("1/10 0 1/20 0 1/10", "3/10 1/4 1/4 1/2 3/20"),
    ("0 0 0 0 0 0", "1/4 1/4 1/4 1/4 1/4 1/4"),
    ("1/10 1/10 1/10 1/10 1/10 1/10", "1/4 1/5 1/5 1/5 1/5 1/5"),
    ("0 0 0 0 0 0", "1 1/50 1/50 1/50 1/100 1/100"),
    ("0 0 0 0 0 0 0", "2/5 2/5 2/5 1/1000 1/1000 1/1000 1/100000"),
    ("1/8 1/8 0 0 0 0 0", "1/5 1/5 1/5 1/5 1/5 1/5 1/5"),
]


@pytest.mark.parametrize(("low", "high"), BOXES)
def test_bounded_shares_are_uniform_by_exact_volumes(low: str, high: str) -> None:
    """Probabilities that one and two shares stay below half and a fifth of their ranges, five
    standard errors."""
    lower, upper = ([Fraction(end) for end in ends.split()] for ends in (low, high))
    widths = [b - a for a, b in zip(lower, upper, strict=True)]
    total, c, n = 1 - sum(lower, Fraction(0)), len(lower), 60_000
    floor, ceiling = (np.array([float(end) for end in ends]) for ends in (lower, upper))
    y = (shares_within(philox(), floor, ceiling, n) - floor[:, np.newaxis]).T
    for first, second in [(i, i) for i in range(c)] + list(combinations(range(c), 2)):
        for part in (Fraction(1, 2), Fraction(1, 5), Fraction(9, 10)):
            limits = list(widths)
            limits[first] *= part
            limits[second] = widths[second] * part
            edges = [float(limit) for limit in limits]
            p = probability_below(widths, total, limits)
            below = (y[:, first] <= edges[first]) & (y[:, second] <= edges[second])
            assert abs(below.mean() - p) <= 5 * np.sqrt(p * (1 - p) / n) + 1e-12


@pytest.mark.parametrize("share", [Fraction(1, 20), Fraction(1, 10), Fraction(3, 80)])
def test_forty_bounded_shares_follow_the_exact_marginal(share: Fraction) -> None:
    """Equal upper bounds d: P(y <= x) by the Irwin-Hall sums in exact fractions."""
    c, n = 40, 40_000

    def slices(narrow: Fraction) -> Fraction:
        """Volume with one child of width `narrow`, the others of width d."""
        terms = (
            (-1) ** (j + k) * comb(c - 1, j) * max(1 - j * share - k * narrow, Fraction(0)) ** 39
            for j in range(c)
            for k in range(2)
        )
        return sum(terms, Fraction(0))

    w = shares_within(philox(), np.zeros(c), np.full(c, float(share)), n)
    whole = slices(share)
    for tenth in range(1, 10):
        limit = share * tenth / 10
        p = float(slices(limit) / whole)
        for row in (w[0], w[17], w[39]):
            assert abs((row <= float(limit)).mean() - p) < 5 * np.sqrt(p * (1 - p) / n)


@pytest.mark.parametrize(
    ("upper", "fraction"),
    [((0.5, 1.0), 0.5), ((0.5, 0.5, 0.5), 0.25), ((0.5, 1.0, 1.0), 0.75), ((0.4, 1, 1), 0.64)],
)
def test_uniform_shares_that_meet_bounds_fill_the_known_area(
    upper: tuple[float, ...], fraction: float
) -> None:
    """By geometry: w1 <= 1/2 is half a segment; each cut corner w_i > u is (1 - u)² of a triangle;
    what uniform weights leave inside is distributed as bounded weights are."""
    c, n = len(upper), 60_000
    w = UniformWeights().draw(philox(1), n, np.full(c, 1 / c), Siblings.of(c))
    inside = w[np.all(w <= upper, axis=1)]
    assert abs(len(inside) / n - fraction) < 5 * np.sqrt(fraction * (1 - fraction) / n)
    bounds = {f"x{i + 1}": float(end) for i, end in enumerate(upper)}
    v = BoundedWeights(upper=bounds).draw(philox(2), n, np.full(c, 1 / c), Siblings.of(c))
    for column in range(c):
        assert stats.ks_2samp(inside[:, column], v[:, column]).pvalue > 1e-3


def test_bounds_on_two_children_give_a_uniform_segment() -> None:
    bounded = BoundedWeights(lower={"x1": 0.2}, upper={"x1": 0.7, "x2": 0.6})
    w = bounded.draw(philox(), 50_000, np.full(2, 0.5), Siblings.of(2))
    assert stats.kstest(w[:, 0], stats.uniform(0.4, 0.3).cdf).pvalue > 1e-3


@st.composite
def boxes(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Bounds that leave room, often barely, of widths over many orders of magnitude."""
    c = draw(st.integers(2, 40))
    exponents = st.lists(st.floats(-12, 0), min_size=c, max_size=c)
    widths = 10.0 ** np.array(draw(exponents))
    inside = np.array(draw(st.lists(st.floats(1e-3, 1), min_size=c, max_size=c)))
    inside /= inside.sum()
    place = draw(st.floats(0, 1))
    lower = np.clip(inside - widths * place, 0, 1)
    return lower, np.clip(lower + widths, inside, 1)


@given(box=boxes(), seed=st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_bounds_are_kept_whatever_they_are(box: tuple[Floats, Floats], seed: int) -> None:
    lower, upper = box
    w = shares_within(philox(seed), lower, upper, 50)
    assert np.all(w >= lower[:, np.newaxis] - 1e-9)
    assert np.all(w <= upper[:, np.newaxis] + 1e-9)
    assert np.abs(w.sum(axis=0) - 1).max() < 1e-12


@given(
    widths=st.lists(st.floats(-6, 0).map(lambda e: 10.0**e), min_size=2, max_size=40),
    share=st.floats(1e-3, 0.5),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=60, deadline=None)
def test_candidates_are_kept_more_often_than_the_bound_says(
    widths: list[float], share: float, seed: int
) -> None:
    """1 / (e sqrt(12 c)), by five standard errors: the work per draw is bounded for any bounds."""
    width = np.array(widths)
    tilted = Tilted.fitted(width, share * float(width.sum()))
    n = 4000
    kept = tilted.draw(philox(seed), n).shape[1] / n
    assert kept + 5 * np.sqrt(kept / n) >= 1 / (np.e * np.sqrt(12 * len(width)))


def test_the_numbers_drawn_per_share_stay_few_for_forty_tight_bounds() -> None:
    """Philox counts its blocks of four numbers: under 25 numbers a share, however tight."""
    for seed, tight in enumerate((1.0, 0.3, 1e-3, 1e-6)):
        rng = np.random.default_rng(seed)
        middle = rng.dirichlet(np.full(40, 5.0))
        lower, upper = middle * (1 - tight * rng.random(40)), middle * (1 + tight * rng.random(40))
        source = philox(seed)
        shares_within(source, lower, upper, 2000)
        numbers = 4 * int(source.bit_generator.state["state"]["counter"][0])
        assert numbers < 25 * 40 * 2000


@given(rate=st.floats(-12, 6).map(lambda e: 10.0**e))
@settings(max_examples=60, deadline=None)
def test_truncated_exponentials_have_their_moments(rate: float) -> None:
    mean, variance = truncated_moments(np.array([rate]))
    exact = stats.truncexpon(rate, scale=1 / rate) if 1e-4 < rate < 500 else None
    if exact is not None:
        assert mean[0] == pytest.approx(exact.mean(), rel=1e-6)
        assert variance[0] == pytest.approx(exact.var(), rel=1e-3)
    peak = rate / -np.expm1(-rate)
    assert 1 / np.sqrt(12) - 1e-6 <= peak * np.sqrt(variance[0]) <= 1 + 1e-6
    assert 0 < mean[0] <= 0.5


def test_any_rate_gives_the_same_distribution() -> None:
    """The tilt only decides how many candidates are kept."""
    width, total = np.array([0.5, 0.4, 0.3, 0.3, 0.2]), 0.7
    widths = [Fraction(tenths, 10) for tenths in (5, 4, 3, 3, 2)]
    limits = [Fraction(tenths, 10) for tenths in (5, 1, 3, 3, 2)]
    p = probability_below(widths, Fraction(7, 10), limits)
    for rate in (0.2, 2.0, 9.0):
        y = Tilted(width, total, rate, 0.1).draw(philox(), 200_000)
        assert abs((y[1] <= 0.1).mean() - p) < 5 * np.sqrt(p * (1 - p) / y.shape[1])


def test_both_ways_of_drawing_agree() -> None:
    width, total = np.array([0.7, 0.6, 0.5, 0.5]), 0.9
    w = bounded_parts(philox(1), width, total, 40_000)
    v = Tilted.fitted(width, total).draw(philox(2), 400_000)
    for one, other in zip(w, v, strict=True):
        assert stats.ks_2samp(one, other).pvalue > 1e-3
