"""The page with the sliders, in a real browser, against the engine."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from tests.browser import complaints_of, open_page, requests_of

from icfscore.cli.main import cli

DEEP = {
    "icfscore.yaml": """\
        focus: c3
        recipe:
          normalisation: {kind: min_max, low: 1, high: 100, except: {q6: {kind: z_score, mean: 50, sd: 9}}}
          aggregation: {kind: arithmetic, at: {lower: {kind: geometric}}}
        uncertainty: {draws: 500, seed: 7, weights: none}
        scenarios:
          steep: {name: {en: Steep, vi: Dốc}, weights: {upper: 5, q1: 0.25}}
          even: {recipe: {normalisation: {kind: rank}, aggregation: {kind: power_mean, exponent: 3}}}
          later: {reference_year: 2020}
          spread: {recipe: {weighting: {kind: critic}}}
          odd: {recipe: {aggregation: {kind: topsis}}}
          more: {weights: {q7: 1}}
        """,
    "criteria/framework.yaml": """\
        id: deep
        name: Deep
        criteria:
          - id: upper
            name: Upper
            weight: 2
            criteria:
              - {id: left, name: Left, indicators: [
                  {id: q1, name: Q1, unit: x, direction: higher, kind: ratio},
                  {id: q2, name: Q2, unit: x, direction: lower, kind: ratio, weight: 3}]}
              - {id: right, name: Right, weight: 0.5, indicators: [
                  {id: q3, name: Q3, unit: x, direction: higher, kind: ratio, transform: log}]}
          - id: lower
            name: Lower
            indicators:
              - {id: q4, name: Q4, unit: x, direction: higher, kind: ratio}
              - {id: q5, name: Q5, unit: x, direction: higher, kind: ratio}
              - {id: q6, name: Q6, unit: x, direction: lower, kind: ratio, weight: 2}
              - {id: q7, name: Q7, unit: x, direction: higher, kind: ratio, weight: 0}
              - {id: q8, name: Q8, unit: x, direction: higher, kind: ratio}
        """,
    **dict.fromkeys(("criteria/air.yaml", "criteria/work.yaml", "communities/areas/AAA.yaml")),
    **{f"communities/{name}.yaml": None for name in ("alpha", "beta", "gamma")},
}
# q8 is left out by screening; c8 has just enough values, c9 too few; c5 equals c6 in everything.
VALUES = {
    "c1": [9, 4, 100, 3, 7, 2, 1, 1],
    "c2": [7, 6, 20, 8, 8, 5, 1, None],
    "c3": [5, 5, None, 9, 2, 4, 1, None],
    "c4": [3, None, 70, 5, 5, 6, 1, None],
    "c5": [6, 3, 40, 6, 4, 3, 1, None],
    "c6": [6, 3, 40, 6, 4, 3, 1, None],
    "c7": [8, 7, 10, 2, 9, 8, 1, None],
    "c8": [4, 8, 30, None, None, None, None, None],
    "c9": [1, None, None, None, None, None, 1, 1],
}
FILES = {
    f"communities/{name}.yaml": json.dumps(
        {
            "id": name,
            "name": f"Town {name}",
            "source": "census",
            "observations": {
                f"q{i}": value for i, value in enumerate(values, 1) if value is not None
            },
        }
    )
    for name, values in VALUES.items()
}
BUILTIN = Path(__file__).resolve().parents[2]
Explore = Callable[..., Path]


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def page_of(project: Path, target: Path, *options: str) -> Path:
    run("explore", "-q", "-C", project, "-o", target, *options)
    return target


@pytest.fixture(scope="module")
def builtin_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(BUILTIN, tmp_path_factory.mktemp("page") / "explore.html")


@pytest.fixture
def deep(make_project: Callable[..., Path]) -> Path:
    return make_project({**DEEP, **FILES})


def engine(project: Path, *options: str) -> dict[str, tuple[int | None, float | None]]:
    record = json.loads(run("rank", "-q", "--format", "json", "-C", project, *options))
    return {row["id"]: (row["rank"] or None, row["score"]) for row in record["ranking"]}


def overrides(weights: Mapping[str, float], **stages: str) -> Iterator[str]:
    for name, weight in weights.items():
        yield from ("--weight", f"{name}={weight!r}")
    for stage, method in stages.items():
        yield from ("--set", f"recipe.{stage}={method}")


def settled(browser: Any) -> None:
    """Wait until everything asked for has been shown."""
    browser.execute_async_script(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))"
    )


def move(browser: Any, weights: Mapping[str, float], *, typed: bool = True) -> None:
    """Move sliders, or type beside them where the number is finer than a slider's step."""
    for name, weight in weights.items():
        browser.execute_script(
            "const input = document.querySelectorAll(`.weight[data-id=${arguments[0]}] input`)"
            "[arguments[2]]; input.value = arguments[1];"
            "input.dispatchEvent(new Event('input', {bubbles: true}))",
            name,
            str(weight),
            int(typed),
        )
    settled(browser)


