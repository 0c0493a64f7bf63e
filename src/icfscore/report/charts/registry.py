"""The charts there are: each declared once, for the command, the reports and the documentation."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from icfscore.errors import InputError, name_hint
from icfscore.report.language import Language
from icfscore.sentences import say

if TYPE_CHECKING:
    from icfscore.report.charts.material import Material
    from icfscore.report.charts.picture import Picture
    from icfscore.report.charts.words import Words

Need = Literal["focus", "draws", "swings", "stability", "drivers", "scenarios"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of chart.

    Attributes
    ----------
    shows
        What it shows, to be translated.
    needs
        Results that it cannot be drawn without.
    uses
        Results that it shows as well where they are there.
    """

    name: str
    shows: str
    module: str
    needs: tuple[Need, ...] = ()
    uses: tuple[Need, ...] = ()

    def draw(self, material: Material, words: Words) -> Picture:
        """Draw it.

        Raises
        ------
        InputError
            Where something it needs is missing, or the results cannot be shown this way.
        """
        from altair.utils.schemapi import debug_mode

        module = importlib.import_module(f"icfscore.report.charts.{self.module}")
        drawn: Callable[[Material, Words], Picture] = getattr(module, f"draw_{self.name}")
        with debug_mode(arg=False):  # no check of every part: tests check the whole
            return drawn(material, words)


KINDS: tuple[Kind, ...] = (
    Kind(
        "ranking",
        say("everybody's rank, score, and range of ranks over the draws"),
        "ranking",
        uses=("draws",),
    ),
    Kind(
        "contributions",
        say("what each score is made of, criterion by criterion"),
        "contributions",
    ),
    Kind(
        "acceptability",
        say("how often each community holds each rank"),
        "heat",
        needs=("draws",),
    ),
    Kind(
        "pairwise",
        say("how often one community is ahead of another"),
        "heat",
        needs=("draws",),
    ),
    Kind(
        "profile",
        say("the focus on each criterion, beside the first seven and the median"),
        "profile",
        needs=("focus",),
    ),
    Kind(
        "indicators",
        say("all values of every indicator, the focus and the target marked"),
        "indicators",
    ),
    Kind(
        "tornado",
        say("what moves the focus's score, one weight or value at a time"),
        "tornado",
        needs=("focus", "swings"),
    ),
    Kind(
        "stability",
        say("the focus's rank along every weight that a criterion could have"),
        "stability",
        needs=("focus", "stability"),
    ),
    Kind(
        "drivers",
        say("which uncertain inputs drive the focus's rank (Sobol' indices)"),
        "drivers",
        needs=("focus", "drivers"),
    ),
    Kind(
        "scenarios",
        say("everybody's rank from scenario to scenario"),
        "scenarios",
        needs=("scenarios",),
    ),
    Kind(
        "correlations",
        say("which criteria go together, and which pull against each other"),
        "correlations",
    ),
    Kind(
        "indicator_correlations",
        say("which indicators go together, and which say the same"),
        "correlations",
    ),
    Kind(
        "framework",
        say("the framework as a tree: what counts, and how much"),
        "framework",
    ),
)


def needs_in_words(kind: Kind, language: Language) -> str:
    """Say what a chart needs of a project, or of the command."""
    _ = language.gettext
    words = {
        "focus": _("a focus"),
        "draws": _("draws"),
        "drivers": _("draws"),
        "scenarios": _("scenarios"),
    }
    return ", ".join(words[need] for need in kind.needs if need in words)


def find_kind(name: str) -> Kind:
    """Find a kind of chart by its name.

    Raises
    ------
    InputError
        Where there is none, with the nearest one.
    """
    for kind in KINDS:
        if kind.name == name:
            return kind
    hint = name_hint(name, [kind.name for kind in KINDS], what=say("the charts"))
    raise InputError.of(say("no chart '{name}'", name=name), hint)


def draw_pictures(
    material: Material, language: Language, kinds: Iterable[Kind] = KINDS
) -> dict[str, Picture]:
    """Draw every kind that the results allow, by name.

    What cannot be drawn of these results, such as the contributions to a geometric mean, is left
    out.
    """
    from icfscore.report.charts.words import Words

    words = Words(material.scoring, language)
    pictures: dict[str, Picture] = {}
    for kind in kinds:
        try:
            pictures[kind.name] = kind.draw(material, words)
        except InputError:
            continue
    return pictures
