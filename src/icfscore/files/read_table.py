"""Reading any file of tables: CSV, workbook or Parquet."""

from __future__ import annotations

from pathlib import Path

from icfscore.errors import InputError
from icfscore.files.sheet import Sheet, read_csv, read_parquet
from icfscore.files.xlsx import read_workbook
from icfscore.sentences import say


def read_sheets(path: Path, name: str) -> list[Sheet]:
    """Read every table of a file: one of CSV and Parquet, each sheet of a workbook.

    Raises
    ------
    InputError
        Where it is no such file, is damaged, or is larger than the limits.
    """
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv", ".txt"):
        return [read_csv(path, name)]
    if suffix == ".parquet":
        return [read_parquet(path, name)]
    if suffix in (".xlsx", ".xlsm"):
        return read_workbook(path, name)
    hint = (
        say("save it as .xlsx or .csv")
        if suffix in (".xls", ".ods")
        else say("give an .xlsx or .csv")
    )
    raise InputError.of(
        say("is not read: no table of the kind '{suffix}'", suffix=suffix), hint, file=name
    )
