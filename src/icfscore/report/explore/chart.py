"""The pictures of the page, as Vega-Lite: the page hands them new rows, and nothing else.

Colours are the page's own CSS variables, so that light, dark and print need no second picture.
"""

from __future__ import annotations

from typing import Any

from icfscore.report.language import Language

ROW, LINE = 22, 15  # pixels: a row, and what a name above it takes
NAMES = 170  # pixels for names at the side
MOST_ROWS = 30
_FONT = "system-ui, sans-serif"
_COLOUR = {"ink": "var(--ink)", "quiet": "var(--quiet)", "line": "var(--line)"}
_ACCENT, _PLAIN = "var(--accent)", "var(--mark)"


def rank_chart(
    language: Language, n_rows: int, n_communities: int, *, narrow: bool
) -> dict[str, Any]:
    """Draw the ranks of some communities with their intervals, the focus in the accent colour.

    The rows, named ``rows``, have ``place``, ``name``, ``rank``, ``low``, ``high``, ``focus`` and
    ``told``. Where it is narrow, names stand above their rows, else beside them.
    """
    import altair as alt

    _ = language.gettext
    rows = alt.NamedData(name="rows")
    colour = alt.condition("datum.focus", alt.value(_ACCENT), alt.value(_PLAIN))
    y = alt.Y("place:O", axis=None, scale=alt.Scale(domain=list(range(1, n_rows + 1))))
    x = alt.X(
        "rank:Q",
        title=_("Rank, with the ranks it has in 90 % of the draws"),
        scale=alt.Scale(domain=[1, max(n_communities, 2)], nice=False),
        axis=alt.Axis(values=_ticks(n_communities), orient="top", format="d", offset=8),
    )
    told = alt.Tooltip("told:N", title=" ")
    ink = alt.condition("datum.focus", alt.value(_ACCENT), alt.value(_COLOUR["ink"]))
    names = _names(narrow=narrow).encode(color=ink)
    spans = (
        alt.Chart()
        .mark_rule(strokeWidth=5, strokeCap="round", opacity=0.45)
        .encode(x=x.copy(), x2="high:Q", color=colour, tooltip=told)
    )
    spans.encoding.x.shorthand = "low:Q"
    points = (
        alt.Chart()
        .mark_point(filled=True, size=70, opacity=1)
        .encode(
            x=x,
            color=colour,
            shape=alt.condition("datum.focus", alt.value("diamond"), alt.value("circle")),
            tooltip=told,
        )
    )
    chart = alt.layer(spans, points, names, data=rows).encode(y=y)
    return _finished(chart, n_rows, narrow=narrow)


def profile_chart(language: Language, n_rows: int, *, narrow: bool) -> dict[str, Any]:
    """Draw how all communities score on each child of the root, the focus in the accent colour.

    The rows, named ``rows``, have ``place``, ``name`` (once a place), ``score``, ``focus`` and
    ``told``.
    """
    import altair as alt

    _ = language.gettext
    y = alt.Y("place:O", axis=None, scale=alt.Scale(domain=list(range(1, n_rows + 1))))
    x = alt.X("score:Q", title=_("Score"), scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=8))
    told = alt.Tooltip("told:N", title=" ")
    others = (
        alt.Chart()
        .mark_tick(thickness=2, height=14, opacity=0.45, color=_PLAIN)
        .encode(x=x, tooltip=told)
        .transform_filter("!datum.focus")
    )
    focus = (
        alt.Chart()
        .mark_point(filled=True, size=90, shape="diamond", opacity=1, color=_ACCENT)
        .encode(x=x, tooltip=told)
        .transform_filter("datum.focus")
    )
    names = _names(narrow=narrow).transform_filter("datum.name")
    chart = alt.layer(others, focus, names, data=alt.NamedData(name="rows")).encode(y=y)
    return _finished(chart, n_rows, narrow=narrow)


def _names(*, narrow: bool) -> Any:
    import altair as alt

    place: dict[str, Any] = {"align": "right", "dx": -10, "limit": NAMES - 20}
    if narrow:
        place = {"align": "left", "dy": -LINE, "limit": 300}
    mark = alt.Chart().mark_text(baseline="middle", color=_COLOUR["ink"], **place)
    return mark.encode(text="name:N", x=alt.value(0))


def _ticks(most: int) -> list[int]:
    """Choose ranks for the axis: the first, and some ten round ones.

    Examples
    --------
    >>> _ticks(21), _ticks(200)[:3]
    ([1, 5, 10, 15, 20], [1, 50, 100])
    """
    step = next(
        factor * 10**power
        for power in range(9)
        for factor in (1, 2, 5)
        if factor * 10**power * 5 >= most
    )
    return sorted({1, *range(step, most + 1, step)})


def _finished(chart: Any, n_rows: int, *, narrow: bool) -> dict[str, Any]:
    height = n_rows * (ROW + LINE if narrow else ROW)
    left = 10 if narrow else NAMES
    finished = (
        chart.properties(
            width="container",
            height=height,
            padding={"left": left, "right": 12, "top": 4, "bottom": 4},
        )
        .configure(background="transparent", font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_COLOUR["quiet"],
            titleColor=_COLOUR["quiet"],
            titleFontWeight="normal",
            gridColor=_COLOUR["line"],
            domainColor=_COLOUR["line"],
            tickColor=_COLOUR["line"],
            labelFontSize=12,
            titleFontSize=12,
        )
        .configure_text(fontSize=13)
    )
    spec: dict[str, Any] = finished.to_dict()
    return spec
