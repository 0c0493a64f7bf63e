"""What an import would do to a project: compared value by value, spelt as new texts of files.

Decisions. Nothing that disagrees with the project is taken silently: it is *conflicting*, and an
import with conflicts writes nothing until it is told to replace or to keep. Values are of the same
observation if their years are equal, or one of them has none and the other is alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard

from icfscore.domain.communities import Observation
from icfscore.domain.import_changes import Change, Outcome
from icfscore.domain.text import Text, text_in
from icfscore.errors import InputError, Problem
from icfscore.files.import_read import Arrival, Arrivals
from icfscore.files.project_files import HEAD_FIELDS, EntityFile, ProjectFiles
from icfscore.sentences import say

Choice = Literal["ask", "replace", "keep"]

_EVIDENCE = ("source", "level", "area", "status", "comparability", "sd", "interval", "note")


@dataclass(slots=True)
class Plan:
    """An import that is ready to be written.

    Attributes
    ----------
    files
        New texts by path relative to the project.
    """

    changes: list[Change] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    ignored: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """Count the changes of one kind."""
        return sum(change.outcome == outcome for change in self.changes)


def plan_import(files: ProjectFiles, arrivals: Arrivals, choice: Choice = "ask") -> Plan:
    """Compare what arrives with what a project holds.

    Raises
    ------
    InputError
        Where something would change that stands in a table of the project.
    """
    planner = _Planner(files, choice)
    for arrival in arrivals.listed:
        planner.take(arrival)
    if planner.problems:
        raise InputError(planner.problems)
    for key, entry in arrivals.sources.items():
        planner.add_source(key, entry)
    plan = planner.plan
    plan.ignored = arrivals.ignored
    plan.files |= files.changed()
    return plan


class _Planner:
    def __init__(self, files: ProjectFiles, choice: Choice) -> None:
        self.files = files
        self.choice = choice
        self.plan = Plan()
        self.problems: list[Problem] = []

    def add_source(self, key: str, entry: dict[str, Any]) -> None:
        """Put a source into sources.yaml, unless it is there."""
        if self.files.add_source(key, entry):
            title = str(entry.get("title", ""))
            self._note("", say("source {key}", key=key), None, "new", "", title, "")
            return
        kept = self.files.project.sources.get(key)
        if kept is not None and "title" in entry and entry["title"] != kept.title:
            title = text_in(kept.title, "en")
            if entry["title"] == title:  # a workbook spells titles in English alone
                return
            self.plan.notes.append(
                say("source '{key}' stays as it is: {title}", key=key, title=title)
            )

    def take(self, arrival: Arrival) -> None:
        """Compare one community, and put what is new into its file."""
        row, entity = arrival.row, arrival.entity
        place = str(row.problem(("id",), "")).rstrip(": ")
        file = self.files.entity(entity.id)
        if file is None:
            known = self.files.project.community_by_id.get(entity.id)
            if known is None:
                self._take_new(arrival, place)
                return
        self._take_heads(arrival, file, place)
        for quantity, raw, observation, number in _observations(arrival):
            where = row.problem(("observations", quantity, number), "")
            self._take_value(arrival, file, quantity, raw, observation, str(where).rstrip(": "))

    def _take_new(self, arrival: Arrival, place: str) -> None:
        file = self.files.new_entity(arrival.entity.id, arrival.row.data)
        self._note(arrival.entity.id, "community", None, "new", "", file.name, place)
        for quantity, raw, observation, number in _observations(arrival):
            where = str(arrival.row.problem(("observations", quantity, number), "")).rstrip(": ")
            after = self._spell(quantity, observation)
            self._note(arrival.entity.id, quantity, observation.year, "new", "", after, where)
            file.put(quantity, raw, None)

    def _take_heads(self, arrival: Arrival, file: EntityFile | None, place: str) -> None:
        known = self.files.entity_of(arrival.entity.id)
        heads = arrival.row.columns.heads
        told = {key.partition(".")[0] for key in heads}
        for name in HEAD_FIELDS:
            after = arrival.row.data.get(name)
            if name not in told or after in (None, "", {}):
                continue
            for key, before, new in _head_differences(name, getattr(known, name), after):
                outcome: Outcome = "new" if not before else self._disagreement()
                self._note(known.id, key, None, outcome, str(before or ""), str(new), place)
                if outcome in ("new", "changed") and self._is_writable(file, known.id, place):
                    file.put_head(key, new)

    def _take_value(
        self,
        arrival: Arrival,
        file: EntityFile | None,
        quantity: str,
        raw: dict[str, Any],
        observation: Observation,
        place: str,
    ) -> None:
        known = self.files.entity_of(arrival.entity.id)
        dated = known.observations.get(quantity, ())
        match = _match(dated, observation.year)
        if match is None:
            self._note(
                known.id, quantity, observation.year, "new", "",
                self._spell(quantity, observation), place,
            )  # fmt: skip
            if self._is_writable(file, known.id, place):
                file.put(quantity, raw, None)
            return
        given = {*raw, "source"}
        told = [part for part in _EVIDENCE if part in given and _differs(part, match, observation)]
        if "year" in given and match.year != observation.year:
            told.append("year")
        if not told and _equal(match.value, observation.value):
            spelt = self._spell(quantity, match)
            self._note(known.id, quantity, match.year, "same", spelt, spelt, place)
            return
        outcome = self._disagreement()
        self._note(
            known.id, quantity, observation.year, outcome,
            self._spell(quantity, match, told), self._spell(quantity, observation, told), place,
        )  # fmt: skip
        if outcome == "changed" and self._is_writable(file, known.id, place):
            if _equal(match.value, observation.value):
                # What the table does not speak of stays.
                file.amend(quantity, {part: raw[part] for part in told if part in raw}, match)
            else:
                file.put(quantity, raw, match)

    def _disagreement(self) -> Outcome:
        outcomes: dict[Choice, Outcome] = {
            "ask": "conflicting",
            "replace": "changed",
            "keep": "kept",
        }
        return outcomes[self.choice]

    def _is_writable(
        self, file: EntityFile | None, identifier: str, place: str
    ) -> TypeGuard[EntityFile]:
        if file is not None:
            return True
        what = say(
            "{place}: {identifier} stands in a table of the project",
            place=place,
            identifier=identifier,
        )
        self.problems.append(Problem("", 0, 0, what, say("change it there")))
        return False

    def _spell(self, quantity: str, seen: Observation, told: list[str] | None = None) -> str:
        unit = self.files.project.tree.quantity_by_id[quantity].unit
        parts = [f"{seen.value:.12g} {unit}".strip()]
        parts += [f"{part} {_plain(getattr(seen, part))}" for part in told or ()]
        return ", ".join(parts)

    def _note(
        self,
        entity: str,
        item: str,
        year: int | None,
        outcome: Outcome,
        before: str,
        after: str,
        place: str,
    ) -> None:
        self.plan.changes.append(Change(entity, item, year, outcome, before, after, place))


def _observations(arrival: Arrival) -> Iterator[tuple[str, dict[str, Any], Observation, int]]:
    """Walk over an arrival's observations: quantity, as spelt, as checked, number."""
    data = arrival.row.data
    top = {key: data[key] for key in ("source", "year", "level") if key in data}
    for quantity, raw in data["observations"].items():
        listed = raw if isinstance(raw, list) else [raw]
        seen = arrival.entity.observations.get(quantity, ())
        for number, (entry, observation) in enumerate(zip(listed, seen, strict=True)):
            spelt = entry if isinstance(entry, dict) else {"value": entry}
            yield quantity, {**top, **spelt}, observation, number


