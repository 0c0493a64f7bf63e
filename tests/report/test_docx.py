"""The report as a Word document."""

from __future__ import annotations

import builtins
import io
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.report.marked import picture_of, plain, read_markdown
from icfscore.report.word.document import _Writer
from icfscore.report.word.looks import prepare, text_width

docx = pytest.importorskip("docx", reason="python-docx is not installed (extra 'docx')")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def write(project: Path, target: Path, *options: str, form: str = "docx") -> Path:
    arguments = ["report", "-q", "--format", form, "-C", str(project), "-o", str(target)]
    result = CliRunner().invoke(cli, [*arguments, "--draws", "50", *options])
    assert result.exit_code == 0, result.output
    return target


def document_of(markdown: str) -> Any:
    document = docx.Document()
    prepare(document, "en")
    _Writer(document, {}).write(read_markdown(markdown))
    stream = io.BytesIO()
    document.save(stream)
    return docx.Document(stream)


def test_it_says_what_the_markdown_says(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project()
    document = docx.Document(str(write(project, tmp_path / "docx") / "ranking.docx"))
    tokens = read_markdown(
        (write(project, tmp_path / "md", form="markdown") / "ranking.md").read_text("utf-8")
    )
    headings = [
        (token.tag, plain(tokens[at + 1]))
        for at, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    assert headings == [
        (f"h{each.style.name[-1]}", each.text)
        for each in document.paragraphs
        if each.style.name.startswith("Heading")
    ]
    pictures = [token for token in tokens if token.type == "inline" and picture_of(token)]
    said = [plain(each) for each in tokens if each.type == "inline" and each not in pictures]
    found = [text.text or "" for text in document.element.body.iter(f"{W}p")]
    texts = [
        "".join(run.text or "" for run in paragraph.iter(f"{W}t"))
        for paragraph in document.element.body.iter(f"{W}p")
    ]
    assert len(found) == len(texts)
    assert [each for each in texts if each] == [each for each in said if each]
    assert len(document.inline_shapes) == len(pictures) > 5


def test_pictures_have_words_and_fit_the_page(make_project: MakeProject, tmp_path: Path) -> None:
    document = docx.Document(str(write(make_project(), tmp_path / "o") / "ranking.docx"))
    for shape in document.inline_shapes:
        assert len(shape._inline.docPr.get("descr")) > 20
        assert shape.width.mm <= text_width(landscape=False)
        assert shape.height.mm <= 220
    blips = document.element.body.iter(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
    )
    kinds = {document.part.related_parts[each.get(f"{R}embed")].content_type for each in blips}
    assert kinds == {"image/png"}


def test_it_has_a_title_and_a_language(make_project: MakeProject, tmp_path: Path) -> None:
    document = docx.Document(
        str(write(make_project(), tmp_path / "o", "--lang", "vi") / "ranking.vi.docx")
    )
    core = document.core_properties
    assert core.title == document.paragraphs[0].text
    assert core.title.startswith("An Pha")
    assert core.author.startswith("icfscore ")
    assert core.language == "vi"
    languages = {each.get(f"{W}val") for each in document.styles.element.iter(f"{W}lang")}
    assert languages == {"vi-VN"}


def test_the_same_inputs_give_the_same_bytes(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project()
    first, second = (
        (write(project, tmp_path / name) / "ranking.docx").read_bytes() for name in ("a", "b")
    )
    assert first == second
    with ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_tables_repeat_their_header_and_fit() -> None:
    document = document_of(
        "| Name | Score |\n|:--|--:|\n| **A** \\| a | 1.5 |\n| " + "long word " * 40 + " | 2 |\n"
    )
    (table,) = document.tables
    assert [cell.text for cell in table.rows[1].cells] == ["A | a", "1.5"]
    header, *rows = table._tbl.tr_lst
    assert header.trPr.find(f"{W}tblHeader") is not None
    assert all(row.trPr.find(f"{W}tblHeader") is None for row in rows)
    assert table.rows[1].cells[0].paragraphs[0].runs[0].bold
    assert table.rows[1].cells[1].paragraphs[0].alignment == 2
    widths = [column.width.mm for column in table.columns]
    assert widths[0] > 5 * widths[1]
    assert sum(widths) <= text_width(landscape=False) + 0.1


@pytest.mark.parametrize(("columns", "turned"), [(10, False), (11, True)])
def test_wide_tables_get_a_page_turned_across(columns: int, turned: bool) -> None:
    row = "| " + " | ".join("cell" for _ in range(columns)) + " |\n"
    document = document_of(row + "|" + ":--|" * columns + "\n" + row + "\n\nafter\n")
    turns = [section.page_width > section.page_height for section in document.sections]
    assert turns == ([False, True, False] if turned else [False])
    assert sum(c.width.mm for c in document.tables[0].columns) <= text_width(landscape=turned) + 0.1


def test_numbered_lists_count_from_one_each() -> None:
    document = document_of("1. a\n2. b\n\ntext\n\n1. c\n\n- d\n  1. e\n")
    numbers = {
        each.text: each._p.pPr.numPr.numId.val
        for each in document.paragraphs
        if each._p.pPr is not None and each._p.pPr.numPr is not None
    }
    assert numbers["a"] == numbers["b"] != numbers["c"]
    numbering = document.part.numbering_part.element
    for number in numbers.values():
        (override,) = numbering.num_having_numId(number).iter(f"{W}startOverride")
        assert override.val == 1
    assert [p.style.name for p in document.paragraphs if p.text == "d"] == ["List Bullet"]


def test_only_addresses_of_the_web_become_links() -> None:
    document = document_of(
        "[a](https://example.org/?x=1&y) [b](profile-b.md) [c](javascript:alert(1)) "
        "[d](file:///etc/passwd) **bold *both*** `code` <script>alert(1)</script>\n"
    )
    (paragraph,) = document.paragraphs
    assert [link.address for link in paragraph.hyperlinks] == ["https://example.org/?x=1&y"]
    assert "b [c](javascript:alert(1)) " in paragraph.text
    assert "<script>alert(1)</script>" in paragraph.text
    looks = {run.text: (bool(run.bold), bool(run.italic)) for run in paragraph.runs}
    assert (looks["bold "], looks["both"], looks["code"]) == (
        (True, False), (True, True), (False, False),
    )  # fmt: skip


def test_the_first_page_stands_alone() -> None:
    document = document_of("# One\n\ntext\n\n---\n\n## Two\n\n## Three\n")
    breaks = [bool(each.paragraph_format.page_break_before) for each in document.paragraphs]
    assert breaks == [False, False, True, False]


def test_hostile_texts_are_text(make_project: MakeProject, tmp_path: Path) -> None:
    names = ["<w:p/>]]>", "](javascript:alert(1))", "x" * 10_000, "مدينة \u202eevil", "🏙️\x1f"]
    files = {
        f"communities/c{number}.yaml": f'id: c{number}\nname: "{_spelt(name)}"\nsource: census\n'
        f"observations: {{dust: {number + 1}, jobs: {number + 1}}}\n"
        for number, name in enumerate(names)
    }
    document = docx.Document(str(write(make_project(files), tmp_path / "o") / "ranking.docx"))
    cells = {cell.text for cell in document.tables[1]._cells}
    assert {"<w:p/>]]>", "](javascript:alert(1))", "🏙️"} <= cells
    assert all(len(cell) <= 80 for cell in cells)
    addresses = [each.target_ref for each in document.part.rels.values() if each.is_external]
    assert all(re.match("https?://", address) for address in addresses)


def _spelt(text: str) -> str:
    return "".join(c if c.isprintable() and c not in '\\"' else f"\\u{ord(c):04x}" for c in text)


def test_without_python_docx_it_says_what_to_install(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *given: Any, **named: Any) -> Any:
        if name.split(".")[0] == "docx":
            raise ImportError(name)
        return real(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    arguments = ["report", "--format", "docx", "-C", str(make_project()), "-o", str(tmp_path / "o")]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1
    assert 'pip install "icfscore[docx]"' in result.stderr
    assert not (tmp_path / "o").exists()
