"""Incomes of communities and of the areas they lie in, and what else is known beside them."""

from __future__ import annotations

from dataclasses import dataclass

from icfscore.domain.communities import LEVELS, Fact, Level, Observation
from icfscore.domain.means import Means
from icfscore.pipeline.observe import Selection
from icfscore.pipeline.score import Scoring


@dataclass(frozen=True, slots=True)
class Income:
    """What is known of one community's income.

    Attributes
    ----------
    level
        Whose value it is; of a ratio the coarser of the two levels.
    observation, holder
        The observation behind it, and the community or area that it belongs to.
    """

    value: float
    level: Level
    observation: Observation
    holder: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Something else that is known of what residents live on.

    Attributes
    ----------
    identifier
        Of the fact or quantity.
    value, unit, year, source
        As the files give them.
    """

    identifier: str
    value: float | str
    unit: str
    year: int | None
    source: str
    fact: Fact | None


def income_of(scoring: Scoring, quantity: str, community: str) -> Income | None:
    """Find the income that counts for a community: an indicator's as it is scored, or a context's.

    A context quantity is chosen and inherited as an indicator is.
    """
    observed = scoring.observed
    if quantity in observed.indicators:
        row = observed.communities.index(community)
        column = observed.indicators.index(quantity)
        found = observed.observation(row, column)
        if found is None:
            return None
        holder = str(observed.holders[row, column])
        level = LEVELS[int(observed.level[row, column]) - 1]
        return Income(float(observed.values[row, column]), level, found, holder)
    settings, project = scoring.settings, scoring.project
    selection = Selection(settings.reference_year, settings.max_age, settings.proxies)
    for entity in project.chain(project.community_by_id[community]):
        found = selection.choose(entity.observations.get(quantity, ()))
        if found is not None:
            return Income(found.value, found.level, found, entity.id)
    return None


def incomes_of_areas(
    scoring: Scoring, means: Means, community: str, own: Income | None
) -> tuple[tuple[str, float], ...]:
    """List the incomes of the areas a community lies in, where they are not its own already."""
    project, settings = scoring.project, scoring.settings
    selection = Selection(settings.reference_year, settings.max_age)
    found = []
    for area in project.chain(project.community_by_id[community])[1:]:
        chosen = selection.choose(area.observations.get(means.income, ()))
        is_own = own is not None and own.holder == area.id
        if chosen is not None and not is_own and chosen.value > 0:
            found.append((area.id, chosen.value))
    return tuple(found)


def beside_of(scoring: Scoring, means: Means, community: str) -> tuple[Beside, ...]:
    """Gather what the settings ask to show beside the income, as far as it is known."""
    tree = scoring.project.tree
    facts = {fact.id: fact for fact in scoring.project.community_by_id[community].facts}
    found = []
    for name in means.beside:
        fact = facts.get(name)
        if fact is not None:
            found.append(Beside(name, fact.value, fact.unit, fact.year, fact.source, fact))
        elif name in tree.quantity_by_id:
            income = income_of(scoring, name, community)
            if income is not None:
                told = income.observation
                unit = tree.quantity_by_id[name].unit
                found.append(Beside(name, income.value, unit, told.year, told.source, None))
    return tuple(found)
