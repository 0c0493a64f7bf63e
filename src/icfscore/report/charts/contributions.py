"""What each score is made of."""

from __future__ import annotations

import altair as alt
import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import (
    Picture,
    compose,
    draw,
    either,
    require_size,
    row_axis,
    tooltip,
)
from icfscore.report.charts.rows import choose
from icfscore.report.charts.theme import ACCENT, INK, PAPER, legend_columns, series_colours
from icfscore.report.charts.words import Words, joined
from icfscore.report.content_field import scored_children
from icfscore.sentences import say

_ROW = 17
_MOST_PARTS = 10


def contributions_of(material: Material) -> tuple[tuple[str, ...], Floats]:
    """Split every score into what the root's children add to it.

    Returns
    -------
    Ids of the scored children (c,), and their contributions (n, c): share times score, the shares
    rescaled over the children present; 0 where one is missing.

    Raises
    ------
    InputError
        Where the contributions do not add up to the scores, as of a geometric mean.
    """
    scoring = material.scoring
    children = scored_children(scoring)
    scores = np.stack([scoring.scores_on(child) for child in children], axis=1)
    present = ~np.isnan(scores)
    shares = np.where(present, [scoring.weights[child] for child in children], 0.0)
    total = shares.sum(axis=1, keepdims=True)
    parts = np.where(present, scores, 0.0) * shares / np.where(total > 0, total, 1.0)
    ranked = list(scoring.ranking.order)
    if not np.allclose(parts.sum(axis=1)[ranked], scoring.ranking.scores[ranked], rtol=1e-9):
        kind = scoring.settings.recipe.aggregation.at_node(ROOT, scoring.project.tree).kind
        raise InputError.of(
            say("the scores are no sum of contributions under {kind} aggregation", kind=kind),
            say("try {option}", option="--set recipe.aggregation.kind=arithmetic"),
        )
    return children, parts


def draw_contributions(material: Material, words: Words) -> Picture:
    """Draw every community's score as a bar of its criteria's contributions."""
    _ = words.language.gettext
    children, parts = contributions_of(material)
    require_size(parts)
    names = words.labels(children, words.say.node)
    title, told = _message(material, words, names, parts)
    if len(children) > _MOST_PARTS:
        names, parts = _gather(names, parts, _("The others"))
    shown = choose(material, words)
    scores = material.scoring.ranking.scores
    pieces = []
    for row, label in shown.label_of.items():
        reached = {1: 0.0, -1: 0.0}
        for name, part in zip(names, parts[row].tolist(), strict=True):
            side = -1 if part < 0 else 1
            pieces.append(
                {"row": label, "part": name, "from": reached[side], "to": reached[side] + part}
                | {"points": words.numbers.signed_score(part)}
                | {"score": words.numbers.score(float(scores[row]))}
            )
            reached[side] += part
    y = row_axis(shown.labels, shown.focus)
    bars = (
        draw(pieces)
        .mark_bar(height=12, stroke=PAPER, strokeWidth=0.8)
        .encode(
            x=alt.X(
                "from:Q",
                title=_("Contribution to the score (points)"),
                scale=alt.Scale(nice=False),
                axis=alt.Axis(tickCount=6, titleAnchor="start"),
            ),
            x2="to:Q",
            y=y,
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=names, range=series_colours(len(names))),
                legend=alt.Legend(title=None, symbolType="square", columns=legend_columns(names)),
            ),
            tooltip=tooltip(
                row=_("Community"),
                part=_("Criterion"),
                points=_("Contribution (points)"),
                score=_("Score"),
            ),
        )
    )
    ends = [
        {
            "row": label,
            "to": float(np.maximum(parts[row], 0).sum()),
            "text": words.numbers.score(float(scores[row])),
            "focus": label == shown.focus,
        }
        for row, label in shown.label_of.items()
    ]
    totals = (
        draw(ends)
        .mark_text(align="left", dx=4)
        .encode(x=alt.X("to:Q"), y=y, text="text:N", color=either(ACCENT, INK))
    )
    return compose(
        "contributions",
        words,
        [bars, totals],
        title=title,
        subtitle=joined(
            _("Weight times score of each criterion; the bars add up to the score at their end."),
            shown.note,
        ),
        told=told,
        height=_ROW * len(shown.rows),
    )


def _gather(names: list[str], parts: Floats, others: str) -> tuple[list[str], Floats]:
    """Keep the largest contributions and add up the rest."""
    largest = np.argsort(-np.abs(parts).mean(axis=0), kind="stable")
    kept = sorted(largest[: _MOST_PARTS - 1].tolist())
    rest = sorted(largest[_MOST_PARTS - 1 :].tolist())
    gathered = np.column_stack([parts[:, kept], parts[:, rest].sum(axis=1)])
    return [*(names[at] for at in kept), others], gathered


def _message(material: Material, words: Words, names: list[str], parts: Floats) -> tuple[str, str]:
    _ = words.language.gettext
    ranking = material.scoring.ranking
    row = ranking.order[0] if material.focus_row is None else material.focus_row
    order = np.argsort(-parts[row], kind="stable").tolist()
    spelt = [
        _("{name} ({score})").format(
            name=names[at], score=words.numbers.score(float(parts[row][at]))
        )
        for at in order
    ]
    told = {
        "name": words.say.community(ranking.communities[row]),
        "score": words.numbers.score(float(ranking.scores[row])),
        "most": words.say.listed(spelt[:2]),
        "parts": words.say.listed(spelt[:_MOST_PARTS]),
    }
    return (
        _("Of {name}'s {score} points most come from {most}").format(**told),
        _("Contributions of the criteria to {name}'s score of {score}: {parts}.").format(**told),
    )
