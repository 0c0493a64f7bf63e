"""Units: values by hand, and what only a spread must not do."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icfscore.domain.units import UnitMismatchError, convert, convert_difference

# What pint knows and a spread converts between: factors, and scales with another zero point.
LINEAR = [("km", "m"), ("degC", "degF"), ("degF", "K"), ("ug/m^3", "g/l"), ("percent", "ppm")]
LOGARITHMIC = [("W", "dBm"), ("dBm", "W"), ("dimensionless", "dB"), ("percent", "Np")]


def test_values_by_hand() -> None:
    assert convert(20, "degC", "degF") == pytest.approx(68)
    assert convert_difference(20, "degC", "degF") == pytest.approx(36)
    assert convert(1, "W", "dBm") == pytest.approx(30)  # 10 log10(1000 mW / 1 mW)
    assert convert_difference(0, "degC", "degF") == 0
    assert convert_difference(5e9, "nK", "degC") == pytest.approx(5)
    assert convert_difference(3, "dBm", "dBm") == 3


@pytest.mark.parametrize("value", [0.0, -0.0, -1.0])
def test_a_logarithmic_unit_has_no_number_for_zero_or_less(value: float) -> None:
    with pytest.raises(UnitMismatchError, match="no number for zero or less"):
        convert(value, "W", "dBm")


@pytest.mark.parametrize(("given_unit", "wanted"), LOGARITHMIC)
def test_a_spread_does_not_pass_through_a_logarithm(given_unit: str, wanted: str) -> None:
    with pytest.raises(UnitMismatchError, match="standard deviation does not convert"):
        convert_difference(0.5, given_unit, wanted)


@given(
    units=st.sampled_from(LINEAR),
    value=st.floats(-1e3, 1e3),
    difference=st.floats(0, 1e3),
)
def test_a_spread_is_the_step_between_two_converted_values(
    units: tuple[str, str], value: float, difference: float
) -> None:
    step = convert(value + difference, *units) - convert(value, *units)
    size = max(abs(convert(value, *units)), abs(convert(value + difference, *units)), 1e-300)
    assert math.isclose(
        convert_difference(difference, *units), step, rel_tol=1e-9, abs_tol=1e-12 * size
    )


def test_a_number_beyond_all_numbers_is_infinite_without_a_warning() -> None:
    assert convert(1e6, "dBm", "W") == math.inf
    assert convert(-1e308, "km", "m") == -math.inf
