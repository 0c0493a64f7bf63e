"""Weights from comparisons of all pairs of children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from icfscore.methods.context import ChildName, Floats, NodeName, Note, Siblings
from icfscore.methods.weigh.given import Given
from icfscore.methods.weigh.judgement import LARGEST, cut_notes, cut_to_scored
from icfscore.sentences import joined, say

Comparison = tuple[ChildName, ChildName, float]

RANDOM_INDEX = (
    *(0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
    *(1.51, 1.48, 1.56, 1.57, 1.59),
)
"""Saaty (1980): mean consistency index of random reciprocal matrices of size 1 to 15."""

ACCEPTABLE = 0.10
"""Saaty's limit of the consistency ratio."""

ROUNDED = 0.05
"""How far [b, a, 0.13] may lie from the reciprocal of [a, b, 8] and still mean it."""


@dataclass(frozen=True, slots=True)
class AnalyticHierarchy:
    """Weigh by pairwise comparisons: the principal eigenvector of their matrix (AHP).

    A w = lambda w, lambda the largest eigenvalue, a_ij = 1 / a_ji how many times as important i is
    consistency ratio = (lambda - k) / (k - 1) / RI_k

    Parameters
    ----------
    comparisons
        By node a list of [a, b, value]: a is `value` times as important as b, above 0, on Saaty's
        scale 1/9 to 9. Every pair of a node's compared children once. Nodes not named keep their
        given weights.

    Edge behaviour
    --------------
    Does not look at the data. All children named are weighed, then cut to those that are scored and
    rescaled. Up to two children are always consistent. A consistency ratio above 0.10 is a warning
    that names the comparison farthest from the ratio of the weights; the ratio itself is always
    told. Random indices RI are Saaty's up to 15 children, beyond Alonso and Lamata's fit.

    Raises
    ------
    ValueError
        For a comparison with itself, a value that is not a positive number up to 1e9, a pair
        without a comparison, or one with two that contradict each other.
    MethodError
        If a child named is not the node's, or a scored child of the node is not compared.

    References
    ----------
    Saaty (1977), A scaling method for priorities in hierarchical structures.
    https://doi.org/10.1016/0022-2496(77)90033-5
    Saaty (1980), The Analytic Hierarchy Process, McGraw-Hill (random index).
    Alonso and Lamata (2006), Consistency in the analytic hierarchy process: a new approach.
    https://doi.org/10.1142/S0218488506004114

    Examples
    --------
    >>> ahp = AnalyticHierarchy({"index": [("x1", "x2", 3)]})
    >>> ahp(np.zeros((4, 2)), Siblings.of(2))
    array([0.75, 0.25])
    """

    comparisons: Mapping[NodeName, tuple[Comparison, ...]]
    kind: Literal["analytic_hierarchy"] = "analytic_hierarchy"

    def __post_init__(self) -> None:
        """Check that every node's comparisons make a reciprocal matrix."""
        if not self.comparisons:
            raise ValueError(say("comparisons must name at least one node"))
        for node, listed in self.comparisons.items():
            comparison_matrix(node, listed)

    def __call__(self, x: Floats, siblings: Siblings) -> Floats:
        """Weigh c children: shares (c,)."""
        listed = self.comparisons.get(siblings.node)
        if listed is None:
            return Given()(x, siblings)
        judged, matrix = comparison_matrix(siblings.node, listed)
        w, _ = principal_eigenvector(matrix)
        return cut_to_scored(judged, w, siblings, say("comparisons of {node}", node=siblings.node))

    def notes(self, x: Floats, siblings: Siblings) -> tuple[Note, ...]:
        """Tell the consistency ratio, and the worst comparison where it is too high."""
        del x
        listed = self.comparisons.get(siblings.node)
        if listed is None:
            return ()
        judged, matrix = comparison_matrix(siblings.node, listed)
        w, largest = principal_eigenvector(matrix)
        ratio = consistency_ratio(largest, len(judged))
        if ratio <= ACCEPTABLE:
            text = say(
                "consistency ratio {ratio:.3f} of the comparisons, acceptable up to 0.10",
                ratio=ratio,
            )
            return (Note(text, level="info"), *cut_notes(judged, siblings))
        text = say(
            "the comparisons are inconsistent: consistency ratio {ratio:.3f}, above 0.10; ",
            ratio=ratio,
        )
        return (Note(text + _worst(judged, matrix, w)), *cut_notes(judged, siblings))


