"""A small run of what `python -m tests.fuzz` does at length, and Hypothesis on the readers."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icfscore.cli.main import COMMANDS
from icfscore.domain.units import UnitMismatchError, convert
from icfscore.errors import InputError
from icfscore.files.located_yaml import parse_value
from icfscore.files.read_table import read_sheets
from tests.fuzz.commands import SHARES
from tests.fuzz.corpus import Seed, coin_tool, small
from tests.fuzz.inputs import Input, make, of_seed
from tests.fuzz.mutate import YAML_SNIPPETS, mutated
from tests.fuzz.projects import as_csv
from tests.fuzz.running import Outcome, run
from tests.fuzz.values import HOSTILE_NUMBERS, HOSTILE_TEXTS, UNITS

N_STRUCTURED = 120
TABLES = {
    "csv": as_csv([["id", "dust", "jobs.year"], ["alpha", "1,5", 2018], ["beta", "NA", None]]),
    "xlsx": coin_tool(),
}
WORDS = st.sampled_from(
    [*HOSTILE_TEXTS, *HOSTILE_NUMBERS, *YAML_SNIPPETS, *UNITS, "a", "1", "/", "^"]
)
# A seed and not Hypothesis's own choices: thousands of them make up one project.
RANDOMS = st.integers(0, 2**32).map(Random)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _has_words(error: Exception) -> None:
    assert str(error)


def _check(outcome: Outcome, given: Input) -> None:
    assert not outcome.fault, f"{given.words}\n{outcome.details}"


@pytest.mark.parametrize("block", range(4))
def test_generated_projects_and_tables_never_break_a_command(tmp_path: Path, block: int) -> None:
    for number in range(block, N_STRUCTURED, 4):
        made = make(2019, number, ())
        _check(run(made, tmp_path), made)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(r=RANDOMS)
def test_changed_files_never_break_a_command(
    tmp_path_factory: pytest.TempPathFactory, r: Random
) -> None:
    made = of_seed(r, 0, Seed("small", small()))
    _check(run(made, tmp_path_factory.getbasetemp()), made)


@settings(max_examples=300)
@given(words=st.lists(WORDS | st.text(max_size=8), max_size=6))
def test_a_value_of_an_option_is_read_or_refused(words: list[str]) -> None:
    try:
        found = parse_value("".join(words), "--set")
    except InputError as error:
        _has_words(error)
        return
    # Spelt out in YAML's plainest form, what was read is read as the same again.
    assert repr(parse_value(_spelt(found), "--set")) == repr(found)


def _spelt(found: object) -> str:
    if isinstance(found, dict):
        inner = (f"{_spelt(key)}: {_spelt(value)}" for key, value in found.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(found, list):
        return f"[{', '.join(map(_spelt, found))}]"
    if isinstance(found, str):
        return f'"{"".join(f"{chr(92)}U{ord(letter):08x}" for letter in found)}"'
    if isinstance(found, float) and not math.isfinite(found):
        return ".nan" if math.isnan(found) else f"{'-' if found < 0 else ''}.inf"
    return (
        "null" if found is None else repr(found).replace("True", "true").replace("False", "false")
    )


@settings(max_examples=150)
@given(
    unit=st.lists(WORDS | st.text(max_size=4), max_size=4).map("".join),
    value=st.floats(allow_nan=False),
)
def test_any_text_is_a_unit_or_a_label(unit: str, value: float) -> None:
    for wanted in ("m", "percent", "USD/person"):
        try:
            assert isinstance(convert(value, unit, wanted), float)
        except UnitMismatchError as error:
            _has_words(error)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(r=RANDOMS, suffix=st.sampled_from([*TABLES]))
def test_a_changed_table_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, r: Random, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"changed.{suffix}"
    path.write_bytes(mutated(r, path.name, TABLES[suffix]))
    try:
        assert isinstance(read_sheets(path, path.name), list)
    except InputError as error:
        _has_words(error)


def test_every_command_takes_part() -> None:
    assert set(SHARES) == set(COMMANDS)
