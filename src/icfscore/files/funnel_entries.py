"""Reading an award's funnel: `stages` of icfscore.yaml, and the ballots of ballots/*.yaml.

An example of ballots::

id: jury
name: The jury
rule: borda                # what a stage counts: plurality, borda, approval, points, condorcet
ballots:
  - {ranking: [alpha, beta, gamma], approves: [alpha], voters: 2}
  - {points: {beta: 10, alpha: 6}}
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from icfscore.domain.criteria import ROOT, CriteriaTree, FileModel, Identifier
from icfscore.domain.funnel import Ballots, Rule, Stage, StageInput
from icfscore.domain.text import Line, Name
from icfscore.errors import Problem, name_hint
from icfscore.files.check import Origin, check, check_file, spell
from icfscore.files.entries import NotNegative
from icfscore.files.located_yaml import Document
from icfscore.sentences import say


class BallotEntry(FileModel):
    """A ballot, cast by one voter or several alike."""

    voter: str = ""
    voters: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1
    ranking: list[Any] | None = None
    approves: list[Any] | None = None
    points: dict[Line, NotNegative] | None = None


class BallotsHead(FileModel):
    """A file of ballots without its nested parts."""

    id: Identifier
    name: Name
    rule: Rule = "borda"
    ties: bool = False
    ballots: list[Any] = Field(min_length=1)


class StageEntry(FileModel):
    """A stage of the funnel."""

    id: Identifier
    name: Name | None = None
    inputs: dict[Line, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(min_length=1)
    combine: Literal["scores", "ranks"] = "scores"
    passes: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class FunnelReader:
    """Reads ballots and stages; problems are added to the list.

    Attributes
    ----------
    communities
        Ids of those there are; None where some could not be read.
    """

    tree: CriteriaTree
    communities: Collection[str] | None
    problems: list[Problem]
    partial: bool = False

    def ballots(self, documents: Iterable[Document]) -> dict[str, Ballots]:
        """Read files of ballots, by id."""
        read = (self._file(document) for document in documents)
        return {ballots.id: ballots for ballots in read if ballots is not None}

    def _file(self, document: Document) -> Ballots | None:
        found = len(self.problems)
        head = check_file(BallotsHead, document, self.problems)
        if head is None:
            return None
        entries, places = [], []
        for position, raw in enumerate(head.ballots):
            where = ("ballots", position)
            entry = check(BallotEntry, raw, document, where, self.problems)
            if entry is not None:
                entries.append(entry)
                places.append(self._places(entry, document, where, ties=head.ties))
        approvals = all(entry.approves is not None for entry in entries)
        points = all(entry.points is not None for entry in entries)
        if (head.rule == "approval" and not approvals) or (head.rule == "points" and not points):
            what = say("rule: {rule} needs it on every ballot", rule=head.rule)
            self.problems.append(document.problem(("rule",), what))
        names = tuple(dict.fromkeys(name for placed in places for name in placed))
        if not names and len(self.problems) == found:
            what = say("no ballot names a community")
            self.problems.append(document.problem(("ballots",), what))
        if len(self.problems) > found:
            return None
        return Ballots(
            head.id,
            head.name,
            head.rule,
            names,
            _table(places, names, np.nan),
            np.array([float(entry.voters) for entry in entries]),
            _table([dict.fromkeys(e.approves or (), 1.0) for e in entries], names, 0.0)
            if approvals
            else None,
            _table([e.points or {} for e in entries], names, 0.0) if points else None,
        )

    def _places(
        self, entry: BallotEntry, document: Document, where: tuple[Any, ...], *, ties: bool
    ) -> dict[str, float]:
        """Find the place a ballot gives each community: by ranking, else points, else approval."""
        approved: list[Any] = []
        for position, name in enumerate(entry.approves or ()):
            if self._known(name, document, (*where, "approves", position)) and name in approved:
                what = say("'{name}' is given twice", name=name)
                self.problems.append(document.problem((*where, "approves", position), what))
            approved.append(name)
        for name in entry.points or ():
            self._known(name, document, (*where, "points", name))
        if entry.ranking is not None:
            return self._ranking(entry.ranking, document, (*where, "ranking"), ties=ties)
        if entry.points:
            values = sorted(set(entry.points.values()), reverse=True)
            return {name: 1.0 + values.index(value) for name, value in entry.points.items()}
        if entry.approves is None:
            what = say("a ballot needs a ranking, points or approvals")
            self.problems.append(document.problem(where, what))
        return {str(name): 1.0 for name in entry.approves or ()}

    def _ranking(
        self, raw: list[Any], document: Document, where: tuple[Any, ...], *, ties: bool
    ) -> dict[str, float]:
        places: dict[str, float] = {}
        for position, tied in enumerate(raw):
            names = tied if isinstance(tied, list) else [tied]
            if not names:
                what = say("a place names nobody")
                self.problems.append(document.problem((*where, position), what))
            if len(names) > 1 and not ties:
                what = say("two share a place, and ties are not allowed")
                hint = say("say ties: true at the top to allow them")
                self.problems.append(document.problem((*where, position), what, hint))
            for name in names:
                if not self._known(name, document, (*where, position)):
                    continue
                if name in places:
                    what = say("'{name}' is given twice", name=name)
                    self.problems.append(document.problem((*where, position), what))
                places[name] = 1.0 + position
        return places

    def _known(self, name: Any, document: Document, where: tuple[Any, ...]) -> bool:
        """Tell whether a name is a community's; one that is not is a problem."""
        if isinstance(name, str) and (self.communities is None or name in self.communities):
            return True
        what = say("no community '{name}'", name=name if isinstance(name, str) else spell(name))
        hint = name_hint(str(name), self.communities or (), what=say("the communities"))
        self.problems.append(document.problem(where, what, hint))
        return False

    def stages(
        self,
        origin: Document,
        panels: Mapping[str, object],
        ballots: Mapping[str, object],
    ) -> tuple[Stage, ...]:
        """Read the stages, in the order in which communities pass them."""
        raw = origin.data.get("stages") if isinstance(origin.data, dict) else None
        read: list[Stage] = []
        entering = None if self.communities is None else len(self.communities)
        for position, one in enumerate(raw if isinstance(raw, list) else ()):
            where = ("stages", position)
            entry = check(StageEntry, one, origin, where, self.problems)
            if entry is None:
                continue
            if any(stage.id == entry.id for stage in read):
                what = say("'{name}' is given twice", name=entry.id)
                self.problems.append(origin.problem((*where, "id"), what))
            if entering is not None and entry.passes > entering:
                what = say(
                    "{stage}: passes {n}, but only {entering} enter",
                    stage=entry.id,
                    n=entry.passes,
                    entering=entering,
                )
                self.problems.append(origin.problem((*where, "passes"), what))
            entering = entry.passes
            inputs = self._inputs(entry.inputs, origin, (*where, "inputs"), panels, ballots)
            read.append(
                Stage(entry.id, entry.name or entry.id, inputs, entry.passes, entry.combine)
            )
        return tuple(read)

    def _inputs(
        self,
        given: Mapping[str, float],
        origin: Origin,
        where: tuple[Any, ...],
        panels: Mapping[str, object],
        ballots: Mapping[str, object],
    ) -> tuple[StageInput, ...]:
        """Read what a stage looks at, each thing once."""
        read: dict[str, StageInput] = {}
        for name, weight in given.items():
            one = self._input(name, weight, origin, (*where, name), panels, ballots)
            if one is not None and one.key in read:
                what = say("'{name}' is given twice", name=one.key)
                self.problems.append(origin.problem((*where, name), what, at="key"))
            if one is not None:
                read[one.key] = one
        return tuple(read.values())

    def _input(
        self,
        name: str,
        weight: float,
        origin: Origin,
        where: tuple[Any, ...],
        panels: Mapping[str, object],
        ballots: Mapping[str, object],
    ) -> StageInput | None:
        kind, dot, rest = name.partition(".")
        if dot and kind == "panel" and rest in panels:
            return StageInput("panel", rest, weight)
        if dot and kind == "ballots" and rest in ballots:
            return StageInput("ballots", rest, weight)
        node = self.tree.resolve(name)
        if node is not None and (node == ROOT or node in self.tree.node_by_id):
            return StageInput("node", node, weight)
        if not self.partial and not self.problems:
            known = [
                *self.tree.node_by_id,
                *(f"panel.{panel}" for panel in panels),
                *(f"ballots.{each}" for each in ballots),
            ]
            what = say("unknown input '{name}'", name=name)
            hint = name_hint(name, known, what=say("the inputs"))
            self.problems.append(origin.problem(where, what, hint, at="key"))
        return None


def _table(rows: list[dict[str, float]], names: tuple[str, ...], missing: float) -> Any:
    return np.array([[float(row.get(name, missing)) for name in names] for row in rows])
