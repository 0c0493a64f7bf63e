"""Everybody's rank from scenario to scenario."""

from __future__ import annotations

from collections import Counter
from typing import Any

import altair as alt
import numpy as np

from icfscore.domain.tables import Ints
from icfscore.errors import InputError
from icfscore.report.charts.material import Material, ScenarioRanks
from icfscore.report.charts.picture import (
    Picture,
    compose,
    draw,
    either,
    literal,
    rank_ticks,
    tooltip,
)
from icfscore.report.charts.rows import Shown, choose
from icfscore.report.charts.theme import ACCENT, INK, OTHER, PAPER
from icfscore.report.charts.words import Words, joined, label
from icfscore.sentences import say

_ROW = 16
_NAME = 16  # letters of a community's name at the ends
_TITLE, _LONGEST = 24, 36  # letters of a scenario's name above the last step, and at the most
_STEP = 6  # letters that each step from the end makes room for
_EDGE = 0.46  # room for names at either end, as a share of what lies between
_CROWDED = 4
_MOST = 8


def draw_scenarios(material: Material, words: Words) -> Picture:
    """Draw a line a community through its ranks, the plain recipe first.

    Of many scenarios those that move the focus, or else everybody, the furthest.
    """
    _ = words.language.gettext
    found = material.scenarios
    if found is None or len(found.names) < 2:
        raise InputError.of(say("no scenarios to compare"), say("describe some in icfscore.yaml"))
    shown = choose(material, words)
    kept = _telling(found.ranks, material)
    titles = _titles(found, words)
    room = range(_TITLE + _STEP * (len(kept) - 1), _TITLE - 1, -_STEP)
    names = [
        label(titles[at], min(letters, _LONGEST)) for at, letters in zip(kept, room, strict=True)
    ]
    stops = _stops(found.ranks[kept], material, shown, words, names)
    lowest = max(*(int(stop["place"]) for stop in stops), len(shown.rows))  # names of equals too
    y = alt.Y(
        "place:Q",
        title=_("Rank (1 = best)"),
        scale=alt.Scale(domain=[lowest + 0.5, 0.5], nice=False, zero=False),
        axis=None if shown.note else alt.Axis(values=rank_ticks(lowest), format="d"),
    )
    layers = [
        *_lines(stops, _steps_axis(names, _("Scenario")), y, words),
        *_ends(stops, len(names), y),
    ]
    title, told = _message(material, words, titles)
    extra = _("Shown: the {n} of {all} that move most.").format(
        n=words.numbers.count(len(kept) - 1), all=words.numbers.count(len(found.names) - 1)
    )
    ranked = (found.ranks[kept] > 0).sum(axis=1)
    return compose(
        "scenarios",
        words,
        layers,
        title=title,
        subtitle=joined(
            _("Rank of each community in each scenario of icfscore.yaml."),
            _("Where fewer communities have a rank, it counts among these.")
            if len(set(ranked.tolist())) > 1
            else "",
            shown.note,
            _("Numbers: ranks; heights: order among those shown.") if shown.note else "",
            extra if len(kept) < len(found.names) else "",
        ),
        told=told,
        height=max(_ROW * lowest, 120),
    )


def _telling(ranks: Ints, material: Material) -> list[int]:
    """Choose the scenarios to show, in the order of the file: the message must be among them."""
    shift = np.where((ranks > 0) & (ranks[0] > 0), np.abs(ranks - ranks[0]), 0)
    own = np.zeros(len(ranks)) if material.focus_row is None else shift[:, material.focus_row]
    furthest = np.lexsort((-shift.mean(axis=1), -own))
    return sorted([0, *[at for at in furthest.tolist() if at][: _MOST - 1]])


def _titles(found: ScenarioRanks, words: Words) -> list[str]:
    """Name the scenarios, each differently."""
    _ = words.language.gettext
    plain = _("as it is")
    named = {name: words.say.text(found.titles.get(name, "")) or name for name in found.names}
    return words.labels(found.names, lambda name: named[name] or plain)


def _stops(
    ranks: Ints, material: Material, shown: Shown, words: Words, names: list[str]
) -> list[dict[str, Any]]:
    """List where each line is at each step: its rank, and its place from the top.

    The place is the rank where everybody is shown, else the place among those shown.
    """
    stops = []
    for at, (scenario, row_ranks) in enumerate(zip(names, ranks.tolist(), strict=True)):
        ranked = sorted(
            (row_ranks[row], i, row) for i, row in enumerate(shown.rows) if row_ranks[row]
        )
        for place, (rank, _, row) in enumerate(ranked, start=1):
            name = shown.label_of[row]
            stops.append(
                {"who": name, "at": at, "rank": rank, "place": place if shown.note else rank}
                | {"scenario": scenario, "told": words.numbers.ordinal(rank)}
                | {"focus": row == material.focus_row, "numbered": bool(shown.note)}
            )
    return stops


