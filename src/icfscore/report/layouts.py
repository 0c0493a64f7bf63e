"""A project's observations as flat tables: a row a community, a row a value, or as COINr has them.

What `icfscore import` and a table in communities/ read comes out here in the same columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from icfscore.domain.communities import Entity, Observation
from icfscore.domain.criteria import Criterion, Indicator, Quantity
from icfscore.domain.project import Project
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
from icfscore.report.stages import units_at

FIELDS = ("unit", "year", "source", "level", "area", "status", "comparability", "sd")
OWN_FIELDS = (*FIELDS, "interval_low", "interval_high", "note")
LONG_COLUMNS = ("community", "name", "indicator", "value", *OWN_FIELDS)
_SHARED = ("source", "level", "area", "status", "comparability", "note")
_HEADS = ("parent", "country", "kind", "region", "listed_as")


@dataclass(frozen=True, slots=True)
class Table:
    """Cells below a header; None where there is nothing."""

    name: str
    header: tuple[str, ...]
    rows: list[list[Any]]


def spell_observation(quantity: Quantity, seen: Observation) -> dict[str, Any]:
    """Spell an observation as an import reads it; what is a default is left out."""
    given = seen.given_value is not None
    if seen.given_unit != quantity.unit and (seen.sd is not None or seen.interval is not None):
        given = False  # its uncertainty is kept in the quantity's unit only
    unit = seen.given_unit if given else quantity.unit
    value = seen.given_value if given else seen.value
    entry: dict[str, Any] = {"value": value}
    if unit != quantity.unit:
        entry["unit"] = unit
    low, high = seen.interval or (None, None)
    told = {
        "year": seen.year,
        "source": seen.source,
        "level": seen.level,
        "area": seen.area,
        "status": "" if seen.status == "seen" else seen.status,
        "comparability": "" if seen.comparability == "high" else seen.comparability,
        "sd": seen.sd,
        "interval_low": low,
        "interval_high": high,
        "note": " ".join(text_in(seen.note, "en").split()),
    }
    return entry | {key: value for key, value in told.items() if value not in (None, "")}


def long_table(project: Project) -> Table:
    """Lay out a row for every observation of every community."""
    quantities = project.tree.quantity_by_id
    rows = []
    for community in project.communities:
        name = text_in(community.name, "en")
        for identifier, dated in community.observations.items():
            for seen in dated:
                entry = spell_observation(quantities[identifier], seen)
                entry.setdefault("unit", quantities[identifier].unit)
                entry |= {"community": community.id, "name": name, "indicator": identifier}
                rows.append([entry.get(column) for column in LONG_COLUMNS])
    return Table("observations", LONG_COLUMNS, rows)


def wide_table(project: Project) -> Table:
    """Lay out a row for every community and year, with what is known of single values beside them.

    What all values of a row have in common stands once.
    """
    quantities = project.tree.quantity_by_id
    rows = [row for community in project.communities for row in _wide_rows(community, quantities)]
    used = {column for row in rows for column in row}
    order = ["id", "name", *sorted(c for c in used if c.startswith("name.")), *_HEADS]
    order += [*sorted(c for c in used if c.startswith("groups.")), "year", *_SHARED]
    for identifier in quantities:
        order += [identifier, *(f"{identifier}.{part}" for part in OWN_FIELDS)]
    header = tuple(column for column in order if column in used)
    return Table("communities", header, [[row.get(column) for column in header] for row in rows])


def _wide_rows(community: Entity, quantities: Mapping[str, Quantity]) -> Iterator[dict[str, Any]]:
    by_year: dict[int | None, dict[str, dict[str, Any]]] = {}
    for identifier, dated in community.observations.items():
        for seen in dated:
            entry = spell_observation(quantities[identifier], seen)
            entry.pop("year", None)
            if entry["level"] == "community":
                del entry["level"]
            by_year.setdefault(seen.year, {})[identifier] = entry
    for year, entries in (by_year or {None: {}}).items():
        row = _heads(community)
        if year is not None:
            row["year"] = year
        for part in _SHARED:
            values = {entry.get(part) for entry in entries.values()}
            if len(values) == 1 and None not in values:
                row[part] = values.pop()
                for entry in entries.values():
                    del entry[part]
        for identifier, entry in entries.items():
            row[identifier] = entry.pop("value")
            row |= {f"{identifier}.{part}": value for part, value in entry.items()}
        yield row


def _heads(community: Entity) -> dict[str, Any]:
    row: dict[str, Any] = {"id": community.id, "name": text_in(community.name, "en")}
    if isinstance(community.name, Mapping):
        row |= {f"name.{code}": text for code, text in community.name.items() if code != "en"}
    row |= {head: getattr(community, head) for head in _HEADS if getattr(community, head)}
    return row | {f"groups.{name}": value for name, value in community.groups.items()}


def coinr_tables(scoring: Scoring) -> tuple[Table, Table]:
    """Lay out iData and iMeta for COINr: the values that the scores rest on.

    These are after denominators, of the year nearest the reference year, those inherited included,
    for COINr knows neither of the three. Sources, levels and years of values stay behind. COINr
    wants every indicator equally deep in the tree; a framework that is not comes out as it is.
    """
    project, observed = scoring.project, scoring.observed
    tree = project.tree
    weights = tree.weights(scoring.settings.weights)
    units = units_at(scoring, "observed")
    level_by_id = {indicator.id: 1 for indicator in tree.indicators}
    for node in tree.nodes[::-1]:
        level_by_id[node.id] = 1 + max(level_by_id[child.id] for child in node.children)
    meta: list[list[Any]] = []
    things: list[Criterion | Indicator] = [*tree.indicators, *tree.nodes[::-1]]
    for thing in things:
        leaf = isinstance(thing, Indicator)
        sign = int(thing.sign) if isinstance(thing, Indicator) else 1
        target = thing.target if isinstance(thing, Indicator) else None
        meta.append([
            level_by_id[thing.id], thing.id, text_in(thing.name, "en"), sign,
            weights.get(thing.id, 1.0), units[thing.id] if leaf else "score",
            "Indicator" if leaf else "Aggregate", tree.parent_by_id.get(thing.id), target,
        ])  # fmt: skip
    groups = sorted({group for community in project.communities for group in community.groups})
    meta += [[None, f"group_{g}", g, None, None, None, "Group", None, None] for g in groups]
    header = ("Level", "iCode", "iName", "Direction", "Weight", "Unit", "Type", "Parent", "Target")
    data: list[list[Any]] = []
    for community, values in zip(project.communities, observed.values.tolist(), strict=True):
        numbers = [None if math.isnan(value) else value for value in values]
        name = text_in(community.name, "en")
        data.append([name, community.id, *map(community.groups.get, groups), *numbers])
    columns = ("uName", "uCode", *(f"group_{group}" for group in groups), *observed.indicators)
    return Table("iData", columns, data), Table("iMeta", header, meta)
