"""`icfscore assess` and `init --framework`, as they are called."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from ruamel.yaml import YAML

from icfscore.cli import questions
from icfscore.cli.main import cli
from icfscore.files.project_folder import read_project
from icfscore.files.start import framework_folders
from tests.conftest import MakeProject

ROOT = Path(__file__).parents[1]
ASKED = {
    "icfscore.yaml": "recipe: {normalisation: {kind: goalposts}}\n",
    "criteria/framework.yaml": "{id: asked, name: Asked, version: '1', criteria: [air, work]}\n",
    "criteria/air.yaml": """\
        id: air
        name: Air
        indicators:
          - {id: dust, name: {en: Dust, vi: Bụi}, unit: dimensionless, direction: higher,
             kind: ordinal, bounds: [0, 2], goalposts: [0, 2], levels: {none: 0, plan: 1, done: 2},
             rubric: {none: Nothing, plan: {en: On paper, vi: Trên giấy}, done: It runs}}
          - {id: trees, name: Trees, unit: institution, direction: higher, kind: count,
             goalposts: [0, 10]}
        """,
    "criteria/work.yaml": """\
        id: work
        name: Work
        indicators:
          - {id: office, name: Office, unit: dimensionless, direction: higher, kind: boolean,
             bounds: [0, 1], goalposts: [0, 1]}
        """,
    "communities/sources.yaml": "census: {title: Census}\n",
    "communities/areas/AAA.yaml": None,
    "communities/alpha.yaml": """\
        id: alpha
        name: Alpha
        source: census
        observations:
          trees: 5  # counted
        """,
    "communities/beta.yaml": None,
    "communities/gamma.yaml": None,
}


@pytest.fixture
def asked(make_project: MakeProject) -> Path:
    """Write a project with an ordinal and a boolean question, and one community."""
    return make_project(ASKED)


def _assess(*arguments: object, answers: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["assess", *map(str, arguments)], input=answers)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.exit_code, result.stderr


def _answers(folder: Path, community: str = "alpha") -> dict[str, object]:
    text = (folder / f"communities/{community}.yaml").read_text("utf-8")
    return dict(YAML(typ="safe").load(text)["observations"])


def test_answers_become_self_reported_observations(asked: Path) -> None:
    answers = "1\nhttps://example.org/plan\nSince May\nyes\n\n\n"
    status, said = _assess(asked, answers=answers)
    assert status == 0
    assert "[1/2] Air · Dust" in said
    assert "  1  On paper" in said
    assert "2 of 2 questions are answered" in said
    seen = read_project(asked).project
    dust, office = (
        seen.community_by_id["alpha"].observations[name][0] for name in ("dust", "office")
    )
    assert (dust.value, dust.given_value, dust.status, dust.year) == (
        1,
        "plan",
        "self_reported",
        2018,
    )
    assert (dust.note, seen.sources[dust.source].url) == ("Since May", "https://example.org/plan")
    assert (office.given_value, office.source) == (True, "self_assessment")
    assert "trees: 5  # counted" in (asked / "communities/alpha.yaml").read_text()


def test_it_goes_on_where_it_stopped(asked: Path) -> None:
    status, said = _assess(asked, answers="2\n\n\nq\n")
    assert status == 0
    assert "1 of 2 questions are answered" in said
    assert "to go on: icfscore assess" in said
    _, said = _assess(asked, answers="0\n\n\n")
    assert "[2/2]" in said
    assert "[1/2]" not in said
    assert _answers(asked)["office"]["value"] is False  # type: ignore[index]
    before = (asked / "communities/alpha.yaml").read_bytes()
    status, said = _assess(asked)
    assert (status, "[" in said) == (0, False)
    assert (asked / "communities/alpha.yaml").read_bytes() == before


def test_answers_from_a_pipe_read_as_if_typed(asked: Path) -> None:
    _, said = _assess(asked, answers="1\nhttps://example.org/plan\n\nq\n")
    typed = [
        "Answer: 1",
        "saved; 1 of 2 answered",
        "Link to the evidence (Enter: none): https://example.org/plan",
        "Note (Enter: none): ",
        "",
        "[2/2] Work · Office",
    ]
    assert "\n".join(typed) in said


def test_what_to_call_next_can_be_copied(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    result = CliRunner().invoke(
        cli, ["init", str(folder), "--framework", "icf-self-assessment", "--lang", "vi"]
    )
    assert f"icfscore assess '{folder}' --name '…' --lang vi" in result.stderr
    _, said = _assess(folder, "--name", "Phố Mẫu", "--lang", "vi", answers="1\n")
    assert f"icfscore assess '{folder}' --lang vi\n" in said
    assert f"icfscore report -C '{folder}' --lang vi\n" in said


def test_a_question_can_be_skipped(asked: Path) -> None:
    _assess(asked, answers="s\n1\n\n\n")
    assert set(_answers(asked)) == {"trees", "office"}


def test_one_can_go_back_and_change_an_answer(asked: Path) -> None:
    status, said = _assess(asked, answers="0\n\nold note\nb\n2\n\n\nb\nq\n")
    assert status == 0
    assert "now: Nothing" in said
    assert _answers(asked)["dust"] == {
        "value": "done", "year": 2018, "source": "self_assessment", "status": "self_reported",
        "note": "old note",
    }  # fmt: skip


def test_back_at_the_first_question_stays_there(asked: Path) -> None:
    _, said = _assess(asked, answers="b\nb\nplan\n")
    assert said.count("[1/2]") == 3
    assert _answers(asked)["dust"]["value"] == "plan"  # type: ignore[index]


@pytest.mark.parametrize("bad", ["3", "-1", "²", "1.5", "nonsense", "99999999999", "", "\x00"])
def test_a_bad_answer_is_asked_again(asked: Path, bad: str) -> None:
    status, said = _assess(asked, answers=f"{bad}\n1\n")
    assert status == 0
    assert "is no answer here: a number from 0 to 2 or its word, s, b or q" in said
    assert _answers(asked)["dust"]["value"] == "plan"  # type: ignore[index]


@pytest.mark.parametrize("bad", ["javascript:alert(1)", "ex.org", "http://", "https://a b"])
def test_a_link_must_be_one(asked: Path, bad: str) -> None:
    _, said = _assess(asked, answers=f"1\n{bad}\nhttps://example.org\n")
    assert "a link begins with https:// or http://" in said
    urls = {source.url for source in read_project(asked).project.sources.values()}
    assert urls == {"", "https://example.org"}


def test_q_stops_at_the_link_and_at_the_note(asked: Path) -> None:
    """Who types `q` wants to stop: it is no note, and no reason to be asked for a link again."""
    for answers in ("done\nq\n", "plan\n\nq\n"):
        code, said = _assess(asked, "--again", answers=answers + "yes\n\n\n")
        assert (code, "1 of 2 questions are answered" in said) == (0, True)
        assert "a link begins" not in said
    dust = _answers(asked)["dust"]
    assert dust["value"] == "plan"  # type: ignore[index]
    assert "note" not in dust  # type: ignore[operator]


@pytest.mark.parametrize(("lang", "given"), [("vi", "TRÊN GIẤY"), ("en", "on paper")])
def test_an_answer_may_be_what_the_screen_calls_it(asked: Path, lang: str, given: str) -> None:
    """Also where the keyboard writes a letter and its accents one by one."""
    for typed in (given, unicodedata.normalize("NFD", given)):
        code, said = _assess(asked, "--again", "--lang", lang, answers=f"{typed}\n\n\nq\n")
        assert code == 0
        assert "1" in said
        assert _answers(asked)["dust"]["value"] == "plan"  # type: ignore[index]


def test_the_workbook_takes_links_and_offers_yes_and_no(asked: Path, tmp_path: Path) -> None:
    """A spreadsheet refuses what a list of sources does not hold, so no such list may bind."""
    book_path = tmp_path / "questions.xlsx"
    _assess(asked, "--export", book_path)
    book = load_workbook(book_path)
    header = [cell.value for cell in book["work"][1]]
    value, source, bounds = (header.index(name) for name in ("value", "source", "#bounds"))
    checks = book["work"].data_validations.dataValidation
    of = {str(each.sqref).rstrip("0123456789:").partition(":")[0][0]: each for each in checks}
    letters = [get_column_letter(at + 1) for at in (value, source)]
    assert of[letters[0]].formula1 == '"no,yes"'
    assert not of[letters[1]].showErrorMessage
    assert book["work"].cell(3, bounds + 1).value == "no | yes"
    told = [row[0].value for row in book.worksheets[0].iter_rows()]
    assert "Bring it back with: icfscore assess DIR --import FILE.xlsx" in told
    assert not any("key of the sheet 'sources'" in str(line) for line in told)


def test_a_position_is_yes_or_no(asked: Path, tmp_path: Path) -> None:
    book_path = tmp_path / "questions.xlsx"
    _assess(asked, "--export", book_path)
    book = load_workbook(book_path)
    header = [cell.value for cell in book["work"][1]]
    book["work"].cell(3, header.index("value") + 1, "pilot")
    book.save(book_path)
    code, said = _assess(asked, "--import", book_path)
    assert (code, "office: must be yes or no, got 'pilot'" in said) == (1, True)


def test_a_title_in_two_languages_is_no_news(asked: Path, tmp_path: Path) -> None:
    """A workbook spells titles in English alone: that changes no source, so nothing is told."""
    _assess(asked, answers="done\nhttps://example.org/dust\n\nq\n")
    title = read_project(asked).project.sources["alpha_dust"].title
    assert title == {"en": "Dust", "vi": "Bụi"}
    _assess(asked, "--export", tmp_path / "questions.xlsx")
    code, said = _assess(asked, "--import", tmp_path / "questions.xlsx")
    assert (code, "stays as it is" in said) == (0, False)
    assert read_project(asked).project.sources["alpha_dust"].title == title


def test_again_keeps_changes_and_takes_out(asked: Path) -> None:
    _assess(asked, answers="1\nhttps://example.org/a\nnote\n0\n\n\n")
    _assess(asked, "--again", answers="2\n\n-\n\n")
    source = read_project(asked).project.sources["alpha_dust"]
    assert source.url == "https://example.org/a"
    assert _answers(asked)["dust"] == {
        "value": "done", "year": 2018, "source": "alpha_dust", "status": "self_reported",
    }  # fmt: skip
    _assess(asked, "--again", answers="2\nhttps://example.org/b\n\n\n")
    assert _answers(asked)["dust"]["source"] == "alpha_dust_2"  # type: ignore[index]


def test_an_answer_of_another_year_stays(asked: Path) -> None:
    _assess(asked, answers="0\n\n\n0\n\n\n")
    settings = asked / "icfscore.yaml"
    settings.write_text(f"reference_year: 2020\n{settings.read_text()}")
    _assess(asked, "--again", answers="2\n\n\n\n")
    years = [(seen["year"], seen["value"]) for seen in _answers(asked)["dust"]]  # type: ignore[index,attr-defined]
    assert years == [(2018, "none"), (2020, "done")]


def test_ctrl_c_keeps_what_was_answered(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = iter(["2\n"])

    def readline() -> str:
        for line in lines:
            return line
        raise KeyboardInterrupt

    stdin = SimpleNamespace(readline=readline, isatty=lambda: True)
    monkeypatch.setattr(questions, "sys", SimpleNamespace(stdin=stdin))
    status, said = _assess(asked)
    assert status == 130
    assert "1 of 2 questions are answered" in said
    assert _answers(asked)["dust"]["value"] == "done"  # type: ignore[index]


def test_sources_are_written_before_what_cites_them(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def record(self: Path, target: Path) -> Path:
        written.append(target.name)
        return rename(self, target)

    rename = Path.replace
    monkeypatch.setattr(Path, "replace", record)
    _assess(asked, answers="1\nhttps://example.org\n")
    assert written == ["sources.yaml", "alpha.yaml"] * 2


def test_whose_answers_must_be_known(asked: Path) -> None:
    assert _assess(asked, "--community", "alpa") == (
        1,
        "no community 'alpa'; did you mean 'alpha'?\n",
    )
    assert _assess(asked, "--community", "alpha", "--name", "Alpha")[0] == 1
    (asked / "communities/other.yaml").write_text(
        "{id: other, name: Other, source: census, observations: {trees: 1}}"
    )
    status, said = _assess(asked)
    assert status == 2
    assert "whose answers? --community ID" in said


def test_a_community_in_a_table_is_left_alone(asked: Path) -> None:
    (asked / "communities/alpha.yaml").unlink()
    (asked / "communities/more.csv").write_text("id,name,source,trees\nalpha,Alpha,census,1\n")
    status, said = _assess(asked, answers="1\n")
    assert status == 1
    assert "alpha stands in a table of the project; give it a file of its own" in said


def test_a_framework_without_questions_says_so(make_project: MakeProject) -> None:
    status, said = _assess(make_project(), "--community", "alpha")
    assert status == 1
    assert "nothing to ask" in said


def test_the_workbook_comes_back(asked: Path, tmp_path: Path) -> None:
    _assess(asked, answers="0\n\n\nq\n")
    book_path = tmp_path / "questions.xlsx"
    assert _assess(asked, "--export", book_path)[0] == 0
    book = load_workbook(book_path)
    header = [cell.value for cell in book["work"][1]]
    value, source, status = (header.index(name) + 1 for name in ("value", "source", "status"))
    link = "https://example.org/chart"
    assert book["work"].cell(3, status).value == "self_reported"
    told = [row[0].value for row in book.worksheets[0].iter_rows()]
    assert told[-4:] == ["dust: Dust", "none – Nothing", "plan – On paper", "done – It runs"]
    book["work"].cell(3, value, "yes")
    book["work"].cell(3, source, link)
    book["air"].cell(3, value, "done")
    book.save(book_path)
    code, said = _assess(asked, "--import", book_path)
    assert (code, "2 of 2 questions are answered" in said) == (0, True)
    answers = _answers(asked)
    assert answers["dust"]["value"] == "done"  # type: ignore[index]
    assert answers["office"]["status"] == "self_reported"  # type: ignore[index]
    assert answers["office"]["source"] == "https_example_org_chart"  # type: ignore[index]
    assert read_project(asked).project.sources["https_example_org_chart"].url == link
    assert _assess(asked, "--export", book_path)[0] == 0
    book = load_workbook(book_path)
    book["air"].cell(3, source, link)  # a link that is known is no further source
    book.save(book_path)
    assert _assess(asked, "--import", book_path)[0] == 0
    assert _answers(asked)["dust"]["source"] == "https_example_org_chart"  # type: ignore[index]
    book["air"].cell(3, value, "nonsense")
    book.save(book_path)
    code, said = _assess(asked, "--import", book_path)
    assert (code, "unknown level 'nonsense'" in said) == (1, True)


def test_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _assess()[0] == 2  # the built-in project is not written into
    assert _assess("x", "-C", "y")[0] == 2
    assert _assess("x", "--export", "a.xlsx", "--import", "b.xlsx")[0] == 2
    assert _assess("x", "--export", "a.csv")[0] == 2
    assert _assess("nowhere")[0] == 1


def _init(folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["init", str(folder), *arguments])
    return result.exit_code, result.stderr


def test_the_framework_is_written_asked_and_reported(tmp_path: Path) -> None:
    folder = tmp_path / "town"
    status, said = _init(folder, "--framework", "icf-self-assessment")
    assert (status, f"icfscore assess {folder}" in said) == (0, True)
    assert _assess(folder)[1] == (
        "no communities yet; begin with one: --name 'NAME OF THE COMMUNITY'\n"
    )
    name = ("--name", "My Town", "--name", "vi=Phố tôi")
    status, said = _assess(folder, *name, "--lang", "vi", answers="2\n\nb\n")
    assert status == 0
    assert "Kết nối · Cạnh tranh" in said
    assert "Evidence" not in said
    project = read_project(folder).project
    assert project.community_by_id["my_town"].name == {"en": "My Town", "vi": "Phố tôi"}
    result = CliRunner().invoke(cli, ["report", "-C", str(folder), "--draws", "0"])
    assert result.exit_code == 0, result.stderr
    assert "Connect: 50.0, from 1 of 5 answers." in (
        folder / "reports/snapshot-my_town.md"
    ).read_text("utf-8")


def test_an_unknown_framework_is_told(tmp_path: Path) -> None:
    status, said = _init(tmp_path / "x", "--framework", "icf-self-asessment")
    assert (status, "did you mean 'icf-self-assessment'?" in said) == (1, True)
    assert _init(tmp_path / "x", "--framework", "a", "--empty")[0] == 2
    assert not (tmp_path / "x").exists()


def test_every_question_of_the_framework_has_a_rubric_in_both_languages() -> None:
    tree = read_project(framework_folders()["icf-self-assessment"]).project.tree
    assert [node.id for node in tree.root.criteria] == [
        "connect", "work", "innovate", "include", "engage", "sustain",
    ]  # fmt: skip
    ladder = {"none": 0, "plan": 1, "pilot": 2, "operating": 3, "measured effect": 4}
    for indicator in tree.indicators:
        words = list(indicator.levels or ("no", "yes"))
        assert indicator.levels in (None, ladder)
        assert list(indicator.rubric or ()) == words
        texts = [indicator.name, indicator.description, *(indicator.rubric or {}).values()]
        assert all(isinstance(text, dict) and set(text) == {"en", "vi"} for text in texts)
        assert "ICF" in str(indicator.description["en"])  # type: ignore[index]


def test_the_wheel_carries_the_frameworks() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert built["targets"]["wheel"]["force-include"]["frameworks"] == "icfscore/frameworks"
    assert "/frameworks" in built["targets"]["sdist"]["include"]


@pytest.mark.parametrize("rubric", ["{some: x}", "{yes: x}"])
def test_a_rubric_names_levels(asked: Path, rubric: str) -> None:
    path = asked / "criteria/air.yaml"
    text = path.read_text()
    start = text.index("rubric: ")
    path.write_text(text[:start] + f"rubric: {rubric}}}\n" + text[text.index("  - {id: trees") :])
    result = CliRunner().invoke(cli, ["validate", "-C", str(asked)])
    assert result.exit_code == 1
    assert "is no level of it; there are none, plan, done" in result.stderr


@pytest.mark.parametrize(
    ("name", "told"),
    [("???", "--name: no id can be made of it; give one with --community"), ("vi= ", "--name must not be empty")],
)  # fmt: skip
def test_a_name_must_be_one(name: str, told: str, asked: Path) -> None:
    status, said = _assess(asked, "--name", name)
    assert (status, told in said) == (2, True)
    assert not list((asked / "communities").glob("[!as]*.yaml"))
