"""The files inside an xlsx file that tie its sheets together, and how they are packed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from icfscore.report.workbook_sheet import MAIN, Part
from icfscore.report.workbook_text import clean_text

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip file can give
_ORDINARY_FILE = 0o100644 << 16
_UNIX = 3
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"


def open_entry(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Begin a file whose bytes tell nothing of when and where it was written."""
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _ORDINARY_FILE
    entry.create_system = _UNIX
    stream = archive.open(entry, "w")
    stream.write(_HEAD.encode())
    return stream


def add_entry(archive: zipfile.ZipFile, name: str, xml: str) -> None:
    """Add a whole file."""
    with open_entry(archive, name) as stream:
        stream.write(xml.encode())


def add_frame(archive: zipfile.ZipFile, parts: Sequence[Part], title: str, creator: str) -> None:
    """Add the files that name the others."""
    paths = [f"worksheets/sheet{number}.xml" for number in range(1, len(parts) + 1)]
    roots = [
        (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ]
    inner = [(f"{_OFFICE}/worksheet", path) for path in paths]
    inner += [(f"{_OFFICE}/{kind}", f"{kind}.xml") for kind in ("styles", "sharedStrings")]
    add_entry(archive, "[Content_Types].xml", _content_types(paths))
    add_entry(archive, "_rels/.rels", _relations(roots))
    add_entry(archive, "docProps/core.xml", _properties(title, creator))
    add_entry(archive, "xl/workbook.xml", _workbook(parts))
    add_entry(archive, "xl/_rels/workbook.xml.rels", _relations(inner))


def _content_types(paths: Iterable[str]) -> str:
    types = [(f"/xl/{path}", f"{_TYPE}.worksheet+xml") for path in paths]
    types += [(f"/xl/{kind}.xml", f"{_TYPE}.{kind}+xml") for kind in ("styles", "sharedStrings")]
    types += [
        ("/xl/workbook.xml", f"{_TYPE}.sheet.main+xml"),
        ("/docProps/core.xml", _CORE_TYPE),
    ]
    usual = (
        f'<Default Extension="rels" ContentType="{_RELATIONS_TYPE}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    named = "".join(f'<Override PartName="{n}" ContentType="{t}"/>' for n, t in types)
    return f'<Types xmlns="{_PACKAGE}/content-types">{usual}{named}</Types>'


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _workbook(parts: Sequence[Part]) -> str:
    sheets, filters = [], []
    for number, part in enumerate(parts, start=1):
        name = quoteattr(part.name)
        sheets.append(f'<sheet name={name} sheetId="{number}" r:id="rId{number}"/>')
        if part.first_filtered:
            filters.append(_filter(number - 1, part))
    names = f"<definedNames>{''.join(filters)}</definedNames>" if filters else ""
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{''.join(sheets)}</sheets>{names}</workbook>"
    )


def _filter(position: int, part: Part) -> str:
    """Spell the hidden name that spreadsheets give to a range with filters."""
    sheet = part.name.replace("'", "''")
    place = f"'{sheet}'!$A${part.first_filtered}:${part.last_column}${part.last_row}"
    return (
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{position}" hidden="1">'
        f"{escape(place)}</definedName>"
    )


def _properties(title: str, creator: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(clean_text(title))}</dc:title>"
        f"<dc:creator>{escape(clean_text(creator))}</dc:creator></cp:coreProperties>"
    )
