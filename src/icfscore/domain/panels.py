"""Panels: raters' scores of communities, node by node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from icfscore.domain.tables import Floats, Ints
from icfscore.domain.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """What several raters gave.

    Attributes
    ----------
    source
        Key of sources.yaml, as observations have one.
    year
        Year of the scores; None: they count for the reference year.
    low, high
        Ends of the rubric: the lowest and the highest score there can be.
    levels
        Of a rubric in words, the score that each stands for; empty where scores are numbers.
    table
        File beside the panel's own that holds the scores; "" where they stand inside.
    digest
        Of that file's bytes.
    raters
        Their names by id.
    items
        (n) pairs of community and node (or indicator) that have a score, in the file's order.
    ratings
        (n, raters), NaN where missing.
    """

    id: str
    name: Text
    source: str
    low: float
    high: float
    raters: Mapping[str, Text]
    items: tuple[tuple[str, str], ...]
    ratings: Floats
    description: Text = ""
    year: int | None = None
    levels: Mapping[str, float] = field(default_factory=dict)
    table: str = ""
    digest: str = ""

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes that are scored, each once."""
        return tuple(dict.fromkeys(node for _, node in self.items))

    @property
    def communities(self) -> tuple[str, ...]:
        """The communities that are scored, each once."""
        return tuple(dict.fromkeys(community for community, _ in self.items))

    def rows(self, node: str) -> Ints:
        """Positions of a node's items."""
        return np.array([n for n, item in enumerate(self.items) if item[1] == node], dtype=np.int64)

    @property
    def clusters(self) -> Ints:
        """(n,) number of each item's community."""
        number = {community: n for n, community in enumerate(self.communities)}
        return np.array([number[community] for community, _ in self.items], dtype=np.int64)
