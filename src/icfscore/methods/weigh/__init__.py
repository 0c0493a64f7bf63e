"""Weighting: how much each child of a node counts.

A weighting takes the children's scores x (…, n, c), NaN where missing, and the `Siblings`; it
returns their shares (…, c) or (c,), non-negative and summing to one.
"""

from __future__ import annotations

from icfscore.methods.weigh.given import Given

Weighting = Given

__all__ = ["Given", "Weighting"]
