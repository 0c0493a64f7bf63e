"""The record of a what-if, schema ``icfscore.whatif/1``, and its table as CSV."""

from __future__ import annotations

import math
from typing import Any

from icfscore.domain.text import text_in
from icfscore.pipeline.changes import Replaced
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.whatif import WhatIf
from icfscore.report.records import csv_text, number, ranking_rows

WHATIF_SCHEMA = "icfscore.whatif/1"


def whatif_record(found: WhatIf, language: str = "en") -> dict[str, Any]:
    """Build the record.

    Beside the keys of every such record: ``unit``, ``from_level``, ``from_holder``, ``from_year``
    of each change; ``rank_interval`` of each row (null without draws); ``passed``: by changed
    community whom it overtakes and who overtakes it; ``moved``: other communities whose score
    changes.
    """
    before, after = found.before, found.after
    settings = before.settings
    draws = found.draws_before
    return {
        "schema": WHATIF_SCHEMA,
        "framework": {"id": before.project.tree.id, "version": before.project.tree.version},
        "digest": before.digest,
        "scenario": settings.scenario,
        "focus": settings.focus,
        "reference_year": settings.reference_year,
        "changes": [_change(before, each) for each in found.changes],
        "passed": [_passed(found, row) for row in range(len(found.passings))],
        "moved": list(found.moved),
        "draws": None if draws is None else draws.n_draws,
        "seed": None if draws is None else draws.seed,
        "before": _rows(before, found.draws_before, language),
        "after": _rows(after, found.draws_after, language),
        "excluded": [
            {"id": name, "reason": reason} for name, reason in after.screened.excluded.items()
        ],
        "warnings": list(after.warnings),
    }


def _change(before: Scoring, each: Replaced) -> dict[str, Any]:
    change, old = each.change, each.before
    return {
        "community": change.community,
        "indicator": change.quantity,
        "from": None if old is None else number(old.value),
        "to": number(change.observation.value),
        "unit": before.project.tree.quantity_by_id[change.quantity].unit,
        "from_level": None if old is None else old.level,
        "from_holder": each.holder,
        "from_year": None if old is None else old.year,
    }


def _passed(found: WhatIf, position: int) -> dict[str, Any]:
    passing = found.passings[position]
    return {
        "id": passing.community,
        "rank_before": rank_in(found.before, passing.community),
        "rank_after": rank_in(found.after, passing.community),
        "overtaken": list(passing.overtaken),
        "overtaken_by": list(passing.overtaking),
    }


def rank_in(scoring: Scoring, community: str) -> int | None:
    """Give a community's rank; None where it has none or takes no part."""
    if community not in scoring.ranking.communities:
        return None
    return scoring.ranking.rank_of(community)


def score_in(scoring: Scoring, community: str) -> float | None:
    """Give a community's score; None where it has none or takes no part."""
    if community not in scoring.ranking.communities:
        return None
    score = float(scoring.ranking.scores[scoring.ranking.communities.index(community)])
    return None if math.isnan(score) else score


def interval_in(draws: RankDraws | None, community: str) -> tuple[int, int] | None:
    """Give the ranks at 5 % and 95 % of the draws; None where there are none."""
    if draws is None or community not in draws.communities:
        return None
    low, high = draws.rank_interval[draws.communities.index(community)].tolist()
    return low, high


def _rows(scoring: Scoring, draws: RankDraws | None, language: str) -> list[dict[str, Any]]:
    rows = ranking_rows(scoring, language)
    for row in rows:
        interval = interval_in(draws, row["id"])
        row["rank_interval"] = None if interval is None else list(interval)
    return rows


def whatif_csv(found: WhatIf, language: str = "en") -> str:
    """Spell both rankings side by side as CSV, in the order after the changes."""
    names = found.after.project.community_by_id
    header = ["id", "name", "rank_before", "rank_after", "score_before", "score_after"]
    header += ["rank_5_before", "rank_95_before", "rank_5_after", "rank_95_after"]
    rows = []
    for name in listed(found):
        cells: list[Any] = [name, text_in(names[name].name, language)]
        cells += [rank_in(scoring, name) for scoring in (found.before, found.after)]
        cells += [score_in(scoring, name) for scoring in (found.before, found.after)]
        for draws in (found.draws_before, found.draws_after):
            cells += interval_in(draws, name) or (None, None)
        rows.append(cells)
    return csv_text(header, rows)


def listed(found: WhatIf) -> list[str]:
    """List the communities by their place after the changes, then those that lost theirs."""
    after = [found.after.ranking.communities[row] for row in found.after.ranking.order]
    before = [found.before.ranking.communities[row] for row in found.before.ranking.order]
    return after + [name for name in before if name not in set(after)]
