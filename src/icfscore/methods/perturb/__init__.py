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
    DirichletWeights,
    FixedWeights,
    RelativeWeights,
    UniformWeights,
    WeightUncertainty,
)
from icfscore.methods.perturb.weights_bounded import BoundedWeights
from icfscore.methods.perturb.weights_ordinal import OrdinalWeights

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
