"""Coverage-guided inputs for the readers, by atheris where it is installed.

``pip install atheris``, then ``python -m tests.fuzz.guided yaml -runs=100000``: the first word is a
target below, the rest goes to libFuzzer. What breaks a reader is written into a file ``crash-…``.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path

try:
    import atheris
except ImportError:  # where it is not installed this module can be looked at all the same
    atheris = None

with atheris.instrument_imports(include=["icfscore"]) if atheris else nullcontext():
    from icfscore.cli.year_option import Years
    from icfscore.domain.units import UnitMismatchError, convert
    from icfscore.errors import InputError
    from icfscore.files.changes_file import read_changes
    from icfscore.files.located_yaml import parse_value, read_document
    from icfscore.files.overrides import settle
    from icfscore.files.project_folder import read_project
    from icfscore.files.read_table import read_sheets

import click

from tests.fuzz.corpus import coin_tool, small, write
from tests.fuzz.projects import as_parquet

SHEET = "xl/worksheets/sheet1.xml"
FOLDER = Path(tempfile.gettempdir()) / "fuzz-guided"


def _project() -> Path:
    write(FOLDER, small().files)
    return FOLDER / "p"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _yaml(raw: bytes) -> None:
    path = FOLDER / "x.yaml"
    path.write_bytes(raw)
    read_document(path, "x.yaml")


def _table(suffix: str) -> Callable[[bytes], None]:
    def read(raw: bytes) -> None:
        path = FOLDER / f"x{suffix}"
        path.write_bytes(raw)
        read_sheets(path, path.name)

    return read


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(coin_tool())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _sheet() -> Callable[[bytes], None]:
    """Read a workbook with this XML for a sheet: bytes of the archive itself rarely get so far."""
    parts, path = _parts(), FOLDER / "x.xlsx"

    def read(raw: bytes) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in (parts | {SHEET: raw}).items():
                archive.writestr(name, part)
        read_sheets(path, path.name)

    return read


def _unit(raw: bytes) -> None:
    given, _, wanted = _text(raw).partition("|")
    convert(1.5, given, wanted or "m")


def _settings() -> Callable[[bytes], None]:
    folder = read_project(_project())

    def read(raw: bytes) -> None:
        key, _, value = _text(raw).partition("=")
        settle(folder, assignments={key or "a": value or "1"})

    return read


def _changes() -> Callable[[bytes], None]:
    project = read_project(_project()).project

    def read(raw: bytes) -> None:
        read_changes(project, [_text(raw)])

    return read


def _value(raw: bytes) -> None:
    parse_value(_text(raw), "--set")


def _year(raw: bytes) -> None:
    Years().convert(_text(raw), None, None)


TARGETS: Mapping[str, tuple[Callable[[], Callable[[bytes], None]], list[bytes]]] = {
    "yaml": (lambda: _yaml, [*small().files.values(), b"a: &x [1, 0x1f, .inf]\nb: *x\n"]),
    "csv": (lambda: _table(".csv"), [b"id;dust\nalpha;1,5\n", b'# a\n"id","x"\n1,"a\nb"\n']),
    "xlsx": (lambda: _table(".xlsx"), [coin_tool()]),
    "sheet": (_sheet, [_parts()[SHEET]]),
    "parquet": (lambda: _table(".parquet"), [as_parquet([["id", "dust"], ["alpha", 1.5]])]),
    "unit": (lambda: _unit, [b"ug/m^3|g/l", b"degC|degF", b"USD/person|VND"]),
    "settings": (_settings, [b"recipe.aggregation.kind=geometric", b"weights.air={a: 1}"]),
    "changes": (_changes, [b"alpha.dust=10", b"beta.jobs={value: 1, unit: percent}"]),
    "value": (lambda: _value, [b"{a: [1, 2], b: null}", b"1e3"]),
    "year": (lambda: _year, [b"2016..2018", b"2018"]),
}


def main() -> None:
    """Run one target until libFuzzer ends it."""
    begin, examples = TARGETS[sys.argv[1]]
    FOLDER.mkdir(exist_ok=True)
    read = begin()

    def one(raw: bytes) -> None:
        try:
            read(raw)
        except (InputError, UnitMismatchError, click.UsageError) as error:
            str(error)

    corpus = Path(tempfile.mkdtemp(prefix="fuzz-corpus-"))
    for number, example in enumerate(examples):
        (corpus / str(number)).write_bytes(example)
    limits = ["-timeout=10", "-rss_limit_mb=1000", "-max_len=8192"]
    atheris.Setup([sys.argv[0], *limits, *sys.argv[2:], str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
