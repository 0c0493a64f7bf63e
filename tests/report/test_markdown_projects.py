"""The Markdown reports of odd projects, hostile ones, and the one that this repository is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tests.conftest import MakeProject
from tests.report.projects import DEEP, FLAT, score_folder

from icfscore.cli.main import cli
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.report.markdown import report_files
from icfscore.sentences import languages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `icfscore report` writes of the project that this repository is.

    In every language, as `icfscore report --lang vi` does.
    """
    folder = tmp_path_factory.mktemp("reports")
    for language in languages():
        options = ["-q", "-C", str(ROOT), "-o", str(folder), "--lang", language]
        result = CliRunner().invoke(cli, ["report", *options])
        assert result.exit_code == 0, result.stderr
    return folder


@pytest.fixture(scope="module")
def own_reports(own_files: Path) -> dict[str, str]:
    """The reports of the project that this repository is, by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in own_files.glob("*.md")}


def _tokens(text: str) -> list[Token]:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [*tokens, *(child for token in tokens for child in token.children or ())]


@pytest.mark.parametrize("files", [{}, FLAT, DEEP])
@pytest.mark.parametrize("focus", ["alpha", "beta"])
def test_any_framework_makes_sound_markdown(
    make_project: MakeProject, files: dict[str, str | bytes | None], focus: str
) -> None:
    scoring = score_folder(make_project(files), focus=focus, draws=100)
    for draws in (None, draw_ranks(scoring, confidence=False)):
        for text in report_files(scoring, draws=draws).values():
            _assert_sound(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipe.normalisation.kind": "z_score"},
        {"recipe.normalisation.kind": "min_max", "recipe.normalisation.high": "1"},
        {"recipe.normalisation.kind": "rank", "recipe.aggregation.kind": "copeland"},
        {"proxies": "false"},
        {"recipe.imputation.kind": "mean", "recipe.screening.min_community_coverage": "0"},
    ],
)
def test_any_recipe_makes_sound_markdown(
    make_project: MakeProject, changes: dict[str, str]
) -> None:
    scoring = score_folder(make_project(), assignments=changes, draws=100)
    for draws in (None, draw_ranks(scoring, confidence=False)):
        for text in report_files(scoring, draws=draws).values():
            _assert_sound(text)


def _assert_sound(text: str) -> None:
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\n\n\n" not in text
    assert not re.search(r"\bnan\b|\bNone\b|[{}%]}|\{[{%]", text)
    previous = ""
    for line in text.splitlines():
        if line.startswith("#"):
            assert previous == "", line
        if line.startswith("|") and previous.startswith("|"):
            assert _n_cells(line) == _n_cells(previous), line
        previous = line


def _n_cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row))


def test_without_a_focus_there_is_the_ranking_alone(make_project: MakeProject) -> None:
    files = report_files(score_folder(make_project({"icfscore.yaml": "reference_year: 2017\n"})))
    assert list(files) == ["ranking.md"]
    assert files["ranking.md"].startswith("# Small framework\n\nSmall framework; data about 2017.")
    assert (
        "1. 3 communities are ranked: the first is **Alpha** with the score 62.5"
        in files["ranking.md"]
    )
    assert "Strengths" not in files["ranking.md"]
    _assert_sound(files["ranking.md"])


def test_one_community_stands_alone(make_project: MakeProject) -> None:
    files = report_files(
        score_folder(make_project({"communities/beta.yaml": None, "communities/gamma.yaml": None}))
    )
    assert list(files) == ["ranking.md", "profile-alpha.md"]
    _assert_sound(files["profile-alpha.md"])
    assert (
        "1. **Alpha** is the only community that is ranked; its score is 50.0.\n"
        in files["ranking.md"]
    )
    _assert_sound(files["ranking.md"])


def test_a_focus_without_a_place_is_told(make_project: MakeProject) -> None:
    alpha = "id: alpha\nname: Alpha\nsource: census\nobservations: {dust: 1}\n"
    files = report_files(score_folder(make_project({"communities/alpha.yaml": alpha})))
    assert list(files) == ["ranking.md"]
    assert "**Alpha** has no place in this ranking" in files["ranking.md"]
    assert "Not ranked, because they have too few values" in files["ranking.md"]


HOSTILE = "</td><script>alert(1)</script>|`x`[x](javascript:alert(1))![x](https://evil.example/i.png)\n# y"


def test_hostile_texts_stay_text(make_project: MakeProject) -> None:
    text = HOSTILE.replace("\n", "\\n")
    files: dict[str, str | bytes | None] = {
        "communities/sources.yaml": f"""\
            census: {{title: "{text}", url: 'javascript:alert(1)', publisher: "{text}", year: "{text}"}}
            """,
        "communities/alpha.yaml": f"""\
            id: alpha
            name: "{text}"
            description: "{text}"
            parent: AAA
            source: census
            observations:
              dust: {{value: 10, note: "{text}", area: "{text}"}}
              trees: 20
              population: 1000
            """,
        "communities/beta.yaml": f"id: beta\nname: '{'B' * 10_000}'\nparent: AAA\nsource: census\n"
        "observations: {dust: 20}\n",
        "criteria/work.yaml": f"""\
            id: work
            name: "{text}"
            description: "{text}"
            indicators:
              - {{id: jobs, name: "{text}", description: "{text}", unit: "{text}", direction: higher, kind: ratio}}
              - {{id: income, name: "- - -", unit: USD, direction: higher, kind: ratio}}
              - {{id: poverty, name: "1. x", unit: percent, direction: lower, kind: share, weight: 0}}
            """,
    }
    scoring = score_folder(make_project(files), draws=50)
    draws = draw_ranks(scoring, confidence=False)
    for name, report in report_files(scoring, draws=draws).items():
        _assert_harmless(report, name)


def _assert_harmless(report: str, name: str) -> None:
    tokens = _tokens(report)
    assert not [token for token in tokens if token.type in ("html_block", "html_inline", "image")]
    hrefs = {str(token.attrs["href"]) for token in tokens if token.type == "link_open"}
    assert all(re.fullmatch(r"[a-z0-9-]+\.md", href) for href in hrefs), hrefs
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h1") == 1
    widths = [len(line) for line in report.splitlines() if line.startswith("| ")]
    assert max(widths) < 3000, name
    rows = [token for token in tokens if token.type == "tr_open"]
    assert len(rows) == sum(line.startswith("| ") for line in report.splitlines())


def test_committed_reports_are_current(own_reports: dict[str, str]) -> None:
    for name, text in own_reports.items():
        path = ROOT / "reports" / name
        assert path.is_file(), f"{path} is missing: run `icfscore report`"
        assert path.read_text(encoding="utf-8") == text, f"{path} is old: run `icfscore report`"


def test_committed_charts_are_current(own_files: Path) -> None:
    """The same bytes where the renderer is the one that drew them, else the same chart."""
    drawn = {path.name: path for path in (own_files / "charts").glob("*.svg")}
    committed = {path.name: path for path in (ROOT / "reports/charts").glob("*.svg")}
    assert drawn.keys() == committed.keys(), "run `icfscore report`"
    for name, path in drawn.items():
        new, old = (each.read_text(encoding="utf-8") for each in (path, committed[name]))
        told = [
            re.findall(r"<metadata>chart (\w+); (.*?)</metadata>", text)[0] for text in (new, old)
        ]
        assert told[0][0] == told[1][0], f"{name} is old: run `icfscore report`"
        if told[0] == told[1]:
            assert new == old, f"{name} is old: run `icfscore report`"


def test_reports_show_every_chart_with_its_words(
    own_files: Path, own_reports: dict[str, str]
) -> None:
    tokens = _tokens(own_reports["ranking.md"])
    shown = {str(token.attrs["src"]): token.content for token in tokens if token.type == "image"}
    files = (own_files / "charts").iterdir()
    drawn = {f"charts/{path.name}" for path in files if path.name.count(".") == 1}
    assert shown.keys() == drawn
    assert all(len(words) > 30 for words in shown.values())
    for name in ("drivers", "stability", "tornado"):  # their words stand above them as well
        assert own_reports["ranking.md"].count(shown[f"charts/{name}.svg"]) == 2
    first_page = own_reports["ranking.md"].split("\n---\n")[0]
    assert "charts/" not in first_page


def test_committed_reports_make_sound_markdown(own_reports: dict[str, str]) -> None:
    for text in own_reports.values():
        _assert_sound(text)


def test_the_first_page_is_one_page_of_a4(own_reports: dict[str, str]) -> None:
    page = own_reports["ranking.md"].split("\n---\n")[0]
    words = [
        word for line in page.splitlines() if not line.startswith("|") for word in line.split()
    ]
    assert len([word for word in words if any(map(str.isalnum, word))]) <= 480
    assert sum(line.startswith("|") for line in page.splitlines()) <= 10
