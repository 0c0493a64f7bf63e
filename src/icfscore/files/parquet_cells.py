"""Reading tables of Parquet files, without trust in what the file says of its size.

What unpacks to how much stands at every page of the file, and is summed before anything is
unpacked (Apache Parquet format, "Data Pages" and parquet.thrift; Thrift's compact protocol). Texts
are read as the dictionaries that they are stored as, so that one long text repeated a million times
stays one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from icfscore.errors import InputError
from icfscore.files.sheet import MAX_CELLS, MAX_COLUMNS, Cell, Sheet
from icfscore.files.thrift import read_struct
from icfscore.sentences import say

MAX_UNPACKED = 256 * 1024 * 1024
_LONGEST_FIXED = 32  # bytes of the longest number
_PREFIXED = 7  # DELTA_BYTE_ARRAY: each text a few letters beyond the one before
# Numbers of fields in parquet.thrift.
_ROW_GROUPS, _COLUMNS, _META_DATA = 4, 1, 3
_COMPRESSED, _DATA_PAGE, _DICTIONARY_PAGE = 7, 9, 11


def read_parquet(raw: bytes, name: str) -> Sheet:
    """Read a Parquet file, which needs the package pyarrow.

    Raises
    ------
    InputError
        Where pyarrow is not installed, or the file is none or too large.
    """
    arrow: Any = import_pyarrow(name)
    try:
        with arrow.parquet.ParquetFile(arrow.BufferReader(raw)) as stored:
            _check_size(stored.metadata, raw, name)
            texts = _texts(stored.metadata.schema)
        packed = arrow.BufferReader(raw)
        with arrow.parquet.ParquetFile(packed, read_dictionary=texts) as stored:
            table = stored.read(use_threads=False)
        columns = [_values(column, arrow) for column in table.columns]
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RuntimeError,
        arrow.ArrowException,
    ) as error:
        reason = str(error).partition("\n")[0]
        raise InputError.of(
            say("is no readable Parquet file: {reason}", reason=reason), file=name
        ) from None
    header: list[Cell] = list(table.column_names)
    rows: list[list[Cell]] = [header, *map(list, zip(*columns, strict=True))]
    return Sheet(name, "", rows, list(range(len(rows))))


def import_pyarrow(name: str) -> Any:
    """Import pyarrow with its Parquet, or say how to get it."""
    try:
        import pyarrow.parquet
    except ImportError:
        what = say("needs the package pyarrow, which is not installed")
        hint = say("pip install 'icfscore[parquet]', or use CSV")
        raise InputError.of(what, hint, file=name) from None
    return pyarrow


def _texts(schema: Any) -> list[str]:
    columns = [schema.column(position) for position in range(len(schema))]
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _values(column: Any, arrow: Any) -> list[Any]:
    """Give a column's values; equal texts are one object."""
    if not arrow.types.is_dictionary(column.type):
        return list(column.to_pylist())
    values: list[Any] = []
    for chunk in column.chunks:
        words = chunk.dictionary.to_pylist()
        values += [None if at is None else words[at] for at in chunk.indices.to_pylist()]
    return values


def _check_size(metadata: Any, raw: bytes, name: str) -> None:
    """Check what the table would take once unpacked."""
    if metadata.num_columns > MAX_COLUMNS or metadata.num_rows * metadata.num_columns > MAX_CELLS:
        raise _too_large(name)
    for position in range(metadata.num_columns):
        column = metadata.schema.column(position)
        if column.max_repetition_level or "." in column.path:
            what = say("column '{name}' holds lists or records, not values", name=column.path)
            raise InputError.of(what, file=name)
        if column.physical_type == "FIXED_LEN_BYTE_ARRAY" and column.length > _LONGEST_FIXED:
            what = say("column '{name}' holds bytes, not values", name=column.path)
            raise InputError.of(what, file=name)
    unpacked = 0
    for start, end in _chunks(raw):
        unpacked += _unpacked(start, end, raw, name)
        if unpacked > MAX_UNPACKED:
            raise _too_large(name)


def _too_large(name: str) -> InputError:
    return InputError.of(
        say("holds more than {max_cells:,} cells", max_cells=MAX_CELLS), say("split it"), file=name
    )


def _chunks(raw: bytes) -> Iterator[tuple[int, int]]:
    """List where the pages of each column chunk begin and end, as the file's footer says.

    pyarrow tells it too, but ends the process where a chunk's statistics are damaged.
    """
    length = int.from_bytes(raw[-8:-4], "little")
    footer, _ = read_struct(raw, len(raw) - 8 - length)
    for group in footer[_ROW_GROUPS]:
        for column in group[_COLUMNS]:
            chunk = column[_META_DATA]
            starts = [chunk[_DATA_PAGE], chunk.get(_DICTIONARY_PAGE, chunk[_DATA_PAGE])]
            yield min(starts), min(starts) + chunk[_COMPRESSED]


def _unpacked(at: int, end: int, raw: bytes, name: str) -> int:
    """Sum what the pages of a column chunk say that they unpack to."""
    total = 0
    while 0 <= at < end:
        fields, at = read_struct(raw, at)
        size, packed = fields.get(2), fields.get(3)
        data = fields.get(5) or fields.get(8) or {}
        # A damaged file may hold a field of any type, or none.
        if type(size) is not int or type(packed) is not int or not isinstance(data, dict):
            raise ValueError("a page without sizes")
        total += size
        if data.get(2 if 5 in fields else 4) == _PREFIXED:
            what = say(
                "holds texts in an encoding that is not read: {found}", found="DELTA_BYTE_ARRAY"
            )
            raise InputError.of(what, say("write it anew, as pandas or polars would"), file=name)
        if total > MAX_UNPACKED or min(size, packed) < 0:
            raise _too_large(name)
        at += packed
    return total
