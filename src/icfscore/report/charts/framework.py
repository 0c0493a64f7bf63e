"""The framework as a tree: what counts, and how much."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import numpy as np

from icfscore.domain.criteria import Criterion, Indicator
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import Picture, compose, draw, tooltip
from icfscore.report.charts.theme import GRID, INK, LIGHT, MUTED, PALE, PAPER
from icfscore.report.charts.words import Words, joined
from icfscore.report.content_field import scored_children
from icfscore.report.escape import clean
from icfscore.report.numbers import NOTHING

_ROW = 17
_MOST = 70
_NAME = 70
_BLOCK = (0.0, 0.27, 0.2, 0.15)  # width of a level's blocks, by the number of levels
_BAR, _GAP = 0.86, 0.006  # where the bars begin; between boxes
_PLOT = 464  # pixels
_LETTER, _NARROW = 6.1, 5.5  # pixels of a bold and of a plain one


def draw_framework(material: Material, words: Words) -> Picture:
    """Draw nodes as blocks beside their parts, indicators with their weight in the whole.

    Of a large framework only the criteria; of a long list the first.
    """
    _ = words.language.gettext
    tree = material.scoring.project.tree
    whole = len(tree.indicators) <= _MOST
    deepest = max(tree.depth_by_id[node.id] for node in tree.nodes) if whole else 0
    blocks: list[dict[str, Any]] = []
    leaves: list[dict[str, Any]] = []
    _place(tree.root, 0.0, 1.0, deepest, blocks, leaves, words)
    n_leaves = len(leaves)
    leaves = leaves[:_MOST]
    _measure(blocks, leaves, deepest)
    notes = [
        _("Grey letters: not scored.") if any(not leaf["weight"] for leaf in leaves) else "",
        _("Indicators are left out: there are {n}.").format(
            n=words.numbers.count(len(tree.indicators))
        )
        if not whole and tree.root.criteria
        else "",
        _("Shown: the first {n} of {all}.").format(
            n=words.numbers.count(len(leaves)), all=words.numbers.count(n_leaves)
        )
        if n_leaves > len(leaves)
        else "",
    ]
    title, told = _message(material, words)
    return compose(
        "framework",
        words,
        _layers(blocks, leaves, tooltip(name=_("Part"), told=_("Weight"))),
        title=title,
        subtitle=joined(
            _("Beside each criterion its parts; at the right: weight in the whole index.")
            if tree.root.criteria
            else _("At the right: weight in the whole index."),
            *notes,
        ),
        told=told,
        height=_ROW * len(leaves),
    )


def _place(
    node: Criterion,
    y: float,
    share: float,
    deepest: int,
    blocks: list[dict[str, Any]],
    leaves: list[dict[str, Any]],
    words: Words,
) -> float:
    """Lay out a node's children from y downwards; give where they end."""
    scoring = words.scoring
    for child in node.children:
        weight = share * scoring.weights[child.id]
        name = words.say.node(child.id)
        if isinstance(child, Indicator):
            name = words.long_name(child.id, _NAME)
        told = words.numbers.percentage(weight) if weight > 0 else NOTHING
        named = {"name": name, "weight": weight, "told": told, "y": y}
        level = scoring.project.tree.depth_by_id[child.id]
        if isinstance(child, Indicator) or level > deepest:
            leaves.append(named | {"y2": y + _ROW, "ink": INK if weight > 0 else MUTED})
            y += _ROW
            continue
        end = _place(child, y, weight, deepest, blocks, leaves, words)
        blocks.append(named | {"y2": end, "depth": level})
        y = end
    return y


def _measure(blocks: list[dict[str, Any]], leaves: list[dict[str, Any]], deepest: int) -> None:
    """Give blocks and leaves their places from left to right, and texts that fit."""
    width = _BLOCK[deepest] if deepest < len(_BLOCK) else 0.5 / deepest
    for block in blocks:
        left = width * (block["depth"] - 1)
        letters = max(int(_PLOT * width / _LETTER) - 1, 3)
        block |= {"x": left, "x2": left + width - _GAP, "at": left + 0.01}
        block |= {"text": clean(block["name"], letters)}
        block |= {"middle": (block["y"] + block["y2"]) / 2}
    start = width * deepest
    top = max((leaf["weight"] for leaf in leaves), default=0.0) or 1.0
    for leaf in leaves:
        letters = int(_PLOT * (_BAR - start) / _NARROW) - 1
        leaf |= {"x": start, "x2": _BAR - _GAP, "at": start + 0.01}
        leaf |= {"text": clean(leaf["name"], letters)}
        leaf |= {"end": _BAR + (1 - _BAR) * leaf["weight"] / top}
        leaf |= {"middle": (leaf["y"] + leaf["y2"]) / 2}


def _layers(
    blocks: list[dict[str, Any]], leaves: list[dict[str, Any]], tips: list[alt.Tooltip]
) -> list[alt.Chart]:
    """Draw the boxes, then the letters on them; layers without anything are left out."""
    height = _ROW * len(leaves)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], range=[0, height], nice=False), axis=None)
    scored = [leaf for leaf in leaves if leaf["weight"] > 0]
    bars = [
        leaf | {"x": _BAR, "x2": leaf["end"], "y": leaf["y"] + 2, "y2": leaf["y2"] - 2}
        for leaf in scored
    ]
    layers = []
    for boxes, colour in ((blocks, PALE), (scored, GRID), (bars, LIGHT)):
        layers.append(
            draw(boxes)
            .mark_rect(color=colour, stroke=PAPER, strokeWidth=1)
            .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", tooltip=tips)
        )
    names = [leaf | {"x": leaf["at"], "y": leaf["middle"]} for leaf in leaves]
    weights = [
        leaf | {"x": _BAR + _GAP, "y": leaf["middle"], "text": leaf["told"], "ink": INK}
        for leaf in leaves
    ]
    lines: list[tuple[list[dict[str, Any]], Literal["bold", "normal"]]] = [
        (_titles(blocks), "bold"),
        (_weights(blocks), "normal"),
        (names, "normal"),
        (weights, "normal"),
    ]
    for texts, thickness in lines:
        layers.append(
            draw(texts)
            .mark_text(align="left", baseline="middle", fontWeight=thickness)
            .encode(x=x, y=y, text="text:N", color=alt.Color("ink:N", scale=None))
        )
    return [layer for layer in layers if layer.data.values]


def _titles(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write names in the middle of blocks, higher where the weight stands below."""
    return [
        block | {"x": block["at"], "y": block["middle"] - (7 if _is_tall(block) else 0), "ink": INK}
        for block in blocks
    ]


def _weights(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write weights below the names, where there is room."""
    return [
        block | {"x": block["at"], "y": block["middle"] + 8, "text": block["told"], "ink": INK}
        for block in blocks
        if _is_tall(block)
    ]


def _is_tall(block: dict[str, Any]) -> bool:
    return bool(block["y2"] - block["y"] >= 2 * _ROW)


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
