"""Reading any file of tables: CSV, workbook or Parquet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from icfscore.errors import InputError
from icfscore.files.parquet_cells import read_parquet
from icfscore.files.read import read_bytes
from icfscore.files.sheet import MAX_BYTES, Sheet, read_csv
from icfscore.files.xlsx import read_workbook
from icfscore.sentences import say

_READERS: Mapping[str, Callable[[bytes, str], list[Sheet]]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), lambda raw, name: [read_csv(raw, name)]),
    ".parquet": lambda raw, name: [read_parquet(raw, name)],
    **dict.fromkeys((".xlsx", ".xlsm"), read_workbook),
}


def read_sheets(path: Path, name: str) -> list[Sheet]:
    """Read every table of a file: one of CSV and Parquet, each sheet of a workbook.

    Raises
    ------
    InputError
        Where it is no such file, is damaged, or is larger than the limits.
    """
    suffix = path.suffix.lower()
    if suffix in _READERS:
        raw = read_bytes(path, name, MAX_BYTES, say("split it"))
        digest = hashlib.sha256(raw).hexdigest()
        return [replace(sheet, digest=digest) for sheet in _READERS[suffix](raw, name)]
    hint = (
        say("save it as .xlsx or .csv")
        if suffix in (".xls", ".ods")
        else say("give an .xlsx or .csv")
    )
    raise InputError.of(
        say("is not read: no table of the kind '{suffix}'", suffix=suffix), hint, file=name
    )
