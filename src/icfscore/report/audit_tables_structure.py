"""The tables of an audit that show structure: weights, consistency, suspicious pairs."""

from __future__ import annotations

from collections.abc import Iterator

from icfscore.pipeline.audit import Survey
from icfscore.pipeline.audit_nodes import NodeAudit
from icfscore.pipeline.audit_weights import EffectiveWeight
from icfscore.report.audit_table import AuditTable, Column, Reasons
from icfscore.report.audit_words import Teller


def consistency_table(teller: Teller, survey: Survey) -> AuditTable:
    """Lay out whether the parts of each score belong together."""
    _, reasons = teller.translate, Reasons()
    rows = [_consistency_row(teller, node, reasons) for node in survey.nodes]
    return AuditTable(
        _("Do the parts belong together?"),
        _(
            "Mean r: mean correlation of all pairs. Against: pairs with r < 0; same: pairs with"
            " |r| > 0.92. Alpha: Cronbach's, standardised, 0.7 is usual. KMO: Kaiser-Meyer-Olkin,"
            " below 0.5 unfit for components. First: share of the variance in the first principal"
            " component. n: communities that have all parts, over which alpha, KMO and components"
            " are taken."
        ),
        (
            Column(_("Score"), right=False),
            Column(_("Parts")),
            Column(_("Mean r")),
            Column(_("Against"), rank=1),
            Column(_("Same"), rank=1),
            Column(_("Alpha")),
            Column(_("KMO")),
            Column(_("First"), rank=2),
            Column(_("Eigenvalues above 1"), rank=4),
            Column(_("n"), rank=3),
        ),
        tuple(rows),
        reasons.notes(teller.harmless),
    )


def _consistency_row(teller: Teller, node: NodeAudit, reasons: Reasons) -> tuple[str, ...]:
    _ = teller.translate
    name = _("All indicators") if node.scope.overall else teller.start(node.scope.node)
    told = node.consistency
    eigenvalues = told.eigenvalues.tolist()
    parts = len(node.scope.names)
    return (
        name,
        teller.count(parts),
        teller.figure(node.pairs.mean),
        teller.of_n(node.pairs.against, node.pairs.told),
        teller.count(node.pairs.suspicious["same"]),
        teller.measure(reasons.add(name, told.alpha)),
        teller.measure(reasons.add(name, told.adequacy.overall)),
        teller.percent(eigenvalues[0], parts) if eigenvalues else "–",
        teller.count(sum(value > 1 for value in eigenvalues)) if eigenvalues else "–",
        teller.count(told.structure.n),
    )


def weights_table(teller: Teller, survey: Survey, *, root_only: bool = False) -> AuditTable:
    """Lay out effective weights beside intended ones, score by score."""
    _, reasons = teller.translate, Reasons()
    rows: list[tuple[str, ...]] = []
    breaks = set()
    for node in survey.nodes[:1] if root_only else survey.nodes:
        if node.scope.overall:
            continue
        breaks.add(len(rows))
        for position, weight in enumerate(node.weights):
            first = teller.start(node.scope.node) if position == 0 else ""
            name = teller.name(weight.name)
            reasons.add(name, weight.effective)
            r = teller.measure(reasons.add(name, node.with_score[position]))
            rows.append((first, name, *_weight_cells(teller, weight), r))
    return AuditTable(
        _("Who drives the score?"),
        _(
            "Effective: share of the parts' correlation ratios, how much of the score's variance"
            " goes with each part (Paruolo, Saisana and Saltelli 2013). 90 %: where the effective"
            " weight lies in 90 % of the resamples of the communities; * the intended one lies"
            " outside. r: correlation of part and score; below 0 the part works against it."
        ),
        (
            Column(_("Score"), right=False),
            Column(_("Part"), right=False),
            Column(_("Intended")),
            Column(_("Effective")),
            Column("90 %", rank=1),
            Column("", right=False),
            Column(_("Ratio"), rank=3),
            Column("r"),
        ),
        tuple(rows),
        reasons.notes(teller.harmless),
        frozenset(breaks),
    )


def _weight_cells(teller: Teller, weight: EffectiveWeight) -> tuple[str, ...]:
    interval = "–"
    if weight.low is not None:
        interval = f"{teller.figure(weight.low)} – {teller.figure(weight.high)}"
    return (
        teller.figure(weight.intended),
        teller.measure(weight.effective),
        interval,
        "*" if weight.telling else "",
        teller.measure(weight.ratio),
    )


def pairs_table(teller: Teller, survey: Survey, least: float = 0.0) -> AuditTable:
    """Name the suspicious pairs, score by score; those below `least` are only counted."""
    _ = teller.translate
    rows = tuple(_pair_rows(teller, survey, least))
    suspicious = [p for node in survey.nodes for p in node.pairs.listed if p.suspicion]
    weaker = sum(abs(pair.correlation.value or 0.0) < least for pair in suspicious)
    unlisted = sum(sum(node.pairs.suspicious.values()) for node in survey.nodes) - len(suspicious)
    notes = []
    if weaker:
        more = _("%(count)s weaker ones in --format markdown")
        notes.append(more % {"count": teller.count(weaker)})
    if unlisted:
        more = _("%(count)s more, weaker ones are counted but not listed")
        notes.append(more % {"count": teller.count(unlisted)})
    return AuditTable(
        _("Suspicious correlations"),
        _(
            "Pairs that say the same (|r| > 0.92), and pairs within a score that move against each"
            " other, over at least five communities; the strongest first."
        ),
        (
            Column(_("Score"), right=False),
            Column(_("Pair"), right=False),
            Column("r"),
            Column(_("n"), rank=1),
        ),
        rows,
        tuple(notes),
    )


def _pair_rows(teller: Teller, survey: Survey, least: float) -> Iterator[tuple[str, ...]]:
    _ = teller.translate
    seen: set[frozenset[str]] = set()
    for node in survey.nodes:
        first = teller.start(node.scope.node)
        for pair in (*node.suspicious("same"), *node.suspicious("negative")):
            weak = abs(pair.correlation.value or 0.0) < least
            if weak or frozenset((pair.first, pair.second)) in seen:
                continue
            seen.add(frozenset((pair.first, pair.second)))
            where = _("Across scores") if node.scope.overall else first
            first = ""
            words = {"first": teller.name(pair.first), "second": teller.name(pair.second)}
            yield (
                where,
                _("%(first)s · %(second)s") % words,
                teller.measure(pair.correlation),
                teller.count(pair.correlation.n),
            )
