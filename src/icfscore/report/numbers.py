"""How numbers are spelt, in one place: digits, thousands, decimal sign, by the language.

Decisions. A measured value keeps three significant digits in a text, however many its source gives;
only where a source is cited does it appear as it was read. All scores of a report have the same
number of decimals, so that they can be compared, as many as make three digits of their range.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from babel.numbers import format_decimal

NOTHING = "–"
_DIGITS = 3
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Spells numbers.

    Attributes
    ----------
    locale
        Whose thousands and decimal signs are used.
    score_decimals
        Decimals of scores.
    """

    locale: str = "en"
    score_decimals: int = 1

    def fixed(self, value: float, decimals: int, *, least: int | None = None) -> str:
        """Spell a number with so many decimals; with `least` fewer where the rest are zeros."""
        rounded = round(value, decimals) + 0.0  # no negative zero
        if abs(rounded) >= 1e15:
            return f"{rounded:.3g}"
        shown = decimals if least is None else least
        kept, dropped = "0" * max(shown, 0), "#" * max(decimals - max(shown, 0), 0)
        fraction = f".{kept}{dropped}" if kept or dropped else ""
        spelt = format_decimal(abs(rounded), format=f"#,##0{fraction}", locale=self.locale)
        return f"−{spelt}" if rounded < 0 else str(spelt)

    def score(self, value: float | None) -> str:
        """Spell a score."""
        return NOTHING if value is None else self.fixed(value, self.score_decimals)

    def signed_score(self, value: float | None) -> str:
        """Spell a difference of scores with its sign."""
        if value is None:
            return NOTHING
        spelt = self.score(abs(value))
        return spelt if spelt == self.score(0.0) else _signed(value, spelt)

    def measure(self, value: float | None) -> str:
        """Spell a measured value: three significant digits, no trailing zeros."""
        if value is None:
            return NOTHING
        if value != 0 and not 1e-6 <= abs(value) < 1e15:
            return f"{value:.3g}"
        return self.fixed(value, _decimals(value), least=0)

    def signed_measure(self, value: float | None) -> str:
        """Spell a difference of measured values with its sign."""
        return NOTHING if value is None else _signed(value, self.measure(abs(value)))

    def difference(self, left: float, right: float) -> str:
        """Spell left minus right with its sign, no finer than the larger of the two is spelt."""
        largest = max(abs(left), abs(right))
        if largest != 0 and not 1e-6 <= largest < 1e15:
            return f"{left - right:+.3g}"
        spelt = self.fixed(abs(left - right), _decimals(largest), least=0)
        return spelt if spelt == "0" else _signed(left - right, spelt)

    def cited(self, value: float) -> str:
        """Spell a value as its source gives it."""
        if value != 0 and not 1e-6 <= abs(value) < 1e15:
            return f"{value:.12g}"
        return self.fixed(float(f"{value:.12g}"), 12, least=0)

    def count(self, value: int) -> str:
        """Spell a whole number."""
        return self.fixed(value, 0)

    def year(self, value: int | None) -> str:
        """Spell a year: no thousands sign."""
        return NOTHING if value is None else str(value)

    def percent(self, share: float) -> str:
        """Spell a share of one in whole percent, smaller ones in tenths."""
        percent = share * 100
        return self.fixed(percent, 1 if 0 < percent < 1 else 0)

    def percentage(self, share: float) -> str:
        """Spell a share of one in percent, to the tenth."""
        return f"{self.points(share)} %"

    def points(self, share: float) -> str:
        """Spell a share of one in percentage points, to the tenth, without the sign."""
        return self.fixed(share * 100, 1)

    def places(self, value: float) -> str:
        """Spell a number of places in the ranking, to the tenth."""
        return self.fixed(value, 1)

    def factor(self, value: float) -> str:
        """Spell a factor to the hundredth, finer where it is."""
        return self.fixed(value, 4, least=2)

    def ordinal(self, rank: int | None) -> str:
        """Spell a rank: 1st, 2nd in English, else the number alone."""
        if rank is None:
            return NOTHING
        if not self.locale.startswith("en"):
            return self.count(rank)
        last = rank % 10 if rank % 100 not in (11, 12, 13) else 0
        return f"{self.count(rank)}{_ORDINALS.get(last, 'th')}"


def decimals_of(scores: Iterable[float]) -> int:
    """Choose the decimals of scores: as many as make three digits of their range.

    Examples
    --------
    >>> decimals_of([0.0, 100.0]), decimals_of([0.0, 1.0]), decimals_of([-2.5, 2.5])
    (1, 3, 2)
    """
    present = [score for score in scores if math.isfinite(score)]
    span = max(present) - min(present) if present else 0.0
    span = span or max((abs(score) for score in present), default=0.0)
    return min(max(_DIGITS - math.ceil(math.log10(span)), 0), 9) if span > 0 else 1


def _decimals(value: float) -> int:
    """Decimals (below 0: zeros before the decimal sign) that keep three significant digits."""
    return _DIGITS - 1 - math.floor(math.log10(abs(value))) if value else 0


def _signed(value: float, spelt: str) -> str:
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{spelt}"
