"""The workbook, read back with openpyxl: every cell against the record, and what looks may say."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.conftest import MakeProject
from tests.report.test_stages import STAGES, many_values, score_builtin, score_folder

from icfscore.errors import InputError
from icfscore.pipeline.score import Scoring
from icfscore.report import workbook_book
from icfscore.report.stages_record import stages_record
from icfscore.report.workbook import stages_workbook
from icfscore.report.workbook_book import Book
from icfscore.report.workbook_looks import TEXT

SHEETS = ["README", *STAGES, "ranks", "weights", "evidence", "sources", "notes"]
ALPHA = "id: alpha\nname: {name}\nparent: AAA\nsource: census\nobservations: {{dust: 1}}\n"
NATIONAL, REGION, IMPUTED = "00F2BE5C", "00FBF2B0", "00A6D5F2"


def opened(raw: bytes) -> Workbook:
    for name in zipfile.ZipFile(io.BytesIO(raw)).namelist():
        ET.fromstring(zipfile.ZipFile(io.BytesIO(raw)).read(name))  # noqa: S314 - our own
    return openpyxl.load_workbook(io.BytesIO(raw))


def table(sheet: Worksheet, header: int) -> dict[str, dict[str, Any]]:
    """Read the rows below the header's last row, by their first cell."""
    rows = list(sheet.iter_rows(min_row=header, values_only=True))
    return {str(row[0]): dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]}


def cell_of(sheet: Worksheet, community: str, column: str) -> Any:
    ids = [cell.value for cell in sheet["A"]]
    names = [cell.value for cell in sheet[5]]
    return sheet.cell(ids.index(community) + 1, names.index(column) + 1)


def written(row: list[Any]) -> Workbook:
    book = Book("title", "test")
    book.add("sheet", [[(value, TEXT) for value in row]], [10.0] * len(row))
    return opened(book.to_bytes())


def close(expected: Any) -> Any:
    """Expect 16 significant digits, which is what openpyxl writes."""
    if isinstance(expected, dict):
        return {name: close(value) for name, value in expected.items()}
    return None if expected is None else pytest.approx(expected, rel=1e-15, abs=0)


SCORINGS = {
    "built-in": lambda make: score_builtin(),
    "imputed": lambda make: score_folder(make(), recipe__imputation__kind="mean"),
    "treated": lambda make: score_folder(make(many_values()), recipe__outliers__kind="winsorise"),
    "scored without": lambda make: score_folder(make(), proxies="false", recipe__screening__min_community_coverage="0.7"),
}  # fmt: skip


@pytest.fixture(params=SCORINGS)
def scoring(request: pytest.FixtureRequest, make_project: MakeProject) -> Scoring:
    found: Scoring = SCORINGS[request.param](make_project)
    return found


def test_every_cell_is_that_of_the_record(scoring: Scoring) -> None:
    record, book = stages_record(scoring), opened(stages_workbook(scoring))
    assert book.sheetnames == SHEETS
    for name, expected in {**record["stages"], "ranks": record["ranks"]}.items():
        rows = table(book[name], header=5)
        assert set(rows) == set(expected)
        for community, row in rows.items():
            assert row.pop("id") == community
            row.pop("name")
            assert row == close(expected[community])
    weights = table(book["weights"], header=1)
    shares = {name: row["share"] for name, row in weights.items() if name != "index"}
    assert shares == close(record["weights"])


def test_the_evidence_is_that_of_the_record(scoring: Scoring) -> None:
    record, book = stages_record(scoring), opened(stages_workbook(scoring))
    rows = list(book["evidence"].iter_rows(values_only=True))
    found: dict[str, dict[str, Any]] = {community: {} for community in record["evidence"]}
    for values in rows[1:]:
        row = dict(zip(map(str, rows[0]), values, strict=True))
        community, indicator = str(row["community"]), str(row["indicator"])
        found[community][indicator] = {
            key: row[key] for key in record["evidence"][community][indicator]
        }
        assert row["value"] == close(record["stages"]["imputed"][community][indicator])
    assert found == record["evidence"]
    assert {row[0] for row in rows[1:]} == set(record["evidence"])


