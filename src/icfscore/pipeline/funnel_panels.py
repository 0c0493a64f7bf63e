"""A panel's means as a stage sees them, and how draws vary them.

Decisions. A score errs in a stage as the value of an indicator does: by its standard error, on its
own scale, truncated at the ends of the rubric (set to them where `data` is `relative`); not at all
where data are taken as exact. A score that also fills an indicator is drawn once, with the
indicator: both have the same value in a draw, in the stage within the rubric. Errors of different
items are independent: that the same raters' severity was taken out of them is not followed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.panels import Panel
from icfscore.domain.tables import Floats, Ints
from icfscore.methods.panel import fit_raters
from icfscore.methods.perturb import ExactData, RelativeData
from icfscore.methods.perturb.truncation import Truncation
from icfscore.pipeline.draw_sample import DrawSample
from icfscore.pipeline.panel import panel_indicators
from icfscore.pipeline.score import Scoring


@dataclass(frozen=True, slots=True, eq=False)
class PanelMeans:
    """The means of n communities over the m nodes of a panel.

    Attributes
    ----------
    panel
        Whose they are.
    values
        (m, n) scores without severity, within the rubric; NaN for a community that is not scored on
        every node, since a mean over fewer nodes than others have would not compare.
    sd
        (m, n) standard deviations of draws; 0 where nothing varies the score.
    shared
        (m, n) column of the ranking's table that the score fills; -1 where it fills none.
    clipped
        Whether a draw beyond the rubric is set to its end, instead of being truncated.
    certain
        Whether no error of any score can be computed, so that what fills no indicator is fixed.
    """

    panel: Panel
    values: Floats
    sd: Floats
    shared: Ints
    clipped: bool
    certain: bool

    @classmethod
    def of(cls, scoring: Scoring, panel: Panel, names: tuple[str, ...]) -> PanelMeans:
        """Lay a panel's scores out for communities, those of the ranking first."""
        model, nodes = fit_raters(panel.ratings), panel.nodes
        place = {item: n for n, item in enumerate(panel.items)}
        rows = np.array([[place.get((name, node), -1) for name in names] for node in nodes])
        rows[:, (rows < 0).any(axis=0)] = -1
        adjusted = np.clip(model.adjusted, panel.low, panel.high)
        data = scoring.settings.uncertainty.data
        error = np.zeros(len(adjusted))
        if not isinstance(data, ExactData):
            error = np.nan_to_num(model.error) * model.widening
        shared = _shared(scoring, panel, names)
        return cls(
            panel,
            np.where(rows < 0, np.nan, adjusted[rows]),
            np.where(rows < 0, 0.0, error[rows]),
            np.where(rows < 0, -1, shared),
            isinstance(data, RelativeData),
            model.sigma is None and not (shared >= 0).any(),
        )

    @property
    def plain(self) -> Floats:
        """(n,) means without uncertainty."""
        return np.asarray(self.values.mean(axis=0))

    def draw(self, rng: np.random.Generator, n_draws: int, sample: DrawSample | None) -> Floats:
        """Draw the means (d, n); what fills an indicator is taken from the sample's values."""
        total = np.zeros((self.values.shape[1], n_draws))
        for x, sd, columns in zip(self.values, self.sd, self.shared, strict=True):
            # All are drawn, so that what one score is does not depend on the others' use.
            drawn = x[:, None] + sd[:, None] * rng.standard_normal((x.size, n_draws))
            low, high = (np.full(x.size, end) for end in (self.panel.low, self.panel.high))
            if not self.clipped:
                Truncation.of(x, sd, low, high).apply(drawn)
            for row in np.flatnonzero(columns >= 0) if sample is not None else ():
                drawn[row] = sample.values[:, row, columns[row]]  # type: ignore[union-attr]
            total += np.clip(drawn, self.panel.low, self.panel.high)
        return np.asarray(total.T / len(self.values))


def _shared(scoring: Scoring, panel: Panel, names: tuple[str, ...]) -> Ints:
    """Find the column of the drawn table that each score (m, n) fills."""
    found = np.full((len(panel.nodes), len(names)), -1, dtype=np.int64)
    screened = scoring.screened
    seen = screened.observed.keep(
        np.ones(len(screened.observed.communities), bool), screened.scored
    )
    fills = [
        (indicator.id, node) for indicator, node in panel_indicators(scoring.project.tree, panel)
    ]
    # Of several indicators that take the same score the first is looked at: they err as one.
    for indicator, node in reversed(fills):
        if indicator not in seen.indicators or node not in panel.nodes:
            continue
        column = seen.indicators.index(indicator)
        for row, name in enumerate(seen.communities):
            if seen.holders[row, column] == name:
                found[panel.nodes.index(node), row] = column
    return found
