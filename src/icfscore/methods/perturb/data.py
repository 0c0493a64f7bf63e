"""How far observed values err: not at all, by a share of the value, by how they were obtained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, log, sqrt
from typing import Literal

from icfscore.sentences import say

STATUS = {"seen": 1.0, "derived": 1.05, "recalled": 1.10, "self_reported": 1.20}
COMPARABILITY = {"high": 1.0, "medium": 1.20, "low": 1.50}
LEVEL = {"community": 1.0, "region": 1.25, "national": 1.50}
AGE = {3: 1.0, 6: 1.03, 10: 1.10, 15: 1.20}  # up to so many years from the reference year
OLDER = 1.50


@dataclass(frozen=True, slots=True)
class ExactData:
    """Take observed values as exact.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7.
    https://doi.org/10.1787/9789264043466-en
    """

    kind: Literal["none"] = "none"


@dataclass(frozen=True, slots=True)
class RelativeData:
    """Let every value err by a normal error in proportion to its size.

    Parameters
    ----------
    sd
        Standard deviation as a share of the value.

    Edge behaviour
    --------------
    A value of 0 stays 0; a draw beyond the indicator's bounds is set to the bound. A value's own
    `sd` or `interval` replaces the share. Proxies err no more than other values.

    References
    ----------
    Saisana, Saltelli and Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools
    for the quality assessment of composite indicators.
    https://doi.org/10.1111/j.1467-985X.2005.00350.x
    """

    sd: float = 0.05
    kind: Literal["relative"] = "relative"

    def __post_init__(self) -> None:
        """Check the standard deviation."""
        if not 0 < self.sd < inf:
            raise ValueError(say("sd must be a positive number, got {sd:g}", sd=self.sd))


@dataclass(frozen=True, slots=True)
class PedigreeData:
    """Let errors follow from how a value was obtained: status, age, comparability and level.

    GSD = exp sqrt(sum ln² GSD_i)

    The factors of status and age are ecoinvent's uncertainty factors for reliability and temporal
    correlation, those of comparability its factors for further correlation, all taken as geometric
    standard deviations (ecoinvent takes them as squares: ours are the wider). Those of the level
    are the representativeness of a value that stands in for a community's own. They are ours,
    rounded from what the built-in data show where both values are known: there, own and stand-in
    differ by a factor of 1.4 for ratios (68 pairs, robust standard deviation of the logarithm).

    Parameters
    ----------
    basic
        GSD of any value, whatever its pedigree.
    status, comparability, level
        GSD by name, in place of the table's.
    age
        GSD of values up to 3, 6, 10 and 15 years from the reference year, and of older ones.
    index_share
        Standard deviation of an index, as a share of its bounds' range, for each unit of ln GSD.

    Edge behaviour
    --------------
    Factors of 1 leave only the basic one. A value's own `sd` or `interval` replaces all but the
    level's. A value at a bound, where its scale has no room, scatters by 1 % of the range (of the
    column's mean size where there is no range). A denominator errs by its own pedigree, in all
    indicators that are divided by it at once. Ordinal and boolean values scatter as indices do.

    Raises
    ------
    ValueError
        For a factor below 1, an unknown name, or not as many ages as there are classes.

    References
    ----------
    Weidema et al. (2013), Overview and methodology: data quality guideline for the ecoinvent
    database version 3, chapter 10. Frischknecht et al. (2007), ecoinvent report 1, table 7.2.
    """

    basic: float = 1.05
    status: Mapping[str, float] = field(default_factory=dict)
    comparability: Mapping[str, float] = field(default_factory=dict)
    level: Mapping[str, float] = field(default_factory=dict)
    age: tuple[float, ...] = (*AGE.values(), OLDER)
    index_share: float = 0.1
    kind: Literal["pedigree"] = "pedigree"

    def __post_init__(self) -> None:
        """Check the factors."""
        tables = (
            ("status", self.status, STATUS),
            ("comparability", self.comparability, COMPARABILITY),
            ("level", self.level, LEVEL),
        )
        for name, given, known in tables:
            for key, factor in given.items():
                if key not in known:
                    raise ValueError(
                        say(
                            "{name}: no '{key}'; there are {listed}",
                            name=name,
                            key=key,
                            listed=", ".join(known),
                        )
                    )
                if not 1 <= factor < inf:
                    raise ValueError(_too_small(f"{name}: {key}", factor))
        if len(self.age) != len(AGE) + 1:
            raise ValueError(
                say("age: needs {n} factors, got {given}", n=len(AGE) + 1, given=len(self.age))
            )
        for factor in self.age:
            if not 1 <= factor < inf:
                raise ValueError(_too_small("age", factor))
        if not 1 <= self.basic < inf:
            raise ValueError(_too_small("basic", self.basic))
        if not 0 <= self.index_share < inf:
            raise ValueError(
                say("index_share must be at least 0, got {share:g}", share=self.index_share)
            )

    def measurement(self, status: str, age: int, comparability: str) -> float:
        """Give ln GSD of a measurement, the level apart."""
        factors = (
            self.basic,
            (STATUS | dict(self.status))[status],
            self.age[sum(age > years for years in AGE)],
            (COMPARABILITY | dict(self.comparability))[comparability],
        )
        return sqrt(sum(log(factor) ** 2 for factor in factors))

    def representativeness(self, level: str) -> float:
        """Give ln GSD of a value of a level that stands in for a community's own."""
        return log((LEVEL | dict(self.level))[level])


def _too_small(name: str, factor: float) -> str:
    return say("{name}: a GSD is at least 1, got {factor:g}", name=name, factor=factor)


DataUncertainty = ExactData | RelativeData | PedigreeData
