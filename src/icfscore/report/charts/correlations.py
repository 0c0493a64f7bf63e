"""What goes together: correlations of the criteria, and of the indicators."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Bools, Floats, Ints
from icfscore.errors import InputError
from icfscore.methods.audit import correlate_all, pair_at, pair_position
from icfscore.pipeline.audit_pairs import SAME
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import Picture, compose, draw, literal, row_axis, tooltip
from icfscore.report.charts.theme import DIVERGING, INK, MUTED, PAPER, is_dark, mix
from icfscore.report.charts.words import Words, joined, wrapped
from icfscore.report.content_field import scored_children
from icfscore.sentences import say

_MOST = 40
_LINE = 60  # letters beneath the whole matrix
_FEW = 12  # parts of which one is worth naming
_CELL_WITH_NUMBER = 12  # rows up to which a cell holds a number


def draw_correlations(material: Material, words: Words) -> Picture:
    """Draw the correlations of the criteria's scores, and of the whole index with each."""
    _ = words.language.gettext
    scoring = material.scoring
    children = scored_children(scoring)
    if len(children) < 2:
        raise InputError.of(say("a single part has nothing to go together with"))
    names = words.labels(children, words.say.node)
    if _("Overall") not in names:
        children, names = (*children, ROOT), [*names, _("Overall")]
    scores = np.stack([scoring.scores_on(child) for child in children], axis=1)
    return _matrix("correlations", words, names, scores, len(scored_children(scoring)))


def draw_indicator_correlations(material: Material, words: Words) -> Picture:
    """Draw the correlations of the scored indicators' normalised values."""
    scoring = material.scoring
    ids = scoring.screened.observed.indicators
    columns = np.flatnonzero(scoring.screened.scored)
    names = words.labels([ids[column] for column in columns], words.say.node)
    values = scoring.normalised[:, columns]
    return _matrix("indicator_correlations", words, names, values, len(names))


def _matrix(kind: str, words: Words, names: list[str], values: Floats, n_parts: int) -> Picture:
    """Draw the lower triangle, the pairs' names at the left and beneath.

    Parameters
    ----------
    n_parts
        Columns before the whole, which takes no part in the message.
    """
    _ = words.language.gettext
    r, communities = correlate_all(values)
    if np.isnan(r).all():
        raise InputError.of(
            say("no two of them have values that vary for three communities or more")
        )
    title, told = _message(words, names[:n_parts], _of_first(r, len(names), n_parts))
    note = ""
    if len(names) > _MOST:
        note = _("Shown: the first {n} of {all}.").format(
            n=words.numbers.count(_MOST), all=words.numbers.count(len(names))
        )
        r, communities = (_of_first(of, len(names), _MOST) for of in (r, communities))
        names = names[:_MOST]
    n = len(names)
    roomy = n <= _CELL_WITH_NUMBER
    cells: list[dict[str, Any]] = []
    for position in np.flatnonzero(~np.isnan(r)).tolist():
        (i, j), value = pair_at(position, n), float(r[position])
        colour = mix(DIVERGING, (value + 1) / 2)
        spelt = words.numbers.fixed(value, 2)
        cells.append(
            {"row": names[j], "low": i + 0.5, "high": i + 1.5, "at": i + 1, "fill": colour}
            | {"ink": PAPER if is_dark(colour) else INK, "first": names[i], "told": spelt}
            | {"n": words.numbers.count(int(communities[position]))}
            | {"text": spelt if roomy else _sign(value)}
        )
    labels = [name if roomy else f"{at}. {name}" for at, name in enumerate(names, start=1)]
    for cell in cells:
        cell["row"] = labels[names.index(cell["row"])]
    rows = labels[1:] if roomy else labels  # the numbers beneath need the first one's name
    y = row_axis(rows, None, limit=130 if roomy else 190)
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=[0.5, n - 0.5], nice=False, zero=False),
        title=None if roomy else _("Number of the indicator"),
        axis=_beneath(names[:-1], roomy),
    )
    row_height = 36 if roomy else 14
    squares = (
        draw(cells)
        .mark_rect(stroke=PAPER, strokeWidth=1 if roomy else 0.5)
        .encode(
            x=x,
            x2="high:Q",
            y=y,
            color=alt.Color("fill:N", scale=None),
            tooltip=tooltip(
                row=_("This"), first=_("With"), told=_("Correlation"), n=_("Communities")
            ),
        )
    )
    signs = (
        draw([cell for cell in cells if cell["text"]])
        .mark_text(fontSize=11 if roomy else 9)
        .encode(x=alt.X("at:Q"), y=y, text="text:N", color=alt.Color("ink:N", scale=None))
    )
    key = (
        _("Pearson's correlation over the communities: blue above 0, brown below.")
        if roomy
        else _(
            "Pearson's correlation over the communities. Blue: above 0; brown, −: below; the"
            " darker the stronger; ●: above {same}, the same."
        ).format(same=words.numbers.fixed(SAME, 2))
    )
    return compose(
        kind,
        words,
        [squares, signs],
        title=title,
        subtitle=joined(key, note),
        told=told,
        height=row_height * len(rows),
    )


