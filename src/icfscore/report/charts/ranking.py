"""The ranking, and how sure each rank is."""

from __future__ import annotations

import altair as alt
import numpy as np

from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import (
    Picture,
    Rows,
    compose,
    draw,
    either,
    rank_ticks,
    row_axis,
    tooltip,
)
from icfscore.report.charts.rows import Shown, choose
from icfscore.report.charts.theme import ACCENT, ACCENT_LIGHT, INK, LIGHT, MUTED, OTHER, PAPER
from icfscore.report.charts.words import Words, joined
from icfscore.report.content_uncertainty import TOLD_APART

_ROW = 17
_SCORES = 0.16  # of the width, for the scores at the right


def draw_ranking(material: Material, words: Words) -> Picture:
    """Draw every community's rank and the range of its ranks over the draws.

    Without draws: every community's score.
    """
    shown = choose(material, words)
    if material.draws is None or len(shown.rows) < 2:
        return _scores(material, words, shown)
    return _ranks(material, words, shown)


def _ranks(material: Material, words: Words, shown: Shown) -> Picture:
    _ = words.language.gettext
    draws, ranking = material.needed_draws(), material.scoring.ranking
    n = len(ranking.order)
    rows = [
        {
            "row": label,
            "low": int(draws.rank_interval[row, 0]) - 0.4,
            "high": int(draws.rank_interval[row, 1]) + 0.4,
            "rank": int(ranking.ranks[row]),
            "score": words.numbers.score(float(ranking.scores[row])),
            "interval": words.span(*draws.rank_interval[row].tolist()),
            "place": words.numbers.ordinal(int(ranking.ranks[row])),
            "focus": label == shown.focus,
        }
        for row, label in shown.label_of.items()
    ]
    right = n + 0.5 + _SCORES * n / (1 - _SCORES)
    scale = alt.Scale(domain=[0.5, right], nice=False, zero=False)
    x = alt.X(
        "low:Q",
        scale=scale,
        title=_("Rank (1 = best)"),
        axis=alt.Axis(values=rank_ticks(n), format="d", titleAnchor="start"),
    )
    y = row_axis(shown.labels, shown.focus)
    tips = tooltip(
        row=_("Community"), place=_("Rank"), interval=_("Range of ranks"), score=_("Score")
    )
    base = draw(rows)
    spans = base.mark_bar(height=9, cornerRadius=3).encode(
        x=x, x2="high:Q", y=y, color=either(ACCENT_LIGHT, LIGHT), tooltip=tips
    )
    dots = base.mark_point(filled=True, size=46, stroke=PAPER, strokeWidth=1, opacity=1).encode(
        x=alt.X("rank:Q"), y=y, color=either(ACCENT, MUTED), tooltip=tips
    )
    heading = {"row": shown.labels[0], "text": _("Score")}
    return compose(
        "ranking",
        words,
        [spans, dots, _column(rows, y, right), _heading(heading, y, right)],
        title=_message(material, words),
        subtitle=joined(
            _("Dot: rank; bar: {meaning}.").format(meaning=words.interval_meaning()), shown.note
        ),
        told=_told(material, words),
        height=_ROW * len(shown.rows),
        source=[words.drawn(draws.n_draws, draws.seed)],
    )


