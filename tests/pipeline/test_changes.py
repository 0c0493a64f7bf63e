"""Changed values: what becomes of the project, and of the random numbers."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import MakeProject
from tests.report.projects import score_folder

from icfscore.domain.changes import Change
from icfscore.domain.communities import Observation
from icfscore.errors import InputError
from icfscore.pipeline.changes import apply_changes, assume
from icfscore.pipeline.common_draws import plan_alike
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.draws import draw_inputs
from icfscore.pipeline.memory import Memory
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.whatif import WhatIf, draw_alike, find_what_if

KEEP = {"recipe.screening.min_community_coverage": "0"}


def _what_if(scoring: Scoring, *changes: tuple[str, str, float]) -> WhatIf:
    return find_what_if(scoring, [assume(*change) for change in changes])


def _histograms(draws: tuple[RankDraws, RankDraws]) -> list[list[list[int]]]:
    return [each.acceptability.tolist() for each in draws]


def test_a_value_takes_the_place_of_the_one_that_counts(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    found = _what_if(scoring, ("alpha", "dust", 25))
    observed = found.after.observed
    column = observed.indicators.index("dust")
    assert observed.values[:, column].tolist() == [25, 20, 30]
    # dust alone: (30 - 25) / 10 of the way from the worst to the best, beta now being the best.
    assert found.after.scores_on("dust").tolist() == [50, 100, 0]
    assert scoring.observed.values[:, column].tolist() == [10, 20, 30]
    (replaced,) = found.changes
    assert replaced.before is not None
    assert (replaced.before.value, replaced.holder, replaced.was_proxy) == (10, "alpha", False)


def test_a_proxy_gives_way_to_a_value_of_its_own(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    found = _what_if(scoring, ("alpha", "income", 8000))
    (replaced,) = found.changes
    assert replaced.was_proxy
    assert replaced.holder == "AAA"
    row, column = 0, scoring.observed.indicators.index("income")
    assert scoring.observed.level[row, column] == 3
    assert found.after.observed.level[row, column] == 1
    # Beta inherits nothing from alpha, nor does the country change.
    assert found.after.project.areas is scoring.project.areas


def test_a_value_before_its_denominator(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    found = _what_if(scoring, ("alpha", "trees", 30), ("beta", "population", 1000))
    column = scoring.observed.indicators.index("trees")
    assert found.after.observed.values[:, column].tolist() == [30, 20, 30]


def test_a_missing_value_is_filled(make_project: MakeProject) -> None:
    project = {
        "communities/alpha.yaml": "id: alpha\nname: A\nsource: census\nobservations: {dust: 1}"
    }
    scoring = score_folder(make_project(project), assignments=KEEP)
    found = _what_if(scoring, ("alpha", "jobs", 70))
    assert found.changes[0].before is None
    assert found.changes[0].holder is None
    assert found.after.scores_on("jobs")[0] == 100


def test_without_a_denominator_of_its_own_it_would_not_count(make_project: MakeProject) -> None:
    files = {
        "communities/alpha.yaml": "id: alpha\nname: A\nsource: census\nobservations: {dust: 1, jobs: 3}"
    }
    scoring = score_folder(make_project(files), assignments=KEEP)
    with pytest.raises(InputError, match=r"alpha.trees: does not count: alpha has no population"):
        _what_if(scoring, ("alpha", "trees", 5))
    assert _what_if(scoring, ("alpha", "trees", 5), ("alpha", "population", 100)).after


def test_a_value_is_changed_once(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    with pytest.raises(InputError, match=r"alpha.dust: is changed twice; keep one of the two"):
        _what_if(scoring, ("alpha", "dust", 5), ("alpha", "dust", 6))


def test_it_is_measured_as_the_value_before_it_was(make_project: MakeProject) -> None:
    text = (
        "id: alpha\nname: A\nsource: census\nobservations:\n  population: 10\n  trees: 3\n  jobs: 50\n"
        "  dust: {value: 10, status: recalled, comparability: low, sd: 2}\n"
    )
    scoring = score_folder(make_project({"communities/alpha.yaml": text}))
    project, (replaced,) = apply_changes(
        scoring.project, scoring.settings, [assume("alpha", "dust", 5)]
    )
    made = project.community_by_id["alpha"].observations["dust"][0]
    assert (made.status, made.comparability, made.sd, made.level) == (
        "recalled",
        "low",
        None,
        "community",
    )
    assert made is replaced.change.observation
    own = Change("alpha", "dust", Observation(5, "x", "community"), as_before=False)
    project, _ = apply_changes(scoring.project, scoring.settings, [own])
    assert project.community_by_id["alpha"].observations["dust"][0].status == "seen"


def test_values_of_other_years_stay(make_project: MakeProject) -> None:
    text = (
        "id: alpha\nname: A\nsource: census\nobservations:\n  population: 10\n  trees: 3\n  jobs: 50\n"
        "  dust: [{value: 40, year: 2010}, {value: 10, year: 2017}]\n"
    )
    scoring = score_folder(make_project({"communities/alpha.yaml": text}))
    project, _ = apply_changes(scoring.project, scoring.settings, [assume("alpha", "dust", 5)])
    dated = project.community_by_id["alpha"].observations["dust"]
    assert [(each.value, each.year) for each in dated] == [(5, None), (40, 2010)]


def test_who_passes_whom(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    assert [scoring.ranking.communities[row] for row in scoring.ranking.order] == [
        "alpha",
        "gamma",
        "beta",
    ]
    found = _what_if(scoring, ("alpha", "dust", 60))
    (passing,) = found.passings
    assert passing.overtaken == ()
    assert set(passing.overtaking) == {"gamma", "beta"}
    # Alpha spans the scale now, so that the others' dust scores anew.
    assert set(found.moved) == {"beta", "gamma"}
    back = _what_if(found.after, ("alpha", "dust", 10))
    assert set(back.passings[0].overtaken) == {"gamma", "beta"}


def test_a_change_to_the_same_value_changes_no_draw(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(), draws=2000)
    found = _what_if(scoring, ("alpha", "dust", 10), ("gamma", "jobs", 40))
    assert found.moved == ()
    before, after = _histograms(draw_alike(found.before, found.after))
    assert before == after


SHARED = {
    f"communities/{name}.yaml": (
        f"id: {name}\nname: {name}\nparent: AAA\nsource: census\n"
        f"observations: {{dust: {dust}, trees: {dust}, population: 1000}}\n"
    )
    for name, dust in (("alpha", 10), ("beta", 20), ("gamma", 30))
}


def _drawn(plan: DrawPlan) -> dict[tuple[str, str], list[float]]:
    """Draw the values of a plan's first block."""
    inputs = draw_inputs(plan, 0, lambda _: 0, Memory())
    x = np.concatenate([inputs.values_of(part) for part in plan.parts])
    return {
        (community, indicator.id): x[column, row].tolist()
        for row, community in enumerate(plan.columns.communities)
        for column, indicator in enumerate(plan.columns.indicators)
    }