def _steps_axis(names: list[str], title: str) -> alt.X:
    steps = len(names)
    edge = _EDGE * (steps - 1)
    return alt.X(
        "at:Q",
        title=title,
        scale=alt.Scale(domain=[-edge, steps - 1 + edge], nice=False),
        axis=alt.Axis(
            values=list(range(steps)),
            labelExpr=_named(names),
            labelAngle=-30 if steps > _CROWDED else 0,
            labelAlign="left" if steps > _CROWDED else "center",
            labelOverlap=False,
            labelLimit=0,
            titleAnchor="middle",
            orient="top",
            grid=False,
        ),
    )


def _lines(stops: list[dict[str, Any]], x: alt.X, y: alt.Y, words: Words) -> list[alt.Chart]:
    """Draw the others' lines, then the focus's above them."""
    _ = words.language.gettext
    tips = tooltip(who=_("Community"), scenario=_("Scenario"), told=_("Rank"))
    layers = []
    for focused in (False, True):
        mine = [stop for stop in stops if stop["focus"] is focused]
        if not mine:
            continue
        colour, thick, size = (ACCENT, 3.0, 70) if focused else (OTHER, 1.2, 26)
        layers += [
            draw(mine)
            .mark_line(color=colour, strokeWidth=thick, opacity=1 if focused else 0.7)
            .encode(x=x, y=y, detail="who:N"),
            draw(mine)
            .mark_point(
                filled=True, color=colour, size=size, opacity=1, stroke=PAPER, strokeWidth=1
            )
            .encode(x=x, y=y, tooltip=tips),
        ]
    return layers


def _ends(stops: list[dict[str, Any]], steps: int, y: alt.Y) -> list[alt.Chart]:
    """Name the lines where they begin and where they end; equals stand below each other."""
    layers = []
    for last in (False, True):
        taken: Counter[int] = Counter()
        ends = []
        for stop in stops:
            if stop["at"] != (steps - 1 if last else 0):
                continue
            name = label(stop["who"], _NAME)
            shown = f"{stop['told']} {name}" if stop["numbered"] else name
            ends.append(stop | {"who": shown, "place": stop["place"] + taken[stop["place"]]})
            taken[stop["place"]] += 1
        layers.append(
            draw(ends)
            .mark_text(align="left" if last else "right", dx=8 if last else -8)
            .encode(x=alt.X("at:Q"), y=y, text="who:N", color=either(ACCENT, INK))
        )
    return layers


def _named(names: list[str]) -> str:
    spelt = ", ".join(f"'{at}': {literal(name)}" for at, name in enumerate(names))
    return f"({{{spelt}}})[datum.value]"


def _message(material: Material, words: Words, names: list[str]) -> tuple[str, str]:
    _ = words.language.gettext
    found = material.scenarios
    assert found is not None  # noqa: S101 - looked at before
    order = list(material.scoring.ranking.order)
    ranked = np.where(found.ranks > 0, found.ranks, np.nan)[:, order]
    reach = np.nanmax(ranked, axis=0) - np.nanmin(ranked, axis=0)
    moved, furthest = int((reach > 0).sum()), int(reach.argmax())
    said = {
        "moved": words.numbers.count(moved),
        "n": words.numbers.count(len(order)),
        "mover": words.say.community(material.scoring.ranking.communities[order[furthest]]),
        "reach": words.span(
            int(np.nanmin(ranked[:, furthest])), int(np.nanmax(ranked[:, furthest]))
        ),
    }
    title = _("{moved} of {n} communities change their rank from scenario to scenario")
    told = _("Furthest moves {mover}: {reach}.") if moved else _("No scenario changes a rank.")
    title, told = title.format(**said), told.format(**said)
    row = material.focus_row
    if row is None:
        return title, told
    ranks = found.ranks[:, row]
    placed = [int(rank) for rank in ranks if rank]
    sizes = (found.ranks > 0).sum(axis=1).tolist()
    said |= {
        "name": words.say.community(material.needed_focus()),
        "span": words.span(min(placed), max(placed)),
        "each": "; ".join(
            _("{scenario}: {rank} of {n}").format(
                scenario=name, rank=words.numbers.ordinal(rank or None), n=words.numbers.count(size)
            )
            for name, rank, size in zip(names, ranks.tolist(), sizes, strict=True)
        ),
    }
    if min(placed) == max(placed):
        title = _("{name} stands {span} in every scenario").format(**said)
    else:
        title = _("{name} stands {span}, depending on the scenario").format(**said)
    return title, f"{told} " + _("{name} by scenario: {each}.").format(**said)
