"""What is said of a plan, sentence by sentence, the same in every format."""

from __future__ import annotations

from icfscore.pipeline.plan_moves import Move
from icfscore.report.plan_cells import PlanCells
from icfscore.report.whatif_record import score_in

_PARTLY = 0.5  # of the effort: what a few changes must make up to decide
_LEAP, _MOST_NAMED = 2.0, 4
_MOST_LISTED = 20


class PlanWords(PlanCells):
    """Says what a plan takes, and what it rests on."""

    def title(self) -> str:
        """Name the plan."""
        _ = self._language.gettext
        return _("{name}: what the {place} place takes").format(
            name=self.name, place=self._numbers.ordinal(self.plan.place)
        )

    def summary(self) -> list[str]:
        """Say whether, how, how far and how surely: the first page."""
        said = [self._claim(), self._size(), self._extremes(), self._leaps(), self._chance()]
        said += [self._measured(), self._time(), self._first_step(), self._other_way()]
        return [sentence for sentence in said if sentence]

    def _claim(self) -> str:
        _, plan, numbers = self._language.gettext, self.plan, self._numbers
        words = {
            "name": self.name,
            "now": numbers.ordinal(plan.rank_before),
            "place": numbers.ordinal(plan.place),
            "best": numbers.ordinal(plan.best_reachable),
            "after": numbers.ordinal(plan.rank_after),
            "old": numbers.score(score_in(plan.before, plan.community)),
            "new": numbers.score(score_in(plan.after, plan.community)),
            "changes": self._count_changes(plan.moves),
            "movable": numbers.count(len(plan.movable)),
            "effort": self.effort(plan.effort),
        }
        if not plan.moves and plan.reached:
            said = _(
                "{name} stands {now} and so holds the {place} place or a better one already:"
                " nothing need change, the effort is 0."
            )
        elif not plan.moves:
            said = _(
                "The {place} place cannot be reached, nor any better one than now: {name} stays"
                " {now} even if every value it could move were as good as the best peer's."
            )
        elif plan.reached:
            said = _(
                "The {place} place can be reached on paper. {name}, now {now}, would stand {after}"
                " with {changes}, of {movable} values that could be moved; its score would go from"
                " {old} to {new}. The effort is {effort}."
            )
        else:
            said = _(
                "The {place} place cannot be reached: even if every value that {name} could move"
                " were as good as the best peer's, it would stand {best}. That place takes"
                " {changes}, of {movable} values that could be moved; the score would go from {old}"
                " to {new}. The effort is {effort}."
            )
        return said.format(**words)

    def _size(self) -> str:
        _, plan = self._language.gettext, self.plan
        if not plan.moves:
            return ""
        possible = sum(float(lever.effort[-1]) for lever in plan.movable)
        said = _(
            "Effort 1 is one value raised from the lowest peer's to the best peer's, at the cost 1:"
            " it counts the peers that are passed, not money or time. All values that could be"
            " moved, raised to the best peer's, would be {possible}; the plan is {share} % of that."
        )
        share = plan.effort / possible if possible else 0.0
        return said.format(possible=self.effort(possible), share=self._numbers.percent(share))

    def _extremes(self) -> str:
        """Name the changes that go as far as any peer has come."""
        _, plan = self._language.gettext, self.plan
        furthest = [move for move in plan.moves if move.percentile_after > 1 - 1e-9]
        if not furthest:
            return ""
        share = sum(move.effort for move in furthest) / plan.effort if plan.effort else 0.0
        said = self._language.ngettext(
            "Not every step is a small one: {n} change goes as far as any peer has come"
            " ({names}), with {share} % of the effort.",
            "Not every step is a small one: {n} changes go as far as any peer has come"
            " ({names}), with {share} % of the effort.",
            len(furthest),
        )
        words = said.format(
            n=self._numbers.count(len(furthest)),
            names=self._wording.nodes((move.lever.id for move in furthest), _MOST_LISTED),
            share=self._numbers.percent(share),
        )
        if share < _PARTLY:
            return words
        return words + " " + _("Whether these can be done decides whether the plan can.")

    def _leaps(self) -> str:
        """Name the values that would have to multiply."""
        _ = self._language.gettext
        times = [(move.times, move.lever.id) for move in self.plan.moves if move.times]
        most = [each for each in sorted(times, reverse=True) if each[0] >= _LEAP][:_MOST_NAMED]
        if not most:
            return ""
        spelt = [
            _("{indicator} ({factor} times)").format(
                indicator=self._wording.node(name), factor=self._numbers.measure(factor)
            )
            for factor, name in most
        ]
        said = _("Percentiles hide how far that is in the value itself; the longest ways: {names}.")
        return said.format(names=self._wording.listed(spelt))

    def _first_step(self) -> str:
        """Say what the next place up takes, where that is little beside the whole."""
        _, stairs = self._language.gettext, self.plan.stairs
        if len(stairs) < 2 or stairs[0].effort is None or not stairs[0].changes:
            return ""
        said = _("The next place up, the {place}, takes {effort}: {names}.")
        return said.format(
            place=self._numbers.ordinal(stairs[0].place),
            effort=self.effort(stairs[0].effort),
            names=self._wording.nodes(stairs[0].changes, _MOST_LISTED),
        )

    def _chance(self) -> str:
        _, told = self._language.gettext, self.told
        if told.before is None or told.after is None:
            return ""
        words = {
            "name": self.name,
            "place": self._numbers.ordinal(self.plan.place),
            "before": self._wording.of_draws(told.before),
            "after": self._wording.of_draws(told.after),
        }
        said = _(
            "{name} holds the {place} place or a better one in {before} of the draws now, and would"
            " in {after} with the plan, under the stated assumptions."
        )
        if self.plan.place == 1:
            said = _(
                "{name} holds the 1st place in {before} of the draws now, and would in {after} with"
                " the plan, under the stated assumptions."
            )
        if not self.plan.moves:
            said = _(
                "{name} stands {place} or better in {before} of the draws, under the stated"
                " assumptions."
            )
        sentences = [said.format(**words)]
        if told.share is not None:
            words["share"] = self._numbers.percent(told.share)
            more = _("The plan was made to hold it in {share} %.")
            if told.misses_share:
                more = _("No plan was found that holds it in {share} %, as was asked for.")
            sentences.append(more.format(**words))
        elif self.plan.moves and self.plan.reached and told.after < 0.8:
            sentences.append(
                _(
                    "It aims at the place itself, with nothing to spare: `--robust 0.8` plans"
                    " for 80 %."
                )
            )
        return " ".join(sentences)

    def _measured(self) -> str:
        """Say from how many values of others the plan starts."""
        _, plan = self._language.gettext, self.plan
        proxies = [move for move in plan.moves if move.lever.is_proxy]
        if not proxies:
            return ""
        said = self._language.ngettext(
            "Measure before acting: {n} of {all} changes starts from a region's or country's value"
            " that stands in (marked {mark}: {names}). What {name}'s own value is, nobody knows"
            " yet: it may be better, and the change smaller, or worse.",
            "Measure before acting: {n} of {all} changes start from a region's or country's value"
            " that stands in (marked {mark}: {names}). What {name}'s own values are, nobody knows"
            " yet: they may be better, and the changes smaller, or worse.",
            len(proxies),
        )
        return said.format(
            n=self._numbers.count(len(proxies)),
            all=self._numbers.count(len(plan.moves)),
            names=self._wording.nodes((move.lever.id for move in proxies), _MOST_LISTED),
            name=self.name,
            mark=self.proxy_mark,
        )

    def _time(self) -> str:
        _, plan, numbers = self._language.gettext, self.plan, self._numbers
        if not plan.moves:
            return ""
        timed = [move for move in plan.moves if move.pace is not None]
        if not timed:
            return _(
                "How many years it takes is unknown: no peer has values of several years, from"
                " which a pace could be told."
            )
        slowest = max(timed, key=lambda move: move.pace.years if move.pace else 0.0)
        pace = slowest.pace
        assert pace is not None  # noqa: S101 - only those that have one
        said = _(
            "At the pace of the fastest peer the longest change, {indicator}, takes {years} years"
            " ({peer}, {first} to {last})."
        )
        words = said.format(
            indicator=self._wording.node(slowest.lever.id),
            years=numbers.measure(pace.years),
            peer=self._wording.community(pace.community),
            first=numbers.year(pace.first),
            last=numbers.year(pace.last),
        )
        unknown = [move.lever.id for move in plan.moves if move.pace is None]
        if not unknown:
            return words
        more = _("Of {names} no peer's pace is known.")
        return f"{words} {more.format(names=self._wording.nodes(unknown, _MOST_LISTED))}"

    def _other_way(self) -> str:
        _, other = self._language.gettext, self.plan.alternative
        if other is None:
            return ""
        words = {"indicator": self._wording.node(other.without)}
        if other.effort is None:
            said = _("Without its main change ({indicator}) there is no plan that gets there.")
            return said.format(**words)
        now = {move.lever.id for move in self.plan.moves}
        new = [move.lever.id for move in other.moves if move.lever.id not in now]
        said = _(
            "Without its main change ({indicator}) the effort would be {effort}, with {changes}."
        )
        words |= {
            "effort": self.effort(other.effort),
            "changes": self._count_changes(other.moves),
            "names": self._wording.nodes(new, _MOST_LISTED),
        }
        if new:
            said += " " + _("New among them: {names}.")
        return said.format(**words)

    def _count_changes(self, moves: tuple[Move, ...]) -> str:
        n = len(moves)
        said = self._language.ngettext("{n} change", "{n} changes", n)
        return said.format(n=self._numbers.count(n))

    def method(self) -> list[str]:
        """Say how the plan was found, and what it takes for granted."""
        _, plan = self._language.gettext, self.plan
        said = [self._found()]
        said.append(
            _(
                "Checked: the planned values were put into the project and it was scored anew; all"
                " other communities stay as they are, which they will not."
            )
        )
        said.append(
            _(
                "A planned value counts as the community's own, measured as the value before it"
                " was; values never pass the best peer's. Gain: points of the score that the change"
                " gives by itself."
            )
        )
        said.append(self._drawn())
        return [sentence for sentence in said if sentence] if plan.moves else []

    def _drawn(self) -> str:
        _, draws = self._language.gettext, self.told.draws_before
        if draws is None:
            return ""
        said = _(
            "{n} draws with seed {seed}, the same random numbers before and after. What was varied"
            ' in them, and how much: the report of the ranking, "{title}".'
        )
        words = {"n": self._numbers.count(draws.n_draws), "seed": draws.seed}
        return said.format(title=_("How sure is this"), **words)

    def _found(self) -> str:
        _, plan = self._language.gettext, self.plan
        if plan.bound is not None:
            words = {"bound": self._numbers.fixed(plan.bound, 3)}
            return _(
                "Optimal: solved as a mixed-integer programme. No plan has an effort below {bound};"
                " the rest is due to rounding the values."
            ).format(**words)
        if plan.margin > 0:
            return _(
                "Of the plans of least effort for a margin above the place, this is the one with"
                " the least margin that holds it often enough; that no plan with less effort does"
                " is not proven."
            )
        return _(
            "Found by a search, since scores do not simply add up under this recipe: that no plan"
            " has less effort is not proven."
        )
