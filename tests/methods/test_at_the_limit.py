"""What holds exactly at a limit, for the only one of a kind, or for the first of several."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.aggregate import BenefitOfTheDoubt, OrderedWeighted, PrometheeII, Vikor
from icfscore.methods.audit import describe
from icfscore.methods.backtest import is_separable, least_slack, mid_ranks
from icfscore.methods.context import Floats, Scale, Siblings
from icfscore.methods.decomposition import mean_slopes, swap_values
from icfscore.methods.impute import NearestNeighbours, Regression
from icfscore.methods.impute.neighbours import squared_distances
from icfscore.methods.impute.normal import fit_normal, has_maximum
from icfscore.methods.normalise import (
    Borda,
    Goalposts,
    MinMax,
    PercentileRank,
    Rank,
    Robust,
    Sum,
    Target,
    Vector,
    ZScore,
)
from icfscore.methods.perturb import (
    BoundedWeights,
    DirichletWeights,
    PedigreeData,
    RelativeData,
    RelativeWeights,
)
from icfscore.methods.perturb.scatter import scatter_of, scatter_values
from icfscore.methods.sobol import enumerate_indices, estimate_indices
from icfscore.methods.treat import Clip, SkewKurtosis, Winsorise
from icfscore.methods.treat.transforms import box_cox_parameters
from icfscore.methods.treat.winsorise import note_on_points
from icfscore.methods.weigh import AnalyticHierarchy, BestWorst, BudgetAllocation, Critic, Entropy
from icfscore.methods.weigh.analytic_hierarchy import RANDOM_INDEX, consistency_ratio
from icfscore.methods.weigh.best_worst import consistency_threshold
from icfscore.methods.weigh.budget_allocation import concordance
from icfscore.methods.weigh.equal_influence import is_weighted_mean
from icfscore.methods.weigh.influence_search import Influence
from icfscore.methods.weigh.judgement import LARGEST
from icfscore.methods.weigh.principal_components import components_kept

NA = np.nan


def test_as_many_weights_as_children_are_all_used() -> None:
    x, equal = np.array([[1.0, 2.0], [3.0, 4.0]]), np.ones(2)
    siblings = Siblings.of(2)
    assert OrderedWeighted(weights=(0.5, 0.5)).notes(x, equal, siblings) == ()
    (note,) = OrderedWeighted(weights=(0.5, 0.3, 0.2)).notes(x, equal, siblings)
    assert "only the first 2 of 3 weights count" in note.text


def test_shares_of_the_doubt_may_be_bounded_by_nothing_and_by_everything() -> None:
    x, w = np.array([[1.0, 4.0], [3.0, 2.0], [2.0, 2.0]]), np.ones(2)
    free = BenefitOfTheDoubt()(x, w, Siblings.of(2))
    bounded = BenefitOfTheDoubt(lower=0.0, upper=1.0)(x, w, Siblings.of(2))
    assert bounded == pytest.approx(free)
    for bad in (-0.1, 1.1):
        with pytest.raises(ValueError, match=r"must lie in 0\.\.1"):
            BenefitOfTheDoubt(upper=bad)


def test_the_first_of_two_columns_that_cannot_be_normalised_is_named() -> None:
    x = np.array([[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]])
    targets = Scale.of(x, target=np.array([3.0, 0.5, 0.5]))
    with pytest.raises(MethodError) as told:
        Target()(x, targets)
    assert told.value.column == 1
    posts = Scale.of(x, goalposts=np.array([[0.0, 3.0], [NA, NA], [NA, NA]]))
    with pytest.raises(MethodError) as told:
        Goalposts()(x, posts)
    assert told.value.column == 1


def test_a_column_that_stays_untreated_is_named() -> None:
    x = np.column_stack([np.arange(12.0), np.arange(12.0)])
    x[-1, 1] = 1e6
    (note,) = SkewKurtosis(max_points=0, fallback="none").notes(x)
    assert note.column == 1
    assert "keeps its untreated values" in note.text


def test_comparisons_go_up_to_the_largest_there_is() -> None:
    def judged(most: float) -> BestWorst:
        return BestWorst(
            best="a", worst="b", best_to_others={"a": 1, "b": most}, others_to_worst={"a": most}
        )

    w = judged(LARGEST)(np.zeros((2, 2)), Siblings.of(2, names=("a", "b")))
    assert w == pytest.approx([1, 1 / LARGEST])
    with pytest.raises(ValueError, match="must be a number from 1"):
        judged(LARGEST * 1.001)


def test_a_single_judge_agrees_with_no_one() -> None:
    assert concordance(np.array([[1.0, 2.0, 3.0]])) is None
    assert concordance(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])) == 1


def test_two_communities_that_are_alike_in_one_child_tell_no_correlation() -> None:
    x = np.array([[3.0, 2.0], [3.0, 5.0], [1.0, NA], [NA, 4.0]])
    (note,) = Critic().notes(x, Siblings.of(2))
    assert note.column == 0
    assert "shares too few communities with x2" in note.text
    x[1, 0] = 2.0
    assert Critic().notes(x, Siblings.of(2)) == ()


def test_values_up_to_nothing_are_of_one_sign() -> None:
    """Entropy sees sizes alone: -4, -1, 0 tells as much as 4, 1, 0."""
    x = np.array([[4.0, 3.0], [1.0, 1.0], [0.0, 2.0]])
    w = Entropy()(x, Siblings.of(2))
    assert Entropy()(-x, Siblings.of(2)) == pytest.approx(w)
    with pytest.raises(MethodError) as told:
        Entropy()(x - [0.0, 1.5], Siblings.of(2))
    assert told.value.column == 1


@pytest.mark.parametrize("unit", [1e-200, 1e-3, 1.0, 1e6, 1e200])
def test_a_weighted_mean_is_known_whatever_the_unit_and_draw_by_draw(unit: float) -> None:
    def mean(x: Floats, w: Floats) -> Floats:
        return (x * w[..., None, :]).sum(axis=-1)

    def skewed(x: Floats, w: Floats) -> Floats:
        return mean(x, w) * (1 + 1e-6 * (x[..., 0] > 5 * unit))

    x = unit * np.array([[[1.0, 2.0], [3.0, 5.0]], [[1.0, 2.0], [9.0, 4.0]]])
    assert is_weighted_mean(x, Siblings.of(2, aggregate=mean)).tolist() == [True, True]
    assert is_weighted_mean(x, Siblings.of(2, aggregate=skewed)).tolist() == [True, False]
    x[0, 0, 0] = NA
    assert is_weighted_mean(x, Siblings.of(2, aggregate=mean)).tolist() == [False, True]
    assert is_weighted_mean(x, Siblings.of(2)).tolist() == [False, True]


def test_a_likelihood_without_any_complete_row() -> None:
    """Each column must be had by more rows than its gaps' hyperplane can go through: one."""
    apart = np.array([[False, True], [True, False]])
    assert not has_maximum(apart)
    assert not has_maximum(np.vstack([apart, apart[:1]]))
    assert has_maximum(np.vstack([apart, apart]))
    assert has_maximum(np.vstack([apart, apart, [[True, True]]]))


