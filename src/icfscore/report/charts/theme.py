"""How all charts look: colours, sizes, letters, and numbers by the language.

Decisions. One accent marks the focus and nothing else; it differs from the rest in lightness too,
so that it stays visible in grey. Colours that carry meaning get darker with what they mean, or come
with a sign of their own. Everything is drawn 480 pixels wide with letters of 11, so that it can be
read at 400 pixels and on paper. The first letter type comes with this package: widths, and so the
picture's bytes, are the same on every machine, and Vietnamese is complete in it. The others have
the same widths, for readers' machines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.numbers import get_decimal_symbol, get_group_symbol

from icfscore.report.language import Language

WIDTH = 480
PADDING = 8
_LEGEND = 320  # pixels that a legend has beside the names of the rows
FONT = "Arimo, Liberation Sans, Arial, Helvetica, sans-serif"
LETTER = 11
SMALL = 9.5

INK = "#1f2933"
MUTED = "#52606d"
ACCENT = "#c2410c"
ACCENT_LIGHT = "#f0b48f"
OTHER = "#8a97a6"
LIGHT = "#d5dbe2"
GRID = "#e6e9ed"
PAPER = "#ffffff"
DARK, PALE = "#1d4f7c", "#a9cbe6"  # two ends of one thing
SHADES = ("#eef4fa", "#bfd8ec", "#7fb2d9", "#3d84bd", "#14568c", "#062f55")  # little to much
DIVERGING = ("#8c4a0b", "#d9a45b", "#f5f5f5", "#7fb2d9", "#14568c")  # against to with

# Viridis: for readers of every colour vision, and from dark to light in grey (Smith and van der
# Walt 2015).
_VIRIDIS = (
    "#440154", "#482878", "#3e4989", "#31688e", "#26828e",
    "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
)  # fmt: skip


def series_colours(n: int) -> list[str]:
    """Choose n colours that keep their order in grey."""
    return [mix(_VIRIDIS, position / (n - 1) if n > 1 else 0.3) for position in range(n)]


def is_dark(colour: str) -> bool:
    """Tell whether white letters are read on a colour better than dark ones (WCAG 2's contrast)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.22


def legend_columns(labels: Sequence[str]) -> int:
    """Choose how many entries of a legend stand beside each other."""
    widths = [5.6 * len(label) + 30 for label in labels]
    if sum(widths) <= _LEGEND:
        return max(len(labels), 1)
    return max(int(_LEGEND // max(widths)), 1)


def mix(shades: Sequence[str], share: float) -> str:
    """Take the colour at a share of the way through some shades."""
    at = min(max(share, 0.0), 1.0) * (len(shades) - 1)
    low = min(int(at), len(shades) - 2)
    pair = [[int(shades[low + i][j : j + 2], 16) for j in (1, 3, 5)] for i in (0, 1)]
    mixed = [round(a + (b - a) * (at - low)) for a, b in zip(*pair, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def config(language: Language) -> dict[str, Any]:
    """Give Vega-Lite's configuration for one language."""
    return {
        "font": FONT,
        "background": PAPER,
        "padding": PADDING,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": LETTER,
            "titleFontSize": LETTER,
            "titleFontWeight": "normal",
            "labelColor": INK,
            "titleColor": MUTED,
            "gridColor": GRID,
            "domain": False,
            "ticks": False,
            "labelPadding": 4,
            "titlePadding": 6,
        },
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": INK,
            "fontSize": 14,
            "fontWeight": "bold",
            "lineHeight": 18,
            "subtitleColor": MUTED,
            "subtitleFontSize": LETTER,
            "subtitleLineHeight": 14,
            "subtitlePadding": 4,
            "offset": 10,
        },
        "legend": {
            "orient": "top",
            "labelFontSize": LETTER,
            "titleFontSize": LETTER,
            "titleFontWeight": "normal",
            "titleColor": MUTED,
            "labelColor": INK,
            "labelLimit": 150,
            "columnPadding": 10,
            "offset": 4,
            "symbolStrokeWidth": 1.5,
        },
        "text": {"color": INK, "fontSize": LETTER},
        "locale": {"number": number_locale(language)},
    }


def number_locale(language: Language) -> dict[str, Any]:
    """Give the language's decimal and thousands signs as d3-format wants them."""
    return {
        "decimal": get_decimal_symbol(language.locale),
        "thousands": get_group_symbol(language.locale),
        "grouping": [3],
        "currency": ["", ""],
        "minus": "−",
    }
