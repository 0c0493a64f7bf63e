"""The changes of a plan: rounded values, whom to learn from, how long it takes.

Decisions. A planned value is rounded to three significant digits, counts to whole numbers, to the
better side, but never past the best peer's value or a limit, which then is the value. The peer to
learn from is, of those whose own measured value is as good as the planned one or better (where
there are none, of those for whom a region's or country's value says so), the one with the nearest
value; of several, the one most alike: the smallest mean distance of normalised values over the
indicators that both have. Years are those of the fastest peer's pace: the largest mean yearly
improvement between the first and the last dated value that a peer has of the indicator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, ulp

import numpy as np

from icfscore.domain.communities import Comparability, Entity
from icfscore.domain.criteria import Indicator
from icfscore.domain.tables import COMMUNITY, Floats
from icfscore.pipeline.changes import selection_of
from icfscore.pipeline.levers import Lever
from icfscore.pipeline.observe import Selection
from icfscore.pipeline.score import Scoring

_DIGITS = 3
_LEAST = ulp(0.0)


@dataclass(frozen=True, slots=True)
class Model:
    """A peer to learn from.

    Attributes
    ----------
    value
        As it is scored.
    is_own
        False where a region's or country's value says so.
    """

    community: str
    value: float
    is_own: bool
    comparability: Comparability


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the fastest peer improved, in the value's unit a year, and what that means."""

    community: str
    yearly: float
    first: int
    last: int
    years: float


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One change of a plan.

    Attributes
    ----------
    value
        Planned, as it is scored.
    effort
        Cost times rise of the percentile among the peers.
    gain
        What the change gives by itself, in points of the score.
    pace
        None where no peer has dated values, or none improved.
    """

    lever: Lever
    value: float
    effort: float
    percentile_before: float
    percentile_after: float
    gain: float
    model: Model | None
    pace: Pace | None

    @property
    def times(self) -> float | None:
        """How many times as good the planned value is; None where a quotient says nothing."""
        low, high = sorted((self.lever.before, self.value))
        if low <= 0 or self.lever.indicator.kind == "index":
            return None
        quotient = high / low  # of Python's numbers: inf where it is beyond them
        return quotient if isfinite(quotient) else None

    @property
    def before_raw(self) -> float:
        """The value now, as an observation gives it."""
        return self.lever.observation.value

    @property
    def after_raw(self) -> float:
        """The planned value, as an observation gives it."""
        return planned_raw(self.lever, self.value)


def planned_raw(lever: Lever, value: float) -> float:
    """Turn a planned value into what an observation gives, without the noise of computing."""
    raw = lever.raw(value)
    if lever.indicator.kind == "count":
        return float(round(raw))
    return float(f"{raw:.15g}")


def round_better(lever: Lever, value: float) -> float:
    """Round a planned value to the better side, never past the furthest value.

    Examples: 12.3456 becomes 12.4 where higher is better, 12.3 where lower is.
    """
    if lever.discrete:
        return value
    step = step_of(lever, value)
    raw, sign = lever.raw(value), lever.indicator.sign
    steps = sign * np.ceil(sign * raw / step - 1e-7)
    rounded = float(f"{steps * step:.12g}") * lever.factor
    return lever.end if sign * rounded >= sign * lever.end else rounded


def step_of(lever: Lever, value: float) -> float:
    """Give the step of rounding, as an observation gives values: the third significant digit."""
    raw = abs(lever.raw(value))
    step = 10.0 ** (np.floor(np.log10(raw)) - (_DIGITS - 1)) if raw > 0 else 10.0**-_DIGITS
    step = max(float(step), _LEAST)  # 1 % of the least numbers is no number
    return float(max(step, 1.0) if lever.indicator.kind == "count" else step)


def describe_moves(
    scoring: Scoring, community: str, levers: Iterable[Lever], values: Floats, gains: Floats
) -> tuple[Move, ...]:
    """Describe the changes of a plan, those that give most for their effort first."""
    moves = []
    for lever, value, gain in zip(levers, values.tolist(), gains.tolist(), strict=True):
        if value == lever.before:
            continue
        moves.append(
            Move(
                lever=lever,
                value=value,
                effort=lever.effort_to(value),
                percentile_before=lever.percentile(lever.before),
                percentile_after=lever.percentile(value),
                gain=gain,
                model=find_model(scoring, community, lever, value),
                pace=find_pace(scoring, community, lever, value),
            )
        )
    return tuple(sorted(moves, key=lambda move: -move.gain / max(move.effort, 1e-9)))


def find_model(scoring: Scoring, community: str, lever: Lever, value: float) -> Model | None:
    """Find a peer to learn from."""
    kept = scoring.screened.observed
    row = kept.communities.index(community)
    column = kept.indicators.index(lever.id)
    values, sign = kept.values[:, column], lever.indicator.sign
    enough = sign * values >= sign * value - 1e-9 * abs(value)
    enough[row] = False
    own = enough & (kept.level[:, column] == COMMUNITY)
    rows = np.flatnonzero(own if own.any() else enough)
    if not rows.size:
        return None
    distance = distances(scoring, row)
    found = min(rows.tolist(), key=lambda r: (sign * values[r], distance[r], kept.communities[r]))
    observation = kept.observation(found, column)
    assert observation is not None  # noqa: S101 - it has a value
    return Model(
        community=kept.communities[found],
        value=float(values[found]),
        is_own=bool(own[found]),
        comparability=observation.comparability,
    )


def distances(scoring: Scoring, row: int) -> Floats:
    """Measure how unlike the others (n,) are: mean distance of normalised, scored values."""
    x = scoring.normalised[:, scoring.screened.scored]
    present = ~np.isnan(x) & ~np.isnan(x[row])
    spread = np.nanmax(x, axis=0) - np.nanmin(x, axis=0)
    apart = np.abs(x - x[row]) / np.where(spread > 0, spread, 1.0)
    total = np.where(present, apart, 0.0).sum(axis=1)
    return np.asarray(
        np.where(present.any(axis=1), total / np.maximum(present.sum(axis=1), 1), np.inf)
    )


def find_pace(scoring: Scoring, community: str, lever: Lever, value: float) -> Pace | None:
    """Find the fastest peer's pace, and the years that a change takes at it."""
    kept, project = scoring.screened.observed, scoring.project
    column = kept.indicators.index(lever.id)
    sign = lever.indicator.sign
    best: Pace | None = None
    for row, name in enumerate(kept.communities):
        holder = kept.holders[row, column]
        if name == community or holder is None:
            continue
        entity = project.community_by_id.get(holder) or project.areas[holder]
        if len(entity.observations.get(lever.id, ())) < 2:
            continue
        dated = _dated(scoring, entity, lever.indicator)
        if len(dated) < 2:
            continue
        (first, early), (last, late) = dated[0], dated[-1]
        yearly = sign * (late - early) / (last - first)
        if yearly > 0 and (best is None or yearly > best.yearly):
            best = Pace(name, yearly, first, last, abs(value - lever.before) / yearly)
    return best


def _dated(scoring: Scoring, entity: Entity, indicator: Indicator) -> list[tuple[int, float]]:
    """List an entity's values by year, as they would be scored."""
    chosen, values = selection_of(scoring.settings), {}
    for observation in entity.observations.get(indicator.id, ()):
        if not chosen.proxies and observation.level != "community":
            continue
        year = chosen.year if observation.year is None else observation.year
        factor = 1.0
        if indicator.per is not None:
            then = Selection(year, chosen.max_age, chosen.proxies, chosen.year)
            below = then.choose_denominator(entity.observations.get(indicator.per, ()))
            if below is None:
                continue
            factor = indicator.per_scale / below.value
        values[year] = observation.value * factor
    return sorted(values.items())
