"""A line of text with what is bold, slanted, code or a link in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icfscore.report.marked import is_outside, plain

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run
    from markdown_it.token import Token

_CODE = "Courier New"
_LINK = "0B5D8A"


def add_inline(
    paragraph: Paragraph, inline: Token, *, points: int | None = None, strong: bool = False
) -> None:
    """Write a line into a paragraph; links that lead to the web are links here too.

    Parameters
    ----------
    points
        Size of the letters, where it is not the paragraph's.
    strong
        Whether all of it is bold.
    """
    from docx.shared import Pt

    bold, slanted = int(strong), 0
    place: Any = paragraph
    for token in inline.children or []:
        if token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            place = _link(paragraph, address) if is_outside(address) else paragraph
        elif token.type == "link_close":
            place = paragraph
        elif token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type in ("em_open", "em_close"):
            slanted += token.nesting
        elif text := _text(token):
            run = _run(paragraph, place, text)
            run.bold, run.italic = bool(bold) or None, bool(slanted) or None
            run.font.size = Pt(points) if points else None
            if token.type == "code_inline":
                run.font.name = _CODE


def _text(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return plain(token) if token.type == "image" else token.content


def _link(paragraph: Paragraph, address: str) -> Any:
    """Open a link; python-docx reads them but does not write them."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    reference = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), reference)
    paragraph._p.append(link)  # noqa: SLF001 - python-docx has no way to say it
    return link


def _run(paragraph: Paragraph, place: Any, text: str) -> Run:
    from docx.shared import RGBColor

    run = paragraph.add_run(text)
    if place is not paragraph:
        place.append(run._r)  # noqa: SLF001 - into the link
        run.font.underline = True
        run.font.color.rgb = RGBColor.from_string(_LINK)
    return run
