"""What charts show and say, against numbers worked out by hand."""

from __future__ import annotations

import colorsys
import gettext
from dataclasses import replace
from pathlib import Path

import altair as alt
import numpy as np
import pytest
from tests.conftest import FILES, MakeProject
from tests.report.charting import drawn, material_of, rows_of
from tests.report.draws import draws_of

from icfscore.errors import InputError
from icfscore.pipeline.stability import Breakpoint, WeightStability
from icfscore.report.charts import theme
from icfscore.report.charts.contributions import contributions_of
from icfscore.report.charts.material import Material, ScenarioRanks
from icfscore.report.charts.picture import literal, rank_ticks
from icfscore.report.charts.registry import KINDS
from icfscore.report.charts.rows import choose
from icfscore.report.charts.stability import segments
from icfscore.report.charts.words import Words, wrapped
from icfscore.report.language import Language, find_language

ENGLISH = find_language("en")
VIETNAMESE = Language("vi", gettext.NullTranslations(), "vi")

# Scores from 0 to 100: dust 10, 20, 30 (lower is better) gives 100, 50, 0; trees a thousand people
# 20, 10, 30 gives 50, 0, 100. So Air is 75, 25, 50 for alpha, beta and gamma.
AIR = {"alpha": 75.0, "beta": 25.0, "gamma": 50.0}


@pytest.fixture
def material(make_project: MakeProject) -> Material:
    return material_of(make_project())


def test_every_kind_is_a_valid_vega_lite_chart(make_project: MakeProject) -> None:
    scenarios = "focus: alpha\nscenarios: {green: {weights: {air: 3}}}\n"
    material = material_of(make_project({"icfscore.yaml": scenarios}))
    for kind in KINDS:
        picture = drawn(material, kind.name)
        alt.LayerChart.from_dict(dict(picture.spec))  # raises where the schema does not hold
        assert picture.kind == kind.name
        assert any("tooltip" in layer["encoding"] for layer in picture.spec["layer"])
        assert picture.spec["width"] == theme.WIDTH


def test_the_ranking_says_rank_and_range(make_project: MakeProject) -> None:
    scoring = material_of(make_project(), draws=0).scoring
    draws = draws_of(scoring, (90, "alpha gamma beta"), (10, "gamma alpha beta"))
    picture = drawn(Material(scoring, draws), "ranking")
    assert picture.title == "Alpha stands 1st of 3, and 1st to 2nd in 90 % of the draws"
    spans = {row["row"]: (row["low"], row["high"]) for row in rows_of(picture) if "high" in row}
    assert spans == {"Alpha": (0.6, 2.4), "Gamma": (0.6, 2.4), "Beta": (2.6, 3.4)}
    assert "Alpha (62.5), Gamma (50.0) and Beta (37.5)" in picture.alt
    assert "100 draws, seed 7." in " ".join(picture.source)


def test_without_draws_the_ranking_shows_scores(make_project: MakeProject) -> None:
    picture = drawn(material_of(make_project(), draws=0), "ranking")
    assert picture.title == "Alpha stands 1st of 3 communities"
    scores = {row["row"]: row["value"] for row in rows_of(picture) if "value" in row}
    assert scores == {"Alpha": 62.5, "Gamma": 50.0, "Beta": 37.5}


def test_contributions_add_up_to_the_scores(material: Material) -> None:
    children, parts = contributions_of(material)
    air = children.index("air")
    for row, name in enumerate(material.scoring.ranking.communities):
        assert parts[row, air] == pytest.approx(AIR[name] / 2)
    assert parts.sum(axis=1) == pytest.approx(material.scoring.ranking.scores)
    picture = drawn(material, "contributions")
    assert picture.title == "Of Alpha's 62.5 points most come from Air (37.5) and Work (25.0)"


def test_a_missing_criterion_leaves_its_weight_to_the_others(make_project: MakeProject) -> None:
    bare = "{id: beta, name: Beta, source: census, observations: {dust: 20, trees: 20, population: 2000}}"
    files = {"communities/beta.yaml": bare}
    material = material_of(
        make_project(files), settings=("recipe.screening.min_community_coverage=0",)
    )
    children, parts = contributions_of(material)
    row = material.scoring.ranking.communities.index("beta")
    assert parts[row].tolist() == [25.0, 0.0]
    assert children == ("air", "work")


def test_parts_that_pull_down_lie_left_of_zero(make_project: MakeProject) -> None:
    material = material_of(make_project(), settings=("recipe.normalisation.kind=z_score",))
    pieces = [row for row in rows_of(drawn(material, "contributions")) if "part" in row]
    for piece in pieces:
        assert min(piece["from"], piece["to"]) >= 0 or max(piece["from"], piece["to"]) <= 0  # type: ignore[type-var]


