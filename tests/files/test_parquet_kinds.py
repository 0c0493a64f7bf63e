"""Columns of Parquet files that hold no values are told by name."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from icfscore.errors import InputError
from icfscore.files import parquet_cells
from icfscore.files.parquet_cells import read_parquet


def _file(values: Any, **options: Any) -> bytes:
    stream = BytesIO()
    pq.write_table(pa.table({"id": ["alpha"], "dust": values}), stream, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("values", "options", "told"),
    [
        (pa.array([[1, 2]]), {}, "column 'dust.list.element' holds lists or records, not values"),
        (pa.array([{"a": 1}]), {}, "column 'dust.a' holds lists or records, not values"),
        (pa.array([b"x" * 40], pa.binary(40)), {}, "column 'dust' holds bytes, not values"),
        (
            pa.array(["five"]),
            {"use_dictionary": False, "column_encoding": {"dust": "DELTA_BYTE_ARRAY", "id": "PLAIN"}},
            "holds texts in an encoding that is not read: DELTA_BYTE_ARRAY; write it anew",
        ),
    ],
)  # fmt: skip
def test_what_is_no_value_is_told(values: Any, options: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=f"^t.parquet: {told}"):
        read_parquet(_file(values, **options), "t.parquet")


def test_a_number_of_fixed_length_is_a_value() -> None:
    values = pa.array([1], pa.decimal128(10, 2))
    assert read_parquet(_file(values), "t.parquet").rows[1][0] == "alpha"


def test_what_unpacks_to_more_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = _file(pa.array([1.5]))
    read_parquet(raw, "t.parquet")
    monkeypatch.setattr(parquet_cells, "MAX_UNPACKED", 30)
    with pytest.raises(InputError, match=r"^t\.parquet: holds more than 2,000,000 cells; split"):
        read_parquet(raw, "t.parquet")


# Of a table of two columns, one byte of the footer changed: the size of a histogram of levels.
DAMAGED_STATISTICS = (
    "UEFSMRUEFRIVFkwVAhUAEgAACSAFAAAAYWxwaGEVABUSFRYsFQIVEBUGFQYcNgAoBWFscGhhGAVhbHBoYRERAAAA"
    "CSACAAAAAgEBAgAVBBUQFRRMFQIVABIAAAgcAAAAAAAA+D8VABUSFRYsFQIVEBUGFQYcGAgAAAAAAAD4PxgIAAAA"
    "AAAA+D8WACgIAAAAAAAA+D8YCAAAAAAAAPg/EREAAAAJIAIAAAACAQECABUEGTw1ABgGc2NoZW1hFQQAFQwlDBgC"
    "aWQlAEwcAAAAFQolAhgEZHVzdAAWAhkcGSwmABwVDBk1AAYQGRgCaWQVAhYCFooBFpIBJjomCBw2ACgFYWxwaGEY"
    "BWFscGhhEREAGSwVBBUAFQIAFQAVEBUCADwWChkGGSYAAgAAACYAHBUKGTUABhAZGARkdXN0FQIWAha8ARbEASbK"
    "ASaaARwYCAAAAAAAAPg/GAgAAAAAAAD4PxYAKAgAAAAAAAD4PxgIAAAAAAAA+D8REQAZLBUEFQAVAgAVABUQFQIA"
    "PCkGGSYAAgAAABbGAhYCJggW1gIAGRwYDEFSUk9XOnNjaGVtYRjgAS8vLy8vNkFBQUFBUUFBQUFBQUFLQUF3QUJn"
    "QUZBQWdBQ2dBQUFBQUJCQUFNQUFBQUNBQUlBQUFBQkFBSUFBQUFCQUFBQUFJQUFBQklBQUFBQkFBQUFORC8vLzhB"
    "QUFFREVBQUFBQndBQUFBRUFBQUFBQUFBQUFRQUFBQmtkWE4wQUFBR0FBZ0FCZ0FHQUFBQUFBQUNBQkFBRkFBSUFB"
    "WUFCd0FNQUFBQUVBQVFBQUFBQUFBQkJSQUFBQUFZQUFBQUJBQUFBQUFBQUFBQ0FBQUFhV1FBQUFRQUJBQUVBQUFB"
    "ABggcGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNi4wLjEZLBwAABwAAAARAgAAUEFSMQ=="
)


def test_damaged_statistics_are_an_error_and_not_the_end_of_the_process() -> None:
    """pyarrow's view of a column chunk lets an exception of C++ end the process here."""
    with pytest.raises(InputError, match="is no readable Parquet file"):
        read_parquet(base64.b64decode(DAMAGED_STATISTICS), "t.parquet")
