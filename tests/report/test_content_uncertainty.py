"""What the reports say of the draws, against shares counted by hand.

The small project of conftest ranks alpha, gamma, beta.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.conftest import MakeProject
from tests.report.draws import draws_of
from tests.report.projects import FLAT, score_folder

from icfscore.methods.perturb.data import AGE, COMPARABILITY, LEVEL, OLDER, STATUS
from icfscore.methods.perturb.scatter import FLOOR
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.report.content_comparison import compare
from icfscore.report.content_uncertainty import RankUncertainty, told_apart, uncertainty_of


def _uncertainty(scoring: Scoring, draws: RankDraws | None, k: int = 1) -> RankUncertainty:
    found = uncertainty_of(scoring, draws, k)
    assert found is not None
    return found


def test_a_place_has_its_interval_median_and_chance(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    draws = draws_of(
        scoring, (6, "gamma alpha beta"), (90, "alpha gamma beta"), (4, "beta alpha gamma")
    )
    found = _uncertainty(scoring, draws)
    alpha, gamma, beta = found.places.values()
    assert (alpha.community, alpha.nominal, alpha.median, alpha.low, alpha.high) == (
        "alpha",
        1,
        1,
        1,
        2,
    )
    assert (gamma.low, gamma.high, beta.low, beta.high) == (1, 2, 3, 3)
    assert (alpha.top, gamma.top, beta.top) == pytest.approx((0.9, 0.06, 0.04))
    assert (found.n_draws, found.seed) == (100, 7)
    assert _uncertainty(scoring, draws, k=3).places["alpha"].top is None


@pytest.mark.parametrize(
    ("above", "tiers"),
    [(90, (("alpha",), ("gamma", "beta"))), (89, (("alpha", "gamma", "beta"),))],
)
def test_a_tier_ends_where_a_lead_holds_in_nine_of_ten_draws(
    make_project: MakeProject, above: int, tiers: tuple[tuple[str, ...], ...]
) -> None:
    scoring = score_folder(make_project())
    half, rest = above // 2, above - above // 2
    draws = draws_of(
        scoring,
        (half, "alpha gamma beta"),
        (rest, "alpha beta gamma"),
        (100 - above, "gamma beta alpha"),
    )
    assert _uncertainty(scoring, draws).tiers == tiers


def test_a_border_is_drawn_by_the_clearest_lead_of_the_tier(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    draws = draws_of(
        scoring, (55, "alpha gamma beta"), (40, "gamma alpha beta"), (5, "gamma beta alpha")
    )
    found = _uncertainty(scoring, draws)
    assert found.tiers == (("alpha", "gamma"), ("beta",))
    (border,) = found.borders
    assert (border.ahead, border.behind, border.share) == ("gamma", "beta", 1.0)
    assert [found.places[name].tier for name in ("alpha", "gamma", "beta")] == [1, 1, 2]


def test_within_a_tier_nobody_is_clearly_ahead_of_one_below(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(FLAT), draws=500)
    draws = draw_ranks(scoring, confidence=False)
    found = _uncertainty(scoring, draws)
    assert draws.pairwise is not None
    rows = {name: draws.communities.index(name) for name in found.places}
    for tier in found.tiers:
        for position, upper in enumerate(tier):
            for lower in tier[position + 1 :]:
                assert draws.pairwise[rows[upper], rows[lower]] < 0.9
    assert [name for tier in found.tiers for name in tier] == list(found.places)


def test_the_undecided_are_told_from_the_focus(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    draws = draws_of(scoring, (80, "alpha gamma beta"), (20, "gamma alpha beta"))
    (pair,) = _uncertainty(scoring, draws).undecided
    assert (pair.ahead, pair.behind, pair.share) == ("alpha", "gamma", 0.8)
    nobody = score_folder(make_project({"icfscore.yaml": "reference_year: 2018\n"}))
    assert _uncertainty(nobody, draws).undecided == ()


def test_nine_of_ten_either_way_tell_two_apart() -> None:
    assert told_apart(0.9)
    assert told_apart(0.1)
    assert not told_apart(0.11)


def test_shifts_of_two_places_and_more_are_told(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    found = _uncertainty(scoring, draws_of(scoring, (10, "gamma beta alpha")))
    assert [(place.community, place.nominal, place.median) for place in found.shifted] == [
        ("alpha", 1, 3)
    ]


def test_a_comparison_has_the_share_of_draws_ahead(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    draws = draws_of(scoring, (3, "alpha gamma beta"), (1, "beta gamma alpha"))
    found = compare(scoring, "alpha", "beta", 7, draws)
    assert (found.share_ahead, found.told_apart) == (0.75, False)
    assert compare(scoring, "gamma", "alpha", 7, draws).share_ahead == 0.25
    without = compare(scoring, "alpha", "beta", 7)
    assert (without.share_ahead, without.told_apart) == (None, False)


def test_uncounted_pairs_make_no_tiers(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    draws = draws_of(scoring, (3, "alpha gamma beta"))
    many = replace(draws, tally=replace(draws.tally, pairwise=np.empty((0, 0), dtype=np.int64)))
    found = _uncertainty(scoring, many)
    assert (found.tiers, found.undecided, found.places["alpha"].tier) == ((), (), None)
    assert compare(scoring, "alpha", "beta", 7, many).share_ahead is None


def test_without_draws_nothing_is_said(make_project: MakeProject) -> None:
    assert uncertainty_of(score_folder(make_project()), None, 7) is None


def test_of_one_community_alone_nothing_is_said(make_project: MakeProject) -> None:
    others = {"communities/beta.yaml": None, "communities/gamma.yaml": None}
    alone = score_folder(make_project(others))
    assert uncertainty_of(alone, draws_of(alone, (1, "alpha")), 7) is None


def test_the_factors_are_those_of_the_code(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    found = _uncertainty(scoring, draws_of(scoring, (1, "alpha gamma beta")))
    by_name = {factors.name: dict(factors.values) for factors in found.factors}
    assert by_name == {
        "basic": {None: 1.05},
        "status": STATUS,
        "age": {**AGE, None: OLDER},
        "comparability": COMPARABILITY,
        "level": LEVEL,
    }
    assert found.floor == FLOOR


def test_what_the_settings_change_is_told(make_project: MakeProject) -> None:
    settings = """\
        uncertainty:
          weights: {kind: relative, share: 0.2, nodes: [air]}
          data: {kind: pedigree, status: {}, comparability: {}, level: {national: 2}}
          missing: {kind: fixed}
          alternatives: {aggregation: [{kind: arithmetic}, {kind: median}]}
        """
    scoring = score_folder(make_project({"icfscore.yaml": settings}))
    found = _uncertainty(scoring, draws_of(scoring, (1, "alpha gamma beta")))
    assert [(step.stage, step.kind) for step in found.varied] == [
        ("weights", "relative"),
        ("data", "pedigree"),
        ("missing", "fixed"),
        ("aggregation", "arithmetic"),
        ("aggregation", "median"),
    ]
    assert found.varied[0].parameters == (("share", "0.2"), ("nodes", "air"))
    assert [step.kind for step in found.alternatives] == ["arithmetic", "median"]
    level = next(each for each in found.factors if each.name == "level")
    assert dict(level.values) == LEVEL | {"national": 2}
    assert (found.typical, found.fills_gaps) == (None, False)


def test_a_typical_weight_has_the_spread_of_its_distribution(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    found = _uncertainty(scoring, draws_of(scoring, (1, "alpha gamma beta")))
    # Dirichlet: variance share (1 - share) / (concentration + 1).
    assert found.typical == pytest.approx((0.5, (0.25 / 61) ** 0.5))


def test_errors_of_another_kind_have_no_factors(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(), assignments={"uncertainty.data.kind": "relative"})
    assert _uncertainty(scoring, draws_of(scoring, (1, "alpha gamma beta"))).factors == ()