def test_acceptability_counts_draws(make_project: MakeProject) -> None:
    scoring = material_of(make_project(), draws=0).scoring
    draws = draws_of(scoring, (75, "alpha gamma beta"), (25, "gamma alpha beta"))
    picture = drawn(Material(scoring, draws), "acceptability")
    shares = {(row["row"], row["rank"]): row["share"] for row in rows_of(picture) if "share" in row}
    assert shares == {
        ("Alpha", "1st"): 75.0,
        ("Alpha", "2nd"): 25.0,
        ("Gamma", "1st"): 25.0,
        ("Gamma", "2nd"): 75.0,
        ("Beta", "3rd"): 100.0,
    }
    assert picture.title == "Alpha is most often 1st: in 75 % of the draws"


def test_pairs_are_told_apart_from_nine_in_ten_draws(make_project: MakeProject) -> None:
    scoring = material_of(make_project(), draws=0).scoring
    draws = draws_of(scoring, (89, "alpha gamma beta"), (11, "gamma alpha beta"))
    picture = drawn(Material(scoring, draws), "pairwise")
    assert picture.title == "The draws tell Alpha apart from 1 of the 2 others"
    assert "Of 3 pairs of communities, 2 keep their order" in picture.alt
    shares = {
        (row["row"], row["other"]): row["share"] for row in rows_of(picture) if "share" in row
    }
    assert shares["Alpha", "Gamma"] == 89.0
    assert shares["Gamma", "Alpha"] == 11.0
    assert ("Alpha", "Alpha") not in shares


def test_the_profile_shows_focus_and_median(material: Material) -> None:
    picture = drawn(material, "profile")
    values = {(row["row"], row["who"]): row["value"] for row in rows_of(picture) if "value" in row}
    assert values["Air", "Alpha"] == 75.0
    assert values["Air", "Median"] == 50.0
    assert picture.title == "Alpha is above the median on Air alone"
    assert not [who for _, who in values if "first" in who]  # three communities have no first seven


def test_indicator_strips_run_from_worst_to_best(make_project: MakeProject) -> None:
    targeted = FILES["criteria/air.yaml"].replace(
        "direction: lower, kind: ratio", "direction: lower, kind: ratio, target: 5"
    )
    material = material_of(make_project({"criteria/air.yaml": targeted}))
    rows = [row for row in rows_of(drawn(material, "indicators")) if row.get("what") == "Fine dust"]
    places = {row["who"]: row["x"] for row in rows}
    assert places == pytest.approx({"Alpha": 0.8, "Beta": 0.4, "Gamma": 0.0, "Target": 1.0})
    assert {row["value"] for row in rows} == {"10 µg/m³", "20 µg/m³", "30 µg/m³", "5 µg/m³"}


def test_a_proxy_of_the_focus_is_hollow(material: Material) -> None:
    layers = drawn(material, "indicators").spec
    hollow = [layer for layer in layers["layer"] if layer["mark"].get("fill") == theme.PAPER]
    (layer,) = hollow
    rows = layers["datasets"][layer["data"]["name"]]
    assert [(row["what"], row["who"]) for row in rows] == [("Income", "Alpha")]


def test_breakpoints_cut_a_weight_into_ranks() -> None:
    points = (
        Breakpoint(0.1, 3, False, ()),
        Breakpoint(0.6, 1, True, ()),
    )
    one = WeightStability("air", "index", 0.5, (0.1, 0.6), points, exact=True)
    assert segments(one, 2) == [(0.0, 0.1, 3), (0.1, 0.6, 2), (0.6, 1.0, 1)]


def test_scenarios_carry_ranks_and_leave_out_who_has_none(make_project: MakeProject) -> None:
    scoring = material_of(make_project(), draws=0).scoring
    ranks = np.array([[1, 3, 2], [2, 0, 1]])
    picture = drawn(Material(scoring, scenarios=ScenarioRanks(("", "green"), ranks)), "scenarios")
    assert picture.title == "Alpha stands 1st to 2nd, depending on the scenario"
    green = {row["who"]: row["rank"] for row in rows_of(picture) if row.get("scenario") == "green"}
    assert {name: green[name] for name in ("Alpha", "Gamma")} == {"Alpha": 2, "Gamma": 1}
    assert "Beta" not in green


