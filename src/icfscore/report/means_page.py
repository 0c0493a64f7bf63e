"""A community against its means: as blocks of a page, for reports, profiles and the terminal."""

from __future__ import annotations

from icfscore.domain.criteria import ROOT
from icfscore.pipeline.incomes import Beside
from icfscore.pipeline.means import SHARE, AgainstMeans, Expected, against_means
from icfscore.pipeline.score import Scoring
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.escape import clean
from icfscore.report.language import find_language
from icfscore.report.numbers import NOTHING
from icfscore.report.page import Block, Bullets, Heading, Paragraph, print_blocks
from icfscore.report.terminal import make_console, printed
from icfscore.report.words import Words


def means_terminal(
    scoring: Scoring,
    community: str | None = None,
    language: str = "en",
    *,
    piped: bool | None = None,
    width: int | None = None,
) -> str:
    """Lay out the verdict and its table for the terminal; empty where the settings name no income.

    Parameters
    ----------
    community
        Its id; None: the focus.
    """
    words = Words(scoring, find_language(language), clean)
    blocks = means_blocks(words, against_means(scoring, community), brief=True)
    if not blocks:
        return ""
    console = make_console(piped=piped, width=width)
    print_blocks(console, blocks)
    return printed(console)


def means_blocks(
    words: Words, found: AgainstMeans | None, *, brief: bool = False
) -> tuple[Block, ...]:
    """Say what a place of this income would be expected to score; nothing without settings.

    Parameters
    ----------
    brief
        Leave out how it was computed and what it rests on.
    """
    if found is None:
        return ()
    _ = words.gettext
    name = words.community(found.community)
    title = Heading(_("{name} against its means").format(name=name))
    if found.reason or found.income is None:
        told = _("What to expect of its income cannot be told: {reason}.")
        return (title, Paragraph(told.format(reason=words.said(found.reason))))
    blocks = (title, Paragraph(_summary(words, found, name)), _table(words, found))
    return blocks if brief else (*blocks, Bullets(tuple(_limits(words, found, name))))


def _summary(words: Words, found: AgainstMeans, name: str) -> str:
    _, overall = words.gettext, found.nodes[0]
    assert found.income is not None  # noqa: S101 - else nothing is told
    quantity = words.scoring.project.tree.quantity_by_id[found.means.income]
    text = _(
        "From the other communities a place with {income} of {amount} would be expected to score"
        " {expected} overall; {name} scores {score}: {standing}. It ranks {rank} of {n} by level,"
        " and {for_means} by how far it stands above, or below, what its income leads one to"
        " expect."
    ).format(
        income=words.node(found.means.income),
        amount=words.wording.amount(found.income.value, quantity),
        expected=words.score(overall.expected),
        name=name,
        score=words.score(overall.score),
        standing=_standing(words, overall),
        rank=words.numbers.ordinal(overall.rank),
        n=words.count(overall.n),
        for_means=words.numbers.ordinal(overall.rank_for_means),
    )
    apart = [node for node in found.nodes[1:] if node.standing in ("above", "below")]
    lines = [text]
    for standing, sentence in (
        ("above", _("More than its income explains it has on {nodes}.")),
        ("below", _("Less than its income explains it has on {nodes}.")),
    ):
        nodes = [node for node in apart if node.standing == standing]
        if nodes:
            named = [
                _("{node} ({points} points)").format(
                    node=words.node(node.node), points=words.signed_score(node.difference)
                )
                for node in nodes
            ]
            lines.append(sentence.format(nodes=words.listed(named)))
    if not apart and any(node.interval is not None for node in found.nodes[1:]):
        lines.append(_("On no criterion does it stand outside what its income may explain."))
    return " ".join(lines)


def _standing(words: Words, node: Expected) -> str:
    _ = words.gettext
    points = words.score(abs(node.difference))
    told = {
        "above": _("{points} points above, more than its income explains"),
        "below": _("{points} points below, less than its income explains"),
        "within": _("{points} points above, which is within what one may expect")
        if node.difference >= 0
        else _("{points} points below, which is within what one may expect"),
        "unsure": _("{points} points above, which may be chance with so few others")
        if node.difference >= 0
        else _("{points} points below, which may be chance with so few others"),
    }
    return told[node.standing].format(points=points)


def _table(words: Words, found: AgainstMeans) -> AuditTable:
    _ = words.gettext
    rows = tuple(
        (
            words.node(node.node),
            words.score(node.score),
            words.numbers.ordinal(node.rank),
            words.score(node.expected),
            _interval(words, node),
            words.signed_score(node.difference),
            words.numbers.ordinal(node.rank_for_means),
            *(words.score(expected) for expected in node.elsewhere),
        )
        for node in found.nodes
    )
    columns = (
        Column(_("Score"), right=False),
        Column(_("Here")),
        Column(_("Rank")),
        Column(_("Expected")),
        Column(_("{share} interval").format(share=words.percent(SHARE)), rank=1),
        Column(_("Difference")),
        Column(_("Rank for its means")),
        *(
            Column(_("Expected at the income of {area}").format(area=_area(words, area)), rank=2)
            for area, _income in found.areas
        ),
    )
    footnotes = tuple(
        _("{node}: not told, {reason}.").format(node=words.node(node), reason=words.said(reason))
        for node, reason in found.untold.items()
        if node != ROOT
    )
    return AuditTable("", "", columns, rows, footnotes)


def _interval(words: Words, node: Expected) -> str:
    if node.interval is None:
        return NOTHING
    _ = words.gettext
    low, high = node.interval
    return _("{low} to {high}").format(low=words.score(low), high=words.score(high))


def _area(words: Words, area: str) -> str:
    return words.text(words.scoring.project.areas[area].name)


def _limits(words: Words, found: AgainstMeans, name: str) -> list[str]:
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
    if found.beside:
        lines.append(
            _("Beside it: {facts}.").format(
                facts="; ".join(_fact(words, each) for each in found.beside)
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
                area=_area(words, area),
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
    named += [_area(words, area) for area, income in found.areas if found.is_beyond(income)]
    if not named:
        return []
    return [
        _(
            "The income of {places} lies beyond that of all others compared, so that the line is"
            " drawn out: what it says there is a guess."
        ).format(places=words.listed(named))
    ]


def _fact(words: Words, each: Beside) -> str:
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
    return _("{told} ({year}, {source})").format(
        told=told, year=each.year, source=words.source(each.source)
    )
