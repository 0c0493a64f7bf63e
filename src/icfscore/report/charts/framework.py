"""The framework as a tree: what counts, and how much."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from icfscore.domain.criteria import Criterion, Indicator
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import Picture, compose, draw, tooltip
from icfscore.report.charts.theme import GRID, INK, LIGHT, MUTED, PALE, PAPER
from icfscore.report.charts.words import Words, joined
from icfscore.report.content_field import scored_children
from icfscore.report.escape import clean

_ROW = 17
_MOST = 70
_NAME = 70
_BLOCK = (0.0, 0.27, 0.2, 0.15)  # width of a level's blocks, by the number of levels
_BAR = 0.86  # where the bars begin
_LETTER, _NARROW = 6.1, 5.5  # pixels of a bold and of a plain one


def draw_framework(material: Material, words: Words) -> Picture:
    """Draw nodes as blocks beside their parts, indicators with their weight in the whole."""
    _ = words.language.gettext
    scoring = material.scoring
    tree = scoring.project.tree
    blocks: list[dict[str, Any]] = []
    leaves: list[dict[str, Any]] = []
    whole = len(tree.indicators) <= _MOST
    depth = max((tree.depth_by_id[node.id] for node in tree.nodes), default=0) if whole else 1
    _place(tree.root, 0, 1.0, depth, blocks, leaves, words, whole)
    width = _BLOCK[depth] if depth < len(_BLOCK) else 0.5 / depth
    top = max((leaf["weight"] for leaf in leaves), default=1.0) or 1.0
    for block in blocks:
        block |= {"x": width * (block["depth"] - 1), "x2": width * block["depth"] - 0.006}
        block["text"] = clean(block["name"], max(int(464 * width / _LETTER) - 1, 3))
        block["at"] = block["x"] + 0.01
        block["middle"] = (block["y"] + block["y2"]) / 2
    start = width * depth
    for leaf in leaves:
        leaf |= {"x": start, "x2": _BAR - 0.006, "at": start + 0.01, "bar": _BAR}
        leaf["text"] = clean(leaf["name"], int(464 * (_BAR - start) / _NARROW) - 1)
        leaf["end"] = _BAR + (1 - _BAR) * leaf["weight"] / top
        leaf["middle"] = (leaf["y"] + leaf["y2"]) / 2
    height = _ROW * max(len(leaves), 1)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], range=[0, height], nice=False), axis=None)
    tips = tooltip(name=_("Part"), told=_("Weight"))
    layers = [
        _boxes(blocks, x, y, tips, PALE),
        draw(_labels(blocks))
        .mark_text(align="left", fontWeight="bold")
        .encode(x=x, y=y, text="text:N"),
        draw([one for one in _labels(blocks, line=1) if one["tall"]])
        .mark_text(align="left", color=INK)
        .encode(x=x, y=y, text="text:N"),
        _boxes([leaf for leaf in leaves if leaf["weight"] > 0], x, y, tips, GRID),
        draw([leaf | {"x": leaf["at"], "y": leaf["middle"]} for leaf in leaves])
        .mark_text(align="left", baseline="middle")
        .encode(x=x, y=y, text="text:N", color=alt.Color("ink:N", scale=None)),
        draw(
            [
                leaf
                | {"x": leaf["bar"], "x2": leaf["end"], "y": leaf["y"] + 2, "y2": leaf["y2"] - 2}
                for leaf in leaves
                if leaf["weight"] > 0
            ]
        )
        .mark_rect(color=LIGHT)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", tooltip=tips),
        draw(
            [
                leaf | {"x": leaf["bar"] + 0.006, "y": leaf["middle"], "text": leaf["told"]}
                for leaf in leaves
            ]
        )
        .mark_text(align="left", baseline="middle", color=INK)
        .encode(x=x, y=y, text="text:N"),
    ]
    title, told = _message(material, words)
    return compose(
        "framework",
        words,
        [layer for layer in layers if layer.data.values],
        title=title,
        subtitle=joined(
            _("Beside each criterion its parts; at the right: weight in the whole index."),
            _("Grey letters: not scored.") if any(leaf["weight"] == 0 for leaf in leaves) else "",
            ""
            if whole
            else _("Indicators are left out: there are {n}.").format(
                n=words.numbers.count(len(tree.indicators))
            ),
        ),
        told=told,
        height=height,
    )


def _boxes(
    rows: list[dict[str, Any]], x: alt.X, y: alt.Y, tips: list[alt.Tooltip], colour: str
) -> alt.Chart:
    chart: alt.Chart = (
        draw(rows)
        .mark_rect(color=colour, stroke=PAPER, strokeWidth=1)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", tooltip=tips)
    )
    return chart


def _labels(blocks: list[dict[str, Any]], line: int = 0) -> list[dict[str, Any]]:
    """Write a block's name in its middle, its weight on the line below where there is room."""
    labels = []
    for block in blocks:
        tall = block["y2"] - block["y"] >= 2 * _ROW
        shift = (-7 if line == 0 else 8) if tall else 0
        text = block["text"] if line == 0 else block["told"]
        labels.append(
            block | {"x": block["at"], "y": block["middle"] + shift, "text": text, "tall": tall}
        )
    return labels


def _place(
    node: Criterion,
    y: float,
    share: float,
    depth: int,
    blocks: list[dict[str, Any]],
    leaves: list[dict[str, Any]],
    words: Words,
    whole: bool,
) -> float:
    """Lay out a node's children from y downwards; give where they end."""
    scoring = words.scoring
    for child in node.children:
        weight = share * scoring.weights[child.id]
        name = words.say.node(child.id)
        if isinstance(child, Indicator):
            name = words.long_name(child.id, _NAME)
        named = {"name": name, "weight": weight, "told": _told(words, weight)}
        level = scoring.project.tree.depth_by_id[child.id]
        if isinstance(child, Indicator) or not (whole or level < depth):
            ink = INK if weight > 0 else MUTED
            leaves.append(named | {"y": y, "y2": y + _ROW, "ink": ink})
            y += _ROW
            continue
        end = _place(child, y, weight, depth, blocks, leaves, words, whole)
        blocks.append(named | {"y": y, "y2": end, "depth": level})
        y = end
    return y


def _told(words: Words, weight: float) -> str:
    return words.numbers.percentage(weight) if weight > 0 else "–"


def _message(material: Material, words: Words) -> tuple[str, str]:
    _ = words.language.gettext
    scoring = material.scoring
    children = scored_children(scoring)
    shares = np.array([scoring.weights[child] for child in children])
    said = {
        "criteria": words.numbers.count(len(children)),
        "n": words.numbers.count(int(scoring.screened.scored.sum())),
        "name": words.say.text(scoring.project.tree.root.name, 44),
        "each": words.numbers.percentage(float(shares.max())),
        "parts": words.say.listed(
            f"{words.say.node(child)} ({words.numbers.percentage(scoring.weights[child])})"
            for child in children
        ),
    }
    ngettext = words.language.ngettext
    n = int(scoring.screened.scored.sum())
    indicators = ngettext("{n} indicator", "{n} indicators", n).format(**said)
    said["indicators"] = indicators
    if not scoring.project.tree.root.criteria:
        title = indicators
    elif len(children) > 1 and np.allclose(shares, shares[0]):
        title = _("{criteria} criteria that count {each} each, on {indicators}").format(**said)
    else:
        title = ngettext(
            "{criteria} criterion, on {indicators}",
            "{criteria} criteria, on {indicators}",
            len(children),
        ).format(**said)
    return title, _("{name}, with weights: {parts}.").format(**said)
