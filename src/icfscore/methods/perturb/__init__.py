"""What varies from draw to draw: weights, observed values, missing values."""

from __future__ import annotations

from icfscore.methods.perturb.data import (
    DataUncertainty,
    ExactData,
    PedigreeData,
    RelativeData,
)
from icfscore.methods.perturb.missing import FixedMissing, HotDeck, MissingUncertainty
from icfscore.methods.perturb.weights import (
    BoundedWeights,
    DirichletWeights,
    FixedWeights,
    OrdinalWeights,
    RelativeWeights,
    UniformWeights,
    WeightUncertainty,
)

__all__ = [
    "BoundedWeights",
    "DataUncertainty",
    "DirichletWeights",
    "ExactData",
    "FixedMissing",
    "FixedWeights",
    "HotDeck",
    "MissingUncertainty",
    "OrdinalWeights",
    "PedigreeData",
    "RelativeData",
    "RelativeWeights",
    "UniformWeights",
    "WeightUncertainty",
]
