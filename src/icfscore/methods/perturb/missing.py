"""What stands in for missing values from draw to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from icfscore.methods.context import Bools, Floats, Ints

ROWS = np.int32  # of donors: there may be as many lists of them as gaps
ENOUGH = 5  # donors with values of their own; with fewer, proxies may be given too


@dataclass(frozen=True, slots=True)
class FixedMissing:
    """Leave gaps as the recipe's imputation leaves them.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3.
    https://doi.org/10.1787/9789264043466-en
    """

    kind: Literal["fixed"] = "fixed"


@dataclass(frozen=True, slots=True)
class HotDeck:
    """Fill a gap with the value of a donor community, drawn anew each time.

    One donor is drawn for all of a community's gaps below one criterion, so that its values go
    together. Donors have values of their own of all of them, or, where fewer than five have, any
    values; where nobody has all, each gap gets its own donor. After another imputation the donor
    gives its residual instead: its value less what the imputation puts there when it is taken away
    (donors are taken away a tenth at a time), added to what was imputed; divided by it, and
    multiplied, for positive ratios and counts.

    Edge behaviour
    --------------
    An indicator that nobody has stays missing.

    References
    ----------
    Andridge and Little (2010), A review of hot deck imputation for survey non-response.
    https://doi.org/10.1111/j.1751-5823.2010.00103.x
    """

    kind: Literal["hot_deck"] = "hot_deck"


MissingUncertainty = FixedMissing | HotDeck


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """Gaps that one donor fills: a community's row, the columns, and the rows of the donors."""

    row: int
    columns: Ints
    donors: Ints


def find_gaps(present: Bools, own: Bools, criterion: Ints) -> tuple[Gap, ...]:
    """Find who may give to whom.

    Parameters
    ----------
    present, own
        (n, k) where there is a value, and where it is the community's own.
    criterion
        (k,) number of the criterion that each indicator belongs to.
    """
    gaps = []
    donors: dict[bytes, Ints] = {}  # the same for the same columns: many gaps share them
    for number in np.unique(criterion):
        mine = criterion == number
        for row in np.flatnonzero((mine & ~present).any(axis=1)):
            columns = np.flatnonzero(mine & ~present[row])
            gaps.extend(_gaps(int(row), columns, present, own, donors))
    return tuple(gaps)


def _gaps(
    row: int, columns: Ints, present: Bools, own: Bools, known: dict[bytes, Ints]
) -> list[Gap]:
    donors = known.get(columns.tobytes())
    if donors is None:
        donors = np.flatnonzero(own[:, columns].all(axis=1))
        if donors.size < ENOUGH:
            donors = np.flatnonzero(present[:, columns].all(axis=1))
        donors = known[columns.tobytes()] = donors.astype(ROWS)
    if donors.size:
        return [Gap(row, columns, donors)]
    if columns.size == 1:
        return []
    alone = (np.array([column]) for column in columns)
    return [gap for column in alone for gap in _gaps(row, column, present, own, known)]


def choose_donors(gap: Gap, u: Floats) -> Ints:
    """Choose a donor's row in each draw by uniform numbers u (B,) below 1."""
    return gap.donors[(u * gap.donors.size).astype(np.intp)]


@dataclass(frozen=True, slots=True, eq=False)
class Deck:
    """Gaps laid out to be filled together, as many as there are.

    Attributes
    ----------
    donors
        (d,) rows of all lists of donors, one list after the other.
    first, sizes
        (g, 1) where a gap's list of donors begins, and how many these are.
    by_column
        A column, which of the gaps it has (m,), and their rows (m,).
    """

    donors: Ints
    first: Ints
    sizes: Ints
    by_column: tuple[tuple[int, Ints, Ints], ...]

    @classmethod
    def of(cls, gaps: tuple[Gap, ...]) -> Deck:
        """Lay out gaps."""
        start: dict[int, int] = {}  # of each list of donors, which many gaps share
        lists: list[Ints] = []
        end = 0
        members: dict[int, list[int]] = {}
        for number, gap in enumerate(gaps):
            if id(gap.donors) not in start:
                start[id(gap.donors)] = end
                lists.append(gap.donors)
                end += gap.donors.size
            for column in gap.columns.tolist():
                members.setdefault(column, []).append(number)
        rows = np.array([gap.row for gap in gaps], dtype=np.intp)
        return cls(
            np.concatenate(lists) if lists else np.zeros(0, dtype=ROWS),
            np.array([start[id(gap.donors)] for gap in gaps], dtype=np.intp)[:, None],
            np.array([gap.donors.size for gap in gaps], dtype=np.intp)[:, None],
            tuple(
                (column, np.array(mine), rows[np.array(mine)]) for column, mine in members.items()
            ),
        )

    def fill(self, x: Floats, u: Floats, first: int = 0) -> None:
        """Fill x (k, n, B) in place; u (g, B) choose the donors.

        `first` is the number of the column that x begins with.
        """
        if not len(self.first):
            return
        n_draws = x.shape[2]
        place = (u * self.sizes).astype(np.intp)
        place += self.first
        place = np.multiply(np.take(self.donors, place, mode="clip"), n_draws, dtype=np.intp)
        place += np.arange(n_draws)
        for column, mine, rows in self.by_column:
            values = x[column - first]
            values[rows] = np.take(values.reshape(-1), place[mine], mode="clip")


def fill_gaps(x: Floats, gaps: tuple[Gap, ...], u: Floats, first: int = 0) -> None:
    """Fill x (k, n, B) in place; u (number of gaps, B) choose the donors: see `Deck.fill`."""
    Deck.of(gaps).fill(x, u, first)
