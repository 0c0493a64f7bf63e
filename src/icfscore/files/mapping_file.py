"""A mapping: which sheet and columns of a table hold what, and what all its values share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from icfscore.domain.communities import Comparability, Level, Status
from icfscore.domain.criteria import FileModel
from icfscore.domain.text import Line
from icfscore.errors import InputError, Problem
from icfscore.files.check import check
from icfscore.files.entries import Year
from icfscore.files.located_yaml import read_document


class ColumnEntry(FileModel):
    """A column that a mapping names, and what holds for all its values."""

    column: Line
    unit: Line | None = None
    year: Year | None = None
    source: Line | None = None
    level: Level | None = None
    status: Status | None = None
    comparability: Comparability | None = None


class MappingFile(FileModel):
    """A mapping: which sheet and columns hold what, and what holds for all values."""

    sheet: Line | None = None
    header: Annotated[int, Field(ge=1)] | None = None
    decimal: Literal[".", ","] | None = None
    source: Line | None = None
    year: Year | None = None
    level: Level | None = None
    columns: dict[Line, Line | ColumnEntry] = Field(default={})
    ignore: tuple[Line, ...] = Field(default=(), strict=False)


def read_mapping(path: Path) -> MappingFile:
    """Read a mapping of columns.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    document = read_document(path, str(path))
    problems: list[Problem] = []
    mapping = check(MappingFile, document.data or {}, document, (), problems)
    if problems or mapping is None:
        raise InputError(problems)
    return mapping
