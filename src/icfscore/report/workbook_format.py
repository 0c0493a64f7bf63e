"""How a workbook's cells look, and the part of the file that says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from xml.sax.saxutils import escape

GENERAL = "General"
_FIRST_OWN_FORMAT = 164  # lower numbers are built in
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True, slots=True)
class Style:
    """The looks of a cell.

    Attributes
    ----------
    fill, stripes, ink
        Colours as RRGGBB of the ground, of stripes upon it and of the letters; "": none, black.
    number
        A number format: what is shown; the cell's value keeps all its digits.
    quoted
        Text that stays text when it is edited, whatever it begins with.
    """

    fill: str = ""
    stripes: str = ""
    ink: str = ""
    bold: bool = False
    italic: bool = False
    size: int = 11
    number: str = GENERAL
    align: Literal["", "left", "right"] = ""
    wrapped: bool = False
    quoted: bool = False


class StyleTable:
    """Numbers the styles of a workbook in the order of their first use."""

    def __init__(self) -> None:
        self._styles = {Style(): 0}
        self._quoted: dict[int, int] = {}

    def number(self, style: Style) -> int:
        """Give a style's number."""
        return self._styles.setdefault(style, len(self._styles))

    def quoted(self, number: int) -> int:
        """Give the number of the same style for text that must stay text."""
        if number not in self._quoted:
            style = list(self._styles)[number]
            self._quoted[number] = self.number(replace(style, quoted=True))
        return self._quoted[number]

    def xml(self) -> str:
        """Spell ``xl/styles.xml``."""
        fonts = {_font(Style()): 0}
        fills = {_fill("none"): 0, _fill("gray125"): 1}  # both are reserved
        formats = {GENERAL: 0}
        cells = []
        for style in self._styles:
            font = fonts.setdefault(_font(style), len(fonts))
            fill = fills.setdefault(_fill_of(style), len(fills))
            number = formats.setdefault(style.number, _FIRST_OWN_FORMAT + len(formats) - 1)
            cells.append(_cell_format(style, font, fill, number))
        own = [
            f'<numFmt numFmtId="{number}" formatCode="{escape(code, _ATTRIBUTE)}"/>'
            for code, number in formats.items()
            if number
        ]
        plain = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        border = "<border><left/><right/><top/><bottom/><diagonal/></border>"
        normal = '<cellStyle name="Normal" xfId="0" builtinId="0"/>'
        return (
            f'<styleSheet xmlns="{_MAIN}">'
            + (_listed("numFmts", own) if own else "")
            + _listed("fonts", list(fonts))
            + _listed("fills", list(fills))
            + _listed("borders", [border])
            + _listed("cellStyleXfs", [plain])
            + _listed("cellXfs", cells)
            + _listed("cellStyles", [normal])
            + "</styleSheet>"
        )


_ATTRIBUTE = {'"': "&quot;"}


def _listed(name: str, entries: list[str]) -> str:
    return f'<{name} count="{len(entries)}">{"".join(entries)}</{name}>'


def _font(style: Style) -> str:
    marks = ("<b/>" if style.bold else "") + ("<i/>" if style.italic else "")
    ink = f"FF{style.ink or '000000'}"
    return (
        f'<font>{marks}<sz val="{style.size}"/><color rgb="{ink}"/>'
        '<name val="Calibri"/><family val="2"/></font>'
    )


def _fill_of(style: Style) -> str:
    if style.stripes:
        return _fill("lightUp", style.stripes, style.fill or "FFFFFF")
    return _fill("solid", style.fill) if style.fill else _fill("none")


def _fill(pattern: str, colour: str = "", ground: str = "") -> str:
    colours = f'<fgColor rgb="FF{colour}"/>' if colour else ""
    if colour:
        colours += f'<bgColor rgb="FF{ground}"/>' if ground else '<bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="{pattern}">{colours}</patternFill></fill>'


def _cell_format(style: Style, font: int, fill: int, number: int) -> str:
    across = f' horizontal="{style.align}"' if style.align else ""
    wrapped = ' vertical="top" wrapText="1"' if style.wrapped else ""
    quoted = ' quotePrefix="1"' if style.quoted else ""
    start = (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"{quoted}'
        ' applyNumberFormat="1" applyFont="1" applyFill="1"'
    )
    if not across and not wrapped:
        return f"{start}/>"
    return f'{start} applyAlignment="1"><alignment{across}{wrapped}/></xf>'
