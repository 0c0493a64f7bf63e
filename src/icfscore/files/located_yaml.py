"""YAML 1.2 with the place of everything, read by libyaml's C parser where PyYAML has it.

PyYAML's own resolver is YAML 1.1: it turns ``NO`` into False, ``12:30`` into 750 and ``1e3`` into
text, and keeps the last of two equal keys without a word. So only its events are used: scalars are
resolved by the YAML 1.2 core schema here, duplicate keys and hostile files are problems with a
place. Data are built without recursion, so that depth cannot exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml

from icfscore.errors import InputError, Problem
from icfscore.files.read import read_text
from icfscore.sentences import say

try:
    from yaml.cyaml import CParser as EventParser
except ImportError:  # built from source without libyaml, as where there is no wheel

    class EventParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):  # type: ignore[misc,no-redef]
        """Give the same events, many times slower."""

        def __init__(self, text: str) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)


MAX_DEPTH = 40
MAX_VALUES = 300_000
MAX_ALIASED = 20_000  # values that aliases may add in all: far above honest use, far below a bomb

Location = tuple[Hashable, ...]
Place = tuple[int, int]

_MAX_DIGITS = 250  # in base 16 the largest is below 1e300

# The core schema of YAML 1.2.2, section 10.3.2.
_SCALAR = re.compile(
    r"(?P<int>[-+]?[0-9]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<null>null|Null|NULL|~|)"
    r"|(?P<true>true|True|TRUE)|(?P<false>false|False|FALSE)"
    r"|(?P<octal>0o[0-7]+)|(?P<hex>0x[0-9a-fA-F]+)"
    r"|(?P<inf>[-+]?\.(?:inf|Inf|INF))|(?P<nan>\.(?:nan|NaN|NAN))"
)
_CONSTANTS = {"null": None, "true": True, "false": False, "nan": float("nan")}


def resolve_scalar(text: str) -> Any:
    """Resolve a plain scalar by the core schema of YAML 1.2."""
    match = _SCALAR.fullmatch(text)
    kind = match.lastgroup if match else None
    if kind is None:
        return text
    if kind == "float":
        return float(text)
    if kind in ("int", "octal", "hex"):
        # Python neither reads nor writes integers of thousands of digits; as floats they are inf.
        if len(text) > _MAX_DIGITS:
            return float(text) if kind == "int" else float("inf")
        return int(text, 10 if kind == "int" else 0)
    if kind == "inf":
        return float(text.replace(".", ""))
    return _CONSTANTS[kind]


@dataclass(frozen=True, slots=True)
class Places:
    """Line and column, both from 1, of every key and value by its path from the top."""

    keys: dict[Location, Place] = field(default_factory=dict)
    values: dict[Location, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A file's data; its places are looked up only when something is wrong with it.

    Attributes
    ----------
    name
        The file as messages call it.
    data
        Mappings, lists and scalars.
    """

    name: str
    text: str = field(repr=False)
    data: Any = field(repr=False)

    @cached_property
    def places(self) -> Places:
        """Places by path."""
        return _Builder(self.name, self.text, keep_places=True).build()[1]

    def problem(
        self,
        location: Sequence[Hashable],
        what: str,
        hint: str = "",
        *,
        at: Literal["key", "value"] = "value",
    ) -> Problem:
        """Describe what is wrong at a path, placed at its key or its value.

        A path that the file does not have (a key that is missing) is placed at the nearest one
        above it.
        """
        path = tuple(location)
        places = self.places
        while True:
            tables = (places.keys, places.values) if at == "key" else (places.values, places.keys)
            for table in tables:
                if path in table:
                    return Problem(self.name, *table[path], what, hint)
            if not path:
                return Problem(self.name, 1, 1, what, hint)
            path, at = path[:-1], "key"


def read_document(path: Path, name: str) -> Document:
    """Read one YAML file.

    Raises
    ------
    InputError
        Where it cannot be read or is no YAML 1.2 within the limits.
    """
    text = read_text(path, name)
    return Document(name, text, _Builder(name, text).build()[0])


def parse_value(text: str, name: str) -> Any:
    """Parse a single value given as text, as on the command line."""
    return _Builder(name, text).build()[0]


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    container: Any
    path: Location
    anchor: str | None
    started: int
    key: str | None = None


