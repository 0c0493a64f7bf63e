"""Weighting: how much each child of a node counts.

A weighting takes the children's scores x (…, n, c), NaN where missing, and the `Siblings`; it
returns their shares (…, c) or (c,), non-negative and summing to one.
"""

from __future__ import annotations

from icfscore.methods.weigh.analytic_hierarchy import AnalyticHierarchy
from icfscore.methods.weigh.best_worst import BestWorst
from icfscore.methods.weigh.budget_allocation import BudgetAllocation
from icfscore.methods.weigh.critic import Critic
from icfscore.methods.weigh.dispersion import Entropy, StandardDeviation
from icfscore.methods.weigh.equal_influence import EqualInfluence
from icfscore.methods.weigh.given import Equal, Given
from icfscore.methods.weigh.merec import Merec
from icfscore.methods.weigh.principal_components import PrincipalComponents
from icfscore.methods.weigh.rank_order import RankOrder

Weighting = (
    Given
    | Equal
    | Entropy
    | StandardDeviation
    | Critic
    | Merec
    | PrincipalComponents
    | AnalyticHierarchy
    | BestWorst
    | RankOrder
    | BudgetAllocation
    | EqualInfluence
)

__all__ = [
    "AnalyticHierarchy",
    "BestWorst",
    "BudgetAllocation",
    "Critic",
    "Entropy",
    "Equal",
    "EqualInfluence",
    "Given",
    "Merec",
    "PrincipalComponents",
    "RankOrder",
    "StandardDeviation",
    "Weighting",
]