def test_em_comes_to_rest_at_andersons_estimates_however_many_gaps_there_are() -> None:
    """One column whole, the other had by 6 of 60 rows only: each step leaves nine tenths of the
    error, so that a step of 1e-10 is followed by as much as 1e-9 in all.

    Anderson (1957): the regression among the complete rows, at the moments of the whole column.
    https://doi.org/10.1080/01621459.1957.10501379
    """
    rng = np.random.default_rng(4)
    z = rng.normal(size=(60, 2))
    z[:, 1] += 2 * z[:, 0]
    missing = np.zeros(z.shape, dtype=bool)
    missing[6:, 1] = True
    moments = np.cov(z[:6].T, ddof=0)
    slope = moments[0, 1] / moments[0, 0]
    variance = z[:, 0].var()
    residual = moments[1, 1] - slope * moments[0, 1]
    mean = z[:6, 1].mean() + slope * (z[:, 0].mean() - z[:6, 0].mean())
    fit = fit_normal(np.where(missing, NA, z)[None], missing)
    assert fit.settled.tolist() == [True]
    assert fit.ridged.tolist() == [False]
    assert fit.mean[0] == pytest.approx([z[:, 0].mean(), mean], rel=0, abs=2e-10)
    across = slope * variance
    expected = [[variance, across], [across, residual + slope * across]]
    np.testing.assert_allclose(fit.covariance[0], expected, rtol=0, atol=2e-10)


