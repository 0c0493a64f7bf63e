"""The tables of an audit that show data: coverage, indicators, size; and removals."""

from __future__ import annotations

from icfscore.pipeline.audit import Survey
from icfscore.pipeline.audit_indicators import IndicatorAudit
from icfscore.pipeline.audit_weights import EffectiveWeight
from icfscore.report.audit_table import AuditTable, Column, Reasons
from icfscore.report.audit_words import Teller


def coverage_table(teller: Teller) -> AuditTable:
    """Lay out whose values each score rests on."""
    _ = teller.translate
    rows = []
    for node in teller.nodes:
        found = node.coverage
        rows.append(
            (
                teller.start(node.scope.node),
                *(
                    teller.percent(part, found.total)
                    for part in (found.own, found.region, found.national, found.missing)
                ),
                teller.percent(found.low, found.present),
                teller.of_n(found.mostly_national, teller.n),
                teller.of_n(found.mostly_proxies, teller.n),
            )
        )
    return AuditTable(
        _("What the values rest on"),
        _(
            "Shares of the values there could be: the community's own, its region's, its country's,"
            " missing. Low: share of the values present that compare poorly. Mostly: communities"
            " more than half of whose values are the country's, or are not their own."
        ),
        (
            Column(_("Score"), right=False),
            Column(_("Own")),
            Column(_("Region")),
            Column(_("Country")),
            Column(_("Missing")),
            Column(_("Low"), rank=1),
            Column(_("Mostly country's")),
            Column(_("Mostly proxies"), rank=2),
        ),
        tuple(rows),
    )


def indicator_table(teller: Teller, survey: Survey) -> AuditTable:
    """Lay out the indicators, one a row."""
    _ = teller.translate
    overall = {weight.name: weight for weight in survey.overall.weights}
    rows: list[tuple[str, ...]] = []
    breaks, node = set(), ""
    for each in survey.indicators:
        if each.node != node:
            node = each.node
            breaks.add(len(rows))
        rows.append(_indicator_row(teller, each, overall[each.id]))
    return AuditTable(
        _("The indicators"),
        _(
            "Values by level; different values; skewness G1 and excess kurtosis G2 of the values as"
            " they are normalised, * where |G1| > 2 and G2 > 3.5; r with the criterion; weight in"
            " the index, intended and effective; communities beyond 3 interquartile ranges from the"
            " quartiles, or ˙ beyond 1.5."
        ),
        (
            Column(_("Indicator"), right=False),
            Column(_("Own")),
            Column(_("Reg."), rank=3),
            Column(_("Nat."), rank=3),
            Column(_("Miss."), rank=2),
            Column(_("Different")),
            Column(_("Skew")),
            Column(_("Kurt."), rank=1),
            Column("", right=False),
            Column("r"),
            Column(_("Int."), rank=4),
            Column(_("Eff."), rank=4),
            Column(_("Far out"), right=False, rank=5),
        ),
        tuple(rows),
        breaks=frozenset(breaks),
    )


def _indicator_row(
    teller: Teller, each: IndicatorAudit, weight: EffectiveWeight
) -> tuple[str, ...]:
    told, levels = each.distribution, each.coverage
    who = [teller.community(name) for name in each.far_outside or each.outside]
    mild = " ˙" if who and not each.far_outside else ""
    return (
        teller.name(each.id),
        *map(teller.count, (levels.own, levels.region, levels.national, levels.missing)),
        teller.of_n(told.distinct, told.n),
        teller.measure(told.skewness),
        teller.measure(told.kurtosis),
        "*" if told.fails_moments else "",
        teller.measure(each.with_criterion),
        teller.figure(weight.intended, 3),
        teller.figure(weight.effective.value, 3),
        teller.shortened(who, 2) + mild,
    )


def size_table(teller: Teller) -> AuditTable:
    """Lay out how indicators go with the size they are, or are not, divided by."""
    _, reasons = teller.translate, Reasons()
    rows = []
    for each in teller.audit.denominators:
        name = teller.name(each.indicator)
        rows.append(
            (
                name,
                teller.name(each.denominator),
                _("yes") if each.divided else _("no"),
                teller.measure(reasons.add(name, each.pearson)),
                teller.measure(reasons.add(name, each.spearman)),
                teller.count(each.pearson.n),
                "*" if each.strong else "",
            )
        )
    return AuditTable(
        _("Size"),
        _(
            "Correlation of values (r) and of ranks with what an indicator is divided by, and of"
            " counts that are divided by nothing; * from 0.6: size is still in it."
        ),
        (
            Column(_("Indicator"), right=False),
            Column(_("Size"), right=False),
            Column(_("Divided")),
            Column("r"),
            Column(_("Ranks")),
            Column(_("n"), rank=1),
            Column("", right=False),
        ),
        tuple(rows),
        reasons.notes(teller.harmless),
    )


def removal_table(teller: Teller) -> AuditTable:
    """Lay out what the ranking would be without each part of the index."""
    _, reasons = teller.translate, Reasons()
    rows = []
    for each in teller.audit.removals:
        name = teller.name(each.name)
        mover = "–"
        if each.mover is not None and each.before is not None and each.after is not None:
            mover = _("%(who)s, %(before)s to %(after)s") % {
                "who": teller.community(each.mover),
                "before": teller.ordinal(each.before),
                "after": teller.ordinal(each.after),
            }
        agreement = reasons.add(name, each.agreement)
        told = agreement.value is not None
        moved = teller.of_n(each.moved, teller.n) if told else "–"
        rows.append((name, teller.measure(agreement), moved, mover))
    notes, parts = reasons.notes(teller.harmless), len(teller.audit.all.index.scope.names)
    if len(rows) < parts:
        text = _("only the %(n)s parts of greatest weight, of %(all)s")
        notes += (text % {"n": teller.count(len(rows)), "all": teller.count(parts)},)
    return AuditTable(
        _("The ranking without each part"),
        _("Rank correlation with the ranking as it is; places that change; the largest change."),
        (
            Column(_("Without"), right=False),
            Column(_("Rank correlation")),
            Column(_("Changed")),
            Column(_("Largest change"), right=False, rank=1),
        ),
        tuple(rows),
        notes,
    )
