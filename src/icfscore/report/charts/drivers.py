"""Which uncertain inputs drive the focus's rank: Sobol' indices."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.errors import InputError
from icfscore.report.charts.material import Material
from icfscore.report.charts.picture import Picture, compose, draw, row_axis, tooltip
from icfscore.report.charts.theme import DARK, INK, PALE, legend_columns
from icfscore.report.charts.words import Words, joined
from icfscore.sentences import say

_ROW = 24
_MOST = 14


def draw_drivers(material: Material, words: Words) -> Picture:
    """Draw each input's share of the variance of the rank, alone and together with the others."""
    _ = words.language.gettext
    focus = material.needed_focus()
    drivers = material.drivers
    if drivers is None:
        raise InputError.of(say("this chart needs draws"), say("give --draws a number above 0"))
    indices = drivers.indices
    if np.isnan(indices.total).all():
        reason = indices.reason or say("the rank never changes")
        raise InputError.of(say("no input has a share: {reason}", reason=reason))
    order = np.argsort(-np.nan_to_num(indices.total, nan=-np.inf), kind="stable").tolist()
    kept = order[:_MOST]
    names = words.labels(
        [drivers.factors[at] for at in kept], lambda factor: _capital(_factor(words, factor))
    )
    kinds = [_("Alone"), _("Together with others")]
    bars: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for name, at in zip(names, kept, strict=True):
        for kind, values, intervals in (
            (kinds[1], indices.total, indices.total_interval),
            (kinds[0], indices.first_order, indices.first_order_interval),
        ):
            value = float(np.nan_to_num(values[at]))
            low, high = (float(np.nan_to_num(end)) for end in intervals[at])
            told = {
                "row": name,
                "kind": kind,
                "told": words.numbers.percentage(value),
                "interval": f"{words.numbers.percentage(low)} – {words.numbers.percentage(high)}",
            }
            bars.append(told | {"from": 0.0, "to": 100 * max(value, 0.0)})
            lines.append(told | {"low": 100 * max(low, 0.0), "high": 100 * max(high, 0.0)})
    y = row_axis(names, None, limit=180)
    group = alt.YOffset("kind:N", scale=alt.Scale(domain=kinds, paddingInner=0.1, paddingOuter=0.2))
    tips = tooltip(
        row=_("Input"), kind=_("How"), told=_("Share of the variance"), interval=_("Resamples")
    )
    shares = (
        draw(bars)
        .mark_bar()
        .encode(
            x=alt.X(
                "from:Q",
                title=_("Share of the variance of the rank (%)"),
                axis=alt.Axis(tickCount=6, titleAnchor="start"),
            ),
            x2="to:Q",
            y=y,
            yOffset=group,
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=[DARK, PALE]),
                legend=alt.Legend(
                    title=None, symbolType="square", labelLimit=240, columns=legend_columns(kinds)
                ),
            ),
            tooltip=tips,
        )
    )
    spans = (
        draw([line for line in lines if line["high"] > line["low"]])
        .mark_rule(color=INK, strokeWidth=1)
        .encode(x=alt.X("low:Q"), x2="high:Q", y=y, yOffset=group)
    )
    layers = [shares] if indices.exact else [shares, spans]
    how = (
        _("All combinations of methods were run: exact.")
        if indices.exact
        else _("Line: 95 % of the resamples.")
    )
    first = order[0]
    named = {
        "name": words.say.community(focus),
        "input": _factor(words, drivers.factors[first]),
        "total": words.numbers.percentage(float(indices.total[first])),
        "alone": words.numbers.percentage(float(np.nan_to_num(indices.first_order[first]))),
    }
    note = _("Shown: the first {n} of {all}.").format(n=len(kept), all=len(order))
    settings = material.scoring.settings.uncertainty
    return compose(
        "drivers",
        words,
        layers,
        title=_("What drives {name}'s rank most: {input}").format(**named),
        subtitle=joined(
            _(
                "Part of the rank's variance that goes when the input alone is known, and that"
                " stays when all the others are."
            ),
            how,
            note if len(order) > len(kept) else "",
        ),
        told=_("{input}: {alone} of the variance alone, {total} together with others.").format(
            **named
        ),
        height=_ROW * len(kept),
        source=[words.drawn(drivers.n_base, settings.seed)] if drivers.n_base else [],
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _factor(words: Words, factor: str) -> str:
    """Name a factor of the draws."""
    _ = words.language.gettext
    kind, _dot, identifier = factor.partition(".")
    if kind == "weights" and identifier == ROOT:
        nested = words.scoring.project.tree.root.criteria
        return _("weights of the criteria") if nested else _("weights of the indicators")
    if kind == "weights":
        return _("weights within {name}").format(name=words.say.node(identifier))
    if kind == "data":
        return _("errors in the data on {name}").format(name=words.say.node(identifier))
    stages = {
        "missing": _("missing values"),
        "imputation": _("choice of imputation"),
        "outliers": _("choice of outlier treatment"),
        "normalisation": _("choice of normalisation"),
        "weighting": _("choice of weighting"),
        "aggregation": _("choice of aggregation"),
    }
    return stages.get(factor, factor)