def test_headers_stay_in_sight_and_name_the_columns(make_project: MakeProject) -> None:
    book = opened(stages_workbook(score_folder(make_project())))
    sheet = book["treated"]
    assert sheet.freeze_panes == "C6"
    assert sheet.auto_filter.ref == "A5:G8"
    assert [cell.value for cell in sheet["B"][:5]] == [
        "criterion",
        "name",
        "unit",
        "direction",
        "name",
    ]
    assert [cell.value for cell in sheet["C"][:5]] == [
        "Air",
        "Fine dust",
        "ug/m^3",
        "lower is better",
        "dust",
    ]
    assert [cell.value for cell in sheet["F"][:5]] == [
        "Work",
        "Income",
        "ln(USD)",
        "higher is better",
        "income",
    ]
    assert [cell.value for cell in book["normalised"]["C"][2:4]] == ["score", "higher is better"]
    assert book["evidence"].freeze_panes == "E2"


def test_names_follow_the_language_and_ids_do_not(make_project: MakeProject) -> None:
    book = opened(stages_workbook(score_folder(make_project()), "vi"))
    assert book["scores"]["B6"].value == "An Pha"
    assert book["scores"]["D2"].value == "Không khí"
    assert book.sheetnames == SHEETS


def test_colours_tell_proxies_imputed_and_treated_values(make_project: MakeProject) -> None:
    gamma = "id: gamma\nname: Gamma\nsource: census\nobservations: {dust: 3, jobs: {value: 4, level: region}, trees: 1, population: 2}\n"
    scoring = score_folder(
        make_project({"communities/gamma.yaml": gamma}), recipe__imputation__kind="mean"
    )
    book = opened(stages_workbook(scoring))
    for stage in STAGES[:4]:
        assert cell_of(book[stage], "alpha", "income").fill.fgColor.rgb == NATIONAL
        assert cell_of(book[stage], "gamma", "jobs").fill.fgColor.rgb == REGION
        assert cell_of(book[stage], "beta", "dust").fill.patternType is None
        imputed = cell_of(book[stage], "gamma", "income")
        assert (imputed.fill.fgColor.rgb == IMPUTED) == (stage != "observed")
    assert cell_of(book["scores"], "beta", "index").fill.patternType is None
    legend = {
        row[0].fill.fgColor.rgb for row in book["README"].iter_rows() if row[0].value == "example"
    }
    assert {NATIONAL, REGION, IMPUTED} < legend


def test_stripes_and_italics_tell_treated_values(make_project: MakeProject) -> None:
    book = opened(stages_workbook(SCORINGS["treated"](make_project)))
    assert cell_of(book["imputed"], "c9", "dust").fill.patternType is None
    treated = cell_of(book["treated"], "c9", "dust")
    assert treated.fill.patternType == "lightUp"
    assert treated.font.italic
    assert cell_of(book["treated"], "c8", "dust").fill.patternType is None


def test_the_focus_is_bold_and_ranks_are_best_first(make_project: MakeProject) -> None:
    book = opened(stages_workbook(score_folder(make_project(), focus="beta")))
    for name in (*STAGES, "ranks"):
        bold = [row[0].value for row in book[name].iter_rows(min_row=6) if row[0].font.bold]
        assert bold == ["beta"]
    ranks = [row[2].value for row in book["ranks"].iter_rows(min_row=6)]
    assert ranks == sorted(ranks)


def test_the_cover_says_what_it_is_and_how_it_was_made() -> None:
    scoring = score_builtin()
    text = [
        cell.value for row in opened(stages_workbook(scoring))["README"].iter_rows() for cell in row
    ]
    assert any(str(line).startswith("These are not ICF's scores") for line in text)
    assert scoring.digest in text
    assert "min_max: low=0, high=100, over=cohort" in text


def test_the_cover_lists_every_exception_of_a_stage(make_project: MakeProject) -> None:
    scoring = score_folder(
        make_project(), recipe__aggregation="{kind: arithmetic, at: {index: {kind: geometric}}}",
        recipe__normalisation="{kind: min_max, low: 1, except: {dust: {kind: rank}}}",
    )  # fmt: skip
    cover = opened(stages_workbook(scoring))["README"]
    lines = {row[0]: row[1] for row in cover.iter_rows(values_only=True)}
    assert lines["aggregation at index"] == "geometric"
    assert str(lines["normalisation, dust"]).startswith("rank")


def test_what_was_left_out_is_noted(make_project: MakeProject) -> None:
    folder = make_project(
        {
            "communities/delta.yaml": "id: delta\nname: Delta\nsource: census\nobservations: {dust: 1}\n"
        }
    )
    rows = list(opened(stages_workbook(score_folder(folder)))["notes"].iter_rows(values_only=True))
    assert rows[0] == ("kind", "id", "text")
    assert ("excluded community", "delta") in {row[:2] for row in rows}


