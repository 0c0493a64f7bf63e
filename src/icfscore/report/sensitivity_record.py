"""The record of a sensitivity analysis, schema ``icfscore.sensitivity/1``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from icfscore.pipeline.extreme_ranks import ExtremeRanks
from icfscore.pipeline.leave_out import LeftOut
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.sensitivity import Drivers
from icfscore.pipeline.stability import WeightStability
from icfscore.pipeline.swings import Swing

SENSITIVITY_SCHEMA = "icfscore.sensitivity/1"


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All that a sensitivity analysis found; lists that need a focus are empty without one."""

    output: str
    drivers: Drivers | None
    stability: tuple[WeightStability, ...]
    extremes: tuple[ExtremeRanks, ...]
    left_out: tuple[LeftOut, ...]
    swings: tuple[Swing, ...]


def sensitivity_record(scoring: Scoring, found: Sensitivity) -> dict[str, Any]:
    """Build the record.

    Beside the keys of every such record: ``reason`` wherever something is null, ``reversals`` (the
    pairs whose order flips when a community is left out), ``swings`` (the focus's score and rank at
    both ends of one input at a time), ``base`` (size of the samples, 0 where all combinations were
    run).
    """
    drivers = found.drivers
    return {
        "schema": SENSITIVITY_SCHEMA,
        "framework": {"id": scoring.project.tree.id, "version": scoring.project.tree.version},
        "digest": scoring.digest,
        "scenario": scoring.settings.scenario,
        "focus": scoring.settings.focus,
        "uncertainty": scoring.settings.uncertainty.describe(),
        "seed": scoring.settings.uncertainty.seed,
        "output": found.output,
        "exact": drivers is not None and drivers.indices.exact,
        "base": 0 if drivers is None else drivers.n_base,
        "reason": "" if drivers is None else drivers.indices.reason,
        "factors": [] if drivers is None else _factors(drivers),
        "weight_stability": [_stability(one) for one in found.stability],
        "extreme_ranks": [
            {"id": one.community, "best": one.best, "worst": one.worst}
            | {"exact": one.exact, "reason": one.reason}
            for one in found.extremes
        ],
        "leave_one_out": [
            {"removed": one.removed, "kind": one.kind, "rank": one.rank}
            | {"mean_rank_shift": one.mean_rank_shift, "reason": one.reason}
            | {"reversals": [list(pair) for pair in one.reversals]}
            for one in found.left_out
        ],
        "swings": [_swing(one) for one in found.swings],
        "warnings": list(scoring.warnings),
    }


def _factors(drivers: Drivers) -> list[dict[str, Any]]:
    indices = drivers.indices
    return [
        {
            "name": name,
            "first_order": _number(indices.first_order[position]),
            "total": _number(indices.total[position]),
            "first_order_interval": [
                _number(end) for end in indices.first_order_interval[position]
            ],
            "total_interval": [_number(end) for end in indices.total_interval[position]],
        }
        for position, name in enumerate(drivers.factors)
    ]


def _stability(one: WeightStability) -> dict[str, Any]:
    return {
        "node": one.node,
        "parent": one.parent,
        "weight": one.weight,
        "interval": None if one.interval is None else list(one.interval),
        "breakpoints": [
            {"weight": point.weight, "rank": point.rank, "changing": list(point.changing)}
            for point in one.breakpoints
        ],
        "exact": one.exact,
        "reason": one.reason,
    }


def _swing(one: Swing) -> dict[str, Any]:
    ends = [
        {"setting": end.setting, "score": end.score, "rank": end.rank, "reason": end.reason}
        for end in one.ends
    ]
    return {"kind": one.kind, "name": one.name, "ends": ends}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
