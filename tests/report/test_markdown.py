"""The Markdown reports of the small project of conftest, word for word."""

from __future__ import annotations

import gettext
from pathlib import Path
from textwrap import dedent

import pytest
from jinja2 import Environment
from tests.conftest import MakeProject
from tests.report.projects import score_folder

from icfscore.report import markdown
from icfscore.report.language import Language, find_language
from icfscore.report.markdown import comparison_file, ranking_markdown, report_files

ROOT = Path(__file__).resolve().parents[2]


def _first_page(text: str) -> str:
    return text.split("\n---\n")[0]


def test_the_ranking_alone_is_a_table_and_its_key(make_project: MakeProject) -> None:
    assert ranking_markdown(score_folder(make_project())) == dedent(
        r"""        | Rank | Community | Score | Air | Work | Own values | Proxies | Missing |
        |--:|:--|--:|--:|--:|--:|--:|--:|
        | **1** | **Alpha** | **62.5** | 75.0 | 50.0 | 75 % | 25 % | 0 % |
        | 2 | Gamma | 50.0 | 50.0 | 50.0 | 100 % | 0 % | 0 % |
        | 3 | Beta | 37.5 | 25.0 | 50.0 | 75 % | 25 % | 0 % |

        Own values, proxies (regional or national values that stand in) and missing ones: shares of the scored indicators. \~: more than half of the values behind the score are proxies.
        """
    )


def test_the_first_page_says_the_result_in_five_sentences(make_project: MakeProject) -> None:
    report = report_files(score_folder(make_project()))["ranking.md"]
    assert _first_page(report).split("\n| ")[0] == dedent(
        """        # Alpha among 3 communities

        Small framework; data about 2018.

        ## The result in brief

        1. **Alpha stands 1st of 3 communities, at the head of the field**: its score is 62.5; the best is 62.5 (Alpha), the median 50.0, the lowest 37.5 (Beta).
        2. It stands in the upper third of the field on Air (1st), and in the middle third on all else: Work (1st).
        3. Of the 4 values it could rest on, 3 are Alpha's own, 1 are proxies (a regional or national value stands in) and 0 are missing; 0 are of low comparability. In the whole field 83 % are own values.
        4. It cannot show what Alpha itself does on the 1 indicator where a proxy stands in, nor what no indicator measures, nor progress: each indicator enters with one year.
        5. The data gap that matters most is **Income**, where a proxy stands in: a value of its own, from the others' worst to their best, would leave the place at 1st.
        """
    )


def test_a_strength_on_few_indicators_is_told_on_the_first_page(make_project: MakeProject) -> None:
    air = """\
        id: air
        name: Air
        description: What it means. Less is more!
        indicators:
          - {id: dust, name: Fine dust, unit: ug/m^3, direction: lower, kind: ratio,
             description: First. Second! Third.}
          - {id: trees, name: Trees, unit: institution, direction: higher, kind: count,
             per: population, per_scale: 1000}
        """
    report = report_files(score_folder(make_project({"criteria/air.yaml": air})))["ranking.md"]
    said = "- The strength on **Air** rests on one indicator: Fine dust (1st); not on Trees (2nd)."
    assert f"{said} Less is more!\n" in _first_page(report)
    assert "- **Fine dust**. First. Second! Third.\n" in report


def test_values_carry_units_levels_and_references(make_project: MakeProject) -> None:
    report = report_files(score_folder(make_project()))["ranking.md"]
    assert "| Trees | 20 institutions per 1,000 people | – | own | 50.0 | 2nd of 3 |" in report
    assert r"| Income | \~1,000 USD | – | Land (national) | 0.0 | 3rd of 3 |" in report
    assert "| Poverty | \\~10 % | – | Land (national) | not scored | – |" in report
    assert (
        "| Fine dust | 10 µg/m³ | – | own | 100.0 | 1st of 3 | 20 to 30, median 25 µg/m³ |"
        in report
    )
    assert "| Population, divisor of Trees | 1,000 people |" in report
    assert "\n1. [Census](<https://example.org>)\n" in report


def test_a_comparison_tells_who_is_better(make_project: MakeProject) -> None:
    report = report_files(score_folder(make_project()))["alpha-vs-beta.md"]
    assert report.startswith(
        "# Alpha and Beta\n\nSmall framework; data about 2018.\n\n"
        "1. **Alpha** stands ahead of **Beta**: 1st of 3 communities against 3rd, with a score of"
        " 62.5 against 37.5, 25.0 points more.\n"
    )
    assert "| Air | 75.0 | 1st | 25.0 | 3rd | +50.0 | Alpha | +25.0 |" in report
    assert "| Work | 50.0 | 1st | 50.0 | 1st | 0.0 | equal | 0.0 |" in report
    assert "| **Overall** | 62.5 | 1st | 37.5 | 3rd | +25.0 | Alpha | +25.0 |" in report
    assert (
        r"| Income | \~1,000 USD (Land (national)) | 4,000 USD (own) | −3,000 USD | Beta | higher"
        " | −12.5 | 1 / 1 |" in report
    )
    assert "| −10 µg/m³ | Alpha | lower |" in report
    assert "one value for both" in report


def test_files_are_named_after_ids_and_language(make_project: MakeProject) -> None:
    scoring = score_folder(make_project())
    names = ["ranking.md", "profile-alpha.md", "alpha-vs-gamma.md", "alpha-vs-beta.md"]
    assert list(report_files(scoring)) == names
    assert list(report_files(scoring, "vi"))[:2] == ["ranking.vi.md", "profile-alpha.vi.md"]
    assert comparison_file("binh_duong", "hudson_oh") == "binh-duong-vs-hudson-oh.md"


def test_names_are_in_the_language_asked_for(make_project: MakeProject) -> None:
    files = report_files(score_folder(make_project()), "vi")
    head = files["ranking.vi.md"].splitlines()
    assert head[0].startswith("# An Pha")
    assert head[2].startswith("Khung nhỏ")
    assert "(alpha-vs-beta.vi.md)" in files["ranking.vi.md"]


def test_a_catalogue_translates_sentences_and_numbers(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Catalogue(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return {"Rank": "Hạng", "people": "người"}.get(message, message)

    monkeypatch.setattr(markdown, "find_language", lambda code: Language(code, Catalogue(), code))
    files = report_files(score_folder(make_project()), "vi")
    assert "| Hạng |" in files["ranking.vi.md"]
    assert "62,5" in files["ranking.vi.md"]
    assert "1.000 người" in files["ranking.vi.md"]


def test_without_a_catalogue_sentences_are_english(tmp_path: Path) -> None:
    language = find_language("vi", tmp_path)
    assert (language.code, language.sentences, language.locale) == ("vi", "en", "en_GB")


def test_every_message_can_be_extracted_for_translators() -> None:
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    found = {
        message
        for template in (ROOT / "src/icfscore/report/templates").iterdir()
        for _, _, message in environment.extract_translations(template.read_text(encoding="utf-8"))
    }
    assert "The result in brief" in found
    assert len(found) > 100


def test_the_same_inputs_give_the_same_bytes(make_project: MakeProject) -> None:
    folder = make_project()
    assert report_files(score_folder(folder)) == report_files(score_folder(folder))
