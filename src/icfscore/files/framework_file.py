"""Reading criteria/: framework.yaml, a file for each criterion, any depth inside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field

from icfscore.domain.criteria import (
    ROOT,
    CriteriaTree,
    Criterion,
    FileModel,
    Identifier,
    Indicator,
    Quantity,
    Weight,
)
from icfscore.domain.text import Line, Name, Text
from icfscore.errors import InputError, Problem, name_hint
from icfscore.files.check import check, check_file, spell
from icfscore.files.located_yaml import Document, Location, read_document
from icfscore.files.read import yaml_files
from icfscore.sentences import say

MAX_NODES, DEEPEST = 20_000, 40

Q = TypeVar("Q", bound=Quantity)


class FrameworkHead(FileModel):
    """framework.yaml without its nested parts."""

    id: Identifier
    name: Name
    version: str | int | float = ""
    description: Text = ""
    type: str = "framework"
    aliases: tuple[Line, ...] = Field(default=(), strict=False)
    criteria: list[Any] | None = None
    indicators: list[Any] | None = None
    context: list[Any] = Field(default=[])
    caveats: tuple[Text, ...] = Field(default=(), strict=False)


class NodeHead(FileModel):
    """A node without its nested parts."""

    id: Identifier
    name: Name
    description: Text = ""
    type: str = "criterion"
    aliases: tuple[Line, ...] = Field(default=(), strict=False)
    weight: Weight = 1.0
    criteria: list[Any] | None = None
    indicators: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework with the place of each of its definitions.

    Attributes
    ----------
    places
        Document and path of every node, indicator and context quantity by id.
    documents
        All files read, for the digest.
    partial
        True where definitions are left out because they have problems.
    """

    tree: CriteriaTree
    places: Mapping[str, tuple[Document, Location]]
    documents: tuple[Document, ...]
    partial: bool = False

    def problem(self, identifier: str, what: str, hint: str = "") -> Problem:
        """Describe what is wrong with a definition."""
        document, location = self.places.get(identifier, (self.documents[0], ()))
        return document.problem(location, what, hint)


def read_framework(
    folder: Path, name: str, problems: list[Problem], warnings: list[str]
) -> Framework | None:
    """Read the folder criteria/; None where problems, added to the list, leave no tree.

    Where there are problems inside, what is left is returned as `partial`, so that the other files
    can still be looked at.
    """
    found = len(problems)
    reader = _Reader(folder, name, problems)
    framework = reader.read()
    unused = sorted(reader.available.keys() - reader.read_names - {"framework"})
    warnings.extend(
        say("{file}: is named by no node's 'criteria' and was left out", file=f"{name}/{file}.yaml")
        for file in unused
    )
    return framework and replace(framework, partial=len(problems) > found)


