"""The ranking held against a choice that others made: whether it would have found the chosen.

Decisions. Each node is tested by itself, over the communities that have a score there. The overall
test stands alone, since it was meant from the start; those of the criteria are many looks at one
choice and are corrected together (Holm).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Bools, Floats, Ints
from icfscore.methods.backtest import (
    area_under_curve,
    holm,
    mid_ranks,
    precision_at_k,
    rank_sum_p_value,
)
from icfscore.pipeline.backtest_weights import (
    FreeWeights,
    WeightSpace,
    free_weights,
    weight_space,
)
from icfscore.pipeline.published_lists import ListOfYear, choose_list, find_lists
from icfscore.pipeline.score import Scoring


@dataclass(frozen=True, slots=True)
class NodeTest:
    """How one node's scores agree with the choice.

    Attributes
    ----------
    n, k
        Communities with a score there, and how many of them were chosen.
    auc, p_value
        None where all or none of those with a score were chosen.
    exact
        False where the p-value is a normal approximation, with hundreds of communities.
    corrected
        The p-value by Holm's method over all nodes but the root; None at the root.
    """

    node: str
    n: int
    k: int
    auc: float | None
    p_value: float | None
    exact: bool = True
    corrected: float | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """A ranking against a list.

    Attributes
    ----------
    chosen, without_rank
        Ids of the ranked communities on the list, best first; of those that have no rank.
    n
        Number of ranked communities.
    ranks
        By chosen community, ties sharing the mean of their ranks.
    nodes
        The root first.
    others
        All lists there are.
    """

    list: str
    year: int
    declared: bool
    chosen: tuple[str, ...]
    without_rank: tuple[str, ...]
    n: int
    ranks: dict[str, float]
    precision: float
    mean_rank: float
    nodes: tuple[NodeTest, ...]
    freedom: tuple[FreeWeights, ...]
    space: WeightSpace | None
    others: tuple[ListOfYear, ...]

    @property
    def overall(self) -> NodeTest:
        """The test of the whole ranking."""
        return self.nodes[0]


def backtest(scoring: Scoring, name: str | None = None, year: int | None = None) -> Backtest:
    """Hold a ranking against a published list.

    Parameters
    ----------
    name, year
        Of the list; None: the one of those that can be tested that names most communities.

    Raises
    ------
    InputError
        Where there is no such list, or it cannot be tested.
    """
    lists = find_lists(scoring)
    listed = choose_list(lists, name, year)
    rows = np.array(scoring.ranking.order)
    communities = [scoring.ranking.communities[row] for row in scoring.ranking.order]
    chosen = np.array([community in listed.ranked for community in communities], dtype=bool)
    scores = scoring.ranking.scores[rows]
    ranks = mid_ranks(scores)
    return Backtest(
        list=listed.list,
        year=listed.year,
        declared=listed.declared,
        chosen=tuple(
            name for name, is_chosen in zip(communities, chosen, strict=True) if is_chosen
        ),
        without_rank=tuple(name for name in listed.chosen if name not in listed.ranked),
        n=len(communities),
        ranks={
            communities[position]: float(ranks[position]) for position in np.flatnonzero(chosen)
        },
        precision=float(precision_at_k(scores, chosen)),
        mean_rank=float(ranks[chosen].mean()),
        nodes=_test_nodes(scoring, rows, chosen),
        freedom=free_weights(scoring, rows, chosen),
        space=weight_space(scoring, rows, chosen),
        others=lists,
    )


def _test_nodes(scoring: Scoring, rows: Ints, chosen: Bools) -> tuple[NodeTest, ...]:
    tests = [_test(node, scoring.scores_on(node)[rows], chosen) for node in scoring.scores.nodes]
    below = [test for test in tests if test.node != ROOT and test.p_value is not None]
    corrected = dict(
        zip(
            (test.node for test in below),
            holm([test.p_value for test in below if test.p_value is not None]),
            strict=True,
        )
    )
    return tuple(
        NodeTest(
            test.node, test.n, test.k, test.auc, test.p_value, test.exact, corrected.get(test.node)
        )
        for test in tests
    )


def _test(node: str, scores: Floats, chosen: Bools) -> NodeTest:
    known = ~np.isnan(scores)
    n, k = int(known.sum()), int((known & chosen).sum())
    if k in (0, n):
        return NodeTest(node, n, k, None, None)
    p_value, exact = rank_sum_p_value(scores[known], chosen[known])
    auc = float(area_under_curve(scores[known], chosen[known]))
    return NodeTest(node, n, k, auc, p_value, exact)
