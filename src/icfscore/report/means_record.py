"""A community against its means as a record, for JSON."""

from __future__ import annotations

from typing import Any

from icfscore.pipeline.means import SHARE, AgainstMeans, Expected


def means_record(found: AgainstMeans | None) -> dict[str, Any] | None:
    """Build the record; None where the settings name no income.

    Keys
    ----
    ``income``
        ``indicator``, ``value``, ``level``, ``year``, ``holder``, ``source``; null where unknown.
    ``without``
        Ids of the scored indicators left out of the scores here.
    ``share``
        Of the interval.
    ``nodes``
        The index first: ``id``, ``score``, ``rank``, ``expected``, ``interval`` (null with too few
        others), ``difference``, ``standing`` (above, below, within, unsure), ``rank_for_means``,
        ``n``, ``slope`` (points that go with twice the income), ``elsewhere`` (what would be
        expected at the income of each area).
    ``incomes``
        Numbers of communities whose income is ``community``, ``region`` or ``national``.
    ``areas``
        Incomes of the areas the community lies in, by id.
    ``extrapolated``
        Whether its income lies beyond that of all others.
    ``beside``
        ``id``, ``value``, ``unit``, ``year``, ``source``.
    ``untold``, ``reason``
        Why a node, or anything at all, cannot be told.
    """
    if found is None:
        return None
    income = found.income
    levels = ("community", "region", "national")
    return {
        "income": None
        if income is None
        else {
            "indicator": found.means.income,
            "value": income.value,
            "level": income.level,
            "year": income.observation.year,
            "holder": income.holder,
            "source": income.observation.source,
        },
        "without": list(found.without),
        "share": SHARE,
        "nodes": [_node(node, found) for node in found.nodes],
        "incomes": {level: found.n_at(level) for level in levels},  # type: ignore[arg-type]
        "areas": dict(found.areas),
        "proxy_share": found.proxies,
        "extrapolated": found.extrapolated,
        "beside": [
            {
                "id": each.identifier,
                "value": each.value,
                "unit": each.unit,
                "year": each.year,
                "source": each.source,
            }
            for each in found.beside
        ],
        "untold": dict(found.untold),
        "reason": found.reason or None,
    }


def _node(node: Expected, found: AgainstMeans) -> dict[str, Any]:
    areas = (area for area, _ in found.areas)
    return {
        "id": node.node,
        "score": node.score,
        "rank": node.rank,
        "expected": node.expected,
        "interval": None if node.interval is None else list(node.interval),
        "difference": node.difference,
        "standing": node.standing,
        "rank_for_means": node.rank_for_means,
        "n": node.n,
        "slope": node.slope,
        "elsewhere": dict(zip(areas, node.elsewhere, strict=True)),
    }
