"""Weights from how far the values of each child lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import Floats, Note, Siblings
from icfscore.methods.weigh.columns import Columns, information_notes, to_shares
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class Entropy:
    """Weigh a child by how unevenly its total is spread over the communities (Shannon's entropy).

    p = x / sum x,  e = -sum(p ln p) / ln n,  w = (1 - e) / sum(1 - e)

    Edge behaviour
    --------------
    A zero contributes nothing to e, the limit of p ln p. A column without positive values (costs
    that were not normalised) is taken by its absolute values. n counts the values of the column.
    A constant column, one of zeros included, has e = 1 and weight 0, with a warning, as has a
    column with one value or none; if all are so, the given weights are used, with a warning.
    Ties need no care. Not invariant to an added constant: 1, 2 and 101, 102 differ.

    Raises
    ------
    MethodError
        For a column that holds positive and negative values, z-scores for instance.

    References
    ----------
    Shannon (1948), A mathematical theory of communication, section 6.
    https://doi.org/10.1002/j.1538-7305.1948.tb01338.x
    Hwang and Yoon (1981), Multiple Attribute Decision Making.
    https://doi.org/10.1007/978-3-642-48318-9

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [1.0, 6.0]])
    >>> Entropy()(x, Siblings.of(2))
    array([0., 1.])
    """

    kind: Literal["entropy"] = "entropy"

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh the children of x (…, n, c): shares (…, c)."""
        return to_shares(divergence_from_even(x), siblings)

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Name the children without information."""
        del siblings
        return information_notes(divergence_from_even(x), x)


def divergence_from_even(x: Floats) -> Floats:
    """Take one minus the entropy of the columns of x (…, n, c): (…, c), 0 to 1.

    With q = x / mean x, 1 - e = sum(q ln q - q + 1) / (n ln n): a sum of terms that are not
    negative, so that nearly even columns keep their digits.
    """
    low, high = np.fmin.reduce(x, axis=-2), np.fmax.reduce(x, axis=-2)
    mixed = (low < 0) & (high > 0)
    if mixed.any():
        raise MethodError(
            say("entropy needs values of one sign, found positive and negative ones"),
            remedy=say("normalise to a range from 0, such as min_max, or take another weighting"),
            column=int(np.argwhere(mixed)[0, -1]),
        )
    low, high = np.sort(np.abs(np.stack([low, high])), axis=0)
    exponent = np.frexp(np.where(np.isnan(high), 0.0, high))[1][..., None, :]
    value = np.ldexp(np.abs(x), -exponent)  # of no consequence to shares; keeps sums in range
    present = ~np.isnan(value)
    count = present.sum(axis=-2)
    informative = (count > 1) & (low < high)
    total = np.where(present, value, 0.0).sum(axis=-2)
    mean = np.where(informative, total / np.maximum(count, 1), 1.0)[..., None, :]
    excess = np.where(present, value - mean, 0.0) / mean
    terms = _times_log_less_excess(np.where(informative[..., None, :], excess, 0.0))
    even = np.where(informative, count * np.log(np.maximum(count, 2)), 1.0)
    return np.asarray(np.where(informative, terms.sum(axis=-2) / even, 0.0))


def _times_log_less_excess(d: Floats) -> Floats:
    """Compute q ln q - q + 1 for q = 1 + d >= 0, by series where it would cancel."""
    q = np.maximum(1 + d, 0.0)
    exact = q * np.log(np.where(q > 0, q, 1.0)) - d
    series = d * d * (1 / 2 - d * (1 / 6 - d * (1 / 12 - d / 20)))
    return np.maximum(np.where(np.abs(d) < 1e-3, series, exact), 0.0)


@dataclass(frozen=True, slots=True)
class StandardDeviation:
    """Weigh a child by the sample standard deviation of its values, as they are.

    w = s / sum s,  s² = sum (x - mean x)² / (n - 1)

    Edge behaviour
    --------------
    After z-scores all weights are equal; without normalisation the units decide. A constant column,
    or one with a single value or none, has weight 0, with a warning; if all are so, the given
    weights are used, with a warning. Ties and negative values need no care.

    References
    ----------
    Diakoulaki, Mavrotas and Papayannakis (1995), Determining objective weights in multiple criteria
    problems: the CRITIC method. https://doi.org/10.1016/0305-0548(94)00059-H

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [4.0, 14.0]])
    >>> StandardDeviation()(x, Siblings.of(2))
    array([0.2, 0.8])
    """

    kind: Literal["standard_deviation"] = "standard_deviation"

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh the children of x (…, n, c): shares (…, c)."""
        return to_shares(relative_sd(x), siblings)

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Name the children without information."""
        del siblings
        return information_notes(relative_sd(x), x)


def relative_sd(x: Floats) -> Floats:
    """Take the columns' standard deviations (…, c), in units of the largest range."""
    columns = Columns.of(x)
    widest = columns.span.max(axis=-1, keepdims=True)
    return np.asarray(columns.sd * (columns.span / np.where(widest > 0, widest, 1.0)))
