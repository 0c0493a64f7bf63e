"""One-at-a-time swings of the focus, for a tornado chart: what moves its score and rank, how far.

Decisions. A weight is halved and doubled as given, its siblings' weights staying, so that its share
t becomes t/2 : (1 - t) and 2t : (1 - t). A value moves to both ends of its error distribution, all
scales being taken anew; values of other years that a scale may be taken over stay. An alternative
method replaces its stage alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.leave_out import rank_values
from icfscore.pipeline.score import Scoring, columns_of, score
from icfscore.pipeline.stability import ShareSweep, share_sweeps
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class SwingEnd:
    """Where one change of the input takes the focus.

    Attributes
    ----------
    setting
        The share, the value in the indicator's unit (after its denominator), or the method.
    score, rank
        The focus's; None where they are not defined.
    reason
        Why they are not; empty where they are.
    """

    setting: float | Mapping[str, Any]
    score: float | None
    rank: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Swing:
    """What one input does by itself.

    Attributes
    ----------
    kind
        Of what kind the input is.
    name
        Id of the node or indicator, or the stage.
    ends
        Half and double the weight; the low and the high value; or each alternative method.
    """

    kind: Literal["weight", "value", "method"]
    name: str
    ends: tuple[SwingEnd, ...]


def find_swings(
    scoring: Scoring, focus: str, values: tuple[Floats, Floats] | None = None
) -> tuple[Swing, ...]:
    """Swing every weight of a criterion, value of the focus and method, one at a time.

    Parameters
    ----------
    focus
        Id of a community.
    values
        (k,) low and (k,) high values of the focus, natural orientation, by the columns that
        screening kept; NaN: not to be swung. None: swing no values.

    Returns
    -------
    Weights and values in the framework's order, then methods by stage; empty where the focus has
    no rank. Weights of nodes at any depth, and of the index's own children; not of only children.
    """
    communities = scoring.ranking.communities
    if focus not in communities or scoring.ranking.rank_of(focus) is None:
        return ()
    row = communities.index(focus)
    return (
        *_weight_swings(scoring, row),
        *(() if values is None else _value_swings(scoring, row, *values)),
        *_method_swings(scoring, focus),
    )


def _weight_swings(scoring: Scoring, row: int) -> list[Swing]:
    nodes = scoring.project.tree.node_by_id
    sweeps = {
        sweep.child: sweep
        for sweep in share_sweeps(scoring)
        if (sweep.child in nodes or sweep.node == ROOT) and 0 < sweep.present < 1
    }
    return [_weight_swing(sweeps[name], row) for name in scoring.weights if name in sweeps]


def _weight_swing(sweep: ShareSweep, row: int) -> Swing:
    t = sweep.present
    shares = [factor * t / (factor * t + 1 - t) for factor in (0.5, 2.0)]
    ends = []
    for share in shares:
        try:
            scores = sweep.index_at(np.array([share]))[0]
        except InputError as error:
            ends.append(SwingEnd(share, None, None, str(error)))
        else:
            ends.append(_end(share, scores, row))
    return Swing("weight", sweep.child, tuple(ends))


def _value_swings(scoring: Scoring, row: int, low: Floats, high: Floats) -> list[Swing]:
    kept = scoring.screened
    columns = columns_of(scoring.project, kept).take(kept.scored)
    weights = scoring.project.tree.weights(scoring.settings.weights)
    pooled = None if scoring.pooled is None else scoring.pooled[:, kept.scored]
    values = kept.observed.values[:, kept.scored]
    swings = []
    for column, indicator in enumerate(columns.indicators):
        ends = []
        for end in (low, high):
            value = float(end[kept.scored][column])
            if np.isnan(value):
                break
            changed = values.copy()
            changed[row, column] = value
            try:
                ranking = rank_values(changed, columns, weights, scoring, pooled)
            except InputError as error:
                ends.append(SwingEnd(value, None, None, str(error)))
            else:
                ends.append(_end(value, ranking.scores, row))
        if ends:
            swings.append(Swing("value", indicator.id, tuple(ends)))
    return swings


def _method_swings(scoring: Scoring, focus: str) -> list[Swing]:
    settings = scoring.settings
    swings = []
    for stage, choices in settings.uncertainty.alternatives.items():
        ends = []
        for choice in choices:
            stages: Mapping[str, Any] = {stage: choice}
            changed = replace(settings, recipe=replace(settings.recipe, **stages))
            setting = choice.describe()
            try:
                ranking = score(scoring.project, changed).ranking
            except InputError as error:
                ends.append(SwingEnd(setting, None, None, str(error)))
            else:
                ends.append(_end(setting, ranking.scores, ranking.communities.index(focus)))
        swings.append(Swing("method", stage, tuple(ends)))
    return swings


def _end(setting: float | Mapping[str, Any], scores: Floats, row: int) -> SwingEnd:
    rank = int(rank_descending(scores)[row])
    if not rank:
        return SwingEnd(setting, None, None, say("no score is left"))
    return SwingEnd(setting, float(scores[row]), rank)