def _scores(material: Material, words: Words, shown: Shown) -> Picture:
    _ = words.language.gettext
    ranking = material.scoring.ranking
    rows = [
        {
            "row": label,
            "from": 0.0,
            "value": float(ranking.scores[row]),
            "score": words.numbers.score(float(ranking.scores[row])),
            "place": words.numbers.ordinal(int(ranking.ranks[row])),
            "focus": label == shown.focus,
        }
        for row, label in shown.label_of.items()
    ]
    scores = ranking.scores[list(shown.rows)]
    low, high = min(float(scores.min()), 0.0), max(float(scores.max()), 0.0)
    span = (high - low) or 1.0
    right = high + span * _SCORES
    y = row_axis(shown.labels, shown.focus)
    bars = (
        draw(rows)
        .mark_bar(height=10)
        .encode(
            x=alt.X(
                "from:Q",
                title=words.scale(),
                scale=alt.Scale(domain=[low, right], nice=False),
                axis=alt.Axis(tickCount=5, titleAnchor="start"),
            ),
            x2="value:Q",
            y=y,
            color=either(ACCENT, OTHER),
            tooltip=tooltip(row=_("Community"), place=_("Rank"), score=_("Score")),
        )
    )
    return compose(
        "ranking",
        words,
        [bars, _column(rows, y, right)],
        title=_message(material, words),
        subtitle=joined(_("Score of each community, best first."), shown.note),
        told=_told(material, words),
        height=_ROW * len(shown.rows),
    )


def _column(rows: Rows, y: alt.Y, right: float) -> alt.Chart:
    """Write the scores at the right end."""
    chart: alt.Chart = (
        draw(rows)
        .mark_text(align="right", dx=-2)
        .encode(
            x=alt.X(datum=right),
            y=y,
            text="score:N",
            color=either(ACCENT, INK),
        )
    )
    return chart


def _heading(row: dict[str, str], y: alt.Y, right: float) -> alt.Chart:
    """Title the column of scores, above its first row."""
    chart: alt.Chart = (
        draw([row])
        .mark_text(align="right", dx=-2, dy=-_ROW + 2, color=MUTED)
        .encode(x=alt.X(datum=right), y=y, text="text:N")
    )
    return chart


def _message(material: Material, words: Words) -> str:
    """Say where the focus stands; without one, who leads."""
    _ = words.language.gettext
    ranking, draws = material.scoring.ranking, material.draws
    n = words.numbers.count(len(ranking.order))
    row = material.focus_row
    if row is None:
        first = words.say.community(ranking.communities[ranking.order[0]])
        return words.language.ngettext(
            "{name} stands first of {n} community",
            "{name} stands first of {n} communities",
            len(ranking.order),
        ).format(name=first, n=n)
    told = {
        "name": words.say.community(ranking.communities[row]),
        "rank": words.numbers.ordinal(int(ranking.ranks[row])),
        "n": n,
    }
    if draws is None:
        return words.language.ngettext(
            "{name} stands {rank} of {n} community",
            "{name} stands {rank} of {n} communities",
            len(ranking.order),
        ).format(**told)
    low, high = draws.rank_interval[row].tolist()
    told |= {"span": words.span(low, high), "share": words.percent(TOLD_APART)}
    if low == high:
        return _("{name} stands {rank} of {n}, in at least {share} of the draws").format(**told)
    return _("{name} stands {rank} of {n}, and {span} in {share} of the draws").format(**told)


def _told(material: Material, words: Words) -> str:
    """Name the first and the last, and how wide the ranges are."""
    _ = words.language.gettext
    ranking = material.scoring.ranking
    ends = [
        _("{name} ({score})").format(
            name=words.say.community(ranking.communities[row]),
            score=words.numbers.score(float(ranking.scores[row])),
        )
        for row in (*ranking.order[:3], ranking.order[-1])
    ]
    if len(ranking.order) < 4:
        said = _("Best first, with scores: {names}.").format(
            names=words.say.listed(ends[: len(ranking.order)])
        )
    else:
        said = _("First come {names}; last comes {last}; scores in brackets.").format(
            names=words.say.listed(ends[:-1]), last=ends[-1]
        )
    if material.draws is None:
        return said
    widths = np.ptp(material.draws.rank_interval[list(ranking.order)], axis=1) + 1
    wide = _(
        "The range of ranks in {share} of the draws, under the stated assumptions, is {median}"
        " places wide for the middle community and {most} at the most."
    ).format(
        share=words.percent(TOLD_APART),
        median=words.numbers.count(int(np.median(widths))),
        most=words.numbers.count(int(widths.max())),
    )
    return f"{said} {wide}"
