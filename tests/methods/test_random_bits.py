"""Random numbers made of raw bits: distributions, and the same numbers on every machine."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from icfscore.methods.perturb.random_bits import (
    CHUNK,
    fill_exponentials,
    fill_normals,
    fill_uniforms,
)

N = 1_000_000


def philox(seed: int = 2019) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def test_normals_are_normal() -> None:
    z = fill_normals(philox(), np.empty(N))
    assert stats.kstest(z, stats.norm.cdf).pvalue > 1e-3
    # Moments of order 2, 4 and 6 are 1, 3 and 15, with variances 2, 96 and 10,170.
    for order, exact, variance in ((1, 0, 1), (2, 1, 2), (4, 3, 96), (6, 15, 10_170)):
        assert abs((z**order).mean() - exact) < 5 * np.sqrt(variance / N)
    tail = (np.abs(z) > 3).mean()
    assert abs(tail - 2 * stats.norm.sf(3)) < 5 * np.sqrt(0.0027 / N)


@pytest.mark.parametrize("size", [1, 7, 2 * CHUNK + 1])
def test_an_odd_number_of_normals_is_made_of_different_ones(size: int) -> None:
    assert np.unique(fill_normals(philox(), np.empty(size))).size >= 0.99 * size
    drawn = [fill_normals(philox(seed), np.empty(7)) for seed in range(1000)]
    for place in (0, 3, 6):
        assert stats.kstest([z[place] for z in drawn], stats.norm.cdf).pvalue > 1e-3


def test_the_two_normals_of_a_pair_are_independent() -> None:
    z = fill_normals(philox(), np.empty(100 * 2 * CHUNK)).reshape(100, 2, CHUNK)
    one, other = z[:, 0].ravel(), z[:, 1].ravel()
    for a, b in ((one, other), (one**2, other**2), (np.abs(one), other)):
        assert abs(np.corrcoef(a, b)[0, 1]) < 5 / np.sqrt(one.size)


def test_uniforms_and_exponentials_are() -> None:
    assert stats.kstest(fill_uniforms(philox(), np.empty(N)), stats.uniform.cdf).pvalue > 1e-3
    drawn = -fill_exponentials(philox(), np.empty(N))
    assert stats.kstest(drawn, stats.expon.cdf).pvalue > 1e-3


@pytest.mark.parametrize("size", [5, 2 * CHUNK, 5 * CHUNK + 3])
def test_uniforms_are_the_bits_half_a_word_at_a_time(size: int) -> None:
    """(j + 1/2) / 2^32, each j once and in order: pieces of 2 CHUNK take whole words of 64 bits."""
    source, expected = philox().bit_generator, []
    for start in range(0, size, 2 * CHUNK):
        n = min(2 * CHUNK, size - start)
        words = source.random_raw(-(-n // 2))
        halves = np.stack([words & np.uint64(2**32 - 1), words >> np.uint64(32)], axis=1).ravel()
        expected.append((halves[:n] + 0.5) / 2**32)
    found = fill_uniforms(philox(), np.empty(size))
    np.testing.assert_array_equal(found, np.concatenate(expected))


def test_exponentials_are_the_logarithms_of_the_uniforms() -> None:
    size = 5 * CHUNK + 3
    uniforms = fill_uniforms(philox(), np.empty(size))
    np.testing.assert_array_equal(fill_exponentials(philox(), np.empty(size)), np.log(uniforms))


def test_uniforms_lie_strictly_within_their_interval() -> None:
    class Ends:
        """A generator whose bits are all 0 or all 1."""

        bit_generator = None

        def random_raw(self, n: int) -> np.ndarray:
            return np.array([0, 2**64 - 1] * n, dtype=np.uint64)[:n]

    ends = Ends()
    ends.bit_generator = ends  # type: ignore[assignment]
    u = fill_uniforms(ends, np.empty(8))  # type: ignore[arg-type]
    np.testing.assert_array_equal(np.unique(u), [2.0**-33, 1 - 2.0**-33])
    assert np.isfinite(fill_normals(ends, np.empty(8))).all()  # type: ignore[arg-type]


@pytest.mark.parametrize("fill", [fill_uniforms, fill_normals, fill_exponentials])
@pytest.mark.parametrize("size", [0, 1, 7, 2 * CHUNK + 3])
def test_every_number_is_filled(fill: object, size: int) -> None:
    drawn = np.full(size, np.nan)
    assert fill(philox(), drawn) is drawn  # type: ignore[operator]
    assert np.isfinite(drawn).all()


def test_numbers_do_not_change_between_versions() -> None:
    """Philox's raw bits are NumPy's promise; what is made of them is ours."""
    np.testing.assert_allclose(
        fill_uniforms(philox(), np.empty(3)),
        (philox().bit_generator.random_raw(2).view(np.uint32)[:3] + 0.5) / 2**32,
    )
