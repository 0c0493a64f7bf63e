"""Imputations at their edges: empty rows and columns, groups, singular covariances, errors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from icfscore.errors import MethodError
from icfscore.methods.context import Cohort, Floats
from icfscore.methods.impute import (
    CriterionMean,
    ExpectationMaximisation,
    GroupMean,
    GroupMedian,
    Imputation,
    Mean,
    Median,
    NearestNeighbours,
    Regression,
)
from icfscore.methods.impute.normal import has_maximum

NA = np.nan
GENERAL = [Mean(), Median(), NearestNeighbours(), Regression(), Regression(ridge=0)]
GENERAL += [ExpectationMaximisation()]
general = pytest.mark.parametrize("method", GENERAL, ids=repr)


def cohort(
    k: int,
    sign: list[float] | None = None,
    node: list[int] | None = None,
    groups: Mapping[str, list[int]] | None = None,
) -> Cohort:
    numbers = {name: np.array(group) for name, group in (groups or {}).items()}
    names = dict.fromkeys(numbers, ("small", "large"))
    return Cohort(np.array(sign or [1.0] * k), np.array(node or [0] * k), numbers, names)


def texts(method: Imputation, x: Floats, around: Cohort) -> list[str]:
    return [note.text for note in method.notes(x, around)]


@general
def test_indicator_without_values_stays_missing_and_is_named(method: Imputation) -> None:
    x = np.array([[1.0, NA, 2.0], [2.0, NA, NA], [4.0, NA, 5.0]])
    y = method(x, cohort(3))
    assert np.isnan(y[:, 1]).all()
    assert np.isfinite(y[:, [0, 2]]).all()
    note = method.notes(x, cohort(3))[0]
    assert note.text == "no community has a value: the indicator stays missing"
    assert (note.column, note.level) == (1, "warning")


@general
def test_community_without_values_gets_averages_and_is_named(method: Imputation) -> None:
    x = np.array([[1.0, 2.0], [2.0, 4.1], [NA, NA], [3.0, 5.9], [6.0, 12.0]])
    centre = np.nanmedian(x, axis=0) if isinstance(method, Median) else np.nanmean(x, axis=0)
    assert method(x, cohort(2))[2] == pytest.approx(centre)
    (note,) = method.notes(x, cohort(2))
    assert note.text.startswith("has no value at all: every one of its values is imputed")
    assert note.row == 2


@general
def test_single_indicator_is_filled_with_its_average(method: Imputation) -> None:
    x = np.array([[1.0], [NA], [3.0], [5.0]])
    assert method(x, cohort(1))[1, 0] == pytest.approx(3)


@general
def test_single_community_stays_as_it_is(method: Imputation) -> None:
    x = np.array([[1.0, NA]])
    assert np.array_equal(method(x, cohort(2)), x, equal_nan=True)


@general
@pytest.mark.parametrize("factor", [1e306, 1e-306])
def test_extreme_numbers_are_filled_alike(method: Imputation, factor: float) -> None:
    x = np.array([[1.0, 20], [3.0, 33], [5.0, NA], [6.0, 70], [9.0, 90], [2.0, 15]])
    expected = method(x, cohort(2))
    assert method(x * factor, cohort(2)) / factor == pytest.approx(expected, rel=1e-6)


GROUPS = {"size": [0, 0, 0, 1, 1, -1]}


def test_group_averages_stay_in_the_group() -> None:
    x = np.array([1.0, 2, NA, 9, NA, 30])[:, None]
    y = GroupMean(by="size")(x, cohort(1, groups=GROUPS)).ravel()
    assert y.tolist() == [1, 2, 1.5, 9, 9, 30]


def test_group_without_values_takes_the_whole_column_with_a_warning() -> None:
    x = np.column_stack([[1.0, 2, 6, NA, NA, 4], np.ones(6)])
    around = cohort(2, groups=GROUPS)
    assert GroupMean(by="size")(x, around)[3, 0] == 3.25
    assert GroupMedian(by="size")(x, around)[3, 0] == 3
    for method in (GroupMean(by="size"), GroupMedian(by="size")):
        (note,) = method.notes(x, around)
        assert note.text.startswith("no community with size 'large' has a value: all communities'")
        assert (note.column, note.level) == (0, "warning")


def test_community_without_a_group_takes_the_whole_column_with_a_warning() -> None:
    x = np.column_stack([[1.0, 2, 6, 7, NA, NA], np.ones(6)])
    around = cohort(2, groups=GROUPS)
    assert GroupMean(by="size")(x, around)[[4, 5], 0].tolist() == [7, 4]
    (note,) = GroupMean(by="size").notes(x, around)
    assert note.text.startswith("belongs to no group 'size': all communities' average")
    assert note.row == 5


def test_complete_data_need_no_group_and_no_warning() -> None:
    x = np.arange(6.0)[:, None]
    assert GroupMean(by="size").notes(x, cohort(1, groups=GROUPS)) == ()


@pytest.mark.parametrize("method", [GroupMean, GroupMedian])
def test_unknown_grouping_is_answered_by_those_there_are(
    method: type[GroupMean] | type[GroupMedian],
) -> None:
    around = cohort(1, groups={"size": [0], "income": [0]})
    with pytest.raises(MethodError, match="no community has a group 'region'") as caught:
        method(by="region")(np.ones((1, 1)), around)
    assert caught.value.remedy == "one of: size, income"
    with pytest.raises(MethodError, match="no community has a group 'region'") as caught:
        method(by="region").notes(np.ones((1, 1)), cohort(1))
    assert caught.value.remedy == "give communities `groups`"
    with pytest.raises(ValueError, match="by must name a grouping of the communities, got ''"):
        method(by="")


def test_criterion_mean_asks_siblings_only() -> None:
    x = np.array([[0.0, 0, 9], [10.0, 20, 0], [NA, 5, 3]])
    y = CriterionMean()(x, cohort(3, node=[4, 4, 7]))
    assert y[2, 0] == 2.5


def test_criterion_mean_turns_costs() -> None:
    x = np.array([[0.0, 100], [10.0, 300], [NA, 150]])
    assert CriterionMean()(x, cohort(2, sign=[1, -1]))[2, 0] == 7.5
    assert CriterionMean()(x, cohort(2, sign=[-1, -1]))[2, 0] == 2.5
    assert CriterionMean()(x, cohort(2, sign=[-1, 1]))[2, 0] == 7.5


def test_criterion_mean_without_sibling_values_stays_missing_and_is_named() -> None:
    x = np.array([[0.0, 100, NA], [10.0, 300, 1], [NA, NA, 2]])
    y = CriterionMean()(x, cohort(3, node=[0, 0, 1]))
    assert np.isnan(y).tolist() == np.isnan(x).tolist()
    places = [
        (note.row, note.column) for note in CriterionMean().notes(x, cohort(3, node=[0, 0, 1]))
    ]
    assert places == [(0, 2), (2, 0), (2, 1)]
    note = CriterionMean().notes(x, cohort(3, node=[0, 0, 1]))[0]
    assert note.text == "has no value of a sibling indicator either: stays missing"


def test_criterion_mean_counts_constant_siblings_as_middling_with_a_warning() -> None:
    x = np.array([[0.0, 7, 2], [10.0, 7, 4], [NA, 7, 4]])
    assert CriterionMean()(x, cohort(3))[2, 0] == 7.5
    (note,) = CriterionMean().notes(x, cohort(3))
    assert "counts as middling" in note.text
    assert note.column == 1


def test_neighbours_are_found_on_standardised_columns() -> None:
    x = np.array([[0.0, 0, 1], [1000.0, 1, 2], [100.0, 1, NA], [0.0, 10, 5]])
    # Raw distances would take the first, 100 away; scaled, the second differs by less than one.
    assert NearestNeighbours(k=1)(x, cohort(3))[2, 2] == 1
    x[:, 0] *= 1e-6
    assert NearestNeighbours(k=1)(x, cohort(3))[2, 2] == 1


def test_fewer_donors_than_asked_are_enough() -> None:
    x = np.array([[0.0, 1], [1.0, 3], [2.0, NA]])
    assert NearestNeighbours(k=10)(x, cohort(2))[2, 1] == 2


def test_neighbours_must_be_at_least_one() -> None:
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        NearestNeighbours(k=0)


def test_ridge_pulls_predictions_to_the_mean() -> None:
    x = np.array([[1.0, 2], [2.0, 4], [3.0, 6], [4.0, 8], [6.0, NA]])
    fills = [Regression(ridge=r)(x, cohort(2))[4, 1] for r in (0, 0.25, 1, 1e9)]
    assert fills[0] == pytest.approx(12)
    assert fills == sorted(fills, reverse=True)
    assert fills[-1] == pytest.approx(5, abs=1e-6)


def test_more_indicators_than_communities_are_regressed_all_the_same() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5, 8))
    x[[0, 1, 2], [0, 3, 5]] = NA
    for ridge in (0.25, 0):
        assert np.isfinite(Regression(ridge=ridge)(x, cohort(8))).all()


def test_regressions_that_do_not_settle_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icfscore.methods.impute.regression.SWEEPS", 1)
    x = np.array([[1.0, 2], [2.0, 4.5], [3.0, NA], [NA, 8], [6.0, 11]])
    assert "have not settled after 1 sweeps" in texts(Regression(), x, cohort(2))[0]


@pytest.mark.parametrize("ridge", [-1.0, NA])
def test_ridge_is_checked(ridge: float) -> None:
    with pytest.raises(ValueError, match="ridge must be a finite number >= 0"):
        Regression(ridge=ridge)


def test_em_of_an_exact_relation_is_exact_without_ridge() -> None:
    x = np.array([[1.0, 2], [3.0, 6], [4.0, 8], [NA, 3], [7.0, NA], [5.0, 10]])
    y = ExpectationMaximisation()(x, cohort(2))
    assert y[[3, 4], [0, 1]] == pytest.approx([1.5, 14], rel=1e-6)


def test_em_adds_a_ridge_where_there_is_no_maximum() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(6, 8))
    x[0, 0] = NA
    assert np.isfinite(ExpectationMaximisation()(x, cohort(8))).all()
    text = "6 communities with these gaps do not determine the covariances of 8 indicators"
    assert texts(ExpectationMaximisation(), x, cohort(8))[0].startswith(text)


def test_em_adds_a_ridge_where_observed_indicators_are_dependent() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(9, 3))
    x[:, 1] = 2 * x[:, 0] + 1
    x[0, 2] = NA
    assert np.isfinite(ExpectationMaximisation()(x, cohort(3))).all()
    assert "a ridge worth 0.75 uncorrelated" in texts(ExpectationMaximisation(), x, cohort(3))[0]


def test_em_ridges_only_the_draws_that_need_it() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 12, 3))
    x[:, 0, 2] = NA
    alone = ExpectationMaximisation()(x[1], cohort(3))
    x[0, :, 1] = 2 * x[0, :, 0]
    assert ExpectationMaximisation()(x, cohort(3))[1] == pytest.approx(alone, rel=1e-9)


def test_em_warns_of_few_communities_per_indicator() -> None:
    x = np.random.default_rng(0).normal(size=(7, 4))
    x[0, 0] = NA
    (text,) = texts(ExpectationMaximisation(), x, cohort(4))
    assert text.startswith("7 communities are few for a covariance matrix of 4 indicators")


def test_em_that_does_not_settle_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icfscore.methods.impute.normal.ITERATIONS", 2)
    x = np.array([[1.0, 2], [2.0, 4.5], [3.0, NA], [NA, 8], [6.0, 11], [4.0, 7]])
    assert "have not settled" in texts(ExpectationMaximisation(), x, cohort(2))[-1]


def test_a_likelihood_is_bounded_where_every_rows_indicators_are_had_by_more_rows() -> None:
    full = np.zeros((4, 3), dtype=bool)
    assert has_maximum(full)
    assert not has_maximum(full[:3])
    one_gap = full.copy()
    one_gap[0, 0] = True  # three complete rows are left for three columns
    assert not has_maximum(one_gap)
