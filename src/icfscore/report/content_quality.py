"""How good one community's values are: how they were verified, how alike, how old.

Decision. Scored indicators with an observed value count; age is the distance from the reference
year, either way, and a value without a year counts for that year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import get_args

from icfscore.domain.communities import Comparability, Status
from icfscore.report.content_readings import Reading


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts of values, and their ages in years.

    Attributes
    ----------
    by_status, by_comparability
        By every status, or comparability, there is.
    median_age, oldest
        None without any value.
    """

    n: int
    by_status: Mapping[str, int]
    by_comparability: Mapping[str, int]
    median_age: float | None
    oldest: int | None


def quality_of(readings: Iterable[Reading], reference_year: int) -> Quality:
    """Count how the values of some readings came about."""
    seen = [
        each.observation
        for each in readings
        if each.state == "scored" and each.observation is not None
    ]
    statuses = Counter(each.status for each in seen)
    likenesses = Counter(each.comparability for each in seen)
    ages = [0 if each.year is None else abs(each.year - reference_year) for each in seen]
    return Quality(
        n=len(seen),
        by_status={name: statuses[name] for name in get_args(Status)},
        by_comparability={name: likenesses[name] for name in get_args(Comparability)},
        median_age=float(median(ages)) if ages else None,
        oldest=max(ages, default=None),
    )
