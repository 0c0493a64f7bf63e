"""Numbered lists, each counted from one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from docx.document import Document


def restart_numbers(document: Document) -> int:
    """Begin a numbered list anew; give the number that its paragraphs refer to."""
    properties = cast("Any", document.styles["List Number"].element).pPr.numPr
    numbering = cast("Any", document.part.numbering_part).element
    abstract = numbering.num_having_numId(properties.numId.val).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)
