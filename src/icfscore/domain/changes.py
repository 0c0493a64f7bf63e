"""Changes of values: what a community would have instead of what it has."""

from __future__ import annotations

from dataclasses import dataclass

from icfscore.domain.communities import Observation


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One value that is replaced.

    Attributes
    ----------
    community
        Id of the community.
    quantity
        Id of an indicator or context quantity.
    observation
        What takes the place of the value that counts now: in the quantity's unit, before any
        denominator.
    as_before
        Whether it is verified and defined as the value it replaces is, whatever the observation
        says of its status and comparability.
    """

    community: str
    quantity: str
    observation: Observation
    as_before: bool = True
