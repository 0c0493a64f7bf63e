"""Parts of a draw one by one: groups, streams, centres, gaps, folds, runs, with known answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.pipeline.uncertain_projects import (
    EXACT,
    RAW,
    KeptInMemory,
    community,
    framework,
    observation,
    project,
    scored,
    values,
    with_uncertainty,
)

from icfscore.domain.communities import Entity
from icfscore.domain.project import Project
from icfscore.errors import InputError, MethodError
from icfscore.methods.aggregate import Arithmetic, Geometric
from icfscore.methods.impute import Mean, NoImputation, Regression
from icfscore.methods.normalise import MinMax, NoNormalisation, ZScore
from icfscore.methods.perturb import (
    BoundedWeights,
    DirichletWeights,
    HotDeck,
    PedigreeData,
    RelativeData,
)
from icfscore.methods.perturb.missing import Gap
from icfscore.methods.rank_counts import STRADDLES, UNIT, RankCounts
from icfscore.methods.sobol import estimate_indices
from icfscore.methods.tally import Tally
from icfscore.methods.treat import Winsorise
from icfscore.pipeline.block_counts import CountFirsts, CountRanks
from icfscore.pipeline.block_designs import RunDesign, ScoreOf
from icfscore.pipeline.course import Course, Held
from icfscore.pipeline.draw_groups import Group, first_draws, group_draws, stream, take_draws
from icfscore.pipeline.draw_plan import DrawPlan, block_size, plan_draws
from icfscore.pipeline.drawn_errors import DataErrors
from icfscore.pipeline.drawn_scores import TreeScores, _side_by_side
from icfscore.pipeline.drawn_stages import DrawnStages
from icfscore.pipeline.draws import draw_block, draw_chance, draw_normalised
from icfscore.pipeline.engine import LocalEngine, Piece, Span
from icfscore.pipeline.errors_in_data import SharedLike
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.residuals import _predict, plan_residuals
from icfscore.pipeline.saltelli import saltelli_block
from icfscore.pipeline.score import score
from icfscore.pipeline.sensitivity import _levels, find_drivers
from icfscore.pipeline.uncertainty import check_plain, draw_ranks, is_quick
from icfscore.recipe import Settings, Staged

TURNS = {"aggregation": (Staged(Arithmetic()), Staged(Geometric()))}
FIRST = lambda _: 0  # noqa: E731 - the first sample


def turns(draws: int = 16, **changes: Any) -> DrawPlan:
    """Lay out sixteen draws, or so, whose aggregations take turns."""
    uncertain = replace(EXACT, alternatives=TURNS, draws=draws, **changes)
    return plan_draws(scored([[1.0, 4.0], [2.0, 2.5], [4.0, 1.0]], uncertain))


# Which draws of a block, and how they are put together.


@pytest.mark.parametrize(
    ("numbers", "n_draws", "size"), [(1, 8192, 8192), (1, 8193, 2064), (2400, 1001, 256)]
)
def test_the_largest_blocks(numbers: int, n_draws: int, size: int) -> None:
    """A draw too many for one block makes four of them: 2,049 and 251, rounded up to sixteens."""
    assert block_size(numbers, n_draws) == size


def test_draws_that_count_are_the_first_of_their_numbers() -> None:
    plan = turns()
    groups = group_draws(plan, 0)
    order = np.concatenate([np.arange(16)[group.draws] for group in groups])
    assert sorted(order) == list(range(16))
    chosen = np.random.Generator(np.random.Philox(0)).integers(2, size=16)  # not the plan's
    assert chosen.size == sum(group.size for group in groups)
    assert first_draws(plan, 0, 16) == first_draws(plan, 0, 99) == slice(0, 16)
    counted = {size: set(np.asarray(first_draws(plan, 0, size)).tolist()) for size in range(16)}
    assert [len(counted[size]) for size in range(16)] == list(range(16))
    assert all(counted[size] < counted[size + 1] for size in range(15))
    single = plan_draws(scored(values(), replace(EXACT, draws=16)))
    assert first_draws(single, 0, 5) == slice(0, 5)
    assert first_draws(single, 0, 16) == slice(0, 16)


def test_draws_are_taken_from_the_last_axis() -> None:
    table = np.arange(12.0).reshape(2, 6)
    assert take_draws(table, slice(1, 3)).tolist() == [[1, 2], [7, 8]]
    assert np.shares_memory(take_draws(table, slice(1, 3)), table)
    assert take_draws(table, np.array([4, 0])).tolist() == [[4, 0], [10, 6]]
    combination = turns().combinations[0]
    assert Group(combination, slice(2, 6)).size == 4
    assert Group(combination, np.array([3, 9, 11])).size == 3
    assert Group(combination, np.array([5, 1])).take(table).tolist() == [[5, 1], [11, 7]]


@pytest.mark.parametrize("scattered", [False, True])
def test_shares_of_groups_make_one_centre(scattered: bool) -> None:
    """The first group's shares differ by draw, the second's do not."""
    plan = turns()
    first: Any = np.array([0, 2, 15]) if scattered else slice(0, 3)
    rest: Any = np.setdiff1d(np.arange(16), first) if scattered else slice(3, 16)
    groups = tuple(
        Group(each, draws) for each, draws in zip(plan.combinations, (first, rest), strict=True)
    )
    tree = TreeScores(plan, groups, 0, FIRST, {})
    by_draw, fixed = np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7]]), np.array([0.6, 0.4])
    for shares in ([by_draw, fixed], [np.array([0.5, 0.5]), fixed]):
        expected = np.tile(fixed, (16, 1))
        expected[first] = shares[0]
        np.testing.assert_array_equal(tree._centre(shares), expected)
    assert tree._centre([fixed, fixed.copy()]).tolist() == [0.6, 0.4]
    alone = replace(plan, combinations=plan.combinations[:1])
    assert TreeScores(alone, groups[:1], 0, FIRST, {})._centre([by_draw]) is by_draw
    tree.scores = [{"n": np.arange(9.0).reshape(3, 3)}, {"n": np.array([7.0, 8, 9])}]
    expected = np.tile([7.0, 8, 9], (16, 1))
    expected[first] = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(tree.together("n"), expected.T)


def test_scores_of_one_group_are_those_of_all_draws() -> None:
    plan = plan_draws(scored(values(3, 2), replace(EXACT, draws=16)))
    tree = TreeScores(plan, group_draws(plan, 0), 0, FIRST, {})
    tree.scores = [{"n": np.array([7.0, 8, 9]), "m": np.arange(48.0).reshape(16, 3)}]
    assert tree.together("n").tolist() == [[7.0] * 16, [8.0] * 16, [9.0] * 16]
    np.testing.assert_array_equal(tree.together("m"), np.arange(48.0).reshape(16, 3).T)


def test_children_stand_side_by_side() -> None:
    one, other = np.array([1.0, 2, 3]), np.array([[4.0, 5, 6], [7, 8, 9]])
    assert _side_by_side([one, one * 2]).tolist() == [[1, 2], [2, 4], [3, 6]]
    expected = [[[1, 4], [2, 5], [3, 6]], [[1, 7], [2, 8], [3, 9]]]
    assert _side_by_side([one, other]).tolist() == expected
    assert _side_by_side([other, one]).tolist() == [[r[::-1] for r in row] for row in expected]


def test_draws_whose_methods_take_turns_have_the_scores_of_their_own() -> None:
    """Means 2.5, 2.25, 2.5; the geometric ones 2, the root of 5, 2."""
    plan = turns()
    scores = draw_block(plan, 0).scores
    for group, expected in zip(
        group_draws(plan, 0), ([2.5, 2.25, 2.5], [2, np.sqrt(5), 2]), strict=True
    ):
        np.testing.assert_allclose(
            scores[:, group.draws], np.tile(np.array(expected)[:, None], group.size)
        )


# Chance.


def test_gaps_may_take_each_others_numbers() -> None:
    plan = plan_draws(project())
    assert len(plan.gaps) == 2
    plain = draw_chance(plan, 3, FIRST)
    swapped = draw_chance(replace(plan, gap_numbers=np.array([1, 0])), 3, FIRST)
    np.testing.assert_array_equal(swapped, plain[::-1])
    further = draw_chance(replace(plan, gap_numbers=np.array([2, 0])), 3, FIRST)
    np.testing.assert_array_equal(further[1], plain[0])
    assert further.shape == plain.shape == (2, plan.block)
    assert draw_chance(replace(plan, gap_numbers=np.arange(0)), 3, FIRST).shape == (0, plan.block)
    assert (draw_chance(plan, 3, lambda name: int(name == "missing")) != plain).any()


@pytest.mark.parametrize(("own", "donors"), [(5, [0, 1, 2, 3, 4]), (4, [0, 1, 2, 3, 4])])
def test_a_proxy_is_a_donor_only_where_there_are_few(own: int, donors: list[int]) -> None:
    """Some have a value of their own; then one has its land's, and the last has none."""
    land = Entity(
        "land", "L", "country", observations={"x1": (observation(9.0, level="national"),)}
    )
    communities = (
        *(community(f"a{i}", {"x1": i + 1.0, "x2": 1.0}) for i in range(own)),
        community("b", {"x2": 1.0}, parent="land"),
        community("c", {"x2": 1.0}),
    )
    told = Project(framework(["x1", "x2"]), communities, {"land": land}, {}, "sha256:0")
    settings = Settings(recipe=RAW, uncertainty=replace(EXACT, missing=HotDeck()))
    (gap,) = plan_draws(score(told, settings)).gaps
    assert (gap.row, gap.columns.tolist(), gap.donors.tolist()) == (own + 1, [0], donors)


