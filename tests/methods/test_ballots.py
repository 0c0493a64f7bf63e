"""Counting ballots: textbook elections."""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.methods.ballots import count_ballots

NAN = float("nan")

# The vote on Tennessee's capital that textbooks give: Memphis, Nashville, Chattanooga, Knoxville;
# shares of voters near each.
PLACES = np.array([[1, 2, 3, 4], [4, 1, 2, 3], [4, 3, 1, 2], [4, 3, 2, 1]], dtype=float)
VOTERS = np.array([42.0, 26, 15, 17])


def test_the_vote_on_tennessees_capital() -> None:
    """Memphis leads by plurality with 42; Nashville beats each other city: 58, 68 and 68."""
    count = count_ballots(PLACES, VOTERS)
    assert count.plurality.tolist() == [42, 26, 15, 17]
    assert count.borda.tolist() == [126, 194, 173, 107]
    assert count.beats[1].tolist() == [58, 0, 68, 68]
    assert count.beats[2, 3] == 83
    assert count.winner == 1
    assert count.copeland.tolist() == [-3, 3, 1, -1]


def test_condorcets_paradox_has_no_winner() -> None:
    """A > B > C, B > C > A, C > A > B, a third of the voters each: each loses one duel."""
    places = np.array([[1, 2, 3], [3, 1, 2], [2, 3, 1]], dtype=float)
    count = count_ballots(places, np.ones(3))
    assert count.winner is None
    assert count.copeland.tolist() == [0, 0, 0]
    assert count.borda.tolist() == [3, 3, 3]


def test_whom_a_ballot_does_not_name_shares_the_last_place() -> None:
    count = count_ballots(np.array([[1, NAN, NAN]]), np.array([2.0]))
    assert count.borda.tolist() == [4, 1, 1]
    assert count.winner == 0


def test_those_who_share_a_place_share_the_vote() -> None:
    count = count_ballots(np.array([[1, 1, 2]], dtype=float), np.array([1.0]))
    assert count.plurality.tolist() == [0.5, 0.5, 0]
    assert count.winner is None


def test_points_given_out_by_borda_are_all_there_are() -> None:
    rng = np.random.default_rng(1)
    places = rng.integers(1, 5, size=(6, 5)).astype(float)
    voters = rng.integers(1, 9, size=6).astype(float)
    count = count_ballots(places, voters)
    assert count.borda.sum() == pytest.approx(voters.sum() * 10)
    assert count.plurality.sum() == pytest.approx(voters.sum())
