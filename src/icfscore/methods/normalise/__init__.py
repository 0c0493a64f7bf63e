"""Normalisation: bring indicators to a common scale.

A normalisation takes the oriented x (…, n, k), NaN where missing, and the `Scale` that says whom it
is measured against; it returns (…, n, k), NaN staying NaN. Statistics are taken over
`scale.reference`, which need not be x itself: `over` says who belongs to it.
"""

from __future__ import annotations

from icfscore.methods.normalise.anchored import Goalposts, ReferenceCommunity, Target
from icfscore.methods.normalise.linear import MinMax, Robust, ZScore
from icfscore.methods.normalise.nothing import NoNormalisation
from icfscore.methods.normalise.ranks import Borda, PercentileRank, Rank
from icfscore.methods.normalise.shares import FractionOfMax, Sum, Vector

Normalisation = (
    NoNormalisation
    | MinMax
    | ZScore
    | Robust
    | Rank
    | Borda
    | PercentileRank
    | Goalposts
    | Target
    | ReferenceCommunity
    | Vector
    | Sum
    | FractionOfMax
)

__all__ = [
    "Borda",
    "FractionOfMax",
    "Goalposts",
    "MinMax",
    "NoNormalisation",
    "Normalisation",
    "PercentileRank",
    "Rank",
    "ReferenceCommunity",
    "Robust",
    "Sum",
    "Target",
    "Vector",
    "ZScore",
]
