"""The audit as a plain record, for JSON."""

from __future__ import annotations

from typing import Any

from icfscore.methods.audit import Measure
from icfscore.methods.audit.correlation_ratio import SMOOTHER
from icfscore.pipeline.audit import Audit, Survey
from icfscore.pipeline.audit_denominators import STRONG, Denomination
from icfscore.pipeline.audit_indicators import Coverage, IndicatorAudit
from icfscore.pipeline.audit_nodes import NodeAudit
from icfscore.pipeline.audit_pairs import FEWEST, SAME, Pair
from icfscore.pipeline.audit_redundancy import Removal
from icfscore.pipeline.audit_weights import HIGH, LOW, EffectiveWeight
from icfscore.report.audit_findings import findings
from icfscore.report.escape import clean
from icfscore.report.language import Language
from icfscore.report.records import number

AUDIT_SCHEMA = "icfscore.audit/1"


def audit_record(audit: Audit, language: Language) -> dict[str, Any]:
    """Build the record of an audit, schema ``icfscore.audit/1``.

    A *measure* is ``{"value", "n", "reason"}``: n communities it rests on; where it is undefined
    the value is null and the reason says why in words, else the reason is null.

    Keys
    ----
    ``framework``, ``digest``, ``scenario``, ``focus``, ``reference_year``, ``warnings``
        As in the record of a ranking.
    ``communities``, ``indicators_scored``
        Numbers of those that screening kept.
    ``method``
        ``smoother`` in words, ``resamples``, ``seed``, ``interval`` (its two quantiles),
        ``suspicious_above`` (|r|), ``fewest`` (communities that make a pair suspicious) and
        ``size_from`` (|r| with a denominator).
    ``findings``
        Worst first: ``severity`` (serious, caution, note), ``kind``, ``about`` (ids), ``text``.
    ``indicators``
        One a scored indicator: ``id``, ``node`` (its parent), ``coverage`` (see below), ``n``,
        ``distinct`` (different values), ``largest_tie``, ``skewness`` (G1), ``kurtosis`` (excess
        G2), ``outliers`` (``by_moments``: |G1| > 2 and G2 > 3.5; ``outside`` and ``far_outside``:
        communities beyond 1.5 and 3 interquartile ranges; ``reason`` where fences tell nothing),
        ``with_criterion`` (measure, r) and ``nearest`` (``id``, ``r``: the other criterion it
        correlates with most, null where there is none).
    ``nodes``
        One a node, from the root down, and last with ``overall`` true the index over all
        indicators (a flat framework has none beside the index): ``node``, ``overall``,
        ``coverage``, ``parts`` (see below), ``pairs`` (``first``, ``second``, ``r``,
        ``suspicion``: negative, same or null; of more than 20,000 the thousand strongest of either
        suspicion), ``pairs_left_out`` (how many are not listed), ``mean_correlation``,
        ``alpha``, ``kmo``, ``complete`` (communities with all parts), ``eigenvalues``,
        ``explained`` (shares of variance) and ``reason`` (why the last five are undefined, else
        null).
    ``parts``
        Of a node: ``id``, ``intended`` (share by the weights), ``effective``,
        ``interval`` (``low``, ``high``, ``reason``), ``outside`` (whether the intended share is),
        ``correlation_ratio``, ``with_score`` (r), and, null without ``alpha``,
        ``alpha_without`` it, ``with_rest`` (r with the sum of the others), ``kmo`` and
        ``loading`` on the first component.
    ``coverage``
        Numbers of values ``own``, ``region``, ``national``, ``missing``, ``low`` (comparability),
        and of communities ``mostly_national``, ``mostly_proxies``.
    ``denominators``
        ``indicator``, ``denominator``, ``divided`` (false: a count that is divided by nothing),
        ``pearson``, ``spearman``, ``strong``.
    ``without``
        The ranking without each child of the root: ``id``, ``rank_correlation``, ``changed``
        (places), ``most`` (``id``, ``before``, ``after``; null where none changes).
    ``left_out``
        What screening left out: ``indicators`` (share present by id), ``communities`` (reason by
        id).
    ``own_values``
        The same of the communities' own values: ``reason`` (why there is nothing, else null),
        ``indicators``, ``nodes``.
    """
    scoring = audit.all.scoring
    tree, settings, screened = scoring.project.tree, scoring.settings, scoring.screened
    own = {"indicators": [], "nodes": []} if audit.own is None else _survey(audit.own)
    return {
        "schema": AUDIT_SCHEMA,
        "framework": {"id": tree.id, "version": tree.version},
        "digest": scoring.digest,
        "scenario": settings.scenario,
        "focus": settings.focus,
        "reference_year": settings.reference_year,
        "communities": len(scoring.ranking.communities),
        "indicators_scored": len(audit.all.indicators),
        "method": {
            "smoother": SMOOTHER,
            "resamples": audit.resamples,
            "seed": audit.seed,
            "interval": [LOW, HIGH],
            "suspicious_above": SAME,
            "fewest": FEWEST,
            "size_from": STRONG,
        },
        "findings": [
            {
                "severity": each.severity,
                "kind": each.kind,
                "about": list(each.about),
                "text": each.text,
            }
            for each in findings(audit, language, clean)
        ],
        **_survey(audit.all),
        "denominators": [_denomination(each) for each in audit.denominators],
        "without": [_removal(each) for each in audit.removals],
        "left_out": {
            "indicators": dict(screened.left_out),
            "communities": dict(screened.excluded),
        },
        "own_values": {"reason": audit.no_own or None, **own},
        "warnings": list(scoring.warnings),
    }


