"""Limits of files: what reaches one is read, one more is refused with the limit's number.

The limits are those that are documented; where a file of that size would take long to read, the
limit is made small.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject

from icfscore.cli.main import cli
from icfscore.errors import InputError
from icfscore.files import framework_file, located_yaml, read, recipe_file, sheet
from icfscore.files.located_yaml import parse_value
from icfscore.files.read_table import read_sheets
from icfscore.files.sheet import read_csv
from icfscore.files.xlsx import read_workbook

LIMITS = Path(__file__).parents[2] / "docs/explanation/robustness.md"
MB = 1024 * 1024
HOLDERS = ("sheet", "xlsx", "xlsx_cells", "parquet_cells")  # modules that know the limit of cells


@pytest.fixture
def six_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in HOLDERS:
        monkeypatch.setattr(f"icfscore.files.{module}.MAX_CELLS", 6)


def _refusal(folder: Path) -> str:
    result = CliRunner().invoke(cli, ["rank", "-C", str(folder), "-q"], catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


def _of_size(path: Path, size: int) -> Path:
    """Make a file with a hole that takes no room."""
    with path.open("ab") as stream:
        stream.truncate(size)
    return path


def test_the_documented_limits_are_those_of_the_code() -> None:
    (told,) = re.findall(r"^Limits, .*?(?=\n\n)", LIMITS.read_text("utf-8"), re.M | re.S)
    told = told.replace("\n", " ")
    assert f"YAML files {read.MAX_BYTES // MB} MB and {located_yaml.MAX_VALUES:,} values;" in told
    assert (
        f"tables {sheet.MAX_BYTES // MB} MB and {sheet.MAX_CELLS // 10**6} million cells;" in told
    )
    assert f"{framework_file.DEEPEST} levels of criteria;" in told
    assert f"{recipe_file.MAX_DRAWS // 10**6} million draws;" in told
    assert f"{recipe_file.MAX_COMBINATIONS:,} combinations of methods;" in told


def test_a_yaml_file_above_16_mb_is_refused_unread(make_project: MakeProject) -> None:
    folder = make_project()
    _of_size(folder / "communities/alpha.yaml", 16 * MB + 1)
    expected = "alpha.yaml: is larger than 16 MB; split it, or import it as a table"
    assert expected in _refusal(folder)


def test_a_yaml_file_of_16_mb_is_read(make_project: MakeProject) -> None:
    """Its hole is then found to be none of a text."""
    folder = make_project()
    _of_size(folder / "communities/alpha.yaml", 16 * MB)
    assert "holds a NUL byte" in _refusal(folder)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".parquet"])
def test_a_table_above_100_mb_is_refused_unread(suffix: str, tmp_path: Path) -> None:
    path = _of_size(tmp_path / f"t{suffix}", 100 * MB + 1)
    with pytest.raises(InputError, match=r"^t: is larger than 100 MB; split it$"):
        read_sheets(path, "t")


def test_a_table_of_100_mb_is_read(tmp_path: Path) -> None:
    """Its hole is then found to be no workbook."""
    path = _of_size(tmp_path / "t.xlsx", 100 * MB)
    with pytest.raises(InputError, match=r"^t: is no readable \.xlsx workbook: "):
        read_sheets(path, "t")


def test_yaml_of_more_values_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(located_yaml, "MAX_VALUES", 4)
    assert parse_value("[a, b, 1]", "--set") == ["a", "b", 1]  # the list itself is the fourth
    with pytest.raises(InputError) as refused:
        parse_value("[a, b, 1,\n 2]", "--set")
    assert str(refused.value) == "--set:2:2: holds more than 4 values; split it, or use a table"


def test_values_of_mappings_count_too(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_project()
    monkeypatch.setattr(located_yaml, "MAX_VALUES", 20)
    values = "".join(f"  y{n}: 1\n" for n in range(20))
    (folder / "communities/alpha.yaml").write_text(f"id: alpha\nobservations:\n{values}")
    # 'id', the mapping and the observations are three of the twenty.
    expected = "alpha.yaml:20:8: holds more than 20 values; split it, or use a table"
    assert expected in _refusal(folder)


def _csv(n_rows: int) -> bytes:
    return b"a,b\n" + b"1,2\n" * (n_rows - 1)


def _xlsx(n_rows: int) -> bytes:
    book = openpyxl.Workbook()
    for _ in range(n_rows):
        book.active.append([1, 2])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _parquet(n_rows: int) -> bytes:
    """Make a table; the names of its columns are no cells."""
    stream = BytesIO()
    pq.write_table(pa.table({"a": [1] * n_rows, "b": [2] * n_rows}), stream)
    return stream.getvalue()


@pytest.mark.usefixtures("six_cells")
@pytest.mark.parametrize(
    ("suffix", "made", "told"),
    [
        (".csv", _csv, "holds more than 6 cells; split it"),
        (".parquet", _parquet, "holds more than 6 cells; split it"),
        (".xlsx", _xlsx, "would unpack to more than a workbook may hold; a table of this size"),
    ],
)
def test_one_row_above_the_limit_of_cells_is_refused(
    suffix: str, made: object, told: str, tmp_path: Path
) -> None:
    assert callable(made)
    path = tmp_path / f"t{suffix}"
    path.write_bytes(made(3))
    (read_one,) = read_sheets(path, "t")
    assert [row[:2] for row in read_one.rows[-2:]] in ([[1, 2]] * 2, [["1", "2"]] * 2)
    path.write_bytes(made(4))
    with pytest.raises(InputError, match=rf"^t: {told}"):
        read_sheets(path, "t")


@pytest.mark.usefixtures("six_cells")
def test_empty_cells_between_count_in_a_workbook() -> None:
    """Two cells in opposite corners make a table of all between."""
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B9"] = 1, 2
    stream = BytesIO()
    book.save(stream)
    (found,) = read_workbook(stream.getvalue(), "t.xlsx")
    assert (found.rows, found.numbers) == ([[1, None], [None, 2]], [1, 9])
    book.active["D9"] = 3
    book.save(stream := BytesIO())
    with pytest.raises(InputError, match="would unpack to more than a workbook may hold"):
        read_workbook(stream.getvalue(), "t.xlsx")


def test_lines_of_a_csv_have_a_largest_number_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_CELLS", 8)
    monkeypatch.setattr(sheet, "MAX_LINE", 10)
    assert len(read_csv(b"a\n" + b"\n" * 6 + b"1\n", "t.csv").rows) == 2
    with pytest.raises(InputError, match=r"^t\.csv: holds more than 8 lines; split it$"):
        read_csv(b"a\n" + b"\n" * 8, "t.csv")
    assert read_csv(b"a,b\n12345,789\n", "t.csv").rows[1] == ["12345", "789"]
    told = r"^t\.csv:2:1: this line is longer than 10 letters$"
    with pytest.raises(InputError, match=told):
        read_csv(b"a,b\n12345,7890\n", "t.csv")
    # A cell in quotes goes on over lines, and they count together.
    with pytest.raises(InputError, match=r"^t\.csv:3:1: this line is longer than 10 letters$"):
        read_csv(b'a,b\n"12345\n7890",1\n', "t.csv")


def test_columns_have_a_largest_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_COLUMNS", 3)
    assert read_csv(b"a,b,c\n", "t.csv").rows == [["a", "b", "c"]]
    with pytest.raises(InputError, match=r"^t\.csv: holds more than 2,000,000 cells; split it$"):
        read_csv(b"a,b,c,d\n", "t.csv")