def test_scenarios_are_settled_and_scored(make_project: MakeProject) -> None:
    scenarios = "focus: alpha\nscenarios: {work only: {weights: {air: 0}}}\n"
    found = material_of(make_project({"icfscore.yaml": scenarios}), draws=0).scenarios
    assert found is not None
    assert found.names == ("", "work only")
    # Without Air: jobs 60, 50, 40 gives 100, 50, 0; log income 1000, 4000, 16000 gives 0, 50, 100.
    assert found.ranks.tolist() == [[1, 3, 2], [1, 1, 1]]


def test_of_many_scenarios_those_that_move_the_focus_are_shown(make_project: MakeProject) -> None:
    scoring = material_of(make_project(), draws=0).scoring
    ranks = np.array([*([[1, 3, 2]] * 12), [3, 1, 2]])
    names = ("", *(f"s{at}" for at in range(1, 13)))
    titles = {"s12": {"en": "The last"}}
    found = ScenarioRanks(names, ranks, titles)
    picture = drawn(Material(scoring, scenarios=found), "scenarios")
    assert picture.title == "Alpha stands 1st to 3rd, depending on the scenario"
    shown = {row["scenario"] for row in rows_of(picture) if "scenario" in row}
    assert len(shown) == 8
    assert "The last" in shown
    assert "The last: 3rd of 3" in picture.alt


def test_a_scenario_that_cannot_be_computed_is_left_out(make_project: MakeProject) -> None:
    settings = (
        "focus: alpha\nscenarios:\n"
        "  none: {recipe: {aggregation: {kind: geometric}}}\n"
        "  green: {weights: {air: 3}}\n"
    )
    found = material_of(make_project({"icfscore.yaml": settings}), draws=0).scenarios
    assert found is not None
    assert found.names == ("", "green")


def test_correlations_of_a_pair_that_goes_together(make_project: MakeProject) -> None:
    material = material_of(make_project())
    cells = [row for row in rows_of(drawn(material, "indicator_correlations")) if "told" in row]
    told = {(row["first"], row["row"]): row["told"] for row in cells}
    # Normalised jobs 100, 50, 0 and log income 0, 50, 100 are exactly opposite.
    assert told["Jobs", "Income"] == "−1.00"


def test_the_framework_names_the_weight_in_the_whole(material: Material) -> None:
    picture = drawn(material, "framework")
    weights = {row["name"]: row["told"] for row in rows_of(picture)}
    assert weights == {
        "Air": "50.0 %",
        "Work": "50.0 %",
        "Fine dust": "25.0 %",
        "Trees": "25.0 %",
        "Jobs": "25.0 %",
        "Income": "25.0 %",
        "Poverty": "–",
    }


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_numbers_and_names_follow_the_language(make_project: MakeProject, kind: str) -> None:
    scenarios = "focus: alpha\nscenarios: {green: {weights: {air: 3}}}\n"
    picture = drawn(material_of(make_project({"icfscore.yaml": scenarios})), kind, VIETNAMESE)
    assert picture.spec["config"]["locale"]["number"]["decimal"] == ","
    assert picture.language == "vi"
    assert "Alpha" not in picture.alt
    if kind == "contributions":
        assert "An Pha" in picture.title
        assert "62,5" in picture.title


def test_many_communities_are_cut_to_the_first_and_those_around_the_focus(
    make_project: MakeProject,
) -> None:
    one = "{{id: c{i:03}, name: Number {i}, source: census, observations: {{dust: {i}, trees: 1, population: 1, jobs: 1, income: 5}}}}\n"
    files = {f"communities/c{i:03}.yaml": one.format(i=i) for i in range(1, 101)}
    files |= {f"communities/{name}.yaml": None for name in ("alpha", "beta", "gamma")}  # type: ignore[dict-item]
    files["icfscore.yaml"] = "focus: c070\n"
    material = material_of(make_project(files), draws=50)
    shown = choose(material, Words(material.scoring, ENGLISH))
    assert len(shown.rows) == 30
    assert shown.labels[:2] == ("Number 1", "Number 2")
    assert shown.focus == "Number 70"
    around = [int(label.split()[1]) for label in shown.labels[15:]]
    assert around == list(range(around[0], around[0] + 15))
    assert shown.note == "Shown: the first 15 and those around the focus, of 100."
    for kind in ("ranking", "contributions", "acceptability", "pairwise"):
        assert "of 100." in " ".join(drawn(material, kind).spec["title"]["subtitle"])


