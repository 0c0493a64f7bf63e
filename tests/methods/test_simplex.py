"""The simplex method: without help from SciPy's solver, against it, and step by step by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from icfscore.errors import MethodError
from icfscore.methods.aggregate import simplex


@pytest.fixture
def unaided(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> float:
        raise AssertionError("the simplex method did not prove its own optimum")

    monkeypatch.setattr(simplex, "_maximise_by_highs", refuse)


@pytest.mark.usefixtures("unaided")
@pytest.mark.parametrize("size", [0.001, 1.0, 1e6])
def test_it_proves_the_optimum_of_many_programmes_at_once(size: float) -> None:
    rng = np.random.default_rng(4)
    gain, a, b = rng.random((40, 5)), rng.random((40, 8, 5)), size * rng.random((40, 8))
    found = simplex.maximise(gain, a, b)
    for number in range(40):
        solved = linprog(-gain[number], A_ub=a[number], b_ub=b[number], method="highs")
        assert found[number] == pytest.approx(-solved.fun, rel=1e-9)


@pytest.mark.usefixtures("unaided")
def test_beales_programme_does_not_go_round_in_circles() -> None:
    """Beale (1955), on which the largest gain goes round in circles: the optimum is 1/20."""
    gain = np.array([[0.75, -150, 0.02, -6]])
    a = np.array([[[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]]])
    assert simplex.maximise(gain, a, np.array([[0.0, 0, 1]])) == pytest.approx([0.05])


def test_what_grows_without_end_is_an_error() -> None:
    with pytest.raises(MethodError, match="most favourable weights failed"):
        simplex.maximise(np.ones((1, 2)), np.array([[[1.0, 0.0]]]), np.ones((1, 1)))


def test_the_largest_gain_comes_in_or_the_first_by_number() -> None:
    cost = np.array([[-1.0, 2, 3, 0], [1, 0, 5, 2]])
    labels = np.array([[0, 4, 6, 1], [7, 0, 4, 3]])
    assert simplex._entering(cost, labels, bland=False).tolist() == [2, 2]
    assert simplex._entering(cost, labels, bland=True).tolist() == [1, 3]


def test_what_binds_first_goes_out_among_equals_the_largest_pivot_or_the_first_by_number() -> None:
    """Steps 6/2, none, 3/1, 9/3 and 8/2, all in tenths: three bind at 3, the fourth's pivot being
    the largest and the third's number the least. The second programme is the first upside down.
    """
    table = np.array([[[2.0, 9], [-1, 9], [1, 9], [3, 9], [2, 9]]]) / 10
    right, labels = np.array([[6.0, 1, 3, 9, 8]]) / 10, np.array([[7, 0, 4, 5, 2]])
    both = [np.concatenate([each, each[:, ::-1]]) for each in (table, right, labels)]
    enter = np.array([0, 0])
    assert simplex._leaving(*both, enter, bland=False).tolist() == [3, 1]
    assert simplex._leaving(*both, enter, bland=True).tolist() == [2, 2]
