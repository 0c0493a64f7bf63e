"""All values of every indicator on a strip, the focus's marked, and the target if there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from icfscore.domain.criteria import Indicator
from icfscore.domain.tables import Floats
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import Picture, compose, draw, tooltip
from icfscore.report.charts.theme import ACCENT, GRID, INK, MUTED, OTHER, PAPER
from icfscore.report.charts.words import Words, joined
from icfscore.report.content_standing import band_of, percentile_of

_STRIP, _HEADING = 33, 22
_EDGE = 0.2  # of the strip's length, for the values at either end
_MOST = 60
_LETTERS = 82  # of a name, its unit and what is said of it


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """One indicator's values, placed from worst (0) to best (1)."""

    indicator: Indicator
    values: Floats
    worst: float
    best: float

    def place(self, value: float) -> float:
        span = self.best - self.worst
        return (value - self.worst) / span if span else 0.5


def draw_indicators(material: Material, words: Words) -> Picture:
    """Draw a strip for every indicator that is scored: worst at the left, best at the right."""
    _ = words.language.gettext
    scoring, row = material.scoring, material.focus_row
    strips = [strip for strip in _strips(material) if strip is not None]
    kept = strips[:_MOST]
    parts: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("heading", "name", "line", "end", "dot", "target", "own", "proxy")
    }
    y = 0.0
    headed = ""
    for strip in kept:
        node = scoring.project.tree.parent_by_id[strip.indicator.id]
        if node != headed and len({*map(_node_of(scoring), kept)}) > 1:
            y += _HEADING
            parts["heading"].append({"y": y - 6, "text": words.say.node(node)})
            headed = node
        y += _STRIP
        _fill(parts, strip, y - 9, words, row)
    height = y + 4
    scale_x = alt.Scale(domain=[-_EDGE, 1 + _EDGE], nice=False, zero=False)
    scale_y = alt.Scale(domain=[0, height], range=[0, height], nice=False)
    x = alt.X("x:Q", scale=scale_x, axis=None)
    up = alt.Y("y:Q", scale=scale_y, axis=None)
    tips = tooltip(who=_("Community"), what=_("Indicator"), value=_("Value"))
    left = alt.X(datum=-_EDGE, scale=scale_x, axis=None)
    layers = [
        draw(parts["line"]).mark_rule(color=GRID, strokeWidth=3).encode(x=x, x2="x2:Q", y=up),
        draw(parts["heading"])
        .mark_text(align="left", fontWeight="bold", fontSize=12)
        .encode(x=left, y=up, text="text:N"),
        draw(parts["name"]).mark_text(align="left").encode(x=left, y=up, text="text:N"),
        *(
            draw([end for end in parts["end"] if end["right"] is right])
            .mark_text(align="left" if right else "right", dx=9 if right else -9, color=MUTED)
            .encode(x=x, y=up, text="text:N")
            for right in (False, True)
        ),
        draw(parts["dot"])
        .mark_point(color=OTHER, size=30, filled=True, opacity=0.6)
        .encode(x=x, y=up, tooltip=tips),
        draw(parts["target"])
        .mark_tick(color=INK, thickness=2, height=17, opacity=1, orient="vertical")
        .encode(x=x, y=up, tooltip=tips),
        draw(parts["own"])
        .mark_point(color=ACCENT, size=80, stroke=PAPER, strokeWidth=1, filled=True, opacity=1)
        .encode(x=x, y=up, tooltip=tips),
        draw(parts["proxy"])
        .mark_point(fill=PAPER, stroke=ACCENT, size=62, strokeWidth=2, filled=True, opacity=1)
        .encode(x=x, y=up, tooltip=tips),
    ]
    title, told = _message(material, words, strips)
    return compose(
        "indicators",
        words,
        [layer for layer in layers if layer.data.values],
        title=title,
        subtitle=_key(material, words, bool(parts["target"]), len(kept), len(strips)),
        told=told,
        height=height,
    )


def _node_of(scoring: Any) -> Any:
    return lambda strip: scoring.project.tree.parent_by_id[strip.indicator.id]


