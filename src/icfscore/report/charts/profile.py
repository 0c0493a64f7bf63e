"""The focus, criterion by criterion, beside the first seven and the median."""

from __future__ import annotations

import altair as alt
import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import Picture, compose, draw, require_size, row_axis, tooltip
from icfscore.report.charts.theme import ACCENT, INK, LIGHT, MUTED, PAPER, legend_columns
from icfscore.report.charts.words import Words, joined
from icfscore.report.content import TOP
from icfscore.report.content_field import scored_children
from icfscore.report.content_standing import Standing, standing_of

_ROW = 34
_MOST = 24


def draw_profile(material: Material, words: Words) -> Picture:
    """Draw the focus's score on every criterion within the field's range.

    Where more than seven are ranked, with the mean of those that lead the whole ranking.
    """
    _ = words.language.gettext
    focus, scoring = material.needed_focus(), material.scoring
    row = scoring.ranking.communities.index(focus)
    scored = scored_children(scoring)
    children = scored[:_MOST]
    require_size(np.stack([scoring.scores_on(one) for one in (*children, ROOT)]))
    title, told = _message(words, focus, [standing_of(scoring, row, one, TOP) for one in scored])
    standings = [standing_of(scoring, row, child, TOP) for child in (*children, ROOT)]
    names = words.labels([*children, ROOT], words.say.node)
    names[-1] = _("Overall") if _("Overall") not in names[:-1] else names[-1]
    leaders = list(scoring.ranking.order[:TOP]) if len(scoring.ranking.order) > TOP else []
    ranges, marks = [], []
    series = [words.say.community(focus), _("Mean of the first {k}").format(k=TOP), _("Median")]
    for name, standing in zip(names, standings, strict=True):
        scores = scoring.scores_on(standing.identifier)
        if np.isnan(scores).all():
            continue
        ranges.append(
            {"row": name, "low": float(np.nanmin(scores)), "high": float(np.nanmax(scores))}
        )
        leading = scores[leaders]
        values = [
            standing.score,
            float(np.nanmean(leading)) if leaders and not np.isnan(leading).all() else None,
            standing.median,
        ]
        marks += [
            {"row": name, "who": who, "value": value, "told": words.numbers.score(value)}
            for who, value in zip(series, values, strict=True)
            if value is not None
        ]
    y = row_axis(names, None, limit=140)
    x = alt.X(
        "low:Q",
        title=words.scale(),
        scale=alt.Scale(zero=False, nice=True, padding=8),
        axis=alt.Axis(tickCount=6, titleAnchor="start"),
    )
    spans = (
        draw(ranges).mark_bar(height=8, cornerRadius=4, color=LIGHT).encode(x=x, x2="high:Q", y=y)
    )
    used = [who for who in series if any(mark["who"] == who for mark in marks)]
    looks = dict(
        zip(series, (("circle", ACCENT), ("diamond", INK), ("stroke", MUTED)), strict=True)
    )
    symbols = [_STROKE if looks[who][0] == "stroke" else looks[who][0] for who in used]
    points = (
        draw([mark for who in reversed(used) for mark in marks if mark["who"] == who])
        .mark_point(filled=True, size=110, opacity=1, stroke=PAPER, strokeWidth=1)
        .encode(
            x=alt.X("value:Q"),
            y=y,
            shape=alt.Shape(
                "who:N",
                scale=alt.Scale(domain=used, range=symbols),
                legend=alt.Legend(
                    title=None, symbolSize=90, labelLimit=300, columns=legend_columns(used)
                ),
            ),
            color=alt.Color(
                "who:N", scale=alt.Scale(domain=used, range=[looks[who][1] for who in used])
            ),
            tooltip=tooltip(row=_("Criterion"), who=_("Whose"), told=_("Score")),
        )
    )
    numbers = (
        draw([mark for mark in marks if mark["who"] == series[0]])
        .mark_text(dy=-12, color=ACCENT, fontWeight="bold")
        .encode(x=alt.X("value:Q"), y=y, text="told:N")
    )
    return compose(
        "profile",
        words,
        [spans, points, numbers],
        title=title,
        subtitle=joined(
            _("Grey: from the lowest to the highest score of the field."),
            _("Shown: the first {n} of {all}.").format(
                n=words.numbers.count(len(children)), all=words.numbers.count(len(scored))
            )
            if len(scored) > len(children)
            else "",
        ),
        told=told,
        height=_ROW * len(ranges),
    )


_STROKE = "M-0.26,-1.1L0.26,-1.1L0.26,1.1L-0.26,1.1Z"  # an upright stroke


def _message(words: Words, focus: str, standings: list[Standing]) -> tuple[str, str]:
    """Say on what the focus is above the median, and by how much elsewhere below."""
    _ = words.language.gettext
    name = words.say.community(focus)
    told = [one for one in standings if one.score is not None and one.median is not None]
    above = [one.identifier for one in told if (one.distance_to(one.median) or 0) > 0]
    said = {
        "name": name,
        "nodes": words.say.nodes(above),
        "n": words.numbers.count(len(told)),
        "above": words.numbers.count(len(above)),
    }
    if not above:
        title = _("{name} is above the median on no criterion").format(**said)
    elif len(above) == len(told):
        title = _("{name} is above the median on every criterion").format(**said)
    elif len(above) < 4:
        title = _("{name} is above the median on {nodes} alone").format(**said)
    else:
        title = _("{name} is above the median on {above} of {n} criteria").format(**said)
    spelt = [
        _("{criterion}: {score}, median {median}, {rank} of {n}").format(
            criterion=words.say.node(one.identifier),
            score=words.numbers.score(one.score),
            median=words.numbers.score(one.median),
            rank=words.numbers.ordinal(one.rank),
            n=words.numbers.count(one.n_ranked),
        )
        for one in told
    ]
    return title, "; ".join(spelt[:_MOST]) + "."