def test_dependent_indicators_need_a_ridge_in_their_own_draw_only() -> None:
    """The second column doubles the first in one draw; a gap leaves just these two in some rows."""
    rng = np.random.default_rng(2)
    apart = rng.normal(size=(12, 3))
    doubled = apart.copy()
    doubled[:, 1] = 2 * doubled[:, 0]
    missing = np.zeros(apart.shape, dtype=bool)
    missing[0, 2] = missing[1, 1] = True  # beside both, or beside one of them
    stack = np.where(missing, NA, np.stack([apart, doubled, apart + 1]))
    together = fit_normal(stack, missing)
    assert together.ridged.tolist() == [False, True, False]
    assert together.settled.tolist() == [True, True, True]
    np.testing.assert_allclose(together.filled.mean(axis=1), together.mean, atol=1e-8)
    for draw, alone in enumerate(fit_normal(each[None], missing) for each in stack):
        for name in ("mean", "covariance", "filled", "settled", "ridged"):
            found, expected = getattr(together, name)[draw], getattr(alone, name)[0]
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=name)


def test_distances_over_what_both_have_by_hand() -> None:
    """Mean squared differences times 3: 1, then (9 + 1) / 2, then (4 + 9) / 2; none in common."""
    z = np.array([[0.0, 0.0, NA], [1.0, NA, 2.0], [3.0, 1.0, 5.0], [NA, NA, NA]])
    far = np.inf
    expected = [[0, 3, 15, far], [3, 0, 19.5, far], [15, 19.5, 0, far], [far] * 4]
    np.testing.assert_allclose(squared_distances(z), expected)
    np.testing.assert_allclose(squared_distances(np.stack([z, 2 * z]))[1], 4 * np.array(expected))


def test_a_score_that_does_not_vary_has_no_parts_of_influence() -> None:
    x = np.array([[1.0, 5.0], [2.0, 3.0], [4.0, 4.0]])
    target, w = np.full((1, 2), 0.5), np.full((1, 1, 2), 0.5)
    for level in (0.0, 7.0):
        problem = Influence(x[None], target, lambda x, w, level=level: 0 * x[..., 0] + level)
        parts = problem.parts(w)
        assert np.isnan(parts).all()
        assert np.isinf(problem.misfit(parts)).all()


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e12])
@pytest.mark.parametrize("origin", [0.0, -3.0])
def test_what_weights_can_put_ahead_does_not_depend_on_the_unit(unit: float, origin: float) -> None:
    """The first and the last win by a child each; the middle one would at 0.5 and 0.5, but ties."""
    x = unit * (np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]) + origin)
    assert is_separable(x, np.array([True, False, False]))
    assert not is_separable(x, np.array([False, True, False]))
    assert not is_separable(x, np.array([True, False, True]))
    level = least_slack(x, np.array([False, True, False]))
    assert (level.slack, level.reversed_pairs) == (0.0, 0)
    assert level.weights == pytest.approx([0.5, 0.5])
    x[1] -= 0.1 * unit  # now it is behind, by 0.2 in all at the best
    behind = least_slack(x, np.array([False, True, False]))
    assert behind.slack == pytest.approx(0.2 * unit)
    scores = x @ behind.weights
    ahead = np.delete(scores, 1) - scores[1]
    assert np.clip(ahead, 0, None).sum() == pytest.approx(behind.slack)
    assert behind.reversed_pairs == (ahead > 1e-6 * unit).sum()


