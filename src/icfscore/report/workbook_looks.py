"""The looks of a workbook's cells: what a value rests on is seen before it is read.

The grounds are tints of Okabe and Ito's palette, told apart by every kind of colour vision and in
grey; a treated value has stripes upon the ground of its origin, and italics where a program draws
no stripes.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from openpyxl.styles import Alignment, Font, PatternFill

from icfscore.domain.tables import COMMUNITY, MISSING, NATIONAL, REGION
from icfscore.report.stages import Marks

GENERAL = "General"
IMPUTED = NATIONAL + 1  # beside the codes of Observed.level
TREATED, FOCUS = 8, 16  # added to the code of the origin

_GROUND = {COMMUNITY: "", MISSING: "", REGION: "FBF2B0", NATIONAL: "F2BE5C", IMPUTED: "A6D5F2"}
_STRIPES, _MUTED, _HEADING = "A34A7E", "808080", "E4E7EB"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a cell looks; `number` is what is shown of its value, which keeps all its digits."""

    font: Font
    fill: PatternFill
    alignment: Alignment
    number: str
    wrapped: bool


def _look(
    fill: str = "",
    stripes: str = "",
    number: str = GENERAL,
    align: str | None = None,
    wrapped: bool = False,
    **font: Any,
) -> Look:
    ground = PatternFill("solid", fill) if fill else PatternFill()
    if stripes:
        ground = PatternFill("lightUp", stripes, fill or "FFFFFF")
    alignment = Alignment(align, "top" if wrapped else None, wrapText=wrapped)
    return Look(Font(**{"name": "Calibri", "size": 11, **font}), ground, alignment, number, wrapped)


TITLE = _look(bold=True, size=14)
TEXT = _look(align="left", wrapped=True)
LABEL = _look(align="left", wrapped=True, bold=True)
HEADING = _look(_HEADING, align="left", wrapped=True, bold=True)
MUTED_HEADING = _look(_HEADING, align="left", wrapped=True, italic=True, color=_MUTED)
CORNER = _look(_HEADING, align="right", wrapped=True)


@functools.cache
def look_of(code: int, number: str = GENERAL) -> Look:
    """Give the look that a code of origin, treatment and focus stands for."""
    treated = bool(code & TREATED)
    return _look(
        fill=_GROUND[code % TREATED],
        stripes=_STRIPES if treated else "",
        number=number,
        bold=bool(code & FOCUS),
        italic=treated,
    )


def code_marks(marks: Marks, stage: str) -> npt.NDArray[np.int64]:
    """Code the looks of each value (n, k) at a stage: only what has happened by then shows."""
    codes = marks.level.astype(np.int64)
    if stage != "observed":
        codes[marks.imputed] = IMPUTED
    if stage not in ("observed", "imputed"):
        codes[marks.treated] += TREATED
    return codes
