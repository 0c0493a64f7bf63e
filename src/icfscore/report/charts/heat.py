"""Shares of the draws as shades: who holds which rank, and who is ahead of whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import (
    Picture,
    Rows,
    compose,
    draw,
    rank_ticks,
    row_axis,
    tooltip,
)
from icfscore.report.charts.rows import Shown, choose
from icfscore.report.charts.theme import ACCENT, INK, PAPER, SHADES
from icfscore.report.charts.words import Words, joined
from icfscore.report.content_uncertainty import TOLD_APART, told_apart
from icfscore.sentences import say

_ROW = 16
_MOST_RANKS = 60  # that get a column of their own
_CURVE = 1.8  # small shares get more of the shades than large ones
_LEAST = 0.0005  # share of the draws that is drawn


def draw_acceptability(material: Material, words: Words) -> Picture:
    """Draw in how many of the draws each community holds each rank."""
    _ = words.language.gettext
    draws, ranking = material.needed_draws(), material.scoring.ranking
    shown = choose(material, words)
    n = len(ranking.order)
    lows, highs, shares = _columns(draws.acceptability, draws.bins, n)
    cells = [
        {
            "row": label,
            "low": lows[at] - 0.5,
            "high": highs[at] + 0.5,
            "share": 100 * float(shares[row, at]),
            "rank": words.span(lows[at], highs[at]),
            "told": words.say.of_draws(float(shares[row, at])),
        }
        for row, label in shown.label_of.items()
        for at in range(len(lows))
        if shares[row, at] >= _LEAST
    ]
    marks = [
        {"row": label, "rank": int(ranking.ranks[row])} for row, label in shown.label_of.items()
    ]
    scale = alt.Scale(domain=[0.5, n + 0.5], nice=False, zero=False)
    x = alt.X(
        "low:Q",
        scale=scale,
        title=_("Rank (1 = best)"),
        axis=alt.Axis(values=rank_ticks(n), format="d", grid=False, titleAnchor="start"),
    )
    y = row_axis(shown.labels, shown.focus)
    tips = tooltip(row=_("Community"), rank=_("Rank"), told=_("Share of the draws"))
    heat = _shaded(cells, x, "high:Q", y, _("Share of the draws (%)"), tips)
    places = (
        draw(marks)
        .mark_point(filled=True, fill=PAPER, stroke=INK, strokeWidth=1, size=22, opacity=1)
        .encode(x=alt.X("rank:Q"), y=y)
    )
    title, told = _most_frequent(material, words)
    return compose(
        "acceptability",
        words,
        [heat, *_outline(shown, 0.5, n + 0.5, y), places],
        title=title,
        subtitle=joined(
            _(
                "How often each community holds each rank, under the stated assumptions;"
                " dot: its rank."
            ),
            shown.note,
        ),
        told=told,
        height=_ROW * len(shown.rows),
        source=[words.drawn(draws.n_draws, draws.seed)],
    )


def _columns(shares: Floats, bins: Any, n: int) -> tuple[list[int], list[int], Floats]:
    """Give the columns' first and last ranks, and shares (n, columns); many ranks share one."""
    first = np.searchsorted(bins, np.arange(shares.shape[1])) + 1
    wanted = min(_MOST_RANKS, len(first))
    starts = np.unique(np.linspace(0, len(first), wanted, endpoint=False).astype(np.int64))
    lows = first[starts].tolist()
    highs = [*(low - 1 for low in lows[1:]), n]
    return lows, highs, np.add.reduceat(shares, starts, axis=1)


def _most_frequent(material: Material, words: Words) -> tuple[str, str]:
    _ = words.language.gettext
    draws, ranking = material.needed_draws(), material.scoring.ranking
    row = ranking.order[0] if material.focus_row is None else material.focus_row
    shares = draws.acceptability[row]
    best = int(shares.argmax())
    told = {
        "name": words.say.community(ranking.communities[row]),
        "rank": _ranks(draws, best, words),
        "share": words.say.of_draws(float(shares[best])),
    }
    leader = int(draws.acceptability[:, 0].argmax())
    first = {
        "name": words.say.community(ranking.communities[leader]),
        "share": words.say.of_draws(float(draws.acceptability[leader, 0])),
    }
    return (
        _("{name} is most often {rank}: in {share} of the draws").format(**told),
        _("Most often first is {name}: in {share} of the draws.").format(**first),
    )


def _ranks(draws: RankDraws, best: int, words: Words) -> str:
    """Spell the ranks of a bin: one, or from the first to the last."""
    low, high = (int(rank) for rank in draws.edges[best : best + 2])
    return words.numbers.ordinal(high) if high == low + 1 else words.span(low + 1, high)


