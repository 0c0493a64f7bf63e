"""Importing a file: what kind it is, what it is compared with, what would be written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from icfscore.domain.filling import SHOWN
from icfscore.domain.import_changes import Change
from icfscore.errors import InputError
from icfscore.files.coin_layouts import Coin, find_coin
from icfscore.files.filling_book import FillingBook, differing, read_filling
from icfscore.files.folder_reader import SETTINGS_FILE
from icfscore.files.import_plan import Choice, Plan, plan_import
from icfscore.files.import_read import choose_sheets, read_arrivals
from icfscore.files.mapping_file import MappingFile
from icfscore.files.project_files import ProjectFiles
from icfscore.files.project_folder import read_project
from icfscore.files.read_table import read_sheets
from icfscore.files.schema_files import FOLDER, MODELINE, shipped_schemas, with_modeline
from icfscore.files.sheet import Sheet
from icfscore.sentences import say

_MANY = 500  # new communities
_SETTINGS = """\
# How communities are scored. What is not said here has its default: see 'icfscore methods'.
{year}"""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of an import.

    Attributes
    ----------
    sheets
        Names of a workbook's sheets to read; none: the mapping's, or the only one there is.
    meta
        A table of COINr's iMeta beside one of iData.
    new_sources
        Sources that the import brings, by key.
    adopt_sources
        Whether unknown sources become new ones.
    """

    mapping: MappingFile = field(default_factory=MappingFile)
    choice: Choice = "ask"
    sheets: Sequence[str] = ()
    meta: Path | None = None
    new_sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    adopt_sources: bool = False


def plan_file(path: Path, folder: Path, request: Request) -> Plan:
    """Plan the import of a file into a project's folder, writing nothing.

    Raises
    ------
    InputError
        With every problem of the file, the project, or the two together.
    """
    tables = read_sheets(path, str(path))
    if request.meta is not None:
        tables += read_sheets(request.meta, str(request.meta))
    filled = read_filling(tables)
    if filled is not None:
        return _plan_filled(filled, folder, request)
    coin = None if request.sheets else find_coin(tables, request.mapping.decimal)
    if request.meta is not None and coin is None:
        hint = say("it needs the columns iCode, Type, Direction, Parent, Level and Weight")
        raise InputError.of(say("is no iMeta"), hint, file=str(request.meta))
    if coin is not None and not (folder / "criteria").is_dir():
        return _plan_coin(coin, folder, request)
    if coin is not None:
        return _plan_values([coin.data], folder, request, coin)
    if not (folder / "criteria").is_dir():
        hint = say("'icfscore init DIR --empty' writes one to begin with")
        raise InputError.of(say("holds no project: no folder 'criteria'"), hint, file=str(folder))
    wanted = request.sheets or ([request.mapping.sheet] if request.mapping.sheet else [])
    return _plan_values(choose_sheets(tables, wanted), folder, request)


def _plan_values(
    sheets: Sequence[Sheet], folder: Path, request: Request, coin: Coin | None = None
) -> Plan:
    project = read_project(folder).project
    mapping = request.mapping
    if coin is not None:
        columns = {**coin.columns, **mapping.columns}
        ignore = (*coin.ignore, *mapping.ignore)
        mapping = mapping.model_copy(update={"columns": columns, "ignore": ignore})
    arrivals = read_arrivals(
        project,
        sheets,
        mapping,
        new_sources=request.new_sources,
        adopt_sources=request.adopt_sources,
    )
    plan = plan_import(ProjectFiles(folder, project), arrivals, request.choice)
    n_new = sum(change.item == "community" for change in plan.changes)
    if n_new > _MANY:
        plan.notes.append(
            say(
                "{n_new} communities need no file each: a table in communities/ is read as it is",
                n_new=n_new,
            )
        )
    if coin is not None:
        plan.notes += coin.notes
    return plan


def _plan_filled(book: FillingBook, folder: Path, request: Request) -> Plan:
    """Plan a workbook to fill in: into its project, or into an empty folder."""
    request = replace(request, new_sources={**book.sources, **request.new_sources})
    if (folder / "criteria").is_dir():
        plan = _plan_values(book.values, folder, request)
        others = differing(book.text_by_path, folder)
        if others:
            what = say("framework and settings are left as they are, the workbook's differ:")
            plan.notes.append(say("{what} {others}", what=what, others=", ".join(others)))
    else:
        plan = _plan_new(book.text_by_path, book.values, folder, request)
    for table, names in list(plan.ignored.items()):
        told = [name for name in names if not name.startswith(SHOWN)]
        plan.ignored[table] = told
        if not told:
            del plan.ignored[table]
    return plan


def _plan_coin(coin: Coin, folder: Path, request: Request) -> Plan:
    """Plan a project of what COINr or the COIN Tool holds."""
    plan = _plan_new(coin.files, [coin.data], folder, request, coin)
    years = [change.year for change in plan.changes if change.year is not None]
    year = f"reference_year: {max(years)}\n" if years else ""
    settings = with_modeline(SETTINGS_FILE, _SETTINGS.format(year=year))
    plan.files = {SETTINGS_FILE: settings, **plan.files}
    plan.changes.insert(0, Change("", "file", None, "new", "", SETTINGS_FILE, ""))
    plan.notes.append(say("kinds and units of the indicators are to be checked in criteria/"))
    return plan


def _plan_new(
    text_by_path: Mapping[str, str],
    sheets: Sequence[Sheet],
    folder: Path,
    request: Request,
    coin: Coin | None = None,
) -> Plan:
    """Plan a project that is not there yet: its files, with the values of tables put in."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError.of(say("is not empty, and holds no project"), file=str(folder))
    with tempfile.TemporaryDirectory(prefix="icfscore-") as scratch:
        draft = Path(scratch) / "project"
        (draft / "communities").mkdir(parents=True)
        for name, text in text_by_path.items():
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).write_text(text, encoding="utf-8", newline="")
        plan = _plan_values(sheets, draft, request, coin)
    made = [Change("", "file", None, "new", "", name, "") for name in text_by_path]
    plan.files = dict(text_by_path) | plan.files
    if coin is not None:
        plan.files = {name: with_modeline(name, text) for name, text in plan.files.items()}
    if any(text.startswith(MODELINE) for text in plan.files.values()):
        schemas = shipped_schemas()
        plan.files |= {f"{FOLDER}/{name}": text for name, text in schemas.items()}
    plan.changes = made + plan.changes
    return plan
