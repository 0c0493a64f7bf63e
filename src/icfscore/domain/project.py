"""A project: one framework and the communities that are scored on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from icfscore.domain.communities import Entity, Source
from icfscore.domain.criteria import CriteriaTree


@dataclass(frozen=True)
class Project:
    """Everything a project's files say, checked, beside its settings.

    Attributes
    ----------
    communities
        In the order of their files' names.
    areas
        Countries and regions by id; their chains of parents are free of loops.
    digest
        ``sha256:...`` of all files read.
    """

    tree: CriteriaTree
    communities: tuple[Entity, ...]
    areas: Mapping[str, Entity]
    sources: Mapping[str, Source]
    digest: str

    @cached_property
    def community_by_id(self) -> Mapping[str, Entity]:
        """Communities by id."""
        return {community.id: community for community in self.communities}

    def chain(self, entity: Entity) -> tuple[Entity, ...]:
        """List an entity and the areas it inherits from, the nearest first."""
        chain = [entity]
        while chain[-1].parent is not None:
            chain.append(self.areas[chain[-1].parent])
        return tuple(chain)
