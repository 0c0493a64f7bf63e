"""Weight stability: how far one share may move before the focus's rank changes.

Decisions. One share moves from 0 to 1 at a time, its siblings keeping their proportions, everything
else staying as it is. At 0 and 1 themselves a child is on the point of dropping out: there the rank
is that of shares just inside. A breakpoint carries the rank just beyond it, away from the present
share; at a breakpoint itself the focus is level with somebody, and ties share the best rank.

Exact where the way from the node up to the index is additive: one and the same power mean
(arithmetic, geometric, harmonic) all along, with weights above the node that do not follow the
data. With missing values a node's score is then a ratio of linear functions of the share, and the
index, on the mean's scale, an affine function of it. Elsewhere crossings are searched for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Bools, Floats
from icfscore.errors import InputError
from icfscore.methods.sensitivity_scales import ignores_data, sum_exponent, to_sum_scale
from icfscore.methods.sensitivity_shares import (
    FOUND_SHARE,
    SAME_SHARE,
    Ratios,
    rank_steps,
    search_crossings,
    solve_crossings,
)
from icfscore.pipeline.nodes import NodePlan, TreePlan, plan_tree
from icfscore.pipeline.score import Scoring
from icfscore.sentences import say

_CELLS_AT_ONCE = 2**21  # numbers in an array of scores: 16 MB


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A share at which the focus's rank changes.

    Attributes
    ----------
    rank
        The focus's rank just beyond, away from the present share.
    above
        True where it is met going up from the present share. A tie at the present share itself may
        break in both directions there.
    changing
        Ids of the communities that the focus changes places with.
    """

    weight: float
    rank: int
    above: bool
    changing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeightStability:
    """How the focus's rank depends on the share of one node or indicator among its siblings.

    Attributes
    ----------
    weight
        The present share.
    interval
        Shares around it within which the rank stays; None where that cannot be told.
    breakpoints
        By share, all of [0, 1].
    exact
        False where crossings were searched for on a grid of 1/256.
    reason
        Why there is no interval, or none of interest; empty where there is.
    """

    node: str
    parent: str
    weight: float
    interval: tuple[float, float] | None
    breakpoints: tuple[Breakpoint, ...]
    exact: bool
    reason: str = ""


def plan_of(scoring: Scoring) -> TreePlan:
    """Lay out the tree as it was scored."""
    tree, settings = scoring.project.tree, scoring.settings
    kept = scoring.screened.observed
    weights = tree.weights(settings.weights)
    return plan_tree(tree, weights, settings.recipe, kept.communities, kept.indicators)


def weight_stability(scoring: Scoring, focus: str) -> tuple[WeightStability, ...]:
    """Tell for every node and indicator with a weight how far its share may move.

    Parameters
    ----------
    focus
        Id of a community.

    Returns
    -------
    In the framework's order; empty where the focus has no rank.
    """
    communities = scoring.ranking.communities
    if focus not in communities or scoring.ranking.rank_of(focus) is None:
        return ()
    row = communities.index(focus)
    order = {name: position for position, name in enumerate(scoring.weights)}
    found = [_stability(sweep, row) for sweep in share_sweeps(scoring)]
    return tuple(sorted(found, key=lambda stability: order[stability.node]))


def _stability(sweep: ShareSweep, row: int) -> WeightStability:
    bare = WeightStability(sweep.child, sweep.node, sweep.present, None, (), exact=True)
    if len(sweep.shares) == 1:
        return replace(
            bare, interval=(0.0, 1.0), reason=say("has no siblings: its share is always 1")
        )
    if sweep.present > 1 - SAME_SHARE:
        return replace(bare, reason=say("its siblings have no weight: no proportions to keep"))
    scores = sweep.scoring.ranking.scores
    standing = np.sign(np.nan_to_num(scores - scores[row], nan=-1.0)).astype(np.int64)
    ratios = sweep.ratios()
    try:
        if ratios is not None:
            crossings = solve_crossings(ratios, row, sweep.present, standing)
        else:
            crossings = search_crossings(sweep.index_at, row, sweep.present, standing)
    except InputError as error:
        return replace(bare, exact=False, reason=str(error))
    same = FOUND_SHARE if ratios is None else SAME_SHARE
    below, above = rank_steps(crossings, 1 + int((standing > 0).sum()), same)
    names = sweep.scoring.ranking.communities
    points = tuple(
        Breakpoint(step.share, step.rank, going_up, tuple(names[r] for r in step.rows))
        for going_up, steps in ((False, below[::-1]), (True, above))
        for step in steps
    )
    interval = (below[0].share if below else 0.0, above[0].share if above else 1.0)
    return replace(bare, interval=interval, breakpoints=points, exact=ratios is not None)


