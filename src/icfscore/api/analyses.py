"""How sure a ranking is, and what drives it, as objects for Python."""

from __future__ import annotations

from typing import Any

from icfscore.api.table import Table
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.report.uncertainty_record import uncertainty_record


class Uncertainty:
    """What the draws say of every community, under the stated assumptions.

    Attributes
    ----------
    draws
        Counts over all draws, as the commands use them.
    """

    def __init__(self, scoring: Scoring, draws: RankDraws) -> None:
        self.scoring = scoring
        self.draws = draws

    @property
    def ranks(self) -> Table:
        """Rank, mean and median over the draws, and where the rank lies in 90 % of them."""
        rows = []
        for row in self.record()["communities"]:
            low, high = row["rank_interval"]
            tops = row["probability_top"].values()
            middle = [row["mean_rank"], row["median_rank"]]
            rows.append([row["id"], row["nominal_rank"], *middle, low, high, *tops])
        tops = self.record()["communities"][0]["probability_top"] if rows else ()
        columns = ["id", "rank", "mean_rank", "median_rank", "low", "high"]
        note = f"low to high in 90 % of {self.draws.n_draws} draws, under the stated assumptions"
        return Table("uncertainty", [*columns, *(f"top_{k}" for k in tops)], rows, note)

    @property
    def acceptability(self) -> Table:
        """Share of the draws by community and rank."""
        shares = self.draws.acceptability[:, : self.draws.exact_ranks].tolist()
        ids = self.draws.communities
        rows = [[ids[row], *shares[row]] for row in self.scoring.ranking.order]
        ranks = [str(rank) for rank in range(1, self.draws.exact_ranks + 1)]
        return Table("acceptability", ["id", *ranks], rows)

    def record(self) -> dict[str, Any]:
        """Give the same record as ``icfscore uncertainty --format json``."""
        return uncertainty_record(self.scoring, self.draws)

    def __repr__(self) -> str:
        return repr(self.ranks)

    def _repr_html_(self) -> str:
        return self.ranks._repr_html_()


class Sensitivity:
    """What drives a rank."""

    def __init__(self, record: dict[str, Any]) -> None:
        self._record = record

    @property
    def factors(self) -> Table:
        """Share of the variance by uncertain input: alone, and with all its interactions."""
        columns = ["name", "first_order", "total", "first_order_interval", "total_interval"]
        rows = [[factor[column] for column in columns] for factor in self._record["factors"]]
        return Table("factors", columns, rows, self._record["reason"])

    @property
    def extreme_ranks(self) -> Table:
        """Best and worst rank of every community under any weights of the criteria."""
        rows = [[one["id"], one["best"], one["worst"]] for one in self._record["extreme_ranks"]]
        return Table("extreme ranks", ["id", "best", "worst"], rows)

    def record(self) -> dict[str, Any]:
        """Give the same record as ``icfscore sensitivity --format json``."""
        return self._record

    def __repr__(self) -> str:
        return repr(self.factors)

    def _repr_html_(self) -> str:
        return self.factors._repr_html_()
