"""Names, values and units in words, the same for every format of a report.

Whatever comes from a project's files passes through the `escape` of the format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from babel.lists import format_list

from icfscore.domain.communities import Fact, Observation
from icfscore.domain.criteria import Indicator, Quantity
from icfscore.domain.text import Text, text_in
from icfscore.pipeline.score import Scoring
from icfscore.report.content_readings import Reading
from icfscore.report.escape import NAME_LENGTH, TEXT_LENGTH
from icfscore.report.language import Language
from icfscore.report.numbers import NOTHING, Numbers

_MANY = 3
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")
_POWERS = str.maketrans({"2": "²", "3": "³"})
_POWER = re.compile(r"\^([23])\b")
_MICRO = re.compile(r"\bu(?=[gmLl]\b)")


class Wording:
    """Puts the things of one scoring into the words of one language.

    Parameters
    ----------
    escape
        Makes a text harmless, and no longer than so many characters, in the format at hand.
    """

    def __init__(
        self,
        scoring: Scoring,
        language: Language,
        numbers: Numbers,
        escape: Callable[[str, int], str],
    ) -> None:
        self._project = scoring.project
        self._lists = scoring.settings.lists
        self._language = language
        self._numbers = numbers
        self._escape = escape

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """List what templates may call, by name."""
        numbers = self._numbers
        return {
            "text": self.text,
            "closing": self.closing,
            "message": self.message,
            "community": self.community,
            "communities": self.communities,
            "all_communities": self.all_communities,
            "spelt_id": self.spelt_id,
            "fact_value": self.fact_value,
            "rank_span": self.rank_span,
            "signed_measure": numbers.signed_measure,
            "node": self.node,
            "span": self.span,
            "nodes": self.nodes,
            "listed": self.listed,
            "unit": self.unit,
            "value": self.value,
            "amount": self.amount,
            "bare": self.bare,
            "difference": self.difference,
            "cited": self.cited,
            "area": self.area,
            "score": numbers.score,
            "signed_score": numbers.signed_score,
            "percent": numbers.percent,
            "number": numbers.count,
            "measure": numbers.measure,
            "percentage": numbers.percentage,
            "points": numbers.points,
            "factor": numbers.factor,
            "places": numbers.places,
            "year": numbers.year,
            "years": self.years,
            "of_draws": self.of_draws,
            "list_name": self.list_name,
            "ordinal": numbers.ordinal,
        }

    def text(self, text: Text, length: int = TEXT_LENGTH) -> str:
        """Choose a text's language."""
        return self._escape(text_in(text, self._language.code), length)

    def closing(self, text: Text) -> str:
        """Give the last sentence of a text."""
        sentences = _SENTENCE_END.split(text_in(text, self._language.code).strip())
        return self._escape(sentences[-1], TEXT_LENGTH)

    def message(self, message: str) -> str:
        """Say what our code says of the data, such as a method's note."""
        return self._escape(self._language.said(message), TEXT_LENGTH)

    def community(self, identifier: str) -> str:
        """Give a community's name."""
        return self._name(self._project.community_by_id[identifier].name, identifier)

    def communities(self, identifiers: Iterable[str]) -> str:
        """Name some communities, the first three where there are more."""
        _n = self._language.catalogue.ngettext
        names = [self.community(identifier) for identifier in identifiers]
        more = len(names) - _MANY
        if more > 1:
            others = _n("%(n)s other", "%(n)s others", more) % {"n": self._numbers.count(more)}
            names = [*names[:_MANY], others]
        return self.listed(names)

    def all_communities(self, identifiers: Iterable[str]) -> str:
        """Name communities, however many."""
        return self.listed([self.community(identifier) for identifier in identifiers])

    def spelt_id(self, identifier: str) -> str:
        """Spell an id that has no name as words: "lower middle"."""
        return self._escape(identifier.replace("_", " "), NAME_LENGTH)

    def fact_value(self, fact: Fact) -> str:
        """Spell a fact's value as its source gives it, with its unit."""
        if isinstance(fact.value, str):
            spelt = self._escape(fact.value, TEXT_LENGTH)
        elif fact.unit == "year":
            return f"{fact.value:g}"
        else:
            spelt = self._numbers.cited(fact.value)
        return self._with_unit(spelt, self._escape(fact.unit, NAME_LENGTH))

    def rank_span(self, ranks: tuple[int, int] | None) -> str:
        """Spell an interval of ranks: "18–20", or one rank where both ends are the same."""
        if ranks is None:
            return NOTHING
        ends = [self._numbers.count(rank) for rank in dict.fromkeys(ranks)]
        return "–".join(ends)

    def span(self, identifiers: Sequence[str]) -> str:
        """Name neighbours of the ranking: the first and the last where there are more than two."""
        _ = self._language.catalogue.gettext
        names = [self.community(identifier) for identifier in identifiers]
        if len(names) <= 2:
            return self.listed(names)
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}

    def years(self, years: Iterable[int]) -> str:
        """Spell ascending years, runs of three and more as "2019 to 2023"."""
        _ = self._language.catalogue.gettext
        runs: list[list[int]] = []
        for year in years:
            if runs and year == runs[-1][-1] + 1:
                runs[-1].append(year)
            else:
                runs.append([year])
        spelt: list[str] = []
        for run in runs:
            words = [self._numbers.year(year) for year in run]
            between = _("%(first)s to %(last)s") % {"first": words[0], "last": words[-1]}
            spelt.extend([between] if len(run) > 2 else words)
        return self.listed(spelt)

    def list_name(self, identifier: str) -> str:
        """Name a published list as the settings do; else it, or a fact, is spelt by its id."""
        entry = self._lists.get(identifier)
        if entry is not None and entry.name:
            return self.text(entry.name, NAME_LENGTH)
        spelt = identifier.replace("_", " ")
        return self._escape(spelt[:1].upper() + spelt[1:], NAME_LENGTH)

    def of_draws(self, share: float) -> str:
        """Spell a share of the draws in whole percent: finer digits would be chance."""
        _ = self._language.catalogue.gettext
        whole = round(share * 100)
        if whole < 1:
            return _("fewer than 1 %")
        return _("more than 99 %") if whole > 99 else f"{self._numbers.count(whole)} %"

    def node(self, identifier: str) -> str:
        """Give the name of a node, indicator or context quantity."""
        tree = self._project.tree
        thing = tree.node_by_id.get(identifier) or tree.quantity_by_id[identifier]
        return self._name(thing.name, identifier)

    def nodes(self, identifiers: Iterable[str], most: int | None = None) -> str:
        """Name some nodes or indicators, all of them or the first few."""
        return self.listed([self.node(identifier) for identifier in identifiers], most)

    def listed(self, words: Iterable[str], most: int | None = None) -> str:
        """Join words that are in order already: "a, b and c", or "a, b and 7 others"."""
        joined = list(words)
        if most is not None and len(joined) > most + 1:
            left = len(joined) - most
            others = self._language.ngettext("%(n)s other", "%(n)s others", left)
            joined = [*joined[:most], others % {"n": self._numbers.count(left)}]
        return str(format_list(joined, locale=self._language.locale)) if joined else ""

    def area(self, reading: Reading, observation: Observation | None = None) -> str:
        """Name the place that a reading, or another observation of its holder, describes."""
        described, holder = observation or reading.observation, reading.holder
        if described is not None and described.area:
            known = self._names_of_areas.get(described.area, described.area)
            return self.text(known, NAME_LENGTH)
        if reading.proxy and holder is not None and holder in self._project.areas:
            return self._name(self._project.areas[holder].name, holder)
        return self.community(reading.community)

    @cached_property
    def _names_of_areas(self) -> Mapping[str, Text]:
        """The names in all languages of areas that observations call by their English name."""
        return {text_in(area.name): area.name for area in self._project.areas.values()}

    def unit(self, quantity: Quantity) -> str:
        """Spell the unit of an indicator's values, its denominator included."""
        unit = self._unit(quantity.unit)
        if not isinstance(quantity, Indicator) or quantity.per is None:
            return unit
        _ = self._language.catalogue.gettext
        by = self._unit(self._project.tree.quantity_by_id[quantity.per].unit)
        if quantity.per_scale == 1:
            return _("%(unit)s per %(by)s") % {"unit": unit, "by": by}
        scale = self._numbers.cited(quantity.per_scale)
        words = {"unit": unit, "scale": scale, "by": by}
        return _("%(unit)s per %(scale)s %(by)s") % words

    def value(self, reading: Reading) -> str:
        """Spell a reading's value with its unit."""
        return self.amount(reading.value, reading.indicator)

    def amount(self, value: float | None, quantity: Quantity) -> str:
        """Spell a value with its unit; an ordinal one by its word."""
        word = self._level_word(value, quantity)
        if value is None or word is not None:
            return word or self._numbers.measure(None)
        return self._with_unit(self._numbers.measure(value), self.unit(quantity))

    def bare(self, value: float | None, quantity: Quantity) -> str:
        """Spell a value without its unit; an ordinal one by its word."""
        return self._level_word(value, quantity) or self._numbers.measure(value)

    def difference(self, left: float, right: float, quantity: Quantity) -> str:
        """Spell the difference of two values with its unit."""
        _ = self._language.catalogue.gettext
        unit = _("percentage points") if quantity.unit == "percent" else self.unit(quantity)
        return self._with_unit(self._numbers.difference(left, right), unit)

    def cited(self, observation: Observation, quantity: Quantity) -> str:
        """Spell a value as it was observed, before any denominator."""
        spelt = self._with_unit(self._numbers.cited(observation.value), self._unit(quantity.unit))
        given = observation.given_value
        if isinstance(given, str):
            return f"{self._level_name(given, quantity)} ({spelt})"
        return spelt

    def _level_name(self, word: str, quantity: Quantity) -> str:
        """Name a level as the framework does in the report's language, else by its word."""
        names = quantity.level_names if isinstance(quantity, Indicator) else None
        return self._name((names or {}).get(word, ""), word)

    def _name(self, name: Text, identifier: str) -> str:
        return self.text(name, NAME_LENGTH) or self._escape(identifier, NAME_LENGTH)

    def _level_word(self, value: float | None, indicator: Quantity) -> str | None:
        _ = self._language.catalogue.gettext
        if value is None or not isinstance(indicator, Indicator) or indicator.per is not None:
            return None
        for word, number in (indicator.levels or {}).items():
            if number == value:
                return self._level_name(word, indicator)
        if indicator.kind == "boolean" and value in (0, 1):
            return _("yes") if value else _("no")
        return None

    def _with_unit(self, number: str, unit: str) -> str:
        return f"{number} {unit}" if unit else number

    def _unit(self, unit: str) -> str:
        """Spell a unit: the common ones in words, the others with their signs."""
        _ = self._language.catalogue.gettext
        words = {
            "percent": "%",
            "dimensionless": "",
            "person": _("people"),
            "institution": _("institutions"),
            "1/megaperson": _("per million people"),
            "t/person": _("t per person"),
            "m^2/person": _("m² per person"),
            "L/person/day": _("L per person and day"),
        }
        if unit in words:
            return words[unit]
        spelt = _MICRO.sub("µ", _POWER.sub(lambda power: power[1].translate(_POWERS), unit))
        return self._escape(spelt, NAME_LENGTH)
