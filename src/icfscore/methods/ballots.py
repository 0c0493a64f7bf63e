"""Counting ballots: plurality, Borda, majorities in pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.methods.context import Floats

_TIE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """What ballots on n candidates come to.

    Attributes
    ----------
    plurality
        (n,) first places; those who share one share the vote.
    borda
        (n,) candidates placed below, over all ballots; a tie counts half.
    beats
        (n, n) voters who place the row above the column, ties counting half.
    copeland
        (n,) majorities won less those lost.
    winner
        The candidate who beats every other by majority (Condorcet); None where nobody does.
    """

    plurality: Floats
    borda: Floats
    beats: Floats
    copeland: Floats
    winner: int | None


def count_ballots(places: Floats, voters: Floats) -> Count:
    """Count ballots (v, n) of places, the best lowest, each cast by so many voters (v,).

    Parameters
    ----------
    places
        NaN for a candidate that a ballot does not name: all these share the last place.

    References
    ----------
    Young (1988), Condorcet's theory of voting. https://doi.org/10.2307/1961757

    Examples
    --------
    >>> count_ballots(np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 3.0]]), np.array([2.0, 1.0])).winner
    0
    """
    ranks = np.where(np.isnan(places), np.inf, places)
    above = (ranks[:, :, None] < ranks[:, None, :]).astype(float)
    above += 0.5 * (ranks[:, :, None] == ranks[:, None, :])
    beats = np.einsum("v,vij->ij", voters, above)
    np.fill_diagonal(beats, 0.0)
    first = ranks == ranks.min(axis=1, keepdims=True)
    plurality = voters @ (first / first.sum(axis=1, keepdims=True))
    gap = beats - beats.T
    wins = np.where(np.abs(gap) < _TIE, 0.0, np.sign(gap))
    others = ranks.shape[1] - 1
    winners = np.flatnonzero((wins > 0).sum(axis=1) == others)
    return Count(
        plurality,
        beats.sum(axis=1),
        beats,
        wins.sum(axis=1),
        int(winners[0]) if len(winners) and others else None,
    )
