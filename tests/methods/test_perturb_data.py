"""Data errors: the pedigree's figures, the scale a value scatters on, and what is drawn there."""

from __future__ import annotations

from math import exp, inf, log, sqrt
from typing import Any

import numpy as np
import pytest
from scipy import stats

from icfscore.methods.context import Floats
from icfscore.methods.perturb import ExactData, PedigreeData, RelativeData
from icfscore.methods.perturb.random_bits import fill_normals
from icfscore.methods.perturb.scatter import (
    FLOOR,
    Z_95,
    Scatter,
    scatter_of,
    scatter_relative,
    scatter_values,
)
from icfscore.methods.perturb.truncation import MOST_TABLES, Truncation, truncate

N = 400_000
FREE = (-inf, inf)


def drawn(value: float, scatter: Scatter, n: int = N) -> Floats:
    """Draw what a value that nobody shares scatters to."""
    rng = np.random.Generator(np.random.Philox(2019))
    error = fill_normals(rng, np.empty((1, n)))
    error *= scatter.measurement
    error[error < 0] *= scatter.below
    x, low, high = (np.array([[v]]) for v in (value, scatter.low, scatter.high))
    values = scatter_values(scatter.scale, x, low, high, error)
    if scatter.scale == "natural":
        sd = np.array([scatter.measurement])
        Truncation.of(x[0], sd, low[0], high[0]).apply(values)
    return values[0]


# The pedigree's figures.


@pytest.mark.parametrize(
    ("status", "age", "comparability", "gsd"),
    [
        ("seen", 0, "high", 1.05),
        ("derived", 0, "high", exp(sqrt(log(1.05) ** 2 + log(1.05) ** 2))),
        ("recalled", 0, "high", exp(sqrt(log(1.05) ** 2 + log(1.10) ** 2))),
        ("self_reported", 0, "high", exp(sqrt(log(1.05) ** 2 + log(1.20) ** 2))),
        ("seen", 0, "medium", exp(sqrt(log(1.05) ** 2 + log(1.20) ** 2))),
        ("seen", 0, "low", exp(sqrt(log(1.05) ** 2 + log(1.50) ** 2))),
        ("seen", 3, "high", 1.05),
        ("seen", 4, "high", exp(sqrt(log(1.05) ** 2 + log(1.03) ** 2))),
        ("seen", 6, "high", exp(sqrt(log(1.05) ** 2 + log(1.03) ** 2))),
        ("seen", 7, "high", exp(sqrt(log(1.05) ** 2 + log(1.10) ** 2))),
        ("seen", 11, "high", exp(sqrt(log(1.05) ** 2 + log(1.20) ** 2))),
        ("seen", 10, "high", exp(sqrt(log(1.05) ** 2 + log(1.10) ** 2))),
        ("seen", 15, "high", exp(sqrt(log(1.05) ** 2 + log(1.20) ** 2))),
        ("seen", 16, "high", exp(sqrt(log(1.05) ** 2 + log(1.50) ** 2))),
        (
            "self_reported",
            6,
            "low",
            exp(sqrt(log(1.05) ** 2 + log(1.2) ** 2 + log(1.03) ** 2 + log(1.5) ** 2)),
        ),
    ],
)
def test_factors_add_up_by_the_squares_of_their_logarithms(
    status: str, age: int, comparability: str, gsd: float
) -> None:
    assert exp(PedigreeData().measurement(status, age, comparability)) == pytest.approx(gsd)


def test_a_proxy_is_less_representative_the_larger_its_area() -> None:
    community, region, national = (
        PedigreeData().representativeness(level) for level in ("community", "region", "national")
    )
    assert (community, region, national) == (0.0, log(1.25), log(1.5))


