"""Reading a table that is to be imported: its communities, checked as files would be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from icfscore.domain.communities import Entity, Source
from icfscore.domain.project import Project
from icfscore.domain.text import Text
from icfscore.errors import InputError, Problem, name_hint
from icfscore.files.community_file import EntityReader
from icfscore.files.mapping_file import MappingFile
from icfscore.files.observations import Citations
from icfscore.files.sheet import Sheet
from icfscore.files.table_columns import Columns, find_columns, spell_name
from icfscore.files.table_row import TableRow, slug
from icfscore.files.table_rows import read_rows
from icfscore.sentences import say


@dataclass(frozen=True, slots=True)
class Arrival:
    """A community or area that a table tells of.

    Attributes
    ----------
    row
        What the table says, spelt as a YAML file would.
    entity
        The same, checked and converted.
    area
        Whether it is one of the project's areas.
    """

    row: TableRow
    entity: Entity
    area: bool


@dataclass(slots=True)
class Arrivals:
    """All that tables tell.

    Attributes
    ----------
    sources
        New sources by key, as sources.yaml would spell them.
    ignored
        By table the names of columns that were not read.
    """

    listed: list[Arrival] = field(default_factory=list)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    ignored: dict[str, list[str]] = field(default_factory=dict)


def choose_sheets(sheets: list[Sheet], wanted: Iterable[str]) -> list[Sheet]:
    """Choose sheets by name; without a name the only one that holds anything.

    Raises
    ------
    InputError
        Where a sheet is missing, or it is not clear which one is meant.
    """
    by_name = {spell_name(sheet.name): sheet for sheet in sheets}
    file = sheets[0].file if sheets else ""
    names = [sheet.name for sheet in sheets]
    chosen = []
    for name in wanted:
        if spell_name(name) not in by_name:
            hint = name_hint(name, names, what=say("its sheets"))
            raise InputError.of(say("no sheet '{name}'", name=name), hint, file=file)
        chosen.append(by_name[spell_name(name)])
    if chosen:
        return chosen
    filled = [sheet for sheet in sheets if sheet.rows]
    if len(filled) > 1:
        listed = ", ".join(sheet.name for sheet in filled)
        what = say(
            "has {filled} sheets with something in them: {listed}",
            filled=len(filled),
            listed=listed,
        )
        raise InputError.of(what, say("say which one: --sheet NAME"), file=file)
    if not filled:
        raise InputError.of(say("holds nothing"), file=file)
    return filled


def read_arrivals(
    project: Project,
    sheets: Iterable[Sheet],
    mapping: MappingFile,
    *,
    new_sources: Mapping[str, Mapping[str, Any]] | None = None,
    adopt_sources: bool = False,
) -> Arrivals:
    """Read tables against a project.

    Parameters
    ----------
    new_sources
        Sources that the import brings, by key.
    adopt_sources
        Whether the text of an unknown source becomes one, under an id made of it.

    Raises
    ------
    InputError
        With every problem of every cell.
    """
    problems: list[Problem] = []
    arrivals = Arrivals(sources={key: dict(entry) for key, entry in (new_sources or {}).items()})
    identify = _identifier(project)
    rows: list[TableRow] = []
    for sheet in sheets:
        header = _header_row(sheet, mapping, problems)
        columns = find_columns(sheet, project.tree, problems, mapping, header=header)
        if columns is None:
            continue
        if columns.ignored:
            arrivals.ignored[sheet.label] = columns.ignored
        found = len(problems)
        rows += read_rows(
            sheet,
            columns,
            project.tree,
            problems,
            start=header + 1,
            decimal=mapping.decimal,
            identify=identify,
        )
        if len(problems) == found:
            _check_sources(sheet, columns)
    sources = _Sources(project.sources, arrivals.sources, adopt_sources)
    for row in rows:
        sources.settle(row.data)
    known = {**project.sources, **{key: Source("") for key in arrivals.sources}}
    citations = Citations(known, problems)
    reader = EntityReader(project.tree, citations, problems)
    for row in rows:
        area = row.data["id"] in project.areas
        entity = reader.read(row, area=area)
        if entity is not None:
            arrivals.listed.append(Arrival(row, entity, area))
    if problems:
        raise InputError(problems)
    return arrivals


def _header_row(sheet: Sheet, mapping: MappingFile, problems: list[Problem]) -> int:
    """Find the position of the row with the columns' names: the one said, or the first."""
    if mapping.header is None:
        return 0
    if mapping.header not in sheet.numbers:
        what = say(
            "row {header}, which should hold the columns' names, is empty", header=mapping.header
        )
        problems.append(sheet.problem(0, 0, what))
        return 0
    return sheet.numbers.index(mapping.header)


def _check_sources(sheet: Sheet, columns: Columns) -> None:
    """Say once, not at every cell, that no source is given at all."""
    given = "source" in columns.shared or "source" in columns.constants
    own = any(part == "source" for _, part in columns.fields)
    own = own or any("source" in entry for entry in columns.own_constants.values())
    if not given and not own:
        hint = say("say where they were published: --source KEY, or a column 'source'")
        raise InputError([sheet.problem(0, 0, say("its values have no source"), hint)])


def _identifier(project: Project) -> Callable[[str, str], str]:
    """Make what finds the id of a community or area by an id or a name."""
    by_name: dict[str, str] = {}
    for entity in (*project.communities, *project.areas.values()):
        names = (entity.id, *_texts(entity.name), entity.listed_as)
        for name in names:
            if name:
                by_name.setdefault(spell_name(name), entity.id)
    by_name |= {community.id: community.id for community in project.communities}
    exact = set(project.areas)

    def identify(identifier: str, name: str) -> str:
        if identifier in exact:
            return identifier
        for text in (identifier, "" if identifier else name):
            found = by_name.get(spell_name(text)) if text else None
            if found is not None:
                return found
        return slug(identifier or name)

    return identify


def _texts(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


_LINK = re.compile(r"https?://[^\s/]\S*")


@dataclass(slots=True)
class _Sources:
    """Turns what tables call a source into its key."""

    known: Mapping[str, Source]
    new: dict[str, dict[str, Any]]
    adopts: bool
    by_title: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, source in self.known.items():
            for title in filter(None, (*_texts(source.title), source.url)):
                self.by_title.setdefault(spell_name(title), key)

    def settle(self, data: dict[str, Any]) -> None:
        """Replace the sources of a community's data by their keys."""
        entries: list[dict[str, Any]] = [data]
        for raw in data.get("observations", {}).values():
            entries += raw if isinstance(raw, list) else [raw]
        for entry in entries:
            if isinstance(entry, dict) and isinstance(entry.get("source"), str):
                entry["source"] = self._key(entry["source"])

    def _key(self, text: str) -> str:
        if text in self.known or text in self.new:
            return text
        if (found := self.by_title.get(spell_name(text))) is not None:
            return found
        key = slug(text)
        if not self.adopts or not key:
            return text
        while key in self.known or key in self.new:
            key += "_"
        self.new[key] = {"title": text} | ({"url": text} if _LINK.fullmatch(text) else {})
        self.by_title[spell_name(text)] = key
        return key
