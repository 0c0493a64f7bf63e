"""The documentation against the code: pages, links, and every block of code in them."""

from __future__ import annotations

import contextlib
import io
import json
import re
import runpy
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import click
import jsonschema
import pytest
from click.testing import CliRunner
from tools.site_pages import decisions_in_code, pedigree_table, reference_pages
from tools.site_pages.text import formula, paragraphs, prose, sections

from icfscore.cli.main import COMMANDS, cli
from icfscore.files.located_yaml import read_document
from icfscore.files.schemas import make_schemas
from icfscore.methods.perturb.data import STATUS
from icfscore.report.method_pages import method_pages

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
WRITTEN = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
RUN = [name for name in WRITTEN if name != "translating.md"]
EXACT = "how-to/nomination"  # shows numbers that rest on draws


class Block(NamedTuple):
    """A block of code on a page."""

    kind: str
    title: str
    text: str


@cache
def pages() -> Mapping[str, str]:
    """Give all pages as the site has them, Markdown by path."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").replace("](docs/", "](")
    written = {name: (DOCS / name).read_text(encoding="utf-8") for name in WRITTEN}
    made = {
        "{{ pedigree_table }}": pedigree_table(),
        "{{ decisions_in_code }}": decisions_in_code(),
    }
    for name, text in written.items():
        for mark, inserted in made.items():
            written[name] = text = text.replace(mark, inserted)
    return {**written, **reference_pages(), "contributing.md": guide}


def blocks(text: str) -> Iterator[Block]:
    """Find the blocks of code of a page."""
    pattern = r'^```(\w*)(?: title="([^"]*)")?\n(.*?)^```$'
    for found in re.finditer(pattern, text, flags=re.MULTILINE | re.DOTALL):
        yield Block(found[1], found[2] or "", found[3])


def without_code(text: str) -> str:
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]+`", "code", text)


def anchors(text: str) -> set[str]:
    """Name the headings as the site does."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", title.replace("\\", "")).strip().lower() for title in titles)
    return {re.sub(r"[-\s]+", "-", title) for title in plain}


def test_every_link_leads_somewhere() -> None:
    broken = []
    for name, text in pages().items():
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text)):
            if target.startswith("https://"):
                continue
            path, _, anchor = target.partition("#")
            place = (DOCS / name).parent / path if path else DOCS / name
            found = Path(place).resolve().relative_to(DOCS).as_posix()
            if found.startswith("examples/") and not anchor and (DOCS / found).is_file():
                continue
            if found not in pages() or (anchor and anchor not in anchors(pages()[found])):
                broken.append(f"{name}: {target}")
    assert broken == []


def test_every_command_has_its_page_with_all_options() -> None:
    context = click.Context(cli, info_name="icfscore")
    for name in COMMANDS:
        page = pages()[f"reference/commands/{name}.md"]
        command = cli.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            for option in parameter.opts if isinstance(parameter, click.Option) else ():
                assert option in page, f"{name}: {option}"
        assert f"({name}.md)" in pages()["reference/commands/index.md"]


def test_every_method_has_its_page_with_all_it_says() -> None:
    for method in method_pages():
        stage = method.stage.replace(".", "-")
        page = pages()[f"reference/methods/{stage}/{method.kind}.md"]
        assert prose(method.summary) in page.replace("\n", " ")
        assert all(f"`{name}`" in page for name in method.parameters)
        assert all(f"## {title}\n" in page for title, _ in sections(method.text) if title)
        for link in re.findall(r"https://doi\.org/\S+[^\s.,]", method.text):
            assert f"<{link}>" in page


def test_every_file_has_its_page_with_all_keys() -> None:
    for kind, schema in make_schemas().items():
        page = pages()[f"reference/files/{kind}.md"]
        assert all(f"| `{key}` |" in page for key in schema.get("properties", {}))
    community = pages()["reference/files/community.md"]
    assert all(f"`{status}`" in community for status in STATUS)
    assert "| `comparability` |" in community