# Errors in data.


def quotients(names: list[str], denominator: Any = None) -> DrawPlan:
    denominator = denominator or observation(2.0, sd=0.5)
    told = {name: {"kind": "ratio", "per": "p", "per_scale": 10.0} for name in names}
    cells = [{"x1": 8, "x2": 6, "p": denominator}, {"x1": 3, "x2": 5, "p": 5}]
    given = tuple(community(f"c{i}", each) for i, each in enumerate(cells))
    told_project = Project(framework(names, told, ["p"]), given, {}, {}, "sha256:0")
    settings = Settings(recipe=RAW, uncertainty=replace(EXACT, data=PedigreeData(basic=1.2)))
    return plan_draws(score(told_project, settings))


def test_a_denominator_that_is_used_once_errs_with_its_value() -> None:
    plan = quotients(["x1"])
    assert plan.errors is not None
    assert plan.errors.shared_sd.size == 0
    (run,) = plan.errors.by_criterion["x1"].runs
    # With y = exp(s^2), y (y - 1) = 0.25^2 is the variance that the denominator's sd gives.
    given = np.log((1 + np.sqrt(1 + 4 * 0.25**2)) / 2)
    expected = [np.sqrt(np.log(1.2) ** 2 + given), np.sqrt(2) * np.log(1.2)]
    assert run.own.ravel() == pytest.approx(expected)


