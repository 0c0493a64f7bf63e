"""Scenarios side by side as a record, schema ``icfscore.scenarios/1``, and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icfscore.domain.text import text_in
from icfscore.pipeline.scenarios import Comparison, Outcome, ranks_of
from icfscore.pipeline.score import Scoring
from icfscore.recipe import Scenario
from icfscore.report.records import csv_text, number

SCENARIOS_SCHEMA = "icfscore.scenarios/1"


def scenarios_record(
    comparison: Comparison, scenarios: Mapping[str, Scenario], language: str = "en"
) -> dict[str, Any]:
    """Build the record.

    Keys
    ----
    ``base``
        ``scenario`` (null: icfscore.yaml as it is), ``recipe``, ``digest``, ``ranking``.
    ``ranking``
        Best first: ``id``, ``name``, ``rank``, ``score``.
    ``scenarios``
        One a scenario, in the file's order: ``name`` (as ``--scenario`` takes it), ``title``,
        ``reason`` (why it is run), ``error`` (why it has no ranking, else null), ``ranking``,
        ``excluded`` (as in the ranking's record), ``left_out`` (indicators that screening left
        out), ``tau`` (Kendall's tau-b with the base), ``mean_rank_shift`` (mean of |rank - rank in
        the base|), ``common`` (communities ranked in both, among which both are taken), ``largest``
        (``id`` and ``change`` of the rank that changes most; null where none does),
        ``focus_rank`` and ``focus_score``.
    """
    base = comparison.base
    return {
        "schema": SCENARIOS_SCHEMA,
        "framework": {"id": base.project.tree.id, "version": base.project.tree.version},
        "focus": base.settings.focus,
        "base": {
            "scenario": base.settings.scenario,
            "recipe": base.settings.recipe.describe(),
            "digest": base.digest,
            "ranking": _ranking(base, language),
        },
        "scenarios": [
            _outcome(each, scenarios[each.name], base.settings.focus, language)
            for each in comparison.outcomes
        ],
        "warnings": list(base.warnings),
    }


def _ranking(scoring: Scoring, language: str) -> list[dict[str, Any]]:
    ranking, communities = scoring.ranking, scoring.project.community_by_id
    return [
        {
            "id": ranking.communities[row],
            "name": text_in(communities[ranking.communities[row]].name, language),
            "rank": int(ranking.ranks[row]),
            "score": number(ranking.scores[row]),
        }
        for row in ranking.order
    ]


def _outcome(
    outcome: Outcome, scenario: Scenario, focus: str | None, language: str
) -> dict[str, Any]:
    scoring = outcome.scoring
    told: dict[str, Any] = {
        "name": outcome.name,
        "title": text_in(scenario.name, language),
        "reason": text_in(scenario.description, language),
        "error": outcome.reason or None,
        "ranking": [] if scoring is None else _ranking(scoring, language),
        "excluded": [],
        "left_out": [],
        "tau": outcome.tau,
        "mean_rank_shift": outcome.mean_rank_shift,
        "common": outcome.n_common,
        "largest": None
        if outcome.largest is None
        else {"id": outcome.largest[0], "change": outcome.largest[1]},
        "focus_rank": outcome.ranks.get(focus) if focus is not None else None,
        "focus_score": None,
    }
    if scoring is not None:
        screened, names = scoring.screened, scoring.ranking.communities
        told["excluded"] = [{"id": name, "reason": why} for name, why in screened.excluded.items()]
        told["left_out"] = list(screened.left_out)
        if focus in names:
            told["focus_score"] = number(scoring.ranking.scores[names.index(focus)])
    return told


def scenarios_csv(comparison: Comparison, language: str = "en") -> str:
    """Spell the ranks as CSV: one line a community, one column a scenario."""
    base = comparison.base
    communities = base.project.community_by_id
    first = ranks_of(base)
    rows = (
        [
            name,
            text_in(communities[name].name, language),
            first.get(name),
            *(each.ranks.get(name) for each in comparison.outcomes),
        ]
        for name in [*first, *(name for name in communities if name not in first)]
    )
    return csv_text(["id", "name", "base", *(each.name for each in comparison.outcomes)], rows)
