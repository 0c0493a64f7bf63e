"""A ranking held against a choice that others made: whether it puts the chosen first."""

from icfscore.methods.backtest.choice import (
    Choice,
    area_under_curve,
    convincing_area,
    holm,
    mid_ranks,
    precision_at_k,
    rank_sum_p_value,
)
from icfscore.methods.backtest.weights import Compatibility, is_separable, least_slack

__all__ = [
    "Choice",
    "Compatibility",
    "area_under_curve",
    "convincing_area",
    "holm",
    "is_separable",
    "least_slack",
    "mid_ranks",
    "precision_at_k",
    "rank_sum_p_value",
]
