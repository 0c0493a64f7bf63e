"""Which value errs how much, and which errors are one: heirs of an observation share its error.

Decisions. An error is an observation's: all values that it enters, the community's own, those of
its heirs, those that it is the denominator of, err by one random number. A denominator that several
criteria's indicators are divided by errs as a part of the first. What only one value uses is added
up: its errors of measurement and representativeness are one of both variances. A table that is
another one with some values changed can be given the random numbers of that one: a value keeps its
own, and what was shared keeps its place among the shared errors, used or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot, inf

import numpy as np

from icfscore.domain.communities import LEVELS, Observation
from icfscore.domain.criteria import Indicator
from icfscore.domain.tables import Bools, Floats, Observed
from icfscore.methods.perturb import ExactData, PedigreeData, RelativeData
from icfscore.methods.perturb.scatter import Z_95, Scatter, scatter_of, scatter_relative
from icfscore.pipeline.drawn_errors import CellsBuilder, DataErrors
from icfscore.pipeline.observe import Selection
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.stages import Columns

Model = RelativeData | PedigreeData
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class SharedLike:
    """The shared errors of another table, whose places are to be kept.

    Attributes
    ----------
    errors
        That table's.
    stands_for
        By the identity of an observation that of the one in the other table whose place it takes.
    """

    errors: DataErrors
    stands_for: Mapping[int, int]


def plan_errors(
    scoring: Scoring, observed: Observed, columns: Columns, like: SharedLike | None = None
) -> DataErrors | None:
    """Lay out the errors of an observed table (n, k); None where data are taken as exact."""
    model = scoring.settings.uncertainty.data
    if isinstance(model, ExactData):
        return None
    return _Planner(scoring, model, observed, columns, like).plan()


@dataclass(slots=True, eq=False)
class _Planner:
    """Goes through a table twice: who uses which observation, then how each value errs."""

    scoring: Scoring
    model: Model
    observed: Observed
    columns: Columns
    like: SharedLike | None

    def plan(self) -> DataErrors:
        criterion = [self.columns.tree.criterion_of(i.id) for i in self.columns.indicators]
        uses = self._count_uses()
        numbers: dict[int, int] = {}
        sds: list[tuple[float, float]] = []
        builders: dict[str, CellsBuilder] = {}
        shared_by: dict[str, slice] = {}
        for name in dict.fromkeys(criterion):
            mine = [column for column, other in enumerate(criterion) if other == name]
            part = slice(mine[0], mine[-1] + 1)
            builder = CellsBuilder(part, np.ascontiguousarray(self.observed.values[:, part].T))
            first = len(sds)
            for key in self._keys_before(name):
                numbers[key] = len(sds)
                sds.append((0.0, 1.0))  # until it is met
            for column in mine:
                self._add_column(column, builder, uses, numbers, sds)
            builders[name] = builder
            shared_by[name] = slice(first, len(sds))
        table = np.array(sds).reshape(-1, 2)
        sd, below = table[:, :1], table[:, 1:]
        return DataErrors(
            {name: builder.build(sd) for name, builder in builders.items()},
            sd,
            below,
            shared_by,
            tuple(numbers),
        )

    def _keys_before(self, criterion: str) -> tuple[int, ...]:
        """List what the other table shares in a criterion, by identity."""
        if self.like is None or criterion not in self.like.errors.shared_by:
            return ()
        return self.like.errors.shared_keys[self.like.errors.shared_by[criterion]]

    def _key(self, observation: Observation) -> int:
        """Tell observations apart by identity: in another table's terms, where they have one."""
        identity = id(observation)
        return identity if self.like is None else self.like.stands_for.get(identity, identity)

    def _count_uses(self) -> Counter[int]:
        """Count how many values each observation enters, by its identity."""
        uses: Counter[int] = Counter()
        for column, indicator in enumerate(self.columns.indicators):
            for row, observation in enumerate(self.observed.observations[:, column]):
                if observation is not None:
                    uses[self._key(observation)] += 1
                    denominator = self._denominator(indicator, row, column)
                    if denominator is not None:
                        uses[self._key(denominator)] += 1
        return uses

    def _add_column(
        self,
        column: int,
        builder: CellsBuilder,
        uses: Counter[int],
        numbers: dict[int, int],
        sds: list[tuple[float, float]],
    ) -> None:
        indicator = self.columns.indicators[column]
        if not self.observed.present[:, column].any():
            return
        bounds = self._bounds(indicator, column)
        size = float(np.nanmean(np.abs(self.observed.values[:, column])))
        for row in np.flatnonzero(self.observed.present[:, column]).tolist():
            observation: Observation = self.observed.observations[row, column]
            denominator = self._denominator(indicator, row, column)
            scatter = self._scatter(indicator, row, column, bounds, denominator, size)
            parts = [(self._key(observation), scatter.measurement, scatter.below)]
            if denominator is not None and isinstance(self.model, PedigreeData):
                # A denominator that is too high makes the value too low.
                spread = self._spread(denominator)
                parts.append((self._key(denominator), -spread[0] * scatter.per_log, spread[1]))
            own = scatter.representativeness
            entering = []
            for key, sd, below in parts:
                if uses[key] == 1 and below == 1 and key not in numbers:
                    own = hypot(own, sd)
                elif sd:
                    if key not in numbers:
                        numbers[key] = len(sds)
                        sds.append((0.0, 1.0))
                    if not sds[numbers[key]][0]:
                        sds[numbers[key]] = (abs(sd), below)
                    entering.append((numbers[key], sd / sds[numbers[key]][0]))
            cell = builder.add(column, row, scatter, own)
            builder.shared += [(cell, number, factor) for number, factor in entering]

    def _scatter(
        self,
        indicator: Indicator,
        row: int,
        column: int,
        bounds: Bounds,
        denominator: Observation | None,
        size: float,
    ) -> Scatter:
        observation: Observation = self.observed.observations[row, column]
        value = float(self.observed.values[row, column])
        factor = 1.0 if denominator is None else indicator.per_scale / denominator.value
        low, high = bounds[0] * factor, bounds[1] * factor
        sd = None if observation.sd is None else observation.sd * abs(factor)
        interval = observation.interval and (
            observation.interval[0] * factor,
            observation.interval[1] * factor,
        )
        if isinstance(self.model, RelativeData):
            return scatter_relative(value, (low, high), self.model.sd, sd=sd, interval=interval)
        level = LEVELS[int(self.observed.level[row, column]) - 1]
        spread = (self._pedigree(observation), self.model.representativeness(level))
        return scatter_of(
            value,
            indicator.kind,
            (low, high),
            spread,
            size,
            index_share=self.model.index_share,
            sd=sd,
            interval=interval,
        )

    def _pedigree(self, observation: Observation) -> float:
        assert isinstance(self.model, PedigreeData)  # noqa: S101 - the only model that has one
        settings = self.scoring.settings
        year = observation.year
        age = 0 if year is None else abs(year - settings.reference_year)
        return self.model.measurement(observation.status, age, observation.comparability)

    def _spread(self, denominator: Observation) -> tuple[float, float]:
        """Find the standard deviation of a denominator's logarithm, and its share below."""
        scatter = scatter_of(
            denominator.value,
            "ratio",
            (-inf, inf),
            (self._pedigree(denominator), 0.0),
            denominator.value,
            sd=denominator.sd,
            interval=denominator.interval,
        )
        return scatter.measurement / scatter.per_log, scatter.below

    def _denominator(self, indicator: Indicator, row: int, column: int) -> Observation | None:
        """Choose the observation that a value was divided by; None without `per`."""
        if indicator.per is None:
            return None
        project, settings = self.scoring.project, self.scoring.settings
        holder = str(self.observed.holders[row, column])
        entity = project.community_by_id.get(holder) or project.areas[holder]
        selection = Selection(settings.reference_year, settings.max_age, settings.proxies)
        return selection.choose_denominator(entity.observations.get(indicator.per, ()))

    def _bounds(self, indicator: Indicator, column: int) -> Bounds:
        """Find the ends that an observation may have, before any denominator."""
        low, high = indicator.bounds
        declared = (-inf if low is None else low, inf if high is None else high)
        if indicator.kind in ("ordinal", "boolean") and (low is None or high is None):
            marks = list((indicator.levels or {"no": 0.0, "yes": 1.0}).values())
            return min(marks), max(marks)
        if indicator.kind != "share" or (low is not None and high is not None):
            return declared
        # A share's natural range, unless a bound or a value says that it is none.
        whole = 100.0 if indicator.unit in ("percent", "%") else 1.0
        given = [o.value for o in self.observed.observations[:, column] if o is not None]
        if low in (None, 0) and high is None and min(given) >= 0 and max(given) <= whole:
            return 0.0, whole
        return declared


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
    n = len(values)
    if errors is None:
        return ends[:, 0], ends[:, 1]
    for cells in errors.by_criterion.values():
        for run in cells.runs:
            spread = np.repeat(run.own, 2, axis=1)
            for entering in run.shared:
                sd = entering.factors[:, 0] * errors.shared_sd[entering.numbers, 0]
                down = sd * errors.shared_below[entering.numbers, 0]
                both = np.stack([down, sd], axis=1)
                pairs = np.where(entering.factors > 0, both, both[:, ::-1])
                spread[entering.cells] = np.hypot(spread[entering.cells], pairs)
            error = spread * np.array([-Z_95, Z_95])
            run.scatter(error)
            place = np.arange(run.cells.start, run.cells.stop)
            mine = (place % n == row) & (spread > 0).any(axis=1)
            ends[columns[cells.columns.start + place[mine] // n]] = error[mine]
    return ends[:, 0], ends[:, 1]
