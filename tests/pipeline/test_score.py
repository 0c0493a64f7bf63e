"""Selection, inheritance, denominators, screening and scoring on a project small enough to compute by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import FILES, MakeProject

from icfscore.errors import InputError
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Settings


def _score(folder: Path, **options: object) -> Scoring:
    read = read_project(folder)
    return score(read.project, settle(read, **options))  # type: ignore[arg-type]


def _value(scoring: Scoring, community: str, indicator: str) -> float:
    table = scoring.observed
    value = table.values[table.communities.index(community), table.indicators.index(indicator)]
    return float(value)


def _node(scoring: Scoring, community: str, node: str) -> float:
    return float(scoring.scores.of(node)[scoring.ranking.communities.index(community)])


def test_a_value_is_divided_by_its_denominator(make_project: MakeProject) -> None:
    scoring = _score(make_project())
    assert _value(scoring, "alpha", "trees") == 20 / 1000 * 1000
    assert _value(scoring, "beta", "trees") == 20 / 2000 * 1000


def test_a_value_without_denominator_of_its_own_is_missing(make_project: MakeProject) -> None:
    beta = (
        "id: beta\nname: Beta\nparent: AAA\nsource: census\nobservations: {dust: 20, trees: 20}\n"
    )
    land = (
        "id: AAA\nname: Land\nsource: census\nobservations: {population: 9, jobs: 50, income: 9}\n"
    )
    scoring = _score(
        make_project({"communities/beta.yaml": beta, "communities/areas/AAA.yaml": land})
    )
    assert math.isnan(_value(scoring, "beta", "trees"))


def test_missing_values_are_inherited_as_proxies(make_project: MakeProject) -> None:
    scoring = _score(make_project())
    table = scoring.observed
    row, column = table.communities.index("alpha"), table.indicators.index("income")
    assert table.values[row, column] == 1000
    assert table.level[row, column] == 3
    assert table.holders[row, column] == "AAA"
    assert scoring.proxy_share[row] == 1 / 4


def test_heirs_share_one_observation(make_project: MakeProject) -> None:
    beta = "id: beta\nname: Beta\nparent: AAA\nsource: census\nobservations: {dust: 20}\n"
    table = _score(make_project({"communities/beta.yaml": beta})).observed
    column = table.indicators.index("income")
    alpha, other = (table.communities.index(name) for name in ("alpha", "beta"))
    assert table.observations[alpha, column] is table.observations[other, column]


def test_without_proxies_only_own_values_count(make_project: MakeProject) -> None:
    scoring = _score(make_project(), assignments={"proxies": "false"})
    assert math.isnan(_value(scoring, "alpha", "income"))
    assert scoring.proxy_share.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("year", "expected"), [(2018, 3.0), (2013, 2.0), (2012, 1.0), (2030, math.nan)]
)
def test_the_nearest_year_counts_and_the_earlier_of_two(
    make_project: MakeProject, year: int, expected: float
) -> None:
    alpha = (
        "id: alpha\nname: Alpha\nsource: census\nobservations:\n  dust: 4\n  jobs:\n"
        "    - {value: 3, year: 2018}\n    - {value: 2, year: 2014}\n    - {value: 1, year: 2010}\n"
    )
    scoring = _score(make_project({"communities/alpha.yaml": alpha}), year=year)
    assert _value(scoring, "alpha", "jobs") == pytest.approx(expected, nan_ok=True)


def test_a_value_too_old_is_inherited_instead(make_project: MakeProject) -> None:
    alpha = (
        "id: alpha\nname: Alpha\nparent: AAA\nsource: census\nobservations:\n"
        "  dust: 4\n  jobs: {value: 9, year: 2007}\n"
    )
    folder = make_project({"communities/alpha.yaml": alpha})
    assert _value(_score(folder), "alpha", "jobs") == 50
    assert _value(_score(folder, assignments={"max_age": "11"}), "alpha", "jobs") == 9


def test_units_are_converted(make_project: MakeProject) -> None:
    alpha = (
        "id: alpha\nname: Alpha\nsource: census\nobservations:\n"
        "  dust: {value: 0.012, unit: mg/m3}\n  jobs: {value: 0.5, unit: dimensionless}\n"
    )
    scoring = _score(make_project({"communities/alpha.yaml": alpha}))
    assert _value(scoring, "alpha", "dust") == pytest.approx(12)
    assert _value(scoring, "alpha", "jobs") == pytest.approx(50)


def test_scores_are_weighted_means_of_min_max(make_project: MakeProject) -> None:
    scoring = _score(make_project())
    # dust 10, 20, 30 (lower is better); trees 20, 10, 30 for each 1000 people
    assert _node(scoring, "alpha", "air") == pytest.approx((100 + 50) / 2)
    assert _node(scoring, "beta", "air") == pytest.approx((50 + 0) / 2)
    # jobs 60, 50 (inherited), 40; income 1000 (inherited), 4000, 16000 on its logarithm
    assert _node(scoring, "alpha", "work") == pytest.approx((100 + 0) / 2)
    assert _node(scoring, "beta", "work") == pytest.approx((50 + 50) / 2)
    assert _node(scoring, "gamma", "index") == pytest.approx(((0 + 100) / 2 + (0 + 100) / 2) / 2)


def test_weights_of_options_files_and_aliases_are_shares_among_siblings(
    make_project: MakeProject,
) -> None:
    folder = make_project({"icfscore.yaml": "weights: {Clean air: 3}\n"})
    assert _score(folder).weights["air"] == 3 / 4
    scoring = _score(folder, weights={"WORK": "9", "jobs": "3"})
    assert scoring.weights == {
        "air": 1 / 4, "work": 3 / 4, "dust": 1 / 2, "trees": 1 / 2,
        "jobs": 3 / 4, "income": 1 / 4, "poverty": 0,
    }  # fmt: skip


def test_an_unscored_indicator_is_shown_and_changes_nothing(make_project: MakeProject) -> None:
    scoring = _score(make_project())
    column = scoring.screened.observed.indicators.index("poverty")
    assert scoring.normalised[:, column].tolist() == [0, 0, 100]
    without = make_project({"criteria/work.yaml": """\
        id: work
        name: Work
        indicators:
          - {id: jobs, name: Jobs, unit: percent, direction: higher, kind: share}
          - {id: income, name: Income, unit: USD, direction: higher, kind: ratio, transform: log}
        """,
        "communities/gamma.yaml": "id: gamma\nname: Gamma\nsource: census\nobservations: "
        "{dust: 30, trees: 90, population: 3000, jobs: 40, income: 16000}\n",
        "communities/areas/AAA.yaml": "id: AAA\nname: L\nsource: census\nobservations: "
        "{jobs: 50, income: 1000}\n",
    })  # fmt: skip
    assert _score(without).ranking.scores.tolist() == scoring.ranking.scores.tolist()


def test_screening_leaves_out_indicators_first_and_then_communities(
    make_project: MakeProject,
) -> None:
    beta = "id: beta\nname: Beta\nsource: census\nobservations: {dust: 20}\n"
    folder = make_project({"communities/beta.yaml": beta})
    scoring = _score(folder, assignments={"recipe.screening.min_indicator_coverage": "0.7"})
    # trees, jobs and income are known for two of three, so only dust is left, and all have it
    assert set(scoring.screened.left_out) == {"trees", "jobs", "income"}
    assert scoring.screened.excluded == {}
    assert scoring.weights["work"] == 0
    assert math.isnan(_node(scoring, "alpha", "work"))
    by_default = _score(folder)
    assert by_default.screened.excluded == {
        "beta": "has values for 1 of 4 scored indicators, below 50%"
    }
    assert by_default.ranking.communities == ("alpha", "gamma")
    assert any("beta: has values for 1 of 4" in warning for warning in by_default.warnings)


def test_nothing_left_after_screening_is_an_error(make_project: MakeProject) -> None:
    with pytest.raises(InputError, match="no community has values for 100%"):
        _score(
            make_project({"communities/beta.yaml": None, "communities/gamma.yaml": None,
                          "communities/alpha.yaml": "id: alpha\nname: A\nsource: census\n"
                          "observations: {dust: 1}\n"}),
            assignments={"recipe.screening": "{min_indicator_coverage: 0, min_community_coverage: 1}"},
        )  # fmt: skip


def test_equal_scores_share_the_best_rank(make_project: MakeProject) -> None:
    same = "id: {0}\nname: B\nsource: census\nobservations: {{dust: 20, trees: 5, population: 500, jobs: 5, income: 5}}\n"
    folder = make_project(
        {f"communities/{name}.yaml": same.format(name) for name in ("beta", "gamma")}
    )
    scoring = _score(folder)
    assert scoring.ranking.ranks.tolist() == [1, 2, 2]


def test_a_flat_framework_and_any_depth_are_scored(make_project: MakeProject) -> None:
    flat = """\
        id: flat
        name: Flat
        indicators:
          - {id: dust, name: Dust, unit: ug/m^3, direction: lower, kind: ratio}
          - {id: jobs, name: Jobs, unit: percent, direction: higher, kind: share}
        """
    communities = {
        f"communities/{name}.yaml": f"id: {name}\nname: N\nsource: census\nobservations: "
        f"{{dust: {dust}, jobs: {jobs}}}\n"
        for name, dust, jobs in (("alpha", 1, 9), ("beta", 2, 5), ("gamma", 3, 1))
    }
    dropped = {"criteria/air.yaml": None, "criteria/work.yaml": None,
               "communities/areas/AAA.yaml": None}  # fmt: skip
    scoring = _score(make_project({"criteria/framework.yaml": flat, **communities, **dropped}))
    assert scoring.ranking.scores.tolist() == [100, 50, 0]
    deep = """\
        id: deep
        name: Deep
        criteria:
          - id: a
            name: A
            criteria:
              - {id: b, name: B, indicators: [{id: dust, name: D, unit: ug/m^3, direction: lower, kind: ratio}]}
              - {id: c, name: C, indicators: [{id: jobs, name: J, unit: percent, direction: higher, kind: share}]}
        """
    scoring = _score(make_project({"criteria/framework.yaml": deep, **communities, **dropped}))
    assert scoring.scores.nodes == ("index", "a", "b", "c")
    assert scoring.ranking.scores.tolist() == [100, 50, 0]


def test_the_digest_follows_the_inputs_and_not_the_draws(make_project: MakeProject) -> None:
    folder = make_project()
    plain = _score(folder).digest
    assert plain == _score(folder, draws=5, seed=3).digest
    assert plain != _score(folder, weights={"air": "2"}).digest
    assert plain != _score(make_project({"icfscore.yaml": "focus: beta\n"})).digest


def test_a_scenario_replaces_stages_whole_and_merges_weights(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": """\
        weights: {air: 2}
        recipe: {normalisation: {kind: min_max, low: 1, high: 10}, screening: {min_indicator_coverage: 0.1}}
        scenarios:
          other:
            weights: {work: 3}
            recipe: {normalisation: {kind: min_max, high: 7}, screening: {min_community_coverage: 0.2}}
        """})  # fmt: skip
    read = read_project(folder)
    settings: Settings = settle(read, scenario="other")
    described = settings.recipe.describe()
    assert described["normalisation"] == {"kind": "min_max", "low": 0, "high": 7, "over": "cohort"}
    assert described["screening"] == {"min_indicator_coverage": 0.1, "min_community_coverage": 0.2}
    assert settings.weights == {"air": 2, "work": 3}
    assert settings.scenario == "other"


def test_inputs_are_never_changed(make_project: MakeProject) -> None:
    scoring = _score(make_project())
    for array in (scoring.observed.values, scoring.normalised, scoring.ranking.scores):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    again = score(scoring.project, replace(scoring.settings))
    assert again.ranking.scores.tobytes() == scoring.ranking.scores.tobytes()


def test_a_denominator_next_to_zero_is_refused_by_name(make_project: MakeProject) -> None:
    gamma = (
        "id: gamma\nname: Gamma\nsource: census\nobservations: {trees: 0, population: 1.0e-310}\n"
    )
    frame = FILES["criteria/framework.yaml"].replace("bounds: [1, null]", "bounds: [0, null]")
    folder = make_project({"communities/gamma.yaml": gamma, "criteria/framework.yaml": frame})
    with pytest.raises(InputError, match=r"gamma\.trees: inf is beyond .* 'population'"):
        _score(folder)
