"""Reading panels/*.yaml: raters' scores by community and node.

An example::

id: analysts                        # the file's name
name: Scores of the analysts
source: analysts_2019               # a key of communities/sources.yaml
rubric: [0, 10]                     # or words: {none: 0, plan: 1, operating: 3}
raters: {an: An, bo: Bo}
scores:                             # or the name of a table beside it: analysts.csv
  alpha: {work: {an: 7, bo: 5}}     # a missing score is null, or left out
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from icfscore.domain.criteria import ROOT, CriteriaTree, FileModel, Identifier
from icfscore.domain.panels import Panel
from icfscore.domain.text import Line, Name, Text
from icfscore.errors import InputError, Problem, name_hint
from icfscore.files.check import check_file, spell
from icfscore.files.entries import Year
from icfscore.files.located_yaml import Document, resolve_scalar
from icfscore.files.observations import Citations
from icfscore.files.plan_file import finite_number
from icfscore.files.read_table import read_sheets
from icfscore.files.sheet import Sheet, is_missing
from icfscore.sentences import say

_LARGEST, _NARROWEST = 1e6, 1e-3
_COLUMNS = ("community", "node", "rater", "score")


class PanelHead(FileModel):
    """A panel's file without its nested parts."""

    id: Identifier
    name: Name
    description: Text = ""
    source: Line | None = None
    year: Year | None = None
    rubric: Any
    raters: dict[Line, Name | None] = Field(min_length=1)
    scores: Any


Note = Callable[..., None]
"""Notes what is wrong with the names (position 0 to 2) or the value (3) of a score."""