def _match(dated: tuple[Observation, ...], year: int | None) -> Observation | None:
    for observation in dated:
        if observation.year == year:
            return observation
    if len(dated) == 1 and (year is None or dated[0].year is None):
        return dated[0]
    return None


def _equal(left: float, right: float) -> bool:
    return math.isclose(left, right, rel_tol=1e-12, abs_tol=0.0)


def _differs(part: str, known: Observation, told: Observation) -> bool:
    before, after = getattr(known, part), getattr(told, part)
    if isinstance(before, float) and isinstance(after, float):
        return not _equal(before, after)
    if isinstance(before, tuple) and isinstance(after, tuple):
        return not all(map(_equal, before, after))
    if part == "note":
        return bool(_in_english(before) != _in_english(after))
    return bool(before != after)


def _in_english(text: Text) -> str:
    """Choose the language that tables carry where a file has several."""
    found = text if isinstance(text, str) else text.get("en", next(iter(text.values()), ""))
    return " ".join(found.split())


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return _in_english(value)
    if isinstance(value, tuple):
        return " to ".join(f"{end:g}" for end in value)
    return "none" if value in (None, "") else str(value)


def _head_differences(name: str, known: Any, told: Any) -> Iterator[tuple[str, Any, Any]]:
    """List keys, what the project says (or nothing) and what the table says otherwise."""
    if name == "groups":
        for key, value in told.items():
            if known.get(key) != value:
                yield f"groups.{key}", known.get(key), value
        return
    if isinstance(told, dict):
        texts = known if isinstance(known, dict) else {"en": known}
        for language, text in told.items():
            if texts.get(language) != text:
                yield f"name.{language}", texts.get(language), text
        return
    if isinstance(known, dict):
        if told not in known.values():
            yield "name.en", known.get("en"), told
    elif known != told:
        yield name, known, told
