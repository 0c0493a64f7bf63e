"""Walking an award's funnel: who passes, by what margin, and with what chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.funnel import Ballots, Stage
from icfscore.domain.panels import Panel
from icfscore.domain.tables import Floats
from icfscore.errors import InputError
from icfscore.methods.perturb import ExactData
from icfscore.pipeline.funnel_inputs import Inputs
from icfscore.pipeline.funnel_walk import Walked, walk_stages
from icfscore.pipeline.score import Scoring
from icfscore.sentences import say

_MOST_CELLS = 30_000_000  # of drawn values that are held at a time


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """A stage as the plain values decide it.

    Attributes
    ----------
    order
        Those who enter, best first.
    totals
        By community the combined value; None without a value of some input.
    values
        By input, by community its value.
    margin
        Total of the last who passes less that of the first who does not; None where all pass.
    tied
        Whether these two are equal, so that the order of the stage before decides.
    probability
        By community the share of draws in which it passes this stage; empty without draws.
    """

    stage: Stage
    order: tuple[str, ...]
    totals: Mapping[str, float | None]
    values: Mapping[str, Mapping[str, float | None]]
    margin: float | None
    tied: bool
    probability: Mapping[str, float]

    @property
    def passed(self) -> tuple[str, ...]:
        """Who passes, best first."""
        return self.order[: self.stage.passes]


@dataclass(frozen=True, slots=True)
class Lack:
    """What the focus lacks at the first cut that it is likely to miss.

    Attributes
    ----------
    stage
        Number of the stage.
    rival
        The last who passes it, or the first who does not where the focus passes as things are.
    gap
        The rival's total less the focus's; None where it does not enter or has no total.
    nodes
        Criteria below the stage's nodes on which the rival is ahead, the largest loss first: id,
        own score, rival's score.
    """

    stage: int
    rival: str
    gap: float | None
    nodes: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """The whole way.

    Attributes
    ----------
    certain
        Panels among the inputs whose standard error cannot be computed, and that fill no indicator:
        no draw varies them.
    exact
        Whether draws take data as exact, panels among them.
    """

    outcomes: tuple[StageOutcome, ...]
    n_draws: int
    lack: Lack | None
    certain: tuple[str, ...] = ()
    exact: bool = False

    @property
    def fixed(self) -> tuple[str, ...]:
        """Panels among the inputs that no draw varies."""
        if not self.exact:
            return self.certain
        used = (one for outcome in self.outcomes for one in outcome.stage.inputs)
        return tuple(dict.fromkeys(one.id for one in used if one.source == "panel"))

    @property
    def communities(self) -> tuple[str, ...]:
        """Who enters the first stage, best first."""
        return self.outcomes[0].order


def walk_funnel(
    scoring: Scoring,
    stages: Sequence[Stage],
    panels: Mapping[str, Panel],
    ballots: Mapping[str, Ballots],
    jobs: int | None = None,
) -> Funnel:
    """Walk the stages with the plain values, then in every draw of the settings' uncertainty.

    In a draw, nodes have the scores that the Monte Carlo gives them; a panel's mean errs by its
    standard error, in a stage and in an indicator that it fills at once; a jury is drawn anew from
    its own voters, with replacement.

    Raises
    ------
    InputError
        Where a stage looks at a node that has no score, or a draw meets values that a method is not
        defined for.
    """
    _require_scores(scoring, stages)
    inputs = Inputs(scoring, stages, panels, ballots)
    names, start = inputs.names, inputs.entering(stages[0])
    nominal = walk_stages(stages, start, inputs.plain)
    n_draws = _n_draws(scoring)
    passed = [np.zeros(len(names)) for _ in stages]
    if n_draws:
        drawn = inputs.drawn(n_draws, jobs)
        for draw in range(n_draws):
            for number, (order, _, _) in enumerate(walk_stages(stages, start, drawn(draw))):
                passed[number][order[: stages[number].passes]] += 1
    outcomes = tuple(
        _outcome(stage, walked, names, passed[number] / n_draws if n_draws else None)
        for number, (stage, walked) in enumerate(zip(stages, nominal, strict=True))
    )
    certain = tuple(name for name, each in inputs.panels.items() if n_draws and each.certain)
    exact = isinstance(scoring.settings.uncertainty.data, ExactData)
    return Funnel(
        outcomes,
        n_draws,
        _lack(scoring, outcomes),
        () if exact else certain,
        exact and n_draws > 0 and bool(inputs.panels),
    )


def _require_scores(scoring: Scoring, stages: Sequence[Stage]) -> None:
    """Check that every node that a stage looks at has scores, in draws as well."""
    tree = scoring.project.tree
    weights = {ROOT: 1.0} | tree.weights(scoring.settings.weights)
    for stage in stages:
        for one in stage.inputs:
            if one.source != "node":
                continue
            above = () if one.id == ROOT else tree.ancestors(one.id)[:-1]
            counted = all(weights[node] > 0 for node in (one.id, *above))
            if not (counted and one.id in scoring.scores.nodes):
                what = say("stage {stage}: {node} has no score", stage=stage.id, node=one.id)
                why = say("its weight is 0, or screening leaves all its indicators out")
                raise InputError.of(what, why)


def _n_draws(scoring: Scoring) -> int:
    n, k = scoring.normalised.shape
    most = max(_MOST_CELLS // max(int(n) * int(k), 1), 100)
    return min(scoring.settings.uncertainty.draws, most)


def _outcome(
    stage: Stage, walked: Walked, names: Sequence[str], chance: Floats | None
) -> StageOutcome:
    order, totals, values = walked
    ids = [names[row] for row in order]
    margin = None
    if stage.passes < len(ids):
        found = totals[stage.passes - 1] - totals[stage.passes]
        margin = None if np.isnan(found) else float(found)
    return StageOutcome(
        stage,
        tuple(ids),
        dict(zip(ids, map(_or_none, totals), strict=True)),
        {key: dict(zip(ids, map(_or_none, value), strict=True)) for key, value in values.items()},
        margin,
        margin == 0,
        {} if chance is None else dict(zip(names, chance.tolist(), strict=True)),
    )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _lack(scoring: Scoring, outcomes: Sequence[StageOutcome]) -> Lack | None:
    focus = scoring.settings.focus
    for number, outcome in enumerate(outcomes):
        missed = (
            outcome.probability.get(focus or "", 0.0) < 0.5
            if outcome.probability
            else focus not in outcome.passed
        )
        nobody_else = len(outcome.passed) in (0, len(outcome.order)) and focus in outcome.order
        if focus not in outcomes[0].order or not missed or nobody_else:
            continue
        # Who narrowly passes is held against who narrowly does not.
        ahead = focus in outcome.passed
        rival = outcome.order[outcome.stage.passes if ahead else len(outcome.passed) - 1]
        own, other = outcome.totals.get(focus), outcome.totals.get(rival)
        gap = None if own is None or other is None else other - own
        return Lack(number, rival, gap, _behind(scoring, outcome.stage, focus, rival))
    return None


def _behind(
    scoring: Scoring, stage: Stage, focus: str, rival: str
) -> tuple[tuple[str, float, float], ...]:
    """List the children of the stage's nodes on which the rival is ahead."""
    tree, names = scoring.project.tree, list(scoring.ranking.communities)
    if focus not in names or rival not in names:
        return ()
    own, other = names.index(focus), names.index(rival)
    found = []
    for one in stage.inputs:
        node = tree.node_by_id.get(one.id if one.source == "node" else "")
        for child in node.children if node is not None else ():
            if not scoring.weights.get(child.id):
                continue
            scores = scoring.scores_on(child.id)
            loss = scoring.weights[child.id] * (scores[other] - scores[own])
            if loss > 0:
                found.append((float(loss), child.id, float(scores[own]), float(scores[other])))
    found.sort(key=lambda each: (-each[0], each[1]))
    return tuple(each[1:] for each in found[:3])
