"""Who really drives a score: effective weights against intended ones.

Decisions. The effective weight of a part is its correlation ratio, rescaled so that those of all
parts sum to one (Paruolo, Saisana and Saltelli 2013). It is told only where every part has one.
Parts move together, so that a part with no weight at all may still have an effective one: the
figures say what the score follows, not what it is made of. The interval is that of the share over
resampled communities, the same resamples for all parts; it holds 90 % of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.methods.audit import Measure, correlation_ratio, resampled_ratios
from icfscore.sentences import say

LOW, HIGH = 0.05, 0.95
_FEWEST_RESAMPLES = 20  # fewer have no 5 % and 95 % quantiles worth the name


@dataclass(frozen=True, slots=True)
class EffectiveWeight:
    """One part of a score.

    Attributes
    ----------
    intended
        Its share by the weights.
    ratio
        Correlation ratio of the score on it.
    effective
        The ratio as a share of all parts' ratios.
    low, high
        5 % and 95 % quantiles of the share over the resamples; None with a reason in `no_interval`.
    """

    name: str
    intended: float
    ratio: Measure
    effective: Measure
    low: float | None
    high: float | None
    no_interval: str = ""

    @property
    def telling(self) -> bool:
        """Whether the intended share lies outside the interval."""
        if self.low is None or self.high is None:
            return False
        return not self.low <= self.intended <= self.high


def effective_weights(
    names: tuple[str, ...], values: Floats, score: Floats, intended: Floats, counts: Ints
) -> tuple[EffectiveWeight, ...]:
    """Compute the effective weight of each column of values (n, c) in a score (n,).

    Parameters
    ----------
    intended
        (c,) shares by the weights.
    counts
        (b, n) how often each community is in each resample; b may be 0.
    """
    ratios = [correlation_ratio(column, score) for column in values.T]
    shares = _shares_of(ratios)
    drawn = np.stack([resampled_ratios(column, score, counts) for column in values.T], axis=1)
    total = drawn.sum(axis=1, keepdims=True)
    usable = np.isfinite(total[:, 0]) & (total[:, 0] > 0)
    drawn = drawn[usable] / total[usable]
    reason = _no_interval(shares, len(counts), len(drawn))
    nothing: tuple[float | None, float | None] = (None, None)
    limits = [nothing if reason else _quantiles(share) for share in drawn.T]
    return tuple(
        EffectiveWeight(name, float(intended[j]), ratios[j], shares[j], *limits[j], reason)
        for j, name in enumerate(names)
    )


def _shares_of(ratios: list[Measure]) -> list[Measure]:
    undefined = [ratio for ratio in ratios if ratio.value is None]
    if undefined:
        reason = say(
            "not every part has a correlation ratio ({reason})", reason=undefined[0].reason
        )
        return [Measure.missing(ratio.reason or reason, ratio.n) for ratio in ratios]
    total = sum(ratio.value or 0.0 for ratio in ratios)
    if total == 0:
        return [Measure.missing(say("the score follows none of the parts"), r.n) for r in ratios]
    return [Measure((ratio.value or 0.0) / total, ratio.n) for ratio in ratios]


def _no_interval(shares: list[Measure], asked: int, usable: int) -> str:
    for share in shares:
        if share.value is None:
            return share.reason
    if asked == 0:
        return say("no resamples were asked for")
    if usable < _FEWEST_RESAMPLES:
        return say(
            "only {usable} of {asked} resamples can be used, fewer than {fewest}",
            usable=usable,
            asked=asked,
            fewest=_FEWEST_RESAMPLES,
        )
    return ""


def _quantiles(shares: Floats) -> tuple[float | None, float | None]:
    low, high = np.quantile(shares, (LOW, HIGH), method="inverted_cdf")
    return float(low), float(high)