@dataclass(frozen=True, slots=True, eq=False)
class ShareSweep:
    """One child's share among its siblings set free, the others keeping their proportions.

    Attributes
    ----------
    path
        The nodes from the child's parent up to the root.
    column
        The child's position among the parent's children that take part.
    """

    scoring: Scoring
    plan: TreePlan
    path: tuple[NodePlan, ...]
    column: int

    @property
    def child(self) -> str:
        """Id of the child."""
        return self.path[0].siblings.names[self.column]

    @property
    def node(self) -> str:
        """Id of its parent."""
        return self.path[0].node

    @property
    def shares(self) -> Floats:
        """(c,) present shares of the parent's children."""
        names = self.path[0].siblings.names
        return np.array([self.scoring.scores.shares[name] for name in names])

    @property
    def present(self) -> float:
        """The child's present share."""
        return float(self.shares[self.column])

    def shares_at(self, share: Floats) -> Floats:
        """Shares (m, c) of all siblings when the child's is (m,)."""
        others = np.delete(self.shares, self.column)
        rest = (1 - share[:, None]) * (others / others.sum())
        return np.insert(rest, self.column, share, axis=1)

    def index_at(self, share: Floats) -> Floats:
        """Score all communities (m, n) by the recipe's own methods at shares (m,).

        Raises
        ------
        InputError
            Where a method is not defined for these shares.
        """
        widest = max(len(step.siblings.names) for step in self.path)
        block = max(1, _CELLS_AT_ONCE // (len(self.plan.communities) * widest))
        parts = [share[start : start + block] for start in range(0, len(share), block)]
        return np.concatenate([self._index_at(part) for part in parts])

    def _index_at(self, share: Floats) -> Floats:
        parent, *above = self.path
        communities = self.plan.communities
        # Values with the shares' axis in front, which some aggregations need to see it.
        x = np.repeat(self._children(parent)[None], len(share), axis=0)
        scores, below = parent.aggregate(x, self.shares_at(share), communities), parent
        for step in above:
            x = np.repeat(self._children(step)[None], len(share), axis=0)
            x[..., step.siblings.names.index(below.node)] = scores
            weights = step.weigh(x, communities)
            scores, below = step.aggregate(x, weights, communities), step
        return scores

    def _children(self, step: NodePlan) -> Floats:
        return np.stack([self.scoring.scores_on(name) for name in step.siblings.names], axis=-1)

    def ratios(self) -> Ratios | None:
        """Give all scores as ratios of linear functions of the share; None where they are not.

        A node's score is sum(w x) / sum(w) over the children present: at the parent both sums are
        linear in the share; further up the weights are fixed, so scores stay affine in the ratio.
        """
        exponents = {sum_exponent(step.aggregation) for step in self.path}
        exponent = exponents.pop()
        if exponents or exponent is None:
            return None
        if not all(ignores_data(step.weighting) for step in self.path[1:]):
            return None
        tables = [self._children(step) for step in self.path]
        scaled = to_sum_scale(np.concatenate(tables, axis=1), exponent)
        if np.isfinite(scaled).sum() != sum(np.isfinite(table).sum() for table in tables):
            return None
        splits = np.cumsum([table.shape[1] for table in tables])[:-1]
        tables = np.split(scaled, splits, axis=1)
        ratios, defined = self._parent_ratios(tables[0])
        for below, step, x in zip(self.path[:-1], self.path[1:], tables[1:], strict=True):
            ratios, defined = self._carry_up(ratios, defined, below, step, x)
        nowhere = np.where(defined, 0.0, np.nan)
        return replace(ratios, slope=ratios.slope + nowhere)

    def _parent_ratios(self, x: Floats) -> tuple[Ratios, Bools]:
        """Give the parent's scores, x (n, c) being its children's, and where there are any."""
        present = ~np.isnan(x)
        others = self.shares_at(np.zeros(1))[0]  # 0 for the child itself
        own, rest = present[:, self.column], present @ others
        x = np.where(present, x, 0.0)
        mine, theirs = x[:, self.column], x @ others
        both, one = own & (rest > 0), np.ones(len(x))
        # t x + (1 - t) theirs over t + (1 - t) rest; of one alone, its score whatever the share.
        complete = present[:, others > 0].all(axis=1)
        below = np.where(both & ~complete, rest, one)
        alone = np.where(own, mine, theirs / np.where(rest > 0, rest, 1.0))
        return (
            Ratios(
                np.where(both, mine - theirs, 0.0), np.where(both, theirs, alone), 1 - below, below
            ),
            own | (rest > 0),
        )

    def _carry_up(
        self, ratios: Ratios, defined: Bools, below: NodePlan, step: NodePlan, x: Floats
    ) -> tuple[Ratios, Bools]:
        """Take scores of a child node (n,) up to its parent, x (n, c) being its children's."""
        names = step.siblings.names
        child = names.index(below.node)
        shares = np.array([self.scoring.scores.shares[name] for name in names])
        present = ~np.isnan(x)
        present[:, child] = defined
        weights = np.where(present, shares, 0.0)
        total = weights.sum(axis=1)
        weights = weights / np.where(total > 0, total, 1.0)[:, None]
        factor = weights[:, child].copy()
        weights[:, child] = 0.0
        offset = (weights * np.where(present, x, 0.0)).sum(axis=1)
        carried = replace(
            ratios,
            slope=factor * ratios.slope + offset * ratios.slope_below,
            level=factor * ratios.level + offset * ratios.level_below,
        )
        return carried, total > 0


def share_sweeps(scoring: Scoring) -> list[ShareSweep]:
    """List the shares of all children of nodes that count in the index."""
    plan = plan_of(scoring)
    counted = [step for step in plan.nodes if step.counted]
    parent_of = {name: step for step in counted for name in step.siblings.names}
    sweeps = []
    for step in counted:
        path = [step]
        while path[-1].node != ROOT:
            path.append(parent_of[path[-1].node])
        columns = range(len(step.siblings.names))
        sweeps += [ShareSweep(scoring, plan, tuple(path), column) for column in columns]
    return sweeps