def test_a_denominator_that_is_used_twice_is_shared_downwards() -> None:
    plan = quotients(["x1", "x2"])
    assert plan.errors is not None
    spread = np.sqrt(np.log((1 + np.sqrt(1.25)) / 2))
    assert plan.errors.shared_sd.ravel() == pytest.approx([spread, np.log(1.2)])
    assert plan.errors.shared_below.ravel().tolist() == [1, 1]
    for name in ("x1", "x2"):
        (run,) = plan.errors.by_criterion[name].runs
        (layer,) = run.shared
        assert (layer.cells.tolist(), layer.numbers.tolist()) == ([0, 1], [0, 1])
        assert layer.factors[:, 0].tolist() == [-1, -1]
        assert run.own.ravel() == pytest.approx([np.log(1.2)] * 2)


def test_a_denominators_interval_may_reach_to_nothing() -> None:
    """2 between 0 and 5: relative to its size 3/2 upwards and 1 downwards, at 95 and 5 %."""
    plan = quotients(["x1"], observation(2.0, interval=(0, 5)))
    assert plan.errors is not None
    assert plan.errors.shared_sd.ravel() == pytest.approx([1.5 / 1.6448536])
    assert plan.errors.shared_below.ravel() == pytest.approx([2 / 3])
    (run,) = plan.errors.by_criterion["x1"].runs
    assert [(layer.cells.tolist(), layer.factors.tolist()) for layer in run.shared] == [
        ([0], [[-1.0]])
    ]


def test_shared_errors_keep_their_places_in_a_table_like_another() -> None:
    """Another value in place of a community's denominator, and one in place of a numerator."""
    told = {name: {"kind": "ratio", "per": "p", "per_scale": 10.0} for name in ("x1", "x2")}

    def lay_out(first: Any, second: Any, like: SharedLike | None = None) -> DataErrors:
        cells = [{"x1": 8, "x2": 6, "p": first}, {"x1": 3, "x2": 5, "p": second}]
        given = tuple(community(f"c{i}", each) for i, each in enumerate(cells))
        read = Project(framework(["x1", "x2"], told, ["p"]), given, {}, {}, "sha256:0")
        settings = Settings(recipe=RAW, uncertainty=replace(EXACT, data=PedigreeData(basic=1.2)))
        errors = plan_draws(score(read, settings), like).errors
        assert errors is not None
        return errors

    one, two, other = (observation(value) for value in (2.0, 5.0, 3.0))
    before = lay_out(one, two)
    assert before.shared_keys == (id(one), id(two))
    same = lay_out(one, two, SharedLike(before, {}))
    assert (same.shared_keys, same.shared_by) == (before.shared_keys, before.shared_by)
    np.testing.assert_array_equal(same.shared_sd, before.shared_sd)
    after = lay_out(other, two, SharedLike(before, {}))
    assert after.shared_keys == (id(one), id(two), id(other))
    assert after.shared_sd.ravel() == pytest.approx([0, np.log(1.2), np.log(1.2)])
    assert after.shared_by == {"x1": slice(0, 3), "x2": slice(3, 3)}
    instead = lay_out(other, two, SharedLike(before, {id(other): id(one)}))
    assert instead.shared_keys == before.shared_keys
    np.testing.assert_array_equal(instead.shared_sd, before.shared_sd)
    unlike = lay_out(one, two, SharedLike(replace(before, shared_by={}), {}))
    assert unlike.shared_keys == before.shared_keys