def choose(browser: Any, control: str, value: str) -> None:
    browser.execute_script(
        "const s = document.getElementById(arguments[0]); s.value = arguments[1];"
        "s.dispatchEvent(new Event('change', {bubbles: true}))",
        control,
        value,
    )
    settled(browser)


def shown(browser: Any) -> dict[str, tuple[int | None, float | None]]:
    rows = browser.execute_script(
        "return [...document.querySelectorAll('#ranking tbody tr')].map("
        "r => [r.dataset.id, r.dataset.rank, r.dataset.score])"
    )
    return {
        name: (int(rank) or None, None if score == "NaN" else float(score))
        for name, rank, score in rows
    }


def intervals(browser: Any) -> dict[str, list[int]]:
    rows = browser.execute_script(
        "return [...document.querySelectorAll('#ranking tbody tr')].map("
        "r => [r.dataset.id, +r.dataset.low, +r.dataset.high])"
    )
    return {name: [low, high] for name, low, high in rows}


def text(browser: Any, identifier: str) -> str:
    found: str = browser.execute_script(
        f"return document.getElementById('{identifier}').textContent"
    )
    return found


def agree(
    left: dict[str, tuple[int | None, float | None]],
    right: dict[str, tuple[int | None, float | None]],
) -> None:
    assert {name: rank for name, (rank, _) in left.items()} == {
        name: rank for name, (rank, _) in right.items()
    }
    for name, (_, score) in left.items():
        other = right[name][1]
        assert (score is None) == (other is None)
        if score is not None and other is not None:
            assert math.isclose(score, other, rel_tol=1e-9, abs_tol=1e-9), name


MIN_MAX = "{kind: min_max, low: 1, high: 100}"
CASES = [
    ({}, "", "", ""),
    ({"sustain": 3}, "", "", ""),
    ({"connect": 0.35, "work": 2.9, "engage": 0}, "", "", ""),
    (
        {"sustain": 4.1, "pm25_ugm3": 0, "startups_per_100k": 3.3},
        "min_max_1_100",
        "geometric",
        MIN_MAX,
    ),
    ({"include": 0.2, "fixed_download_mbps": 2.5}, "min_max_1_100", "harmonic", MIN_MAX),
    ({"innovate": 2}, "z_score_100_10", "mazziotta_pareto", "{kind: z_score, mean: 100, sd: 10}"),
    ({"innovate": 1.7, "work": 0.4}, "rank", "median", "{kind: rank}"),
    ({"engage": 1e-7, "work": 123456.789}, "rank", "geometric", "{kind: rank}"),
]


@pytest.mark.parametrize(("weights", "scale", "aggregation", "yaml"), CASES)
def test_the_page_scores_as_the_engine_does(
    browser: Any,
    builtin_page: Path,
    weights: dict[str, float],
    scale: str,
    aggregation: str,
    yaml: str,
) -> None:
    open_page(browser, builtin_page)
    weights = {name: weight for name, weight in weights.items() if name in _ids(browser)}
    if scale:
        choose(browser, "normalisation", scale)
        choose(browser, "aggregation", aggregation)
    move(browser, weights)
    stages = {"normalisation": yaml, "aggregation": f"{{kind: {aggregation}}}"} if yaml else {}
    agree(shown(browser), engine(BUILTIN, *overrides(weights, **stages)))
    assert text(browser, "trouble") == ""


def _ids(browser: Any) -> set[str]:
    return set(
        browser.execute_script(
            "return [...document.querySelectorAll('[data-share]')].map(e => e.dataset.share)"
        )
    )


