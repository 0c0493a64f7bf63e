"""What the reports say, against numbers computed by hand from the small project of conftest.

dust (lower is better) 10, 20, 30; trees per 1,000 people 20, 10, 30; jobs 60, 50 (national), 40;
income 1000 (national), 4000, 16000, scored on its logarithm; poverty shown only. By min-max:
air 75, 25, 50; work 50, 50, 50; index 62.5, 37.5, 50.
"""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from tests.conftest import MakeProject
from tests.report.projects import DEEP, FLAT, score_folder

from icfscore.report.content import Report, report_content
from icfscore.report.content_comparison import compare
from icfscore.report.content_evidence import evidence_of
from icfscore.report.content_focus import Focus
from icfscore.report.content_readings import Reading
from icfscore.report.content_standing import band_of, percentile_of


def _focus(report: Report) -> Focus:
    assert report.focus is not None
    return report.focus


def _reading(focus: Focus, indicator: str) -> Reading:
    return next(each for each in focus.readings if each.indicator.id == indicator)


def test_a_standing_tells_score_rank_and_distances(make_project: MakeProject) -> None:
    focus = _focus(report_content(score_folder(make_project()), k=2))
    air, work = focus.criteria
    assert (air.identifier, air.score, air.rank, air.n_ranked) == ("air", 75, 1, 3)
    assert (air.best, air.best_score, air.median, air.kth) == (("alpha",), 75, 50, 50)
    assert air.distance_to(air.median) == 25
    assert (air.percentile, air.band) == (1.0, "upper")
    assert (work.best, work.percentile, work.band) == (("alpha", "beta", "gamma"), 0.5, "middle")


