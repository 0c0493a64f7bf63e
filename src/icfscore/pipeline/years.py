"""Scores and ranks year by year, on one scale, and what moved them.

Decisions. The scale is taken over all dated values there are (`over: pooled`, whatever the recipe
says), so that a year's scores do not depend on which other years are asked for. Who and what takes
part must pass the screening in every year. Imputation and the treatment of outliers see one year at
a time, as a single year's ranking does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.project import Project
from icfscore.domain.tables import Floats, Ints, Observed, Screened
from icfscore.methods.rank import rank_descending
from icfscore.methods.rank_changes import divide_rank_changes
from icfscore.methods.sensitivity_scales import ignores_data
from icfscore.pipeline.nodes import plan_tree, weigh_and_aggregate
from icfscore.pipeline.observe import Selection, observe, observe_all_years
from icfscore.pipeline.score import columns_of
from icfscore.pipeline.screen import nobody_left, scored_indicators, screen
from icfscore.pipeline.stages import Columns, impute, normalise, transform, transform_and_treat
from icfscore.pipeline.years_evidence import Evidence, evidence_of
from icfscore.recipe import Recipe, Screening, Settings, Staged

# Aggregations whose scores are standings among the others: there own and others cannot be told
# apart by the score.
_RELATIVE = frozenset(
    {"copeland", "borda_count", "topsis", "vikor", "promethee_ii", "benefit_of_the_doubt"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What changed from one year to another.

    Attributes
    ----------
    score
        (n,) change of the score, NaN where either is missing.
    rank
        (n,) change of the rank among those with a score in both years, below 0: risen.
    own, others
        (n,) parts of it: by the community's own score, and by the others'.
    """

    first: int
    last: int
    score: Floats
    rank: Floats
    own: Floats
    others: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Years:
    """Rankings of several years on one scale.

    Attributes
    ----------
    communities, indicators
        Those that take part in every year.
    tables
        What is observed in each year, of those.
    nodes
        (Y, n) scores by node or indicator id.
    ranks
        (Y, n) on the index, 0 without a score.
    steps
        From each year to the next, then, of more than two, from the first to the last.
    left_out, excluded
        Lowest share present by indicator, reason by community, of what does not take part.
    notes
        What hinders the reading, by kind: ``weights`` follow the data, ``relative`` scores,
        ``imputed`` from the others.
    """

    project: Project
    settings: Settings
    years: tuple[int, ...]
    communities: tuple[str, ...]
    indicators: tuple[str, ...]
    tables: tuple[Observed, ...]
    nodes: Mapping[str, Floats]
    ranks: Ints
    evidence: tuple[Evidence, ...]
    steps: tuple[Step, ...]
    left_out: Mapping[str, float]
    excluded: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def scores(self) -> Floats:
        """(Y, n) of the index."""
        return self.nodes[ROOT]

    @property
    def has_history(self) -> bool:
        """Whether any value gives way to a later one: else nothing here is a development."""
        return any(evidence.newer for evidence in self.evidence)

    @property
    def whole(self) -> Step | None:
        """The step from the first year to the last."""
        return self.steps[-1] if self.steps else None

    def order(self) -> list[int]:
        """List the rows by the last year's rank; those without one at the end."""
        last = self.ranks[-1]
        return sorted(
            range(len(last)), key=lambda row: (not last[row], last[row], self.communities[row])
        )


def score_years(project: Project, settings: Settings, years: Sequence[int]) -> Years:
    """Score and rank all communities in every year.

    Parameters
    ----------
    years
        Ascending, at least one.

    Raises
    ------
    InputError
        Where screening leaves nothing, or a method is not defined for the data of some year.
    """
    settings = replace(settings, recipe=_pooled_recipe(settings.recipe))
    selections = [Selection(year, settings.max_age, settings.proxies) for year in years]
    tables = [observe(project, selection) for selection in selections]
    weights = project.tree.weights(settings.weights)
    screened = _screen(tables, scored_indicators(project.tree, weights), settings.recipe.screening)
    kept = [_keep(table, screened) for table in tables]
    columns = columns_of(project, screened)
    holders = [table.holders for table in tables]
    everything = observe_all_years(project, replace(selections[0]), holders)
    pooled = transform(_keep(everything, screened).values, columns)
    found = [_score(table, columns, weights, settings.recipe, pooled) for table in kept]
    nodes = {name: np.stack([scores[name] for scores in found]) for name in found[0]}
    return Years(
        project=project,
        settings=settings,
        years=tuple(years),
        communities=screened.observed.communities,
        indicators=screened.observed.indicators,
        tables=tuple(kept),
        nodes=nodes,
        ranks=np.stack([rank_descending(scores) for scores in nodes[ROOT]]),
        evidence=evidence_of(years, kept, screened.scored),
        steps=_steps(years, nodes[ROOT]),
        left_out=screened.left_out,
        excluded=screened.excluded,
        notes=_notes(settings.recipe),
    )


