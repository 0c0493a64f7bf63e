"""Reading communities/: communities and areas, and the sources they cite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from icfscore.domain.communities import Entity, Fact, Recognition, Source
from icfscore.domain.criteria import CriteriaTree
from icfscore.errors import Problem
from icfscore.files.check import check
from icfscore.files.entries import (
    AreaHead,
    CommunityHead,
    EntityHead,
    FactEntry,
    RecognitionEntry,
    SourceEntry,
)
from icfscore.files.located_yaml import Document, Location
from icfscore.files.observations import Citations, ObservationReader
from icfscore.sentences import say

MAX_ABOVE = 40  # areas, one above the other


def read_sources(document: Document, problems: list[Problem]) -> dict[str, Source]:
    """Read sources.yaml: sources by key."""
    if document.data is None:
        return {}
    if not isinstance(document.data, dict):
        problems.append(document.problem((), say("must be a mapping of source keys")))
        return {}
    sources = {}
    for key, raw in document.data.items():
        entry = check(SourceEntry, raw, document, (key,), problems)
        # A source with a problem of its own still exists: no second message where it is cited.
        sources[key] = (
            Source(entry.title, entry.publisher, entry.year, entry.url) if entry else Source("")
        )
    return sources


@dataclass(frozen=True, slots=True)
class EntityReader:
    """Reads communities and areas against one framework and one list of sources."""

    tree: CriteriaTree
    citations: Citations
    problems: list[Problem]
    partial: bool = False

    def read(self, document: Document, *, area: bool) -> Entity | None:
        """Read one file; None where its head has problems, which are added to the list."""
        if document.data is None:
            self.problems.append(document.problem((), say("is empty")))
            return None
        model = AreaHead if area else CommunityHead
        found = len(self.problems)
        head = check(model, document.data, document, (), self.problems)
        if head is None:
            return None
        observations = ObservationReader(
            self.tree,
            self.citations,
            self.problems,
            document,
            head,
            partial=self.partial,
            partial_head=len(self.problems) > found,
        )
        return Entity(
            id=head.id,
            name=head.name,
            type=head.type or ("country" if area else "community"),
            description=head.description,
            kind=head.kind,
            region=head.region,
            country=head.country,
            listed_as=head.listed_as,
            parent=head.parent,
            groups=head.groups,
            recognitions=self._recognitions(head, document),
            facts=self._facts(head, document),
            observations=observations.read(),
        )

    def _recognitions(self, head: EntityHead, document: Document) -> tuple[Recognition, ...]:
        read = []
        for position, raw in enumerate(head.recognitions):
            place: Location = ("recognitions", position)
            entry = check(RecognitionEntry, raw, document, place, self.problems)
            if entry is not None:
                source = self._source(entry.source or head.source, document, place)
                read.append(Recognition(entry.year, entry.list, source))
        return tuple(read)

    def _facts(self, head: EntityHead, document: Document) -> tuple[Fact, ...]:
        read: dict[str, Fact] = {}
        for position, raw in enumerate(head.facts):
            place: Location = ("facts", position)
            entry = check(FactEntry, raw, document, place, self.problems)
            if entry is None:
                continue
            if entry.id in read:
                what = say("fact '{id}' is given twice", id=entry.id)
                self.problems.append(document.problem((*place, "id"), what))
            source = self._source(entry.source or head.source, document, place)
            read[entry.id] = Fact(**(dict(entry) | {"source": source}))
        return tuple(read.values())

    def _source(self, source: str | None, document: Document, place: Location) -> str:
        """Check a source that may be left out, since nothing is scored by it."""
        return "" if source is None else self.citations.check(source, document, place)


def loops(areas: Mapping[str, Entity]) -> Iterator[tuple[str, str]]:
    """List the areas that inherit from themselves or from too many, and say so."""
    for start in areas.values():
        seen = [start.id]
        entity = start
        while entity.parent is not None and entity.parent in areas:
            if entity.parent in seen:
                if entity.parent == start.id:
                    circle = " > ".join([*seen, start.id])
                    yield start.id, say("parent: inherits from itself: {circle}", circle=circle)
                break
            if len(seen) > MAX_ABOVE:
                yield start.id, say("parent: more than {most} areas lie above", most=MAX_ABOVE)
                break
            entity = areas[entity.parent]
            seen.append(entity.id)