def test_values_that_stay_keep_their_random_numbers(make_project: MakeProject) -> None:
    """Alpha and beta leave the country's value of jobs; gamma keeps its error, alone now."""
    scoring = score_folder(make_project(SHARED), draws=200)
    found = _what_if(scoring, ("alpha", "jobs", 60), ("beta", "jobs", 61), ("alpha", "dust", 11))
    plan = plan_draws(found.before)
    before, after = _drawn(plan), _drawn(plan_alike(found.after, plan))
    changed = {("alpha", "jobs"), ("beta", "jobs"), ("alpha", "dust")}
    assert {cell for cell in before if before[cell] != after[cell]} == changed
    # Dust errs by the same factor before and after.
    dust = ("alpha", "dust")
    assert np.array(after[dust]) / 11 == pytest.approx(np.array(before[dust]) / 10)


def test_another_scale_shifts_nobodys_random_numbers(make_project: MakeProject) -> None:
    """A share of 100 cannot err as one of 60 does; its neighbours err as before."""
    scoring = score_folder(make_project(), draws=200)
    found = _what_if(scoring, ("alpha", "jobs", 100), ("alpha", "dust", 0))
    plan = plan_draws(found.before)
    before, after = _drawn(plan), _drawn(plan_alike(found.after, plan))
    assert {cell for cell in before if before[cell] != after[cell]} == {
        ("alpha", "jobs"),
        ("alpha", "dust"),
    }


def test_what_is_new_takes_numbers_of_its_own(make_project: MakeProject) -> None:
    files = SHARED | {
        "communities/alpha.yaml": "id: alpha\nname: A\nsource: census\nobservations: {dust: 1, jobs: 3}"
    }
    scoring = score_folder(make_project(files), assignments=KEEP, draws=200)
    found = _what_if(scoring, ("alpha", "income", 500))
    plan = plan_draws(found.before)
    alike = plan_alike(found.after, plan)
    before, after = _drawn(plan), _drawn(alike)
    same = {cell for cell in before if np.array_equal(before[cell], after[cell], equal_nan=True)}
    assert set(before) - same == {("alpha", "income")}
    assert len(set(after["alpha", "income"])) > 100
    # One gap of alpha is filled; what is left of it keeps its number.
    assert alike.gap_numbers.tolist() == [0]


def test_better_values_never_lower_a_rank_with_the_same_numbers(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(), draws=2000)
    means = []
    for dust in (10.0, 9.0, 7.0, 3.0):
        found = _what_if(scoring, ("alpha", "dust", dust))
        _, after = draw_alike(found.before, found.after)
        means.append(after.mean_rank[0])
    assert (np.diff(means) <= 1e-12).all()
