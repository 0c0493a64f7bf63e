"""What an import would do to a project, value by value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["new", "same", "conflicting", "changed", "kept"]
OUTCOMES: tuple[Outcome, ...] = ("conflicting", "changed", "kept", "new", "same")


@dataclass(frozen=True, slots=True)
class Change:
    """What an import says of one value or field.

    Attributes
    ----------
    entity
        Id of the community or area; "" for sources and settings.
    item
        Id of the indicator or context quantity, or name of the field.
    outcome
        *conflicting* disagrees with the project and waits for a decision; *changed* is such a one
        that is to be replaced, *kept* one that is not.
    before, after
        What the project says, and the table; spelt with unit and what differs.
    place
        File and cell.
    """

    entity: str
    item: str
    year: int | None
    outcome: Outcome
    before: str
    after: str
    place: str
