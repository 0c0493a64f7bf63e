"""Axioms that some aggregations do not satisfy, each shown by an example."""

from typing import Any

import numpy as np
import pytest

from icfscore.methods.aggregate import (
    BenefitOfTheDoubt,
    BordaCount,
    Copeland,
    MazziottaPareto,
    PrometheeII,
    Topsis,
    Vikor,
)
from icfscore.methods.context import Floats, Siblings


def score(method: Any, x: Floats, w: Floats) -> Floats:
    return np.asarray(method(x, w, Siblings.of(x.shape[-1])))


@pytest.mark.parametrize(
    ("method", "rows"),
    [
        (Topsis(), [[3, 5, 4], [3, 4, 5], [4, 5, 3], [1, 2, 3]]),
        (Vikor(), [[2, 2], [1, 4], [4, 2], [3, 1]]),
        (BordaCount(), [[3, 5], [5, 3], [5, 1], [2, 4]]),
        (Copeland(), [[1, 2, 5], [2, 5, 1], [5, 2, 4], [4, 1, 2]]),
        (PrometheeII(), [[4, 5, 3], [5, 1, 4], [2, 3, 4], [3, 4, 2]]),
        (BenefitOfTheDoubt(), [[2, 3], [3, 2], [2, 4], [5, 2]]),
    ],
    ids=str,
)
def test_two_communities_may_change_places_when_a_third_leaves(
    method: Any, rows: list[list[int]]
) -> None:
    """Independence of irrelevant alternatives fails for all methods that compare."""
    x, w = np.array(rows, float), np.ones(len(rows[0]))
    assert np.diff(score(method, x, w))[0] < 0
    assert np.diff(score(method, x[:-1], w))[0] > 0


def test_mazziotta_pareto_may_punish_a_better_value() -> None:
    """It is not monotone: 1, 1, 10 has a mean of 4 and a penalty of 4.5."""
    scores = score(MazziottaPareto(), np.array([[1.0, 1, 1], [1, 1, 10]]), np.ones(3))
    np.testing.assert_allclose(scores, [1, -0.5])


def test_topsis_depends_on_the_units_of_its_columns() -> None:
    x, w = np.array([[1.0, 3.0], [3.0, 1.0], [2.5, 2.5]]), np.ones(2)
    assert np.diff(score(Topsis(), x, w))[0] == 0
    assert np.diff(score(Topsis(), x * [1, 10], w))[0] < 0


def test_borda_is_not_decided_by_a_majority() -> None:
    """Two of three children prefer the first community; Borda prefers the second."""
    x, w = np.array([[3.0, 3, 1], [2, 2, 3], [1, 1, 2]]), np.array([2.0, 1, 2])
    assert np.argmax(score(Copeland(), x, w)) == 0
    assert np.argmax(score(BordaCount(), x, w)) == 1
