"""The uncertainty of the ranking as a table for the terminal, and as CSV."""

from __future__ import annotations

from typing import Any

from icfscore.domain.text import text_in
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.report.ranking_legend import say_of_bins
from icfscore.report.ranking_table import Column, interval_cells, lay_out
from icfscore.report.records import csv_text
from icfscore.report.stage_names import stage_name
from icfscore.report.terminal import one_line
from icfscore.report.uncertainty_record import TOPS
from icfscore.sentences import joined, say

_BLOCKS = " ▁▂▃▄▅▆▇█"
MAX_SPARK = 60  # ranks that fit in a row of blocks


def uncertainty_table(
    scoring: Scoring,
    draws: RankDraws,
    top: int | None = None,
    language: str = "en",
    *,
    piped: bool | None = None,
    width: int | None = None,
) -> str:
    """Lay out, best community first: rank, interval, mean, chances, and how the ranks spread."""
    order = list(scoring.ranking.order)
    communities = scoring.project.community_by_id
    ids = [draws.communities[row] for row in order]
    names = [one_line(text_in(communities[name].name, language)) for name in ids]
    focus = scoring.settings.focus
    line = ids.index(focus) if focus in ids else None
    columns = [
        Column("", ["▶" if n == line else "" for n in range(len(order))], right=False),
        Column(say("Rank"), [str(rank) for rank in scoring.ranking.ranks[order].tolist()]),
        Column(say("Community"), names, right=False, width=32),
        Column(say("90 %"), interval_cells(draws, order)),
        Column(say("Median"), [str(rank) for rank in draws.rank_quantile(0.5)[order].tolist()]),
        Column(say("Mean"), [f"{mean:.1f}" for mean in draws.mean_rank[order].tolist()]),
    ]
    for k in sorted({*TOPS, top or 1}):
        if k < len(order) and draws.knows_top(k):
            shares = draws.probability_top(k)[order].tolist()
            columns.append(
                Column(say("Top {k}", k=k) if k > 1 else say("First"), list(map(percent, shares)))
            )
    if len(order) <= MAX_SPARK:
        sparks = ["".join(map(_block, row)) for row in draws.acceptability[order].tolist()]
        columns.append(Column(say("Ranks 1 to {count}", count=len(order)), sparks, right=False))
    return lay_out(columns, line, _legend(scoring, draws), language, piped=piped, width=width)


def percent(share: float) -> str:
    """Spell a share of draws without claiming certainty: ``<1%``, ``>99%``, ``0%``."""
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 < share < 1:
        return ">99%"
    return f"{share:.0%}"


def _block(share: float) -> str:
    """Draw a share of draws as a block; anything above nothing shows."""
    return _BLOCKS[0] if share <= 0 else _BLOCKS[min(8, 1 + int(share * 16))]


def _legend(scoring: Scoring, draws: RankDraws) -> list[str]:
    uncertainty = scoring.settings.uncertainty
    varied: list[str] = []
    if draws.children:
        varied.append(say("weights ({kind})", kind=uncertainty.weights.kind))
    if uncertainty.data.kind != "none":
        varied.append(say("data ({kind})", kind=uncertainty.data.kind))
    if uncertainty.missing.kind == "hot_deck":
        varied.append(say("missing values"))
    choices = uncertainty.alternatives.items()
    varied += [stage_name(stage) for stage, kinds in choices if len(kinds) > 1]
    what = joined(", ", varied) if varied else say("nothing")
    run = say("{n_draws:,} draws, seed {seed}", n_draws=draws.n_draws, seed=draws.seed)
    if draws.interrupted:
        run = say("{run}, stopped early", run=run)
    lines = [
        say(
            "{run}; varied: {what}. 90 %: the rank lies there in 90 % of the draws, under the "
            "stated assumptions.",
            run=run,
            what=what,
        ),
        say(
            "Shares of draws are exact to ±{error:.1%} (two Monte Carlo standard errors at most).",
            error=2 * draws.largest_error,
        ),
    ]
    return lines + say_of_bins(draws)


def uncertainty_csv(record: dict[str, Any]) -> str:
    """Spell the record's communities as CSV.

    Where ranks share bins a column says by how many ranks the median or an end may be off.
    """
    rows = record["communities"]
    shared = record["rank_error"] > 0
    tops = list(rows[0]["probability_top"]) if rows else []
    header = ["id", "nominal_rank", "mean_rank", "median_rank", "rank_5", "rank_95"]
    header += ["rank_error"] * shared
    ranks = range(1, record["exact_ranks"] + 1)
    header += [f"top_{k}" for k in tops] + [f"rank_{rank}_share" for rank in ranks]
    return csv_text(
        header,
        (
            [
                *(row[key] for key in ("id", "nominal_rank", "mean_rank", "median_rank")),
                *row["rank_interval"],
                *([_largest(row["rank_error"])] if shared else []),
                *row["probability_top"].values(),
                *row["acceptability"],
            ]
            for row in rows
        ),
    )


def _largest(error: dict[str, Any]) -> int:
    return int(max(error["median_rank"], *error["rank_interval"]))
