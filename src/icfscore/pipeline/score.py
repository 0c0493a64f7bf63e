"""The whole way from a project and its settings to a ranking, every stage kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from icfscore.domain.criteria import ROOT
from icfscore.domain.project import Project
from icfscore.domain.results import Ranking
from icfscore.domain.tables import (
    COMMUNITY,
    MISSING,
    Bools,
    Completed,
    Floats,
    Observed,
    Scores,
    Screened,
    Treated,
    read_only,
)
from icfscore.errors import InputError
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.nodes import TreePlan, plan_tree, weigh_and_aggregate
from icfscore.pipeline.notes import indicator_notes, node_notes
from icfscore.pipeline.observe import Selection, observe, observe_all_years
from icfscore.pipeline.screen import scored_indicators, screen
from icfscore.pipeline.stages import (
    Columns,
    impute,
    normalise,
    transform,
    transform_and_treat,
)
from icfscore.recipe import Recipe, Settings
from icfscore.sentences import say


@dataclass(frozen=True, eq=False)
class Scoring:
    """A ranking with everything it came from.

    Attributes
    ----------
    observed
        All communities and indicators, before screening.
    screened
        Those that take part; the later tables have its rows and columns.
    pooled
        (m, k) transformed values of all years, where some scale is taken over them.
    normalised
        (n, k) oriented and on a common scale.
    warnings, remarks
        What screening and methods said: what every reader must know, and further evidence.
    """

    project: Project
    settings: Settings
    observed: Observed
    screened: Screened
    completed: Completed
    treated: Treated
    pooled: Floats | None
    normalised: Floats
    scores: Scores
    ranking: Ranking
    warnings: tuple[str, ...]
    remarks: tuple[str, ...]

    @cached_property
    def digest(self) -> str:
        """``sha256:...`` of all inputs: files and settings, but for draws and plans."""
        told = self.settings.describe() | {"scenario": self.settings.scenario}
        del told["plan"]
        for random in ("draws", "seed"):
            del told["uncertainty"][random]
        joined = f"{self.project.digest}\n{json.dumps(told)}".encode()
        return f"sha256:{hashlib.sha256(joined).hexdigest()}"

    @cached_property
    def weights(self) -> dict[str, float]:
        """Share among siblings by node and indicator id; 0 where unscored or left out."""
        tree = self.project.tree
        return {name: self.scores.shares.get(name, 0.0) for name in tree.parent_by_id}

    @cached_property
    def coverage(self) -> Floats:
        """(n,) share of the scored, kept indicators that each community has a value of."""
        return np.asarray(self.screened.observed.present[:, self.screened.scored].mean(axis=1))

    def coverage_at(self, level: int) -> Floats:
        """(n,) share of the scored, kept indicators that have a value of one level."""
        levels = self.screened.observed.level[:, self.screened.scored]
        return np.asarray((levels == level).mean(axis=1))

    @cached_property
    def proxy_share(self) -> Floats:
        """(n,) share of the values present that are not the community's own."""
        proxies = self.screened.observed.proxy[:, self.screened.scored].mean(axis=1)
        return np.asarray(proxies / self.coverage)

    def scores_on(self, name: str) -> Floats:
        """Scores (n,) on a node, or normalised values of an indicator; NaN where there are none."""
        indicators = self.screened.observed.indicators
        if name in indicators:
            return np.asarray(self.normalised[:, indicators.index(name)])
        return self.scores.of(name)

    @cached_property
    def _columns_by_name(self) -> dict[str, list[int]]:
        below: dict[str, list[int]] = {}
        indicators = self.screened.observed.indicators
        for column in np.flatnonzero(self.screened.scored).tolist():
            name = indicators[column]
            for above in (name, *self.project.tree.ancestors(name)):
                below.setdefault(above, []).append(column)
        return below

    def columns_below(self, name: str) -> list[int]:
        """List the columns of the scored indicators at or below a node."""
        return list(self._columns_by_name.get(name, ()))

    def rests_on_proxies(self, name: str) -> Bools:
        """(n,) where more than half of the values present at or below a node are proxies."""
        level = self.screened.observed.level[:, self.columns_below(name)]
        return np.asarray((level > COMMUNITY).sum(axis=1) * 2 > (level != MISSING).sum(axis=1))


