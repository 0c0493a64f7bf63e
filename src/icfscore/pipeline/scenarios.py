"""Scenarios side by side: what each makes of the ranking, beside the base.

Decisions. Ranks are compared among the communities that have one in both rankings, counted among
these only, so that a scenario that leaves communities out is not credited with lifting the rest.
A scenario that cannot be computed says why; the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from icfscore.domain.project import Project
from icfscore.errors import InputError
from icfscore.methods.agreement import kendall_tau_b
from icfscore.pipeline.leave_out import rank_in_common
from icfscore.pipeline.score import Scoring, score
from icfscore.recipe import Settings
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario's ranking against the base.

    Attributes
    ----------
    scoring
        None where it could not be computed: then `reason` says why.
    ranks
        Rank by community that has one.
    tau
        Kendall's tau-b of the two orders; None where fewer than two communities, or only ties, are
        common to both.
    mean_rank_shift
        Mean absolute change of rank over the communities common to both; None without any.
    largest
        The community whose rank changes most, and its change (below 0: it rises); None where none
        changes.
    n_common
        Number of communities ranked in both.
    """

    name: str
    scoring: Scoring | None
    ranks: Mapping[str, int]
    tau: float | None = None
    mean_rank_shift: float | None = None
    largest: tuple[str, int] | None = None
    n_common: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All scenarios beside the base."""

    base: Scoring
    outcomes: tuple[Outcome, ...]


def compare_scenarios(
    project: Project, base: Settings, scenarios: Mapping[str, Settings]
) -> Comparison:
    """Score the base and every scenario.

    Parameters
    ----------
    scenarios
        Full settings by scenario name.

    Raises
    ------
    InputError
        Where the base cannot be scored.
    """
    return compare_with(score(project, base), scenarios)


def compare_with(base: Scoring, scenarios: Mapping[str, Settings]) -> Comparison:
    """Score every scenario, and hold it against a base that has been scored already.

    Parameters
    ----------
    scenarios
        Full settings by scenario name.
    """
    outcomes = (
        _outcome(base.project, name, settings, base) for name, settings in scenarios.items()
    )
    return Comparison(base, tuple(outcomes))


def ranks_of(scoring: Scoring) -> dict[str, int]:
    """Give the ranks of a scoring by community, best first."""
    ranking = scoring.ranking
    return {ranking.communities[row]: int(ranking.ranks[row]) for row in ranking.order}


def _outcome(project: Project, name: str, settings: Settings, base: Scoring) -> Outcome:
    try:
        scoring = score(project, settings)
    except InputError as error:
        return Outcome(name, None, {}, reason=str(error))
    before, after, names = rank_in_common(base.ranking, scoring.ranking)
    if not names:
        reason = say("no community is ranked both here and in the base")
        return Outcome(name, scoring, ranks_of(scoring), reason=reason)
    tau = kendall_tau_b(before.astype(float), after.astype(float))
    change = after - before
    most = int(np.abs(change).argmax())
    return Outcome(
        name=name,
        scoring=scoring,
        ranks=ranks_of(scoring),
        tau=None if np.isnan(tau) else tau,
        mean_rank_shift=float(np.abs(change).mean()),
        largest=(names[most], int(change[most])) if change[most] else None,
        n_common=len(names),
    )
