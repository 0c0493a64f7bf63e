"""Scores that are sums of what each indicator gives: other values without scoring it all again.

That is so where each indicator is normalised by itself and every node is a weighted mean of fixed
weights: a community's score is then linear in its normalised values, and rises with each of them by
the product of the shares above it, missing siblings' shares being spread over the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.pipeline.nodes import weigh_and_aggregate
from icfscore.pipeline.rescore import CELLS, Rescorer
from icfscore.pipeline.stages import normalise, transform_and_treat


@dataclass(frozen=True, slots=True, eq=False)
class Additive:
    """What each indicator gives to the scores of a rescorer.

    Attributes
    ----------
    share
        (n, k) by how much a community's score rises with each normalised value; 0 at gaps.
    """

    rescorer: Rescorer
    share: Floats

    @classmethod
    def of(cls, rescorer: Rescorer) -> Additive:
        """Find the shares by raising every normalised value by one."""
        recipe, columns = rescorer.scoring.settings.recipe, rescorer.columns
        treated = transform_and_treat(rescorer.base, columns, recipe)
        normalised = normalise(treated.values, columns, recipe, rescorer.pooled)
        n, k = normalised.shape
        zeros = np.where(np.isnan(normalised), np.nan, 0.0)
        share, size = np.zeros((n, k)), max(1, CELLS // zeros.size)
        for start in range(0, k, size):
            raised = np.arange(start, min(start + size, k))
            table = np.repeat(zeros[None], len(raised), axis=0)
            table[np.arange(len(raised)), :, raised] += 1.0
            scores, _ = weigh_and_aggregate(table, rescorer.tree)
            share[:, raised] = scores[ROOT].T
        return cls(rescorer, np.where(np.isnan(normalised), 0.0, share))

    def changes(self, column: int, value: float, others: Floats) -> Floats:
        """Tell how all scores change with other values (B,) of the community: (B, n).

        Raises
        ------
        InputError
            Where a stage is not defined for a value.
        """
        mine = np.arange(self.share.shape[1]) == column
        columns, recipe = self.rescorer.columns.take(mine), self.rescorer.scoring.settings.recipe
        x = np.repeat(self.rescorer.base[None, :, mine], len(others) + 1, axis=0)
        x[:, self.rescorer.row, 0] = [value, *others.tolist()]
        pooled = None if self.rescorer.pooled is None else self.rescorer.pooled[:, mine]
        treated = transform_and_treat(x, columns, recipe)
        normalised = normalise(treated.values, columns, recipe, pooled)[..., 0]
        given = np.where(np.isnan(normalised), 0.0, normalised) * self.share[:, column]
        return np.asarray(given[1:] - given[0])