def test_swaps_are_exact_up_to_the_cells_allowed_and_never_hold_more() -> None:
    x = np.array([[3.0, 1.0, 2.0, 5.0], [1.0, 2.0, 4.0, 0.0], [9.0, 9.0, 9.0, 9.0]])
    w, held = np.array([0.1, 0.2, 0.3, 0.4]), 0

    def score(tables: Floats) -> Floats:
        nonlocal held
        held = max(held, tables.size)
        return tables.min(axis=-1) * tables[..., 0] + tables @ w

    exact = swap_values(score, x, (0, 1))
    enough = x.size * 8  # half of all coalitions of 4 children
    np.testing.assert_array_equal(swap_values(score, x, (0, 1), most=enough), exact)
    by_turns = swap_values(score, x, (0, 1), most=enough - 1)
    assert exact is not None
    assert by_turns is not None
    assert not np.allclose(by_turns, exact)
    assert by_turns.sum() == pytest.approx(exact.sum())
    for most in (x.size, 2 * x.size, enough):
        held = 0
        swap_values(score, x, (0, 1), most=most)
        assert held <= most
    for most in (x.size, 1):  # one table at a time, even where that is more than allowed
        np.testing.assert_allclose(swap_values(score, x, (0, 1), most=most), by_turns)


@pytest.mark.parametrize("own", [{}, {"sd": 8.0}, {"interval": (20.0, 90.0)}])
def test_a_share_between_other_ends_scatters_as_one_of_the_whole(own: dict[str, Any]) -> None:
    """Shares of 10 to 110 are shares of 0 to 100, ten up."""
    whole = scatter_of(40.0, "share", (0.0, 100.0), (0.2, 0.3), 50.0, **own)
    moved = {"interval": (30.0, 100.0)} if "interval" in own else own
    raised = scatter_of(50.0, "share", (10.0, 110.0), (0.2, 0.3), 50.0, **moved)
    assert raised.scale == whole.scale == "logit"
    told = (raised.measurement, raised.representativeness, raised.below)
    assert told == pytest.approx((whole.measurement, whole.representativeness, whole.below))
    error = np.array([[-1.0, 0.0, 2.0]])
    column = np.array([[1.0]])
    low = scatter_values("logit", 40 * column, 0 * column, 100 * column, error.copy())
    high = scatter_values("logit", 50 * column, 10 * column, 110 * column, error.copy())
    np.testing.assert_allclose(high, low + 10)
    both = scatter_values(  # ends of one value's scale at 0, of another's not
        "logit",
        np.array([[40.0], [50.0]]),
        np.array([[0.0], [10.0]]),
        np.array([[100.0], [110.0]]),
        np.vstack([error, error]),
    )
    np.testing.assert_allclose(both, np.vstack([low, high]))


