"""The audit's statistics where data are few, flat, huge, tiny or missing."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from icfscore.methods.audit import (
    Measure,
    Structure,
    alpha_without_each,
    component_loadings,
    correlate_all,
    correlate_pairs,
    correlation_ratio,
    correlations_with_rest,
    cronbach_alpha,
    describe,
    eigenvalues,
    pair_at,
    pair_position,
    pearson,
    resample_counts,
    resampled_ratios,
    sampling_adequacy,
    spearman,
    structure_of,
)
from icfscore.methods.context import Floats

GAP = math.nan


def noise(*shape: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(size=shape)


def test_a_measure_has_either_a_value_or_a_reason() -> None:
    with pytest.raises(ValueError, match="either a value or a reason"):
        Measure(None, 3)
    with pytest.raises(ValueError, match="either a value or a reason"):
        Measure(1.0, 3, "why")
    with pytest.raises(ValueError, match="must be finite"):
        Measure(GAP, 3)


@pytest.mark.parametrize("correlate", [pearson, spearman])
def test_correlations_say_why_they_are_undefined(
    correlate: Callable[[Floats, Floats], Measure],
) -> None:
    x = np.array([1.0, 2.0, 3.0, GAP])
    reason = "communities have both values, fewer than 3"
    assert correlate(x[:2], x[:2]).reason == f"2 {reason}"
    assert correlate(x, np.array([GAP, GAP, GAP, 1.0])).reason == f"0 {reason}"
    assert correlate(x, np.array([1.0, GAP, GAP, 1.0])).reason.startswith("1 community has both")
    assert correlate(x, np.array([5.0, 5.0, 5.0, 1.0])) == Measure.missing(
        "one of the two does not vary", 3
    )
    assert correlate(np.empty(0), np.empty(0)).value is None


@pytest.mark.parametrize("scale", [1e300, 1e-300, -1.0, 7e11])
def test_correlation_does_not_depend_on_units(scale: float) -> None:
    x, y = noise(2, 12)
    expected = pearson(x, y).value
    assert expected is not None
    assert pearson(scale * x, y).value == pytest.approx(math.copysign(1, scale) * expected)
    assert pearson(x + 1e6, y).value == pytest.approx(expected, abs=1e-9)
    assert pearson(x, x).value == 1.0
    assert pearson(x, -x).value == -1.0


def test_correlations_agree_with_numpy_and_scipy() -> None:
    from scipy.stats import spearmanr

    x = noise(30, 4).round(1)  # with ties
    expected = np.corrcoef(x.T)
    for i, j, found in correlate_pairs(x):
        assert found.value == pytest.approx(expected[i, j], abs=1e-14)
        ranks = spearman(x[:, i], x[:, j]).value
        assert ranks == pytest.approx(spearmanr(x[:, i], x[:, j]).statistic, abs=1e-14)


def test_pairs_use_the_communities_that_have_both() -> None:
    x = noise(9, 3)
    x[0, 0] = x[1, 1] = GAP
    found = {(i, j): measure for i, j, measure in correlate_pairs(x)}
    assert [found[pair].n for pair in [(0, 1), (0, 2), (1, 2)]] == [7, 8, 8]
    expected = np.corrcoef(x[2:, 0], x[2:, 1])[0, 1]
    assert found[0, 1].value == pytest.approx(expected, abs=1e-14)
    assert list(correlate_pairs(x[:, :1])) == []


def test_a_structure_needs_more_communities_than_variables_and_an_inverse() -> None:
    x = noise(5, 4)
    assert structure_of(x).reason == ""
    assert structure_of(x[:4]).reason == (
        "4 communities have all 4 values, not more than there are variables"
    )
    assert structure_of(x[:, :1]).reason == "one variable only"
    x[0, 0] = GAP
    assert structure_of(x).n == 4
    twice = noise(9, 2)
    twice = np.concatenate([twice, twice.sum(axis=1, keepdims=True)], axis=1)
    assert "cannot be inverted" in structure_of(twice).reason
    flat = noise(9, 2)
    flat[:, 1] = 3.0
    assert "does not vary" in structure_of(flat).reason
    assert structure_of(np.full((6, 2), GAP)).reason.startswith("0 communities have all 2 values")


def test_without_a_structure_everything_has_its_reason() -> None:
    none = structure_of(noise(3, 3))
    assert cronbach_alpha(none).reason == none.reason
    assert sampling_adequacy(none).overall.reason == none.reason
    assert (alpha_without_each(none), correlations_with_rest(none)) == ((), ())
    assert eigenvalues(none).size == component_loadings(none).size == 0


def test_two_variables() -> None:
    structure = structure_of(noise(9, 2))
    assert structure.r is not None
    r = structure.r[0, 1]
    assert cronbach_alpha(structure).value == pytest.approx(2 * r / (1 + r))
    assert sampling_adequacy(structure).overall.reason == (
        "with two variables it is 1/2 whatever the data"
    )
    assert alpha_without_each(structure)[1].reason == "one variable only"
    assert [m.value for m in correlations_with_rest(structure)] == pytest.approx([r, r])


def test_uncorrelated_variables_have_no_adequacy() -> None:
    structure = Structure(np.eye(3), 9)
    assert sampling_adequacy(structure).overall.reason == "it correlates with nothing"
    assert cronbach_alpha(structure).value == 0.0
    assert eigenvalues(structure).tolist() == [1.0, 1.0, 1.0]


def test_a_distribution_says_why_its_figures_are_missing() -> None:
    none = describe(np.array([GAP, GAP]))
    assert (none.n, none.distinct, none.skewness.reason) == (0, 0, "there is no value")
    two = describe(np.array([1.0, 2.0]))
    assert (two.skewness.reason, two.kurtosis.reason) == (
        "fewer than 3 values",
        "fewer than 4 values",
    )
    assert two.no_fences == "fewer than 4 values"
    flat = describe(np.full(9, 4.0))
    assert (flat.distinct, flat.skewness.reason) == (1, "all values are equal")
    assert flat.no_fences == "half the values are the same"
    tied = describe(np.array([1.0, 1, 1, 1, 1, 1, 9]))
    assert (tied.outside, tied.no_fences) == ((), "half the values are the same")


@pytest.mark.parametrize("scale", [1e300, 1e-300])
def test_outliers_do_not_depend_on_units(scale: float) -> None:
    x = np.array([1.0, 2, 3, 4, 5, 6, 7, GAP, 90])
    told, scaled = describe(x), describe(scale * x)
    assert told.fails_moments
    assert scaled.fails_moments
    assert told.far_outside == scaled.far_outside == (8,)
    assert scaled.skewness.value == pytest.approx(told.skewness.value)


def test_the_correlation_ratio_says_why_it_is_undefined() -> None:
    x = noise(8)
    assert correlation_ratio(x[:4], x[:4]).reason == "4 communities have both values, fewer than 5"
    assert correlation_ratio(x, np.ones(8)).reason == "the score does not vary"
    assert correlation_ratio(np.full(8, GAP), x).reason.startswith("0 communities have both")
    assert correlation_ratio(np.ones(8), x).value == 0.0


@pytest.mark.parametrize("scale", [1e300, 1e-300, -3.0])
def test_the_correlation_ratio_does_not_depend_on_units(scale: float) -> None:
    x = noise(30)
    y = x**2 + noise(30, seed=2)
    expected = correlation_ratio(x, y).value
    assert correlation_ratio(scale * x, y).value == pytest.approx(expected, abs=1e-7)
    assert correlation_ratio(x, scale * y + 5.0 * scale).value == pytest.approx(expected, abs=1e-7)


def test_the_correlation_ratio_of_few_values() -> None:
    x = np.repeat([0.0, 1.0], 6)
    y = x + 0.1 * noise(12)
    r = pearson(x, y).value
    assert r is not None
    assert correlation_ratio(x, y).value == pytest.approx(1 - (1 - r**2) * 11 / 10, abs=1e-9)
    close = np.array([1.0, 1.0 + 1e-15, 1.0 + 2e-15, 2.0, 2.0, 3.0, 3.0])
    assert correlation_ratio(close, close).value == pytest.approx(1.0, abs=1e-6)


def test_the_correlation_ratio_of_noise_is_small() -> None:
    draws = [noise(2, 21, seed=seed) for seed in range(200)]
    ratios = [correlation_ratio(x, y).value or 0.0 for x, y in draws]
    assert np.median(ratios) < 0.02
    assert np.mean(ratios) < 0.1


def test_resamples_are_the_same_with_the_same_seed() -> None:
    assert (resample_counts(7, 5, 2019) == resample_counts(7, 5, 2019)).all()
    assert (resample_counts(7, 5, 2019) != resample_counts(7, 5, 0)).any()
    assert resample_counts(7, 0, 2019).shape == (0, 7)
    more = resample_counts(7, 50, 2019)
    assert (more[:5] == resample_counts(7, 5, 2019)).all()


def test_a_resample_with_everybody_once_is_the_sample() -> None:
    x = noise(20)
    y = np.sin(2 * x) + noise(20, seed=3)
    once = np.ones((1, 20), dtype=np.int64)
    assert resampled_ratios(x, y, once)[0] == correlation_ratio(x, y).value


def test_resamples_without_variation_have_no_ratio() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0, 5.0, GAP])
    counts = np.array([[6, 0, 0, 0, 0, 0], [1, 1, 1, 1, 0, 2], [3, 3, 0, 0, 0, 0]])
    assert np.isnan(resampled_ratios(x, x, counts)).tolist() == [True, True, False]
    flat = resampled_ratios(np.ones(6), np.array([1.0, 1, 1, 1, 1, 2]), counts)
    assert np.isnan(flat).tolist() == [True, False, True]
    assert flat[1] == 0.0


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Normal variables, r² = 0.64, 21 communities: 90 % intervals hold it in 75 to 97 % of 100."""
    counts, held = resample_counts(21, 300, 1), 0
    for seed in range(100):
        x, e = noise(2, 21, seed=seed)
        low, high = np.nanquantile(resampled_ratios(x, 0.8 * x + 0.6 * e, counts), [0.05, 0.95])
        held += int(low <= 0.64 <= high)
    assert 75 <= held <= 97


def test_inputs_are_not_changed() -> None:
    x = noise(12, 3)
    x.setflags(write=False)
    structure_of(x)
    describe(x[:, 0])
    correlation_ratio(x[:, 0], x[:, 1])


def test_pairs_in_two_arrays_are_those_one_by_one() -> None:
    x = np.random.default_rng(7).normal(size=(9, 6))
    for gaps in (np.empty((0, 2), dtype=int), np.array([[0, 1], [3, 4]])):
        x[tuple(gaps.T)] = np.nan
        r, n = correlate_all(x)
        pairs = [(i, j) for i in range(6) for j in range(i + 1, 6)]
        for position, (i, j) in enumerate(pairs):
            assert (pair_at(position, 6), pair_position(i, j, 6)) == ((i, j), position)
            expected = pearson(x[:, i], x[:, j])
            assert r[position] == pytest.approx(expected.value, abs=1e-14)
            assert n[position] == expected.n