def _strips(material: Material) -> Iterator[_Strip | None]:
    """List the scored indicators that have values, in the framework's order."""
    kept = material.scoring.screened.observed
    by_id = {indicator.id: indicator for indicator in material.scoring.project.tree.indicators}
    for column, name in enumerate(kept.indicators):
        values = kept.values[:, column]
        if not material.scoring.screened.scored[column] or np.isnan(values).all():
            continue
        indicator = by_id[name]
        marks = [*values[~np.isnan(values)].tolist()]
        marks += [] if indicator.target is None else [indicator.target]
        ends = (min(marks), max(marks))
        worst, best = ends if indicator.sign > 0 else ends[::-1]
        yield _Strip(indicator, values, worst, best)


def _fill(
    parts: dict[str, list[dict[str, Any]]], strip: _Strip, y: float, words: Words, row: int | None
) -> None:
    """Add one strip's marks."""
    _ = words.language.gettext
    say, indicator = words.say, strip.indicator
    unit = say.unit(indicator)
    name = say.node(indicator.id)
    absent = row is not None and np.isnan(strip.values[row])
    letters = _LETTERS - (len(_("{indicator}: no value")) - len("{indicator}") if absent else 0)
    title = words.long_name(indicator.id, letters)
    if unit and unit not in title:
        title = f"{words.long_name(indicator.id, letters - len(unit))} ({unit})"
    if absent:
        title = _("{indicator}: no value").format(indicator=title)
    parts["name"].append({"y": y - 14, "text": title})
    parts["line"].append({"y": y, "x": 0.0, "x2": 1.0})
    ends = [(0.0, strip.worst), (1.0, strip.best)] if strip.worst != strip.best else []
    parts["end"] += [
        {"y": y, "x": at, "text": say.bare(value, indicator), "right": at == 1.0}
        for at, value in ends
    ]
    kept = words.scoring.screened.observed
    proxy = kept.proxy[:, kept.indicators.index(indicator.id)]
    for other, value in enumerate(strip.values.tolist()):
        if np.isnan(value):
            continue
        who = words.scoring.ranking.communities[other]
        mark = {"y": y, "x": strip.place(value), "who": say.community(who)}
        mark |= {"what": name, "value": say.amount(value, indicator)}
        kind = "dot" if other != row else "proxy" if proxy[other] else "own"
        parts[kind].append(mark)
    if indicator.target is not None:
        mark = {"y": y, "x": strip.place(indicator.target), "who": _("Target")}
        parts["target"].append(
            mark | {"what": name, "value": say.amount(indicator.target, indicator)}
        )


def _key(material: Material, words: Words, targets: bool, n: int, of: int) -> str:
    _ = words.language.gettext
    sentences = [_("Left: worst value; right: best; each dot a community.")]
    if material.focus is not None:
        sentences.append(
            _("Orange: {name}; hollow: a proxy, the value of its region or country.").format(
                name=words.say.community(material.focus)
            )
        )
    if targets:
        sentences.append(_("Black stroke: target."))
    if of > n:
        sentences.append(
            _("Shown: the first {n} of {all}.").format(
                n=words.numbers.count(n), all=words.numbers.count(of)
            )
        )
    return joined(*sentences)


def _message(material: Material, words: Words, strips: list[_Strip]) -> tuple[str, str]:
    _ = words.language.gettext
    row = material.focus_row
    count = words.numbers.count
    if row is None:
        met = _("{n} indicators of {m} communities").format(
            n=count(len(strips)), m=count(len(material.scoring.ranking.communities))
        )
        return met, _("Every value between the worst and the best of its indicator.")
    percentiles = {
        strip.indicator.id: percentile_of(strip.indicator.sign * strip.values, row)
        for strip in strips
    }
    bands = {
        band: [name for name, share in percentiles.items() if band_of(share) == band]
        for band in ("upper", "lower")
    }
    said = {
        "name": words.say.community(material.needed_focus()),
        "upper": count(len(bands["upper"])),
        "lower": count(len(bands["lower"])),
        "n": count(len(strips)),
    }
    title = words.language.ngettext(
        "Of {n} indicator {name} is in the upper third on {upper}, in the lower on {lower}",
        "Of {n} indicators {name} is in the upper third on {upper}, in the lower on {lower}",
        len(strips),
    ).format(**said)
    told = _("Upper third of the field: {names}.").format(
        names=words.say.nodes(bands["upper"]) or "–"
    )
    return title, told
