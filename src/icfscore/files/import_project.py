"""Importing a file: what kind it is, what it is compared with, what would be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from icfscore.errors import InputError
from icfscore.files.import_plan import Choice, Plan, plan_import
from icfscore.files.import_read import choose_sheets, read_arrivals
from icfscore.files.project_files import ProjectFiles
from icfscore.files.project_folder import read_project
from icfscore.files.sheet import read_sheets
from icfscore.files.table_columns import MappingFile


def plan_file(
    path: Path,
    folder: Path,
    mapping: MappingFile,
    *,
    choice: Choice = "ask",
    sheets: Sequence[str] = (),
    meta: Path | None = None,
    new_sources: Mapping[str, Mapping[str, Any]] | None = None,
    adopt_sources: bool = False,
) -> Plan:
    """Plan the import of a file into a project's folder, writing nothing.

    Parameters
    ----------
    sheets
        Names of a workbook's sheets to read; none: the mapping's, or the only one there is.
    meta
        A table of COINr's iMeta beside one of iData.
    new_sources
        Sources that the import brings, by key.
    adopt_sources
        Whether unknown sources become new ones.

    Raises
    ------
    InputError
        With every problem of the file, the project, or the two together.
    """
    tables = read_sheets(path, str(path))
    wanted = sheets or ([mapping.sheet] if mapping.sheet else [])
    if not (folder / "criteria").is_dir():
        hint = "'icfscore init DIR --empty' writes one to begin with"
        raise InputError.of("holds no project: no folder 'criteria'", hint, file=str(folder))
    project = read_project(folder).project
    arrivals = read_arrivals(
        project,
        choose_sheets(tables, wanted),
        mapping,
        new_sources=new_sources,
        adopt_sources=adopt_sources,
    )
    return plan_import(ProjectFiles(folder, project), arrivals, choice)
