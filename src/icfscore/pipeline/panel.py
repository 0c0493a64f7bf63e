"""What a panel's scores are worth, and what of them enters the framework."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from icfscore.domain.communities import Observation
from icfscore.domain.criteria import CriteriaTree, Indicator
from icfscore.domain.panels import Panel
from icfscore.domain.tables import Floats, Ints
from icfscore.methods.panel import (
    LEVELS,
    AlphaLevel,
    Intraclass,
    RaterModel,
    alpha_interval,
    fit_raters,
    intraclass,
    krippendorff_alpha,
)
from icfscore.methods.weigh.budget_allocation import concordance


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha at one level of measurement.

    Attributes
    ----------
    interval
        The middle 90 % of what resampled communities give; None where too few are there.
    """

    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far raters agree on one node, or on all items together.

    Attributes
    ----------
    node
        None for all nodes together.
    n_items, n_scores
        Items with a score, and scores.
    n_raters
        Raters that scored any of the items.
    n_complete
        Items that all of them scored: on these ICC and W rest.
    alpha
        By level; None where it cannot be computed.
    concordance
        Kendall's W of the raters' orders of the communities.
    """

    node: str | None
    n_items: int
    n_scores: int
    n_raters: int
    n_complete: int
    intraclass: Intraclass | None
    alpha: dict[AlphaLevel, Alpha | None]
    concordance: float | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A score that is far from what the model of its rater and item expects."""

    item: int
    rater: int
    score: float
    expected: float


@dataclass(frozen=True)
class PanelJudged:
    """A panel with all that is computed of it.

    Attributes
    ----------
    overall, by_node
        Agreement on all items, and node by node.
    model
        Raters' severity and the scores without it.
    rater, item
        Number of the rater and of the item that disagree most; None where nothing tells.
    """

    panel: Panel
    overall: Reliability
    by_node: tuple[Reliability, ...]
    model: RaterModel
    rater: int | None
    item: int | None

    @cached_property
    def n_raters(self) -> int:
        """Number of raters that gave a score."""
        return int((self.model.groups >= 0).sum())

    @property
    def n_scores(self) -> list[int]:
        """Number of scores of each rater."""
        return [int(n) for n in (~np.isnan(self.panel.ratings)).sum(axis=0)]

    @property
    def n_given(self) -> list[int]:
        """Number of scores of each item."""
        return [int(n) for n in (~np.isnan(self.panel.ratings)).sum(axis=1)]

    @property
    def means(self) -> Floats:
        """(n,) plain mean of each item's scores."""
        return np.asarray(np.nanmean(self.panel.ratings, axis=1))

    @property
    def entered(self) -> Floats:
        """(n,) scores as they enter: adjusted, and within the rubric."""
        return np.asarray(np.clip(self.model.adjusted, self.panel.low, self.panel.high))

    def worst_of_rater(self, rater: int) -> Disagreement:
        """Find the score of a rater that is furthest from what is expected."""
        item = int(np.nanargmax(np.abs(self.model.residuals[:, rater])))
        return self._disagreement(item, rater)

    def worst_of_item(self, item: int) -> Disagreement:
        """Find the score of an item that is furthest from what is expected."""
        rater = int(np.nanargmax(np.abs(self.model.residuals[item])))
        return self._disagreement(item, rater)

    def _disagreement(self, item: int, rater: int) -> Disagreement:
        score = float(self.panel.ratings[item, rater])
        return Disagreement(item, rater, score, score - float(self.model.residuals[item, rater]))


def judge_panel(panel: Panel, seed: int, n_samples: int = 1000) -> PanelJudged:
    """Compute agreement, severity and who disagrees most.

    Parameters
    ----------
    seed
        Of the bootstrap of alpha.
    n_samples
        Of that bootstrap.
    """
    everything = np.arange(len(panel.items))
    overall = _reliability(panel, None, everything, seed, n_samples)
    by_node = tuple(
        _reliability(panel, node, panel.rows(node), seed, n_samples) for node in panel.nodes
    )
    model = fit_raters(panel.ratings)
    return PanelJudged(panel, overall, by_node, model, _worst_rater(model), _worst_item(model))


def _reliability(
    panel: Panel, node: str | None, rows: Ints, seed: int, n_samples: int
) -> Reliability:
    ratings = panel.ratings[rows]
    ratings = ratings[:, ~np.isnan(ratings).all(axis=0)]
    complete = ratings[~np.isnan(ratings).any(axis=1)]
    alpha: dict[AlphaLevel, Alpha | None] = {}
    for level in LEVELS:
        value = krippendorff_alpha(ratings, level)
        if value is None:
            alpha[level] = None
            continue
        interval = alpha_interval(ratings, level, panel.clusters[rows], seed, n_samples)
        alpha[level] = Alpha(value, interval)
    return Reliability(
        node,
        len(rows),
        int((~np.isnan(ratings)).sum()),
        ratings.shape[1],
        len(complete),
        intraclass(ratings),
        alpha,
        concordance(complete.T),
    )


def _worst_rater(model: RaterModel) -> int | None:
    if np.isnan(model.spread).all() or np.nanmax(model.spread) < 1e-9:
        return None
    return int(np.nanargmax(model.spread))


def _worst_item(model: RaterModel) -> int | None:
    m = (~np.isnan(model.residuals)).sum(axis=1)
    variance = np.where(m > 1, np.nansum(model.residuals**2, axis=1) / np.maximum(m - 1, 1), 0.0)
    return int(variance.argmax()) if variance.max() > 1e-12 else None


def panel_indicators(tree: CriteriaTree, panel: Panel) -> tuple[tuple[Indicator, str], ...]:
    """List the indicators that a panel fills, each with the node whose scores it takes.

    These are the scores of the indicator itself where the panel has any, else those of the node it
    stands for.
    """
    nodes = set(panel.nodes)
    return tuple(
        (indicator, indicator.id if indicator.id in nodes else tree.parent_by_id[indicator.id])
        for indicator in tree.indicators
        if indicator.panel == panel.id
    )


def panel_observations(
    panel: Panel, model: RaterModel, node: str
) -> Iterator[tuple[str, Observation]]:
    """Give each community's adjusted score on a node as an observation, its error as `sd`.

    An adjusted score beyond the rubric is brought back to its end. Where raters fall into groups
    without a common item, severity is taken out within each group only. The error is widened for
    the degrees of freedom that it rests on. No `sd` is given where it cannot be computed: the
    default uncertainty then holds.
    """
    widening = model.widening
    for row in panel.rows(node):
        value = float(np.clip(model.adjusted[row], panel.low, panel.high))
        error = float(model.error[row]) * widening
        yield (
            panel.items[row][0],
            Observation(
                value,
                panel.source,
                "community",
                panel.year,
                sd=None if np.isnan(error) else error,
                given_value=value,
            ),
        )
