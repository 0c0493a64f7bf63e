"""Imputation: fill what is missing, before transformation and outlier treatment.

An imputation takes x (…, n, k) in natural orientation, NaN where missing, and the `Cohort` around
it, and returns x filled as far as it is defined for. Observed values are never touched.
"""

from __future__ import annotations

from icfscore.methods.impute.averages import GroupMean, GroupMedian, Mean, Median
from icfscore.methods.impute.em import ExpectationMaximisation
from icfscore.methods.impute.neighbours import NearestNeighbours
from icfscore.methods.impute.nothing import NoImputation
from icfscore.methods.impute.regression import Regression
from icfscore.methods.impute.siblings import CriterionMean

Imputation = (
    NoImputation
    | Mean
    | Median
    | GroupMean
    | GroupMedian
    | CriterionMean
    | NearestNeighbours
    | Regression
    | ExpectationMaximisation
)

__all__ = [
    "CriterionMean",
    "ExpectationMaximisation",
    "GroupMean",
    "GroupMedian",
    "Imputation",
    "Mean",
    "Median",
    "NearestNeighbours",
    "NoImputation",
    "Regression",
]
