"""A community against its means, on incomes and scores chosen by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.conftest import MakeProject
from tests.report.projects import score_folder
from tests.test_cli import run

from icfscore.domain.communities import Entity, Fact, Observation
from icfscore.domain.criteria import CriteriaTree, Criterion, Indicator, Quantity
from icfscore.domain.means import Means
from icfscore.domain.project import Project
from icfscore.methods.normalise import NoNormalisation
from icfscore.pipeline.means import AgainstMeans, against_means
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Recipe, Settings, Staged
from icfscore.report.language import find_language
from icfscore.report.means_page import means_blocks, means_terminal
from icfscore.report.means_page_limits import means_limits
from icfscore.report.means_record import means_record
from icfscore.report.page import blocks_markdown
from icfscore.report.words import Words

# Twelve communities, the income of each twice the one before; all score 3 points more each time it
# doubles, but for c3, which has 7 points more than that.
N = 12
INCOME = {f"c{i}": 1000.0 * 2**i for i in range(N)}
SCORE = {f"c{i}": 10.0 + 3 * i + (7 if i == 3 else 0) for i in range(N)}
SETTINGS = Settings(
    focus="c3",
    recipe=Recipe(normalisation=Staged(NoNormalisation())),
    means=Means("income", without=("price",)),
)


def scored(
    settings: Settings = SETTINGS,
    income: dict[str, float] = INCOME,
    context: bool = False,
    area: dict[str, float] | None = None,
) -> Scoring:
    leaves = {
        name: Indicator(id=name, name=name, unit="USD", direction="higher", kind="ratio")
        for name in ("x", "y", "income", "price")
    }
    first = ["x"] if context else ["x", "income", "price"]
    root = Criterion(
        id="index",
        name="All",
        criteria=[
            Criterion(id="a", name="A", indicators=[leaves[name] for name in first]),
            Criterion(id="b", name="B", indicators=[leaves["y"]]),
        ],
    )
    quantities = (Quantity(id="income", name="Income", unit="USD"),) if context else ()

    def observations(name: str) -> dict[str, tuple[Observation, ...]]:
        values = {"x": SCORE[name], "y": SCORE[name], "price": 5.0}
        if name in income:
            values["income"] = income[name]
        return {key: (Observation(value, "s", "community"),) for key, value in values.items()}

    land = Entity(
        "land", "Land", "country",
        observations={k: (Observation(v, "s", "national"),) for k, v in (area or {}).items()},
    )  # fmt: skip
    communities = tuple(
        Entity(
            id=name,
            name=name.upper(),
            type="community",
            parent="land",
            observations=observations(name),
            facts=(Fact("wage", 12.5, "s", name="Wage", unit="USD/h", year=2017),),
        )
        for name in INCOME
    )
    tree = CriteriaTree("test", "1", root, context=quantities)
    return score(Project(tree, communities, {"land": land}, {}, "sha256:0"), settings)


def _found(scoring: Scoring, community: str | None = None) -> AgainstMeans:
    found = against_means(scoring, community)
    assert found is not None
    return found


def test_what_is_expected_and_how_far_above_by_hand() -> None:
    found = _found(scored())
    assert [node.node for node in found.nodes] == ["index", "a", "b"]
    index = found.nodes[0]
    # The eleven others lie on one line, 10 + 3 log2(income / 1000): at 8000 it says 19.
    assert (index.score, index.rank) == (26.0, 7)  # level with nobody: 28 and 25 are next to it
    assert index.expected == pytest.approx(19)
    assert index.interval == pytest.approx((19, 19))
    assert index.difference == pytest.approx(7)
    assert (index.standing, index.rank_for_means, index.n) == ("above", 1, 12)
    assert index.slope == pytest.approx(3)
    assert found.without == ("income", "price")


def test_the_others_are_judged_beside_the_odd_one() -> None:
    found = _found(scored(), "c8").nodes[0]
    # The robust line hardly sees c3; c8 lies on it, and within its interval.
    assert found.expected == pytest.approx(34, abs=0.5)
    assert found.standing == "within"
    assert found.rank_for_means > 1


def test_the_scores_leave_out_what_contains_income() -> None:
    with_all = scored(replace(SETTINGS, means=Means("income")))
    # price, 5 everywhere, then counts in a beside x: (26 + 5) / 2.
    assert _found(with_all).nodes[1].score == pytest.approx(15.5)
    assert _found(with_all).without == ("income",)


def test_income_may_be_a_context_quantity_and_inherited() -> None:
    income = {name: value for name, value in INCOME.items() if name != "c5"}
    found = _found(scored(income=income, context=True, area={"income": 32000.0}))
    assert found.without == ()
    assert found.incomes["c5"].value == 32000.0
    assert (found.n_at("community"), found.n_at("national")) == (11, 1)
    assert found.nodes[0].expected == pytest.approx(19)
    assert found.areas == (("land", 32000.0),)
    assert found.nodes[0].elsewhere == pytest.approx((25.0,))


def test_the_income_of_its_own_area_is_not_told_twice() -> None:
    income = {name: value for name, value in INCOME.items() if name != "c3"}
    found = _found(scored(income=income, area={"income": 8000.0}))
    assert found.income is not None
    assert (found.income.level, found.areas) == ("national", ())


def test_an_income_beyond_all_others_is_told() -> None:
    assert not _found(scored()).extrapolated
    assert _found(scored(), "c11").extrapolated
    assert _found(scored(area={"income": 10.0})).is_beyond(10.0)


def test_what_is_expected_beyond_the_scale_is_explained() -> None:
    on_a_scale = replace(SETTINGS, recipe=Recipe(), means=Means("income"))
    said = "what it expects below 0 or above 100 means an end of it"
    for area, told in (({"income": 1.0}, True), (None, False)):
        scoring = scored(on_a_scale, context=True, area=area)
        found = _found(scoring)
        expected = [each for node in found.nodes for each in (node.expected, *node.elsewhere)]
        assert (min(expected) < 0) is told
        words = Words(scoring, find_language("en"))
        assert any(said in line for line in means_limits(words, found, "C3", {})) is told


def test_what_cannot_be_told_says_why() -> None:
    assert against_means(scored(replace(SETTINGS, means=None))) is None
    assert against_means(scored(replace(SETTINGS, focus=None))) is None
    few = {name: INCOME[name] for name in ("c1", "c2", "c3", "c4")}
    assert _found(scored(income=few)).reason == "fewer than 5 others have a score and an income"
    none = {name: value for name, value in INCOME.items() if name != "c3"}
    assert _found(scored(income=none)).reason == "its income is not known"
    zero = INCOME | {"c1": 0.0}
    assert "no logarithm" in _found(scored(income=zero)).reason
    level = dict.fromkeys(INCOME, 7.0)
    assert _found(scored(income=level)).reason == "all others have the same income"


def test_with_few_others_there_is_no_interval() -> None:
    some = {name: INCOME[name] for name in [f"c{i}" for i in range(8)]}
    index = _found(scored(income=some)).nodes[0]
    assert (index.interval, index.standing) == (None, "unsure")
    assert index.expected == pytest.approx(19)


def test_facts_stand_beside_it() -> None:
    means = Means("income", without=("price",), beside=("wage", "x", "nothing"), note="Mind this.")
    scoring = scored(replace(SETTINGS, means=means))
    found = _found(scoring)
    assert [(each.identifier, each.value) for each in found.beside] == [("wage", 12.5), ("x", 26.0)]
    blocks = means_blocks(Words(scoring, find_language("en")), found)
    text = "\n".join(blocks_markdown(blocks))
    assert text.startswith("## C3 against its means\n")
    assert "would be expected to score 19 overall; C3 scores 26: 7 points above, more" in text
    assert "More than its income explains it has on A (+7 points) and B (+7 points)." in text
    assert "Beside it: Wage 12.5 USD/h (2017, s); x 26 USD." in text
    assert "- Mind this." in text
    assert "| Overall | 26 | 7th | 19 | 19 to 19 | +7 | 1st |" in text


def test_in_the_terminal_it_is_the_verdict_and_its_table() -> None:
    text = means_terminal(scored(), against_means(scored()), piped=True)
    assert text.startswith("C3 against its means\nFrom the other communities")
    assert "Theil-Sen" not in text
    assert means_terminal(scored(), None, piped=True) == ""


def test_the_record_has_what_the_page_says() -> None:
    record = means_record(_found(scored()))
    assert record is not None
    assert record["nodes"][0]["difference"] == pytest.approx(7)
    assert record["income"]["value"] == 8000.0
    assert record["incomes"] == {"community": 12, "region": 0, "national": 0}
    assert means_record(None) is None


MEANS = "focus: alpha\nmeans: {means}\n"
BAD = {
    "{income: incme}": "means: income: unknown indicator or context quantity 'incme'; did you mean 'income'?",
    "{income: income, without: [jobz]}": "means: without: unknown indicator 'jobz'; did you mean 'jobs'?",
    "{income: income, without: [population]}": "means: without: unknown indicator 'population'",
    "{income: income, beside: [nothing]}": "means: beside: unknown fact, indicator or context quantity 'nothing'",
    "{without: [jobs]}": "needs 'income'",
    "{income: income, wihtout: []}": "did you mean 'without'?",
    "income": "must be a mapping",
}


@pytest.mark.parametrize("text", BAD)
def test_settings_that_name_what_is_not_are_told(text: str, make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": MEANS.replace("{means}", text)})
    result = run("rank", "-C", folder)
    assert result.exit_code == 1
    assert "icfscore.yaml:2:" in result.stderr
    assert BAD[text] in result.stderr


def test_aliases_name_the_income_too(make_project: MakeProject) -> None:
    work = (
        "id: work\nname: Work\nindicators:\n"
        "  - {id: jobs, name: Jobs, unit: percent, direction: higher, kind: share}\n"
        "  - {id: income, name: Income, unit: USD, direction: higher, kind: ratio, aliases: [GDP]}\n"
        "  - {id: poverty, name: Poverty, unit: percent, direction: lower, kind: share, weight: 0}\n"
    )
    settings = MEANS.replace("{means}", "{income: gdp, without: [GDP], beside: [Population]}")
    scoring = score_folder(make_project({"criteria/work.yaml": work, "icfscore.yaml": settings}))
    assert scoring.settings.means == Means("income", ("income",), ("population",))
    assert _found(scoring).reason.startswith("fewer than 5 others")


def test_a_setting_changes_it(make_project: MakeProject) -> None:
    settings = MEANS.replace("{means}", "{income: income}")
    folder = make_project({"icfscore.yaml": settings})
    scoring = score_folder(folder, assignments={"means.income": "jobs"})
    assert scoring.settings.means == Means("jobs")


def test_the_answer_does_not_depend_on_the_unit_of_income() -> None:
    dong = {name: value * 23000 for name, value in INCOME.items()}
    plain, scaled = _found(scored()).nodes[0], _found(scored(income=dong)).nodes[0]
    assert scaled.expected == pytest.approx(plain.expected)
    assert np.array(scaled.interval) == pytest.approx(np.array(plain.interval))
