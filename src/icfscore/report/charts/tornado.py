"""What moves the focus's score, one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from icfscore.errors import InputError
from icfscore.pipeline.swings import Swing, SwingEnd
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import Picture, compose, draw, row_axis, tooltip
from icfscore.report.charts.theme import ACCENT, DARK, INK, PALE, legend_columns
from icfscore.report.charts.words import Words, joined, label
from icfscore.sentences import say

_ROW = 20
_MOST = 14
_AXIS_NAME = 24  # letters of the focus's name in the axis's title
_ROOM = 0.12  # of the width, for the ranks at the ends


@dataclass(frozen=True, slots=True)
class _Bar:
    """A swing with both ends."""

    swing: Swing
    ends: tuple[SwingEnd, SwingEnd]
    scores: tuple[float, float]

    @property
    def reach(self) -> float:
        return abs(self.scores[1] - self.scores[0])


def draw_tornado(material: Material, words: Words) -> Picture:
    """Draw how far each weight and each value of the focus moves its score, the furthest first."""
    _ = words.language.gettext
    focus = material.needed_focus()
    bars = _bars(material)
    kept = bars[:_MOST]
    names = words.labels(
        [bar.swing.name for bar in kept],
        lambda name: _label(words, name, next(b.swing for b in bars if b.swing.name == name)),
    )
    ranking = material.scoring.ranking
    row = ranking.communities.index(focus)
    score, rank = float(ranking.scores[row]), int(ranking.ranks[row])
    sides = [_("Half weight, low value"), _("Double weight, high value")]
    pieces: list[dict[str, Any]] = []
    for name, bar in zip(names, kept, strict=True):
        for at, side in enumerate(sides):
            end = bar.ends[at]
            pieces.append(
                {"row": name, "side": side, "from": score, "to": bar.scores[at]}
                | {"rank": words.numbers.ordinal(end.rank), "moved": end.rank != rank}
                | {"right": bar.scores[at] >= bar.scores[1 - at]}
                | {"told": words.numbers.score(bar.scores[at])}
                | {"setting": _setting(words, bar.swing, end)}
            )
    found = [value for bar in kept for value in bar.scores]
    low, high = min(*found, score), max(*found, score)
    room = ((high - low) or 1.0) * _ROOM
    x = alt.X(
        "from:Q",
        title=_("Score of {name} (points)").format(
            name=label(words.say.community(focus), _AXIS_NAME)
        ),
        scale=alt.Scale(domain=[low - room, high + room], nice=False, zero=False),
        axis=alt.Axis(tickCount=6, titleAnchor="start"),
    )
    y = row_axis(names, None, limit=190)
    moved_bars = (
        draw(pieces)
        .mark_bar(height=12)
        .encode(
            x=x,
            x2="to:Q",
            y=y,
            color=alt.Color(
                "side:N",
                scale=alt.Scale(domain=sides, range=[PALE, DARK]),
                legend=alt.Legend(
                    title=None, symbolType="square", labelLimit=240, columns=legend_columns(sides)
                ),
            ),
            tooltip=tooltip(
                row=_("What changes"), setting=_("To"), told=_("Score"), rank=_("Rank")
            ),
        )
    )
    line = draw([{"at": score}]).mark_rule(color=ACCENT, strokeWidth=1.5).encode(x=alt.X("at:Q"))
    ranks = [
        draw([one for one in pieces if one["moved"] and one["right"] is right])
        .mark_text(align="left" if right else "right", dx=4 if right else -4, color=INK)
        .encode(x=alt.X("to:Q"), y=y, text="rank:N")
        for right in (True, False)
        if any(one["moved"] and one["right"] is right for one in pieces)
    ]
    title, told = _message(material, words, bars)
    rest = len(bars) - len(kept)
    note = _("Shown: the furthest {n} of {all}.").format(
        n=words.numbers.count(len(kept)), all=words.numbers.count(len(bars))
    )
    return compose(
        "tornado",
        words,
        [moved_bars, line, *ranks],
        title=title,
        subtitle=joined(
            _(
                "One weight, halved and doubled, or one value within its error, at a time; line:"
                " the score as it is."
            ),
            _("At the ends: the rank, where it changes.") if ranks else "",
            note if rest else "",
        ),
        told=told,
        height=_ROW * len(kept),
    )


def _bars(material: Material) -> list[_Bar]:
    """List the swings of weights and values, the furthest first; a method has its own scale."""
    bars = []
    for swing in material.swings or ():
        if swing.kind == "method" or len(swing.ends) != 2:
            continue
        first, second = swing.ends
        if first.score is not None and second.score is not None:
            bars.append(_Bar(swing, (first, second), (first.score, second.score)))
    bars = [bar for bar in bars if bar.reach > 0]
    if not bars:
        raise InputError.of(
            say("no weight halved or doubled and no value within its error moves the score")
        )
    return sorted(bars, key=lambda bar: -bar.reach)


def _label(words: Words, name: str, swing: Swing) -> str:
    _ = words.language.gettext
    named = words.say.node(name)
    return _("Weight of {name}").format(name=named) if swing.kind == "weight" else named


def _setting(words: Words, swing: Swing, end: SwingEnd) -> str:
    if swing.kind == "weight":
        return words.numbers.percentage(float(end.setting))  # type: ignore[arg-type]
    indicator = next(
        each for each in words.scoring.project.tree.indicators if each.id == swing.name
    )
    return words.say.amount(float(end.setting), indicator)  # type: ignore[arg-type]


def _message(material: Material, words: Words, bars: list[_Bar]) -> tuple[str, str]:
    _ = words.language.gettext
    first = bars[0]
    ranks = [end.rank for bar in bars for end in bar.ends if end.rank is not None]
    focus = material.needed_focus()
    named = {
        "name": words.say.community(focus),
        "what": _label(words, first.swing.name, first.swing),
        "low": words.numbers.score(min(first.scores)),
        "high": words.numbers.score(max(first.scores)),
        "span": words.span(min(ranks), max(ranks)),
        "rank": words.numbers.ordinal(material.scoring.ranking.rank_of(focus)),
    }
    if min(ranks) == max(ranks):
        title = _(
            "No weight halved or doubled and no value within its error moves {name} from {rank}"
        ).format(**named)
    else:
        title = _(
            "A weight halved or doubled, or a value within its error, puts {name} {span}"
        ).format(**named)
    told = _("The score moves furthest by {what}: from {low} to {high}.").format(**named)
    return title, told
