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
    (Monte Carlo only: not the uncertainty itself), of quantiles in ranks; ``mean_rank_shift``,
    ``interrupted``, ``confidence_draws`` that the confidence factors rest on, and ``exact_ranks``,
    the number of ranks in each row of `acceptability`: all of them up to 2,000 communities, else
    the first. The ranks that follow are counted some together:
    a quantile there is the middle of these, off by up to ``rank_error`` ranks, in a community's row
    by those of its own median and interval (0: not at all). Shares of the first K stay exact for
    every K that is given.
    """
    ids = draws.communities
    tops = [k for k in sorted({*TOPS, top or 1}) if k <= len(ids) and draws.knows_top(k)]
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
        "exact_ranks": draws.exact_ranks,
        "rank_error": draws.rank_error,
        "communities": _rows(scoring, draws, tops),
        "pairwise": {
            "ids": [] if pairwise is None else list(ids),
            "probability": [] if pairwise is None else pairwise.tolist(),
        },
        "central_weights": {name: draws.central_weights(row) for row, name in enumerate(ids)},
        "confidence": {name: draws.confidence.get(name) for name in ids},
        "confidence_draws": draws.confidence_draws,
        "mean_rank_shift": draws.mean_rank_shift,
        "largest_standard_error": draws.largest_error,
        "excluded": [
            {"id": name, "reason": reason} for name, reason in scoring.screened.excluded.items()
        ],
        "warnings": list(scoring.warnings),
    }


def _rows(scoring: Scoring, draws: RankDraws, tops: list[int]) -> list[dict[str, Any]]:
    exact = draws.exact_ranks
    mean, its_error = draws.mean_rank.tolist(), draws.mean_rank_error.tolist()
    medians, intervals = draws.rank_quantile(0.5).tolist(), draws.rank_interval.tolist()
    low, middle, high = (draws.quantile_error(share).tolist() for share in (0.05, 0.5, 0.95))
    off = draws.off_by_bins.tolist()
    within = {k: draws.probability_top(k).tolist() for k in tops}
    rows = []
    for row in scoring.ranking.order:
        top = {str(k): shares[row] for k, shares in within.items()}
        rows.append(
            {
                "id": draws.communities[row],
                "nominal_rank": int(scoring.ranking.ranks[row]),
                "mean_rank": mean[row],
                "median_rank": medians[row],
                "rank_interval": intervals[row],
                "rank_error": {"median_rank": off[row][1], "rank_interval": off[row][::2]},
                "probability_top": top,
                "acceptability": draws.acceptability[row, :exact].tolist(),
                "standard_error": {
                    "mean_rank": its_error[row],
                    "median_rank": middle[row],
                    "rank_interval": [low[row], high[row]],
                    "probability_top": {k: draws.standard_error(p) for k, p in top.items()},
                },
            }
        )
    return rows
