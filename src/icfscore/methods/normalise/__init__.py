"""Normalisation: bring indicators to a common scale.

A normalisation takes the oriented x (…, n, k), NaN where missing, and the `Scale` that says whom it
is measured against; it returns (…, n, k), NaN staying NaN.
"""

from __future__ import annotations

from icfscore.methods.normalise.linear import MinMax

Normalisation = MinMax

__all__ = ["MinMax", "Normalisation"]
