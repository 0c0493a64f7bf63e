"""Plans: the least effort by hand and against every grid point, and what the engine says of it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import MakeProject
from tests.report.projects import score_folder

from icfscore.errors import InputError
from icfscore.pipeline.levers import find_levers
from icfscore.pipeline.plan import Plan, find_plan
from icfscore.pipeline.plan_exact import ExactPlanner
from icfscore.pipeline.plan_robust import find_robust_plan
from icfscore.pipeline.plan_search import SearchPlanner
from icfscore.pipeline.plan_workshop import Workshop
from icfscore.pipeline.score import Scoring, score
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.recipe import Planning

HEAD = "id: flat\nname: Flat\nindicators:\n"


def _indicator(name: str, extra: str = "", *, way: str = "higher", kind: str = "ratio") -> str:
    return (
        f"  - {{id: {name}, name: {name}, unit: thing, direction: {way}, kind: {kind},"
        f" lever: direct{extra}}}\n"
    )


def _project(
    make: MakeProject, values: dict[str, str], *indicators: str, recipe: str = "", extra: str = ""
) -> Path:
    files: dict[str, str | bytes | None] = {
        "icfscore.yaml": recipe,
        "criteria/framework.yaml": HEAD + "".join(indicators) + extra,
        "criteria/air.yaml": None,
        "criteria/work.yaml": None,
        "communities/areas/AAA.yaml": None,
        **dict.fromkeys(f"communities/{name}.yaml" for name in ("alpha", "beta", "gamma")),
    }
    for name, text in values.items():
        files[f"communities/{name}.yaml"] = (
            f"id: {name}\nname: {name}\nsource: census\nobservations: {{{text}}}\n"
        )
    folder = make(files)
    for path in (folder / "communities").glob("*.yaml"):
        if path.stem not in (*values, "sources"):
            path.unlink()  # of the example before
    return folder


def _plan(folder: Path, place: int, community: str = "a", **planning: object) -> Plan:
    return find_plan(score_folder(folder), community, place, Planning(**planning))  # type: ignore[arg-type]


FOUR = {"a": "q: 10, r: 50", "b": "q: 20, r: 90", "c": "q: 40, r: 100", "d": "q: 100, r: 0"}
QR = (_indicator("q"), _indicator("r"))


def test_the_least_effort_by_hand(make_project: MakeProject) -> None:
    """Scores: a (0 + 50)/2 = 25 (its q is the lowest, 10), b (11.1 + 90)/2, c 66.7, d 50.

    Up to 20, the lowest peer's q, a rise costs nothing and the scale begins at 20: b 45, c 62.5,
    d 50, a 25. To be third a needs 45. A point of r is worth half a point of score; between the
    peers' 0 (percentile 0), 90 (0.5) and 100 (1) it costs 0.5/90 up to 90, so that 40 points of r
    cost 0.2222. q from 20 to 40 costs 0.5 and gives 12.5, from 40 to 100 0.5 and gives 37.5: dearer.
    """
    plan = _plan(_project(make_project, FOUR, *QR), 3)
    assert plan.reached
    assert {move.lever.id: move.after_raw for move in plan.moves} == {"q": 20, "r": 90}
    assert plan.effort == pytest.approx(40 / 90 * 0.5)
    assert plan.bound == pytest.approx(plan.effort)
    # Without the rise that costs nothing b would have (100/9 + 90)/2 = 50.6: r alone is dearer.
    assert plan.rank_after == 3


def test_a_dear_first_step_for_a_cheap_second(make_project: MakeProject) -> None:
    """q: peers 10, 11, 12, 100: from 10 to 12 it costs 2/3 for 2 points of 90, then 1/3 for 88."""
    values = {"a": "q: 10, r: 0", "b": "q: 10, r: 60", "c": "q: 11, r: 70", "d": "q: 12, r: 80"}
    values |= {"e": "q: 100, r: 100"}
    plan = _plan(_project(make_project, values, *QR), 2, fixed=("r",))
    # d has (2/90 + 0.8)/2; to be level with it a needs q of 84, to be sure of it the next digit.
    (move,) = plan.moves
    assert 84 <= move.after_raw <= 84.1
    assert plan.bound == pytest.approx(2 / 3 + (84 - 12) / 88 / 3)
    assert move.percentile_before == 0
    assert (move.model.community, move.model.value) == ("e", 100)  # type: ignore[union-attr]


def test_costs_turn_the_plan(make_project: MakeProject) -> None:
    folder = _project(make_project, FOUR, *QR)
    cheap = _plan(folder, 3, costs={"r": 0.01})
    assert cheap.effort == pytest.approx(0.01 * 40 / 90 * 0.5)
    dear = _plan(folder, 3, costs={"r": 10.0})
    assert [move.lever.id for move in dear.moves] == ["q"]
    # q alone: (q - 20)/80/2 + 25 = 45 at q = 52; 0.5 to 40, then 12/60 of 0.5.
    assert dear.moves[0].after_raw == 52
    assert dear.effort == pytest.approx(0.6)


def test_what_is_fixed_or_out_of_reach_stays(make_project: MakeProject) -> None:
    fixed = _indicator("r").replace("lever: direct", "lever: none")
    folder = _project(make_project, FOUR, _indicator("q"), fixed)
    plan = _plan(folder, 3)
    assert [move.lever.id for move in plan.moves] == ["q"]
    assert [(each.indicator, each.reason) for each in plan.fixed] == [("r", "lever")]
    assert {move.lever.id for move in _plan(folder, 3, free=("r",)).moves} == {"q", "r"}
    assert _plan(folder, 3, free=("r",), fixed=("q",)).moves[0].lever.id == "r"
    # q at its best gives (100 + 50)/2 = 75: the first place. q and r both fixed: nothing.
    assert _plan(folder, 1).reached
    still = _plan(folder, 3, fixed=("q",))
    assert (still.reached, still.moves, still.best_reachable, still.effort) == (False, (), 4, 0)


def test_the_best_reachable_place_is_said(make_project: MakeProject) -> None:
    values = {"a": "q: 0, r: 0", "b": "q: 1, r: 3", "c": "q: 1, r: 6", "d": "q: 1, r: 9"}
    folder = _project(make_project, values, _indicator("q"), _indicator("r"))
    plan = _plan(folder, 1, fixed=("q",), limits={"r": (None, 5.0)})
    assert not plan.reached
    assert plan.best_reachable == plan.rank_after == 4
    plan = _plan(folder, 1, limits={"r": (None, 7.0)})
    assert (plan.reached, plan.best_reachable, plan.rank_after) == (False, 2, 2)


def test_who_is_there_already_needs_nothing(make_project: MakeProject) -> None:
    plan = _plan(_project(make_project, FOUR, *QR), 2, "c")
    assert (plan.reached, plan.effort, plan.moves, plan.rank_after) == (True, 0, (), 1)
    assert plan.stairs == ()


def test_limits_commit_and_hold_back(make_project: MakeProject) -> None:
    folder = _project(make_project, FOUR, *QR)
    committed = _plan(folder, 4, limits={"q": (30.0, None)})
    assert [(move.lever.id, move.after_raw) for move in committed.moves] == [("q", 30)]
    held = _plan(folder, 3, limits={"r": (None, 60.0)})
    assert max(move.after_raw for move in held.moves if move.lever.id == "r") <= 60
    assert held.reached


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ((None, 5.0), "the value now, 10 thing, is better than 5 already"),
        ((101.0, None), "no peer has reached 101: the best peer's is 100 thing"),
    ],
)
def test_limits_that_contradict(
    make_project: MakeProject, limits: tuple[float, float], message: str
) -> None:
    with pytest.raises(InputError, match=f"limits of q: {message}"):
        _plan(_project(make_project, FOUR, *QR), 3, limits={"q": limits})


@pytest.mark.parametrize("place", [-1, 0, 5])
def test_places_that_there_are_not(make_project: MakeProject, place: int) -> None:
    with pytest.raises(InputError, match=rf"--top: there is no place {place}; 1 to 4 are ranked"):
        _plan(_project(make_project, FOUR, *QR), place)


def test_communities_that_have_no_place(make_project: MakeProject) -> None:
    values = FOUR | {"e": "s: 1"}
    indicators = (*QR, _indicator("s", ", weight: 0"))
    folder = _project(make_project, values, *indicators)
    with pytest.raises(InputError, match="e is left out: it has no value of any scored indicator"):
        _plan(folder, 1, "e")
    with pytest.raises(InputError, match="no community 'x'"):
        _plan(folder, 1, "x")


def test_a_missing_value_is_not_planned(make_project: MakeProject) -> None:
    values = FOUR | {"a": "q: 10"}
    plan = _plan(_project(make_project, values, *QR), 3)
    assert [(each.indicator, each.reason) for each in plan.fixed] == [("r", "missing")]


def test_lower_is_better_is_rounded_down(make_project: MakeProject) -> None:
    values = {"a": "q: 90", "b": "q: 33.3333", "c": "q: 20", "d": "q: 100"}
    plan = _plan(_project(make_project, values, _indicator("q", way="lower")), 2)
    (move,) = plan.moves
    # The best value that is level with b's is 33.3333 itself; to three digits, 33.3.
    assert move.after_raw == 33.3
    assert plan.rank_after == 2
    assert plan.bound is not None
    assert plan.bound <= plan.effort < plan.bound + 0.01


def test_a_value_at_the_end_is_the_best_peers(make_project: MakeProject) -> None:
    values = {"a": "q: 1", "b": "q: 12.3456", "c": "q: 3"}
    plan = _plan(_project(make_project, values, _indicator("q")), 1)
    assert plan.moves[0].after_raw == 12.3456


PER = """context: [{id: people, name: People, unit: person}]\n"""


def test_counts_are_whole_and_before_their_denominator(make_project: MakeProject) -> None:
    values = {"a": "q: 2, people: 100", "b": "q: 30, people: 1000", "c": "q: 9, people: 300"}
    values |= {"d": "q: 77, people: 1000"}
    indicator = _indicator("q", ", per: people, per_scale: 100", kind="count")
    plan = _plan(_project(make_project, values, indicator, extra=PER), 1)
    # The best peer has 7.7 of a hundred: seven is all that a can have, and that is second.
    assert (plan.reached, plan.best_reachable) == (False, 2)
    (move,) = plan.moves
    assert (move.before_raw, move.after_raw) == (2, 3)  # level with b and c
    assert move.value == 3


def test_levels_are_words(make_project: MakeProject) -> None:
    levels = ", levels: {none: 0, plan: 1, pilot: 2, operating: 4}"
    values = {"a": "q: none, r: 0", "b": "q: operating, r: 1", "c": "q: pilot, r: 0.4"}
    folder = _project(
        make_project, values, _indicator("q", levels, kind="ordinal"), _indicator("r")
    )
    plan = _plan(folder, 2, fixed=("r",))
    assert [move.after_raw for move in plan.moves] == [4]
    assert plan.rank_after == 2


def test_a_proxy_is_planned_and_said_so(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    plan = find_plan(scoring, "beta", 2, Planning(fixed=("dust", "trees", "income")))
    (move,) = plan.moves
    assert (move.lever.is_proxy, move.lever.holder, move.before_raw) == (True, "AAA", 50)
    assert plan.after.observed.level[1, 2] == 1


def test_the_peer_to_learn_from_measured_it_itself(make_project: MakeProject) -> None:
    values = {"a": "q: 1, r: 1", "b": "q: {value: 6, level: national}, r: 9", "c": "q: 9, r: 1"}
    values |= {"d": "q: 9, r: 9", "e": "q: 2, r: 5"}
    plan = _plan(_project(make_project, values, *QR), 4, fixed=("r",))
    (move,) = plan.moves
    assert move.model is not None
    assert move.after_raw < 6
    # c and d have the nearest value of their own; c is the one most like a.
    assert (move.model.community, move.model.value, move.model.is_own) == ("c", 9, True)


PANEL = {
    "a": "q: 10, r: 1",
    "b": "q: [{value: 20, year: 2010}, {value: 60, year: 2018}], r: 5",
    "c": "q: [{value: 90, year: 2016}, {value: 85, year: 2017}, {value: 100, year: 2018}], r: 3",
}


def test_years_at_the_fastest_peers_pace(make_project: MakeProject) -> None:
    """B rose by 40 in eight years, c by 10 in two: both 5 a year; the first found is told."""
    plan = _plan(_project(make_project, PANEL, *QR), 2, fixed=("r",))
    (move,) = plan.moves
    assert move.pace is not None
    assert (move.pace.community, move.pace.yearly, move.pace.first, move.pace.last) == (
        "b",
        5,
        2010,
        2018,
    )
    assert move.pace.years == pytest.approx((move.after_raw - 10) / 5)


def test_no_dates_no_years(make_project: MakeProject) -> None:
    plan = _plan(_project(make_project, FOUR, *QR), 3)
    assert {move.pace for move in plan.moves} == {None}


def test_every_place_on_the_way_costs_more(make_project: MakeProject) -> None:
    plan = _plan(_project(make_project, FOUR, *QR), 1)
    assert [stair.place for stair in plan.stairs] == [3, 2, 1]
    efforts = [stair.effort or 0 for stair in plan.stairs]
    assert efforts == sorted(efforts)
    assert efforts[-1] <= plan.effort


def test_the_alternative_leaves_the_main_change_out(make_project: MakeProject) -> None:
    plan = _plan(_project(make_project, FOUR, *QR), 2)
    assert plan.alternative is not None
    main = max(plan.moves, key=lambda move: move.gain).lever.id
    assert plan.alternative.without == main
    assert main not in {move.lever.id for move in plan.alternative.moves}
    assert (plan.alternative.effort or np.inf) >= plan.effort


numbers = st.integers(0, 12)
table = st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=3, max_size=4)


def _scoring(make: MakeProject, rows: list[list[int]], recipe: str = "") -> Scoring:
    values = {
        chr(97 + n): ", ".join(f"{q}: {x}" for q, x in zip("qrs", row, strict=True))
        for n, row in enumerate(rows)
    }
    indicators = (_indicator("q"), _indicator("r", way="lower"), _indicator("s", ", weight: 2"))
    return score_folder(_project(make, values, *indicators, recipe=recipe))


def _grid_optimum(scoring: Scoring, place: int) -> float:
    """Score every combination of half steps by the whole engine."""
    levers = find_levers(scoring, "a", Planning()).movable
    ways = [
        np.arange(min(lever.before, lever.end), max(lever.before, lever.end) + 0.25, 0.5)
        for lever in levers
    ]
    shop = Workshop.of(scoring, "a", Planning())
    rows = np.array(list(product(*ways))) if levers else np.zeros((1, 0))
    reached = shop.places(levers, rows) <= place
    efforts = np.array(
        [
            0.0 + sum(lever.effort_to(x) for lever, x in zip(levers, row, strict=True))
            for row in rows
        ]
    )
    return float(efforts[reached].min(initial=np.inf))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table, st.integers(1, 3))
def test_no_grid_point_is_cheaper(
    make_project: MakeProject, rows: list[list[int]], place: int
) -> None:
    scoring = _scoring(make_project, rows)
    plan = find_plan(scoring, "a", place, Planning())
    cheapest = _grid_optimum(scoring, plan.best_reachable if not plan.reached else place)
    if plan.reached or plan.best_reachable < plan.rank_before:
        assert plan.bound is not None or not plan.movable
        assert (plan.bound or 0) <= cheapest + 1e-9
        assert plan.rank_after <= max(place, plan.best_reachable)
        assert plan.effort <= (plan.bound or 0) + 0.1  # what rounding to three digits may cost
    if not plan.reached:
        assert _grid_optimum(scoring, place) == np.inf


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table, st.sampled_from(["z_score", "rank", "vector", "percentile_rank", "min_max"]))
def test_a_search_reaches_the_place_it_says(
    make_project: MakeProject, rows: list[list[int]], kind: str
) -> None:
    recipe = f"recipe: {{normalisation: {{kind: {kind}}}, aggregation: {{kind: power_mean, exponent: 1}}}}"
    scoring = _scoring(make_project, rows, recipe)
    plan = find_plan(scoring, "a", 1, Planning())
    assert plan.bound is None or not plan.movable
    again = score(plan.after.project, plan.after.settings)
    assert again.ranking.rank_of("a") == plan.rank_after <= plan.rank_before
    assert plan.reached == (plan.rank_after == 1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table)
def test_a_better_place_never_takes_less(make_project: MakeProject, rows: list[list[int]]) -> None:
    scoring = _scoring(make_project, rows)
    plans = [find_plan(scoring, "a", place, Planning()) for place in (3, 2, 1)]
    bounds = [plan.bound for plan in plans if plan.reached and plan.bound is not None]
    assert bounds == sorted(bounds)


@pytest.mark.parametrize("place", [3, 2, 1])
def test_the_search_comes_near_the_optimum(make_project: MakeProject, place: int) -> None:
    scoring = score_folder(_project(make_project, FOUR, *QR))
    shop = Workshop.of(scoring, "a", Planning())
    levers = shop.levers.movable
    exact = shop.planner(levers)
    assert isinstance(exact, ExactPlanner)
    values = SearchPlanner(levers, shop.rescorer).solve(place)
    assert values is not None
    assert shop.places(levers, values[None])[0] <= place
    effort = sum(lever.effort_to(x) for lever, x in zip(levers, values.tolist(), strict=True))
    assert exact.bound(place) - 1e-9 <= effort <= exact.bound(place) * 1.02 + 1e-6


def test_nothing_is_planned_where_nobody_else_has_a_value(make_project: MakeProject) -> None:
    """A count divided and multiplied again may come out a last bit above itself."""
    context = "context: [{id: pop, name: P, unit: ''}]\n"
    recipe = "recipe: {screening: {min_indicator_coverage: 0, min_community_coverage: 0}}"
    for count in (49, 3, 7, 103):
        values = {"a": f"q: 10, n: {count}, pop: 151500", "b": "q: 20", "c": "q: 40"}
        counted = _indicator("n", ", per: pop", kind="count")
        folder = _project(
            make_project, values, _indicator("q"), counted, recipe=recipe, extra=context
        )
        plan = _plan(folder, 1)
        assert [(each.indicator, each.reason) for each in plan.fixed] == [("n", "best")]


def test_a_search_among_too_many_is_refused(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icfscore.pipeline.plan_workshop.MOST_SEARCHED", 1)
    ranked = "recipe: {normalisation: {kind: rank}}"
    folder = _project(make_project, FOUR, *QR, recipe=ranked)
    with pytest.raises(InputError, match="2 values could be moved, and where scores do not add up"):
        _plan(folder, 2)
    assert _plan(_project(make_project, FOUR, *QR), 2).exact  # where they do, there is no limit


def test_a_logarithm_is_planned_within_a_bound(make_project: MakeProject) -> None:
    folder = _project(make_project, FOUR, _indicator("q", ", transform: log"), _indicator("r"))
    plan = _plan(folder, 2)
    assert plan.reached
    assert plan.bound is not None
    assert plan.bound <= plan.effort <= plan.bound + 0.02


def test_a_plan_for_a_share_of_the_draws(make_project: MakeProject) -> None:
    scoring = score_folder(_project(make_project, FOUR, *QR), draws=1000)
    plain = find_plan(scoring, "a", 2, Planning())
    robust = find_robust_plan(scoring, "a", 2, Planning(), 0.8, draw_ranks)
    drawn = draw_ranks(robust.after, confidence=False)
    assert (robust.probability(drawn) or 0) >= 0.75
    assert robust.effort >= plain.effort
    assert robust.rank_after <= 2
    # More than can be had: the plan that goes furthest, and no claim.
    more = find_robust_plan(scoring, "a", 1, Planning(fixed=("q",)), 0.9999, draw_ranks)
    assert more.rank_after >= 1


@pytest.mark.parametrize("kind", ["min_max", "z_score", "none"])
@pytest.mark.parametrize(
    "values",
    [
        ("1e-310", "4e-310", "2e-310"),
        ("5.0e-324", "2.0e-323", "1.5e-323"),
        ("1e-300", "1e300", "2"),
    ],
)
def test_plans_of_the_least_and_the_largest_numbers(
    values: tuple[str, ...], kind: str, make_project: MakeProject
) -> None:
    """The way to the best of three values takes the whole of the effort, whatever the unit."""
    recipe = f"recipe: {{normalisation: {{kind: {kind}}}}}\n"
    observed = {name: f"p: {value}" for name, value in zip("abc", values, strict=True)}
    plan = _plan(_project(make_project, observed, _indicator("p"), recipe=recipe), 1)
    (move,) = plan.moves
    assert move.value == float(values[1])
    assert plan.effort == pytest.approx(1.0)
    assert move.times is None or np.isfinite(move.times)
