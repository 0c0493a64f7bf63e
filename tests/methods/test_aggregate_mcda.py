"""Edges and errors of voting rules, distances and outranking."""

import math
from typing import Any

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.aggregate import (
    BenefitOfTheDoubt,
    BordaCount,
    Copeland,
    PrometheeII,
    Topsis,
    Vikor,
    pairs,
)
from icfscore.methods.context import Floats, Siblings

NAN, HUGE = np.nan, 1.7e308
AB = Siblings.of(2, node="connect", names=("a", "b"), declared=("a", "b", "dropped"))


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


@pytest.mark.parametrize(
    ("method", "alone", "level"),
    [
        (Copeland(), 0, [0, 0]),
        (BordaCount(), 0, [0.5, 0.5]),
        (Topsis(), 0.5, [0.5, 0.5]),
        (Vikor(), 1, [1, 1]),
        (PrometheeII(), 0, [0, 0]),
        (BenefitOfTheDoubt(), 1, [1, 1]),
    ],
    ids=str,
)
def test_one_community_and_two_equal_ones_have_a_score(
    method: Any, alone: float, level: list[float]
) -> None:
    assert score(method, [[3, 5]]) == [alone]
    assert score(method, [[3], [3]]) == level
    assert score(method, [[3, 5], [3, 5]]) == level
    assert math.isnan(score(method, [[NAN, NAN]])[0])


def test_copeland_takes_nearly_half_for_a_tie() -> None:
    rows = [[2, 2, 2, 1, 1, 1], [1, 1, 1, 2, 2, 2]]
    assert score(Copeland(), rows, np.full(6, 1 / 6)) == [0, 0]
    assert score(Copeland(), rows, [0.1, 0.2, 0.2, 0.2, 0.2, 0.1]) == [0, 0]
    assert score(Copeland(), [[2, 1], [1, 2]], [1, 1 + 1e-13]) == [0, 0]
    assert score(Copeland(), [[2, 1], [1, 2]], [1, 1 + 1e-9]) == [-1, 1]


def test_copeland_compares_by_what_both_have() -> None:
    rows = [[1, 9, NAN], [2, NAN, 5], [NAN, 1, NAN], [NAN] * 3]
    # The first loses to the second (2 > 1), beats the third (9 > 1); these two share nothing.
    scores = score(Copeland(), rows)
    assert scores[:3] == [0, 1, -1]
    assert math.isnan(scores[3])


def test_borda_counts_among_those_who_have_the_child() -> None:
    rows = [[1, 9], [2, NAN], [2, 3], [NAN, 9]]
    # First child among three: 0, 1.5, 1.5 points; second among three: 1.5, 0, 1.5.
    assert score(BordaCount(), rows, [3, 1]) == [1.5 / 4, 1.5, 1.5 * 3 / 4, 1.5]


def test_negative_zero_equals_zero() -> None:
    assert score(BordaCount(), [[0.0], [-0.0], [-1.0]]) == [1.5, 1.5, 0]


