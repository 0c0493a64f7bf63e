"""How numbers are spelt."""

from __future__ import annotations

import pytest

from icfscore.report.numbers import Numbers, decimals_of

ENGLISH = Numbers("en_GB", 1)
VIETNAMESE = Numbers("vi", 1)


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (2.0, "2"),
        (16.48, "16.5"),
        (99.43, "99.4"),
        (0.21320290, "0.213"),
        (17977, "18,000"),
        (2345184, "2,350,000"),
        (-1.47, "−1.47"),
        (0.000001234, "0.00000123"),
        (1e-9, "1e-09"),
        (1.5e20, "1.5e+20"),
        (9.999, "10"),
        (None, "–"),
    ],
)
def test_a_measured_value_keeps_three_digits(value: float | None, spelt: str) -> None:
    assert ENGLISH.measure(value) == spelt


@pytest.mark.parametrize(
    ("left", "right", "spelt"),
    [
        (31.6, 85.0, "−53.4"),
        (17977, 48400, "−30,400"),
        (63.2, 63.1987, "0"),
        (0.5, 0.25, "+0.25"),
        (1.0, 1.0, "0"),
        (1e-9, 0, "+1e-09"),
    ],
)
def test_a_difference_is_no_finer_than_its_values(left: float, right: float, spelt: str) -> None:
    assert ENGLISH.difference(left, right) == spelt


@pytest.mark.parametrize(
    ("value", "spelt"),
    [(0.1 + 0.2, "0.3"), (2345184, "2,345,184"), (69.848, "69.848"), (-1.47, "−1.47")],
)
def test_a_cited_value_keeps_its_digits(value: float, spelt: str) -> None:
    assert ENGLISH.cited(value) == spelt


def test_scores_of_a_report_have_the_same_decimals() -> None:
    assert [ENGLISH.score(score) for score in (100.0, 3.259, None)] == ["100.0", "3.3", "–"]
    assert [Numbers("en", 3).signed_score(gap) for gap in (0.5, -0.25, 0.0, None)] == [
        "+0.500",
        "−0.250",
        "0.000",
        "–",
    ]


@pytest.mark.parametrize(
    ("scores", "decimals"),
    [([0, 100], 1), ([0, 1], 3), ([-2.5, 2.5], 2), ([0, 1e6], 0), ([], 1), ([0], 1), ([5, 5], 2)],
)
def test_decimals_follow_the_range(scores: list[float], decimals: int) -> None:
    assert decimals_of(scores) == decimals


def test_shares_are_spelt_in_percent() -> None:
    assert [ENGLISH.percent(share) for share in (0.0, 0.004, 0.296, 1.0)] == [
        "0",
        "0.4",
        "30",
        "100",
    ]
    assert ENGLISH.percentage(1 / 24) == "4.2 %"


def test_ordinals_are_english_or_plain() -> None:
    ranks = (1, 2, 3, 4, 11, 12, 13, 21, 101, 111)
    assert [ENGLISH.ordinal(rank) for rank in ranks] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "101st", "111th"),
    ]
    assert VIETNAMESE.ordinal(3) == "3"
    assert ENGLISH.ordinal(None) == "–"


def test_signs_follow_the_language() -> None:
    assert VIETNAMESE.cited(1234.5) == "1.234,5"
    assert VIETNAMESE.score(43.21) == "43,2"
    assert VIETNAMESE.year(2018) == "2018"