def test_an_undated_value_is_as_if_of_the_reference_year() -> None:
    data = PedigreeData(basic=1.2)
    cells = [[observation(4.0)], [observation(4.0, year=2018)], [observation(4.0, year=2010)]]
    plan = plan_draws(scored(cells, replace(EXACT, data=data)))
    assert plan.errors is not None
    (run,) = plan.errors.by_criterion["x1"].runs
    old = data.measurement("seen", 8, "high")
    assert old > np.log(1.2)
    assert run.own.ravel() == pytest.approx([np.log(1.2), np.log(1.2), old])


# Stages of draws.


@pytest.mark.parametrize(
    ("over", "expected"), [("pooled", [0.2, 0.3, 0.4]), ("cohort", [0, 0.5, 1])]
)
def test_a_scale_is_of_all_years_only_where_it_is_meant_to_be(
    over: Any, expected: list[float]
) -> None:
    """Values 2, 3, 4 in one draw, between 0 and 10 over all years."""
    recipe = replace(RAW, normalisation=Staged(MinMax(0, 1, over=over)))
    plan = plan_draws(scored([[2.0], [3.0], [4.0]], EXACT, recipe=recipe))
    about = plan.parts[0].about
    pooled = np.array([[0.0], [10.0], [2.0], [3.0], [4.0]])
    x = np.stack([[2.0, 3, 4], [4.0, 3, 2]], axis=1)[None]
    found = DrawnStages.of(about, recipe, pooled).normalise_draws(x.copy())
    np.testing.assert_allclose(found[0, :, 0], expected)
    np.testing.assert_allclose(found[0, :, 1], expected[::-1])
    alone = DrawnStages.of(about, recipe, None).normalise_draws(x.copy())
    np.testing.assert_allclose(alone[0, :, 0], [0, 0.5, 1])


def test_indicators_are_normalised_each_in_its_own_way() -> None:
    ways = Staged(MinMax(0, 1), {"x2": NoNormalisation()})
    told = {"x3": {"direction": "lower"}}
    table = np.array([[2.0, 5, 1], [4, 7, 3], [3, 9, 5]])
    recipe = replace(RAW, normalisation=ways)
    plan = plan_draws(scored(table, EXACT, recipe=recipe, indicators=told))
    stages = plan.combinations[0].stages[plan.parts[0]]
    x = np.repeat(table.T[..., None], 2, axis=2)
    found = stages.normalise_draws(x.copy())
    expected = [[0, 1, 0.5], [5, 7, 9], [1, 0.5, 0]]
    np.testing.assert_allclose(found, np.repeat(np.array(expected)[..., None], 2, axis=2))
    np.testing.assert_allclose(stages.normalise_plain(table), np.array(expected).T)
    treating = replace(recipe, outliers=Staged(Winsorise()))
    assert DrawnStages.of(plan.parts[0].about, treating, None).treats
    assert not stages.treats


# Residuals of imputed values.


def test_donors_are_taken_away_a_tenth_at_a_time() -> None:
    """Of eleven, the first and the last go together: the mean of the nine between them is 5."""
    given = np.array([*range(11), np.nan])[:, None]
    recipe = replace(RAW, imputation=Staged(Mean()))
    plan = plan_draws(scored(np.c_[given, np.ones(12)], EXACT, recipe=recipe))
    donors = np.arange(11)
    predicted = _predict(plan.values, donors, (0,), plan.columns, recipe)[:, 0]
    expected = [45 / 9] + [(55 - i) / 10 for i in range(1, 10)] + [45 / 9]
    np.testing.assert_allclose(predicted[:11], expected)
    assert np.isnan(predicted[11])
    ten = _predict(plan.values, donors[:10], (0,), plan.columns, recipe)[:, 0]
    np.testing.assert_allclose(ten[:10], [(55 - i) / 10 for i in range(10)])
    gap = Gap(11, np.array([0]), donors)
    ((residual,),) = plan_residuals(plan.values, (gap,), plan.columns, recipe)
    np.testing.assert_allclose(residual.of_donor, donors - np.array(expected))
    assert plan_residuals(plan.values, (gap,), plan.columns, RAW) == ()


@pytest.mark.parametrize(("most", "together"), [(1, True), (2, False)])
def test_many_patterns_of_gaps_are_taken_away_together(
    most: int, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[list[int], tuple[int, ...]]] = []

    def predict(table: Any, donors: Any, columns: tuple[int, ...], *_: Any) -> Any:
        taken.append((donors.tolist(), columns))
        return np.ones_like(table)

    monkeypatch.setattr("icfscore.pipeline.residuals.MOST_PATTERNS", most)
    monkeypatch.setattr("icfscore.pipeline.residuals._predict", predict)
    recipe = replace(RAW, imputation=Staged(Mean()))
    plan = plan_draws(scored([[0.5, 2.0], [3.0, 4.0], [None, 1.0], [2.0, None]], EXACT))
    gaps = (Gap(2, np.array([0]), np.array([0, 3])), Gap(3, np.array([1]), np.array([1, 2])))
    (first,), _ = plan_residuals(plan.values, gaps, plan.columns, recipe)
    one, other = ([0, 3], (0,)), ([1, 2], (1,))
    assert taken == ([([0, 1, 2, 3], (0, 1))] if together else [one, other])
    assert (first.multiplies, first.of_donor.tolist()) == (True, [0.5, 2])


