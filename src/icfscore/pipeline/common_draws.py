"""The same random numbers for two tables: what differs between their draws is the tables.

A value keeps its random number whatever it is changed to, an observation that others share keeps
its shared error, and a gap its donor's number. What is new takes numbers of its own. The
distribution of the draws is that of the table drawn alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from icfscore.domain.communities import Observation
from icfscore.domain.tables import Ints
from icfscore.methods.perturb.missing import Gap
from icfscore.pipeline.changes import selection_of
from icfscore.pipeline.draw_plan import DrawPlan, plan_draws
from icfscore.pipeline.errors_in_data import SharedLike
from icfscore.pipeline.score import Scoring


def plan_alike(scoring: Scoring, before: DrawPlan) -> DrawPlan:
    """Lay out a scoring's draws by the random numbers of another one's.

    Raises
    ------
    InputError
        Where a combination of methods is not defined on the plain data.
    """
    like = None
    if before.errors is not None and before.scoring is not None:
        like = SharedLike(before.errors, _stand_ins(scoring, before.scoring))
    plan = plan_draws(scoring, like)
    numbers = _align(
        [_gap_key(plan, gap) for gap in plan.gaps], [_gap_key(before, gap) for gap in before.gaps]
    )
    errors = plan.errors
    if errors is not None and before.errors is not None and _same_cells(plan, before):
        # A value on another scale than before, or none before, must not shift its neighbours'.
        parts = {name: before.errors.parts_of(name) for name in before.errors.criteria}
        errors = replace(errors, drawn_in=parts)
    return replace(plan, errors=errors, gap_numbers=numbers, block=before.block)


def _same_cells(plan: DrawPlan, before: DrawPlan) -> bool:
    """Tell whether two tables have the same communities and indicators."""
    mine, theirs = plan.columns, before.columns
    ids = [indicator.id for indicator in theirs.indicators]
    same = [indicator.id for indicator in mine.indicators] == ids
    return same and mine.communities == theirs.communities


def _stand_ins(after: Scoring, before: Scoring) -> dict[int, int]:
    """Find which observation of a community stands in the place of which, by identity."""
    selection = selection_of(after.settings)
    old = before.project.community_by_id
    stand_ins: dict[int, int] = {}
    for entity in after.project.communities:
        former = old.get(entity.id)
        if former is None or former is entity:
            continue
        for quantity, dated in entity.observations.items():
            chosen: list[Observation | None] = [
                selection.choose(each) for each in (dated, former.observations.get(quantity, ()))
            ]
            new, gone = chosen
            if new is not None and gone is not None and new is not gone:
                stand_ins[id(new)] = id(gone)
    return stand_ins


def _gap_key(plan: DrawPlan, gap: Gap) -> tuple[str, str]:
    """Name a gap by its community and its last indicator."""
    column = int(gap.columns[-1])
    return plan.columns.communities[gap.row], plan.columns.indicators[column].id


def _align(after: Sequence[Hashable], before: Sequence[Hashable]) -> Ints:
    """Give each key its position among the former ones; new ones follow these."""
    position = {key: place for place, key in enumerate(before)}
    for key in after:
        position.setdefault(key, len(position))
    return np.array([position[key] for key in after], dtype=np.int64)
