"""Edge cases of Sobol' indices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from icfscore.domain.tables import Floats
from icfscore.errors import MethodError
from icfscore.methods import sobol
from icfscore.methods.sobol import SobolIndices, enumerate_indices, estimate_indices

W = np.array([3.0, 2.0, 0.0, 1.0])


def _outputs(n: int, seed: int = 1) -> tuple[Floats, Floats, Floats]:
    """Run 3 x1 + 2 x2 + x4 (1 + x1) on a Saltelli design; x3 has no part in it."""
    a, b = np.random.default_rng(seed).random((2, 4, n))

    def model(x: Floats) -> Floats:
        return np.asarray(W @ x + x[3] * x[0])

    swapped = [np.where(np.arange(4)[:, None] == i, b, a) for i in range(4)]
    return model(a), model(b), np.array([model(x) for x in swapped])


def _estimate(outputs: tuple[Floats, Floats, Floats], **options: Any) -> SobolIndices:
    return estimate_indices(*outputs, np.random.default_rng(5), **options)


def test_estimates_are_the_papers_formulas_of_centred_outputs() -> None:
    f_a, f_b, f_ab = _outputs(500)
    both = np.concatenate([f_a, f_b])
    found = _estimate((f_a, f_b, f_ab))
    first = np.mean((f_b - both.mean()) * (f_ab - f_a), axis=1) / both.var()
    total = np.mean((f_a - f_ab) ** 2, axis=1) / 2 / both.var()
    np.testing.assert_allclose(found.first_order, first, rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(found.total, total, rtol=1e-10)
    assert not found.exact
    assert found.reason == ""


def test_intervals_are_percentiles_of_the_formulas_on_resampled_rows() -> None:
    f_a, f_b, f_ab = outputs = _outputs(40)
    rows = np.random.default_rng(5).integers(0, 40, size=(300, 40))
    drawn = [_estimate((f_a[row], f_b[row], f_ab[:, row]), resamples=1) for row in rows]
    found = _estimate(outputs, resamples=300, level=0.8)
    ends = np.quantile([each.first_order for each in drawn], [0.1, 0.9], axis=0).T
    np.testing.assert_allclose(found.first_order_interval, ends, rtol=1e-9, atol=1e-12)
    ends = np.quantile([each.total for each in drawn], [0.1, 0.9], axis=0).T
    np.testing.assert_allclose(found.total_interval, ends, rtol=1e-9, atol=1e-12)


def test_blocks_of_resamples_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = _outputs(64)
    whole = _estimate(outputs, resamples=50)
    monkeypatch.setattr(sobol, "CELLS_AT_ONCE", 64 * 7)
    parts = _estimate(outputs, resamples=50)
    np.testing.assert_allclose(parts.total_interval, whole.total_interval, rtol=1e-13)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """By hand: Var(2 x2) = 1/3; of 3 x + y + x y the mean is 9/4, the mean square 113/18."""
    true = (1 / 3) / (1 / 3 + 113 / 18 - 81 / 16)
    assert _outputs(2**18, seed=99)[0].var() == pytest.approx(1 / 3 / true, rel=0.01)
    hits = 0
    for seed in range(200):
        low, high = _estimate(_outputs(256, seed), resamples=200).total_interval[1]
        hits += low <= true <= high
    assert 180 <= hits <= 200  # 95 % of 200, three standard errors and some for 256 rows


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = (_estimate(_outputs(128), resamples=30) for _ in range(2))
    assert first.first_order_interval.tobytes() == second.first_order_interval.tobytes()


def test_a_group_without_influence_has_exactly_nothing() -> None:
    found = _estimate(_outputs(128))
    assert found.first_order[2] == 0
    assert found.total[2] == 0
    assert found.total_interval[2].tolist() == [0, 0]


@pytest.mark.parametrize("factor", [1e300, 1e-300, 5e-324 * 2**40])
def test_the_size_of_outputs_does_not_matter(factor: float) -> None:
    f_a, f_b, f_ab = (np.round(part * 2**20) for part in _outputs(128))
    plain = _estimate((f_a, f_b, f_ab))
    scaled = _estimate((f_a * (factor / 2**20), f_b * (factor / 2**20), f_ab * (factor / 2**20)))
    tolerance = 1e-9 if factor > 1e-310 else 1e-3  # subnormal numbers have few digits
    np.testing.assert_allclose(scaled.total, plain.total, rtol=tolerance)


def test_a_mean_far_from_zero_does_not_matter() -> None:
    f_a, f_b, f_ab = _outputs(128)
    moved = _estimate((f_a + 1e6, f_b + 1e6, f_ab + 1e6))
    np.testing.assert_allclose(
        moved.first_order, _estimate((f_a, f_b, f_ab)).first_order, rtol=1e-6
    )


@pytest.mark.parametrize("value", [0.0, 0.1, -1e300, 1e-320])
def test_outputs_that_do_not_vary_have_no_indices(value: float) -> None:
    constant = np.full(16, value)
    found = _estimate((constant, constant, np.full((2, 16), value)))
    exact = enumerate_indices(np.full((2, 3), value))
    for indices in (found, exact):
        assert np.isnan(indices.first_order).all()
        assert np.isnan(indices.total_interval).all()
        assert indices.first_order_interval.shape == (2, 2)
        assert "no variance to share" in indices.reason


def test_rounding_is_no_variance() -> None:
    noise = 0.1 + np.arange(16) * 1e-17
    assert np.isnan(_estimate((noise, noise[::-1], noise[None])).total).all()


def test_resamples_without_variance_are_left_out() -> None:
    f_a, f_b = np.zeros(3), np.zeros(3)
    f_a[0] = 1.0
    found = _estimate((f_a, f_b, f_b[None]), resamples=200)
    assert np.isfinite(found.total_interval).all()
    assert found.reason == ""
    seeds = (
        estimate_indices(f_a, f_b, f_b[None], np.random.default_rng(seed), resamples=1)
        for seed in range(30)
    )
    assert any("no resample varies" in found.reason for found in seeds)


def test_a_factor_of_one_level_has_exactly_nothing() -> None:
    found = enumerate_indices(np.array([[[1.0, 2.5]], [[0.1, 7.0]]]))
    assert found.first_order[1] == 0
    assert found.total[1] == 0
    assert found.exact
    np.testing.assert_array_equal(found.total_interval, np.stack([found.total] * 2, axis=1))


def test_first_order_is_never_above_total_and_sums_to_one_at_most() -> None:
    draw = np.random.default_rng(3)
    for _ in range(50):
        found = enumerate_indices(draw.random(tuple(draw.integers(1, 5, size=4))))
        if np.isnan(found.total).any():
            continue
        assert (found.first_order <= found.total + 1e-12).all()
        assert found.first_order.sum() <= 1 + 1e-12 <= found.total.sum() + 2e-12


def test_without_factors_there_is_nothing_to_share() -> None:
    assert enumerate_indices(np.array(3.0)).first_order.shape == (0,)


def test_wrong_shapes_and_parameters_are_refused() -> None:
    f_a, f_b, f_ab = _outputs(8)
    with pytest.raises(
        ValueError, match=r"\(N,\), \(N,\) and \(g, N\), got \(8,\), \(7,\) and \(4, 8\)"
    ):
        _estimate((f_a, f_b[:7], f_ab))
    with pytest.raises(ValueError, match="resamples must be at least 1, got 0"):
        _estimate((f_a, f_b, f_ab), resamples=0)
    for level in (0.0, 1.0, float("nan")):
        with pytest.raises(ValueError, match="level must lie between 0 and 1"):
            _estimate((f_a, f_b, f_ab), level=level)
    with pytest.raises(ValueError, match=r"at least one combination, got shape \(2, 0\)"):
        enumerate_indices(np.empty((2, 0)))


def test_outputs_that_are_not_finite_are_refused() -> None:
    f_a, f_b, f_ab = _outputs(8)
    f_b[3] = np.inf
    with pytest.raises(MethodError, match="an output is not finite: inf") as caught:
        _estimate((f_a, f_b, f_ab))
    assert caught.value.row == 3
    with pytest.raises(MethodError, match="an output is not finite: nan"):
        enumerate_indices(np.array([[1.0, np.nan]]))
