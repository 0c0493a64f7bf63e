"""Edges and errors of the benefit of the doubt and of the programmes beneath it."""

import math
from typing import Any

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.aggregate import BenefitOfTheDoubt, frontier, simplex
from icfscore.methods.context import Floats, Siblings

NAN = np.nan
AB = Siblings.of(2, node="connect", names=("a", "b"))


def score(method: Any, rows: Any, weights: Any = None) -> list[float]:
    x = np.array(rows, dtype=np.float64)
    w = np.ones(x.shape[-1]) if weights is None else np.array(weights, dtype=np.float64)
    return np.asarray(method(x, w, Siblings.of(x.shape[-1]))).tolist()


def notes(method: Any, rows: Any, weights: Any = None) -> list[str]:
    x = np.array(rows, dtype=np.float64)
    w = np.ones(x.shape[-1]) if weights is None else np.array(weights, dtype=np.float64)
    return [note.text for note in method.notes(x, w, Siblings.of(x.shape[-1]))]


def refused(method: Any, rows: Any, siblings: Siblings | None = None) -> MethodError:
    x = np.array(rows, dtype=np.float64)
    with pytest.raises(MethodError) as caught:
        method(x, np.ones(x.shape[-1]), siblings or Siblings.of(x.shape[-1]))
    return caught.value


def random_scores(*shape: int, holes: float = 0.2) -> Floats:
    rng = np.random.default_rng(7)
    x = rng.integers(1, 6, shape).astype(float)
    x[rng.random(shape) < holes] = np.nan
    return x


def test_the_frontier_takes_missing_children_for_nothing() -> None:
    rows = [[4, NAN], [2, 1], [1, 2], [NAN] * 2]
    # w = (1/4, w2): the second may take w2 = 7/16 of (1/4 + 2 w2 <= 1 halves), by hand: the
    # constraints 4 w1 <= 1, 2 w1 + w2 <= 1, w1 + 2 w2 <= 1 meet at w = (1/4, 3/8).
    scores = score(BenefitOfTheDoubt(), rows)
    assert scores[:3] == [1, pytest.approx(7 / 8), 1]
    assert math.isnan(scores[3])


def test_the_frontier_gives_zeros_zero_and_no_zero_column_a_say() -> None:
    assert score(BenefitOfTheDoubt(), [[0, 0], [4, 0], [2, 0]]) == [0, 1, 0.5]
    assert score(BenefitOfTheDoubt(), [[0], [0]]) == [0, 0]
    assert score(BenefitOfTheDoubt(upper=0.5), [[0, 0], [4, 2], [2, 4]])[0] == 0


def test_the_frontier_stands_extreme_scales() -> None:
    rows = np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 1.0]])
    units = np.array([1e300, 1e-300])
    assert score(BenefitOfTheDoubt(), rows * units) == [1, 1, pytest.approx(2 / 3)]
    # Equal shares, one value 1e300 times below the other community's: 2e-300 at most.
    tied = score(BenefitOfTheDoubt(lower=0.5), [[1e-300, 1], [1, 1]])
    assert tied == [pytest.approx(2e-300), 1]


def test_the_frontier_refuses_negative_values() -> None:
    error = refused(BenefitOfTheDoubt(), [[1, 2], [3, -4]])
    assert str(error) == "benefit_of_the_doubt needs values of 0 or more, found -4"
    assert (error.row, error.column) == (1, 1)


def test_a_lower_bound_on_a_child_of_zero_is_refused() -> None:
    error = refused(BenefitOfTheDoubt(lower=0.2), [[1, 2], [0, 5]])
    assert str(error) == (
        "a child that is 0 cannot have the 0.2 of the score that lower asks of it"
    )
    assert (error.row, error.column) == (1, 0)


@pytest.mark.parametrize(
    ("method", "rows", "message"),
    [
        (BenefitOfTheDoubt(lower=0.6), [[1, NAN], [1, 1]], r"lower bounds .* more than 1 \(1\.2\)"),
        (BenefitOfTheDoubt(upper=0.5), [[1, 1], [1, NAN]], r"upper bounds .* less than 1 \(0\.5\)"),
        (BenefitOfTheDoubt(upper=0.5), [[1, 1], [1, 0]], r"upper bounds .* less than 1 \(0\.5\)"),
    ],
)
def test_bounds_that_no_shares_meet_are_refused(method: Any, rows: Any, message: str) -> None:
    with pytest.raises(MethodError, match=message) as caught:
        score(method, rows)
    assert caught.value.row == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"lower": -0.1}, r"lower must lie in 0\.\.1, got -0\.1"),
        ({"upper": {"a": 1.2}}, r"upper of 'a' must lie in 0\.\.1, got 1\.2"),
        ({"lower": NAN}, r"lower must lie in 0\.\.1, got nan"),
        ({"lower": 0.5, "upper": 0.4}, r"lower \(0\.5\) must not be above upper \(0\.4\)"),
        ({"lower": {"a": 0.5}, "upper": 0.4}, r"lower of 'a' \(0\.5\) must not be above upper"),
    ],
)
def test_the_frontier_checks_its_bounds(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BenefitOfTheDoubt(**given)


def test_the_frontier_tells_what_it_ignores_and_how_many_lead() -> None:
    assert notes(BenefitOfTheDoubt(), [[1, 2], [2, 1], [1, 1], [NAN, NAN]], [1, 2]) == [
        "benefit_of_the_doubt ignores how important each child is: the unequal weights do not "
        "count",
        "2 of 3 communities reach the score 1",
    ]


def test_a_bound_by_child_binds_that_child_only() -> None:
    rows = np.array([[1.0, 2.0], [2.0, 1.0]])
    method = BenefitOfTheDoubt(lower={"a": 0.4, "b": 0.0})
    # As if both were bound by 0.4 for the first community; the second is free to take a alone.
    np.testing.assert_allclose(method(rows, np.ones(2), AB), [10 / 11, 1])


@pytest.mark.parametrize("bounds", [{}, {"lower": 0.05, "upper": 0.6}])
def test_pivoting_agrees_with_highs(
    bounds: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    x = random_scores(2, 12, 4, holes=0.1)
    method, w = BenefitOfTheDoubt(**bounds), np.ones(4)
    pivoted = method(x, w, Siblings.of(4))
    monkeypatch.setattr(frontier, "BLOCK", 1)
    np.testing.assert_array_equal(method(x, w, Siblings.of(4)), pivoted)
    monkeypatch.setattr(simplex, "PROOF", -1.0)  # nothing is proven: all go to HiGHS
    np.testing.assert_allclose(method(x, w, Siblings.of(4)), pivoted, rtol=1e-7)


@pytest.mark.parametrize("rows", [[0, 1, 2], [2, 1, 0], [1, 0, 2]])
def test_pivoting_ends_where_ties_abound(rows: list[int]) -> None:
    # Beale's example, which cycles under the textbook rule; its optimum is 1/20.
    gain = np.array([[0.75, -150, 0.02, -6]])
    a = np.array([[[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]]])
    b = np.array([[0.0, 0.0, 1.0]])
    assert simplex.maximise(gain, a[:, rows], b[:, rows])[0] == pytest.approx(0.05)


def test_a_programme_without_an_optimum_is_refused() -> None:
    with pytest.raises(MethodError, match="the linear programme for the most favourable weights"):
        simplex.maximise(np.ones((1, 1)), np.zeros((1, 1, 1)), np.ones((1, 1)))
