"""The reports as one page, in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.browser import complaints_of, open_page, requests_of
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.report.html.article import make_article
from icfscore.report.html.figure import _bare

BUILTIN = Path(__file__).resolve().parents[2]
SCHEMES = ("light", "dark")
WIDTHS = (400, 1280)


def write(project: Path, target: Path, *options: str) -> Path:
    arguments = ["report", "-q", "--format", "html", "-C", str(project), "-o", str(target)]
    result = CliRunner().invoke(cli, [*arguments, *options])
    assert result.exit_code == 0, result.output
    (page,) = target.iterdir()
    return page


@pytest.fixture(scope="module")
def builtin_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(BUILTIN, tmp_path_factory.mktemp("html"), "--draws", "200")


@pytest.fixture
def small_page(make_project: MakeProject, tmp_path: Path) -> Path:
    return write(make_project(), tmp_path / "out", "--draws", "50")


# ---- what becomes of Markdown


def article(markdown: str, **given: Any) -> str:
    given = {"articles": ("ranking", "profile-a"), "names": {}} | given
    found = make_article(
        "x",
        markdown,
        given["articles"],
        lambda kind, words: f"[{kind}:{words}]",
        str,
        given["names"],
    )
    return str(found.body)


def test_headings_have_identifiers_of_their_own() -> None:
    body = article("# One\n\n## Two\n\n### Two\n\n## Điểm số\n\n## !\n")
    assert re.findall(r'id="([^"]*)"', body) == [
        "x--one", "x--two", "x--two-2", "x--điểm-số", "x--section",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("[a](profile-a.md)", '<a href="#profile-a">a</a>'),
        ("[a](profile-a.vi.md)", '<a href="#profile-a">a</a>'),
        ("[a](profile-b.md)", "a"),
        ("[a](../secret.md)", "a"),
        ("[a](<https://example.org/?a=1&b>)",
         '<a href="https://example.org/?a=1&amp;b" rel="noreferrer">a</a>'),
        ("[a](ftp://example.org)", "a"),
        ("[a](//example.org)", "a"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("<b>a</b>", "&lt;b&gt;a&lt;/b&gt;"),
        ("![a](https://example.org/x.png)", "a"),
        ("b ![a](charts/ranking.svg)", "b a"),
        (r"a\~b@" + "\u2060c", "a~b@c"),
    ],
)  # fmt: skip
def test_links_lead_to_articles_or_to_the_web(markdown: str, html: str) -> None:
    assert article(markdown) == f"<p>{html}</p>\n"


def test_pictures_become_figures() -> None:
    assert article("![so *it* is](charts/ranking.vi.svg)") == "[ranking:so it is]"


def test_tables_name_their_rows_and_columns() -> None:
    body = article(
        "## Places\n\n| Rank | Name | |\n|--:|:--|:--|\n| 1 | A \\| B | x |\n| 2 | C | y |\n",
        names={"C": "profile-c"},
    )
    assert 'role="group" tabindex="0" aria-label="Places"' in body
    assert body.count('scope="col"') == 2
    assert '<th scope="row">A | B' in body
    assert '<th scope="row"><a href="#profile-c">C</a>' in body
    assert '<td class="n">1' in body


def test_what_makes_no_difference_goes_out_of_a_drawing() -> None:
    svg = (
        '<svg width="1" role="img" aria-labelledby="a b"><title id="a">t</title><desc id="b">d'
        '</desc><metadata>m</metadata><text class="c" opacity="1" x="0.123456">role="x" 1.23456'
        '</text><path class="foreground" d="" display="none"/></svg>\n'
    )
    kept = _bare(svg)
    assert kept.startswith('<svg width="1" aria-hidden="true" font-family="')
    assert kept.endswith('><text x="0.12">role="x" 1.23456</text></svg>')


# ---- the page as a file


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found] if tag == "a" else []
        self.sources += [f"{tag} {name}" for name in found if name in ("src", "srcset", "data")]


def elements(page: Path) -> Elements:
    found = Elements()
    found.feed(page.read_text(encoding="utf-8"))
    return found


def test_everything_of_the_markdown_is_in_the_page(
    make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project()
    page = elements(write(project, tmp_path / "html", "--draws", "50"))
    options = ["report", "-q", "-C", str(project), "-o", str(tmp_path / "md"), "--draws", "50"]
    assert CliRunner().invoke(cli, options).exit_code == 0
    written = {path.stem for path in (tmp_path / "md").glob("*.md")}
    assert written | {"profile-beta", "profile-gamma"} <= set(page.ids)


def test_links_of_the_page_lead_somewhere(builtin_page: Path) -> None:
    page = elements(builtin_page)
    assert len(set(page.ids)) == len(page.ids)
    for link in page.links:
        address = link["href"] or ""
        if address.startswith("#"):
            assert address[1:] in page.ids
        else:
            assert address.startswith(("https://", "http://"))
            assert link["rel"] == "noreferrer"
    assert page.sources == []
    assert sum(name.startswith("profile-") and "--" not in name for name in page.ids) == 21


def test_the_page_is_small_enough(builtin_page: Path) -> None:
    text = builtin_page.read_text(encoding="utf-8")
    assert len(text.encode()) < 3_000_000
    assert text.count('<svg xmlns="http') == text.count('<figure class="chart"') >= 12


def test_a_page_has_its_language(make_project: MakeProject, tmp_path: Path) -> None:
    page = write(make_project(), tmp_path / "out", "--lang", "vi", "--draws", "50")
    text = page.read_text(encoding="utf-8")
    assert page.name == "ranking.vi.html"
    assert '<html lang="vi">' in text
    assert '"decimal":",","group":"."' in text
    assert "Mục lục" in text


def test_the_same_inputs_give_the_same_page(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project()
    pages = [write(project, tmp_path / name, "--draws", "50") for name in ("a", "b")]
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_a_project_without_a_focus_has_a_page(make_project: MakeProject, tmp_path: Path) -> None:
    page = elements(write(make_project({"icfscore.yaml": "{}\n"}), tmp_path / "o", "--draws", "0"))
    assert {"ranking", "profile-alpha", "profile-beta", "profile-gamma"} <= set(page.ids)


# ---- the page in a browser


@pytest.fixture
def screen(browser: Any) -> Iterator[Callable[..., None]]:
    """Set width and colour scheme; both are as they were afterwards."""

    def set_screen(width: int, scheme: str = "light") -> None:
        size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    yield set_screen
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def wait(browser: Any, condition: str) -> None:
    done = browser.execute_async_script(
        "const [done] = arguments; const end = Date.now() + 8000;"
        f"const look = () => ({condition}) ? done(true)"
        " : Date.now() > end ? done(false) : setTimeout(look, 25); look();"
    )
    assert done, condition


def shown(browser: Any) -> list[str]:
    found: list[str] = browser.execute_script(
        "return [...document.querySelectorAll('article')].filter(e => e.checkVisibility("
        "{contentVisibilityAuto: true}) && e.offsetHeight).map(e => e.id)"
    )
    return found


def test_one_report_is_shown_at_a_time(browser: Any, builtin_page: Path) -> None:
    open_page(browser, builtin_page)
    assert shown(browser) == ["ranking"]
    link = browser.find_element("css selector", "nav a[href='#profile-taoyuan']")
    link.send_keys("\n")
    wait(browser, "document.title.includes('Taoyuan')")
    assert shown(browser) == ["profile-taoyuan"]
    assert browser.execute_script("return document.activeElement.tagName") == "H1"
    assert link.get_attribute("aria-current") == "page"
    open_page(browser, builtin_page, "#ranking--the-ranking")
    assert shown(browser) == ["ranking"]
    assert browser.execute_script(
        "return Math.abs(document.getElementById('ranking--the-ranking')"
        ".getBoundingClientRect().top) < 100"
    )
    open_page(browser, builtin_page, "#%E0%A4%A")
    assert shown(browser) == ["ranking"]


def test_without_scripts_everything_is_there(browser: Any, small_page: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_page(browser, small_page)
        for name in ("ranking", "profile-beta", "alpha-vs-gamma"):
            assert browser.find_element("id", name).is_displayed()
        assert browser.find_element("css selector", ".drawing svg").is_displayed()
        assert not browser.find_element("css selector", ".buttons").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


SORT = """\
const table = [...document.querySelectorAll('article:not([hidden]) table')][arguments[0]];
const head = table.tHead.rows[0].cells[arguments[1]];
head.querySelector('button').click();
return [head.getAttribute('aria-sort'),
        [...table.tBodies[0].rows].map(row => row.cells[arguments[1]].textContent.trim())];
