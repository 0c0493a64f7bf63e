"""What `icfscore plan` says of plans of every kind: out of reach, robust, with a pace, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from icfscore.cli.main import cli
from tests.conftest import MakeProject
from tests.pipeline.test_plan import FOUR, PANEL, PER, QR, _indicator, _project

LEVELS = ", levels: {none: 0, plan: 1, pilot: 2, operating: 4}"
STEPS = {"a": "q: none, r: 0", "b": "q: operating, r: 1", "c": "q: pilot, r: 0.4"}


def run(folder: Path, *arguments: str | Path) -> Result:
    words = ["plan", "a", "-C", folder, *arguments]
    return CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)


def page(folder: Path, *arguments: str | Path) -> str:
    shown = run(folder, "--format", "markdown", *arguments)
    assert shown.exit_code == 0, shown.stderr
    return shown.stdout


def refusal(folder: Path, *arguments: str | Path) -> str:
    shown = run(folder, *arguments)
    assert (shown.exit_code, shown.stdout) == (1, "")
    return shown.stderr


def test_a_place_out_of_reach_and_the_nearest_to_it(make_project: MakeProject) -> None:
    text = page(_project(make_project, FOUR, *QR), "--top", "1", "--limit", "q=..30")
    assert (
        "The 1st place cannot be reached: even if every value that a could move were as good as the"
        " best peer's, it would stand 2nd. That place takes 2 changes, of 2 values that could be"
        " moved; the score would go from 25.0 to 50.0." in text
    )
    assert "Without its main change (r) there is no plan that gets there." in text


def test_a_plan_for_a_share_of_the_draws_says_so(make_project: MakeProject) -> None:
    folder = _project(make_project, FOUR, *QR)
    text = page(folder, "--top", "2", "--robust", "0.9", "--draws", "500")
    assert "The plan was made to hold it in 90 %." in text
    assert "Of the plans of least effort for a margin above the place, this is the one" in text
    best = page(folder, "--top", "2", "--robust", "1", "--draws", "500", "--limit", "q=..30")
    assert "No plan was found that holds it in 100 %, as was asked for." in best


def test_a_pace_is_told_where_it_is_known(make_project: MakeProject) -> None:
    """B rose from 20 to 60 in eight years: the 90 from 10 to 100 take 18."""
    folder = _project(make_project, PANEL, *QR)
    pace = "the longest change, q, takes 18 years (b, 2010 to 2018)."
    alone = page(folder, "--top", "2", "--fix", "r")
    assert pace in alone
    assert "no peer's pace is known" not in alone
    assert f"{pace} Of r no peer's pace is known." in page(folder, "--top", "1")
    table = run(folder, "--top", "1").stdout
    assert "Years" in table
    none = run(_project(make_project, FOUR, *QR), "--top", "2").stdout
    assert "Years" not in none


def test_a_pace_is_one_of_shares_where_counts_are_divided(make_project: MakeProject) -> None:
    """B's 20 and 60 of 100 people; c's 40 of 90 in 2012 were its country's, and count as proxies do."""
    values = {
        "a": "q: 10, people: 100",
        "b": "q: [{value: 20, year: 2010}, {value: 60, year: 2018}], people: 100",
        "c": "q: [{value: 40, year: 2012, level: national}, {value: 95, year: 2018}],"
        " people: [{value: 90, year: 2012}, {value: 100, year: 2018}]",
    }
    indicator = _indicator("q", ", per: people, per_scale: 100")
    folder = _project(make_project, values, indicator, extra=PER)
    # From 44.4 to 95 in six years: the 50 from 10 to b's 60 take 5.93.
    assert "q, takes 5.93 years (c, 2012 to 2018)." in page(folder, "--top", "2")
    own = _project(make_project, values, indicator, extra=PER, recipe="proxies: false\n")
    assert "q, takes 10 years (b, 2010 to 2018)." in page(own, "--top", "2")
    # Of 2010 there is no number of people within three years of b's, so no pace.
    values["b"] = values["b"].replace("people: 100", "people: {value: 100, year: 2018}")
    young = _project(
        make_project, values, indicator, extra=PER, recipe="max_age: 3\nproxies: false\n"
    )
    assert "How many years it takes is unknown" in page(young, "--top", "2")


def test_levels_are_called_by_their_words(make_project: MakeProject) -> None:
    kinds = (_indicator("q", LEVELS, kind="ordinal"), _indicator("r"))
    folder = _project(make_project, STEPS, *kinds)
    text = page(folder, "--top", "2", "--fix", "r")
    assert "| none (0 thing) | operating (4 thing) |" in text
    limited = page(folder, "--top", "2", "--fix", "r", "--limit", "q=plan..pilot")
    assert "| none (0 thing) | pilot (2 thing) |" in limited
    told = refusal(folder, "--top", "2", "--fix", "r", "--limit", "q=0.5..0.7")
    assert "limits of q: none of the possible values lies within them" in told


def test_a_yes_is_planned_as_one_step(make_project: MakeProject) -> None:
    values = {"a": "q: false, r: 0.1", "b": "q: true, r: 1", "c": "q: false, r: 0.4"}
    values |= {"d": "q: true, r: 0"}
    folder = _project(make_project, values, _indicator("q", kind="boolean"), _indicator("r"))
    text = page(folder, "--top", "2", "--fix", "r")
    assert "would stand 2nd with 1 change" in text
    assert "| 0 thing | 1 thing |" in text


@pytest.mark.parametrize(
    "recipe",
    [
        "{weighting: entropy}",
        "{normalisation: z_score}",
        "{normalisation: {kind: reference_community, id: c}}",
        "{outliers: winsorise}",
    ],
)
def test_a_plan_is_found_under_recipes_that_follow_the_data(
    recipe: str, make_project: MakeProject
) -> None:
    folder = _project(make_project, FOUR, *QR, recipe=f"recipe: {recipe}\n")
    text = page(folder, "--top", "2")
    assert "The 2nd place can be reached on paper. a, now 4th, would stand" in text
    assert "Checked: the planned values were put into the project" in text


def test_settings_and_options_that_contradict_themselves(make_project: MakeProject) -> None:
    folder = _project(make_project, FOUR, *QR)
    twice = refusal(folder, "--top", "2", "--cost", "q=1", "--cost", "q=2")
    assert "--cost: 'q' is given twice" in twice
    listed = folder / "p.yaml"
    listed.write_text("- 5\n")
    told = refusal(folder, "--top", "2", "--settings", listed)
    assert f"{listed}:1:1: must be a mapping of keys and values, got a list" in told


def test_who_has_no_rank_has_no_way_to_a_better_one(make_project: MakeProject) -> None:
    folder = _project(make_project, FOUR | {"a": "r: 5"}, *QR, recipe="weights: {r: 0}\n")
    told = refusal(folder, "--top", "2")
    assert "a is left out: it has no value of any scored indicator; fill its gaps, or" in told
