"""Who is ahead of whom in many draws at once."""

from __future__ import annotations

import numpy as np

from icfscore.methods.context import Bools, Ints
from icfscore.methods.ranked import Ranked

BYTES, WORDS = 8, 128  # comparisons in a machine word, and how many words are added at a time


def count_pairs(ranked: Ranked) -> Ints:
    """Count (n, n) twice the draws in which the row has the better rank, ties counting one."""
    n, n_draws = ranked.ahead.shape
    words = -(-n_draws // BYTES)
    if words > WORDS:
        words = -(-words // WORDS) * WORDS
    ahead = np.zeros((n, words * BYTES), dtype=ranked.ahead.dtype)  # equal where there is no draw
    ahead[:, :n_draws] = ranked.ahead
    some = ahead[:, ranked.tied]
    wins = np.zeros((n, n), dtype=np.int64)
    for row in range(n - 1):
        better = _count_true(ahead[row] < ahead[row + 1 :])
        level = (some[row] == some[row + 1 :]).sum(axis=1) if ranked.tied.size else 0
        wins[row, row + 1 :] = 2 * better + level
        wins[row + 1 :, row] = 2 * n_draws - 2 * better - level
    return wins


def _count_true(found: Bools) -> Ints:
    """Count by row of (m, words × 8): eight draws at a time, as the bytes of one number."""
    words = found.view(np.uint64).reshape(len(found), -1, min(WORDS, found.shape[1] // BYTES))
    sums = np.add.reduce(words, axis=2)  # no byte exceeds WORDS
    return np.asarray(sums.view(np.uint8).sum(axis=1, dtype=np.int64))
