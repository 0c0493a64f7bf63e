"""The least effort, against every combination of knots and fractions, and by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icfscore.methods.least_effort import Curve, least_effort, total_effort, total_gain
from icfscore.methods.percentile import percentile_knots, percentile_of


def _curve(efforts: list[float], gains: list[float], *, discrete: bool = False) -> Curve:
    effort, gain = ([0.0, *np.cumsum(steps)] for steps in (efforts, gains))
    return Curve(np.array(effort), np.array(gain), discrete)


def _cheapest(curves: tuple[Curve, ...], needed: float) -> float:
    """Try all knots of all curves, with each curve in turn ending between two knots."""
    best = np.inf
    knots = [range(curve.n_segments + 1) for curve in curves]
    for at in product(*knots):
        positions = np.array(at, dtype=float)
        short = needed - total_gain(curves, positions)
        effort = total_effort(curves, positions)
        if short <= 1e-12:
            best = min(best, effort)
            continue
        for j, curve in enumerate(curves):
            if curve.discrete or at[j] == curve.n_segments:
                continue
            e, g = (np.diff(part)[at[j]] for part in (curve.effort, curve.gain))
            if g >= short:
                best = min(best, effort + e * short / g)
    return best


# Whole numbers, so that no two plans differ by rounding alone.
steps = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4)
drawn_curves = st.lists(st.tuples(steps, st.booleans()), min_size=1, max_size=3)


@given(drawn_curves, st.integers(1, 60))
def test_no_combination_is_cheaper(drawn: list[tuple[list[tuple[int, int]], bool]], n: int) -> None:
    curves = tuple(
        _curve([e for e, _ in parts], [g for _, g in parts], discrete=discrete)
        for parts, discrete in drawn
    )
    found = least_effort(curves, float(n))
    best = _cheapest(curves, float(n))
    if found is None:
        assert best == np.inf
        return
    assert total_gain(curves, found) >= n - 1e-9
    assert total_effort(curves, found) == pytest.approx(best, abs=1e-9)
    assert all(p == round(p) for p, curve in zip(found, curves, strict=True) if curve.discrete)


def test_a_dear_start_is_gone_through_for_a_cheap_end() -> None:
    # 3 of effort for 1, then 1 for 8: half of the second segment of the first curve beats the
    # second curve, which gives 1 for 1.
    curves = (_curve([3, 1], [1, 8]), _curve([9], [9]))
    found = least_effort(curves, 5.0)
    assert found is not None
    assert found == pytest.approx([1.5, 0.0])
    assert total_effort(curves, found) == pytest.approx(3.5)


def test_what_must_be_reached_is_reached_whatever_it_costs() -> None:
    curves = (
        Curve(np.array([0.0, 2.0, 9.0]), np.array([0.0, 1.0, 2.0]), least=1),
        _curve([1], [5]),
    )
    assert least_effort(curves, 0.5) == pytest.approx([1.0, 0.0])
    assert least_effort(curves, 3.0) == pytest.approx([1.0, 0.4])


def test_what_cannot_be_gained_is_none() -> None:
    assert least_effort((_curve([1], [1]),), 1.5) is None


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_the_scale_of_scores_is_no_matter(scale: float) -> None:
    curves = (_curve([3, 1], [1 * scale, 8 * scale]), _curve([9], [9 * scale]))
    assert least_effort(curves, 5 * scale) == pytest.approx([1.5, 0.0])


def test_little_is_gained_exactly() -> None:
    curves = (_curve([1], [10]),)
    found = least_effort(curves, 1e-8)
    assert found is not None
    assert total_gain(curves, found) == pytest.approx(1e-8, rel=1e-9)


def test_percentiles_by_hand() -> None:
    # Five peers: places 0, 1, 2.5 (shared by two), 4 of 4.
    values, shares = percentile_knots(np.array([5.0, 1.0, 2.0, 3.0, 3.0]))
    assert values.tolist() == [1, 2, 3, 5]
    assert shares.tolist() == [0, 0.25, 0.625, 1]
    assert percentile_of(np.array([0.0, 4.0, 9.0]), values).tolist() == [
        0,
        pytest.approx(5 / 6),
        1,
    ]


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=12), st.integers(-60, 60))
def test_percentiles_read_the_same_from_the_other_end(peers: list[int], x: int) -> None:
    values = np.array(peers, dtype=float)
    up = percentile_of(np.array([float(x)]), values)
    down = percentile_of(np.array([-float(x)]), -values)
    assert up + down == pytest.approx(1)
