"""What README.md says of commands and factors, against the code."""

from __future__ import annotations

import re
from pathlib import Path

from icfscore.cli.main import COMMANDS
from icfscore.methods.perturb import PedigreeData
from icfscore.methods.perturb.data import AGE, COMPARABILITY, LEVEL, OLDER, STATUS

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def _rows(header: str) -> dict[str, str]:
    """Read a table of two columns."""
    lines = README.split(header)[1].splitlines()[2:]
    cells = (line.strip("| ").split(" | ", 1) for line in lines[: lines.index("")])
    return {row[0]: row[1] for row in cells}


def test_the_table_names_every_command() -> None:
    named = re.findall(r"`icfscore ([a-z-]+)", " ".join(_rows("| command | what it gives |")))
    assert sorted(named) == sorted(COMMANDS)


def test_examples_call_commands_that_there_are() -> None:
    assert set(re.findall(r"icfscore ([a-z-]+)", README)) <= set(COMMANDS)


def _spelt(factors: dict[str, float]) -> str:
    return ", ".join(f"{name} {factor:.2f}" for name, factor in factors.items())


def test_the_pedigree_table_is_that_of_the_code() -> None:
    ages = ", ".join(f"up to {years}: {factor:.2f}" for years, factor in AGE.items())
    assert _rows("| what is known of a value | factor |") == {
        "anything": f"{PedigreeData().basic:.2f}",
        "`status`": _spelt(STATUS),
        "years from the reference year": f"{ages}, more: {OLDER:.2f}",
        "`comparability`": _spelt(COMPARABILITY),
        "`level` (whose value it is)": _spelt(LEVEL),
    }
