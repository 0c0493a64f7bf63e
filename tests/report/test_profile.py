"""Profiles: numbers by hand from the small project of conftest, text, JSON, terminal.

Alpha 62.5 (air 75, work 50), Gamma 50, Beta 37.5; see test_content.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from tests.conftest import FILES, MakeProject
from tests.report.draws import draws_of
from tests.report.projects import DEEP, FLAT, score_folder

from icfscore.cli.main import cli
from icfscore.cli.options import require_ranked
from icfscore.errors import InputError
from icfscore.pipeline.focus_draws import FocusDraws, draw_focus
from icfscore.pipeline.score import rank_communities
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.pipeline.worth_measuring import worth_measuring
from icfscore.report.content_profile import Profile, profile_of
from icfscore.report.content_similar import profile_distances, similar_to
from icfscore.report.markdown import profile_markdown
from icfscore.report.profile_record import profile_record
from icfscore.report.profile_table import profile_table

ROOT = Path(__file__).resolve().parents[2]
GROUPED = {
    f"communities/{name}.yaml": FILES[f"communities/{name}.yaml"] + f"groups: {{income: {group}}}\n"
    for name, group in (("alpha", "low"), ("beta", "low"), ("gamma", "high"))
}


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments])


def _json(*arguments: str) -> dict[str, object]:
    result = _run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def _profile(folder: Path, community: str = "alpha", k: int = 7) -> Profile:
    return profile_of(score_folder(folder), community, k)


def test_the_distance_from_the_others_is_that_of_their_mean(make_project: MakeProject) -> None:
    front = _profile(make_project()).front
    assert front is not None
    assert front.members == ("gamma", "beta")
    assert front.decomposition.difference == pytest.approx(62.5 - (50 + 37.5) / 2)
    # dust 100 against 0 and 50, trees 50 against 100 and 0; jobs 100 against 0 and 50, income 0
    # against 100 and 50; each a quarter of the index.
    parts = {"dust": 18.75, "trees": 0, "jobs": 18.75, "income": -18.75}
    found = {name: front.decomposition.contributions[name] for name in parts}
    assert found == pytest.approx(parts)
    assert [each.reading.indicator.id for each in front.strengths] == ["dust", "jobs"]
    assert [each.reading.indicator.id for each in front.weaknesses] == ["income"]
    assert (front.own, front.proxies, front.missing) == pytest.approx((37.5, -18.75, 0))


def test_the_front_are_the_first_k_without_the_community_itself(make_project: MakeProject) -> None:
    folder = make_project()
    ahead = _profile(folder, "alpha", k=1)
    assert ahead.front is None
    assert ahead.leader is None
    assert ahead.kth is None
    behind = _profile(folder, "beta", k=2)
    assert behind.front is not None
    assert behind.front.members == ("alpha", "gamma")
    assert behind.leader is not None
    assert behind.kth is not None
    assert (behind.leader.right, behind.leader.difference) == ("alpha", -25)
    assert (behind.kth.right, behind.kth.difference) == ("gamma", -12.5)


def test_distances_of_values_are_above_zero_where_they_are_better(
    make_project: MakeProject,
) -> None:
    target = FILES["criteria/air.yaml"].replace(
        "bounds: [0, null]}", "bounds: [0, null], target: 5}"
    )
    profile = _profile(make_project({**GROUPED, "criteria/air.yaml": target}), "beta")
    dust = profile.profiled["dust"].apart  # lower is better: 20, beside 10 and 30
    assert (dust.best, dust.median, dust.target) == (-10, 0, -15)
    assert dust.groups == {"income": -10}
    trees = profile.profiled["trees"].apart  # 10 per 1,000 people, beside 20 and 30
    assert (trees.best, trees.median, trees.target) == (-20, -15, None)
    poverty = profile.profiled["poverty"]  # not scored; 10, beside 10 and 5
    assert (poverty.percentile, poverty.part, poverty.apart.best) == (0.25, None, -5)


def test_similar_communities(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(GROUPED))
    found = similar_to(scoring, "alpha")
    assert [(each.group, each.members) for each in found.groups] == [("low", ("beta",))]
    assert [each.community for each in found.nearest] == ["beta", "gamma"]
    # Differences as shares of the range: dust 1/2, trees 1/2, jobs 1/2, income 1/2 (on its log).
    place = scoring.ranking.communities.index
    assert profile_distances(scoring, "alpha")[place("beta")] == pytest.approx(0.5)
    assert profile_distances(scoring, "beta")[place("alpha")] == pytest.approx(0.5)
    assert profile_distances(scoring, "alpha")[place("alpha")] == 0


def test_draws_of_one_community_are_those_of_all(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(), draws=2500)
    everyone, alone = draw_ranks(scoring), draw_focus(scoring, "beta", 2500)
    row = everyone.communities.index("beta")
    assert alone.n_draws == 2500
    assert alone.ranks["index"].mean() == pytest.approx(everyone.mean_rank[row], abs=1e-12)
    assert alone.interval("index") == tuple(everyone.rank_interval[row])
    assert set(alone.ranks) == {"index", "air", "work"}
    assert alone.values["dust"].std() > 0


def test_the_value_that_decides_the_rank_is_to_be_measured_first() -> None:
    # The rank is 1 or 3 by the first value alone: a fair coin, variance 1.
    rng = np.random.default_rng(1)
    coin, other = rng.integers(2, size=4000), rng.random(4000)
    draws = FocusDraws("a", {"index": 1.0 + 2 * coin}, {"coin": coin * 1.0, "other": other})
    found = worth_measuring(draws)
    first, second = found.values
    assert (first.indicator, second.indicator) == ("coin", "other")
    assert first.share == pytest.approx(1)
    assert first.told
    assert abs(second.share) < 4 * second.standard_error
    assert not second.told


def test_a_rank_that_never_changes_has_nothing_to_measure(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    draws = FocusDraws("alpha", {"index": np.ones(100)}, {"dust": np.arange(100.0)})
    found = worth_measuring(draws)
    assert (found.variance, found.values[0].told) == (0, False)
    text = profile_markdown(
        scoring, "alpha", draws=draws_of(scoring, (100, "alpha gamma beta")), sample=draws
    )
    assert "In every draw the place is the same: no measurement could narrow it." in text


def test_the_first_lines_tell_the_story(make_project: MakeProject) -> None:
    text = profile_markdown(score_folder(make_project()), "beta")
    assert text.startswith(
        "# Profile of Beta\n\nSmall framework; data about 2018.\n\n"
        "1. **Beta stands 3rd of 3 communities, at the end of the field**: its score is 37.5; the best"
        " is 62.5 (Alpha), the median 50.0, the lowest 37.5 (Beta).\n"
    )
    assert (
        "3. Its score is **18.8** points behind the mean of the others. Behind it is on Air (−18.8),"
        " which sum to the distance.\n"
    ) in text
    # Behind others is not the same as weak in the field, which the ranking's report calls so.
    assert "### What it is behind on\n\nOf the " in text
    assert "weaknesses" not in text
    assert (
        "4. Of these −18.8 points its 3 own values make **−18.8**, the 1 proxies (\\~) **0.0** and the"
        " 0 gaps 0.0."
    ) in text


@pytest.mark.parametrize("files", [{}, FLAT, DEEP, GROUPED, {"communities/gamma.yaml": None}])
@pytest.mark.parametrize("width", [80, 120])
def test_tables_fit_the_terminal(make_project: MakeProject, files: dict, width: int) -> None:
    scoring = score_folder(make_project(files), draws=200)
    draws, sample = draw_ranks(scoring, confidence=False), draw_focus(scoring, "alpha", 200)
    profile = profile_of(scoring, "alpha", 7, draws, sample)
    text = profile_table(scoring, profile, piped=False, width=width)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert max(map(len, plain.splitlines())) <= width
    assert "None" not in plain
    assert "nan" not in plain
    assert profile_table(scoring, profile, piped=True)


def test_the_record_has_the_keys_that_are_documented(make_project: MakeProject) -> None:
    scoring = score_folder(make_project(GROUPED), draws=300)
    draws, sample = draw_ranks(scoring, confidence=False), draw_focus(scoring, "beta", 300)
    record = profile_record(scoring, profile_of(scoring, "beta", 2, draws, sample))
    assert record["schema"] == "icfscore.profile/1"
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    documented = profile_record.__globals__["__doc__"]
    for key in (*record, *record["indicators"][0], *record["differences"][0], *record["place"]):
        assert f"``{key}``" in documented or key in ("schema", "framework"), key
    assert [each["from"] for each in record["differences"]] == ["front", "leader", "kth"]
    for each in record["differences"]:
        parts = each["contributions"]
        leaves = [parts[name] for name in ("dust", "trees", "jobs", "income")]
        assert sum(leaves) == pytest.approx(each["difference"], rel=1e-12)
    assert record["place"]["rank"] == 3
    assert record["draws"] == 300
    assert record["similar"]["groups"] == [{"grouping": "income", "group": "low", "ids": ["alpha"]}]


def test_the_quality_of_values_is_counted(make_project: MakeProject) -> None:
    alpha = """\
        id: alpha
        name: Alpha
        source: census
        observations:
          dust: {value: 10, year: 2010, status: recalled}
          jobs: {value: 60, year: 2020, comparability: low}
          income: 1000
          poverty: {value: 1, status: self_reported}
        """
    scoring = score_folder(make_project({"communities/alpha.yaml": alpha}))
    profile = profile_of(scoring, "alpha", 7)
    found = profile.quality  # poverty is not scored, trees are missing
    assert (found.n, found.median_age, found.oldest) == (3, 2, 8)
    assert found.by_status == {"seen": 2, "derived": 0, "recalled": 1, "self_reported": 0}
    assert found.by_comparability == {"high": 2, "medium": 0, "low": 1}
    record = profile_record(scoring, profile)
    assert record["evidence"]["missing"] == 1
    assert record["evidence"]["oldest"] == 8
    text = profile_markdown(scoring, "alpha")
    assert "How the 3 values were verified: 2 read in the source and 1 recalled." in text
    assert "Years from 2018: median 2, at most 8." in text
    assert "Trees (" in text.split("Nothing is known of it on these")[1].split("\n")[0]


def test_a_value_that_nobody_else_has_is_ahead_of_nobody(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": "recipe: {screening: {min_indicator_coverage: 0}}\n"})
    for name in ("alpha", "beta"):
        path = folder / "communities" / f"{name}.yaml"
        path.write_text(path.read_text().replace("trees: 20", "trees: null"))
    result = _run("profile", "gamma", "-C", str(folder), "--format", "markdown", "--draws", "0")
    assert result.exit_code == 0, result.output
    assert "| Trees | " in result.stdout


def test_facts_and_recognitions_have_their_sources(make_project: MakeProject) -> None:
    alpha = FILES["communities/alpha.yaml"] + (
        "recognitions: [{year: 2019, list: top7, source: census}]\n"
        "        facts:\n"
        "          - {id: big_park, value: 4000, unit: m^2, year: 2020, source: census, note: 'a|b'}\n"
        "          - {id: founded, value: 1997, unit: year, source: census}\n"
    )
    scoring = score_folder(make_project({"communities/alpha.yaml": alpha}))
    text = profile_markdown(scoring, "alpha")
    assert r"| Big park | 4,000 m^2 | 2020 | – | read in the source | a\|b | 1 |" in text
    assert "| Founded | 1997 |" in text
    assert "Top7, 2019 (1)" in text
    record = profile_record(scoring, profile_of(scoring, "alpha", 7))
    assert record["recognitions"] == [{"year": 2019, "list": "top7", "source": "census"}]
    assert record["facts"][0]["source"] == "census"


def test_the_command_takes_an_id_or_the_focus(make_project: MakeProject) -> None:
    folder = str(make_project())
    assert _json("profile", "-C", folder, "--draws", "50")["id"] == "alpha"
    record = _json("profile", "beta", "-C", folder, "--draws", "0")
    assert (record["id"], record["draws"], record["measuring"]) == ("beta", 0, None)


def test_what_cannot_be_profiled_is_told(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": ""})
    result = _run("profile", "alfa", "-C", str(folder))
    assert result.exit_code == 1
    assert "no community 'alfa'; did you mean 'alpha'?" in result.stderr
    result = _run("profile", "-C", str(folder))
    assert result.exit_code == 2
    assert "which community?" in result.stderr
    result = _run("profile", "alpha", "--focus", "beta", "-C", str(folder))
    assert result.exit_code == 2


@pytest.mark.parametrize("command", ["profile alpha", "compare alpha beta", "compare beta alpha"])
def test_who_was_screened_out_has_no_profile(make_project: MakeProject, command: str) -> None:
    alpha = "id: alpha\nname: Alpha\nsource: census\nobservations: {dust: 1}\n"
    folder = make_project({"communities/alpha.yaml": alpha})
    result = _run(*command.split(), "-C", str(folder))
    assert result.exit_code == 1
    assert (
        "alpha takes no part: has values for 1 of 4 scored indicators, below 50%" in result.stderr
    )


def test_who_has_no_score_has_no_profile(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    scores = np.where(np.array(scoring.ranking.communities) == "alpha", np.nan, 50.0)
    unscored = replace(
        scoring, ranking=rank_communities(scoring.ranking.communities, scores.astype(float))
    )
    require_ranked(unscored, "beta")
    with pytest.raises(InputError, match="alpha has no score"):
        require_ranked(unscored, "alpha")


def test_the_profile_of_the_focus_belongs_to_the_built_in_project() -> None:
    scoring = score_folder(ROOT)
    profile = profile_of(scoring, "binh_duong", 7)
    assert profile.front is not None
    assert profile.kth is not None
    total = sum(
        part
        for name, part in profile.front.decomposition.contributions.items()
        if part is not None and name in scoring.screened.observed.indicators
    )
    assert total == pytest.approx(profile.front.decomposition.difference, rel=1e-12)
    origins = profile.front.own + profile.front.proxies + profile.front.missing
    assert origins == pytest.approx(total)
