"""Everybody's rank from scenario to scenario."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from icfscore.domain.tables import Ints
from icfscore.errors import InputError
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import (
    Picture,
    compose,
    draw,
    either,
    literal,
    rank_ticks,
    tooltip,
)
from icfscore.report.charts.rows import choose
from icfscore.report.charts.theme import ACCENT, INK, OTHER, PAPER
from icfscore.report.charts.words import Words, joined
from icfscore.report.escape import clean
from icfscore.sentences import say

_ROW = 16
_NAME = 16  # letters of a scenario's name, and of a community's at the ends
_EDGE = 0.46  # room for names at either end, as a share of what lies between
_CROWDED = 4
_MOST = 8


def draw_scenarios(material: Material, words: Words) -> Picture:
    """Draw a line a community through its ranks, the plain recipe first."""
    _ = words.language.gettext
    found = material.scenarios
    if found is None or len(found.names) < 2:
        raise InputError.of(say("no scenarios to compare"), say("describe some in icfscore.yaml"))
    shown = choose(material, words)
    names = [clean(name, _NAME) or _("as it is") for name in found.names[:_MOST]]
    steps = len(names)
    edge = _EDGE * (steps - 1)
    labels, focus_row = shown.label_of, material.focus_row
    lines: list[dict[str, Any]] = [
        {"who": label, "at": at, "rank": int(found.ranks[at, row]), "focus": row == focus_row}
        | {"scenario": names[at], "told": words.numbers.ordinal(int(found.ranks[at, row]))}
        for row, label in labels.items()
        for at in range(steps)
        if found.ranks[at, row]
    ]
    worst = max(line["rank"] for line in lines)
    x = alt.X(
        "at:Q",
        title=_("Scenario"),
        scale=alt.Scale(domain=[-edge, steps - 1 + edge], nice=False),
        axis=alt.Axis(
            values=list(range(steps)),
            labelExpr=_named(names),
            labelAngle=-30 if steps > _CROWDED else 0,
            labelAlign="left" if steps > _CROWDED else "center",
            labelOverlap=False,
            titleAnchor="middle",
            orient="top",
            grid=False,
        ),
    )
    y = alt.Y(
        "rank:Q",
        title=_("Rank (1 = best)"),
        scale=alt.Scale(domain=[worst + 0.5, 0.5], nice=False, zero=False),
        axis=alt.Axis(values=rank_ticks(worst), format="d"),
    )
    tips = tooltip(who=_("Community"), scenario=_("Scenario"), told=_("Rank"))
    layers = []
    for focused in (False, True):
        mine = [line for line in lines if line["focus"] is focused]
        if not mine:
            continue
        colour = ACCENT if focused else OTHER
        layers += [
            draw(mine)
            .mark_line(
                color=colour, strokeWidth=3 if focused else 1.2, opacity=1 if focused else 0.7
            )
            .encode(x=x, y=y, detail="who:N"),
            draw(mine)
            .mark_point(
                filled=True,
                color=colour,
                size=70 if focused else 26,
                opacity=1,
                stroke=PAPER,
                strokeWidth=1,
            )
            .encode(x=x, y=y, tooltip=tips),
        ]
    for right in (False, True):
        ends = _ends(found.ranks[:steps], labels, focus_row, last=right)
        layers.append(
            draw(ends)
            .mark_text(align="left" if right else "right", dx=8 if right else -8)
            .encode(x=x, y=y, text="who:N", color=either(ACCENT, INK))
        )
    title, told = _message(material, words, names)
    extra = _("Shown: the first {n} of {all} scenarios.").format(n=_MOST, all=len(found.names))
    return compose(
        "scenarios",
        words,
        layers,
        title=title,
        subtitle=joined(
            _("Rank of each community in each scenario of icfscore.yaml."),
            shown.note,
            extra if len(found.names) > _MOST else "",
        ),
        told=told,
        height=max(_ROW * worst, 120),
    )


def _ends(
    ranks: Ints, labels: dict[int, str], focus_row: int | None, *, last: bool
) -> list[dict[str, object]]:
    """Name the lines where they begin or end; equals share a place, below each other."""
    at = len(ranks) - 1 if last else 0
    placed = sorted((int(ranks[at, row]), label, row) for row, label in labels.items())
    taken: dict[int, int] = {}
    ends: list[dict[str, object]] = []
    for rank, label, row in placed:
        if rank:
            place = rank + taken.get(rank, 0)
            taken[rank] = taken.get(rank, 0) + 1
            name = clean(label, _NAME)
            ends.append({"who": name, "at": at, "rank": place, "focus": row == focus_row})
    return ends


def _named(names: list[str]) -> str:
    spelt = ", ".join(f"'{at}': {literal(name)}" for at, name in enumerate(names))
    return f"({{{spelt}}})[datum.value]"


def _message(material: Material, words: Words, names: list[str]) -> tuple[str, str]:
    _ = words.language.gettext
    found = material.scenarios
    assert found is not None  # noqa: S101 - looked at before
    order = material.scoring.ranking.order
    moved = int((np.ptp(found.ranks[:, list(order)], axis=0) > 0).sum())
    said = {
        "moved": words.numbers.count(moved),
        "n": words.numbers.count(len(order)),
        "scenarios": words.numbers.count(len(found.names) - 1),
    }
    told = _("{moved} of {n} communities change their rank in some scenario.").format(**said)
    row = material.focus_row
    if row is None:
        return told.removesuffix("."), ""
    ranks = found.ranks[:, row]
    placed = [int(rank) for rank in ranks if rank]
    said |= {
        "name": words.say.community(material.needed_focus()),
        "span": words.span(min(placed), max(placed)),
        "each": words.say.listed(
            f"{name}: {words.numbers.ordinal(int(rank) or None)}"
            for name, rank in zip(names, ranks.tolist(), strict=False)
        ),
    }
    if min(placed) == max(placed):
        title = _("{name} stands {span} in every scenario").format(**said)
    else:
        title = _("{name} stands {span}, depending on the scenario").format(**said)
    return title, f"{told} " + _("{name} by scenario: {each}.").format(**said)
