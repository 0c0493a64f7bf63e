"""Communities side by side for the terminal: what is said of each pair, then the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.report.content_comparison import ComparedIndicator, ComparedNode, Comparison
from icfscore.report.content_readings import Reading
from icfscore.report.content_standing import Standing
from icfscore.report.language import Language, find_language
from icfscore.report.markdown import plain_sentences
from icfscore.report.numbers import NOTHING
from icfscore.report.profile_table import LEAST, fitted, plain_wording, wrapped
from icfscore.report.ranking_table import Column, lay_out
from icfscore.report.terminal import make_console

LEAST_VALUE, MOST_VALUE = 10, 28  # widths of a column of values


def comparison_table(
    scoring: Scoring,
    comparisons: Sequence[Comparison],
    language: str = "en",
    *,
    draws: RankDraws | None = None,
    piped: bool | None = None,
    width: int | None = None,
) -> str:
    """Lay out the first community against each of the others."""
    room = make_console(piped=piped, width=width).width
    layout = _Layout(scoring, comparisons, draws, find_language(language), room)
    parts = []
    for comparison in comparisons:
        content = {"comparison": comparison}
        said = plain_sentences(scoring, language, "comparison.txt.j2", content)
        parts.append(wrapped(said, room, mark="• "))
    for title, columns in (layout.criteria(), layout.indicators()):
        columns = fitted(columns, room, least=len(comparisons) + 2)
        parts.append(f"{title}\n{lay_out(columns, None, [], piped=piped, width=width)}")
    keys = plain_sentences(
        scoring, language, "comparison_keys.txt.j2", {"comparison": comparisons[0]}
    )
    return "\n".join([*parts, wrapped(keys, room)])


class _Layout:
    """Builds the tables: a column a community, then one for each contribution."""

    def __init__(
        self,
        scoring: Scoring,
        comparisons: Sequence[Comparison],
        draws: RankDraws | None,
        language: Language,
        room: int,
    ) -> None:
        self.comparisons, self.draws, self.language = comparisons, draws, language
        self.wording, self.numbers = plain_wording(scoring, language)
        self.ids = [comparisons[0].left, *(each.right for each in comparisons)]
        parts = sum(len(head) + 1 for head in self._heads())
        share = (room - LEAST - parts - len(self.ids)) // len(self.ids)
        self.width = max(LEAST_VALUE, min(MOST_VALUE, share))

    def _heads(self) -> list[str]:
        """Name the columns of contributions."""
        _ = self.language.gettext
        if len(self.comparisons) == 1:
            return [_("Part")]
        return [_("Part {n}").format(n=n) for n in range(2, len(self.comparisons) + 2)]

    def criteria(self) -> tuple[str, list[Column]]:
        """List the whole and the criteria with scores, ranks and contributions."""
        _ = self.language.gettext
        first = self.comparisons[0]
        names = [_("Overall"), *(self.wording.node(n.left.identifier) for n in first.nodes)]
        pairs = [[each.overall, *each.nodes] for each in self.comparisons]
        places = [[node.left for node in pairs[0]], *([node.right for node in p] for p in pairs)]
        columns = [Column(_("Criterion"), names, right=False)]
        columns += [
            Column(self._title(number), [self._placed(each) for each in standings])
            for number, standings in enumerate(places)
        ]
        columns += [
            Column(head, [self._part(node) for node in found])
            for head, found in zip(self._heads(), pairs, strict=True)
        ]
        if self.draws is not None:
            rows = [self.draws.communities.index(name) for name in self.ids]
            spans = [
                self.wording.rank_span((low, high))
                for low, high in self.draws.rank_interval[rows].tolist()
            ]
            last = [_("Ranks in 90 % of the draws"), *spans, *("" for _head in self._heads())]
            columns = [
                replace(column, cells=[*column.cells, cell])
                for column, cell in zip(columns, last, strict=True)
            ]
        return _("By criterion: score (rank)"), columns

    def indicators(self) -> tuple[str, list[Column]]:
        """List the indicators with values and contributions, what counts most first."""
        _ = self.language.gettext
        found = [
            [pair for section in each.sections for pair in section.indicators]
            for each in self.comparisons
        ]
        order = sorted(
            (n for n, pair in enumerate(found[0]) if pair.left.state != "left_out"),
            key=lambda n: (found[0][n].contribution is None, -abs(found[0][n].contribution or 0)),
        )
        pairs = [[each[n] for n in order] for each in found]
        readings = [[pair.left for pair in pairs[0]], *([pair.right for pair in p] for p in pairs)]
        columns = [Column(_("Indicator"), [self._name(pair) for pair in pairs[0]], right=False)]
        columns += [
            Column(self._title(number), [self._value(each) for each in mine], width=self.width)
            for number, mine in enumerate(readings)
        ]
        columns += [
            Column(head, [self._part(pair) for pair in mine])
            for head, mine in zip(self._heads(), pairs, strict=True)
        ]
        return _("By indicator: value and year; what sets the first two apart most"), columns

    def _title(self, number: int) -> str:
        name = self.wording.community(self.ids[number])
        if len(self.ids) > 2:
            name = f"{number + 1} {name}"
        return name if len(name) <= self.width else f"{name[: self.width - 1]}…"

    def _part(self, compared: ComparedNode | ComparedIndicator) -> str:
        return self.numbers.signed_score(compared.contribution)

    def _placed(self, standing: Standing) -> str:
        if standing.rank is None:
            return NOTHING
        mark = "~" if standing.on_proxies else ""
        return f"{mark}{self.numbers.score(standing.score)} ({standing.rank})"

    def _name(self, pair: ComparedIndicator) -> str:
        _ = self.language.gettext
        name = self.wording.node(pair.left.indicator.id)
        return f"{name} ({_('not scored')})" if pair.left.state == "unscored" else name

    def _value(self, reading: Reading) -> str:
        """Spell value, unit and year; the unit goes where it does not fit."""
        if reading.value is None:
            return NOTHING
        year = "" if reading.observation is None else self.numbers.year(reading.observation.year)
        mark = "~" if reading.proxy else ""
        full = f"{mark}{self.wording.value(reading)} {year}".rstrip()
        if len(full) <= self.width:
            return full
        return f"{mark}{self.wording.bare(reading.value, reading.indicator)} {year}".rstrip()
