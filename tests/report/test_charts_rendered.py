"""Charts as files: sound, harmless, the same every time, whatever the project."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.conftest import FILES, MakeProject
from tests.report.charting import SVG, drawn, material_of, texts_of
from tests.report.projects import DEEP, FLAT, Files

from icfscore.errors import InputError
from icfscore.report.charts.picture import Picture
from icfscore.report.charts.registry import KINDS
from icfscore.report.charts.render import html_of, png_of, svg_of
from icfscore.report.charts.theme import WIDTH

ROOT = Path(__file__).resolve().parents[2]
TAGS = {
    "svg",
    "title",
    "desc",
    "metadata",
    "rect",
    "g",
    "path",
    "line",
    "text",
    "tspan",
    "defs",
} | {
    "linearGradient",
    "stop",
}
NAMES = [kind.name for kind in KINDS]
SCENARIOS = "focus: alpha\nscenarios: {green: {weights: {air: 3}}, two: {weights: {work: 2}}}\n"
SCRIPT = "<script>alert(1)</script>\\\" ' ]} `${x}` \\\\"
TURNED = "\u202eمدينة الرياض abc"
HOSTILE: Files = {
    "icfscore.yaml": SCENARIOS,
    "communities/alpha.yaml": FILES["communities/alpha.yaml"].replace(
        "{en: Alpha, vi: An Pha}", f'"{SCRIPT}"'
    ),
    "communities/beta.yaml": FILES["communities/beta.yaml"].replace("Beta", f'"{TURNED}"'),
    "communities/gamma.yaml": FILES["communities/gamma.yaml"].replace(
        "name: Gamma", f"name: {'x😀' * 5000}"
    ),
    "criteria/air.yaml": FILES["criteria/air.yaml"]
    .replace("{en: Air, vi: Không khí}", f'"{SCRIPT}"')
    .replace("name: Fine dust", 'name: "</text></svg><script>alert(2)</script>"'),
}
ONE_INDICATOR: Files = {
    "criteria/framework.yaml": """\
        id: f
        name: F
        version: "1"
        indicators: [{id: dust, name: Dust, unit: ug/m^3, direction: lower, kind: ratio, target: 5}]
        """,
    "criteria/air.yaml": None,
    "criteria/work.yaml": None,
    "communities/areas/AAA.yaml": None,
    "communities/alpha.yaml": "{id: alpha, name: A, source: census, observations: {dust: 10}}\n",
    "communities/beta.yaml": "{id: beta, name: B, source: census, observations: {dust: 20}}\n",
    "communities/gamma.yaml": "{id: gamma, name: C, source: census, observations: {dust: 20}}\n",
}
PROJECTS: dict[str, Files] = {
    "flat": FLAT,
    "deep": DEEP,
    "one indicator": ONE_INDICATOR,
    "two communities": {"communities/gamma.yaml": None},
    "one community": {"communities/gamma.yaml": None, "communities/beta.yaml": None},
    "no focus": {"icfscore.yaml": "scenarios: {green: {weights: {air: 3}}}\n"},
    "hostile": HOSTILE,
}
# What cannot be drawn, and is said to be so.
REFUSED = {
    "flat": {"scenarios"},
    "deep": {"scenarios", "stability", "correlations", "indicator_correlations"},
    "one indicator": {"scenarios", "stability", "drivers", "tornado", "correlations"}
    | {"indicator_correlations"},
    "two communities": {"scenarios", "correlations", "indicator_correlations"},
    "one community": {"scenarios", "acceptability", "pairwise", "drivers", "correlations"}
    | {"indicator_correlations", "tornado"},
    "no focus": {"profile", "tornado", "stability", "drivers"},
    "hostile": set(),
}


def _assert_sound(picture: Picture) -> str:
    svg = svg_of(picture)
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert root.get("width") == str(WIDTH)
    assert root.get("role") == "img"
    named = [each.get("id") or "" for each in root.iter() if each.get("id")]
    assert root.get("aria-labelledby") == " ".join(named[:2])
    assert all(name.startswith(f"{picture.kind}-") for name in named)  # apart in one page
    assert set(re.findall(r"url\(#([^)]*)\)", svg)) <= set(named)
    assert root.findtext(f"{SVG}title") == picture.title
    assert root.findtext(f"{SVG}desc") == picture.alt
    assert picture.alt.startswith(picture.title)
    assert len(picture.alt) > len(picture.title) + 20
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= TAGS
    hrefs = [key for element in root.iter() for key in element.attrib if "href" in key.lower()]
    assert hrefs == []
    return svg


@pytest.mark.parametrize("project", PROJECTS)
def test_any_project_is_drawn_or_refused_with_a_reason(
    make_project: MakeProject, project: str
) -> None:
    material = material_of(make_project(PROJECTS[project]), draws=60)
    refused, reasons = set(), []
    for kind in NAMES:
        try:
            picture = drawn(material, kind)
        except InputError as error:
            refused.add(kind)
            reasons.append(str(error))
            continue
        _assert_sound(picture)
    assert refused == REFUSED[project]
    assert all(len(reason) > 20 for reason in reasons)


@pytest.mark.parametrize(
    "settings",
    [
        ("recipe.normalisation.kind=z_score",),
        ("recipe.normalisation.kind=rank", "recipe.aggregation.kind=copeland"),
        ("recipe.aggregation.kind=topsis",),
        ("recipe.normalisation.low=1", "recipe.aggregation.kind=geometric"),
        ("proxies=false", "recipe.screening.min_community_coverage=0"),
        ("recipe.imputation.kind=mean",),
    ],
)
def test_any_recipe_is_drawn(make_project: MakeProject, settings: tuple[str, ...]) -> None:
    material = material_of(make_project(), draws=60, settings=settings)
    refused: dict[str, str] = {}
    for kind in NAMES:
        try:
            picture = drawn(material, kind)
        except InputError as error:
            refused[kind] = str(error)
            continue
        assert picture.spec["layer"]
    assert refused.keys() <= {"scenarios", "contributions", "tornado"}
    assert "no sum of contributions" in refused.get("contributions", "no sum of contributions")


def test_hostile_names_are_letters_and_short(make_project: MakeProject) -> None:
    material = material_of(make_project(HOSTILE), draws=60)
    for kind in NAMES:
        picture = drawn(material, kind)
        svg = svg_of(picture)
        assert "<script" not in svg
        assert "\u202e" not in svg
        assert max(map(len, texts_of(svg))) < 200
        assert len(picture.alt) < 2000
    assert any("<script>alert(1)" in text for text in texts_of(svg_of(drawn(material, "ranking"))))


def test_hostile_names_cannot_end_the_pages_script(make_project: MakeProject) -> None:
    material = material_of(make_project(HOSTILE), draws=60)
    page = html_of(drawn(material, "ranking"))
    assert page.count("<script") == page.count("</script") == 2
    body = page.split("<body>")[1].split("<script>")[0]
    assert "<script" not in body
    assert "&lt;script&gt;alert(1)" in body
    loaded = re.findall(r"""(?:src|href)\s*=\s*["']https?:""", page.split("<script>")[0])
    assert loaded == []
    assert "default-src 'none'" in page
    assert "unsafe-eval" not in page


