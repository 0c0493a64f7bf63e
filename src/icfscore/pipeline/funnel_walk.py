"""Passing the stages of a funnel once, with the values of one look at the inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from icfscore.domain.funnel import Stage, StageInput
from icfscore.domain.tables import Floats, Ints

Look = Callable[[StageInput, Ints], Floats]
"""Gives an input's values for the communities that enter, by row."""

Walked = tuple[Ints, Floats, dict[str, Floats]]


def walk_stages(stages: Sequence[Stage], start: Ints, look: Look) -> list[Walked]:
    """Pass the stages, ties in the order of the stage before.

    Parameters
    ----------
    start
        Rows of those who enter the first stage, best first.

    Returns
    -------
    Of each stage the rows that enter, best first, their totals and values in that order; whoever
    lacks a value comes last.
    """
    walked, entrants = [], start
    for stage in stages:
        values = {one.key: look(one, entrants) for one in stage.inputs}
        totals = sum(
            one.weight * _comparable(values[one.key], stage.combine) for one in stage.inputs
        ) / sum(one.weight for one in stage.inputs)
        totals = np.round(totals, 10)
        best = np.argsort(np.where(np.isnan(totals), np.inf, -totals), kind="stable")
        walked.append(
            (entrants[best], totals[best], {key: value[best] for key, value in values.items()})
        )
        entrants = entrants[best][: stage.passes]
    return walked


def _comparable(x: Floats, combine: str) -> Floats:
    """Bring an input to one scale: standardised, or minus the place; higher is better."""
    if combine == "ranks":
        above = (x[:, None] < x[None, :]).sum(axis=1)
        alike = (x[:, None] == x[None, :]).sum(axis=1)
        return np.where(np.isnan(x), np.nan, -(above + (alike + 1) / 2))
    known = x[~np.isnan(x)]
    spread = known.std() if known.size else 0.0
    if spread < 1e-12:
        return np.where(np.isnan(x), np.nan, 0.0)
    return np.asarray((x - known.mean()) / spread)