def test_a_slider_moves_the_ranking_at_once(browser: Any, builtin_page: Path) -> None:
    open_page(browser, builtin_page)
    move(browser, {"work": 4.5}, typed=False)
    agree(shown(browser), engine(BUILTIN, "--weight", "work=4.5"))
    rank, _ = shown(browser)["binh_duong"]
    assert f"rank {rank} of 21" in text(browser, "standing")
    assert (
        browser.execute_script("return document.querySelector('#ranking tr.focus').dataset.id")
        == "binh_duong"
    )


def test_a_slider_answers_to_the_keyboard(browser: Any, builtin_page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    open_page(browser, builtin_page)
    slider = browser.find_element("id", "w-sustain")
    slider.send_keys(Keys.ARROW_RIGHT * 3)
    settled(browser)
    weight = float(slider.get_attribute("value"))
    assert weight == pytest.approx(1.15)
    agree(shown(browser), engine(BUILTIN, "--weight", f"sustain={weight!r}"))


def test_a_slider_can_be_dragged(browser: Any, builtin_page: Path) -> None:
    from selenium.webdriver import ActionChains

    open_page(browser, builtin_page)
    slider = browser.find_element("id", "w-engage")
    ActionChains(browser).click_and_hold(slider).move_by_offset(31, 0).release().perform()
    settled(browser)
    weight = float(slider.get_attribute("value"))
    assert weight > 2.5
    assert round(weight / 0.05) * 0.05 == pytest.approx(weight, abs=1e-12)
    agree(shown(browser), engine(BUILTIN, "--weight", f"engage={weight!r}"))


def test_what_is_no_weight_changes_nothing(browser: Any, builtin_page: Path) -> None:
    open_page(browser, builtin_page)
    before = shown(browser)
    for typed in ("-1", "", "1e999", "x"):
        move(browser, {"work": typed})  # type: ignore[dict-item]
        assert shown(browser) == before


def test_intervals_are_those_of_the_engines_draws(browser: Any, builtin_page: Path) -> None:
    open_page(browser, builtin_page)
    for weights in ({}, {"work": 4.0, "connect": 0.5}):
        move(browser, weights)
        found, expected = intervals(browser), drawn(BUILTIN, *overrides(weights))
        assert found.keys() == expected.keys()
        # 12 bits move a draw here and there over the edge of a rank.
        off = [abs(np.subtract(found[name], expected[name])) for name in found]
        assert np.max(off) <= 1
        assert np.sum(off) <= 2


def test_the_page_asks_nothing_of_anyone(browser: Any, builtin_page: Path) -> None:
    open_page(browser, builtin_page)
    move(browser, {"work": 2})
    browser.execute_async_script("setTimeout(arguments[0], 500)")
    assert browser.execute_script("return document.querySelectorAll('.picture svg').length") == 2
    assert requests_of(browser) == []
    assert complaints_of(browser) == []


def test_the_pictures_show_what_the_table_shows(browser: Any, builtin_page: Path) -> None:
    open_page(browser, builtin_page)
    move(browser, {"work": 5})
    browser.execute_async_script("setTimeout(arguments[0], 500)")
    named = browser.execute_script(
        "return [...document.querySelectorAll('#ranks .role-mark text')].map(e => e.textContent)"
    )
    table = browser.execute_script(
        "return [...document.querySelectorAll('#ranking tbody th')].map(e => e.textContent)"
    )
    assert len(named) == len(table)
    for shown, name in zip(named, table, strict=True):  # wide fonts leave less of a long name
        assert name.startswith(shown.removesuffix("…"))
        assert len(shown) > 9 or shown == name
    marks = browser.execute_script(
        "return document.querySelectorAll('#profile .role-mark path').length"
    )
    assert marks == 6 * 21
    assert complaints_of(browser) == []


def test_a_link_brings_back_what_was_chosen(browser: Any, builtin_page: Path) -> None:
    open_page(browser, builtin_page)
    choose(browser, "normalisation", "rank")
    choose(browser, "focus", "surat")
    move(browser, {"work": 1.23456789012, "sustain": 0})
    before = shown(browser), text(browser, "standing"), text(browser, "changed")
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    fragment = "#" + browser.current_url.split("#")[1]
    open_page(browser, builtin_page, fragment)
    assert (shown(browser), text(browser, "standing"), text(browser, "changed")) == before
    browser.execute_script("document.getElementById('reset').click()")
    settled(browser)
    agree(shown(browser), engine(BUILTIN))
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    assert "#" not in browser.current_url


@pytest.mark.parametrize(
    "fragment",
    [
        "#weights=work:-1",
        "#weights=nobody:2,work:x",
        "#focus=<script>",
        "#a=%E0%A4%A",
        "#normalisation=__proto__",
    ],
)
def test_a_link_that_makes_no_sense_is_told_and_left_out(
    browser: Any, builtin_page: Path, fragment: str
) -> None:
    open_page(browser, builtin_page, fragment)
    agree(shown(browser), engine(BUILTIN))
    assert "left out" in text(browser, "said")


def downloaded(browser: Any, project: Path) -> None:
    """Put the page's settings in a project's place."""
    target = browser.folder / "icfscore.yaml"
    target.unlink(missing_ok=True)
    browser.execute_script("document.getElementById('download').click()")
    for _ in range(100):
        if target.exists() and target.stat().st_size:
            break
        browser.execute_async_script("setTimeout(arguments[0], 50)")
    (project / "icfscore.yaml").write_bytes(target.read_bytes())


def test_the_downloaded_settings_rank_alike(browser: Any, deep: Path, tmp_path: Path) -> None:
    open_page(browser, page_of(deep, tmp_path / "page.html"))
    choose(browser, "focus", "c1")
    choose(browser, "aggregation", "harmonic")
    choose(browser, "normalisation", "min_max_1_100")
    move(browser, {"left": 0.3, "q5": 2.25, "q6": 0})
    before = shown(browser)
    downloaded(browser, deep)
    agree(before, engine(deep))
    written = json.loads(run("rank", "-q", "--format", "json", "-C", deep))
    assert written["focus"] == "c1"
    choose(browser, "preset", "even")  # the scenarios are in the file too
    weights = {"left": 1, "q5": 1, "q6": 2}
    agree(shown(browser), engine(deep, "--scenario", "even", *overrides(weights)))


def test_exceptions_gaps_and_depths_are_the_engines(
    browser: Any, deep: Path, tmp_path: Path
) -> None:
    open_page(browser, page_of(deep, tmp_path / "page.html"))
    agree(shown(browser), engine(deep))
    assert shown(browser)["c5"] == shown(browser)["c6"]
    disabled = browser.execute_script(
        "return [...document.querySelectorAll('.weight input:disabled')].map(e => e.id)"
    )
    assert disabled == ["w-q7", "w-q8"]
    weights = {"upper": 0.7, "right": 3.1, "q2": 0.2, "q6": 5.5}
    move(browser, weights)
    agree(shown(browser), engine(deep, *overrides(weights)))
    choose(browser, "aggregation", "arithmetic")
    agree(shown(browser), engine(deep, *overrides(weights, aggregation="{kind: arithmetic}")))


def test_presets_are_the_scenarios(browser: Any, deep: Path, tmp_path: Path) -> None:
    page = page_of(deep, tmp_path / "page.html")
    for name in ("steep", "even", "spread"):
        open_page(browser, page)
        choose(browser, "preset", name)
        agree(shown(browser), engine(deep, "--scenario", name))
    told = browser.execute_script(
        "return [...document.querySelectorAll('details.small li')].map(e => e.textContent)"
    )
    assert [each.split(":")[0] for each in told] == ["later", "odd", "more"]
    assert "topsis" in told[1]


def test_without_an_indicator_the_engine_may_rank_others(
    browser: Any, deep: Path, tmp_path: Path
) -> None:
    open_page(browser, page_of(deep, tmp_path / "page.html"))
    move(browser, {"q6": 0})
    agree(shown(browser), engine(deep, "--weight", "q6=0"))
    assert text(browser, "trouble") == ""
    move(browser, {"q6": 2, "right": 1, "q1": 0})
    assert "leave out Town c8" in text(browser, "trouble")
    assert shown(browser).keys() - engine(deep, "--weight", "q1=0").keys() == {"c8"}
    without = dict.fromkeys(("q2", "q4", "q5", "q6", "lower"), 0)
    move(browser, {"q1": 1, **without})
    assert "take in Town c9" in text(browser, "trouble")
    assert engine(deep, *overrides(without)).keys() - shown(browser).keys() == {"c9"}


def test_what_is_not_defined_is_told(browser: Any, builtin_page: Path) -> None:
    open_page(browser, builtin_page)
    choose(browser, "aggregation", "geometric")
    assert "needs values above 0" in text(browser, "trouble")
    assert {rank for rank, _ in shown(browser).values()} == {None}
    choose(browser, "normalisation", "min_max_1_100")
    assert text(browser, "trouble") == ""
    move(browser, dict.fromkeys(("connect", "work", "innovate", "include", "engage", "sustain"), 0))
    assert "weight 0" in text(browser, "trouble")


def test_data_driven_weights_are_where_the_sliders_start(
    browser: Any, deep: Path, tmp_path: Path
) -> None:
    options = ("--set", "recipe.weighting.kind=standard_deviation")
    page = page_of(deep, tmp_path / "page.html", *options)
    open_page(browser, page)
    before = shown(browser)
    agree(before, engine(deep, *options))
    downloaded(browser, deep)
    agree(before, engine(deep))


def test_an_aggregation_that_cannot_be_repeated_is_told(
    browser: Any, deep: Path, tmp_path: Path
) -> None:
    page = page_of(deep, tmp_path / "page.html", "--set", "recipe.aggregation.kind=copeland")
    open_page(browser, page)
    assert "copeland" in browser.find_element("css selector", ".choices").text
    agree(shown(browser), engine(deep, *overrides({}, aggregation="{kind: arithmetic}")))


def drawn(project: Path, *options: str) -> dict[str, list[int]]:
    """Ask the engine for intervals from the very draws that the page carries."""
    fixed = ("--draws", "500", "--set", "uncertainty.weights.kind=none")
    given = ["uncertainty", "-q", "--format", "json", "-C", project, *fixed, *options]
    return {each["id"]: each["rank_interval"] for each in json.loads(run(*given))["communities"]}


def test_many_communities_carry_draws_of_criteria(
    browser: Any, deep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icfscore.report.explore.packed.MOST_VALUES", 15_000)
    open_page(browser, page_of(deep, tmp_path / "page.html"))
    for weights in ({}, {"upper": 0.5}):
        move(browser, weights)
        assert intervals(browser) == drawn(deep, *overrides(weights))
    move(browser, {"q1": 3})
    assert "only the criteria's weights may change" in text(browser, "interval")
    assert set(map(tuple, intervals(browser).values())) == {(0, 0)}


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("recipe.normalisation.kind=robust",),
        ("uncertainty.missing.kind=fixed", "recipe.normalisation.kind=rank"),
        ("recipe.imputation.kind=mean", "recipe.normalisation={kind: z_score, mean: 50}"),
        ("recipe.outliers.kind=clip", "recipe.normalisation.kind=percentile_rank"),
    ],
)
def test_intervals_hold_for_any_recipe_and_weights(
    browser: Any, deep: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    given = [word for option in options for word in ("--set", option)]
    given += ["--set", "recipe.aggregation={kind: arithmetic}"]
    open_page(browser, page_of(deep, tmp_path / "page.html", *given))
    for weights in ({}, {"upper": 0.5, "q1": 4.0, "q6": 0.1}):
        move(browser, weights)
        found, expected = intervals(browser), drawn(deep, *given, *overrides(weights))
        assert found.keys() == expected.keys()
        # 12 bits move a draw here and there over the edge of a rank.
        assert sum(found[name] != expected[name] for name in found) <= 1
    choose(browser, "normalisation", "rank")
    fits = "robust" not in str(options)
    assert ("do not fit" in text(browser, "interval")) is not fits


def test_nothing_stands_in_the_way_of_anyone(browser: Any, builtin_page: Path) -> None:
    """WCAG 2.2 AA as axe-core checks it; AXE_CORE names the file axe.min.js of npm's axe-core."""
    axe = os.environ.get("AXE_CORE", "")
    if not Path(axe).is_file():
        pytest.skip("AXE_CORE does not name axe-core's axe.min.js (npm pack axe-core)")
    for scheme in ("light", "dark"):
        browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        )
        open_page(browser, builtin_page, "#weights=work:3")
        browser.execute_async_script("setTimeout(arguments[0], 500)")
        browser.execute_script(
            "document.querySelectorAll('details').forEach(e => { e.open = true })"
        )
        script = Path(axe).read_text(encoding="utf-8")
        browser.execute_cdp_cmd("Runtime.evaluate", {"expression": script})  # not from the page
        found = browser.execute_async_script(
            "const done = arguments[0]; axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',"
            " 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => done(r.violations.map("
            "v => [v.id, v.nodes.map(n => n.html)])))"
        )
        assert found == []
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


