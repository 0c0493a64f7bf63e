"""The record of an uncertainty analysis, schema ``icfscore.uncertainty/1``."""

from __future__ import annotations

from typing import Any

from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring

UNCERTAINTY_SCHEMA = "icfscore.uncertainty/1"
TOPS = (1, 3, 7)


def uncertainty_record(
    scoring: Scoring, draws: RankDraws, top: int | None = None
) -> dict[str, Any]:
    """Build the record.

    Beside the keys of every such record: ``standard_error`` of each share of draws and mean rank
    (Monte Carlo only: not the uncertainty itself), ``mean_rank_shift``, ``interrupted``, and
    ``exact_ranks``, the number of ranks in each row of `acceptability` (all of them up to 2,000
    communities, else the first).
    """
    ids = draws.communities
    exact = draws.exact_ranks
    tops = sorted({k for k in (*TOPS, top or 1) if k <= exact})
    rows = [_row(scoring, draws, row, tops, exact) for row in scoring.ranking.order]
    pairwise = draws.pairwise
    return {
        "schema": UNCERTAINTY_SCHEMA,
        "framework": {"id": scoring.project.tree.id, "version": scoring.project.tree.version},
        "digest": scoring.digest,
        "scenario": scoring.settings.scenario,
        "focus": scoring.settings.focus,
        "uncertainty": scoring.settings.uncertainty.describe(),
        "draws": draws.n_draws,
        "seed": draws.seed,
        "interrupted": draws.interrupted,
        "exact_ranks": exact,
        "communities": rows,
        "pairwise": {
            "ids": [] if pairwise is None else list(ids),
            "probability": [] if pairwise is None else pairwise.tolist(),
        },
        "central_weights": {name: draws.central_weights(row) for row, name in enumerate(ids)},
        "confidence": {name: draws.confidence.get(name) for name in ids},
        "mean_rank_shift": draws.mean_rank_shift,
        "largest_standard_error": draws.largest_error,
        "excluded": [
            {"id": name, "reason": reason} for name, reason in scoring.screened.excluded.items()
        ],
        "warnings": list(scoring.warnings),
    }


def _row(
    scoring: Scoring, draws: RankDraws, row: int, tops: list[int], exact: int
) -> dict[str, Any]:
    top = {k: float(draws.probability_top(k)[row]) for k in tops}
    low, high = draws.rank_interval[row].tolist()
    return {
        "id": draws.communities[row],
        "nominal_rank": int(scoring.ranking.ranks[row]),
        "mean_rank": float(draws.mean_rank[row]),
        "median_rank": int(draws.rank_quantile(0.5)[row]),
        "rank_interval": [low, high],
        "probability_top": {str(k): share for k, share in top.items()},
        "acceptability": draws.acceptability[row, :exact].tolist(),
        "standard_error": {
            "mean_rank": float(draws.mean_rank_error[row]),
            "probability_top": {str(k): draws.standard_error(share) for k, share in top.items()},
        },
    }
