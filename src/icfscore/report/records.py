"""Results as plain records, the same for JSON, CSV and everything built on them."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from icfscore.domain.tables import COMMUNITY, NATIONAL, REGION
from icfscore.domain.text import is_formula_like, text_in
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
    standings: dict[str, list[dict[str, Any]]] = {}
    for name in (*scoring.project.tree.node_by_id, *_indicators(scoring)):
        scores = scoring.scores_on(name)
        standings[name] = [
            {"score": number(score), "rank": rank or None}
            for score, rank in zip(scores.tolist(), rank_descending(scores).tolist(), strict=True)
        ]
    return standings


def _indicators(scoring: Scoring) -> list[str]:
    return [indicator.id for indicator in scoring.project.tree.indicators]


def json_text(record: Mapping[str, Any]) -> str:
    """Spell a record as JSON: a key of the top level a line, and an entry of its lists a line.

    Indenting every level would be read by nobody and take ten times as long to write.
    """
    lines = [f"{_compact(key)}: {_entries(value)}" for key, value in record.items()]
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"


def _entries(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n    " + ",\n    ".join(_compact(entry) for entry in value) + "\n  ]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def csv_text(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Spell a table as CSV; what a spreadsheet would take for a formula is kept from being one."""
    stream = io.StringIO()
    plain = csv.writer(stream, lineterminator="\n")
    # Before Python 3.13 a carriage return alone is not quoted, and splits the row when read.
    quoted = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in (header, *rows):
        cells = [_harmless(cell) for cell in row]
        splits = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (quoted if splits else plain).writerow(cells)
    return stream.getvalue()


def _harmless(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, str) and is_formula_like(cell):
        return f"'{cell}"
    return cell


def ranking_csv(scoring: Scoring, language: str = "en") -> str:
    """Spell the ranking as CSV: one line a community, full precision."""
    names = scoring.project.community_by_id
    ranking = scoring.ranking
    columns = [*list(scoring.project.tree.node_by_id)[1:], *_indicators(scoring)]
    numbers = np.column_stack(
        [scoring.scores_on(name) for name in columns] + [scoring.coverage, scoring.proxy_share]
    ).tolist()
    scores = ranking.scores.tolist()
    rows = (
        [
            int(ranking.ranks[row]),
            ranking.communities[row],
            text_in(names[ranking.communities[row]].name, language),
            scores[row],
            *(None if math.isnan(value) else value for value in numbers[row]),
        ]
        for row in ranking.order
    )
    header = ["rank", "id", "name", "score", *columns, "coverage", "proxy_share"]
    return csv_text(header, rows)