@pytest.mark.parametrize(
    "method", [Copeland(), PrometheeII(), PrometheeII("linear", 1, 3)], ids=str
)
@pytest.mark.parametrize("block", [1, 7, 60])
def test_the_size_of_blocks_does_not_matter(
    method: Any, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, w = random_scores(3, 11, 4), np.array([1.0, 2.0, 3.0, 4.0])
    whole = method(x, w, Siblings.of(4))
    monkeypatch.setattr(pairs, "BLOCK", block)
    np.testing.assert_array_equal(method(x, w, Siblings.of(4)), whole)


def test_two_thousand_communities_are_compared_in_blocks() -> None:
    x = np.random.default_rng(3).random((2000, 3))
    scores = Copeland()(x, np.ones(3), Siblings.of(3))
    assert scores.sum() == 0
    sample = x[17]
    wins = (np.sign(np.sign(sample - x).sum(axis=-1))).sum()
    assert scores[17] == wins


def test_topsis_ignores_constant_children_and_tells() -> None:
    rows = [[1, 5], [2, 5], [3, NAN]]
    assert score(Topsis(), rows) == [0, 0.5, 1]
    assert notes(Topsis(), rows) == ["all values are equal: the child tells nobody apart"]
    assert notes(Topsis(), [[1, 2], [2, 1]]) == []


def test_topsis_puts_the_indistinct_in_the_middle_and_warns() -> None:
    rows = [[NAN, 5], [2, 5], [3, 5]]
    assert score(Topsis(), rows) == [0.5, 0, 1]
    assert notes(Topsis(), rows)[1] == (
        "1 of 3 communities have constant children only: topsis gives them the middle, 0.5"
    )
    assert notes(Topsis(), rows, [1, 0]) == []


@pytest.mark.parametrize("unit", [1e-320, 1e-200, 1e200, HUGE / 4])
def test_distances_stand_extreme_scales(unit: float) -> None:
    rows = np.array([[1.0, 3.0], [2.0, 1.0], [4.0, 2.0]])
    for method in (Topsis(), Vikor()):
        np.testing.assert_allclose(score(method, rows * unit), score(method, rows), rtol=1e-3)
    opposite = [[HUGE, -HUGE], [-HUGE, HUGE]]
    assert score(Topsis(), opposite) == [0.5, 0.5]
    assert score(Vikor(), opposite) == [1, 1]


def test_vikor_weighs_what_a_community_has() -> None:
    rows = [[1, 4], [2, NAN], [3, 2]]
    # Shares lost: (1, 0), (0.5, -), (0, 1). S = 0.5, 0.5, 0.5; R = 0.5, 0.5, 0.5.
    assert score(Vikor(), rows) == [1, 1, 1]
    assert notes(Vikor(), rows) == [
        "all communities have the same mean regret S: it plays no part in vikor",
        "all communities have the same largest regret R: it plays no part in vikor",
    ]


def test_vikor_does_not_blow_up_rounding() -> None:
    rows = np.array([[0.1, 0.2, 0.3], [0.2, 0.3, 0.1], [0.3, 0.1, 0.2]])
    assert score(Vikor(v=1), rows) == [1, 1, 1]


@pytest.mark.parametrize("v", [-0.1, 1.1, NAN])
def test_vikor_checks_its_compromise(v: float) -> None:
    with pytest.raises(ValueError, match=r"v must lie in 0\.\.1, got"):
        Vikor(v=v)


@pytest.mark.parametrize(
    ("method", "degrees"),
    [
        (PrometheeII("usual"), [0, 1, 1, 1, 1]),
        (PrometheeII("u_shape", indifference=1), [0, 0, 1, 1, 1]),
        (PrometheeII("v_shape", preference_threshold=3), [0, 1 / 3, 2 / 3, 1, 1]),
        (PrometheeII("level", indifference=1, preference_threshold=3), [0, 0, 0.5, 0.5, 1]),
        (PrometheeII("linear", indifference=1, preference_threshold=3), [0, 0, 0.5, 1, 1]),
        (PrometheeII("linear", indifference=2, preference_threshold=2), [0, 0, 0, 1, 1]),
        (PrometheeII("gaussian", sigma=2), [1 - math.exp(-d * d / 8) for d in range(5)]),
    ],
    ids=str,
)
def test_the_six_preference_functions_hold_at_their_thresholds(
    method: Any, degrees: list[float]
) -> None:
    for gap, degree in enumerate(degrees):
        assert score(method, [[10 + gap], [10]]) == [pytest.approx(degree), pytest.approx(-degree)]


def test_promethee_counts_those_who_have_a_score() -> None:
    assert score(PrometheeII(), [[3], [2], [NAN], [1]])[:2] == [1, 0]
    # Nothing in common: neither is preferred, but both count.
    assert score(PrometheeII(), [[3, NAN], [NAN, 2], [1, 1]]) == [0.5, 0.5, -1]


def test_promethee_stands_extreme_gaps() -> None:
    rows = [[HUGE], [-HUGE]]
    for method in (PrometheeII("gaussian", sigma=1e-300), PrometheeII("linear", 1, 2)):
        assert score(method, rows) == [1, -1]
    assert score(PrometheeII(), [[5e-324], [0.0]]) == [1, -1]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"preference": "u_shape"}, "preference u_shape needs indifference"),
        ({"preference": "v_shape"}, "preference v_shape needs preference_threshold"),
        ({"preference": "linear", "indifference": 1}, "linear needs preference_threshold"),
        ({"preference": "gaussian"}, "preference gaussian needs sigma"),
        ({"preference": "gaussian", "sigma": 0}, "sigma must be above 0 and finite, got 0"),
        (
            {"preference": "v_shape", "preference_threshold": {"a": 1, "b": 0}},
            "preference_threshold of 'b' must be above 0 and finite, got 0",
        ),
        (
            {"preference": "u_shape", "indifference": -1},
            "indifference must be 0 or more and finite, got -1",
        ),
        ({"preference": "u_shape", "indifference": math.inf}, "finite, got inf"),
        (
            {"preference": "level", "indifference": 3, "preference_threshold": 2},
            r"indifference \(3\) must not be above preference_threshold \(2\)",
        ),
        (
            {"preference": "linear", "indifference": {"a": 3}, "preference_threshold": 2},
            r"indifference of 'a' \(3\) must not be above preference_threshold \(2\)",
        ),
        ({"preference": "hexagonal"}, "preference must be one of usual, u_shape, v_shape"),
    ],
)
def test_promethee_checks_its_thresholds(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PrometheeII(**given)


def test_promethee_tells_of_thresholds_it_does_not_read() -> None:
    assert notes(PrometheeII(sigma=2), [[1], [2]]) == ["preference usual does not use sigma"]


def test_a_threshold_mapping_names_every_child() -> None:
    lacking = refused(PrometheeII("u_shape", indifference={"a": 0.1}), [[1, 2], [3, 4]], AB)
    assert str(lacking) == "indifference has no value for 'b', a child of connect"
    assert lacking.column == 1


def test_a_child_that_a_bound_does_not_name_has_none() -> None:
    x, w = np.array([[1.0, 2.0], [3.0, 4.0]]), np.ones(2)
    some = BenefitOfTheDoubt(lower={"a": 0.1})(x, w, AB)
    assert some.tolist() == BenefitOfTheDoubt(lower={"a": 0.1, "b": 0})(x, w, AB).tolist()


@pytest.mark.parametrize(
    "method_of",
    [
        lambda given: PrometheeII("u_shape", indifference=given),
        lambda given: BenefitOfTheDoubt(lower=given),
    ],
)
def test_mappings_name_no_strangers(method_of: Any) -> None:
    rows = [[1, 2], [3, 4]]
    parameter = "indifference" if isinstance(method_of({"a": 0.0}), PrometheeII) else "lower"
    stranger = refused(method_of({"a": 0.1, "b": 0.1, "bb": 0.1}), rows, AB)
    assert str(stranger) == f"{parameter} names 'bb', which is no child of connect"
    assert "did you mean" in stranger.remedy or "one of" in stranger.remedy
    method_of({"a": 0.1, "b": 0.1, "dropped": 0.1})(np.array(rows, float), np.ones(2), AB)
