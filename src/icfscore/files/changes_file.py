"""Reading changes of values: from options such as ``oulu.dust=10``, or from a YAML file.

The file maps communities to indicators to values; a value is what an observation may be:

    oulu:
      dust: 10
      speed: {value: 0.2, unit: Gbit/s}
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from icfscore.domain.changes import Change
from icfscore.domain.communities import Source
from icfscore.domain.project import Project
from icfscore.errors import InputError, Problem, name_hint
from icfscore.files.check import Origin, check, spell
from icfscore.files.entries import CommunityHead
from icfscore.files.located_yaml import parse_value, read_document
from icfscore.files.observations import Citations, ObservationReader
from icfscore.pipeline.changes import ASSUMED
from icfscore.sentences import say

_MEASURED = {"status", "comparability"}


@dataclass(frozen=True, slots=True)
class _Within:
    """A community's part of a file of changes, as the place of its observations' problems."""

    origin: Origin
    community: str

    def problem(
        self, location: tuple[Hashable, ...], what: str, hint: str = "", *, at: Any = "value"
    ) -> Problem:
        return self.origin.problem((self.community, *location[1:]), what, hint, at=at)


@dataclass(frozen=True, slots=True)
class _Option:
    """One ``--change`` as the place of a problem."""

    text: str

    def problem(
        self, location: tuple[Hashable, ...], what: str, hint: str = "", *, at: Any = "value"
    ) -> Problem:
        place = f"--change {self.text}"
        return Problem("", 0, 0, say("{place}: {what}", place=place, what=what), hint)


def read_changes(
    project: Project, options: Iterable[str] = (), files: Iterable[Path] = ()
) -> tuple[Change, ...]:
    """Read all changes: those of the files, then those of the options.

    Parameters
    ----------
    options
        Each ``COMMUNITY.INDICATOR=VALUE``.

    Raises
    ------
    InputError
        With every problem of every file and option: unknown names, values that are not possible,
        the same value changed twice.
    """
    reader = _ChangesReader(project, [])
    changes: list[Change] = []
    for path in files:
        try:
            document = read_document(path, str(path))
        except InputError as error:
            reader.problems.extend(error.problems)
            continue
        changes += reader.read(document.data, document)
    for text in options:
        changes += reader.option(text)
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(changes)


class _ChangesReader:
    """Reads changes against one project; problems are added to the list."""

    def __init__(self, project: Project, problems: list[Problem]) -> None:
        self.project = project
        self.problems = problems
        self.seen: set[tuple[str, str]] = set()

    def option(self, text: str) -> list[Change]:
        """Read one option."""
        origin = _Option(text)
        cell, sign, value = text.partition("=")
        community, dot, quantity = cell.strip().partition(".")
        if not (sign and dot and community and quantity.strip() and value.strip()):
            what = say("is not of the form COMMUNITY.INDICATOR=VALUE")
            self.problems.append(origin.problem((), what))
            return []
        parsed = parse_value(value.strip(), f"--change {text}")
        return self.read({community: {quantity.strip(): parsed}}, origin)

    def read(self, data: Any, origin: Origin) -> list[Change]:
        """Read values by community and indicator."""
        if not isinstance(data, Mapping) or not data:
            what = say("must map communities to their values, got {value}", value=spell(data))
            self.problems.append(origin.problem((), what))
            return []
        changes: list[Change] = []
        for community, values in data.items():
            changes += self._community(str(community), values, origin)
        return changes

    def _community(self, community: str, values: Any, origin: Origin) -> list[Change]:
        known = self.project.community_by_id
        if community not in known:
            hint = name_hint(community, known, what=say("the communities"))
            what = say("no community '{focus}'", focus=community)
            self.problems.append(origin.problem((community,), what, hint, at="key"))
            return []
        if not isinstance(values, dict):
            what = say(
                "{name}: must map indicators to values, got {value}",
                name=community,
                value=spell(values),
            )
            self.problems.append(origin.problem((community,), what))
            return []
        given = self._without_nothing(community, values, origin)
        within = _Within(origin, community)
        entry = {"id": community, "name": community, "observations": given, "source": ASSUMED}
        head = check(CommunityHead, entry, within, (), self.problems)
        if head is None:
            return []
        citations = Citations({**self.project.sources, ASSUMED: Source("")}, self.problems)
        reader = ObservationReader(
            self.project.tree, citations, self.problems, within, head, False, False
        )
        changes = []
        for quantity, dated in reader.read().items():
            place = ("observations", self._spelt(quantity, given))
            if (community, quantity) in self.seen:
                what = say("{name} is changed twice", name=f"{community}.{quantity}")
                hint = say("keep one of the two")
                self.problems.append(within.problem(place, what, hint, at="key"))
            elif len(dated) > 1:
                what = say("{name}: give one value", name=quantity)
                self.problems.append(within.problem(place, what))
            else:
                raw = given[str(place[1])]
                stated = isinstance(raw, dict) and bool(_MEASURED & raw.keys())
                changes.append(Change(community, quantity, dated[0], as_before=not stated))
            self.seen.add((community, quantity))
        return changes

    def _without_nothing(
        self, community: str, values: Mapping[str, Any], origin: Origin
    ) -> dict[str, Any]:
        """Refuse values that are left empty."""
        for key, value in values.items():
            if value is None:
                what = say("{name}: needs a value", name=key)
                self.problems.append(origin.problem((community, key), what))
        return {key: value for key, value in values.items() if value is not None}

    def _spelt(self, quantity: str, given: Mapping[str, Any]) -> str:
        """Find the name under which a quantity was given."""
        resolve = self.project.tree.resolve
        return next(key for key in given if key == quantity or resolve(key) == quantity)