def _survey(survey: Survey) -> dict[str, list[dict[str, Any]]]:
    return {
        "indicators": [_indicator(each) for each in survey.indicators],
        "nodes": [_node(each) for each in survey.nodes],
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {"value": measure.value, "n": measure.n, "reason": measure.reason or None}


def _coverage(coverage: Coverage) -> dict[str, int]:
    return {
        "own": coverage.own,
        "region": coverage.region,
        "national": coverage.national,
        "missing": coverage.missing,
        "low": coverage.low,
        "mostly_national": coverage.mostly_national,
        "mostly_proxies": coverage.mostly_proxies,
    }


def _indicator(each: IndicatorAudit) -> dict[str, Any]:
    told = each.distribution
    nearest = None
    if each.nearest is not None and each.with_nearest is not None:
        nearest = {"id": each.nearest, "r": _measure(each.with_nearest)}
    return {
        "id": each.id,
        "node": each.node,
        "coverage": _coverage(each.coverage),
        "n": told.n,
        "distinct": told.distinct,
        "largest_tie": each.largest_tie,
        "skewness": _measure(told.skewness),
        "kurtosis": _measure(told.kurtosis),
        "outliers": {
            "by_moments": told.fails_moments,
            "outside": list(each.outside),
            "far_outside": list(each.far_outside),
            "reason": told.no_fences or None,
        },
        "with_criterion": _measure(each.with_criterion),
        "nearest": nearest,
    }


def _node(node: NodeAudit) -> dict[str, Any]:
    told = node.consistency
    return {
        "node": node.scope.node,
        "overall": node.scope.overall,
        "coverage": _coverage(node.coverage),
        "parts": [_part(node, position) for position in range(len(node.scope.names))],
        "pairs": [_pair(pair) for pair in node.pairs.listed],
        "pairs_left_out": node.pairs.all - len(node.pairs.listed),
        "mean_correlation": node.pairs.mean,
        "alpha": _measure(told.alpha),
        "kmo": _measure(told.adequacy.overall),
        "complete": told.structure.n,
        "eigenvalues": [number(value) for value in told.eigenvalues.tolist()],
        "explained": [number(value / len(node.scope.names)) for value in told.eigenvalues.tolist()],
        "reason": told.structure.reason or None,
    }


def _part(node: NodeAudit, position: int) -> dict[str, Any]:
    weight, told = node.weights[position], node.consistency
    known = told.structure.r is not None
    adequacy = told.adequacy.of_each
    return {
        "id": weight.name,
        "intended": number(weight.intended),
        "effective": _measure(weight.effective),
        "interval": _interval(weight),
        "outside": weight.telling,
        "correlation_ratio": _measure(weight.ratio),
        "with_score": _measure(node.with_score[position]),
        "alpha_without": _measure(told.alpha_without[position]) if known else None,
        "with_rest": _measure(told.with_rest[position]) if known else None,
        "kmo": _measure(adequacy[position]) if adequacy else None,
        "loading": number(float(told.loadings[position])) if known else None,
    }


def _interval(weight: EffectiveWeight) -> dict[str, Any]:
    return {"low": weight.low, "high": weight.high, "reason": weight.no_interval or None}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "first": pair.first,
        "second": pair.second,
        "r": _measure(pair.correlation),
        "suspicion": pair.suspicion or None,
    }


def _denomination(each: Denomination) -> dict[str, Any]:
    return {
        "indicator": each.indicator,
        "denominator": each.denominator,
        "divided": each.divided,
        "pearson": _measure(each.pearson),
        "spearman": _measure(each.spearman),
        "strong": each.strong,
    }


def _removal(each: Removal) -> dict[str, Any]:
    most = None
    if each.mover is not None:
        most = {"id": each.mover, "before": each.before, "after": each.after}
    return {
        "id": each.name,
        "rank_correlation": _measure(each.agreement),
        "changed": each.moved if each.agreement.value is not None else None,
        "most": most,
    }
