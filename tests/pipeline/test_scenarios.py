"""Scenarios beside the base, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import MakeProject

from icfscore.errors import InputError
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.pipeline.scenarios import Comparison, compare_scenarios

# alpha's dust is best and gamma's worst; gamma has most trees (30, 20 and 10 per 1,000 people).
SCENARIOS = """\
    focus: alpha
    scenarios:
      green: {weights: {work: 0, dust: 0}}
      same: {weights: {work: 1}}
      none: {recipe: {aggregation: {kind: geometric}}}
      own: {proxies: false, recipe: {screening: {min_community_coverage: 1}}}
    """


def _compare(folder: Path) -> Comparison:
    read = read_project(folder)
    settings = {name: settle(read, scenario=name) for name in read.scenarios}
    return compare_scenarios(read.project, settle(read), settings)


def test_ranks_tau_and_shift_by_hand(make_project: MakeProject) -> None:
    comparison = _compare(make_project({"icfscore.yaml": SCENARIOS}))
    # Base: air (75, 25, 50), work (50, 50, 50): alpha, gamma, beta. Trees per person: 20, 10, 30.
    assert comparison.base.ranking.ranks.tolist() == [1, 3, 2]
    green, same, _, _ = comparison.outcomes
    assert dict(green.ranks) == {"gamma": 1, "alpha": 2, "beta": 3}
    # Of three pairs one, alpha and gamma, changes order: (2 - 1) / 3.
    assert green.tau == pytest.approx(1 / 3)
    assert green.mean_rank_shift == pytest.approx(2 / 3)
    assert green.largest == ("alpha", 1)
    assert (same.tau, same.mean_rank_shift, same.largest) == (1.0, 0.0, None)


def test_what_cannot_be_computed_says_why_and_the_rest_goes_on(make_project: MakeProject) -> None:
    comparison = _compare(make_project({"icfscore.yaml": SCENARIOS}))
    broken = comparison.outcomes[2]
    assert broken.scoring is None
    assert "geometric" in broken.reason
    assert (broken.tau, broken.mean_rank_shift, broken.n_common) == (None, None, 0)


def test_shifts_are_counted_among_those_ranked_in_both(make_project: MakeProject) -> None:
    """Without proxies alpha and beta lack a value: gamma, second of three, is alone, first of one."""
    comparison = _compare(make_project({"icfscore.yaml": SCENARIOS}))
    own = comparison.outcomes[3]
    assert dict(own.ranks) == {"gamma": 1}
    assert (own.n_common, own.mean_rank_shift, own.tau) == (1, 0.0, None)
    assert set(own.scoring.screened.excluded) == {"alpha", "beta"}  # type: ignore[union-attr]


def test_a_base_that_cannot_be_scored_is_an_error(make_project: MakeProject) -> None:
    text = "recipe: {aggregation: {kind: geometric}}\nscenarios: {a: {}}\n"
    with pytest.raises(InputError, match="geometric"):
        _compare(make_project({"icfscore.yaml": text}))