HOSTILE = {
    "c1": "<script>alert(1)</script>",
    "c2": "</script><img src=x onerror=alert(2)>",
    "c3": "x" * 10_000,
    "c4": "مدينة ‮evil",
    "c5": "🏙️ town",
    "c6": "line\u2028separator {community} ${n}",
    "c7": "'\"`&amp;<!-- ]]>",
}


def test_hostile_names_are_text(
    browser: Any, make_project: Callable[..., Path], tmp_path: Path
) -> None:
    from selenium.common.exceptions import NoAlertPresentException

    files = dict(FILES)
    for name, hostile in HOSTILE.items():
        record = json.loads(files[f"communities/{name}.yaml"]) | {"name": hostile}
        files[f"communities/{name}.yaml"] = "\n".join(
            f"{key}: {_yaml_text(value)}" for key, value in record.items()
        )
    scenario = {"icfscore.yaml": 'focus: c1\nscenarios: {"</script><b>": {weights: {q1: 2}}}\n'}
    project = make_project({**DEEP, **files, **scenario})
    open_page(browser, page_of(project, tmp_path / "page.html"))
    choose(browser, "preset", "</script><b>")
    for name in HOSTILE:
        choose(browser, "focus", name)
    browser.execute_async_script("setTimeout(arguments[0], 500)")
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert.text
    assert requests_of(browser) == []
    assert complaints_of(browser) == []
    assert (
        browser.execute_script("return document.querySelectorAll('img, b, iframe, object').length")
        == 0
    )
    names = browser.execute_script(
        "return Object.fromEntries([...document.querySelectorAll('#ranking tbody tr')]"
        ".map(r => [r.dataset.id, r.cells[2].textContent]))"
    )
    assert names["c1"] == HOSTILE["c1"]
    assert names["c3"] == "x" * 79 + "…"
    assert names["c6"] == "line separator {community} ${n}"
    agree(shown(browser), engine(project, "--scenario", "</script><b>"))
    downloaded(browser, project)
    agree(shown(browser), engine(project))


