"""Distributions of measurement errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ExactData:
    """Observed values are taken as exact.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7.
    https://doi.org/10.1787/9789264043466-en
    """

    kind: Literal["none"] = "none"


@dataclass(frozen=True, slots=True)
class RelativeData:
    """Every value errs by a normal error in proportion to its size.

    Parameters
    ----------
    sd
        Standard deviation as a share of the value.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7.
    https://doi.org/10.1787/9789264043466-en
    """

    sd: float = 0.05
    kind: Literal["relative"] = "relative"

    def __post_init__(self) -> None:
        """Check the standard deviation."""
        if not 0 < self.sd < float("inf"):
            raise ValueError(f"sd must be a positive number, got {self.sd:g}")


@dataclass(frozen=True, slots=True)
class PedigreeData:
    """Errors follow from how a value was obtained: level, age, status, comparability.

    References
    ----------
    Weidema et al. (2013), Overview and methodology: data quality guideline for the ecoinvent
    database version 3, chapter 10.
    """

    kind: Literal["pedigree"] = "pedigree"


DataUncertainty = ExactData | RelativeData | PedigreeData