def test_where_too_little_is_left_the_mean_stands_in() -> None:
    recipe = replace(RAW, imputation=Staged(Regression()))
    cells = [[1.0, 2.0], [3.0, 1.0], [None, 2.5]]
    plan = plan_draws(scored(cells, EXACT, recipe=replace(RAW)))
    gap = Gap(2, np.array([0]), np.array([0, 1]))
    try:
        ((residual,),) = plan_residuals(plan.values, (gap,), plan.columns, recipe)
    except (InputError, MethodError):  # pragma: no cover
        pytest.fail("too little is left to impute from, and that is no error")
    assert residual.of_donor.size == 2


# Sensitivity.


@pytest.mark.parametrize(("n", "few"), [(11, True), (12, False)])
def test_a_hundred_thousand_combinations_are_enumerated(n: int, few: bool) -> None:
    """Five gaps of ten donors each, or of eleven."""
    cells: list[list[Any]] = values(n).tolist()
    for i in range(5):
        cells[i][i] = None
    tree = {f"c{i}": [f"x{i}"] for i in range(1, 6)}
    plan = plan_draws(scored(cells, replace(EXACT, missing=HotDeck()), tree=tree))
    assert _levels(plan) == ({"missing": 100_000} if few else None)


def test_two_donors_and_two_methods_by_hand() -> None:
    """The gap is filled by 1 or 9, beside 4: 2.5 or 6.5, by geometric mean 2 or 6.

    The mean is 4.25, the shares of variance 4 of the donors and 1/16 of the methods of 65/16.
    """
    uncertain = replace(EXACT, missing=HotDeck(), alternatives=TURNS)
    scoring = scored([[None, 4.0], [1.0, 4.0], [9.0, 4.0]], uncertain, focus="c1")
    found = find_drivers(scoring, "mean_rank_shift", jobs=1)
    assert found.factors == ("aggregation", "missing")
    assert found.indices.exact
    outputs = saltelli_block(plan_draws(scoring), 0, ScoreOf(0))
    assert set(np.round(outputs.ravel(), 9)) == {2.5, 6.5, 2, 6}


def test_a_design_has_a_block_of_draws_at_least() -> None:
    uncertain = replace(EXACT, data=RelativeData(0.1), draws=1)
    scoring = scored([[3.0], [2.0], [1.0]], uncertain, focus="c1")
    assert plan_draws(scoring).block == 16
    found = find_drivers(scoring, "focus_score", jobs=1)
    assert (found.n_base, found.interrupted) == (16, False)


# Predictions, precision, confidence.


def test_what_is_quick_is_told_by_the_number_of_values() -> None:
    scoring = scored(values(), replace(EXACT, draws=500_000))  # 40 values each
    assert is_quick(scoring) is True
    more = with_uncertainty(scoring, draws=500_001)
    assert is_quick(more) is False
    assert is_quick(more, 2) is True
    assert is_quick(with_uncertainty(scoring, draws=1_000_001), 2) is False
    slow = with_uncertainty(
        scoring, draws=1, alternatives={"imputation": (Staged(Regression()), Staged(Mean()))}
    )
    assert is_quick(slow) is False


def test_confidence_rests_on_the_first_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icfscore.pipeline.uncertainty.CONFIDENCE_DRAWS", 100)
    uncertain = replace(EXACT, weights=DirichletWeights(), draws=160)
    scoring = scored([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4]], uncertain)
    found = draw_ranks(scoring, jobs=1)
    assert found.confidence == {"c1": 1, "c2": 1}
    assert found.central_weights(2) is None
    few = draw_ranks(with_uncertainty(scoring, draws=50), jobs=1)
    assert few.confidence == {"c1": 1, "c2": 1}
    assert draw_ranks(scoring, jobs=1, confidence=False).confidence == {}


