"""A framework as COINr's iMeta or the COIN Tool describes it, spelt as this project's files.

What neither says is not made up: a unit that is not given is called ``unstated``, and the kind,
which those tools do not know, is `share` where the unit is a percentage and else `ratio`; both are
said, to be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from icfscore.domain.criteria import ROOT
from icfscore.errors import InputError
from icfscore.files.table_row import slug
from icfscore.files.yaml_edit import as_block, dump_yaml
from icfscore.sentences import say

UNSTATED = "unstated"
_PERCENT = ("%", "percent", "per cent", "percentage", "pct")
_CHECK = "# The kinds of indicators are not part of what was imported: check them, and the units.\n"


@dataclass(slots=True)
class Part:
    """A node, indicator or denominator of such a framework.

    Attributes
    ----------
    parent
        Code of the node above; "" for the index and for denominators.
    place
        How messages call its place.
    """

    code: str
    name: str
    kind: str  # indicator, aggregate or denominator
    place: str
    parent: str = ""
    weight: float | None = None
    direction: float | None = None
    unit: str = ""
    description: str = ""
    target: float | None = None
    denominator: str = ""
    goalposts: tuple[float, float] | None = None
    children: list[Part] = field(default_factory=list)


def spell_framework(parts: Sequence[Part], file: str) -> dict[str, str]:
    """Spell a framework: framework.yaml and a file for each criterion.

    Returns
    -------
    Texts by path relative to the project.

    Raises
    ------
    InputError
        Where the parts are no tree, or two would have the same id.
    """
    by_code: dict[str, Part] = {}
    for part in parts:
        if part.code in by_code:
            raise InputError.of(
                say("{place}: the code '{code}' is given twice", place=part.place, code=part.code),
                file=file,
            )
        by_code[part.code] = part
    ids = _ids(parts, file)
    root = _grow(parts, by_code, file)
    writer = _Writer(ids, by_code, file)
    framework: dict[str, Any] = {"id": ids[root.code], "name": root.name}
    if ids[root.code] == ROOT:
        framework["id"] = "imported"
    files: dict[str, str] = {}
    if root.children[0].kind == "indicator":
        framework["indicators"] = [writer.indicator(child) for child in root.children]
    else:
        framework["criteria"] = [ids[child.code] for child in root.children]
        for child in root.children:
            node = as_block(writer.node(child), flow_below=99)
            files[f"criteria/{ids[child.code]}.yaml"] = _CHECK + dump_yaml(_tidy(node))
    context = [part for part in parts if part.kind == "denominator"]
    if context:
        framework["context"] = [writer.quantity(part) for part in context]
    text = dump_yaml(_tidy(as_block(framework, flow_below=99)))
    return {"criteria/framework.yaml": text, **files}


def _ids(parts: Sequence[Part], file: str) -> dict[str, str]:
    ids: dict[str, str] = {}
    code_by_id: dict[str, str] = {}
    for part in parts:
        identifier = slug(part.code)
        if not identifier:
            raise InputError.of(
                say("{place}: no id can be made of '{code}'", place=part.place, code=part.code),
                file=file,
            )
        if identifier in code_by_id:
            what = say(
                "{place}: '{code}' and '{found}' would both be",
                place=part.place,
                code=part.code,
                found=code_by_id[identifier],
            )
            raise InputError.of(
                say("{what} '{identifier}'", what=what, identifier=identifier),
                say("rename one"),
                file=file,
            )
        if identifier == ROOT and part.parent:
            what = say(
                "{place}: '{root}' is the name of the whole, and this is a part of it",
                place=part.place,
                root=ROOT,
            )
            raise InputError.of(what, say("rename it"), file=file)
        ids[part.code], code_by_id[identifier] = identifier, part.code
    return ids


def _grow(parts: Sequence[Part], by_code: dict[str, Part], file: str) -> Part:
    """Hang every part below its parent; give the root."""
    roots = [part for part in parts if part.kind == "aggregate" and not part.parent]
    if len(roots) != 1:
        names = ", ".join(part.code for part in roots) or "none"
        what = say("needs one index, an aggregate without a parent; found: {names}", names=names)
        raise InputError.of(what, file=file)
    for part in parts:
        if part is roots[0] or part.kind == "denominator":
            continue
        parent = by_code.get(part.parent)
        if parent is None or parent.kind != "aggregate":
            what = say(
                "{place}: {code}: its parent '{parent}' is no aggregate",
                place=part.place,
                code=part.code,
                parent=part.parent,
            )
            raise InputError.of(what, file=file)
        parent.children.append(part)
    seen: set[str] = set()
    open_parts = [roots[0]]
    while open_parts:
        part = open_parts.pop()
        seen.add(part.code)
        open_parts += part.children
        kinds = {child.kind for child in part.children}
        if part.kind == "aggregate" and len(kinds) != 1:
            have = say("both indicators and aggregates") if kinds else say("nothing")
            raise InputError.of(
                say(
                    "{place}: {code} has {have} below it",
                    place=part.place,
                    code=part.code,
                    have=have,
                ),
                file=file,
            )
    lost = [p.code for p in parts if p.kind != "denominator" and p.code not in seen]
    if lost:
        raise InputError.of(
            say("these contain each other: {lost}", lost=", ".join(lost)), file=file
        )
    return roots[0]


@dataclass(frozen=True, slots=True)
class _Writer:
    ids: dict[str, str]
    by_code: dict[str, Part]
    file: str

    def quantity(self, part: Part) -> dict[str, Any]:
        identifier = self.ids[part.code]
        entry: dict[str, Any] = {"id": identifier, "name": part.name or part.code}
        if part.code.casefold() != identifier:
            entry["aliases"] = [part.code]
        if part.description:
            entry["description"] = part.description
        if part.unit:
            entry["unit"] = part.unit
        return entry

    def indicator(self, part: Part) -> dict[str, Any]:
        entry = self.quantity(part)
        entry.setdefault("unit", UNSTATED)
        if part.direction not in (1, -1):
            what = say(
                "{place}: {code}: its direction must be 1 or -1", place=part.place, code=part.code
            )
            raise InputError.of(
                say("{what}, got {direction}", what=what, direction=part.direction), file=self.file
            )
        entry["direction"] = "higher" if part.direction == 1 else "lower"
        percent = part.unit.strip().casefold() in _PERCENT
        entry["kind"] = "share" if percent else "ratio"
        self._weigh(entry, part)
        if part.goalposts is not None:
            entry["goalposts"] = list(part.goalposts)
        if part.target is not None:
            entry["target"] = part.target
        if part.denominator:
            other = self.by_code.get(part.denominator)
            if other is None or other.kind != "denominator":
                what = say(
                    "{place}: {code}: '{denominator}' is no denominator",
                    place=part.place,
                    code=part.code,
                    denominator=part.denominator,
                )
                raise InputError.of(what, file=self.file)
            entry["per"] = self.ids[part.denominator]
        return entry

    def node(self, part: Part) -> dict[str, Any]:
        entry = self.quantity(part)
        entry.pop("unit", None)
        self._weigh(entry, part)
        if part.children[0].kind == "indicator":
            entry["indicators"] = [self.indicator(child) for child in part.children]
        else:
            entry["criteria"] = [self.node(child) for child in part.children]
        return entry

    def _weigh(self, entry: dict[str, Any], part: Part) -> None:
        if part.weight is not None and part.weight != 1:
            if part.weight < 0:
                what = say(
                    "{place}: {code}: a weight is at least 0, got {weight:g}",
                    place=part.place,
                    code=part.code,
                    weight=part.weight,
                )
                raise InputError.of(what, file=self.file)
            entry["weight"] = part.weight


def _tidy(node: Any) -> Any:
    """Put short lists on one line."""
    for key, value in node.items() if hasattr(node, "items") else ():
        if not isinstance(value, list):
            continue
        if key == "goalposts" or all(isinstance(entry, str) for entry in value):
            value.fa.set_flow_style()  # type: ignore[attr-defined]
        else:
            for entry in value:
                _tidy(entry)
    return node
