"""What changed of the focus's own values between the first year and the last."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from icfscore.domain.communities import Observation
from icfscore.pipeline.years import Years
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.numbers import NOTHING
from icfscore.report.words import Words

_MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class _Changed:
    """One indicator of the focus whose value differs between the first year and the last."""

    indicator: str
    before: float
    after: float
    observed: tuple[Observation | None, Observation | None]
    points: float


def values_tables(words: Words, found: Years) -> list[AuditTable]:
    """Lay out what changed of the focus's values, the largest change of score first."""
    _, focus = words.gettext, found.settings.focus
    if focus not in found.communities or len(found.years) < 2:
        return []
    changed = _changed(found, found.communities.index(focus))
    quantities = found.project.tree.quantity_by_id
    rows = tuple(
        (
            words.node(each.indicator),
            words.wording.amount(_known(each.before), quantities[each.indicator]),
            _year(words, each.observed[0]),
            words.wording.amount(_known(each.after), quantities[each.indicator]),
            _year(words, each.observed[1]),
            words.signed_score(_known(each.points)),
        )
        for each in changed[:_MOST_VALUES]
    )
    if not rows:
        return []
    columns = (
        Column(_("Indicator"), right=False),
        Column(_("From")),
        Column(_("Of"), right=False),
        Column(_("To")),
        Column(_("Of"), right=False),
        Column(_("Its score")),
    )
    title = _("What changed of the values of {name}").format(name=words.community(focus))
    return [AuditTable(title, "", columns, rows)]


def _changed(found: Years, row: int) -> list[_Changed]:
    first, last = found.tables[0], found.tables[-1]
    changed = []
    for column, name in enumerate(found.indicators):
        before, after = float(first.values[row, column]), float(last.values[row, column])
        if before == after or (math.isnan(before) and math.isnan(after)):
            continue
        observed = (first.observation(row, column), last.observation(row, column))
        scores = found.nodes[name][:, row]
        points = float(scores[-1] - scores[0])
        changed.append(_Changed(name, before, after, observed, points))
    changed.sort(key=lambda each: -np.nan_to_num(abs(each.points), nan=-1.0))
    return changed


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _year(words: Words, observation: Observation | None) -> str:
    if observation is None:
        return NOTHING
    if observation.year is None:
        return words.gettext("undated")
    return str(observation.year)
