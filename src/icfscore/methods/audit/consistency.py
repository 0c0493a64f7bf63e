"""Does a set of variables measure one thing? Cronbach's alpha and what stands before it.

Decisions. Alpha, sampling adequacy and components are computed over the communities that have all
variables, since a matrix pieced together from pairs need not be one of correlations. They are told
only where those communities are more than the variables and the matrix can be inverted: else its
shape is that of the gaps, or of the few, and not that of the framework.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.audit.correlation import correlate_pairs
from icfscore.methods.audit.measure import Measure
from icfscore.methods.context import Floats
from icfscore.sentences import say

LEAST_EIGENVALUE = 1e-8
"""An eigenvalue below it, of a correlation matrix, is rounding: some variable repeats others."""


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """The correlations of a set of variables, or why they cannot be analysed.

    Attributes
    ----------
    r
        (k, k) correlations over the communities that have all variables; None with a reason.
    n
        Number of those communities.
    reason
        "" where there are correlations.
    """

    r: Floats | None
    n: int
    reason: str = ""


def structure_of(x: Floats) -> Structure:
    """Correlate variables over the communities that have them all, if that can be analysed.

    Parameters
    ----------
    x
        (n, k) NaN where missing.

    Returns
    -------
    Structure
        With a reason where there is one variable only, no more communities with all values than
        variables, a variable that does not vary, or a matrix that cannot be inverted (an eigenvalue
        below 1e-8).

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 4, box 5.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> structure_of(np.array([[1.0, 2.0], [2.0, 1.0]])).reason
    '2 communities have all 2 values, not more than there are variables'
    """
    k = x.shape[1]
    rows = x[~np.isnan(x).any(axis=1)]
    n = len(rows)
    if k < 2:
        return Structure(None, n, say("one variable only"))
    if n <= k:
        reason = say(
            "{n} communities have all {k} values, not more than there are variables", n=n, k=k
        )
        if n == 1:
            reason = say("1 community has all {k} values, not more than there are variables", k=k)
        return Structure(None, n, reason)
    r = np.eye(k)
    for i, j, pair in correlate_pairs(rows):
        if pair.value is None:
            return Structure(
                None,
                n,
                say("over the {n} communities with all values {reason}", n=n, reason=pair.reason),
            )
        r[i, j] = r[j, i] = pair.value
    if np.linalg.eigvalsh(r)[0] < LEAST_EIGENVALUE:
        reason = say("the correlation matrix cannot be inverted: a variable repeats others")
        return Structure(None, n, reason)
    return Structure(r, n)


def cronbach_alpha(structure: Structure) -> Measure:
    """Compute Cronbach's alpha of standardised variables.

    alpha = k / (k - 1) · (1 - k / Σ_ij r_ij)

    Returns
    -------
    Measure
        1 where all variables are the same, 0 where they have nothing in common, below 0 where they
        contradict each other; undefined as the structure is, and where their sum does not vary.

    References
    ----------
    Cronbach (1951), Coefficient alpha and the internal structure of tests.
    https://doi.org/10.1007/BF02310555
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, eq. (18), standardised.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> cronbach_alpha(Structure(np.array([[1.0, 0.5], [0.5, 1.0]]), n=9)).value
    0.666...
    """
    if structure.r is None:
        return Measure.missing(structure.reason, structure.n)
    return _alpha(structure.r, structure.n)


def alpha_without_each(structure: Structure) -> tuple[Measure, ...]:
    """Compute alpha with each variable left out in turn (Handbook, table 11).

    Returns
    -------
    One measure a variable, () where the structure has a reason; undefined of two variables.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, table 11.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> alpha_without_each(Structure(np.eye(2), n=9))[0].reason
    'one variable only'
    """
    if structure.r is None:
        return ()
    return tuple(
        _alpha(np.delete(np.delete(structure.r, j, axis=0), j, axis=1), structure.n)
        for j in range(len(structure.r))
    )


def correlations_with_rest(structure: Structure) -> tuple[Measure, ...]:
    """Correlate each standardised variable with the sum of the others (Handbook, table 11).

    Returns
    -------
    One measure a variable, () where the structure has a reason.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, table 11.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> r = np.array([[1.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, 0.5, 1.0]])
    >>> round(correlations_with_rest(Structure(r, n=9))[0].value, 4)
    0.5774
    """
    if structure.r is None:
        return ()
    measures = []
    for j in range(len(structure.r)):
        others = np.arange(len(structure.r)) != j
        spread = float(structure.r[np.ix_(others, others)].sum())
        together = float(structure.r[j, others].sum()) / np.sqrt(spread)
        measures.append(Measure(float(together), structure.n))
    return tuple(measures)


def _alpha(r: Floats, n: int) -> Measure:
    k = len(r)
    if k < 2:
        return Measure.missing(say("one variable only"), n)
    return Measure(float(k / (k - 1) * (1 - k / r.sum())), n)
