"""How the document looks: paper, letters, language, and the line at the foot of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from docx.document import Document

_PAPER = 210, 297  # A4 in millimetres
_MARGIN = 16
_FONT = "Arial"  # whose Vietnamese letters are complete everywhere
_SIZES = {"Heading 1": 18, "Heading 2": 13, "Heading 3": 11}
_INK = "17212B"


def text_width(*, landscape: bool) -> int:
    """Give the width between the margins in millimetres."""
    return _PAPER[landscape] - 2 * _MARGIN


def prepare(document: Document, language: str) -> None:
    """Set paper, letters and language."""
    from docx.shared import Pt, RGBColor

    _set_paper(document.sections[0], landscape=False)
    normal = cast("Any", document.styles["Normal"])
    _set_font(normal)
    normal.font.size = Pt(10)
    normal.paragraph_format.space_after = Pt(5)
    for name, size in _SIZES.items():
        style = cast("Any", document.styles[name])
        _set_font(style)
        style.font.size, style.font.color.rgb = Pt(size), RGBColor.from_string(_INK)
    _set_language(document, language)


def turn_page(document: Document, *, landscape: bool) -> None:
    """Begin a new page, across or upright."""
    _set_paper(document.add_section(), landscape=landscape)


def add_page_number(document: Document, text: str) -> None:
    """Write a text and the page's number at the foot of every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = document.sections[0].footer.paragraphs[0]
    run = paragraph.add_run(f"{text} · ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = paragraph.add_run("1")
    field.append(number._r)  # noqa: SLF001 - python-docx has no fields
    paragraph._p.append(field)  # noqa: SLF001
    run.font.size = number.font.size = Pt(8)


def _set_paper(section: Any, *, landscape: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    short, long = (Mm(side) for side in _PAPER)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(_MARGIN))


def _set_font(style: Any) -> None:
    """Name the letters for every script: the template's own would stay for some."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), _FONT)


def _set_language(document: Document, language: str) -> None:
    from docx.oxml.ns import qn

    spoken = {"en": "en-GB", "vi": "vi-VN"}.get(language, language)
    for found in document.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), spoken)
