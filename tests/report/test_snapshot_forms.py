"""The snapshot in every form of the report: the same words, and first where it is one of several."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject
from tests.pipeline.test_snapshot import FILES

from icfscore.cli.main import cli
from icfscore.report.marked import plain, read_markdown


def _write(project: Path, target: Path, form: str, *options: str) -> Path:
    arguments = ["report", "-q", "--format", form, "-C", str(project), "-o", str(target)]
    result = CliRunner().invoke(cli, [*arguments, "--draws", "50", *options])
    assert result.exit_code == 0, result.output
    return target


def _lines(markdown: Path) -> list[str]:
    tokens = read_markdown(markdown.read_text("utf-8"))
    return [plain(token) for token in tokens if token.type == "inline"]


def _text(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_page_opens_with_the_snapshot(
    lang: str, make_project: MakeProject, tmp_path: Path
) -> None:
    project, ending = make_project(FILES), "" if lang == "en" else f".{lang}"
    said = _lines(
        _write(project, tmp_path / "md", "markdown", "--lang", lang) / f"snapshot-alpha{ending}.md"
    )
    page = _write(project, tmp_path / "html", "html", "--lang", lang) / f"ranking{ending}.html"
    text = page.read_text("utf-8")
    articles = re.findall(r'<article id="([^"]*)">(.*?)</article>', text, re.DOTALL)
    assert [name for name, _ in articles] == ["snapshot-alpha", "ranking", "profile-alpha"]
    shown = _text(articles[0][1])
    assert [line for line in said if " ".join(line.split()) not in shown] == []
    contents = text[text.index("<nav") : text.index("</nav>")]
    links = re.findall(r'href="#([^"]*)"', contents)
    assert links[0] == "snapshot-alpha"
    assert links.index("ranking") > links.index("snapshot-alpha--3-insights" if lang == "en"
                                                else "snapshot-alpha--3-nhận-định")  # fmt: skip
    assert f"<title>{articles[0][1].partition('</h1>')[0].rpartition('>')[2]}</title>" in text


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_document_begins_with_the_snapshot(
    lang: str, make_project: MakeProject, tmp_path: Path
) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed (extra 'docx')")
    project, ending = make_project(FILES), "" if lang == "en" else f".{lang}"
    markdown = _write(project, tmp_path / "md", "markdown", "--lang", lang)
    written = _write(project, tmp_path / "docx", "docx", "--lang", lang) / f"ranking{ending}.docx"
    document = docx.Document(str(written))
    said = _lines(markdown / f"snapshot-alpha{ending}.md")
    found = [each.text for each in document.paragraphs]
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert [line for line in said if line not in found and line not in cells] == []
    titles = [each for each in document.paragraphs if each.style.name == "Heading 1"]
    ranking = _lines(markdown / f"ranking{ending}.md")
    assert [each.text for each in titles] == [said[0], ranking[0]]
    assert titles[1].paragraph_format.page_break_before
    assert document.core_properties.title == said[0]


def test_no_snapshot_where_there_are_others(make_project: MakeProject, tmp_path: Path) -> None:
    page = _write(make_project(), tmp_path, "html") / "ranking.html"
    text = page.read_text("utf-8")
    assert text.index('<article id="ranking">') == text.index("<article")
    assert "snapshot" not in text[text.index("<nav") : text.index("</nav>")]


NAMED = (
    " levels: {none: 0, plan: 1, pilot: 2, operating: 3, effect: 4},"
    " level_names: {plan: {en: a plan, vi: kế hoạch}, pilot: {en: a pilot, vi: thí điểm}}"
)


@pytest.mark.parametrize(
    ("lang", "plan", "pilot"), [("en", "a plan", "a pilot"), ("vi", "kế hoạch", "thí điểm")]
)
def test_levels_are_named_in_the_reports_language(
    lang: str, plan: str, pilot: str, make_project: MakeProject, tmp_path: Path
) -> None:
    levels = " levels: {none: 0, plan: 1, pilot: 2, operating: 3, effect: 4}"
    files = {
        name: text.replace(levels, NAMED) if isinstance(text, str) else text
        for name, text in FILES.items()
    }
    project = make_project(files)
    ending = "" if lang == "en" else f".{lang}"
    folder = _write(project, tmp_path / "md", "markdown", "--lang", lang)
    profile = "\n".join(_lines(folder / f"profile-alpha{ending}.md"))
    snapshot = "\n".join(_lines(folder / f"snapshot-alpha{ending}.md"))
    for text in (profile, snapshot):
        assert f"“{plan}”" in text
        assert f"“{pilot}”" in text
    assert plan in profile.splitlines()
    assert pilot in profile.splitlines()
    assert "operating" in profile.splitlines()  # the framework has no other name
    assert not {"plan", "pilot"} & set(profile.splitlines())
    run = CliRunner().invoke(cli, ["profile", "alpha", "-C", str(project), "--lang", lang])
    assert plan in run.stdout
    run = CliRunner().invoke(
        cli, ["whatif", "-C", str(project), "--change", "alpha.noise=pilot", "--lang", lang]
    )
    assert f"{pilot} (2)" in " ".join(run.stdout.split()), run.stdout
