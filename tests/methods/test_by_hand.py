"""Smaller claims of the methods, each with numbers worked by hand or told by SciPy."""

from __future__ import annotations

from decimal import Decimal, localcontext
from math import log
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.interpolate import CubicSpline

from icfscore.methods import drawn
from icfscore.methods.aggregate import Harmonic
from icfscore.methods.audit import Structure, component_loadings, describe
from icfscore.methods.audit.resample import resample_counts
from icfscore.methods.audit.spline import MOST_FUNCTIONS, MOST_KNOTS, SplineBasis
from icfscore.methods.conditional_variance import explained_variance
from icfscore.methods.context import Cohort, Floats, Scale, Siblings
from icfscore.methods.decomposition import share_rounding
from icfscore.methods.impute import GroupMean, NearestNeighbours
from icfscore.methods.impute.normal import (
    RIDGE_PER_COLUMN,
    SLOWEST,
    _Estimates,
    _jump,
    fit_normal,
)
from icfscore.methods.normalise import FractionOfMax
from icfscore.methods.normalise.columns import column_deviations
from icfscore.methods.panel.alpha import alpha_interval
from icfscore.methods.perturb.scatter import scatter_of, scatter_values
from icfscore.methods.perturb.weights_slice import truncated_moments
from icfscore.methods.rank_counts import EXACT_RANKS, FULL_TABLE, rank_bins
from icfscore.methods.ranked import rank_draws
from icfscore.methods.sensitivity_scales import sum_exponent, to_sum_scale
from icfscore.methods.sobol import estimate_indices
from icfscore.methods.tally import MAX_PAIRWISE, count_draws
from icfscore.methods.weigh import (
    BudgetAllocation,
    Critic,
    EqualInfluence,
    PrincipalComponents,
    influence_search,
)
from icfscore.methods.weigh.columns import Columns, correlations, to_shares
from icfscore.methods.weigh.dispersion import divergence_from_even
from icfscore.methods.weigh.influence_search import Influence
from icfscore.methods.weigh.rank_order import rank_weights

NA = np.nan


def test_resamples_take_the_audits_own_part_of_the_random_numbers() -> None:
    """Philox counts in four words of 64 bits; the audit's numbers begin where the last is 'aud'."""
    counter = np.array([0, 0, 0, int.from_bytes(b"aud")], dtype=np.uint64)
    drawn = np.random.Generator(np.random.Philox(key=7, counter=counter)).integers(5, size=(2, 5))
    expected = [np.bincount(row, minlength=5) for row in drawn]
    np.testing.assert_array_equal(resample_counts(5, 2, seed=7), expected)


def test_the_smoothest_curves_are_natural_cubic_splines_between_the_knots() -> None:
    """With more communities than knots: SciPy's natural spline through a function's values at the
    knots is that function everywhere.
    """
    x = np.linspace(0, 1, 10 * (MOST_KNOTS - 1) + 1)
    basis = SplineBasis.of(x)
    assert basis.functions.shape == (len(x), MOST_FUNCTIONS)
    for function in basis.functions.T:
        spline = CubicSpline(x[::10], function[::10], bc_type="natural")
        np.testing.assert_allclose(function, spline(x), atol=1e-12)


def test_roughness_is_the_integral_of_the_squared_second_derivative() -> None:
    x = np.linspace(0, 1, 10 * (MOST_KNOTS - 1) + 1)
    basis = SplineBasis.of(x)
    for function, roughness in zip(basis.functions.T, basis.roughness, strict=True):
        bend = CubicSpline(x[::10], function[::10], bc_type="natural").derivative(2)
        ends = bend(x[::10])  # linear between the knots, so that Simpson's rule is exact
        middle = (ends[1:] + ends[:-1]) / 2
        integral = ((ends[1:] ** 2 + 4 * middle**2 + ends[:-1] ** 2) / 6).sum() / (MOST_KNOTS - 1)
        assert roughness == pytest.approx(integral, rel=1e-6, abs=1e-6)


def test_the_ridge_grows_with_the_columns_and_shrinks_with_the_rows() -> None:
    """Two rows of three columns: with ridge r the covariance is (S + r I) / (1 + r)."""
    z = np.array([[[1.0, 0.5, -1.0], [-1.0, -0.5, 1.0]]])
    fit = fit_normal(z, np.zeros((2, 3), dtype=bool))
    ridge = RIDGE_PER_COLUMN * 3 / 2
    moments = np.outer(z[0, 0], z[0, 0])
    np.testing.assert_allclose(fit.covariance[0], (moments + ridge * np.eye(3)) / (1 + ridge))
    assert fit.settled.all()