def test_every_table_is_adjustable() -> None:
    model = PedigreeData(
        basic=1.0,
        status={"seen": 1.3},
        comparability={"low": 2.0},
        level={"region": 1.9},
        age=(1.0, 1.0, 1.0, 1.0, 3.0),
    )
    assert model.measurement("seen", 10, "high") == pytest.approx(log(1.3))
    assert model.measurement("derived", 0, "low") == pytest.approx(
        sqrt(log(1.05) ** 2 + log(2) ** 2)
    )
    assert model.measurement("seen", 20, "high") == pytest.approx(sqrt(log(1.3) ** 2 + log(3) ** 2))
    assert model.representativeness("region") == log(1.9)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"basic": 0.9}, "basic: a GSD is at least 1, got 0.9"),
        ({"status": {"seen": 0.5}}, "status: seen: a GSD is at least 1, got 0.5"),
        ({"level": {"town": 1.5}}, "level: no 'town'; there are community, region, national"),
        ({"comparability": {"low": inf}}, "comparability: low: a GSD is at least 1, got inf"),
        ({"age": (1.0, 1.1)}, "age: needs 5 factors, got 2"),
        ({"age": (1.0, 1.0, 1.0, 1.0, 0.5)}, "age: a GSD is at least 1, got 0.5"),
        ({"index_share": -0.1}, "index_share must be at least 0, got -0.1"),
    ],
)
def test_wrong_factors_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PedigreeData(**wrong)


@pytest.mark.parametrize("sd", [0.0, -1.0, inf, float("nan")])
def test_a_relative_error_is_positive(sd: float) -> None:
    with pytest.raises(ValueError, match="sd must be a positive number, got"):
        RelativeData(sd)


def test_exact_data_is_a_kind() -> None:
    assert ExactData().kind == "none"


# Scales.


@pytest.mark.parametrize(
    ("value", "kind", "bounds", "scale"),
    [
        (5.0, "ratio", FREE, "logarithm"),
        (5.0, "count", (0.0, inf), "logarithm"),
        (5.0, "share", (0.0, 100.0), "logit"),
        (5.0, "share", FREE, "logarithm"),
        (0.0, "share", (0.0, 100.0), "natural"),
        (100.0, "share", (0.0, 100.0), "natural"),
        (0.0, "ratio", (0.0, inf), "natural"),
        (7.0, "ratio", (0.0, 7.0), "natural"),
        (-3.0, "ratio", FREE, "natural"),
        (5.0, "index", (0.0, 10.0), "natural"),
        (1.0, "ordinal", (0.0, 3.0), "natural"),
        (1.0, "boolean", (0.0, 1.0), "natural"),
    ],
)
def test_a_kind_has_its_scale(
    value: float, kind: str, bounds: tuple[float, float], scale: str
) -> None:
    assert scatter_of(value, kind, bounds, (0.1, 0.2), 50.0).scale == scale


def test_a_ratio_is_lognormal_around_the_observed_value() -> None:
    values = drawn(20.0, scatter_of(20.0, "ratio", FREE, (0.3, 0.0), 1.0))
    logs = np.log(values / 20)
    assert abs(np.median(logs)) < 5 * 0.3 * sqrt(np.pi / 2 / N)
    assert logs.std() == pytest.approx(0.3, abs=5 * 0.3 / sqrt(2 * N))
    assert stats.kstest(logs[:50_000] / 0.3, stats.norm.cdf).pvalue > 1e-3


def test_a_share_is_logit_normal_around_the_observed_value() -> None:
    values = drawn(80.0, scatter_of(80.0, "share", (0.0, 100.0), (0.3, 0.0), 1.0))
    logits = np.log(values / (100 - values))
    assert abs(np.median(logits) - log(4)) < 5 * 0.3 * sqrt(np.pi / 2 / N)
    assert logits.std() == pytest.approx(0.3, abs=5 * 0.3 / sqrt(2 * N))
    assert 0 < values.min() < values.max() < 100


