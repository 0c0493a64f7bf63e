"""Reading what a ranking is held against: the sections `means` and `lists` of icfscore.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from icfscore.domain.criteria import CriteriaTree, FileModel
from icfscore.domain.means import Means, PublishedList
from icfscore.domain.project import Project
from icfscore.domain.text import Line, Text
from icfscore.errors import Problem, name_hint
from icfscore.files.check import Origin, check
from icfscore.files.entries import Year
from icfscore.sentences import say


class MeansEntry(FileModel):
    """The section as its file spells it out."""

    income: Line
    without: tuple[Line, ...] = Field(default=(), strict=False)
    beside: tuple[Line, ...] = Field(default=(), strict=False)
    note: Text = ""


class ListEntry(FileModel):
    """One published list as its file spells it out."""

    name: Text = ""
    complete: tuple[Year, ...] | None = Field(default=None, strict=False)


def read_means(
    raw: Any, tree: CriteriaTree, origin: Origin, problems: list[Problem], *, partial: bool
) -> Means | None:
    """Read the section; ids may be aliases. Where the framework is `partial`, none is unknown."""
    if raw is None:
        return None
    entry = check(MeansEntry, raw, origin, ("means",), problems)
    if entry is None:
        return None
    indicators = [indicator.id for indicator in tree.indicators]
    income = tree.resolve(entry.income)
    if income not in tree.quantity_by_id:
        hint = name_hint(entry.income, tree.quantity_by_id, what=say("the quantities"))
        what = say(
            "means: income: unknown indicator or context quantity '{name}'", name=entry.income
        )
        if not partial:
            problems.append(origin.problem(("means", "income"), what, hint))
        return None
    without = []
    for position, name in enumerate(entry.without):
        found = tree.resolve(name)
        if found in indicators:
            without.append(str(found))
        elif not partial:
            what = say("means: without: unknown indicator '{name}'", name=name)
            place = ("means", "without", position)
            problems.append(origin.problem(place, what, name_hint(name, indicators)))
    beside = tuple(tree.resolve(name) or name for name in entry.beside)
    return Means(str(income), tuple(dict.fromkeys(without)), beside, entry.note)


def check_beside(means: Means, project: Project, origin: Origin, problems: list[Problem]) -> None:
    """Note what stands beside the income but is no quantity and no community's fact."""
    facts = {fact.id for community in project.communities for fact in community.facts}
    known = sorted(facts | set(project.tree.quantity_by_id))
    for position, name in enumerate(means.beside):
        if name not in known:
            what = say(
                "means: beside: unknown fact, indicator or context quantity '{name}'", name=name
            )
            place = ("means", "beside", position)
            problems.append(origin.problem(place, what, name_hint(name, known)))


def read_lists(
    raw: Mapping[str, Any], origin: Origin, problems: list[Problem]
) -> dict[str, PublishedList]:
    """Read the section `lists`."""
    read = {}
    for name, value in raw.items():
        data = {} if value is None else value
        entry = check(ListEntry, data, origin, ("lists", name), problems)
        if entry is not None:
            complete = None if entry.complete is None else tuple(sorted(set(entry.complete)))
            read[str(name)] = PublishedList(entry.name, complete)
    return read
