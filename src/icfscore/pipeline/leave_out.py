"""What the ranking owes to one indicator, criterion or community: left out, everything anew.

Decisions. An indicator or criterion is left out by a weight of 0, so that its siblings keep their
proportions; a criterion that loses all of its indicators drops out too. Screening, imputation,
outlier treatment and scales are all taken anew. Ranks are compared among the communities that have
one in both rankings, the former ones counted among these only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.results import Ranking
from icfscore.domain.tables import Floats, Ints, Observed
from icfscore.errors import InputError
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.nodes import plan_tree, weigh_and_aggregate
from icfscore.pipeline.observe import Selection, observe_all_years
from icfscore.pipeline.score import Scoring, columns_of, rank_communities
from icfscore.pipeline.screen import scored_indicators, screen
from icfscore.pipeline.stability import plan_of
from icfscore.pipeline.stages import Columns, impute, normalise, transform, transform_and_treat
from icfscore.sentences import say

Kind = Literal["indicator", "criterion", "community"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What changes when one thing is left out.

    Attributes
    ----------
    rank
        The focus's rank in the new ranking; None where it has none, or is itself left out.
    mean_rank_shift
        Mean absolute change of rank over the communities ranked in both; None without any.
    reversals
        Pairs of communities that change places when a third is left out: the one that was ahead
        first.
    reason
        Why there is no new ranking, or no rank of the focus; empty where there is.
    """

    removed: str
    kind: Kind
    rank: int | None
    mean_rank_shift: float | None
    reversals: tuple[tuple[str, str], ...] = ()
    reason: str = ""


def leave_out(
    scoring: Scoring, focus: str | None = None, kinds: Collection[Kind] = get_args(Kind)
) -> tuple[LeftOut, ...]:
    """Leave out, one at a time, all indicators, criteria and communities that take part.

    Parameters
    ----------
    focus
        Id of the community whose rank to follow; None: of none.
    kinds
        Of what kinds to leave things out.

    Returns
    -------
    Indicators, then criteria, then communities, each in the project's order.
    """
    anew = _Anew(scoring)
    tree, communities = scoring.project.tree, scoring.ranking.communities
    counted = {
        name for step in plan_of(scoring).nodes if step.counted for name in step.siblings.names
    }
    ordered = [name for name in scoring.weights if name in counted]
    things: dict[Kind, list[str]] = {
        "indicator": [name for name in ordered if name not in tree.node_by_id],
        "criterion": [name for name in ordered if name in tree.node_by_id],
        "community": list(communities),
    }
    return tuple(
        anew.without(name, kind, focus) for kind in things if kind in kinds for name in things[kind]
    )


def rank_values(
    values: Floats,
    columns: Columns,
    weights: Mapping[str, float],
    scoring: Scoring,
    pooled: Floats | None,
) -> Ranking:
    """Rank by values (n, k) of scored indicators, from imputation on, by a scoring's recipe.

    Parameters
    ----------
    weights
        Of every node and indicator.
    pooled
        (m, k) transformed values of all years, where some scale is taken over them.

    Raises
    ------
    InputError
        Where a method is not defined for the values.
    """
    recipe = scoring.settings.recipe
    completed = impute(values, columns, recipe)
    treated = transform_and_treat(completed.values, columns, recipe)
    normalised = normalise(treated.values, columns, recipe, pooled)
    indicators = tuple(indicator.id for indicator in columns.indicators)
    plan = plan_tree(columns.tree, weights, recipe, columns.communities, indicators)
    scores, _ = weigh_and_aggregate(normalised, plan)
    return rank_communities(columns.communities, scores[ROOT])


@dataclass(frozen=True, eq=False)
class _Anew:
    """Rankings of parts of a project."""

    scoring: Scoring

    def without(self, name: str, kind: Kind, focus: str | None) -> LeftOut:
        """Leave one thing out."""
        try:
            ranking, excluded = self._rank_without(name, kind)
        except InputError as error:
            return LeftOut(name, kind, None, None, reason=str(error))
        before, after, names = rank_in_common(self.scoring.ranking, ranking)
        rank, reason = None, ""
        if focus is not None:
            rank = ranking.rank_of(focus) if focus in ranking.communities else None
            if focus == name:
                reason = say("is the focus itself")
            elif rank is None:
                reason = say(
                    "{focus} has no rank: {reason}",
                    focus=focus,
                    reason=excluded.get(focus, say("no value is left")),
                )
        shift = float(np.abs(after - before).mean()) if names else None
        reversals = _reversals(before, after, names) if kind == "community" else ()
        return LeftOut(name, kind, rank, shift, reversals, reason)

    def _rank_without(self, name: str, kind: Kind) -> tuple[Ranking, Mapping[str, str]]:
        """Rank without one thing, and say who is screened out."""
        scoring = self.scoring
        tree, settings = scoring.project.tree, scoring.settings
        removed = {} if kind == "community" else {name: 0.0}
        weights = tree.weights({**settings.weights, **removed})
        observed = scoring.observed
        if kind == "community":
            others = np.array([other != name for other in observed.communities], dtype=bool)
            observed = observed.keep(others, np.ones(len(observed.indicators), dtype=bool))
            if not others.any():
                raise InputError.of(say("there is no other community"))
        scored = scored_indicators(tree, weights)
        if not scored.any():
            raise InputError.of(say("nothing else is scored"))
        screened = screen(observed, scored, settings.recipe.screening)
        columns = columns_of(scoring.project, screened).take(screened.scored)
        values = screened.observed.values[:, screened.scored]
        pooled = self._pooled_of(columns)
        return rank_values(values, columns, weights, scoring, pooled), screened.excluded

    @cached_property
    def _all_years(self) -> Observed:
        settings = self.scoring.settings
        return observe_all_years(
            self.scoring.project,
            Selection(settings.reference_year, settings.max_age, settings.proxies),
        )

    def _pooled_of(self, columns: Columns) -> Floats | None:
        """Gather the values of all years of some communities and indicators, transformed."""
        if self.scoring.pooled is None:
            return None
        communities = set(columns.communities)
        taken = {indicator.id for indicator in columns.indicators}
        rows = np.array([name in communities for name in self._all_years.communities], dtype=bool)
        mine = np.array([name in taken for name in self._all_years.indicators], dtype=bool)
        return transform(self._all_years.keep(rows, mine).values, columns)


def rank_in_common(before: Ranking, after: Ranking) -> tuple[Ints, Ints, list[str]]:
    """Rank those that have a rank in both, among themselves: old ranks, new ranks, names."""
    row_after = {name: row for row, name in enumerate(after.communities)}
    names = [
        name
        for row, name in enumerate(before.communities)
        if before.ranks[row] and name in row_after and after.ranks[row_after[name]]
    ]
    row_before = {name: row for row, name in enumerate(before.communities)}
    old = before.scores[[row_before[name] for name in names]]
    new = after.scores[[row_after[name] for name in names]]
    return rank_descending(old), rank_descending(new), names


def _reversals(before: Ints, after: Ints, names: list[str]) -> tuple[tuple[str, str], ...]:
    """Name the pairs that change places, by their former ranks; ties on either side do not."""
    order = np.lexsort([after, before])
    if (np.diff(after[order]) >= 0).all():
        return ()
    old, new = before[order], after[order]
    pairs = np.argwhere((old[:, None] < old) & (new[:, None] > new))
    return tuple((names[order[first]], names[order[second]]) for first, second in pairs)
