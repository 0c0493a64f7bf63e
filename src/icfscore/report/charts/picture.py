"""A finished picture: a Vega-Lite chart, its message, and its words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.report.charts.theme import ACCENT, INK, WIDTH, config
from icfscore.report.charts.words import TEXT_LETTERS, TITLE_LETTERS, Words, wrapped
from icfscore.sentences import say

Rows = Sequence[Mapping[str, Any]]
_DIGITS = 6
_LEAST = 1e-280
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is drawn and what it says.

    Attributes
    ----------
    title
        The message, one sentence.
    alt
        The message and the numbers behind it, in words.
    source
        Lines of small type beneath the chart.
    spec
        The Vega-Lite chart, title included, the source not.
    """

    kind: str
    language: str
    title: str
    alt: str
    source: tuple[str, ...]
    spec: Mapping[str, Any]


def compose(
    kind: str,
    words: Words,
    layers: Iterable[alt.Chart],
    *,
    title: str,
    subtitle: str,
    told: str,
    height: float,
    source: Iterable[str] = (),
) -> Picture:
    """Put layers on top of each other under a title that says the message.

    Parameters
    ----------
    told
        What the picture shows beyond its title, in words.
    height
        Of the plot in pixels, without title and axes; the width is that of the theme, all included.
    source
        Sentences of the source line that are this picture's own.
    """
    chart = alt.layer(*layers).properties(
        width=WIDTH,
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        title=alt.TitleParams(
            text=wrapped(title, TITLE_LETTERS), subtitle=wrapped(subtitle, TEXT_LETTERS)
        ),
    )
    spec = chart.to_dict(validate=False)  # tests do, which takes longer than drawing
    spec["$schema"] = _SCHEMA  # not that of the Altair at hand: the same chart, the same bytes
    spec["config"] = config(words.language)
    spec["description"] = f"{title}. {told}"
    return Picture(
        kind=kind,
        language=words.language.sentences,
        title=title,
        alt=f"{title}. {told}",
        source=tuple(words.source(*source)),
        spec=spec,
    )


def require_size(values: Floats) -> None:
    """Refuse an axis of numbers that the drawing engine can find no ticks for.

    It multiplies by the tenth power of the digits behind the point, which is a number as long as
    the largest value is no smaller than about 1e-300.

    Raises
    ------
    InputError
        Where they are smaller than 1e-280, and not all 0.
    """
    largest = float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0))
    if 0 < largest < _LEAST:
        raise InputError.of(
            say("scores no larger than {largest:g} are too small to draw", largest=largest),
            say("choose a smaller unit, or a normalisation other than none"),
        )


def draw(rows: Rows) -> alt.Chart:
    """Begin a layer over rows of data; numbers are cut to what a picture can show."""
    return alt.Chart(alt.InlineData(values=[_tidy(row) for row in rows]))


def _tidy(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
        for key, value in row.items()
    }


def row_axis(labels: Sequence[str], focus: str | None, *, limit: int = 150) -> alt.Y:
    """Make an axis of named rows from the top down, the focus's name in the accent."""
    test = f"datum.value === {literal(focus)}"
    axis = alt.Axis(
        title=None,
        labelLimit=limit,
        labelColor=INK if focus is None else _either(test, ACCENT, INK),
        labelFontWeight="normal" if focus is None else _either(test, "bold", "normal"),
    )
    return alt.Y("row:N", sort=list(labels), scale=alt.Scale(domain=list(labels)), axis=axis)


def _either(test: str, value: str, other: str) -> Any:
    return {"condition": {"test": test, "value": value}, "value": other}


def literal(text: str | None) -> str:
    r"""Spell a text for Vega's expressions: nothing in it can end the literal.

    Examples
    --------
    >>> print(literal('a"+alert(1)+"'))
    "a\u0022+alert(1)+\u0022"
    """
    units = (text or "").encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    plain = (32 <= code < 127 and chr(code) not in "\"'\\<>&" for code in codes)
    spelt = (
        chr(code) if is_plain else f"\\u{code:04x}"
        for code, is_plain in zip(codes, plain, strict=True)
    )
    return f'"{"".join(spelt)}"'


def either(accent: str, other: str) -> Any:
    """Colour the focus's marks, whose rows say so, and the others'."""
    return alt.condition("datum.focus", alt.value(accent), alt.value(other))


def rank_ticks(n: int) -> list[int]:
    """Choose the ranks to label: the first, then even steps."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, n) if n / step <= 8)
    return sorted({1, *range(step, n + 1, step)})


def tooltip(**titles: str) -> list[alt.Tooltip]:
    """Name the fields, texts all of them, that a pointer on a mark shows."""
    return [alt.Tooltip(field, type="nominal", title=title) for field, title in titles.items()]
