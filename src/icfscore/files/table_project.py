"""Communities that stand in a table of the project instead of a file each.

Any ``*.csv`` or ``*.parquet`` in communities/ is one: a row a community (wide), or a row a value
(long). Columns are named by ids, aliases or names; an unknown one is a problem, as an unknown key
of a YAML file is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from icfscore.domain.criteria import CriteriaTree
from icfscore.errors import Problem
from icfscore.files.read_table import read_sheets
from icfscore.files.sheet import TABLE_SUFFIXES
from icfscore.files.table_columns import find_columns
from icfscore.files.table_row import TableRow
from icfscore.files.table_rows import read_rows


@dataclass(frozen=True, slots=True)
class ProjectTable:
    """The communities of a table, and a digest of its bytes."""

    rows: list[TableRow]
    digest: str


def table_paths(folder: Path) -> list[Path]:
    """List the tables of a folder by name, hidden ones left out."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:  # that it cannot be read is told by who looks for the other files in it
        return []
    return [p for p in paths if p.suffix.lower() in TABLE_SUFFIXES and not p.name.startswith(".")]


def read_table(path: Path, name: str, tree: CriteriaTree, problems: list[Problem]) -> ProjectTable:
    """Read one table; problems of its cells are added to the list.

    Raises
    ------
    InputError
        Where the file cannot be read at all.
    """
    sheet = read_sheets(path, name)[0]
    columns = find_columns(sheet, tree, problems, strict=True)
    if columns is None:
        return ProjectTable([], sheet.digest)
    return ProjectTable(read_rows(sheet, columns, tree, problems), sheet.digest)