@pytest.mark.parametrize(
    ("make", "allowed", "refused"),
    [
        (lambda v: Vikor(v=v), (0.0, 1.0), (-1e-9, 1 + 1e-9)),
        (lambda v: OrderedWeighted(orness=v), (0.0, 1.0), (-1e-9, 1 + 1e-9)),
        (lambda v: OrderedWeighted(weights=(v, 1.0)), (0.0,), (-1e-9, np.inf)),
        (lambda v: PrometheeII("u_shape", indifference=v), (0.0,), (-1e-9, np.inf)),
        (lambda v: PrometheeII("gaussian", sigma=v), (1e-9,), (0.0, np.inf)),
        (lambda v: PrometheeII("linear", 1.0, v), (1.0,), (0.999, np.inf)),
        (lambda v: BoundedWeights(lower=v), (0.0, 1.0), (-1e-9, 1 + 1e-9)),
        (lambda v: BoundedWeights(lower=0.5, upper=v), (0.5, 1.0), (0.499,)),
        (lambda v: RelativeWeights(share=v), (1e-9, 1.0), (0.0, 1 + 1e-9)),
        (lambda v: DirichletWeights(concentration=v), (1e-9,), (0.0, np.inf)),
        (lambda v: RelativeData(sd=v), (1e-9,), (0.0, np.inf)),
        (lambda v: PedigreeData(basic=v), (1.0,), (0.999, np.inf)),
        (lambda v: PedigreeData(status={"seen": v}), (1.0,), (0.999, np.inf)),
        (lambda v: PedigreeData(age=(1.0, 1.0, v, 2.0, 2.0)), (1.0,), (0.999, np.inf)),
        (lambda v: PedigreeData(index_share=v), (0.0,), (-1e-9, np.inf)),
        (lambda v: Winsorise(max_points=v), (0,), (-1,)),
        (lambda v: Winsorise(max_abs_skew=v), (0.0,), (-1e-9, np.inf)),
        (lambda v: Winsorise(max_kurtosis=v), (-2.0,), (np.inf, np.nan)),
        (lambda v: Clip(lower=v), (0.0,), (-1e-9, 0.975)),
        (lambda v: Clip(upper=v), (1.0,), (0.025, 1 + 1e-9)),
        (lambda v: Regression(ridge=v), (0.0,), (-1e-9, np.inf)),
        (lambda v: NearestNeighbours(k=v), (1,), (0,)),
        (lambda v: BudgetAllocation({"An": {"a": v, "b": 1}}), (0.0,), (-1e-9, np.inf)),
        (
            lambda v: AnalyticHierarchy({"index": [("a", "b", v)]}),
            (LARGEST, 1 / LARGEST),
            (1.001 * LARGEST, 0.999 / LARGEST),
        ),
    ],
)  # fmt: skip
def test_parameters_may_be_at_their_limits_and_not_beyond(
    make: Any, allowed: tuple[float, ...], refused: tuple[float, ...]
) -> None:
    for value in allowed:
        make(value)
    for value in refused:
        with pytest.raises(ValueError, match=r"\w"):
            make(value)


def test_a_warning_of_disagreement_starts_below_one_half() -> None:
    """Of two judges W = (1 + rho) / 2; rho of 1234 and 2413 is 1 - 6 · 10 / 60 = 0."""
    first = {"x1": 40, "x2": 30, "x3": 20, "x4": 10}

    def told(second: tuple[int, ...]) -> str:
        experts = {"An": first, "Bo": dict(zip(first, second, strict=True))}
        (note,) = BudgetAllocation(experts).notes(np.zeros((2, 4)), Siblings.of(4))
        return note.level

    assert told((30, 10, 40, 20)) == "info"
    assert told((30, 10, 20, 40)) == "warning"


def test_three_compared_children_are_the_fewest_that_can_contradict() -> None:
    """Saaty's ratio: (5 - 3) / 2 over 0.58 for three, nothing to contradict between two."""
    assert consistency_ratio(5.0, 2) == 0
    assert consistency_ratio(5.0, 3) == pytest.approx(1 / RANDOM_INDEX[2])
    k = len(RANDOM_INDEX)
    assert consistency_ratio(k + 1.0, k) == pytest.approx(1 / (k - 1) / RANDOM_INDEX[-1])
    assert consistency_ratio(k + 2.0, k + 1) == pytest.approx(1 / (1.7699 * (k + 1) - 4.3513))
    assert consistency_ratio(k - 1e-12, k) == 0
    assert consistency_threshold(2.5, 3) > 0
    assert consistency_threshold(2.5, 2) == consistency_threshold(2.4, 3) == 0
    for k in range(3, 12):
        row = [consistency_threshold(scale, k) for scale in range(3, 12)]
        assert row[6:] == row[6:7] * 3  # nine and beyond are alike
        assert consistency_threshold(8.0, k) == consistency_threshold(8.4, k) == row[5]
    assert consistency_threshold(9, 9) == consistency_threshold(9, 12)