@dataclass(slots=True)
class _Reader:
    folder: Path
    name: str
    problems: list[Problem]
    documents: list[Document] = field(default_factory=list)
    places: dict[str, tuple[Document, Location]] = field(default_factory=dict)
    open_files: list[str] = field(default_factory=list)
    level: int = 0
    read_names: set[str] = field(default_factory=set)
    available: dict[str, Path] = field(default_factory=dict)
    names: dict[str, tuple[str, Document, Location]] = field(default_factory=dict)

    def read(self) -> Framework | None:
        try:
            self.available = {path.stem: path for path in yaml_files(self.folder)}
        except OSError as error:
            what = say("cannot be read: {strerror}", strerror=error.strerror)
            self.problems.append(Problem(self.name, 0, 0, what))
            return None
        path = self.available.get("framework", self.folder / "framework.yaml")
        document = self._document(path)
        if document is None:
            return None
        head = check(FrameworkHead, document.data, document, (), self.problems)
        if head is None:
            return None
        self.places[ROOT] = (document, ())
        context = [
            self._quantity(Quantity, raw, document, ("context", position))
            for position, raw in enumerate(head.context)
        ]
        index = NodeHead(
            id=ROOT,
            name=head.name,
            description=head.description,
            aliases=head.aliases,
            criteria=head.criteria,
            indicators=head.indicators,
        )
        self._register(index, document, ())
        root = self._node(index, document, ())
        tree = CriteriaTree(
            head.id,
            str(head.version),
            root,
            tuple(quantity for quantity in context if quantity),
            head.caveats,
        )
        self._check_denominators(tree)
        return Framework(tree, self.places, tuple(self.documents))

    def _document(self, path: Path) -> Document | None:
        try:
            document = read_document(path, f"{self.name}/{path.name}")
        except InputError as error:
            self.problems.extend(error.problems)
            return None
        self.documents.append(document)
        return document

    def _node(self, head: NodeHead, document: Document, location: Location) -> Criterion:
        if (head.criteria is None) == (head.indicators is None):
            what = (
                say("{id}: has both 'criteria' and 'indicators'", id=head.id)
                if head.criteria is not None
                else say("{id}: has neither 'criteria' nor 'indicators'", id=head.id)
            )
            self._note(document, location, what, say("a node has exactly one of them"))
        for key, entries in (("criteria", head.criteria), ("indicators", head.indicators)):
            if entries == []:
                self._note(
                    document, (*location, key), say("{id}: {key} is empty", id=head.id, key=key)
                )
        self.level += 1
        criteria = [
            child
            for position, raw in enumerate(head.criteria or ())
            if (child := self._child(raw, document, (*location, "criteria", position)))
        ]
        self.level -= 1
        indicators = [
            self._quantity(Indicator, raw, document, (*location, "indicators", position))
            for position, raw in enumerate(head.indicators or ())
        ]
        return Criterion(
            id=head.id,
            name=head.name,
            description=head.description,
            aliases=head.aliases,
            weight=head.weight,
            criteria=tuple(criteria),
            indicators=tuple(indicator for indicator in indicators if indicator),
        )

    def _child(self, raw: Any, document: Document, location: Location) -> Criterion | None:
        if self.level > DEEPEST:
            self._note(document, location, say("is nested deeper than {most} levels", most=DEEPEST))
            return None
        if isinstance(raw, str):
            return self._node_file(raw, document, location)
        head = check(NodeHead, raw, document, location, self.problems)
        if head is None or not self._register(head, document, location):
            return None
        return self._node(head, document, location)

    def _node_file(self, name: str, document: Document, location: Location) -> Criterion | None:
        if name in self.open_files:
            circle = " > ".join([*self.open_files[self.open_files.index(name) :], name])
            self._note(
                document,
                location,
                say("'{name}' contains itself: {circle}", name=name, circle=circle),
            )
            return None
        if name not in self.available:
            others = sorted(self.available.keys() - {"framework"})
            hint = name_hint(name, others, what=say("the files there are"))
            self._note(
                document,
                location,
                say("no file {folder}/{name}.yaml", folder=self.name, name=name),
                hint,
            )
            return None
        self.read_names.add(name)
        own = self._document(self.available[name])
        if own is None:
            return None
        head = check_file(NodeHead, own, self.problems)
        if head is None or head.id != name:
            return None
        if not self._register(head, own, ()):
            return None
        self.open_files.append(name)
        node = self._node(head, own, ())
        self.open_files.pop()
        return node

    def _quantity(
        self, model: type[Q], raw: Any, document: Document, location: Location
    ) -> Q | None:
        if isinstance(raw, dict) and (named := self.names.get(str(raw.get("per")).casefold())):
            raw = raw | {"per": named[0]}
        quantity = check(model, raw, document, location, self.problems)
        if quantity is not None and self._register(quantity, document, location):
            return quantity
        return None

    def _register(self, thing: NodeHead | Quantity, document: Document, location: Location) -> bool:
        """Note a definition under its id and aliases; False if another one has them already."""
        unique = True
        if len(self.places) > MAX_NODES:
            raise InputError.of(
                say("the framework has more than {most} definitions", most=MAX_NODES)
            )
        for position, name in enumerate((thing.id, *thing.aliases)):
            place = (*location, "id") if position == 0 else (*location, "aliases", position - 1)
            if name.casefold() == ROOT:
                if thing.id == ROOT:
                    continue
                self._note(
                    document, place, say("'{name}' is the name of the whole index", name=ROOT)
                )
                unique = False
            elif (taken := self.names.get(name.casefold())) is not None:
                other = taken[1].problem(taken[2], "")
                where = f"{other.file}:{other.line}"
                what = say(
                    "'{name}' is already the name of '{taken}' ({where})",
                    name=name,
                    taken=taken[0],
                    where=where,
                )
                self._note(document, place, what, say("ids and aliases are unique in a framework"))
                unique = False
            else:
                self.names[name.casefold()] = (thing.id, document, place)
        if unique:
            self.places[thing.id] = (document, location)
        return unique

    def _check_denominators(self, tree: CriteriaTree) -> None:
        context = [quantity.id for quantity in tree.context]
        for indicator in tree.indicators:
            if indicator.per is not None and indicator.per not in context:
                document, location = self.places[indicator.id]
                what = say(
                    "{id}: per: no context quantity {found}",
                    id=indicator.id,
                    found=spell(indicator.per),
                )
                self._note(document, (*location, "per"), what, name_hint(indicator.per, context))

    def _note(self, document: Document, location: Location, what: str, hint: str = "") -> None:
        self.problems.append(document.problem(location, what, hint))
