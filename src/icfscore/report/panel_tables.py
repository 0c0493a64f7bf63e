"""The tables of a panel: agreement by node, raters, and the scores without severity."""

from __future__ import annotations

import math

from icfscore.pipeline.panel import Alpha, PanelJudged, Reliability
from icfscore.report.audit_table import AuditTable, Column
from icfscore.report.escape import NAME_LENGTH
from icfscore.report.numbers import NOTHING
from icfscore.report.words import Words


def rater_name(judged: PanelJudged, rater: int, words: Words) -> str:
    """Name a rater by number."""
    return words.wording.text(list(judged.panel.raters.values())[rater], NAME_LENGTH)


def reliability_table(judged: PanelJudged, words: Words) -> AuditTable:
    """Lay out agreement, node by node and on all together."""
    _ = words.gettext
    rows = [_agreement(each, words) for each in judged.by_node]
    if len(rows) != 1:
        rows.append(_agreement(judged.overall, words))
    columns = (
        Column(_("Criterion"), right=False),
        Column(_("Items"), rank=2),
        Column(_("Complete"), rank=3),
        Column("ICC(2,1)"),
        Column("ICC(2,k)"),
        Column(_("α orders")),
        Column("5–95 %"),
        Column(_("α distances"), rank=1),
        Column("5–95 %", rank=1),
        Column(_("W"), rank=1),
    )
    note = _(
        "1: full agreement; 0: what chance gives. ICC: reliability of one rater's score, and of the"
        " mean of all, on absolute scores (Shrout and Fleiss). α: Krippendorff's alpha of ordinal"
        " and of interval scores, with what resampled communities give. W: Kendall's, of the"
        " orders. ICC and W rest on complete items, those that every rater scored who scored any."
    )
    footnotes = []
    if judged.overall.n_complete < 2:
        footnotes.append(_("ICC and W: fewer than two items have a score from every rater."))
    if len(judged.panel.communities) < 3:
        footnotes.append(_("5–95 %: fewer than three communities cannot be resampled."))
    breaks = frozenset({len(rows) - 1}) if len(rows) > 1 else frozenset()
    return AuditTable(_("Agreement"), note, columns, tuple(rows), tuple(footnotes), breaks)


def _agreement(each: Reliability, words: Words) -> tuple[str, ...]:
    _ = words.gettext
    icc = each.intraclass
    return (
        _("All together") if each.node is None else words.node(each.node),
        words.count(each.n_items),
        words.count(each.n_complete),
        words.decimal(icc.single if icc else None),
        words.decimal(icc.average if icc else None),
        *_alpha(each.alpha["ordinal"], words),
        *_alpha(each.alpha["interval"], words),
        words.decimal(each.concordance),
    )


def _alpha(alpha: Alpha | None, words: Words) -> tuple[str, str]:
    if alpha is None:
        return NOTHING, NOTHING
    span = NOTHING
    if alpha.interval is not None:
        low, high = (words.decimal(end) for end in alpha.interval)
        span = f"{low} … {high}"
    return words.decimal(alpha.value), span


def rater_table(judged: PanelJudged, words: Words) -> AuditTable:
    """Lay out each rater's severity and consistency, the most severe first."""
    _, model = words.gettext, judged.model
    order = sorted(
        range(len(judged.panel.raters)),
        key=lambda n: (model.groups[n] < 0, model.groups[n], -model.severity[n]),
    )
    grouped = model.n_groups > 1
    rows = tuple(
        (
            rater_name(judged, n, words),
            *([words.count(int(model.groups[n]) + 1)] if grouped else []),
            words.count(judged.n_scores[n]),
            _known(model.severity[n], words),
            _known(model.severity_error[n], words),
            _known(model.spread[n], words),
            _known(model.agreement[n], words),
        )
        for n in order
    )
    columns = (
        Column(_("Rater"), right=False),
        *([Column(_("Group"))] if grouped else []),
        Column(_("Scores")),
        Column(_("Severity")),
        Column("±", rank=1),
        Column(_("Spread")),
        Column(_("With other raters"), rank=1),
    )
    note = _(
        "Severity: points that a rater gives less than the others for the same thing, by least"
        " squares, ± standard error. Spread: how far the scores stray, severity aside. With other"
        " raters: correlation with the mean of the others."
    )
    return AuditTable(_("Raters"), note, columns, rows)


def _known(value: float, words: Words) -> str:
    return NOTHING if math.isnan(value) else words.decimal(float(value))


def item_table(judged: PanelJudged, words: Words) -> AuditTable:
    """Lay out the scores: plain means, and those without severity, best first on each node."""
    _, panel, model = words.gettext, judged.panel, judged.model
    grouped = model.n_groups > 1
    rows: list[tuple[str, ...]] = []
    breaks = set()
    for node in panel.nodes:
        breaks.add(len(rows))
        for n in sorted(panel.rows(node).tolist(), key=lambda n: -judged.entered[n]):
            community = panel.items[n][0]
            rows.append(
                (
                    "▶" if community == words.scoring.settings.focus else "",
                    words.node(node),
                    words.community(community),
                    *([words.count(int(model.item_groups[n]) + 1)] if grouped else []),
                    words.count(judged.n_given[n]),
                    words.decimal(float(judged.means[n])),
                    words.decimal(float(judged.entered[n])),
                    _known(model.error[n], words),
                )
            )
    columns = (
        Column("", right=False),
        Column(_("Criterion"), right=False),
        Column(_("Community"), right=False),
        *([Column(_("Group"))] if grouped else []),
        Column(_("Scores"), rank=1),
        Column(_("Mean")),
        Column(_("Adjusted")),
        Column("±"),
    )
    note = _(
        "Adjusted: the mean without its raters' severity, within the rubric. ±: its standard error."
    )
    if model.sigma is not None:
        drawn = _(
            "Draws take {widening} times the error for the standard deviation, since it rests on"
            " {n} degrees of freedom, and stay within the rubric."
        ).format(widening=words.decimal(model.widening), n=words.count(model.freedom))
        note = f"{note} {drawn}"
    return AuditTable(_("Scores"), note, columns, tuple(rows), (), frozenset(breaks))
