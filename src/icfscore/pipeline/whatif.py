"""What if values were others: a ranking before and after, and who passes whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from icfscore.domain.changes import Change
from icfscore.domain.results import Ranking
from icfscore.pipeline.changes import Replaced, apply_changes
from icfscore.pipeline.common_draws import plan_alike
from icfscore.pipeline.draw_plan import plan_draws
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring, score
from icfscore.pipeline.uncertainty import draw_ranks

Draw = Callable[..., RankDraws]
SAME = 1e-9  # of the scores' range: what rounding alone may move


@dataclass(frozen=True, slots=True)
class Passing:
    """Whom a community passes, and who passes it.

    Attributes
    ----------
    overtaken
        Those that were ahead of it or level with it and fall behind, or were ahead and are level.
    overtaking
        The same seen from the others.
    """

    community: str
    overtaken: tuple[str, ...]
    overtaking: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """A ranking before and after changes.

    Attributes
    ----------
    passings
        Of the communities whose values change, in the order of the changes.
    moved
        Other communities whose score changes: where scales or weights follow from the values, a
        change moves those it does not concern as well.
    draws_before, draws_after
        Draws with the same random numbers; None where none were made.
    """

    changes: tuple[Replaced, ...]
    before: Scoring
    after: Scoring
    passings: tuple[Passing, ...]
    moved: tuple[str, ...]
    draws_before: RankDraws | None = None
    draws_after: RankDraws | None = None


def draw_alike(
    before: Scoring, after: Scoring, draw: Draw = draw_ranks
) -> tuple[RankDraws, RankDraws]:
    """Draw two scorings with the same random numbers, by `draw_ranks` or what stands in for it.

    Raises
    ------
    InputError
        Where a draw meets values that a method is not defined for.
    """
    plan = plan_draws(before)
    drawn = draw(before, confidence=False, plan=plan)
    return drawn, draw(after, confidence=False, plan=plan_alike(after, plan))


def find_what_if(before: Scoring, changes: Iterable[Change]) -> WhatIf:
    """Score a project again with some values changed.

    Raises
    ------
    InputError
        Where a change cannot be made, or the changed values cannot be scored.
    """
    project, replaced = apply_changes(before.project, before.settings, changes)
    after = score(project, before.settings)
    changed = tuple(dict.fromkeys(each.change.community for each in replaced))
    return WhatIf(
        changes=replaced,
        before=before,
        after=after,
        passings=tuple(_passing(name, before.ranking, after.ranking) for name in changed),
        moved=_moved(before.ranking, after.ranking, changed),
    )


def _passing(community: str, before: Ranking, after: Ranking) -> Passing:
    """Compare a community with all that have a rank on both sides."""
    was, now = (
        ranking.rank_of(community) if community in ranking.communities else None
        for ranking in (before, after)
    )
    if was is None or now is None:
        return Passing(community, (), ())
    row_before = {name: row for row, name in enumerate(before.communities)}
    overtaken, overtaking = [], []
    for row in after.order:
        other = after.communities[row]
        other_was = before.ranks[row_before[other]] if other in row_before else 0
        if not other_was:
            continue
        gained = np.sign(was - other_was) - np.sign(now - after.ranks[row])
        if gained > 0:
            overtaken.append(other)
        elif gained < 0:
            overtaking.append(other)
    return Passing(community, tuple(overtaken), tuple(overtaking))


def _moved(before: Ranking, after: Ranking, changed: tuple[str, ...]) -> tuple[str, ...]:
    """List the others whose score is not what it was."""
    score_before = dict(zip(before.communities, before.scores.tolist(), strict=True))
    span = float(np.nanmax(before.scores) - np.nanmin(before.scores)) or 1.0
    return tuple(
        name
        for row in after.order
        if (name := after.communities[row]) not in changed
        and name in score_before
        and not abs(after.scores[row] - score_before[name]) <= SAME * span
    )
