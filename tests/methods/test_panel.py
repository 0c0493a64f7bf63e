"""Raters' scores: published examples, hand-computed ones, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icfscore.methods.audit.resample import resample_counts
from icfscore.methods.panel import alpha_interval, fit_raters, intraclass, krippendorff_alpha
from icfscore.methods.panel.alpha import AlphaLevel

NAN = float("nan")

# Shrout and Fleiss (1979), table 2: six targets (rows) by four judges.
TARGETS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)
# Krippendorff (2011), section E: twelve units (columns) by four observers, turned round.
RELIABILITY = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
).T


def test_intraclass_of_shrout_and_fleiss() -> None:
    """Their table 4: ICC(2,1) = 0.29, ICC(2,4) = 0.62."""
    found = intraclass(TARGETS)
    assert found is not None
    assert found.single == pytest.approx(0.29, abs=0.005)
    assert found.average == pytest.approx(0.62, abs=0.005)
    assert (found.n_items, found.n_raters) == (6, 4)


def test_intraclass_uses_complete_items_only() -> None:
    holes = np.vstack([TARGETS, [NAN, 3, 4, 5]])
    assert intraclass(holes) == intraclass(TARGETS)
    assert intraclass(TARGETS[:, :1]) is None
    assert intraclass(TARGETS[:1]) is None


def test_intraclass_of_two_raters_of_two_items_by_hand() -> None:
    """Scores 1, 2 and 3, 6: B = 9, J = 4, E = 1, so that 8 / (9 + 1 + 3) and 8 / (9 + 1.5)."""
    found = intraclass(np.array([[1.0, 2.0], [3.0, 6.0]]))
    assert found is not None
    assert found.single == pytest.approx(8 / 13)
    assert found.average == pytest.approx(8 / 10.5)


def test_raters_against_each_other_have_no_intraclass_correlation() -> None:
    """B = J = 0, E = 1: the denominators, 0 + 1 - 1 and 0 - 1 / 2, are not above 0."""
    found = intraclass(np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert found is not None
    assert (found.single, found.average) == (None, None)


def test_intraclass_of_scores_that_do_not_vary() -> None:
    found = intraclass(np.full((3, 3), 0.1))
    assert found is not None
    assert (found.single, found.average) == (None, None)


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_krippendorffs_reliability_data(level: AlphaLevel, alpha: float) -> None:
    assert krippendorff_alpha(RELIABILITY, level) == pytest.approx(alpha, abs=0.0005)


def _alpha_by_pairs(ratings: np.ndarray, level: str) -> float:
    """Krippendorff (2011), section D, pair by pair of scores: observed over expected difference."""
    units = [row[~np.isnan(row)] for row in ratings]
    units = [row for row in units if len(row) > 1]
    scores = np.concatenate(units)

    def differ(a: float, b: float) -> float:
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        inside = ((scores >= min(a, b)) & (scores <= max(a, b))).sum()
        return float(inside - ((scores == a).sum() + (scores == b).sum()) / 2) ** 2

    within = [differ(a, b) / (len(row) - 1) for row in units for a in row for b in row]
    overall = [differ(a, b) / (len(scores) - 1) for a in scores for b in scores]
    return 1 - sum(within) / sum(overall)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_one_less_observed_over_expected_difference(level: AlphaLevel, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.choice([-7.0, 1.0, 2.0, 4.5], size=(9, 4))
    x[rng.random(x.shape) < 0.4] = NAN
    assert krippendorff_alpha(x, level) == pytest.approx(_alpha_by_pairs(x, level))


def test_alpha_where_nothing_can_be_said() -> None:
    assert krippendorff_alpha(np.ones((4, 3)), "interval") is None
    assert krippendorff_alpha(np.array([[1, NAN], [NAN, 2]]), "interval") is None


def test_alpha_of_full_agreement_is_one() -> None:
    x = np.array([[1.0, 1, NAN], [2, 2, 2], [4, NAN, 4]])
    for level in ("nominal", "ordinal", "interval"):
        assert krippendorff_alpha(x, level) == pytest.approx(1)


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_alpha_of_orders_does_not_look_at_distances(seed: int) -> None:
    x = np.random.default_rng(seed).integers(0, 5, size=(8, 3)).astype(float)
    before, after = krippendorff_alpha(x, "ordinal"), krippendorff_alpha(np.exp(x), "ordinal")
    assert before == pytest.approx(after)


def test_the_interval_holds_alpha_and_repeats() -> None:
    clusters = np.arange(12)
    spans = [alpha_interval(RELIABILITY, "ordinal", clusters, 1, 400) for _ in range(2)]
    assert spans[0] == spans[1]
    assert spans[0] is not None
    assert spans[0][0] < 0.815 < spans[0][1] <= 1
    two = np.repeat([0, 1], 6)
    assert alpha_interval(RELIABILITY, "ordinal", two, 1) is None


def test_the_interval_is_that_of_communities_drawn_with_all_their_items() -> None:
    """Alpha of each sample written out; numbers of communities need not be without holes."""
    clusters = np.array([3, 3, 9, 9, 9, 5, 5, 5, 7, 7, 9, 3])
    names = [3, 5, 7, 9]
    alphas = []
    for times in resample_counts(4, 50, seed=2):
        drawn = [RELIABILITY[clusters == names[i]] for i in range(4) for _ in range(times[i])]
        alphas.append(krippendorff_alpha(np.concatenate(drawn), "ordinal"))
    told = [alpha for alpha in alphas if alpha is not None]
    for share in (0.9, 0.5):
        span = alpha_interval(RELIABILITY, "ordinal", clusters, 2, 50, share)
        assert span == pytest.approx(np.quantile(told, [(1 - share) / 2, (1 + share) / 2]))
    assert alpha_interval(RELIABILITY, "ordinal", clusters, 2) == alpha_interval(
        RELIABILITY, "ordinal", clusters, 2, n_samples=1000, share=0.9
    )


def test_three_communities_have_an_interval_unless_most_samples_have_no_alpha() -> None:
    three = np.repeat([0, 1, 2], 4)
    assert alpha_interval(RELIABILITY, "nominal", three, 1, 100) is not None
    lone = np.ones((5, 2))  # scores differ in one community of five: 1 - 0.8^5 = 67 % draw it
    lone[0, 1] = 2
    assert alpha_interval(lone, "nominal", np.arange(5), 1, 200) is not None
    many = np.ones((5, 2))  # of equal scores in each community, none: never defined
    assert alpha_interval(many, "nominal", np.arange(5), 1, 200) is None


def test_severity_by_hand() -> None:
    """An gives 2 less than Bo; the third item, that only Bo scored, loses 1 as the others do."""
    model = fit_raters(np.array([[1, 3], [2, 4], [NAN, 6]]))
    assert model.severity == pytest.approx([1, -1])
    assert model.adjusted == pytest.approx([2, 3, 5])
    assert model.sigma == pytest.approx(0)
    assert model.n_groups == 1


def test_who_scored_nothing_and_what_nobody_scored_has_no_error() -> None:
    model = fit_raters(np.array([[1.0, 3, NAN], [2, 5, NAN], [NAN, 6, NAN], [NAN, NAN, NAN]]))
    assert np.isnan(model.error).tolist() == [False, False, False, True]
    assert np.isnan(model.adjusted).tolist() == [False, False, False, True]
    assert np.isnan(model.severity_error).tolist() == [False, False, True]
    assert model.groups.tolist() == [0, 0, -1]
    assert model.item_groups.tolist() == [0, 0, 0, -1]


def test_two_common_items_are_too_few_to_agree_on() -> None:
    ratings = np.array([[1.0, 2, 1], [2, 1, 3], [3, NAN, 4]])
    assert np.isnan(fit_raters(ratings).agreement).tolist() == [False, True, False]


def test_agreement_is_the_correlation_with_the_mean_of_the_others() -> None:
    """Severity shifts whole columns where no score is missing, which no correlation sees."""
    expected = [
        np.corrcoef(TARGETS[:, rater], np.delete(TARGETS, rater, axis=1).mean(axis=1))[0, 1]
        for rater in range(4)
    ]
    assert fit_raters(TARGETS).agreement == pytest.approx(expected)
    holes = np.vstack([TARGETS, [NAN, NAN, NAN, 3]])  # no one to agree with
    assert fit_raters(holes).agreement == pytest.approx(expected)


def test_a_rater_who_never_varies_agrees_with_no_one() -> None:
    ratings = np.column_stack([TARGETS, np.full(6, 5.0)])
    assert np.isnan(fit_raters(ratings).agreement).tolist() == [False] * 4 + [True]
    assert np.isnan(fit_raters(ratings[:, [0, 4]]).agreement).all()


def test_raters_spreads_are_those_of_all_scores_in_the_mean() -> None:
    """The square of sigma is the mean of the raters' squares, each weighing as its scores."""
    x = np.column_stack([TARGETS, np.full(6, NAN)])
    x[4:, 0] = x[0, 2] = NAN
    model = fit_raters(x)
    own = (~np.isnan(x)).sum(axis=0)
    assert own.tolist() == [4, 6, 5, 6, 0]
    assert np.isnan(model.spread).tolist() == [False] * 4 + [True]
    assert model.sigma == pytest.approx(np.sqrt(own[:4] @ model.spread[:4] ** 2 / own.sum()))
    squares = np.nansum(model.residuals**2, axis=0)
    assert model.freedom == 21 - 6 - 4 + 1
    assert model.spread[:4] ** 2 / model.spread[0] ** 2 == pytest.approx(
        squares[:4] / own[:4] / (squares[0] / own[0])
    )


