"""Findings about the data: whose they are, how they lie, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from icfscore.pipeline.audit_pairs import FEWEST
from icfscore.report.audit_finding import Finding, Severity
from icfscore.report.audit_words import Teller


def proxies(teller: Teller) -> Iterator[Finding]:
    """Tell which criteria rest on values that are not the communities' own."""
    _, n = teller.translate, teller.n
    national = sorted(
        (node for node in teller.criteria if node.coverage.mostly_national),
        key=lambda node: -node.coverage.mostly_national,
    )
    heavy = [node for node in national if node.coverage.mostly_national * 2 >= n] or national[:1]
    if heavy:
        clauses = [
            _("%(name)s rests on national proxies for %(k)s of %(n)s communities")
            % _counted(teller, heavy[0].scope.node, heavy[0].coverage.mostly_national)
        ]
        clauses += [
            _("%(name)s for %(k)s")
            % _counted(teller, node.scope.node, node.coverage.mostly_national)
            for node in heavy[1:]
        ]
        text = _("%(clauses)s (for so many, more than half of the values are the country's).")
        worst: Severity = "serious" if heavy[0].coverage.mostly_national * 2 >= n else "caution"
        about = tuple(node.scope.node for node in heavy)
        yield Finding(worst, "proxies", about, text % {"clauses": teller.shortened(clauses, 6)})
    mixed = [
        node
        for node in teller.criteria
        if node not in heavy and node.coverage.mostly_proxies * 2 >= n
    ]
    for node in mixed:
        text = _("%(name)s rests on regional and national proxies for %(k)s of %(n)s communities.")
        said = text % _counted(teller, node.scope.node, node.coverage.mostly_proxies)
        yield Finding("serious", "proxies", (node.scope.node,), said)


def _counted(teller: Teller, identifier: str, k: int) -> dict[str, str]:
    return {
        "name": teller.start(identifier),
        "k": teller.count(k),
        "n": teller.count(teller.n),
    }


def own_values(teller: Teller) -> Iterator[Finding]:
    """Tell how little can be said of the communities' own values alone."""
    _, own = teller.translate, teller.audit.own
    coverage = teller.audit.all.overall.coverage
    if not coverage.present or coverage.own == coverage.present:
        return
    share = _("Only %(share)s of the values there could be are the communities' own") % {
        "share": teller.percent(coverage.own, coverage.total)
    }
    severity: Severity = "serious" if coverage.own * 2 < coverage.total else "note"
    if severity == "note":
        share = _("%(share)s of the values there could be are the communities' own") % {
            "share": teller.percent(coverage.own, coverage.total)
        }
    if own is None:
        text = _("%(share)s; %(reason)s.") % {
            "share": share,
            "reason": teller.harmless(teller.audit.no_own),
        }
        yield Finding(severity, "own_values", (), text)
        return
    few = [each.id for each in own.indicators if each.distribution.n < FEWEST]
    told = [n for n in own.nodes if not n.scope.overall and n.consistency.alpha.value is not None]
    text = _(
        "%(share)s. On these alone %(few)s of %(k)s indicators have values for fewer than"
        " %(fewest)s communities, and for %(told)s of %(nodes)s scores it can be told whether their"
        " parts belong together."
    ) % {
        "share": share,
        "few": teller.count(len(few)),
        "k": teller.count(len(own.indicators)),
        "fewest": teller.count(FEWEST),
        "told": teller.count(len(told)),
        "nodes": teller.count(len(teller.nodes)),
    }
    yield Finding(severity, "own_values", tuple(few), text)


def constant(teller: Teller) -> Iterator[Finding]:
    """Tell which indicators do not tell communities apart."""
    _ = teller.translate
    same = [each.id for each in teller.indicators if each.distribution.distinct == 1]
    if same:
        text = _("All communities have the same value, so that it orders nobody: %(names)s.")
        names = teller.shortened([teller.name(each) for each in same])
        yield Finding("serious", "constant", tuple(same), text % {"names": names})


