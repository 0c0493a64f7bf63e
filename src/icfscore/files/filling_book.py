"""Reading back a workbook that `icfscore export --for filling` wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from icfscore.domain.filling import (
    COVER,
    FILE_COLUMNS,
    FILES,
    FILLING_SCHEMA,
    GAPS,
    SOURCE_COLUMNS,
    SOURCES,
)
from icfscore.errors import InputError, Problem
from icfscore.files.cell_values import CellReader
from icfscore.files.folder_reader import SETTINGS_FILE
from icfscore.files.read import read_text, yaml_files
from icfscore.files.sheet import MAX_BYTES, Sheet
from icfscore.sentences import say

_ALLOWED = re.compile(r"(?:criteria|communities|communities/areas)/[^/\\]+\.(?:yaml|yml|csv)")


@dataclass(slots=True)
class FillingBook:
    """What such a workbook holds.

    Attributes
    ----------
    values
        The sheets with values.
    sources
        Its sources by key, as sources.yaml spells them.
    text_by_path
        The files of the project it was written from.
    """

    values: list[Sheet]
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    text_by_path: dict[str, str] = field(default_factory=dict)


def read_filling(sheets: list[Sheet]) -> FillingBook | None:
    """Recognise a workbook to fill in; None where it is another one.

    Raises
    ------
    InputError
        Where a sheet is missing or its columns were changed.
    """
    by_name = {sheet.name: sheet for sheet in sheets}
    cover = by_name.get(COVER)
    if cover is None or not cover.rows or cover.rows[0][0] != FILLING_SCHEMA:
        return None
    for name in (SOURCES, FILES):
        if name not in by_name:
            what = say("is a workbook to fill in, but its sheet '{name}' is missing", name=name)
            raise InputError.of(what, say("export it anew"), file=cover.file)
    values = [sheet for sheet in sheets if sheet.name not in (COVER, GAPS, SOURCES, FILES)]
    problems: list[Problem] = []
    book = FillingBook(
        [_below_titles(sheet) for sheet in values],
        _read_sources(by_name[SOURCES], problems),
        _read_files(by_name[FILES], problems),
    )
    if problems:
        raise InputError(problems)
    return book


def _below_titles(sheet: Sheet) -> Sheet:
    """Leave out the second row, which names the columns for people."""
    return Sheet(
        sheet.file,
        sheet.name,
        [*sheet.rows[:1], *sheet.rows[2:]],
        [*sheet.numbers[:1], *sheet.numbers[2:]],
        merged=sheet.merged,
    )


def _check_header(sheet: Sheet, columns: tuple[str, ...], problems: list[Problem]) -> bool:
    found = tuple(sheet.rows[0][: len(columns)]) if sheet.rows else ()
    if found == columns:
        return True
    what = say("the columns must be {columns}", columns=", ".join(columns))
    problems.append(sheet.problem(0, 0, what, say("export the workbook anew")))
    return False


def _read_sources(sheet: Sheet, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    if not _check_header(sheet, SOURCE_COLUMNS, problems):
        return {}
    cells = CellReader(sheet)
    sources: dict[str, dict[str, Any]] = {}
    for position, row in enumerate(sheet.rows[1:], start=1):
        entry: dict[str, Any] = {}
        for column, name in enumerate(SOURCE_COLUMNS):
            note = partial(_note, sheet, position, column, problems)
            value: Any = cells.text(row[column], name, note)
            if name == "year" and re.fullmatch("[0-9]{1,9}", value or ""):
                value = int(value)
            if value is not None:
                entry[name] = value
        key = entry.pop("key", None)
        if key is None:
            problems.append(sheet.problem(position, 0, say("a source without a key")))
        elif key in sources:
            problems.append(
                sheet.problem(position, 0, say("the source '{key}' is given twice", key=key))
            )
        else:
            sources[key] = entry
    return sources


def _note(
    sheet: Sheet, row: int, column: int, problems: list[Problem], what: str, hint: str
) -> None:
    problems.append(sheet.problem(row, column, what, hint))


def _read_files(sheet: Sheet, problems: list[Problem]) -> dict[str, str]:
    """Put the project's files together from their lines."""
    if not _check_header(sheet, FILE_COLUMNS, problems):
        return {}
    lines: dict[str, dict[int, list[str]]] = {}
    for position, row in enumerate(sheet.rows[1:], start=1):
        path, number, text = row[:3]
        allowed = isinstance(path, str) and (path == SETTINGS_FILE or _ALLOWED.fullmatch(path))
        if not allowed or not isinstance(number, int) or "" in PurePosixPath(str(path)).parts:
            problems.append(sheet.problem(position, 0, say("no line of a project's file")))
            continue
        part = "" if text is None else str(text)
        lines.setdefault(str(path), {}).setdefault(number, []).append(part)
    texts = {}
    for path, parts in lines.items():
        if sorted(parts) != list(range(1, len(parts) + 1)):
            what = say("lines of {path} are missing", path=path)
            problems.append(sheet.problem(0, 0, what, say("export the workbook anew")))
        texts[path] = "\n".join("".join(parts[number]) for number in sorted(parts))
    return texts


def project_texts(path: Path) -> dict[str, str]:
    """Read all files of a project, by path relative to it.

    Raises
    ------
    InputError
        Where one cannot travel as text, as Parquet cannot.
    """
    texts: dict[str, str] = {}
    settings = path / SETTINGS_FILE
    if settings.is_file():
        texts[SETTINGS_FILE] = read_text(settings, SETTINGS_FILE)
    for folder in ("criteria", "communities", "communities/areas"):
        if not (path / folder).is_dir():
            continue
        for file in _files(path / folder):
            name = file.relative_to(path).as_posix()
            if file.suffix.lower() == ".parquet":
                raise InputError.of(
                    say("Parquet does not fit into a workbook"), say("use CSV"), file=name
                )
            texts[name] = read_text(file, name, MAX_BYTES)
    return texts


def _files(folder: Path) -> Iterable[Path]:
    yield from yaml_files(folder)
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in (".csv", ".parquet") and not file.name.startswith("."):
            yield file


def differing(texts: Mapping[str, str], folder: Path) -> list[str]:
    """List the files of framework and settings that a project has otherwise than a workbook."""
    return [
        name
        for name, text in texts.items()
        if not name.startswith("communities/")
        and (not (folder / name).is_file() or read_text(folder / name, name) != text)
    ]