"""


@pytest.mark.parametrize("language", ["en", "vi"])
def test_tables_are_sorted_by_number(
    browser: Any, make_project: MakeProject, tmp_path: Path, language: str
) -> None:
    rows = ["−1.5", "1,200", "~18 %", "–", "3–15", "3–4", "0.25 m² per person (2018)"]
    expected = ["−1.5", "0.25 m² per person (2018)", "3–4", "3–15", "~18 %", "1,200", "–"]
    if language == "vi":
        rows, expected = ([_swapped(each) for each in some] for some in (rows, expected))
    open_page(browser, write(make_project(), tmp_path / "o", "--draws", "0", "--lang", language))
    at = "document.querySelectorAll('article:not([hidden]) table')"
    browser.execute_script(
        f"const body = {at}[0].tBodies[0], row = body.rows[0];"
        "body.replaceChildren(...arguments[0].map(t => { const r = row.cloneNode(true);"
        "r.cells[1].textContent = t; return r; }))",
        rows,
    )
    assert browser.execute_script(SORT, 0, 1) == ["ascending", expected]
    assert browser.execute_script(SORT, 0, 1) == ["descending", [*expected[-2::-1], expected[-1]]]
    assert browser.execute_script(SORT, 0, 1) == [None, rows]


def _swapped(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


def test_charts_answer_to_a_pointer(browser: Any, builtin_page: Path) -> None:
    from selenium.webdriver import ActionChains

    open_page(browser, builtin_page)
    chart = "document.querySelector('[data-kind=ranking]')"
    browser.execute_script(f"{chart}.scrollIntoView()")
    wait(browser, f"{chart}.querySelector('.anew svg')")
    assert browser.execute_script(f"return {chart}.querySelectorAll('svg').length") == 1
    mark = browser.execute_script(
        f"return {chart}.querySelector('.mark-symbol path, .mark-circle path')"
    )
    ActionChains(browser).move_to_element(mark).perform()
    wait(browser, "document.querySelector('#vg-tooltip-element')?.textContent.includes('Issy')")
    assert (requests_of(browser), complaints_of(browser)) == ([], [])


def test_nothing_is_wider_than_the_screen(
    browser: Any, builtin_page: Path, screen: Callable[..., None]
) -> None:
    screen(400)
    for fragment in ("", "#profile-taoyuan", "#binh-duong-vs-taoyuan"):
        open_page(browser, builtin_page, fragment)
        wide = browser.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1]


def test_paper_has_the_report_alone(
    browser: Any, small_page: Path, screen: Callable[..., None]
) -> None:
    open_page(browser, small_page, "#profile-beta")
    try:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        assert shown(browser) == ["profile-beta"]
        assert not browser.find_element("id", "page-contents").is_displayed()
        # Else Chromium would not repeat a table's header on its next page.
        button = "article:not([hidden]) thead button"
        assert (
            browser.execute_script(
                f"return getComputedStyle(document.querySelector('{button}')).display"
            )
            == "contents"
        )
        browser.execute_script("document.documentElement.classList.add('everything')")
        assert len(shown(browser)) == 6
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_accessible(
    browser: Any, small_page: Path, screen: Callable[..., None], width: int, scheme: str
) -> None:
    """WCAG 2.2 AA as axe-core checks it; AXE_CORE names the file axe.min.js of npm's axe-core."""
    axe = os.environ.get("AXE_CORE", "")
    if not Path(axe).is_file():
        pytest.skip("AXE_CORE does not name axe-core's axe.min.js (npm pack axe-core)")
    screen(width, scheme)
    for fragment in ("", "#profile-beta", "#alpha-vs-beta"):
        open_page(browser, small_page, fragment)
        browser.execute_script("document.querySelectorAll('details').forEach(e => e.open = true)")
        script = Path(axe).read_text(encoding="utf-8")
        browser.execute_cdp_cmd("Runtime.evaluate", {"expression": script})  # not from the page
        found = browser.execute_async_script(
            "const done = arguments[0]; axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',"
            " 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => done(r.violations.map("
            "v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))])))"
        )
        assert found == []


