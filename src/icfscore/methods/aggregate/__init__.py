"""Aggregation: one score a community from the scores of a node's children.

An aggregation takes x (…, n, c), NaN where missing, the weights w (c,) or (…, c), and the
`Siblings`; it returns (…, n), NaN where no child with a weight is present. Weights are rescaled
over the children present; a child of weight zero is absent.
"""

from __future__ import annotations

from icfscore.methods.aggregate.distance import Topsis, Vikor
from icfscore.methods.aggregate.frontier import BenefitOfTheDoubt
from icfscore.methods.aggregate.means import Arithmetic, Geometric, Harmonic, PowerMean
from icfscore.methods.aggregate.ordered import Median, OrderedWeighted
from icfscore.methods.aggregate.outranking import PrometheeII
from icfscore.methods.aggregate.penalised import MazziottaPareto
from icfscore.methods.aggregate.voting import BordaCount, Copeland

Aggregation = (
    Arithmetic
    | Geometric
    | Harmonic
    | PowerMean
    | Median
    | OrderedWeighted
    | MazziottaPareto
    | Copeland
    | BordaCount
    | Topsis
    | Vikor
    | PrometheeII
    | BenefitOfTheDoubt
)

__all__ = [
    "Aggregation",
    "Arithmetic",
    "BenefitOfTheDoubt",
    "BordaCount",
    "Copeland",
    "Geometric",
    "Harmonic",
    "MazziottaPareto",
    "Median",
    "OrderedWeighted",
    "PowerMean",
    "PrometheeII",
    "Topsis",
    "Vikor",
]
