"""Applying changes to a project: the same project, with other values.

Decisions. A change is a value of the community itself, as if it had been measured in the reference
year: a proxy that it replaces is gone, and with it the proxy's uncertainty. Unless the change says
otherwise it keeps how the old value was verified and how alike its definition is, since the same
thing would be measured again; an uncertainty of its own that the old value stated goes. Values of
other years stay, and so does every other community's value. No year is given, so that the change
counts for the reference year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from icfscore.domain.changes import Change
from icfscore.domain.communities import Entity, Observation
from icfscore.domain.criteria import Indicator
from icfscore.domain.project import Project
from icfscore.errors import InputError, Problem
from icfscore.pipeline.observe import Selection
from icfscore.recipe import Settings
from icfscore.sentences import say

ASSUMED = "assumed"
"""The source of a changed value, which is no key of any project's sources."""


@dataclass(frozen=True, slots=True, eq=False)
class Replaced:
    """A change with the value whose place it took.

    Attributes
    ----------
    before
        None where there was no value.
    holder
        Id of the community or area that the old value belongs to; None where there was none.
    """

    change: Change
    before: Observation | None
    holder: str | None

    @property
    def was_proxy(self) -> bool:
        """Whether a region's or country's value stood there."""
        return self.before is not None and self.before.level != "community"


def selection_of(settings: Settings) -> Selection:
    """Choose observations as a scoring with these settings does."""
    return Selection(settings.reference_year, settings.max_age, settings.proxies)


def assume(community: str, quantity: str, value: float) -> Change:
    """Make the change of a value to another one, measured as the one before was."""
    return Change(community, quantity, Observation(value, ASSUMED, "community", given_value=value))


def apply_changes(
    project: Project, settings: Settings, changes: Iterable[Change]
) -> tuple[Project, tuple[Replaced, ...]]:
    """Put changes into a project.

    Returns
    -------
    The changed project, and each change with what it replaced, in their order.

    Raises
    ------
    InputError
        Where a cell is changed twice, or a changed value would not count because the community has
        none of its denominator.
    """
    changes = tuple(changes)
    selection = selection_of(settings)
    problems, replaced, seen = [], [], set()
    by_community: dict[str, dict[str, Observation]] = {}
    for change in changes:
        cell = (change.community, change.quantity)
        if cell in seen:
            problems.append(_problem(change, say("is changed twice"), say("keep one of the two")))
        seen.add(cell)
        entity = project.community_by_id[change.community]
        before, holder = _present(project, entity, change.quantity, selection)
        made = change if before is None else _measured_alike(change, before)
        by_community.setdefault(change.community, {})[change.quantity] = made.observation
        replaced.append(Replaced(made, before, holder))
    changed = tuple(
        _with_values(entity, by_community[entity.id], selection)
        if entity.id in by_community
        else entity
        for entity in project.communities
    )
    result = replace(project, communities=changed)
    for each in replaced:
        missing = _missing_denominator(result, each.change, selection)
        if missing:
            name = each.change.community
            what = say("does not count: {name} has no {missing}", name=name, missing=missing)
            hint = say("it is divided by {missing}, so change that as well", missing=missing)
            problems.append(_problem(each.change, what, hint))
    if problems:
        raise InputError(problems)
    return result, tuple(replaced)


def _measured_alike(change: Change, before: Observation) -> Change:
    if not change.as_before:
        return change
    status, comparability = before.status, before.comparability
    made = replace(change.observation, status=status, comparability=comparability)
    return replace(change, observation=made)


def _problem(change: Change, what: str, hint: str) -> Problem:
    cell = f"{change.community}.{change.quantity}"
    return Problem("", 0, 0, say("{place}: {what}", place=cell, what=what), hint)


def _present(
    project: Project, entity: Entity, quantity: str, selection: Selection
) -> tuple[Observation | None, str | None]:
    """Find the value that counts now, its own or inherited, and whose it is."""
    indicator = project.tree.quantity_by_id[quantity]
    per = indicator.per if isinstance(indicator, Indicator) else None
    inherits = isinstance(indicator, Indicator)
    for holder in project.chain(entity) if inherits else (entity,):
        found = selection.choose(holder.observations.get(quantity, ()))
        if found is None:
            continue
        if per is None or selection.choose_denominator(holder.observations.get(per, ())):
            return found, holder.id
    return None, None


def _with_values(entity: Entity, made: Mapping[str, Observation], selection: Selection) -> Entity:
    """Put new values in the place of those that count."""
    observations = dict(entity.observations)
    for quantity, observation in made.items():
        dated = observations.get(quantity, ())
        counts = selection.choose(dated)
        others = tuple(each for each in dated if each is not counts)
        observations[quantity] = (observation, *others)
    return replace(entity, observations=observations)


def _missing_denominator(project: Project, change: Change, selection: Selection) -> str:
    """Name the denominator that a changed value lacks; empty where it lacks none."""
    quantity = project.tree.quantity_by_id[change.quantity]
    if not isinstance(quantity, Indicator) or quantity.per is None:
        return ""
    dated = project.community_by_id[change.community].observations.get(quantity.per, ())
    return "" if selection.choose_denominator(dated) else quantity.per