def test_the_kth_place_is_told_only_where_more_are_ranked(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    assert _focus(report_content(scoring, k=3)).overall.kth is None
    assert _focus(report_content(scoring, k=2)).overall.kth == 50


def test_ties_count_half_in_a_percentile() -> None:
    scores = np.array([2.0, 2.0, 1.0, 3.0, np.nan])
    assert percentile_of(scores, 0) == 0.5
    assert percentile_of(scores, 2) == 0
    assert percentile_of(scores, 4) is None
    assert percentile_of(np.array([1.0]), 0) is None


@pytest.mark.parametrize(
    ("percentile", "band"),
    [(1.0, "upper"), (2 / 3, "upper"), (0.5, "middle"), (1 / 3, "lower"), (None, None)],
)
def test_a_band_is_a_third_of_the_field(percentile: float | None, band: str | None) -> None:
    assert band_of(percentile) == band


def test_a_reading_tells_value_origin_and_the_others_range(make_project: MakeProject) -> None:
    income = _reading(_focus(report_content(score_folder(make_project()))), "income")
    assert (income.value, income.proxy, income.holder, income.state) == (
        1000,
        True,
        "AAA",
        "scored",
    )
    assert (income.peers.lowest, income.peers.median, income.peers.highest) == (4000, 10000, 16000)
    assert (income.peers.best, income.peers.best_value) == (("gamma",), 16000)
    assert income.standing is not None
    assert (income.standing.score, income.standing.rank) == (0, 3)


def test_the_best_value_is_the_lowest_where_lower_is_better(make_project: MakeProject) -> None:
    dust = _reading(_focus(report_content(score_folder(make_project()))), "dust")
    assert (dust.peers.best, dust.peers.best_value) == (("alpha",), 10)


def test_a_divided_value_cites_its_denominator_too(make_project: MakeProject) -> None:
    alpha = (
        "id: alpha\nname: Alpha\nobservations:\n"
        "  dust: {value: 10, source: census}\n"
        "  trees: {value: 20, source: census}\n"
        "  population: {value: 1000, source: register}\n"
    )
    sources = "census: {title: Census}\nregister: {title: Register}\n"
    files = {"communities/alpha.yaml": alpha, "communities/sources.yaml": sources}
    focus = _focus(report_content(score_folder(make_project(files))))
    trees = _reading(focus, "trees")
    assert trees.value == 20
    assert trees.denominator is not None
    assert trees.denominator.value == 1000
    assert focus.references.keys == ("census", "register")
    assert focus.references.numbers(trees) == (1, 2)


def test_an_indicator_without_weight_has_no_standing(make_project: MakeProject) -> None:
    report = report_content(score_folder(make_project()))
    poverty = _reading(_focus(report), "poverty")
    assert (poverty.state, poverty.value, poverty.standing) == ("unscored", 10, None)
    assert report.field.unscored == ("poverty",)


def test_strengths_and_weaknesses_are_thirds_of_the_field(make_project: MakeProject) -> None:
    focus = _focus(report_content(score_folder(make_project())))
    assert [each.indicator.id for each in focus.strengths] == ["dust", "jobs"]
    assert [each.indicator.id for each in focus.weaknesses] == ["income"]


def test_a_strength_on_one_indicator_is_named_as_such(make_project: MakeProject) -> None:
    focus = _focus(report_content(score_folder(make_project())))
    (found,) = focus.foundations
    assert found.criterion == "air"
    assert [each.indicator.id for each in found.strong] == ["dust"]
    assert [each.indicator.id for each in found.others] == ["trees"]


def test_evidence_counts_own_values_proxies_and_gaps(make_project: MakeProject) -> None:
    gamma = (
        "id: gamma\nname: Gamma\nsource: census\nobservations:\n"
        "  dust: {value: 30, comparability: low, year: 2012}\n"
        "  jobs: {value: 40, status: recalled, level: region, year: 2016}\n"
    )
    report = report_content(score_folder(make_project({"communities/gamma.yaml": gamma})))
    found = report.field.evidence
    assert (found.own, found.region, found.national, found.missing) == (7, 1, 2, 2)
    assert (found.low, found.recalled, found.years) == (1, 1, (2012, 2016))
    assert found.share(found.own) == 7 / 12
    focus = _focus(report).evidence
    assert (focus.own, focus.national, focus.total, focus.years) == (3, 1, 4, None)


def test_evidence_is_told_by_criterion(make_project: MakeProject) -> None:
    report = report_content(score_folder(make_project()))
    air, work = report.field.by_criterion
    assert (air.all.own, air.on_proxies) == (6, 0)
    assert (work.all.own, work.all.national, work.on_proxies) == (4, 2, 0)
    assert work.focus is not None
    assert (work.focus.own, work.focus.national) == (1, 1)


def test_evidence_of_nothing_is_no_division_by_zero(make_project: MakeProject) -> None:
    assert evidence_of(score_folder(make_project()), [], []).share(0) == 0


def test_the_widest_gap_is_tried_at_the_others_worst_and_best(make_project: MakeProject) -> None:
    gap = _focus(report_content(score_folder(make_project()))).gap
    assert gap is not None
    assert (gap.identifier, gap.missing) == ("income", False)
    # Income at beta's 50 and gamma's 100 in place of 0: work 75 and 100.
    assert (gap.worst_score, gap.best_score) == (75, 87.5)
    assert (gap.worst_rank, gap.best_rank) == (1, 1)


def test_without_proxies_or_gaps_there_is_no_widest_gap(make_project: MakeProject) -> None:
    assert _focus(report_content(score_folder(make_project(), focus="gamma"))).gap is None


def test_the_scale_is_told_where_all_indicators_share_one(make_project: MakeProject) -> None:
    folder = make_project()
    assert report_content(score_folder(folder)).field.scale == (0, 100)
    for change in (
        {"recipe.normalisation.kind": "fraction_of_max"},
        {"recipe.aggregation.kind": "borda_count"},
    ):
        assert report_content(score_folder(folder, assignments=change)).field.scale is None


def test_the_smallest_gaps_between_neighbours_come_first(make_project: MakeProject) -> None:
    gaps = report_content(score_folder(make_project())).field.closest
    assert [(gap.upper, gap.lower, gap.points) for gap in gaps] == [
        ("alpha", "gamma", 12.5),
        ("gamma", "beta", 12.5),
    ]


def test_what_screening_left_out_is_counted(make_project: MakeProject) -> None:
    beta = "id: beta\nname: Beta\nsource: census\nobservations: {dust: 20}\n"
    files = {"communities/beta.yaml": beta, "communities/areas/AAA.yaml": None}
    alpha = "id: alpha\nname: Alpha\nsource: census\nobservations: {dust: 10, jobs: 60}\n"
    report = report_content(score_folder(make_project(files | {"communities/alpha.yaml": alpha})))
    left_out = [
        (each.identifier, each.n_present, each.n_possible) for each in report.field.left_out
    ]
    assert left_out == [("trees", 1, 3), ("income", 1, 3)]
    assert report.field.excluded == ()
    assert {each.state for each in _focus(report).readings} == {"scored", "left_out", "unscored"}


def test_a_focus_that_screening_left_out_has_no_place(make_project: MakeProject) -> None:
    files = {
        "communities/alpha.yaml": "id: alpha\nname: A\nsource: census\nobservations: {dust: 1}\n"
    }
    report = report_content(score_folder(make_project(files)))
    assert (report.focus, report.placeless) == (None, "alpha")
    (excluded,) = report.field.excluded
    assert (excluded.identifier, excluded.n_present, excluded.n_possible) == ("alpha", 1, 4)


def test_contributions_add_up_to_the_difference(make_project: MakeProject) -> None:
    folder = make_project()
    found = compare(score_folder(folder, weights={"air": "3"}), "alpha", "beta", 7)
    assert [node.contribution for node in found.nodes] == [37.5, 0]
    assert found.overall.difference == 37.5
    assert [node.lead for node in found.nodes] == [1, 0]


def test_contributions_under_a_geometric_mean_are_those_of_its_logarithm(
    make_project: MakeProject,
) -> None:
    geometric = {"recipe.normalisation.low": "1", "recipe.aggregation.kind": "geometric"}
    found = compare(score_folder(make_project(), assignments=geometric), "alpha", "beta", 7)
    whole = found.overall
    assert whole.difference == whole.contribution
    assert sum(node.contribution for node in found.nodes) == pytest.approx(whole.difference)
    mean = whole.difference / log(whole.left.score / whole.right.score)
    for node in found.nodes:
        part = mean * log(node.left.score / node.right.score) / 2
        assert node.contribution == pytest.approx(part)


def test_contributions_add_up_where_a_score_is_missing(make_project: MakeProject) -> None:
    flat = compare(score_folder(make_project(FLAT)), "alpha", "gamma", 7)  # gamma misses `open`
    assert sum(node.contribution for node in flat.nodes) == pytest.approx(flat.overall.difference)
    assert flat.decomposition.filled == ("open",)


def test_a_comparison_respects_directions_and_shared_values(make_project: MakeProject) -> None:
    found = compare(score_folder(make_project()), "alpha", "beta", 7)
    pairs = {pair.left.indicator.id: pair for each in found.sections for pair in each.indicators}
    assert (pairs["dust"].difference, pairs["dust"].lead) == (-10, 1)
    assert (pairs["income"].difference, pairs["income"].lead) == (-3000, -1)
    assert (pairs["poverty"].lead, pairs["poverty"].shared) == (0, True)
    assert not pairs["jobs"].shared
    assert (found.n_both, found.n_left, found.n_right, found.n_both_own) == (4, 3, 1, 2)


def test_a_flat_framework_has_one_section_for_the_root(make_project: MakeProject) -> None:
    report = report_content(score_folder(make_project(FLAT)))
    assert report.field.criteria == ("share", "cost", "stage", "open")
    assert [section.node for section in _focus(report).sections] == ["index"]
    assert _focus(report).foundations == ()


def test_a_deep_framework_weighs_along_its_branches(make_project: MakeProject) -> None:
    report = report_content(score_folder(make_project(DEEP)))
    found = {
        weight.identifier: (weight.depth, weight.share, weight.total, weight.state)
        for weight in report.weights
    }
    assert found["health"] == (2, 0.75, 0.75, None)
    assert found["years"] == (3, 1.0, 0.75, "scored")
    assert found["rain"][2:] == (0.0, "unscored")
    sections = {section.node: section.standing for section in _focus(report).sections}
    assert list(sections) == ["life", "home", "health", "shown"]
    assert sections["home"] is not None
    assert sections["home"].score == 100


def test_the_recipe_lists_exceptions_after_what_they_replace(make_project: MakeProject) -> None:
    recipe = (
        "recipe:\n  normalisation: {kind: min_max, except: {dust: {kind: rank}}}\n"
        "  aggregation: {kind: arithmetic, at: {air: {kind: median}}}\n"
    )
    report = report_content(score_folder(make_project({"icfscore.yaml": recipe})))
    found = [(step.stage, step.kind, step.scope, step.place) for step in report.steps]
    assert found[2:4] == [
        ("normalisation", "min_max", "all", ""),
        ("normalisation", "rank", "indicator", "dust"),
    ]
    assert found[-1] == ("aggregation", "median", "node", "air")
    assert ("low", "0") in report.steps[2].parameters
    assert report.steps[2].summary.endswith(".")
