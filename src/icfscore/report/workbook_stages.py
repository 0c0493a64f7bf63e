"""The sheets of the stages: communities as rows, indicators or nodes as columns.

Decisions. Rows are in the same order on every sheet but that of the ranks, which is best first.
Measured values of few decimals are shown as they are, others with three digits of the smallest and
of their range; scores with four digits of their range. The cell holds every digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from icfscore.domain.criteria import ROOT
from icfscore.domain.tables import Floats
from icfscore.domain.text import text_in
from icfscore.pipeline.score import Scoring
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
from icfscore.report.workbook_format import GENERAL, Style
from icfscore.report.workbook_marks import (
    BOLD,
    FOCUS,
    HEADING,
    LABEL,
    MUTED_HEADING,
    N_CODES,
    code_marks,
    code_proxies,
    style_of,
)
from icfscore.report.workbook_sheet import Row, Sheet, Value

Numbering = Callable[[Style], int]
_LABELS = ("criterion", "name", "unit", "direction")
_POINTS_A_LINE, _MAX_LINES = 15.0, 6
_SEPARATOR = " › "
_NAME_WIDTHS = (12, 40)
_COLUMN_WIDTH = 17.0
_LARGE = 1e9  # from here on decimals are out of place
_FEW_DECIMALS, _MOST_DECIMALS = 4, 9


@dataclass(frozen=True, slots=True)
class _Heading:
    """What stands above a column, and whether the column counts for the index."""

    criterion: str
    name: str
    unit: str
    direction: str
    id: str
    counted: bool


def stage_sheets(scoring: Scoring, language: str, number: Numbering) -> list[Sheet]:
    """Lay out the five stages and the ranks."""
    marks = marks_of(scoring)
    proxies = np.column_stack(
        [scoring.rests_on_proxies(node) for node in scoring.project.tree.node_by_id]
    )
    sheets = []
    for stage in (*stage_tables(scoring), rank_table(scoring)):
        codes = code_marks(marks, stage.name)
        if stage.name in ("scores", "ranks"):
            codes = code_proxies(proxies)
            headings = _node_headings(scoring, stage, language)
        else:
            headings = _indicator_headings(scoring, stage, language)
        sheets.append(_sheet(scoring, stage, headings, codes, language, number))
    return sheets


def name_width(names: Sequence[str]) -> float:
    """Choose the width of a column of names."""
    least, most = _NAME_WIDTHS
    return float(min(max([least, *map(len, names)]), most))


def _path(scoring: Scoring, identifier: str, language: str) -> str:
    """Name the nodes between the root and a node or indicator."""
    tree = scoring.project.tree
    above = [name for name in reversed(tree.ancestors(identifier)) if name != ROOT]
    return _SEPARATOR.join(text_in(tree.node_by_id[name].name, language) for name in above)


def _sheet(
    scoring: Scoring,
    stage: Stage,
    headings: Sequence[_Heading],
    codes: npt.NDArray[np.int64],
    language: str,
    number: Numbering,
) -> Sheet:
    ids = scoring.ranking.communities
    names = [text_in(scoring.project.community_by_id[name].name, language) for name in ids]
    order = _best_first(scoring) if stage.name == "ranks" else list(range(len(ids)))
    looks = np.array(
        [
            [number(style_of(code, form)) for code in range(N_CODES)]
            for form in _number_formats(stage)
        ]
    )
    plain, bold = number(Style()), number(BOLD)
    header = _header_rows(headings, number)

    def rows() -> Iterator[Row]:
        values = list(stage.rows())
        for row in order:
            focus = ids[row] == scoring.settings.focus
            marked = codes[row] + (FOCUS if focus else 0)
            styles = looks[np.arange(len(headings)), marked].tolist()
            edge = bold if focus else plain
            yield [ids[row], names[row], *values[row]], [edge, edge, *styles]

    return Sheet(
        name=stage.name,
        header=header,
        rows=rows(),
        n_rows=len(ids),
        widths=[name_width(ids), name_width(names), *[_COLUMN_WIDTH] * len(headings)],
        frozen_columns=2,
        heights={i: _height(texts) for i, (texts, _) in enumerate(header, start=1)},
    )


def _header_rows(headings: Sequence[_Heading], number: Numbering) -> list[Row]:
    label, heading, muted = number(LABEL), number(HEADING), number(MUTED_HEADING)
    looks = [heading if column.counted else muted for column in headings]
    rows: list[Row] = [
        (["", text, *[getattr(column, text) for column in headings]], [label, label, *looks])
        for text in _LABELS
    ]
    names = ["id", "name", *[column.id for column in headings]]
    return [*rows, (names, [heading, heading, *looks])]


def _height(texts: Sequence[Value]) -> float:
    """Make room for the longest of a row's texts, in points."""
    longest = max(len(str(text)) for text in texts)
    lines = math.ceil(longest * 1.15 / _COLUMN_WIDTH)  # words do not fill their lines
    return min(max(lines, 1), _MAX_LINES) * _POINTS_A_LINE


def _indicator_headings(scoring: Scoring, stage: Stage, language: str) -> list[_Heading]:
    kept, natural = scoring.screened, stage.name in NATURAL_STAGES
    scored = dict(zip(kept.observed.indicators, kept.scored.tolist(), strict=True))
    units = units_at(scoring, stage.name)
    return [
        _Heading(
            criterion=_path(scoring, indicator.id, language),
            name=text_in(indicator.name, language),
            unit=units[indicator.id],
            direction=f"{indicator.direction if natural else 'higher'} is better",
            id=indicator.id,
            counted=scored.get(indicator.id, False),
        )
        for indicator in scoring.project.tree.indicators
    ]


def _node_headings(scoring: Scoring, stage: Stage, language: str) -> list[_Heading]:
    ranks = stage.name == "ranks"
    return [
        _Heading(
            criterion=_path(scoring, node.id, language),
            name=text_in(node.name, language),
            unit="rank" if ranks else SCORE_UNIT,
            direction="lower is better" if ranks else "higher is better",
            id=node.id,
            counted=node.id == ROOT or scoring.weights[node.id] > 0,
        )
        for node in scoring.project.tree.nodes
    ]


def _best_first(scoring: Scoring) -> list[int]:
    """Order the rows by rank; those without one come last."""
    ranked = list(scoring.ranking.order)
    return [*ranked, *sorted(set(range(len(scoring.ranking.communities))) - set(ranked))]


def _number_formats(stage: Stage) -> list[str]:
    """Choose how each column's numbers are shown."""
    if stage.name == "ranks":
        return ["0"] * len(stage.columns)
    choose = _measure_format if stage.name in NATURAL_STAGES else _score_format
    columns = (stage.values[:, column] for column in range(len(stage.columns)))
    return [choose(column[np.isfinite(column)]) for column in columns]


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
