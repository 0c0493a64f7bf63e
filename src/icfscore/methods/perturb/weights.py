"""Distributions of weights among siblings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Bound = float | Mapping[str, float]


def _check_positive(name: str, value: float) -> None:
    if not 0 < value < float("inf"):
        raise ValueError(f"{name} must be a positive number, got {value:g}")


def _ends(bound: Bound) -> list[float]:
    return list(bound.values()) if isinstance(bound, Mapping) else [bound]


@dataclass(frozen=True, slots=True)
class FixedWeights:
    """Weights stay as they are.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7.
    https://doi.org/10.1787/9789264043466-en
    """

    kind: Literal["none"] = "none"


@dataclass(frozen=True, slots=True)
class UniformWeights:
    """Every set of weights is equally likely: uniform on the simplex.

    References
    ----------
    Lahdelma and Salminen (2001), SMAA-2. https://doi.org/10.1287/opre.49.3.444.11220
    """

    kind: Literal["uniform_simplex"] = "uniform_simplex"


@dataclass(frozen=True, slots=True)
class DirichletWeights:
    """Weights scatter around their given shares, alpha_i = concentration × share_i.

    Parameters
    ----------
    concentration
        Sum of the alphas; the larger, the closer to the given shares.

    References
    ----------
    Aitchison (1986), The Statistical Analysis of Compositional Data.
    https://doi.org/10.1007/978-94-009-4109-0
    """

    concentration: float = 60.0
    kind: Literal["dirichlet"] = "dirichlet"

    def __post_init__(self) -> None:
        """Check the concentration."""
        _check_positive("concentration", self.concentration)


@dataclass(frozen=True, slots=True)
class RelativeWeights:
    """Each weight is multiplied by a uniform number from 1 - share to 1 + share, then rescaled.

    Parameters
    ----------
    share
        Largest relative change, above 0 and at most 1.

    References
    ----------
    Saisana, Saltelli and Tarantola (2005). https://doi.org/10.1111/j.1467-985X.2005.00350.x
    """

    share: float = 0.25
    kind: Literal["relative"] = "relative"

    def __post_init__(self) -> None:
        """Check the share."""
        if not 0 < self.share <= 1:
            raise ValueError(f"share must be above 0 and at most 1, got {self.share:g}")


@dataclass(frozen=True, slots=True)
class BoundedWeights:
    """Uniform on the part of the simplex where every share lies within its bounds.

    Parameters
    ----------
    lower, upper
        Bounds of the shares: a number for all siblings, or a mapping by child.

    References
    ----------
    Tervonen et al. (2013), Hit-and-run enables efficient weight generation.
    https://doi.org/10.1016/j.ejor.2012.08.026
    """

    lower: Bound = 0.0
    upper: Bound = 1.0
    kind: Literal["bounded"] = "bounded"

    def __post_init__(self) -> None:
        """Check the bounds."""
        for name, bound in (("lower", self.lower), ("upper", self.upper)):
            if not all(0 <= end <= 1 for end in _ends(bound)):
                raise ValueError(f"{name} must lie between 0 and 1")


@dataclass(frozen=True, slots=True)
class OrdinalWeights:
    """Uniform on the part of the simplex that keeps an order of importance.

    Parameters
    ----------
    order
        Siblings, the most important first.

    References
    ----------
    Tervonen and Lahdelma (2007), Implementing SMAA. https://doi.org/10.1016/j.ejor.2005.12.037
    """

    order: tuple[str, ...]
    kind: Literal["ordinal"] = "ordinal"


WeightUncertainty = (
    FixedWeights
    | UniformWeights
    | DirichletWeights
    | RelativeWeights
    | BoundedWeights
    | OrdinalWeights
)
