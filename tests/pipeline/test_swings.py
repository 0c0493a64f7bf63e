"""One-at-a-time swings, against scoring with the change written into the project."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.pipeline.test_stability import FLAT, RAW, TWO_LEVELS, aggregated, scored

from icfscore.methods.aggregate import Arithmetic, Geometric, MazziottaPareto
from icfscore.methods.normalise import MinMax
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.swings import Swing, find_swings
from icfscore.recipe import Staged, Uncertainty

SCALED = replace(RAW, normalisation=Staged(MinMax()))


def _found(scoring: Scoring, focus: str = "c1", values: Any = None) -> dict[str, Swing]:
    return {swing.name: swing for swing in find_swings(scoring, focus, values)}


def test_a_weight_is_halved_and_doubled_among_its_siblings() -> None:
    """By hand: shares 1/3; halved 1/5, doubled 1/2; c1 has all of x1 and nothing else."""
    found = _found(scored([[10, 0, 0], [0, 4, 4], [4, 1, 1]], FLAT))
    assert list(found) == FLAT
    half, double = found["x1"].ends
    assert (half.setting, double.setting) == (pytest.approx(1 / 5), pytest.approx(1 / 2))
    assert (half.score, half.rank) == (pytest.approx(2), 2)  # c2 has 3.2, c3 1.6
    assert (double.score, double.rank) == (pytest.approx(5), 1)
    assert {end.reason for end in (half, double)} == {""}


def test_weights_of_criteria_swing_and_those_of_their_indicators_do_not() -> None:
    values = np.random.default_rng(2).uniform(0, 9, (5, 5))
    scoring = scored(values, TWO_LEVELS)
    found = _found(scoring)
    assert list(found) == ["a", "b"]
    for name, swing in found.items():
        for factor, end in zip((0.5, 2.0), swing.ends, strict=True):
            again = scored(values, TWO_LEVELS, weights={name: factor})
            assert end.score == pytest.approx(again.ranking.scores[0])
            assert end.rank == again.ranking.rank_of("c1")


def test_an_only_child_has_no_swing() -> None:
    assert _found(scored([[1, 2], [2, 1]], {"a": ["x1", "x2"]})) == {}


def test_values_swing_with_all_scales_taken_anew() -> None:
    values = np.random.default_rng(3).uniform(1, 9, (6, 5))
    scoring = scored(values, TWO_LEVELS, SCALED)
    low, high = values[1] * 0.5, values[1] * 2
    found = _found(scoring, "c2", (low, high))
    assert list(found) == ["a", "b", "x1", "x2", "x3", "x4", "x5"]
    for column in range(5):
        for end, value in zip(found[f"x{column + 1}"].ends, (low, high), strict=True):
            changed = values.copy()
            changed[1, column] = value[column]
            again = scored(changed, TWO_LEVELS, SCALED).ranking
            assert end.setting == value[column]
            assert end.score == pytest.approx(again.scores[1])
            assert end.rank == again.rank_of("c2")


def test_values_without_a_range_do_not_swing() -> None:
    scoring = scored([[1, 2, 3], [3, 2, 1]], FLAT, weights={"x3": 0})
    gap = np.array([1.0, np.nan, 2.0])
    found = {s.name for s in find_swings(scoring, "c1", (gap, gap + 1)) if s.kind == "value"}
    assert found == {"x1"}  # x2 has no range, x3 is not scored


def test_every_alternative_method_is_an_end() -> None:
    values = np.random.default_rng(5).uniform(1, 9, (6, 3))
    scoring = scored(values, FLAT)
    choices = (Staged(Arithmetic()), Staged(Geometric()), Staged(MazziottaPareto()))
    varied = Uncertainty(alternatives={"aggregation": choices})
    scoring = replace(scoring, settings=replace(scoring.settings, uncertainty=varied))
    swing = _found(scoring, "c3")["aggregation"]
    assert swing.kind == "method"
    for end, choice in zip(swing.ends, choices, strict=True):
        again = scored(values, FLAT, aggregated(choice.base)).ranking
        assert end.setting == choice.describe()
        assert (end.score, end.rank) == (pytest.approx(again.scores[2]), again.rank_of("c3"))


def test_what_is_undefined_at_an_end_says_why() -> None:
    scoring = scored([[1, 2, 3], [3, 2, 0.5]], FLAT, aggregated(Geometric()))
    varied = Uncertainty(alternatives={"normalisation": (Staged(MinMax()),)})
    scoring = replace(scoring, settings=replace(scoring.settings, uncertainty=varied))
    low, high = np.array([-1.0, 2, 3]), np.array([2.0, 3, 4])
    found = _found(scoring, "c1", (low, high))
    end = found["normalisation"].ends[0]
    assert (end.score, end.rank) == (None, None)
    assert "the geometric mean needs values above 0" in end.reason
    swing = next(s for s in find_swings(scoring, "c1", (low, high)) if s.kind == "value")
    assert "c1, index, x1: the geometric mean needs values above 0" in swing.ends[0].reason
    assert swing.ends[1].rank is not None


def test_a_focus_without_a_rank_has_no_swings() -> None:
    scoring = scored([[1, 2, 3], [np.nan] * 3], FLAT)
    assert find_swings(scoring, "c2") == ()
