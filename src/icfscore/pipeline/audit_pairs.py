"""The pairs of a score's parts: which say the same, which move against each other.

Decisions. Fewer than five communities make no pair suspicious. Up to 20,000 pairs (200 parts) are
listed one by one; of more, only the thousand strongest of either suspicion, for millions of pairs
are no list that anybody reads. All are counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Bools, Floats, Ints
from icfscore.methods.audit import Measure, correlate_all, measure_of, pair_at

SAME = 0.92
"""Two children that correlate more than this say the same."""

FEWEST = 5
MOST_LISTED = 20_000
MOST_SUSPICIOUS = 1_000


@dataclass(frozen=True, slots=True)
class Pair:
    """The correlation of two parts, and what is suspicious about it.

    Attributes
    ----------
    suspicion
        ``negative`` within a node, ``same`` above 0.92 in absolute value (which counts first), else
        "".
    """

    first: str
    second: str
    correlation: Measure
    suspicion: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs of a score's parts, counted, and those of them that are listed.

    Attributes
    ----------
    listed
        All, or where they are too many the strongest suspicious ones.
    all, told, against
        Number of pairs, of those with a correlation, of those with one below 0.
    mean
        Mean correlation, None where there is none.
    suspicious
        Number of pairs by suspicion.
    """

    listed: tuple[Pair, ...]
    all: int
    told: int
    against: int
    mean: float | None
    suspicious: dict[str, int]


def find_pairs(names: tuple[str, ...], values: Floats, *, across: bool) -> Pairs:
    """Correlate the parts' values (n, c), pair by pair.

    Parameters
    ----------
    across
        Whether the parts are of several scores: then none is suspicious for moving against another.
    """
    r, n = correlate_all(values)
    told = ~np.isnan(r)
    enough = told & (n >= FEWEST)
    same = enough & (np.abs(r) > SAME)
    negative = np.zeros_like(same) if across else enough & ~same & (r < 0)
    shown = np.arange(len(r))
    if len(r) > MOST_LISTED:
        shown = np.sort(np.concatenate([_strongest(r, kind) for kind in (same, negative)]))
    listed = []
    for position in shown.tolist():
        i, j = pair_at(position, len(names))
        suspicion = "same" if same[position] else "negative" if negative[position] else ""
        found = measure_of(r[position], n[position])
        listed.append(Pair(names[i], names[j], found, suspicion))
    return Pairs(
        listed=tuple(listed),
        all=len(r),
        told=int(told.sum()),
        against=int((r < 0).sum()),
        mean=float(np.mean(r[told])) if told.any() else None,
        suspicious={"same": int(same.sum()), "negative": int(negative.sum())},
    )


def _strongest(r: Floats, suspicious: Bools) -> Ints:
    found = np.flatnonzero(suspicious)
    if len(found) > MOST_SUSPICIOUS:
        found = found[np.argpartition(-np.abs(r[found]), MOST_SUSPICIOUS)[:MOST_SUSPICIOUS]]
    return np.asarray(found, dtype=np.int64)
