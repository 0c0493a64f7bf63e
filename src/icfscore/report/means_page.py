"""A community against its means: as blocks of a page, for reports, profiles and the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from icfscore.domain.criteria import ROOT
from icfscore.pipeline.means import SHARE, AgainstMeans, Expected
from icfscore.pipeline.score import Scoring
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.escape import clean
from icfscore.report.language import find_language
from icfscore.report.means_page_limits import area_name, means_limits
from icfscore.report.numbers import NOTHING
from icfscore.report.page import Block, Bullets, Heading, Paragraph, print_blocks
from icfscore.report.terminal import make_console, printed
from icfscore.report.words import Words


def means_terminal(
    scoring: Scoring,
    found: AgainstMeans | None,
    language: str = "en",
    *,
    piped: bool | None = None,
    width: int | None = None,
) -> str:
    """Lay out the verdict and its table for the terminal; empty where the settings name no income.

    Parameters
    ----------
    found
        What the community's income leads one to expect.
    """
    words = Words(scoring, find_language(language), clean)
    blocks = means_blocks(words, found, brief=True)
    if not blocks:
        return ""
    console = make_console(piped=piped, width=width)
    print_blocks(console, blocks)
    return printed(console)


def means_blocks(
    words: Words,
    found: AgainstMeans | None,
    *,
    brief: bool = False,
    numbers: Mapping[str, int] | None = None,
) -> tuple[Block, ...]:
    """Say what a place of this income would be expected to score; nothing without settings.

    Parameters
    ----------
    brief
        Leave out how it was computed and what it rests on.
    numbers
        By which sources are cited, where they are listed elsewhere.
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
    return (
        blocks
        if brief
        else (*blocks, Bullets(tuple(means_limits(words, found, name, numbers or {}))))
    )


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
            Column(
                _("Expected at the income of {area}").format(area=area_name(words, area)), rank=2
            )
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
