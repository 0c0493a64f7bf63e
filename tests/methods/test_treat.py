"""Outlier treatments at their edges: ties, small columns, extreme numbers, errors."""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.context import Floats
from icfscore.methods.treat import Clip, SkewKurtosis, Winsorise, excess_kurtosis, skewness
from icfscore.methods.treat.transforms import box_cox, box_cox_parameters

NA = np.nan
TEN = list(range(1, 11))


def column(*values: float) -> Floats:
    return np.array(values, dtype=float)[:, None]


def test_moments_are_undefined_for_few_or_equal_values() -> None:
    x = np.array([[1.0, 0.1, NA], [2.0, 0.1, NA], [9.0, 0.1, NA], [NA, 0.1, NA]])
    assert np.isnan(skewness(x)).tolist() == [False, True, True]
    assert np.isnan(excess_kurtosis(x)).tolist() == [True, True, True]
    assert np.isnan(skewness(x[:2])).all()


def test_moments_skip_gaps() -> None:
    x = column(*TEN, 100)
    with_gaps = column(NA, *TEN, NA, 100)
    assert skewness(with_gaps) == pytest.approx(skewness(x), rel=1e-14)
    assert excess_kurtosis(with_gaps) == pytest.approx(excess_kurtosis(x), rel=1e-14)


@pytest.mark.parametrize("factor", [1e306, 1e-300, 1e-315])
def test_moments_do_not_depend_on_the_unit(factor: float) -> None:
    x = column(*TEN, 100)
    assert skewness(x * factor) == pytest.approx(skewness(x), rel=1e-6)
    assert excess_kurtosis(x * factor) == pytest.approx(excess_kurtosis(x), rel=1e-6)


def test_moments_see_small_differences_between_large_numbers() -> None:
    x = column(0, 0, 0, 0, 0, 1)
    assert skewness(x + 2.0**40) == pytest.approx(skewness(x), rel=1e-9)


def test_columns_without_kurtosis_are_left() -> None:
    for x in (column(0, 0, 1000), column(5, 5, 5, 5), column(1), column(NA, NA)):
        assert np.array_equal(Winsorise()(x), x, equal_nan=True)
        assert np.array_equal(SkewKurtosis(max_points=0)(x), x, equal_nan=True)
        assert Winsorise().notes(x) == ()


def test_low_outliers_are_pulled_up() -> None:
    y = Winsorise()(column(*TEN, -100))
    assert y.ravel().tolist() == [*TEN, 1]
    (note,) = Winsorise().notes(column(*TEN, -100))
    assert note.text == "1 point was pulled in to the next value (1 at the bottom)"
    assert (note.column, note.level) == (0, "info")


def test_tied_extremes_move_together_and_may_exceed_the_points() -> None:
    x = column(*range(30), 500, 500, 100)
    y = Winsorise(max_points=1)(x)
    assert y[-3:].ravel().tolist() == [100, 100, 100]
    assert "2 points were pulled in" in Winsorise(max_points=1).notes(x)[0].text


def test_cells_made_equal_by_a_step_count_once() -> None:
    x = column(*range(30), 300, 500)
    one, two = Winsorise(max_points=1)(x), Winsorise(max_points=2)(x)
    assert one[-2:].ravel().tolist() == [300, 300]
    assert two[-2:].ravel().tolist() == [29, 29]


def test_outliers_that_remain_are_a_warning() -> None:
    notes = Winsorise(max_points=1).notes(column(*range(30), 300, 500))
    assert [note.level for note in notes] == ["info", "warning"]
    assert "still has outliers after winsorising up to 1 points: skewness 3" in notes[1].text


def test_both_bounds_must_be_exceeded() -> None:
    x = column(*TEN, 100)
    assert np.array_equal(Winsorise(max_abs_skew=50)(x), x)
    assert np.array_equal(Winsorise(max_kurtosis=50)(x), x)


def test_a_bound_that_is_met_exactly_counts_as_exceeded() -> None:
    x = column(*TEN, 100)
    skew, kurtosis = float(skewness(x)[0]), float(excess_kurtosis(x)[0])
    assert Winsorise(max_abs_skew=skew, max_kurtosis=kurtosis)(x)[-1, 0] == 10


