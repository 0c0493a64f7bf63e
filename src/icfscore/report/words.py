"""Names and numbers in the words of one language, escaped for one format, for pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from icfscore import __version__
from icfscore.domain.criteria import ROOT
from icfscore.domain.text import Text
from icfscore.pipeline.score import Scoring
from icfscore.report.escape import NAME_LENGTH, TEXT_LENGTH, escape, link
from icfscore.report.language import Language
from icfscore.report.numbers import NOTHING, Numbers, decimals_of
from icfscore.report.wording import Wording


class Words:
    """Spells what stands in one scoring.

    Parameters
    ----------
    escaped
        Makes a text harmless, and no longer than so many characters, in the format at hand.
    """

    def __init__(
        self, scoring: Scoring, language: Language, escaped: Callable[[str, int], str] = escape
    ) -> None:
        scores = np.concatenate([scoring.normalised.ravel(), scoring.scores.values.ravel()])
        self.scoring = scoring
        self.language = language
        self.numbers = Numbers(language.locale, decimals_of(scores.tolist()))
        self.wording = Wording(scoring, language, self.numbers, escaped)
        self._escape = escaped

    def gettext(self, sentence: str) -> str:
        """Translate one of our sentences."""
        return self.language.gettext(sentence)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Translate a sentence that depends on a number."""
        return self.language.ngettext(one, many, n)

    def text(self, text: Text) -> str:
        """Choose a text's language."""
        return self.wording.text(text)

    def harmless(self, text: str, length: int = TEXT_LENGTH) -> str:
        """Spell a text that may hold names from files."""
        return self._escape(text, length)

    def said(self, text: str) -> str:
        """Say a reason of our code, which may hold names from files."""
        return self._escape(self.language.said(text), TEXT_LENGTH)

    def identifier(self, name: str) -> str:
        """Spell an id."""
        return self._escape(name, NAME_LENGTH)

    def community(self, identifier: str) -> str:
        """Name a community."""
        return self.wording.community(identifier)

    def node(self, identifier: str) -> str:
        """Name a node or indicator; the root is "Overall"."""
        return self.gettext("Overall") if identifier == ROOT else self.wording.node(identifier)

    def list_name(self, identifier: str) -> str:
        """Name a published list: as the settings do, else by its id."""
        return self.wording.list_name(identifier)

    def listed(self, words: Iterable[str]) -> str:
        """Join words: "a, b and c"."""
        return self.wording.listed(words)

    def communities(self, identifiers: Sequence[str]) -> str:
        """Name communities, all of them."""
        return self.listed([self.community(name) for name in identifiers])

    def count(self, value: int) -> str:
        """Spell a whole number."""
        return self.numbers.count(value)

    def rank(self, rank: int | None) -> str:
        """Spell a rank in a table."""
        return NOTHING if rank is None else self.numbers.count(rank)

    def score(self, value: float | None) -> str:
        """Spell a score."""
        return self.numbers.score(value)

    def signed_score(self, value: float | None) -> str:
        """Spell a difference of scores with its sign."""
        return self.numbers.signed_score(value)

    def decimal(self, value: float | None, decimals: int = 2) -> str:
        """Spell a number with so many decimals."""
        return NOTHING if value is None else self.numbers.fixed(value, decimals)

    def percent(self, share: float | None) -> str:
        """Spell a share in whole percent, without claiming certainty."""
        if share is None:
            return NOTHING
        if 0 < share < 0.005:
            return self.gettext("<1 %")
        if 0.995 < share < 1:
            return self.gettext(">99 %")
        return f"{self.numbers.fixed(share * 100, 0)} %"

    def p_value(self, value: float | None) -> str:
        """Spell a p-value: three decimals, smaller ones as a bound."""
        if value is None:
            return NOTHING
        return self.gettext("<0.001") if value < 0.0005 else self.numbers.fixed(value, 3)

    def source(self, key: str) -> str:
        """Name a source; in Markdown with a link to where it is."""
        source = self.scoring.project.sources.get(key)
        if source is None:
            return self.identifier(key)
        title = self.text(source.title) or self.identifier(key)
        return link(title, source.url) if self._escape is escape else title

    def signature(self) -> str:
        """Say by what, of what and with which seed something was computed."""
        tree, settings = self.scoring.project.tree, self.scoring.settings
        text = self.gettext(
            "Computed by icfscore {version} with the framework {framework}, version {edition}, data"
            " about {year}, seed {seed}. Digest of all inputs: {digest}."
        ).format(
            version=__version__,
            framework=self.identifier(tree.id),
            edition=self.identifier(tree.version),
            year=settings.reference_year,
            seed=settings.uncertainty.seed,
            digest=self.scoring.digest,
        )
        if settings.scenario is None:
            return text
        scenario = self.gettext("Scenario: {name}.").format(name=self.identifier(settings.scenario))
        return f"{text} {scenario}"

    def caveats(self) -> list[str]:
        """List what the framework tells every reader."""
        return [self.text(caveat) for caveat in self.scoring.project.tree.caveats]