def test_first_places_are_shared_among_the_tied() -> None:
    """With weights 1 and 0 two of three tie at 1; with 0 and 1 the third is first."""
    plan = plan_draws(
        scored([[1.0, 0.0], [1.0, 0.2], [0.5, 1.0]], replace(EXACT, weights=DirichletWeights()))
    )
    one, other = {"index": np.array([1.0, 0.0])}, {"index": np.array([0.0, 1.0])}
    work = CountFirsts({0: one, 1: other, 2: other})
    parts = work(plan, 0, 5)
    assert parts.tolist() == [5, 5 * UNIT // 2, 0, 5 * UNIT]
    total = work.start(plan)
    work.add(total, parts)
    work.merge(total, work(plan, 1, plan.block))
    assert work.n_draws(total) == 5 + plan.block
    again = work.restore(plan, work.arrays(total))
    assert again.tolist() == total.tolist()
    assert again is not total


@pytest.mark.parametrize("weights", [BoundedWeights(0.4), BoundedWeights(0.9)])
def test_weights_that_cannot_be_drawn_are_told_before_any_draw(weights: Any) -> None:
    plan = plan_draws(scored(values(), replace(EXACT, weights=weights)))
    with pytest.raises(InputError, match=r"weights bounded: index: .* cannot sum to 1"):
        check_plain(plan)


def test_the_largest_error_may_be_that_of_a_pair() -> None:
    """All have their rank for certain, but for two that are ahead of each other in turn."""
    plan = plan_draws(scored([[2.0], [1.0]], replace(EXACT, draws=16)))
    work = CountRanks(np.array([1, 2]))
    summary = work.start(plan)
    work.add(summary, work(plan, 0, 16))
    found = RankDraws(("c1", "c2"), np.array([1, 2]), summary, plan.bins, {}, 1, {})
    assert found.largest_error == 0
    summary.pairwise[:] = [[0, 8], [24, 0]]  # a quarter and three quarters of 16
    found = RankDraws(("c1", "c2"), np.array([1, 2]), summary, plan.bins, {}, 1, {})
    assert found.largest_error == pytest.approx(np.sqrt(3 / 16 / 16))


def test_the_largest_error_is_taken_along_each_communitys_ranks() -> None:
    """The second is in turn on all four ranks: half its draws are among the first two."""
    counts = RankCounts(4, 4)
    table = np.array([[4, 0, 0, 0], [1, 1, 1, 1], [0, 0, 4, 0], [0, 0, 0, 4]])
    none = np.zeros((4, 0), dtype=np.uint16)
    counts.add(none, np.arange(16), table.ravel() * UNIT)
    tally = Tally.start(np.arange(4), {})
    tally = replace(tally, n_draws=4, counts=counts, pairwise=np.zeros((0, 0), dtype=np.int64))
    found = RankDraws(tuple("abcd"), np.arange(1, 5), tally, np.arange(4), {}, 1, {})
    assert found.largest_error == 0.25


def test_confidence_among_very_many_rests_on_fewer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six values a draw, and an eighth as many again for each of two that are ever first: 7.5."""
    monkeypatch.setattr("icfscore.pipeline.uncertainty.FULL_TABLE", 2)
    monkeypatch.setattr("icfscore.pipeline.draw_plan.MAX_BLOCK", 16)
    uncertain = replace(EXACT, weights=DirichletWeights(), draws=160)
    scoring = scored([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4]], uncertain)
    for most, n_draws in ((300, 40), (299, 39), (1, 16), (10**6, 160)):
        monkeypatch.setattr("icfscore.pipeline.uncertainty.CONFIDENCE_VALUES", most)
        found = draw_ranks(scoring, jobs=1)
        assert (found.confidence_draws, dict(found.confidence)) == (n_draws, {"c1": 1, "c2": 1})


def test_intervals_of_a_sensitivity_come_from_a_stream_of_their_own() -> None:
    uncertain = replace(EXACT, data=RelativeData(0.1), weights=DirichletWeights(), draws=64)
    scoring = scored(values(), uncertain, focus="c1")
    plan = plan_draws(scoring)
    (outputs,) = (saltelli_block(plan, block, ScoreOf(0))[:, :64] for block in (0,))
    rng = stream(plan.seed, "bootstrap", 0, 0)
    expected = estimate_indices(outputs[0], outputs[1], outputs[2:], rng)
    found = find_drivers(scoring, "focus_score", jobs=1).indices
    np.testing.assert_array_equal(found.total, expected.total)
    np.testing.assert_array_equal(found.total_interval, expected.total_interval)


# Runs over blocks.


class Sizes:
    """Counts the draws of blocks, and remembers which."""

    def __call__(self, plan: Any, block: int, size: int) -> tuple[int, int]:
        return block, size

    def start(self, plan: Any) -> list[tuple[int, int]]:
        return []

    def add(self, summary: list[tuple[int, int]], part: tuple[int, int]) -> None:
        summary.append(part)

    def merge(self, summary: list[Any], later: list[Any]) -> None:
        summary.extend(later)

    def n_draws(self, summary: list[tuple[int, int]]) -> int:
        return sum(size for _, size in summary)

    def arrays(self, summary: list[tuple[int, int]]) -> dict[str, Any]:
        return {"sizes": np.array(summary, dtype=np.int64).reshape(-1, 2)}

    def restore(self, plan: Any, arrays: Any) -> list[Any]:
        return [tuple(each) for each in arrays["sizes"].tolist()]


class Ahead:
    """Works two blocks ahead, and tells so before it hands anything over."""

    def fold(self, work: Any, plan: Any, span: Span) -> Iterator[Piece[Any]]:
        for block in span.blocks:
            yield Piece(0, 2, lambda _: None)
            part = work(plan, block, span.size_of(plan, block))
            yield Piece(1, 0, self._adding(work, part))

    def _adding(self, work: Any, part: Any) -> Callable[[Any], None]:
        return lambda summary: work.add(summary, part)


def course(told: list[tuple[int, int]] | None = None, **given: Any) -> Course[Any, Any]:
    plan: Any = plan_draws(scored([[1.0], [2.0]], replace(EXACT, draws=16)))
    engine = given.pop("engine", LocalEngine(1))
    progress = None if told is None else lambda done, total: told.append((done, total))
    return Course(Sizes(), plan, engine, progress=progress, **given)


def test_spans_cut_their_last_block() -> None:
    plan: Any = SimpleNamespace(block=16)
    assert list(Span(2, 5).blocks) == [2, 3, 4]
    assert [Span(2, 5, 3).size_of(plan, block) for block in (2, 3, 4)] == [16, 16, 3]
    assert [Span(2, 5).size_of(plan, block) for block in (2, 3, 4)] == [16, 16, 16]


def test_a_course_draws_as_many_as_wanted_and_no_block_twice() -> None:
    told: list[tuple[int, int]] = []
    run = course(told)
    run.advance(40)
    assert run.summary == [(0, 16), (1, 16), (2, 8)]
    assert told == [(16, 40), (32, 40), (40, 40)]
    assert (run.n_draws, run.next_block, run.goal, run.interrupted) == (40, 3, 0, False)
    run.advance(40)
    run.advance(39)
    assert run.n_draws == 40
    run.advance(41)
    assert run.summary[3:] == [(3, 1)]
    told.clear()
    run.advance(60, whole=True)
    assert run.summary[4:] == [(4, 16), (5, 16)]
    assert (run.goal, told) == (60, [(57, 60), (73, 73)])
    run.advance(89, whole=True)
    assert run.summary[6:] == [(6, 16)]
    run.interrupted = True
    run.advance(1000)
    assert run.n_draws == 89


def test_progress_is_told_with_what_is_worked_through_already() -> None:
    told: list[tuple[int, int]] = []
    keeper = KeptInMemory()
    run = course(told, engine=Ahead(), keeper=keeper)
    run.advance(40)
    assert told == [(32, 40), (16, 40), (40, 40), (32, 40), (40, 40), (40, 40)]
    assert keeper.writes == 4  # after each of three blocks, and at the end
    assert keeper.found is not None
    assert keeper.found.position == {"block": 16, "next_block": 3, "goal": 0}


def test_what_must_be_kept_at_once_is_told() -> None:
    """Before the first block, to see that it can be, and at the end; between, when it is time."""

    class Telling(KeptInMemory):
        told: tuple[bool, ...] = ()

        def keep(self, found: Callable[[], Held], n_draws: int, *, now: bool = False) -> None:
            self.told += (now,)
            super().keep(found, n_draws, now=now)

    keeper = Telling()
    run = course(keeper=keeper)
    run.resume({})
    run.advance(40)
    assert keeper.told == (True, False, False, False, True)


def test_a_course_that_is_stopped_says_so_or_has_nothing() -> None:
    class Stopped:
        def __init__(self, after: int) -> None:
            self.after = after

        def fold(self, work: Any, plan: Any, span: Span) -> Iterator[Piece[Any]]:
            for number, piece in enumerate(LocalEngine(1).fold(work, plan, span)):
                if number == self.after:
                    raise KeyboardInterrupt
                yield piece

    run = course(engine=Stopped(1))
    run.advance(40)
    assert (run.summary, run.interrupted) == ([(0, 16)], True)
    run = course(engine=Stopped(0))
    with pytest.raises(KeyboardInterrupt):
        run.advance(40)


@pytest.mark.parametrize(
    ("position", "sizes", "fine"),
    [
        ((16, 3, 0), [16, 16, 8], True),
        ((8192, 1, 0), [5], True),
        ((8208, 1, 0), [5], False),
        ((0, 1, 0), [5], False),
        ((24, 1, 0), [5], False),
        ((16, 1, 2**40 - 1), [16], True),
        ((16, 1, 2**40), [16], False),
        ((16, 1, -1), [16], False),
        ((16, 1, 0), [17], False),
        ((16, 2, 0), [1], False),
        ((16, 2, 0), [2], True),
        ((16, 0, 0), [], True),
        ((0, 0, 0), [], False),
    ],
)
def test_a_course_goes_on_from_what_can_be(
    position: tuple[int, int, int], sizes: list[int], fine: bool
) -> None:
    keeper = KeptInMemory()
    held = dict(zip(("block", "next_block", "goal"), position, strict=True))
    keeper.found = Held(held, {"sizes": np.array([(0, size) for size in sizes]).reshape(-1, 2)})
    run = course(keeper=keeper)
    if not fine:
        with pytest.raises(InputError, match="damaged"):
            run.resume({})
        return
    run.resume({})
    assert (run.plan.block, run.next_block, run.goal) == position
    assert run.n_draws == sum(sizes)
    assert keeper.writes == 1


def test_outputs_of_a_design_are_kept_as_one_table() -> None:
    scoring = scored([[3.0], [2.0]], replace(EXACT, data=RelativeData(0.1), draws=16))
    plan = plan_draws(scoring)
    work = RunDesign(ScoreOf(1))
    summary = work.start(plan)
    assert work.arrays(summary)["outputs"].shape == (0, 0)
    assert work.restore(plan, work.arrays(summary)) == []
    part = work(plan, 0, 5)
    np.testing.assert_array_equal(part, saltelli_block(plan, 0, ScoreOf(1))[:, :5])
    assert part.shape == (3, 5)
    work.add(summary, part)
    work.merge(summary, [part + 1])
    assert work.n_draws(summary) == 10
    (again,) = work.restore(plan, work.arrays(summary))
    np.testing.assert_array_equal(again, np.concatenate([part, part + 1], axis=1))
    for wrong in ({}, {"other": again}, {"outputs": again, "more": again}):
        with pytest.raises(ValueError, match=r"\["):
            work.restore(plan, wrong)
    for table in (again[:2], again[0], np.empty((3, 0)), np.diag([1, 1, np.inf])):
        with pytest.raises(ValueError, match=r"\(|\["):
            work.restore(plan, {"outputs": table})


def test_a_number_of_no_bin_cannot_wait() -> None:
    counts = RankCounts(2, 3)
    for highest, fine in ((2, True), (3, False), (STRADDLES, True)):
        held = counts.arrays() | {"waiting": np.array([[0, 1], [0, highest]], dtype=np.uint16)}
        if fine:
            RankCounts(2, 3).restore(held, 2)
            continue
        with pytest.raises(ValueError, match="2, 0"):
            RankCounts(2, 3).restore(held, 2)


def test_waiting_draws_are_merged_with_parts() -> None:
    """Two draws that wait, and half draws that two share, in each of two counts."""
    counts = [RankCounts(2, 4) for _ in range(2)]
    for each in counts:
        halves = np.array([0, 1, 4, 5]), np.full(4, UNIT // 2)
        each.add(np.array([[2, 3], [3, 2]], dtype=np.uint16), *halves)
        each.arrays()  # puts the parts together
    counts[0].merge(counts[1])
    assert (counts[0].table() // (UNIT // 2)).tolist() == [[2, 2, 4, 4], [2, 2, 4, 4]]


def test_ranks_of_a_block_are_those_of_its_draws() -> None:
    """The second of two is first where its weight of the second indicator is above a half."""
    uncertain = replace(EXACT, weights=DirichletWeights(), draws=16)
    plan = plan_draws(scored([[1.0, 0.0], [0.0, 1.0]], uncertain))
    work, drawn = CountRanks(np.array([1, 2])), draw_block(plan, 2)
    summary = work.start(plan)
    work.add(summary, work(plan, 2, 7))
    first = (drawn.weights["index"][1, :7] > 0.5).sum()
    assert work.n_draws(summary) == 7
    assert summary.histogram.tolist() == [
        [(7 - first) * UNIT, first * UNIT],
        [first * UNIT, (7 - first) * UNIT],
    ]
    tables, groups = draw_normalised(plan, 2)
    assert len(groups) == 1
    np.testing.assert_array_equal(tables(plan.parts[0])[0], np.eye(2))


def test_both_of_two_imputations_keep_what_was_observed() -> None:
    ways = {"imputation": (Staged(NoImputation()), Staged(Mean()))}
    scales = {"normalisation": (Staged(NoNormalisation()), Staged(ZScore(100, 10)))}
    cells = [[1.0, 2.0], [2.0, 4.0], [None, 6.0]]
    uncertain = replace(EXACT, alternatives=ways | scales, draws=64)
    plan = plan_draws(scored(cells, uncertain))
    assert plan.sizes == {"imputation": 2, "normalisation": 2}
    scores, expected = draw_block(plan, 0).scores, {0: [1.5, 3, 6], 2: [1.5, 3, 3.75]}
    for group in group_draws(plan, 0):
        number = plan.combinations.index(group.combination)
        found = np.unique(np.round(scores[:, group.draws], 9), axis=1)
        assert found.shape == (3, 1)
        if number in expected:
            assert found[:, 0].tolist() == expected[number]