def test_no_scores_are_no_groups() -> None:
    model = fit_raters(np.full((2, 3), NAN))
    assert (model.n_groups, model.freedom, model.sigma) == (0, 0, None)
    assert np.isnan(model.adjusted).all()
    assert np.isnan(model.spread).all()
    nobody = fit_raters(np.empty((2, 0)))
    assert (nobody.n_groups, nobody.freedom, nobody.sigma) == (0, 0, None)


def test_groups_reach_through_any_number_of_raters() -> None:
    """A chain of raters, each with one item in common with the next, and one apart."""
    x = np.full((5, 5), NAN)
    for first in (0, 1, 2):
        x[first, [first, first + 1]] = 1.0, 2.0
    x[4, 4] = 3.0
    model = fit_raters(x)
    assert model.groups.tolist() == [0, 0, 0, 0, 1]
    assert model.item_groups.tolist() == [0, 0, 0, -1, 1]
    assert model.severity == pytest.approx([1.5, 0.5, -0.5, -1.5, 0])


def test_errors_are_those_of_least_squares() -> None:
    """Against the covariance of the full regression on items and raters, severities summing to 0."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(7, 4))
    x[rng.random(x.shape) < 0.35] = NAN
    rows, columns = np.nonzero(~np.isnan(x))
    n, k = x.shape
    design = np.zeros((len(rows), n + k - 1))
    design[np.arange(len(rows)), rows] = 1
    for line, column in enumerate(columns):
        if column < k - 1:
            design[line, n + column] = -1
        else:
            design[line, n:] = 1
    solution, squares, rank, _ = np.linalg.lstsq(design, x[rows, columns], rcond=None)
    assert rank == n + k - 1
    sigma = np.sqrt(squares[0] / (len(rows) - rank))
    error = sigma * np.sqrt(np.diag(np.linalg.inv(design.T @ design)))
    model = fit_raters(x)
    assert model.sigma == pytest.approx(sigma)
    assert model.adjusted == pytest.approx(solution[:n])
    assert model.error == pytest.approx(error[:n])
    assert model.severity[: k - 1] == pytest.approx(solution[n:])
    assert model.severity_error[: k - 1] == pytest.approx(error[n:])


def test_with_all_scores_the_adjusted_one_is_the_mean() -> None:
    model = fit_raters(TARGETS)
    assert model.adjusted == pytest.approx(TARGETS.mean(axis=1))
    assert model.severity == pytest.approx(TARGETS.mean() - TARGETS.mean(axis=0))
    assert model.error == pytest.approx(np.full(6, model.sigma) / 2)
    assert np.mean(model.spread**2) == pytest.approx((model.sigma or 0) ** 2)


def test_raters_without_overlap_are_groups_of_their_own() -> None:
    model = fit_raters(np.array([[1, 2, NAN, NAN], [3, 3, NAN, NAN], [NAN, NAN, 8, NAN]]))
    assert model.groups.tolist() == [0, 0, 1, -1]
    assert model.item_groups.tolist() == [0, 0, 1]
    assert model.n_groups == 2
    assert np.isnan(model.severity[3])


def test_a_single_rater_leaves_nothing_to_judge_by() -> None:
    model = fit_raters(np.array([[1.0], [4.0]]))
    assert model.adjusted.tolist() == [1, 4]
    assert model.sigma is None
    assert np.isnan(model.error).all()
    assert np.isnan(model.agreement).all()


@pytest.mark.parametrize(("n", "t"), [(2, 6.314), (3, 2.920), (6, 2.015), (31, 1.697)])
def test_errors_are_widened_as_students_t(n: int, t: float) -> None:
    """Two raters of n items leave n - 1 degrees of freedom; t from tables, 95 %."""
    x = np.random.default_rng(n).normal(size=(n, 2))
    model = fit_raters(x)
    assert model.freedom == n - 1
    assert model.widening == pytest.approx(t / 1.645, rel=5e-4)


def test_nothing_is_widened_where_there_is_no_error() -> None:
    assert fit_raters(np.array([[1.0], [4.0]])).widening == 1


def test_draws_of_two_raters_cover_what_is_true() -> None:
    """Of many panels of two raters and three communities, 90 % hold the true difference.

    Normal draws by the plain standard error would hold it in 76 % (Student's t, 2 degrees).
    """
    rng = np.random.default_rng(5)
    held = []
    for _ in range(2000):
        model = fit_raters(np.array([[3.0], [5.0], [8.0]]) + rng.normal(size=(3, 2)))
        off = model.adjusted[0] - model.adjusted[1] + 2
        error = np.hypot(model.error[0], model.error[1]) * model.widening
        held.append(abs(off) <= 1.645 * error)
    assert np.mean(held) == pytest.approx(0.90, abs=0.02)