def test_communities_of_one_name_stay_apart(make_project: MakeProject) -> None:
    files = {
        f"communities/{name}.yaml": FILES[f"communities/{name}.yaml"].replace(
            f"name: {name.title()}", "name: Twin"
        )
        for name in ("beta", "gamma")
    }
    material = material_of(make_project(files))
    shown = choose(material, Words(material.scoring, ENGLISH))
    assert shown.labels == ("Alpha", "Twin (gamma)", "Twin (beta)")


def _lightness(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_lightness(one), _lightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_letters_can_be_read_on_paper() -> None:
    for colour in (theme.INK, theme.MUTED, theme.ACCENT):
        assert _contrast(colour, theme.PAPER) >= 4.5  # WCAG 2.2, AA


def test_the_focus_stands_out_in_grey() -> None:
    assert _contrast(theme.ACCENT, theme.OTHER) >= 1.6
    assert (
        colorsys.rgb_to_hsv(*(int(theme.OTHER[at : at + 2], 16) / 255 for at in (1, 3, 5)))[1]
        < 0.25
    )


@pytest.mark.parametrize("n", [2, 3, 6, 10])
def test_series_keep_their_order_in_grey(n: int) -> None:
    lightness = [_lightness(colour) for colour in theme.series_colours(n)]
    assert lightness == sorted(lightness)
    assert len(set(lightness)) == n


def test_shades_get_darker() -> None:
    lightness = [_lightness(colour) for colour in theme.SHADES]
    assert lightness == sorted(lightness, reverse=True)


def test_numbers_in_cells_can_be_read() -> None:
    for shades in (theme.SHADES, theme.DIVERGING):
        for step in range(101):
            colour = theme.mix(shades, step / 100)
            ink = theme.PAPER if theme.is_dark(colour) else theme.INK
            assert _contrast(ink, colour) >= 3.8, colour


@pytest.mark.parametrize(
    ("n", "ticks"),
    [(1, [1]), (3, [1, 2, 3]), (21, [1, 5, 10, 15, 20]), (200, [1, 50, 100, 150, 200])],
)
def test_ranks_are_labelled_from_the_first(n: int, ticks: list[int]) -> None:
    assert rank_ticks(n) == ticks


def test_a_literal_holds_whatever_is_in_it() -> None:
    assert literal('a"b\\c</script>') == '"a\\u0022b\\u005cc\\u003c/script\\u003e"'
    assert literal("😀") == '"\\ud83d\\ude00"'


def test_wide_letters_take_two_places() -> None:
    assert wrapped("你好" * 8, 16) == ["你好" * 4] * 2


def test_the_digest_and_the_caveat_stand_beneath(make_project: MakeProject) -> None:
    framework = (
        FILES["criteria/framework.yaml"].rstrip()
        + "\n        caveats: [These are not real. Nothing is.]\n"
    )
    material = material_of(make_project({"criteria/framework.yaml": framework}), draws=0)
    source = " ".join(drawn(material, "ranking").source)
    assert "Small framework, 1; data about 2018; 1 source." in source
    assert "These are not real." in source
    assert "Nothing is" not in source
    assert material.scoring.digest[:19] in source
    again = replace(material.scoring, settings=replace(material.scoring.settings, scenario="green"))
    assert "Scenario green." in " ".join(drawn(Material(again), "ranking").source)


def test_our_letters_hold_vietnamese() -> None:
    folder = Path(theme.__file__).with_name("fonts")
    assert {path.name for path in folder.glob("*.ttf")} == {"Arimo-Bold.ttf", "Arimo-Regular.ttf"}
    assert theme.FONT.split(", ")[0] == "Arimo"


@pytest.mark.parametrize("kind", ["contributions", "profile"])
def test_scores_too_small_for_an_axis_are_refused(kind: str, make_project: MakeProject) -> None:
    entry = "  - {id: ID, name: ID, unit: m, direction: higher, kind: ratio}\n"
    framework = "id: flat\nname: Flat\nindicators:\n" + "".join(
        entry.replace("ID", name) for name in "pq"
    )
    files: dict[str, str | bytes | None] = {
        f"communities/{name}.yaml": f"id: {name}\nname: {name}\nsource: census\n"
        f"observations: {{p: {n}e-310, q: {n}e-310}}\n"
        for n, name in enumerate(("alpha", "beta", "gamma"), start=1)
    }
    files |= {"criteria/framework.yaml": framework, "communities/areas/AAA.yaml": None}
    files |= {"criteria/air.yaml": None, "criteria/work.yaml": None, "icfscore.yaml": "{}\n"}
    settings = ("recipe.normalisation.kind=none",)
    material = material_of(make_project(files), focus="alpha", settings=settings)
    with pytest.raises(InputError, match="too small to draw"):
        drawn(material, kind)