class _Builder:
    """Builds one document's data from the parser's events."""

    def __init__(self, name: str, text: str, *, keep_places: bool = False) -> None:
        self.name = name
        self.text = text
        self.keep_places = keep_places
        self.places = Places()
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.root: Any = None
        self.size = 0
        self.aliased = 0
        self.documents = 0

    def build(self) -> tuple[Any, Places]:
        """Read all events."""
        try:
            next_event = EventParser(self.text).get_event
            while (event := next_event()) is not None:
                if type(event) is not yaml.ScalarEvent or not self._take_plainly(event):
                    self._take(event)
                if self.size > MAX_VALUES:
                    what = say("holds more than {most} values", most=MAX_VALUES)
                    raise self._fail(event.start_mark, what, say("split it, or use a table"))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = " ".join(filter(None, [error.context, error.problem]))
            what = say("is no YAML: {reason}", reason=reason)
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise InputError([Problem(self.name, line, column, what)]) from None
        except yaml.reader.ReaderError as error:
            before = self.text[: error.position]
            line, column = before.count("\n") + 1, error.position - (before.rfind("\n") + 1) + 1
            what = say("is no YAML: {reason}", reason=error.reason)
            raise InputError([Problem(self.name, line, column, what)]) from None
        except UnicodeEncodeError as error:
            what = say(
                "holds '{found}', which is no letter", found=ascii(self.text[error.start])[1:-1]
            )
            raise InputError([Problem(self.name, 1, 1, what)]) from None
        return self.root, self.places

    def _fail(self, mark: Any, what: str, hint: str = "") -> InputError:
        return InputError([Problem(self.name, mark.line + 1, mark.column + 1, what, hint)])

    def _take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._take_scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            closed = self.stack.pop()
            if closed.anchor is not None:
                self.anchors[closed.anchor] = (closed.container, self.size - closed.started)
        elif kind is yaml.AliasEvent:
            self._take_alias(event)
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                raise self._fail(
                    event.start_mark, say("holds a second document"), say("one a file")
                )

    def _take_plainly(self, event: Any) -> bool:
        """Take a key or value of a mapping that is nothing special: nearly all there is."""
        if self.keep_places or not self.stack or event.tag is not None or event.anchor is not None:
            return False
        top = self.stack[-1]
        container, key = top.container, top.key
        if type(container) is not dict:
            return False
        text = event.value
        if key is None:
            if text in container:
                return False
            top.key = text
            container[text] = None
        else:
            container[key] = resolve_scalar(text) if event.implicit[0] else text
            top.key = None
            self.size += 1
        return True

    def _take_scalar(self, event: Any) -> None:
        top = self.stack[-1] if self.stack else None
        if event.tag is not None and event.tag != "!":
            what = say("tag '{tag}': tags are not read", tag=event.tag)
            raise self._fail(event.start_mark, what)
        if top is not None and top.key is None and type(top.container) is dict:
            self._take_key(top, event)
            return
        value = resolve_scalar(event.value) if event.implicit[0] else event.value
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        self._add(value, event.start_mark)

    def _take_key(self, top: _Open, event: Any) -> None:
        key = event.value
        if key in top.container:
            what = say("duplicate key '{key}'", key=key)
            raise self._fail(event.start_mark, what, say("keep one of the two"))
        top.key = key
        # Holds the place, so that a second equal key is found before its value is read.
        top.container[key] = None
        if self.keep_places:
            mark = event.start_mark
            self.places.keys[(*top.path, key)] = (mark.line + 1, mark.column + 1)

    def _take_alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            what = say("alias '*{anchor}' stands for nothing yet", anchor=event.anchor)
            raise self._fail(event.start_mark, what)
        value, size = self.anchors[event.anchor]
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            what = say("aliases expand to more than {most} values", most=MAX_ALIASED)
            raise self._fail(event.start_mark, what, say("write less"))
        self.size += size
        self._add(value, event.start_mark)

    def _open(self, event: Any, container: Any) -> None:
        if event.tag is not None and event.tag != "!":
            what = say("tag '{tag}': tags are not read", tag=event.tag)
            raise self._fail(event.start_mark, what)
        if len(self.stack) >= MAX_DEPTH:
            what = say("is nested deeper than {most} levels", most=MAX_DEPTH)
            raise self._fail(event.start_mark, what)
        path = self._add(container, event.start_mark)
        self.stack.append(_Open(container, path, event.anchor, self.size))

    def _add(self, value: Any, mark: Any) -> Location:
        self.size += 1
        path: Location = ()
        if not self.stack:
            self.root = value
        else:
            top = self.stack[-1]
            if type(top.container) is list:
                if self.keep_places:
                    path = (*top.path, len(top.container))
                top.container.append(value)
            else:
                if top.key is None:
                    raise self._fail(mark, say("a key must be a plain word"))
                if self.keep_places:
                    path = (*top.path, top.key)
                top.container[top.key] = value
                top.key = None
        if self.keep_places:
            self.places.values[path] = (mark.line + 1, mark.column + 1)
        return path
