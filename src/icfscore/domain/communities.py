"""Communities, the areas they inherit from, and the observations of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from icfscore.domain.text import Text

Level = Literal["community", "region", "national"]
Status = Literal["seen", "derived", "recalled", "self_reported"]
Comparability = Literal["high", "medium", "low"]

LEVELS: tuple[Level, ...] = ("community", "region", "national")

# The largest size of a value. Doubles end at 1.8e308: what lies between is room for sums of 10^5
# such values, for their differences, percentages and errors.
LARGEST = 1e303


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """One value with its origin.

    Two observations are the same only if they are one object: heirs of an area share it, and with
    it its measurement error.

    Attributes
    ----------
    value
        In the unit of its indicator or context quantity, before any denominator.
    year
        Year it was measured; None: it counts for the reference year.
    given_value, given_unit
        As the file spells them.
    sd, interval
        Its own uncertainty, in the quantity's unit: a standard deviation, or the 5 % and 95 %
        quantiles.
    """

    value: float
    source: str
    level: Level
    year: int | None = None
    area: str = ""
    status: Status = "seen"
    comparability: Comparability = "high"
    sd: float | None = None
    interval: tuple[float, float] | None = None
    note: Text = ""
    given_value: float | str | bool | None = None
    given_unit: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something measured about a community that is not scored."""

    id: str
    value: float | str
    source: str
    name: Text = ""
    unit: str = ""
    year: int | None = None
    area: str = ""
    status: Status = "seen"
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """A community's place on a published list of a year."""

    year: int
    list: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """A community, or an area that communities inherit from.

    Attributes
    ----------
    parent
        Id of the area whose values stand in where this one has none.
    observations
        By quantity id, the dated observations in the file's order.
    """

    id: str
    name: Text
    type: Literal["community", "country", "region"]
    description: Text = ""
    kind: str = ""
    region: str = ""
    country: str = ""
    listed_as: str = ""
    parent: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    recognitions: tuple[Recognition, ...] = ()
    facts: tuple[Fact, ...] = ()
    observations: Mapping[str, tuple[Observation, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was published."""

    title: Text
    publisher: Text = ""
    year: int | str | None = None
    url: str = ""
