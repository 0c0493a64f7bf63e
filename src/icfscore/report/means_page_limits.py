"""What to know of a verdict against means: how it was computed, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from icfscore.pipeline.incomes import Beside
from icfscore.pipeline.means import SHARE, AgainstMeans
from icfscore.report.content_field import shared_scale
from icfscore.report.words import Words


def area_name(words: Words, area: str) -> str:
    """Name an area."""
    return words.text(words.scoring.project.areas[area].name)


def means_limits(
    words: Words, found: AgainstMeans, name: str, numbers: Mapping[str, int]
) -> list[str]:
    """List how it was computed, what it rests on, and what else to know."""
    _ = words.gettext
    without = words.wording.nodes(found.without)
    lines = [
        _(
            "The scores here leave out what contains income ({without}); else income would be held"
            " against itself."
        ).format(without=without)
        if found.without
        else _("No scored indicator contains income.")
    ]
    lines.append(
        _(
            "The line is a robust one (Theil-Sen, weighted) on the logarithm of income, drawn"
            " without {name}. The interval (jackknife+) holds a further place of this kind in about"
            " {share} of the cases, in no fewer than {least} whatever the distribution, if places"
            " are exchangeable; with {n} others it is wide. Of {m} scores looked at, {outside}"
            " would lie outside theirs by chance."
        ).format(
            name=name,
            share=words.percent(SHARE),
            least=words.percent(2 * SHARE - 1),
            n=words.count(found.nodes[0].n - 1),
            m=words.count(len(found.nodes)),
            outside=words.decimal((1 - SHARE) * len(found.nodes), 1),
        )
    )
    lines += _levels(words, found, name)
    lines += _at_incomes_of_areas(words, found, name)
    lines += _beyond(words, found, name)
    lines += _off_the_scale(words, found)
    if found.beside:
        lines.append(
            _("Beside it: {facts}.").format(
                facts="; ".join(_fact(words, each, numbers) for each in found.beside)
            )
        )
    if found.means.note:
        lines.append(words.text(found.means.note))
    return lines


def _levels(words: Words, found: AgainstMeans, name: str) -> list[str]:
    """Say whose incomes these are, and whose values stand against them."""
    _ = words.gettext
    assert found.income is not None  # noqa: S101 - else nothing is told
    whose = {
        "community": _("{name}'s is its own"),
        "region": _("{name}'s is its region's"),
        "national": _("{name}'s is its country's"),
    }[found.income.level].format(name=name)
    if found.income.observation.comparability == "low":
        whose = _("{whose}, of low comparability").format(whose=whose)
    lines = [
        _(
            "Of the {n} incomes {national} are the country's, {region} a region's and {own} the"
            " community's own; {whose}."
        ).format(
            n=words.count(len(found.incomes)),
            national=words.count(found.n_at("national")),
            region=words.count(found.n_at("region")),
            own=words.count(found.n_at("community")),
            whose=whose,
        )
    ]
    if found.income.level == "community" and found.proxies > 0:
        lines.append(
            _(
                "{share} of the values behind its scores here are its region's or country's, and go"
                " with that income rather than with its own: where the two differ, part of the"
                " distance is owed to that."
            ).format(share=words.percent(found.proxies))
        )
    return lines


def _at_incomes_of_areas(words: Words, found: AgainstMeans, name: str) -> list[str]:
    _, overall = words.gettext, found.nodes[0]
    quantity = words.scoring.project.tree.quantity_by_id[found.means.income]
    told = []
    for (area, income), expected in zip(found.areas, overall.elsewhere, strict=True):
        difference = overall.score - expected
        sentence = (
            _(
                "At the income of {area}, {amount}, {expected} would be expected overall: held"
                " against it {name} stands {points} points above."
            )
            if difference >= 0
            else _(
                "At the income of {area}, {amount}, {expected} would be expected overall: held"
                " against it {name} stands {points} points below."
            )
        )
        told.append(
            sentence.format(
                area=area_name(words, area),
                amount=words.wording.amount(income, quantity),
                expected=words.score(expected),
                name=name,
                points=words.score(abs(difference)),
            )
        )
    return told


def _beyond(words: Words, found: AgainstMeans, name: str) -> list[str]:
    _ = words.gettext
    named = [name] if found.extrapolated else []
    named += [area_name(words, area) for area, income in found.areas if found.is_beyond(income)]
    if not named:
        return []
    return [
        _(
            "The income of {places} lies beyond that of all others compared, so that the line is"
            " drawn out: what it says there is a guess."
        ).format(places=words.listed(named))
    ]


def _off_the_scale(words: Words, found: AgainstMeans) -> list[str]:
    """Say why an expected score may be one that no place can have."""
    scale = shared_scale(words.scoring)
    if scale is None:
        return []
    told = [value for node in found.nodes for value in (node.expected, *node.elsewhere)]
    told += [value for node in found.nodes for value in node.interval or ()]
    low, high = scale
    if all(low - 1e-9 <= value <= high + 1e-9 for value in told):
        return []
    said = words.gettext(
        "A straight line knows no ends of the scale: what it expects below {low} or above {high}"
        " means an end of it."
    )
    return [said.format(low=words.numbers.measure(low), high=words.numbers.measure(high))]


def _fact(words: Words, each: Beside, numbers: Mapping[str, int]) -> str:
    _ = words.gettext
    if each.fact is not None:
        name = words.text(each.fact.name) or words.identifier(each.identifier)
        value = (
            words.harmless(each.value)
            if isinstance(each.value, str)
            else words.numbers.cited(each.value)
        )
    else:
        name = words.node(each.identifier)
        value = words.numbers.measure(float(each.value))
    told = (
        _("{name} {value} {unit}")
        .format(name=name, value=value, unit=words.harmless(each.unit))
        .strip()
    )
    if each.year is None:
        return told
    number = numbers.get(each.source)
    source = words.source(each.source) if number is None else str(number)
    return _("{told} ({year}, {source})").format(told=told, year=each.year, source=source)
