"""A few kills at random moments; `python -m tests.robustness.kills` does as many as asked."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.robustness.kills import COMMANDS, kill_once, prepare


@pytest.mark.parametrize("name", ["import", "export"])
def test_a_killed_command_leaves_each_file_old_or_new(name: str, tmp_path: Path) -> None:
    prepared = prepare(COMMANDS[name], tmp_path)
    chance = random.Random(5)  # noqa: S311 (moments, no secrets)
    for writing in (True, True, True, False):
        assert kill_once(prepared, chance, tmp_path, writing=writing) in (
            "old",
            "new",
            "old and new",
        )
