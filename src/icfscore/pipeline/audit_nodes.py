"""The audit, node by node: whether the children belong together, and which drives the score.

Decisions. A node is audited over its children's scores as its aggregation sees them; the whole
framework once more over all scored indicators, with the index in the node's place. What imputation
filled is left out of an indicator's values: the statistics are of what was observed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats, Ints
from icfscore.methods.audit import (
    Measure,
    SamplingAdequacy,
    Structure,
    alpha_without_each,
    component_loadings,
    correlations_with_rest,
    cronbach_alpha,
    eigenvalues,
    pearson,
    sampling_adequacy,
    structure_of,
)
from icfscore.pipeline.audit_indicators import Coverage, coverage_of, normalised_column
from icfscore.pipeline.audit_pairs import Pair, Pairs, find_pairs
from icfscore.pipeline.audit_weights import EffectiveWeight, effective_weights
from icfscore.pipeline.score import Scoring


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """A score and the parts it is audited over.

    Attributes
    ----------
    node
        Id of the node whose score it is.
    overall
        True where the parts are all scored indicators and not the node's children.
    values
        (n, c) the parts' scores, NaN where missing.
    score
        (n,) of the node.
    shares
        (c,) intended weight of each part in the node, sum 1.
    """

    node: str
    overall: bool
    names: tuple[str, ...]
    values: Floats
    score: Floats
    shares: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Consistency:
    """Whether the parts measure one thing; lists are () where the structure has a reason."""

    structure: Structure
    alpha: Measure
    alpha_without: tuple[Measure, ...]
    with_rest: tuple[Measure, ...]
    adequacy: SamplingAdequacy
    eigenvalues: Floats
    loadings: Floats


@dataclass(frozen=True, slots=True, eq=False)
class NodeAudit:
    """What is told of one scope."""

    scope: Scope
    coverage: Coverage
    pairs: Pairs
    with_score: tuple[Measure, ...]
    consistency: Consistency
    weights: tuple[EffectiveWeight, ...]

    def suspicious(self, suspicion: str) -> list[Pair]:
        """List the pairs under one suspicion, the strongest first."""
        found = [pair for pair in self.pairs.listed if pair.suspicion == suspicion]
        return sorted(found, key=lambda pair: -abs(pair.correlation.value or 0.0))


def audit_nodes(scoring: Scoring, counts: Ints) -> tuple[NodeAudit, ...]:
    """Audit every node from the root down, then the index over all indicators.

    Parameters
    ----------
    counts
        (b, n) how often each community is in each resample.
    """
    return tuple(_audit(scoring, scope, counts) for scope in _scopes(scoring))


def _scopes(scoring: Scoring) -> Iterator[Scope]:
    tree = scoring.project.tree
    for node in tree.nodes:
        names = [child.id for child in node.children if scoring.weights[child.id] > 0]
        counted = all(scoring.weights[n] > 0 for n in (node.id, *tree.ancestors(node.id))[:-1])
        if names and counted:
            yield _scope(scoring, node.id, names, [scoring.weights[name] for name in names])
    if tree.root.criteria:
        columns = scoring.columns_below(ROOT)
        names = [scoring.screened.observed.indicators[column] for column in columns]
        shares = [
            float(np.prod([scoring.weights[at] for at in (name, *tree.ancestors(name))[:-1]]))
            for name in names
        ]
        yield _scope(scoring, ROOT, names, shares, overall=True)


def _scope(
    scoring: Scoring, node: str, names: list[str], shares: list[float], *, overall: bool = False
) -> Scope:
    indicators = scoring.screened.observed.indicators
    columns = [
        normalised_column(scoring, indicators.index(name))
        if name in indicators
        else scoring.scores.of(name)
        for name in names
    ]
    intended = np.array(shares) / sum(shares)
    score = scoring.scores.of(node)
    return Scope(node, overall, tuple(names), np.stack(columns, axis=1), score, intended)


def _audit(scoring: Scoring, scope: Scope, counts: Ints) -> NodeAudit:
    below = scoring.columns_below(scope.node)
    return NodeAudit(
        scope=scope,
        coverage=coverage_of(scoring, below),
        pairs=find_pairs(scope.names, scope.values, across=scope.overall),
        with_score=tuple(pearson(column, scope.score) for column in scope.values.T),
        consistency=_consistency(scope.values),
        weights=effective_weights(scope.names, scope.values, scope.score, scope.shares, counts),
    )


def _consistency(values: Floats) -> Consistency:
    structure = structure_of(values)
    return Consistency(
        structure=structure,
        alpha=cronbach_alpha(structure),
        alpha_without=alpha_without_each(structure),
        with_rest=correlations_with_rest(structure),
        adequacy=sampling_adequacy(structure),
        eigenvalues=eigenvalues(structure),
        loadings=component_loadings(structure),
    )
