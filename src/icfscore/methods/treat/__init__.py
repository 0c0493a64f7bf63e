"""Outlier treatment, after transformation and before orientation.

A treatment takes x (…, n, k) in natural orientation, NaN where missing, and returns it with single
values (or, for a fallback, whole columns) changed.
"""

from __future__ import annotations

from icfscore.methods.treat.nothing import NoTreatment

Treatment = NoTreatment

__all__ = ["NoTreatment", "Treatment"]
