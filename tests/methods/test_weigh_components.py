"""Edges and errors of the weights from principal components."""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.context import Floats, Siblings
from icfscore.methods.weigh import PrincipalComponents
from icfscore.methods.weigh.principal_components import components_kept
from icfscore.methods.weigh.varimax import varimax

HADAMARD = np.array(
    [
        [1, 1, 1, 1],
        [1, -1, 1, -1],
        [1, 1, -1, -1],
        [1, -1, -1, 1],
        [-1, 1, 1, -1],
        [-1, -1, 1, 1],
        [-1, 1, -1, 1],
        [-1, -1, -1, -1],
    ],
    dtype=float,
)
"""Four uncorrelated columns."""


def blocks() -> Floats:
    """Two pairs of twins without anything in common: R has the eigenvalues 2, 2, 0, 0."""
    a, b = HADAMARD[:, 0], HADAMARD[:, 1]
    return np.stack([a, a, b, b], axis=1)


def test_two_children_that_agree_count_the_same() -> None:
    x = np.array([[1.0, 5.0], [2.0, 4.0], [3.0, 9.0]])
    assert PrincipalComponents()(x, Siblings.of(2)) == pytest.approx([0.5, 0.5])


def test_a_child_that_moves_against_the_others_is_an_error_naming_it() -> None:
    x = np.array([[1.0, 9.0, 2.0], [2.0, 7.0, 3.0], [3.0, 8.0, 5.0], [4.0, 1.0, 4.0]])
    with pytest.raises(MethodError, match=r"loading on the .* is negative \(-0.5") as caught:
        PrincipalComponents()(np.stack([x, x]), Siblings.of(3))
    assert caught.value.column == 1
    assert "direction" in caught.value.remedy


def test_of_two_opposite_children_one_is_named() -> None:
    x = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])
    with pytest.raises(MethodError, match="is negative") as caught:
        PrincipalComponents()(x, Siblings.of(2))
    assert caught.value.column in (0, 1)


def test_uncorrelated_children_have_no_first_component() -> None:
    with pytest.raises(MethodError, match="explain the same share: no first one"):
        PrincipalComponents()(HADAMARD, Siblings.of(4))


def test_uncorrelated_children_have_no_component_above_one() -> None:
    with pytest.raises(MethodError, match=r"explain 0\.0% together, not more than 60 %"):
        PrincipalComponents("oecd")(HADAMARD, Siblings.of(4))


def test_components_that_explain_too_little_together_are_an_error() -> None:
    share = np.array([0.35, 0.22, 0.15, 0.15, 0.13])
    with pytest.raises(MethodError, match=r"explain 57.0% together, not more than 60 %"):
        components_kept(share, 5)


@pytest.mark.parametrize(
    ("share", "n_kept"),
    [
        ([0.61, 0.39], 1),
        ([0.5, 0.26, 0.12, 0.12], 2),
        ([0.52, 0.11, 0.09] + [0.02] * 14, 2),
    ],
)
def test_components_need_an_eigenvalue_above_one_and_a_tenth(
    share: list[float], n_kept: int
) -> None:
    """Of 4 children a fourth of the variance is an eigenvalue of one; of 17 a seventeenth is, and
    the tenth binds.
    """
    assert components_kept(np.array(share), len(share)) == n_kept


def test_an_eigenvalue_of_one_is_not_above_one() -> None:
    with pytest.raises(MethodError, match=r"explain 40\.0% together"):
        components_kept(np.array([0.4, 0.25, 0.2, 0.15]), 4)


def test_two_blocks_of_twins_are_found_from_the_saddle_between_them() -> None:
    """The unrotated loadings of equal blocks are where a gradient search would stay."""
    loadings = np.array([[0.6, 0.6], [0.6, 0.6], [0.6, -0.6], [0.6, -0.6]])
    rotated = np.abs(varimax(loadings))
    assert np.sort(rotated, axis=1) == pytest.approx(np.tile([0, np.sqrt(0.72)], (4, 1)), abs=1e-12)
    assert PrincipalComponents("oecd")(blocks(), Siblings.of(4)) == pytest.approx([0.25] * 4)


def test_varimax_leaves_one_factor_and_rows_of_zeros_alone() -> None:
    single = np.array([[0.5], [0.0], [-0.2]])
    assert varimax(single) == pytest.approx(single)
    rotated = varimax(np.array([[0.9, 0.3], [0.0, 0.0], [0.2, 0.8]]))
    assert rotated[1].tolist() == [0, 0]


def test_varimax_keeps_what_the_factors_explain_of_each_child() -> None:
    loadings = np.random.default_rng(4).normal(size=(3, 6, 3))
    rotated = varimax(loadings)
    np.testing.assert_allclose((rotated**2).sum(-1), (loadings**2).sum(-1))
    np.testing.assert_allclose(
        rotated @ np.swapaxes(rotated, -1, -2), loadings @ np.swapaxes(loadings, -1, -2)
    )
    np.testing.assert_array_equal(rotated[1], varimax(loadings[1]))


def test_a_single_varying_child_takes_all_under_either_rule() -> None:
    x = np.array([[1.0, 2.0], [1.0, 3.0], [1.0, 5.0]])
    for rule in ("loadings", "oecd"):
        assert PrincipalComponents(rule)(x, Siblings.of(2)).tolist() == [0, 1]


def test_one_component_kept_weighs_by_squared_loadings() -> None:
    """By hand: R = [[1, 1/2], [1/2, 1]] has the eigenvalue 3/2 (75 %) with equal loadings."""
    x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
    assert PrincipalComponents("oecd")(x, Siblings.of(2)) == pytest.approx([0.5, 0.5])
    (note,) = PrincipalComponents("oecd").notes(x, Siblings.of(2))
    assert (note.level, note.text) == ("info", "principal components used explain 75.0%")


def test_draws_that_keep_different_numbers_of_components_stand_side_by_side() -> None:
    rng = np.random.default_rng(1)
    common = rng.normal(size=(8, 1))
    x = np.stack([blocks(), common + 0.3 * rng.normal(size=(8, 4)), np.ones((8, 4)), blocks()])
    together = PrincipalComponents("oecd")(x, Siblings.of(4))
    for draw, w in zip(x, together, strict=True):
        np.testing.assert_array_equal(PrincipalComponents("oecd")(draw, Siblings.of(4)), w)
