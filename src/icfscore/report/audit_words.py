"""Numbers and names of an audit in words, the same in every format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from icfscore.domain.criteria import ROOT
from icfscore.methods.audit import Measure
from icfscore.pipeline.audit import Audit
from icfscore.pipeline.audit_indicators import IndicatorAudit
from icfscore.pipeline.audit_nodes import NodeAudit
from icfscore.report.escape import NAME_LENGTH
from icfscore.report.language import Language
from icfscore.report.numbers import NOTHING, Numbers
from icfscore.report.wording import Wording
from icfscore.sentences import in_language

MANY = 3


class Teller:
    """Puts an audit into the words of one language and the letters of one format.

    Attributes
    ----------
    translate
        Our own sentences; name it ``_``.
    n
        Communities in the audit.
    """

    def __init__(self, audit: Audit, language: Language, escape: Callable[[str, int], str]) -> None:
        scoring = audit.all.scoring
        self.audit = audit
        self.translate = language.catalogue.gettext
        self.n = len(scoring.ranking.communities)
        self._numbers = Numbers(language.locale)
        self._wording = Wording(scoring, language, self._numbers, escape)
        self._root = scoring.project.tree.root
        self._escape = escape
        self._signs = language.signs

    def name(self, identifier: str) -> str:
        """Name a node or indicator; the root is "the index"."""
        if identifier == ROOT:
            return self.translate("the index")
        return self._wording.node(identifier)

    def start(self, identifier: str) -> str:
        """Name a node or indicator at the start of a sentence or line."""
        if identifier == ROOT:
            return self.translate("The index")
        return self._wording.node(identifier)

    def community(self, identifier: str) -> str:
        """Name a community."""
        return self._wording.community(identifier)

    def framework(self) -> str:
        """Name the framework: its root."""
        return self._wording.text(self._root.name, NAME_LENGTH)

    def harmless(self, text: str) -> str:
        """Say a text of our code, which may hold names from files."""
        return self._escape(in_language(text, self.translate, self._signs), 4 * NAME_LENGTH)

    def listed(self, words: Iterable[str]) -> str:
        """Join words: "a, b and c"."""
        return self._wording.listed(words)

    def shortened(self, words: Sequence[str], most: int = MANY) -> str:
        """Join words, the first few where there are many more."""
        return self._wording.listed(words, most)

    def count(self, value: int) -> str:
        """Spell a whole number."""
        return self._numbers.count(value)

    def percent(self, part: float, whole: float = 1.0) -> str:
        """Spell a share in whole percent."""
        return f"{self._numbers.percent(part / whole)} %" if whole else NOTHING

    def ordinal(self, rank: int) -> str:
        """Spell a rank."""
        return self._numbers.ordinal(rank)

    def figure(self, value: float | None, decimals: int = 2) -> str:
        """Spell a number with its decimals, a dash where there is none."""
        if value is None:
            return NOTHING
        return self._numbers.fixed(value, decimals).replace("-", "−")

    def measure(self, measure: Measure | None) -> str:
        """Spell a measure, a dash where it is undefined: its reason stands elsewhere."""
        return NOTHING if measure is None else self.figure(measure.value)

    def of_n(self, part: int, whole: int) -> str:
        """Spell "17 of 21"."""
        words = {"part": self.count(part), "whole": self.count(whole)}
        return self.translate("%(part)s of %(whole)s") % words

    @property
    def criteria(self) -> list[NodeAudit]:
        """The audited children of the root; in a flat framework the root alone."""
        below = {child.id for child in self._root.criteria}
        found = [node for node in self.nodes if node.scope.node in below]
        return found or [self.audit.all.index]

    @property
    def nodes(self) -> list[NodeAudit]:
        """All nodes, without the index over all indicators."""
        return [node for node in self.audit.all.nodes if not node.scope.overall]

    @property
    def indicators(self) -> tuple[IndicatorAudit, ...]:
        """The indicators, of all values."""
        return self.audit.all.indicators
