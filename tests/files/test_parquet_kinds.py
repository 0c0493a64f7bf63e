"""Columns of Parquet files that hold no values are told by name."""

from __future__ import annotations

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
