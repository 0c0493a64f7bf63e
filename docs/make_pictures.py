"""Draws the README's picture of the terminal from a real run."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console
from rich.text import Text

from icfscore.files.overrides import settle
from icfscore.files.project_folder import read_project
from icfscore.pipeline.score import score
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.report.ranking_table import ranking_table

ROOT = Path(__file__).parents[1]
WIDTH = 118


def main() -> None:
    """Write docs/rank.svg."""
    folder = read_project(ROOT)
    scoring = score(folder.project, settle(folder))
    draws = draw_ranks(scoring, confidence=False)
    table = ranking_table(scoring, draws=draws, piped=False, width=WIDTH)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(table.rstrip("\n")))
    svg = console.export_svg(title="icfscore rank", unique_id="rank")
    (ROOT / "docs/rank.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
