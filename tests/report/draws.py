"""Draws that the report's tests write down themselves: the scores of every draw, counted as real ones."""

from __future__ import annotations

import numpy as np

from icfscore.domain.tables import Ints
from icfscore.methods.rank_counts import rank_bins
from icfscore.methods.tally import Tally, count_draws
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring


def draws_of(scoring: Scoring, *orders: tuple[int, str], bins: Ints | None = None) -> RankDraws:
    """Count draws given as (how many, "alpha gamma beta"), best first."""
    communities = scoring.ranking.communities
    columns = []
    for count, order in orders:
        names = order.split()
        column = [float(len(names) - names.index(name)) for name in communities]
        columns.extend([column] * count)
    bins = rank_bins(len(communities)) if bins is None else bins
    nominal = scoring.ranking.ranks
    tally = Tally.start(bins, {})
    tally.add(count_draws(np.array(columns).T, {}, bins, nominal))
    return RankDraws(
        communities=communities,
        nominal=nominal,
        tally=tally,
        bins=bins,
        children={},
        seed=7,
        confidence={},
    )
