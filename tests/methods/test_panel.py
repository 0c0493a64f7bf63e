"""Raters' scores: published examples, hand-computed ones, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_intraclass_of_scores_that_do_not_vary() -> None:
    found = intraclass(np.full((3, 3), 0.1))
    assert found is not None
    assert found.single is None


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_krippendorffs_reliability_data(level: AlphaLevel, alpha: float) -> None:
    assert krippendorff_alpha(RELIABILITY, level) == pytest.approx(alpha, abs=0.0005)


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
