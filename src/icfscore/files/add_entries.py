"""New communities, indicators and sources, spelt as files to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from icfscore.domain.criteria import ROOT, CriteriaTree, Criterion, Indicator, Quantity
from icfscore.domain.text import Text, text_in
from icfscore.errors import InputError, name_hint
from icfscore.files.folder_reader import Folder
from icfscore.files.framework_file import read_framework
from icfscore.files.project_files import ProjectFiles
from icfscore.files.read import read_text
from icfscore.files.schema_files import FOLDER, with_modeline
from icfscore.files.yaml_edit import as_block, dump_yaml, load_yaml
from icfscore.sentences import say

_COMMUNITY_HEAD = """\
# What is known of this community. A value is a number, where its source and year stand at the top,
# or a mapping: {value: 5.1, unit: km, year: 2018, source: key, level: community, note: …}.
# null: not known; the parent's value stands in, where it has one.
"""
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,99}")
_COLUMN = 31  # where comments stand, as in the skeleton
_HINTS = {
    "direction": "higher | lower: which is better",
    "kind": "ratio | share | index | count | ordinal | boolean",
    "lever": "direct | indirect | none: can the community itself move it",
    "bounds": "a value outside is an error",
    "weight": "relative among its siblings; 0: shown, not scored",
}
_MISSING_HEADS = {
    "kind": "city", "country": "VNM", "parent": "VNM", "groups": "{size: large}",
    "source": "census_2018", "year": "2018",
}  # fmt: skip


def new_community(folder: Folder, identifier: str, head: Mapping[str, Any]) -> dict[str, str]:
    """Spell the file of a new community, every indicator waiting for its value.

    Returns
    -------
    Its text by path relative to the project.

    Raises
    ------
    InputError
        Where the id is none, or there is such a community, or its file.
    """
    if not _IDENTIFIER.fullmatch(identifier):
        what = say(
            "id: must be lower-case letters, digits and '_', starting with a letter, got {value}",
            value=repr(identifier),
        )
        raise InputError.of(what)
    name = f"communities/{identifier}.yaml"
    if identifier in folder.project.community_by_id or (folder.path / name).exists():
        raise InputError.of(say("community '{id}' is there already", id=identifier), file=name)
    given = {"id": identifier, **head}
    lines = [_COMMUNITY_HEAD.rstrip("\n"), dump_yaml(as_block(given)).rstrip("\n")]
    lines += [f"# {key}: {example}" for key, example in _MISSING_HEADS.items() if key not in given]
    lines += ["observations:", *_waiting(folder.project.tree)]
    text = "\n".join(lines) + "\n"
    return {name: _tied(folder, name, text)}


def _waiting(tree: CriteriaTree) -> Iterator[str]:
    """List every quantity without a value, with what its value must be."""
    for node in tree.nodes:
        if node.indicators:
            name = tree.root.name if node.id == ROOT else node.name
            yield f"  # {_plain(name)}"
        for indicator in node.indicators:
            yield f"  {indicator.id}: null  # {_describe(indicator)}"
    if tree.context:
        yield "  # to divide others by"
    for quantity in tree.context:
        yield f"  {quantity.id}: null  # {_describe(quantity)}"


def _describe(quantity: Quantity) -> str:
    parts = [_plain(quantity.name), _plain(quantity.unit)]
    if isinstance(quantity, Indicator):
        parts.append(f"{quantity.direction} is better")
        if quantity.levels:
            parts.append(" | ".join(map(_plain, quantity.levels)))
    low, high = quantity.bounds
    if low is not None:
        parts.append(f"at least {low:g}")
    if high is not None:
        parts.append(f"at most {high:g}")
    return ", ".join(part for part in parts if part)


def _plain(text: Text) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text_in(text, "en")).split())


def _tied(folder: Folder, name: str, text: str) -> str:
    return with_modeline(name, text) if (folder.path / FOLDER).is_dir() else text


def new_indicator(folder: Folder, node: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Spell the file of a criterion with a further indicator at its end.

    Parameters
    ----------
    node
        Id or alias of the criterion.
    entry
        The indicator, as its file spells it.

    Raises
    ------
    InputError
        Where there is no such criterion, it holds criteria, or the id is taken.
    """
    tree = folder.project.tree
    identifier = tree.resolve(node)
    if identifier is None or identifier not in tree.node_by_id:
        hint = name_hint(node, tree.node_by_id, what=say("the criteria"))
        raise InputError.of(say("no criterion '{name}'", name=node), hint)
    if (taken := tree.resolve(str(entry["id"]))) is not None:
        raise InputError.of(
            say("'{name}' is already the name of '{taken}'", name=entry["id"], taken=taken)
        )
    path, location = _place(folder.path, identifier)
    name = path.relative_to(folder.path).as_posix()
    if tree.node_by_id[identifier].criteria:
        below = [child.id for child in _leaves(tree.node_by_id[identifier])]
        hint = name_hint("", below, what=say("those that hold indicators"))
        what = say("{node} holds criteria, not indicators", node=identifier)
        raise InputError.of(what, hint, file=name)
    text = read_text(path, name)
    data = load_yaml(text, name)
    found = data
    for step in location:
        found = found[step]
    flow = bool(found["indicators"]) and found["indicators"].fa.flow_style()
    block = as_block(dict(entry), flow_below=0 if flow else 1)
    if not flow:
        for key, hint in _HINTS.items():
            if key in block:
                block.yaml_add_eol_comment(hint, key, column=_COLUMN)
    found["indicators"].append(block)
    return {name: dump_yaml(data, text)}


def _place(folder: Path, node: str) -> tuple[Path, tuple[Any, ...]]:
    """Find the file that a node stands in, and its path inside."""
    framework = read_framework(folder / "criteria", "criteria", [], [])
    assert framework is not None  # noqa: S101 - the project has been read before
    document, location = framework.places[node]
    return folder / document.name, tuple(location)


def _leaves(node: Criterion) -> Iterator[Criterion]:
    if node.indicators:
        yield node
    for child in node.criteria:
        yield from _leaves(child)


def new_source(folder: Folder, key: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Spell sources.yaml with a further source.

    Raises
    ------
    InputError
        Where there is such a source.
    """
    files = ProjectFiles(folder.path, folder.project)
    if not files.add_source(key, entry):
        what = say("source '{key}' is there already", key=key)
        raise InputError.of(what, file="communities/sources.yaml")
    return files.changed()
