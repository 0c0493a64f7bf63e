"""Names and sentences in charts.

Names are one line of printable characters and no longer than a chart can hold; the picture's format
escapes them.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np

from icfscore import __version__
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
from icfscore.report.content_field import field_of
from icfscore.report.content_uncertainty import TOLD_APART
from icfscore.report.escape import clean
from icfscore.report.language import Language
from icfscore.report.numbers import Numbers, decimals_of
from icfscore.report.wording import Wording

NAME_LENGTH = 44  # of a name within a sentence
LABEL_LENGTH = 40  # beside a row
TITLE_LETTERS, TEXT_LETTERS, SOURCE_LETTERS = 64, 88, 100  # that a line of 464 pixels holds
_LAST_OF_ONE_UNIT = 0xFFFF
_WIDE_LETTERS = 9
_DIGEST = len("sha256:") + 12


class Words:
    """Puts one scoring's things into the words of one language, as plain text."""

    def __init__(self, scoring: Scoring, language: Language) -> None:
        self.scoring = scoring
        self.language = language
        scores = np.concatenate([scoring.normalised.ravel(), scoring.scores.values.ravel()])
        self.numbers = Numbers(language.locale, decimals_of(scores.tolist()))
        self.say = Wording(scoring, language, self.numbers, shortened)

    def labels(self, identifiers: Iterable[str], name: Callable[[str], str]) -> list[str]:
        """Name rows, each differently: those that share a name get their id as well."""
        ids = list(identifiers)
        names = [label(name(identifier)) for identifier in ids]
        times = Counter(names)
        told = [
            text if times[text] == 1 else f"{clean(text, 16)} ({identifier[:40]})"
            for text, identifier in zip(names, ids, strict=True)
        ]
        return [text if told.count(text) == 1 else f"{text} #{i}" for i, text in enumerate(told)]

    def communities(self, rows: Iterable[int]) -> list[str]:
        """Name communities by their rows in the tables."""
        ids = [self.scoring.ranking.communities[row] for row in rows]
        return self.labels(ids, self.say.community)

    def long_name(self, identifier: str, letters: int) -> str:
        """Name an indicator where there is a line for it."""
        name = self.scoring.project.tree.quantity_by_id[identifier].name
        return clean(text_in(name, self.language.code), letters)

    def percent(self, share: float) -> str:
        """Spell a share in percent."""
        return f"{self.numbers.percent(share)} %"

    def scale(self) -> str:
        """Title an axis of scores, with the ends of the scale where all indicators share one."""
        _ = self.language.gettext
        ends = field_of(self.scoring).scale
        if ends is None:
            return _("Score")
        low, high = (self.numbers.fixed(end, 2, least=0) for end in ends)
        return _("Score ({low}: worst, {high}: best of the field)").format(low=low, high=high)

    def span(self, low: int, high: int) -> str:
        """Spell a range of ranks."""
        _ = self.language.gettext
        first, last = self.numbers.ordinal(low), self.numbers.ordinal(high)
        return first if low == high else _("{low} to {high}").format(low=first, high=last)

    def interval_meaning(self) -> str:
        """Say what an interval of ranks is."""
        _ = self.language.gettext
        return _("the range of ranks in {share} of the draws, under the stated assumptions").format(
            share=self.percent(TOLD_APART)
        )

    def source(self, *more: str) -> list[str]:
        """Say where the numbers come from, in lines of small type."""
        _ = self.language.gettext
        scoring, settings = self.scoring, self.scoring.settings
        tree = scoring.project.tree
        parts = [
            self.language.ngettext(
                "{framework}, {version}; data about {year}; {n} source.",
                "{framework}, {version}; data about {year}; {n} sources.",
                len(scoring.project.sources),
            ).format(
                framework=self.say.text(tree.root.name, NAME_LENGTH),
                version=clean(tree.version, 20),
                year=self.numbers.year(settings.reference_year),
                n=self.numbers.count(len(scoring.project.sources)),
            )
        ]
        if settings.scenario:
            parts.append(_("Scenario {name}.").format(name=clean(settings.scenario, 40)))
        parts.extend(more)
        if tree.caveats:
            parts.append(first_sentence(self.say.text(tree.caveats[0])))
        version = f"icfscore {__version__}, {scoring.digest[:_DIGEST]}."
        return wrapped(" ".join((*parts, version)), SOURCE_LETTERS)

    def drawn(self, n_draws: int, seed: int) -> str:
        """Say what draws a picture rests on."""
        _ = self.language.gettext
        return _("{n} draws, seed {seed}.").format(n=self.numbers.count(n_draws), seed=seed)


def shortened(text: str, length: int) -> str:
    """Bring a text to one harmless line; a name to what a sentence can hold."""
    return clean(text, NAME_LENGTH if length <= 80 else length)


def label(text: str, length: int = LABEL_LENGTH) -> str:
    """Bring a name to a label.

    The renderer cuts what is too wide between code units, and fails where that splits an emoji: a
    name with one is cut here, to what fits in any case.
    """
    if any(ord(letter) > _LAST_OF_ONE_UNIT for letter in text):
        return clean(text, min(length, _WIDE_LETTERS))
    return clean(text, length)


def first_sentence(text: str) -> str:
    """Cut a text after its first sentence."""
    head, stop, _ = text.partition(". ")
    return clean(head + stop.strip(), 120)


def joined(*sentences: str) -> str:
    """Put sentences, some of them empty, after each other."""
    return " ".join(filter(None, sentences))


def wrapped(text: str, letters: int) -> list[str]:
    """Break a text into lines of so many letters; wide ones count twice."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    fitting = max(round(letters * len(text) / (len(text) + wide)), 8) if text else letters
    return textwrap.wrap(text, fitting, break_long_words=True) or [""]
