"""What the reports say, computed once: numbers, ids and flags, in no language and no format."""

from __future__ import annotations

from dataclasses import dataclass

from icfscore.pipeline.means import AgainstMeans, against_means
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.report.content_field import Field, field_of, ranked
from icfscore.report.content_focus import Focus, focus_of
from icfscore.report.content_recipe import Step, Weight, steps_of, weights_of
from icfscore.report.content_uncertainty import RankUncertainty, uncertainty_of

TOP = 7  # the place whose distance is told, where more communities than that are ranked


@dataclass(frozen=True, slots=True)
class Report:
    """All that the ranking report says.

    Attributes
    ----------
    focus
        None without a focus, or where it has no place: then `placeless` names it.
    uncertainty
        None where no draws were made.
    means
        What the focus's income leads one to expect; None where the settings name no income.
    k
        The place whose distance is shown beside the best and the median.
    notes
        What methods said of the data; what screening left out stands in `field`.
    """

    field: Field
    focus: Focus | None
    placeless: str | None
    uncertainty: RankUncertainty | None
    means: AgainstMeans | None
    k: int
    steps: tuple[Step, ...]
    weights: tuple[Weight, ...]
    notes: tuple[str, ...]


def report_content(scoring: Scoring, k: int = TOP, draws: RankDraws | None = None) -> Report:
    """Gather what the ranking report says, with the uncertainty where draws were made."""
    wanted = scoring.settings.focus
    said = (*scoring.warnings, *scoring.remarks)
    placed = wanted is not None and wanted in ranked(scoring)
    return Report(
        field=field_of(scoring),
        focus=focus_of(scoring, wanted, k) if wanted is not None and placed else None,
        placeless=None if placed else wanted,
        uncertainty=uncertainty_of(scoring, draws, k),
        means=against_means(scoring) if placed else None,
        k=k,
        steps=steps_of(scoring),
        weights=weights_of(scoring),
        notes=tuple(note for note in said if not note.startswith("screening: ")),
    )
