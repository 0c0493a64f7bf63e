"""How few dimensions a set of variables has: sampling adequacy and principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.audit.consistency import Structure
from icfscore.methods.audit.measure import Measure
from icfscore.methods.context import Floats
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class SamplingAdequacy:
    """The measure of all variables, and of each; () where undefined."""

    overall: Measure
    of_each: tuple[Measure, ...] = ()


def sampling_adequacy(structure: Structure) -> SamplingAdequacy:
    """Compute the Kaiser-Meyer-Olkin measure of sampling adequacy.

    KMO = Σ r_ij² / (Σ r_ij² + Σ q_ij²) over i ≠ j, with q_ij = -p_ij / sqrt(p_ii p_jj) the partial
    correlations, P = R^-1; for one variable i the sums are over j ≠ i alone

    Returns
    -------
    SamplingAdequacy
        Between 0 and 1; Kaiser called less than 0.5 unacceptable, the Handbook asks for 0.6.
        Undefined as the structure is, with two variables (it is 1/2 whatever the data), and where
        all correlations are 0.

    References
    ----------
    Kaiser and Rice (1974), Little jiffy, mark IV, eq. (3) and (4).
    https://doi.org/10.1177/001316447403400115
    Kaiser (1970), A second generation little jiffy. https://doi.org/10.1007/BF02291817

    Examples
    --------
    >>> r = np.array([[1.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, 0.5, 1.0]])
    >>> round(sampling_adequacy(Structure(r, n=9)).overall.value, 6) == round(9 / 13, 6)
    True
    """
    if structure.r is None:
        return SamplingAdequacy(Measure.missing(structure.reason, structure.n))
    if len(structure.r) == 2:
        reason = say("with two variables it is 1/2 whatever the data")
        return SamplingAdequacy(Measure.missing(reason, structure.n))
    inverse = np.linalg.inv(structure.r)
    length = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(length, length)
    apart = ~np.eye(len(inverse), dtype=bool)
    simple = np.where(apart, structure.r**2, 0.0).sum(axis=0)
    left = np.where(apart, partial**2, 0.0).sum(axis=0)
    n = structure.n
    return SamplingAdequacy(
        _share(float(simple.sum()), float(left.sum()), n),
        tuple(_share(a, b, n) for a, b in zip(simple.tolist(), left.tolist(), strict=True)),
    )


def _share(simple: float, partial: float, n: int) -> Measure:
    if simple + partial == 0:
        return Measure.missing(say("it correlates with nothing"), n)
    return Measure(simple / (simple + partial), n)


def eigenvalues(structure: Structure) -> Floats:
    """Compute the variances of the principal components of standardised variables.

    Returns
    -------
    Floats
        (k,) eigenvalues of the correlation matrix, largest first; their sum is k. Empty where the
        structure has a reason.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, table 7.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> eigenvalues(Structure(np.array([[1.0, 0.5], [0.5, 1.0]]), n=9))
    array([1.5, 0.5])
    """
    if structure.r is None:
        return np.empty(0)
    return np.asarray(np.linalg.eigvalsh(structure.r)[::-1])


def component_loadings(structure: Structure) -> Floats:
    """Correlate each variable with the first principal component.

    Returns
    -------
    Floats
        (k,) with a sum above 0 (the sign of a component is free); empty where the structure has a
        reason.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, table 8.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> component_loadings(Structure(np.array([[1.0, 0.5], [0.5, 1.0]]), n=9)).round(3)
    array([0.866, 0.866])
    """
    if structure.r is None:
        return np.empty(0)
    values, vectors = np.linalg.eigh(structure.r)
    first = vectors[:, -1] * np.sqrt(values[-1])
    return np.asarray(-first if first.sum() < 0 else first)