def test_every_record_has_its_page_with_a_real_one() -> None:
    named = set()
    for path in (ROOT / "src" / "icfscore" / "report").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'^[A-Z]+_SCHEMA = "icfscore\.(\w+)/1"', text, flags=re.MULTILINE))
    told = {Path(name).stem for name in pages() if name.startswith("reference/json/")}
    assert named - told == {"import"}  # what it would change is shown, not kept
    assert '"schema": "icfscore.plan/1"' in pages()["reference/json/plan.md"]


def test_the_pedigree_table_is_that_of_the_code() -> None:
    assert "| `status` | `self_reported` | 1.20 |" in pages()["explanation/uncertainty.md"]
    assert "| years from the reference year | more than 15 | 1.50 |" in pedigree_table()


def test_formulas_are_set() -> None:
    assert formula("y = prod(x^w)") == "<i>y</i> = ∏(<i>x</i><sup><i>w</i></sup>)"
    assert formula("y_i = sum_j w_j x_ij <= 1") == (
        "<i>y</i><sub>i</sub> = ∑<sub>j</sub> <i>w</i><sub>j</sub> <i>x</i><sub>ij</sub> ≤ 1"
    )
    assert formula("S = ln(a), S_j = child j's a left out of the sum\na = 1") == (
        "<i>S</i> = ln(<i>a</i>), <i>S</i><sub>j</sub> = child <i>j</i>'s <i>a</i> left out of the "
        "sum<br>\n<i>a</i> = 1"
    )
    shown = paragraphs("w = 1 / c. A share each.")
    assert shown == '<div class="formula"><i>w</i> = 1 / <i>c</i></div>\n\nA share each.'


def test_what_the_code_says_is_text_on_the_page() -> None:
    assert prose("a <script> *b* [c](d) | `x_y`") == (r"a &lt;script&gt; \*b\* \[c\](d) \| `x_y`")


class Call(NamedTuple):
    """A line of a block that is run: a program, what it is given, and the file it reads."""

    program: str
    arguments: list[str]
    source: str = ""


