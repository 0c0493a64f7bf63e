"""Draws that the report's tests write down themselves: the scores of every draw, counted as real ones."""

from __future__ import annotations

import numpy as np

from icfscore.methods.tally import rank_bins, tally_draws
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring


def draws_of(scoring: Scoring, *orders: tuple[int, str]) -> RankDraws:
    """Count draws given as (how many, "alpha gamma beta"), best first."""
    communities = scoring.ranking.communities
    columns = []
    for count, order in orders:
        names = order.split()
        column = [float(len(names) - names.index(name)) for name in communities]
        columns.extend([column] * count)
    bins = rank_bins(len(communities))
    nominal = scoring.ranking.ranks
    return RankDraws(
        communities=communities,
        nominal=nominal,
        tally=tally_draws(np.array(columns).T, {}, bins, nominal),
        bins=bins,
        children={},
        seed=7,
        confidence={},
    )