@dataclass(slots=True)
class _Rubric:
    low: float
    high: float
    levels: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PanelReader:
    """Reads panels against one framework and its communities; problems are added to the list.

    Attributes
    ----------
    communities
        Ids of those there are; None where some could not be read, so that no name is known wrong.
    partial
        Whether nodes could not be read.
    """

    tree: CriteriaTree
    communities: Collection[str] | None
    citations: Citations
    problems: list[Problem]
    partial: bool = False

    def read(self, document: Document, folder: Path) -> Panel | None:
        """Read one file; None where its head has problems."""
        found = len(self.problems)
        head = check_file(PanelHead, document, self.problems)
        if head is None:
            return None
        source = self.citations.check(head.source, document, ())
        rubric = self._rubric(head.rubric, document)
        if rubric is None or len(self.problems) > found:
            return None
        scores: dict[tuple[str, str], dict[str, float]] = {}
        sheet = None
        if isinstance(head.scores, str):
            sheet = self._sheet(head.scores, document, folder)
            if sheet is None:
                return None
        for names, value, note in self._entries(head, document, sheet):
            self._put(scores, names, value, note, head, rubric)
        if not scores and len(self.problems) == found:
            self.problems.append(document.problem(("scores",), say("holds no scores")))
        if not scores:
            return None
        return Panel(
            head.id,
            head.name,
            source,
            rubric.low,
            rubric.high,
            {rater: name or rater for rater, name in head.raters.items()},
            tuple(scores),
            np.array(
                [[row.get(rater, np.nan) for rater in head.raters] for row in scores.values()]
            ),
            head.description,
            head.year,
            rubric.levels,
            *((head.scores, sheet.digest) if sheet else ("", "")),
        )

    def _rubric(self, raw: Any, document: Document) -> _Rubric | None:
        if isinstance(raw, dict) and len(raw) > 1:
            levels = {name: finite_number(value) for name, value in raw.items()}
            numbers = [value for value in levels.values() if value is not None]
            if len(numbers) == len(raw) and min(numbers) < max(numbers):
                found = {name: value for name, value in levels.items() if value is not None}
                return self._sized(_Rubric(min(numbers), max(numbers), found), document)
        if isinstance(raw, list) and len(raw) == 2:
            low, high = (finite_number(end) for end in raw)
            if low is not None and high is not None and low < high:
                return self._sized(_Rubric(low, high), document)
        what = say(
            "rubric: must be the lowest and the highest score, or words with their scores, got"
            " {found}",
            found=spell(raw),
        )
        hint = say("such as [0, 10], or {example}", example="{none: 0, plan: 1, operating: 3}")
        self.problems.append(document.problem(("rubric",), what, hint))
        return None

    def _sized(self, rubric: _Rubric, document: Document) -> _Rubric | None:
        """Refuse ends so large or so near that the model of raters, ten decimals, loses them."""
        if max(abs(rubric.low), abs(rubric.high)) <= _LARGEST and (
            rubric.high - rubric.low >= _NARROWEST
        ):
            return rubric
        what = say(
            "rubric: its ends must be at most {largest:g} in size and at least {narrowest:g}"
            " apart, got {low:g} and {high:g}",
            largest=_LARGEST,
            narrowest=_NARROWEST,
            low=rubric.low,
            high=rubric.high,
        )
        self.problems.append(document.problem(("rubric",), what))
        return None

    def _entries(
        self, head: PanelHead, document: Document, sheet: Sheet | None
    ) -> Iterator[tuple[tuple[str, str, str], Any, Note]]:
        """List the scores as they are written, each with how to note what is wrong with it."""
        if sheet is not None:
            yield from self._rows(sheet)
            return
        for community, nodes in self._mapping(head.scores, document, ("scores",)):
            for node, raters in self._mapping(nodes, document, ("scores", community)):
                place = ("scores", community, node)
                for rater, value in self._mapping(raters, document, place):
                    names = (community, node, rater)
                    yield names, value, self._noting(document, names)

    def _mapping(
        self, raw: Any, document: Document, place: tuple[str, ...]
    ) -> Iterator[tuple[str, Any]]:
        if raw is None:
            return
        if not isinstance(raw, dict):
            what = say("must be a mapping of keys and values, got {found}", found=spell(raw))
            self.problems.append(document.problem(place, what))
            return
        yield from raw.items()

    def _noting(self, document: Document, names: tuple[str, ...]) -> Note:
        def note(position: int, what: str, hint: str = "") -> None:
            path = ("scores", *names[: position + 1])
            at = "key" if position < 3 else "value"
            self.problems.append(document.problem(path, what, hint, at=at))  # type: ignore[arg-type]

        return note

    def _sheet(self, name: str, document: Document, folder: Path) -> Sheet | None:
        """Read the table that holds the scores; None where it cannot be."""
        if Path(name).name != name or "\0" in name:
            what = say("'{name}' is no name of a file beside this one", name=name)
            self.problems.append(document.problem(("scores",), what))
            return None
        label = str(Path(document.name).parent / name)
        try:
            return read_sheets(folder / name, label)[0]
        except InputError as error:
            self.problems.extend(error.problems)
            return None

    def _rows(self, sheet: Sheet) -> Iterator[tuple[tuple[str, str, str], Any, Note]]:
        """Read a table that has a row for every score."""
        header = (
            [str(cell or "").strip().casefold() for cell in sheet.rows[0]] if sheet.rows else []
        )
        for column in _COLUMNS:
            if column not in header:
                what = say("has no column '{column}'", column=column)
                hint = say("needs the columns {columns}", columns=", ".join(_COLUMNS))
                self.problems.append(sheet.problem(0, 0, what, hint))
                return
            if header.count(column) > 1:
                last = len(header) - 1 - header[::-1].index(column)
                what = say("has the column '{column}' twice", column=column)
                self.problems.append(sheet.problem(0, last, what))
                return
        places = [header.index(column) for column in _COLUMNS]
        for row in range(1, len(sheet.rows)):
            community, node, rater, value = (sheet.rows[row][place] for place in places)
            if is_missing(value):
                continue
            if not sheet.typed:
                value = resolve_scalar(str(value).strip())
            names = (str(community).strip(), str(node).strip(), str(rater).strip())
            yield names, value, self._noting_cell(sheet, row, places)

    def _noting_cell(self, sheet: Sheet, row: int, places: list[int]) -> Note:
        def note(position: int, what: str, hint: str = "") -> None:
            self.problems.append(sheet.problem(row, places[position], what, hint))

        return note

    def _put(
        self,
        scores: dict[tuple[str, str], dict[str, float]],
        names: tuple[str, str, str],
        value: Any,
        note: Note,
        head: PanelHead,
        rubric: _Rubric,
    ) -> None:
        """Take a score, or note what is wrong with it."""
        community, name, rater = names
        if self.communities is not None and community not in self.communities:
            hint = name_hint(community, self.communities, what=say("the communities"))
            note(0, say("no community '{name}'", name=community), hint)
            return
        node = self.tree.resolve(name)
        if node is None or (node != ROOT and node not in self.tree.parent_by_id):
            if not self.partial:
                what = say("unknown criterion or indicator '{name}'", name=name)
                note(1, what, name_hint(name, self.tree.parent_by_id))
            return
        if rater not in head.raters:
            hint = name_hint(rater, head.raters, what=say("the raters"))
            note(2, say("the panel has no rater '{name}'", name=rater), hint)
            return
        if value is None:
            return
        score = _score(value, rubric, note)
        if score is None:
            return
        row = scores.setdefault((community, node), {})
        if rater in row:
            note(2, say("'{name}' is given twice", name=rater))
        row[rater] = score


def _score(value: Any, rubric: _Rubric, note: Note) -> float | None:
    levels: Mapping[str, float] = rubric.levels
    number = levels.get(value) if isinstance(value, str) else finite_number(value)
    if levels:
        if number is None or number not in levels.values():
            known = ", ".join(levels)
            hint = name_hint(value, levels) if isinstance(value, str) else ""
            what = say("the rubric has no score {found}", found=spell(value))
            note(3, what, hint or say("one of {known}", known=known))
            return None
        return number
    if number is None:
        note(3, say("must be a number, got {found}", found=spell(value)))
    elif not rubric.low <= number <= rubric.high:
        what = say(
            "{value:g} is outside the rubric, {low:g} to {high:g}",
            value=number,
            low=rubric.low,
            high=rubric.high,
        )
        note(3, what)
        return None
    return number
