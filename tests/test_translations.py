"""Every sentence is translated, and what a command says is in one language."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from click.testing import CliRunner, Result
from tools import catalogues

from icfscore.cli.language import language_option
from icfscore.cli.main import COMMANDS, cli
from icfscore.report.language import find_language
from icfscore.report.method_pages import method_pages
from icfscore.sentences import CATALOGUE, ENGLISH, in_language, languages, say
from tests.conftest import MakeProject

ROOT = Path(__file__).parents[1]
TRANSLATED = [language for language in languages() if language != ENGLISH]
# Words that no Vietnamese sentence holds. Names of sources and of ICF's own lists stay English.
_ENGLISH = re.compile(r"\b(the|of|and|is|are|in|on|with|which|not|from|by|draws|rank|value)\b")
_NAMES = ("Smart21", "Saisana and Saltelli")


@pytest.fixture(scope="module")
def said() -> Catalog:
    """Collect every sentence of the package."""
    return catalogues.sentences()


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """Read the catalogue of each language."""
    return catalogues.read(request.param)


def _messages(catalogue: Catalog) -> Iterator[tuple[Message, tuple[str, ...]]]:
    """List messages with all their translations."""
    for message in catalogue:
        if message.id:
            spelt = message.string or ""
            yield message, (spelt,) if isinstance(spelt, str) else tuple(spelt)


def test_every_sentence_is_translated(catalogue: Catalog, said: Catalog) -> None:
    known = {message.id for message, found in _messages(catalogue) if all(found)}
    missing = {message.id for message, _ in _messages(said)} - known
    assert not missing, f"run tools/catalogues.py and translate into {catalogue.locale}: {missing}"


def test_no_sentence_is_left_over(catalogue: Catalog, said: Catalog) -> None:
    left = {message.id for message, _ in _messages(catalogue)}
    left -= {message.id for message, _ in _messages(said)}
    assert not left, f"no longer said; run tools/catalogues.py: {left}"


def test_translations_keep_the_places(catalogue: Catalog) -> None:
    for message, found in _messages(catalogue):
        originals = (message.id,) if isinstance(message.id, str) else message.id
        for text in found:
            assert _places(text) == _places(originals[-1]), f"{originals[-1]!r}: {text!r}"
            for end in (text[:1], text[-1:]), (originals[-1][:1], originals[-1][-1:]):
                assert "\n" not in end
            blanks = [one[:1].isspace() + 2 * one[-1:].isspace() for one in (text, originals[-1])]
            assert blanks[0] == blanks[1], f"{originals[-1]!r}: {text!r}"


def _places(text: str) -> set[tuple[str, ...]]:
    """List the places of a sentence: `%(name)s` and `%%` of templates, `{name:.2f}` of code."""
    found: set[tuple[str, ...]] = {(match,) for match in re.findall(r"%\(\w+\)[sd]|%%", text)}
    if found:
        return found
    parsed = Formatter().parse(text)
    return {(name, spec or "", how or "") for _, name, spec, how in parsed if name is not None}


def test_the_rounding_of_a_sentence_is_the_same_in_every_language(catalogue: Catalog) -> None:
    assert _places("{a:.2f} of {b}") != _places("{a:.3f} of {b}")
    assert _places("%(a)s of 90 %%") != _places("%(a)s of 90 %")


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_current(language: str) -> None:
    path = catalogues.path_of(language)
    compiled = catalogues.compiled(catalogues.read(language))
    assert path.with_suffix(".mo").read_bytes() == compiled, "run tools/catalogues.py"


def test_the_contracts_wording_is_kept() -> None:
    vietnamese = catalogues.read("vi")
    for message, found in _messages(vietnamese):
        assert "khoảng tin cậy" not in " ".join(found)
        original = message.id if isinstance(message.id, str) else message.id[-1]
        percent = "%%" if "90 %%" in original else "%"
        if f"90 {percent} of the draws, under the stated assumptions" in original:
            wording = f"trong 90 {percent} số lần mô phỏng, theo các giả định đã nêu"
            assert all(wording in text.replace("Trong", "trong") for text in found), original


def test_the_orthography_is_one() -> None:
    """Both hoá and hóa are written; this project writes hóa, as its data do."""
    texts = " ".join(" ".join(found) for _, found in _messages(catalogues.read("vi")))
    assert not re.findall(r"\w*(?:oá|oà|oả|oã|oạ|uỷ|uý|uỳ|uỹ|uỵ|oé|oè)\b", texts)


@pytest.fixture(scope="module")
def spoken() -> dict[str, str]:
    """Run the commands in Vietnamese on the built-in project."""
    few = ("--draws", "200", "--seed", "1")
    runs = {
        "rank": ("rank", *few),
        "rank --format markdown": ("rank", "--format", "markdown", *few),
        "uncertainty": ("uncertainty", *few),
        "sensitivity": ("sensitivity", "--draws", "64"),
        "audit": ("audit", "--draws", "20"),
        "audit --format markdown": ("audit", "--format", "markdown", "--draws", "20"),
        "validate": ("validate",),
        "compare": ("compare", "binh_duong", "surat", *few),
        "whatif": ("whatif", "--change", "binh_duong.pm25_ugm3=10", *few),
        "plan": ("plan", "binh_duong", "--top", "18", *few),
        "scenarios": ("scenarios",),
        "years": ("rank", "--year", "2017..2018"),
        "chart": ("chart",),
    }
    found = {}
    for name, arguments in runs.items():
        result = _run(*arguments, "-C", str(ROOT))
        assert result.exit_code == 0, result.stderr
        found[name] = result.stdout + result.stderr
    return found


def _run(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, [arguments[0], "--lang", "vi", *arguments[1:]])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def _english_in(text: str) -> list[str]:
    """List lines with English words, apart from code, paths and names."""
    for name in _NAMES:
        text = text.replace(name, "")
    lines = (re.sub(r"`[^`]*`|“[^”]*”|'[^']*'|\S*/\S*", "", line) for line in text.splitlines())
    return [line for line in lines if _ENGLISH.search(line)]


def test_what_commands_say_holds_no_english(spoken: dict[str, str]) -> None:
    for name, text in spoken.items():
        assert not _english_in(text), name


def test_commands_say_numbers_with_a_decimal_comma(spoken: dict[str, str]) -> None:
    for name in ("rank", "uncertainty", "sensitivity", "audit"):
        assert re.search(r"\d,\d", spoken[name]), name
        assert not re.search(r"\d\.\d{1,2}\b", spoken[name]), name


def test_reports_hold_no_english(tmp_path: Path) -> None:
    result = _run("report", "-C", str(ROOT), "--draws", "200", "-o", str(tmp_path))
    assert result.exit_code == 0, result.stderr
    assert not _english_in(result.stderr)
    ranking = (tmp_path / "ranking.vi.md").read_text(encoding="utf-8")
    comparison = (tmp_path / "binh-duong-vs-curitiba.vi.md").read_text(encoding="utf-8")
    for text in (ranking.split("## Nguồn")[0], comparison.split("## Nguồn")[0]):
        assert len(text) > 3000
        assert not _english_in(text)


def test_lists_of_methods_are_in_the_language_asked_for() -> None:
    listed = _run("methods", "--format", "markdown").stdout.splitlines()[2:]
    assert not _english_in("\n".join(line.split(" | ")[3] for line in listed))
    page = next(iter(method_pages()))
    assert find_language("vi").gettext(page.summary) in _run("methods", page.kind).stdout


def test_problems_are_told_in_the_language_asked_for(make_project: MakeProject) -> None:
    files = {
        "communities/beta.yaml": "id: beta\nname: Beta\nobservations: {dust: fast, trees: -1}\n",
        "communities/gamma.yaml": "id: gamma\nname: Gamma\nkindd: x\nsource: census\n",
    }
    result = _run("validate", "-C", str(make_project(files)))
    assert result.exit_code == 1
    assert "communities/beta.yaml:3:22: dust: phải là một số, nhận được 'fast'" in result.stderr
    assert "không biết khóa “kindd”; có phải ý bạn là “kind”?" in result.stderr
    assert not _english_in(result.stderr)


def test_options_that_cannot_be_used_are_told_in_the_language_asked_for() -> None:
    result = _run("rank", "-C", str(ROOT), "--weight", "sustan=3")
    assert result.exit_code == 1
    assert "“sustan”" in result.stderr
    assert not _english_in(result.stderr)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_asked_for_every_language(name: str) -> None:
    found = cli.get_command(cli.make_context("icfscore", ["rank"]), name)
    assert found is not None
    for command in found.commands.values() if isinstance(found, click.Group) else [found]:
        choices = [option.type for option in command.params if option.name == "lang"]
        assert len(choices) == 1, f"{name} takes no --lang: add {language_option.__name__}"
        assert tuple(getattr(choices[0], "choices", ())) == languages()


def test_a_further_language_is_one_catalogue_away(tmp_path: Path) -> None:
    french = Catalog(locale="fr")
    french.add("{n} of {all} values", "{n} valeurs sur {all}")
    path = tmp_path / "fr" / CATALOGUE
    path.parent.mkdir(parents=True)
    target = io.BytesIO()
    write_mo(target, french)
    path.write_bytes(target.getvalue())
    assert languages(tmp_path) == ("en", "fr")
    language = find_language("fr", tmp_path)
    told = in_language(say("{n} of {all} values", n=1.5, all=2), language.gettext, language.signs)
    assert told == "1,5 valeurs sur 2"


def test_one_language_reads_no_other_catalogue() -> None:
    """English is what the code says: nothing is looked up for it."""
    assert find_language(ENGLISH).gettext("Rank") == "Rank"


def test_messages_keep_their_parts() -> None:
    """What is told a user is said by `say`: a plain text could not be said in another language."""
    told = {"tell", "MethodError", "Note", "of", "missing", "_note", "note", "_fail", "problem"}
    plain = []
    for path in (ROOT / "src" / "icfscore").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            given = [*call.args, *(each.value for each in call.keywords)] if name in told else []
            plain += [f"{path.name}:{arg.lineno}" for arg in given if _is_plain_sentence(arg)]
    assert not plain


def _is_plain_sentence(node: ast.expr) -> bool:
    """Tell a literal of several words."""
    if isinstance(node, ast.JoinedStr):
        parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
        return bool(re.search(r"[a-z]{2} | [a-z]{2}", "".join(map(str, parts))))
    return isinstance(node, ast.Constant) and bool(re.search(r"[a-z] [a-z]", str(node.value)))
