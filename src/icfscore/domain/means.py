"""Which quantity says what a community can afford: the settings of `means`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from icfscore.domain.text import Text


@dataclass(frozen=True, slots=True)
class Means:
    """What a score is held against.

    Attributes
    ----------
    income
        Id of an indicator or context quantity; its logarithm is taken.
    without
        Ids of the indicators that contain it: the score is taken without them, and without the
        income itself.
    beside
        Ids of facts, indicators or context quantities to show beside it, since they say more of
        what residents live on.
    note
        What readers must know of it, in the project's own words.
    """

    income: str
    without: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    note: Text = ""

    def describe(self) -> dict[str, Any]:
        """Spell the section as icfscore.yaml would."""
        note = self.note if isinstance(self.note, str) else dict(self.note)
        return {
            "income": self.income,
            "without": list(self.without),
            "beside": list(self.beside),
            "note": note,
        }


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A list of recognitions, as `lists` in icfscore.yaml describes it.

    Attributes
    ----------
    complete
        Years in which each of the project's communities was a candidate and whoever was chosen
        among them is recorded; None where nobody has said.
    """

    name: Text = ""
    complete: tuple[int, ...] | None = None

    def describe(self) -> dict[str, Any]:
        """Spell the entry as icfscore.yaml would."""
        name = self.name if isinstance(self.name, str) else dict(self.name)
        told = {} if self.complete is None else {"complete": list(self.complete)}
        return {"name": name, **told}


def describe_lists(lists: Mapping[str, PublishedList]) -> dict[str, Any]:
    """Spell the section `lists` as icfscore.yaml would."""
    return {name: entry.describe() for name, entry in lists.items()}
