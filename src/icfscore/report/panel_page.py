"""Panels as a page: how far raters agree, who is severe, what divides them, what enters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from icfscore.pipeline.panel import PanelJudged, panel_indicators
from icfscore.pipeline.score import Scoring
from icfscore.report.language import Language
from icfscore.report.page import Block, Bullets, Heading, Page, Paragraph
from icfscore.report.panel_tables import (
    item_table,
    rater_name,
    rater_table,
    reliability_table,
)
from icfscore.report.words import Words

RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff's limits of alpha: what is customary to require, and the lowest for tentative ones.

Krippendorff (2004), Content Analysis: An Introduction to Its Methodology, 2nd edition, p. 241. They
are conventions: he asks for more where more hangs on the conclusions. ICC and W get no label.
"""


def panel_page(
    scoring: Scoring,
    panels: Sequence[PanelJudged],
    language: Language,
    escape: Callable[[str, int], str],
) -> Page:
    """Put the page together."""
    words = Words(scoring, language, escape)
    _ = words.gettext
    blocks: list[Block] = []
    for judged in panels:
        blocks.append(Heading(words.text(judged.panel.name)))
        if words.text(judged.panel.description):
            blocks.append(Paragraph(words.text(judged.panel.description)))
        blocks += [
            Paragraph(_about(judged, words)),
            Bullets(tuple(_verdict(judged, words))),
            reliability_table(judged, words),
            rater_table(judged, words),
            item_table(judged, words),
        ]
    if words.caveats():
        blocks += [Heading(_("To keep in mind")), Bullets(tuple(words.caveats()))]
    blocks.append(Paragraph(words.signature()))
    return Page(_("Panels: how far raters agree"), tuple(blocks))


def _about(judged: PanelJudged, words: Words) -> str:
    _, panel = words.gettext, judged.panel
    possible = len(panel.items) * len(panel.raters)
    said = _(
        "Raters: {raters}; communities: {communities}; criteria or indicators: {nodes}; scores:"
        " {scores} of {possible} possible ones, from {low} to {high}. Source: {source}."
    ).format(
        raters=words.count(len(panel.raters)),
        communities=words.count(len(panel.communities)),
        nodes=words.count(len(panel.nodes)),
        scores=words.count(judged.overall.n_scores),
        possible=words.count(possible),
        low=words.numbers.measure(panel.low),
        high=words.numbers.measure(panel.high),
        source=words.source(panel.source),
    )
    return f"{said} {_entering(judged, words)}"


def _entering(judged: PanelJudged, words: Words) -> str:
    _ = words.gettext
    fills = panel_indicators(words.scoring.project.tree, judged.panel)
    if not fills:
        return _("No indicator names the panel, so scores and ranks do not rest on it.")
    named = [
        _("{indicator} (weight {weight} in its criterion)").format(
            indicator=words.node(indicator.id),
            weight=words.numbers.measure(words.scoring.weights[indicator.id]),
        )
        for indicator, _node in fills
    ]
    return _("Its adjusted scores enter as {indicators}.").format(indicators=words.listed(named))


def _verdict(judged: PanelJudged, words: Words) -> list[str]:
    """Say what the figures come to."""
    return [
        *_reliability(judged, words),
        *_severity(judged, words),
        *_groups(judged, words),
        *_disagreement(judged, words),
    ]


def _reliability(judged: PanelJudged, words: Words) -> list[str]:
    _ = words.gettext
    if judged.n_raters < 2:
        return [
            _(
                "A single rater: how far others would agree cannot be computed, nor severity, nor"
                " an error of the scores."
            )
        ]
    alpha = judged.overall.alpha["ordinal"]
    if alpha is None:
        return [
            _(
                "Agreement cannot be computed: no community and criterion has two scores, or all"
                " scores are the same."
            )
        ]
    if alpha.value >= RELIABLE:
        said = _(
            "Reliable by the customary limit: alpha of the orders is {alpha}, at least {limit}."
        )
    elif alpha.value >= TENTATIVE:
        said = _(
            "Good for tentative conclusions only: alpha of the orders is {alpha}, below {limit}."
        )
    else:
        said = _(
            "Not reliable: alpha of the orders is {alpha}, below {lowest}, the customary limit even"
            " for tentative conclusions."
        )
    found = [
        said.format(
            alpha=words.decimal(alpha.value),
            limit=words.decimal(RELIABLE),
            lowest=words.decimal(TENTATIVE, 3),
        )
    ]
    weak = [
        words.node(each.node)
        for each in judged.by_node
        if each.node is not None
        and (own := each.alpha["ordinal"]) is not None
        and own.value < TENTATIVE
    ]
    if weak and len(judged.by_node) > 1:
        found.append(
            _("Below that limit taken by themselves: {nodes}.").format(nodes=words.listed(weak))
        )
    return found


def _severity(judged: PanelJudged, words: Words) -> list[str]:
    _, model = words.gettext, judged.model
    if model.n_groups > 1 or judged.n_raters < 2:
        return []
    hardest = max(
        range(len(model.severity)), key=lambda n: (model.groups[n] >= 0, model.severity[n])
    )
    mildest = min(
        range(len(model.severity)), key=lambda n: (model.groups[n] < 0, model.severity[n])
    )
    apart = float(model.severity[hardest] - model.severity[mildest])
    if apart < 1e-9:
        return [_("All raters are equally severe.")]
    return [
        _(
            "The most severe rater is {hardest}, the mildest {mildest}: for the same thing they"
            " give {apart} points apart."
        ).format(
            hardest=rater_name(judged, hardest, words),
            mildest=rater_name(judged, mildest, words),
            apart=words.decimal(apart),
        )
    ]


def _groups(judged: PanelJudged, words: Words) -> list[str]:
    _, model = words.gettext, judged.model
    if model.n_groups < 2:
        return []
    listed = [
        words.listed(
            [rater_name(judged, n, words) for n, own in enumerate(model.groups) if own == group]
        )
        for group in range(model.n_groups)
    ]
    return [
        _(
            "The raters fall into {n} groups that have nothing in common, directly or through"
            " others: {groups}. Whether one group is more severe than another cannot be computed,"
            " and scores of different groups should not be compared."
        ).format(n=words.count(model.n_groups), groups="; ".join(listed))
    ]


def _disagreement(judged: PanelJudged, words: Words) -> list[str]:
    _, panel, found = words.gettext, judged.panel, []
    if judged.rater is not None:
        worst = judged.worst_of_rater(judged.rater)
        community, node = panel.items[worst.item]
        found.append(
            _(
                "The rater who disagrees most is {rater}: severity aside, the scores stray by"
                " {spread} points; most for {community} on {node}, {score} where {expected} was to"
                " be expected."
            ).format(
                rater=rater_name(judged, judged.rater, words),
                spread=words.decimal(float(judged.model.spread[judged.rater])),
                community=words.community(community),
                node=words.node(node),
                score=words.numbers.measure(worst.score),
                expected=words.decimal(worst.expected, 1),
            )
        )
    if judged.item is not None:
        worst = judged.worst_of_item(judged.item)
        community, node = panel.items[judged.item]
        found.append(
            _(
                "What divides the raters most is {community} on {node}: {rater} gives {score} where"
                " {expected} was to be expected."
            ).format(
                community=words.community(community),
                node=words.node(node),
                rater=rater_name(judged, worst.rater, words),
                score=words.numbers.measure(worst.score),
                expected=words.decimal(worst.expected, 1),
            )
        )
    return found
