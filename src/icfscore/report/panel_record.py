"""Panels as a record, schema ``icfscore.panel/1``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from icfscore.domain.text import text_in
from icfscore.pipeline.panel import Disagreement, PanelJudged, Reliability, panel_indicators
from icfscore.pipeline.score import Scoring
from icfscore.report.records import number

PANEL_SCHEMA = "icfscore.panel/1"


def panel_record(
    scoring: Scoring, panels: Sequence[PanelJudged], language: str = "en"
) -> dict[str, Any]:
    """Build the record.

    Keys
    ----
    ``panels``
        One a panel: ``id``, ``name``, ``rubric`` (lowest and highest score), ``fills`` (indicators
        that take its scores, with ``node`` and ``weight``), ``reliability`` (all items first, whose
        ``node`` is null, then node by node), ``groups`` (number of groups of raters without a
        common item), ``sigma`` (standard deviation of a score around the additive model),
        ``freedom`` (its degrees of freedom), ``widening`` (what draws multiply errors by, so that
        their 5 % and 95 % are Student's t's), ``raters``, ``items``, ``disagreement``.
    ``reliability``
        ``node``, ``items``, ``scores``, ``raters`` (who scored any of them), ``complete`` (items
        that all of these scored, on which ``icc_2_1``, ``icc_2_k`` and ``kendall_w`` rest),
        ``alpha`` by level with ``value`` and ``interval`` (5 % and 95 % of the bootstrap); null
        where it cannot be computed.
    ``raters``
        ``id``, ``name``, ``group`` (null: no score), ``scores``, ``severity`` (points given less
        than others), ``severity_error``, ``spread``, ``agreement`` (correlation with the mean of
        the others).
    ``items``
        ``community``, ``node``, ``group``, ``scores``, ``mean``, ``adjusted``, ``entered``
        (adjusted, within the rubric), ``error``.
    ``disagreement``
        ``rater`` and ``item``: the one that disagrees most, with ``rater``, ``community``,
        ``node``, ``score`` and ``expected`` of its score that is furthest off; null where no score
        tells.
    """
    return {
        "schema": PANEL_SCHEMA,
        "framework": {"id": scoring.project.tree.id, "version": scoring.project.tree.version},
        "digest": scoring.digest,
        "seed": scoring.settings.uncertainty.seed,
        "panels": [_panel(scoring, judged, language) for judged in panels],
    }


def _panel(scoring: Scoring, judged: PanelJudged, language: str) -> dict[str, Any]:
    panel, model = judged.panel, judged.model
    return {
        "id": panel.id,
        "name": text_in(panel.name, language),
        "rubric": [panel.low, panel.high],
        "fills": [
            {"indicator": indicator.id, "node": node, "weight": scoring.weights[indicator.id]}
            for indicator, node in panel_indicators(scoring.project.tree, panel)
        ],
        "reliability": [_reliability(each) for each in (judged.overall, *judged.by_node)],
        "groups": model.n_groups,
        "sigma": _rounded(model.sigma),
        "freedom": model.freedom,
        "widening": None if model.sigma is None else _rounded(model.widening),
        "raters": [_rater(judged, n, rater, language) for n, rater in enumerate(panel.raters)],
        "items": [_item(judged, n) for n in range(len(panel.items))],
        "disagreement": {
            "rater": None
            if judged.rater is None
            else _score(judged, judged.worst_of_rater(judged.rater)),
            "item": None
            if judged.item is None
            else _score(judged, judged.worst_of_item(judged.item)),
        },
    }


def _reliability(each: Reliability) -> dict[str, Any]:
    return {
        "node": each.node,
        "items": each.n_items,
        "scores": each.n_scores,
        "raters": each.n_raters,
        "complete": each.n_complete,
        "icc_2_1": _rounded(each.intraclass.single if each.intraclass else None),
        "icc_2_k": _rounded(each.intraclass.average if each.intraclass else None),
        "alpha": {
            level: alpha
            and {
                "value": _rounded(alpha.value),
                "interval": alpha.interval and [_rounded(end) for end in alpha.interval],
            }
            for level, alpha in each.alpha.items()
        },
        "kendall_w": _rounded(each.concordance),
    }


def _rater(judged: PanelJudged, n: int, rater: str, language: str) -> dict[str, Any]:
    model = judged.model
    group = int(model.groups[n])
    return {
        "id": rater,
        "name": text_in(judged.panel.raters[rater], language),
        "group": None if group < 0 else group,
        "scores": judged.n_scores[n],
        "severity": _rounded(model.severity[n]),
        "severity_error": _rounded(model.severity_error[n]),
        "spread": _rounded(model.spread[n]),
        "agreement": _rounded(model.agreement[n]),
    }


def _item(judged: PanelJudged, n: int) -> dict[str, Any]:
    community, node = judged.panel.items[n]
    return {
        "community": community,
        "node": node,
        "group": int(judged.model.item_groups[n]),
        "scores": judged.n_given[n],
        "mean": _rounded(judged.means[n]),
        "adjusted": _rounded(judged.model.adjusted[n]),
        "entered": _rounded(judged.entered[n]),
        "error": _rounded(judged.model.error[n]),
    }


def _score(judged: PanelJudged, found: Disagreement) -> dict[str, Any]:
    community, node = judged.panel.items[found.item]
    return {
        "rater": list(judged.panel.raters)[found.rater],
        "community": community,
        "node": node,
        "score": found.score,
        "expected": _rounded(found.expected),
    }


def _rounded(value: float | None) -> float | None:
    """Give a number as JSON has it, without digits that depend on the machine."""
    return None if value is None else number(round(float(value), 9))