def score(project: Project, settings: Settings) -> Scoring:
    """Score and rank all communities of a project.

    Raises
    ------
    InputError
        Where there are no communities, screening leaves nothing, or a method is not defined for
        the data.
    """
    if not project.communities:
        raise InputError.of(
            say("no communities yet"), say("add files to communities/, one for each community")
        )
    tree, recipe = project.tree, settings.recipe
    weights = tree.weights(settings.weights)
    selection = Selection(settings.reference_year, settings.max_age, settings.proxies)
    observed = observe(project, selection)
    screened = screen(observed, scored_indicators(tree, weights), recipe.screening)
    columns = columns_of(project, screened)
    values = screened.observed.values
    completed = impute(values, columns, recipe)
    treated = transform_and_treat(completed.values, columns, recipe)
    pooled = _pooled(project, selection, screened, columns, recipe)
    normalised = normalise(treated.values, columns, recipe, pooled)
    read_only(normalised)
    plan = plan_tree(tree, weights, recipe, columns.communities, screened.observed.indicators)
    node_scores, shares = weigh_and_aggregate(normalised, plan)
    scores = gather_scores([node.id for node in tree.nodes], plan, node_scores, shares)
    notes = [
        *indicator_notes(values, completed, treated, columns, recipe, pooled),
        *node_notes(normalised, plan, node_scores, shares),
    ]
    return Scoring(
        project=project,
        settings=settings,
        observed=observed,
        screened=screened,
        completed=completed,
        treated=treated,
        pooled=pooled,
        normalised=normalised,
        scores=scores,
        ranking=rank_communities(columns.communities, scores.of(ROOT)),
        warnings=(
            *_screening_warnings(screened),
            *(note.text for note in notes if note.level == "warning"),
        ),
        remarks=tuple(note.text for note in notes if note.level == "info"),
    )


def columns_of(project: Project, screened: Screened) -> Columns:
    """Gather what the stages need to know of the communities and indicators that take part."""
    tree, kept = project.tree, screened.observed
    entities = [project.community_by_id[name] for name in kept.communities]
    groupings = sorted({grouping for entity in entities for grouping in entity.groups})
    by_id = {indicator.id: indicator for indicator in tree.indicators}
    return Columns(
        tree,
        kept.communities,
        tuple(by_id[name] for name in kept.indicators),
        screened.scored,
        {name: tuple(entity.groups.get(name, "") for entity in entities) for name in groupings},
    )


def gather_scores(
    nodes: list[str],
    plan: TreePlan,
    node_scores: Mapping[str, Floats],
    shares_by_node: Mapping[str, Floats],
) -> Scores:
    """Put node scores (n,) side by side and name the shares."""
    present = tuple(node for node in nodes if node in node_scores)
    shares = {
        child: float(share)
        for step in plan.nodes
        for child, share in zip(step.siblings.names, shares_by_node[step.node], strict=True)
    }
    return Scores(present, np.stack([node_scores[node] for node in present], axis=-1), shares)


def rank_communities(communities: tuple[str, ...], scores: Floats) -> Ranking:
    """Rank by full-precision scores (n,)."""
    ranks = rank_descending(scores)
    ranked = sorted(
        (rank, name, row)
        for row, (rank, name) in enumerate(zip(ranks.tolist(), communities, strict=True))
        if rank
    )
    order = tuple(row for _, _, row in ranked)
    return Ranking(communities, np.array(scores, copy=True), ranks, order)


def _pooled(
    project: Project,
    selection: Selection,
    screened: Screened,
    columns: Columns,
    recipe: Recipe,
) -> Floats | None:
    """Gather the values of all years (m, k), transformed, where some scale is taken over them."""
    if not any(method.over == "pooled" for method in recipe.normalisation.methods()):
        return None
    table = observe_all_years(project, selection)
    kept = set(screened.observed.communities)
    rows = np.array([name in kept for name in table.communities], dtype=bool)
    taken = set(screened.observed.indicators)
    mine = np.array([name in taken for name in table.indicators], dtype=bool)
    return transform(table.keep(rows, mine).values, columns)


def _screening_warnings(screened: Screened) -> list[str]:
    told: list[str] = [
        say(
            "screening: {id}: present for {share:.0%} of the communities only, left out",
            id=name,
            share=share,
        )
        for name, share in screened.left_out.items()
    ]
    told += [
        say("screening: {id}: {reason}, left out", id=name, reason=reason)
        for name, reason in screened.excluded.items()
    ]
    return told