def test_a_column_without_values_has_no_deviation_and_one_value_none_at_all() -> None:
    x = np.array([[NA, 3.0, 1.0], [NA, NA, 5.0]])
    np.testing.assert_array_equal(column_deviations(x, 1), [[NA, 0.0, np.sqrt(8)]])


def test_a_share_of_nothing_has_no_minus_sign() -> None:
    x = np.array([[-0.0], [2.0]])
    assert not np.signbit(FractionOfMax()(x, Scale.of(x))).any()


def test_scores_on_the_scale_of_sums_are_relative_to_the_largest() -> None:
    assert to_sum_scale(np.array([0.25, 0.5]), 1.0).tolist() == [0.5, 1.0]
    assert to_sum_scale(np.array([0.0, -0.5]), 1.0).tolist() == [0.0, -1.0]
    assert to_sum_scale(np.array([0.0, 0.0]), 1.0).tolist() == [0.0, 0.0]
    assert sum_exponent(Harmonic()) == -1.0


def test_estimates_without_variance_are_not_exact_and_have_an_interval_each() -> None:
    constant = np.ones(4)
    found = estimate_indices(constant, constant, np.ones((3, 4)), np.random.default_rng(1))
    assert not found.exact
    assert found.total_interval.shape == (3, 2)
    lone = np.array([0.0, 0, 0, 1])
    for seed in range(30):
        rng = np.random.default_rng(seed)
        found = estimate_indices(lone, lone, np.ones((3, 4)), rng, resamples=1)
        assert found.first_order_interval.shape == found.total_interval.shape == (3, 2)


def test_bins_beyond_two_thousand_ranks_by_hand() -> None:
    """Of 2,600 ranks the first 200 are alone, the other 2,400 share 800 bins: three in each."""
    bins = rank_bins(2600)
    assert (FULL_TABLE, EXACT_RANKS) == (2000, 200)
    assert bins[:200].tolist() == list(range(200))
    assert np.bincount(bins)[200:].tolist() == [3] * 800
    assert rank_bins(2000).tolist() == list(range(2000))
    assert np.bincount(rank_bins(2001)).max() == 3  # 1,801 ranks: the last bin is not full


def test_pairs_are_counted_up_to_five_hundred_communities() -> None:
    for n, kept in ((MAX_PAIRWISE, MAX_PAIRWISE), (MAX_PAIRWISE + 1, 0)):
        scores = np.arange(float(n))[:, None]
        counted = count_draws(scores, {}, rank_bins(n), np.arange(n, 0, -1))
        assert counted.pairwise.shape == (kept, kept)


def test_one_winner_a_draw_and_two_who_share_one() -> None:
    """Shares 3/4 and 1/4 of a draw with one winner, 1/2 each of a draw with two."""
    scores = np.array([[2.0, 5.0], [1.0, 5.0]])
    shares = np.array([[0.75, 0.5], [0.25, 0.5]])
    counted = count_draws(scores, {"index": shares}, rank_bins(2), np.array([1, 2]))
    assert (counted.winner_weights["index"] / 2**32).tolist() == [[1.0, 0.5], [0.25, 0.25]]


@pytest.mark.parametrize(("low", "high"), [(-np.inf, np.inf), (-np.inf, 1.0), (0.5, np.inf)])
def test_one_sided_bounds_hold_where_another_cell_has_none(low: float, high: float) -> None:
    x, error = np.array([[0.6], [0.6]]), np.array([[2.0, -2.0], [2.0, -2.0]])
    lows, highs = np.array([[-np.inf], [low]]), np.array([[np.inf], [high]])
    found = scatter_values("clipped", x, lows, highs, error)
    np.testing.assert_allclose(found, [[2.6, -1.4], [min(2.6, high), max(-1.4, low)]])


def test_logits_between_their_own_ends_stay_where_there_is_no_error() -> None:
    ends = np.array([[0.0], [1.0]]), np.array([[1.0], [3.0]])
    error = np.array([[0.0, np.log(3)], [0.0, np.log(3)]])
    found = scatter_values("logit", np.array([[0.25], [1.5]]), *ends, error)
    np.testing.assert_allclose(found, [[0.25, 0.5], [1.5, 2.0]])  # odds of 1 to 3, then even ones


