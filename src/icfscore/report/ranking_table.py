"""The ranking as a table for the terminal: shaded there, plain where it is piped.

The table is laid out by columns, so that ten thousand communities take no longer than their
ranking.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from icfscore.domain.text import text_in
from icfscore.pipeline.rank_draws import RankDraws
from icfscore.pipeline.score import Scoring
from icfscore.report.ranking_legend import ranking_legend
from icfscore.report.terminal import PIPED_WIDTH, is_piped, make_console, one_line, printed
from icfscore.sentences import ENGLISH, Sentence, in_language, say, with_signs

if TYPE_CHECKING:
    from rich.text import Text

MAX_SHADED = 500  # rows; a longer table is plain
_BLOCKS = "▁▂▃▄▅▆▇█"
_CELL = 7  # width of a criterion's column: mark, score, shade
# From low to high, a single hue that grows lighter: readable for the colour-blind and in grey.
_ACCENT = "#ffb454"
_SHADES = ("#1b3a4b", "#1f5a70", "#237c94", "#3c9db0", "#7fc1c4")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, a cell a row, and where each value lies between 0 and 1.

    Headers and cells that are sentences are said in the reader's language.

    Attributes
    ----------
    right
        Cells stand at the right; those that are no sentences are numbers, which take the signs of
        the reader's language.
    shares
        Empty where the column is not shaded.
    """

    header: str
    cells: Sequence[str]
    right: bool = True
    bar: bool = False
    shares: tuple[float, ...] = ()
    width: int | None = None


def ranking_table(
    scoring: Scoring,
    language: str = "en",
    *,
    draws: RankDraws | None = None,
    piped: bool | None = None,
    width: int | None = None,
) -> str:
    """Lay out the ranking for the terminal that is there, or for a given width."""
    plain = is_plain(len(scoring.ranking.order), piped=piped)
    room = make_console(piped=piped, width=width).width
    layout = _Layout(scoring, language, PIPED_WIDTH if plain else room, draws, plain=plain)
    legend = ranking_legend(scoring, language, layout.hidden, draws, shows_evidence=layout.evidence)
    focus = layout.focus_line
    return lay_out(layout.columns(), focus, legend, language, piped=piped, width=width)


def is_plain(n_rows: int, *, piped: bool | None) -> bool:
    """Tell whether a table goes without colour and shades: piped, or too long for it."""
    return (is_piped() if piped is None else piped) or n_rows > MAX_SHADED


def lay_out(
    columns: Sequence[Column],
    focus_line: int | None,
    legend: Sequence[str],
    language: str = ENGLISH,
    *,
    piped: bool | None,
    width: int | None = None,
) -> str:
    """Print columns and a legend below them, in the reader's language."""
    if language != ENGLISH:
        columns, legend = _translated(columns, legend, language)
    if is_plain(len(columns[0].cells), piped=piped):
        return "\n".join([*_plain_lines(columns), *legend]) + "\n"
    console = make_console(piped=piped, width=width)
    console.print(_shaded_table(columns, focus_line))
    for line in legend:
        console.print(line, style="dim", soft_wrap=True)
    return printed(console)


def _translated(
    columns: Sequence[Column], legend: Sequence[str], language: str
) -> tuple[list[Column], list[str]]:
    """Say headers, cells and legend in another language."""
    from icfscore.report.language import find_language

    spoken = find_language(language)
    say_it = partial(in_language, translate=spoken.gettext, signs=spoken.signs)

    def cell(text: str) -> str:
        return say_it(text) if isinstance(text, Sentence) else with_signs(text, spoken.signs)

    said = [
        replace(
            column,
            header=say_it(column.header),
            cells=list(map(cell if column.right else say_it, column.cells)),
        )
        for column in columns
    ]
    return said, list(map(say_it, legend))


