"""What is said of a what-if, sentence by sentence, the same in every format."""

from __future__ import annotations

from icfscore.pipeline.changes import Replaced
from icfscore.pipeline.whatif import Passing, WhatIf
from icfscore.report.language import Language
from icfscore.report.numbers import Numbers
from icfscore.report.whatif_record import interval_in, rank_in, score_in
from icfscore.report.wording import Wording


class WhatIfWords:
    """Says what changes, and what it does."""

    def __init__(
        self, found: WhatIf, language: Language, numbers: Numbers, wording: Wording
    ) -> None:
        self._found = found
        self._language = language
        self._numbers = numbers
        self._wording = wording
        self._quantities = found.before.project.tree.quantity_by_id

    def changes(self) -> list[str]:
        """Say of each change what it replaces."""
        return [self._change(each) for each in self._found.changes]

    def _change(self, each: Replaced) -> str:
        _ = self._language.gettext
        change, old, wording = each.change, each.before, self._wording
        quantity = self._quantities[change.quantity]
        words = {
            "name": wording.community(change.community),
            "indicator": wording.node(change.quantity),
            "to": wording.cited(change.observation, quantity),
        }
        if old is None:
            said = _("{name}, {indicator}: {to}, where no value was known")
            return said.format(**words)
        words["before"] = wording.cited(old, quantity)
        if each.was_proxy:
            words["level"] = _("regional") if old.level == "region" else _("national")
            said = _(
                "{name}, {indicator}: {to} of its own, in the place of {before}, a {level} value"
                " that stood in"
            )
            return said.format(**words)
        return _("{name}, {indicator}: {to} instead of {before}").format(**words)

    def results(self) -> list[str]:
        """Say what becomes of every changed community, and of the others."""
        said = [self._passing(passing) for passing in self._found.passings]
        moved = self._others()
        if moved:
            said.append(moved)
        return said

    def _passing(self, passing: Passing) -> str:
        _ = self._language.gettext
        found, numbers, name = self._found, self._numbers, passing.community
        before, after = (rank_in(scoring, name) for scoring in (found.before, found.after))
        words = {"name": self._wording.community(name)}
        if after is None:
            said = _("{name} loses its place.")
            if before is None:
                said = _("{name} has no place, before or after: too little is known of it.")
            return said.format(**words)
        words |= {
            "before": numbers.ordinal(before),
            "after": numbers.ordinal(after),
            "old": numbers.score(score_in(found.before, name)),
            "new": numbers.score(score_in(found.after, name)),
        }
        if before is None:
            return _("{name}, which had no place, stands {after} with the score {new}.").format(
                **words
            )
        if before == after:
            said = _("{name} stays {after}; its score goes from {old} to {new}.")
        else:
            said = _("{name} goes from {before} to {after}, its score from {old} to {new}.")
        sentences = [said.format(**words), self._interval(name)]
        sentences += [self._names(_("It overtakes {names}."), passing.overtaken)]
        sentences += [self._names(_("It is overtaken by {names}."), passing.overtaking)]
        return " ".join(filter(None, sentences))

    def _interval(self, name: str) -> str:
        _ = self._language.gettext
        found = self._found
        before = interval_in(found.draws_before, name)
        after = interval_in(found.draws_after, name)
        if before is None or after is None:
            return ""
        said = _(
            "In 90 % of the draws, under the stated assumptions, it stood between {low} and {high}"
            " and stands between {new_low} and {new_high}."
        )
        ordinal = self._numbers.ordinal
        return said.format(
            low=ordinal(before[0]),
            high=ordinal(before[1]),
            new_low=ordinal(after[0]),
            new_high=ordinal(after[1]),
        )

    def _names(self, sentence: str, names: tuple[str, ...]) -> str:
        if not names:
            return ""
        spelt = self._wording.listed([self._wording.community(name) for name in names])
        return sentence.format(names=spelt)

    def _others(self) -> str:
        n = len(self._found.moved)
        if not n:
            return ""
        said = self._language.ngettext(
            "The score of {n} other community changes too: scales or weights follow from"
            " all values.",
            "The scores of {n} other communities change too: scales or weights follow from"
            " all values.",
            n,
        )
        return said.format(n=self._numbers.count(n))

    def assumptions(self) -> list[str]:
        """Say what a changed value is taken to be."""
        _ = self._language.gettext
        said = [
            _(
                "A changed value counts as the community's own, measured as the value before it"
                " was; all others stay as they are."
            )
        ]
        draws = self._found.draws_before
        if draws is not None:
            more = _(
                "Before and after were drawn with the same random numbers ({n} draws, seed"
                " {seed}), so that the difference is not chance."
            )
            said.append(more.format(n=self._numbers.count(draws.n_draws), seed=draws.seed))
        return said