def _yaml_text(value: Any) -> str:
    return (
        json.dumps(value).replace("\\ud83c\\udfd9\\ufe0f", "🏙️")
        if isinstance(value, str)
        else json.dumps(value)
    )


def test_the_page_is_small(builtin_page: Path) -> None:
    assert builtin_page.stat().st_size < 2_500_000


def test_the_same_inputs_give_the_same_page(deep: Path, tmp_path: Path) -> None:
    first = page_of(deep, tmp_path / "a.html").read_bytes()
    assert page_of(deep, tmp_path / "b.html").read_bytes() == first


def test_without_draws_there_are_no_intervals(browser: Any, deep: Path, tmp_path: Path) -> None:
    open_page(browser, page_of(deep, tmp_path / "page.html", "--draws", "0"))
    assert "made without draws" in text(browser, "interval")
    agree(shown(browser), engine(deep))


def test_names_are_in_the_language_asked_for(
    make_project: Callable[..., Path], tmp_path: Path
) -> None:
    page = page_of(make_project(), tmp_path / "page.html", "--lang", "vi")
    assert "An Pha" in page.read_text(encoding="utf-8")
    assert "Không khí" in page.read_text(encoding="utf-8")


def test_one_community_alone_has_no_intervals(
    browser: Any, make_project: Callable[..., Path], tmp_path: Path
) -> None:
    project = make_project(
        {"communities/alpha.yaml": None, "communities/beta.yaml": None, "icfscore.yaml": ""}
    )
    open_page(browser, page_of(project, tmp_path / "page.html"))
    assert "only one community" in text(browser, "interval")
    agree(shown(browser), engine(project))
