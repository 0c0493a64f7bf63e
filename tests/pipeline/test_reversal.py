"""The weights that reverse an order: put into the recipe they bring two communities level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.pipeline.test_stability import TWO_LEVELS, aggregated, scored

from icfscore.methods.aggregate import Arithmetic, Geometric, Harmonic, PowerMean, Topsis
from icfscore.pipeline.reversal import find_reversal

FOUR = st.lists(st.integers(1, 9), min_size=4, max_size=4)
MEANS = [Arithmetic(), Geometric(), Harmonic(), PowerMean(exponent=2)]
FLAT = ["x1", "x2", "x3", "x4"]


@given(st.lists(FOUR, min_size=2, max_size=4), st.sampled_from(MEANS))
def test_the_weights_found_bring_them_level(values: list[list[int]], method: object) -> None:
    recipe = aggregated(method)
    found = find_reversal(scored(values, FLAT, recipe), "c1", "c2")
    assume(found.state == "found")
    level = scored(values, FLAT, recipe, dict(found.then)).ranking.scores
    assert level[0] == pytest.approx(level[1], rel=1e-9)
    for name, share in found.alone.items():
        rest = sum(now for other, now in found.now.items() if other != name)
        weights = {
            other: share if other == name else now / rest * (1 - share)
            for other, now in found.now.items()
        }
        level = scored(values, FLAT, recipe, weights).ranking.scores
        assert level[0] == pytest.approx(level[1], rel=1e-9)
        moved = sum(abs(weights[other] - now) for other, now in found.now.items()) / 2
        assert moved >= found.moved - 1e-12


def test_by_hand() -> None:
    # 8, 2 against 2, 4: equal weights lead by 2. Of the lead 6 and the lag 2, a quarter of the
    # weight has to move: 1/4 · 8 = 2.
    found = find_reversal(scored([[8, 2], [2, 4]], ["x1", "x2"]), "c2", "c1")
    assert (found.state, found.leader, found.moved) == ("found", "c1", pytest.approx(0.25))
    assert found.then == pytest.approx({"x1": 0.25, "x2": 0.75})
    assert found.alone == pytest.approx({"x1": 0.25, "x2": 0.75})


def test_who_is_ahead_everywhere_stays_ahead() -> None:
    assert find_reversal(scored([[8, 5], [2, 4]], ["x1", "x2"]), "c1", "c2").state == "dominated"


def test_level_already() -> None:
    found = find_reversal(scored([[8, 2], [2, 8]], ["x1", "x2"]), "c1", "c2")
    assert (found.state, found.leader) == ("level", None)


def test_what_cannot_be_told_says_why() -> None:
    ranked_by_distance = scored([[8, 5], [2, 6], [1, 1]], ["x1", "x2"], aggregated(Topsis()))
    found = find_reversal(ranked_by_distance, "c1", "c2")
    assert (found.state, found.gaps) == ("unknown", ())
    gap = np.nan
    some = scored([[8, 8, gap, gap, gap], [2, 4, 6, 9, 3], [1] * 5], TWO_LEVELS)
    found = find_reversal(some, "c1", "c2")
    assert (found.state, found.gaps) == ("unknown", ("b",))
