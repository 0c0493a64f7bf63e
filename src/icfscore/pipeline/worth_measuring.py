"""Which of a community's values would narrow its rank most if they were known exactly.

What is expected to go from the variance of the rank when one value is known is
Var(E[rank | value]), estimated from draws that were made anyway. A value counts whether it is
measured with error, stands in for the community's own, or is missing and filled by a donor's.

Decisions. The values filled by one donor move together: knowing one tells of the others, and each
is credited with that. A value's effect is told from chance where its F test says so at the 5 %
level, corrected for as many values as are tested (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.methods.conditional_variance import explained_variance
from icfscore.pipeline.focus_draws import FocusDraws

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Worth:
    """What knowing one value exactly is expected to do.

    Attributes
    ----------
    reduction
        Expected fall of the variance of the rank, in squared places.
    share
        The same as a share of that variance.
    standard_error
        Monte Carlo standard error of the share.
    told
        Whether the draws tell it from chance.
    together
        Other missing values that the same donor fills in each draw.
    """

    indicator: str
    reduction: float
    share: float
    standard_error: float
    p_value: float
    told: bool
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measuring:
    """All values of a community that vary over the draws, what helps most first.

    Attributes
    ----------
    variance
        Of the rank over the draws, in squared places.
    """

    n_draws: int
    variance: float
    values: tuple[Worth, ...]

    @property
    def deviation(self) -> float:
        """Standard deviation of the rank over the draws, in places."""
        return sqrt(self.variance)

    def overlap(self, indicators: Sequence[str]) -> tuple[str, ...]:
        """List those of some indicators that one donor fills together with another of them."""
        together = {each.indicator: each.together for each in self.values}
        return tuple(name for name in indicators if set(together[name]) & set(indicators))


def worth_measuring(draws: FocusDraws) -> Measuring:
    """Rank a community's values by how far its rank would narrow if they were known."""
    ranks = draws.ranks[ROOT]
    scored = ~np.isnan(ranks)
    variance = float(ranks[scored].var()) if scored.any() else 0.0
    varied = {name: x[scored] for name, x in draws.values.items() if x.min() < x.max()}
    found = []
    for name, x in varied.items():
        explained = explained_variance(x, ranks[scored])
        found.append(
            Worth(
                indicator=name,
                reduction=explained.variance,
                share=explained.variance / variance if variance > 0 else 0.0,
                standard_error=explained.standard_error / variance if variance > 0 else 0.0,
                p_value=explained.p_value,
                told=explained.p_value * len(varied) < LEVEL,
                together=draws.together.get(name, ()),
            )
        )
    found.sort(key=lambda worth: -worth.reduction)
    return Measuring(int(scored.sum()), variance, tuple(found))
