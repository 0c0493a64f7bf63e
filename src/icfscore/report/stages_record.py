"""Every stage of a scoring as one record, schema ``icfscore.stages/1``, and as JSON."""

from __future__ import annotations

import json
from typing import Any

from icfscore.pipeline.score import Scoring
from icfscore.report.stages import Cell, Stage, evidence_cells, rank_table, stage_tables

STAGES_SCHEMA = "icfscore.stages/1"
_COMPACT = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def stages_record(scoring: Scoring) -> dict[str, Any]:
    """Build the record of every stage.

    Returns
    -------
    dict
        `stages` holds by stage, community and indicator (in `scores`: node) the value at full
        precision, None where missing. `weights` are shares among siblings. `ranks` holds by
        community and node the rank, None where there is no score. `evidence` holds by community
        and indicator what the value rests on; `year` None beside a `source` means that it is
        undated and counts for the reference year. `left_out` lists the indicators and `excluded`
        the communities that screening left out; the latter stand in no stage.
    """
    tree, settings, screened = scoring.project.tree, scoring.settings, scoring.screened
    ranks = _by_community(scoring, rank_table(scoring))
    return {
        "schema": STAGES_SCHEMA,
        "framework": {"id": tree.id, "version": tree.version},
        "digest": scoring.digest,
        "recipe": settings.recipe.describe(),
        "scenario": settings.scenario,
        "focus": settings.focus,
        "reference_year": settings.reference_year,
        "stages": {stage.name: _by_community(scoring, stage) for stage in stage_tables(scoring)},
        "weights": scoring.weights,
        "ranks": {
            community: {node: None if rank is None else int(rank) for node, rank in row.items()}
            for community, row in ranks.items()
        },
        "evidence": _evidence(scoring),
        "left_out": [
            {"id": name, "coverage": coverage} for name, coverage in screened.left_out.items()
        ],
        "excluded": [{"id": name, "reason": why} for name, why in screened.excluded.items()],
        "warnings": list(scoring.warnings),
        "remarks": list(scoring.remarks),
    }


def stages_json(scoring: Scoring) -> str:
    """Spell every stage as JSON: a community a line, a value's evidence a line."""
    record = stages_record(scoring)
    lines = [f"{_COMPACT.encode(key)}: {_spell(value, '  ')}" for key, value in record.items()]
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"


def _by_community(scoring: Scoring, stage: Stage) -> dict[str, dict[str, float | None]]:
    communities = scoring.screened.observed.communities
    return {
        community: dict(zip(stage.columns, numbers, strict=True))
        for community, numbers in zip(communities, stage.rows(), strict=True)
    }


def _evidence(scoring: Scoring) -> dict[str, dict[str, dict[str, Any]]]:
    evidence: dict[str, dict[str, dict[str, Any]]] = {
        community: {} for community in scoring.screened.observed.communities
    }
    for cell in evidence_cells(scoring):
        evidence[cell.community][cell.indicator] = _evidence_of(cell)
    return evidence


def _evidence_of(cell: Cell) -> dict[str, Any]:
    seen = cell.observation
    return {
        "level": cell.level,
        "holder": cell.holder,
        "year": seen and seen.year,
        "source": seen and seen.source,
        "status": seen and seen.status,
        "comparability": seen and seen.comparability,
        "imputed": cell.imputed,
        "treated": cell.treated,
    }


def _spell(value: Any, margin: str) -> str:
    """Open what holds nothing but records, one a line; the rest stays on its line."""
    inner = f"{margin}  "
    if isinstance(value, dict) and value and all(isinstance(v, dict) for v in value.values()):
        lines = [f"{_COMPACT.encode(key)}: {_spell(v, inner)}" for key, v in value.items()]
        return f"{{\n{inner}" + f",\n{inner}".join(lines) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        lines = [_COMPACT.encode(entry) for entry in value]
        return f"[\n{inner}" + f",\n{inner}".join(lines) + f"\n{margin}]"
    return _COMPACT.encode(value)