def test_bounds_above_zero_hold_on_the_scale_of_logarithms() -> None:
    ends = np.array([[1.5], [-1.0]]), np.array([[4.0], [np.inf]])
    error = np.log([[0.5, 3.0], [0.5, 3.0]])
    found = scatter_values("logarithm", np.array([[2.0], [2.0]]), *ends, error)
    np.testing.assert_allclose(found, [[1.5, 4.0], [1.0, 6.0]])


def gappy(seed: int) -> Floats:
    x = np.random.default_rng(seed).normal(size=(8, 3)) * [1, 5, 0.2]
    x[seed, seed % 3] = NA
    return x


def test_correlations_of_draws_with_gaps_are_those_of_each() -> None:
    draws = np.stack([gappy(seed) for seed in range(4)])
    together = correlations(Columns.of(draws))
    for x, found in zip(draws, together, strict=True):
        np.testing.assert_allclose(found, correlations(Columns.of(x)), atol=1e-14)
        full = x[~np.isnan(x).any(axis=1)]
        assert found[1, 2] == pytest.approx(np.corrcoef(x[~np.isnan(x[:, 1] + x[:, 2])].T)[1, 2])
        assert len(full) == 7
    np.testing.assert_allclose(
        Critic()(draws, Siblings.of(3)), [Critic()(x, Siblings.of(3)) for x in draws]
    )


def test_a_draw_with_gaps_does_not_change_what_full_draws_get() -> None:
    def geometric(x: Floats, w: Floats) -> Floats:
        there = np.where(np.isnan(x), 0.0, w[..., None, :])
        logs = np.log(np.where(np.isnan(x), 1.0, x))
        return np.exp((logs * there).sum(axis=-1) / there.sum(axis=-1))

    full = np.exp(np.random.default_rng(2).normal(size=(9, 3)))
    lacking = full.copy()
    lacking[4, 1] = NA
    siblings = Siblings.of(3, aggregate=geometric)
    together = EqualInfluence()(np.stack([full, lacking]), siblings)
    for x, found in zip((full, lacking), together, strict=True):
        np.testing.assert_allclose(found, EqualInfluence()(x, siblings), atol=1e-7)


@pytest.mark.parametrize("d", [1e-8, 4e-4, 4.9e-4, 6e-4, 0.1])
def test_nearly_even_columns_keep_the_digits_of_their_entropy(d: float) -> None:
    """1 + 2d, 1 - d, 1 - d: one minus the entropy, with fifty digits."""
    with localcontext(prec=50):
        exact = Decimal(d)
        q = [1 + 2 * exact, 1 - exact, 1 - exact]
        told = float(sum(each * each.ln() for each in q) / (3 * Decimal(3).ln()))
    x = np.array([[1 + 2 * d], [1 - d], [1 - d]])
    assert divergence_from_even(x)[0] == pytest.approx(told, rel=3e-16 / d, abs=0)


def test_what_an_input_explains_by_hand() -> None:
    """Groups (0, 3, 3) and (10): means 2 and 10 around 4, 48 between, 6 / (4 - 2) = 3 within.

    Estimate (48 - 3) / 4; of the means' spread the share 45 / 48 is real. Lifts squared 4, 4, 4 and
    36, variance 192; times the rests squared 16, 4, 4 and 0, mean 6. F = 48 / 3 = 16.
    """
    found = explained_variance(np.array([0.0, 0, 0, 1]), np.array([0.0, 3, 3, 10]))
    assert found.variance == pytest.approx(11.25)
    real, by_chance = 15 / 16, 2 * 3**2 / 4
    error = np.sqrt((real**2 * 192 + 4 * real * 6 + by_chance) / 4)
    assert found.standard_error == pytest.approx(error)
    assert found.p_value == pytest.approx(stats.f.sf(16, 1, 2))
    none = explained_variance(np.zeros(4), np.arange(4.0))
    assert (none.variance, none.standard_error, none.p_value) == (0, 0, 1)
    chance = explained_variance(np.array([0.0, 0, 1, 1]), np.array([0.0, 2, 0, 2]))
    assert (chance.variance, chance.p_value) == (-0.5, 1)  # nothing between, 4 / 2 within
    assert chance.standard_error == pytest.approx(np.sqrt(2 * 2**2 / 4 / 4))


