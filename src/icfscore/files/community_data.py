"""Communities without any value: what a project must give of each, and what it may do without."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from icfscore.domain.communities import Entity
from icfscore.errors import Problem
from icfscore.files.located_yaml import Document
from icfscore.files.table_row import TableRow
from icfscore.sentences import say


def check_data(
    communities: Iterable[Entity],
    documents: Mapping[str, Document],
    areas: Mapping[str, Entity],
    scored: Collection[str],
    judged: Collection[str],
    problems: list[Problem],
    warnings: list[str],
) -> None:
    """Note the communities that have no observation of any indicator, own, inherited or a panel's.

    What only waits for its values, and what raters or a jury judge beside the indicators, is no
    error: it cannot be ranked, but stages may see it.

    Parameters
    ----------
    documents
        Files of the communities that had no data and no problem when they were read; only these
        are looked at.
    scored
        Ids of the indicators.
    judged
        Communities that a panel scores or a ballot names.
    """
    for entity in communities:
        document = documents.get(entity.id)
        if document is None or has_data(entity, areas, scored):
            continue
        what = say("{id}: has no observation of any indicator, own or inherited", id=entity.id)
        if entity.id in judged:
            doubt = say("{what}: stages see what panels and ballots give it only", what=what)
            warnings.append(f"{document.name}: {doubt}")
        elif _is_draft(document):
            warnings.append(f"{document.name}: {what}: it cannot be ranked yet")
        else:
            problems.append(document.problem(("observations",), what, _remedy(document)))


def has_data(entity: Entity, areas: Mapping[str, Entity], scored: Iterable[str]) -> bool:
    """Tell whether an entity has an observation of any of the indicators, own or inherited."""
    seen: set[str] = set()
    current: Entity | None = entity
    while current is not None and current.id not in seen:
        if not current.observations.keys().isdisjoint(scored):
            return True
        seen.add(current.id)
        current = areas.get(current.parent) if current.parent else None
    return False


def _is_draft(document: Document) -> bool:
    """Tell whether a community's indicators are listed, waiting for their values."""
    listed = document.data.get("observations") if isinstance(document.data, dict) else None
    return isinstance(listed, dict) and any(value is None for value in listed.values())


def _remedy(document: Document) -> str:
    """Say what to do with a community without data."""
    if isinstance(document, TableRow):
        return say("give it one, or take the row out")
    return say("give it one, or take the file out")