@pytest.mark.parametrize("value", [0.2, 5.0, 9.9])
def test_an_index_is_a_truncated_normal(value: float) -> None:
    scatter = scatter_of(value, "index", (0.0, 10.0), (2.0, 0.0), 1.0)
    assert scatter.measurement == 0.1 * 10 * 2.0
    values = drawn(value, scatter)
    exact = stats.truncnorm((0 - value) / 2, (10 - value) / 2, loc=value, scale=2)
    assert values.min() >= 0
    assert values.max() <= 10
    assert values.mean() == pytest.approx(exact.mean(), abs=5 * exact.std() / sqrt(N))
    assert values.std() == pytest.approx(exact.std(), rel=0.01)
    assert stats.kstest(values[:50_000], exact.cdf).pvalue > 1e-3


def test_far_bounds_do_not_change_a_normal() -> None:
    plain = Truncation.of(np.array([5.0]), np.array([0.1]), np.array([0.0]), np.array([10.0]))
    assert plain.positions.size == 0


def test_many_values_are_truncated_without_tables_to_the_same() -> None:
    n = MOST_TABLES + 1
    x, sd = np.linspace(0, 1, n), np.full(n, 0.2)
    low, high = np.zeros(n), np.ones(n)
    many = Truncation.of(x, sd, low, high)
    assert many.maps.size == 0
    z = fill_normals(np.random.Generator(np.random.Philox(1)), np.empty((n, 50)))
    values = x[:, None] + sd[:, None] * z
    few = values[:100].copy()
    many.apply(values)
    Truncation.of(x[:100], sd[:100], low[:100], high[:100]).apply(few)
    np.testing.assert_allclose(values[:100], few, atol=1e-3 * 0.2)


def test_truncation_goes_from_quantile_to_quantile() -> None:
    z = np.linspace(-4, 4, 9)[None]
    below, inside = np.array([[0.3]]), np.array([[0.6]])
    exact = stats.norm.ppf(0.3 + stats.norm.cdf(z) * 0.6)
    np.testing.assert_allclose(truncate(z, below, inside), exact, atol=1e-5)


def test_a_value_at_its_bound_scatters_by_a_floor() -> None:
    share = scatter_of(0.0, "share", (0.0, 100.0), (0.1, 0.2), 50.0)
    assert (share.measurement, share.representativeness) == (FLOOR * 100, FLOOR * 100)
    count = scatter_of(0.0, "count", (0.0, inf), (0.1, 0.0), 50.0)
    assert (count.measurement, count.representativeness) == (FLOOR * 50, 0.0)
    values = drawn(0.0, share)
    assert values.min() >= 0
    # A half-normal has its mean at sqrt(2 / pi) standard deviations.
    assert values.mean() == pytest.approx(sqrt(2 / np.pi), abs=0.01)


def test_without_any_uncertainty_a_value_stays() -> None:
    for value, kind, bounds in ((20.0, "ratio", FREE), (0.0, "share", (0.0, 1.0))):
        scatter = scatter_of(value, kind, bounds, (0.0, 0.0), 1.0)
        np.testing.assert_array_equal(drawn(value, scatter, 10), np.full(10, value))


# A value's own uncertainty.


@pytest.mark.parametrize(
    ("value", "kind", "bounds", "sd"),
    [
        (20.0, "ratio", FREE, 2.0),
        (20.0, "ratio", FREE, 15.0),
        (50.0, "share", (0.0, 100.0), 5.0),
        (95.0, "share", (0.0, 100.0), 3.0),
        (5.0, "index", FREE, 0.7),
        (-5.0, "ratio", FREE, 0.7),
    ],
)
def test_a_standard_deviation_is_that_of_what_is_drawn(
    value: float, kind: str, bounds: tuple[float, float], sd: float
) -> None:
    values = drawn(value, scatter_of(value, kind, bounds, (0.9, 0.0), 1.0, sd=sd))
    assert values.std() == pytest.approx(sd, rel=0.03)
    assert np.median(values) == pytest.approx(value, rel=0.01)


