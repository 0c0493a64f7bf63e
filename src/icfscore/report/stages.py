"""Every stage of a scoring as tables over the whole framework, the same for every file exported.

Decisions. Tables have a row for each community that takes part, in the project's order, and a
column for each indicator of the framework; those that screening left out are missing in every
stage. `observed` comes after units, denominators and screening, and is, like `imputed` and
`treated`, in natural orientation; `treated` comes after `transform`; `normalised` is oriented.
What a value rests on is said of the numerator where there is a denominator; its level is the
coarser of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from icfscore.domain.communities import LEVELS, Level, Observation
from icfscore.domain.criteria import ROOT, CriteriaTree, Criterion, Indicator
from icfscore.domain.tables import MISSING, Bools, Floats
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.score import Scoring

D = TypeVar("D", bound=np.generic)

NATURAL_STAGES = ("observed", "imputed", "treated")
SCORE_UNIT = "score"


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage.

    Attributes
    ----------
    name
        As the record ``icfscore.stages/1`` has it.
    columns
        Ids of indicators, or of nodes.
    values
        (n, number of columns), NaN where missing.
    """

    name: str
    columns: tuple[str, ...]
    values: Floats

    def rows(self) -> Iterator[list[float | None]]:
        """List each community's values, None where missing."""
        finite = np.isfinite(self.values)
        complete = set(np.flatnonzero(finite.all(axis=1)).tolist())
        for row in range(len(self.values)):
            numbers: list[float | None] = self.values[row].tolist()
            if row not in complete:
                numbers = [
                    number if there else None
                    for number, there in zip(numbers, finite[row].tolist(), strict=True)
                ]
            yield numbers


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What a reader must know of each value, (n, number of the framework's indicators).

    Attributes
    ----------
    level
        Codes of `Observed.level`, 0 where nothing was observed.
    """

    level: npt.NDArray[np.int8]
    imputed: Bools
    treated: Bools


@dataclass(frozen=True, slots=True)
class Cell:
    """One value and what it rests on.

    Attributes
    ----------
    value
        After imputation, None where missing.
    level, holder, observation
        None where nothing was observed.
    """

    community: str
    indicator: str
    value: float | None
    level: Level | None
    holder: str | None
    observation: Observation | None
    imputed: bool
    treated: bool


@dataclass(frozen=True, slots=True)
class WeightRow:
    """The weight of a node or indicator.

    Attributes
    ----------
    given
        As the files or options give it; None for the root.
    share
        Among its siblings, as the weighting gives it.
    effective
        Product of the shares on the path from the root.
    """

    id: str
    parent: str | None
    depth: int
    given: float | None
    share: float
    effective: float


def stage_tables(scoring: Scoring) -> tuple[Stage, ...]:
    """Gather the five stages."""
    indicators = tuple(indicator.id for indicator in scoring.project.tree.indicators)
    nodes = tuple(scoring.project.tree.node_by_id)
    tables = {
        "observed": scoring.screened.observed.values,
        "imputed": scoring.completed.values,
        "treated": scoring.treated.values,
        "normalised": scoring.normalised,
    }
    scores = np.column_stack([scoring.scores.of(node) for node in nodes])
    return (
        *(
            Stage(name, indicators, _spread(scoring, values, np.nan))
            for name, values in tables.items()
        ),
        Stage("scores", nodes, scores),
    )


def rank_table(scoring: Scoring) -> Stage:
    """Rank the communities on every node; NaN where there is no score."""
    nodes = tuple(scoring.project.tree.node_by_id)
    ranks = np.column_stack([rank_descending(scoring.scores.of(node)) for node in nodes])
    return Stage("ranks", nodes, np.where(ranks > 0, ranks.astype(float), np.nan))


def marks_of(scoring: Scoring) -> Marks:
    """Gather what marks the values."""
    return Marks(
        level=_spread(scoring, scoring.screened.observed.level, MISSING),
        imputed=_spread(scoring, scoring.completed.imputed, False),
        treated=_spread(scoring, scoring.treated.treated, False),
    )


def _spread(scoring: Scoring, table: npt.NDArray[D], absent: Any) -> npt.NDArray[D]:
    """Put the columns (n, k) of the indicators that take part among all of the framework's."""
    column = {name: j for j, name in enumerate(i.id for i in scoring.project.tree.indicators)}
    whole = np.full((len(table), len(column)), absent, dtype=table.dtype)
    whole[:, [column[name] for name in scoring.screened.observed.indicators]] = table
    return whole


def evidence_cells(scoring: Scoring) -> Iterator[Cell]:
    """List what every value rests on: community by community, indicators in order."""
    kept = scoring.screened.observed
    indicators = [indicator.id for indicator in scoring.project.tree.indicators]
    marks = marks_of(scoring)
    observations = _spread(scoring, kept.observations, None)
    holders = _spread(scoring, kept.holders, None)
    values = Stage("imputed", (), _spread(scoring, scoring.completed.values, np.nan)).rows()
    level_by_code: tuple[Level | None, ...] = (None, *LEVELS)
    for row, (community, numbers) in enumerate(zip(kept.communities, values, strict=True)):
        table = zip(
            indicators,
            numbers,
            marks.level[row].tolist(),
            holders[row].tolist(),
            observations[row].tolist(),
            marks.imputed[row].tolist(),
            marks.treated[row].tolist(),
            strict=True,
        )
        for name, number, level, holder, observation, imputed, treated in table:
            yield Cell(
                community,
                name,
                number,
                level_by_code[level],
                holder,
                observation,
                imputed,
                treated,
            )


def weight_rows(scoring: Scoring) -> list[WeightRow]:
    """List the weights of all nodes and indicators, each criterion followed by what is below it."""
    tree = scoring.project.tree
    given = tree.weights(scoring.settings.weights)
    effective = {ROOT: 1.0}
    rows = [WeightRow(ROOT, None, 0, None, 1.0, 1.0)]
    for name in _downwards(tree.root):
        parent, share = tree.parent_by_id[name], scoring.weights[name]
        effective[name] = effective[parent] * share
        depth = tree.depth_by_id[name]
        rows.append(WeightRow(name, parent, depth, given[name], share, effective[name]))
    return rows


def _downwards(node: Criterion) -> Iterator[str]:
    """List everything below a node, each child before what is below it."""
    for child in node.children:
        yield child.id
        if isinstance(child, Criterion):
            yield from _downwards(child)


def units_at(scoring: Scoring, stage: str) -> dict[str, str]:
    """Spell the unit of every indicator's values at one stage."""
    tree = scoring.project.tree
    if stage not in NATURAL_STAGES:
        return {indicator.id: SCORE_UNIT for indicator in tree.indicators}
    units = {indicator.id: unit_of(indicator, tree) for indicator in tree.indicators}
    if stage == "treated":
        for indicator in tree.indicators:
            if indicator.transform == "log":
                units[indicator.id] = f"ln({units[indicator.id]})"
        for name, how in _rescaled(scoring).items():
            units[name] = f"{how}({units[name]})"
    return units


def unit_of(indicator: Indicator, tree: CriteriaTree) -> str:
    """Spell the unit of an indicator's values, denominator included."""
    if indicator.per is None:
        return indicator.unit
    by = tree.quantity_by_id[indicator.per].unit
    scale = "" if indicator.per_scale == 1 else f"{indicator.per_scale:.12g} "
    return f"{indicator.unit} per {scale}{by}"


def _rescaled(scoring: Scoring) -> dict[str, str]:
    """Name the fallback by indicator, where outlier treatment transformed the whole column.

    Pulled-in values take one of the column's other values; transformed ones do not.
    """
    tree, outliers = scoring.project.tree, scoring.settings.recipe.outliers
    indicator_by_id = {indicator.id: indicator for indicator in tree.indicators}
    found = {}
    for column, name in enumerate(scoring.screened.observed.indicators):
        fallback = getattr(outliers.at_indicator(name, tree), "fallback", "none")
        changed = scoring.treated.treated[:, column]
        if fallback == "none" or not changed.any():
            continue
        before = scoring.completed.values[:, column]
        if indicator_by_id[name].transform == "log":
            before = np.log(before)
        if not np.isin(scoring.treated.values[changed, column], before).all():
            found[name] = fallback
    return found
