"""Several years on one scale: a panel of three communities, computed by hand."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import MakeProject
from tests.report.test_markdown_projects import _assert_sound
from tests.test_cli import run

from icfscore.errors import InputError
from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.methods.rank_changes import divide_rank_changes
from icfscore.pipeline.score import score
from icfscore.pipeline.years import Years, score_years

ROOT = Path(__file__).resolve().parents[2]


def _community(name: str, x: dict[int, float], y: dict[int, float]) -> str:
    def dated(values: dict[int, float]) -> str:
        return ", ".join(f"{{value: {value}, year: {year}}}" for year, value in values.items())

    return (
        f"id: {name}\nname: {name.title()}\nsource: census\n"
        f"observations: {{x: [{dated(x)}], y: [{dated(y)}]}}\n"
    )


# Over all years x goes from 0 to 100 and y from 0 to 30.
PANEL: dict[str, str | None] = {
    "criteria/framework.yaml": """\
        id: flat
        name: Flat framework
        indicators:
          - {id: x, name: Ex, unit: percent, direction: higher, kind: share}
          - {id: y, name: Why, unit: percent, direction: higher, kind: share}
        """,
    "criteria/air.yaml": None,
    "criteria/work.yaml": None,
    "communities/areas/AAA.yaml": None,
    "communities/alpha.yaml": _community("alpha", {2016: 0, 2017: 50, 2018: 100}, {2016: 10}),
    "communities/beta.yaml": _community("beta", {2016: 40, 2018: 40}, {2016: 20, 2018: 30}),
    "communities/gamma.yaml": _community("gamma", {2016: 60, 2017: 20, 2018: 20}, {2017: 0}),
}


def _years(folder: Path, first: int, last: int, **options: Any) -> Years:
    read = read_project(folder)
    return score_years(read.project, settle(read, **options), range(first, last + 1))


def test_scores_and_ranks_by_hand(make_project: MakeProject) -> None:
    """Values by year: alpha 0/10, 50/10, 100/10; beta 40/20, 40/20, 40/30; gamma 60/0, 20/0, 20/0."""
    found = _years(make_project(PANEL), 2016, 2018)
    third = 100 / 3
    expected = [
        [(0 + third) / 2, (40 + 2 * third) / 2, 30],
        [(50 + third) / 2, (40 + 2 * third) / 2, 10],
        [(100 + third) / 2, (40 + 100) / 2, 10],
    ]
    np.testing.assert_allclose(found.scores, expected)
    assert found.ranks.tolist() == [[3, 1, 2], [2, 1, 3], [2, 1, 3]]
    assert found.has_history


def test_what_moved_a_rank_by_hand(make_project: MakeProject) -> None:
    """From 2016 to 2018. alpha: 3rd to 2nd; with its new score among the old others it is 1st, with
    its old one among the new others 2nd: own (-2 + 0) / 2, others (-1 + 1) / 2. beta stays 1st, but
    with its old score would now be 2nd: own -1/2, others +1/2. gamma: 2nd to 3rd either way."""
    found = _years(make_project(PANEL), 2016, 2018)
    assert [(step.first, step.last) for step in found.steps] == [
        (2016, 2017), (2017, 2018), (2016, 2018),
    ]  # fmt: skip
    whole = found.whole
    assert whole is not None
    assert whole.rank.tolist() == [-1, 0, 1]
    assert whole.own.tolist() == [-1, -0.5, 0.5]
    assert whole.others.tolist() == [0, 0.5, 0.5]


def test_which_values_are_new_by_hand(make_project: MakeProject) -> None:
    found = _years(make_project(PANEL), 2016, 2018).evidence
    told = [(e.values, e.of_year, e.newer, e.repeated) for e in found]
    # gamma's y of 2017 counts in 2016; beta's x of 2018 is a new observation of the same value.
    assert told == [(6, 5, 0, 0), (6, 3, 2, 4), (6, 4, 4, 2)]


def test_a_year_is_scored_as_by_itself_on_the_pooled_scale(make_project: MakeProject) -> None:
    folder = make_project(PANEL)
    found, read = _years(folder, 2016, 2018), read_project(folder)
    for place, year in enumerate(found.years):
        settings = settle(read, year=year, assignments={"recipe.normalisation.over": "pooled"})
        np.testing.assert_allclose(
            found.scores[place], score(read.project, settings).ranking.scores
        )


def test_a_score_does_not_depend_on_the_other_years(make_project: MakeProject) -> None:
    folder = make_project(PANEL)
    long, short = _years(folder, 2016, 2018), _years(folder, 2017, 2018)
    np.testing.assert_array_equal(long.scores[1:], short.scores)
    assert len(short.steps) == 1


def test_values_that_become_too_old_are_gone_and_no_development(make_project: MakeProject) -> None:
    settings = "max_age: 1\nrecipe: {screening: {min_indicator_coverage: 0.3}}\n"
    found = _years(make_project(PANEL | {"icfscore.yaml": settings}), 2018, 2019)
    # In 2018 alpha's y of 2016 is too old already; in 2019 nothing is new, and gamma's y of 2017
    # goes; gamma keeps one value of two, enough for the screening.
    last = found.evidence[1]
    assert (last.newer, last.gone, last.repeated) == (0, 1, 4)
    assert not found.has_history
    np.testing.assert_allclose(found.scores[1], [100, 70, 20])


def test_who_falls_below_the_screening_in_any_year_is_out_of_all(make_project: MakeProject) -> None:
    settings = "max_age: 1\nrecipe: {screening: {min_community_coverage: 1}}\n"
    found = _years(make_project(PANEL | {"icfscore.yaml": settings}), 2016, 2018)
    assert found.communities == ("beta", "gamma")
    assert found.excluded == {"alpha": "has values for 1 of 2 scored indicators, below 100%"}
    settings = "max_age: 0\nrecipe: {screening: {min_indicator_coverage: 0.5}}\n"
    found = _years(make_project(PANEL | {"icfscore.yaml": settings}), 2016, 2017)
    assert found.indicators == ("x",)
    assert found.left_out == {"y": pytest.approx(1 / 3)}


def test_an_own_value_in_a_proxys_place_is_told(make_project: MakeProject) -> None:
    area = (
        "id: AAA\nname: Land\nsource: census\n"
        "observations: {x: {value: 10, year: 2016}, y: {value: 5, year: 2016}}\n"
    )
    alpha = "id: alpha\nname: Alpha\nparent: AAA\nsource: census\nobservations: {x: {value: 30, year: 2018}}\n"
    files = PANEL | {"communities/areas/AAA.yaml": area, "communities/alpha.yaml": alpha}
    found = _years(make_project(files | {"icfscore.yaml": "max_age: 1\n"}), 2016, 2017)
    # In 2016 the country's x of 2016 stands in for alpha's, which is two years away.
    assert found.evidence[1].holder == 1
    assert found.tables[0].values[0].tolist() == [10, 5]
    assert found.tables[1].values[0].tolist() == [30, 5]
    # Both entities' values are on the common scale: x still goes from 10 to 60 at least.
    assert found.nodes["x"][:, 0].tolist() == pytest.approx([0, 100 * 20 / 50])


def test_a_new_denominator_is_no_new_value(make_project: MakeProject) -> None:
    from tests.conftest import FILES

    text = FILES["communities/gamma.yaml"].replace(
        "dust: 30, trees: 90, population: 3000",
        "dust: 30, trees: 90, population: [{value: 3000, year: 2016}, {value: 4000, year: 2018}]",
    )
    found = _years(make_project({"communities/gamma.yaml": text}), 2016, 2018)
    assert [(each.denominator, each.newer) for each in found.evidence] == [(0, 0), (0, 0), (1, 0)]
    assert found.evidence[0].undated > 0
    assert not found.has_history


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8))
def test_the_parts_sum_to_the_change_of_rank(pairs: list[tuple[int, int]]) -> None:
    before, after = np.array(pairs, dtype=float).T
    own, others = divide_rank_changes(before, after)
    ranks = [1 + (scores > scores[:, None]).sum(axis=1) for scores in (before, after)]
    np.testing.assert_array_equal(own + others, ranks[1] - ranks[0])
    # Who stands still has no part of its own; a field that stands still has none of the others.
    np.testing.assert_array_equal(own[before == after], 0)
    for row in range(len(pairs)):
        if np.array_equal(np.delete(before, row), np.delete(after, row)):
            assert others[row] == 0


def test_the_record_of_years(make_project: MakeProject) -> None:
    folder = make_project(PANEL)
    result = run("rank", "-C", folder, "--year", "2016..2018", "--format", "json", "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    record = json.loads(result.stdout)
    assert (record["schema"], record["years"]) == ("icfscore.years/1", [2016, 2017, 2018])
    assert record["trend"] is True
    assert record["recipe"]["normalisation"]["over"] == "pooled"
    assert [row["id"] for row in record["communities"]] == ["beta", "alpha", "gamma"]
    alpha = record["communities"][1]
    assert [year["rank"] for year in alpha["years"]] == [3, 2, 2]
    assert alpha["years"][2]["nodes"]["x"] == {"score": 100.0, "rank": 1}
    assert alpha["changes"][-1] == {
        "from": 2016, "to": 2018, "score": pytest.approx(50), "rank": -1, "own": -1, "others": 0,
    }  # fmt: skip
    assert record["evidence"][1]["newer"] == 2


def test_years_as_csv(make_project: MakeProject) -> None:
    result = run("rank", "-C", make_project(PANEL), "--year", "2017..2018", "--format", "csv")
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows[0] == ["id", "name", "year", "rank", "score"]
    assert [row[:4] for row in rows[1:3]] == [
        ["beta", "Beta", "2017", "1"], ["beta", "Beta", "2018", "1"],
    ]  # fmt: skip
    assert len(rows) == 7


def test_the_page_tells_what_moved(make_project: MakeProject) -> None:
    folder = make_project(PANEL)
    text = run("rank", "-C", folder, "--year", "2016..2018", "--format", "markdown").stdout
    _assert_sound(text)
    assert text.startswith("# 2016 to 2018, year by year\n")
    assert "50 % of the values are later ones, 50 % are those of the year before." in text
    assert (
        "Alpha goes from rank 3 in 2016 to rank 2 in 2018: −1 places by its own score"
        " (+50.0 points), 0 by the others' (below 0: up)." in text
    )
    assert "| ▶ | Alpha | 3 | 2 | 2 |" in text
    assert "| ▶ | Alpha | +50.0 | −1 | −1 | 0 |" in text
    assert "| Ex | 0 % | 2016 | 100 % | 2018 | +100.0 |" in text


def test_without_later_values_it_says_so_and_draws_no_trend() -> None:
    result = run("rank", "-C", ROOT, "--year", "2016..2022")
    assert result.exit_code == 0
    assert "There is no development to show: in these years no value gives way" in result.stdout
    assert "▶" not in result.stdout
    record = json.loads(
        run("rank", "-C", ROOT, "--year", "2016..2022", "--format", "json", "-q").stdout
    )
    assert record["trend"] is False


BAD = {
    "rank --year 2018..2016": "the first year comes first",
    "rank --year 2018-2020": "'2018-2020' is no year such as 2018, and no range such as 2016..2022",
    "rank --year 1000..2999": "100 years are the most",
    "report --year 2016..2018": "--year: a range of years is for 'icfscore rank' only",
    "uncertainty --year 2016..2018": "--year: a range of years is for 'icfscore rank' only",
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_range_is_told(line: str, make_project: MakeProject) -> None:
    result = run(*line.split(), "-C", make_project())
    assert result.exit_code == 2
    assert BAD[line] in result.stderr


def _page(make_project: MakeProject, replaced: dict[str, str | None]) -> str:
    folder = make_project(PANEL | replaced)
    shown = run("rank", "-C", folder, "--year", "2016..2018", "--format", "markdown")
    assert shown.exit_code == 0, shown.stderr
    _assert_sound(shown.stdout)
    return shown.stdout


def test_where_nobody_passes_the_screening_of_every_year_it_is_told(
    make_project: MakeProject,
) -> None:
    """Each year has somebody, but nobody is in all."""
    settings = (
        "max_age: 0\nrecipe: {screening: {min_community_coverage: 1, min_indicator_coverage: 0}}\n"
    )
    folder = make_project(PANEL | {"icfscore.yaml": settings})
    told = "no community has values for 100% of the scored indicators; lower recipe.screening"
    with pytest.raises(InputError, match=told):
        _years(folder, 2016, 2018)


def test_mostly_repeated_values_are_no_evidence_of_a_standstill(make_project: MakeProject) -> None:
    """One of twelve values is newer; gamma's are undated, so no year can be named for them."""
    text = _page(
        make_project,
        {
            "icfscore.yaml": "focus: gamma\n",
            "communities/alpha.yaml": _community("alpha", {2016: 0, 2018: 5}, {2016: 1}),
            "communities/beta.yaml": _community("beta", {2016: 40}, {2016: 5}),
            "communities/gamma.yaml": "id: gamma\nname: Gamma\nsource: census\n"
            "observations: {x: 60, y: [2]}\n",
        },
    )
    assert "From one year to the next 8 % of the values are later ones, 92 % are those" in text
    assert "More is repeated than new: a place that stays may stay because nothing" in text
    assert "| 2016 | 6 | 4 | 2 |" in text
    assert "What changed of the values of Gamma" not in text


def test_the_page_says_what_a_recipe_makes_of_years(make_project: MakeProject) -> None:
    recipe = "{weighting: entropy, aggregation: borda_count, imputation: mean, screening: {min_community_coverage: 0.9, min_indicator_coverage: 0.1}}"
    text = _page(make_project, {"icfscore.yaml": f"focus: alpha\nmax_age: 1\nrecipe: {recipe}\n"})
    assert "The weights follow the data: part of a change may be theirs." in text
    assert "The index is a standing among the others, so that a community's own score" in text
    assert "Missing values are filled from the others, year by year." in text
    assert "Not ranked for want of values in some year: Alpha (has values for 1 of 2" in text
    assert "Alpha goes from rank" not in text
