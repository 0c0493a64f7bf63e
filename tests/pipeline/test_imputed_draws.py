"""Draws and reports where imputation has filled what was missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.conftest import MakeProject

from icfscore.cli.main import cli

BETA = "id: beta\nname: Beta\nsource: census\nobservations: {dust: 20, income: 4000}\n"
COMMANDS = {
    "rank": ["rank"],
    "uncertainty": ["uncertainty", "--draws", "200", "--format", "json"],
    "sensitivity": ["sensitivity", "--draws", "200", "--format", "json"],
    "report": ["report"],
    "export": ["export", "-"],
    "audit": ["audit"],
}


@pytest.mark.parametrize("data", ["pedigree", "none"])
@pytest.mark.parametrize("imputation", ["mean", "median", "nearest_neighbours", "regression"])
@pytest.mark.parametrize("command", COMMANDS)
def test_what_imputation_filled_is_drawn_and_reported(
    command: str, imputation: str, data: str, make_project: MakeProject
) -> None:
    settings = (
        f"focus: beta\nrecipe: {{imputation: {imputation}}}\n"
        f"uncertainty: {{draws: 200, data: {data}}}\n"
    )
    folder: Path = make_project({"communities/beta.yaml": BETA, "icfscore.yaml": settings})
    result = CliRunner().invoke(cli, [*COMMANDS[command], "-C", str(folder)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 0, result.output
