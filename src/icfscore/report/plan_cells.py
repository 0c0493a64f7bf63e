"""A plan's numbers and names, as its tables spell them."""

from __future__ import annotations

from icfscore.domain.communities import Observation
from icfscore.pipeline.plan import Plan
from icfscore.pipeline.plan_moves import Move
from icfscore.report.language import Language
from icfscore.report.numbers import NOTHING, Numbers
from icfscore.report.plan_record import PlanTold
from icfscore.report.wording import Wording


class PlanCells:
    """Spells what stands in the cells of a plan's tables."""

    def __init__(
        self,
        told: PlanTold,
        language: Language,
        numbers: Numbers,
        wording: Wording,
        proxy_mark: str = "~",
    ) -> None:
        self.proxy_mark = proxy_mark
        self.told = told
        self.plan: Plan = told.plan
        self._language = language
        self._numbers = numbers
        self._wording = wording
        self.name = wording.community(told.plan.community)

    def effort(self, value: float | None) -> str:
        """Spell an effort: two decimals."""
        if value is None:
            return NOTHING
        return self._numbers.fixed(value, 2) if value >= 0.005 or value == 0 else "< 0.01"

    def start(self, move: Move) -> str:
        """Spell the value that a change starts from, as an observation gives it."""
        spelt = self._wording.cited(move.lever.observation, move.lever.indicator)
        return f"{self.proxy_mark}{spelt}" if move.lever.is_proxy else spelt

    def goal(self, move: Move) -> str:
        """Spell the value that a change ends at, as an observation gives it."""
        word: float | str = move.after_raw
        for level, amount in (move.lever.indicator.levels or {}).items():
            if amount == move.after_raw:
                word = level
        planned = Observation(move.after_raw, "", "community", given_value=word)
        return self._wording.cited(planned, move.lever.indicator)

    def percentiles(self, move: Move) -> str:
        """Spell how many of the peers the value passes."""
        percent = self._numbers.percent
        return f"{percent(move.percentile_before)} → {percent(move.percentile_after)}"

    def model(self, move: Move) -> str:
        """Name the peer to learn from, with its value."""
        _ = self._language.gettext
        model = move.model
        if model is None:
            return NOTHING
        value = self._wording.bare(model.value, move.lever.indicator)
        if not model.is_own:
            value = f"{self.proxy_mark}{value}"
        if model.comparability == "low":
            value = _("{value}, low comparability").format(value=value)
        return f"{self._wording.community(model.community)} ({value})"

    def years(self, move: Move) -> str:
        """Spell the years a change takes."""
        return NOTHING if move.pace is None else self._numbers.measure(move.pace.years)

    @property
    def timed(self) -> bool:
        """Whether any change has years."""
        return any(move.pace is not None for move in self.plan.moves)

    def fixed(self) -> list[str]:
        """Say what is hardly in the community's hands, and what may not move, by reason."""
        _ = self._language.gettext
        reasons = {
            "lever": _("The community cannot move: {names}."),
            "asked": _("Kept as they are, as asked: {names}."),
            "missing": _("No value is known, so that none is planned: {names}."),
            "denominator": _("Its own denominator is not known, so that none is planned: {names}."),
            "best": _("No peer has a better value: {names}."),
        }
        indirect = [
            move.lever.id for move in self.plan.moves if move.lever.indicator.lever == "indirect"
        ]
        said = []
        if indirect:
            more = _("Of the changes these are only indirectly in the community's hands: {names}.")
            said.append(more.format(names=self._wording.nodes(indirect)))
        for reason, sentence in reasons.items():
            names = [each.indicator for each in self.plan.fixed if each.reason == reason]
            if names:
                said.append(sentence.format(names=self._wording.nodes(names)))
        return said

    def stairs(self) -> str:
        """Say in one sentence where the way is steep."""
        _, stairs = self._language.gettext, self.plan.stairs
        if len(stairs) < 2:
            return ""
        spelt = [
            _("{place}: {effort}").format(
                place=self._numbers.ordinal(stair.place), effort=self.effort(stair.effort)
            )
            for stair in stairs
        ]
        return _("Least effort for each place on the way: {steps}.").format(steps=", ".join(spelt))
