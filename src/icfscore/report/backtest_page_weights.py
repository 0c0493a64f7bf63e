"""What a backtest says of weights: whether others would have found the chosen."""

from __future__ import annotations

from icfscore.pipeline.backtest import Backtest
from icfscore.pipeline.backtest_weights import FreeWeights
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.words import Words


def other_weights(words: Words, found: Backtest) -> list[str]:
    """Say what free weights could do, a paragraph a depth, and where the ranking's own stand."""
    _ = words.gettext
    lines = [_freedom(words, each) for each in found.freedom]
    space = found.space
    if space is not None:
        lines.append(
            _(
                "Of {draws} weightings of the criteria drawn with equal chance from all there are,"
                " {better} (±{error}) have a larger area than the ranking's own, {same} the same,"
                " and {precise} put more of the chosen among the first {k}. Half of them have an"
                " area below {median}."
            ).format(
                draws=words.count(space.draws),
                better=words.percent(space.share_better),
                error=words.numbers.percentage(2 * space.error),
                same=words.percent(space.as_good / space.draws),
                precise=words.percent(space.more_precise / space.draws),
                k=words.count(found.overall.k),
                median=words.decimal(space.median_auc),
            )
        )
    return lines


def _freedom(words: Words, each: FreeWeights) -> str:
    _ = words.gettext
    depth = _("the criteria") if each.depth == "criteria" else _("all indicators")
    if each.reason:
        return _("What free weights of {depth} could do is not told: {reason}.").format(
            depth=depth, reason=words.said(each.reason)
        )
    by_chance = _(
        "Of {sets} random sets of as many communities, {share} (±{error}) can be put on top by some"
        " weights."
    ).format(
        sets=words.count(each.n_sets),
        share=words.numbers.percentage(each.share_separable),
        error=words.numbers.percentage(2 * each.error),
    )
    n = words.count(len(each.names))
    if each.separable:
        return " ".join(
            [
                _(
                    "With free weights of {depth} ({n} of them) all of the chosen can be put ahead"
                    " of all others."
                ).format(depth=depth, n=n),
                by_chance,
                _("That many free weights can justify almost any choice, so this proves nothing.")
                if each.share_separable > 1 / 2
                else _("Few sets can be put there, so that this one can says something."),
            ]
        )
    slack = (
        ""
        if each.slack is None
        else _(" (by {slack} points of the score in all)").format(slack=words.score(each.slack))
    )
    return " ".join(
        [
            _(
                "With free weights of {depth} ({n} of them) the chosen cannot all be put ahead of"
                " all others, whatever the weights: the best ones still put {reversed} of {pairs}"
                " pairs the other way round{slack}."
            ).format(
                depth=depth,
                n=n,
                reversed=words.count(each.reversed_pairs),
                pairs=words.count(each.n_pairs),
                slack=slack,
            ),
            by_chance,
        ]
    )


def weights_tables(words: Words, found: Backtest) -> list[AuditTable]:
    """Lay out the criteria's weights that fit the choice best, where there are any."""
    _ = words.gettext
    told = [each for each in found.freedom if each.depth == "criteria" and each.weights]
    if not told:
        return []
    present = words.scoring.scores.shares
    rows = tuple(
        (words.node(name), words.percent(present[name]), words.percent(weight))
        for name, weight in told[0].weights.items()
    )
    columns = (Column(_("Score"), right=False), Column(_("Now")), Column(_("Least slack")))
    note = _(
        "The weights under which the chosen lag least: the sum, over all pairs of a chosen and"
        " another, of the points by which the other is ahead is as small as it can be. They fit"
        " this one choice and are no advice."
    )
    return [AuditTable(_("Weights that fit the choice best"), note, columns, rows)]
