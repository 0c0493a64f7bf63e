"""Aggregation: one score a community from the scores of a node's children.

An aggregation takes x (…, n, c), NaN where missing, the weights w (c,) or (…, c), and the
`Siblings`; it returns (…, n), NaN where no child with a weight is present. Weights are rescaled
over the children present; a child of weight zero is absent.
"""

from __future__ import annotations

from icfscore.methods.aggregate.means import Arithmetic

Aggregation = Arithmetic

__all__ = ["Aggregation", "Arithmetic"]
