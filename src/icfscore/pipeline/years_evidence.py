"""Which values of a year are really of that year, and which are those of the year before.

A value that is nearest to several years counts in each of them. Where it does, nothing that
follows from it is a development; nor is it one where a value has become too old and a proxy takes
its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from icfscore.domain.tables import Bools, Observed


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the values of one year are, over all communities and scored indicators.

    Attributes
    ----------
    values
        Number present; of these `of_year` were measured in it, and `undated` have no year.
    repeated
        The same as the year before; the next five are the others, and 0 in the first year.
    newer
        A later value of the same community or area.
    denominator
        The same observation over another denominator.
    holder
        A value of another entity: an own one takes a proxy's place, or the reverse.
    appeared, gone
        Without a value the year before; with one then, and none now (not among `values`).
    """

    year: int
    values: int
    of_year: int
    undated: int
    repeated: int = 0
    newer: int = 0
    denominator: int = 0
    holder: int = 0
    appeared: int = 0
    gone: int = 0


def evidence_of(
    years: Sequence[int], tables: Sequence[Observed], scored: Bools
) -> tuple[Evidence, ...]:
    """Count for every year.

    Parameters
    ----------
    tables
        One a year, with the same communities and indicators.
    scored
        (k,) indicators that count.
    """
    found = []
    for position, (year, table) in enumerate(zip(years, tables, strict=True)):
        present = table.present & scored
        dated = [observation.year for observation in table.observations[present]]
        told = Evidence(
            year,
            int(present.sum()),
            of_year=sum(one == year for one in dated),
            undated=sum(one is None for one in dated),
        )
        found.append(_compare(told, tables[position - 1], table, scored) if position else told)
    return tuple(found)


def _compare(told: Evidence, before: Observed, after: Observed, scored: Bools) -> Evidence:
    had, has = before.present & scored, after.present & scored
    both = had & has
    same_value = both & (before.values == after.values)
    same = np.array(
        [
            old is new
            for old, new in zip(before.observations.flat, after.observations.flat, strict=True)
        ]
    ).reshape(both.shape)
    same_holder = before.holders == after.holders
    return Evidence(
        told.year,
        told.values,
        told.of_year,
        told.undated,
        repeated=int((same & same_value).sum()),
        newer=int((both & ~same & same_holder).sum()),
        denominator=int((both & same & ~same_value).sum()),
        holder=int((both & ~same & ~same_holder).sum()),
        appeared=int((has & ~had).sum()),
        gone=int((had & ~has).sum()),
    )
