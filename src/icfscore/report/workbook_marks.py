"""The colours of a workbook: what a value rests on is seen before it is read.

The grounds are tints of Okabe and Ito's palette, told apart by every kind of colour vision and in
grey; a treated value has stripes upon the ground of its origin, and italics where a program draws
no stripes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from icfscore.domain.tables import COMMUNITY, MISSING, NATIONAL, REGION, Bools
from icfscore.report.stages import Marks
from icfscore.report.workbook_format import Style

IMPUTED = NATIONAL + 1  # beside the codes of Observed.level
TREATED, FOCUS = 8, 16  # added to the code of the origin
N_CODES = 32

_GROUND = {COMMUNITY: "", MISSING: "", REGION: "FBF2B0", NATIONAL: "F2BE5C", IMPUTED: "A6D5F2"}
_STRIPES = "A34A7E"
_MUTED = "808080"

TITLE = Style(bold=True, size=14)
BOLD = Style(bold=True)
TEXT = Style(align="left", wrapped=True)
HEADING = Style(bold=True, fill="E4E7EB", align="left", wrapped=True)
MUTED_HEADING = replace(HEADING, bold=False, italic=True, ink=_MUTED)
LABEL = replace(HEADING, bold=False, align="right")


def code_marks(marks: Marks, stage: str) -> npt.NDArray[np.int64]:
    """Code the looks of each value (n, k) at a stage: only what has happened by then shows."""
    codes = marks.level.astype(np.int64)
    if stage != "observed":
        codes[marks.imputed] = IMPUTED
    if stage not in ("observed", "imputed"):
        codes[marks.treated] += TREATED
    return codes


def code_proxies(proxies: Bools) -> npt.NDArray[np.int64]:
    """Code the looks of scores: those that rest on proxies look like one."""
    return np.where(proxies, NATIONAL, COMMUNITY)


def style_of(code: int, number: str) -> Style:
    """Give the looks behind a number."""
    origin, treated, focus = code % TREATED, bool(code & TREATED), bool(code & FOCUS)
    return Style(
        fill=_GROUND.get(origin, ""),
        stripes=_STRIPES if treated else "",
        italic=treated,
        bold=focus,
        number=number,
    )