def test_the_handbooks_rule_keeps_components_above_its_limits_only() -> None:
    """Eigenvalues above 1, more than 10 % each, more than 60 % together (OECD 2008, step 6)."""
    assert components_kept(np.array([0.7, 0.1, 0.1, 0.1]), 20) == 1
    assert components_kept(np.array([0.7, 0.11, 0.1, 0.09]), 20) == 2
    assert components_kept(np.array([0.65, 0.25, 0.1, 0.0]), 4) == 1  # an eigenvalue of 1
    with pytest.raises(MethodError, match=r"explain 60\.0% together"):
        components_kept(np.array([0.6, 0.1, 0.1, 0.1, 0.1]), 5)


@pytest.mark.parametrize("unit", [1e-300, 1e-160, 1.0, 1e160, 1.9e307])
def test_indices_do_not_depend_on_the_outputs_unit(unit: float) -> None:
    exact = enumerate_indices(np.array([[1.0, 2.0], [4.0, 9.0]]))
    found = enumerate_indices(unit * np.array([[1.0, 2.0], [4.0, 9.0]]))
    assert found.first_order == pytest.approx(exact.first_order)
    assert found.total == pytest.approx(exact.total)
    rng = np.random.default_rng(3)
    f_a, f_b, f_ab = rng.random(32), rng.random(32), rng.random((2, 32))
    plain = estimate_indices(f_a, f_b, f_ab, np.random.default_rng(1), resamples=20)
    scaled = estimate_indices(
        unit * f_a, unit * f_b, unit * f_ab, np.random.default_rng(1), resamples=20
    )
    for name in ("first_order", "total", "first_order_interval", "total_interval"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(plain, name), rtol=1e-9)


def test_the_first_negative_value_is_named_where_it_stands() -> None:
    x = np.array([[0.5, 2.0], [0.0, 0.5], [3.0, -2.0], [-1.0, 1.0]])
    with pytest.raises(MethodError, match=r"found -2") as told:
        BenefitOfTheDoubt()(x, np.ones(2), Siblings.of(2))
    assert (told.value.row, told.value.column) == (2, 1)


def test_what_has_no_value_is_described_over_no_community() -> None:
    told = describe(np.full(3, NA))
    assert (told.n, told.distinct, told.skewness.n, told.kurtosis.n) == (0, 0, 0, 0)
    assert told.skewness.reason == told.kurtosis.reason == "there is no value"


@pytest.mark.parametrize(
    "method", [MinMax(), ZScore(), Robust(), Rank(), Borda(), PercentileRank(), Vector(), Sum()]
)
@pytest.mark.parametrize("n_reference", [1, 3])
def test_a_reference_that_does_not_vary_scores_others_without_a_warning(
    method: Any, n_reference: int
) -> None:
    """Other communities than those that set the scale: above, below, and without a value."""
    x = np.array([[5.0, 2.0], [2.0, 1.0], [1.0, 3.0], [NA, NA]])
    reference = np.tile([2.0, 2.0], (n_reference, 1))
    y = method(x, Scale.of(reference))
    stack = method(x[None], Scale.of(reference[None]))
    assert np.isfinite(y[:3]).all()
    assert np.isnan(y[3]).all()
    np.testing.assert_array_equal(stack[0], y)


def test_mid_ranks_of_draws_are_those_of_each() -> None:
    scores = np.array([[5.0, 7.0, 5.0, 1.0], [1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 2.0, 2.0]])
    assert mid_ranks(scores).tolist() == [mid_ranks(draw).tolist() for draw in scores]
    assert mid_ranks(scores)[2].tolist() == [2.5] * 4