def repeated(teller: Teller) -> Iterator[Finding]:
    """Tell which indicators have far fewer different values than communities."""
    _ = teller.translate
    told = [
        each
        for each in teller.indicators
        if 1 < each.distribution.distinct * 2 <= each.distribution.n
    ]
    few = sorted(told, key=lambda each: each.distribution.distinct / each.distribution.n)
    if not few:
        return
    shared = sum(each.coverage.national + each.coverage.region for each in few)
    cause = _("proxies repeat") if shared else _("values repeat")
    names = [
        _("%(name)s (%(distinct)s different values for %(n)s communities)")
        % {
            "name": teller.name(each.id),
            "distinct": teller.count(each.distribution.distinct),
            "n": teller.count(each.distribution.n),
        }
        for each in few
    ]
    text = _(
        "%(count)s indicators have at most half as many different values as communities, since"
        " %(cause)s: %(names)s. Communities that share them are not told apart, and no statistic"
        " has as many independent values behind it as it seems."
    ) % {
        "count": teller.of_n(len(few), len(teller.indicators)),
        "cause": cause,
        "names": teller.shortened(names, 2),
    }
    yield Finding("caution", "repeats", tuple(each.id for each in few), text)


def outliers(teller: Teller) -> Iterator[Finding]:
    """Tell which indicators have outliers as the index sees them."""
    _ = teller.translate
    found = [each for each in teller.indicators if each.distribution.fails_moments]
    if not found:
        return
    found.sort(key=lambda each: -abs(each.distribution.skewness.value or 0.0))
    names = []
    for each in found:
        who = [teller.community(name) for name in each.far_outside or each.outside]
        words = {"name": teller.name(each.id), "who": teller.shortened(who, 2)}
        names.append(_("%(name)s (%(who)s)") % words if who else words["name"])
    text = _(
        "%(count)s indicators have outliers (skewness beyond 2 and excess kurtosis beyond 3.5):"
        " %(names)s. On such a scale the other communities lie close together."
    ) % {
        "count": teller.of_n(len(found), len(teller.indicators)),
        "names": teller.shortened(names),
    }
    yield Finding("caution", "outliers", tuple(each.id for each in found), text)


def sizes(teller: Teller) -> Iterator[Finding]:
    """Tell where size is scored."""
    _ = teller.translate
    counts = sorted({each.indicator for each in teller.audit.denominators if not each.divided})
    if counts:
        text = _("Counts that are not divided by anything score size: %(names)s.")
        names = teller.shortened([teller.name(each) for each in counts])
        yield Finding("caution", "size", tuple(counts), text % {"names": names})
    for each in teller.audit.denominators:
        if each.divided and each.strong:
            text = _(
                "%(name)s still moves with %(size)s, by which it is divided (r = %(r)s, ranks"
                " %(ranks)s over %(n)s communities)."
            ) % {
                "name": teller.start(each.indicator),
                "size": teller.name(each.denominator),
                "r": teller.measure(each.pearson),
                "ranks": teller.measure(each.spearman),
                "n": teller.count(each.pearson.n),
            }
            yield Finding("caution", "size", (each.indicator, each.denominator), text)


def poorly_comparable(teller: Teller) -> Iterator[Finding]:
    """Tell where definitions differ most."""
    _ = teller.translate
    coverage = teller.audit.all.overall.coverage
    if not coverage.low:
        return
    worst = max(teller.criteria, key=lambda n: n.coverage.low / max(n.coverage.present, 1))
    text = _(
        "%(share)s of the values present are marked as comparing poorly with the others'; in"
        " %(name)s it is %(low)s."
    ) % {
        "share": teller.percent(coverage.low, coverage.present),
        "name": teller.name(worst.scope.node),
        "low": teller.of_n(worst.coverage.low, worst.coverage.present),
    }
    yield Finding("caution", "comparability", (worst.scope.node,), text)


def left_out(teller: Teller) -> Iterator[Finding]:
    """Tell what screening left out, and what is missing of the rest."""
    _ = teller.translate
    screened = teller.audit.all.scoring.screened
    coverage = teller.audit.all.overall.coverage
    parts = []
    if screened.left_out:
        names = [
            _("%(name)s (known for %(share)s)")
            % {"name": teller.name(name), "share": teller.percent(share)}
            for name, share in screened.left_out.items()
        ]
        parts.append(
            _("Left out for want of values: %(names)s.") % {"names": teller.shortened(names)}
        )
    if screened.excluded:
        who = teller.shortened([teller.community(name) for name in screened.excluded])
        parts.append(_("Not ranked for want of values: %(who)s.") % {"who": who})
    if coverage.missing:
        parts.append(
            _("Of the rest %(share)s is missing.")
            % {"share": teller.percent(coverage.missing, coverage.total)}
            if parts
            else _("%(share)s of the values is missing.")
            % {"share": teller.percent(coverage.missing, coverage.total)}
        )
    if parts:
        about = (*screened.left_out, *screened.excluded)
        yield Finding("note", "left_out", about, " ".join(parts))
