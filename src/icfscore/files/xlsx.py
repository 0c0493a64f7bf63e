"""Reading workbooks: streamed, bounded, and without trust in what the file says of itself.

The parts of an .xlsx file are read here one event at a time and not by openpyxl, which would not
tell a formula without a stored result from an empty cell, nor keep a zip or XML bomb from filling
the memory.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from icfscore.errors import InputError
from icfscore.files.sheet import MAX_CELLS, Cell, Sheet
from icfscore.files.xlsx_cells import Attributes, SheetReader
from icfscore.sentences import say

_MAX_PARTS = 10_000
_MAX_UNPACKED = 400 * 1024 * 1024
_SMALL, _LARGEST_RATIO = 50 * 1024 * 1024, 300  # honest sheets shrink by less than a hundred
_MAX_TEXT = 64 * 1024 * 1024  # characters of all cells together
_SPARE_ELEMENTS, _ELEMENTS_A_CELL = 2_000_000, 4  # of all parts together
_MAX_DATA = 160_000_000  # letters between elements, numbers among them, of all parts
_MAX_TOKEN = 1 << 20  # bytes of one element's head, or of the text before the next
_MAX_DIRECTORY = 16 * 1024 * 1024
_CHUNK = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"


def read_workbook(raw: bytes, name: str) -> list[Sheet]:
    """Read the cells of every visible and hidden sheet, in the workbook's order.

    Raises
    ------
    InputError
        Where it is no workbook, is damaged, or would unpack to more than the limits.
    """
    try:
        if raw.startswith(_OLE):
            what = say("is an old .xls file or protected by a password")
            raise InputError.of(what, say("save it as .xlsx without a password"), file=name)
        _check_directory(raw, name)
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _Workbook(archive, name).sheets()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError.of(
            say("is no readable .xlsx workbook: {error}", error=error), file=name
        ) from None
    except (expat.ExpatError, zlib.error, KeyError, ValueError, IndexError) as error:
        raise InputError.of(say("is a damaged workbook: {error}", error=error), file=name) from None


def _check_directory(raw: bytes, name: str) -> None:
    """Check the size of the zip file's directory, which is read whole before anything else."""
    at = raw.rfind(b"PK\5\6")
    size = int.from_bytes(raw[at + 12 : at + 16], "little") if at >= 0 else 0
    if at >= 76 and raw[at - 20 : at - 16] == b"PK\6\7":  # where it is too large for its field
        size = int.from_bytes(raw[at - 36 : at - 28], "little")
    if size > _MAX_DIRECTORY:
        raise _too_large(name)


