"""Figures of the draws worked by hand: four draws of three communities, sizes of blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.pipeline.uncertain_projects import (
    EXACT,
    RAW,
    community,
    framework,
    observation,
    scored,
)

from icfscore.domain.communities import LARGEST
from icfscore.domain.criteria import Indicator
from icfscore.domain.project import Project
from icfscore.domain.tables import Ints
from icfscore.errors import InputError
from icfscore.methods.aggregate import Geometric
from icfscore.methods.impute import Mean, NoImputation
from icfscore.methods.perturb import DirichletWeights, HotDeck, PedigreeData, RelativeData
from icfscore.methods.perturb.missing import Gap
from icfscore.methods.perturb.random_bits import fill_normals
from icfscore.methods.perturb.scatter import Scatter
from icfscore.methods.rank_counts import UNIT, RankCounts, rank_bins
from icfscore.methods.tally import Tally, count_draws
from icfscore.pipeline.draw_plan import block_size, plan_draws
from icfscore.pipeline.draw_sample import DrawSample, draw_sample
from icfscore.pipeline.drawn_errors import CellsBuilder, DataErrors
from icfscore.pipeline.errors_in_data import ends_of_errors
from icfscore.pipeline.focus_draws import FocusDraws, _ranks_of
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.residuals import Residual, _residuals
from icfscore.pipeline.score import score
from icfscore.pipeline.sensitivity import find_drivers, measure_of
from icfscore.pipeline.uncertainty import check_plain, draw_ranks
from icfscore.recipe import Settings, Staged

# Ranks 1, 1, 2, 3 of a; 2, 2, 1, 2 of b; 3, 3, 3, 1 of c.
SCORES = np.array([[9.0, 8, 5, 1], [5, 4, 6, 2], [1, 2, 3, 7]])
SHARES = np.array([[0.75, 0.25, 0.5, 0.125], [0.25, 0.75, 0.5, 0.875]])


def of_table(table: Ints) -> RankCounts:
    """Count whole draws given by community and bin."""
    counts = RankCounts(*table.shape)
    cells = np.arange(table.size)
    counts.add(np.zeros((len(table), 0), dtype=np.uint16), cells, table.ravel() * UNIT)
    return counts


def draws() -> RankDraws:
    nominal, bins = np.array([1, 2, 3]), rank_bins(3)
    tally = Tally.start(bins, {"index": 2})
    tally.add(count_draws(SCORES, {"index": SHARES}, bins, nominal))
    return RankDraws(("a", "b", "c"), nominal, tally, bins, {"index": ("x", "y")}, 1, {})


def test_shares_and_means_of_four_draws() -> None:
    found = draws()
    assert found.n_draws == 4
    assert not found.interrupted
    assert found.acceptability.tolist() == [[0.5, 0.25, 0.25], [0.25, 0.75, 0], [0.25, 0, 0.75]]
    assert found.probability_top(1).tolist() == [0.5, 0.25, 0.25]
    assert found.probability_top(2).tolist() == [0.75, 1, 0.25]
    assert found.mean_rank.tolist() == [7 / 4, 7 / 4, 10 / 4]
    # Variances 15/4 - 49/16, 13/4 - 49/16 and 28/4 - 100/16, each over four draws.
    assert found.mean_rank_error == pytest.approx(np.sqrt([11 / 64, 3 / 64, 12 / 64]))
    assert found.mean_rank_shift == 6 / 12
    assert found.exact_ranks == 3


def test_pairs_of_four_draws() -> None:
    assert draws().pairwise is not None
    assert np.asarray(draws().pairwise).tolist() == [
        [0.5, 0.5, 0.75],
        [0.5, 0.5, 0.75],
        [0.25, 0.25, 0.5],
    ]


@pytest.mark.parametrize(
    ("share", "ranks"),
    [(0.05, [1, 1, 1]), (0.25, [1, 1, 1]), (0.26, [1, 2, 3]), (0.5, [1, 2, 3]),
     (0.51, [2, 2, 3]), (0.75, [2, 2, 3]), (0.76, [3, 2, 3]), (1.0, [3, 2, 3])],
)  # fmt: skip
def test_quantiles_of_four_draws(share: float, ranks: list[int]) -> None:
    assert draws().rank_quantile(share).tolist() == ranks


def test_intervals_and_central_weights_of_four_draws() -> None:
    found = draws()
    assert found.rank_interval.tolist() == [[1, 3], [1, 2], [1, 3]]
    assert found.central_weights(0) == {"x": 0.5, "y": 0.5}
    assert found.central_weights(2) == {"x": 0.125, "y": 0.875}
    never = replace(found.tally, winner_parts=np.array([4, 0, 0]))
    assert replace(found, tally=never).central_weights(1) is None


def test_errors_of_four_draws() -> None:
    found = draws()
    assert found.standard_error(0.25) == pytest.approx(np.sqrt(3 / 64))
    above = float(np.nextafter(1, 2))
    assert found.standard_error(above) == found.standard_error(0) == 0
    assert found.largest_error == 0.25  # of a share of one half


def test_the_largest_error_may_be_that_of_shares_at_or_above_a_rank() -> None:
    """Shares 1/4 of each of four ranks err less than the half that is among the first two."""
    tally = Tally.start(rank_bins(4), {})
    scores = np.array([np.roll([4.0, 3, 2, 1], shift) for shift in range(4)])
    tally.add(count_draws(scores, {}, rank_bins(4), np.arange(1, 5)))
    found = RankDraws(tuple("abcd"), np.arange(1, 5), tally, rank_bins(4), {}, 1, {})
    without_pairs = replace(tally, pairwise=np.zeros((0, 0), dtype=np.int64))
    assert replace(found, tally=without_pairs).largest_error == 0.25
    assert replace(found, tally=without_pairs).pairwise is None


def test_ranks_that_share_a_bin_are_told_by_its_first() -> None:
    counts = np.array([[2, 0, 0], [0, 2, 0], [0, 2, 0], [0, 0, 2]])
    tally = replace(Tally.start(np.array([0, 1, 1, 2]), {}), n_draws=2, counts=of_table(counts))
    found = RankDraws(tuple("abcd"), np.arange(1, 5), tally, np.array([0, 1, 1, 2]), {}, 1, {})
    assert found.exact_ranks == 1
    assert found.rank_quantile(0.5).tolist() == [1, 2, 2, 4]


@pytest.mark.parametrize(
    ("numbers", "n_draws", "size"),
    [
        (1, 0, 16),
        (1, 10, 16),
        (1, 17, 32),
        (2_400_000, 16, 16),
        (240_000, 1000, 16),  # 63 blocks of at most 16: 64 of 16
        (2_400, 1000, 1008),  # a single block, rounded up to sixteens
        (2_400, 5000, 640),  # 5 blocks of at most 1,000: 8 of 625, rounded up
        (1, 40_000, 5008),  # 5 of at most 8,192: 8 of 5,000
    ],
)
def test_sizes_of_blocks(numbers: int, n_draws: int, size: int) -> None:
    assert block_size(numbers, n_draws) == size


def test_ranks_of_one_community_share_the_middle() -> None:
    scores = np.array([[3.0, 2, 1], [2, 2, 1], [1, 1, 1], [0, 2, 1], [np.nan, 1, 2]])
    ranks = _ranks_of(scores, 0)
    np.testing.assert_array_equal(ranks, [1, 1.5, 2, 3, np.nan])
    one = FocusDraws("a", {"index": ranks, "empty": np.full(5, np.nan)}, {})
    assert one.n_draws == 5
    assert one.interval("index") == (1, 3)
    assert one.interval("index", 0.5, 0.75) == (1, 2)
    assert one.interval("index", 0.5, 0.5) == (1, 2)
    assert one.interval("empty") is None


def test_scores_of_a_node_are_its_own_column() -> None:
    scores = np.arange(12.0).reshape(2, 3, 2)
    none = np.zeros((2, 3))
    sample = DrawSample(
        ("a", "b", "c"), (), ("index", "air"), none, none, none.astype(int), scores, np.zeros(2)
    )
    assert sample.of_node("air").tolist() == [[1, 3, 5], [7, 9, 11]]


def test_residuals_scatter_within_the_bounds() -> None:
    """Donors 0 and 1 add -3 and 4, or multiply by 1/2 and 3, between 1 and 10."""
    filled, donor = np.array([2.0, 8.0, 5.0, 5.0]), np.array([0, 1, 0, 1])
    Residual(0, np.array([-3.0, 4.0]), False, 1.0, 10.0).apply(filled, donor)
    assert filled.tolist() == [1, 10, 2, 9]
    Residual(0, np.array([0.5, 3.0]), True, 1.0, 10.0).apply(filled, donor)
    assert filled.tolist() == [1, 10, 1, 10]


def test_residuals_scatter_no_further_than_the_largest_value() -> None:
    filled = np.array([1e200, 0.0])
    Residual(0, np.array([1e200]), True, -LARGEST, LARGEST).apply(filled, np.array([0, 0]))
    assert filled.tolist() == [LARGEST, 0.0]


def test_a_drawn_zero_has_no_logarithm() -> None:
    values = [[1, 5], [2, 6], [4, 7]]
    plan = plan_draws(scored(values, EXACT, indicators={"x2": {"transform": "log"}}))
    (part,) = plan.parts
    x = np.full((2, 3, 4), 5.0)
    drawn = plan.combinations[0].stages[part].normalise_draws(x.copy())
    np.testing.assert_allclose(drawn, np.stack([x[0], np.log(x[1])]))
    x[1, 2, 3] = 0.0
    with pytest.raises(InputError, match="x2"):
        plan.combinations[0].stages[part].normalise_draws(x)


@pytest.mark.parametrize(
    ("about", "of_donor", "multiplies", "ends"),
    [
        ({"kind": "ratio"}, [2, 1, 1.5], True, (-LARGEST, LARGEST)),
        ({"kind": "count", "bounds": (0, 10)}, [2, 1, 1.5], True, (0, 10)),
        ({"kind": "share", "bounds": (1, None)}, [1, 0, 2], False, (1, LARGEST)),
        ({"kind": "share", "bounds": (None, 9)}, [1, 0, 2], False, (-LARGEST, 9)),
        ({"kind": "ratio", "bounds": (3, 9), "per": "p"}, [2, 1, 1.5], True, (0, LARGEST)),
        ({"kind": "ratio", "bounds": (0, 9), "per": "p"}, [2, 1, 1.5], True, (0, LARGEST)),
        ({"kind": "ratio", "bounds": (-3, 9), "per": "p"}, [2, 1, 1.5], True, (-LARGEST, LARGEST)),
        ({"kind": "ratio", "bounds": (-1, 9), "per": "p"}, [2, 1, 1.5], True, (-LARGEST, LARGEST)),
        (
            {"kind": "ratio", "bounds": (None, 9), "per": "p"},
            [2, 1, 1.5],
            True,
            (-LARGEST, LARGEST),
        ),
    ],
)
def test_residuals_of_three_donors(
    about: dict[str, Any], of_donor: list[float], multiplies: bool, ends: tuple[float, float]
) -> None:
    """Given 2, 4 and 6 where 1, 4 and nothing was expected: their mean, 4, stands in."""
    plain = {"id": "x", "name": "x", "unit": "m", "direction": "higher"}
    values, predicted = (
        np.array([[np.nan], [2], [4], [6]]),
        np.array([[np.nan], [1], [4], [np.nan]]),
    )
    gap = Gap(0, np.array([0]), np.array([1, 2, 3]))
    (found,) = _residuals(values, gap, predicted, (Indicator(**(plain | about)),))
    assert (found.of_donor.tolist(), found.multiplies) == (of_donor, multiplies)
    assert (found.low, found.high) == ends


def test_factors_are_no_ratios_where_something_is_not_above_zero() -> None:
    indicator = Indicator(id="x", name="x", unit="m", direction="higher", kind="ratio")
    gap = Gap(0, np.array([0]), np.array([0, 1]))
    for given, expected in (([0, 2], [1, 1]), ([1, 2], [0, 1]), ([1, 2], [-1, 1])):
        table, told = np.array(given, float)[:, None], np.array(expected, float)[:, None]
        (found,) = _residuals(table, gap, told, (indicator,))
        assert not found.multiplies
        assert found.of_donor.tolist() == [a - b for a, b in zip(given, expected, strict=True)]


def test_cells_without_a_value_join_the_run_before_or_the_first() -> None:
    """Columns (-, 2, 3) on a logarithm and (0.5, -, 0.25) on a logit: two runs of three cells."""
    nan = np.nan
    builder = CellsBuilder(slice(4, 6), np.array([[nan, 2, 3], [0.5, nan, 0.25]]))
    for column, row, scale, own in ((4, 1, "logarithm", 0.1), (4, 2, "logarithm", 0.2),
                                    (5, 0, "logit", 0.3), (5, 2, "logit", 0.4)):  # fmt: skip
        high = 9.0 if scale == "logarithm" else 1.0
        cell = builder.add(column, row, Scatter(scale, own, 0.0, 1.0, high, 0.0), own)
        assert cell == 3 * (column - 4) + row
    builder.shared += [(2, 0, 1.0), (5, 1, -2.0)]
    cells = builder.build(np.array([[0.5], [0.25]]))
    first, second = cells.runs
    assert (first.cells, first.scale) == (slice(0, 3), "logarithm")
    assert (second.cells, second.scale) == (slice(3, 6), "logit")
    assert first.own.ravel().tolist() == [0, 0.1, 0.2]
    assert second.own.ravel().tolist() == [0.3, 0, 0.4]
    assert (first.low[1, 0], first.high[1, 0]) == (0, 9)
    for run, entry in ((first, (2, 0, 1.0)), (second, (2, 1, -2.0))):
        (layer,) = run.shared
        entries = zip(layer.cells, layer.numbers, layer.factors[:, 0], strict=True)
        assert list(entries) == [entry]
    errors = DataErrors(
        {"air": cells}, np.array([[0.5], [0.25]]), np.ones((2, 1)), {"air": slice(0, 2)}
    )
    drawn = np.zeros((2, 3, 1))
    errors.apply("air", np.array([[np.log(2)], [np.log(3)]]), drawn)
    # 3 doubles, and the odds of 1 to 3 fall to a ninth.
    np.testing.assert_allclose(drawn[..., 0], [[nan, 2, 6], [0.5, nan, 1 / 28]])
    assert errors.sources(("air",)) == {"air"}
    assert errors.shared_of("data.air") == slice(0, 2)
    assert errors.shared_of("weights.air") == errors.shared_of("data.sea") == slice(0, 0)
    assert list(errors.within(("air",), 4)) == [("air", slice(0, 2))]


def test_errors_downwards_may_be_smaller() -> None:
    errors = DataErrors(
        {}, np.array([[2.0], [2.0]]), np.array([[1.0], [0.25]]), {"air": slice(0, 2)}
    )
    streams = [{"air": np.random.Generator(np.random.Philox(1))} for _ in range(2)]
    drawn = errors.draw_shared(streams[0], 1000)
    plain = 2 * fill_normals(streams[1]["air"], np.empty((2, 1000)))
    np.testing.assert_allclose(drawn[0], plain[0])
    np.testing.assert_allclose(drawn[1], np.where(plain[1] < 0, plain[1] / 4, plain[1]))


def one_run(cells: Any, data: Any, **about: Any) -> Any:
    """Lay out the errors of one indicator, x1, that all are on one scale."""
    plan = plan_draws(scored(cells, replace(EXACT, data=data), indicators={"x1": about}))
    assert plan.errors is not None
    (criterion,) = plan.errors.by_criterion.values()
    (run,) = criterion.runs
    return run


@pytest.mark.parametrize(
    ("about", "ends"),
    [
        ({"kind": "boolean", "bounds": (None, None)}, (0, 1)),
        ({"kind": "ordinal", "bounds": (None, None), "levels": {"low": 1, "good": 5}}, (1, 5)),
        ({"kind": "ordinal", "bounds": (0, None), "levels": {"low": 1, "good": 5}}, (1, 5)),
        ({"kind": "ordinal", "bounds": (0, 7), "levels": {"low": 1, "good": 5}}, (0, 7)),
        ({"kind": "share", "unit": "percent"}, (0, 100)),
        ({"kind": "share", "unit": "%"}, (0, 100)),
        ({"kind": "share", "unit": "1"}, (0, 1)),
        ({"kind": "share", "unit": "1", "bounds": (0, None)}, (0, 1)),
        ({"kind": "share", "unit": "1", "bounds": (0, 2)}, (0, 2)),
        ({"kind": "share", "unit": "1", "bounds": (-1, None)}, (-1, np.inf)),
        ({"kind": "ratio", "bounds": (None, 3)}, (-np.inf, 3)),
    ],
)
def test_ends_of_an_indicators_range(about: dict[str, Any], ends: tuple[float, float]) -> None:
    run = one_run([[1.0], [0.5]], RelativeData(0.1), **about)
    assert (run.low[0, 0], run.high[0, 0]) == ends


def test_the_ends_of_a_quotient_are_those_of_the_numerator_divided() -> None:
    """8 and 30 of at most 50, per thousand of 2,000 and 5,000: up to 25 and to 10."""
    about = {"x1": {"kind": "ratio", "bounds": (2, 50), "per": "p", "per_scale": 1000.0}}
    communities = (community("a", {"x1": 8, "p": 2000}), community("b", {"x1": 30, "p": 5000}))
    tree = framework(["x1"], about, ["p"])
    project = Project(tree, communities, {}, {}, "sha256:0")
    settings = Settings(recipe=RAW, uncertainty=replace(EXACT, data=RelativeData(0.1)))
    plan = plan_draws(score(project, settings))
    assert plan.values.ravel().tolist() == [4, 6]
    assert plan.errors is not None
    (run,) = plan.errors.by_criterion["x1"].runs
    assert run.low.ravel().tolist() == [1, 0.4]
    assert run.high.ravel().tolist() == [25, 10]
    assert run.own.ravel() == pytest.approx([0.4, 0.6])  # a tenth of the value


def test_what_does_not_err_has_no_ends() -> None:
    plan = plan_draws(scored([[0.0], [2.0]], replace(EXACT, data=RelativeData(0.1))))
    low, high = ends_of_errors(plan.errors, plan.values, 0, np.ones(1, dtype=bool))
    assert np.isnan([low, high]).all()
    low, high = ends_of_errors(plan.errors, plan.values, 1, np.ones(1, dtype=bool))
    assert [low[0], high[0]] == pytest.approx([2 - 1.644854 * 0.2, 2 + 1.644854 * 0.2])


def test_blocks_are_larger_where_draws_are_weights_alone() -> None:
    """A draw is then n + k numbers, 230 of at most 2.4 million, else n k = 6,000."""
    values = np.random.default_rng(1).random((200, 30)) + 1
    weights = replace(EXACT, weights=DirichletWeights(), draws=2000)
    assert plan_draws(scored(values, weights)).block == block_size(230, 2000) == 2000
    data = replace(weights, data=RelativeData(0.1))
    assert plan_draws(scored(values, data)).block == block_size(6000, 2000) == 256


def test_plain_data_are_tried_before_any_draw() -> None:
    aggregation = replace(RAW, aggregation=Staged(Geometric()))
    uncertainty = replace(EXACT, weights=DirichletWeights())
    scoring = scored([[1.0, 2.0], [3.0, 4.0]], uncertainty, recipe=aggregation)
    check_plain(plan_draws(scoring))
    plan = plan_draws(scoring)
    with pytest.raises(InputError, match="above 0, found 0"):
        check_plain(replace(plan, values=np.array([[1.0, 2.0], [3.0, 0.0]])))


def test_three_times_the_precision_takes_nine_times_the_draws_at_once() -> None:
    weights = replace(EXACT, weights=DirichletWeights(), draws=160)
    scoring = scored([[1.0, 2.0], [2.0, 1.0]], weights)
    error = draw_ranks(scoring, jobs=1, confidence=False).largest_error
    told: list[int] = []
    found = draw_ranks(
        scoring,
        jobs=1,
        confidence=False,
        precision=error / 3,
        progress=lambda _, wanted: told.append(wanted),
    )
    assert found.largest_error <= error / 3
    totals = sorted(set(told))
    assert totals[0] == 160
    assert totals[1] == pytest.approx(9 * 160, abs=1)
    assert len(totals) <= 4


def test_the_largest_error_is_taken_along_the_ranks() -> None:
    """The first community: sixths 1, 2, 2, 1, so that a half is among its first two ranks."""
    tally = Tally.start(rank_bins(4), {})
    counts = np.array([[1, 2, 2, 1], [6, 0, 0, 0], [0, 6, 0, 0], [0, 0, 0, 6]])
    none = np.zeros((0, 0), dtype=np.int64)
    tally = replace(tally, n_draws=6, counts=of_table(counts), pairwise=none)
    found = RankDraws(tuple("abcd"), np.arange(1, 5), tally, rank_bins(4), {}, 1, {})
    assert found.largest_error == pytest.approx(np.sqrt(1 / 24))


def test_outputs_of_a_sensitivity_by_hand() -> None:
    """The second of three: first and last of two draws."""
    scoring = scored([[3.0], [2.0], [1.0]], EXACT, focus="c2")
    scores = np.array([[1.0, 3.0], [9.0, 1.0], [0.0, 2.0]])
    assert measure_of(scoring, "focus_rank")(scores).tolist() == [1, 3]
    assert measure_of(scoring, "focus_score")(scores).tolist() == [9, 1]
    # Nominal ranks 1, 2, 3; drawn 2, 1, 3 and 1, 3, 2.
    assert measure_of(scoring, "mean_rank_shift")(scores) == pytest.approx([2 / 3, 2 / 3])


def test_a_sensitivity_rests_on_the_draws_asked_for() -> None:
    values = np.random.default_rng(1).random((100, 30)) + 1
    uncertain = replace(EXACT, data=RelativeData(0.1), weights=DirichletWeights(), draws=900)
    scoring = scored(values, uncertain, focus="c1")
    plan = plan_draws(scoring)
    assert plan.block < 900
    assert 900 % plan.block
    assert find_drivers(scoring, "focus_rank", jobs=1).n_base == 900


def test_where_imputations_take_turns_each_draw_fills_gaps_its_own_way() -> None:
    """Donors 2, 4 and 9: as they are, or as what each is above the mean of the two others, 6.5, 5.5
    and 3, added to the mean of all three, 5.
    """
    turns = {"imputation": (Staged(NoImputation()), Staged(Mean()))}
    uncertain = replace(EXACT, missing=HotDeck(), alternatives=turns, draws=400)
    share = {"x1": {"kind": "share", "bounds": (-50, 50)}}
    cells = [[2.0, 1.0], [4.0, 1.0], [9.0, 1.0], [None, 1.0]]
    sample = draw_sample(scored(cells, uncertain, indicators=share), 400, jobs=1)
    filled = sample.values[:, 3, 0]
    for number, expected in ((0, [2, 4, 9]), (1, [0.5, 3.5, 11])):
        found = filled[sample.combinations == number]
        assert len(found) > 100
        assert np.unique(found).tolist() == expected
    np.testing.assert_array_equal(sample.values[:, :3, 0], np.tile([2.0, 4, 9], (400, 1)))
    np.testing.assert_allclose(sample.scores[:, 3], filled / 2 + 0.5)


def test_a_values_own_deviation_replaces_the_share() -> None:
    run = one_run([[observation(4.0, sd=0.8)], [2.0]], RelativeData(0.1))
    assert run.own.ravel() == pytest.approx([0.8, 0.2])


def test_a_quotients_interval_is_divided_too() -> None:
    """8, between 6 and 12, of 2,000, per thousand: 4 between 3 and 6."""
    about = {"x1": {"kind": "ratio", "per": "p", "per_scale": 1000.0}}
    cells = {"x1": observation(8.0, interval=(6, 12)), "p": 2000}
    communities = (community("a", cells), community("b", {"x1": 30, "p": 5000}))
    project = Project(framework(["x1"], about, ["p"]), communities, {}, {}, "sha256:0")
    settings = Settings(recipe=RAW, uncertainty=replace(EXACT, data=RelativeData(0.1)))
    plan = plan_draws(score(project, settings))
    low, high = ends_of_errors(plan.errors, plan.values, 0, np.ones(1, dtype=bool))
    assert [low[0], high[0]] == pytest.approx([3, 6])


def test_a_denominators_interval_turns_round() -> None:
    """Per 2,000, between 1,000 and 8,000: 4 is between 1 and 8, the far end below."""
    about = {"x1": {"kind": "ratio", "per": "p", "per_scale": 1000.0}}
    cells = {"x1": 8.0, "p": observation(2000.0, interval=(1000, 8000))}
    communities = (community("a", cells), community("b", {"x1": 30, "p": 5000}))
    project = Project(framework(["x1"], about, ["p"]), communities, {}, {}, "sha256:0")
    uncertain = replace(EXACT, data=PedigreeData(basic=1.0))
    plan = plan_draws(score(project, Settings(recipe=RAW, uncertainty=uncertain)))
    low, high = ends_of_errors(plan.errors, plan.values, 0, np.ones(1, dtype=bool))
    assert [low[0], high[0]] == pytest.approx([1, 8])
