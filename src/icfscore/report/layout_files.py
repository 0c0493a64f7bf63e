"""Flat tables as CSV, JSON, workbook or Parquet.

In CSV, text that a spreadsheet would take for a formula gets an apostrophe in front, which
`icfscore import` takes off again; in workbooks such text is marked as text.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from icfscore import __version__
from icfscore.errors import InputError
from icfscore.report.layouts import Table
from icfscore.report.records import csv_text
from icfscore.sentences import say

_WIDEST = 40


def table_csv(tables: Sequence[Table]) -> str:
    """Spell the only table as CSV."""
    return csv_text(tables[0].header, tables[0].rows)


def table_json(tables: Sequence[Table]) -> str:
    """Spell tables as JSON: by name the rows, each a mapping without what is empty."""
    parts = []
    for table in tables:
        rows = [
            {key: value for key, value in zip(table.header, row, strict=True) if value is not None}
            for row in table.rows
        ]
        lines = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows]
        inner = ",\n    ".join(lines)
        parts.append(f"{json.dumps(table.name)}: [\n    {inner}\n  ]")
    return '{\n  "schema": "icfscore.table/1",\n  ' + ",\n  ".join(parts) + "\n}\n"


def table_xlsx(tables: Sequence[Table]) -> bytes:
    """Write a workbook, a sheet a table."""
    from icfscore.report.workbook_book import Book
    from icfscore.report.workbook_looks import CORNER, HEADING, look_of

    book = Book(tables[0].name, f"icfscore {__version__}")
    plain = look_of(0)
    for table in tables:
        widths = [min(max(10, len(name) + 2), _WIDEST) for name in table.header]
        rows = [[(value, plain) for value in row] for row in table.rows]
        looks = [HEADING if position else CORNER for position in range(len(table.header))]
        header = [list(zip(table.header, looks, strict=True))]
        book.add(table.name, rows, widths, header=header, frozen_columns=1)
    return book.to_bytes()


def table_parquet(tables: Sequence[Table]) -> bytes:
    """Write the only table as Parquet; a column with any text is text.

    Raises
    ------
    InputError
        Where pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError:
        what = say("Parquet needs the package pyarrow, which is not installed")
        raise InputError.of(what, say("pip install 'icfscore[parquet]'")) from None
    table = tables[0]
    columns = {
        name: _one_kind([row[position] for row in table.rows])
        for position, name in enumerate(table.header)
    }
    stream = io.BytesIO()
    pa.parquet.write_table(pa.table(columns), stream)
    return stream.getvalue()


def _one_kind(values: list[Any]) -> list[Any]:
    """Bring a column to one type, as Parquet wants it."""
    kinds = {type(value) for value in values if value is not None}
    if str in kinds and len(kinds) > 1:
        return [None if value is None else str(value) for value in values]
    if float in kinds and len(kinds) > 1:
        return [None if value is None else float(value) for value in values]
    return values


TABLE_FORMS: Mapping[str, Callable[[Sequence[Table]], str | bytes]] = {
    "csv": table_csv,
    "json": table_json,
    "xlsx": table_xlsx,
    "parquet": table_parquet,
}
