"""A sensitivity analysis as tables for the terminal, the strongest first."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.stability import WeightStability
from icfscore.report.language import find_language
from icfscore.report.ranking_table import Column, lay_out
from icfscore.report.sensitivity_record import Sensitivity
from icfscore.report.stage_names import stage_name
from icfscore.report.terminal import one_line
from icfscore.sentences import say

MOST_ROWS = 12  # of a list whose rest is in the JSON


def sensitivity_table(
    scoring: Scoring,
    found: Sensitivity,
    language: str = "en",
    *,
    piped: bool | None = None,
    width: int | None = None,
) -> str:
    """Lay out the analysis: inputs, weights, extremes, what is left out."""
    names = _names(scoring, language)
    parts = [
        _drivers(found, names),
        _stability(found, names),
        _left_out(found, names),
        _extremes(scoring, found, names),
    ]
    spoken = find_language(language)
    tables = [
        f"{spoken.said(title)}\n"
        f"{lay_out(columns, None, legend, language, piped=piped, width=width)}"
        for title, columns, legend in filter(None, parts)
        if columns[0].cells
    ]
    return "\n".join(tables)


Part = tuple[str, Sequence[Column], Sequence[str]]
_OUTPUTS = {
    "focus_rank": say("the focus's rank"),
    "focus_score": say("the focus's score"),
    "mean_rank_shift": say("the mean rank shift"),
}
_KINDS = {
    "indicator": say("indicator"),
    "criterion": say("criterion"),
    "node": say("criterion"),
    "community": say("community"),
}


def _names(scoring: Scoring, language: str) -> dict[str, str]:
    tree = scoring.project.tree
    named = [
        *((node.id, node.name) for node in tree.nodes),
        *((indicator.id, indicator.name) for indicator in tree.indicators),
        *((community.id, community.name) for community in scoring.project.communities),
    ]
    return {name: one_line(text_in(text, language)) for name, text in named}


def _drivers(found: Sensitivity, names: dict[str, str]) -> Part | None:
    drivers = found.drivers
    if drivers is None:
        return None
    indices = drivers.indices
    total = np.nan_to_num(indices.total, nan=-np.inf)
    order = np.argsort(-total, kind="stable").tolist()
    cells = [
        [_factor(drivers.factors[i], names) for i in order],
        [_share(indices.first_order[i]) for i in order],
        [_share(indices.total[i]) for i in order],
        [_span(*map(_share, indices.total_interval[i])) for i in order],
    ]
    columns = [
        Column(say("Input"), cells[0], right=False),
        Column(say("Alone"), cells[1]),
        Column(say("With others"), cells[2]),
        Column(say("95 % of resamples"), cells[3]),
    ]
    how = (
        say("all combinations were run: exact")
        if indices.exact
        else say("two samples of {n_base:,} draws", n_base=drivers.n_base)
    )
    legend = [
        say(
            "Share of the variance of {output} that goes when only this input is known, and that "
            "stays when all others are; {how}.",
            output=_OUTPUTS[found.output],
            how=how,
        )
    ]
    return say("What drives it"), columns, [*legend, *filter(None, [indices.reason])]


def _factor(name: str, names: dict[str, str]) -> str:
    kind, _, identifier = name.partition(".")
    called = names.get(identifier, identifier)
    if kind == "weights":
        return (
            say("weights of the criteria")
            if identifier == ROOT
            else say("weights below {name}", name=called)
        )
    if kind == "data":
        return say("data errors, {name}", name=called)
    if name == "missing":
        return say("missing values")
    return say("choice of {stage}", stage=stage_name(name))


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _span(low: str, high: str) -> str:
    return f"{low} – {high}"


def _stability(found: Sensitivity, names: dict[str, str]) -> Part | None:
    rows = [one for one in found.stability if one.interval is not None]
    if not rows:
        return None

    def slack(one: WeightStability) -> float:
        low, high = one.interval or (0.0, 1.0)
        below = one.weight - low if low > 0 else math.inf
        return min(below, high - one.weight if high < 1 else math.inf)

    rows = sorted(rows, key=slack)[:MOST_ROWS]
    ends = [one.interval or (0.0, 1.0) for one in rows]
    columns = [
        Column(say("Weight of"), [names.get(one.node, one.node) for one in rows], right=False),
        Column(say("Now"), [f"{one.weight:.1%}" for one in rows]),
        Column(say("Rank holds from"), [f"{low:.1%}" for low, _ in ends]),
        Column(say("to"), [f"{high:.1%}" for _, high in ends]),
    ]
    legend = [say("Share among its siblings, which keep their proportions; the least slack first.")]
    return say("How far a weight may move before the focus's rank changes"), columns, legend


def _left_out(found: Sensitivity, names: dict[str, str]) -> Part | None:
    rows = [one for one in found.left_out if one.mean_rank_shift is not None]
    if not rows:
        return None
    rows = sorted(rows, key=lambda one: -(one.mean_rank_shift or 0))[:MOST_ROWS]
    columns = [
        Column(say("Without"), [names.get(one.removed, one.removed) for one in rows], right=False),
        Column("", [_KINDS.get(one.kind, one.kind) for one in rows], right=False),
        Column(say("Focus's rank"), [str(one.rank or "–") for one in rows]),
        Column(say("Mean rank shift"), [f"{one.mean_rank_shift:.2f}" for one in rows]),
        Column(say("Reversals"), [str(len(one.reversals) or "") for one in rows]),
    ]
    legend = [say("Reversals: pairs of the others whose order flips when a community is left out.")]
    return say("What changes when something is left out"), columns, legend


def _extremes(scoring: Scoring, found: Sensitivity, names: dict[str, str]) -> Part | None:
    rows = {one.community: one for one in found.extremes if one.best is not None}
    if not rows:
        return None
    ids = [scoring.ranking.communities[row] for row in scoring.ranking.order]
    ids = [name for name in ids if name in rows]
    ranks = {name: scoring.ranking.rank_of(name) for name in ids}
    columns = [
        Column(say("Rank"), [str(ranks[name]) for name in ids]),
        Column(say("Community"), [names[name] for name in ids], right=False),
        Column(say("Best"), [str(rows[name].best) for name in ids]),
        Column(say("Worst"), [str(rows[name].worst) for name in ids]),
    ]
    legend = [say("Under any weights of the criteria, their scores held.")]
    return say("Best and worst rank that weights alone can give"), columns, legend
