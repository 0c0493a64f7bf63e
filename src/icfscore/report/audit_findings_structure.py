"""Findings about the structure: what drives a score, and whether its parts belong together."""

from __future__ import annotations

from collections.abc import Iterator

from icfscore.domain.criteria import ROOT
from icfscore.pipeline.audit_nodes import NodeAudit
from icfscore.pipeline.audit_pairs import FEWEST
from icfscore.pipeline.audit_weights import EffectiveWeight
from icfscore.report.audit_finding import Finding, Severity
from icfscore.report.audit_words import Teller

RELIABLE = 0.7
OPPOSED = -0.4
MUCH, LITTLE = 1.5, 0.5  # effective weight over intended


def drivers(teller: Teller) -> Iterator[Finding]:
    """Tell which parts the index really follows."""
    _, index = teller.translate, teller.audit.all.index
    off = [weight for weight in index.weights if _is_off(weight)]
    more = sorted((w for w in off if _ratio(w) > 1), key=lambda w: -_ratio(w))
    less = sorted((w for w in off if _ratio(w) < 1), key=_ratio)
    clauses = []
    if more:
        clauses.append(
            _("The index is driven by %(parts)s")
            % {"parts": teller.shortened(_against_intended(teller, more))}
        )
    if less:
        little = _ratio(less[0]) <= LITTLE
        form = _("it hardly follows %(parts)s") if little else _("it follows %(parts)s less")
        if not more:
            form = (
                _("The index hardly follows %(parts)s")
                if little
                else _("The index follows %(parts)s less than intended")
            )
        clauses.append(form % {"parts": teller.shortened(_against_intended(teller, less))})
    if clauses:
        extreme = any(not LITTLE < _ratio(weight) < MUCH for weight in off)
        severity: Severity = "serious" if extreme else "caution"
        about = tuple(weight.name for weight in (*more, *less))
        text = "; ".join(clauses) + "."
        if index.weights[0].low is not None:
            text += _(" Each intended weight lies outside what 90 % of the resamples give.")
        yield Finding(severity, "weights", about, text)


def drivers_within(teller: Teller) -> Iterator[Finding]:
    """Tell which criteria follow one of their parts far more, or far less, than intended."""
    _ = teller.translate
    found: list[tuple[float, NodeAudit, EffectiveWeight]] = []
    for node in teller.nodes:
        off = [w for w in node.weights if _is_off(w) and not LITTLE < _ratio(w) < MUCH]
        if off and node.scope.node != ROOT:
            worst = max(off, key=lambda w: abs((w.effective.value or 0.0) - w.intended))
            gap = abs((worst.effective.value or 0.0) - worst.intended)
            found.append((gap, node, worst))
    if not found:
        return
    found.sort(key=lambda each: -each[0])
    clauses = [
        (
            _("%(node)s is driven by %(part)s")
            if _ratio(weight) > 1
            else _("%(node)s hardly follows %(part)s")
        )
        % {
            "node": teller.start(node.scope.node),
            "part": _against_intended(teller, [weight], short=True)[0],
        }
        for _gap, node, weight in found
    ]
    text = _("Within the criteria: %(clauses)s.") % {"clauses": teller.shortened(clauses)}
    yield Finding("caution", "weights_within", tuple(each[2].name for each in found), text)


def _is_off(weight: EffectiveWeight) -> bool:
    if weight.effective.value is None:
        return False
    if weight.low is None:
        return not LITTLE < _ratio(weight) < MUCH
    return weight.telling


def _ratio(weight: EffectiveWeight) -> float:
    return (weight.effective.value or 0.0) / weight.intended


def _against_intended(
    teller: Teller, weights: list[EffectiveWeight], *, short: bool = False
) -> list[str]:
    _ = teller.translate
    words = []
    for position, weight in enumerate(weights):
        form = (
            _("%(name)s (%(effective)s against %(intended)s)")
            if position or short
            else _("%(name)s (effective %(effective)s against intended %(intended)s)")
        )
        figures = {
            "name": teller.name(weight.name),
            "effective": teller.measure(weight.effective),
            "intended": teller.figure(weight.intended),
        }
        words.append(form % figures)
    return words


