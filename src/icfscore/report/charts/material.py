"""What charts are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from icfscore.domain.tables import Ints, read_only
from icfscore.domain.text import Text
from icfscore.errors import InputError
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.pipeline.sensitivity import Drivers
from icfscore.pipeline.stability import WeightStability
from icfscore.pipeline.swings import Swing
from icfscore.sentences import say


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioRanks:
    """The ranks of the same communities in several scenarios.

    Attributes
    ----------
    names
        Of the scenarios, in the order of the columns; "" is the recipe without one.
    ranks
        (s, n) in the order of the ranking's communities; 0 where one has no rank.
    titles
        What the settings call the scenarios, by name, in every language there is.
    """

    names: tuple[str, ...]
    ranks: Ints
    titles: Mapping[str, Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lock the array."""
        read_only(self.ranks)


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Results that charts show; what is None was not computed.

    Attributes
    ----------
    swings, stability, drivers
        Of the settings' focus.
    """

    scoring: Scoring
    draws: RankDraws | None = None
    swings: tuple[Swing, ...] | None = None
    stability: tuple[WeightStability, ...] | None = None
    drivers: Drivers | None = None
    scenarios: ScenarioRanks | None = None

    @property
    def focus(self) -> str | None:
        """The community to mark; None without one, or where it has no place."""
        focus, ranking = self.scoring.settings.focus, self.scoring.ranking
        placed = focus in ranking.communities and focus is not None and ranking.rank_of(focus)
        return focus if placed else None

    @property
    def focus_row(self) -> int | None:
        """The focus's row in the tables."""
        return None if self.focus is None else self.scoring.ranking.communities.index(self.focus)

    def needed_draws(self) -> RankDraws:
        """Give the draws.

        Raises
        ------
        InputError
            Where none were made.
        """
        if self.draws is None:
            raise InputError.of(say("this chart needs draws"), say("give --draws a number above 0"))
        return self.draws

    def needed_focus(self) -> str:
        """Give the focus.

        Raises
        ------
        InputError
            Where there is none, or it has no place in the ranking.
        """
        if self.focus is not None:
            return self.focus
        wanted = self.scoring.settings.focus
        if wanted is None:
            raise InputError.of(say("this chart needs a focus"), say("give one with --focus"))
        raise InputError.of(
            say("the focus '{focus}' has no place in the ranking: see the warnings", focus=wanted)
        )
