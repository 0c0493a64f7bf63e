"""Reading all of a project folder: every file once, every problem kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from icfscore.domain.communities import Entity, Source
from icfscore.domain.criteria import CriteriaTree
from icfscore.domain.funnel import Ballots, Stage
from icfscore.domain.panels import Panel
from icfscore.domain.project import Project
from icfscore.errors import InputError, Problem, name_hint
from icfscore.files.community_data import check_data, has_data
from icfscore.files.community_file import EntityReader, loops, read_sources
from icfscore.files.framework_file import Framework, read_framework
from icfscore.files.funnel_entries import FunnelReader
from icfscore.files.located_yaml import Document, read_document
from icfscore.files.means_entries import check_beside
from icfscore.files.observations import Citations
from icfscore.files.panel_entering import enter_panels
from icfscore.files.panel_entries import PanelReader
from icfscore.files.read import require_project, yaml_files
from icfscore.files.recipe_file import SettingsReader
from icfscore.files.schema_files import without_modeline
from icfscore.files.table_project import read_table, table_paths
from icfscore.recipe import Scenario, Settings
from icfscore.sentences import say

SETTINGS_FILE = "icfscore.yaml"
SOURCES_FILES = ("sources.yaml", "sources.yml")


@dataclass(frozen=True, slots=True)
class Folder:
    """A project folder that has been read.

    Attributes
    ----------
    path
        Where it is.
    builtin
        True for the project that the package carries.
    settings
        Those of icfscore.yaml, without any scenario.
    n_files
        Number of files read.
    warnings
        What is odd, but no error.
    panels, ballots, stages
        Raters' scores and juries' ballots, by id; the stages of an award's funnel, in order.
    """

    path: Path
    builtin: bool
    project: Project
    settings: Settings
    scenarios: Mapping[str, Scenario]
    n_files: int
    warnings: tuple[str, ...]
    panels: Mapping[str, Panel]
    ballots: Mapping[str, Ballots]
    stages: tuple[Stage, ...]


class FolderReader:
    """Reads one folder; `problems` and `warnings` grow as it goes."""

    def __init__(self, path: Path, builtin: bool) -> None:
        self.path = path
        self.builtin = builtin
        self.problems: list[Problem] = []
        self.warnings: list[str] = []
        self.digest = hashlib.sha256()
        self.n_files = 0
        self.n_observations = 0
        self.all_communities_known = False

    def read(self) -> Folder:
        """Read everything.

        Raises
        ------
        InputError
            With every problem of every file.
        """
        require_project(self.path, self._name(""))
        settings_document = self._settings_document()
        framework = read_framework(
            self.path / "criteria", self._name("criteria"), self.problems, self.warnings
        )
        if framework is None:
            raise InputError(self.problems)
        for document in framework.documents:
            self._note_read(document, f"criteria/{Path(document.name).name}")
        tree = framework.tree
        citations = Citations(sources := self._sources(), self.problems)
        reader = EntityReader(tree, citations, self.problems, framework.partial)
        areas = self._areas(reader)
        found = len(self.problems)
        communities, empty = self._communities(reader, areas)
        self.all_communities_known = len(self.problems) == found
        known = {each.id for each in communities} if self.all_communities_known else None
        found = len(self.problems)
        panels = self._panels(PanelReader(tree, known, citations, self.problems, framework.partial))
        communities = enter_panels(communities, panels, framework, self.problems, self.warnings)
        funnel = FunnelReader(tree, known, self.problems, framework.partial)
        ballots = funnel.ballots(self._documents(self.path / "ballots"))
        if len(self.problems) == found:  # else what could not be read may hold the data
            scored = {indicator.id for indicator in tree.indicators}
            judged = {name for each in panels.values() for name in each.communities}
            judged |= {name for each in ballots.values() for name in each.communities}
            told = (self.problems, self.warnings)
            check_data(communities, empty, areas, scored, judged, *told)
        digest = f"sha256:{self.digest.hexdigest()}"
        project = Project(tree, tuple(communities), areas, sources, digest)
        settings, scenarios = self._settings(settings_document, project, framework)
        stages = funnel.stages(settings_document, panels, ballots)
        if self.problems:
            raise InputError(self.problems)
        return Folder(
            self.path,
            self.builtin,
            project,
            settings,
            scenarios,
            self.n_files,
            tuple(self.warnings),
            panels,
            ballots,
            stages,
        )

    def _name(self, *parts: str) -> str:
        """Call a file as the user would: by its path from where they stand."""
        path = self.path.joinpath(*parts)
        try:
            relative = os.path.relpath(path)
        except ValueError:  # another drive
            return str(path)
        return str(path) if relative.startswith("..") else relative

    def _document(self, path: Path, *, required: bool = False) -> Document | None:
        """Read a file below the project folder; None where it is missing or has problems."""
        if not required and not os.path.lexists(path):
            return None
        try:
            relative = path.relative_to(self.path).as_posix()
            document = read_document(path, self._name(relative))
        except InputError as error:
            self.problems.extend(error.problems)
            return None
        self._note_read(document, relative)
        return document

    def _note_read(self, document: Document, name: str) -> None:
        self.n_files += 1
        text = without_modeline(document.text)
        self.digest.update(f"{name}\0{len(text)}\0{text}".encode())

    def _settings_document(self) -> Document:
        return self._document(self.path / SETTINGS_FILE) or Document(SETTINGS_FILE, "", None)

    def _settings(
        self, origin: Document, project: Project, framework: Framework
    ) -> tuple[Settings, dict[str, Scenario]]:
        reader = SettingsReader(project.tree, origin, self.problems, framework.partial)
        settings, scenarios = reader.read(origin.data)
        if not framework.partial:
            self._check_weights(framework, settings.weights)
            for name, scenario in scenarios.items():
                weights = {**settings.weights, **scenario.weights}
                if scenario.weights and not framework.tree.weightless(settings.weights):
                    for node in framework.tree.weightless(weights):
                        what = say(
                            "scenario {name}: {node}: all its children have weight 0",
                            name=name,
                            node=node,
                        )
                        place = ("scenarios", name, "weights")
                        self.problems.append(origin.problem(place, what))
        unknown = settings.focus not in project.community_by_id
        if settings.focus is not None and unknown and self.all_communities_known:
            hint = name_hint(settings.focus, project.community_by_id, what=say("the communities"))
            what = say("focus: no community '{focus}'", focus=settings.focus)
            self.problems.append(origin.problem(("focus",), what, hint))
        if settings.means is not None and self.all_communities_known:
            check_beside(settings.means, project, origin, self.problems)
        return settings, scenarios

    def _check_weights(self, framework: Framework, overrides: Mapping[str, float]) -> None:
        for node in framework.tree.weightless(overrides):
            what = say("{node}: all its children have weight 0", node=node)
            self.problems.append(framework.problem(node, what, say("give at least one a weight")))

    def _sources(self) -> dict[str, Source]:
        found = (self._document(self.path / "communities" / name) for name in SOURCES_FILES)
        document = next(filter(None, found), None)
        return {} if document is None else read_sources(document, self.problems)

    def _areas(self, reader: EntityReader) -> dict[str, Entity]:
        documents: dict[str, Document] = {}
        areas: dict[str, Entity] = {}
        for document in self._documents(self.path / "communities" / "areas"):
            entity = reader.read(document, area=True)
            if entity is None:
                continue
            self._count(entity)
            if entity.id in areas:
                other = documents[entity.id].name
                what = say(
                    "area '{id}' is defined twice, here and in {other}", id=entity.id, other=other
                )
                self.problems.append(document.problem(("id",), what))
            areas[entity.id], documents[entity.id] = entity, document
        for entity in areas.values():
            self._check_parent(entity, documents[entity.id], areas)
        for start, wrong in loops(areas):
            self.problems.append(documents[start].problem(("parent",), wrong))
        return areas

    def _communities(
        self, reader: EntityReader, areas: Mapping[str, Entity]
    ) -> tuple[list[Entity], dict[str, Document]]:
        """Read the communities, and list the files of those that hold no data, nor a problem."""
        communities: dict[str, Entity] = {}
        names: dict[str, str] = {}
        empty: dict[str, Document] = {}
        scored = {indicator.id for indicator in reader.tree.indicators}
        for document in chain(
            self._documents(self.path / "communities"), self._table_rows(reader.tree)
        ):
            found = len(self.problems)
            entity = reader.read(document, area=False)
            if entity is None:
                continue
            self._count(entity)
            if entity.id in communities:
                what = say(
                    "community '{id}' is defined twice, here and in {other}",
                    id=entity.id,
                    other=names[entity.id],
                )
                self.problems.append(document.problem(("id",), what))
            self._check_parent(entity, document, areas)
            known = len(self.problems) == found and not reader.partial
            if known and not has_data(entity, areas, scored):
                empty[entity.id] = document
            communities[entity.id], names[entity.id] = entity, document.name
        return list(communities.values()), empty

    def _panels(self, reader: PanelReader) -> dict[str, Panel]:
        folder = self.path / "panels"
        read = (reader.read(document, folder) for document in self._documents(folder))
        panels = {panel.id: panel for panel in read if panel is not None}
        for panel in panels.values():
            if panel.table:
                self.n_files += 1
                self.digest.update(f"{panel.table}\0{panel.digest}".encode())
        return panels

    def _documents(self, folder: Path) -> Iterator[Document]:
        if not folder.exists():
            return
        name = self._name(*folder.relative_to(self.path).parts)
        if not folder.is_dir():
            self.problems.append(Problem(name, 0, 0, say("is not a folder")))
            return
        try:
            paths = list(yaml_files(folder))
        except OSError as error:
            what = say("cannot be read: {strerror}", strerror=error.strerror)
            self.problems.append(Problem(name, 0, 0, what))
            return
        for path in paths:
            if path.stem == "sources" and folder.name == "communities":
                continue
            document = self._document(path, required=True)
            if document is not None:
                yield document

    def _table_rows(self, tree: CriteriaTree) -> Iterator[Document]:
        """Read the communities that stand in tables, a row or several each."""
        for path in table_paths(self.path / "communities"):
            relative = path.relative_to(self.path).as_posix()
            try:
                table = read_table(path, self._name(relative), tree, self.problems)
            except InputError as error:
                self.problems.extend(error.problems)
                continue
            self.n_files += 1
            self.digest.update(f"{relative}\0{table.digest}".encode())
            yield from table.rows

    def _count(self, entity: Entity) -> None:
        self.n_observations += sum(len(dated) for dated in entity.observations.values())

    def _check_parent(
        self, entity: Entity, document: Document, areas: Mapping[str, Entity]
    ) -> None:
        if entity.parent is not None and entity.parent not in areas:
            what = say("parent: unknown area '{parent}'", parent=entity.parent)
            hint = name_hint(entity.parent, areas, what=say("the areas"))
            self.problems.append(document.problem(("parent",), what, hint))
