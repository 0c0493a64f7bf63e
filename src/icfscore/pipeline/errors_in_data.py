"""Which value errs how much, and which errors are one: heirs of an observation share its error.

Decisions. An observation that only one community uses needs one random number: its measurement and
its representativeness error add up to one error of both variances. A denominator's error is added
the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot, inf

import numpy as np

from icfscore.domain.communities import Observation
from icfscore.domain.criteria import Indicator
from icfscore.domain.tables import Bools, Floats, Ints, Observed
from icfscore.methods.perturb import ExactData, PedigreeData, RelativeData
from icfscore.methods.perturb.scatter import (
    Z_95,
    Scale,
    Scatter,
    Truncation,
    scatter_of,
    scatter_values,
)
from icfscore.pipeline.observe import Selection
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.stages import Columns


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The values of one criterion, sorted by scale; m of them.

    Attributes
    ----------
    rows, columns
        Where the values stand in the table.
    own
        Standard deviation of each value's own error.
    shared, shared_by
        Positions of the values that share an error, and its number.
    shared_sd
        (n_shared, 1) standard deviation of each shared error.
    n_shared
        Number of shared errors.
    slices
        The part of the values on each scale.
    truncation
        Of those on the natural scale.
    """

    rows: Ints
    columns: Ints
    x: Floats
    low: Floats
    high: Floats
    own: Floats
    shared: tuple[int, ...]
    shared_by: tuple[int, ...]
    shared_sd: Floats
    n_shared: int
    slices: Mapping[Scale, slice]
    truncation: Truncation


@dataclass(frozen=True, slots=True, eq=False)
class DataErrors:
    """The errors of all values, by criterion."""

    by_criterion: Mapping[str, Cells]

    @property
    def criteria(self) -> tuple[str, ...]:
        """Ids of the criteria with values that err."""
        return tuple(self.by_criterion)


def plan_errors(scoring: Scoring, observed: Observed, columns: Columns) -> DataErrors | None:
    """Lay out the errors of an observed table (n, k); None where data are taken as exact."""
    model = scoring.settings.uncertainty.data
    if isinstance(model, ExactData):
        return None
    by_criterion: dict[str, list[tuple[int, int, Scatter, int]]] = {}
    for column, indicator in enumerate(columns.indicators):
        criterion = columns.tree.criterion_of(indicator.id)
        cells = by_criterion.setdefault(criterion, [])
        uses = Counter(id(o) for o in observed.observations[:, column] if o is not None)
        size = float(np.nanmean(np.abs(observed.values[:, column])))
        for row in np.flatnonzero(observed.present[:, column]):
            observation: Observation = observed.observations[row, column]
            value = float(observed.values[row, column])
            holder = str(observed.holders[row, column])
            scatter = _scatter(scoring, model, indicator, observation, value, holder, size)
            shared = id(observation) if uses[id(observation)] > 1 else 0
            cells.append((int(row), column, scatter, shared))
    planned = {
        name: _gather(cells, observed.values) for name, cells in by_criterion.items() if cells
    }
    return DataErrors(planned)


def _scatter(
    scoring: Scoring,
    model: RelativeData | PedigreeData,
    indicator: Indicator,
    observation: Observation,
    value: float,
    holder: str,
    size: float,
) -> Scatter:
    factor = value / observation.value if observation.value else 1.0
    low, high = _bounds(indicator)
    bounds = (low * factor, high * factor)
    sd = None if observation.sd is None else observation.sd * abs(factor)
    interval = observation.interval and (
        observation.interval[0] * factor,
        observation.interval[1] * factor,
    )
    if isinstance(model, RelativeData):
        return Scatter("clipped", abs(value) * model.sd if sd is None else sd, 0.0, *bounds)
    settings = scoring.settings
    year = observation.year
    age = 0 if year is None else abs(year - settings.reference_year)
    spread = (
        model.measurement(observation.status, age, observation.comparability),
        model.representativeness(observation.level),
    )
    if indicator.per is not None:
        spread = (
            hypot(spread[0], _denominator_spread(scoring, model, indicator, holder)),
            spread[1],
        )
    return scatter_of(
        value,
        indicator.kind,
        bounds,
        spread,
        size,
        index_share=model.index_share,
        sd=sd,
        interval=interval,
    )


def _denominator_spread(
    scoring: Scoring, model: PedigreeData, indicator: Indicator, holder: str
) -> float:
    project, settings = scoring.project, scoring.settings
    entity = project.community_by_id.get(holder) or project.areas[holder]
    selection = Selection(settings.reference_year, settings.max_age, settings.proxies)
    dated = entity.observations.get(indicator.per or "", ())
    chosen = selection.choose_denominator(dated)
    if chosen is None:
        return 0.0
    age = 0 if chosen.year is None else abs(chosen.year - settings.reference_year)
    return model.measurement(chosen.status, age, chosen.comparability)


