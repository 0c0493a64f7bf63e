"""Hot deck: who may give to whom, and what is given."""

from __future__ import annotations

import numpy as np
import pytest

from icfscore.methods.context import Bools, Floats, Ints
from icfscore.methods.perturb import FixedMissing, HotDeck
from icfscore.methods.perturb.missing import ENOUGH, Gap, choose_donors, fill_gaps, find_gaps

ONE: Ints = np.array([0, 0, 0], dtype=np.int64)
TWO: Ints = np.array([0, 0, 1], dtype=np.int64)


def table(n: int, k: int, holes: dict[int, list[int]]) -> Bools:
    present = np.ones((n, k), dtype=bool)
    for row, columns in holes.items():
        present[row, columns] = False
    return present


def gap_of(gaps: tuple[Gap, ...], row: int) -> Gap:
    return next(gap for gap in gaps if gap.row == row)


def test_kinds() -> None:
    assert (FixedMissing().kind, HotDeck().kind) == ("fixed", "hot_deck")


def test_one_donor_gives_all_that_is_missing_below_a_criterion() -> None:
    present = table(7, 3, {0: [0, 1], 1: [1]})
    gaps = find_gaps(present, present, ONE)
    assert [gap.row for gap in gaps] == [0, 1]
    np.testing.assert_array_equal(gap_of(gaps, 0).columns, [0, 1])
    np.testing.assert_array_equal(gap_of(gaps, 0).donors, [2, 3, 4, 5, 6])  # the second has a gap
    np.testing.assert_array_equal(gap_of(gaps, 1).donors, [2, 3, 4, 5, 6])


def test_every_criterion_has_a_donor_of_its_own() -> None:
    gaps = find_gaps(table(7, 3, {0: [0, 2]}), table(7, 3, {0: [0, 2]}), TWO)
    assert [gap.columns.tolist() for gap in gaps] == [[0], [2]]


@pytest.mark.parametrize(("n_own", "expected"), [(ENOUGH, ENOUGH), (ENOUGH - 1, 8), (0, 8)])
def test_proxies_are_given_only_where_fewer_than_five_have_values_of_their_own(
    n_own: int, expected: int
) -> None:
    present = table(9, 3, {0: [1]})
    own = present.copy()
    own[1 + n_own :, 1] = False
    (gap,) = find_gaps(present, own, ONE)
    assert gap.donors.size == expected


def test_where_nobody_has_all_each_gap_gets_its_own_donor() -> None:
    present = table(4, 3, {0: [0, 1], 1: [0], 2: [1], 3: [0]})
    gaps = [gap for gap in find_gaps(present, present, ONE) if gap.row == 0]
    assert [(gap.columns.tolist(), gap.donors.tolist()) for gap in gaps] == [
        ([0], [2]),
        ([1], [1, 3]),
    ]


def test_what_nobody_has_stays_missing() -> None:
    present = table(3, 3, {0: [0], 1: [0], 2: [0]})
    assert find_gaps(present, present, ONE) == ()


def test_donors_are_equally_likely() -> None:
    gap = Gap(0, np.array([0]), np.array([2, 5, 7]))
    chosen = choose_donors(gap, (np.arange(3000) + 0.5) / 3000)
    np.testing.assert_array_equal(np.bincount(chosen), [0, 0, 1000, 0, 0, 1000, 0, 1000])


def values(k: int, n: int, n_draws: int) -> Floats:
    return np.random.default_rng(0).normal(size=(k, n, n_draws))


def test_a_gap_gets_the_donors_drawn_values() -> None:
    x = values(3, 6, 50)
    before = x.copy()
    gap = Gap(4, np.array([0, 2]), np.array([1, 3]))
    u = np.random.default_rng(1).random((1, 50))
    fill_gaps(x, (gap,), u)
    donors = np.where(u[0] < 0.5, 1, 3)
    for column in (0, 2):
        np.testing.assert_array_equal(x[column, 4], before[column, donors, np.arange(50)])
    x[[0, 2], 4] = before[[0, 2], 4]
    np.testing.assert_array_equal(x, before)


def test_columns_may_begin_anywhere() -> None:
    x, y = values(3, 6, 20), values(3, 6, 20)
    u = np.random.default_rng(1).random((1, 20))
    fill_gaps(x, (Gap(4, np.array([1]), np.array([1, 3])),), u)
    fill_gaps(y, (Gap(4, np.array([11]), np.array([1, 3])),), u, 10)
    np.testing.assert_array_equal(x, y)
