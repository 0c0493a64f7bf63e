"""A ranking against a list: which list, and what its numbers are, by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import MakeProject
from tests.report.projects import score_folder

from icfscore.domain.communities import Entity, Observation, Recognition
from icfscore.domain.criteria import CriteriaTree, Criterion, Indicator
from icfscore.domain.means import PublishedList
from icfscore.domain.project import Project
from icfscore.errors import InputError
from icfscore.methods.aggregate import Copeland, Geometric
from icfscore.methods.normalise import NoNormalisation
from icfscore.pipeline import backtest_weights
from icfscore.pipeline.backtest import backtest
from icfscore.pipeline.published_lists import find_lists
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Recipe, Settings, Staged, Uncertainty

# Two criteria of two indicators each; c1 to c6 stand in this order on both but for a tie.
VALUES = [
    [9.0, 9.0, 6.0, 6.0],
    [8.0, 8.0, 5.0, 5.0],
    [7.0, 7.0, 4.0, 4.0],
    [7.0, 7.0, 4.0, 4.0],
    [5.0, 5.0, 2.0, 2.0],
    [1.0, 1.0, 1.0, 1.0],
]
RAW = Recipe(normalisation=Staged(NoNormalisation()))


@pytest.fixture(autouse=True)
def _few_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_weights, "RANDOM_SETS", 120)


def scored(
    values: list[list[float]],
    chosen: dict[str, list[int]],
    settings: Settings = Settings(recipe=RAW, uncertainty=Uncertainty(draws=2000)),  # noqa: B008
) -> Scoring:
    names = ["x1", "x2", "x3", "x4"]
    leaves = [
        Indicator(id=name, name=name, unit="point", direction="higher", kind="ratio")
        for name in names
    ]
    root = Criterion(
        id="index",
        name="All",
        criteria=[
            Criterion(id="a", name="A", indicators=leaves[:2]),
            Criterion(id="b", name="B", indicators=leaves[2:]),
        ],
    )
    communities = [
        Entity(
            id=f"c{row}",
            name=f"C{row}",
            type="community",
            recognitions=tuple(
                Recognition(2019, name, "s") for name, rows in chosen.items() if row in rows
            ),
            observations={
                name: (Observation(value, "s", "community"),)
                for name, value in zip(names, line, strict=True)
                if not np.isnan(value)
            },
        )
        for row, line in enumerate(values, start=1)
    ]
    tree = CriteriaTree("test", "1", root)
    return score(Project(tree, tuple(communities), {}, {}, "sha256:0"), settings)


def test_every_number_by_hand() -> None:
    """c1, c3 and c6 of six; c3 is level with c4.

    Pairs won: c1 against c2, c4, c5: 3; c3 against c2: 0, c4: 1/2, c5: 1; c6: none. 4.5 of 9.
    Ranks 1, 3.5, 6: mean 3.5. First three places: c1, c2 and one of c3 and c4: 1.5 of 3. Of the 20
    sets of three of the ranks (6, 5, 3.5, 3.5, 2, 1) 11 sum to 10.5 or more.
    """
    found = backtest(scored(VALUES, {"top": [1, 3, 6]}))
    assert (found.list, found.year, found.chosen) == ("top", 2019, ("c1", "c3", "c6"))
    assert found.overall.auc == pytest.approx(0.5)
    assert found.mean_rank == pytest.approx(3.5)
    assert found.ranks == {"c1": 1.0, "c3": 3.5, "c6": 6.0}
    assert found.precision == pytest.approx(0.5)
    ranks = [6, 5, 3.5, 3.5, 2, 1]
    sets = [(i, j, k) for i in range(6) for j in range(i) for k in range(j)]
    reached = sum(ranks[i] + ranks[j] + ranks[k] >= 10.5 for i, j, k in sets)
    assert found.overall.p_value == pytest.approx(reached / 20)


def test_criteria_are_corrected_together_and_the_index_is_not() -> None:
    found = backtest(scored(VALUES, {"top": [1, 2]}))
    index, a, b = found.nodes
    assert (index.node, index.corrected) == ("index", None)
    assert index.p_value == pytest.approx(1 / 15)
    assert a.corrected == b.corrected == pytest.approx(2 / 15)


def test_a_node_without_some_scores_is_tested_on_those_that_have_one() -> None:
    values = [line.copy() for line in VALUES]
    values[0][2] = values[0][3] = np.nan  # c1 has nothing on b
    settings = Settings(recipe=RAW, uncertainty=Uncertainty(draws=0))
    found = backtest(scored(values, {"top": [1, 2]}, settings))
    b = found.nodes[2]
    assert (b.n, b.k, b.auc) == (5, 1, 1.0)
    assert found.space is None


def test_the_default_list_names_most_that_can_be_told_apart() -> None:
    lists = {"all": [1, 2, 3, 4, 5, 6], "top": [1, 2], "winner": [2]}
    scoring = scored(VALUES, lists)
    assert backtest(scoring).list == "top"
    assert backtest(scoring, "winner").chosen == ("c2",)
    with pytest.raises(InputError, match="all ranked communities are on all of 2019"):
        backtest(scoring, "all")


def test_a_list_is_tested_only_in_the_years_it_is_complete() -> None:
    settings = Settings(recipe=RAW, lists={"top": PublishedList(complete=(2018,))})
    scoring = scored(VALUES, {"top": [1, 2], "other": [3]}, settings)
    with pytest.raises(InputError, match=r"top of 2019 is not known to be complete.*other 2019"):
        backtest(scoring, "top")
    assert backtest(scoring).list == "other"
    declared = replace(settings, lists={"top": PublishedList(complete=(2019,))})
    found = backtest(scored(VALUES, {"top": [1, 2]}, declared))
    assert found.declared
    assert not backtest(scored(VALUES, {"top": [1, 2]})).declared


BAD = {
    "no list at all": ({}, (None, None), "no community has recognitions"),
    "an unknown list": ({"top": [1]}, ("tap", None), "no list|did you mean 'top'"),
    "an unknown year": ({"top": [1]}, ("top", 2011), "list 'top' of 2011; there is: 2019"),
    "a year without any": ({"top": [1]}, (None, 2011), "is on a list of 2011; there is: 2019"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_there_is_not_is_told(name: str) -> None:
    chosen, asked, message = BAD[name]
    with pytest.raises(InputError, match=message):
        backtest(scored(VALUES, chosen), *asked)  # type: ignore[arg-type]


def test_a_chosen_community_without_a_rank_is_told(make_project: MakeProject) -> None:
    alpha = (
        "id: alpha\nname: Alpha\nsource: census\nobservations: {dust: 1}\n"
        "recognitions: [{year: 2019, list: top}]\n"
    )
    beta = (
        "id: beta\nname: Beta\nparent: AAA\nsource: census\n"
        "observations: {dust: 20, trees: 20, population: 2000, income: 4000}\n"
        "recognitions: [{year: 2019, list: top}]\n"
    )
    folder: Path = make_project({"communities/alpha.yaml": alpha, "communities/beta.yaml": beta})
    found = backtest(score_folder(folder, focus="beta", draws=100))
    assert (found.chosen, found.without_rank, found.n) == (("beta",), ("alpha",), 2)


def test_some_weights_that_find_the_chosen() -> None:
    # On a the chosen c1 and c2 lead, on b they trail; c3 leads nowhere.
    values = [[9.0, 9, 1, 1], [8.0, 8, 2, 2], [3.0, 3, 9, 9], [2.0, 2, 8, 8]]
    criteria, indicators = backtest(scored(values, {"top": [1, 2]})).freedom
    assert criteria.separable
    assert (criteria.slack, criteria.reversed_pairs, criteria.n_pairs) == (0.0, 0, 4)
    assert criteria.weights["a"] > criteria.weights["b"]
    # Of the six pairs {c1, c2}, {c3, c4} and, with a share of a between 1/2 and 7/12, {c1, c3} can
    # be on top; {c1, c4} cannot: c4 is behind c3 everywhere; {c2, c3} only where c1 is not ahead of
    # c2, which is below 1/2, where c4 is; {c2, c4} neither.
    assert criteria.n_sets == 120
    assert criteria.share_separable == pytest.approx(1 / 2, abs=4 * criteria.error)
    assert indicators.depth == "indicators"
    assert set(indicators.weights) == {"x1", "x2", "x3", "x4"}


def test_nothing_puts_the_chosen_on_top_of_one_that_is_better_everywhere() -> None:
    criteria = backtest(scored(VALUES, {"top": [6]})).freedom[0]
    assert not criteria.separable
    # c6 is behind everyone: 8, 7, 6, 6, 4 points on a and 5, 4, 3, 3, 1 on b. All weight on b: 16.
    assert criteria.slack == pytest.approx(16)
    assert criteria.weights == pytest.approx({"a": 0.0, "b": 1.0})


def test_gaps_are_filled_so_that_the_index_stays() -> None:
    values = [line.copy() for line in VALUES]
    values[1][3] = np.nan
    found = backtest(scored(values, {"top": [1, 2]})).freedom
    assert [each.n_filled for each in found] == [0, 1]


def test_the_weight_space_by_hand() -> None:
    """c1 leads on a by 9 to 1, c2 on b by 3 to 1: c1 is ahead where w > 0.2, in 80 % of all."""
    scoring = scored([[9.0, 9, 1, 1], [1.0, 1, 3, 3]], {"top": [1]})
    space = backtest(scoring).space
    assert space is not None
    assert (space.draws, space.better) == (2000, 0)
    assert space.as_good / 2000 == pytest.approx(0.8, abs=0.03)
    other = backtest(scored([[9.0, 9, 1, 1], [1.0, 1, 3, 3]], {"top": [2]})).space
    assert other is not None
    assert other.share_better == pytest.approx(0.2, abs=0.03)
    assert other.better + space.as_good == 2000


def test_the_index_need_not_be_a_sum() -> None:
    geometric = replace(RAW, aggregation=Staged(Geometric()))
    settings = Settings(recipe=geometric, uncertainty=Uncertainty(draws=100))
    found = backtest(scored(VALUES, {"top": [1, 2]}, settings))
    assert found.freedom[0].separable
    assert found.freedom[0].slack is None
    copeland = replace(RAW, aggregation=Staged(Copeland()))
    found = backtest(scored(VALUES, {"top": [1, 2]}, replace(settings, recipe=copeland)))
    assert "no weighted sum of these scores (copeland)" in found.freedom[0].reason
    assert found.space is not None


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, second = (backtest(scored(VALUES, {"top": [1, 5]})) for _ in range(2))
    assert first.space == second.space
    assert first.freedom == second.freedom


def test_lists_are_found_once_whatever_the_files_repeat() -> None:
    scoring = scored(VALUES, {"top": [1, 1, 2]})
    (found,) = find_lists(scoring)
    assert found.chosen == ("c1", "c2")
