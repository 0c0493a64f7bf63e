"""Imputation: fill what is missing, before transformation and outlier treatment.

An imputation takes x (…, n, k) in natural orientation, NaN where missing, and the `Cohort` around
it, and returns x filled as far as it is defined for. Observed values are never touched.
"""

from __future__ import annotations

from icfscore.methods.impute.nothing import NoImputation

Imputation = NoImputation

__all__ = ["Imputation", "NoImputation"]
