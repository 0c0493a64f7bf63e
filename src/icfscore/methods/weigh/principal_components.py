"""Weights from the directions in which the children vary together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.errors import MethodError
from icfscore.methods.context import Bools, Floats, Ints, Note, Siblings
from icfscore.methods.weigh.columns import (
    SAME,
    Columns,
    correlations,
    information_notes,
    to_shares,
    unmatched_notes,
)
from icfscore.methods.weigh.varimax import varimax
from icfscore.sentences import joined, say


@dataclass(frozen=True, slots=True)
class PrincipalComponents:
    """Weigh by principal components of the correlation matrix: children that vary together.

    loadings: w = v / sum v, v the loadings on the first component, its sign such that sum v > 0
    oecd: w = max_f l_f² / sum max_f l_f², l the loadings after varimax on the components kept

    Parameters
    ----------
    rule
        `loadings`: the first component. `oecd`: keep the components whose eigenvalue is above 1,
        that explain more than 10 % of the variance each and more than 60 % together; rotate them
        (varimax with Kaiser normalisation); group the children by the factor they load on most;
        weigh a child within its factor by the squared loading over the factor's explained variance,
        the factor by its explained variance over that of all factors; rescale.

    Edge behaviour
    --------------
    Correlations are taken over the communities that have both values; a pair that shares fewer than
    two different ones counts as uncorrelated, with a warning. A constant column has weight 0, with
    a warning, and does not count as variance to explain; a single varying child takes all; if
    nothing varies the given weights are used, with a warning. Ties and negative values need no
    care: the weights do not change when a column is shifted or stretched. With `oecd` a child that
    loads negatively still counts by its square, as it does in the handbook's example. That example
    (TAI, table 16) keeps two components with eigenvalues just below 1, which this rule would not.

    Raises
    ------
    MethodError
        `loadings`: a negative loading, or a first component that ties with the second. `oecd`: no
        component passes, or those that do explain 60 % or less together.

    References
    ----------
    Nicoletti, Scarpetta and Boylaud (2000), Summary indicators of product market regulation with an
    extension to employment protection legislation, annex. https://doi.org/10.1787/215182844604
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, tables 16 to 18.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> x = np.array([[0.0, 1.0, 0.0], [1.0, 2.0, 4.0], [2.0, 3.0, 2.0]])
    >>> PrincipalComponents()(x, Siblings.of(3)).round(3)
    array([0.366, 0.366, 0.268])
    """

    rule: Literal["loadings", "oecd"] = "loadings"
    kind: Literal["principal_components"] = "principal_components"

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh the children of x (…, n, c): shares (…, c)."""
        return to_shares(self._information(x), siblings)

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Name children without information, pairs not compared, and the components kept."""
        without = information_notes(self._information(x), x) + unmatched_notes(x, siblings.names)
        columns = Columns.of(x)
        n_varying = int(columns.varying.sum())
        if n_varying < 2:
            return without
        share = np.linalg.eigvalsh(correlations(columns))[::-1] / n_varying
        kept = 1 if self.rule == "loadings" else int(components_kept(share, n_varying))
        told = joined(", ", (say("{share:.1%}", share=part) for part in share[:kept]))
        return (
            *without,
            Note(say("principal components used explain {shares}", shares=told), level="info"),
        )

    def _information(self, x: Floats) -> Floats:
        """Take the unscaled weights of the columns of x (…, n, c): (…, c)."""
        columns = Columns.of(x)
        few = columns.varying.sum(axis=-1, keepdims=True) < 2
        alone = np.where(columns.varying, 1.0, 0.0)
        if few.all():
            return alone
        values, vectors = np.linalg.eigh(correlations(columns))
        values, vectors = values[..., ::-1], vectors[..., ::-1]
        if self.rule == "loadings":
            weights = first_loadings(values, vectors, few[..., 0])
        else:
            weights = _oecd(values, vectors, columns.varying.sum(axis=-1))
        return np.where(few, alone, weights)


def first_loadings(values: Floats, vectors: Floats, skip: Bools) -> Floats:
    """Take the loadings on the first component, none of them negative: (…, c)."""
    tied = (values[..., 0] - values[..., 1] <= 1e-10 * values[..., 0]) & ~skip
    if tied.any():
        raise MethodError(
            say(
                "the first two principal components explain the same share: no first one to "
                "weigh by"
            ),
            remedy=say("take rule: oecd or another weighting"),
        )
    first = vectors[..., 0]
    total = first.sum(axis=-1, keepdims=True)
    lead = np.take_along_axis(first, np.abs(first).argmax(axis=-1)[..., None], axis=-1)
    first = first * np.where(np.abs(total) > SAME, np.sign(total), np.sign(lead))
    first = np.where(np.abs(first) < SAME, 0.0, first)
    bad = np.asarray((first < 0).any(axis=-1)) & ~skip
    if bad.any():
        row = first[bad][0]
        raise MethodError(
            say(
                "its loading on the first principal component is negative ({min:.3g}): it "
                "moves against the others",
                min=row.min(),
            ),
            remedy=say("check its direction, or take rule: oecd or another weighting"),
            column=int(row.argmin()),
        )
    return np.asarray(first)


def components_kept(share: Floats, n_varying: Ints | int) -> Ints:
    """Count the leading components that the handbook's rule keeps: (…).

    `share` (…, c) is each one's part of the variance of `n_varying` (…) columns, largest first.
    """
    eigenvalue = share * np.asarray(n_varying)[..., None]
    kept = (eigenvalue > 1 + SAME) & (share > 0.1)
    together = np.where(kept, share, 0.0).sum(axis=-1)
    if (together <= 0.6).any():
        least = float(together.min())
        raise MethodError(
            say(
                "the principal components with an eigenvalue above 1 that explain more than 10 "
                "% each explain {least:.1%} together, not more than 60 %",
                least=least,
            ),
            remedy=say(
                "the children have too little in common for this rule: take another weighting, "
                "or a lower node"
            ),
        )
    return np.asarray(kept.sum(axis=-1))


def rotated_weights(values: Floats, vectors: Floats, n_kept: int) -> Floats:
    """Weigh c children by their largest squared loading on n_kept rotated components: (…, c).

    The squared loading over its factor's explained variance, times that variance over all factors',
    is the squared loading up to a common factor.
    """
    loadings = vectors[..., :n_kept] * np.sqrt(np.maximum(values[..., None, :n_kept], 0.0))
    return np.asarray((varimax(loadings) ** 2).max(axis=-1))


def _oecd(values: Floats, vectors: Floats, n_varying: Ints) -> Floats:
    several = n_varying > 1
    kept = np.zeros(several.shape, dtype=np.int64)
    share = values[several] / n_varying[several][..., None]
    kept[several] = components_kept(share, n_varying[several])
    weights = np.zeros(values.shape)
    for n_kept in np.unique(kept[several]):
        chosen = kept == n_kept
        weights[chosen] = rotated_weights(values[chosen], vectors[chosen], int(n_kept))
    return weights
