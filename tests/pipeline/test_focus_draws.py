"""What the draws hold of one community: exact values and ranks of small tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.pipeline.uncertain_projects import ALL, EXACT, project, scored

from icfscore.methods.impute import Mean, NoImputation
from icfscore.methods.perturb import HotDeck
from icfscore.pipeline.draw_sample import draw_sample
from icfscore.pipeline.focus_draws import draw_each, draw_focus
from icfscore.recipe import Staged

TREE = {"a": ["x1", "x2"], "b": ["x3"]}
CELLS = [[4.0, 1.0, 7.0], [2.0, 1.0, 8.0], [None, None, 9.0], [5.0, 3.0, None]]


def test_exact_values_have_the_same_rank_in_every_draw() -> None:
    """a: 2.5, 1.5, 9; b: 7, 8, 3; the index 4.75, 4.75 and 6."""
    cells = [[4.0, 1.0, 7.0], [2.0, 1.0, 8.0], [9.0, 9.0, 3.0]]
    scoring = scored(cells, EXACT, tree=TREE)
    first, last = draw_each(scoring, ["c1", "c3"], 5, 1)
    assert (first.community, last.community) == ("c1", "c3")
    assert first.n_draws == last.n_draws == 5
    expected = {"index": [2.5] * 5, "a": [2.0] * 5, "b": [2.0] * 5}
    assert {node: ranks.tolist() for node, ranks in first.ranks.items()} == expected
    expected = {"index": [1.0] * 5, "a": [1.0] * 5, "b": [3.0] * 5}
    assert {node: ranks.tolist() for node, ranks in last.ranks.items()} == expected
    told = {name: x.tolist() for name, x in first.values.items()}
    assert told == {"x1": [4.0] * 5, "x2": [1.0] * 5, "x3": [7.0] * 5}
    assert first.together == last.together == {}


def test_one_donor_fills_all_gaps_of_a_criterion() -> None:
    scoring = scored(CELLS, replace(EXACT, missing=HotDeck()), tree=TREE)
    found = draw_focus(scoring, "c3", 200, 1)
    assert found.together == {"x1": ("x2",), "x2": ("x1",)}
    pairs = set(zip(found.values["x1"].tolist(), found.values["x2"].tolist(), strict=True))
    assert pairs == {(4.0, 1.0), (2.0, 1.0), (5.0, 3.0)}
    assert draw_focus(scoring, "c4", 10, 1).together == {"x3": ()}
    assert draw_focus(scoring, "c1", 10, 1).together == {}


def test_values_that_are_missing_in_some_draws_are_left_out() -> None:
    turns = {"imputation": (Staged(NoImputation()), Staged(Mean()))}
    uncertain = replace(EXACT, alternatives=turns)
    found = draw_focus(scored(CELLS, uncertain, tree=TREE), "c3", 64, 1)
    assert list(found.values) == ["x3"]
    assert 0 < np.isnan(found.ranks["a"]).sum() < 64
    assert not np.isnan(found.ranks["index"]).any()


def test_indicators_of_the_root_are_ranked_by_their_direction() -> None:
    told = {"x2": {"direction": "lower"}}
    scoring = scored([[4.0, 1.0], [2.0, 1.5], [3.0, 2.0]], EXACT, indicators=told)
    found = draw_focus(scoring, "c1", 3, 1)
    assert {node: ranks[0] for node, ranks in found.ranks.items() if node != "index"} == {
        "x1": 1,
        "x2": 1,
    }


def test_the_draws_of_one_community_are_those_of_the_sample() -> None:
    scoring = project(replace(ALL, draws=40))
    sample = draw_sample(scoring, 40, jobs=1)
    found = draw_focus(scoring, "c4", 40, 1)
    own = sample.scores[:, 3]
    ahead, level = (sample.scores > own[:, None]).sum(axis=1), sample.scores == own[:, None]
    assert found.ranks["index"].tolist() == (ahead + (level.sum(axis=1) + 1) / 2).tolist()
    assert found.values["x5"].tolist() == sample.values[:, 3, 4].tolist()


@pytest.mark.parametrize(("most", "n_draws"), [(18 * 5, 5), (18 * 5 - 1, 4), (1, 1), (10**6, 9)])
def test_no_more_draws_are_kept_than_fit_into_memory(
    most: int, n_draws: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three communities: nine values, and the scores of three nodes for each."""
    monkeypatch.setattr("icfscore.pipeline.focus_draws.MOST_CELLS", most)
    scoring = scored(np.arange(1.0, 10).reshape(3, 3), EXACT, tree=TREE)
    assert scoring.screened.observed.values.size + scoring.scores.values.size == 18
    assert draw_focus(scoring, "c1", 9, 1).n_draws == n_draws