HOSTILE = {
    "communities/alpha.yaml": "<script>alert(1)</script>",
    "communities/beta.yaml": "](javascript:alert(2)) [x](javascript:alert(3))",
    "communities/gamma.yaml": "x" * 10_000,
    "communities/delta.yaml": "مدينة \u202eevil",
    "communities/epsilon.yaml": "🏙️ </script><img src=x onerror=alert(4)> | ${n} {heading} {{ n }}",
}
SOURCES = """\
census: {title: "<img src=//example.org onerror=alert(5)>", url: "javascript:alert(6)"}
bad: {title: "[x](javascript:alert(7))", url: "data:text/html,<script>alert(8)</script>"}
"""


def test_hostile_names_are_text(browser: Any, make_project: MakeProject, tmp_path: Path) -> None:
    from selenium.common.exceptions import NoAlertPresentException

    files = {"communities/sources.yaml": SOURCES}
    for number, (path, name) in enumerate(HOSTILE.items(), 1):
        files[path] = (
            f"id: {Path(path).stem}\nname: {_quoted(name)}\nsource: bad\n"
            f"observations: {{dust: {number * 7}, jobs: {number * 9}, income: {number * 999}}}\n"
        )
    page = write(make_project(files), tmp_path / "out", "--draws", "50")
    fragments = ("", "#profile-alpha", "#alpha-vs-epsilon", "#<img src=x onerror=alert(9)>")
    for fragment in fragments:
        open_page(browser, page, fragment)
        browser.execute_script("document.querySelectorAll('thead button').forEach(b => b.click())")
        wait(browser, "!document.querySelector('article:not([hidden]) .chart') || window.vegaEmbed")
        with pytest.raises(NoAlertPresentException):
            _ = browser.switch_to.alert.text
        assert (requests_of(browser), complaints_of(browser)) == ([], [])
    assert browser.execute_script("return document.querySelectorAll('img').length") == 0
    text = browser.find_element("id", "ranking").get_attribute("textContent")
    assert "<script>alert(1)</script>" in text
    assert "](javascript:alert(2))" in text
    assert "x" * 80 not in text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
