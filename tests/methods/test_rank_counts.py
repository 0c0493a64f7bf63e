"""Ranks counted some together: what stays exact, and by how much the rest is off."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from icfscore.methods.context import Floats, Ints
from icfscore.methods.rank_counts import (
    CELLS,
    FULL_TABLE,
    STRADDLES,
    UNIT,
    RankCounts,
    bin_edges,
    rank_bins,
)
from icfscore.methods.tally import Counted, Tally, count_draws

N = 60


def coarse(n: int = N, *tops: int) -> Ints:
    """Give few bins to a few communities: 5 ranks have their own, the others share 8."""
    return rank_bins(n, tops, full=10, exact=5, most=13)


def with_ties(n_draws: int, seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(size=(N, n_draws)) + np.linspace(2, -2, N)[:, None], 1)
    values[:, ::3] += rng.random((N, len(range(0, n_draws, 3))))  # a third of the draws has none
    return values


def counted(scores: Floats, bins: Ints) -> Counted:
    return count_draws(scores, {}, bins, np.arange(1, len(scores) + 1))


def tally_of(scores: Floats, bins: Ints) -> Tally:
    tally = Tally.start(bins, {})
    tally.add(counted(scores, bins))
    return tally


def test_up_to_two_thousand_communities_every_rank_has_its_own_bin() -> None:
    np.testing.assert_array_equal(rank_bins(FULL_TABLE), np.arange(FULL_TABLE))
    assert rank_bins(FULL_TABLE + 1)[-1] < FULL_TABLE


def test_bins_worked_by_hand() -> None:
    # Ranks 1 and 2 have their own; the other eight share two bins of four ranks.
    bins = rank_bins(10, full=5, exact=2, most=4)
    np.testing.assert_array_equal(bins, [0, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    np.testing.assert_array_equal(bin_edges(bins), [0, 1, 2, 6, 10])
    np.testing.assert_array_equal(rank_bins(10, [10, 11], full=5, exact=2, most=4), bins)
    # A bin is made to end with rank 8, the third of its four.
    bins = rank_bins(10, [8], full=5, exact=2, most=4)
    np.testing.assert_array_equal(bins, [0, 1, 2, 2, 2, 2, 3, 3, 4, 4])


@pytest.mark.parametrize("n", [2001, 10_000, 50_000, 400_000])
def test_bins_are_few_whatever_the_number_of_communities(n: int) -> None:
    bins = rank_bins(n, [777])
    assert (np.diff(bins) >= 0).all()
    assert np.diff(bins).max() == 1
    assert 777 in bin_edges(bins)
    assert n * (bins[-1] + 1) <= max(CELLS, n * 202) + n
    widths = np.diff(bin_edges(bins))
    assert (widths[:200] == 1).all()


def test_coarse_counts_are_the_exact_ones_put_together() -> None:
    scores, bins = with_ties(90), coarse(N, 17)
    exact = tally_of(scores, np.arange(N)).histogram
    together = np.add.reduceat(exact, bin_edges(bins)[:-1], axis=1)
    assert (together % UNIT != 0).any()  # ties across the end of a bin are in it
    np.testing.assert_array_equal(tally_of(scores, bins).histogram, together)


def test_sums_of_ranks_do_not_depend_on_the_bins() -> None:
    scores = with_ties(40)
    fine, rough = tally_of(scores, np.arange(N)), tally_of(scores, coarse())
    for name in ("double_rank", "double_rank_squared", "winner_parts"):
        np.testing.assert_array_equal(getattr(fine, name), getattr(rough, name))
    assert fine.shift == rough.shift


def test_counts_merge_in_any_order_to_the_same() -> None:
    bins = coarse()  # 13: some of these blocks are counted at once, some wait
    blocks = [counted(with_ties(size, seed), bins) for seed, size in enumerate((3, 20, 9, 5))]
    tables = []
    for order in permutations(blocks):
        first, second = Tally.start(bins, {}), Tally.start(bins, {})
        for number, block in enumerate(order):
            (first if number % 2 else second).add(block)
        first.merge(second)
        tables.append(first.histogram)
        assert first.n_draws == 37
    for table in tables[1:]:
        np.testing.assert_array_equal(table, tables[0])


@pytest.mark.parametrize("read", [False, True])
def test_counts_may_be_read_before_others_are_merged_into_them(read: bool) -> None:
    """Ten draws, then three that still wait to be counted, then seventeen that were."""
    scores, bins = with_ties(30), coarse()
    tally, *others = [tally_of(part, bins) for part in np.split(scores, [10, 13], axis=1)]
    if read:
        assert tally.histogram.sum() == 10 * N * UNIT
        assert tally.counts.cells.size > 0
    for other in others:
        tally.merge(other)
    np.testing.assert_array_equal(tally.histogram, tally_of(scores, bins).histogram)


def test_a_table_can_be_read_by_rows() -> None:
    counts = tally_of(with_ties(50), coarse()).counts
    whole = counts.table()
    np.testing.assert_array_equal(counts.table(slice(7, 23)), whole[7:23])
    np.testing.assert_array_equal(np.concatenate([rows for _, rows in counts.pieces()]), whole)


def test_numbers_grow_with_the_draws() -> None:
    counts = RankCounts(3, 2)
    draw = np.array([[0], [1], [1]], dtype=np.uint16)
    none = np.zeros(0, dtype=np.int64)
    counts.add(np.repeat(draw, 65_535, axis=1), none, none)
    counts.settle()
    assert counts.whole.dtype == np.uint16
    counts.add(draw, none, none)
    counts.settle()
    assert counts.whole.dtype == np.uint32
    np.testing.assert_array_equal(counts.table() // UNIT, [[65_536, 0], [0, 65_536], [0, 65_536]])


def test_a_tally_is_laid_out_and_taken_over_again() -> None:
    bins = coarse()
    tally = tally_of(with_ties(30), bins)
    tally.add(counted(with_ties(4, 1), bins))  # these wait
    other = Tally.start(bins, {})
    other.restore({name: array.copy() for name, array in tally.arrays().items()})
    np.testing.assert_array_equal(other.histogram, tally.histogram)
    for each in (other, tally):
        each.add(counted(with_ties(20, 2), bins))
    np.testing.assert_array_equal(other.histogram, tally.histogram)
    assert other.n_draws == 54


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("waiting", lambda a: np.where(a == STRADDLES, a, a + 50)),  # no such bins
        ("waiting", lambda a: a[:, 1:]),  # a draw less
        ("waiting", lambda a: a.astype(np.int64)),
        ("whole", lambda a: a[:, 1:]),
        ("whole", lambda a: a + 1),
        ("cells", lambda a: a[::-1]),
        ("parts", lambda a: -a),
        ("double_rank", lambda a: a.astype(np.float64)),
        ("double_rank", lambda a: np.where(a == a.min(), -1, a)),
        ("n_draws", lambda a: a + 1),
    ],
)
def test_what_is_no_tally_is_not_taken_over(name: str, change: object) -> None:
    assert callable(change)
    bins = coarse()
    tally = tally_of(with_ties(30), bins)
    tally.add(counted(with_ties(4, 1), bins))
    arrays = {key: array.copy() for key, array in tally.arrays().items()}
    arrays[name] = change(arrays[name])
    with pytest.raises(ValueError, match=r".*"):
        Tally.start(bins, {}).restore(arrays)


def test_parts_out_of_order_are_not_taken_over() -> None:
    tally = tally_of(with_ties(30), coarse())
    arrays = {key: array.copy() for key, array in tally.arrays().items()}
    for name in ("cells", "parts"):
        arrays[name][[0, 1]] = arrays[name][[1, 0]]
    with pytest.raises(ValueError, match=r".*"):
        Tally.start(coarse(), {}).restore(arrays)


def test_parts_beyond_the_table_are_not_taken_over() -> None:
    tally = tally_of(with_ties(30), coarse())
    arrays = {key: array.copy() for key, array in tally.arrays().items()}
    arrays["cells"][-1] = N * 13
    with pytest.raises(ValueError, match=r".*"):
        Tally.start(coarse(), {}).restore(arrays)
