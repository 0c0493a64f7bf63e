"""Walking an award's funnel: who passes, by what margin, and with what chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from icfscore.domain.funnel import Ballots, Stage, StageInput
from icfscore.domain.panels import Panel
from icfscore.domain.tables import Floats, Ints
from icfscore.methods.ballots import count_ballots
from icfscore.methods.panel import fit_raters
from icfscore.pipeline.draw_sample import draw_sample
from icfscore.pipeline.funnel_walk import Look, Walked, walk_stages
from icfscore.pipeline.score import Scoring

_STREAM = 0x66756E  # "fun": the funnel's numbers are no one else's
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
        Panels among the inputs whose standard error cannot be computed: no draw varies them.
    """

    outcomes: tuple[StageOutcome, ...]
    n_draws: int
    lack: Lack | None
    certain: tuple[str, ...] = ()


def walk_funnel(
    scoring: Scoring,
    stages: Sequence[Stage],
    panels: Mapping[str, Panel],
    ballots: Mapping[str, Ballots],
    jobs: int | None = None,
) -> Funnel:
    """Walk the stages with the plain values, then in every draw of the settings' uncertainty.

    In a draw, nodes have the scores that the Monte Carlo gives them; a panel's mean errs by its
    standard error; a jury is drawn anew from its own voters, with replacement.
    """
    names = scoring.ranking.communities
    start = np.array(scoring.ranking.order, dtype=np.int64)
    start = start[np.array([not np.isnan(scoring.ranking.scores[row]) for row in start])]
    plain = _Inputs(scoring, panels, ballots)
    nominal = walk_stages(stages, start, plain.plain)
    n_draws = _n_draws(scoring)
    passed = [np.zeros(len(names)) for _ in stages]
    if n_draws:
        drawn = plain.drawn(stages, n_draws, jobs)
        for draw in range(n_draws):
            for number, (order, _, _) in enumerate(walk_stages(stages, start, drawn(draw))):
                passed[number][order[: stages[number].passes]] += 1
    outcomes = tuple(
        _outcome(stage, walked, names, passed[number] / n_draws if n_draws else None)
        for number, (stage, walked) in enumerate(zip(stages, nominal, strict=True))
    )
    used = dict.fromkeys(o.id for stage in stages for o in stage.inputs if o.source == "panel")
    certain = tuple(name for name in used if fit_raters(panels[name].ratings).sigma is None)
    return Funnel(outcomes, n_draws, _lack(scoring, outcomes), certain)


def _n_draws(scoring: Scoring) -> int:
    n, k = scoring.normalised.shape
    most = max(_MOST_CELLS // max(int(n) * int(k), 1), 100)
    return min(scoring.settings.uncertainty.draws, most)


class _Inputs:
    """Looks inputs up: as they are, or as a draw has them."""

    def __init__(
        self, scoring: Scoring, panels: Mapping[str, Panel], ballots: Mapping[str, Ballots]
    ) -> None:
        self.scoring = scoring
        self.names = scoring.ranking.communities
        self.ballots = {name: (each, self._columns(each)) for name, each in ballots.items()}
        self.panels = {name: self._panel(panel) for name, panel in panels.items()}

    def _columns(self, ballots: Ballots) -> Ints:
        position = {name: n for n, name in enumerate(ballots.communities)}
        return np.array([position.get(name, -1) for name in self.names], dtype=np.int64)

    def _panel(self, panel: Panel) -> tuple[Floats, Floats]:
        """Average a panel's adjusted scores over its nodes: means and standard errors (n,)."""
        model = fit_raters(panel.ratings)
        mean, error = np.full(len(self.names), np.nan), np.zeros(len(self.names))
        for row, name in enumerate(self.names):
            items = [n for n, item in enumerate(panel.items) if item[0] == name]
            # A mean over fewer nodes than others are scored on would not compare.
            if len(items) == len(panel.nodes):
                mean[row] = np.clip(model.adjusted[items], panel.low, panel.high).mean()
                error[row] = np.sqrt(np.nansum(model.error[items] ** 2)) / len(items)
        return mean, error

    def plain(self, one: StageInput, rows: Ints) -> Floats:
        """Look up without uncertainty."""
        if one.source == "node":
            return np.asarray(self.scoring.scores_on(one.id)[rows])
        if one.source == "panel":
            return self.panels[one.id][0][rows]
        ballots = self.ballots[one.id][0]
        return self._count(one.id, rows, ballots.voters)

    def _count(self, identifier: str, rows: Ints, voters: Floats) -> Floats:
        """Count a jury's ballots among those who enter; whom no ballot names comes last."""
        ballots, columns = self.ballots[identifier]

        def chosen(table: Floats, missing: float) -> Floats:
            padded = np.column_stack([table, np.full(len(table), missing)])
            return np.asarray(padded[:, columns[rows]])

        if ballots.rule == "approval" and ballots.approvals is not None:
            return np.asarray(voters @ chosen(ballots.approvals, 0.0))
        if ballots.rule == "points" and ballots.points is not None:
            return np.asarray(voters @ chosen(ballots.points, 0.0))
        count = count_ballots(chosen(ballots.places, np.nan), voters)
        if ballots.rule == "condorcet":
            return count.copeland
        return count.plurality if ballots.rule == "plurality" else count.borda

    def drawn(
        self, stages: Sequence[Stage], n_draws: int, jobs: int | None
    ) -> Callable[[int], Look]:
        """Draw all inputs; gives a look into each draw."""
        seed = self.scoring.settings.uncertainty.seed
        rng = np.random.Generator(np.random.Philox(key=seed, counter=_STREAM << 192))
        used = {one.key: one for stage in stages for one in stage.inputs}
        tables: dict[str, Floats] = {}
        if any(one.source == "node" for one in used.values()):
            sample = draw_sample(self.scoring, n_draws, jobs=jobs)
        for key, one in sorted(used.items()):
            if one.source == "node":
                tables[key] = sample.of_node(one.id)
            elif one.source == "panel":
                mean, error = self.panels[one.id]
                tables[key] = mean + error * rng.standard_normal((n_draws, len(mean)))
            else:
                voters = self.ballots[one.id][0].voters
                tables[key] = rng.multinomial(
                    int(voters.sum()), voters / voters.sum(), size=n_draws
                ).astype(float)

        def at(draw: int) -> Look:
            def look(one: StageInput, rows: Ints) -> Floats:
                row = tables[one.key][draw]
                return self._count(one.id, rows, row) if one.source == "ballots" else row[rows]

            return look

        return at


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
        if focus not in scoring.ranking.communities or not missed or nobody_else:
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