def against_own_score(teller: Teller) -> Iterator[Finding]:
    """Tell which parts do not go with the score they count towards."""
    _ = teller.translate
    found = sorted(
        (measure.value, name, node.scope.node)
        for node in teller.nodes
        for name, measure in zip(node.scope.names, node.with_score, strict=True)
        if measure.value is not None and measure.value < 0 and measure.n >= FEWEST
    )
    if not found:
        return
    parts = [
        (_("%(part)s in %(node)s (r = %(r)s)") if first else _("%(part)s in %(node)s (%(r)s)"))
        % {"part": teller.name(name), "node": teller.name(node), "r": teller.figure(r)}
        for first, (r, name, node) in zip([True, *[False] * (len(found) - 1)], found, strict=True)
    ]
    text = _(
        "These parts do not go with the score they count towards: who does better on them has a"
        " lower score, or one no higher: %(parts)s."
    ) % {"parts": teller.shortened(parts, 4)}
    yield Finding("serious", "against", tuple(name for _r, name, _node in found), text)


def consistency(teller: Teller) -> Iterator[Finding]:
    """Tell whose parts do not measure one thing."""
    _ = teller.translate
    told = [
        (node.consistency.alpha.value, node.scope.node)
        for node in teller.nodes
        if node.consistency.alpha.value is not None
    ]
    low = sorted((alpha, node) for alpha, node in told if alpha < RELIABLE)
    if not low:
        return
    high = sorted(((a, node) for a, node in told if a >= RELIABLE), reverse=True)
    names = teller.listed(f"{teller.name(node)} ({teller.figure(alpha)})" for alpha, node in low)
    text = _(
        "The parts of these do not measure one thing (Cronbach's alpha below 0.7; below 0 they"
        " contradict each other): %(names)s."
    ) % {"names": names}
    if high:
        good = teller.listed(f"{teller.name(node)} ({teller.figure(a)})" for a, node in high)
        text = _("%(text)s Those of %(good)s do.") % {"text": text, "good": good}
    yield Finding("caution", "consistency", tuple(node for _a, node in low), text)


def same(teller: Teller) -> Iterator[Finding]:
    """Tell which pairs say the same."""
    _ = teller.translate
    seen: set[frozenset[str]] = set()
    for node in teller.audit.all.nodes:
        for pair in node.suspicious("same"):
            if frozenset((pair.first, pair.second)) in seen:
                continue
            seen.add(frozenset((pair.first, pair.second)))
            opposite = (pair.correlation.value or 0.0) < 0
            form = (
                _("%(first)s and %(second)s say the opposite of each other (r = %(r)s over %(n)s).")
                if opposite
                else _(
                    "%(first)s and %(second)s say the same (r = %(r)s over %(n)s communities):"
                    " what they measure counts twice."
                )
            )
            text = form % {
                "first": teller.start(pair.first),
                "second": teller.name(pair.second),
                "r": teller.measure(pair.correlation),
                "n": teller.count(pair.correlation.n),
            }
            yield Finding("caution", "same", (pair.first, pair.second), text)


def offsetting(teller: Teller) -> Iterator[Finding]:
    """Tell within which scores the parts offset each other."""
    _ = teller.translate
    found = []
    for node in teller.nodes:
        pairs = node.suspicious("negative")
        if pairs and (pairs[0].correlation.value or 0.0) <= OPPOSED:
            found.append((node, pairs))
    if not found:
        return
    found.sort(key=lambda each: each[1][0].correlation.value or 0.0)
    clauses: list[str] = []
    for node, pairs in found:
        form = _("%(k)s pairs of %(node)s (most of all %(first)s with %(second)s, r = %(r)s)")
        if clauses:
            form = _("%(k)s of %(node)s (%(first)s with %(second)s, %(r)s)")
        clauses.append(
            form
            % {
                "k": teller.of_n(node.pairs.suspicious["negative"], node.pairs.all),
                "node": teller.name(node.scope.node),
                "first": teller.name(pairs[0].first),
                "second": teller.name(pairs[0].second),
                "r": teller.measure(pairs[0].correlation),
            }
        )
    text = _(
        "Parts of one score move against each other, so that they cancel out in it: %(clauses)s."
    ) % {"clauses": teller.listed(clauses)}
    yield Finding("caution", "negative", tuple(node.scope.node for node, _p in found), text)


