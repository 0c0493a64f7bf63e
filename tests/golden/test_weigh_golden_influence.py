"""Equal influence against cases solved by hand from the formula of Paruolo et al.

(What COINr's documentation prints for its ASEM data is in `test_more_golden`.)
"""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.methods.context import Siblings
from icfscore.methods.weigh import EqualInfluence

ORTHOGONAL = np.array([[1.0, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])


def test_equal_influence_of_two_children_divides_by_the_spread() -> None:
    """Paruolo, Saisana and Saltelli (2013): with two variables the ratio of influences
    is (w1 s1 + r w2 s2) / (w2 s2 + r w1 s1), which is one at w1 s1 = w2 s2 whatever r. By hand:
    sums of squares 5 and 500 (ratio of s: 1 to 10) give 10/11 and 1/11.
    """
    x = np.array([[1.0, 40.0], [2.0, 10.0], [3.0, 20.0], [4.0, 30.0]])
    shares = EqualInfluence()(x, Siblings.of(2))
    assert shares == pytest.approx([10 / 11, 1 / 11], abs=1e-12)


def test_influence_as_given_of_two_children() -> None:
    """The same formula solved for a ratio of 2, by hand: w1 s1 / (w2 s2) = (2 - r) / (1 - 2 r).
    Ranks 1 to 5 against 1, 3, 4, 5, 2: equal s, r = 1 - 6 × 12 / 120 = 2/5, so 8 to 1.
    """
    x = np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 4.0], [4.0, 5.0], [5.0, 2.0]])
    shares = EqualInfluence("given")(x, Siblings.of(2, given=np.array([2.0, 1.0])))
    assert shares == pytest.approx([8 / 9, 1 / 9], abs=1e-12)


def test_equal_influence_of_three_children() -> None:
    """By hand: columns a, a + b, c of orthogonal a, b, c have R = [[1, q, 0], [q, 1, 0], [0, 0, 1]],
    q = 1/sqrt 2. R u = (1, 1, 1) gives u = (2 - sqrt 2, 2 - sqrt 2, 1), and w = u / s with s in the
    proportion 1, sqrt 2, 1.
    """
    a, b, c = ORTHOGONAL.T
    shares = EqualInfluence()(np.stack([a, a + b, c], axis=1), Siblings.of(3))
    w = np.array([2 - np.sqrt(2), np.sqrt(2) - 1, 1.0])
    assert shares == pytest.approx(w / w.sum(), abs=1e-12)
