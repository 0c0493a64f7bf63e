"""Counts of ranks against a count by hand, draw by draw; they merge in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icfscore.methods.context import Floats, Ints
from icfscore.methods.rank_counts import FULL_TABLE, UNIT, rank_bins
from icfscore.methods.ranked import MOST_COMPARED, count_above, rank_draws
from icfscore.methods.tally import FIXED, MAX_PAIRWISE, Counted, Tally, count_draws


def continuous(n: int, n_draws: int, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=(n, n_draws))


def with_ties(n: int, n_draws: int, seed: int = 0) -> Floats:
    values = np.random.default_rng(seed).integers(0, max(2, n // 2), (n, n_draws))
    return values.astype(np.float64)


def shares(c: int, n_draws: int) -> Floats:
    return np.random.default_rng(7).dirichlet(np.ones(c), n_draws).T


def counted(scores: Floats, nominal: Ints | None = None) -> Counted:
    n, n_draws = scores.shape
    ranks = np.arange(1, n + 1) if nominal is None else nominal
    return count_draws(scores, {"index": shares(3, n_draws)}, rank_bins(n), ranks)


def tally_of(blocks: Iterable[Counted], n: int) -> Tally:
    tally = Tally.start(rank_bins(n), {"index": 3})
    for block in blocks:
        tally.add(block)
    return tally


def by_hand(scores: Floats, w: Floats, nominal: Ints) -> dict[str, Any]:
    """Count draw by draw with fractions of a draw."""
    n, n_draws = scores.shape
    found: dict[str, Any] = {
        "histogram": np.full((n, n), Fraction(0), dtype=object),
        "double_rank": np.zeros(n, dtype=int),
        "double_rank_squared": np.zeros(n, dtype=int),
        "pairwise": np.zeros((n, n), dtype=int),
        "winner_parts": np.full(n, Fraction(0), dtype=object),
        "winner_weights": np.zeros((n, len(w))),
        "shift": 0,
    }
    for draw in range(n_draws):
        values = scores[:, draw]
        for row in range(n):
            ahead, level = (values > values[row]).sum(), (values == values[row]).sum()
            found["histogram"][row, ahead : ahead + level] += Fraction(1, int(level))
            double = 2 * ahead + 1 + level
            found["double_rank"][row] += double
            found["double_rank_squared"][row] += double**2
            found["shift"] += abs(double - 2 * nominal[row])
            for other in range(n):
                better = 2 * (values[row] > values[other]) + (values[row] == values[other])
                found["pairwise"][row, other] += 0 if row == other else better
            if not ahead:
                found["winner_parts"][row] += Fraction(1, int(level))
                found["winner_weights"][row] += w[:, draw] / level
    return found


@pytest.mark.parametrize(("n", "n_draws"), [(1, 4), (2, 9), (5, 200), (21, 300), (120, 30)])
@pytest.mark.parametrize("make", [continuous, with_ties])
def test_counts_are_those_by_hand(n: int, n_draws: int, make: Any) -> None:
    scores = make(n, n_draws)
    nominal = np.random.default_rng(1).integers(1, n + 1, n)
    tally = tally_of([counted(scores, nominal)], n)
    expected = by_hand(scores, shares(3, n_draws), nominal)
    large = scores.max(initial=0) and (n > 22 and make is with_ties)
    exact = tally.histogram.astype(object) - expected["histogram"] * UNIT
    assert np.abs(exact).max() <= (n_draws if large else 0)
    for name in ("double_rank", "double_rank_squared", "pairwise"):
        np.testing.assert_array_equal(getattr(tally, name), expected[name])
    assert tally.shift == expected["shift"]
    parts = (tally.winner_parts / UNIT).astype(float)
    np.testing.assert_allclose(parts, expected["winner_parts"].astype(float), atol=1e-6)
    np.testing.assert_allclose(
        tally.winner_weights["index"] / FIXED, expected["winner_weights"], atol=1e-8
    )


@pytest.mark.parametrize("n", [3, 22, 23, 40, 150])
def test_every_rank_and_every_community_gets_whole_draws(n: int) -> None:
    scores = with_ties(n, 64)
    scores[:, 0] = 1.0  # all tie
    histogram = tally_of([counted(scores)], n).histogram
    assert (histogram.sum(axis=0) == 64 * UNIT).all()
    assert (histogram.sum(axis=1) == 64 * UNIT).all()


def test_all_counts_are_whole_numbers() -> None:
    """So that blocks merge to the last bit the same, in any order."""
    tally = tally_of([counted(with_ties(6, 30))], 6)
    counts = [getattr(tally, each.name) for each in fields(Tally)]
    arrays = [each for each in counts if isinstance(each, np.ndarray)]
    arrays += [Tally.start(rank_bins(6), {}).double_rank_squared, *tally.winner_weights.values()]
    assert len(arrays) > 5
    assert {each.dtype for each in arrays} == {np.dtype(np.int64)}


def test_three_that_tie_share_their_ranks() -> None:
    tally = tally_of([counted(np.array([[2.0], [2.0], [5.0], [2.0]]))], 4)
    thirds = [0, UNIT // 3, UNIT // 3, UNIT // 3]
    np.testing.assert_array_equal(tally.histogram, [thirds, thirds, [UNIT, 0, 0, 0], thirds])
    np.testing.assert_array_equal(tally.double_rank, [6, 6, 2, 6])
    np.testing.assert_array_equal(tally.pairwise[0], [0, 1, 0, 1])
    np.testing.assert_array_equal(tally.pairwise[2], [2, 2, 0, 2])


def test_two_that_tie_for_the_first_place_share_the_draws_weights() -> None:
    tally = tally_of([counted(np.array([[1.0], [1.0], [0.0]]))], 3)
    np.testing.assert_array_equal(tally.winner_parts, [UNIT // 2, UNIT // 2, 0])
    half = shares(3, 1)[:, 0] / 2
    np.testing.assert_allclose(tally.winner_weights["index"][0] / FIXED, half, atol=1e-9)


def test_blocks_merge_in_any_order_to_the_same() -> None:
    blocks = [counted(with_ties(6, 50, seed)) for seed in range(4)]
    first, *others = [tally_of(order, 6) for order in permutations(blocks)]
    for other in others:
        for name in ("histogram", *(field.name for field in fields(Tally))):
            a, b = getattr(first, name), getattr(other, name)
            if name == "counts":
                continue
            if name == "winner_weights":
                a, b = a["index"], b["index"]
            np.testing.assert_array_equal(a, b)


def test_pairs_are_counted_for_any_number_of_draws() -> None:
    for n_draws in (1, 7, 8, 127, 1023, 1024, 1025, 2049):
        scores = continuous(3, n_draws)
        pairwise = tally_of([counted(scores)], 3).pairwise
        expected = 2 * (scores[:, None] > scores).sum(axis=2)
        np.testing.assert_array_equal(pairwise, expected)


def test_beyond_two_thousand_communities_ranks_share_bins() -> None:
    n = FULL_TABLE + 500
    bins = rank_bins(n)
    assert bins[0] == 0
    assert (np.diff(bins) >= 0).all()
    assert bins.size == n > bins[-1]
    tally = tally_of([counted(continuous(n, 3))], n)
    assert (tally.histogram.sum(axis=1) == 3 * UNIT).all()
    assert tally.pairwise.size == 0 < MAX_PAIRWISE
    assert tally.double_rank.sum() == 3 * n * (n + 1)


@pytest.mark.parametrize("n", [2, 21, MOST_COMPARED, MOST_COMPARED + 1, 300])
def test_ranks_count_who_is_ahead(n: int) -> None:
    scores = with_ties(n, 40)
    ranked = rank_draws(scores)
    np.testing.assert_array_equal(ranked.ahead, (scores > scores[:, None]).sum(axis=1))
    tied = [np.unique(scores[:, draw]).size < n for draw in range(40)]
    np.testing.assert_array_equal(ranked.tied, np.flatnonzero(tied))


def test_scores_that_differ_in_the_last_bit_only_do_not_tie() -> None:
    scores = np.array([[1.0, 1e300], [1.0 + 2**-52, 2e300], [1.0 - 2**-53, -np.inf]])
    ranked = rank_draws(scores)
    np.testing.assert_array_equal(ranked.ahead, [[1, 1], [0, 0], [2, 2]])
    assert ranked.tied.size == 0


@given(st.integers(1, 12), st.integers(1, 20), st.integers(0, 2**32))
def test_close_values_are_told_apart_and_equal_ones_are_not(
    n: int, n_draws: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    x = np.round(rng.normal(size=(2, n, n_draws)), 1)
    close = rng.random(x.shape) < 0.3
    x[close] *= 1 + 1e-12 * rng.integers(-2, 3, close.sum())
    expected = (x[:, None] > x[:, :, None]).sum(axis=2)
    np.testing.assert_array_equal(count_above(x), expected)
