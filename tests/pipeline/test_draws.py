"""Blocks of draws: pure, alike however methods are shared out, each factor on a stream of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.pipeline.uncertain_projects import (
    EXACT,
    RAW,
    Cell,
    drawn_scores,
    drawn_values,
    observation,
    scored,
    with_uncertainty,
)

from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.aggregate import Arithmetic, Geometric, Median
from icfscore.methods.context import Siblings
from icfscore.methods.impute import Mean, NoImputation, Regression
from icfscore.methods.normalise import (
    Borda,
    Goalposts,
    MinMax,
    NoNormalisation,
    PercentileRank,
    ZScore,
)
from icfscore.methods.perturb import (
    BoundedWeights,
    DirichletWeights,
    HotDeck,
    PedigreeData,
    RelativeData,
    RelativeWeights,
    UniformWeights,
)
from icfscore.methods.treat import Clip
from icfscore.methods.weigh import Entropy, Equal, Given
from icfscore.pipeline.draw_groups import first_draws, group_draws
from icfscore.pipeline.draw_plan import block_size, plan_draws
from icfscore.pipeline.draws import draw_block, draw_normalised, score_nodes, stream
from icfscore.pipeline.nodes import weigh_and_aggregate
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.stages import impute, normalise, transform_and_treat
from icfscore.recipe import STAGES, Staged, Uncertainty, method_classes

TREE = {"a": ["x1", "x2", "x3"], "b": ["x4", "x5"]}
ALL = Uncertainty(
    weights=DirichletWeights(20), data=PedigreeData(basic=1.2), missing=HotDeck(), draws=4000
)
SCALES = (Staged(MinMax(1, 100)), Staged(ZScore(100, 10)), Staged(PercentileRank(1, 100)))
MEANS = (Staged(Arithmetic()), Staged(Geometric()))
SECOND = {"x1": 1e-12}  # scores are the second indicator's values, the first being kept
METHODS = {"normalisation": SCALES, "aggregation": MEANS}


def values(n: int = 8, k: int = 5, seed: int = 0) -> Floats:
    return np.exp(np.random.default_rng(seed).normal(size=(n, k)))


def gappy() -> list[list[Cell]]:
    cells: list[list[Cell]] = values().tolist()
    cells[0][1] = cells[0][2] = cells[3][4] = None
    return cells


def project(uncertainty: Uncertainty = ALL, **options: Any) -> Scoring:
    recipe = options.pop("recipe", replace(RAW, normalisation=SCALES[0]))
    return scored(gappy(), uncertainty, tree=TREE, recipe=recipe, **options)


# Streams.


def test_a_stream_is_told_by_seed_factor_matrix_and_block() -> None:
    keys = [
        (2019, "data.a", 0, 0),
        (2020, "data.a", 0, 0),
        (2019, "data.b", 0, 0),
        (2019, "data.a", 1, 0),
        (2019, "data.a", 0, 1),
        (2**64 - 1, "data.a", 0, 0),
    ]
    first = [tuple(stream(*key).random(4)) for key in keys]
    assert len(set(first)) == len(keys)
    assert first == [tuple(stream(*key).random(4)) for key in keys]


def test_a_block_is_a_pure_function_of_its_number() -> None:
    plan = plan_draws(project())
    first = draw_block(plan, 3)
    for other in (0, 7):
        draw_block(plan, other)
    again = draw_block(plan_draws(project()), 3)
    np.testing.assert_array_equal(first.scores, again.scores)
    assert not np.array_equal(first.scores, draw_block(plan, 4).scores)


@pytest.mark.parametrize("numbers", [1, 61, 567, 8000, 80_000, 400_000])
@pytest.mark.parametrize("n_draws", [0, 1, 100, 10_000, 12_345, 1_000_000])
def test_blocks_hold_what_is_wanted_and_little_more(numbers: int, n_draws: int) -> None:
    size = block_size(numbers, n_draws)
    assert size % 16 == 0
    n_blocks = -(-max(n_draws, 1) // size)
    assert n_blocks * size < max(n_draws, 1) + 16 * n_blocks


# Factors.


def test_each_factor_drives_what_it_names_and_nothing_else() -> None:
    scoring = project(replace(ALL, alternatives=METHODS))
    plan = plan_draws(scoring)
    assert plan.factors == (
        "normalisation",
        "aggregation",
        "weights.b",
        "weights.a",
        "weights.index",
        "data.a",
        "data.b",
        "missing",
    )
    base = draw_block(plan, 0)
    for factor in plan.factors:
        other = draw_block(plan, 0, lambda name, chosen=factor: int(name == chosen))
        assert not np.array_equal(base.scores, other.scores), factor
        for node, w in base.weights.items():
            same = np.array_equal(w, other.weights[node])
            assert same == (factor != f"weights.{node}")


def test_renewing_every_factor_is_an_independent_sample() -> None:
    plan = plan_draws(project())
    one, other = draw_block(plan, 0), draw_block(plan, 0, lambda _: 1)
    for row in range(8):
        assert abs(np.corrcoef(one.scores[row], other.scores[row])[0, 1]) < 5 / np.sqrt(plan.block)


# Methods.


def choices(scoring: Scoring) -> tuple[list[Floats], Floats]:
    """Draw the scores of each combination alone, and of the crossing."""
    alone = []
    for scale in SCALES:
        for mean in MEANS:
            single = {"normalisation": (scale,), "aggregation": (mean,)}
            alone.append(draw_block(plan_draws(with_uncertainty(scoring, alternatives=single)), 0))
    crossed = draw_block(plan_draws(with_uncertainty(scoring, alternatives=METHODS)), 0)
    return [drawn.scores for drawn in alone], crossed.scores


def test_a_draw_is_the_same_whatever_the_methods_of_others_are() -> None:
    alone, crossed = choices(project())
    agree = np.array([np.isclose(scores, crossed, rtol=1e-12).all(axis=0) for scores in alone])
    assert (agree.sum(axis=0) == 1).all()


def test_every_combination_is_equally_likely() -> None:
    scoring = project(replace(ALL, alternatives=METHODS, draws=60_000))
    plan = plan_draws(scoring)
    counts = np.zeros(6)
    for block in range(60_000 // plan.block):
        _, groups = draw_normalised(plan, block)
        for group in groups:
            counts[plan.combinations.index(group.combination)] += group.size
    expected = counts.sum() / 6
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected)).all()


def test_drawn_weights_do_not_depend_on_the_methods() -> None:
    plain = draw_block(plan_draws(project()), 0).weights
    crossed = draw_block(plan_draws(project(replace(ALL, alternatives=METHODS))), 0).weights
    for node in plain:
        np.testing.assert_array_equal(plain[node], crossed[node])


def test_a_single_alternative_stands_in_for_the_recipe() -> None:
    only = replace(EXACT, alternatives={"aggregation": (Staged(Median()),)})
    drawn = drawn_scores(project(only), 16)
    median = project(recipe=replace(RAW, normalisation=SCALES[0], aggregation=Staged(Median())))
    np.testing.assert_allclose(drawn[:, 0], median.ranking.scores)
    assert plan_draws(project(only)).factors == ()


def test_every_draw_is_what_the_stages_make_of_its_table() -> None:
    """The whole way, one draw at a time, by the functions that score a single table."""
    recipe = replace(
        RAW,
        outliers=Staged(Clip(0.1, 0.9)),
        normalisation=Staged(ZScore(100, 10), by_indicator={"x2": MinMax(1, 100)}),
    )
    told = {"x2": {"direction": "lower"}, "x3": {"transform": "log"}, "x5": {"transform": "log"}}
    cells = values().tolist()
    for uncertainty in (
        replace(ALL, draws=32, weights=EXACT.weights),
        replace(
            ALL,
            draws=32,
            weights=EXACT.weights,
            alternatives={"outliers": (Staged(Clip(0.1, 0.9)), Staged(Clip(0.2, 0.8)))},
        ),
    ):
        scoring = scored(cells, uncertainty, tree=TREE, indicators=told, recipe=recipe)
        plan = plan_draws(scoring)
        tables, drawn = drawn_values(plan), draw_block(plan, 0).scores
        _, groups = draw_normalised(plan, 0)
        for group in groups:
            combination = group.combination
            for draw in np.arange(plan.block)[group.draws]:
                table = impute(tables[..., draw].T, plan.columns, combination.recipe).values
                treated = transform_and_treat(table, plan.columns, combination.recipe).values
                scaled = normalise(treated, plan.columns, combination.recipe)
                nodes, _ = weigh_and_aggregate(scaled, combination.tree)
                np.testing.assert_allclose(drawn[:, draw], nodes["index"], rtol=1e-9)


@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize(
    "scale", [MinMax(), ZScore(), Borda(), PercentileRank(), Goalposts(), NoNormalisation()]
)
def test_exact_data_and_fixed_weights_give_the_nominal_scores(scale: Any, flat: bool) -> None:
    told = {f"x{i}": {"goalposts": (0.1, 5.0)} for i in range(1, 6)}
    recipe = replace(RAW, normalisation=Staged(scale))
    tree = None if flat else TREE
    scoring = scored(values(), EXACT, tree=tree, indicators=told, recipe=recipe)
    drawn = drawn_scores(scoring, 16)
    expected = np.broadcast_to(scoring.ranking.scores[:, None], drawn.shape)
    np.testing.assert_array_equal(drawn, expected)
    nothing = with_uncertainty(scoring, missing=HotDeck(), weights=UniformWeights(), nodes=())
    np.testing.assert_array_equal(drawn_scores(nothing, 16), expected)


def test_drawn_tables_can_be_scored_repeatedly() -> None:
    plan = plan_draws(project(replace(ALL, alternatives=METHODS)))
    kept = draw_normalised(plan, 2)
    once, weights = score_nodes(plan, *kept, 2)
    draw_block(plan, 5)
    twice, _ = score_nodes(plan, *kept, 2)
    np.testing.assert_array_equal(once, twice)
    np.testing.assert_array_equal(once, draw_block(plan, 2).scores)
    fixed = {node: w[:, 0] for node, w in weights.items()}
    held, none = score_nodes(plan, *kept, 2, fixed=fixed)
    assert none == {}
    np.testing.assert_allclose(held[:, 0], once[:, 0], rtol=1e-12)


# Weights.


def test_only_the_listed_nodes_vary() -> None:
    plan = plan_draws(project(replace(ALL, nodes=("a",))))
    assert plan.varied == ("a",)
    assert set(draw_block(plan, 0).weights) == {"a"}


def test_children_without_weight_or_data_stay_out() -> None:
    cells = [[1.0, 2.0, None], [2.0, 1.0, None], [3.0, 3.0, 1.0]]
    recipe = replace(RAW, screening=replace(RAW.screening, min_indicator_coverage=0.5))
    uniform = replace(EXACT, weights=UniformWeights())
    scoring = scored(cells, uniform, recipe=recipe, weights={"x2": 0.0})
    assert plan_draws(scoring).varied == ()  # one child is left: nothing to vary
    np.testing.assert_array_equal(drawn_scores(scoring, 16)[:, 5], [1.0, 2.0, 3.0])
    assert plan_draws(with_uncertainty(scoring)).factors == ()


def test_weights_that_the_data_give_are_found_anew_in_each_draw() -> None:
    recipe = replace(RAW, weighting=Staged(Entropy()))
    scoring = scored(values(), replace(EXACT, data=RelativeData(0.2)), recipe=recipe)
    plan = plan_draws(scoring)
    table = drawn_values(plan)[..., 5].T
    w = Entropy()(table, plan.combinations[0].tree.nodes[0].siblings)
    np.testing.assert_allclose(draw_block(plan, 0).scores[:, 5], table @ w, rtol=1e-9)


def test_weights_that_the_data_give_are_the_centre() -> None:
    recipe = replace(RAW, weighting=Staged(Entropy()))
    vary = replace(EXACT, weights=DirichletWeights(1e9))
    scoring = scored(values(), vary, recipe=recipe)
    drawn = draw_block(plan_draws(scoring), 0).weights["index"]
    expected = [scoring.weights[f"x{i}"] for i in range(1, 6)]
    np.testing.assert_allclose(drawn[:, 0], expected, atol=1e-3)


def test_every_way_of_weighing_has_its_centre_in_each_draw() -> None:
    ways = (Staged(Given()), Staged(Equal()), Staged(Entropy()))
    vary = replace(EXACT, weights=RelativeWeights(1e-9), alternatives={"weighting": ways})
    scoring = scored(values(), vary, weights={"x1": 3.0})
    plan = plan_draws(with_uncertainty(scoring, data=RelativeData(1e-9), draws=600))
    drawn = draw_block(plan, 0).weights["index"]
    expected = {
        tuple(np.round(step.weigh(plan.values, plan.columns.communities), 6))
        for step in (combination.tree.nodes[0] for combination in plan.combinations)
    }
    assert {tuple(w) for w in np.round(drawn.T, 6)} == expected


def test_weights_that_cannot_be_drawn_name_the_node() -> None:
    bounded = replace(EXACT, weights=BoundedWeights(0.4))
    with pytest.raises(InputError, match=r"weights bounded: index: .* cannot sum to 1"):
        drawn_scores(scored(values(), bounded), 16)


# Missing values.


def test_a_gap_gets_a_donors_value_of_the_draw() -> None:
    cells = [[1.0, None], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0], [5.0, 50.0], [6.0, 60.0]]
    uncertainty = replace(EXACT, missing=HotDeck(), draws=5000)
    drawn = drawn_scores(scored(cells, uncertainty, weights=SECOND), 5000)[0]
    given, counts = np.unique(np.round(drawn, 6), return_counts=True)
    np.testing.assert_array_equal(given, [20, 30, 40, 50, 60])
    assert (np.abs(counts / counts.sum() - 0.2) < 5 * np.sqrt(0.16 / 5000)).all()


def test_gaps_below_a_criterion_have_one_donor() -> None:
    cells: list[list[Cell]] = [[None, None]] + [[float(i), 10.0 * i] for i in range(1, 8)]
    uncertainty = replace(EXACT, missing=HotDeck(), draws=500)
    cells = [[9.0, *row] for row in cells]
    tree = {"z": ["x1"], "a": ["x2", "x3"]}
    scoring = scored(cells, uncertainty, tree=tree, weights={"z": 1e-12, "x2": 10.0})
    drawn = drawn_scores(scoring, 500)[0]
    # Donor i gives i and 10 i together: (10 i + 10 i) / 11.
    np.testing.assert_allclose(np.unique(np.round(drawn, 6)), np.arange(1, 8) * 20 / 11, atol=1e-6)


def test_left_as_they_are_gaps_are_aggregated_over() -> None:
    cells = [[1.0, None, 4.0], [2.0, 2.0, 2.0], [3.0, 9.0, 3.0]]
    scoring = scored(cells, replace(EXACT, weights=UniformWeights()))
    drawn = draw_block(plan_draws(scoring), 0)
    w = drawn.weights["index"]
    np.testing.assert_allclose(drawn.scores[0], (w[0] + 4 * w[2]) / (w[0] + w[2]))


def test_after_a_mean_the_hot_deck_scatters_like_the_donors() -> None:
    """Left out one by one, a donor's distance from the others' mean is n / (n - 1) times that from
    the mean of all: added to the mean of all it gives back the donors, a little further apart."""
    cells: list[list[Cell]] = [[1.0, None]] + [[2.0, value] for value in (10.0, 20.0, 60.0)]
    told = {"x2": {"kind": "index"}}
    recipe = replace(RAW, imputation=Staged(Mean()))
    uncertainty = replace(EXACT, missing=HotDeck(), draws=300)
    scoring = scored(cells, uncertainty, indicators=told, recipe=recipe, weights=SECOND)
    drawn = drawn_scores(scoring, 300)[0]
    expected = 30 + 3 / 2 * (np.array([10.0, 20.0, 60.0]) - 30)
    np.testing.assert_allclose(np.unique(np.round(drawn, 6)), expected, atol=1e-6)


def test_a_good_imputation_is_scattered_little() -> None:
    """The sibling tells the value: residuals of a regression are much smaller than the spread."""
    rng = np.random.default_rng(0)
    x = rng.normal(50, 10, size=30)
    cells: list[list[Cell]] = [
        [a, 2 * a + e] for a, e in zip(x, rng.normal(0, 0.5, 30), strict=True)
    ]
    cells[0][1] = None
    told = {"x1": {"kind": "index"}, "x2": {"kind": "index"}}
    recipe = replace(RAW, imputation=Staged(Regression()))
    uncertainty = replace(EXACT, missing=HotDeck(), draws=1000)
    scoring = scored(cells, uncertainty, indicators=told, recipe=recipe, weights=SECOND)
    drawn = drawn_scores(scoring, 1000)[0]
    assert drawn.std() < 0.2 * 2 * x.std()
    assert abs(drawn.mean() - 2 * x[0]) < 2


def test_imputations_take_turns() -> None:
    ways = (Staged(NoImputation()), Staged(Mean()))
    uncertainty = replace(EXACT, alternatives={"imputation": ways}, draws=200)
    cells = [[1.0, None], [2.0, 20.0], [3.0, 40.0]]
    drawn = drawn_scores(scored(cells, uncertainty), 200)[0]
    assert set(drawn) == {1.0, (1 + 30) / 2}


# Errors in a draw.


def test_a_value_that_the_geometric_mean_is_not_made_for_is_named() -> None:
    recipe = replace(RAW, aggregation=Staged(Geometric()))
    cells = [[observation(1.0, sd=5.0), 1.0], [2.0, 2.0]]
    told = {"x1": {"kind": "index"}}
    scoring = scored(cells, replace(EXACT, data=PedigreeData()), indicators=told, recipe=recipe)
    with pytest.raises(
        InputError, match="aggregation geometric: c1, index, x1: the geometric mean needs values"
    ):
        drawn_scores(scoring, 2000)


def test_a_value_without_logarithm_is_named() -> None:
    told = {"x1": {"transform": "log"}}
    scoring = scored(values(4, 2), replace(EXACT, data=RelativeData(3.0)), indicators=told)
    with pytest.raises(InputError, match=r"transform log: c\d, x1: the logarithm of a value"):
        drawn_scores(scoring, 2000)


def test_where_not_all_of_a_block_count_the_methods_are_still_even() -> None:
    """Draws stand in a block by their methods: the first so many would be of one method only."""
    counts = np.zeros(6)
    for seed in range(300):
        plan = plan_draws(project(replace(ALL, alternatives=METHODS, draws=18, seed=seed)))
        assert plan.block == 32
        counted = np.zeros(plan.block, dtype=bool)
        counted[first_draws(plan, 0, 18)] = True
        assert counted.sum() == 18
        for group in group_draws(plan, 0):
            counts[plan.combinations.index(group.combination)] += counted[group.draws].sum()
    expected = counts.sum() / 6
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected)).all()


def test_draws_with_the_same_methods_stand_side_by_side_in_the_first_sample_only() -> None:
    plan = plan_draws(project(replace(ALL, alternatives=METHODS)))
    assert all(isinstance(group.draws, slice) for group in group_draws(plan, 0))
    other = group_draws(plan, 0, lambda name: int(name == "aggregation"))
    assert not any(isinstance(group.draws, slice) for group in other)
    stood, methods = np.zeros((2, plan.block), dtype=int)
    for groups, place in ((group_draws(plan, 0), stood), (other, methods)):
        for group in groups:
            place[group.draws] = plan.combinations.index(group.combination)
    np.testing.assert_array_equal(stood // 2, methods // 2)  # the same normalisations
    assert abs(np.corrcoef(stood % 2, methods % 2)[0, 1]) < 5 / np.sqrt(plan.block)


@pytest.mark.parametrize("kind", sorted(method_classes(STAGES["aggregation"])))
@pytest.mark.parametrize("n_children", [1, 2])
def test_no_aggregation_gives_back_the_memory_of_its_table(kind: str, n_children: int) -> None:
    """A criterion's table is used again for the next one, whose scores stand beside the first's."""
    parameters = {"power_mean": {"exponent": 2.0}, "ordered_weighted": {"orness": 0.5}}.get(
        kind, {}
    )
    method = method_classes(STAGES["aggregation"])[kind](**parameters)
    x = np.random.default_rng(0).random((n_children, 5, 7)).transpose(2, 1, 0) + 1
    scores = method(x, np.full((7, n_children), 1 / n_children), Siblings.of(n_children))
    assert not np.shares_memory(scores, x)
