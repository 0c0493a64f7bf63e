"""Closeness to an ideal community that is best in everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.aggregate.present import weigh_present, weighted_mean
from icfscore.methods.context import Floats, Note, Siblings, constant_columns
from icfscore.sentences import say

LEVEL = 1e-12  # S and R lie in 0..1: a range below this is rounding, not a difference


@dataclass(frozen=True, slots=True)
class Topsis:
    """Score closeness to the ideal community relative to distance from the worst imaginable one.

    y = d- / (d+ + d-)

    with d+ and d- the Euclidean distances of the weighted scores w x to the columns' best and
    worst values. The original method normalises columns by `vector`, with weights summing to one.

    Edge behaviour
    --------------
    Best and worst are those of the values present; weights are rescaled over the children that the
    community has. A constant column puts nobody near or far: both its distances are 0. A community
    whose columns are all constant gets 0.5, with a warning; so does one community alone. Ties stay
    ties, negative values need no care, no child present gives no score.

    References
    ----------
    Hwang and Yoon (1981), Multiple attribute decision making, pp. 128-140.
    https://doi.org/10.1007/978-3-642-48318-9
    Tzeng and Huang (2011), Multiple attribute decision making, chapter 4.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> Topsis()(x, np.array([0.5, 0.5]), Siblings.of(2))
    array([0.5, 0.5, 1. ])
    """

    kind: Literal["topsis"] = "topsis"

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        weights = weigh_present(x, w)
        to_best, to_worst = (
            np.where(weights > 0, gaps, 0.0) for gaps in _gaps_to_best_and_worst(x)
        )
        # Only the ratio of distances counts, so a row's weights need no common sum, and rows are
        # scaled so that squares stay in range.
        widest = np.maximum(to_best, to_worst).max(axis=-1, keepdims=True)
        unit = np.where(widest > 0, widest, 1.0)
        near, far = weights * (to_best / unit), weights * (to_worst / unit)
        largest = np.maximum(near, far).max(axis=-1, keepdims=True)
        unit = np.where(largest > 0, largest, 1.0)
        d_best = np.sqrt(((near / unit) ** 2).sum(axis=-1))
        d_worst = np.sqrt(((far / unit) ** 2).sum(axis=-1))
        flat = d_best + d_worst == 0
        return np.where(flat, 0.5, d_worst / np.where(flat, 1.0, d_best + d_worst))

    def notes(self, x: Floats, w: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Name the constant columns, and warn of communities that nothing tells apart."""
        del siblings
        said = _constant_children(x, w)
        weights = weigh_present(x, w)
        varied = np.delete(weights, constant_columns(x), axis=-1)
        flat = (varied.sum(axis=-1) == 0) & ~np.isnan(weights[..., 0])
        if not flat.any():
            return said
        return (
            *said,
            Note(
                say(
                    "{flat} of {all} communities have constant children only: topsis gives "
                    "them the middle, 0.5",
                    flat=flat.sum(),
                    all=flat.size,
                ),
                row=int(flat.argmax()) if flat.sum() == 1 else None,
            ),
        )


@dataclass(frozen=True, slots=True)
class Vikor:
    """Score a compromise between the mean regret over children and the largest single one.

    y = 1 - Q,  Q = v (S - S*) / (S- - S*) + (1 - v) (R - R*) / (R- - R*)
    S = sum_j w_j (best_j - x_j) / (best_j - worst_j), R = the largest of these terms

    with * the lowest and - the highest over communities: 1 for the best compromise, 0 for a
    community that is last by both.

    Parameters
    ----------
    v
        In 0..1: the weight of the mean ("the majority of criteria"); 1 - v that of the regret.

    Edge behaviour
    --------------
    Best and worst are those of the values present; weights are rescaled over the children that the
    community has. A constant column regrets nothing: its term is 0. Where all communities have the
    same S (or R), to within 1e-12, that term is 0 for all, with a warning: everyone scores 1 if
    both are the same. Ties stay ties, negative values need no care, one community alone gets 1, no
    child present gives no score.

    Raises
    ------
    ValueError
        For v outside 0..1.

    References
    ----------
    Opricovic and Tzeng (2004), Compromise solution by MCDM methods: a comparative
    analysis of VIKOR and TOPSIS. https://doi.org/10.1016/S0377-2217(03)00020-1

    Examples
    --------
    >>> x = np.array([[5.0, 8.0, 4.0], [7.0, 6.0, 8.0], [8.0, 8.0, 6.0], [7.0, 4.0, 6.0]])
    >>> Vikor()(x, np.array([0.3, 0.4, 0.3]), Siblings.of(3)).round(9)
    array([0.25, 0.75, 1.  , 0.  ])
    """

    v: float = 0.5
    kind: Literal["vikor"] = "vikor"

    def __post_init__(self) -> None:
        """Check the compromise."""
        if not 0 <= self.v <= 1:
            raise ValueError(say("v must lie in 0..1, got {v:g}", v=self.v))

    def __call__(self, x: Floats, w: Floats, siblings: Siblings) -> Floats:
        """Aggregate x (…, n, c) by w (…, c): (…, n)."""
        mean, largest = _regrets(x, w)
        return 1 - (self.v * _place_in_range(mean) + (1 - self.v) * _place_in_range(largest))

    def notes(self, x: Floats, w: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Name the constant columns, and warn where S or R tell nobody apart."""
        del siblings
        names = (say("mean regret S"), say("largest regret R"))
        same = [
            name
            for name, regret in zip(names, _regrets(x, w), strict=True)
            if np.fmax.reduce(regret) - np.fmin.reduce(regret) <= LEVEL
        ]
        return _constant_children(x, w) + tuple(
            Note(say("all communities have the same {name}: it plays no part in vikor", name=name))
            for name in same
        )


def _gaps_to_best_and_worst(x: Floats) -> tuple[Floats, Floats]:
    """Measure how far x (…, n, c) is below its column's best and above its worst."""
    if np.fmax.reduce(np.abs(x), axis=None, initial=0.0) > 2.0**1022:
        x = x / 2  # or the difference of the largest numbers would overflow
    best = np.fmax.reduce(x, axis=-2, keepdims=True)
    worst = np.fmin.reduce(x, axis=-2, keepdims=True)
    return best - x, x - worst


def _regrets(x: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Compute S and R (…, n): mean and largest weighted share of the way down from the best."""
    weights = weigh_present(x, w)
    to_best, _ = _gaps_to_best_and_worst(x)
    span = np.fmax.reduce(to_best, axis=-2, keepdims=True)
    share_lost = to_best / np.where(span > 0, span, 1.0)
    terms = np.where(weights == 0, 0.0, share_lost * weights)
    return weighted_mean(share_lost, weights), terms.max(axis=-1) / weights.sum(axis=-1)


def _place_in_range(regret: Floats) -> Floats:
    """Place regrets (…, n) between the lowest, 0, and the highest, 1; all 0 if they are level."""
    low = np.fmin.reduce(regret, axis=-1, keepdims=True)
    span = np.fmax.reduce(regret, axis=-1, keepdims=True) - low
    level = span <= LEVEL
    return np.asarray(np.where(level, 0 * regret, regret - low) / np.where(level, 1.0, span))


def _constant_children(x: Floats, w: Floats) -> tuple[Note, ...]:
    """Tell which children that count are the same for all communities of x (n, c)."""
    return tuple(
        Note(say("all values are equal: the child tells nobody apart"), column=int(j), level="info")
        for j in constant_columns(x)
        if w[..., j].any()
    )