def test_wider_shares_have_wider_intervals() -> None:
    ratings = np.array([[1.0, 2], [2, 2], [3, 3], [4, 3], [5, 5], [1, 1]])
    clusters = np.arange(6)
    spans = [alpha_interval(ratings, "interval", clusters, 1, 200, s) for s in (0.2, 0.5, 0.8, 0.9)]
    flat = [end for span in spans if span is not None for end in span]
    lows, highs = flat[::2], flat[1::2]
    assert lows == sorted(lows, reverse=True)
    assert highs == sorted(highs)
    assert len(set(lows)) == 4
    assert lows[0] < highs[0]


def test_children_that_only_one_expert_judged_count_in_the_concordance() -> None:
    """Ranks 1, 2, 3 and 2, 3, 1, where Bo gives c nothing: sums 3, 5, 4 and W = 12 · 2 / 96."""
    method = BudgetAllocation({"An": {"x1": 1, "x2": 2, "x3": 3}, "Bo": {"x1": 1, "x2": 2}})
    (note,) = method.notes(np.zeros((1, 3)), Siblings.of(3))
    assert note.text.endswith("rankings is 0.250 (0 none, 1 full agreement)")


@pytest.mark.parametrize(
    ("rule", "shares"),
    [("sum", [3 / 6, 2 / 6, 1 / 6]), ("reciprocal", [6 / 11, 3 / 11, 2 / 11]),
     ("centroid", [11 / 18, 5 / 18, 2 / 18])],
)  # fmt: skip
def test_weights_of_three_ranks(rule: Any, shares: list[float]) -> None:
    assert rank_weights(3, rule) == pytest.approx(shares, abs=1e-15)


def test_information_of_any_size_becomes_shares() -> None:
    for size in (1e308, 1.0, 5e-324):
        assert to_shares(np.full(2, size), Siblings.of(2)).tolist() == [0.5, 0.5]


def test_a_ridge_settles_what_is_dependent() -> None:
    """Two columns that are one, both there where the third has a gap: which slope is whose?"""
    x = np.arange(8.0)
    x = (x - x.mean()) / x.std()
    z = np.column_stack([x, x, x])
    missing = np.zeros((8, 3), dtype=bool)
    missing[3, 0] = True
    fit = fit_normal(np.where(missing, NA, z)[None], missing)
    assert fit.ridged.all()
    assert fit.settled.all()
    assert fit.filled[0, 3, 0] == pytest.approx(z[3, 1], abs=0.05)


def test_one_more_step_of_em_changes_nothing() -> None:
    """Dempster, Laird and Rubin (1977): the estimate is a fixed point of its own E and M step."""
    rng = np.random.default_rng(3)
    z = rng.normal(size=(15, 4)) @ rng.normal(size=(4, 4))
    missing = rng.random(z.shape) < 0.25
    fit = fit_normal(np.where(missing, NA, z)[None], missing)
    mean, covariance, filled = fit.mean[0], fit.covariance[0], z.copy()
    spread = np.zeros((4, 4))
    for i, gone in enumerate(missing):
        slopes = covariance[np.ix_(gone, ~gone)] @ np.linalg.inv(covariance[np.ix_(~gone, ~gone)])
        filled[i, gone] = mean[gone] + slopes @ (z[i, ~gone] - mean[~gone])
        rest = covariance[np.ix_(gone, gone)] - slopes @ covariance[np.ix_(~gone, gone)]
        spread[np.ix_(gone, gone)] += rest
    again = (np.cov(filled.T, ddof=0) * 15 + spread) / 15
    assert fit.settled.all()
    assert fit.filled[0] == pytest.approx(filled, abs=1e-11)
    assert filled.mean(axis=0) == pytest.approx(mean, abs=1e-11)
    assert again == pytest.approx(covariance, abs=1e-11)


def test_steps_that_do_not_turn_lead_no_further_than_the_slowest_do() -> None:
    """Two equal last bits say nothing of where EM rests: without an end the jump was no number."""
    still = np.tile(np.eye(2), (2, 1, 1))
    means = [np.array([[0.0, 0.0], [bit, 0.0]]) for bit in (0.0, 2.0**-52, 2.0**-51)]
    jump = _jump(*(_Estimates(mean, still) for mean in means))
    assert jump.mean[0].tolist() == [0, 0]
    assert jump.mean[1, 0] == pytest.approx(2 / (1 - SLOWEST) * 2.0**-52)
    assert jump.covariance.tolist() == still.tolist()