def _too_large(name: str) -> InputError:
    hint = say("a table of this size is better kept as CSV")
    return InputError.of(say("would unpack to more than a workbook may hold"), hint, file=name)


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.n_cells = 0
        self.n_letters = 0
        self.n_elements = 0
        self.n_data = 0
        self.shared: list[str] = []
        self.styles: list[str] = []
        self.epoch = datetime(1899, 12, 30)
        self._check_sizes()

    def _check_sizes(self) -> None:
        parts = self.archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts) or 1
        if len(parts) > _MAX_PARTS or unpacked > _MAX_UNPACKED:
            raise self.too_large()
        if unpacked > _SMALL and unpacked / packed > _LARGEST_RATIO:
            raise self.too_large()

    def too_large(self) -> InputError:
        """Describe a workbook above the limits."""
        return _too_large(self.name)

    def sheets(self) -> list[Sheet]:
        main = self._main_part()
        relations = self._relations(main)
        listed: list[tuple[str, str]] = []

        def start(tag: str, given: Attributes) -> None:
            if tag == "sheet":
                listed.append((given.get("name", ""), relations[given["id"]]))
            elif tag == "workbookPr" and given.get("date1904") in ("1", "true"):
                self.epoch = datetime(1904, 1, 1)

        self._parse(main, start)
        for part in relations.values():
            if part.endswith("sharedStrings.xml"):
                self._read_shared(part)
            elif part.endswith("styles.xml"):
                self._read_styles(part)
        held = set(self.archive.namelist())
        return [self._sheet(name, part) for name, part in listed if part in held]

    def _main_part(self) -> str:
        found = [
            part
            for kind, part in self._related("_rels/.rels", "")
            if kind.endswith("/officeDocument")
        ]
        if not found:
            raise InputError.of(say("is a zip file, but no workbook"), file=self.name)
        return found[0]

    def _relations(self, part: str) -> dict[str, str]:
        path = PurePosixPath(part)
        name = (path.parent / "_rels" / f"{path.name}.rels").as_posix()
        by_id: dict[str, str] = {}
        self._related(name, path.parent.as_posix(), by_id)
        return by_id

    def _related(
        self, name: str, base: str, by_id: dict[str, str] | None = None
    ) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []

        def start(tag: str, given: Attributes) -> None:
            if tag != "Relationship" or given.get("TargetMode") == "External":
                return
            target = given["Target"]
            part = target.lstrip("/") if target.startswith("/") else f"{base}/{target}"
            part = _normal(part)
            found.append((given.get("Type", ""), part))
            if by_id is not None:
                by_id[given["Id"]] = part

        self._parse(name, start)
        return found

    def _read_shared(self, part: str) -> None:
        letters: list[str] = []
        state = {"text": False, "phonetic": False}

        def start(tag: str, given: Attributes) -> None:
            if tag == "si":
                letters.clear()
            elif tag == "rPh":
                state["phonetic"] = True
            elif tag == "t":
                state["text"] = not state["phonetic"]

        def end(tag: str) -> None:
            if tag == "si":
                self.shared.append(self.counted("".join(letters)))
            elif tag == "rPh":
                state["phonetic"] = False
            elif tag == "t":
                state["text"] = False

        def data(text: str) -> None:
            if state["text"]:
                letters.append(text)

        self._parse(part, start, end, data)

    def counted(self, text: str) -> str:
        """Count the letters of a text, and give it back."""
        self.n_letters += len(text)
        if self.n_letters > _MAX_TEXT or len(self.shared) > MAX_CELLS:
            raise self.too_large()
        return text

    def _read_styles(self, part: str) -> None:
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        within: list[str] = []

        def start(tag: str, given: Attributes) -> None:
            within.append(tag)
            if tag == "numFmt" and "formatCode" in given:
                formats[int(given["numFmtId"])] = given["formatCode"]
            elif tag == "xf" and "cellXfs" in within:
                code = formats.get(int(given.get("numFmtId", 0)), "General")
                self.styles.append(_style(code, dated=bool(is_date_format(code))))

        def end(tag: str) -> None:
            within.pop()

        self._parse(part, start, end)

    def _sheet(self, name: str, part: str) -> Sheet:
        reader = SheetReader(self)
        self._parse(part, reader.start, reader.end, reader.data)
        numbers = sorted(row for row, cells in reader.rows.items() if cells)
        width = max((max(reader.rows[row]) for row in numbers), default=-1) + 1
        if len(numbers) * width > MAX_CELLS:
            raise self.too_large()
        rows: list[list[Cell]] = []
        for number in numbers:
            cells = reader.rows[number]
            rows.append([cells.get(column) for column in range(width)])
        return Sheet(self.name, name, rows, numbers, merged=tuple(reader.merged))

    def _parse(
        self,
        part: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        data: Callable[[str], None] | None = None,
    ) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def refuse(*_: Any) -> None:
            raise InputError.of(say("holds a document type, as no workbook does"), file=self.name)

        parser.StartDoctypeDeclHandler = refuse
        begun = 0

        def opened(tag: str, given: Mapping[str, str]) -> None:
            nonlocal begun
            self.n_elements += 1
            begun = self.n_data
            start(_local(tag), _local_keys(given))

        def written(text: str) -> None:
            self.n_data += len(text)
            if self.n_data - begun > _MAX_TOKEN:
                raise self.too_large()
            if data is not None:
                data(text)

        parser.StartElementHandler = opened
        if end is not None:
            parser.EndElementHandler = lambda tag: end(_local(tag))
        parser.CharacterDataHandler = written
        fed = 0
        with self.archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > _MAX_TOKEN + _CHUNK:
                    raise self.too_large()
                held = self.n_cells + len(self.shared)
                most = _SPARE_ELEMENTS + _ELEMENTS_A_CELL * held
                if self.n_elements > most or self.n_data > _MAX_DATA:
                    raise self.too_large()
        parser.Parse(b"", True)


def _style(code: str, *, dated: bool) -> str:
    if dated:
        return "date"
    return "percent" if "%" in re.sub(r'"[^"]*"', "", code) else ""


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _local_keys(given: Mapping[str, str]) -> Attributes:
    return {_local(key): value for key, value in given.items()}


def _normal(part: str) -> str:
    kept: list[str] = []
    for step in part.split("/"):
        if step == "..":
            kept = kept[:-1]
        elif step not in ("", "."):
            kept.append(step)
    return "/".join(kept)