def _pooled_recipe(recipe: Recipe) -> Recipe:
    """Take every scale over all years."""

    def pooled(method: Any) -> Any:
        own_scale = not any(field.name == "over" for field in fields(method))
        return method if own_scale else replace(method, over="pooled")

    staged = recipe.normalisation
    return replace(
        recipe,
        normalisation=Staged(
            pooled(staged.base),
            {name: pooled(method) for name, method in staged.by_indicator.items()},
            {name: pooled(method) for name, method in staged.by_node.items()},
            {depth: pooled(method) for depth, method in staged.by_depth.items()},
        ),
    )


def _screen(tables: Sequence[Observed], scored: Any, screening: Screening) -> Screened:
    """Leave out what falls below its least coverage in any year."""
    left_out: dict[str, float] = {}
    for table in tables:
        low = screen(table, scored, replace(screening, min_community_coverage=0.0)).left_out
        left_out.update({name: min(share, left_out.get(name, 1.0)) for name, share in low.items()})
    columns = np.array([name not in left_out for name in tables[0].indicators], dtype=bool)
    rows = np.ones(len(tables[0].communities), dtype=bool)
    excluded: dict[str, str] = {}
    for table in tables:
        fewer = table.keep(rows, columns)
        passed = screen(fewer, scored[columns], replace(screening, min_indicator_coverage=0.0))
        excluded = {**passed.excluded, **excluded}
    kept = np.array([name not in excluded for name in tables[0].communities], dtype=bool)
    if not kept.any():
        raise nobody_left(screening)
    last = screen(tables[-1].keep(kept, columns), scored[columns], Screening(0.0, 0.0))
    return replace(last, left_out=left_out, excluded=dict(excluded))


def _keep(table: Observed, screened: Screened) -> Observed:
    communities, indicators = set(screened.observed.communities), set(screened.observed.indicators)
    return table.keep(
        np.array([name in communities for name in table.communities], dtype=bool),
        np.array([name in indicators for name in table.indicators], dtype=bool),
    )


def _score(
    table: Observed,
    columns: Columns,
    weights: Mapping[str, float],
    recipe: Recipe,
    pooled: Floats,
) -> dict[str, Floats]:
    """Score all nodes and indicators (n,) in one year."""
    completed = impute(table.values, columns, recipe)
    treated = transform_and_treat(completed.values, columns, recipe)
    normalised = normalise(treated.values, columns, recipe, pooled)
    plan = plan_tree(columns.tree, weights, recipe, columns.communities, table.indicators)
    scores, _ = weigh_and_aggregate(normalised, plan)
    by_indicator = {name: normalised[:, j] for j, name in enumerate(table.indicators)}
    return scores | by_indicator


def _steps(years: Sequence[int], scores: Floats) -> tuple[Step, ...]:
    pairs = [(place, place + 1) for place in range(len(years) - 1)]
    if len(years) > 2:
        pairs.append((0, len(years) - 1))
    return tuple(
        _step(years[first], years[last], scores[first], scores[last]) for first, last in pairs
    )


def _step(first: int, last: int, before: Floats, after: Floats) -> Step:
    both = ~(np.isnan(before) | np.isnan(after))
    parts = np.full((3, len(before)), np.nan)
    old, new = before[both], after[both]
    parts[0, both] = rank_descending(new) - rank_descending(old)
    parts[1:, both] = divide_rank_changes(old, new)
    return Step(first, last, after - before, *parts)


def _notes(recipe: Recipe) -> tuple[str, ...]:
    notes = []
    if not all(ignores_data(method) for method in recipe.weighting.methods()):
        notes.append("weights")
    if any(method.kind in _RELATIVE for method in recipe.aggregation.methods()):
        notes.append("relative")
    if any(method.kind != "none" for method in recipe.imputation.methods()):
        notes.append("imputed")
    return tuple(notes)