def comparison_matrix(node: str, listed: Sequence[Comparison]) -> tuple[tuple[str, ...], Floats]:
    """Build the matrix (k, k) of a node's comparisons, and the k names in order of appearance."""
    where = say("comparisons of {node}", node=node)
    value_by_pair: dict[tuple[str, str], float] = {}
    for a, b, value in listed:
        if a == b:
            raise ValueError(say("{where}: '{a}' is compared with itself", where=where, a=a))
        if not 1 / LARGEST <= value <= LARGEST:
            raise ValueError(
                say(
                    "{where}: [{a}, {b}, {value:g}]: the value must be a positive number "
                    "between {least:g} and {most:g}",
                    where=where,
                    a=a,
                    b=b,
                    value=value,
                    least=1 / LARGEST,
                    most=LARGEST,
                )
            )
        earlier = value_by_pair.setdefault((a, b), value)
        value_by_pair.setdefault((b, a), 1 / value)
        if abs(earlier / value - 1) > ROUNDED:
            raise ValueError(
                say(
                    "{where} are not reciprocal: {a} is {earlier:g} times as important as {b} "
                    "in one and {value:g} times in another",
                    where=where,
                    a=a,
                    earlier=earlier,
                    b=b,
                    value=value,
                )
            )
    judged = tuple(dict.fromkeys(name for a, b, _ in listed for name in (a, b)))
    if not judged:
        raise ValueError(
            say(
                "{where} must not be empty: leave the node out to keep its given weights",
                where=where,
            )
        )
    missing = [
        say("{a} with {b}", a=a, b=b)
        for a, b in combinations(judged, 2)
        if (a, b) not in value_by_pair
    ]
    if missing:
        raise ValueError(
            say(
                "{where} must cover every pair, missing: {listed}",
                where=where,
                listed=joined(", ", missing),
            )
        )
    matrix = np.eye(len(judged))
    for (a, b), value in value_by_pair.items():
        matrix[judged.index(a), judged.index(b)] = value
    return judged, matrix


def principal_eigenvector(matrix: Floats) -> tuple[Floats, float]:
    """Take the Perron vector (k,) of a positive matrix (k, k), summing to one, and its eigenvalue.

    Rows and columns are first scaled by the rows' geometric means: exact for consistent matrices,
    and what is left to the eigenvalue routine is near ones whatever the range of the weights.
    """
    scale = np.exp(np.log(matrix).mean(axis=1))
    values, vectors = np.linalg.eig(matrix * scale / scale[:, None])
    first = int(values.real.argmax())
    w = np.abs(vectors[:, first].real) * scale
    return w / w.sum(), float(values.real[first])


def consistency_ratio(largest: float, k: int) -> float:
    """Compare the largest eigenvalue of k compared children with that of random comparisons."""
    if k < 3:
        return 0.0
    if k <= len(RANDOM_INDEX):
        random_index = RANDOM_INDEX[k - 1]
    else:
        random_index = (1.7699 * k - 4.3513) / (k - 1)
    return max(largest - k, 0.0) / (k - 1) / random_index


def _worst(judged: tuple[str, ...], matrix: Floats, w: Floats) -> str:
    """Name the comparison that is off by the largest factor, and what would agree."""
    implied = w[:, None] / w
    i, j = np.unravel_index(np.abs(np.log(matrix / implied)).argmax(), matrix.shape)
    if matrix[i, j] < 1:
        i, j = j, i
    return say(
        "farthest off is {a} to {b}, given as {given:.3g} where the weights say {implied:.3g}",
        a=judged[i],
        b=judged[j],
        given=matrix[i, j],
        implied=implied[i, j],
    )
