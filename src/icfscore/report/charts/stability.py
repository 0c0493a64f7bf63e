"""How the focus's rank depends on each weight."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import altair as alt

from icfscore.domain.criteria import ROOT
from icfscore.errors import InputError
from icfscore.pipeline.stability import WeightStability
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import Picture, compose, draw, row_axis, tooltip
from icfscore.report.charts.theme import ACCENT, INK, PAPER, SHADES, is_dark, mix
from icfscore.report.charts.words import Words, joined
from icfscore.sentences import say

_ROW = 30
_MOST = 14
_WIDE = 0.045  # share of the axis that a number needs


def draw_stability(material: Material, words: Words) -> Picture:
    """Draw the focus's rank along every share that each criterion's weight could have."""
    _ = words.language.gettext
    focus = material.needed_focus()
    told = _told(material)
    kept = sorted(told, key=_slack)[:_MOST]
    kept = [one for one in told if one in kept]
    names = words.labels([one.node for one in kept], words.say.node)
    rank = material.scoring.ranking.rank_of(focus) or 0
    pieces: list[dict[str, Any]] = []
    for name, one in zip(names, kept, strict=True):
        pieces += [
            {"row": name, "from": 100 * low, "to": 100 * high, "rank": at}
            | {"text": str(at) if high - low >= _WIDE else ""}
            | {"told": words.numbers.ordinal(at)}
            | {"span": f"{words.numbers.percentage(low)} – {words.numbers.percentage(high)}"}
            for low, high, at in segments(one, rank)
        ]
    ranks = sorted({piece["rank"] for piece in pieces})
    shade = {at: mix(SHADES, 0.85 - 0.8 * i / max(len(ranks) - 1, 1)) for i, at in enumerate(ranks)}
    for piece in pieces:
        piece["ink"] = PAPER if is_dark(shade[piece["rank"]]) else INK
        piece["fill"] = shade[piece["rank"]]
    y = row_axis(names, None)
    x = alt.X(
        "from:Q",
        title=_("Weight among the criteria (%)"),
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=6, titleAnchor="start", grid=False),
    )
    bars = (
        draw(pieces)
        .mark_bar(height=18, stroke=PAPER, strokeWidth=0.5)
        .encode(
            x=x,
            x2="to:Q",
            y=y,
            color=alt.Color("fill:N", scale=None),
            tooltip=tooltip(row=_("Criterion"), span=_("Weight"), told=_("Rank")),
        )
    )
    weight_of = dict(zip(names, (100 * one.weight for one in kept), strict=True))
    middles = [
        piece | {"at": _clear_of(weight_of[piece["row"]], piece["from"], piece["to"])}
        for piece in pieces
    ]
    numbers = (
        draw(middles)
        .mark_text()
        .encode(x=alt.X("at:Q"), y=y, text="text:N", color=alt.Color("ink:N", scale=None))
    )
    marks = [{"row": name, "at": 100 * one.weight} for name, one in zip(names, kept, strict=True)]
    now = (
        draw(marks)
        .mark_tick(color=ACCENT, thickness=3, height=26, opacity=1)
        .encode(x=alt.X("at:Q"), y=y)
    )
    tightest = min(kept, key=_slack)
    title, said = _message(words, focus, tightest, kept, rank)
    return compose(
        "stability",
        words,
        [bars, numbers, now],
        title=title,
        subtitle=joined(
            _(
                "Number: the rank of {name} where the weight lies there, the other criteria keeping"
                " their proportions; stroke: the weight as it is."
            ).format(name=words.say.community(focus)),
        ),
        told=said,
        height=_ROW * len(kept),
    )


def _clear_of(mark: float, low: float, high: float) -> float:
    """Find the middle of a piece, or of the wider part of it beside a mark."""
    if low < mark < high:
        low, high = (low, mark) if mark - low > high - mark else (mark, high)
    return (low + high) / 2


def _told(material: Material) -> list[WeightStability]:
    """List the root's children whose weight can move."""
    told = [
        one
        for one in material.stability or ()
        if one.parent == ROOT and one.interval is not None and not one.reason
    ]
    if not told:
        raise InputError.of(say("no criterion's weight can move: there is nothing to draw"))
    return told


def segments(one: WeightStability, rank: int) -> list[tuple[float, float, int]]:
    """Cut the shares from 0 to 1 where the rank changes: from, to, rank."""
    above = [(point.weight, point.rank) for point in one.breakpoints if point.above]
    below = [(point.weight, point.rank) for point in one.breakpoints if not point.above]
    cuts = [0.0, *(weight for weight, _ in below), *(weight for weight, _ in above), 1.0]
    ranks = [*(at for _, at in below), rank, *(at for _, at in above)]
    return [
        (low, high, at) for (low, high), at in zip(pairwise(cuts), ranks, strict=True) if high > low
    ]


def _slack(one: WeightStability) -> float:
    """Tell how little a weight has to move for the rank to change."""
    low, high = one.interval or (0.0, 1.0)
    below = one.weight - low if low > 0 else math.inf
    return min(below, high - one.weight if high < 1 else math.inf)


def _message(
    words: Words, focus: str, tightest: WeightStability, kept: list[WeightStability], rank: int
) -> tuple[str, str]:
    _ = words.language.gettext
    spelt = {
        "name": words.say.community(focus),
        "rank": words.numbers.ordinal(rank),
        "node": words.say.node(tightest.node),
    }
    each = [
        _("{node}: from {low} to {high}, now {now}").format(
            node=words.say.node(one.node),
            low=words.numbers.percentage((one.interval or (0.0, 1.0))[0]),
            high=words.numbers.percentage((one.interval or (0.0, 1.0))[1]),
            now=words.numbers.percentage(one.weight),
        )
        for one in kept
    ]
    told = _("Weights that keep the rank: {each}.").format(each="; ".join(each))
    if math.isinf(_slack(tightest)):
        return _("{name} stays {rank} whatever the weight of any criterion").format(**spelt), told
    low, high = tightest.interval or (0.0, 1.0)
    spelt |= {"low": words.numbers.percentage(low), "high": words.numbers.percentage(high)}
    title = _("{name} stays {rank} while {node} weighs {low} to {high}").format(**spelt)
    return title, told
