"""Outlier treatment, after transformation and before orientation.

A treatment takes x (…, n, k) in natural orientation, NaN where missing, and returns it with single
values (or, for a fallback, whole columns) changed.
"""

from __future__ import annotations

from icfscore.methods.treat.clip import Clip
from icfscore.methods.treat.moments import excess_kurtosis, skewness
from icfscore.methods.treat.nothing import NoTreatment
from icfscore.methods.treat.skew_kurtosis import SkewKurtosis
from icfscore.methods.treat.winsorise import Winsorise

Treatment = NoTreatment | Winsorise | SkewKurtosis | Clip

__all__ = [
    "Clip",
    "NoTreatment",
    "SkewKurtosis",
    "Treatment",
    "Winsorise",
    "excess_kurtosis",
    "skewness",
]