def test_communities_of_no_group_get_everyones_average() -> None:
    x = np.array([[1.0], [3.0], [100.0], [NA]])
    cohort = Cohort(sign=np.ones(1), node=np.zeros(1), groups={"of": np.array([0, 0, -1, -1])})
    assert GroupMean(by="of")(x, cohort)[3, 0] == pytest.approx(104 / 3)


def test_forty_thousand_communities_have_as_many_ranks() -> None:
    ranked = rank_draws(np.arange(40_000.0)[:, None])
    assert ranked.ahead[0, 0] == 39_999
    assert ranked.ahead[-1, 0] == 0


def test_three_values_have_no_fences_and_four_have() -> None:
    three, four = (describe(np.array(x)) for x in ([1.0, 2, 90], [1.0, 2, 3, 90]))
    assert (three.outside, three.far_outside, three.no_fences) == ((), (), "fewer than 4 values")
    assert four.no_fences == ""


@pytest.mark.parametrize("rate", [1e-4, 3e-3, 9.9e-3, 1.1e-2, 0.5, 30.0, 900.0])
def test_moments_of_truncated_exponentials(rate: float) -> None:
    """With fifty digits: mean 1/r - 1/(e^r - 1), variance 1/r² - e^r / (e^r - 1)²."""
    with localcontext(prec=50):
        r = Decimal(rate)
        e = r.exp()
        expected = [float(1 / r - 1 / (e - 1)), float(1 / r**2 - e / (e - 1) ** 2)]
    mean, variance = truncated_moments(np.array([rate]))
    assert [mean[0], variance[0]] == pytest.approx(expected, rel=5e-9)


