"""An award's funnel: its stages, and the ballots of its juries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from icfscore.domain.tables import Floats
from icfscore.domain.text import Text

Rule = Literal["plurality", "borda", "approval", "points", "condorcet"]
Source = Literal["node", "panel", "ballots"]


@dataclass(frozen=True, slots=True)
class StageInput:
    """What a stage looks at: a node's score, a panel's mean or a jury's count, with a weight."""

    source: Source
    id: str
    weight: float

    @property
    def key(self) -> str:
        """Spell it as icfscore.yaml does."""
        return self.id if self.source == "node" else f"{self.source}.{self.id}"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: what counts, how it combines, how many pass.

    Attributes
    ----------
    combine
        scores: weighted mean of the inputs, each with mean 0 and standard deviation 1 among those
        who enter. ranks: weighted mean of the places among them.
    """

    id: str
    name: Text
    inputs: tuple[StageInput, ...]
    passes: int
    combine: Literal["scores", "ranks"] = "scores"


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """A jury's ballots, v of them on n communities.

    Attributes
    ----------
    rule
        Which count a stage takes.
    places
        (v, n) place on each ballot, NaN where it names none.
    voters
        (v,) how many voters cast it.
    approvals, points
        (v, n) approvals (0 or 1) and points; None unless every ballot gives them.
    """

    id: str
    name: Text
    rule: Rule
    communities: tuple[str, ...]
    places: Floats
    voters: Floats
    approvals: Floats | None = None
    points: Floats | None = None
