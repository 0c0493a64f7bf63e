"""What a community could move: which of its values, how far, and at what effort.

Decisions. The peers are the other communities that are ranked. The effort of a rise is its cost
times the rise of the value's percentile among the peers' values, whosesoever these are; up to the
lowest peer's value a rise costs nothing, since it passes nobody. Values never fall and never pass
the best peer's. What is missing stays missing: to measure it is no improvement. A proxy may be
planned: the plan is then for the community's own value, of which nothing is known yet. Limits hold
for planned values, so that a limit beyond the present value commits the plan to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from icfscore.domain.communities import Observation
from icfscore.domain.criteria import Indicator
from icfscore.domain.tables import COMMUNITY, Floats
from icfscore.errors import InputError, Problem
from icfscore.methods.percentile import percentile_of
from icfscore.pipeline.changes import selection_of
from icfscore.pipeline.lever_knots import lay_knots
from icfscore.pipeline.score import Scoring
from icfscore.recipe import Planning
from icfscore.sentences import say

Reason = Literal["lever", "asked", "missing", "denominator", "best"]


@dataclass(frozen=True, slots=True, eq=False)
class Lever:
    """A value that the plan may move.

    Attributes
    ----------
    column
        Position among the scored indicators.
    factor
        From what an observation gives to the value that is scored: what the denominator does.
    before
        The value now, as it is scored (in natural orientation).
    peers
        (m,) the others' values.
    knots
        (p + 1,) from the value now to the furthest one, ascending or descending.
    effort
        (p + 1,) at the knots.
    discrete
        Whether only the knots themselves are possible values.
    least
        Number of the knot that must be reached.
    """

    indicator: Indicator
    column: int
    observation: Observation
    holder: str
    is_proxy: bool
    factor: float
    cost: float
    before: float
    peers: Floats
    knots: Floats
    effort: Floats
    discrete: bool
    least: int = 0

    @property
    def id(self) -> str:
        """Id of the indicator."""
        return self.indicator.id

    @property
    def end(self) -> float:
        """The furthest value."""
        return float(self.knots[-1])

    def thinned(self, most: int, kept: Iterable[float] = ()) -> Lever:
        """Keep so many knots at the most, the ends, the demanded one and some values among them."""
        n = len(self.knots)
        if n <= most:
            return self
        chosen = {*np.linspace(0, n - 1, most).round().astype(int).tolist(), self.least}
        chosen |= set(np.flatnonzero(np.isin(self.knots, [*kept])).tolist())
        at = np.array(sorted(chosen))
        least = int(np.searchsorted(at, self.least))
        return replace(self, knots=self.knots[at], effort=self.effort[at], least=least)

    def percentile(self, value: float) -> float:
        """Percentile of a value among the peers, 1 being the best."""
        sign = self.indicator.sign
        return float(percentile_of(np.array(sign * value), sign * self.peers))

    def effort_to(self, value: float) -> float:
        """Effort of going from the value now to another one."""
        return self.cost * (self.percentile(value) - self.percentile(self.before))

    def raw(self, value: float) -> float:
        """Turn a value into what an observation gives."""
        return value / self.factor


@dataclass(frozen=True, slots=True)
class Fixed:
    """An indicator that counts and that the plan may not move, with the reason.

    `lever`: the community cannot; `asked`: it shall not; `missing`: no value is known;
    `denominator`: its own denominator is not known; `best`: no peer has a better value, or a limit
    leaves no room.
    """

    indicator: str
    reason: Reason


@dataclass(frozen=True, slots=True, eq=False)
class Levers:
    """What may move, and what may not."""

    movable: tuple[Lever, ...]
    fixed: tuple[Fixed, ...]


def find_levers(scoring: Scoring, community: str, planning: Planning) -> Levers:
    """List what a community could move, in the framework's order.

    Raises
    ------
    InputError
        Where a limit contradicts the present value, the peers' values or what stays fixed.
    """
    observed = scoring.screened.observed
    kept = observed.keep(np.ones(len(observed.communities), bool), scoring.screened.scored)
    row = kept.communities.index(community)
    by_id = {indicator.id: indicator for indicator in scoring.project.tree.indicators}
    movable: list[Lever] = []
    fixed: list[Fixed] = []
    problems: list[Problem] = []
    for column, name in enumerate(kept.indicators):
        indicator = by_id[name]
        value = float(kept.values[row, column])
        reason = _reason(scoring, community, indicator, value, planning)
        if reason is None:
            try:
                lever = _lever(scoring, community, indicator, column, planning)
            except InputError as error:
                problems.extend(error.problems)
                continue
            if lever is not None:
                movable.append(lever)
                continue
            reason = "best"
        elif name in planning.limits:
            what = say("limits of {name}: {what}", name=name, what=_FIXED[reason])
            problems.append(Problem("", 0, 0, what, _REMEDY.get(reason, say("drop the limit"))))
        fixed.append(Fixed(name, reason))
    if problems:
        raise InputError(problems)
    return Levers(tuple(movable), tuple(fixed))


_FIXED = {
    "lever": say("the indicator stays as it is, since its lever is none"),
    "asked": say("the indicator stays as it is, since it is fixed"),
    "missing": say("the community has no value of it, so none is planned"),
    "denominator": say("the community has no denominator of its own, so no value is planned"),
}
_REMEDY = {
    "lever": say("drop the limit, or free the indicator"),
    "asked": say("drop the limit, or do not fix the indicator"),
}


def _reason(
    scoring: Scoring, community: str, indicator: Indicator, value: float, planning: Planning
) -> Reason | None:
    if indicator.id in planning.fixed:
        return "asked"
    if indicator.lever == "none" and indicator.id not in planning.free:
        return "lever"
    if np.isnan(value):
        return "missing"
    return None if _factor(scoring, community, indicator) else "denominator"


def _factor(scoring: Scoring, community: str, indicator: Indicator) -> float | None:
    """Tell what the community's own denominator makes of an observed 1."""
    if indicator.per is None:
        return 1.0
    dated = scoring.project.community_by_id[community].observations.get(indicator.per, ())
    chosen = selection_of(scoring.settings).choose_denominator(dated)
    return None if chosen is None else indicator.per_scale / chosen.value


