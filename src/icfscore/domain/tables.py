"""One frozen table a stage, each with the evidence of what the stage did.

Rows are communities, columns indicators or nodes; a missing value is NaN. Arrays are read-only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from icfscore.domain.communities import Observation

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

MISSING, COMMUNITY, REGION, NATIONAL = range(4)  # codes of Observed.level


def read_only(*arrays: npt.NDArray[np.generic]) -> None:
    """Forbid changes to arrays from here on."""
    for array in arrays:
        array.setflags(write=False)


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """What is known of each community: year selected, inherited, converted, denominated.

    Attributes
    ----------
    values
        (n, k) in natural orientation and the indicators' units.
    level
        (n, k) 0 missing, 1 community, 2 region, 3 national; above 1 the value is a proxy.
    observations
        (n, k) the `Observation` behind each value, None where missing.
    holders
        (n, k) id of the community or area that the observation belongs to, None where missing.
    """

    communities: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Floats
    level: npt.NDArray[np.int8]
    observations: npt.NDArray[np.object_]
    holders: npt.NDArray[np.object_]

    def __post_init__(self) -> None:
        """Check shapes and lock the arrays."""
        shape = (len(self.communities), len(self.indicators))
        arrays = (self.values, self.level, self.observations, self.holders)
        if any(array.shape != shape for array in arrays):
            raise ValueError(f"every array must have the shape {shape}")
        read_only(*arrays)

    @property
    def present(self) -> Bools:
        """(n, k) where a value is known."""
        return ~np.isnan(self.values)

    @property
    def proxy(self) -> Bools:
        """(n, k) where the value is not the community's own."""
        return self.level > COMMUNITY

    def observation(self, row: int, column: int) -> Observation | None:
        """Give the observation behind a value."""
        found: Observation | None = self.observations[row, column]
        return found

    def keep(self, rows: Bools, columns: Bools) -> Observed:
        """Leave out communities and indicators."""
        grid = np.ix_(rows, columns)
        return Observed(
            tuple(name for name, kept in zip(self.communities, rows, strict=True) if kept),
            tuple(name for name, kept in zip(self.indicators, columns, strict=True) if kept),
            self.values[grid],
            self.level[grid],
            self.observations[grid],
            self.holders[grid],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """What takes part.

    Attributes
    ----------
    observed
        Of the communities and indicators that take part; unscored indicators stay, to be shown.
    scored
        (k,) which of those indicators count for the index.
    left_out
        Share of values present by indicator that was left out.
    excluded
        Reason by community that was left out.
    """

    observed: Observed
    scored: Bools
    left_out: Mapping[str, float] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Completed:
    """After imputation: values (n, k) and where they were filled (n, k)."""

    values: Floats
    imputed: Bools

    def __post_init__(self) -> None:
        """Lock the arrays."""
        read_only(self.values, self.imputed)


@dataclass(frozen=True, slots=True, eq=False)
class Treated:
    """After transformation and outlier treatment: values (n, k), and where it changed (n, k)."""

    values: Floats
    treated: Bools

    def __post_init__(self) -> None:
        """Lock the arrays."""
        read_only(self.values, self.treated)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of every node.

    Attributes
    ----------
    nodes
        Ids in the framework's order, the root first; nodes without anything scored are absent.
    values
        (n, number of nodes).
    shares
        Weight by child id, as the weighting gives it: a share among siblings.
    """

    nodes: tuple[str, ...]
    values: Floats
    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        """Lock the array."""
        read_only(self.values)

    def of(self, node: str) -> Floats:
        """Scores (n,) of one node, NaN where it has none."""
        if node not in self.nodes:
            return np.full(len(self.values), np.nan)
        return self.values[:, self.nodes.index(node)]