@pytest.mark.parametrize(
    ("value", "kind", "bounds", "interval"),
    [
        (20.0, "ratio", FREE, (10.0, 40.0)),
        (20.0, "ratio", FREE, (19.0, 40.0)),
        (20.0, "count", FREE, (0.0, 40.0)),
        (50.0, "share", (0.0, 100.0), (45.0, 70.0)),
        (50.0, "share", (0.0, 100.0), (0.0, 60.0)),
        (5.0, "index", (0.0, 10.0), (4.5, 8.0)),
        (5.0, "index", (0.0, 10.0), (5.0, 8.0)),
        (5.0, "ratio", FREE, (3.0, 5.0)),
    ],
)
def test_an_interval_holds_nine_draws_in_ten_around_the_value(
    value: float, kind: str, bounds: tuple[float, float], interval: tuple[float, float]
) -> None:
    values = drawn(value, scatter_of(value, kind, bounds, (0.9, 0.0), 1.0, interval=interval))
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    size = interval[1] - interval[0]
    assert low == pytest.approx(interval[0], abs=0.01 * size)
    assert middle == pytest.approx(value, abs=0.01 * size)
    assert high == pytest.approx(interval[1], abs=0.01 * size)


def test_an_interval_of_no_width_makes_a_value_exact() -> None:
    scatter = scatter_of(20.0, "ratio", FREE, (0.9, 0.0), 1.0, interval=(20.0, 20.0))
    assert scatter.measurement == 0.0


def test_an_own_uncertainty_leaves_representativeness_as_it_is() -> None:
    given = scatter_of(20.0, "ratio", FREE, (0.9, 0.4), 1.0, sd=1.0)
    assert given.representativeness == 0.4
    clipped = scatter_of(20.0, "ratio", FREE, (0.9, 0.4), 1.0, interval=(0.0, 30.0))
    assert (clipped.scale, clipped.representativeness) == ("clipped", 0.4 * 20)


def test_relative_errors_are_normal_and_stop_at_bounds() -> None:
    scatter = scatter_relative(95.0, (0.0, 100.0), 0.05)
    values = drawn(95.0, scatter)
    assert scatter.measurement == 95 * 0.05
    assert values.max() == 100
    assert np.median(values) == pytest.approx(95, abs=0.05)
    assert (values == 100).mean() == pytest.approx(stats.norm.sf(5 / 4.75), abs=0.005)
    assert scatter_relative(0.0, FREE, 0.05).measurement == 0.0
    assert scatter_relative(5.0, FREE, 0.05, sd=2.0).measurement == 2.0
    own = scatter_relative(5.0, FREE, 0.05, interval=(4.0, 6.0))
    assert own.measurement == pytest.approx(1 / Z_95)


def test_an_error_of_the_logarithm_is_told_on_every_scale() -> None:
    """A denominator's error changes the value by a factor: to first order the same everywhere."""
    for value, kind, bounds in (
        (20.0, "ratio", FREE),
        (20.0, "share", (0.0, 100.0)),
        (20.0, "index", (0.0, 100.0)),
    ):
        scatter = scatter_of(value, kind, bounds, (0.1, 0.0), 1.0)
        error = np.array([[1e-4 * scatter.per_log]])
        x, low, high = (np.array([[v]]) for v in (value, scatter.low, scatter.high))
        moved = scatter_values(scatter.scale, x, low, high, error)
        assert float(moved[0, 0]) == pytest.approx(20 * (1 + 1e-4), rel=1e-7)


@pytest.mark.parametrize(
    ("value", "scale"), [(0.0, "natural"), (50.0, "logit"), (100.0, "natural")]
)
def test_a_share_at_an_end_has_no_logit(value: float, scale: str) -> None:
    found = scatter_of(value, "share", (0.0, 100.0), (0.1, 0.0), 50.0)
    assert found.scale == scale
