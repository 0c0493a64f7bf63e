"""A table of the audit, before it is laid out for the terminal or as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from icfscore.methods.audit import Measure


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    right
        Whether its cells stand at the right.
    rank
        0 is always shown; of the others the higher go first where the window is narrow.
    """

    header: str
    right: bool = True
    rank: int = 0


@dataclass(frozen=True, slots=True)
class AuditTable:
    """Cells as they are spelt, with what a reader needs to know of them.

    Attributes
    ----------
    note
        How to read it, in a sentence or two; "" where it needs none.
    footnotes
        Why cells are empty.
    breaks
        Rows before which a group begins.
    """

    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    footnotes: tuple[str, ...] = ()
    breaks: frozenset[int] = frozenset()


class Reasons:
    """Collects why cells are empty, equal reasons once, with the names they concern."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {}

    def add(self, name: str, measure: Measure) -> Measure:
        """Note a measure's reason, if it has one, and give the measure back."""
        if measure.reason:
            names = self._names.setdefault(measure.reason, [])
            if name not in names:
                names.append(name)
        return measure

    def notes(self, spell: Callable[[str], str]) -> tuple[str, ...]:
        """List the reasons, each with whom it concerns."""
        listed = self._names.items()
        return tuple(f"{', '.join(names)}: {spell(reason)}." for reason, names in listed)