def removals(teller: Teller) -> Iterator[Finding]:
    """Tell which part the ranking needs most, and which least."""
    _ = teller.translate
    told = [each for each in teller.audit.removals if each.agreement.value is not None]
    if len(told) < 2:
        return
    told.sort(key=lambda each: each.agreement.value or 0.0)
    most, least = told[0], told[-1]
    text = _("Without %(name)s %(moved)s places change (rank correlation %(r)s)") % {
        "name": teller.name(most.name),
        "moved": teller.of_n(most.moved, teller.n),
        "r": teller.measure(most.agreement),
    }
    if most.mover is not None and most.before is not None and most.after is not None:
        text += _(", most for %(who)s, from %(before)s to %(after)s") % {
            "who": teller.community(most.mover),
            "before": teller.ordinal(most.before),
            "after": teller.ordinal(most.after),
        }
    index = teller.audit.all.index
    r = index.with_score[index.scope.names.index(most.name)].value
    if r is not None and r < 0:
        text += _(": it pulls against the other parts")
    text += _("; without %(name)s the order stays nearest to what it is (%(r)s).") % {
        "name": teller.name(least.name),
        "r": teller.measure(least.agreement),
    }
    yield Finding("note", "removal", (most.name, least.name), text)


def nearer_elsewhere(teller: Teller) -> Iterator[Finding]:
    """Tell which indicators go more with another criterion than with their own."""
    _ = teller.translate
    found = []
    for each in teller.indicators:
        own, other = each.with_criterion.value, each.with_nearest
        if own is None or other is None or other.value is None or each.nearest is None:
            continue
        if other.value - own >= 0.1 and other.value >= -OPPOSED and other.n >= FEWEST:
            found.append((own - other.value, each.id, each.nearest, own, other.value))
    if not found:
        return
    found.sort()
    names = [
        _("%(name)s with %(other)s (%(r)s, own %(own)s)")
        % {
            "name": teller.name(name),
            "other": teller.name(nearest),
            "r": teller.figure(r),
            "own": teller.figure(own),
        }
        for _gap, name, nearest, own, r in found
    ]
    text = _(
        "%(count)s indicators correlate more with another criterion than with their own, which even"
        " contains them: %(names)s."
    ) % {
        "count": teller.of_n(len(found), len(teller.indicators)),
        "names": teller.shortened(names),
    }
    yield Finding("note", "placement", tuple(each[1] for each in found), text)


def dimensions(teller: Teller) -> Iterator[Finding]:
    """Tell why the dimensions of the whole cannot be told."""
    _ = teller.translate
    untold = [node for node in teller.audit.all.nodes if node.consistency.structure.reason]
    lone = [node for node in untold if len(node.scope.names) < 2]
    for node in untold:
        if node in lone:
            continue
        form = (
            _("Whether all indicators together have few dimensions cannot be told: %(reason)s.")
            if node.scope.overall
            else _("Whether the parts of %(name)s belong together cannot be told: %(reason)s.")
        )
        text = form % {
            "name": teller.name(node.scope.node),
            "reason": teller.harmless(node.consistency.structure.reason),
        }
        yield Finding("note", "untold", (node.scope.node,), text)
    if lone:
        names = teller.listed(teller.name(node.scope.node) for node in lone)
        text = _("One part only, so that nothing can be compared: %(names)s.") % {"names": names}
        yield Finding("note", "untold", tuple(node.scope.node for node in lone), text)
