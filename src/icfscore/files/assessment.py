"""A community's answers: read from its file, and saved there one by one.

Decisions. An answer is an observation of the reference year, self-reported. Its source is the link
to its evidence, or the assessment itself where there is none. Every answer is saved at once, by the
same steps as an import: the project as it would be is read first, then each file changes whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from icfscore.domain.communities import Entity, Observation
from icfscore.domain.criteria import Indicator
from icfscore.domain.questions import Answer, questions_of
from icfscore.domain.text import Text, text_in
from icfscore.errors import InputError
from icfscore.files.add_entries import new_community
from icfscore.files.commit import changing, commit, stage
from icfscore.files.folder_reader import Folder
from icfscore.files.project_files import ProjectFiles
from icfscore.files.project_folder import read_project
from icfscore.pipeline.changes import selection_of
from icfscore.sentences import say

SOURCE = "self_assessment"
STATUS = "self_reported"
_TITLE = "Self-assessment of the community"


def begin_assessment(path: Path, identifier: str, name: Text) -> None:
    """Write the file of a community that is to be assessed, every question open.

    Raises
    ------
    InputError
        Where there is such a community, or the id is none.
    """
    with changing(path) as seen:
        folder = read_project(path)
        head: Mapping[str, Any] = {
            "name": name,
            "source": SOURCE,
            "year": folder.settings.reference_year,
        }
        files = ProjectFiles(path, folder.project)
        _add_own_source(files)
        texts = files.changed() | new_community(folder, identifier, head)
        stage(path, texts)
        commit(path, texts, seen)


def _add_own_source(files: ProjectFiles) -> None:
    if SOURCE not in files.project.sources:
        files.add_source(SOURCE, {"title": _TITLE})


class Assessment:
    """The answers of one community of a project.

    Attributes
    ----------
    questions
        The indicators that are asked for, in the framework's order.
    """

    def __init__(self, path: Path, community: str) -> None:
        self.path = path
        self.community = community
        self._folder: Folder = read_project(path)
        self.questions: tuple[Indicator, ...] = questions_of(self._folder.project.tree)
        if not self.questions:
            raise InputError.of(
                say("the framework has nothing to ask: no ordinal or boolean indicator"),
                say("'icfscore init DIR --framework icf-self-assessment' writes one that has"),
            )

    @property
    def folder(self) -> Folder:
        """The project as it is now."""
        return replace(self._folder, path=self.path)

    @property
    def entity(self) -> Entity:
        """The community as it is now."""
        return self._folder.project.community_by_id[self.community]

    @property
    def n_answered(self) -> int:
        """How many questions have an answer."""
        return sum(self.answer_to(question) is not None for question in self.questions)

    def answer_to(self, question: Indicator) -> Observation | None:
        """Find the community's own answer that counts; None where the question is open."""
        own = self.entity.observations.get(question.id, ())
        return selection_of(self._folder.settings).choose(own)

    def link_of(self, answer: Observation) -> str:
        """Find the address of an answer's evidence; empty where there is none."""
        source = self._folder.project.sources.get(answer.source)
        return "" if source is None or answer.source == SOURCE else source.url

    def save(self, question: Indicator, answer: Answer, link: str = "", note: str = "") -> None:
        """Write an answer, in the place of one of the same year.

        Raises
        ------
        InputError
            Where the community stands in a table, or a file cannot be written.
        """
        with changing(self.path) as seen:
            self._folder = read_project(self.path)  # another may have written since
            texts = self._texts(question, answer, link, note)
            self._folder = stage(self.path, texts)
            commit(self.path, texts, seen)

    def _texts(
        self, question: Indicator, answer: Answer, link: str, note: str
    ) -> Mapping[str, str]:
        """Spell the files that an answer changes."""
        files = ProjectFiles(self.path, self._folder.project)
        file = files.entity(self.community)
        if file is None:
            what = say("{identifier} stands in a table of the project", identifier=self.community)
            raise InputError.of(what, say("give it a file of its own: communities/ID.yaml"))
        year = self._folder.settings.reference_year
        raw = {
            "value": answer.spelt,
            "year": year,
            "source": self._source(files, question, link),
            "status": STATUS,
        } | ({"note": note} if note else {})
        dated = self.entity.observations.get(question.id, ())
        same = next((seen for seen in dated if seen.year in (None, year)), None)
        file.put(question.id, raw, same)
        return files.changed()

    def _source(self, files: ProjectFiles, question: Indicator, link: str) -> str:
        """Give the key of an answer's source; a new link becomes one."""
        if not link:
            _add_own_source(files)
            return SOURCE
        sources = files.project.sources
        for key, source in sources.items():
            if source.url == link:
                return key
        stem = key = f"{self.community}_{question.id}"
        number = 1
        while key in sources:
            number += 1
            key = f"{stem}_{number}"
        name = text_in(self.entity.name)
        entry = {"title": question.name, "publisher": name, "url": link}
        files.add_source(key, entry)
        return key
