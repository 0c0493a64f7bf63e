"""One community alone, on scales that nobody else moves: its scores, and what would raise each.

Decisions. Nothing is said of places, since there is nobody to be ahead of. A step takes one answer
to the next better level, or one `no` to `yes`, all else staying as it is; what it is worth is found
by scoring again, so that it holds for every recipe. A question without an answer is no step: what
is not known may be there already. Of steps worth the same, the one that starts lowest on its own
scale is named, then the framework's first. What a step costs is not considered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT, Indicator
from icfscore.domain.questions import answers_of, next_answer
from icfscore.errors import InputError
from icfscore.methods.normalise import Goalposts, NoNormalisation
from icfscore.pipeline.changes import apply_changes, assume
from icfscore.pipeline.draw_sample import draw_sample
from icfscore.pipeline.score import Scoring, score

SAME = 1e-9  # of the larger of two gains: what rounding alone may move


@dataclass(frozen=True, slots=True)
class Step:
    """One answer taken to the next better level.

    Attributes
    ----------
    before, after
        Values of the two levels.
    gain, gain_overall
        What its criterion's and the overall score rise by.
    level
        Where it starts, as a share of the way from the worst to the best answer.
    """

    indicator: str
    before: float
    after: float
    gain: float
    gain_overall: float
    level: float


@dataclass(frozen=True, slots=True)
class Insight:
    """What is said of one criterion, or of the whole.

    Attributes
    ----------
    score
        None where nothing below it has a value.
    interval
        Scores at 5 % and 95 % of the draws; None without draws or score.
    known, asked
        Of its scored indicators, those that have a value, and all.
    open
        Those without a value.
    best, worst
        The indicators with its highest and its lowest score; empty where all are the same.
    step
        What would raise the score most; None where no step is known.
    as_good
        How many other steps would raise it as much.
    """

    node: str
    score: float | None
    interval: tuple[float, float] | None
    known: int
    open: tuple[str, ...]
    best: tuple[str, ...]
    worst: tuple[str, ...]
    step: Step | None
    as_good: int

    @property
    def asked(self) -> int:
        """All its scored indicators."""
        return self.known + len(self.open)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is said of a community that stands alone.

    Attributes
    ----------
    insights
        One for each scored child of the root.
    """

    community: str
    overall: Insight
    insights: tuple[Insight, ...]
    n_draws: int


def stands_alone(scoring: Scoring) -> bool:
    """Tell whether one community alone is scored, on scales that do not follow from the others."""
    fixed = (Goalposts, NoNormalisation)
    methods = scoring.settings.recipe.normalisation.methods()
    return len(scoring.ranking.order) == 1 and all(isinstance(each, fixed) for each in methods)


def snapshot_of(scoring: Scoring, community: str) -> Snapshot | None:
    """Take the snapshot of a community; None where it does not stand alone.

    The settings say how many draws its intervals rest on; where a draw is not defined there are
    none.
    """
    if not stands_alone(scoring) or scoring.ranking.rank_of(community) is None:
        return None
    tree, row = scoring.project.tree, scoring.ranking.communities.index(community)
    weights = tree.weights(scoring.settings.weights)
    n_draws, intervals = _intervals(scoring, row)
    steps = _steps(scoring, community, row)
    nodes = (ROOT, *(child.id for child in tree.root.children if weights[child.id] > 0))
    found = tuple(_insight(scoring, row, node, intervals.get(node), steps) for node in nodes)
    return Snapshot(community, found[0], found[1:], n_draws)


def _insight(
    scoring: Scoring,
    row: int,
    node: str,
    interval: tuple[float, float] | None,
    steps: Sequence[Step],
) -> Insight:
    below = _scored_below(scoring, node)
    scores = {name: float(scoring.scores_on(name)[row]) for name in below}
    known = {name: score for name, score in scores.items() if not np.isnan(score)}
    own = float(scoring.scores_on(node)[row]) if known else np.nan
    high, low = max(known.values(), default=0.0), min(known.values(), default=0.0)
    mine = [step for step in steps if step.indicator in known]
    step, as_good = _foremost(mine, overall=node == ROOT)
    return Insight(
        node=node,
        score=None if np.isnan(own) else own,
        interval=interval,
        known=len(known),
        open=tuple(name for name in below if name not in known),
        best=tuple(name for name in known if known[name] == high > low),
        worst=tuple(name for name in known if known[name] == low < high),
        step=step,
        as_good=as_good,
    )


def _scored_below(scoring: Scoring, node: str) -> list[str]:
    """List the indicators at or below a node that count, screened out or not."""
    tree = scoring.project.tree
    weights = tree.weights(scoring.settings.weights)
    return [
        indicator.id
        for indicator in tree.indicators
        if node in (indicator.id, *tree.ancestors(indicator.id))
        and weights[indicator.id] > 0
        and all(weights[above] > 0 for above in tree.ancestors(indicator.id)[:-1])
    ]


def _foremost(steps: Sequence[Step], *, overall: bool) -> tuple[Step | None, int]:
    """Choose the step that is worth most, and count those worth as much."""

    def worth(step: Step) -> float:
        return step.gain_overall if overall else step.gain

    most = max((worth(step) for step in steps), default=0.0)
    if most <= 0:
        return None, 0
    level = [step for step in steps if worth(step) >= most * (1 - SAME)]
    return min(level, key=lambda step: step.level), len(level) - 1


def _steps(scoring: Scoring, community: str, row: int) -> list[Step]:
    """List every known step, scored."""
    observed = scoring.observed
    at = observed.communities.index(community)
    found = []
    for column, indicator in enumerate(scoring.project.tree.indicators):
        value = float(observed.values[at, column])
        better = None if np.isnan(value) else next_answer(indicator, value)
        if better is None or indicator.per is not None:
            continue
        change = assume(community, indicator.id, better.value)
        try:
            project, _ = apply_changes(scoring.project, scoring.settings, [change])
            after = score(project, scoring.settings)
        except InputError:
            continue  # a recipe that is not defined there says nothing of the step
        criterion = scoring.project.tree.criterion_of(indicator.id)
        gain, gain_overall = (
            float(after.scores_on(node)[row] - scoring.scores_on(node)[row])
            for node in (criterion, ROOT)
        )
        level = _level(indicator, value)
        found.append(Step(indicator.id, value, better.value, gain, gain_overall, level))
    return found


def _level(indicator: Indicator, value: float) -> float:
    values = [answer.value for answer in answers_of(indicator)]
    worst, best = (values[0], values[-1]) if indicator.sign > 0 else (values[-1], values[0])
    return (value - worst) / (best - worst)


def _intervals(scoring: Scoring, row: int) -> tuple[int, Mapping[str, tuple[float, float]]]:
    """Find the scores at 5 % and 95 % of the draws, by node."""
    n_draws = scoring.settings.uncertainty.draws
    if n_draws == 0:
        return 0, {}
    try:
        sample = draw_sample(scoring, n_draws)
    except InputError:
        return 0, {}
    found = {}
    for node in sample.nodes:
        drawn = sample.of_node(node)[:, row]
        drawn = drawn[~np.isnan(drawn)]
        if drawn.size:
            low, high = np.quantile(drawn, (0.05, 0.95), method="inverted_cdf")
            found[node] = (float(low), float(high))
    return n_draws, found