class _Layout:
    """Chooses what fits: names and scores always, then criteria, evidence, full names, bars."""

    def __init__(
        self,
        scoring: Scoring,
        language: str,
        width: int,
        draws: RankDraws | None,
        *,
        plain: bool,
    ) -> None:
        self.scoring = scoring
        self.draws = draws
        self.order = list(scoring.ranking.order)
        communities, tree = scoring.project.community_by_id, scoring.project.tree
        ids = [scoring.ranking.communities[row] for row in self.order]
        self.names = [one_line(text_in(communities[name].name, language)) for name in ids]
        focus = scoring.settings.focus
        self.focus_line = ids.index(focus) if focus in ids else None
        longest = max(9, *(len(name) for name in self.names))
        narrow = 18 if draws is None else 13
        self.name_width = min(longest, narrow if width < 100 else 32)
        room = width - self.name_width - (13 if draws is None else 19)
        children = [
            (child.id, one_line(text_in(child.name, language)))
            for child in tree.root.children
            if scoring.weights[child.id] > 0
        ]
        self.criteria = children[: max(0, room // (_CELL + 1))]
        self.hidden = len(children) - len(self.criteria)
        room -= len(self.criteria) * (_CELL + 1)
        self.evidence = room >= 16
        room -= 16 if self.evidence else 0
        extra = sum(max(0, min(len(name), 14) - _CELL) for _, name in self.criteria)
        self.header_width = 14 if extra <= room else _CELL
        room -= extra if self.header_width > _CELL else 0
        self.bars = room >= 11 and not plain
        self.digits = 1 if np.nanmax(np.abs(scoring.scores.values)) >= 10 else 3

    def columns(self) -> list[Column]:
        """Build all columns, best community first."""
        scoring, order = self.scoring, self.order
        marks = ["▶" if line == self.focus_line else "" for line in range(len(order))]
        scores = scoring.ranking.scores[order].tolist()
        columns = [
            Column("", marks, right=False),
            Column(say("Rank"), [str(rank) for rank in scoring.ranking.ranks[order].tolist()]),
            Column(say("Community"), self.names, right=False, width=self.name_width),
            Column(say("Score"), [format_score(score, self.digits) for score in scores]),
        ]
        if self.draws is not None:
            columns.insert(2, Column(say("90 %"), interval_cells(self.draws, order)))
        if self.bars:
            shares = _shares(scores, from_zero=True)
            columns.append(
                Column("", [_bar(share) for share in shares], right=False, bar=True, width=10)
            )
        columns += [self._criterion(child, name) for child, name in self.criteria]
        if self.evidence:
            coverage, proxies = scoring.coverage[order], scoring.proxy_share[order]
            columns.append(Column(say("Covered"), [f"{share:.0%}" for share in coverage.tolist()]))
            columns.append(Column(say("Proxies"), [f"{share:.0%}" for share in proxies.tolist()]))
        return columns

    def _criterion(self, child: str, name: str) -> Column:
        values = self.scoring.scores_on(child)[self.order].tolist()
        marked = self.scoring.rests_on_proxies(child)[self.order].tolist()
        cells = [
            f"{'~' if mark else ''}{format_score(value, self.digits)}"
            for value, mark in zip(values, marked, strict=True)
        ]
        return Column(name, cells, shares=_shares(values), width=self.header_width)


def _plain_lines(columns: Sequence[Column]) -> list[str]:
    from rich.cells import cell_len

    def pad(text: str, width: int, *, right: bool) -> str:
        space = " " * (width - cell_len(text))
        return space + text if right else text + space

    blocks = []
    for column in columns:
        width = max([cell_len(column.header), *map(cell_len, column.cells), 1])
        header = pad(column.header, width, right=column.right)
        blocks.append(
            [header, "─" * width, *(pad(c, width, right=column.right) for c in column.cells)]
        )
    lines = [" ".join(cells).rstrip() for cells in zip(*blocks, strict=True)]
    lines[1] = lines[1].replace(" ", "─")
    return lines


def _shaded_table(columns: Sequence[Column], focus_line: int | None) -> object:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=0)
    for column in columns:
        table.add_column(
            column.header,
            justify="right" if column.right else "left",
            no_wrap=True,
            overflow="ellipsis",
            min_width=_CELL if column.shares else None,
            max_width=column.width,
        )
    for line in range(len(columns[0].cells)):
        focus = line == focus_line
        cells = [_shaded_cell(column, line, plain=focus) for column in columns]
        table.add_row(*cells, style=f"bold {_ACCENT}" if focus else None)
    return table


def _shaded_cell(column: Column, line: int, *, plain: bool) -> Text:
    from rich.text import Text

    cell = Text(column.cells[line], style=_SHADES[3] if column.bar and not plain else "")
    if column.shares and not math.isnan(column.shares[line]):
        share = column.shares[line]
        shade = "" if plain else _SHADES[min(4, int(share * 5))]
        cell.append(_BLOCKS[round(share * 7)], style=shade)
    return cell


def interval_cells(draws: RankDraws, order: list[int]) -> list[str]:
    """Spell rank intervals: ``18–20``, or one number where both ends are the same."""
    ends = draws.rank_interval[order].tolist()
    return [f"{low}–{high}" if low != high else str(low) for low, high in ends]


def format_score(value: float, digits: int = 1) -> str:
    """Spell a score with a fixed number of decimals, so that columns line up."""
    if math.isnan(value):
        return "–"
    return f"{value:.{digits}f}" if abs(value) < 1e7 else f"{value:.4g}"


def _shares(values: Sequence[float], *, from_zero: bool = False) -> tuple[float, ...]:
    """Place values between the lowest (or zero) and the highest."""
    present = [value for value in values if not math.isnan(value)]
    low = min([*present, 0.0] if from_zero or not present else present)
    high = max(present, default=0.0)
    if high == low:
        return tuple(math.nan if math.isnan(value) else 0.5 for value in values)
    return tuple((value - low) / (high - low) for value in values)


def _bar(share: float) -> str:
    full, rest = divmod(round(share * 80), 8)
    return "█" * full + (" ▏▎▍▌▋▊▉"[rest] if rest else "")
