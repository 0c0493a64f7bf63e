"""The files of a project that an import changes: found by what they hold, edited in place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from icfscore.domain.communities import Entity, Observation
from icfscore.domain.criteria import CriteriaTree
from icfscore.domain.project import Project
from icfscore.errors import InputError
from icfscore.files.located_yaml import parse_value
from icfscore.files.read import read_text, yaml_files
from icfscore.files.schema_files import FOLDER, with_modeline
from icfscore.files.yaml_edit import as_block, dump_yaml, load_yaml
from icfscore.files.yaml_spell import spell_entity
from icfscore.sentences import say

HEAD_FIELDS = ("name", "parent", "country", "kind", "region", "listed_as", "groups")
_ENTRY_ORDER = (
    "value", "unit", "year", "source", "level", "area", "status", "comparability", "sd",
    "interval", "note",
)  # fmt: skip
_SHARED = ("source", "year", "level")


class EntityFile:
    """The file of a community or area.

    Attributes
    ----------
    name
        Its path relative to the project.
    """

    def __init__(
        self, name: str, text: str, data: Any, id_by_name: Mapping[str, str], *, new: bool = False
    ) -> None:
        self.name = name
        self.text = text
        self.data = data
        self.id_by_name = id_by_name
        self.new = new
        self.touched = new

    def put_head(self, key: str, value: Any) -> None:
        """Set a field of the community, ``groups.size`` and ``name.vi`` being those inside."""
        self.touched = True
        stem, _, last = key.partition(".")
        if not last:
            self._insert(stem, value)
            return
        inner = self.data.get(stem)
        if isinstance(inner, Mapping):
            self.data[stem][last] = value
            return
        known = {"en": inner} if isinstance(inner, str) else {}
        self._insert(stem, as_block({**known, last: value}, flow_below=0))

    def _insert(self, key: str, value: Any) -> None:
        """Set a key; a new one goes before the observations."""
        if key in self.data or "observations" not in self.data:
            self.data[key] = value
        else:
            self.data.insert(list(self.data).index("observations"), key, value)

    def put(self, quantity: str, raw: Mapping[str, Any], replaced: Observation | None) -> None:
        """Set an observation as its table spells it, beside or in the place of one there."""
        self.touched = True
        entry = self._entry(raw)
        observations = self._observations()
        key = self._key(quantity)
        known = observations.get(key)
        if known is None:
            observations[key] = entry
        elif not isinstance(known, list):
            both = [known, entry] if self.new else _sequence([known, entry])
            observations[key] = entry if replaced is not None else both
        elif replaced is None:
            known.append(entry)
        else:
            known[self._position(known, replaced)] = entry

    def amend(self, quantity: str, fields: Mapping[str, Any], seen: Observation) -> None:
        """Set some fields of an observation that is there, leaving its value."""
        self.touched = True
        observations, key = self._observations(), self._key(quantity)
        known = observations[key]
        position = self._position(known, seen) if isinstance(known, list) else None
        entry = known if position is None else known[position]
        if not isinstance(entry, Mapping):
            entry = as_block({"value": entry}, flow_below=0)
            if position is None:
                observations[key] = entry
            else:
                known[position] = entry
        for name, value in fields.items():
            entry[name] = value

    def _observations(self) -> Any:
        if not isinstance(self.data.get("observations"), Mapping):
            self.data["observations"] = {} if self.new else as_block({})
        return self.data["observations"]

    def _key(self, quantity: str) -> str:
        """Find how the file calls a quantity, by its id or an alias."""
        if self.new or quantity in self._observations():
            return quantity
        for key in self._observations():
            if self.id_by_name.get(str(key).casefold()) == quantity:
                return str(key)
        return quantity

    def _position(self, known: list[Any], seen: Observation) -> int:
        top = self.data.get("year")
        given = (entry.get("year") if isinstance(entry, Mapping) else None for entry in known)
        years = [top if year is None else year for year in given]
        return years.index(seen.year)

    def _entry(self, raw: Mapping[str, Any]) -> Any:
        """Spell an observation without what the top of the file says already."""
        entry = dict(raw)
        if "year" not in entry and self.data.get("year") is not None:
            what = say(
                "says 'year: {found}' for all values that give none", found=self.data["year"]
            )
            hint = say("say the year of the imported values: --year, or a column 'year'")
            raise InputError.of(what, hint, file=self.name)
        level = self.data.get("level")
        if level is not None and "level" not in entry:
            entry["level"] = self._own_level()
        for key in _SHARED:
            if key in entry and self.data.get(key) == entry[key]:
                del entry[key]
        if list(entry) == ["value"]:
            return entry["value"]
        ordered = {key: entry[key] for key in _ENTRY_ORDER if key in entry}
        return ordered if self.new else as_block(ordered, flow_below=0)

    def _own_level(self) -> str:
        kinds = {"region": "region", "country": "national"}
        default = "national" if "/areas/" in self.name else "community"
        return kinds.get(str(self.data.get("type")), default)

    def dump(self) -> str:
        """Spell the file."""
        if self.new:
            return spell_entity(_hoisted(self.data))
        return dump_yaml(self.data, self.text)


class ProjectFiles:
    """The files of a project's communities, areas and sources."""

    def __init__(self, path: Path, project: Project) -> None:
        self.path = path
        self.project = project
        self.tree: CriteriaTree = project.tree
        self._path_by_id: dict[str, Path] | None = None
        self._open: dict[str, EntityFile] = {}
        self._sources: tuple[str, str, Any] | None = None
        self._sources_touched = False

    def entity_of(self, identifier: str) -> Entity:
        """Give a community or area of the project."""
        found = self.project.community_by_id.get(identifier)
        return found if found is not None else self.project.areas[identifier]

    def entity(self, identifier: str) -> EntityFile | None:
        """Open the file of a community or area; None where it has none."""
        if identifier in self._open:
            return self._open[identifier]
        if self._path_by_id is None:
            self._path_by_id = self._find_files()
        path = self._path_by_id.get(identifier)
        if path is None:
            return None
        name = path.relative_to(self.path).as_posix()
        text = read_text(path, name)
        file = EntityFile(name, text, load_yaml(text, name), self.tree.id_by_name)
        self._open[identifier] = file
        return file

    def _find_files(self) -> dict[str, Path]:
        found = {}
        communities = self.path / "communities"
        for folder in (communities, communities / "areas"):
            if not folder.is_dir():
                continue
            for path in yaml_files(folder):
                if path.stem == "sources" and folder == communities:
                    continue
                # The file has been read and checked before; here its id is enough.
                data = parse_value(read_text(path, path.name), path.name)
                if isinstance(data, dict) and isinstance(data.get("id"), str):
                    found[data["id"]] = path
        return found

    def new_entity(self, identifier: str, data: Mapping[str, Any]) -> EntityFile:
        """Begin the file of a community that the project does not know."""
        name = f"communities/{identifier}.yaml"
        if (self.path / name).exists():
            raise InputError.of(say("exists already, with another id inside"), file=name)
        head = {key: data[key] for key in ("id", *HEAD_FIELDS) if data.get(key)}
        file = EntityFile(name, "", head, self.tree.id_by_name, new=True)
        self._open[identifier] = file
        return file

    def add_source(self, key: str, entry: Mapping[str, Any]) -> bool:
        """Put a source into sources.yaml; False where it is there."""
        if key in self.project.sources:
            return False
        if self._sources is None:
            name = "communities/sources.yaml"
            other = self.path / "communities" / "sources.yml"
            if other.exists() and not (self.path / name).exists():
                name = "communities/sources.yml"
            path = self.path / name
            text = read_text(path, name) if path.exists() else ""
            self._sources = (name, text, load_yaml(text, name))
        if key in self._sources[2]:
            return False
        self._sources[2][key] = as_block(dict(entry), flow_below=0)
        self._sources_touched = True
        return True

    def changed(self) -> dict[str, str]:
        """Spell all files that are new or were changed, by path relative to the project."""
        texts = {file.name: file.dump() for file in self._open.values() if file.touched}
        if (self.path / FOLDER).is_dir():
            new = [file.name for file in self._open.values() if file.new]
            texts |= {name: with_modeline(name, texts[name]) for name in new}
        if self._sources is not None and self._sources_touched:
            name, text, data = self._sources
            texts[name] = dump_yaml(data, text)
        return texts


def _sequence(entries: list[Any]) -> Any:
    """Make a list of dated observations, an entry a line."""
    listed = as_block([])
    listed.fa.set_block_style()
    listed.extend(entries)
    return listed


def _hoisted(data: Mapping[str, Any]) -> dict[str, Any]:
    """Say once, at the top of a new file, what all its observations share."""
    observations = data.get("observations") or {}
    entries = [
        entry
        for raw in observations.values()
        for entry in (raw if isinstance(raw, list) else [raw])
    ]
    shared = {}
    for key in _SHARED:
        values = {entry.get(key) if isinstance(entry, Mapping) else None for entry in entries}
        if len(values) == 1 and None not in values:
            shared[key] = values.pop()
    fresh = {key: value for key, value in data.items() if key != "observations"} | shared
    fresh["observations"] = {
        name: [_without(entry, shared) for entry in raw]
        if isinstance(raw, list)
        else _without(raw, shared)
        for name, raw in observations.items()
    }
    return fresh


def _without(entry: Any, shared: Mapping[str, Any]) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    kept = {key: value for key, value in entry.items() if key not in shared}
    if list(kept) == ["value"]:
        return kept["value"]
    return kept
