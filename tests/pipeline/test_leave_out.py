"""Leaving one thing out, against scoring a project that never had it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.pipeline.test_stability import FLAT, RAW, THREE_LEVELS, TWO_LEVELS, aggregated, scored

from icfscore.domain.project import Project
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.methods.aggregate import OrderedWeighted, Topsis
from icfscore.methods.normalise import MinMax, ReferenceCommunity
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.leave_out import LeftOut, leave_out
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Recipe, Screening, Staged

SCALED = replace(RAW, normalisation=Staged(MinMax()))


def _found(scoring: Scoring, focus: str | None = "c1") -> dict[str, LeftOut]:
    return {found.removed: found for found in leave_out(scoring, focus)}


def test_ranks_without_one_indicator_are_those_of_the_others() -> None:
    """By hand: sums 6, 5, 4; without x1 they are 1, 4, 4, without x2 6, 2, 3, without x3 5, 4, 1."""
    found = _found(scored([[5, 0, 1], [1, 3, 1], [0, 1, 3]], FLAT))
    assert [found[x].rank for x in FLAT] == [3, 1, 1]
    assert found["x1"].mean_rank_shift == pytest.approx((2 + 1 + 2) / 3)
    assert found["x2"].mean_rank_shift == pytest.approx((0 + 1 + 1) / 3)
    assert found["x3"].mean_rank_shift == 0


def test_order_is_indicators_then_criteria_then_communities() -> None:
    found = leave_out(scored(np.eye(5), THREE_LEVELS, weights={"x4": 0}), "c1")
    assert [told.kind for told in found] == ["indicator"] * 4 + ["criterion"] * 4 + [
        "community"
    ] * 5
    assert {told.removed for told in found if told.kind == "criterion"} == {"a", "b", "c", "d"}
    assert "x4" not in {told.removed for told in found}
    some = leave_out(scored(np.eye(5), THREE_LEVELS), "c1", kinds=["criterion"])
    assert {told.kind for told in some} == {"criterion"}


def test_a_criterion_and_its_only_indicator_are_the_same_to_lose() -> None:
    values = np.random.default_rng(4).uniform(0, 9, (6, 5))
    found = _found(scored(values, THREE_LEVELS, SCALED))
    assert replace(found["d"], removed="x3", kind="indicator") == found["x3"]


def test_without_a_criterion_is_as_if_it_had_no_weight() -> None:
    values = np.random.default_rng(4).uniform(0, 9, (6, 5))
    found = _found(scored(values, TWO_LEVELS, SCALED))
    for name in ("a", "b", "x1", "x4"):
        without = scored(values, TWO_LEVELS, SCALED, {name: 0})
        assert found[name].rank == without.ranking.rank_of("c1")


def test_scales_are_taken_anew_and_reversals_named() -> None:
    """By hand, min-max: (10, 0), (4, 3.5), (5, 2), (0, 10) have 50, 37.5, 35, 50 in the mean.

    Without c1 the scales run from 0 to 5 and from 2 to 10: c2 has (80 + 18.75)/2, c3 100/2. Without
    c4 from 4 to 10 and from 0 to 3.5: 50, 50 and 36.9, a tie of c1 and c2, which is no reversal.
    """
    found = _found(scored([[10, 0], [4, 3.5], [5, 2], [0, 10]], ["x1", "x2"], SCALED))
    assert found["c1"].reversals == (("c2", "c3"),)
    assert found["c1"].rank is None
    assert found["c1"].reason == "is the focus itself"
    assert found["c4"].reversals == ()
    assert found["c4"].rank == 1


def test_ranks_are_compared_among_those_that_remain() -> None:
    found = _found(scored([[1, 1, 1], [3, 3, 3], [2, 2, 2]], FLAT))
    assert found["c2"].rank == 2  # third of three before, second of two now: nobody has moved
    assert found["c2"].mean_rank_shift == 0
    assert found["c2"].reversals == ()


def test_rank_reversals_of_topsis_are_named() -> None:
    values = np.random.default_rng(1).uniform(1, 9, (9, 3))
    scoring = scored(values, FLAT, aggregated(Topsis()))
    before = {name: scoring.ranking.rank_of(name) for name in scoring.ranking.communities}
    some = 0
    for told in leave_out(scoring, "c1", kinds=["community"]):
        row = int(told.removed[1:]) - 1
        again = scored(np.delete(values, row, axis=0), FLAT, aggregated(Topsis()))
        names = [name for name in before if name != told.removed]
        after = dict(zip(names, again.ranking.ranks.tolist(), strict=True))
        pairs = {
            (ahead, behind)
            for ahead in names
            for behind in names
            if before[ahead] < before[behind] and after[ahead] > after[behind]  # type: ignore[operator]
        }
        assert set(told.reversals) == pairs
        assert len(told.reversals) == len(pairs)
        some += len(pairs)
    assert some  # Topsis is known for them


def test_removal_screens_anew() -> None:
    gap = float("nan")
    recipe = Recipe(Screening(0.5, 0.5), normalisation=RAW.normalisation)
    scoring = scored([[1, 2, 3], [2, gap, gap], [3, 1, 2], [2, 2, gap]], FLAT, recipe)
    assert scoring.screened.excluded  # c2 has one of three
    found = _found(scoring, "c4")
    assert "c2" not in found
    assert found["x1"].rank is not None
    assert found["c3"].rank == 1  # x3 is present in one of three and left out: c1 has 1.5, c4 2


def test_a_focus_that_drops_out_says_why() -> None:
    gap = float("nan")
    recipe = Recipe(Screening(0, 0.5), normalisation=RAW.normalisation)
    found = _found(scored([[1, gap], [2, 3]], ["x1", "x2"], recipe))
    assert found["x1"].rank is None
    assert found["x1"].reason == "c1 has no rank: has no value of any scored indicator"


def test_the_last_of_its_kind_cannot_be_left_out() -> None:
    found = _found(scored([[3]], ["x1"]))
    assert found["x1"].reason == "nothing else is scored"
    assert found["c1"].reason == "there is no other community"
    assert found["x1"].mean_rank_shift is None


def test_what_a_method_cannot_do_without_is_told() -> None:
    reference = replace(RAW, normalisation=Staged(ReferenceCommunity(id="c2")))
    found = _found(scored([[1, 2], [3, 4], [5, 1]], ["x1", "x2"], reference))
    assert found["c2"].rank is None
    assert "reference_community" in found["c2"].reason
    assert found["c3"].reason == ""
    owa = aggregated(OrderedWeighted(weights=(0.5, 0.3, 0.2)))
    assert _found(scored(np.eye(3), FLAT, owa))["c1"].mean_rank_shift == 0


def test_without_a_focus_nobody_is_followed() -> None:
    assert {told.rank for told in leave_out(scored(np.eye(3), FLAT))} == {None}


def test_the_built_in_project_agrees_with_scoring_it_again() -> None:
    folder = read_project(Path(__file__).parents[2])
    settings = settle(folder)
    scoring = score(folder.project, settings)
    for told in leave_out(scoring, "binh_duong"):
        if told.kind == "community":
            if told.removed not in ("nairobi", "adelaide"):
                continue
            others = tuple(c for c in folder.project.communities if c.id != told.removed)
            again = score(replace(folder.project, communities=others), settings)
        else:
            weights = {**settings.weights, told.removed: 0.0}
            again = score(folder.project, replace(settings, weights=weights))
        assert told.rank == again.ranking.rank_of("binh_duong")
        kept = [name in again.ranking.communities for name in scoring.ranking.communities]
        shift = np.abs(rank_descending(scoring.ranking.scores[kept]) - again.ranking.ranks).mean()
        assert told.mean_rank_shift == pytest.approx(shift)


def test_scales_over_all_years_lose_the_years_of_what_is_left_out() -> None:
    folder = read_project(Path(__file__).parents[2])
    settings = settle(folder, assignments={"recipe.normalisation": "{kind: min_max, over: pooled}"})
    scoring = score(folder.project, settings)
    told = {t.removed: t for t in leave_out(scoring, "binh_duong")}
    others = tuple(c for c in folder.project.communities if c.id != "adelaide")
    project: Project = replace(folder.project, communities=others)
    again = score(project, settings)
    assert told["adelaide"].rank == again.ranking.rank_of("binh_duong")
    weights = {**settings.weights, "pm25_ugm3": 0.0}
    again = score(folder.project, replace(settings, weights=weights))
    assert told["pm25_ugm3"].rank == again.ranking.rank_of("binh_duong")