def test_the_same_inputs_give_the_same_bytes(make_project: MakeProject) -> None:
    folder = make_project({"icfscore.yaml": SCENARIOS})
    once = {kind: svg_of(drawn(material_of(folder), kind)) for kind in NAMES}
    again = {kind: svg_of(drawn(material_of(folder), kind)) for kind in reversed(NAMES)}
    assert once == again
    picture = drawn(material_of(folder), "ranking")
    assert png_of(picture) == png_of(picture)
    assert html_of(picture) == html_of(picture)


def test_another_process_draws_the_same(make_project: MakeProject) -> None:
    folder = make_project()
    code = (
        "import sys; from pathlib import Path;"
        "from tests.report.charting import drawn, material_of;"
        "from icfscore.report.charts.render import svg_of;"
        "sys.stdout.buffer.write(svg_of(drawn(material_of(Path(sys.argv[1])), 'pairwise')).encode())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "5"}
    other = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert other.stdout.decode() == svg_of(drawn(material_of(folder), "pairwise"))


def test_a_png_has_the_width_asked_for(make_project: MakeProject) -> None:
    png = png_of(drawn(material_of(make_project(), draws=0), "ranking"), 700)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 700


def test_the_page_holds_the_chart_and_its_words(make_project: MakeProject) -> None:
    picture = drawn(material_of(make_project(), draws=0), "ranking")
    page = html_of(picture)
    assert '<html lang="en">' in page
    assert "<title>Alpha stands 1st of 3 communities</title>" in page
    assert f'role="img" aria-label="{picture.alt}"' in page
    found = re.search(r'vegaEmbed\("#chart", (\{.*?\}), \{renderer', page, flags=re.DOTALL)
    assert found
    spec = json.loads(found[1])
    assert spec["datasets"] == picture.spec["datasets"]
    assert len(page) < 1_000_000


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_a_browser_shows_a_hostile_page_and_asks_for_nothing(
    make_project: MakeProject, tmp_path: Path
) -> None:
    spy = (
        "<script>window.alert = () => document.body.dataset.alerted = 1;"
        "setTimeout(() => document.body.dataset.asked = performance.getEntriesByType('resource')"
        ".map(entry => entry.name).join(' ') || 'nothing', 3000)</script></body>"
    )
    told = html_of(drawn(material_of(make_project(HOSTILE), draws=60), "ranking"))
    page = tmp_path / "page.html"
    page.write_text(spy.join(told.rsplit("</body>", 1)), "utf-8")
    chromium = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic"]
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
    own = ["--disable-sync", f"--user-data-dir={tmp_path / 'profile'}"]
    wanted = ["--enable-logging=stderr", "--virtual-time-budget=8000", "--dump-dom"]
    found = subprocess.run(
        [*chromium, *quiet, *own, *wanted, page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "<svg" in found.stdout
    assert "alert(1)" in found.stdout
    assert "CONSOLE" not in found.stderr
    assert 'data-asked="nothing"' in found.stdout
    assert "data-alerted" not in found.stdout
