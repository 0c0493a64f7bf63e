"""Workbooks as other programs write them, part by part, and parts that no program would write.

Forms of the parts: ECMA-376, Office Open XML, part 1, section 18 (SpreadsheetML).
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest

from icfscore.errors import InputError
from icfscore.files import xlsx
from icfscore.files.sheet import Percent, Sheet, Unstored
from icfscore.files.xlsx import read_workbook

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TOO_MUCH = r"^t\.xlsx: would unpack to more than a workbook may hold; a table of this size is"


def _relations(**targets: str) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{RELATED}/{name.rstrip("123")}" Target="{target}"/>'
        for name, target in targets.items()
    )
    return f"<Relationships>{listed}</Relationships>"


def _zipped(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def _book(
    cells: str, *, strings: str = "", styles: str = "", settings: str = "", after: str = ""
) -> bytes:
    """Make a workbook of one sheet, with shared strings and formats of cells."""
    return _zipped(
        {
            "_rels/.rels": _relations(officeDocument="/xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}">{settings}'
            '<sheets><sheet name="Data" r:id="worksheet1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                worksheet1="../xl/./worksheets/one.xml",
                sharedStrings="sharedStrings.xml",
                styles="styles.xml",
            ),
            "xl/worksheets/one.xml": f"<worksheet><sheetData>{cells}</sheetData>{after}</worksheet>",
            "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
            "xl/styles.xml": f"<styleSheet>{styles}</styleSheet>",
        }
    )


def _unpacked(raw: bytes) -> int:
    return sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(raw)).infolist())


def _read(raw: bytes) -> Sheet:
    (sheet,) = read_workbook(raw, "t.xlsx")
    return sheet


def _row(*cells: str) -> str:
    return f"<row>{''.join(cells)}</row>"


def test_shared_texts_are_put_together_without_their_pronunciation() -> None:
    strings = (
        "<si><t>id</t></si>"
        "<si><r><rPr><b/></rPr><t>Thủ Dầu</t></r><r><t> Một</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='1'/></si>"
    )
    cells = _row(*(f'<c t="s"><v>{n}</v></c>' for n in range(3)), '<c t="s"><v></v></c>')
    assert _read(_book(cells, strings=strings)).rows == [["id", "Thủ Dầu Một", "東京"]]


def test_a_cell_is_what_its_kind_and_format_say() -> None:
    formats = (
        "<numFmts><numFmt numFmtId='170' formatCode='0.0\"%\"'/><numFmt numFmtId='171'/></numFmts>"
        "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
        "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='10'/><xf numFmtId='170'/>"
        "<xf/></cellXfs>"
    )
    cells = _row(
        "<c s='1'><v>43221</v></c>",
        "<c s='1'><v>43221.5</v></c>",
        "<c s='2'><v>0.45</v></c>",
        "<c s='3'><v>45</v></c>",
        "<c s='4'><v>1.5</v></c>",
        "<c s='9'><v>7</v></c>",
        "<c t='b'><v>1</v></c>",
        "<c t='b'><v>0</v></c>",
        "<c t='d'><v>2018-05-01T12:00:00</v></c>",
        "<c t='str'><f>A1</f><v>text</v></c>",
        "<c><f>A1</f></c>",
        "<c t='inlineStr'><is><t>in</t><t> line</t></is></c>",
        "<c s='1'><v>1e300</v></c>",
    )
    (found,) = _read(_book(cells, styles=formats)).rows
    assert found[:-3] == [
        date(2018, 5, 1), datetime(2018, 5, 1, 12), 0.45, 45, 1.5, 7, True, False,
        datetime(2018, 5, 1, 12), "text",
    ]  # fmt: skip
    assert [type(cell) for cell in found[2:4]] == [Percent, int]
    assert type(found[10]) is Unstored
    assert found[11:] == ["in line", 1e300]  # beyond all calendars: a number


def test_days_may_be_counted_from_1904() -> None:
    styles = "<cellXfs><xf numFmtId='14'/></cellXfs>"
    cells = _row("<c s='0'><v>1</v></c>")
    for settings, expected in (
        ("", date(1899, 12, 31)),
        ("<workbookPr date1904='0'/>", date(1899, 12, 31)),
        ("<workbookPr date1904='1'/>", date(1904, 1, 2)),
        ("<workbookPr date1904='true'/>", date(1904, 1, 2)),
    ):
        assert _read(_book(cells, styles=styles, settings=settings)).rows == [[expected]]


def test_cells_without_a_reference_follow_each_other() -> None:
    cells = _row("<c><v>1</v></c>", "<c r='D1'><v>4</v></c>", "<c><v>5</v></c>") + _row(
        "<c><v>1</v></c>", "<c/>"
    )
    found = _read(_book(cells))
    assert found.rows == [[1, None, None, 4, 5], [1, None, None, None, None]]
    assert found.numbers == [1, 2]


def test_merged_cells_are_told_by_their_corners() -> None:
    merged = (
        "<mergeCells><mergeCell ref='B2:D3'/><mergeCell ref='A1'/><mergeCell/>"
        "<mergeCell ref='A1:??'/></mergeCells>"
    )
    assert _read(_book(_row("<c><v>1</v></c>"), after=merged)).merged == ((2, 2, 3, 4),)


def test_a_sheet_that_is_listed_but_not_held_is_passed_over() -> None:
    parts = {
        "_rels/.rels": _relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns:r="{RELATED}"><sheets>'
        '<sheet name="Here" r:id="worksheet1"/><sheet name="Gone" r:id="worksheet2"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            worksheet1="one.xml", worksheet2="two.xml"
        ).replace("</Relationships>", '<Relationship Id="x" TargetMode="External" Target="//a"/>')
        + "</Relationships>",
        "xl/one.xml": "<worksheet/>",
    }
    assert [sheet.name for sheet in read_workbook(_zipped(parts), "t.xlsx")] == ["Here"]


def test_a_zip_file_that_is_no_workbook_is_told() -> None:
    raw = _zipped({"_rels/.rels": _relations(thumbnail="a.png")})
    with pytest.raises(InputError, match=r"^t\.xlsx: is a zip file, but no workbook$"):
        read_workbook(raw, "t.xlsx")
    with pytest.raises(InputError, match=r"^t\.xlsx: is a damaged workbook: .*_rels/\.rels"):
        read_workbook(_zipped({"readme.txt": "a text"}), "t.xlsx")


ONE = _row("<c><v>1</v></c>")
TEXT = "<si><t>some text</t></si>"
LIMITS: dict[str, tuple[str, int, bytes]] = {
    "parts": ("_MAX_PARTS", 6, _book(ONE)),
    "bytes of all parts": ("_MAX_UNPACKED", _unpacked(_book(ONE)), _book(ONE)),
    "letters of shared texts": ("_MAX_TEXT", 9, _book(ONE, strings=TEXT)),
    "letters of a cell": ("_MAX_TEXT", 9, _book(_row("<c t='str'><v>some text</v></c>"))),
    "shared texts": ("MAX_CELLS", 2, _book(ONE, strings="<si/>" * 3)),
    "letters between elements": ("_MAX_TOKEN", 9, _book(ONE, strings=TEXT)),
    # The text, and the 1 of the only cell.
    "letters in all": ("_MAX_DATA", 10, _book(ONE, strings=TEXT)),
    # 26 of six parts, of which one cell may bring four.
    "elements": ("_SPARE_ELEMENTS", 22, _book(ONE, strings="<x/>" * 10)),
}


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_one_too_many_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    constant, most, raw = LIMITS[name]
    monkeypatch.setattr(xlsx, constant, most)
    assert _read(raw).rows
    monkeypatch.setattr(xlsx, constant, most - 1)
    with pytest.raises(InputError, match=TOO_MUCH):
        read_workbook(raw, "t.xlsx")


def test_a_head_of_an_element_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An element whose head goes on for megabytes is held whole by the parser."""
    monkeypatch.setattr(xlsx, "_MAX_TOKEN", 1000)
    monkeypatch.setattr(xlsx, "_CHUNK", 100)
    raw = _book(ONE, strings=f'<si a="{"x" * 2000}"/>')
    with pytest.raises(InputError, match=TOO_MUCH):
        read_workbook(raw, "t.xlsx")


@pytest.mark.parametrize("large", [False, True])
def test_a_directory_too_large_is_refused_before_it_is_read(
    large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in the form for more than 65,535 parts, where the size stands elsewhere."""
    if large:
        monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    raw = _book(ONE)
    assert (b"PK\6\7" in raw) == large
    assert _read(raw).rows == [[1]]
    monkeypatch.setattr(xlsx, "_MAX_DIRECTORY", 100)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # must not be reached
    with pytest.raises(InputError, match=TOO_MUCH):
        read_workbook(raw, "t.xlsx")