def _beneath(names: list[str], roomy: bool) -> alt.Axis:
    n = len(names)
    if roomy:
        lines = {at: wrapped(name, max(_LINE // n, 5))[:2] for at, name in enumerate(names, 1)}
        spelt = ", ".join(
            f"'{at}': [{', '.join(literal(line) for line in told)}]" for at, told in lines.items()
        )
        return alt.Axis(
            values=list(range(1, n + 1)),
            labelExpr=f"({{{spelt}}})[datum.value]",
            labelAngle=0,
            labelLimit=0,
            labelOverlap=False,
            grid=False,
        )
    ticks = [at for at in range(1, n + 1) if at == 1 or at % 5 == 0]
    return alt.Axis(values=ticks, format="d", grid=False, titleAnchor="start", titleColor=MUTED)


def _sign(value: float) -> str:
    if value > SAME:
        return "●"
    return "−" if value < 0 else ""


def _of_first(pairs: NDArray[Any], n: int, kept: int) -> NDArray[Any]:
    """Keep of the pairs of n columns, as `correlate_all` orders them, those of the first ones."""
    if kept >= n:
        return pairs
    starts = [pair_position(i, i + 1, n) for i in range(kept - 1)]
    return np.concatenate(
        [pairs[start : start + kept - 1 - i] for i, start in enumerate(starts)] or [pairs[:0]]
    )


def _message(words: Words, names: list[str], r: Floats) -> tuple[str, str]:
    _ = words.language.gettext
    told = np.flatnonzero(~np.isnan(r))
    if not told.size:
        title = _("Too few values to tell which parts go together")
        return title, _("Each pair needs three communities with both values.")
    k = len(names)

    def spelt(position: int) -> str:
        i, j = pair_at(position, k)
        return _("{first} and {second} ({r})").format(
            first=names[i], second=names[j], r=words.numbers.fixed(float(r[position]), 2)
        )

    against, known = _tally(r < 0, k), _tally(~np.isnan(r), k)
    others = int((known > 0).sum()) - 1
    worst = int(np.argmax(against))
    negative = int((r < 0).sum())
    said = {
        "most": spelt(int(np.nanargmax(r))),
        "least": spelt(int(np.nanargmin(r))),
        "negative": words.numbers.count(negative),
        "n": words.numbers.count(len(told)),
        "name": names[worst],
        "against": words.numbers.count(int(against[worst])),
        "others": words.numbers.count(others),
    }
    if 2 * against[worst] > others > 1 and 2 * negative < len(told) and others <= _FEW:
        title = _("{name} correlates negatively with {against} of the {others} others").format(
            **said
        )
        if against[worst] == others:
            title = _("{name} correlates negatively with all {others} others").format(**said)
    elif len(told) == 1:
        title = (
            _("The two go together: {most}")
            if not negative
            else _("The two correlate negatively: {most}")
        )
        title = title.format(**said)
    elif negative:
        title = _("{negative} of {n} pairs correlate negatively").format(**said)
    else:
        title = _("All {n} pairs go together").format(**said)
    return title, _("Most together: {most}; least: {least}.").format(**said)


def _tally(pairs: Bools, k: int) -> Ints:
    """Count for each of k columns the pairs it is in, (k,), of those marked."""
    marked = np.zeros((k, k), dtype=bool)
    marked[np.triu(np.ones((k, k), dtype=bool), 1)] = pairs
    return np.asarray(marked.sum(axis=0) + marked.sum(axis=1))