def test_gauss_newton_steps_alone_meet_a_target_that_can_be_met(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> Floats:
        raise AssertionError("the slopes did not lead to the target")

    monkeypatch.setattr(influence_search, "_shift", refuse)

    def geometric(x: Floats, w: Floats) -> Floats:
        return np.asarray(np.exp((np.log(x) * w[..., None, :]).sum(axis=-1)))

    x = np.exp(np.random.default_rng(5).normal(size=(6, 20, 3)))
    problem = Influence(x, np.tile([0.5, 0.3, 0.2], (6, 1)), geometric)
    w = influence_search.search(problem, np.full((6, 1, 3), 1 / 3))
    np.testing.assert_allclose(problem.parts(w[:, None])[:, 0], problem.target, atol=1e-10)


def test_slopes_are_those_of_a_small_shift_of_weight() -> None:
    x = np.exp(np.random.default_rng(6).normal(size=(2, 20, 3)))
    problem = Influence(x, np.full((2, 3), 1 / 3), lambda x, w: (x**2 * w[..., None, :]).sum(-1))
    w = np.array([[0.2, 0.3, 0.5], [0.6, 0.1, 0.3]])
    slopes = influence_search._slopes(problem, w)
    for child, towards in enumerate(np.eye(3)):
        ahead, behind = (
            problem.parts((w + s * (towards - w))[:, None])[:, 0] for s in (1e-5, -1e-5)
        )
        np.testing.assert_allclose(slopes[:, child], (ahead - behind) / 2e-5, atol=1e-6)


def test_a_constant_child_gets_no_weight_from_scores_without_slopes() -> None:
    """Scores by ranks: only shifts of weight improve them, and none goes to the constant child."""
    x = np.exp(np.random.default_rng(8).normal(size=(15, 4)))
    x[:, 2] = 3.0

    def ranks(x: Floats, w: Floats) -> Floats:
        places = (x[..., None, :, :] < x[..., :, None, :]).sum(axis=-2)
        return np.round((places * w[..., None, :]).sum(axis=-1))

    w = EqualInfluence()(x, Siblings.of(4, aggregate=ranks))
    assert w[2] == 0
    problem = Influence(x[None], np.array([[1, 1, 0, 1]]) / 3, ranks)
    start, end = (problem.misfit(problem.parts(each[None, None]))[0, 0] for each in
                  (np.array([1, 1, 0, 1]) / 3, w))  # fmt: skip
    assert end < start


def test_parts_that_cancel_out_take_their_rounding() -> None:
    """1 and -1 sum to nothing where 1e-13 is the whole: rounding, half of it for each."""
    parts = share_rounding(np.array([1.0, -1.0]), 1e-13)
    assert parts is not None
    assert parts.sum() == pytest.approx(1e-13, rel=1e-2)
    assert share_rounding(np.array([1.0, -1.0]), 0.1) is None
    assert share_rounding(np.array([1e-13, 0.0]), 1.0) is None
    assert share_rounding(np.array([np.inf, 0.0]), 1.0) is None


def test_the_first_component_of_two_columns_explains_half_of_one_plus_their_correlation() -> None:
    x = np.array([[1.0, 1], [2, 3], [3, 2], [4, 4]])  # correlation 0.8
    (note,) = PrincipalComponents(rule="loadings").notes(x, Siblings.of(2))
    assert (note.level, note.text) == ("info", "principal components used explain 90.0%")
    assert PrincipalComponents(rule="loadings").notes(x[:, :1], Siblings.of(1)) == ()


def test_the_first_component_points_up_however_little() -> None:
    """Of (1, -0.9; -0.9, 1) and a third that goes a little with the first: loadings sum above 0."""
    for r in (0.05, -0.05):
        structure = Structure(np.array([[1, -0.9, r], [-0.9, 1, 0], [r, 0, 1]]), n=30)
        loadings = component_loadings(structure)
        assert 0 < loadings.sum() < 1
        values, vectors = np.linalg.eigh(np.array([[1, -0.9, r], [-0.9, 1, 0], [r, 0, 1]]))
        np.testing.assert_allclose(np.abs(loadings), np.abs(vectors[:, -1]) * np.sqrt(values[-1]))


@pytest.mark.parametrize(("n", "fails"), [(24, True), (20, False)])
def test_outliers_are_told_beyond_a_kurtosis_of_three_and_a_half(n: int, fails: bool) -> None:
    """Three ones among n, all others 0: SciPy's G1 is beyond 2; G2 is 4.21 for 24, 2.78 for 20."""
    x = np.array([1.0] * 3 + [0.0] * (n - 3))
    g1, g2 = stats.skew(x, bias=False), stats.kurtosis(x, bias=False)
    assert g1 > 2
    assert (3.5 < g2 < 4.5) == fails
    assert describe(x).fails_moments == fails


def test_three_neighbours_unless_told_otherwise() -> None:
    x = np.array([[0.0, 1], [0.1, 2], [-0.1, 6], [5, 90], [0, NA]])
    around = Cohort(sign=np.ones(2), node=np.zeros(2))
    assert NearestNeighbours()(x, around)[4, 1] == pytest.approx(3)


def test_means_of_what_is_there_divide_by_the_weights_there() -> None:
    x = np.array([[1.0, 4, 7], [NA, 4, 7], [NA, NA, 7], [NA, NA, NA]])
    means = influence_search.mean_of_present(x, np.array([0.5, 0.25, 0.25]))
    np.testing.assert_allclose(means, [3.25, 5.5, 7, NA])


@pytest.mark.parametrize(("value", "share"), [(1.5, 0.25), (2.0, 0.5)])
def test_logits_are_those_of_the_share_of_the_range(value: float, share: float) -> None:
    """Between 1 and 3; an interval of 1.2 to 2.6 lies a logit below and above."""
    found = scatter_of(value, "share", (1.0, 3.0), (0.1, 0.0), 2.0, interval=(1.2, 2.6))
    up = log(4) - log(share / (1 - share))
    down = log(share / (1 - share)) - log(0.1 / 0.9)
    assert found.scale == "logit"
    assert found.measurement == pytest.approx(up / 1.6448536)
    assert found.below == pytest.approx(down / up)


def test_z_scores_over_other_values_are_of_these() -> None:
    reference = np.array([[[1.0], [3.0]], [[2.0], [6.0]]])
    x = np.array([[[5.0], [1.0]], [[0.0], [8.0]]])
    found = drawn.z_score(x, reference, 0.0, 1.0, 0)
    assert found is not None
    np.testing.assert_allclose(found[..., 0], [[3, -1], [-2, 2]])


def test_a_constant_child_gets_no_weight_from_scores_with_slopes() -> None:
    def power(x: Floats, w: Floats) -> Floats:
        return np.asarray(((x**3 * w[..., None, :]).sum(axis=-1)) ** (1 / 3))

    x = np.exp(np.random.default_rng(9).normal(size=(15, 4)) / 2)
    x[:, 1] = 2.0
    w = EqualInfluence()(x, Siblings.of(4, aggregate=power))
    assert w[1] == 0
    problem = Influence(x[None], np.array([[1, 0, 1, 1]]) / 3, power)
    steps = influence_search._steps(
        problem, np.array([[0.5, 0, 0.3, 0.2]]), np.array([[1e-3, 1.0]])
    )
    assert (steps[..., 1] == 0).all()
