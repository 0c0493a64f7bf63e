"""A statistic, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A statistic with the number of communities it rests on, or why it is undefined.

    Attributes
    ----------
    value
        None exactly where there is a reason.
    n
        Communities that entered.
    reason
        In words; "" where there is a value.

    Raises
    ------
    ValueError
        Where both a value and a reason are given, or neither, or the value is not finite.

    Examples
    --------
    >>> Measure(0.5, n=21).value, Measure.missing("one variable only", n=21).reason
    (0.5, 'one variable only')
    """

    value: float | None
    n: int
    reason: str = ""

    def __post_init__(self) -> None:
        """Let no silent NaN pass."""
        if (self.value is None) != bool(self.reason):
            raise ValueError("a measure has either a value or a reason")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"a measure must be finite, got {self.value}")

    @classmethod
    def missing(cls, reason: str, n: int) -> Measure:
        """Build a measure that is undefined."""
        return cls(None, n, reason)
