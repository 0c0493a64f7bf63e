"""The sheets of the stages: communities as rows, indicators or nodes as columns.

Decisions. Rows are in the same order on every sheet but that of the ranks, which is best first.
Measured values of few decimals are shown as they are, others with three digits of the smallest and
of their range; scores with four digits of their range. The cell holds 16 digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from icfscore.domain.criteria import ROOT, Criterion, Indicator
from icfscore.domain.tables import COMMUNITY, NATIONAL, Floats
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
from icfscore.report.language import Language
from icfscore.report.numbers import decimals_of
from icfscore.report.stages import (
    NATURAL_STAGES,
    SCORE_UNIT,
    Stage,
    marks_of,
    rank_table,
    stage_tables,
    units_at,
)
from icfscore.report.workbook_book import Book, Row
from icfscore.report.workbook_looks import (
    CORNER,
    FOCUS,
    GENERAL,
    HEADING,
    MUTED_HEADING,
    code_marks,
    look_of,
)

_LABELS = (("", "", "", "", "id"), ("criterion", "name", "unit", "direction", "name"))
_NAME_WIDTHS, _COLUMN_WIDTH = (12, 40), 17
_LARGE = 1e9  # from here on decimals are out of place
_FEW_DECIMALS, _MOST_DECIMALS = 4, 9


def add_stages(book: Book, scoring: Scoring, language: Language) -> None:
    """Add the five stages and the ranks; scores that rest on proxies look like one."""
    marks, nodes = marks_of(scoring), scoring.project.tree.node_by_id
    proxies = np.column_stack([scoring.rests_on_proxies(node) for node in nodes])
    ids = scoring.ranking.communities
    names = [text_in(scoring.project.community_by_id[name].name, language.code) for name in ids]
    for stage in (*stage_tables(scoring), rank_table(scoring)):
        of_nodes = stage.name in ("scores", "ranks")
        codes = (
            np.where(proxies, NATIONAL, COMMUNITY) if of_nodes else code_marks(marks, stage.name)
        )
        book.add(
            stage.name,
            _rows(scoring, stage, names, codes),
            [_name_width(ids), _name_width(names), *[_COLUMN_WIDTH] * len(stage.columns)],
            header=_header(scoring, stage, language),
            frozen_columns=2,
        )


def _rows(
    scoring: Scoring, stage: Stage, names: Sequence[str], codes: npt.NDArray[np.int64]
) -> Iterator[Row]:
    ids, values, formats = scoring.ranking.communities, list(stage.rows()), _formats(stage)
    order = list(range(len(ids)))
    if stage.name == "ranks":  # best first; those without a rank come last
        ranked = list(scoring.ranking.order)
        order = [*ranked, *sorted(set(order) - set(ranked))]
    for row in order:
        focus = FOCUS if ids[row] == scoring.settings.focus else 0
        edge = look_of(COMMUNITY + focus)
        marked = map(look_of, (codes[row] + focus).tolist(), formats)
        yield [(ids[row], edge), (names[row], edge), *zip(values[row], marked, strict=True)]


def _header(scoring: Scoring, stage: Stage, language: Language) -> list[Row]:
    """Say of each column where it belongs, its name, unit and direction, and its id."""
    _ = language.gettext
    directions = {"higher": _("higher is better"), "lower": _("lower is better")}
    tree, screened, units = scoring.project.tree, scoring.screened, units_at(scoring, stage.name)
    things: dict[str, Criterion | Indicator] = {thing.id: thing for thing in tree.nodes}
    things |= {thing.id: thing for thing in tree.indicators}
    scored = dict(zip(screened.observed.indicators, screened.scored.tolist(), strict=True))
    unit, better = ("rank", "lower") if stage.name == "ranks" else (SCORE_UNIT, "higher")
    columns = [[*zip(texts, [CORNER] * 4 + [HEADING], strict=True)] for texts in _LABELS]
    for name in stage.columns:
        thing, above, direction = things[name], tree.ancestors(name)[::-1], better
        if isinstance(thing, Indicator):
            counted = scored.get(name, False)
            direction = thing.direction if stage.name in NATURAL_STAGES else better
        else:
            counted = name == ROOT or scoring.weights[name] > 0
        texts = (
            " › ".join(text_in(things[node].name, language.code) for node in above if node != ROOT),
            text_in(thing.name, language.code),
            units.get(name, unit),
            directions[direction],
            name,
        )
        columns.append([(text, HEADING if counted else MUTED_HEADING) for text in texts])
    return list(zip(*columns, strict=True))


def _name_width(names: Sequence[str]) -> int:
    least, most = _NAME_WIDTHS
    return min(max([least, *map(len, names)]), most)


def _formats(stage: Stage) -> list[str]:
    """Choose how each column's numbers are shown."""
    if stage.name == "ranks":
        return ["0"] * len(stage.columns)
    choose = _measure_format if stage.name in NATURAL_STAGES else _score_format
    return [choose(column[np.isfinite(column)]) for column in stage.values.T]


def _measure_format(values: Floats) -> str:
    with np.errstate(over="ignore", invalid="ignore"):  # of 1e308, which stays no round number
        if (np.round(values, _FEW_DECIMALS) == values).all():
            return GENERAL
    least = np.abs(values[values != 0]).min()
    digits = 2 - math.floor(math.log10(least))
    return _fixed(values, max(digits, decimals_of(values.tolist()), 1))


def _score_format(values: Floats) -> str:
    return _fixed(values, decimals_of(values.tolist()) + 1)


def _fixed(values: Floats, decimals: int) -> str:
    if decimals > _MOST_DECIMALS or (values.size and np.abs(values).max() >= _LARGE):
        return GENERAL
    return f"0.{'0' * decimals}"
