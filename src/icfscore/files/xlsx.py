"""Reading workbooks: streamed, bounded, and without trust in what the file says of itself.

The parts of an .xlsx file are read here one event at a time and not by openpyxl, which would not
tell a formula without a stored result from an empty cell, nor keep a zip or XML bomb from filling
the memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

from icfscore.errors import InputError
from icfscore.files.sheet import MAX_BYTES, MAX_CELLS, MAX_COLUMNS, Cell, Percent, Sheet, Unstored

_MAX_PARTS = 10_000
_MAX_UNPACKED = 400 * 1024 * 1024
_SMALL, _LARGEST_RATIO = 50 * 1024 * 1024, 300  # honest sheets shrink by less than a hundred
_MAX_TEXT = 64 * 1024 * 1024  # characters of all cells together
_MAX_MERGED = 10_000
_CHUNK = 1 << 16
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_OLE = b"\xd0\xcf\x11\xe0"

Attributes = dict[str, str]


def read_workbook(path: Path, name: str) -> list[Sheet]:
    """Read the cells of every visible and hidden sheet, in the workbook's order.

    Raises
    ------
    InputError
        Where it is no workbook, is damaged, or would unpack to more than the limits.
    """
    try:
        if not path.is_file():
            raise InputError.of("is no file" if path.exists() else "no such file", file=name)
        if path.stat().st_size > MAX_BYTES:
            raise InputError.of(f"is larger than {MAX_BYTES // 2**20} MB", "split it", file=name)
        with path.open("rb") as stream:
            if stream.read(4) == _OLE:
                what = "is an old .xls file or protected by a password"
                raise InputError.of(what, "save it as .xlsx without a password", file=name)
        with zipfile.ZipFile(path) as archive:
            return _Workbook(archive, name).sheets()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError.of(f"is no readable .xlsx workbook: {error}", file=name) from None
    except (expat.ExpatError, KeyError, ValueError, IndexError, zipfile.error) as error:
        raise InputError.of(f"is a damaged workbook: {error}", file=name) from None
    except OSError as error:
        raise InputError.of(f"cannot be read: {error.strerror or error}", file=name) from None


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.archive = archive
        self.name = name
        self.n_cells = 0
        self.n_letters = 0
        self.shared: list[str] = []
        self.styles: list[str] = []
        self.epoch = datetime(1899, 12, 30)
        self._check_sizes()

    def _check_sizes(self) -> None:
        parts = self.archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts) or 1
        if len(parts) > _MAX_PARTS or unpacked > _MAX_UNPACKED:
            raise self._too_large()
        if unpacked > _SMALL and unpacked / packed > _LARGEST_RATIO:
            raise self._too_large()

    def _too_large(self) -> InputError:
        hint = "a table of this size is better kept as CSV"
        return InputError.of("would unpack to more than a workbook may hold", hint, file=self.name)

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
            raise InputError.of("is a zip file, but no workbook", file=self.name)
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
                self.shared.append(self._counted("".join(letters)))
            elif tag == "rPh":
                state["phonetic"] = False
            elif tag == "t":
                state["text"] = False

        def data(text: str) -> None:
            if state["text"]:
                letters.append(text)

        self._parse(part, start, end, data)

    def _counted(self, text: str) -> str:
        self.n_letters += len(text)
        if self.n_letters > _MAX_TEXT or len(self.shared) > MAX_CELLS:
            raise self._too_large()
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
        reader = _SheetReader(self)
        self._parse(part, reader.start, reader.end, reader.data)
        numbers = sorted(row for row, cells in reader.rows.items() if cells)
        width = max((max(reader.rows[row]) for row in numbers), default=-1) + 1
        if len(numbers) * width > MAX_CELLS:
            raise self._too_large()
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
            raise InputError.of("holds a document type, as no workbook does", file=self.name)

        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = lambda tag, given: start(_local(tag), _local_keys(given))
        if end is not None:
            parser.EndElementHandler = lambda tag: end(_local(tag))
        if data is not None:
            parser.CharacterDataHandler = data
        with self.archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)


class _SheetReader:
    """Takes a sheet's events; `rows` holds cells by row number and column from 0."""

    def __init__(self, book: _Workbook) -> None:
        self.book = book
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.row = 0
        self.column = -1
        self.kind = ""
        self.style = 0
        self.formula = False
        self.taking = False
        self.letters: list[str] = []

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "c":
            found = _REFERENCE.fullmatch(given.get("r", ""))
            self.column = _position(found[1]) if found else self.column + 1
            self.row = int(found[2]) if found else self.row
            self.kind, self.style = given.get("t", "n"), int(given.get("s", 0))
            self.formula = False
            self.letters.clear()
        elif tag in ("v", "t"):
            self.taking = True
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self.row = int(given.get("r", self.row + 1))
            self.column = -1
        elif tag == "mergeCell":
            self._merge(given.get("ref", ""))

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.taking = False
        elif tag == "c":
            value = self._value("".join(self.letters))
            if value is not None:
                self._keep(value)

    def data(self, text: str) -> None:
        if self.taking:
            self.letters.append(text)

    def _keep(self, value: Cell) -> None:
        self.book.n_cells += 1
        if self.book.n_cells > MAX_CELLS or self.column >= MAX_COLUMNS:
            raise self.book._too_large()  # noqa: SLF001 - two halves of one reader
        self.rows.setdefault(self.row, {})[self.column] = value

    def _merge(self, reference: str) -> None:
        ends = [_REFERENCE.fullmatch(part) for part in reference.split(":")]
        if len(ends) == 2 and ends[0] and ends[1] and len(self.merged) < _MAX_MERGED:
            (a, b), (c, d) = ends[0].groups(), ends[1].groups()
            self.merged.append((int(b), _position(a) + 1, int(d), _position(c) + 1))

    def _value(self, text: str) -> Cell:
        kind = self.kind
        if self.formula and not text:
            return Unstored()
        if kind == "s":
            return self.book.shared[int(text)] if text else None
        if kind in ("str", "inlineStr", "e"):
            return self.book._counted(text) or None  # noqa: SLF001 - as above
        if not text:
            return None
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "d":
            return datetime.fromisoformat(text)
        number = _number(text)
        style = self.book.styles[self.style] if self.style < len(self.book.styles) else ""
        if style == "date":
            return _moment(number, self.book.epoch)
        return Percent(number) if style == "percent" else number


def _style(code: str, *, dated: bool) -> str:
    if dated:
        return "date"
    return "percent" if "%" in re.sub(r'"[^"]*"', "", code) else ""


def _number(text: str) -> int | float:
    stripped = text.strip()
    return int(stripped) if re.fullmatch(r"-?[0-9]{1,15}", stripped) else float(stripped)


def _moment(number: float, epoch: datetime) -> Cell:
    try:
        moment = epoch + timedelta(days=number)
    except OverflowError:
        return number
    return moment.date() if moment.time() == time(0) else moment


def _position(letters: str) -> int:
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - 64
    return position - 1


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
