"""What the charts' tests draw from: projects read, scored and analysed as the command does it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from icfscore.cli.charting import gather_all
from icfscore.cli.options import RunOptions, open_run
from icfscore.pipeline.uncertainty import draw_ranks
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import Picture
from icfscore.report.charts.registry import KINDS, find_kind
from icfscore.report.charts.words import Words
from icfscore.report.language import Language, find_language

SVG = "{http://www.w3.org/2000/svg}"


def material_of(
    folder: Path,
    *,
    draws: int = 200,
    focus: str | None = None,
    scenario: str | None = None,
    settings: tuple[str, ...] = (),
) -> Material:
    """Score a project and compute all that any chart of it shows; draws 0: none."""
    options = RunOptions(
        project=folder,
        scenario=scenario,
        weights=(),
        settings=settings,
        year=None,
        focus=focus,
        language="en",
        seed=1,
        draws=draws,
        jobs=1,
        quiet=True,
    )
    run = open_run(options)
    scoring = run.score()
    made = None
    if draws and len(scoring.ranking.order) > 1:
        made = draw_ranks(scoring, confidence=False)
    return gather_all(run, scoring, made, KINDS)


def drawn(material: Material, kind: str, language: Language | None = None) -> Picture:
    """Draw one kind of chart."""
    return find_kind(kind).draw(material, Words(material.scoring, language or find_language("en")))


def rows_of(picture: Picture) -> list[dict[str, object]]:
    """All rows of data of a picture."""
    return [row for rows in picture.spec["datasets"].values() for row in rows]


def texts_of(svg: str) -> list[str]:
    """All letters that an SVG shows."""
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314