def test_only_columns_that_fail_fall_back() -> None:
    x = np.column_stack([[*range(30), 300.0, 500.0], [*range(31), 100.0]])
    y = SkewKurtosis(max_points=1)(x)
    span = 500.0
    assert y[:, 0] == pytest.approx(np.log(x[:, 0] + 0.01 * span))
    assert y[:, 1].tolist() == [*range(31), 30]
    logged, winsorised = SkewKurtosis(max_points=1).notes(x)
    assert (logged.column, logged.level) == (0, "info")
    assert "does not remove the outliers: the whole column was transformed" in logged.text
    assert "instead by log_ct" in logged.text
    assert winsorised.text.startswith("1 point was pulled in")


def test_fallback_none_gives_back_the_untreated_column() -> None:
    x = column(*range(30), 300, 500)
    method = SkewKurtosis(max_points=1, fallback="none")
    assert np.array_equal(method(x), x)
    assert method.notes(x)[0].level == "warning"
    assert "keeps its untreated values" in method.notes(x)[0].text


def test_box_cox_shifts_only_what_is_not_positive() -> None:
    positive = np.array([1.0, 2, 3, 4, 100])
    assert box_cox_parameters(positive)[1] == 0
    assert box_cox_parameters(positive - 1)[1] == pytest.approx(0.99)
    note = SkewKurtosis(max_points=0, fallback="box_cox").notes((positive - 1)[:, None])[0]
    assert "by box_cox (lambda -0." in note.text
    assert "shift 0.99)" in note.text


def test_box_cox_power_does_not_depend_on_the_unit() -> None:
    x = np.array([1.0, 2, 3, 4, 100])
    power = box_cox_parameters(x)[0]
    assert box_cox_parameters(1000 * x)[0] == pytest.approx(power, abs=1e-6)


def test_box_cox_agrees_with_scipy() -> None:
    from scipy.stats import boxcox

    x = np.random.default_rng(5).lognormal(size=40)
    expected, power = boxcox(x)
    assert box_cox_parameters(x)[0] == pytest.approx(power, abs=1e-6)
    assert box_cox(x, 0) == pytest.approx(expected, abs=1e-5)


def test_box_cox_keeps_gaps() -> None:
    y = SkewKurtosis(max_points=0, fallback="box_cox")(column(1, 2, NA, 3, 4, 100))
    assert np.isnan(y).ravel().tolist() == [False, False, True, False, False, False]


def test_box_cox_says_when_it_leaves_floating_point() -> None:
    x = np.array([1.0] * 9 + [2.0, 3.0]) * 1e-300  # power -5
    with pytest.raises(MethodError, match="leaves the range of floating point") as caught:
        box_cox(x, 3)
    assert (caught.value.column, caught.value.remedy) == (3, "use `fallback: log_ct`")


@pytest.mark.parametrize("factor", [1e306, 1e-310])
def test_logarithms_of_extreme_numbers_are_finite(factor: float) -> None:
    y = SkewKurtosis(max_points=0)(column(-100, 0, 1, 2, 3) * factor)
    assert np.isfinite(y).all()
    assert (np.diff(y, axis=0) > 0).all()


def test_clip_names_what_it_moves() -> None:
    (note,) = Clip().notes(column(*TEN))
    assert note.text == "2 of the values were moved to the 0.025 or 0.975 quantile"
    assert note.level == "info"
    assert Clip(lower=0, upper=1).notes(column(*TEN)) == ()


def test_clip_leaves_constant_and_empty_columns() -> None:
    x = np.array([[0.1, NA], [0.1, NA], [0.1, NA]])
    assert np.array_equal(Clip()(x), x, equal_nan=True)


@pytest.mark.parametrize(("lower", "upper"), [(0.5, 0.5), (-0.1, 0.9), (0.1, 1.5), (NA, 0.9)])
def test_clip_checks_its_shares(lower: float, upper: float) -> None:
    with pytest.raises(ValueError, match="lower and upper must be shares with 0 <= lower < upper"):
        Clip(lower=lower, upper=upper)


@pytest.mark.parametrize("method", [Winsorise, SkewKurtosis])
@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"max_points": -1}, "max_points must be at least 0, got -1"),
        ({"max_abs_skew": -2.0}, "max_abs_skew must be a finite number >= 0, got -2"),
        ({"max_kurtosis": float("inf")}, "max_kurtosis must be a finite number, got inf"),
    ],
)
def test_bounds_are_checked(method: type, parameters: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        method(**parameters)


def test_fallback_is_one_of_four() -> None:
    with pytest.raises(ValueError, match=r"fallback must be one of log_ct, .* got 'sqrt'"):
        SkewKurtosis(fallback="sqrt")  # type: ignore[arg-type]