def draw_pairwise(material: Material, words: Words) -> Picture:
    """Draw in how many of the draws one community is ahead of another."""
    _ = words.language.gettext
    draws, ranking = material.needed_draws(), material.scoring.ranking
    if draws.pairwise is None:
        raise InputError.of(say("pairs are not counted for so many communities"))
    if len(ranking.order) < 2:
        raise InputError.of(say("this chart needs two communities with a rank"))
    shown = choose(material, words)
    cells = [
        {
            "row": label,
            "low": at + 0.5,
            "high": at + 1.5,
            "share": 100 * float(draws.pairwise[row, other]),
            "other": shown.labels[at],
            "told": words.say.of_draws(float(draws.pairwise[row, other])),
        }
        for row, label in shown.label_of.items()
        for at, other in enumerate(shown.rows)
        if row != other
    ]
    n = len(shown.rows)
    ranks = [words.numbers.count(int(ranking.ranks[row])) for row in shown.rows]
    ticks = rank_ticks(n)
    spelt = {str(at): ranks[at - 1] for at in ticks}
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=[0.5, n + 0.5], nice=False, zero=False),
        title=_("Column: the community with this rank"),
        axis=alt.Axis(
            values=ticks,
            labelExpr=f"({_as_table(spelt)})[datum.value]",
            grid=False,
            titleAnchor="start",
        ),
    )
    y = row_axis(shown.labels, shown.focus)
    tips = tooltip(row=_("Ahead"), other=_("Behind"), told=_("Share of the draws"))
    heat = _shaded(cells, x, "high:Q", y, _("Ahead in so many draws (%)"), tips, 100.0)
    title, told = _told_apart(material, words)
    return compose(
        "pairwise",
        words,
        [heat, *_outline(shown, 0.5, n + 0.5, y)],
        title=title,
        subtitle=joined(
            _(
                "Row ahead of column, under the stated assumptions; the darker above the diagonal,"
                " the surer the order."
            ),
            _("Told apart: the same order in at least {share} of the draws.").format(
                share=words.percent(TOLD_APART)
            ),
            shown.note,
        ),
        told=told,
        height=_ROW * n,
        source=[words.drawn(draws.n_draws, draws.seed)],
    )


def _as_table(text_by_key: dict[str, str]) -> str:
    """Spell a table of numerals for Vega's expressions."""
    return "{" + ", ".join(f"'{key}': '{text}'" for key, text in text_by_key.items()) + "}"


def _told_apart(material: Material, words: Words) -> tuple[str, str]:
    _ = words.language.gettext
    draws, order = material.needed_draws(), material.scoring.ranking.order
    shares = draws.pairwise
    assert shares is not None  # noqa: S101 - looked at before
    apart = [
        told_apart(float(shares[row, other]))
        for at, row in enumerate(order)
        for other in order[at + 1 :]
    ]
    pairs = {
        "sure": words.numbers.count(sum(apart)),
        "n": words.numbers.count(len(apart)),
        "share": words.percent(TOLD_APART),
    }
    overall = _(
        "Of {n} pairs of communities, {sure} keep their order in at least {share} of the draws."
    )
    row = material.focus_row
    if row is None:
        return (
            _("{sure} of {n} pairs are told apart, the others are not").format(**pairs),
            overall.format(**pairs),
        )
    others = [other for other in order if other != row]
    sure = sum(told_apart(float(shares[row, other])) for other in others)
    named = {
        "name": words.say.community(draws.communities[row]),
        "sure": words.numbers.count(sure),
        "n": words.numbers.count(len(others)),
    }
    title = _("The draws tell {name} apart from {sure} of the {n} others")
    if sure == len(others):
        title = _("The draws tell {name} apart from everybody else")
    elif not sure:
        title = _("The draws tell {name} apart from nobody")
    return title.format(**named), overall.format(**pairs)


def _shaded(
    cells: Rows,
    x: alt.X,
    x2: str,
    y: alt.Y,
    title: str,
    tips: Sequence[alt.Tooltip],
    top: float | None = None,
) -> alt.Chart:
    """Shade cells by their share in percent, from little to much."""
    most = top or max((float(cell["share"]) for cell in cells), default=1.0)
    steps = len(SHADES) - 1
    curve = 1.0 if top else _CURVE
    domain = [most * (at / steps) ** curve for at in range(steps + 1)]
    scale = alt.Scale(domain=domain, range=list(SHADES))
    legend = alt.Legend(
        title=title, direction="horizontal", gradientLength=140, tickCount=4, titleOrient="left"
    )
    chart: alt.Chart = (
        draw(cells)
        .mark_rect(stroke=PAPER, strokeWidth=0.5)
        .encode(
            x=x,
            x2=x2,
            y=y,
            color=alt.Color("share:Q", scale=scale, legend=legend),
            tooltip=list(tips),
        )
    )
    return chart


def _outline(shown: Shown, low: float, high: float, y: alt.Y) -> list[alt.Chart]:
    """Frame the focus's row."""
    if shown.focus is None:
        return []
    frame = draw([{"row": shown.focus, "low": low, "high": high}])
    return [
        frame.mark_rect(fillOpacity=0, stroke=ACCENT, strokeWidth=1.6).encode(
            x=alt.X("low:Q"), x2="high:Q", y=y
        )
    ]
