"""How the Markdown reports say how sure a place is."""

from __future__ import annotations

import pytest
from tests.conftest import MakeProject
from tests.report.draws import draws_of
from tests.report.projects import score_folder

from icfscore.report.escape import escape
from icfscore.report.language import find_language
from icfscore.report.markdown import ranking_markdown, report_files
from icfscore.report.numbers import Numbers
from icfscore.report.wording import Wording

CLOSE = (80, "alpha gamma beta"), (20, "gamma alpha beta")


def test_the_first_page_tells_the_interval_in_words(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    text = report_files(scoring, draws=draws_of(scoring, *CLOSE))["ranking.md"]
    assert (
        "1. **Alpha stands 1st of 3 communities, at the head of the field; between 1st and 2nd in"
        " 90 % of the draws, under the stated assumptions**: its score is 62.5;" in text
    )
    assert 'The assumptions: "How sure is this", below.' in text.split("\n---\n")[0]


def test_an_interval_of_one_rank_is_told_as_one(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    text = report_files(scoring, draws=draws_of(scoring, (5, "alpha gamma beta")))["ranking.md"]
    assert "at the head of the field; 1st in 90 % of the draws, under the stated" in text
    assert "The draws tell **Alpha** apart from every other community." in text
    assert "For no community does the median over the draws lie two places or more" in text


def test_the_chance_of_the_first_places_is_told(make_project: MakeProject) -> None:
    eight = {
        f"communities/{name}.yaml": f"id: {name}\nname: {name}\nsource: census\n"
        f"observations: {{dust: {dust}, jobs: {dust}}}\n"
        for dust, name in enumerate(("delta", "eps", "zeta", "eta", "theta"), start=11)
    }
    scoring = score_folder(make_project(eight))
    order = " ".join(scoring.ranking.communities[row] for row in scoring.ranking.order)
    last = " ".join([*(name for name in order.split() if name != "alpha"), "alpha"])
    text = report_files(scoring, draws=draws_of(scoring, (3, order), (1, last)))["ranking.md"]
    assert "under the stated assumptions; among the first 7 in 75 % of them**" in text


def test_the_table_shows_interval_and_tier(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    table = ranking_markdown(scoring, draws=draws_of(scoring, *CLOSE))
    assert table.splitlines()[:5] == [
        "| Rank | 90 % | Tier | Community | Score | Air | Work | Own values | Proxies | Missing |",
        "|--:|--:|--:|:--|--:|--:|--:|--:|--:|--:|",
        "| **1** | **1–2** | 1 | **Alpha** | **62.5** | 75.0 | 50.0 | 75 % | 25 % | 0 % |",
        "| 2 | 1–2 | 1 | Gamma | 50.0 | 50.0 | 50.0 | 100 % | 0 % | 0 % |",
        "| 3 | 3 | 2 | Beta | 37.5 | 25.0 | 50.0 | 75 % | 25 % | 0 % |",
    ]
    assert "90 %: the rank lies there in 90 % of the draws, under the stated assumptions." in table
    assert "ahead of in at least 90 % of the draws." in table


def test_tiers_take_the_place_of_small_differences(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    assert "How large a difference must be" in report_files(scoring)["ranking.md"]
    text = report_files(scoring, draws=draws_of(scoring, *CLOSE))["ranking.md"]
    assert "How large a difference must be" not in text
    assert (
        "The tiers are 1: Alpha and Gamma; 2: Beta (Alpha is ahead of Beta in more than 99 %)."
        in text
    )
    assert (
        "Not told apart from **Alpha**, which is ahead of them in so many of the draws: Gamma (80 %)."
        in text
    )


def test_without_a_focus_the_first_page_names_the_tiers(make_project: MakeProject) -> None:
    scoring = score_folder(make_project({"icfscore.yaml": "reference_year: 2018\n"}))
    text = report_files(scoring, draws=draws_of(scoring, *CLOSE))["ranking.md"]
    assert (
        "3. The data do not tell apart the communities of one tier; the tiers are, from the top: Alpha and Gamma; Beta.\n"
        in text
    )


def test_a_comparison_tells_the_share_of_draws(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    files = report_files(scoring, draws=draws_of(scoring, *CLOSE))
    assert (
        "\n2. Alpha is ahead of Gamma in 80 % of the draws, under the stated assumptions: the data do"
        " not tell the two apart, which would take 90 % for one of them.\n3. "
        in files["alpha-vs-gamma.md"]
    )
    assert (
        "\n2. Alpha is ahead of Beta in more than 99 % of the draws, under the stated assumptions:"
        " the data tell the two apart.\n" in files["alpha-vs-beta.md"]
    )
    assert '[the ranking](ranking.md), "How sure is this".' in files["alpha-vs-beta.md"]
    assert "draws" not in report_files(scoring)["alpha-vs-beta.md"]


def test_the_assumptions_are_stated(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    text = report_files(scoring, draws=draws_of(scoring, *CLOSE))["ranking.md"]
    section = text.split("\n## How sure is this\n")[1].split("\n## ")[0]
    assert "The ranking was computed 100 times." in section
    assert (
        "The seed is 7; the largest Monte Carlo standard error of a share of draws is 4.0 "
        in section
    )
    assert "| Weights | dirichlet | concentration = 60, nodes = all |" in section
    assert "a weight of 50.0 % has a standard deviation of 6.4 percentage points" in section
    assert "| Comparability | high: 1.00; medium: 1.20; low: 1.50 |" in section
    assert "up to 15: 1.20; more: 1.50 |" in section
    assert "no alternatives are set" in section
    assert "- Other methods than those of the recipe.\n" in section


def test_alternatives_are_listed(make_project: MakeProject) -> None:
    settings = """\
        focus: alpha
        uncertainty:
          alternatives: {aggregation: [{kind: arithmetic}, {kind: median}]}
        """
    scoring = score_folder(make_project({"icfscore.yaml": settings}))
    text = report_files(scoring, draws=draws_of(scoring, *CLOSE))["ranking.md"]
    assert "| Aggregation | median |" in text
    assert "took turns" in text
    assert "Other methods than those of the recipe" not in text


def test_without_draws_it_is_said_how_to_ask(make_project: MakeProject) -> None:
    text = report_files(score_folder(make_project()))["ranking.md"]
    section = text.split("\n## How sure is this\n")[1].split("\n## ")[0]
    assert section.strip() == (
        "How sure the places are was not computed, since it takes a while: `icfscore report --draws"
        " 10000` does."
    )
    assert "90 %" not in text.split("\n---\n")[0]


def test_no_draws_wanted_none_spoken_of(make_project: MakeProject) -> None:
    text = report_files(score_folder(make_project(), draws=0))["ranking.md"]
    assert "How sure" not in text
    assert "draws" not in text


@pytest.mark.parametrize(
    ("share", "spelt"),
    [
        (0.0, "fewer than 1 %"),
        (0.004, "fewer than 1 %"),
        (0.006, "1 %"),
        (0.494, "49 %"),
        (0.994, "99 %"),
        (0.996, "more than 99 %"),
        (1.0, "more than 99 %"),
    ],
)
def test_shares_of_draws_are_whole_percent(
    make_project: MakeProject, share: float, spelt: str
) -> None:
    wording = Wording(score_folder(make_project()), find_language("en"), Numbers("en_GB"), escape)
    assert wording.of_draws(share) == spelt


@pytest.mark.parametrize(
    ("years", "spelt"),
    [
        ([2019], "2019"),
        ([2019, 2020], "2019 and 2020"),
        ([2017, 2019, 2020, 2021], "2017 and 2019 to 2021"),
        ([], ""),
    ],
)
def test_runs_of_years_are_shortened(
    make_project: MakeProject, years: list[int], spelt: str
) -> None:
    wording = Wording(score_folder(make_project()), find_language("en"), Numbers("en_GB"), escape)
    assert wording.years(years) == spelt


def test_recognitions_stand_among_the_caveats_with_their_sources(make_project: MakeProject) -> None:
    alpha = """\
        id: alpha
        name: Alpha
        source: census
        recognitions:
          - {year: 2021, list: top7, source: press}
          - {year: 2019, list: smart21}
          - {year: 2020, list: top7, source: jury}
          - {year: 2022, list: top7, source: press}
          - {year: 2022, list: community_of_the_year, source: press}
        observations: {dust: 10, trees: 20, population: 1000, jobs: 60, income: 1000}
        """
    sources = "census: {title: Census}\npress: {title: Press}\njury: {title: Jury}\n"
    files = {"communities/alpha.yaml": alpha, "communities/sources.yaml": sources}
    text = report_files(score_folder(make_project(files)))["ranking.md"]
    assert (
        "- Alpha is on these lists, which do not enter the ranking (in brackets the sources): Top7,"
        " 2020 to 2022 (2, 3); Smart21, 2019 (1); Community of the year, 2022 (2).\n"
        in text.split("\n---\n")[0]
    )
    assert text.rstrip().endswith("1. Census\n2. Press\n3. Jury")