def calls(text: str) -> Iterator[Call]:
    """Give every call in a block of those that pages make."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line.removeprefix("$ ").partition(" | ")[0], comments=True)
        if words and words[0] in ("icfscore", "python", "mkdir"):
            source = words[words.index("<") + 1] if "<" in words else ""
            given = words[1 : words.index("<")] if source else words[1:]
            yield Call(words[0], given, source)


def commands(text: str) -> Iterator[list[str]]:
    """Give the arguments of every call of icfscore in a block."""
    return (call.arguments for call in calls(text) if call.program == "icfscore")


def parse(arguments: list[str]) -> None:
    """Parse a call as click does, without running it."""
    command: click.Command = cli
    context = click.Context(cli, info_name="icfscore")
    while isinstance(command, click.Group):
        name, found, arguments = command.resolve_command(context, arguments)
        assert found is not None
        command = found
        if isinstance(command, click.Group) and not arguments:
            return
        if not isinstance(command, click.Group):
            command.make_context(name, list(arguments), parent=context)


@pytest.mark.parametrize("part", ["commands", "json"])
def test_examples_of_the_reference_are_calls_that_there_are(part: str) -> None:
    n = 0
    for name, text in pages().items():
        if name.startswith(f"reference/{part}/"):
            for block in (block for block in blocks(text) if block.kind == "sh"):
                for arguments in commands(block.text):
                    parse(arguments)
                    n += 1
    assert n >= 12


def yaml_data(text: str, folder: Path) -> Any:
    path = folder / "block.yaml"
    path.write_text(text, encoding="utf-8")
    return json.loads(json.dumps(read_document(path, "block.yaml").data))


def test_yaml_of_the_reference_is_valid(tmp_path: Path) -> None:
    check = {
        kind: jsonschema.Draft202012Validator(schema).validate
        for kind, schema in make_schemas().items()
    }
    n = 0
    for name, text in pages().items():
        kind = Path(name).stem if name.startswith("reference/files/") else "settings"
        for block in blocks(text):
            if block.kind == "yaml":
                data = yaml_data(block.text, tmp_path)
                if kind in check and name.startswith(("reference/files/", "reference/methods/")):
                    check[kind](data or {})
                    n += 1
    assert n >= 40


def run(arguments: list[str], typed: str = "", *, few: bool = True) -> str:
    """Run a call, by default with fewer draws than it says or would take by itself."""
    command = cli.get_command(click.Context(cli), arguments[0])
    assert command is not None
    parse(arguments)
    if "--precision" in arguments:
        return ""
    if few and any("--draws" in parameter.opts for parameter in command.params):
        arguments = [*arguments, "--draws", "32"]  # of two the last one counts
    result = CliRunner().invoke(cli, arguments, input=typed)
    assert result.exit_code == 0, f"{shlex.join(arguments)}\n{result.output}"
    return result.output


PROMPT = re.compile(r"(?:Answer|Trả lời|[^()]+ \(Enter: [^()]+\)): ?(.*)")


def perform(call: Call) -> None:
    """Do what a line of a page says."""
    if call.program == "mkdir":
        for folder in call.arguments:
            Path(folder).mkdir()
    elif call.program == "python":
        runpy.run_path(call.arguments[0])
    else:
        run(call.arguments, Path(call.source).read_text("utf-8") if call.source else "")


def hold_against(block: Block, *, exact: bool) -> None:
    """Hold what a page shows of a call against what it prints, line by line in that order.

    What the page shows behind a prompt is typed; … stands for lines left out. Where numbers rest on
    draws an exact page has them as they are.
    """
    call, *told = block.text.replace("\\\n", " ").splitlines()
    typed = [found[1] for line in told if (found := PROMPT.fullmatch(line.strip()))]
    given = "".join(f"{line}\n" for line in typed)
    printed = run(next(commands(call)), given, few=not exact).splitlines()
    left = iter([line.strip() for line in printed])
    for line in map(str.strip, told):
        assert line in ("", "…") or line in left, f"{call}\n{line}\nis not among\n{printed}"


@pytest.mark.parametrize("name", RUN)
def test_a_page_runs_from_top_to_bottom(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for number, block in enumerate(blocks((DOCS / name).read_text(encoding="utf-8"))):
        if block.title:
            write(tmp_path / block.title, block.text)
        elif block.kind == "sh":
            for call in calls(block.text):
                perform(call)
        elif block.kind == "console":
            hold_against(block, exact=name.startswith(EXACT))
        elif block.kind == "python":
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block.text, f"{name}:{number}", "exec"), names)  # noqa: S102
        elif block.kind == "yaml":
            yaml_data(block.text, tmp_path)
    for settings in tmp_path.glob("*/icfscore.yaml"):
        run(["validate", "-C", str(settings.parent)])


def test_the_made_up_files_are_those_of_the_pages_and_say_so() -> None:
    shown = {
        block.text
        for name in WRITTEN
        if name.startswith(EXACT)
        for block in blocks((DOCS / name).read_text(encoding="utf-8"))
        if block.title
    }
    files = [path for path in (DOCS / "examples/nomination").rglob("*") if path.is_file()]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert set(texts.values()) == shown
    assert all(re.search(r"(?i)made.up|hư cấu", text) for text in texts.values())


def test_the_readme_shows_what_the_walk_shows() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    part = readme.split("## Rehearse a nomination\n")[1].split("\n## ")[0]
    (shown,) = (block.text for block in blocks(part) if block.text.startswith("$ "))
    walk = (DOCS / "how-to/nomination.md").read_text(encoding="utf-8").splitlines()
    assert set(shown.splitlines()) <= set(walk)


def write(path: Path, text: str) -> None:
    assert path.parent.is_dir(), f"{path}: the page has not made its folder"
    if path.parent.name == "criteria":  # the skeleton's own criterion gives way, as in the page
        (path.parent / "first_criterion.yaml").unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_tutorials_mistake_is_told_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tutorial = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    wrong = next(block.text for block in blocks(tutorial) if block.kind == "text")
    monkeypatch.chdir(tmp_path)
    run(["init", "my-project"])
    run(["add", "source", "yearbook_2018", "-C", "my-project", "--title", "made up"])
    file = next(block for block in blocks(tutorial) if block.title)
    text = file.text.replace("unemployment_pct: 2.4", "unemployment_pct: two")
    (tmp_path / file.title).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(cli, ["validate", "-C", "my-project"])
    assert result.exit_code == 1
    assert wrong.strip() in result.output