def _lever(
    scoring: Scoring, community: str, indicator: Indicator, column: int, planning: Planning
) -> Lever | None:
    """Lay out one lever; None where there is no way up."""
    kept = scoring.screened.observed
    row, position = kept.communities.index(community), kept.indicators.index(indicator.id)
    before = float(kept.values[row, position])
    values = np.delete(kept.values[:, position], row)
    peers = values[~np.isnan(values)]
    factor = _factor(scoring, community, indicator) or 1.0
    sign, cost = indicator.sign, planning.costs.get(indicator.id, 1.0)
    best = float(sign * np.max(sign * peers)) if peers.size else before
    end, least = _limited(indicator, before, best, factor, planning)
    if indicator.kind == "count":  # whole numbers, as they are counted
        end = sign * float(np.floor(sign * end / factor + 1e-9)) * factor
    if not peers.size or sign * end <= sign * before:  # alone, rounding to counts may seem a way
        return None
    discrete, knots = lay_knots(scoring, indicator, before, end, peers, factor)
    if least is not None:
        reached = sign * knots >= sign * least - 1e-12 * abs(least)
        if discrete and not reached.any():
            raise _contradiction(indicator.id, say("none of the possible values lies within them"))
        if not discrete and least not in knots:
            knots = np.array(sorted({*knots.tolist(), least}, reverse=sign < 0))
        reached = sign * knots >= sign * least - 1e-12 * abs(least)
        first = int(np.argmax(reached))
    if len(knots) < 2:
        return None
    shares = percentile_of(sign * knots, sign * peers)
    return Lever(
        indicator=indicator,
        column=column,
        observation=kept.observations[row, position],
        holder=str(kept.holders[row, position]),
        is_proxy=bool(kept.level[row, position] > COMMUNITY),
        factor=factor,
        cost=cost,
        before=before,
        peers=peers,
        knots=knots,
        effort=cost * (shares - shares[0]),
        discrete=discrete,
        least=0 if least is None else first,
    )


def _contradiction(indicator: str, what: str) -> InputError:
    return InputError.of(say("limits of {name}: {what}", name=indicator, what=what))


def _limited(
    indicator: Indicator, before: float, best: float, factor: float, planning: Planning
) -> tuple[float, float | None]:
    """Find the furthest value, and the nearest one where a limit demands one; as scored."""
    low, high = planning.limits.get(indicator.id, (None, None))
    sign, unit = indicator.sign, indicator.unit
    furthest, nearest = (high, low) if sign > 0 else (low, high)
    end, least = best, None
    if furthest is not None:
        if sign * furthest * factor < sign * before:
            what = say(
                "the value now, {now:g} {unit}, is better than {furthest:g} already, and a plan"
                " worsens nothing",
                now=before / factor,
                unit=unit,
                furthest=furthest,
            )
            raise _contradiction(indicator.id, what)
        end = float(sign * min(sign * best, sign * furthest * factor))
    if nearest is not None and sign * nearest * factor > sign * before:
        least = nearest * factor
        if sign * least > sign * best * (1 + 1e-12 * np.sign(sign * best)):
            what = say(
                "no peer has reached {nearest:g}: the best peer's is {best:g} {unit}",
                nearest=nearest,
                best=best / factor,
                unit=unit,
            )
            raise _contradiction(indicator.id, what)
    return end, least
