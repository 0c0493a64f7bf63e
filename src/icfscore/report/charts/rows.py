"""Which communities a chart has room for."""

from __future__ import annotations

from dataclasses import dataclass

from icfscore.errors import InputError
from icfscore.report.charts.material import Material
from icfscore.report.charts.words import Words
from icfscore.sentences import say

MOST = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """The communities in a chart.

    Attributes
    ----------
    rows
        Rows of the tables, best first.
    note
        Says what is left out; empty where nothing is.
    """

    rows: tuple[int, ...]
    labels: tuple[str, ...]
    focus: str | None
    note: str

    @property
    def label_of(self) -> dict[int, str]:
        """Labels by row."""
        return dict(zip(self.rows, self.labels, strict=True))


def choose(material: Material, words: Words, most: int = MOST) -> Shown:
    """Show everybody; of many the first ones and those around the focus.

    Raises
    ------
    InputError
        Where nobody has a rank.
    """
    _ = words.language.gettext
    order = material.scoring.ranking.order
    if not order:
        raise InputError.of(say("no community has a rank"))
    rows, note = order, ""
    if len(order) > most:
        rows, note = order[:most], _("Shown: the first {most} of {n}.")
        if material.focus_row is not None:
            half = most // 2
            place = order.index(material.focus_row)
            start = min(max(place - half // 2, half), len(order) - (most - half))
            if place >= half:
                rows = (*order[:half], *order[start : start + most - half])
                note = _("Shown: the first {half} and those around the focus, of {n}.")
        note = note.format(
            most=words.numbers.count(most),
            half=words.numbers.count(most // 2),
            n=words.numbers.count(len(order)),
        )
    labels = tuple(words.communities(rows))
    focus_row = material.focus_row
    focus = None
    if focus_row is not None and focus_row in rows:
        focus = labels[rows.index(focus_row)]
    return Shown(rows, labels, focus, note)
