"""Published lists that name communities of a project, and which of them can be tested.

Decisions. A list says something about the others only where it is complete for them: each was a
candidate, and whoever was chosen is recorded. The settings say so (`lists`); where they say nothing
of a list it is taken to be complete, with a warning. A list that names all of the ranked
communities, or none, tells nothing apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from icfscore.errors import InputError, name_hint
from icfscore.pipeline.score import Scoring
from icfscore.sentences import joined, say

Obstacle = Literal["", "incomplete", "nobody", "everybody"]


@dataclass(frozen=True, slots=True)
class ListOfYear:
    """One list of one year, as the communities' files record it.

    Attributes
    ----------
    chosen
        Ids of the communities that it names, those without a rank included.
    ranked
        Those of them that have a rank.
    obstacle
        Why it cannot be tested; empty where it can: it is not known to be complete, none of those
        it names is ranked, or all ranked communities are named.
    declared
        Whether the settings say in which years it is complete.
    """

    list: str
    year: int
    chosen: tuple[str, ...]
    ranked: tuple[str, ...]
    obstacle: Obstacle
    declared: bool


def find_lists(scoring: Scoring) -> tuple[ListOfYear, ...]:
    """List what the communities are on, by list and year."""
    on: dict[tuple[str, int], list[str]] = {}
    for community in scoring.project.communities:
        for each in dict.fromkeys((given.list, given.year) for given in community.recognitions):
            on.setdefault(each, []).append(community.id)
    ranked = {scoring.ranking.communities[row] for row in scoring.ranking.order}
    return tuple(_judge(scoring, *key, tuple(on[key]), ranked) for key in sorted(on))


def _judge(
    scoring: Scoring, name: str, year: int, chosen: tuple[str, ...], ranked: set[str]
) -> ListOfYear:
    entry = scoring.settings.lists.get(name)
    complete = None if entry is None else entry.complete
    among = tuple(community for community in chosen if community in ranked)
    obstacle: Obstacle = ""
    if complete is not None and year not in complete:
        obstacle = "incomplete"
    elif not among:
        obstacle = "nobody"
    elif len(among) == len(ranked):
        obstacle = "everybody"
    return ListOfYear(name, year, chosen, among, obstacle, complete is not None)


def _explain(each: ListOfYear) -> str:
    if each.obstacle == "incomplete":
        return say(
            "{list} of {year} is not known to be complete for these communities: one that is not"
            " recorded may have been chosen, or no candidate",
            list=each.list,
            year=each.year,
        )
    if each.obstacle == "nobody":
        return say(
            "none of the communities on {list} of {year} is ranked", list=each.list, year=each.year
        )
    return say(
        "all ranked communities are on {list} of {year}: it tells none of them apart",
        list=each.list,
        year=each.year,
    )


def choose_list(
    found: tuple[ListOfYear, ...], name: str | None = None, year: int | None = None
) -> ListOfYear:
    """Choose the list to test: the one asked for, else the one that names most communities.

    Of several that name as many, the latest.

    Raises
    ------
    InputError
        Where there is no such list, or it cannot be tested: what there is instead.
    """
    if not found:
        raise InputError.of(
            say("no community has recognitions: there is nothing to hold the ranking against"),
            say(
                "add {example} to communities",
                example="recognitions: [{year: 2019, list: NAME, source: KEY}]",
            ),
        )
    names = sorted({each.list for each in found})
    if name is not None and name not in names:
        raise InputError.of(
            say("--list: no community is on a list '{name}'", name=name),
            name_hint(name, names, what=say("the lists")),
        )
    mine = [each for each in found if name in (None, each.list)]
    of_year = [each for each in mine if year in (None, each.year)]
    if not of_year:
        years = ", ".join(str(each) for each in sorted({each.year for each in mine}))
        what = say("--of-year: no community is on a list of {year}", year=year)
        if name is not None:
            what = say(
                "--of-year: no community is on a list '{name}' of {year}", name=name, year=year
            )
        raise InputError.of(what, say("there is: {years}", years=years))
    testable = [each for each in of_year if not each.obstacle]
    if not testable:
        others = [f"{each.list} {each.year}" for each in found if not each.obstacle]
        hint = (
            say("can be tested: {lists}", lists=", ".join(others))
            if others
            else say("no list can be tested")
        )
        raise InputError.of(joined("; ", map(_explain, of_year)), hint)
    return max(testable, key=lambda each: (len(each.ranked), each.year, each.list))