def test_the_same_scoring_gives_the_same_bytes() -> None:
    first = stages_workbook(score_builtin())
    assert first == stages_workbook(score_builtin())
    entries = zipfile.ZipFile(io.BytesIO(first)).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(first).properties
    assert {properties.created.year, properties.modified.year} == {1980}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@cmd", '=HYPERLINK("x")', "\tx"])
def test_text_never_becomes_a_formula(text: str, make_project: MakeProject) -> None:
    cell = written([text])["sheet"]["A1"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    folder = make_project({"communities/alpha.yaml": ALPHA.format(name=repr(text))})
    book = opened(stages_workbook(score_folder(folder)))
    assert not [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]


TEXTS = {
    "control characters": ("a\x00b\x1fc\x0bd", "a\ufffdb\ufffdc\ufffdd"),
    "lone surrogates": ("a\ud800b", "a\ufffdb"),
    "marks of XML": ("<a> & \"b\" 'c' ]]>", "<a> & \"b\" 'c' ]]>"),
    "line ends": ("a\r\nb\rc", "a\nb\nc"),
    "spaces at the ends": ("  a  ", "  a  "),
    "the name of an error": ("#N/A", "#N/A"),
    "as much as fits": ("x" * 32_767, "x" * 32_767),
    "more than fits": ("x" * 40_000, "x" * 32_766 + "…"),
    "more than fits, in pairs": ("😀" * 20_000, "😀" * 16_383 + "…"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_fits_into_a_cell(name: str) -> None:
    text, expected = TEXTS[name]
    assert written([text, "next"])["sheet"]["A1"].value == expected


def test_numbers_keep_sixteen_digits_and_missing_ones_are_empty() -> None:
    numbers = [0.1 + 0.2, 1e300, 5e-324, -0.1, 12345678901234567.0, 3, True]
    sheet = written([*numbers, None, float("nan"), float("inf"), "end"])["sheet"]
    assert [cell.value for cell in sheet[1]] == [*map(close, numbers), None, None, None, "end"]


def test_names_of_ten_thousand_letters_are_written(make_project: MakeProject) -> None:
    long = "Name " * 2000
    trees = "{id: trees, name: Trees, unit: institution, direction: higher, kind: count, per: population}"
    dust = f"{{id: dust, name: {long}, unit: {'u' * 9999}, direction: lower, kind: ratio}}"
    air = f"id: air\nname: {long}\nindicators:\n  - {dust}\n  - {trees}\n"
    folder = make_project(
        {"communities/alpha.yaml": ALPHA.format(name=long), "criteria/air.yaml": air}
    )
    book = opened(stages_workbook(score_folder(folder)))
    assert book["scores"]["B6"].value == long.strip()
    assert book["observed"]["C3"].value == "u" * 9999
    assert book["observed"].row_dimensions[3].height == 90


def test_a_sheet_that_is_full_is_continued(
    monkeypatch: pytest.MonkeyPatch, make_project: MakeProject
) -> None:
    monkeypatch.setattr(workbook_book, "MAX_ROWS", 11)
    book = opened(stages_workbook(score_folder(make_project())))
    assert book["evidence"]["A1"].value == book["evidence 2"]["A1"].value == "community"
    assert book["evidence"].max_row == 11
    assert book["evidence 2"].max_row == 1 + 15 - 10


def test_a_sheet_that_is_too_wide_is_an_error(
    monkeypatch: pytest.MonkeyPatch, make_project: MakeProject
) -> None:
    monkeypatch.setattr(workbook_book, "MAX_COLUMNS", 6)
    with pytest.raises(InputError, match=r"sheet observed would have 7 columns.*export as JSON"):
        stages_workbook(score_folder(make_project()))


def test_a_framework_of_one_level_has_its_sheets(make_project: MakeProject) -> None:
    dust = "{id: dust, name: Dust, unit: g, direction: lower, kind: ratio}"
    files = dict.fromkeys(["criteria/air.yaml", "criteria/work.yaml", "communities/areas/AAA.yaml"])
    files["criteria/framework.yaml"] = f"id: f\nname: F\nversion: '1'\nindicators: [{dust}]\n"
    for name, value in (("alpha", 1e300), ("beta", 3.14159), ("gamma", 5)):
        entity = f"id: {name}\nname: {name}\nsource: census\nobservations: {{dust: {value}}}\n"
        files[f"communities/{name}.yaml"] = entity
    book = opened(stages_workbook(score_folder(make_project(files))))
    assert table(book["observed"], 5)["alpha"]["dust"] == 1e300
    assert [row[0].value for row in book["weights"].iter_rows()] == ["id", "index", "dust"]
