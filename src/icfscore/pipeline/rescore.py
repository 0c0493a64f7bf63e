"""Scoring one community's possible values, many at a time, by the stages of the recipe itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.pipeline.nodes import TreePlan, plan_tree, weigh_and_aggregate
from icfscore.pipeline.score import Scoring, columns_of
from icfscore.pipeline.stages import Columns, impute, normalise, transform_and_treat

CELLS = 4_000_000  # values that are scored at once


@dataclass(frozen=True, eq=False)
class Rescorer:
    """Scores with other values of one community.

    Attributes
    ----------
    row
        Of the community.
    base
        (n, k) values now, scored indicators only.
    pooled
        Values of all years, where a scale is taken over them: they stay as they are.
    """

    scoring: Scoring
    row: int
    base: Floats
    columns: Columns
    tree: TreePlan
    pooled: Floats | None

    @classmethod
    def of(cls, scoring: Scoring, community: str) -> Rescorer:
        """Lay out the stages for a community of a scoring."""
        full = columns_of(scoring.project, scoring.screened)
        columns = full.take(full.scored)
        names = tuple(indicator.id for indicator in columns.indicators)
        weights = scoring.project.tree.weights(scoring.settings.weights)
        recipe = scoring.settings.recipe
        return cls(
            scoring=scoring,
            row=columns.communities.index(community),
            base=scoring.screened.observed.values[:, full.scored],
            columns=columns,
            tree=plan_tree(columns.tree, weights, recipe, columns.communities, names),
            pooled=None if scoring.pooled is None else scoring.pooled[:, full.scored],
        )

    def scores(self, positions: list[int], values: Floats) -> Floats:
        """Score with values (B, m) in the columns `positions`: (B, n), NaN where undefined."""
        size = max(1, CELLS // self.base.size)
        parts = [
            self._some(positions, values[start : start + size])
            for start in range(0, len(values), size)
        ]
        return np.concatenate(parts) if parts else np.empty((0, len(self.base)))

    def _some(self, positions: list[int], values: Floats) -> Floats:
        x = np.repeat(self.base[None], len(values), axis=0)
        x[:, self.row, positions] = values
        try:
            return self._score(x)
        except InputError:
            if len(values) == 1:
                return np.full((1, len(self.base)), np.nan)
            half = len(values) // 2
            return np.concatenate(
                [self._some(positions, values[:half]), self._some(positions, values[half:])]
            )

    def _score(self, x: Floats) -> Floats:
        recipe = self.scoring.settings.recipe
        completed = impute(x, self.columns, recipe)
        treated = transform_and_treat(completed.values, self.columns, recipe)
        normalised = normalise(treated.values, self.columns, recipe, self.pooled)
        scores, _ = weigh_and_aggregate(normalised, self.tree)
        return np.asarray(scores[ROOT])

    def places(self, scores: Floats) -> Floats:
        """Rank the community by scores (B, n): (B,), n + 1 where it has no score."""
        mine = scores[:, self.row, None]
        ranks = 1.0 + (scores > mine).sum(axis=1)
        return np.where(np.isnan(mine[:, 0]), len(self.base) + 1.0, ranks)

    def shortfalls(self, scores: Floats, place: int) -> Floats:
        """Tell by how much a place is missed, by scores (B, n): (B,), at most 0 where it is held.

        Infinite where the community has no score.
        """
        others = np.delete(scores, self.row, axis=1)
        ordered = -np.sort(-np.where(np.isnan(others), -np.inf, others), axis=1)
        mine = scores[:, self.row]
        bar = ordered[:, place - 1] if place <= others.shape[1] else np.full(len(mine), -np.inf)
        return np.where(np.isnan(mine), np.inf, bar - mine)