def _bounds(indicator: Indicator) -> tuple[float, float]:
    low, high = indicator.bounds
    if indicator.kind == "share" and (low is None or high is None):
        return 0.0, 100.0 if indicator.unit in ("percent", "%") else 1.0
    if indicator.kind in ("ordinal", "boolean") and (low is None or high is None):
        marks = list((indicator.levels or {"no": 0.0, "yes": 1.0}).values())
        return min(marks), max(marks)
    return -inf if low is None else low, inf if high is None else high


def _gather(cells: list[tuple[int, int, Scatter, int]], values: Floats) -> Cells:
    """Lay a criterion's values out as arrays, sorted by scale."""
    cells = sorted(cells, key=lambda cell: cell[2].scale)
    numbers = {key: n for n, key in enumerate(dict.fromkeys(c[3] for c in cells if c[3]))}
    scatters = [cell[2] for cell in cells]
    own, shared, shared_by = [], [], []
    shared_sd = np.zeros(len(numbers))
    for position, (_, _, scatter, key) in enumerate(cells):
        if key:
            own.append(scatter.representativeness)
            shared.append(position)
            shared_by.append(numbers[key])
            shared_sd[numbers[key]] = scatter.measurement
        else:
            own.append(hypot(scatter.measurement, scatter.representativeness))
    scales = [scatter.scale for scatter in scatters]
    slices = {
        scale: slice(scales.index(scale), scales.index(scale) + scales.count(scale))
        for scale in dict.fromkeys(scales)
    }
    rows = np.array([cell[0] for cell in cells], dtype=np.int64)
    columns = np.array([cell[1] for cell in cells], dtype=np.int64)
    x = values[rows, columns]
    low = np.array([min(scatter.low, scatter.high) for scatter in scatters])
    high = np.array([max(scatter.low, scatter.high) for scatter in scatters])
    total = np.array([hypot(s.measurement, s.representativeness) for s in scatters])
    natural = slices.get("natural", slice(0, 0))
    return Cells(
        rows=rows,
        columns=columns,
        x=x[:, None],
        low=low[:, None],
        high=high[:, None],
        own=np.array(own)[:, None],
        shared=tuple(shared),
        shared_by=tuple(shared_by),
        shared_sd=shared_sd[:, None],
        n_shared=len(numbers),
        slices=slices,
        truncation=Truncation.of(x[natural], total[natural], low[natural], high[natural]),
    )


def draw_errors(
    errors: DataErrors,
    values: Floats,
    streams: Mapping[str, np.random.Generator],
    n_draws: int,
) -> Floats:
    """Draw the table: (n, k, B) from values (n, k), NaN staying NaN."""
    drawn = np.empty((*values.shape, n_draws))
    drawn[np.isnan(values)] = np.nan
    for criterion, cells in errors.by_criterion.items():
        rng = streams[criterion]
        error = rng.standard_normal((len(cells.rows), n_draws))
        error *= cells.own
        if cells.n_shared:
            common = rng.standard_normal((cells.n_shared, n_draws))
            common *= cells.shared_sd
            for position, number in zip(cells.shared, cells.shared_by, strict=True):
                error[position] += common[number]
        for scale, part in cells.slices.items():
            erring = scatter_values(
                scale, cells.x[part], cells.low[part], cells.high[part], error[part]
            )
            if scale == "natural":
                cells.truncation.apply(erring)
        drawn[cells.rows, cells.columns] = error
    return drawn


def ends_of_errors(
    errors: DataErrors | None, values: Floats, row: int, scored: Bools
) -> tuple[Floats, Floats]:
    """Find the 5 % and 95 % quantiles of one community's values.

    Parameters
    ----------
    values
        (n, k) of the scored indicators.
    scored
        (all kept indicators,) which of them are scored.

    Returns
    -------
    Low and high value (all kept indicators,), NaN where there is no error.
    """
    ends = np.full((len(scored), 2), np.nan)
    columns = np.flatnonzero(scored)
    for cells in {} if errors is None else errors.by_criterion.values():
        shared = np.zeros(len(cells.rows))
        shared[list(cells.shared)] = cells.shared_sd[list(cells.shared_by), 0]
        total = np.hypot(cells.own[:, 0], shared)[:, None]
        error = total * np.array([-Z_95, Z_95])
        for scale, part in cells.slices.items():
            erring = scatter_values(
                scale, cells.x[part], cells.low[part], cells.high[part], error[part]
            )
            if scale == "natural":
                cells.truncation.apply(erring)
        mine = cells.rows == row
        ends[columns[cells.columns[mine]]] = error[mine]
    return ends[:, 0], ends[:, 1]
