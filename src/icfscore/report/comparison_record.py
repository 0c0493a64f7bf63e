"""The record of a comparison, schema ``icfscore.comparison/1``.

Keys
----
``ids``
    The communities as asked for.
``difference``, ``contributions``, ``probability_ahead``
    Of two: the first one's score minus the second one's; by node and scored indicator its part
    (``index`` the whole difference; null below a node that is not split); the share of the draws
    in which the first is ahead, ties counting half, null without draws. Of more than two they are
    lists: the first one against each of the others, in their order.
``communities``
    A list: ``id``, ``name``, ``rank``, ``score``, ``rank_interval`` (null without draws),
    ``nodes`` (``score`` and ``rank`` by node and indicator), ``values`` by indicator (``value``
    after its denominator, ``unit``, ``year``, ``level``, ``comparability``, ``sources``).
``comparisons``
    A list, the first one against each of the others: ``left``, ``right``, ``difference``,
    ``contributions``, ``undivided``, ``by_swaps``, ``filled`` as in ``icfscore.profile/1``,
    ``probability_ahead``, and ``reversal``: ``state`` (``found``, ``level``, ``dominated``: no
    weights reverse the order, ``unknown``), ``leader``, ``weights`` (the nearest shares of the
    root's children that bring the two level), ``moved`` (the weight that changes hands), ``alone``
    (by child the share that does it by itself), ``gaps`` (children without a score, for which it
    is unknown).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.reversal import Reversal
from icfscore.pipeline.score import Scoring
from icfscore.report.content_comparison import Comparison
from icfscore.report.content_readings import Reading, read_indicator
from icfscore.report.profile_record import LEVELS, decomposition_record
from icfscore.report.records import ranking_rows

COMPARISON_SCHEMA = "icfscore.comparison/1"


def comparison_record(
    scoring: Scoring,
    comparisons: Sequence[Comparison],
    draws: RankDraws | None,
    language: str = "en",
) -> dict[str, Any]:
    """Build the record of comparisons of one community with one or more others."""
    tree, settings = scoring.project.tree, scoring.settings
    ids = [comparisons[0].left, *(each.right for each in comparisons)]
    rows = {row["id"]: row for row in ranking_rows(scoring, language)}
    differences = [each.decomposition.difference for each in comparisons]
    parts = [dict(each.decomposition.contributions) for each in comparisons]
    ahead = [each.share_ahead for each in comparisons]
    one = len(comparisons) == 1
    return {
        "schema": COMPARISON_SCHEMA,
        "framework": {"id": tree.id, "version": tree.version},
        "digest": scoring.digest,
        "scenario": settings.scenario,
        "reference_year": settings.reference_year,
        "ids": ids,
        "difference": differences[0] if one else differences,
        "contributions": parts[0] if one else parts,
        "probability_ahead": ahead[0] if one else ahead,
        "draws": 0 if draws is None else draws.n_draws,
        "seed": settings.uncertainty.seed,
        "communities": [
            {key: rows[name][key] for key in ("id", "name", "rank", "score")}
            | {"rank_interval": _interval(draws, name)}
            | {"nodes": rows[name]["nodes"], "values": _values(scoring, name)}
            for name in ids
        ],
        "comparisons": [
            {"left": each.left, "right": each.right}
            | decomposition_record(each.decomposition)
            | {"probability_ahead": each.share_ahead, "reversal": _reversal(each.reversal)}
            for each in comparisons
        ],
        "warnings": list(scoring.warnings),
    }


def _interval(draws: RankDraws | None, community: str) -> list[int] | None:
    if draws is None:
        return None
    low, high = draws.rank_interval[draws.communities.index(community)].tolist()
    return [low, high]


def _values(scoring: Scoring, community: str) -> dict[str, Any]:
    return {
        indicator.id: _value(read_indicator(scoring, community, indicator, 1))
        for indicator in scoring.project.tree.indicators
    }


def _value(reading: Reading) -> dict[str, Any]:
    seen = reading.observation
    return {
        "value": reading.value,
        "unit": reading.indicator.unit,
        "year": None if seen is None else seen.year,
        "level": LEVELS[reading.level],
        "comparability": None if seen is None else seen.comparability,
        "sources": list(reading.sources),
    }


def _reversal(found: Reversal) -> dict[str, Any]:
    return {
        "state": found.state,
        "leader": found.leader,
        "weights": dict(found.then),
        "moved": found.moved if found.state == "found" else None,
        "alone": dict(found.alone),
        "gaps": list(found.gaps),
    }
