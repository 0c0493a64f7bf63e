"""Results as plain records, the same for JSON, CSV and everything built on them."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from icfscore.domain.tables import COMMUNITY, NATIONAL, REGION
from icfscore.domain.text import text_in
from icfscore.methods.rank import rank_descending
from icfscore.pipeline.score import Scoring

RANKING_SCHEMA = "icfscore.ranking/1"


def number(value: float) -> float | None:
    """Give a number as JSON has it: None where missing."""
    return float(value) if math.isfinite(value) else None


def ranking_record(scoring: Scoring, language: str = "en") -> dict[str, Any]:
    """Build the record of a ranking, schema ``icfscore.ranking/1``."""
    tree, settings = scoring.project.tree, scoring.settings
    return {
        "schema": RANKING_SCHEMA,
        "framework": {"id": tree.id, "version": tree.version},
        "digest": scoring.digest,
        "recipe": settings.recipe.describe(),
        "scenario": settings.scenario,
        "focus": settings.focus,
        "reference_year": settings.reference_year,
        "weights": scoring.weights,
        "ranking": ranking_rows(scoring, language),
        "excluded": [
            {"id": name, "reason": reason} for name, reason in scoring.screened.excluded.items()
        ],
        "warnings": list(scoring.warnings),
        "remarks": list(scoring.remarks),
    }


def ranking_rows(scoring: Scoring, language: str = "en") -> list[dict[str, Any]]:
    """Build one record a community, best first."""
    ranking, names = scoring.ranking, scoring.project.community_by_id
    standings = _standings(scoring)
    levels = {
        name: scoring.coverage_at(level)
        for name, level in (("community", COMMUNITY), ("region", REGION), ("national", NATIONAL))
    }
    return [
        {
            "id": ranking.communities[row],
            "name": text_in(names[ranking.communities[row]].name, language),
            "rank": int(ranking.ranks[row]),
            "score": number(ranking.scores[row]),
            "coverage": number(scoring.coverage[row]),
            "coverage_by_level": {name: number(shares[row]) for name, shares in levels.items()},
            "proxy_share": number(scoring.proxy_share[row]),
            "nodes": {name: standing[row] for name, standing in standings.items()},
        }
        for row in ranking.order
    ]


def _standings(scoring: Scoring) -> dict[str, list[dict[str, Any]]]:
    """List score and rank of every community on every node and indicator."""
    tree = scoring.project.tree
    column = {name: j for j, name in enumerate(scoring.screened.observed.indicators)}
    nothing: list[dict[str, Any]] = [{"score": None, "rank": None}] * len(
        scoring.ranking.communities
    )
    standings: dict[str, list[dict[str, Any]]] = {}
    for name in (*tree.node_by_id, *(indicator.id for indicator in tree.indicators)):
        if name in column:
            scores = scoring.normalised[:, column[name]]
        elif name in scoring.scores.nodes:
            scores = scoring.scores.of(name)
        else:
            standings[name] = nothing
            continue
        standings[name] = [
            {"score": number(score), "rank": int(rank) or None}
            for score, rank in zip(scores.tolist(), rank_descending(scores), strict=True)
        ]
    return standings


def json_text(record: Mapping[str, Any]) -> str:
    """Spell a record as JSON."""
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def csv_text(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Spell a table as CSV; what a spreadsheet would take for a formula is kept from being one."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_harmless(cell) for cell in header)
    for row in rows:
        writer.writerow(_harmless(cell) for cell in row)
    return stream.getvalue()


def _harmless(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return cell


def ranking_csv(scoring: Scoring, language: str = "en") -> str:
    """Spell the ranking as CSV: one line a community, full precision."""
    nodes = [node.id for node in scoring.project.tree.nodes[1:]]
    indicators = [indicator.id for indicator in scoring.project.tree.indicators]
    header = ["rank", "id", "name", "score", *nodes, *indicators, "coverage", "proxy_share"]
    rows = [
        [
            row["rank"],
            row["id"],
            row["name"],
            row["score"],
            *(row["nodes"][name]["score"] for name in (*nodes, *indicators)),
            row["coverage"],
            row["proxy_share"],
        ]
        for row in ranking_rows(scoring, language)
    ]
    return csv_text(header, rows)