def test_values_over_hundreds_of_orders_of_magnitude_have_a_power() -> None:
    """Logarithms -300 to 300 in equal steps: by symmetry the power of most likelihood is 0."""
    power, shift = box_cox_parameters(np.exp(np.linspace(-300.0, 300.0, 31)))
    assert power == pytest.approx(0, abs=1e-6)
    assert shift == 0
    up, _ = box_cox_parameters(np.exp(np.array([-300.0, -290, -280, -200, 0, 300])))
    down, _ = box_cox_parameters(np.exp(-np.array([-300.0, -290, -280, -200, 0, 300])))
    assert up == pytest.approx(-down, abs=1e-6)
    assert up < 0


@pytest.mark.parametrize(
    ("lead", "ahead"), [(1e-6, True), (2e-7, True), (8e-8, False), (0.0, False)]
)
def test_a_lead_of_rounding_puts_nobody_ahead(lead: float, ahead: bool) -> None:
    """Between (1, 0) and (0, 1) one stands above their middle by the lead: so far at the best."""
    x = np.array([[1.0, 0.0], [0.5 + lead, 0.5 + lead], [0.0, 1.0]])
    assert is_separable(x, np.array([False, True, False])) == ahead
    assert is_separable(10 * x - 50, np.array([False, True, False])) == ahead


def test_points_pulled_in_at_both_ends_are_all_counted() -> None:
    before = np.array([1.0, 2.0, 3.0, 4.0, 5.0, NA])
    after = np.array([2.0, 2.0, 3.0, 4.0, 4.0, NA])
    note = note_on_points(before, after, 3)
    assert note is not None
    assert note.column == 3
    assert "2 points were pulled in" in note.text
    assert "(1 at the top, 1 at the bottom)" in note.text
    assert note_on_points(before, before, 3) is None


def test_one_draw_without_enough_in_common_is_enough_to_refuse_the_handbooks_rule() -> None:
    fine, poor = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])
    assert components_kept(np.stack([fine, fine]), 3).tolist() == [1, 1]
    with pytest.raises(MethodError, match=r"explain 50\.0% together"):
        components_kept(np.stack([fine, poor]), 3)


@pytest.mark.parametrize("exponent", [0.5, 2.0, 3.0, 7.0])
def test_from_nothing_a_power_rises_by_its_whole_value(exponent: float) -> None:
    """Slopes times distances are w (a^p - b^p) over that of the scores: from 0, w a^p / a."""
    a, b, w = np.array([4.0, 9.0]), np.array([0.0, 5.0]), np.array([0.3, 0.7])
    scores = tuple(float((w @ x**exponent) ** (1 / exponent)) for x in (a, b))
    slopes = mean_slopes(a, b, w, scores, exponent)
    rise = (scores[0] ** exponent - scores[1] ** exponent) / (scores[0] - scores[1])
    assert slopes * (a - b) == pytest.approx(w * (a**exponent - b**exponent) / rise)
    assert slopes @ (a - b) == pytest.approx(scores[0] - scores[1])


def test_a_power_may_be_the_least_that_is_looked_for() -> None:
    """One value a little above others, hardly apart: each lower power down to -5 mends it more."""
    x = np.array([1.0, 1.001, 1.002, 1.003, 1.004, 1.02])
    assert box_cox_parameters(x)[0] == pytest.approx(-5, abs=1e-3)
    assert box_cox_parameters(1 / x)[0] == pytest.approx(5, abs=1e-3)


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_a_column_of_huge_numbers_beside_an_ordinary_one_has_its_z_scores(unit: float) -> None:
    x = np.random.default_rng(6).normal(size=(2, 9, 2))
    expected = ZScore()(x, Scale.of(x))
    scaled = x * [unit, 1.0]
    np.testing.assert_allclose(ZScore()(scaled, Scale.of(scaled)), expected, rtol=1e-12)
