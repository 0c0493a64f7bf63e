"""Size in the audit: whether counts are divided, and whether that took size away.

An indicator that is divided should not move with its denominator any more; a count that is not
divided shows how large a community is. Correlations are of the values in natural orientation, as
they are observed, with the denominator of the same entity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT, Indicator
from icfscore.domain.tables import Floats
from icfscore.methods.audit import Measure, pearson, spearman
from icfscore.pipeline.observe import Selection
from icfscore.pipeline.score import Scoring

STRONG = 0.6
"""The bound from which COINr's `get_denom_corr` lists a pair."""


@dataclass(frozen=True, slots=True)
class Denomination:
    """An indicator against a quantity that measures size.

    Attributes
    ----------
    divided
        Whether the indicator is divided by it; else it is a count that is divided by nothing.
    pearson, spearman
        Of values, and of ranks, which the largest communities do not rule.
    """

    indicator: str
    denominator: str
    divided: bool
    pearson: Measure
    spearman: Measure

    @property
    def strong(self) -> bool:
        """Whether one of the correlations reaches 0.6 in absolute value."""
        return any(abs(found.value or 0.0) >= STRONG for found in (self.pearson, self.spearman))


def audit_denominators(scoring: Scoring) -> tuple[Denomination, ...]:
    """Compare the scored indicators that are divided, and the counts that are not, with size.

    Returns
    -------
    One entry for each divided indicator, and one for each undivided count and context quantity.

    References
    ----------
    Becker et al. (2022), COINr: An R package for developing composite indicators.
    https://doi.org/10.21105/joss.04567
    """
    return tuple(_entries(scoring))


def _entries(scoring: Scoring) -> Iterator[Denomination]:
    kept = scoring.screened.observed
    by_id = {indicator.id: indicator for indicator in scoring.project.tree.indicators}
    for column in scoring.columns_below(ROOT):
        indicator = by_id[kept.indicators[column]]
        for quantity in _quantities(scoring, indicator):
            sizes = _sizes(scoring, column, quantity)
            values = kept.values[:, column]
            yield Denomination(
                indicator.id,
                quantity,
                indicator.per is not None,
                pearson(values, sizes),
                spearman(values, sizes),
            )


def _quantities(scoring: Scoring, indicator: Indicator) -> tuple[str, ...]:
    if indicator.per is not None:
        return (indicator.per,)
    if indicator.kind == "count":
        return tuple(quantity.id for quantity in scoring.project.tree.context)
    return ()


def _sizes(scoring: Scoring, column: int, quantity: str) -> Floats:
    """Look up a context quantity of the entities that an indicator's values belong to."""
    settings, project = scoring.settings, scoring.project
    selection = Selection(settings.reference_year, settings.max_age, settings.proxies)
    entities = {**project.areas, **project.community_by_id}
    sizes = []
    for holder in scoring.screened.observed.holders[:, column]:
        dated = entities[holder].observations.get(quantity, ()) if holder is not None else ()
        found = selection.choose_denominator(dated)
        sizes.append(np.nan if found is None else found.value)
    return np.array(sizes, dtype=float)
